"""Cells of printed tables: values as words, and widths that keep short words on one line."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from chunshui import words
from chunshui.drawing import theme
from chunshui.snapshots.model import HANDED_OUT, Attention, Claims, Item, Listed, Table, by_kind
from chunshui.words import URGENCIES, behind

Row = tuple[str, ...]
_RUNS = re.compile(r"[!-~]+")
UNIT = re.compile(r"(?<=.)(?=（[^（）]*）\Z)")  # before it a head may be broken
# Which row of which ledger a thing is, for who mends it: the workbook has it.
_ROW_OF_LEDGER = {
    words.label(one) for one in ("entity_id", "file_name", "sheet_name", "source_row")
}
# A figure with what it is made of: 64.4%, 0 of 2,015人, 80.8%（21 of 26）.
_FIGURE = re.compile(r"[+-]?\d[\d,]*(\.\d+)?(%|/[\d,.]+\D{0,3})?(（[\d,./]+\D{0,3}）)?")
MOST_ALIKE = 3  # of a kind that is not urgent, in deck and brief
SHORT = 7.0  # letters of a word of a table that is not broken: a street, a figure with its unit
NAMES_ROWS = 3  # a word that stands in more rows, or in all, names none of them


@dataclass(frozen=True)
class Printed:
    """The words of a table.

    `right` are the columns of numbers, `where` says where all rows are, `empty` why there is none,
    `said` the title and the heading above it, `cut` counts the last columns that are left out.
    """

    header: Row
    rows: Sequence[Row]
    total: int
    where: str
    right: tuple[int, ...] = ()
    empty: str = "没有需要列出的。"
    said: str = ""
    cut: int = 0

    def narrowed(self, total: float, margin: float) -> "Printed":
        """Return the table with as many of its first columns as stand in `total` letter heights unbroken.

        Of each `margin` is empty. What is listed in the ledger, with twenty columns, is read in the workbook.
        """
        columns = zip(self.header, *self.rows, strict=True)
        needs = accumulate(_narrowest(one[0], one[1:]) + margin for one in columns)
        kept = max(sum(need <= total for need in needs), 1)
        if kept == len(self.header):
            return self
        rows = [row[:kept] for row in self.rows]
        right = tuple(j for j in self.right if j < kept)
        cut = len(self.header) - kept
        return replace(self, header=self.header[:kept], rows=rows, right=right, cut=cut)

    @property
    def named(self) -> list[int]:
        """The places of the rows with a name (a cell of a text column) that stands in what is said."""
        held = [
            {w for j, w in enumerate(row) if j not in self.right and len(w) > 1 and w in self.said}
            for row in self.rows
        ]
        times = Counter(word for row in held for word in row)
        rare = {w for w, n in times.items() if n <= NAMES_ROWS and n < len(held)}
        return [n for n, row in enumerate(held) if row & rare]

    def first(self, most: int) -> list[Row]:
        """Return at most so many rows in their order: the first ones, and all that the title names.

        More only where it names more; none of 0.
        """
        named = self.named if 0 < most < len(self.rows) else []
        others = [n for n in range(len(self.rows)) if n not in named]
        kept = sorted([*named, *others[: max(most - len(named), 0)]])
        return [self.rows[n] for n in kept]

    def rest(self, listed: int) -> str:
        """Return how many of all rows are listed, how many columns are not, and where the rest is; "" where all are."""
        columns = f"另有{self.cut}列" if self.cut and self.where else ""
        if self.total <= listed:
            return f"{columns}见{self.where}。" if columns else ""
        told = "，".join(filter(None, (f"共{self.total:,}条，此处列出{listed:,}条", columns)))
        return f"{told}；其余见{self.where}。"


@dataclass(frozen=True)
class PrintedItems(Printed):
    """The words of what needs attention: counted in 条 wherever it is shown, the urgent ones of a kind together.

    `grave` says of each row how many are graver than it; without it the rows are in that order.
    """

    grave: tuple[int, ...] = ()

    def first(self, most: int) -> list[Row]:
        """Return the gravest, at most so many, in the order of the rows."""
        grave = self.grave or range(len(self.rows))
        return [row for row, n in zip(self.rows, grave, strict=True) if n < most]

    def rest(self, listed: int) -> str:
        """Return how many there are and how many are listed; "" where all are."""
        if self.total <= listed:
            return ""
        how = "按轻重列出"
        if listed == len(self.rows):  # none of those chosen had to be left out for want of room
            how = f"紧急的全部列出、其余每类至多{MOST_ALIKE}条，共列出"
        return f"共{self.total:,}条，{how}{listed:,}条；其余见{self.where}。"


def _printed_items(section: Attention) -> list[Item]:
    """Return all urgent items and of every other kind the worst; the workbook has all."""
    kinds = Counter[str]()
    chosen = []
    for item in section.items:
        kinds[item.kind] += 1
        if item.severity == URGENCIES[0] or not item.kind or kinds[item.kind] <= MOST_ALIKE:
            chosen.append(item)
    return chosen


def sheet_name(heading: str) -> str:
    """Return what the workbook's sheet of a table is called: the first words of its heading."""
    words = re.sub(r"[\[\]:*?/\\']+", "", heading.partition(" · ")[0]).strip()
    return words[:26].strip() or "台账表"


