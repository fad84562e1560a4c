"""Typed frames of ledger rows."""

import pandas as pd

from chunshui.ledgers.contracts.contract import Column, Ledger

# The type of a column of each kind, and where a value is missing. The others are objects.
DTYPES = {
    "integer": ("int64", "Int64"),
    "money": ("int64", "Int64"),
    "weekday": ("int64", "Int64"),
    "time": ("int64", "Int64"),
    "number": ("float64", "Float64"),
    "lon": ("float64", "Float64"),
    "lat": ("float64", "Float64"),
    "boolean": ("bool", "boolean"),
    "date": ("datetime64[s]", "datetime64[s]"),
    "month": ("datetime64[s]", "datetime64[s]"),
}


def typed_frame(values: dict[str, list], ledger: Ledger) -> pd.DataFrame:
    """The typed rows: one column a contract column, in contract order."""
    return pd.DataFrame(
        {column.key: typed_values(values[column.key], column) for column in ledger.columns}
    )


def typed_values(values: list, column: Column) -> object:
    """The values of a column (None where missing) as the reader types them."""
    if column.kind not in DTYPES:
        return pd.Series(values, dtype=object)
    return pd.array(values, dtype=DTYPES[column.kind][None in values])


def joined_rows(kept: pd.DataFrame, new: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """The kept rows and the new ones in one frame, typed as the reader types them."""
    kinds = {column.key: column.kind for column in ledger.columns} | {"source_row": "integer"}
    columns = {}
    for key in new.columns:
        values = pd.concat([kept[key].astype(object), new[key].astype(object)], ignore_index=True)
        values = values.where(values.notna(), None)
        if dtypes := DTYPES.get(kinds.get(key, "text")):
            values = values.astype(dtypes[int(values.isna().any())])
        columns[key] = values
    return pd.DataFrame(columns)
