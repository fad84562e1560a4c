"""What is told of surveys, version after version: never two editions that differ by one answer."""

from contextlib import suppress

import duckdb
import pandas as pd

from chunshui.errors import ChunshuiError
from chunshui.warehouse import Store, schema, sql

TOLD, OFFERED = "survey_told", "survey_offered"


def tell(con: duckdb.DuckDBPyConnection, store: Store | None) -> None:
    """Fill `survey_told` of a version being built: what was told before, and what may be told now."""
    if store is not None and len(before := _told_before(store)):
        con.append(TOLD, before, by_name=True)
    con.execute(sql.text("warehouse/survey_tell"))


def _told_before(store: Store) -> pd.DataFrame:
    """Return what the newest version that can be opened, served or undone, and those before it told."""
    for version in reversed(store.numbered()):
        try:
            opened = store.open(version)
        except ChunshuiError:
            continue
        with opened as reader, reader.cursor() as cursor:
            if TOLD in schema.tables(cursor):
                return cursor.table(TOLD).df()
            with suppress(duckdb.CatalogException):  # of earlier software: its first edition
                offered = schema.named_texts()[OFFERED].partition(f"{OFFERED} as")[2]
                return cursor.sql(offered).df().assign(edition=1)
            break  # which knew no surveys
    return pd.DataFrame()
