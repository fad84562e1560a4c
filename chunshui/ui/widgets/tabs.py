"""Parts of a page in tabs: only the one that is open is asked for, drawn and sent."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st


def in_tabs(parts: Mapping[str, Callable[..., None]], *args: Any, key: str, **others: Any) -> None:
    """Draw the open one of some parts, by their names on the tabs, each called with `args`.

    Which is open stands in the address under `key`, unless `others`, as `st.tabs` takes them, say otherwise.
    """
    settings = {"bind": "query-params"} | others
    tabs = st.tabs(list(parts), key=key, on_change="rerun", **settings)
    for tab, draw in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                draw(*args)
