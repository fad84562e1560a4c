"""What filters and maps are made of: months, streets, communities, outlines, ledger sources.

Every function takes an open `Reader` and returns a frame; days are the last of a month, so that
a changed register (communities merge and split) shows as it was then. Shapes are WKB bytes of
WGS-84 degrees.
"""

import json

import pandas as pd

from chunshui.catalogue.metric import CatalogueError, month_end, parse_month
from chunshui.warehouse import Reader


def months(reader: Reader) -> list[str]:
    """Return the months that can be asked for, oldest first, written "2026-10"."""
    return [f"{day:%Y-%m}" for day in reader.query("views/months")["month"]]


def streets(reader: Reader, month: str) -> pd.DataFrame:
    """Return street_code, street_name of the streets in the register at the month's end."""
    return reader.query("views/streets", as_of=month_end(parse_month(month)))


def communities(reader: Reader, month: str) -> pd.DataFrame:
    """Return community_code, community_name, official_name, street_code, street_name."""
    return reader.query("views/communities", as_of=month_end(parse_month(month)))


def street_shapes(reader: Reader, month: str) -> pd.DataFrame:
    """Return street_code, street_name, shape (WKB)."""
    return reader.query("views/street_shapes", as_of=month_end(parse_month(month)))


def community_shapes(reader: Reader, month: str) -> pd.DataFrame:
    """Return community_code, community_name, street_code, street_name, shape (WKB)."""
    return reader.query("views/community_shapes", as_of=month_end(parse_month(month)))


def barriers(reader: Reader) -> pd.DataFrame:
    """Return barrier_id, barrier_name, kind (河流, 铁路, 主干道), shape (WKB)."""
    return reader.query("views/barriers")


def district(reader: Reader) -> dict:
    """Return district_code, district_name, population, population_source, shape (WKB)."""
    return reader.query("views/district").iloc[0].to_dict()


def source_files(reader: Reader) -> pd.DataFrame:
    """Return the ledger sheets of this version, with row counts, nature and fingerprint."""
    return reader.query("views/source_files")


def unused_rows(reader: Reader) -> pd.DataFrame:
    """Return ledger_name, file_name, sheet_name, fate, rows of what did not enter the tables."""
    return reader.query("views/unused_rows")


def version_notes(reader: Reader) -> dict[str, str]:
    """Return what the version says of itself, key by key."""
    notes = reader.query("views/version_notes")
    return dict(zip(notes["key"], notes["value"], strict=True))


def source_row(reader: Reader, source_id: str, row_no: int) -> dict:
    """Return one ledger row as it was read: file_name, sheet_name, ledger_name, row_no, fate, raw.

    `raw` is a dict of header → cell. Raises `CatalogueError` when the version has no such row.
    """
    found = reader.query("views/source_row", source_id=source_id, row_no=row_no)
    if found.empty:
        raise CatalogueError(f"本版本没有来源 {source_id} 的第 {row_no} 行。")
    row = found.iloc[0].to_dict()
    return {**row, "row_no": int(row["row_no"]), "raw": json.loads(row["raw"])}
