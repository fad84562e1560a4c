"""HTML whose links stay inside the app: tiles, the grid, sentences and lists that open something.

What stands in it comes from ledgers too: whoever writes HTML for it escapes every word.
"""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from chunshui.ui.shell import filters

_HERE = Path(__file__)


@cache
def registered(module: Path):
    """Return the component whose look and behaviour stand beside a module, under its name."""
    return st.components.v2.component(
        f"chunshui_{module.stem}",
        html=f'<div class="{module.stem}"></div>',
        css=module.with_suffix(".css").read_text("utf-8"),
        js=module.with_suffix(".js").read_text("utf-8"),
    )


def show(html: str, key: str, *, in_dialog: bool = False) -> None:
    """Draw HTML; a click on a link in it leads where the link says."""
    own = f"linked_{key}"

    def follow() -> None:
        if address := st.session_state[own].followed:
            filters.go(address)

    drawn = registered(_HERE)(data={"html": html}, key=own, on_followed_change=follow)
    if in_dialog and drawn.followed:
        st.rerun()  # a click in a dialog runs the dialog alone


def sentence(text: str, links: Mapping[str, str], key: str) -> None:
    """Draw a sentence, the words that are a key of `links` leading to what stands there."""
    found = sorted((word for word in links if word in text), key=len, reverse=True)
    html = escape(text)
    if found:
        words = re.compile("|".join(re.escape(escape(word)) for word in found))
        addresses = {escape(word): escape(links[word]) for word in found}
        html = words.sub(lambda one: f'<a href="{addresses[one[0]]}">{one[0]}</a>', html)
    show(f'<p class="sentence" role="heading" aria-level="4">{html}</p>', key)
