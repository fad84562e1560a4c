"""The parsed columns of a batch, with what is wrong with their cells turned into issues."""

from openpyxl.utils import get_column_letter

from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells.messages import explain
from chunshui.ledgers.cells.parsed import Parsed, as_shown
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.ledgers.issue import Issue
from chunshui.words import ERROR, NOTE


class Findings:
    """Collects the parsed columns of a batch and turns their codes into issues."""

    def __init__(self, batch: Batch, issues: list[Issue]):
        self.batch = batch
        self.issues = issues
        self.notes: dict[tuple[str, str], list[int]] = {}
        self.unread: set[str] = set()  # the keys of columns with a cell that could not be read
        self.position = {number: at for at, number in enumerate(batch.row_numbers)}
        self.fills: dict[int, list[tuple[int, int]]] = {}
        self.covered: set[tuple[int, str]] = set()  # by a merge that was refused: told already

    def take(self, column: Column, parsed: list[Parsed]) -> None:
        """Keep the values of a column; say what is wrong with its cells."""
        batch = self.batch
        batch.values[column.key] = [cell.value for cell in parsed]
        unstated: list[int] = []
        for position, cell in enumerate(parsed):
            if cell.code == "必填" and (position, column.key) in self.covered:
                batch.wrong[position] = True
            elif cell.code is not None:
                batch.wrong[position] = True
                self.unread.add(column.key)
                if cell.code == "单位不明":
                    unstated.append(position)
                else:
                    what, mend = explain(cell.code, cell.facts)
                    self.issues.append(batch.issue(ERROR, position, column.key, what, mend))
            elif cell.note and column.key in batch.at:
                self.notes.setdefault((column.key, cell.note), []).append(position)
                if column.kind in ("street", "community"):
                    value = cell.note.removeprefix("读作 ")
                    batch.read_as(position, column.key, value, "名录中的正式写法")
        if unstated:
            what, mend = explain("单位不明", parsed[unstated[0]].facts)
            what = f"{what}（共 {len(unstated)} 格）"
            self.issues.append(batch.issue(ERROR, unstated[0], column.key, what, mend))

    def refuse(self, position: int, key: str | None, what: str, mend: str) -> None:
        """Mark one row wrong for a reason of its own."""
        self.batch.wrong[position] = True
        self.issues.append(self.batch.issue(ERROR, position, key, what, mend))

    def tell_notes(self) -> None:
        """Say once for each what was read otherwise than it stands."""
        for (key, note), positions in self.notes.items():
            times = f"（共 {len(positions)} 格，首见于此）" if len(positions) > 1 else ""
            self.issues.append(
                self.batch.issue(NOTE, positions[0], key, note + times, "请确认读得对")
            )

    def layout(self, ledger: Ledger) -> None:
        """Hidden rows and merged cells below the header.

        A cell merged down holds for all its rows where it names something: 街道, 社区, a code of
        another ledger, one of some words. Any other leaves open what the covered cells hold, so
        its rows are refused. Columns that are not read may be merged at will.
        """
        batch = self.batch
        for number in sorted(batch.sheet.hidden_rows & self.position.keys()):
            self.refuse(self.position[number], None, *explain("隐藏行", {"row": number}))
        keys = {at: key for key, at in batch.at.items()}
        for top, left, bottom, right in batch.sheet.merges:
            rows = [n for n in range(top, bottom + 1) if n in self.position]
            inside = [keys[at] for at in range(left - 1, right) if at in keys]
            if not rows or not inside or (top, left) == (bottom, right):
                continue
            if inside == [keys.get(left - 1)] and rows[0] == top:
                if top == bottom:
                    continue
                if _names(ledger.column(inside[0]), ledger):
                    self.fills.setdefault(left - 1, []).append((top, bottom))
                    continue
            span = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
            self.refuse(self.position[rows[0]], inside[0], *explain("合并单元格", {"range": span}))
            self.covered |= {(self.position[n], key) for n in rows for key in inside}
            for number in rows[1:]:
                batch.wrong[self.position[number]] = True

    def filled(self, column: Column, raws: list) -> list:
        """The cells of a column with those merged down filled in."""
        fills = self.fills.get(self.batch.at.get(column.key, -1))
        if not fills:
            return raws
        raws = list(raws)
        for top, bottom in fills:
            first = self.position[top]
            for number in range(top + 1, bottom + 1):
                if number in self.position:  # a 小计 may stand in between
                    at = self.position[number]
                    raws[at] = raws[first]
                    if raws[at] is not None:
                        shown = as_shown(raws[at])[:60]
                        self.batch.read_as(at, column.key, shown, "合并单元格，同上")
        return raws


def _names(column: Column, ledger: Ledger) -> bool:
    """Whether a cell of the column says what the row belongs to, and no figure or name of it."""
    if column.kind in ("street", "community") or column.refers:
        return column.kind not in ("integer", "number")
    return column.kind == "choice" and column.key not in ledger.key
