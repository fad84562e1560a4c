"""What no ledger states: the months covered, where stations really stand, how far people walk."""

import hashlib
from contextlib import suppress
from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates
from chunshui.circles import barrier_crossings, coordinate_check, walks
from chunshui.errors import ChunshuiError
from chunshui.ledgers.staged import Staged
from chunshui.month import Month
from chunshui.warehouse import Reader, schema, software
from chunshui.words import NOTE

HISTORY_MONTHS = 36
# A date this many months past all others is a slip of the pen (2062 for 2026), not a month.
LONGEST_GAP_MONTHS = 12

FROM_NETWORK = "步行路网"  # the check_id of what the walking network has that a reader must know
GROUND = "步行网络指纹"  # the version's note of what its walks depend on
INPUTS = "步行台账校验值"  # and of all that they and what is found of them were told from
TOLD_OF_PLACES = (FROM_NETWORK, barrier_crossings.THROUGH_BARRIER, *coordinate_check.CHECKS)
WALKS = ("walk_door", "reach", "unroutable")
CODE = software.code("circles", "coordinates.py")
LAYERS = ("district", "street", "community")
WALKED = ("walk_node", "walk_edge", "barrier", *LAYERS, *coordinate_check.WATCHED)

# The ledgers of things that happen, whose dates say which months a version covers.
HAPPENING = {
    "opinion": "received_on",
    "opinion_event": "happened_on",
    "investment": "month",
    "fund_entry": "booked_on",
    "renovation_stage": "actual_on",
    "beneficiary": "confirmed_on",
}


def months(staged: Staged, last: str | None = None) -> pd.DataFrame:
    """Return the months a version can be asked for: month (first day), month_end, oldest first.

    From the first month in which anything happened, at most HISTORY_MONTHS back from the
    last. Raises ChunshuiError when nothing is dated, or a date lies far past all others.
    """
    dated = [
        staged.tables[table][[column, "source_id", "source_row"]].set_axis(
            ["day", "source_id", "source_row"], axis=1
        )
        for table, column in HAPPENING.items()
        if not staged.tables[table].empty
    ]
    events = pd.concat(dated, ignore_index=True) if dated else pd.DataFrame({"day": []})
    seen = sorted({Month.of(day) for day in events["day"].dropna()})
    if last:
        end = Month.parse(last)
    elif seen:
        end = seen[-1]
        _refuse_stray(events, seen, staged.source_file)
    else:
        raise ChunshuiError(
            "台账里没有一条带日期的记录（民情、旧改、资金），无法确定统计月份。"
            "请补台账，或用 --month 写明月份，例如 --month 2026-10。"
        )
    start = max(min(seen[0], end), end.shift(1 - HISTORY_MONTHS)) if seen else end
    span = start.until(end)
    return pd.DataFrame(
        {
            "month": pd.to_datetime([month.first for month in span]),
            "month_end": pd.to_datetime([month.last for month in span]),
        }
    )


def _refuse_stray(events: pd.DataFrame, seen: list[Month], files: pd.DataFrame) -> None:
    """Refuse dates that lie more than LONGEST_GAP_MONTHS past every earlier one."""
    for before, after in pairwise(seen):
        if after - before > LONGEST_GAP_MONTHS:
            stray = events[pd.to_datetime(events["day"]) >= pd.Timestamp(after.first)].merge(
                files, on="source_id"
            )
            if len(stray) > len(events) / 2:  # not the late rows but the early ones are strange
                continue
            lines = [
                f"· {row.file_name}第{row.source_row}行：{row.day:%Y-%m-%d}"
                for row in stray.sort_values(["file_name", "source_row"]).itertuples()
            ]
            raise ChunshuiError(
                f"{len(stray)}条记录的日期比其余记录晚一年以上，请核对；"
                "如果属实，请用 --month 写明统计月份：\n" + "\n".join(lines)
            )


