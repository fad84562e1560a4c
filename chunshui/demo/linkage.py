"""Which post backs which committee, branch and centre household, and since when: no persons."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chunshui.demo.days import FIRST, LAST
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

Day = np.datetime64
ALWAYS, NEVER = Day("1900-01-01"), Day("2100-01-01")
REDIVIDED = 0.35  # of the links are handed to another post in the months of history


@dataclass(frozen=True)
class Level:
    """A level of the linkage: the columns it fills, when it began, its posts and what each backs."""

    tier: str
    lower: str
    upper: str | None
    begun: dt.date
    posts: tuple[str, ...]
    each: int

    def post(self, number: int) -> str:
        """The name of an organisation's post: the last name is that of several, numbered."""
        if number + 1 < len(self.posts):
            return self.posts[number]
        return f"{self.posts[-1]}{number + 2 - len(self.posts)}"


LEVELS = (
    Level("区-街道", "committee_id", None, dt.date(2022, 3, 1), ("区级领导包保岗",), 1),
    Level(
        "街道-社区", "committee_id", "backer_committee_id", dt.date(2022, 4, 1),
        ("街道班子成员岗",), 3,
    ),
    Level(
        "社区-小区", "branch_id", "backer_committee_id", dt.date(2022, 9, 1),
        ("社区书记岗", "社区副书记岗", "社区两委成员岗"), 3,
    ),
    Level(
        "小区-中心户", "post_id", "backer_branch_id", dt.date(2023, 5, 1),
        ("支部书记岗", "支部副书记岗", "支部委员岗"), 6,
    ),
)  # fmt: skip
KEYS = dict.fromkeys(key for level in LEVELS for key in (level.lower, level.upper) if key)


def build(
    organisation: dict[str, pd.DataFrame], posts: pd.DataFrame, buildings: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Table name → frame: linkage."""
    rows: list[dict] = []
    for level, units in zip(LEVELS, _units(organisation, posts, buildings), strict=True):
        rows += _links(level, units)
    table = pd.DataFrame(rows)
    table.insert(0, "link_id", [f"BB{k:05d}" for k in range(1, len(table) + 1)])
    return {"linkage": table}


def _units(
    organisation: dict[str, pd.DataFrame], posts: pd.DataFrame, buildings: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    """Level by level the units and what is above each, a row for both: their numbers and days."""
    lower = {"established_on": "came", "dissolved_on": "left"}
    higher = {"established_on": "above_came", "dissolved_on": "above_left"}
    committees = organisation["party_committee"]
    street = committees[committees["level"] == "街道大工委"]
    community = committees[committees["level"] == "社区大党委"]
    branch = organisation["party_branch"]
    yield street.rename(columns={**lower, "committee_id": "unit"}).assign(
        above="", above_came=ALWAYS, above_left=NEVER
    )
    for low, number, high, by in (
        (community, "committee_id", street, "street_code"),
        (branch, "branch_id", community, "community_code"),
    ):
        above = high.rename(columns={**higher, "committee_id": "above"})
        low = low.rename(columns={**lower, number: "unit"})
        yield low.merge(above[["above", "above_came", "above_left", by]], on=by)
    at_work = branch[branch["dissolved_on"].isna()].rename(columns={**higher, "branch_id": "above"})
    covers = organisation["branch_neighbourhood"].rename(columns={"branch_id": "above"})
    centres = posts[posts["kind"] == "党员中心户"].merge(buildings, on="building_id")
    yield (
        centres[["post_id", "neighbourhood_id", "since_on", "until_on"]]
        .rename(columns={"post_id": "unit", "since_on": "came", "until_on": "left"})
        .merge(covers, on="neighbourhood_id")
        .merge(at_work[["above", "above_came", "above_left"]], on="above")
    )


def _links(level: Level, units: pd.DataFrame) -> list[dict]:
    """The links of a level: each unit is backed soon after it came, until it or its backer went."""
    draw = Stream("linkage", level.tier)
    days = units[["came", "left", "above_came", "above_left"]].astype("datetime64[s]")
    days = days.fillna(pd.Timestamp(NEVER)).to_numpy().astype("datetime64[D]")
    lasting = days[:, [1, 3]].min(axis=1) == NEVER
    size = Counter(units["above"][lasting])
    placed: Counter[str] = Counter()
    rows = []
    for unit, above, (came, left, above_came, above_left), stays in zip(
        units["unit"], units["above"], days, lasting, strict=True
    ):
        late, when, pause, again = draw.many(4)
        n = -(-max(size[above], 1) // level.each)
        own = placed[above] % n if level.upper else placed[above]
        if above == TRUTHS["linkage_overload"]["branch"]:
            over = placed[above] - TRUTHS["linkage_overload"]["backs"]
            own = 0 if over < 0 else 1 + over % (n - 1)
        placed[above] += int(stays)
        begun = Day(level.begun) + int(400 * late)
        start = max(came, above_came, begun)
        if start > begun:  # a new unit waits some weeks, in the last months none
            start = start if start > Day(LAST) - 45 else start + int(3 + 25 * late)
        end = min(left, above_left)
        stints = [(start, end, own)]
        handed = Day(FIRST) + int(1000 * when)
        if again < REDIVIDED * (n > 1) and start + 90 < handed < min(end, Day(LAST)) - 60:
            gap = int(max(0.0, pause - 0.7) * 100)  # three in ten wait for a successor
            stints = [(start, handed, (own + 1) % n), (handed + gap, end, own)]
        for since, until, post in _as_planted(unit, above, stints, own):
            if since < until and since <= Day(LAST):
                rows.append(_row(level, unit, above, since, until, post))
    return rows


def _as_planted(unit: str, above: str, stints: list[tuple], at: int) -> list[tuple]:
    """The spans of a unit's links, or what is planted: none, an end, none when it was to end."""
    if unit in (TRUTHS["linkage_never"]["branch"], TRUTHS["linkage_inherited"]["committee"]):
        return []
    if unit == TRUTHS["linkage_expired"]["branch"]:
        return [(stints[0][0], Day(TRUTHS["linkage_expired"]["until_on"]), at)]
    if unit == TRUTHS["linkage_to_dissolved"]["branch"]:
        return [(stints[-1][0], NEVER, at)]
    if above == TRUTHS["linkage_overload"]["branch"]:
        return [(stints[0][0], stints[-1][1], at)]
    return stints


def _row(level: Level, unit: str, above: str, since: Day, until: Day, post: int) -> dict:
    astray = TRUTHS["linkage_across_streets"]
    row = {"tier": level.tier, **KEYS, level.lower: unit}
    if level.upper:
        row[level.upper] = astray["backer"] if unit == astray["branch"] else above
    ended = Day("NaT") if until == NEVER else until
    return {**row, "backer_post": level.post(post), "since_on": since, "until_on": ended}
