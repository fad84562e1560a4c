"""Find the header of a sheet, and the words and the unit of each column's header."""

import re
from functools import lru_cache
from itertools import pairwise

from chunshui.ledgers.cells.parsed import BLANK, clean
from chunshui.ledgers.cells.units import units
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.ledgers.sheet import Sheet

HEADER_WITHIN = 20
HEADER_ROWS = 3  # a header may be this many rows high
# What else stands in the brackets of a header, or in a row of its own below.
NO_UNIT = frozenset(
    ["", "必填", "选填", "可空", "必填项", "选填项", "非必填", "十进制", "十进制度数"]
)
NO_UNIT_AT_ALL = re.compile("格式|例|如|下拉")
# 1. 一、 （3） ⑤ and * before a header; * and : after it.
NUMBERED = re.compile(
    r"\A[*★※#]*(?:\d{1,2}[.、]|[一二三四五六七八九十]{1,2}、|\(\d{1,2}\)|[①-⑳])?[*★※#]*"
)
CRS = re.compile(r"坐标系[统]?\s*[::]\s*([^\s,;。)]+)")
BRACKETS = str.maketrans("〔〕【】[]{}", "()()()()")


def split_header(header: object) -> tuple[str, str | None]:
    """The words of a header and the unit in its brackets: 户数（万户） → 户数, 万户.

    Numbering, stars and remarks such as （必填） are left off.
    """
    return _split(str(header))


@lru_cache(maxsize=20_000)
def _split(header: str) -> tuple[str, str | None]:
    words = clean(header).replace(" ", "").translate(BRACKETS).rstrip("*★※:")
    words = NUMBERED.sub("", words, count=1)
    inside = re.findall(r"\(([^()]*)\)", words)
    rest = re.sub(r"\([^()]*\)", "", words)
    bare = rest.strip("*★※:")
    if not bare or "(" in rest or ")" in rest:
        return words, None
    stated = [re.sub("^(?:计量)?单位:?", "", text).strip("*") for text in inside]
    stated = [text for text in stated if text not in NO_UNIT and not NO_UNIT_AT_ALL.search(text)]
    after = re.fullmatch(r"(.+)[/,、:](.+)", bare)
    if not inside and after and after[2] in UNITS:
        return after[1], after[2]
    return bare, stated[0] if stated else None


def names_column(header: object, column: Column) -> bool:
    """Whether a header is this column's."""
    if header is None:
        return False
    names = (column.header, *column.aliases)
    return split_header(header)[0] in names or clean(str(header)).replace(" ", "") in names


def find_header(sheet: Sheet, ledger: Ledger) -> None:
    """Find the header and what stands above it; `headers` stays empty when there is none.

    It is the first row, or the first few rows under each other, naming the most columns, and at
    least half of the required ones. A row of units (万元) or of column numbers (1, 2, 3) right
    under it belongs to it.
    """
    names = {name: c.key for c in ledger.columns for name in (*c.aliases, c.header)}
    required = sum(column.required for column in ledger.columns if column.kind != "geometry")
    best, most = (0, 0), 0
    for height in range(1, HEADER_ROWS + 1):
        for top in range(1, min(HEADER_WITHIN, len(sheet.rows)) + 2 - height):
            headers = _put_together(sheet, top, height, names)
            words = {split_header(header)[0] for header in headers if header is not None}
            hits = len({names.get(word) for word in words} - {None})
            if hits > most and hits >= min(2, required) and hits * 2 >= required:
                most, best = hits, (top, height)
    if not most:
        return
    top, height = best
    sheet.header_top, sheet.header_row = top, top + height - 1
    sheet.headers = _put_together(sheet, top, height, names)
    _take_units(sheet)
    _take_titles(sheet)


