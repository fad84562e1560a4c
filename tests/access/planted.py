"""Two streets with the same rows in every ledger, each row of which bears the mark of its street.

So whatever of a street is where it should not be is found by looking for its mark.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from chunshui import pipeline
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.out.write import write
from chunshui.ledgers.streets import street_columns
from chunshui.pipeline import IntakeOptions
from chunshui.warehouse import Store
from tests.ledgers import sample
from tests.ledgers.sample import STREETS

NAMES = dict(zip(STREETS, ("古田街道", "汉正街道"), strict=True))
MARKS = dict(zip(STREETS, ("暗甲标", "暗乙标"), strict=True))  # in texts
CODES = dict(zip(STREETS, ("QJQ", "QYQ"), strict=True))  # in the numbers of things
# Texts that must be as others have them, or that a rule reads.
SHARED = {"category", "need", "cohort"}
NODES = 14


def tables() -> dict[str, pd.DataFrame]:
    """Return every ledger as `write` takes it."""
    plain = sample.tables()
    made: dict[str, pd.DataFrame] = {}
    for ledger_id, rows in plain.items():
        ledger = ALL[ledger_id]
        if ledger_id == "community":
            rows = _communities(rows)
        elif ledger_id != "street" and street_columns(ledger):
            base = _of_one_street(ledger, rows)
            places = [column.key for column in street_columns(ledger) if column.key in rows]
            placed = base[places].notna().any(axis=1)
            each = [_marked(ledger, base[placed], one) for one in STREETS]
            rows = pd.concat([base[~placed], *each], ignore_index=True)
        made[ledger_id] = rows
    made["walk_node"] = pd.DataFrame(
        {
            "node_id": range(NODES),
            "kind": "路口",
            "lon": [round(114.21 + n / 1000, 6) for n in range(NODES)],
            "lat": 30.5701,
        }
    ).astype(object)
    made["walk_edge"] = pd.DataFrame(
        {
            "edge_id": range(NODES - 1),
            "from_node": range(NODES - 1),
            "to_node": range(1, NODES),
            "kind": "街道",
            "metres": 95.9,
        }
    ).astype(object)
    return made


def _communities(rows: pd.DataFrame) -> pd.DataFrame:
    halves = (shapely.box(0, 0.02, 0.02, 0.04), shapely.box(0, 0, 0.02, 0.02))
    made = []
    for east, street in enumerate(STREETS):
        for number, (half, word) in enumerate(zip(halves, "一二", strict=True), 1):
            name = f"{MARKS[street]}{word}社区"
            shape = shapely.affinity.translate(half, 114.2 + 0.02 * east, 30.56)
            first = rows.iloc[0].to_dict()
            made.append(
                first
                | {
                    "community_code": f"{street}00{number}",
                    "community_name": name,
                    "official_name": name,
                    "street_code": street,
                    "shape": shape,
                    "valid_to": None,
                }
            )
    return pd.DataFrame(made, columns=rows.columns).astype(object)


def _of_one_street(ledger: Ledger, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as if all were of the first street, in its communities."""

    def community(code: str) -> str:
        return f"{STREETS[0]}00{2 if code.startswith(STREETS[1]) else code[-1]}"

    to = {"street": lambda code: STREETS[0], "community": community}
    changes = {one.key: to[one.kind] for one in ledger.columns if one.kind in to}
    return _changed(rows, changes).drop_duplicates(list(ledger.key))


def _marked(ledger: Ledger, rows: pd.DataFrame, street: str) -> pd.DataFrame:
    """Return rows of the first street as those of a street, with its mark in whatever can bear it."""
    changes = {}
    for column in ledger.columns:
        placed = column.refers is None or street_columns(ALL[column.refers])
        if column.kind in ("street", "community"):
            changes[column.key] = lambda code: code.replace(STREETS[0], street)
        elif column.key == "committee_name":
            changes[column.key] = lambda name: f"{NAMES[street]}{MARKS[street]}{name[-3:]}"
        elif column.kind == "code" and placed and (column.key in ledger.key or column.refers):
            changes[column.key] = lambda code: f"{code}-{CODES[street]}"
        elif column.kind == "text" and column.key not in SHARED:
            changes[column.key] = lambda text: f"{text}{MARKS[street]}"
        elif column.kind == "lon":
            changes[column.key] = lambda lon: 114.2181 if street == STREETS[0] else 114.2218
        elif column.kind == "lat":
            changes[column.key] = lambda lat: 30.5702
    return _changed(rows, changes)


def _changed(rows: pd.DataFrame, changes: dict[str, Callable[[Any], Any]]) -> pd.DataFrame:
    """Return rows with the cells of some columns changed that are not empty."""
    return rows.assign(
        **{
            key: [None if pd.isna(cell) else change(cell) for cell in rows[key]]
            for key, change in changes.items()
            if key in rows
        }
    )


def published(folder: Path) -> Path:
    """Return a data folder with the district published."""
    write(tables(), folder / "ledgers", demonstration=True, plan=sample.PLAN)
    pipeline.build(
        folder / "ledgers",
        store=Store(folder / "versions"),
        options=IntakeOptions(confirmed=True, month="2026-10"),
        note="两个街道",
        by="测试",
        serve=True,
    )
    return folder
