"""One table of cells as it stands in a file, and the cells that are more than their text."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

MAX_ROWS = 300_000
MAX_COLUMNS = 200
INSTRUCTIONS = "填写说明"
OWN_SHEETS = (INSTRUCTIONS, "问题清单")  # what the software put in: not ledgers
SHAPE = "图形"


class Uncalculated(str):
    """The text of a formula whose result was never saved."""

    __slots__ = ()


class Outdated(Uncalculated):
    """Why the result that was saved with a formula is not to be trusted."""

    __slots__ = ()


class Rescaled(str):
    """A number whose format shows another: 123456 as 12.3, 144 as 137 or as nothing."""

    __slots__ = ()


class Lengthened(str):  # noqa: SLOT000  it carries the number
    """A number with digits or a sign before or after it that its format adds: 144 shown as 1144.

    A code that is kept so is read as shown; of an amount nobody can tell which is meant.
    """

    stored: str


def lengthened(shown: str, stored: str) -> Lengthened:
    """Return what a cell shows of a number, with the number."""
    one = Lengthened(shown)
    one.stored = stored
    return one


class StruckOut(str):
    """A text of which some letters are struck out: what holds of it nobody can tell."""

    __slots__ = ()


class Raised(str):
    """A text with digits above or below the line, such as the number of a note: 30¹ is no 301."""

    __slots__ = ()


class PartialDay(dt.date):
    """A day of which the cell does not show the year, the month or the day.

    Whoever types 2026-3 is given the 1st by Excel, whoever types 3-5 the present year.
    """

    hidden: str  # which of y, m, d

    @property
    def shown(self) -> str:
        """What the cell shows of it: "2026-03", "3月5日", "2026年"."""
        if self.hidden == "ymd":
            return "只显示星期、季度或时刻的日期"
        parts = {"y": f"{self.year}年", "m": f"{self.month}月", "d": f"{self.day}日"}
        if self.hidden == "d":
            return f"{self:%Y-%m}"
        return "".join(text for part, text in parts.items() if part not in self.hidden)


def partial_day(day: dt.date, hidden: str) -> PartialDay:
    """Return a day with what its cell does not show of it."""
    one = PartialDay(day.year, day.month, day.day)
    one.hidden = hidden
    return one


@dataclass
class Grid:
    """A table of cells as the reader of its format gives it.

    `rows[0]` is row 1; short rows are not padded. In a map a row is a feature: `headers` are the
    property names and 图形, `rows` end with the geometry (GeoJSON, as a dict), `titles` are what the
    file says of itself. `merges` are (top, left, bottom, right). Rows and columns count from 1.
    """

    name: str | None = None
    rows: list[list] = field(default_factory=list)
    hidden: bool = False
    headers: list[str | None] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    crs: str | None = None
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    unchecked: set[tuple[int, int]] = field(default_factory=set)  # formulas not computed anew
    since_1904: bool = False
    # Cells (row, column) that hold what nobody sees or takes for deleted, by why.
    unseen: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    # Texts outside the cells, each with what it is and the cell (row, column) it hangs on.
    beside: list[tuple[str, tuple[int, int] | None, str]] = field(default_factory=list)


@dataclass(kw_only=True)
class Sheet(Grid):
    """A grid of a file, with the header found in it and the ledger it is.

    In a map there is no header row (`header_row` 0). A header over several rows, `header_top` to
    `header_row`, is put together into one: 资金（万元） over 下达 is 下达资金（万元）.
    """

    file: str
    sha256: str
    bytes: int
    nature: str = "实有"
    ledger_id: str = ""
    header_top: int = 0
    header_row: int = 0
    # Cells (row, column) that hold personal data: never shown, never kept.
    personal: set[tuple[int, int]] = field(default_factory=set)

    @property
    def placed_headers(self) -> Iterator[tuple[int, str]]:
        """The position (from 0) and text of each header."""
        return ((at, header) for at, header in enumerate(self.headers) if header is not None)

    def cell(self, row: int, at: int) -> Any:
        """The cell of a row (from 1) at a position (from 0); None beyond the end of the row."""
        cells = self.rows[row - 1]
        return cells[at] if at < len(cells) else None

    def address(self, row: int | None, at: int) -> str:
        """The address of that cell, such as F12; empty where cells have none, as in a csv file."""
        return "" if self.name is None or row is None else f"{get_column_letter(at + 1)}{row}"
