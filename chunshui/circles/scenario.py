"""What if a station were added, closed or moved: the new walk of every building, at once.

`present_state` arranges what is open now; each scenario after that costs one cut-off search for a
new door, and a look at the buildings whose nearest station went.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chunshui.circles.e2sfca import e2sfca, step_decay
from chunshui.circles.model import Circles
from chunshui.circles.network import Network
from chunshui.circles.question import Question
from chunshui.circles.reach import REACH_M, nearest
from chunshui.circles.snap import Snapped
from chunshui.circles.stations import answering, capacities, walks_within
from chunshui.errors import ChunshuiError


@dataclass(frozen=True, eq=False)
class NearestStations:
    """What is open now, arranged for questions.

    Attributes:
        network: The streets.
        buildings: Doors of the buildings.
        first: Where each building's stations begin in the next two, shape (buildings + 1,).
        station: Open stations in reach, nearest first within each building.
        walk: Metres to them.
        metres: Metres from each building to the nearest open station, inf without one.
        nearest: That station, -1 without one, shape (buildings,).
        open: Which stations are open, boolean, shape (stations,).
        limit_m: How far `reach` was searched.
    """

    network: Network
    buildings: Snapped
    first: np.ndarray
    station: np.ndarray
    walk: np.ndarray
    metres: np.ndarray
    nearest: np.ndarray
    open: np.ndarray
    limit_m: float


def nearest_stations(
    network: Network,
    buildings: Snapped,
    reach: pd.DataFrame,
    is_open: ArrayLike,
    *,
    limit_m: float = REACH_M,
) -> NearestStations:
    """Arrange the present present.

    Args:
        network: The streets.
        buildings: Doors of the buildings, tied to `network`.
        reach: Pairs of all stations, as `reach.reach` returns them.
        is_open: Which stations are open for this question (function, level, hour), boolean,
            shape (stations,).
        limit_m: The limit `reach` was searched to.
    """
    is_open = np.asarray(is_open, dtype=bool)
    pairs = reach[is_open[reach["station"].to_numpy()]]
    building, walk = pairs["building"].to_numpy(), pairs["metres"].to_numpy()
    order = np.lexsort((walk, building))
    first = np.zeros(len(buildings) + 1, dtype=np.int64)
    np.cumsum(np.bincount(building, minlength=len(buildings)), out=first[1:])
    walk = walk[order]
    station = pairs["station"].to_numpy()[order]
    metres, closest = np.full(len(buildings), np.inf), np.full(len(buildings), -1)
    served = first[1:] > first[:-1]
    metres[served] = walk[first[:-1][served]]
    closest[served] = station[first[:-1][served]]
    return NearestStations(
        network, buildings, first, station, walk, metres, closest, is_open, limit_m
    )


def walks_after(
    now: NearestStations, *, add: Snapped | None = None, close: Sequence[int] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Walk from each building to the nearest station after adding and closing some.

    Moving a station is closing it and adding it elsewhere.

    Args:
        now: The present present.
        add: Doors of the new stations, tied to the network.
        close: Positions of the stations to close.

    Returns:
        Metres, shape (buildings,), inf without a station; and that station, -1 without one. The
        new stations are numbered on from the last of those there are.

    Raises:
        ChunshuiError: A station to close is not open, or a new one is not near any street.
    """
    metres, closest = now.metres.copy(), now.nearest.copy()
    closing = np.unique(np.asarray(close, dtype=np.int64))
    if len(closing):
        if closing[0] < 0 or closing[-1] >= len(now.open) or not now.open[closing].all():
            raise ChunshuiError("要关闭的阵地中，有的目前并未开放（或不符合所选功能、时段）。")
        _without(now, closing, metres, closest)
    if add is not None and len(add):
        if not add.tied.all():
            worst = add.leg[~add.tied]
            raise ChunshuiError(
                f"新增点位有{len(worst):,}处接不上步行路网（{add.reason[~add.tied][0]}）。"
                "请在街道附近另选位置。"
            )
        added, which = nearest(now.network, now.buildings, add, limit_m=now.limit_m)
        nearer = added < metres
        metres[nearer] = added[nearer]
        closest[nearer] = len(now.open) + which[nearer]
    return metres, closest


