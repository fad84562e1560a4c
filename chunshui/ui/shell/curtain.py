"""会场模式: what a page draws stays behind a curtain, so that no name is seen before its screen stands.

A room sees what the page draws on the way to its screen; the screen itself is drawn last.
"""

import streamlit as st

MODE, MEETING = "mode", "meeting"
STAGED = "staged"
# A style alone takes no room on the page; of two the later counts.
_CURTAIN = "<style>[data-testid=stApp] {{ visibility: {} }}</style>"


def is_meeting() -> bool:
    """Whether the address asks for 会场模式."""
    return st.query_params.get(MODE) == MEETING


def draw() -> None:
    """Hang the curtain, if 会场模式 is asked for."""
    st.session_state[STAGED] = False
    if is_meeting():
        st.html(_CURTAIN.format("hidden"))


def lift() -> None:
    """Show what the page drew, unless a screen stands before it."""
    if is_meeting() and not st.session_state[STAGED]:
        st.html(_CURTAIN.format("visible"))
