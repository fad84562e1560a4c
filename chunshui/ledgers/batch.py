"""The data rows of one sheet, column by column, and what is said of them."""

import json
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from chunshui.ledgers.cells.parsed import as_shown
from chunshui.ledgers.headers import split_header
from chunshui.ledgers.issue import Issue, Reading
from chunshui.ledgers.row_kinds import names_persons
from chunshui.ledgers.sheet import Sheet, headers_of


@dataclass
class Batch:
    """The data rows of one sheet.

    `row_numbers`, the lists in `values` (by column key) and `wrong` run together, one entry a
    data row. `fates` holds the rows that are no data. `at` is the position of each column found.
    """

    sheet: Sheet
    row_numbers: list[int]
    values: dict[str, list]
    wrong: list[bool]
    fates: dict[int, str]
    at: dict[str, int] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)

    def issue(
        self,
        level: str,
        position: int | None,
        key: str | None,
        what: str,
        mend: str,
        *,
        row: int | None = None,
        place: int | None = None,
        asks: bool = False,
    ) -> Issue:
        """An issue at the data row of that position, or any row (neither: the whole sheet).

        The cell is that of the column `key`, or at `place` (from 0) in the row.
        """
        if position is not None:
            row = self.row_numbers[position]
        column = value = None
        address = ""
        place = self.at.get(key) if place is None else place
        if place is not None:
            column = self.sheet.headers[place]
            if row is not None:
                line = self.sheet.rows[row - 1]
                value = line[place] if place < len(line) else None
                address = f"{get_column_letter(place + 1)}{row}" if self.sheet.addressed else ""
        shown = "" if value is None or isinstance(value, dict) else as_shown(value)[:60]
        return Issue(
            level, self.sheet.file, self.sheet.name, row, column, shown, what, mend, address, asks
        )

    def read_as(self, position: int, key: str, value: str, why: str) -> None:
        """Keep that the cell of a data row was read as `value`."""
        place, row = self.at[key], self.row_numbers[position]
        raw = self.sheet.rows[row - 1][place] if place < len(self.sheet.rows[row - 1]) else None
        if (row, place + 1) in self.sheet.personal:
            return
        shown = "图形" if isinstance(raw, dict) else "" if raw is None else as_shown(raw)[:60]
        cell = f"{get_column_letter(place + 1)}{row}" if self.sheet.addressed else ""
        self.readings.append(
            Reading(
                self.sheet.file, self.sheet.name, row, cell, str(self.sheet.headers[place]),
                shown, value, why,
            )
        )  # fmt: skip


def raw_json(batch: Batch) -> dict[int, str]:
    """The cells of every row of the sheet as JSON, by row number.

    A data row is keyed by header, any other row by the letter of the column. Cells that may name
    a person are not kept: those of columns that are in no contract, and the lines that say who
    filled in and whom to call.
    """
    sheet = batch.sheet
    read = set(batch.at.values()) | {
        at for at, header in headers_of(sheet) if split_header(header)[0] in ("坐标系", "序号")
    }
    labels = [(at, header) for at, header in headers_of(sheet) if at in read]
    letters = [
        (at, get_column_letter(at + 1)) for at in range(max(map(len, sheet.rows), default=0))
    ]
    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
    kept = {}
    for number, row in enumerate(sheet.rows, start=1):
        names = labels
        if number in batch.fates:
            names = [] if names_persons(row) else letters
        width = len(row)
        kept[number] = encode(
            {name: row[at] for at, name in names if at < width and row[at] is not None}
        )
    return kept


def raw_cells(data: list[list], at: int | None) -> list:
    """The cells of some rows in one column; None where a row is too short for it."""
    if at is None:
        return [None] * len(data)
    return [row[at] if at < len(row) else None for row in data]
