"""Tables: Chinese heads, right-aligned numbers, the rows that a screen holds."""

from typing import Any

import pandas as pd
import streamlit as st

from chunshui import words

SHOWN = 500  # rows of a table on screen; a download has them all
WAN = 10_000
LEDGER = {"file_name": "台账文件", "sheet_name": "工作表", "source_row": "行号"}


def headed(frame: pd.DataFrame, heads: dict[str, str]) -> pd.DataFrame:
    """Return columns under their heads: days and yes or no written, gaps as a dash.

    A head that says 万元 has its yuan turned into units of ten thousand, with one decimal.
    """
    columns = {}
    for column, head in heads.items():
        cells = frame[column]
        if column == "sheet_name" and cells.isna().all():
            continue  # a CSV file has no sheets
        if head.endswith("（万元）"):
            cells = (cells / WAN).round(1)
        elif pd.api.types.is_datetime64_any_dtype(cells):
            cells = cells.dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_bool_dtype(cells):
            cells = cells.map({True: "是", False: "否"})
        elif column in ("plan_year", "source_row"):  # numbers that count nothing
            cells = cells.astype("Int64").astype("str")
        columns[head] = cells
    return readable(pd.DataFrame(columns, index=frame.index))


def labelled(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return some columns under their Chinese labels."""
    return frame[columns].rename(columns={column: words.label(column) for column in columns})


def member_table(members: pd.DataFrame, ratio: bool) -> pd.DataFrame:
    """Return a figure's members as they are shown: the thing, where it is, its ledger row."""
    # What makes the numerator comes first: a few stations would be lost among many buildings.
    members = members.sort_values("numerator", key=lambda n: n == 0, kind="stable")
    columns = ["entity_name", "entity_id", "street_name", "community_name", "part", "reason"]
    columns += ["numerator", "denominator"] if ratio else ["numerator"]
    columns += ["file_name", "sheet_name", "source_row"]
    columns = [column for column in columns if members[column].notna().any()]
    table = labelled(members, columns)
    if not ratio:
        table = table.rename(columns={words.label("numerator"): "数值"})
    return readable(table)


def place_table(places: pd.DataFrame) -> pd.DataFrame:
    """Return streets or communities as they are shown: value, n/N, status, change."""
    columns = ["community_name"] if "community_name" in places else ["street_name"]
    return readable(labelled(places, [*columns, "text", "fraction", "status", "change"]))


def draw_first(table: pd.DataFrame, alt: str, **others: Any) -> None:
    """Draw the first rows of a list of members, and say so where there are more."""
    if len(table) > SHOWN:
        st.caption(f"共{len(table):,}条，这里列出前{SHOWN}条；下载的文件里是全部。")
    height = min(420, 35 * (len(table) + 1) + 3)
    st.dataframe(table.head(SHOWN), hide_index=True, height=height, alt=alt, **others)


def separated(table: pd.DataFrame) -> dict:
    """Return the column settings that give numbers their thousands separators, points their sign."""
    plain = st.column_config.NumberColumn(format="localized")
    signed = st.column_config.NumberColumn(format="%+.2f")
    numbers = table.select_dtypes("number").columns
    return {name: signed if name.endswith("（百分点）") else plain for name in numbers}


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table for the screen whose empty cells say — and not None."""
    columns = {
        name: cells if pd.api.types.is_numeric_dtype(cells) else _without_gaps(cells)
        for name, cells in table.items()
    }
    return pd.DataFrame(columns, index=table.index)


def _without_gaps(cells: pd.Series) -> pd.Series:
    values = cells.to_numpy(dtype=object, copy=True)
    values[cells.isna().to_numpy()] = words.MISSING
    return pd.Series(values, cells.index, dtype=object)


def right_aligned(*columns: str) -> dict:
    """Return the column settings that align columns of written numbers as numbers are."""
    return {name: st.column_config.TextColumn(alignment="right") for name in columns}


def show(table: pd.DataFrame, nothing: str) -> None:
    """Show a table, or say why there is none."""
    if table.empty:
        st.info(nothing, icon=":material/check:")
    else:
        st.dataframe(table.head(SHOWN), hide_index=True)
        if len(table) > SHOWN:
            st.caption(f"共{len(table):,}条，这里列出前{SHOWN}条。")
