"""A bar that shows how far a long step is."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from chunshui.ui.markdown import plain
from chunshui.warehouse.publish import Progress


@contextmanager
def bar(first: str, ending: str = "") -> Iterator[Progress]:
    """Draw a progress bar while the block runs; yields what moves it: (step in words, share)."""
    drawn = st.progress(0.0, first)

    def move(step: str, share: float) -> None:
        drawn.progress(min(share, 1.0), f"{plain(step)}{ending}")

    try:
        yield move
    finally:
        drawn.empty()
