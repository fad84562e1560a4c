"""One statement for all months in one go: to plan a statement takes longer than to run it.

A district's rows are few: of what a view of a month takes, nearly all goes into planning it, which
thirty-six months at once need no longer for than one does. Of them all a few are as dear as one.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd

from chunshui.warehouse import sql

NUMBER, ORDER = "number", "row_no"
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
    """The answers of one statement for each of some days, each text kept once; `bytes` is about what they take."""

    def __init__(self, rows: pd.DataFrame, days: int):
        self._ends = np.searchsorted(rows[NUMBER].to_numpy(), np.arange(days + 1))
        kept = rows.drop(columns=[NUMBER, ORDER])
        self.bytes = int(kept.memory_usage().sum())
        self._columns = {name: _column(cells) for name, cells in kept.items()}

    def of(self, number: int) -> pd.DataFrame:
        """Return what `sql.frame` returns for the day of that number, texts as Python's."""
        here = slice(*self._ends[number : number + 2])
        columns = {name: cells(here) for name, cells in self._columns.items()}
        return pd.DataFrame(columns, index=pd.RangeIndex(here.stop - here.start))


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


def _column(cells: pd.Series) -> Callable[[slice], Any]:
    """Return what gives some of a column's cells with the dtype they have alone."""
    if isinstance(cells.dtype, pd.StringDtype):
        codes, texts = pd.factorize(cells)
        texts = np.array([*texts, np.nan], dtype=object)  # of code -1

        def some_texts(here: slice) -> Any:
            mine = codes[here]
            if len(mine) and mine.max() < 0:  # DuckDB has None where there is no text at all
                return pd.Series(np.full(len(mine), None), dtype=object)
            return pd.Series(texts[mine], dtype=object)

        return some_texts
    if hasattr(cells.dtype, "numpy_dtype"):  # whole numbers and truth values with gaps
        missing, alone = cells.isna().to_numpy(), cells.dtype.numpy_dtype

        def some_values(here: slice) -> Any:
            if not missing[here].any():
                return cells.array[here].to_numpy(dtype=alone)
            return sql.without_gaps(cells.iloc[here]).array

        return some_values
    return lambda here: cells.array[here]
