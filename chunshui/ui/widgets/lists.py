"""Lists: a table with its download; a row or a cell of it opens something."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import filters, notices
from chunshui.ui.widgets import assign, downloads, tables


def show(
    table: pd.DataFrame,
    title: str,
    scope: Scope,
    key: str,
    height_px: int | None = None,
    opens: Callable[[Scope, pd.Series], None] | None = None,
    rows: pd.DataFrame | None = None,
    handed: np.ndarray | bool = True,
    **told: Any,
) -> None:
    """Draw a table and the download of all of it; `told` of it is as `downloads.offer` takes it.

    `handed` says which of its rows are matters that can be handed to somebody. `opens` is called with the scope and the one of `rows`, in the order of the table, just picked.
    """
    if table.empty:
        notices.empty(f"本范围没有{title}。")
        return
    if len(table) > tables.SHOWN:
        st.caption(f"列出前{tables.SHOWN}行，共{len(table):,}行；下载的文件里有全部。")
    if opens is None or rows is None:
        tables.draw(table, title, key=key, most_px=height_px)
    elif (row := pick_row(table, title, key, height_px)) is not None:
        opens(scope, rows.iloc[row])
    label = f"下载{title}（{len(table):,}行）"
    with st.container(horizontal=True, gap="small"):
        downloads.offer(table, title, scope, key=key, label=label, look="tertiary", **told)
        assign.offer_rows(scope, table[np.broadcast_to(handed, len(table))], title, key)


def pick_row(table: pd.DataFrame, title: str, key: str, height_px: int | None = None) -> int | None:
    """Draw a table whose rows open something; return the position of the one just picked, once."""

    def note() -> None:
        rows = st.session_state[key].selection.rows
        st.session_state[f"{key}_picked"] = rows[0] if rows else None

    tables.draw(
        table, title, key=key, most_px=height_px, on_select=note, selection_mode="single-row"
    )
    return st.session_state.pop(f"{key}_picked", None)


def leading(key: str, address_of: Callable[[int], str]) -> dict[str, Any]:
    """Return the settings of a table whose rows lead somewhere: `address_of` its position in the table.

    Over the page, whoever draws it asks `has_led` afterwards and runs the page again.
    """

    def follow() -> None:
        if rows := st.session_state[key].selection.rows:
            filters.go(address_of(rows[0]))
            st.session_state[f"{key}_led"] = True

    return {"key": key, "on_select": follow, "selection_mode": "single-row"}


def has_led(key: str) -> bool:
    """Whether a row of the table was just followed."""
    return bool(st.session_state.pop(f"{key}_led", False))


def pick_cell(table: pd.DataFrame, title: str, key: str) -> tuple[int, str] | None:
    """Draw a table whose cells open something; return row and column of the one just picked, once."""

    def note() -> None:
        cells = st.session_state[key].selection.cells
        st.session_state[f"{key}_picked"] = cells[0] if cells else None

    tables.draw(table, title, key=key, on_select=note, selection_mode="single-cell", most_px=None)
    return st.session_state.pop(f"{key}_picked", None)
