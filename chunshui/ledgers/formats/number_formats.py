"""What the format of a cell shows a number as."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from chunshui.ledgers.formats.parts import parse_xml
from chunshui.ledgers.sheet import Rescaled, lengthened

# Formats 27–36 and 50–58 are the dates and times of Chinese Excel and WPS, which openpyxl does not
# know: what of a day those show that do not show all of it.
CHINESE_DATES = frozenset([*range(27, 37), *range(50, 59)])
CHINESE_HIDDEN = {
    **dict.fromkeys((27, 36, 50, 52, 57), "d"), **dict.fromkeys((28, 29, 51, 53, 54, 58), "y"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "ymd"),
}  # fmt: skip
# Years of any calendar, weekdays, quarters and weeks, in the letters of Excel, WPS and LibreOffice.
DAYS = re.compile("y|e|bb|aaa|nn|q|ww")
INVISIBLE, WHITE, STRUCK = "的数字格式不显示内容", "是白字", "划了删除线"
SAME, TINY = "的字色与底色相同", "的字小得看不见"
SMALLEST_POINTS = 3.0
PAINTED_WHITE = re.compile(r"\[(white|白色?|color ?2|颜色 ?2)\]", re.IGNORECASE)


@dataclass(frozen=True)
class Shown:
    """How a format shows a number where that says more than its digits: 0001, WG001, 12万元."""

    before: str = ""
    digits: int = 0  # filled up with zeros to so many
    after: str = ""
    fixed: str | None = None  # the same for every number
    rescaled: bool = False
    percent: bool = False

    def of(self, number: float) -> object:
        """The number as a reader of the sheet has it before his eyes."""
        stored = f"{number:.15g}"
        if self.fixed is not None:
            return self.fixed if LETTERS.search(self.fixed) else Rescaled(stored)
        if self.rescaled:
            return Rescaled(stored)
        if self.percent:
            return f"{(Decimal(stored) * 100).normalize():f}%"
        if not (self.before or self.after) and len(stored) >= self.digits:
            return number
        text = stored.zfill(self.digits) if stored.isdecimal() else stored
        text = self.before + text + self.after
        added = LETTERS.search(self.before + self.after) is None and (self.before or self.after)
        return lengthened(text, stored) if added else text


class NumberFormat:
    """What a number format adds to numbers, by its sections: as a rule positive; negative; zero."""

    def __init__(self, code: str):
        sections = code.replace("G/通用格式", "General").split(";")[:3]
        self.conditions = [_condition(section) for section in sections]
        self.sections = [_shown(section) for section in sections]

    @property
    def is_plain(self) -> bool:
        """Whether it shows the numbers themselves."""
        return all(section == Shown() for section in self.sections)

    def of(self, number: float) -> object:
        """The number as a reader of the sheet has it before his eyes."""
        first, *others = self.sections
        if self.conditions[0] is None:
            if first.fixed is not None and not first.fixed.strip():
                return number  # told as unseen
            return first.of(number) if number > 0 or first.percent or not others else number
        for holds, section in zip(self.conditions, self.sections, strict=True):
            if holds is not None and holds(number):
                nothing = number == 0 and section.fixed is not None
                return (
                    number
                    if nothing and not LETTERS.search(section.fixed or "")
                    else section.of(number)
                )
        last = others[-1:] if self.conditions[-1] is None and number >= 0 else []
        return last[0].of(number) if last else number


class CellStyles:
    """What the cell styles show: `dates` and times, and which of y, m and d are `hidden` of a day;
    numbers as `shown`; and why a cell is `unseen`.
    """

    def __init__(self, content: bytes | None):
        self.dates: set[int] = set()
        self.hidden: dict[int, str] = {}
        self.shown: dict[int, NumberFormat] = {}
        self.unseen: dict[int, str] = {}
        self.unseen_numbers: set[int] = set()  # of which a text is seen all the same
        formats: dict[int, str] = {}
        looks: list[dict[str, int]] = []
        fonts: list[set[str]] = []
        dark: list[bool] = []  # the fills that white letters are seen on
        inks: list[str] = []
        grounds: list[str] = []  # of the fills that are of one colour
        inside: list[str] = []

        def start(tag: str, attributes: dict) -> None:
            tag = tag.rsplit(":", maxsplit=1)[-1]
            within = inside[-1] if inside else ""
            if tag in ("fonts", "fills", "cellXfs", "dxfs"):
                inside.append(tag)
            elif tag == "numFmt":
                formats[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif within == "cellXfs" and tag == "xf":
                ids = ("numFmtId", "fontId", "fillId")
                looks.append({key: int(attributes.get(key, 0)) for key in ids})
            elif within == "fonts":
                if tag == "font":
                    fonts.append(set())
                    inks.append("")
                elif tag == "sz" and float(attributes.get("val", 11)) < SMALLEST_POINTS:
                    fonts[-1].add(TINY)
                elif tag == "strike" and attributes.get("val", "1") not in ("0", "false"):
                    fonts[-1].add(STRUCK)
                elif tag == "color":
                    inks[-1] = _colour(attributes)
                    if _is_white(attributes):
                        fonts[-1].add(WHITE)
            elif within == "fills":
                if tag == "fill":
                    dark.append(False)
                    grounds.append("")
                elif tag == "patternFill" and attributes.get("patternType") == "solid":
                    grounds[-1] = "solid"
                elif tag == "fgColor" and grounds[-1] == "solid":
                    grounds[-1] = _colour(attributes)
                if tag == "gradientFill" or (tag == "fgColor" and not _is_white(attributes)):
                    dark[-1] = True

        def end(tag: str) -> None:
            if inside and tag.rsplit(":", maxsplit=1)[-1] == inside[-1]:
                inside.pop()

        if content:
            parse_xml(content, start, end)
        for style, look in enumerate(looks):
            number, font, fill = look.values()
            code = formats.get(number) or BUILTIN_FORMATS.get(number) or ""
            self._read_format(style, code, number if number not in formats else None)
            letters = fonts[font] if font < len(fonts) else set()
            painted = PAINTED_WHITE.search(code) is not None
            ink = inks[font] if font < len(inks) else ""
            if STRUCK in letters:
                self.unseen[style] = STRUCK
            elif (painted or WHITE in letters) and not (fill < len(dark) and dark[fill]):
                self.unseen[style] = WHITE
            elif ink and fill < len(grounds) and grounds[fill] == ink and not painted:
                self.unseen[style] = SAME
            elif TINY in letters:
                self.unseen[style] = TINY

    def _read_format(self, style: int, code: str, built_in: int | None) -> None:
        parts = code.split(";")
        if not re.search(r"\[[<>=]", parts[0]):
            parts = parts[:1]  # what holds of numbers that are not negative
        days = [bare for bare in map(_bare, parts) if is_date_format(bare) or DAYS.search(bare)]
        if built_in in CHINESE_DATES or days:
            self.dates.add(style)
            hidden = "".join(sorted(set().union(*map(_hidden, days)), key="ymd".index))
            if built_in is not None and built_in in CHINESE_DATES:
                hidden = CHINESE_HIDDEN.get(built_in, "")
            if hidden:
                self.hidden[style] = hidden
            return
        if not (one := NumberFormat(code)).is_plain:
            self.shown[style] = one
        sections = [LITERAL.sub(r"\1\2", ASIDE.sub("", part)) for part in code.split(";")]
        if code and not sections[0].strip() and "[" not in code.split(";", maxsplit=1)[0]:
            if len(sections) > 3 and not sections[3].strip():
                self.unseen[style] = INVISIBLE
            else:
                self.unseen_numbers.add(style)


def _is_white(colour: dict) -> bool:
    """Whether a colour is white, or the paper's own (theme 0, or the index of the window)."""
    if "rgb" in colour:
        return bool(colour["rgb"].upper().endswith("FFFFFF"))
    lighter = float(colour.get("tint", 0)) >= 0
    return (colour.get("theme") == "0" and lighter) or colour.get("indexed") in ("1", "9", "65")


