"""Typed frames of ledger rows."""

import pandas as pd

from chunshui.ledgers.contracts.contract import Column, Ledger

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


def joined_rows(kept: pd.DataFrame, new: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """The kept rows and the new ones in one frame, typed as the reader types them."""
    columns = {}
    for key in new.columns:
        values = pd.concat([kept[key].astype(object), new[key].astype(object)], ignore_index=True)
        kind = "integer" if key == "source_row" else None
        kind = kind or next((c.kind for c in ledger.columns if c.key == key), "text")
        values = values.where(values.notna(), None)
        if kind in DTYPES:
            values = values.astype(DTYPES[kind][int(values.isna().any())])
        columns[key] = values
    return pd.DataFrame(columns)


def typed_frame(values: dict[str, list], ledger: Ledger) -> pd.DataFrame:
    """The typed rows: one column a contract column, in contract order."""
    return pd.DataFrame(
        {column.key: typed_values(values[column.key], column) for column in ledger.columns}
    )


def typed_values(values: list, column: Column) -> object:
    """The values of a column (None where missing) as the reader types them."""
    missing = any(value is None for value in values)
    match column.kind:
        case "integer" | "money" | "weekday" | "time":
            return pd.array(values, dtype="Int64" if missing else "int64")
        case "number" | "lon" | "lat":
            return pd.array(values, dtype="Float64" if missing else "float64")
        case "date" | "month":
            return pd.array(values, dtype="datetime64[s]")
        case "boolean":
            return pd.array(values, dtype="boolean" if missing else "bool")
        case _:
            return pd.Series(values, dtype=object)
