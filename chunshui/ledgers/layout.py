"""Hidden rows, cells that nobody sees and merged cells below the header."""

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells.messages import explain
from chunshui.ledgers.cells.parsed import as_shown
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.words import WARNING

UNSEEN = "请核对；不要的请删去，要的请让它看得见"


@dataclass
class Layout:
    """What the merged cells of a sheet come to.

    `fills` are the first and last row of the cells merged down, by place in the row; `covered` the
    (position, column key) of cells under a merge that was refused: told already.
    """

    batch: Batch
    positions: dict[int, int]
    fills: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    covered: set[tuple[int, str]] = field(default_factory=set)

    def filled_cells(self, column: Column) -> list:
        """The cells of a column with those merged down filled in."""
        at = self.batch.at.get(column.key)
        cells = self.batch.cells(at)
        for top, bottom in self.fills.get(-1 if at is None else at, []):
            first = cells[self.positions[top]]
            for number in range(top + 1, bottom + 1):
                if number in self.positions:  # a 小计 may stand in between
                    position = self.positions[number]
                    cells[position] = first
                    if first is not None:
                        text = as_shown(first)[:60]
                        self.batch.read_as(position, column.key, text, "合并单元格，同上")
        return cells


def read_layout(batch: Batch) -> Layout:
    """Refuse hidden rows, and merged cells that leave open what the covered cells hold.

    A cell merged down holds for all its rows where it names something: 街道, 社区, a code of
    another ledger, one of some words. Columns that are not read may be merged at will.
    """
    layout = Layout(batch, {number: at for at, number in enumerate(batch.row_numbers)})
    positions, ledger = layout.positions, batch.ledger
    for number in sorted(batch.sheet.hidden_rows & positions.keys()):
        batch.refuse(positions[number], None, *explain("隐藏行", {"row": number}))
    _beyond_headers(batch, positions)
    keys = {at: key for key, at in batch.at.items()}
    for why, cells in batch.sheet.unseen.items():
        for at, key in keys.items():
            seen = [
                positions[row]
                for row, column in sorted(cells)
                if column == at + 1 and row in positions
            ]
            if seen:
                count = f"（共{len(seen):,}格，首见于此）" if len(seen) > 1 else ""
                batch.add(WARNING, f"此格{why}，照样读入了{count}", UNSEEN, seen[0], key)
    for top, left, bottom, right in batch.sheet.merges:
        rows = [n for n in range(top, bottom + 1) if n in positions]
        inside = [keys[at] for at in range(left - 1, right) if at in keys]
        if not rows or not inside or (top, left) == (bottom, right):
            continue
        if inside == [keys.get(left - 1)] and rows[0] == top:
            if top == bottom:
                continue
            if _names(ledger.column(inside[0]), ledger):
                layout.fills.setdefault(left - 1, []).append((top, bottom))
                continue
        span = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        batch.refuse(positions[rows[0]], inside[0], *explain("合并单元格", {"range": span}))
        layout.covered |= {(positions[n], key) for n in rows for key in inside}
        for number in rows[1:]:
            batch.wrong[positions[number]] = True
    return layout


def _beyond_headers(batch: Batch, positions: dict[int, int]) -> None:
    """Say which data rows go on to the right of the last header; in a csv file that is an error:
    a comma in a text that nobody quoted moves all that follows it.
    """
    sheet = batch.sheet
    width = max((at for at, _ in sheet.placed_headers), default=-1) + 1
    long = [
        row for row in positions if any(cell is not None for cell in sheet.rows[row - 1][width:])
    ]
    if not long or not sheet.header_row:
        return
    if sheet.name is None:
        for row in long:
            beyond = len(sheet.rows[row - 1]) - width
            batch.refuse(positions[row], None, *explain("多出的格", {"cells": beyond}))
        return
    count = f"（共{len(long):,}行，首见于此）" if len(long) > 1 else ""
    what = f"最后一个表头的右边还有内容，没有读入{count}"
    batch.add(WARNING, what, "是数据的请加上表头；不要的请删去", row=long[0])


def _names(column: Column, ledger: Ledger) -> bool:
    """Whether a cell of the column says what the row belongs to, and no figure or name of it."""
    if column.kind in ("street", "community") or column.refers:
        return column.kind not in ("integer", "number")
    return column.kind == "choice" and column.key not in ledger.key
