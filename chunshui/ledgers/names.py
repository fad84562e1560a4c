"""What the tables and columns of a version are called, also those that no contract knows any more."""

import pandas as pd

from chunshui.ledgers.contracts import ALL


def ledger_name(table: str) -> str:
    """Return the name of the ledger that fills a table; the table's own where there is none."""
    return ALL[table].name if table in ALL else table


def column_header(table: str, column: str) -> str:
    """Return what the ledger calls a column of the table it fills."""
    columns = ALL[table].columns if table in ALL else ()
    return next((one.header for one in columns if one.key == column), column)


def structure_sentences(structure: pd.DataFrame) -> list[str]:
    """Say which ledgers and columns came and went (`structure` of a comparison of versions)."""
    return [
        f"{row.change}台账：{ledger_name(row.table_name)}"
        if pd.isna(row.column)
        else f"{ledger_name(row.table_name)}{row.change}一栏：{column_header(row.table_name, row.column)}"
        for row in structure.itertuples()
    ]
