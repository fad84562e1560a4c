"""One table of cells as it stands in a file, and the cells that are more than their text."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from chunshui.ledgers.contracts.contract import Ledger

MAX_ROWS = 300_000
MAX_COLUMNS = 200


class Uncalculated(str):
    """The text of a formula whose result was never saved."""

    __slots__ = ()


class Rescaled(str):
    """A number whose format shows a thousandth of it, or its like: 123456 shown as 12.3."""

    __slots__ = ()


class MonthOnly(dt.date):
    """The first day of a month of which the cell shows year and month alone.

    Whoever types 2026-3 is given the 1st by Excel.
    """


INSTRUCTIONS = "填写说明"
OWN_SHEETS = (INSTRUCTIONS, "问题清单")  # what the software put in: not ledgers
SHAPE = "图形"


@dataclass
class Sheet:
    """One table of cells as it stands in a file.

    `rows[0]` is row 1; short rows are not padded. In a map file a row is a feature and there is
    no header row (`header_row` 0): `headers` are the property names and `图形` the geometry.
    A header over several rows is put together into one: 资金（万元） over 下达 is 下达资金（万元）.
    """

    file: str
    name: str | None
    rows: list[list]
    sha256: str
    bytes: int
    nature: str = "实有"
    ledger: Ledger | None = None
    header_row: int = 0  # its last row
    header_top: int = 0
    headers: list[str | None] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    crs: str | None = None
    hidden_rows: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    since_1904: bool = False
    beside: list[tuple[str, tuple[int, int] | None, str]] = field(default_factory=list)
    # Cells (row, column, both from 1) that hold personal data: never shown, never kept.
    personal: set[tuple[int, int]] = field(default_factory=set)

    @property
    def addressed(self) -> bool:
        """Whether its cells have addresses such as F12."""
        return self.name is not None


def headers_of(sheet: Sheet) -> Iterable[tuple[int, str]]:
    """The position (from 0) and text of each header."""
    return ((at, header) for at, header in enumerate(sheet.headers) if header is not None)
