"""The ledgers behind a version: its sheets, what of them was not used, any row as it was read."""

import json
from typing import Any

import pandas as pd

from chunshui.catalogue.frontmatter import CatalogueError
from chunshui.warehouse import Reader


def source_files(reader: Reader) -> pd.DataFrame:
    """Return the ledger sheets of this version, with row counts, nature and fingerprint.

    Columns source_id, ledger_id, ledger_name, file_name, sheet_name, nature, crs, row_total,
    row_used, bytes, sha256.
    """
    return reader.query("views/source_files")


def unused_rows(reader: Reader) -> pd.DataFrame:
    """Return ledger_name, file_name, sheet_name, fate, rows of what did not enter the tables."""
    return reader.query("views/unused_rows")


def source_row(reader: Reader, source_id: str, row_no: int) -> dict[str, Any]:
    """Return one ledger row as it was read: file_name, sheet_name, ledger_name, row_no, fate, raw.

    `raw` is the row's cells as they stood in the ledger, parsed from JSON. Raises
    `CatalogueError` when the version has no such row.
    """
    rows = reader.query("views/source_row", source_id=source_id, row_no=row_no)
    if rows.empty:
        raise CatalogueError(f"本版本没有来源{source_id}的第{row_no}行。")
    row = rows.iloc[0].to_dict()
    return {**row, "row_no": int(row["row_no"]), "raw": json.loads(row["raw"])}
