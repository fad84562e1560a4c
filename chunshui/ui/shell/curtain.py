"""会场模式: what a page draws stays behind a curtain, so that no name is seen before its screen stands.

A room sees what the page draws on the way to its screen; the screen itself is drawn last.
"""

import streamlit as st

MODE, MEETING = "mode", "meeting"
KEY, STAGED = "curtain", "staged"
_LIFTED = "<i hidden></i>"  # a style alone would not be put into its place
_HUNG = f"{_LIFTED}<style>[data-testid=stApp] {{ visibility: hidden }}</style>"


def asked() -> bool:
    """Whether the address asks for 会场模式."""
    return st.query_params.get(MODE) == MEETING


def draw() -> None:
    """Hang the curtain, if 会场模式 is asked for."""
    # In one message: between an empty place and the curtain a browser would show the page.
    st.session_state[KEY] = st.html(_HUNG if asked() else _LIFTED)
    st.session_state[STAGED] = False


def lift() -> None:
    """Show what the page drew, unless a screen stands before it."""
    if not st.session_state[STAGED]:
        st.session_state[KEY].html(_LIFTED)