def _colour(stated: dict) -> str:
    """One spelling of a colour, to compare two."""
    if "rgb" in stated:
        return str(stated["rgb"])[-6:].upper()
    return "|".join(f"{key}{stated[key]}" for key in ("theme", "indexed", "tint") if key in stated)


def _bare(section: str) -> str:
    """The letters of a section of a format that stand for a part of a day."""
    bare = re.sub(r'"[^"]*"|\[(?![hmsHMS]+\])[^\]]*\]|[\\!_*].', "", section).lower()
    return re.sub(r"general|g/通用格式|e[+-]|am/pm|a/p|@", "", bare)


def _hidden(bare: str) -> str:
    """Which of y, m and d a format does not show; of a day with a time of day none may be left.

    Days are d and dd, the name of a weekday (ddd, aaa) tells none; with hours m may be minutes.
    """
    has = {
        "y": re.search("y|e|bb", bare) is not None,
        "m": "m" in bare,
        "d": any(len(run) < 3 for run in re.findall("d+", bare)),
    }
    if re.search("[hs]", bare):
        return "".join(p for p in "yd" if not has[p]) if has["y"] or has["d"] else "ymd"
    return "".join(part for part in "ymd" if not has[part])


# A colour, a condition or a locale; the gap of a character's width; a fill; then texts.
ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.")
LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
NUMERAL = re.compile(r"\d")
COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
LETTERS = re.compile(r"[A-Za-z\u4e00-\u9fff]")


def _condition(section: str) -> Callable[[float], bool] | None:
    """The condition that a section states, if any: [>=10000]."""
    stated = re.search(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]", section)
    if stated is None:
        return None
    holds, bound = COMPARE[stated[1]], float(stated[2])
    return lambda number: holds(number, bound)


def _shown(section: str) -> Shown:
    """What a section of a number format adds to the digits of a number."""
    section = ASIDE.sub("", section)
    literals: list[str] = []

    def keep(literal: re.Match) -> str:
        literals.append(literal[1] if literal[1] is not None else literal[2])
        return "\0"

    plain = LITERAL.sub(keep, section)
    body = re.search(r"General|@|[0#?](?:[0#?.,\0]*[0#?])?,*", plain)
    if body is None:
        return Shown(fixed="".join(literals)) if literals else Shown()
    if plain.count("%") == 1:
        return Shown(percent=True)
    if "%" in plain or "E+" in plain or "/" in plain:
        return Shown()
    first = plain[: body.start()].count("\0")
    inside = literals[first : first + body[0].count("\0")]
    if body[0].endswith(",") or "." in inside or any(map(NUMERAL.search, inside)):
        return Shown(rescaled=True)
    if inside:
        return Shown()
    before, after = "".join(literals[:first]), "".join(literals[first:])
    if "-" in plain[: body.start()]:
        before = "-" + before
    return Shown(
        before if LETTERS.search(before) or NUMERAL.search(before) or "-" in before else "",
        len(body[0]) if len(body[0]) > 1 and set(body[0]) == {"0"} else 0,
        after if LETTERS.search(after) or NUMERAL.search(after) else "",
    )
