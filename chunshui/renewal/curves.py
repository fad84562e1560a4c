"""S-curves: what was to be done, what was done and what is expected, added up month by month."""

import numpy as np
import pandas as pd

from chunshui.month import Month
from chunshui.renewal import totals


def month_ends(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Return the last days of the months from that of `first` to that of `last`."""
    months = Month.of(first).until(Month.of(last))
    return pd.DatetimeIndex([month.last for month in months], dtype="datetime64[s]")


def summed_by(dates: pd.Series, weight: np.ndarray, ends: pd.DatetimeIndex) -> np.ndarray:
    """Return how much weight was dated on or before each end; undated rows never count."""
    days = dates.to_numpy()
    dated = ~np.isnat(days)
    order = np.argsort(days[dated], kind="stable")
    sums = np.concatenate([[0], np.cumsum(weight[dated][order])])
    return sums[np.searchsorted(days[dated][order], ends.to_numpy(), side="right")]


def progress_curve(
    stages: pd.DataFrame, forecasts: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Draw up the S-curve of one milestone: weight planned, reached and still expected.

    `stages` holds one row per project: planned_on, actual_on (NaT: not by `as_of`) and weight,
    what the project counts (households, or 1). `forecasts` holds the forecasts of that milestone
    (likely_on, high_on, chances, weight) or no row.

    Returns one row per month, from the first plan or deed to the last plan or forecast: month
    (its last day), planned, actual (NaN after `as_of`), and from `as_of` on slowest, likely,
    fastest: what was reached plus what is forecast to be by then (`totals.expected`); projects
    without forecast add nothing.
    """
    own = stages["weight"].to_numpy(float)
    dates = (
        stages["planned_on"],
        stages["actual_on"],
        forecasts["high_on"],
        forecasts["likely_on"],
    )
    known = [column.dropna() for column in dates if column.notna().any()]
    if not known:
        return pd.DataFrame(columns=["month", "planned", "actual", "fastest", "likely", "slowest"])
    latest = max(column.max() for column in known)
    ends = month_ends(min(column.min() for column in known), max(latest, as_of))
    actual = summed_by(stages["actual_on"], own, ends)
    coming = ends[ends >= as_of]
    curve = {
        "month": ends,
        "planned": summed_by(stages["planned_on"], own, ends),
        "actual": np.where(ends <= as_of, actual, np.nan),
    }
    more = totals.expected(forecasts, coming, as_of)
    for name, line in zip(("slowest", "likely", "fastest"), more, strict=True):
        curve[name] = np.append(np.full(len(ends) - len(coming), np.nan), actual[-1] + line)
    return pd.DataFrame(curve)


def money_curve(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Draw up the S-curve of money: planned, allocated and paid yuan, running totals by month.

    `rows` holds month (first day), planned_yuan, allocated_yuan, paid_yuan. Months after
    `as_of` keep their plan only. Returns month (its last day), planned, allocated, paid.
    """
    columns = {"planned_yuan": "planned", "allocated_yuan": "allocated", "paid_yuan": "paid"}
    if rows.empty:
        return pd.DataFrame(columns=["month", *columns.values()])
    sums = rows.groupby("month")[list(columns)].sum()
    months = Month.of(sums.index.min()).until(Month.of(max(sums.index.max(), as_of)))
    every = pd.DatetimeIndex([month.first for month in months], dtype=sums.index.dtype)
    curve = sums.reindex(every, fill_value=0).cumsum().rename(columns=columns).astype(float)
    curve.loc[curve.index > as_of, ["allocated", "paid"]] = np.nan
    curve.insert(0, "month", month_ends(every[0], every[-1]))
    return curve.reset_index(drop=True)


def behind_plan(curve: pd.DataFrame, actual: str, as_of: pd.Timestamp) -> dict[str, float]:
    """Say how far the column `actual` is behind the plan on `as_of`.

    Returns planned, actual, behind (planned less actual) and months_late: how many months ago
    the plan stood where things stand now (0 when on plan or ahead).
    """
    past = curve[curve["month"] <= as_of]
    if past.empty:
        return {"planned": 0.0, "actual": 0.0, "behind": 0.0, "months_late": 0}
    planned, done = float(past["planned"].iloc[-1]), float(past[actual].iloc[-1])
    late = int((past["planned"] > done).sum())
    return {"planned": planned, "actual": done, "behind": planned - done, "months_late": late}
