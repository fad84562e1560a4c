"""Hold the coordinates of the ledgers against the places they name, and offer the mend."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates
from chunshui.circles import boundaries, boundary_shift
from chunshui.coordinates import WGS84
from chunshui.words import ERROR, WARNING

# Ledgers whose rows name a community and stand in it. `warehouse` tables hold WGS-84: what the
# ledger stated has been converted, so what is wrong here was stated wrongly.
WATCHED = {
    "station": ("station_id", "station_name"),
    "premises": ("premises_id", "premises_name"),
    "neighbourhood": ("neighbourhood_id", "neighbourhood_name"),
    "grid_unit": ("grid_id", "grid_name"),
    "building": ("building_id", "building_name"),
}
FROM_COORDINATES = "坐标系"  # the check_id of coordinates in another system than stated
CHECKS = (FROM_COORDINATES, *boundaries.KINDS)
_ROWS = ["severity", "entity_table", "entity_id", "message", "mend"]


def coordinate_findings(
    tables: Mapping[str, pd.DataFrame], below: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Find coordinates in another system than stated, and boundaries that do not fit together.

    Points, and boundaries among themselves, are held against boundaries as they are once
    mended: a layer that is off is told once, and nothing else is blamed for it.

    Args:
        tables: Rows of district, street, community and of the tables in `WATCHED`.
        below: Rows of district, street and community of the version served; empty without one.

    Returns:
        Rows of check_result: an error for a whole ledger in another system, a warning for a
        single row, with the coordinates that would be right, and what
        `boundaries.topology_findings` finds.
    """
    shifts, layers = boundary_shift.shifted_layers(tables, below)
    communities = layers["community"]
    areas = dict(zip(communities["community_code"], communities["shape"], strict=True))
    rows = [(ERROR, one.table, one.code, one.message, one.mend) for one in shifts]
    rows += [
        row
        for table, names in WATCHED.items()
        for row in _of_table(table, tables[table], areas, *names)
    ]
    found = pd.DataFrame(rows, columns=_ROWS).assign(check_id=FROM_COORDINATES)
    return pd.concat([found, boundaries.topology_findings(layers)], ignore_index=True)


def stated_to_be(mend: str) -> str | None:
    """Return the system that a mend of `coordinate_findings` wants stated; None in any other."""
    return next(
        (
            system
            for system in (coordinates.GCJ02, coordinates.BD09)
            if boundary_shift.STATE.format(system) in mend
        ),
        None,
    )


def _of_table(
    table: str, rows: pd.DataFrame, areas: dict[str, shapely.Geometry], key: str, name: str
) -> list[tuple[str, str, str, str, str]]:
    if rows.empty:
        return []
    rows = rows.reset_index(drop=True)
    own = np.array([areas.get(code) for code in rows["community_code"]], dtype=object)
    lon, lat = rows["lon"].to_numpy(), rows["lat"].to_numpy()
    source = rows["source_id"].to_numpy(dtype=object)
    votes, points = coordinates.judge(lon, lat, WGS84, own, label=source)
    wrong = votes[votes["wrong"]]
    findings: list[tuple[str, str, str, str, str]] = [
        (
            ERROR,
            table,
            str(rows.loc[rows["source_id"] == vote.label, key].iloc[0]),
            f"本台账{vote.points:,}个点按所写坐标系只有{vote.inside:,}个落在自己的社区里；"
            f"按 {vote.best} 解读则有{vote.inside_best:,}个，整体偏移约 "
            f"{np.hypot(vote.east_m, vote.north_m):,.0f}米。",
            f"台账的坐标很可能是 {vote.best}：请{boundary_shift.STATE.format(vote.best)}。",
        )
        for vote in wrong.itertuples()
    ]
    alone = points.rename(columns={"index": "index_"})
    alone = alone[(alone["fits"] != "") & ~alone["label"].isin(wrong["label"])]
    for point in alone.itertuples():
        right = coordinates.to_wgs84(lon[point.index_], lat[point.index_], point.fits)
        findings.append(
            (
                WARNING,
                table,
                str(rows[key][point.index_]),
                f"{rows[name][point.index_]}的坐标在本社区之外{point.metres_outside:,.0f}米；"
                f"按{point.fits}解读正好在社区之内。",
                f"请到坐标来源处核实；若取自{_MAPS[point.fits]}，把该行经纬度改为"
                f"{right[0]:.6f}，{right[1]:.6f}（WGS-84）后重新入库。",
            )
        )
    return findings


_MAPS = {coordinates.GCJ02: "高德或腾讯地图", coordinates.BD09: "百度地图"}
