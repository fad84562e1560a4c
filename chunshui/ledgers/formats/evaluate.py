"""Compute the formulas of a workbook anew, as far as two spreadsheet programs would surely agree.

Arithmetic, comparisons and texts; sums, counts and look-ups of ranges of the same workbook; conditions;
arrays. What hangs on the clock, on chance, on other files or on a locale is not computed:
`BeyondError` says so, and `FailedError` that the formula itself gives an error value.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.utils import range_boundaries

from chunshui.ledgers.cells.parsed import ERROR
from chunshui.ledgers.sheet import Grid, Uncalculated

Cell = tuple[int, int]
Place = tuple[str, Cell]
Scalar = float | str | bool | None
Matrix = list[list[Scalar]]
Node = tuple[Any, ...]
LARGEST = 200_000  # cells that one reference may have
MOST_CELLS = 1_500_000  # that all formulas of a workbook together may ask for
DEEPEST = 40  # formulas of which each waits for the next
NEAR = 1e-9  # two numbers nearer than this to each other are one, or cannot be told apart
PLAIN = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?\Z", re.ASCII)
LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
OPERATOR = re.compile("<>|<=|>=|[=<>]")


class BeyondError(Exception):
    """A formula holds what is not computed here."""


class FailedError(BeyondError):
    """A formula gives an error value such as #N/A."""


class DeepError(BeyondError):
    """A formula hangs on too long a chain of others that are not yet computed."""


class CircleError(BeyondError):
    """A formula hangs on its own result."""


def parse(text: str) -> Node:
    """The tree of a formula without its =. Raises BeyondError."""
    try:
        tokens = [one for one in Tokenizer("=" + text).items if one.type != Token.WSPACE]
        parser = _Parser(tokens[::-1])
        node = parser.binary(0)
    except (TokenizerError, IndexError, ValueError) as error:
        raise BeyondError from error
    if parser.tokens:
        raise BeyondError
    return node


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens  # the next one last

    def taken(self, kind: str, signs: tuple[str, ...]) -> str:
        """The sign at hand, taken, if it is one of those."""
        if self.tokens and self.tokens[-1].type == kind and self.tokens[-1].value in signs:
            return str(self.tokens.pop().value)
        return ""

    def binary(self, level: int) -> Node:
        if level == len(LEVELS):
            return self.signed()
        node = self.binary(level + 1)
        while sign := self.taken(Token.OP_IN, LEVELS[level]):
            node = ("operation", sign, node, self.binary(level + 1))
        return node

    def signed(self) -> Node:
        if sign := self.taken(Token.OP_PRE, ("+", "-")):
            return ("negative", self.signed()) if sign == "-" else self.signed()
        node = self.single()
        while self.taken(Token.OP_POST, ("%",)):
            node = ("operation", "/", node, ("constant", 100.0))
        return node

    def single(self) -> Node:
        token = self.tokens.pop()
        text = str(token.value)
        if token.type == Token.OPERAND:
            if token.subtype == Token.NUMBER:
                return ("constant", float(text))
            if token.subtype == Token.TEXT:
                return ("constant", text[1:-1].replace('""', '"'))
            if token.subtype == Token.LOGICAL:
                return ("constant", text.upper() == "TRUE")
            if token.subtype == Token.RANGE:
                return ("range", text)
        elif token.type == Token.PAREN and token.subtype == Token.OPEN:
            node = self.binary(0)
            self.close()
            return node
        elif token.type == Token.FUNC and token.subtype == Token.OPEN:
            return ("call", re.sub(r"^_XLFN\.", "", text.upper()).rstrip("("), self.arguments())
        raise BeyondError

    def arguments(self) -> list[Node | None]:
        given: list[Node | None] = []
        while True:
            after = self.tokens[-1]
            missing = after.type == Token.SEP or after.subtype == Token.CLOSE
            given.append(None if missing else self.binary(0))
            if not self.taken(Token.SEP, (",",)):
                self.close()
                return [] if given == [None] else given

    def close(self) -> None:
        if self.tokens.pop().subtype != Token.CLOSE:
            raise BeyondError


# ------------------------------------------------------------------------------ of single values


def _plain(value: Scalar) -> Scalar:
    """A value that is no error value. Raises FailedError for one."""
    if isinstance(value, str) and ERROR.match(value):
        raise FailedError
    return value


