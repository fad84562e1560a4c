"""Create the tables of a data version."""

import duckdb

from chunshui.paths import QUERIES
from chunshui.warehouse import sql


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Run every file of queries/schema in name order, which is dependency order.

    In one transaction: each of its own would be flushed to the disk.
    """
    con.begin()
    for path in sorted((QUERIES / "schema").glob("*.sql")):
        con.execute(sql.text(f"schema/{path.stem}"))
    con.commit()


def tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of the base tables, sorted."""
    return list(sql.run(con, "warehouse/tables")["table_name"])
