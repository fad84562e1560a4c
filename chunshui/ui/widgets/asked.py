"""What cannot be taken back is asked once, everywhere in the same way."""

from collections.abc import Callable
from typing import Any

import streamlit as st


def once(
    label: str,
    effect: str,
    do: Callable[..., Any],
    *args: Any,
    key: str,
    confirm: str = "确认删除",
    icon: str = ":material/delete:",
) -> None:
    """Draw the button that says its `effect` and does it when that is confirmed."""
    with st.popover(label, icon=icon):
        st.markdown(effect)
        st.button(confirm, on_click=do, args=args, key=key, type="primary")
