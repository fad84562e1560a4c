"""The data rows of one sheet, column by column, and what is said of them."""

import json
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from chunshui.ledgers.cells.parsed import as_shown
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.headers import split_header
from chunshui.ledgers.issue import Issue, Reading
from chunshui.ledgers.row_kinds import names_persons
from chunshui.ledgers.sheet import Sheet
from chunshui.words import ERROR

QUESTIONS = 20  # of one kind about one sheet; the others are one question more


@dataclass
class Batch:
    """The data rows of one sheet.

    `row_numbers`, the lists in `values` (by column key) and `wrong` run together, one entry a
    data row; a position is an index into them. `row_kinds` holds the rows that are no data, `at`
    the place (from 0) of each column in the sheet. `notes` are the positions of cells that were
    interpreted, by column key and what is said of them; `unread` the columns with a cell that
    could not be read.
    """

    sheet: Sheet
    ledger: Ledger
    row_numbers: list[int] = field(default_factory=list)
    values: dict[str, list] = field(default_factory=dict)
    wrong: list[bool] = field(default_factory=list)
    row_kinds: dict[int, str] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    notes: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def cells(self, at: int | None) -> list:
        """The cells of the data rows at a place in the sheet."""
        if at is None:
            return [None] * len(self.row_numbers)
        rows = (self.sheet.rows[number - 1] for number in self.row_numbers)
        return [row[at] if at < len(row) else None for row in rows]

    def add(
        self,
        severity: str,
        what: str,
        mend: str,
        position: int | None = None,
        key: str | None = None,
        *,
        row: int | None = None,
        at: int | None = None,
        asks: bool = False,
        to: list[Issue] | None = None,
    ) -> None:
        """Add an issue at the data row of that position, or any row (neither: the whole sheet).

        The cell is that of the column `key`, or the one `at` a place in the row. `to` is the list
        it is added to, the batch's own unless stated.
        """
        sheet = self.sheet
        if position is not None:
            row = self.row_numbers[position]
        if at is None and key is not None:
            at = self.at.get(key)
        header = None if at is None else sheet.headers[at]
        raw = None if row is None or at is None else sheet.cell(row, at)
        value = "" if isinstance(raw, dict) else _quoted(raw)
        cell = "" if at is None else sheet.address(row, at)
        issue = Issue(severity, sheet.file, what, mend, sheet.name, row, header, value, cell, asks)
        (self.issues if to is None else to).append(issue)

    def refuse(self, position: int, key: str | None, what: str, mend: str) -> None:
        """Mark one row wrong and say why."""
        self.wrong[position] = True
        self.add(ERROR, what, mend, position, key)

    def read_as(self, position: int, key: str, value: str, why: str) -> None:
        """Keep that the cell of a data row was read as `value`."""
        sheet, at, row = self.sheet, self.at[key], self.row_numbers[position]
        if (row, at + 1) in sheet.personal:
            return
        header, raw = str(sheet.headers[at]), sheet.cell(row, at)
        shown = "图形" if isinstance(raw, dict) else _quoted(raw)
        address = sheet.address(row, at)
        self.readings.append(
            Reading(sheet.file, sheet.name, row, address, header, shown, value, why)
        )


def _quoted(raw: object) -> str:
    return "" if raw is None else as_shown(raw)[:60]


def raw_rows_json(batch: Batch) -> dict[int, str]:
    """The cells of every row of the sheet as JSON, by row number.

    A data row is keyed by header, any other row by the letter of the column. Cells that may name
    a person are not kept: those of columns that are in no contract, and the lines that say who
    filled in and whom to call.
    """
    sheet = batch.sheet
    labels = [
        (at, header)
        for at, header in sheet.placed_headers
        if at in batch.at.values() or split_header(header)[0] in ("坐标系", "序号")
    ]
    letters = [
        (at, get_column_letter(at + 1)) for at in range(max(map(len, sheet.rows), default=0))
    ]
    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
    texts = {}
    for number, row in enumerate(sheet.rows, start=1):
        names = labels
        if number in batch.row_kinds:
            names = [] if names_persons(row) else letters
        width = len(row)
        texts[number] = encode(
            {name: row[at] for at, name in names if at < width and row[at] is not None}
        )
    return texts
