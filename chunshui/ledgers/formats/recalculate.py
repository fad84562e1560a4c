"""Compare the results that were saved with formulas with what the formulas give.

A workbook keeps the last result beside each formula; some software writes a 0 there and leaves the
computing to whoever opens the file. What `evaluate` computes is computed anew; of other formulas a
file may say itself that its results are out of date, or be of a kind that has none. What remains
nobody here has checked, and is said so.
"""

import math

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import get_column_letter

from chunshui.ledgers.cells.parsed import ERROR, as_shown
from chunshui.ledgers.formats.evaluate import (
    BeyondError,
    Cell,
    DeepError,
    Engine,
    FailedError,
    Place,
    Scalar,
)
from chunshui.ledgers.sheet import Grid, Outdated, Uncalculated

MOST = 20_000  # formulas of a workbook that are computed anew
STATED = "文件写明打开时要重新计算"
NEVER = "写这个文件的软件没有计算公式"
# Software that computes what it saves; of these Excel keeps the order it computes in as a part.
EXCEL = "Microsoft"
COMPUTING = (EXCEL, "WPS", "LibreOffice", "Kingsoft")
# Software that fills in 0 unless it is told to compute.
ZEROING = ("Apache POI", "SheetJS", "Go Excelize", "XlsxWriter", "EPPlus", "openpyxl")
NOTHING = (0, "0")


class Formulas:
    """The formulas of a workbook, and the numbers of the cells that show something else.

    What a cell shares with another is written out. `texts` are by sheet and cell (row, column),
    `arrays` the areas (top, left, bottom, right) that array formulas fill.
    """

    def __init__(self) -> None:
        self.grids: dict[str, Grid] = {}
        self.texts: dict[Place, str] = {}
        self.numbers: dict[Place, float] = {}
        self.arrays: dict[Place, tuple[int, int, int, int]] = {}

    def add(
        self,
        grid: Grid,
        given: dict[Cell, tuple[str, str | None]],
        numbers: dict[Cell, float],
        arrays: dict[Cell, tuple[int, int, int, int]],
    ) -> None:
        """Take the formulas of a sheet, each with the number of the one that it shares."""
        name = grid.name or ""
        self.grids[name] = grid
        self.arrays |= {(name, cell): area for cell, area in arrays.items()}
        self.numbers |= {(name, cell): number for cell, number in numbers.items()}
        firsts: dict[str | None, tuple[str, str]] = {}
        for cell, (text, shared) in given.items():
            address = f"{get_column_letter(cell[1])}{cell[0]}"
            if shared is not None and text:
                firsts[shared] = f"={text}", address
            elif shared in firsts and len(self.texts) < MOST:
                try:
                    text = Translator(*firsts[shared]).translate_formula(address)[1:]
                except (TranslatorError, TokenizerError):
                    text = ""
            self.texts[name, cell] = text

    def saved(self, sheet: str, cell: Cell) -> object:
        """The result that was saved with a formula, or what a cell holds; its number, if it has one."""
        if (number := self.numbers.get((sheet, cell))) is not None:
            return number
        rows = self.grids[sheet].rows
        row = rows[cell[0] - 1] if cell[0] <= len(rows) else []
        return row[cell[1] - 1] if cell[1] <= len(row) else None


def outdate(formulas: Formulas, writer: str, stated: bool, chained: bool, rounds: bool) -> None:
    """Put `Outdated` in place of the results that are not to be trusted.

    `writer` is the software that the file says wrote it, `stated` whether it says that its results
    are out of date, `chained` whether it has Excel's order of computing; where it `rounds` to what
    is shown nothing is computed anew. What was not computed stands in `unchecked` of its grid.
    """
    engine = Engine(formulas.grids, formulas.texts, formulas.arrays, formulas.saved)
    results = {
        place: formulas.saved(*place) for place in dict.fromkeys([*formulas.texts, *engine.first])
    }
    results = {
        place: result for place, result in results.items() if not isinstance(result, Uncalculated)
    }
    filled = [result for result in results.values() if result is not None]
    why = STATED if stated else ""
    if not why and filled:
        zeros = all(_is_nothing(result) for result in filled)
        unchained = writer.startswith(EXCEL) and not chained
        if unchained or (zeros and not writer.startswith(COMPUTING)):
            why = NEVER
    unchecked: set[Place] = set()
    if why:
        told = {place: f"，{why}" for place, result in results.items() if result is not None}
    elif rounds:
        told, unchecked = {}, {place for place, result in results.items() if result is not None}
    else:
        told, unchecked = _differing(engine, results, writer.startswith(ZEROING))
    for (sheet, (row, column)), reason in told.items():
        cells = formulas.grids[sheet].rows
        cells.extend([] for _ in range(row - len(cells)))
        cells[row - 1].extend([None] * (column - len(cells[row - 1])))
        shown = cells[row - 1][column - 1]
        text = Outdated(f"保存的结果是{'空' if shown is None else as_shown(shown)}{reason}")
        cells[row - 1][column - 1] = text
        formulas.grids[sheet].formulas.add((row, column))
    for sheet, cell in unchecked - told.keys():
        formulas.grids[sheet].unchecked.add(cell)
    for sheet, cell in engine.first:
        formulas.grids[sheet].formulas.add(cell)


def _is_nothing(result: object) -> bool:
    return not isinstance(result, bool) and result in NOTHING


def _differing(
    engine: Engine, results: dict[Place, object], zeroing: bool
) -> tuple[dict[Place, str], set[Place]]:
    """What the formulas give whose saved results differ from it, and those that were not computed.

    Of software that is `zeroing` the zeros, too, that no formula gives from given numbers alone.
    """
    told: dict[Place, str] = {}
    unchecked: set[Place] = set()
    deep: list[Place] = []

    def judge(place: Place) -> None:
        saved = results[place]
        failed = isinstance(saved, str) and ERROR.match(saved) is not None
        engine.largest = 1.0
        try:
            value = engine.formula(*place)
        except FailedError:
            if saved is not None and not failed:
                told[place] = "，按公式应为错误值"
            return
        if place not in engine.leaning:
            told.pop(place, None)
        if not _agree(value, saved, engine.largest):
            told[place] = f"，按公式应为{_in_words(value)}"

    for number, (place, saved) in enumerate(results.items()):
        if zeroing and _is_nothing(saved):
            told[place] = f"，{NEVER}"
        try:
            if number >= MOST:
                raise BeyondError
            judge(place)
        except DeepError:
            deep.append(place)
        except (BeyondError, RecursionError):
            unchecked.add(place)
    for place in reversed(deep):  # what waits for the cells below or to the right of it
        try:
            judge(place)
        except (BeyondError, RecursionError):
            unchecked.add(place)
    unchecked = {one for one in unchecked if results[one] is not None}
    return told, unchecked


def _agree(value: Scalar, saved: object, largest: float) -> bool:
    if isinstance(value, str) or saved is None or isinstance(saved, str):
        return value == ("" if saved is None else saved)
    if not isinstance(saved, int | float):
        return True  # a day that is stored in words
    return math.isclose(value or 0, saved, rel_tol=1e-9, abs_tol=1e-9 * largest)


def _in_words(value: Scalar) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"“{value[:40]}”" if isinstance(value, str) else f"{value or 0:.12g}"
