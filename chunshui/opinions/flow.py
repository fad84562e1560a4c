"""What comes in at each tier, goes out, and is in hand; which tier of which street gets stuck.

All are told from visits: frames with a row for each visit of an item to a tier (the columns of
`queries/views/opinions_visits.sql`), as known on one day.
"""

from itertools import product
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chunshui.month import Month
from chunshui.opinions.waiting import Waiting, waiting

TIERS = ("小区", "社区", "街道", "部门")
RECEIVED, FROM_BELOW, FROM_ABOVE = "收件", "下级上报", "上级退回"
UP, BACK, CLOSED = "上报", "退回", "办结"
IN = {"received": RECEIVED, "from_below": FROM_BELOW, "from_above": FROM_ABOVE}
OUT = {"up": UP, "back": BACK, "closed": CLOSED}

FEWEST_VISITS = 10  # what a tier of a street is judged by at least
CHANCE = 0.05  # of calling any tier stuck that is not, over all that are judged
WATCHED_MONTHS = 6
RISEN_MONTHS = 3  # of those watched, in which what is in hand has grown
PENDING_QUANTILE = 0.9


def balance(visits: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Return one row per tier: opening, in (`IN`), out (`OUT`) and closing, from `start` to `end`.

    Opening is in hand before `start`, closing at the end of `end`. What comes in goes out or is in
    hand: opening + in = out + closing. Columns pending_days and item_days are the days that items
    lay at the tier in that time, and those of them before the tier had accepted (both in days).
    """
    came, left, taken = (visits[day].to_numpy() for day in ("came_on", "left_on", "taken_on"))
    first, last = np.datetime64(start), np.datetime64(end)
    comes, leaves = (first <= came) & (came <= last), (first <= left) & (left <= last)
    came_by, left_by = visits["came_by"].to_numpy(), visits["left_by"].to_numpy()
    parts = {
        "opening": (came < first) & ~(left < first),
        **{key: comes & (came_by == how) for key, how in IN.items()},
        **{key: leaves & (left_by == how) for key, how in OUT.items()},
        "closing": (came <= last) & ~(left <= last),
        "pending_days": _days(came, taken, first, last),
        "item_days": _days(came, left, first, last),
    }
    tiers = visits["tier"].to_numpy()
    counts = {key: [part[tiers == tier].sum() for tier in TIERS] for key, part in parts.items()}
    return pd.DataFrame(counts, index=pd.Index(TIERS, name="tier"), dtype=int)


def _days(since: NDArray, until: NDArray, start: np.datetime64, end: np.datetime64) -> NDArray:
    """Return how many days of each span lie from `start` to `end`; an open one lasts."""
    first, last = np.maximum(since, start), np.fmin(until, end)  # of none and `end`, `end`
    return np.maximum((last - first) // np.timedelta64(1, "D"), 0)


def days_there(visits: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """Return the days of each visit, up to `end` where it lasts."""
    return (visits["left_on"].fillna(end) - visits["came_on"]).dt.days


def since_months(visits: pd.DataFrame, end: pd.Timestamp, months: int = 12) -> pd.DataFrame:
    """Return the visits that began in the last months up to `end`, a month's last day."""
    first = Month.of(end).shift(1 - months).first
    return visits[visits["came_on"] >= pd.Timestamp(first)]


def stuck(visits: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Return a row per street and tier of the last twelve months, with which is a bottleneck.

    `visits` are those of the whole district. Columns street_code, street_name, tier, visits, mean
    (restricted, days), excess (days more than the same tier of the other streets), item_days (what
    that comes to over its visits), z, pending (share of its days before acceptance), risen (months
    of the last six in which what is in hand grew), is_judged, is_longer, is_stuck.

    A tier of a street is longer where it keeps items longer than the same tier elsewhere beyond
    chance, held to one error in twenty over all that are judged (Bonferroni). It is a bottleneck
    (stuck) where items pile up there too: more in hand in three of the last six months, or a share of
    days unaccepted that only one street in ten has.
    """
    recent = since_months(visits, end)
    pending = (recent["taken_on"].fillna(end) - recent["came_on"]).dt.days.to_numpy()
    days, has_left = days_there(recent, end).to_numpy(), recent["left_on"].notna().to_numpy()
    codes, tiers = recent["street_code"].to_numpy(), recent["tier"].to_numpy()
    risen = _risen(visits, end)
    places = set(zip(recent["street_code"], recent["street_name"], recent["tier"], strict=True))
    rows = []
    for code, name, tier in sorted(places):
        own = (tiers == tier) & (codes == code)
        others = (tiers == tier) & (codes != code)
        mine, theirs = (waiting(days[part], has_left[part]) for part in (own, others))
        whole = days[own].sum()
        rows.append(
            {
                "street_code": code,
                "street_name": name,
                "tier": tier,
                "visits": int(own.sum()),
                "mean": mine.mean if mine else np.nan,
                "pending": pending[own].sum() / whole if whole else 0.0,
                **_beside(mine, theirs),
                "risen": risen.get((code, tier), 0),
            }
        )
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    table["is_judged"] = table["z"].notna()
    bound = bound_z(int(table["is_judged"].sum()))
    judged = table[table["is_judged"]]
    high = judged.groupby("tier")["pending"].quantile(PENDING_QUANTILE)
    piles = (table["risen"] >= RISEN_MONTHS) | (table["pending"] > table["tier"].map(high))
    table["is_longer"] = table["z"] > bound
    table["is_stuck"] = table["is_longer"] & piles
    return table.sort_values(["is_stuck", "z"], ascending=False, ignore_index=True)


def bound_z(judged: int) -> float:
    """Return how many standard errors one of so many must be above the others to be told apart."""
    return NormalDist().inv_cdf(1 - CHANCE / max(judged, 1))


def _beside(mine: Waiting | None, others: Waiting | None) -> dict[str, float]:
    """Return how much longer one street's visits to a tier last than those of the others."""
    if mine is None or others is None or min(mine.visits, others.visits) < FEWEST_VISITS:
        return {"excess": np.nan, "item_days": np.nan, "z": np.nan}
    excess, error = mine.mean - others.mean, float(np.hypot(mine.error, others.error))
    z = excess / error if error else np.nan
    return {"excess": excess, "item_days": excess * mine.visits, "z": z}


def _risen(visits: pd.DataFrame, end: pd.Timestamp) -> dict[tuple[str, str], int]:
    """Return by street and tier in how many of the last months what is in hand grew."""
    last = Month.of(end)
    ends = [np.datetime64(last.shift(-back).last) for back in range(WATCHED_MONTHS, -1, -1)]
    came, left = visits["came_on"].to_numpy(), visits["left_on"].to_numpy()
    (streets, codes), (tiers, names) = (
        pd.factorize(visits[key]) for key in ("street_code", "tier")
    )
    places = streets * len(names) + tiers
    held = [np.bincount(places[(came <= one) & ~(left <= one)], minlength=len(codes) * len(names))
            for one in ends]  # fmt: skip
    grown = (np.diff(held, axis=0) > 0).sum(axis=0)
    return dict(zip(product(codes, names), grown.tolist(), strict=True))
