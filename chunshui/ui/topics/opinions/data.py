"""What the page of opinion items shows, asked of a version and told from the visits."""

import datetime as dt
from functools import partial

import numpy as np
import pandas as pd

from chunshui.catalogue.figure import ratio
from chunshui.catalogue.metric import BASE, get_metric, window_start
from chunshui.catalogue.wording import counted_to
from chunshui.month import Month
from chunshui.opinions import flow
from chunshui.opinions.waiting import Waiting, waiting
from chunshui.ui.data import manifest, views
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope

# The time the ladder counts, by the words it is chosen with: as the metric does under a variant.
YEAR = "本年"
WINDOWS = {YEAR: BASE, "本月": "month"}
# How far past its due day an item is: the words and the most working days of each class.
NOT_DUE = "未到期"
AGES = {
    "逾期5个工作日以内": 5, "逾期6–20个工作日": 20, "逾期21–60个工作日": 60, "逾期60个工作日以上": None,
}  # fmt: skip
PENDING, IN_HAND = "待接", "在办"
CLOSED, HELD = "办结", "在手"  # what became of an item by the month's end
MODES = ("主动认领", "点题交办")  # how a posted matter is taken on
# How a posted matter stands; the first three are open.
UNCLAIMED, UNDER_WAY, LATE, ENDED = "没有人领", "在办", "逾期在办", "已办"


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope, whatever is filtered."""
    _stuck(scope.district())


@remembered(256)
def visits(scope: Scope) -> pd.DataFrame:
    """Return the visits of the items in scope to the tiers, as known at the month's end."""
    return views.within("views/opinions_visits", scope)


@remembered(256)
def left_out(scope: Scope) -> int:
    """Return how many items in scope no visit is told of: their events are no path."""
    return len(views.within("views/opinions_left_out", scope))


