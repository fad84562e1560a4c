"""The contracts say what the schema says: tables, columns, types, keys, bounds, rules."""

import datetime as dt
import random
import re

import duckdb
import pandas as pd
import pytest

from chunshui.ledgers.cells import PARSERS
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import KINDS, Column, Ledger
from chunshui.ledgers.frames import typed_frame
from chunshui.warehouse import schema

TYPES = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "choice": "VARCHAR",
    "street": "VARCHAR",
    "community": "VARCHAR",
    "integer": "INTEGER",
    "weekday": "INTEGER",
    "time": "INTEGER",
    "money": "BIGINT",
    "number": "DOUBLE",
    "lon": "DOUBLE",
    "lat": "DOUBLE",
    "date": "DATE",
    "month": "DATE",
    "boolean": "BOOLEAN",
    "geometry": "BLOB",
}
LEDGERS = pytest.mark.parametrize("ledger", ALL.values(), ids=list(ALL))


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        schema.create(con)
        yield con


@pytest.fixture(scope="module")
def columns(con):
    return con.table_function("duckdb_columns").df()


@pytest.fixture(scope="module")
def constraints(con):
    return con.table_function("duckdb_constraints").df()


def of(constraints: pd.DataFrame, ledger: Ledger, kind: str) -> list[tuple[str, ...]]:
    chosen = constraints[
        (constraints["table_name"] == ledger.id) & (constraints["constraint_type"] == kind)
    ]
    return [tuple(names) for names in chosen["constraint_column_names"]]


def test_every_table_that_keeps_its_source_has_a_contract(columns):
    kept = set(columns[columns["column_name"] == "source_row"]["table_name"]) - {"lineage"}
    assert kept == set(ALL)


def test_names_are_unique_and_kinds_known():
    assert len({ledger.name for ledger in ALL.values()}) == len(ALL)
    assert {column.kind for ledger in ALL.values() for column in ledger.columns} <= set(KINDS)


@LEDGERS
def test_headers_are_told_apart(ledger):
    # Each column's own header, read back, finds that column and no other.
    for column in ledger.columns:
        headed = [c for c in ledger.columns if c.header == column.header]
        assert headed == [column]


@LEDGERS
def test_columns_and_types_are_the_schema_s(ledger, columns):
    table = columns[columns["table_name"] == ledger.id].set_index("column_name")
    assert [*ledger.stored, "source_id", "source_row"] == table.index.to_list()
    for column in ledger.columns:
        if column.stored:
            type_here = "BIGINT" if column.identifies else TYPES[column.kind]
            assert table.loc[column.key, "data_type"] == type_here, column.key


@LEDGERS
def test_required_is_not_null(ledger, constraints):
    needed = {name for (name,) in of(constraints, ledger, "NOT NULL")} - {"source_id", "source_row"}
    assert {c.key for c in ledger.columns if c.required and c.stored} == needed


@LEDGERS
def test_keys_are_the_schema_s(ledger, constraints):
    assert of(constraints, ledger, "PRIMARY KEY") == [ledger.key]
    assert set(of(constraints, ledger, "UNIQUE")) == set(ledger.unique)


@LEDGERS
def test_references_are_the_schema_s(ledger, constraints):
    foreign = constraints[
        (constraints["table_name"] == ledger.id) & (constraints["constraint_type"] == "FOREIGN KEY")
    ]
    schema_says = {
        (names[0], other)
        for names, other in zip(
            foreign["constraint_column_names"], foreign["referenced_table"], strict=True
        )
        if other != "source_row"
    }
    kinds = {"street": "street", "community": "community"}
    contract_says = {
        (column.key, column.refers or kinds[column.kind])
        for column in ledger.columns
        if column.stored and (column.refers or column.kind in kinds)
    } - {(column.key, ledger.id) for column in ledger.columns if column.refers == ledger.id}
    # DuckDB knows no row of the same statement, so what a ledger says of its own rows is the reading's.
    assert contract_says == schema_says


def test_a_ledger_comes_after_those_it_refers_to():
    order = list(ALL)
    for ledger in ALL.values():
        for column in ledger.columns:
            if column.refers and column.refers != ledger.id:
                assert order.index(column.refers) < order.index(ledger.id)
                assert ALL[column.refers].key == (ALL[column.refers].key[0],)