def coverage_change(
    now: NearestStations,
    after: np.ndarray,
    weight: ArrayLike,
    limit_m: float,
    group: ArrayLike,
) -> pd.DataFrame:
    """Coverage now and after, by group, the greatest gain first.

    Args:
        now: The present present.
        after: Metres to the nearest station after the change, shape (buildings,).
        weight: People in each building, shape (buildings,).
        limit_m: The distance that counts as covered.
        group: Community of each building, shape (buildings,).

    Returns:
        One row per group: `group`, `denominator`, `before`, `after` (weights covered), `gain`
        (after less before).
    """
    code, names = pd.factorize(np.asarray(group, dtype=object), sort=True)
    weight = np.asarray(weight, dtype=float)
    known = code >= 0

    def total(which: np.ndarray) -> np.ndarray:
        which = which & known
        return np.bincount(code[which], weight[which], minlength=len(names))

    before, covered = total(now.metres <= limit_m), total(after <= limit_m)
    frame = pd.DataFrame(
        {
            "group": names,
            "denominator": total(known),
            "before": before,
            "after": covered,
            "gain": covered - before,
        }
    )
    return frame.sort_values("gain", ascending=False, kind="stable", ignore_index=True)


def _without(
    now: NearestStations, close: np.ndarray, metres: np.ndarray, closest: np.ndarray
) -> None:
    """Put in the nearest open station that is not to be closed, where another one was nearest."""
    closing = np.zeros(len(now.open), dtype=bool)
    closing[close] = True
    # Only buildings whose nearest station goes can change.
    hit = np.flatnonzero((now.nearest >= 0) & closing[now.nearest])
    if len(hit) == 0:
        return
    count = now.first[hit + 1] - now.first[hit]
    begin = np.cumsum(count) - count
    at = np.repeat(now.first[hit] - begin, count) + np.arange(count.sum())
    # The walks of a building rise: the first that stays is the nearest.
    stays = np.minimum.reduceat(np.where(closing[now.station[at]], len(now.walk), at), begin)
    left = stays < len(now.walk)
    metres[hit], closest[hit] = np.inf, -1
    metres[hit[left]] = now.walk[stays[left]]
    closest[hit[left]] = now.station[stays[left]]


@dataclass(frozen=True)
class Step:
    """One change of a scenario: 新增 at a place, 停用 of a station, 迁移 of one to a place.

    What is new offers `function` (None: what the question is about) to `capacity` a day (None:
    unknown); what moves takes both along.
    """

    kind: str
    label: str
    station: int | None = None
    lon: float | None = None
    lat: float | None = None
    function: str | None = None
    capacity: float | None = None

    @property
    def words(self) -> str:
        """The step in words."""
        room = "" if self.capacity is None else f"每日{self.capacity:,.0f}人次"
        facts = "，".join(fact for fact in (self.function, room) if fact)
        return f"{self.kind}：{self.label}{f'（{facts}）' if facts else ''}"