def station_place(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Find where each station really stands, whatever its ledger says.

    Returns station_id, community_code (the community whose polygon holds the point; missing
    outside all of them) and metres_outside: how far the point lies from the community the
    ledger names, or from the street where it names no community; 0 inside.
    """
    stations, communities, streets = (tables[t] for t in ("station", "community", "street"))
    if stations.empty:
        return pd.DataFrame({"station_id": [], "community_code": [], "metres_outside": []})
    crs = coordinates.zone(stations["lon"])
    points = shapely.points(coordinates.to_metres(stations["lon"], stations["lat"], crs))
    areas = {
        **dict(zip(streets["street_code"], _metres(streets["shape"], crs), strict=True)),
        **dict(zip(communities["community_code"], _metres(communities["shape"], crs), strict=True)),
    }
    named = stations["community_code"].where(
        stations["community_code"].notna(), stations["street_code"]
    )
    outside = shapely.distance(points, [areas[code] for code in named]).round(1)
    codes = communities["community_code"].to_numpy()
    at, inside = shapely.STRtree([areas[code] for code in codes]).query(
        points, predicate="intersects"
    )
    standing = stations["community_code"].where(outside == 0).to_numpy(dtype=object, copy=True)
    # On a border the community the ledger names is right; else one of the two, always the same.
    for station, area in zip(at, inside, strict=True):
        if pd.isna(standing[station]):
            standing[station] = codes[area]
    return pd.DataFrame(
        {
            "station_id": stations["station_id"].to_numpy(),
            "community_code": standing,
            "metres_outside": outside,
        }
    )


def _metres(shapes: pd.Series, crs: str) -> np.ndarray:
    """WKB in WGS-84 degrees → shapes in metres of the projection `crs`."""
    return shapely.transform(
        shapely.from_wkb(shapes.to_numpy()),
        lambda points: coordinates.to_metres(points[:, 0], points[:, 1], crs),
    )


def walk(
    con: duckdb.DuckDBPyConnection, tables: dict[str, pd.DataFrame], below: Reader | None
) -> pd.DataFrame:
    """Measure all walks and put them in; return what network, coordinates and boundaries show.

    The findings are rows of check_result: a ledger whose coordinates are in another system
    than it states is an error, since every walk of it would be wrong. All is taken over from the
    version below where its ledgers were the same; else the walks of what did not change.
    """
    inputs = _walk_inputs(con)
    notes = _notes(below)
    if below is not None and notes.get(INPUTS) == inputs:
        for table in WALKS:
            rows = below.query("warehouse/whole_table", table=table)
            con.append(table, rows, by_name=True)
        con.append("version_note", _pairs({GROUND: notes[GROUND], INPUTS: inputs}), by_name=True)
        findings = below.query("warehouse/check_rows")
        return findings[findings["check_id"].isin(TOLD_OF_PLACES)]
    measured = walks.measure(tables, _walked_before(below, notes))
    for table, rows in zip(
        WALKS, (measured.door, measured.reach, measured.unroutable), strict=True
    ):
        con.append(table, rows, by_name=True)
    ground = measured.ground or walks.NO_NETWORK
    con.append("version_note", _pairs({GROUND: ground, INPUTS: inputs}), by_name=True)
    shown = pd.DataFrame(
        {
            "check_id": FROM_NETWORK,
            "severity": NOTE,
            "entity_table": "walk_edge",
            "entity_id": [note.kind for note in measured.notes],
            "message": [note.text for note in measured.notes],
            "mend": "在步行节点、步行路段台账里核对；确实如此的不必改。",
        }
    )
    return pd.concat(
        [
            shown,
            barrier_crossings.crossing_findings(tables),
            coordinate_check.coordinate_findings(tables, _layers(below)),
        ]
    )


def _layers(below: Reader | None) -> dict[str, pd.DataFrame]:
    """Return the boundaries of the version below; nothing where there is none."""
    if below is None:
        return {}
    return {table: below.query("warehouse/whole_table", table=table) for table in LAYERS}


def _walk_inputs(con: duckdb.DuckDBPyConnection) -> str:
    """Return a sha256 of the ledgers that walks and coordinates are told from, and of the code."""
    parts = [CODE, *(schema.table_digest(con, table) for table in WALKED)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _notes(below: Reader | None) -> dict[str, str]:
    """Return what the version below says of itself; nothing where it is older than its notes."""
    with suppress(duckdb.Error):
        if below is not None:
            return dict(below.query("views/version_notes").to_numpy())
    return {}


def _pairs(notes: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"key": list(notes), "value": list(notes.values())})


def _walked_before(below: Reader | None, notes: dict[str, str]) -> walks.Walks | None:
    """Return the walks of the version below; None when there is none to take over."""
    if below is None:
        return None
    try:
        door, pairs = below.query("views/walk_doors"), below.query("views/walks")
    except duckdb.Error:  # older than the walks
        return None
    return walks.Walks(door, pairs, pd.DataFrame(), (), notes.get(GROUND, ""), 0)
