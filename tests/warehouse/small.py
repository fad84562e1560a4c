"""A district of two streets and three communities, made by code, to test the store with."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import shapely

from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.out.write import write
from chunshui.warehouse import schema

STREETS = ["420104001", "420104002"]
COMMUNITIES = ["420104001001", "420104001002", "420104002001"]


def _square(west: float, south: float, width: float) -> bytes:
    return shapely.to_wkb(shapely.box(west, south, west + width, south + 0.01))


def frames(stations: int = 3, area: float = 100.0, nature: str = "演示") -> dict[str, pd.DataFrame]:
    """Rows of each table, parents first. Stations stand at the centres of the communities."""
    day = pd.Timestamp("2020-01-01")
    places = {"source_id": "S1", "valid_from": day, "valid_to": pd.NaT}
    tables = {
        "district": pd.DataFrame(
            {
                "district_code": ["420104"],
                "district_name": ["硚口区"],
                "population": [1000],
                "population_source": ["试验"],
                "shape": [_square(114.20, 30.57, 0.03)],
                "source_id": "S1",
            }
        ),
        "street": pd.DataFrame(
            {
                "street_code": STREETS,
                "street_name": ["甲街道", "乙街道"],
                "district_code": "420104",
                "shape": [_square(114.20, 30.57, 0.02), _square(114.22, 30.57, 0.01)],
                **places,
            }
        ),
        "community": pd.DataFrame(
            {
                "community_code": COMMUNITIES,
                "community_name": ["一社区", "二社区", "三社区"],
                "official_name": ["一社区居委会", "二社区居委会", "三社区居委会"],
                "street_code": [STREETS[0], STREETS[0], STREETS[1]],
                "shape": [_square(114.20 + step / 100, 30.57, 0.01) for step in range(3)],
                **places,
            }
        ),
        "station": pd.DataFrame(
            {
                "station_id": [f"Z{n:03d}" for n in range(stations)],
                "station_name": [f"第{n}党群服务站" for n in range(stations)],
                "level": "社区",
                "brand": None,
                "street_code": [STREETS[n % 3 // 2] for n in range(stations)],
                "community_code": [COMMUNITIES[n % 3] for n in range(stations)],
                "area_m2": area,
                "opened_on": day,
                "closed_on": pd.NaT,
                "lon": [114.205 + n % 3 / 100 for n in range(stations)],
                "lat": 30.575,
                "source_id": "S1",
            }
        ),
    }
    row = 0
    for table in tables.values():
        table["source_row"] = range(row + 1, row + 1 + len(table))
        row += len(table)
    keeping = {
        "source_file": pd.DataFrame(
            {
                "source_id": ["S1"],
                "ledger_id": ["station"],
                "ledger_name": ["阵地台账"],
                "file_name": ["阵地.xlsx"],
                "sheet_name": ["阵地台账"],
                "sha256": ["0" * 64],
                "bytes": [1],
                "nature": [nature],
                "crs": [None],
                "row_total": [row],
                "row_used": [row],
            }
        ),
        "source_row": pd.DataFrame(
            {"source_id": "S1", "row_no": range(1, row + 1), "fate": "合格", "raw": "{}"}
        ),
    }
    return {**keeping, **tables}


def ledgers(folder: Path, *, demonstration: bool = True, **changes) -> Path:
    """Write the district as ledgers, with three opinions in one month, and return the folder.

    `changes` replaces or adds tables by ledger id.
    """
    tables = {
        name: table.drop(columns=["source_id", "source_row"])
        for name, table in frames().items()
        if not name.startswith("source_")
    }
    tables["opinion"] = opinions("2026-10-09", "2026-10-15", "2026-10-20")
    tables |= changes
    for name in ("district", "street", "community"):
        tables[name] = tables[name].assign(shape=shapely.from_wkb(tables[name]["shape"]))
    places = {f"{ALL[name].name}.geojson": [name] for name in ("district", "street", "community")}
    others = [name for name in tables if name not in ("district", "street", "community")]
    write(tables, folder, demonstration=demonstration, plan=places | {"台账.xlsx": others})
    return folder


def opinions(*days: str) -> pd.DataFrame:
    """One opinion a day named, in the first community, the last one still open."""
    received = pd.to_datetime(list(days))
    closed = [*received[:-1] + pd.Timedelta(days=2), pd.NaT]
    return pd.DataFrame(
        {
            "opinion_id": [f"M{n:03d}" for n in range(len(days))],
            "community_code": COMMUNITIES[0],
            "channel": "网格走访",
            "category": "环境卫生",
            "received_on": received,
            "due_on": received + pd.Timedelta(days=10),
            "closed_on": closed,
            "closed_tier": [*["社区"] * (len(days) - 1), None],
        }
    )


def build(tables: dict[str, pd.DataFrame] | None = None) -> Callable:
    """Return a build function for `Store.publish` that puts the given frames in."""

    def fill(con) -> dict[str, float]:
        schema.create(con)
        for name, table in (tables or frames()).items():
            con.append(name, table, by_name=True)
        return {"装入": 0.0}

    return fill