def _number(value: Scalar) -> float:
    value = _plain(value)
    if isinstance(value, str):
        if not PLAIN.match(value):  # a date, an amount with its unit: a question of the locale
            raise BeyondError
        return float(value)
    return float(value or 0)


def _whole(value: float) -> int:
    """A number as one that counts. Raises BeyondError for one on the edge of the next."""
    nearest = round(value)
    if value != nearest and math.isclose(value, nearest, rel_tol=NEAR, abs_tol=NEAR):
        raise BeyondError
    return math.floor(value)


def _text(value: Scalar) -> str:
    value = _plain(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if not isinstance(value, float | int):
        return value or ""
    if value and not 1e-4 <= abs(value) < 1e15:
        raise BeyondError
    return f"{value:.15g}"


def _truth(value: Scalar) -> bool:
    value = _plain(value)
    if isinstance(value, str):
        raise BeyondError
    return bool(value)


def _compared(sign: str, a: Scalar, b: Scalar) -> bool:
    a, b = _plain(a), _plain(b)
    if a is None or b is None:
        other = b if a is None else a
        nothing: Scalar = (
            "" if isinstance(other, str) else False if other is False or other is True else 0.0
        )
        a, b = (nothing if a is None else a), (nothing if b is None else b)
    kinds = [2 if isinstance(one, bool) else 1 if isinstance(one, str) else 0 for one in (a, b)]
    if kinds[0] != kinds[1]:
        order = kinds[0] - kinds[1]  # numbers go before texts, and truth values after them
    elif kinds[0] == 1:
        alike = str(a).casefold() == str(b).casefold()
        if not alike and sign not in ("=", "<>"):
            raise BeyondError  # which text goes first is a question of the locale
        order = 0 if alike else 1
    else:
        x, y = float(a), float(b)  # type: ignore[arg-type]
        order = 0 if f"{x:.15g}" == f"{y:.15g}" else 1 if x > y else -1
        if order and math.isclose(x, y, rel_tol=NEAR):
            raise BeyondError
    return {
        "=": order == 0, "<>": order != 0, "<": order < 0, ">": order > 0, "<=": order <= 0,
        ">=": order >= 0,
    }[sign]  # fmt: skip


def _operated(sign: str, a: Scalar, b: Scalar) -> Scalar:
    if sign == "&":
        return _text(a) + _text(b)
    if OPERATOR.match(sign):
        return _compared(sign, a, b)
    x, y = _number(a), _number(b)
    if sign == "/" and y == 0:
        raise FailedError
    if sign == "^" and x == 0 and y <= 0:
        raise FailedError
    result = {
        "+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y,
        "^": lambda: x**y,
    }[sign]()  # fmt: skip
    if isinstance(result, complex):
        raise FailedError
    return float(result)


def _rounded(value: Scalar, digits: Scalar = 0.0) -> float:
    number, scale = _number(value), 10.0 ** int(_number(digits))
    return math.copysign(math.floor(abs(number) * scale + 0.5 + NEAR), number) / scale


def _cut(value: Scalar, digits: Scalar = 0.0, up: bool = False) -> float:
    number, scale = _number(value), 10.0 ** int(_number(digits))
    size = abs(number) * scale
    return math.copysign(_whole(size) + (up and size != math.floor(size)), number) / scale


def _remainder(value: Scalar, divisor: Scalar) -> float:
    x, y = _number(value), _number(divisor)
    if y == 0:
        raise FailedError
    return x - y * _whole(x / y)


def _part(value: Scalar, first: Scalar, count: Scalar) -> str:
    start, length = int(_number(first)), int(_number(count))
    if start < 1 or length < 0:
        raise FailedError
    return _text(value)[start - 1 : start - 1 + length]


def _day(value: Scalar) -> dt.date:
    serial = _number(value)
    if not 61 <= serial < 2_958_466:  # before March 1900 programs count otherwise
        raise BeyondError
    return dt.date(1899, 12, 30) + dt.timedelta(days=int(serial))


def _serial(year: Scalar, month: Scalar, day: Scalar) -> float:
    y, m, d = (int(_number(one)) for one in (year, month, day))
    if not 1901 <= y <= 9998:
        raise BeyondError
    first = dt.date(y + (m - 1) // 12, (m - 1) % 12 + 1, 1)
    return float((first - dt.date(1899, 12, 30)).days + d - 1)


def _end(value: Scalar, count: Scalar = 1.0) -> str:
    text, length = _text(value), int(_number(count))
    return text[max(0, len(text) - length) :] if length > 0 else ""


def _mean(values: list[float]) -> float:
    if not values:
        raise FailedError
    return math.fsum(values) / len(values)


# Functions of single values: of an array they give an array.
EACH: dict[str, Callable[..., Scalar]] = {
    "ROUND": _rounded,
    "ROUNDDOWN": _cut,
    "TRUNC": _cut,
    "ROUNDUP": lambda value, digits: _cut(value, digits, up=True),
    "INT": lambda value: float(_whole(_number(value))),
    "ABS": lambda value: abs(_number(value)),
    "MOD": _remainder,
    "TRUE": lambda: True,
    "FALSE": lambda: False,
    "NOT": lambda value: not _truth(value),
    "LEN": lambda value: float(len(_text(value))),
    "LEFT": lambda value, count=1.0: _part(value, 1.0, count),
    "RIGHT": _end,
    "MID": _part,
    "TRIM": lambda value: re.sub(" +", " ", _text(value)).strip(" "),
    "EXACT": lambda a, b: _text(a) == _text(b),
    "VALUE": _number,
    "YEAR": lambda value: float(_day(value).year),
    "MONTH": lambda value: float(_day(value).month),
    "DAY": lambda value: float(_day(value).day),
    "DATE": _serial,
    "ISNUMBER": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "ISTEXT": lambda value: isinstance(_plain(value), str),
    "ISBLANK": lambda value: value is None,
    "N": lambda value: 0.0 if isinstance(value, str) else _number(value),
}
# Functions of the numbers in their arguments.
SUMS: dict[str, Callable[[list[float]], float]] = {
    "SUM": math.fsum,
    "PRODUCT": lambda values: math.prod(values) if values else 0.0,
    "AVERAGE": _mean,
    "MIN": lambda values: min(values, default=0.0),
    "MAX": lambda values: max(values, default=0.0),
    "COUNT": lambda values: float(len(values)),
}


def _criterion(stated: Scalar) -> Callable[[Scalar], bool]:
    """What SUMIF and its like ask of a cell."""
    stated = _plain(stated)
    if stated is None or isinstance(stated, bool):
        raise BeyondError
    sign, rest = "=", stated
    if isinstance(stated, str):
        matched = OPERATOR.match(stated)
        sign, text = (matched[0], stated[matched.end() :]) if matched else ("=", stated)
        if not text or re.search("[*?~]", text):
            raise BeyondError
        rest = float(text) if PLAIN.match(text) else text
    if isinstance(rest, str):
        if sign not in ("=", "<>") or re.match(r"[\d.+-]", rest):  # may be a day, a percentage
            raise BeyondError
        wanted = rest.casefold()
        alike = lambda cell: isinstance(cell, str) and cell.casefold() == wanted  # noqa: E731
        return alike if sign == "=" else lambda cell: not alike(cell)

    def fits(cell: Scalar) -> bool:
        if isinstance(cell, str) and PLAIN.match(cell):  # a number to some programs
            raise BeyondError
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return sign == "<>"
        return _compared(sign, float(cell), rest)

    return fits


# -------------------------------------------------------------------------------- of a workbook


class Engine:
    """Computes the formulas of some sheets.

    `texts` are the formulas by sheet and cell, `arrays` the corners of those that fill more than
    their cell, `saved` gives what a cell holds. `leaning` are the formulas that hang on a saved
    result, `largest` is the size of the numbers that the last one was made of.
    """

    def __init__(
        self,
        grids: dict[str, Grid],
        texts: dict[Place, str],
        arrays: dict[Place, tuple[int, int, int, int]],
        saved: Callable[[str, Cell], object],
    ) -> None:
        self.grids, self.texts, self.saved = grids, texts, saved
        self.arrays = arrays
        # The first cell of the array formula that a cell is part of.
        self.first: dict[Place, Place] = {
            (sheet, (row, column)): (sheet, cell)
            for (sheet, cell), (top, left, bottom, right) in arrays.items()
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        self.known: dict[Place, Scalar | Matrix | BeyondError | None] = {}
        self.busy: set[Place] = set()
        self.trees: dict[str, Node] = {}
        self.areas: dict[tuple[str, str], tuple[list[list[Place]], bool]] = {}
        self.filled: dict[tuple[str, str], tuple[list[Scalar], bool]] = {}
        self.indices: dict[tuple[str, str, int], dict[Scalar, int]] = {}
        self.leaning: set[Place] = set()
        self.largest = 1.0
        self.asked_cells = 0
        self.height = max((len(grid.rows) for grid in grids.values()), default=1) or 1
        self.width = max((len(row) for grid in grids.values() for row in grid.rows), default=1)
        self.open_ended = False  # whether the formula at hand asks for more rows than there are
        self.takes_blanks = False
        self.sheet = ""
        self.place: Place = ("", (0, 0))

    def formula(self, sheet: str, cell: Cell) -> Scalar:
        """What the formula of a cell gives. Raises BeyondError where that is not told here."""
        first = self.first.get((sheet, cell), (sheet, cell))
        value = self._whole_formula(first)
        if isinstance(value, list):
            row, column = cell[0] - first[1][0], cell[1] - first[1][1]
            row = 0 if len(value) == 1 else row
            column = 0 if len(value[0]) == 1 else column
            if row >= len(value) or column >= len(value[0]):
                raise FailedError
            value = value[row][column]
        return 0.0 if value is None else value

    def _whole_formula(self, place: Place) -> Scalar | Matrix:
        if place in self.known:
            value = self.known[place]
            if isinstance(value, BeyondError):
                raise value
            return value
        if place in self.busy:
            raise CircleError
        if self.asked_cells > MOST_CELLS:
            raise BeyondError
        if len(self.busy) >= DEEPEST:
            raise DeepError
        self.busy.add(place)
        outer = self.sheet, self.place
        self.sheet, self.place = place[0], place
        self.open_ended = False
        try:
            value = self._value(self._tree(self.texts[place]), place in self.arrays)
        except DeepError:
            raise
        except BeyondError as error:
            self.known[place] = error
            raise
        except (ArithmeticError, ValueError, TypeError, IndexError) as error:
            self.known[place] = BeyondError()
            raise self.known[place] from error  # type: ignore[misc]
        finally:
            self.busy.discard(place)
            self.sheet, self.place = outer
        self.known[place] = value
        return value

    def _tree(self, text: str) -> Node:
        if text not in self.trees:
            self.trees[text] = parse(text)
        return self.trees[text]

    def _value(self, node: Node | None, arrayed: bool) -> Scalar | Matrix:
        """What a part of a formula gives; an array only where it is `arrayed`."""
        if node is None:
            return None
        kind = node[0]
        if kind == "constant":
            return node[1]
        if kind == "range":
            cells = self._cells(node[1])
            if len(cells) == 1 and len(cells[0]) == 1:
                return self._at(cells[0][0])
            if not arrayed:
                raise BeyondError
            return [[self._at(place) for place in row] for row in cells]
        if kind == "negative":
            return self._each(
                lambda one: -_number(self._seen(one)), [self._value(node[1], arrayed)]
            )
        if kind == "operation":
            _, sign, left, right = node
            given = [self._value(left, arrayed), self._value(right, arrayed)]
            return self._each(
                lambda a, b: self._seen(_operated(sign, self._seen(a), self._seen(b))), given
            )
        return self._call(node[1], node[2], arrayed)

    def _each(
        self, function: Callable[..., Scalar], given: list[Scalar | Matrix]
    ) -> Scalar | Matrix:
        """A function of single values, of each cell of arrays; one row or column goes with all."""
        arrays = [one for one in given if isinstance(one, list)]
        if not arrays:
            return function(*given)
        rows, columns = max(map(len, arrays)), max(len(one[0]) for one in arrays)
        if any(len(one) not in (1, rows) or len(one[0]) not in (1, columns) for one in arrays):
            raise FailedError

        def pick(one: Scalar | Matrix, row: int, column: int) -> Scalar:
            if not isinstance(one, list):
                return one
            return one[row if len(one) > 1 else 0][column if len(one[0]) > 1 else 0]

        return [
            [function(*(pick(one, row, column) for one in given)) for column in range(columns)]
            for row in range(rows)
        ]

    def _call(self, name: str, nodes: list[Node | None], arrayed: bool) -> Scalar | Matrix:
        if name in EACH:
            return self._each(EACH[name], [self._value(node, arrayed) for node in nodes])
        if name in SUMS:
            return SUMS[name]([*self._numbers(nodes, arrayed)])
        if (method := getattr(self, f"_call_{name.lower()}", None)) is None:
            raise BeyondError
        if name in ("IF", "SUMPRODUCT", "COUNTA", "AND", "OR"):
            return method(nodes, arrayed)
        return method(*nodes)

    # ------------------------------------------------------------------------------- functions

    def _call_if(self, nodes: list[Node | None], arrayed: bool) -> Scalar | Matrix:
        condition = self._value(nodes[0], arrayed)
        if isinstance(condition, list):
            given = [self._value(node, arrayed) for node in nodes[1:]]
            return self._each(
                lambda one, yes=None, no=False: yes if _truth(one) else no, [condition, *given]
            )
        chosen = 1 if _truth(condition) else 2
        return self._value(nodes[chosen], arrayed) if chosen < len(nodes) else False

    def _call_ifs(self, *nodes: Node | None) -> Scalar | Matrix:
        for condition, node in zip(nodes[::2], nodes[1::2], strict=True):
            if _truth(self._scalar(condition)):
                return self._value(node, False)
        raise FailedError

    def _call_iferror(self, node: Node | None, other: Node | None) -> Scalar | Matrix:
        try:
            return _plain(self._scalar(node))
        except FailedError:
            return self._value(other, False)

    _call_ifna = _call_iferror

    def _call_and(self, nodes: list[Node | None], arrayed: bool) -> bool:
        return all(self._truths(nodes, arrayed))

    def _call_or(self, nodes: list[Node | None], arrayed: bool) -> bool:
        return any(self._truths(nodes, arrayed))

    def _truths(self, nodes: list[Node | None], arrayed: bool) -> list[bool]:
        """All of them: an error in the last one counts whatever the first is."""
        given = self._values(nodes, arrayed)
        return [_truth(one) for one, direct in given if direct or one is not None]

    def _call_concatenate(self, *nodes: Node | None) -> str:
        return "".join(_text(self._scalar(node)) for node in nodes)

    def _call_counta(self, nodes: list[Node | None], arrayed: bool) -> float:
        return float(sum(one is not None for one, _ in self._values(nodes, arrayed)))

    def _call_countblank(self, node: Node) -> float:
        count = sum(one in (None, "") for one in self._area(node))
        if self.open_ended:
            raise BeyondError
        return float(count)

    def _call_subtotal(self, how: Node | None, *nodes: Node | None) -> float:
        """A sum without the subtotals within it; where rows are hidden it may be of the others."""
        fewer = any(grid.hidden_rows for grid in self.grids.values())
        if self._scalar(how) not in (9, 109) or fewer:
            raise BeyondError
        return math.fsum(self._numbers([*nodes], False, without="SUBTOTAL("))

    def _call_sumproduct(self, nodes: list[Node | None], _: bool) -> float:
        given = [self._value(node, True) for node in nodes]
        arrays = [one if isinstance(one, list) else [[one]] for one in given]
        if len({(len(one), len(one[0])) for one in arrays}) > 1:
            raise BeyondError
        plain = [
            [0.0 if isinstance(_plain(one), str | bool) or one is None else self._seen(_number(one)) for row in array for one in row]
            for array in arrays
        ]  # fmt: skip
        return math.fsum(math.prod(numbers) for numbers in zip(*plain, strict=True))

    def _call_countif(self, *nodes: Node) -> float:
        count = len(self._chosen(nodes))
        if self.open_ended and self.takes_blanks:
            raise BeyondError
        return float(count)

    _call_countifs = _call_countif

    def _call_sumif(self, where: Node, stated: Node, summed: Node | None = None) -> float:
        return math.fsum(self._picked(summed or where, (where, stated)))

    def _call_sumifs(self, summed: Node, *nodes: Node) -> float:
        return math.fsum(self._picked(summed, nodes))

    def _call_averageif(self, where: Node, stated: Node, summed: Node | None = None) -> float:
        return _mean(self._picked(summed or where, (where, stated)))

    def _call_averageifs(self, summed: Node, *nodes: Node) -> float:
        return _mean(self._picked(summed, nodes))

    def _call_vlookup(self, *nodes: Node) -> Scalar:
        return self._looked_up(1, *nodes)

    def _call_hlookup(self, *nodes: Node) -> Scalar:
        return self._looked_up(-1, *nodes)

    def _looked_up(
        self, by: int, node: Node, area: Node, number: Node, near: Node | None = None
    ) -> Scalar:
        """What stands in the row (`by` is 1, -1: the column) of an area whose first cell is looked for."""
        if near is None or _truth(self._scalar(near)):
            raise BeyondError  # the nearest below, in a table that may not be in order
        cells = self._cells(area[1]) if area[0] == "range" else []
        lines = cells if by > 0 else [*zip(*cells, strict=True)]
        at = int(_number(self._scalar(number)))
        if not lines or not 1 <= at <= len(lines[0]):
            raise FailedError
        return self._at(lines[self._found(node, area, by)][at - 1])

    def _call_xlookup(
        self, node: Node, where: Node, given: Node, other: Node | None = None
    ) -> Scalar | Matrix:
        results = self._places(given)
        try:
            return self._at(results[self._found(node, where)])
        except FailedError:
            if other is None:
                raise
            return self._value(other, False)

    def _call_match(self, node: Node, area: Node, near: Node | None = None) -> float:
        if near is None or self._scalar(near) != 0:
            raise BeyondError
        return float(self._found(node, area) + 1)

    def _call_index(self, area: Node, row: Node | None, column: Node | None = None) -> Scalar:
        cells = self._cells(area[1]) if area[0] == "range" else []
        at = [int(_number(self._scalar(one))) for one in (row, column)]
        if column is None and len(cells) == 1:
            at = [1, at[0]]
        elif column is None:
            at[1] = 1
        if not cells or min(at) < 1:
            raise BeyondError
        if at[0] > len(cells) or at[1] > len(cells[0]):
            raise FailedError
        return self._at(cells[at[0] - 1][at[1] - 1])

    def _call_rank(self, node: Node, area: Node, order: Node | None = None) -> float:
        value, values = _number(self._scalar(node)), [*self._numbers([area], False)]
        if value not in values:
            raise BeyondError
        upwards = order is not None and _truth(self._scalar(order))
        return 1.0 + sum(one < value if upwards else one > value for one in values)

    # --------------------------------------------------------------------------------- of cells

    def _scalar(self, node: Node | None) -> Scalar:
        value = self._value(node, False)
        if isinstance(value, list):
            raise BeyondError
        return value

    def _values(
        self, nodes: list[Node | None], arrayed: bool, without: str = "\0"
    ) -> Iterator[tuple[Scalar, bool]]:
        """The values that a function is given, each with whether it is written in the formula itself.

        Cells whose formula begins with the function `without` are left out.
        """
        for node in nodes:
            if node is not None and node[0] == "range":
                for row in self._cells(node[1]):
                    for place in row:
                        if not self.texts.get(place, "").upper().startswith(without):
                            yield self._at(place), False
                continue
            value = self._value(node, arrayed)
            if isinstance(value, list):
                yield from ((one, False) for row in value for one in row)
            else:
                yield value, True

    def _numbers(
        self, nodes: list[Node | None], arrayed: bool, without: str = "\0"
    ) -> Iterator[float]:
        """The numbers among the values that a function is given; texts of cells are none.

        Raises BeyondError for a truth value in a cell: a number to some programs.
        """
        for value, direct in self._values(nodes, arrayed, without):
            if isinstance(value, bool) and not direct:
                raise BeyondError
            if direct or (isinstance(value, int | float) and not isinstance(value, bool)):
                yield float(self._seen(_number(value)))  # type: ignore[arg-type]
            else:
                _plain(value)

    def _places(self, node: Node | None) -> list[Place]:
        if node is None or node[0] != "range":
            raise BeyondError
        return [place for row in self._cells(node[1]) for place in row]

    def _area(self, node: Node | None) -> list[Scalar]:
        """The values of a range, its cells row by row."""
        if node is None or node[0] != "range":
            raise BeyondError
        key = self.sheet, node[1]
        if key not in self.filled:
            leaning, self.leaning = self.leaning, set()
            try:
                values = [self._at(place) for place in self._places(node)]
                self.filled[key] = values, bool(self.leaning)
            finally:
                self.leaning |= leaning
        self._cells(node[1])  # which may be open-ended
        values, leans = self.filled[key]
        if leans:
            self.leaning.add(self.place)
        return values

    def _chosen(self, nodes: tuple[Node, ...]) -> list[int]:
        """The positions in the ranges of SUMIFS and its like at which all that is stated holds."""
        chosen: set[int] | None = None
        length = None
        self.takes_blanks = True
        for where, stated in zip(nodes[::2], nodes[1::2], strict=True):
            values, fits = self._area(where), _criterion(self._scalar(stated))
            self._count(len(values) // 4)
            if length not in (None, len(values)):
                raise BeyondError
            length = len(values)
            self.takes_blanks = self.takes_blanks and fits(None)
            these = {at for at, value in enumerate(values) if fits(value)}
            chosen = these if chosen is None else chosen & these
        return sorted(chosen or ())

    def _picked(self, summed: Node, nodes: tuple[Node, ...]) -> list[float]:
        values = self._area(summed)
        if len(values) != len(self._places(nodes[0])):
            raise BeyondError
        these = (values[at] for at in self._chosen(nodes))
        return [
            float(self._seen(_number(one)))  # type: ignore[arg-type]
            for one in these
            if isinstance(_plain(one), int | float) and not isinstance(one, bool)
        ]

    def _found(self, node: Node, area: Node, by: int = 0) -> int:
        """Where in an area just what is looked for is first. Raises FailedError.

        `by` is 1 for its first column, -1 for its first row, 0 for all of it.
        """
        wanted = _plain(self._scalar(node))
        wild = isinstance(wanted, str) and re.search("[*?~]", wanted)
        if wanted is None or isinstance(wanted, bool) or wild or area[0] != "range":
            raise BeyondError
        if (self.sheet, area[1], by) not in self.indices:
            cells = self._cells(area[1])
            places = [row[0] for row in cells] if by > 0 else cells[0] if by else self._places(area)
            index: dict[Scalar, int] = {}
            for at, place in enumerate(places):
                value = self._at(place)
                if value is not None and not isinstance(value, bool):
                    index.setdefault(_key(value), at)
            self.indices[self.sheet, area[1], by] = index
        if (first := self.indices[self.sheet, area[1], by].get(_key(wanted))) is None:
            raise FailedError
        return first

    def _seen(self, value: Scalar) -> Scalar:
        """The value, a number among those that a result is made of."""
        if isinstance(value, int | float):
            self.largest = max(self.largest, abs(value))
        return value

    def _at(self, place: Place) -> Scalar:
        """What a cell holds; of a formula what it gives, else the result that was saved."""
        self._count(1)
        computed = place in self.texts or place in self.first
        if computed:
            try:
                value = self.formula(*place)
                if place in self.leaning:
                    self.leaning.add(self.place)
                return value
            except (FailedError, DeepError, CircleError):
                raise
            except BeyondError:
                self.leaning.add(self.place)
        saved = self.saved(*place)
        if isinstance(saved, dt.date | dt.time | Uncalculated):
            raise BeyondError
        if saved is None:
            return "" if computed else None
        if isinstance(saved, bool | str):
            return saved
        return float(saved)  # type: ignore[arg-type]

    def _cells(self, text: str) -> list[list[Place]]:
        """The cells of a reference by row; names, tables and other files are beyond."""
        if (known := self.areas.get((self.sheet, text))) is not None:
            self.open_ended = self.open_ended or known[1]
            return known[0]
        name, _, reference = text.rpartition("!")
        sheet = name.strip("'").replace("''", "'") if name else self.sheet
        if sheet not in self.grids or "[" in text or "#" in text:
            raise BeyondError
        left, top, right, bottom = range_boundaries(reference.replace("$", ""))
        if (
            open_ended := not bottom or not right or bottom > self.height
        ):  # as far as there are cells
            bottom = min(bottom or self.height, max(self.height, top or 1))
            right = right or self.width
        columns, lines = range(left or 1, right + 1), range(top or 1, bottom + 1)
        if len(columns) * len(lines) > LARGEST:
            raise BeyondError
        self._count(len(columns) * len(lines))
        cells = [[(sheet, (row, column)) for column in columns] for row in lines]
        self.areas[self.sheet, text] = cells, open_ended
        self.open_ended = self.open_ended or open_ended
        return cells

    def _count(self, cells: int) -> None:
        """Count the cells asked for. Raises BeyondError when they are too many."""
        self.asked_cells += cells
        if self.asked_cells > MOST_CELLS:
            raise BeyondError


def _key(value: Scalar) -> Scalar:
    if isinstance(value, str):
        return value.casefold()
    return f"{value:.15g}\0"