def printed(section: Listed) -> Printed:
    """Return the words of a section that is a table."""
    if isinstance(section, Table):
        at = [j for j, one in enumerate(section.columns) if one.label not in _ROW_OF_LEDGER]
        heads = [section.columns[j] for j in at]
        columns = [_column_words([row[j] for row in section.rows]) for j in at]
        return Printed(
            tuple(column.words for column in heads),
            list(zip(*columns, strict=True)),
            section.total,
            "工作簿“交办台账”表"
            if section.heading.startswith(f"{HANDED_OUT} · ")
            else f"工作簿“{sheet_name(section.heading)}”表或平台对应页面",
            tuple(
                j
                for j, column in enumerate(heads)
                if column.kind == "number" or _is_of_figures(columns[j])
            ),
            said=f"{section.title}，{section.heading}",
        )
    if isinstance(section, Claims):
        return Printed(
            ("公开数字", "公开值", "系统计算", "结论", "说明"),
            [(c.subject, c.published, c.computed, c.verdict, c.note) for c in section.rows],
            len(section.rows),
            "工作簿“公开数字对照”表",
            (1, 2),
            "公开数字的对照见最新月份的材料。",
        )
    items = _printed_items(section)
    urgent = sum(item.severity == URGENCIES[0] for item in items)  # they come first
    together = [*by_kind(items[:urgent]), *items[urgent:]]
    grave = {id(item): at for at, item in enumerate(items)}
    return PrintedItems(
        ("程度", "事项", "说明"),
        [(theme.marked(item.severity), item.title, item.text) for item in together],
        section.total,
        "工作簿“关注事项”表",
        grave=tuple(grave[id(item)] for item in together),
    )


@lru_cache(maxsize=20_000)
def em(words: str) -> float:
    """Return the width of a line in letter heights: 1 for a Chinese character, about ½ else."""
    return sum(1.0 if ord(c) > 0x2E7F or c in "—…“”‘’●▲◆■□○≥≤%" else 0.58 for c in words)


def _column_words(values: Sequence[str | float | bool | None]) -> list[str]:
    """Return a column's cells as words: 是/否, numbers with the same decimals, a dash for what is missing."""
    numbers = [one for one in values if isinstance(one, int | float)]
    decimals = words.decimals(numbers)

    def written(value: str | float | bool | None) -> str:
        if value is None or value == "":
            return words.MISSING
        if isinstance(value, bool):
            return "是" if value else "否"
        return value if isinstance(value, str) else f"{value:,.{decimals}f}"

    return [written(one) for one in values]


