"""One statement for all months in one go: to plan a statement takes longer than to run it.

A district's rows are few: of what a view of a month takes, nearly all goes into planning it, which
thirty-six months at once need no longer for than one does. Of them all a few are as dear as one.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd

from chunshui.warehouse import sql

NUMBER, ORDER = "number", "row_no"
TEXT_BYTES = 72  # of a short text of its own, and what points to it
# A number for each row would keep apart what these take together.
_MERGES = re.compile(r"^(select distinct|union|except|intersect)\b", re.MULTILINE)


class Days(NamedTuple):
    """As of which day a statement is asked, and where it has a window the first day of that."""

    as_of: dt.date
    window_start: dt.date | None = None

    @property
    def params(self) -> dict[str, dt.date]:
        """The parameters of the statement."""
        return {name: day for name, day in self._asdict().items() if day}


class AtOnce:
    """The answers of one statement for each of some days, each value kept once; `bytes` is about what they take."""

    def __init__(self, rows: pd.DataFrame, days: int):
        self._ends = np.searchsorted(rows[NUMBER].to_numpy(), np.arange(days + 1))
        kept = rows.drop(columns=[NUMBER, ORDER])
        self._columns = {name: _Column(cells) for name, cells in kept.items()}
        self.bytes = sum(column.bytes for column in self._columns.values())

    def of(self, number: int) -> pd.DataFrame:
        """Return what `sql.frame` returns for the day of that number, texts as Python's."""
        here = slice(*self._ends[number : number + 2])
        columns = {name: column.of(here) for name, column in self._columns.items()}
        return pd.DataFrame(columns, index=pd.RangeIndex(here.stop - here.start))


class _Column:
    """Cells of a column as the numbers of their values, of which months have the same ones."""

    def __init__(self, cells: pd.Series):
        self._is_text = isinstance(cells.dtype, pd.StringDtype)
        self._codes: np.ndarray | None = None
        self._values: Any = cells.array
        if cells.dtype != object:  # lists and blobs, few
            codes, values = pd.factorize(self._values)
            self._codes = codes.astype(np.min_scalar_type(-len(values) - 1))
            # Of code -1, so the last, is what is missing.
            self._values = np.array([*values, np.nan], dtype=object) if self._is_text else values
        of_values = TEXT_BYTES if self._is_text else 9  # a number, and whether it is missing
        self.bytes = len(self._values) * of_values
        self.bytes += 0 if self._codes is None else self._codes.nbytes

    def of(self, here: slice) -> Any:
        """Return some of the cells, with the dtype they have alone."""
        if self._codes is None:
            return self._values[here]
        codes = self._codes[here]
        if self._is_text:
            if len(codes) and codes.max() < 0:  # DuckDB has None where there is no text at all
                return pd.Series(np.full(len(codes), None), dtype=object)
            return pd.Series(self._values[codes], dtype=object)
        cells = pd.Series(pd.api.extensions.take(self._values, codes, allow_fill=True))
        if hasattr(cells.dtype, "numpy_dtype"):  # whole numbers and truth values with gaps
            if cells.isna().any():
                return sql.without_gaps(cells).array
            return cells.to_numpy(dtype=cells.dtype.numpy_dtype)
        return cells.array


def at_once(
    con: duckdb.DuckDBPyConnection,
    statement: str,
    days: Sequence[Days],
    params: dict[str, Any],
) -> AtOnce | None:
    """Run a statement for some days at once.

    None for a statement whose rows cannot be told apart and put in order so.
    """
    one = _numbered(sql.plain(statement))
    if one is None:
        return None
    for name in ("as_of", "window_start"):
        one = re.sub(rf"\${name}\b", f"asked.{name}", one)
    whole = sql.plain(sql.text("at_once")).replace("(statement)", f"({one})")
    asked = {
        NUMBER: list(range(len(days))),
        "as_of": [one.as_of for one in days],
        "window_start": [one.window_start or one.as_of for one in days],
    }
    try:
        rows = sql.raw(con, whole, params | asked)
    except duckdb.Error:  # what it cannot do, or what the statement for one day will say itself
        return None
    return AtOnce(rows, len(days))


def _numbered(statement: str) -> str | None:
    """Return a statement that numbers its rows in its own order (0 each without one)."""
    head, ordered, keys = statement.rpartition("\norder by")
    columns, _, source = (head if ordered else statement).rpartition("\nfrom ")
    if not columns or _MERGES.search(statement):
        return None
    order = f"row_number() over (order by {keys})" if ordered else "0"
    return f"{columns},\n    {order} as {ORDER}\nfrom {source}"