def _put_together(sheet: Sheet, top: int, height: int, names: dict[str, str]) -> list[str | None]:
    """The header of each column over some rows; `names` are those the ledger knows."""
    headers: list[str | None] = []
    for texts in stacked_headers(sheet, top, height):
        if not texts:
            headers.append(None)
        elif len(texts) == 1:
            headers.append(texts[0])
        else:
            parts = [split_header(text) for text in texts]
            words = [word for word, _ in parts if word and not _is_unit(word)]
            stated = [unit for _, unit in parts if unit]
            stated += [word.strip("()") for word, _ in parts if _is_unit(word)]
            joined = ["".join(words[at::-1]) for at in range(len(words) - 1, -1, -1)]
            known = [word for word in joined if word in names]
            name = known[0] if known else "·".join(reversed(words))
            headers.append(f"{name}（{stated[0]}）" if stated else name)
    return headers


def stacked_headers(sheet: Sheet, top: int, height: int) -> list[list[str]]:
    """The texts of some rows under each other, by column, the lowest first.

    The text of a merged cell holds for all it covers. Where a group's cells were not merged, as in
    a csv file, it goes on to the right as long as there is a text below and none of its own.
    """
    lines = [list(row) for row in sheet.rows[top - 1 : top - 1 + height]]
    width = max(map(len, lines), default=0)
    lines = [line + [None] * (width - len(line)) for line in lines]
    if height > 1:
        for first, left, last, right in sheet.merges:
            if first < top or first >= top + height:
                continue
            for row in range(first, min(last, top + height - 1) + 1):
                for at in range(left - 1, min(right, width)):
                    lines[row - top][at] = lines[first - top][left - 1]
        for upper, lower in pairwise(lines):
            for at in range(1, width):
                group = upper[at - 1] is not None and lower[at - 1] not in (None, upper[at - 1])
                if group and upper[at] is None and lower[at] is not None:
                    upper[at] = upper[at - 1]
    stacks = []
    for at in range(width):
        texts = [str(line[at]) for line in reversed(lines) if line[at] is not None]
        texts = [text for text in texts if clean(text)]
        stacks.append(list(dict.fromkeys(texts)))
    return stacks


UNITS = frozenset(
    u for unit in ("元", "平方米", "米", "户", "人", "人次", "栋", "层") for u in units(unit)
)
ORDINALS = frozenset("甲乙丙丁戊己庚辛")


def _is_unit(text: object) -> bool:
    return clean(str(text)).replace(" ", "").strip("()") in UNITS


def _take_units(sheet: Sheet) -> None:
    """Take rows of units, of column numbers and of 必填 right under the header into it."""
    for _ in range(3):
        row = sheet.rows[sheet.header_row] if sheet.header_row < len(sheet.rows) else []
        cells = [cell for cell in row if cell is not None]
        remarks = sum(clean(str(cell)).strip("()*") in (NO_UNIT | BLANK) for cell in cells)
        if remarks < len(cells) and all(_is_unit(c) or clean(str(c)) in BLANK for c in cells):
            for at, cell in enumerate(row[: len(sheet.headers)]):
                header = sheet.headers[at]
                if _is_unit(cell) and header and split_header(header)[1] is None:
                    unit = clean(str(cell)).strip("()")
                    sheet.headers[at] = f"{split_header(header)[0]}（{unit}）"
        elif not _numbers_columns(cells) and not 2 <= remarks == len(cells):
            return
        sheet.header_row += 1


def _numbers_columns(cells: list) -> bool:
    """Whether the cells number the columns: 甲, 乙, 1, 2, 3 …"""
    plain = [clean(str(cell)).strip("()") for cell in cells]
    counted = [text for text in plain if text not in ORDINALS]
    return len(counted) >= 3 and counted == [str(n) for n in range(1, len(counted) + 1)]


def _take_titles(sheet: Sheet) -> None:
    """Keep what stands above the header, and the coordinate system it states."""
    sheet.titles = [
        clean(str(cell))
        for row in sheet.rows[: sheet.header_top - 1]
        for cell in row
        if cell is not None
    ]
    if stated := CRS.search(" ".join(sheet.titles)):
        sheet.crs = stated[1]