def _is_of_figures(cells: Sequence[str]) -> bool:
    """Whether all that stands in a column are figures: they stand at the right as numbers do."""
    said = [one for one in cells if one != words.MISSING]
    return bool(said) and all(map(_FIGURE.fullmatch, said))


def without_unit(shown: str, unit: str) -> str:
    """Return a figure's words without the unit, where the heading names it: "4.3", "91.5%", "3元"."""
    value, own = split_unit(shown)
    return value if own == behind(unit) != "元" else shown


def split_unit(shown: str) -> tuple[str, str]:
    """Return a figure's words as number and unit: ("34.9", "亿元"), ("91.5%", "")."""
    unit = shown.lstrip("-0123456789.,")
    number = shown.removesuffix(unit)
    return (number, unit) if number and unit not in ("", "%") else (shown, "")


def widths(
    header: Sequence[str], rows: Sequence[Sequence[str]], total: float, margin: float
) -> list[float]:
    """Share `total` among the columns (all in letter heights, `margin` of each is empty).

    Columns that need no more than their share get what they need; the long ones share the rest,
    the longer the more, but not in proportion: a note would leave nothing for a name. None gets
    less than its longest word that is not to be broken (a date, a number, a name), while there is room.
    """
    columns = list(zip(header, *rows, strict=True))
    need = [max(map(em, column)) + margin for column in columns]
    if sum(need) <= total:
        return [total * width / sum(need) for width in need]
    least = [_least(column[0], column[1:]) + margin for column in columns]
    if sum(least) > total:  # then a head is broken anywhere
        least = [_least("", column[1:]) + margin for column in columns]
    fixed: dict[int, float] = {}
    while True:
        rest = total - sum(fixed.values())
        long = [j for j in range(len(need)) if j not in fixed]
        fits = {j: need[j] for j in long if need[j] <= rest / len(long)}
        weights = {j: min(need[j], 60) ** 0.5 for j in long}
        shared = {j: rest * weight / sum(weights.values()) for j, weight in weights.items()}
        if not fits and sum(least[j] for j in long) <= rest:
            fits = {j: least[j] for j in long if shared[j] < least[j]}
        if not fits:
            return [(fixed | shared)[j] for j in range(len(need))]
        fixed |= fits


def _least(head: str, cells: Sequence[str]) -> float:
    """Return the width below which a column breaks what is not to be broken: runs, words that are short in all cells, a head but before its unit."""
    parts = [em(part) for cell in cells for part in cell.split()]
    whole = max(parts, default=0)
    heads = max(map(em, UNIT.split(head)))
    return max(
        whole if whole <= SHORT or _is_of_figures(cells) else 0,
        heads if heads <= SHORT else 0,
        *map(_unbroken, (head, *cells)),
    )


def _narrowest(head: str, cells: Sequence[str]) -> float:
    """Return the width in which a column is still read: long words are broken, but not into slivers."""
    return max(_least(head, cells), min(max(map(em, (head, *cells))), SHORT))


def stands(
    header: Sequence[str], rows: Sequence[Sequence[str]], total: float, margin: float
) -> bool:
    """Whether no column needs to break what is not to be broken, in `total` letter heights."""
    columns = zip(header, *rows, strict=True)
    return sum(_least(one[0], one[1:]) + margin for one in columns) <= total


def head_lines(head: str, width: float) -> list[str]:
    """Return a head in one line, or its words and its unit in two where that is more than the width."""
    return [head] if lines(head, width) == 1 else UNIT.split(head)


def _unbroken(words: str) -> float:
    """Return the width of the longest run of a text that has no place to break it."""
    return max(map(em, _RUNS.findall(words)), default=0.0)


def lines(words: str, width: float) -> int:
    """Return how many lines words take in a column `width` letter heights wide, in a font a little wider.

    Of several none is full: a sign that must not begin one takes a letter along.
    """
    need = 1.03 * em(words)
    return 1 if need <= width else -int(-need // max(width - 1, 1))
