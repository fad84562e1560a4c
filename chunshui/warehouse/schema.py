"""Create the tables of a data version."""

import re
from functools import cache

import duckdb

from chunshui.paths import QUERIES
from chunshui.warehouse import sql

SOURCE = ("source_id", "source_row")  # the columns that say where a row is written
# Whose small counts could point at someone: nobody is shown their cells.
UNTOLD = frozenset({"survey_need"})
_NAMED = re.compile(r"create (?:or replace )?(?:temp )?(?:view|macro) (\w+)")


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Run every file of queries/schema in name order, which is dependency order.

    In one transaction: each of its own would be flushed to the disk.
    """
    con.begin()
    for text in _texts():
        con.execute(text)
    con.commit()


def tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of the base tables, sorted."""
    return list(sql.run(con, "warehouse/tables")["table_name"])


def table_digest(con: duckdb.DuckDBPyConnection, table: str, beside: tuple[str, ...] = ()) -> str:
    """Return the columns and rows of a table, but for some columns, as one short text.

    Neither the order of the rows counts nor the file they stand in.
    """
    found = sql.run(con, "warehouse/table_digest", table=table, beside=list(beside))
    return str(found["digest"].iloc[0])


def named_texts() -> dict[str, str]:
    """Return the statement of every view and macro by its name, `queries/rules.sql` included."""
    named: dict[str, str] = {}
    for text in [*_texts(), sql.text("rules")]:
        named |= _named_in(text)
    return named


@cache
def _named_in(text: str) -> dict[str, str]:
    plain = [sql.plain(one.query) for one in duckdb.extract_statements(text)]
    return {found[1]: one for one in plain if (found := _NAMED.match(one))}


def _texts() -> list[str]:
    paths = sorted((QUERIES / "schema").glob("*.sql"))
    return [sql.text(f"schema/{path.stem}") for path in paths]
