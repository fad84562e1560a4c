"""How the tables of circles and coverage look: shares as bars, counts with separators, no blank rows."""

import pandas as pd
import streamlit as st

ROW_PX, EDGE_PX, BAR_PX = 33, 3, 108  # a bar with its number fits beside others on a phone


def height(rows: int, most: int = 430) -> int:
    """Return the height of a table that ends with its last row, and scrolls where it is long."""
    return min(most, ROW_PX * (rows + 1) + EDGE_PX)


def columns(table: pd.DataFrame, shares: list[str]) -> dict:
    """Return the settings of the number columns: shares as bars of 100%, the others as written."""
    numbers = table.select_dtypes("number")
    whole = [c for c in numbers if (numbers[c].dropna() % 1 == 0).all()]
    bar = st.column_config.ProgressColumn(
        format="%.1f%%", min_value=0, max_value=100, color="blue", width=BAR_PX
    )
    count = st.column_config.NumberColumn(format="localized")
    fraction = st.column_config.NumberColumn(format="%.1f")
    return {c: bar if c in shares else count if c in whole else fraction for c in numbers}
