"""Words from ledgers and links, made safe to stand in Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_\[\]<>!#|$~])")


def plain(text: str, most: int = 200) -> str:
    """Return text that Markdown shows as it is, cut with an ellipsis beyond `most` characters.

    A name in a ledger or a link could otherwise put an image on the page, and the browser would
    fetch it from wherever it says.
    """
    text = " ".join(text.split())
    return _SPECIAL.sub(r"\\\1", text if len(text) <= most else text[: most - 1] + "…")
