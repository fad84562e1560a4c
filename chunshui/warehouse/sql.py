"""Read SQL files by name and run them; the one place where a statement meets a connection."""

import re
from functools import cache
from typing import Any

import duckdb
import pandas as pd

from chunshui.paths import QUERIES

_TOKENS = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|/\*.*?\*/|--[^\n]*""", re.DOTALL)


@cache
def text(name: str) -> str:
    """Return the SQL of `queries/<name>.sql`, e.g. "views/opinion_rows".

    Files are read once per process: a running server keeps answering with the SQL it
    started with, also while an upgrade replaces the files.
    """
    path = (QUERIES / f"{name}.sql").resolve()
    if not path.is_relative_to(QUERIES):
        raise ValueError(f"query name leaves the queries folder: {name}")
    return path.read_text(encoding="utf-8")


def plain(statement: str) -> str:
    """Return a statement without its comments, the definition before it among them."""
    return _TOKENS.sub(lambda token: token[0] if token[0][0] in "'\"" else " ", statement).strip()


def run(con: duckdb.DuckDBPyConnection, name: str, /, **params: Any) -> pd.DataFrame:
    """Run one SQL file with named parameters ($x) on a cursor of its own.

    A cursor per call because one DuckDB connection shared by threads gives wrong rows
    without an error. DuckDB refuses a missing and an unused parameter.

    Returns a frame with plain dtypes: integers with gaps become floats with NaN (never
    pandas' nullable integers, whose NA breaks comparisons), BLOBs become bytes.
    """
    return frame(con, text(name), params)


def frame(con: duckdb.DuckDBPyConnection, statement: str, params: dict[str, Any]) -> pd.DataFrame:
    """Run a statement read from a file elsewhere (a metric body, a check) as `run` does."""
    result = raw(con, statement, params)
    for column in result.columns:
        given = result[column]
        if (known := without_gaps(given)) is not given:
            result[column] = known
    return result


def raw(con: duckdb.DuckDBPyConnection, statement: str, params: dict[str, Any]) -> pd.DataFrame:
    """Run a statement and return the rows with the dtypes that DuckDB gives them."""
    with con.cursor() as cursor:
        for name in _rules_in(statement):
            cursor.execute(text(name))  # for this cursor alone, also when read-only
        return cursor.execute(statement, params).df()


def without_gaps(cells: pd.Series) -> pd.Series:
    """Return a column with a plain dtype: see `run`."""
    if isinstance(cells.dtype, pd.Int64Dtype | pd.Int32Dtype | pd.Int16Dtype | pd.Int8Dtype):
        return cells.astype("float64")
    if cells.dtype == object and any(isinstance(cell, bytearray) for cell in cells):
        return pd.Series([None if cell is None else bytes(cell) for cell in cells], cells.index)
    return cells


def _rules_in(statement: str) -> tuple[str, ...]:
    """Return the files of the macros that a statement calls; those over the version's own need the others."""
    if _calls("rules_of_visits").search(statement):
        return "rules", "rules_of_visits"
    return ("rules",) if _calls("rules").search(statement) else ()


@cache
def _calls(name: str) -> re.Pattern[str]:
    """Match a call of any macro of a file of queries/."""
    names = re.findall(r"temp macro (\w+)", text(name))
    return re.compile(rf"\b({'|'.join(names)})\(")