@remembered(256)
def window(scope: Scope, choice: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that a choice of `WINDOWS` counts."""
    return pd.Timestamp(_SINCE[choice](Month.parse(scope.month))), views.as_of(scope)


def _since(variant: str, month: Month) -> dt.date:
    return window_start(get_metric("opinion_on_time_rate").variant(variant).window, month)


_SINCE = {choice: partial(_since, variant) for choice, variant in WINDOWS.items()}


def window_words(scope: Scope, choice: str) -> str:
    """Return that time in words: 2026年1至10月, 2026年10月."""
    metric = get_metric("opinion_on_time_rate")
    return counted_to(metric, Month.parse(scope.month), WINDOWS[choice])


@remembered(256)
def balance(scope: Scope, choice: str) -> pd.DataFrame:
    """Return what came in, went out and is in hand by tier: see `flow.balance`."""
    return flow.balance(visits(scope), *window(scope, choice))


@remembered(256)
def held(scope: Scope) -> pd.DataFrame:
    """Return the visits that last: the items in hand, the longest overdue first.

    With days at the tier, state (`PENDING`, `IN_HAND`) and age (`NOT_DUE` or a class of `AGES`).
    """
    rows, end = visits(scope), views.as_of(scope)
    rows = rows[rows["left_on"].isna()]
    late = pd.cut(
        rows["late_workdays"],
        [-1, *(most for most in AGES.values() if most is not None), float("inf")],
        labels=list(AGES),
    )
    rows = rows.assign(
        days=flow.days_there(rows, end),
        state=rows["taken_on"].isna().map({True: PENDING, False: IN_HAND}),
        age=late.astype(str).where(rows["is_late"], NOT_DUE),
    )
    return rows.sort_values(["due_on", "opinion_id"], ignore_index=True)


def stuck(scope: Scope) -> pd.DataFrame:
    """Return the tiers of the streets in scope, judged beside all others: see `flow.stuck`."""
    rows = _stuck(scope.district())
    if scope.community or rows.empty:
        return rows.head(0)  # a community is no place that a tier is judged at
    return rows[rows["street_code"].isin(scope.streets)] if scope.streets else rows


@remembered(64)
def _stuck(district: Scope) -> pd.DataFrame:
    every = visits(district)
    if manifest(district.edition).street:
        others = views.monthly("views/opinions_visits_elsewhere", district)
        every = pd.concat([every, others], ignore_index=True)
    return flow.stuck(every, views.as_of(district))


@remembered(256)
def waits(scope: Scope) -> dict[str, tuple[Waiting, pd.Series]]:
    """Return of each tier how long items that came in the last twelve months wait, and their days.

    The days are those of the visits that have ended. Tiers without visits are left out.
    """
    end = views.as_of(scope)
    recent = flow.since_months(visits(scope), end)
    found = {}
    for tier in flow.TIERS:
        rows = recent[recent["tier"] == tier]
        days, left = flow.days_there(rows, end), rows["left_on"].notna()
        if known := waiting(days, left):
            found[tier] = known, days[left]
    return found


@remembered(256)
def returns(scope: Scope, choice: str) -> pd.DataFrame:
    """Return how often each tier sent items back to the one below in the time chosen.

    Columns tier, below, back (times), ended (visits of the tier that ended), share (percent).
    """
    rows, (start, end) = visits(scope), window(scope, choice)
    ended = rows[rows["left_on"].between(start, end)]
    pairs = pd.DataFrame({"tier": flow.TIERS[:0:-1], "below": flow.TIERS[-2::-1]})
    sent = ended[ended["left_by"] == flow.BACK]
    for column, counted in (("back", sent), ("ended", ended)):
        pairs[column] = pairs["tier"].map(counted["tier"].value_counts()).fillna(0).astype(int)
    return pairs.assign(share=ratio(pairs["back"], pairs["ended"], 100))


@remembered(256)
def repeats(scope: Scope, choice: str) -> pd.DataFrame:
    """Return the items received in the time chosen that are entered as repeats, the latest first."""
    return views.within("views/opinions_repeats", scope, _SINCE[choice])


def repeated(rows: pd.DataFrame) -> pd.DataFrame:
    """Return of what the repeats are about: neighbourhood, category, how many, the first and the last.

    The most first. `rows` are those of `repeats`; without a neighbourhood the community stands for it.
    """
    about = ["street_name", "community_name", "neighbourhood_name", "category"]
    counted = rows.groupby(about, dropna=False)["received_on"].agg(["size", "min", "max"])
    counted.columns = pd.Index(["repeats", "first_on", "last_on"])
    return counted.reset_index().sort_values(
        ["repeats", "last_on"], ascending=False, kind="stable", ignore_index=True
    )


@remembered(256)
def answers(scope: Scope, choice: str) -> pd.DataFrame:
    """Return by street (in one street by community) what the callbacks of the time chosen found.

    Columns place, closed, called, reached, solved, satisfied (items); the places by name of the most
    called.
    """
    rows = views.within("views/opinions_callbacks", scope, _SINCE[choice])
    place = "community_name" if scope.community or len(scope.streets) == 1 else "street_name"
    marks = ["closed", "called", "reached", "solved", "satisfied"]
    counted = (
        rows.set_axis([c.removeprefix("is_") for c in rows], axis=1)
        .groupby(place)[marks]
        .agg(lambda mark: int(mark.fillna(False).astype(bool).sum()))
    )
    return (
        counted.rename_axis("place")
        .reset_index()
        .sort_values("called", ascending=False, kind="stable")
    )


@remembered(256)
def paths(scope: Scope, choice: str) -> pd.DataFrame:
    """Return how many of the items received in the time chosen took which way.

    Columns first (the tier that received it), furthest (the highest tier it got to), outcome
    (办结, or where it is in hand), items.
    """
    rows, (start, end) = visits(scope), window(scope, choice)
    rows = rows.assign(rank=rows["tier"].map(flow.TIERS.index))
    received = rows[(rows["came_by"] == flow.RECEIVED) & rows["came_on"].between(start, end)]
    mine = rows[rows["opinion_id"].isin(received["opinion_id"])]
    items = mine.groupby("opinion_id").agg(
        first=("tier", "first"), highest=("rank", "max"), by=("left_by", "last")
    )
    items["furthest"] = items["highest"].map(dict(enumerate(flow.TIERS)))
    items["outcome"] = (items["by"] == flow.CLOSED).map({True: CLOSED, False: HELD})
    counted = items.groupby(["first", "furthest", "outcome"]).size().rename("items").reset_index()
    order = counted[["first", "furthest"]].map(flow.TIERS.index).assign(end=counted["outcome"])
    return counted.loc[order.sort_values(list(order)).index]


def steps(scope: Scope, item: str) -> pd.DataFrame:
    """Return the steps of one item up to the month's end, each with its ledger row."""
    return views.district("views/opinions_steps", scope, item=item)


@remembered(256)
def challenges(scope: Scope) -> pd.DataFrame:
    """Return the matters posted in scope up to the month's end with their state, open ones first.

    What nobody has taken on comes before what is overdue, and that before the rest; what is done last, the latest first.
    """
    rows, end = views.within("views/opinions_challenges", scope), views.as_of(scope)
    states = np.select(
        [rows["done_on"].notna(), rows["claimed_on"].isna(), rows["due_on"] <= end],
        [ENDED, UNCLAIMED, LATE],
        UNDER_WAY,
    )
    order = [UNCLAIMED, LATE, UNDER_WAY, ENDED]
    rows = rows.assign(state=pd.Categorical(states, order, ordered=True))
    rows = rows.sort_values("state", kind="stable", ignore_index=True)
    is_done = rows["state"] == ENDED
    ended = rows[is_done].sort_values("done_on", ascending=False, kind="stable")
    return pd.concat([rows[~is_done], ended], ignore_index=True)


def posted(scope: Scope, rows: pd.DataFrame) -> pd.DataFrame:
    """Return those of the matters that were posted this year."""
    return rows[rows["posted_on"].between(*window(scope, YEAR))]