@LEDGERS
def test_allowed_words_are_the_schema_s(ledger, constraints):
    checks = constraints[
        (constraints["table_name"] == ledger.id) & (constraints["constraint_type"] == "CHECK")
    ]
    lists = {
        names[0]: tuple(re.findall(r"'([^']*)'", text))
        for names, text in zip(
            checks["constraint_column_names"], checks["constraint_text"], strict=True
        )
        if len(names) == 1 and " IN (" in text
    }
    assert {c.key: c.allowed for c in ledger.columns if c.kind == "choice"} == lists


DAYS = [dt.date(2023, 1, 1), dt.date(2024, 6, 1), dt.date(2025, 12, 1)]


def spellings(column: Column) -> list[tuple[object, object]]:
    """Pairs of a cell and what the table would hold, in bounds, on the edge and beyond."""
    match column.kind:
        case "choice":
            return [(word, word) for word in (*column.allowed, "别的")]
        case "integer" | "money":
            edges = {column.lo, column.hi} - {None}
            near = {int(edge) + step for edge in edges for step in (-1, 0, 1)}
            return [(n, n) for n in sorted(near | {1, 5, 1999, 2025})]
        case "number":
            return [(n, n) for n in (-1.0, 0.0, 0.5, 3.0, 3.0e7)]
        # But what is likelier the other coordinate: the reader asks about that, the table does not.
        case "lon":
            return [(n, n) for n in (-180.1, -180.0, -0.1, 0.0, 114.2, 180.0, 180.1)]
        case "lat":
            return [(n, n) for n in (-90.1, -90.0, -0.1, 0.0, 30.6, 69.9, 140.1)]
        case "time":
            return [(f"{m // 60:02d}:{m % 60:02d}", m) for m in (0, 510, 1439, 1440)]
        case "weekday":
            return [("周一", 1), ("周日", 7)]
        case "boolean":
            return [("是", True), ("否", False)]
        case "date" | "month":
            return [(day, day) for day in DAYS]
        case "code":
            lengths = [column.length - 1, column.length] if column.length else [2]
            return [("4" * n, "4" * n) for n in lengths]
        case _:
            return [("甲", "甲")]


@LEDGERS
def test_contract_and_checks_agree_on_every_row(ledger, con, constraints):
    """A random row is refused by the contract exactly where the table's CHECKs refuse it."""
    draw = random.Random(ledger.id)
    read = [c for c in ledger.columns if c.kind != "geometry" and c.stored]
    rows = []
    for _ in range(600):
        row = {c.key: draw.choice(spellings(c)) for c in read}
        for column in read:
            if not column.required and draw.random() < 0.4:
                row[column.key] = (None, None)
        rows.append(row)
    values = {column.key: [None] * len(rows) for column in ledger.columns}
    good = [True] * len(rows)
    for column in read:
        for at, row in enumerate(rows):
            raw, value = row[column.key]
            if column.kind not in ("street", "community"):
                value, code, *_ = PARSERS[column.kind](raw, column, 1)
                good[at] = good[at] and code is None
            values[column.key][at] = value
    kept = [at for at, fine in enumerate(good) if fine]
    typed = typed_frame({key: [v[at] for at in kept] for key, v in values.items()}, ledger)
    for rule in ledger.rules:
        for at, broken in zip(kept, rule.broken(typed).fillna(False), strict=True):
            good[at] = good[at] and not broken
    held = pd.DataFrame([{key: pair[1] for key, pair in row.items()} for row in rows])
    for column in read:
        if column.kind in ("date", "month"):
            held[column.key] = pd.to_datetime(held[column.key]).astype("datetime64[s]")
        elif column.kind in ("integer", "money"):
            held[column.key] = held[column.key].astype("Int64")
        elif column.kind in ("choice", "street", "community", "text", "code"):
            held[column.key] = held[column.key].astype("str")
    checks = constraints[
        (constraints["table_name"] == ledger.id) & (constraints["constraint_type"] == "CHECK")
    ]["expression"]
    verdict = " and ".join(["true", *(f"coalesce(({check}), true)" for check in checks)])
    said = con.from_df(held).project(f"{verdict} as ok").df()["ok"].to_list()
    for row, contract, table in zip(rows, good, said, strict=True):
        assert contract == table, row
    if len(checks):
        assert set(said) == {True, False}
