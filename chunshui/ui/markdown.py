"""Words from ledgers and links, made safe to stand in Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_\[\]<>!#|$~])")
# Where Markdown sees an address in plain words; it cannot be escaped, only parted.
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
_JOINER = "\u2060"  # of no width


def plain(text: str, most: int = 200) -> str:
    """Return text that Markdown shows as it is, cut with an ellipsis beyond `most` characters.

    A name in a ledger or a link could otherwise put an image on the page, and the browser would
    fetch it from wherever it says; or a link that leads away.
    """
    text = " ".join(text.split())
    text = _SPECIAL.sub(r"\\\1", text if len(text) <= most else text[: most - 1] + "…")
    return _ADDRESS.sub(_JOINER, text)