@dataclass(frozen=True, eq=False)
class Present:
    """The present for one question, arranged for changes.

    Attributes:
        walks: Who walks where.
        pairs: The walks to the answering stations that are as near as asked for.
        capacity: What each station can serve a day, NaN unknown, shape (stations,).
        people: The target group in each building.
        room: Places a day for each of them (E2SFCA), shape (buildings,).
    """

    walks: NearestStations
    pairs: pd.DataFrame
    capacity: np.ndarray
    people: np.ndarray
    room: np.ndarray

    @property
    def metres(self) -> np.ndarray:
        """Metres from each building to the nearest answering station, inf beyond 1,500 m."""
        return self.walks.metres

    @property
    def unknown(self) -> int:
        """How many answering stations have no capacity in the ledger: they add no places."""
        return int(np.isnan(self.capacity[self.walks.open]).sum())


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a scenario does.

    Attributes:
        places: One row per community: `before`, `after`, `gain`, `denominator` (people) and
            `room_before`, `room_after` (places a day that fall to its people).
        before, after, denominator: The same in all.
        metres: The walk of every building afterwards.
        loads: One row per station added, closed or moved, or whose users change: `name`,
            `capacity` (a day), `before`, `after` (people near it who have no nearer one).
    """

    places: pd.DataFrame
    before: float
    after: float
    denominator: float
    metres: np.ndarray
    loads: pd.DataFrame

    @property
    def gain(self) -> float:
        """People covered after less before."""
        return self.after - self.before


def present_state(circles: Circles, question: Question) -> Present:
    """Arrange the present state for a question: once, then each change is milliseconds."""
    walks = nearest_stations(
        circles.ground.network,
        circles.ground.buildings,
        circles.reach,
        answering(circles, question),
    )
    pairs = walks_within(circles, question, walks.open)
    capacity = capacities(circles, question.function)
    people = circles.buildings[question.people].to_numpy(dtype=float)
    room, _ = e2sfca(pairs, np.nan_to_num(capacity), people, step_decay(question.farthest_m))
    return Present(walks, pairs, capacity, people, room)


def run_scenario(
    circles: Circles, present: Present, question: Question, steps: Sequence[Step]
) -> Outcome:
    """Say what a scenario does to coverage and room, by community and in all.

    Raises:
        ChunshuiError: A place is not near any street, a station to close is not among those the
            question is about, or a new one offers something else.
    """
    _refuse_irrelevant(present, question, steps)
    added = [step for step in steps if step.lon is not None]
    closed = [step.station for step in steps if step.station is not None]
    places = np.array([(step.lon, step.lat) for step in added], dtype=float)
    doors = circles.snap_places(*places.T) if added else None
    metres, closest = walks_after(present.walks, add=doors, close=closed)
    capacity = np.r_[
        present.capacity,
        [s.capacity or np.nan if s.station is None else present.capacity[s.station] for s in added],
    ]
    sums = coverage_change(
        present.walks, metres, present.people, question.farthest_m, circles.community
    )
    at = sums.pop("group").to_numpy(dtype=int)
    room = _room(circles, present, question, doors, closed, capacity)
    for column, each in (("room_before", present.room), ("room_after", room)):
        sums[column] = np.bincount(circles.community, each * present.people)[at]
    places = pd.concat([circles.communities.iloc[at].reset_index(drop=True), sums], axis=1)
    return Outcome(
        places,
        float(places["before"].sum()),
        float(places["after"].sum()),
        float(places["denominator"].sum()),
        metres,
        _loads(circles, present, question, metres, closest, capacity, added, closed),
    )


def _refuse_irrelevant(present: Present, question: Question, steps: Sequence[Step]) -> None:
    lost = [s.label for s in steps if s.station is not None and not present.walks.open[s.station]]
    if lost:
        raise ChunshuiError(
            f"{'、'.join(lost)}不在当前条件（功能、层级、时间）的阵地里，"
            "停用或迁移它不影响本图。请去掉这一步，或换条件。"
        )
    other = [s for s in steps if s.function and question.function not in (None, s.function)]
    if other:
        raise ChunshuiError(
            f"{'、'.join(step.label for step in other)}新增的是{other[0].function}，"
            f"现在问的是{question.function}，不影响本图。请去掉这一步，或换功能。"
        )


def _room(
    circles: Circles,
    present: Present,
    question: Question,
    doors: Snapped | None,
    closed: Sequence[int],
    capacity: np.ndarray,
) -> np.ndarray:
    """Places a day for each person of a building afterwards.

    Who shares a station's places are those who walk to it, whatever else there is: so what is
    closed takes its own places away, and what is new brings its own.
    """
    decay = step_decay(question.farthest_m)
    known = np.nan_to_num(capacity)
    room, old = present.room, len(present.capacity)
    if closed:
        gone = present.pairs[np.isin(present.pairs["station"].to_numpy(), closed)]
        room = room - e2sfca(gone, known[:old], present.people, decay)[0]
    network, homes = circles.ground.network, circles.ground.buildings
    new_doors = [] if doors is None else [doors[[at]] for at in range(len(doors))]
    for at, door in enumerate(new_doors):
        walk, _ = nearest(network, homes, door, limit_m=question.farthest_m)
        near = np.flatnonzero(np.isfinite(walk))
        new = pd.DataFrame({"building": near, "station": 0, "metres": walk[near]})
        room = room + e2sfca(new, [known[old + at]], present.people, decay)[0]
    return np.asarray(np.clip(room, 0.0, None))


def _loads(
    circles: Circles,
    present: Present,
    question: Question,
    metres: np.ndarray,
    closest: np.ndarray,
    capacity: np.ndarray,
    added: Sequence[Step],
    closed: Sequence[int],
) -> pd.DataFrame:
    """Who has which station as the nearest, where that changes."""

    def users(walk: np.ndarray, station: np.ndarray) -> np.ndarray:
        near = walk <= question.farthest_m
        return np.bincount(station[near], present.people[near], minlength=len(capacity))

    before = users(present.walks.metres, present.walks.nearest)
    after = users(metres, closest)
    names = [*circles.stations["station_name"], *(f"{step.label}（{step.kind}）" for step in added)]
    touched = np.abs(after - before) > 0
    touched[closed] = True
    touched[len(present.capacity) :] = True
    at = np.flatnonzero(touched)
    rows = pd.DataFrame(
        {
            "name": [names[k] for k in at],
            "capacity": capacity[at],
            "before": before[at],
            "after": after[at],
        }
    )
    change = (rows["after"] - rows["before"]).abs()
    return rows.loc[change.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)
