"""One statement for all months in one go: to plan a statement takes longer than to run it.

A district's rows are few: of what a view of a month takes, nearly all goes into planning it, which
thirty-six months at once need no longer for than one does. Of them all a few are as dear as one.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from chunshui.warehouse import sql

NUMBER, ORDER = "number", "row_no"
# A number for each row would keep apart what these take together.
_MERGES = re.compile(r"^(select distinct|union|except|intersect)\b", re.MULTILINE)


class AtOnce:
    """The answers of one statement for each of some days, each text kept once."""

    def __init__(self, rows: pd.DataFrame, days: int):
        self._ends = np.searchsorted(rows[NUMBER].to_numpy(), np.arange(days + 1))
        kept = rows.drop(columns=[NUMBER, ORDER])
        self._columns = {name: _column(cells) for name, cells in kept.items()}

    def of(self, number: int) -> pd.DataFrame:
        """Return what `sql.frame` returns for the day of that number, texts as Python's."""
        here = slice(*self._ends[number : number + 2])
        columns = {name: cells(here) for name, cells in self._columns.items()}
        return pd.DataFrame(columns, index=pd.RangeIndex(here.stop - here.start))


def at_once(
    con: duckdb.DuckDBPyConnection,
    statement: str,
    as_of: Sequence[dt.date],
    window_start: Sequence[dt.date],
    params: dict[str, Any],
) -> AtOnce | None:
    """Run a statement for some days, each with the first day of its window, at once.

    None for a statement whose rows cannot be told apart and put in order so.
    """
    one = _numbered(sql.plain(statement))
    if one is None:
        return None
    for name in ("as_of", "window_start"):
        one = re.sub(rf"\${name}\b", f"asked.{name}", one)
    whole = sql.plain(sql.text("at_once")).replace("(statement)", f"({one})")
    days = {"as_of": list(as_of), "window_start": list(window_start)}
    try:
        rows = sql.raw(con, whole, params | days | {NUMBER: list(range(len(as_of)))})
    except duckdb.Error:  # what it cannot do, or what the statement for one day will say itself
        return None
    return AtOnce(rows, len(as_of))


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
