"""What a cell was read as, and the cleaning of texts before it."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from chunshui.ledgers.contracts.contract import Column
from chunshui.ledgers.sheet import (
    Lengthened,
    Outdated,
    PartialDay,
    Raised,
    Rescaled,
    StruckOut,
    Uncalculated,
)


class Parsed(NamedTuple):
    """What a cell was read as: a value, or the code of what is wrong with it.

    `facts` fills the message of the code. `note` says in Chinese what had to be interpreted.
    """

    value: Any = None
    code: str | None = None
    facts: Mapping[str, Any] = MappingProxyType({})
    note: str = ""


BLANK = frozenset([
    "", "-", "--", "—", "——", "–", "/", "／", "\\", "无", "暂无", "空", "n/a", "na", "null", "none",
])  # fmt: skip
PENDING = frozenset(["待定", "待核", "待核实", "未知", "不详", "?", "？", "待填", "xx", "×"])
# What formulas that fail show: whatever names newer software has for it, and LibreOffice.
ERROR = re.compile(r"#(N/A|DIV/0!|GETTING_DATA|[A-Z]{3,12}[!?])\Z|ERR:\d{3}\Z", re.IGNORECASE)
# Full-width ASCII, the ideographic space and two unit signs only: a blanket NFKC would turn 10²
# into 102 and ① into 1.
WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x00A0: " ",
    0xFFE5: "¥",
    0x33A1: "m2",
}
INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad]")
# An apostrophe that was to make a text of a number.
QUOTED = re.compile(r"['‘’`][0-9A-Za-z][^'‘’`]*\Z")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|_x00(?:0[0-9A-Fa-f]|1[0-9A-Fa-f]|7[Ff])_")


def clean(text: str) -> str:
    """The text with full-width letters made plain, invisible signs and stray spaces removed."""
    if text.isascii() and text.isalnum():
        return text
    text = CONTROL.sub("", INVISIBLE.sub("", text.translate(WIDTH)))
    return re.sub(r"\s+", " ", text).strip()


def failure(code: str, raw: object, **facts: object) -> Parsed:
    """A cell that could not be read: the code of why, and the facts for its message."""
    text = as_shown(raw)
    return Parsed(None, code, {"raw": text[:40] + "…" if len(text) > 40 else text, **facts})


def as_shown(raw: object) -> str:
    """A cell as the sheet shows it."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    return raw.shown if isinstance(raw, PartialDay) else str(raw)


def text_of(raw: object, column: Column) -> tuple[str, Parsed | None]:
    """The cleaned text of a cell, and the outcome already when there is nothing to read in it."""
    if raw is None:
        return "", Parsed(None, "必填" if column.required else None)
    if isinstance(raw, Outdated):
        return "", failure("公式过时", raw)
    if isinstance(raw, Uncalculated):
        return "", failure("公式未算", raw)
    if isinstance(raw, StruckOut):
        return "", failure("划去", raw)
    if isinstance(raw, Raised) and column.kind != "text":
        return "", failure("上标", raw)
    if isinstance(raw, Rescaled):
        return "", failure("显示成别的", raw)
    if isinstance(raw, Lengthened) and column.kind not in ("text", "code"):
        return "", failure("显示成别的", raw.stored)
    text = clean(as_shown(raw))
    if column.kind != "text" and QUOTED.match(text):
        text = text[1:]
    if ERROR.match(text):
        return text, failure("公式错误", text)
    if text.lower() in BLANK:
        if column.required:
            return text, Parsed(None, "必填")
        return text, Parsed(None, note="视为空" if text else "")
    if text in PENDING:
        return text, failure("待定", text)
    return text, None
