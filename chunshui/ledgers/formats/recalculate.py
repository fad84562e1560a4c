"""Compare the results that were saved with formulas with what the formulas give.

A workbook keeps the last result beside each formula; some software writes a 0 there and leaves the
computing to whoever opens the file. Sums, products and the like of cells are computed anew; of
other formulas a file may say itself that its results are out of date, or be of a kind that has none.
"""

import datetime as dt
import math
from collections.abc import Callable

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import get_column_letter, range_boundaries

from chunshui.ledgers.sheet import Grid, Outdated, Uncalculated

Cell = tuple[int, int]
MOST = 20_000  # formulas of a workbook that are computed anew
LARGEST = 200_000  # cells that one formula may ask for
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

    What a cell shares with another is written out. `texts` are by sheet and cell (row, column).
    """

    def __init__(self) -> None:
        self.grids: dict[str, Grid] = {}
        self.texts: dict[tuple[str, Cell], str] = {}
        self.numbers: dict[tuple[str, Cell], float] = {}

    def add(
        self, grid: Grid, given: dict[Cell, tuple[str, str | None]], numbers: dict[Cell, float]
    ) -> None:
        """Take the formulas of a sheet, each with the number of the one that it shares."""
        name = grid.name or ""
        self.grids[name] = grid
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
    is shown nothing is computed anew.
    """
    results = {
        place: result
        for place in formulas.texts
        if (result := formulas.saved(*place)) is not None and not isinstance(result, Uncalculated)
    }
    why = STATED if stated else ""
    if not why and results:
        zeros = all(_is_nothing(result) for result in results.values())
        unchained = writer.startswith(EXCEL) and not chained
        if unchained or (zeros and not writer.startswith(COMPUTING)):
            why = NEVER
    if why:
        told = dict.fromkeys(results, f"，{why}")
    else:
        told = {} if rounds else _differing(formulas, results, writer.startswith(ZEROING))
    for (sheet, (row, column)), reason in told.items():
        shown = formulas.grids[sheet].rows[row - 1][column - 1]
        text = Outdated(f"保存的结果是{shown}{reason}")
        formulas.grids[sheet].rows[row - 1][column - 1] = text


def _is_nothing(result: object) -> bool:
    return not isinstance(result, bool) and result in NOTHING


def _differing(
    formulas: Formulas, results: dict[tuple[str, Cell], object], zeroing: bool
) -> dict[tuple[str, Cell], str]:
    """What the formulas give whose saved results differ from it.

    Of software that is `zeroing` the zeros, too, that no formula gives from given numbers alone.
    """
    engine, told = _Engine(formulas), {}
    for place in list(results)[:MOST]:
        saved = results[place]
        if zeroing and _is_nothing(saved):
            told[place] = f"，{NEVER}"
        if isinstance(saved, bool) or not isinstance(saved, int | float):
            continue
        engine.largest = 1.0
        try:
            value = engine.formula(*place)
        except (_BeyondError, RecursionError):
            continue
        if place not in engine.leaning:
            told.pop(place, None)
        if not math.isclose(value, saved, rel_tol=1e-9, abs_tol=1e-9 * engine.largest):
            told[place] = f"，按公式应为{value:.12g}"
    return told


class _BeyondError(Exception):
    """A formula holds what is not computed here."""


def _rounded(value: float, digits: float) -> float:
    scale = 10.0 ** int(digits)
    return math.copysign(math.floor(abs(value) * scale + 0.5 + 1e-9), value) / scale


SUMS: dict[str, Callable[[list[float]], float]] = {
    "SUM(": math.fsum,
    "PRODUCT(": lambda values: math.prod(values) if values else 0.0,
    "AVERAGE(": lambda values: math.fsum(values) / len(values),
    "MIN(": lambda values: min(values, default=0.0),
    "MAX(": lambda values: max(values, default=0.0),
    "COUNT(": lambda values: float(len(values)),
}
OF_NUMBERS: dict[str, Callable[..., float]] = {"ROUND(": _rounded, "ABS(": abs}


