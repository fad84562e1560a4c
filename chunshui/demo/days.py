"""Dates: the months of history, draws between two dates, and working days."""

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd

from chunshui.demo.geography import read_reference
from chunshui.demo.stream import Stream
from chunshui.month import Month

FIRST = dt.date(2023, 11, 1)
"""First day of the thirty-six months of history."""
LAST = dt.date(2026, 10, 31)
"""Last day of history; everything counted is as of this day."""
MONTHS = Month.of(FIRST).until(Month.of(LAST))


def between(draw: Stream, n: int, first: dt.date, last: dt.date, power: float = 1.0) -> np.ndarray:
    """Shape (n,) datetime64[D] from `first` to `last`; a power above 1 crowds the early days."""
    days = (last - first).days + 1
    return np.datetime64(first) + np.floor(draw.many(n) ** power * days).astype(int)


def growing(
    draw: Stream, n: int, before: float, oldest: dt.date, newest: dt.date = LAST
) -> np.ndarray:
    """Shape (n,) datetime64[D]: the share `before` earlier than FIRST, the rest up to `newest`.

    The order is shuffled, so that early and late ones are spread over places.
    """
    early = between(draw, round(n * before), oldest, FIRST - dt.timedelta(1))
    late = between(draw, n - len(early), FIRST, newest)
    return np.concatenate([early, late])[draw.order(n)]


def weekday(days: np.ndarray) -> np.ndarray:
    """1 for Monday … 7 for Sunday."""
    return (days.astype("datetime64[D]").astype(int) + 3) % 7 + 1


@cache
def _working() -> np.ndarray:
    """All working days of 2023 to 2027 in order: weekdays, less holidays, plus make-up days."""
    days = np.arange("2023-01-01", "2028-01-01", dtype="datetime64[D]")
    table = read_reference("workdays.csv")
    dates = table["date"].to_numpy().astype("datetime64[D]")
    works = (weekday(days) <= 5) & ~np.isin(days, dates[table["kind"] == "off"])
    works |= np.isin(days, dates[table["kind"] == "work"])
    return days[works]


def add_workdays(start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """The `count`-th working day after `start` (the day itself never counts)."""
    working = _working()
    return working[np.searchsorted(working, start, side="right") + count - 1]


def announced() -> pd.DataFrame:
    """The published days off and make-up days, in the columns of the ledger of working days.

    The arrangement of a year is published late in the year before.
    """
    table = read_reference("workdays.csv")
    year = table["date"].str[:4]
    return pd.DataFrame(
        {
            "day": table["date"].to_numpy().astype("datetime64[D]"),
            "kind": table["kind"].map({"off": "放假", "work": "上班"}),
            "holiday": table["name"],
            "notice": "国务院办公厅关于" + year + "年部分节假日安排的通知",
            "published_year": year.astype(int) - 1,
        }
    )


def missing(days: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """`days` with NaT where `gone` is true."""
    return np.where(gone, np.datetime64("NaT"), days)
