"""What the format of a cell shows a number as."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from chunshui.ledgers.formats.parts import parse_xml
from chunshui.ledgers.sheet import Rescaled

# Formats 27–36 and 50–58 are the dates of Chinese Excel and WPS; openpyxl does not know them.
CHINESE_DATES = frozenset([*range(27, 37), *range(50, 59)])
CHINESE_MONTHS = frozenset([27, 36, 50, 52, 57])  # those that show 2026年3月


@dataclass(frozen=True)
class Shown:
    """How a format shows a number where that says more than its digits: 0001, WG001, 12万元."""

    before: str = ""
    digits: int = 0  # filled up with zeros to so many
    after: str = ""
    rescaled: bool = False
    percent: bool = False
    least: float = 0  # the format holds from this number on

    def of(self, number: float) -> object:
        """The number as a reader of the sheet has it before his eyes."""
        if number < self.least:
            return number
        if self.rescaled:
            return Rescaled(f"{number:.15g}")
        if self.percent:
            return f"{(Decimal(f'{number:.15g}') * 100).normalize():f}%"
        text = f"{number:.15g}"
        if not (self.before or self.after) and len(text) >= self.digits:
            return number
        return self.before + (text.zfill(self.digits) if text.isdecimal() else text) + self.after


class CellStyles:
    """What the cell styles show a number as: `dates` and times, `months` without a day, `shown`."""

    def __init__(self, content: bytes | None):
        self.dates: set[int] = set()
        self.months: set[int] = set()
        self.shown: dict[int, Shown] = {}
        formats: dict[int, str] = {}
        numbers: list[int] = []
        inside: list[bool] = []

        def start(tag: str, attributes: dict) -> None:
            tag = tag.rsplit(":", maxsplit=1)[-1]
            if tag == "numFmt":
                formats[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif tag == "cellXfs":
                inside.append(True)
            elif tag == "xf" and inside:
                numbers.append(int(attributes.get("numFmtId", 0)))

        def end(tag: str) -> None:
            if tag.rsplit(":", maxsplit=1)[-1] == "cellXfs":
                inside.clear()

        if content:
            parse_xml(content, start, end)
        for style, number in enumerate(numbers):
            code = formats.get(number) or BUILTIN_FORMATS.get(number) or ""
            if number in CHINESE_DATES or is_date_format(code):
                self.dates.add(style)
                bare = re.sub(r'"[^"]*"|\[[^\]]*\]|[\\!].', "", code).lower()
                if number in CHINESE_MONTHS or ("y" in bare and not re.search("[dhs]", bare)):
                    self.months.add(style)
            elif (one := _shown(code)) != Shown():
                self.shown[style] = one


# A colour, a condition or a locale; the gap of a character's width; a fill; then texts.
ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.")
LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
LETTERS = re.compile(r"[A-Za-z\u4e00-\u9fff]")


def _shown(code: str) -> Shown:
    """What a number format adds to the digits of a number that is not negative."""
    section = code.split(";", maxsplit=1)[0].replace("G/通用格式", "General")
    condition = re.search(r"\[>=?(\d+)\]", section)
    section = ASIDE.sub("", section)
    literals: list[str] = []

    def keep(literal: re.Match) -> str:
        literals.append(literal[1] if literal[1] is not None else literal[2])
        return "\0"

    plain = LITERAL.sub(keep, section)
    body = re.search(r"General|[0#?](?:[0#?.,\0]*[0#?])?,*", plain)
    if body is not None and plain.count("%") == 1:
        return Shown(percent=True, least=-math.inf)
    if body is None or "%" in plain or "E+" in plain or "/" in plain:
        return Shown()
    first = plain[: body.start()].count("\0")
    inside = literals[first : first + body[0].count("\0")]
    if body[0].endswith(",") or "." in inside:
        return Shown(rescaled=True, least=float(condition[1]) if condition else 0)
    if inside:
        return Shown()
    before, after = "".join(literals[:first]), "".join(literals[first:])
    return Shown(
        before if LETTERS.search(before) else "",
        len(body[0]) if len(body[0]) > 1 and set(body[0]) == {"0"} else 0,
        after if LETTERS.search(after) else "",
    )