class _Engine:
    """Computes formulas of numbers: + - * / ^ %, `SUMS` of ranges, `OF_NUMBERS`."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.known: dict[tuple[str, Cell], float | None] = {}  # None while it is computed
        self.leaning: set[tuple[str, Cell]] = set()  # which hang on a saved result
        self.largest = 1.0
        self.sheet = ""
        self.place: tuple[str, Cell] = ("", (0, 0))
        self.tokens: list[Token] = []

    def formula(self, sheet: str, cell: Cell) -> float:
        """What the formula of a cell gives. Raises _BeyondError where that is not told here."""
        if (sheet, cell) in self.known:
            if (value := self.known[sheet, cell]) is None:
                raise _BeyondError
            return value
        self.known[sheet, cell] = None
        outer = self.sheet, self.tokens, self.place
        try:
            tokens = Tokenizer("=" + self.formulas.texts[sheet, cell]).items
            self.sheet, self.place = sheet, (sheet, cell)
            self.tokens = [one for one in tokens if one.type != Token.WSPACE][::-1]
            value = self.sum()
            if self.tokens:
                raise _BeyondError
        except (TokenizerError, ArithmeticError, ValueError, IndexError) as error:
            raise _BeyondError from error
        finally:
            self.sheet, self.tokens, self.place = outer
        self.known[sheet, cell] = value
        return value

    def sum(self) -> float:
        value = self.product()
        while sign := self.taken(Token.OP_IN, "+-"):
            value += self.product() if sign == "+" else -self.product()
        return value

    def product(self) -> float:
        value = self.power()
        while sign := self.taken(Token.OP_IN, "*/"):
            value = value * self.power() if sign == "*" else value / self.power()
        return value

    def power(self) -> float:
        value = self.signed()
        while self.taken(Token.OP_IN, "^"):
            value = float(value ** self.signed())
        return value

    def signed(self) -> float:
        if sign := self.taken(Token.OP_PRE, "+-"):
            return self.signed() if sign == "+" else -self.signed()
        value = self.single()
        while self.taken(Token.OP_POST, "%"):
            value /= 100
        return value

    def taken(self, kind: str, signs: str) -> str:
        """The sign at hand, taken, if it is one of those."""
        if self.tokens and self.tokens[-1].type == kind and self.tokens[-1].value in signs:
            return str(self.tokens.pop().value)
        return ""

    def single(self) -> float:
        token = self.tokens.pop()
        if token.type == Token.OPERAND and token.subtype == Token.NUMBER:
            return self.seen(float(token.value))
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            cells = self.cells(token.value)
            if len(cells) != 1:
                raise _BeyondError
            value = self.at(*cells[0])
            if isinstance(value, str | bool | dt.date | dt.time):
                raise _BeyondError
            return self.seen(float(value or 0))  # type: ignore[arg-type]
        if token.type == Token.PAREN and token.subtype == Token.OPEN:
            value = self.sum()
            self.close()
            return value
        name = str(token.value).upper()
        if token.type == Token.FUNC and name == "SUBTOTAL(":
            return self.subtotal()
        if token.type == Token.FUNC and name in SUMS:
            return SUMS[name](self.values())
        if token.type == Token.FUNC and name in OF_NUMBERS:
            numbers = [self.sum()]
            while self.taken(Token.SEP, ","):
                numbers.append(self.sum())
            self.close()
            return OF_NUMBERS[name](*numbers)
        raise _BeyondError

    def subtotal(self) -> float:
        """A sum without the subtotals within it; where rows are hidden it may be of the others."""
        how, fewer = self.sum(), any(grid.hidden_rows for grid in self.formulas.grids.values())
        if how not in (9, 109) or fewer or not self.taken(Token.SEP, ","):
            raise _BeyondError
        return math.fsum(self.values(without="SUBTOTAL("))

    def close(self) -> None:
        if self.tokens.pop().subtype != Token.CLOSE:
            raise _BeyondError

    def values(self, without: str = "\0") -> list[float]:
        """The numbers that a function is given; of ranges those that are numbers.

        Cells whose formula begins with the function `without` are left out.
        """
        values: list[float] = []
        while True:
            token, after = self.tokens[-1], self.tokens[-2] if len(self.tokens) > 1 else None
            if token.subtype == Token.RANGE and after and after.type in (Token.SEP, Token.FUNC):
                self.tokens.pop()
                for cell in self.cells(token.value):
                    if self.formulas.texts.get(cell, "").upper().startswith(without):
                        continue
                    value = self.at(*cell)
                    if isinstance(value, dt.date | dt.time | Uncalculated):
                        raise _BeyondError
                    if isinstance(value, int | float) and not isinstance(value, bool):
                        values.append(self.seen(float(value)))
            else:
                values.append(self.sum())
            if not self.taken(Token.SEP, ","):
                self.close()
                return values

    def seen(self, value: float) -> float:
        self.largest = max(self.largest, abs(value))
        return value

    def at(self, sheet: str, cell: Cell) -> object:
        """What a cell holds; of a formula what it gives, else the result that was saved."""
        if (sheet, cell) in self.formulas.texts:
            try:
                value = self.formula(sheet, cell)
                if (sheet, cell) in self.leaning:
                    self.leaning.add(self.place)
                return value
            except _BeyondError:
                self.leaning.add(self.place)
                if self.known.get((sheet, cell), 0) is None:
                    self.known.pop((sheet, cell), None)
        return self.formulas.saved(sheet, cell)

    def cells(self, text: str) -> list[tuple[str, Cell]]:
        """The cells of a reference; names, tables and other files are beyond."""
        name, _, reference = text.rpartition("!")
        sheet = name.strip("'").replace("''", "'") if name else self.sheet
        if sheet not in self.formulas.grids or "[" in text:
            raise _BeyondError
        left, top, right, bottom = range_boundaries(reference.replace("$", ""))
        rows = self.formulas.grids[sheet].rows
        bottom = min(bottom or len(rows), max(len(rows), top or 1))
        right = right or max(map(len, rows), default=1)
        columns, lines = range(left or 1, right + 1), range(top or 1, bottom + 1)
        if len(columns) * len(lines) > LARGEST:
            raise _BeyondError
        return [(sheet, (row, column)) for row in lines for column in columns]
