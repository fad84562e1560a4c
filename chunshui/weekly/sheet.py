"""The sheet of a week: what happened in it, what is in hand at its end, what is due in the next."""

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from chunshui.catalogue.places import inside
from chunshui.catalogue.stored import version_months
from chunshui.errors import ChunshuiError
from chunshui.opinions import flow
from chunshui.warehouse import Days, Reader
from chunshui.week import Week
from chunshui.weekly.chance import beyond_chance


@dataclass(frozen=True)
class Matter:
    """Something a week counts: what it is called, its measure, and the ledgers it is told from."""

    name: str
    measure: str
    ledgers: tuple[str, ...]


# By the keys of `queries/weekly/happened.sql`; those of COMPARED are set against the week before.
MATTERS = {
    "received": Matter("收到民情", "项", ("opinion",)),
    "closed": Matter("办结民情", "项", ("opinion",)),
    "overdue": Matter("新逾期民情", "项", ("opinion",)),
    "vacated": Matter("空出岗位", "个", ("grid_post",)),
    "filled": Matter("补上岗位", "个", ("grid_post",)),
    "posted": Matter("发榜", "项", ("challenge",)),
    "claimed": Matter("领题", "项", ("challenge",)),
    "challenge_due": Matter("榜单到期", "项", ("challenge",)),
    "milestone_due": Matter("节点到期", "个", ("renovation_stage", "action_task")),
    "activity": Matter("活动", "场", ("activity",)),
    "training": Matter("训练营", "期", ("training",)),
}
COMPARED = ("received", "closed", "overdue", "vacated", "filled", "posted", "claimed", "activity", "training")  # fmt: skip
OLDEST = 3


@dataclass(frozen=True)
class WeekRows:
    """What a version knows of a week, the whole district's; `sheet` cuts it to a scope.

    `happened` has the rows of `queries/weekly/happened.sql` from the Monday before to the Sunday
    after, `visits` those of `queries/weekly/visits.sql` (of the items as known at the week's end, but
    for what ended before it), `bulletin` the one row of
    `queries/weekly/bulletin.sql`.
    """

    week: Week
    known: tuple[dt.date, dt.date]
    given: frozenset[str]
    happened: pd.DataFrame = field(repr=False)
    visits: pd.DataFrame = field(repr=False)
    bulletin: pd.Series = field(repr=False)

    def sheet(self, streets: tuple[str, ...] = (), community: str | None = None) -> "Sheet":
        """Return the sheet of some streets (none: the district) or one community."""
        cut = (frame[inside(frame, streets, community)] for frame in (self.happened, self.visits))
        return Sheet(self, *cut)


@dataclass(frozen=True)
class Sheet:
    """A week of one scope; see `WeekRows`."""

    week_rows: WeekRows
    happened: pd.DataFrame = field(repr=False)
    visits: pd.DataFrame = field(repr=False)

    @property
    def week(self) -> Week:
        """The week it is of."""
        return self.week_rows.week

    @property
    def first(self) -> dt.date:
        """The first day that it counts: the Monday, or the first day known."""
        return max(self.week.first, self.week_rows.known[0])

    @property
    def last(self) -> dt.date:
        """The last day that it counts: the Sunday, or the last day known."""
        return min(self.week.last, self.week_rows.known[1])

    @property
    def is_over(self) -> bool:
        """Whether the whole week is known."""
        return self.week.last <= self.week_rows.known[1]

    @property
    def is_compared(self) -> bool:
        """Whether this week and the one before are known in whole."""
        return self.is_over and self.week.shift(-1).first >= self.week_rows.known[0]

    def knows(self, matter: str) -> bool:
        """Return whether the version has a ledger that a matter is told from."""
        return not self.week_rows.given.isdisjoint(MATTERS[matter].ledgers)

    def rows(self, matter: str, weeks: int = 0) -> pd.DataFrame:
        """Return what happened of a matter in the week, or so many weeks later; an unknown has none."""
        return self._rows.get((matter, weeks), self.happened.iloc[:0])

    def count(self, matter: str, weeks: int = 0) -> int:
        """Return how many such rows there are."""
        return len(self._rows.get((matter, weeks), ()))

    @cached_property
    def _rows(self) -> dict[Hashable, pd.DataFrame]:
        """What happened by matter and how many weeks later: asked for some thirty times."""
        weeks = (self.happened["day"] - pd.Timestamp(self.week.first)).dt.days // 7
        return dict(iter(self.happened.groupby([self.happened["matter"], weeks])))

    @cached_property
    def tiers(self) -> pd.DataFrame:
        """What came in, went out and is in hand by tier: see `flow.balance`."""
        first, last = pd.Timestamp(self.first), pd.Timestamp(self.last)
        return flow.balance(self.visits, first, last)

    @cached_property
    def held_late(self) -> pd.DataFrame:
        """The items in hand at the end that were due before it, the longest overdue first."""
        held = self.visits[self.visits["left_on"].isna()]
        late = held[held["due_on"] <= pd.Timestamp(self.last)]
        return late.sort_values(["due_on", "opinion_id"])

    @cached_property
    def counts(self) -> pd.DataFrame:
        """The matters compared that the version knows: matter, now, before, is_told.

        `is_told` where the difference is more than chance; before is NA where weeks cannot be compared.
        """
        known = [matter for matter in COMPARED if self.knows(matter)]
        pairs = [(self.count(matter), self.count(matter, -1)) for matter in known]
        told = beyond_chance(pairs) if self.is_compared else [False] * len(pairs)
        table = pd.DataFrame(pairs, columns=["now", "before"], dtype="Int64")
        if not self.is_compared:
            table["before"] = pd.NA
        return table.assign(matter=known, is_told=told)


def week_rows(reader: Reader, week: Week) -> WeekRows:
    """Ask a version about a week; raise ChunshuiError for one of which it knows no day."""
    first, last = known_days(reader)
    if week.first > last:
        raise ChunshuiError(f"数据到{_words(last)}为止，{week.words}这一周还没有到。")
    if week.last < first:
        raise ChunshuiError(f"数据从{_words(first)}开始，没有{week.words}这一周。")
    return WeekRows(
        week,
        (first, last),
        frozenset(reader.query("catalogue/ledgers_given")["ledger_id"]),
        reader.among("weekly/happened", _two_weeks(week, first, last), _every_two_weeks),
        reader.among("weekly/visits", _one_week(week, last), _every_week),
        reader.query("weekly/bulletin", first=week.first, last=week.last).iloc[0],
    )


def _two_weeks(week: Week, first: dt.date, last: dt.date) -> Days:
    return Days(min(week.last, last), max(week.shift(-1).first, first))


def _one_week(week: Week, last: dt.date) -> Days:
    return Days(min(week.last, last), week.first)


def _every_two_weeks(reader: Reader) -> list[Days]:
    known = known_days(reader)
    return [_two_weeks(week, *known) for week in _weeks(*known)]


def _every_week(reader: Reader) -> list[Days]:
    first, last = known_days(reader)
    return [_one_week(week, last) for week in _weeks(first, last)]


def _weeks(first: dt.date, last: dt.date) -> list[Week]:
    begin, end = Week.of(first), Week.of(last)
    return [begin.shift(number) for number in range((end.first - begin.first).days // 7 + 1)]


def known_days(reader: Reader) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that a version tells of."""
    months = version_months(reader)
    return months[0].first, months[-1].last


def usual_week(reader: Reader, last: dt.date) -> Week:
    """Return the last week that is over by a day, be it the one before the version's first day."""
    first, end = known_days(reader)
    return max(Week.last_whole(min(last, end)), Week.of(first))


def _words(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
