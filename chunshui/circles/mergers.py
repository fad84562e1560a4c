"""Which stations others could stand in for: closed one by one, the least missed first.

Three rules hold unless they are relaxed. Nobody loses a function: each of them, and what the question
asks for, stays within the walk of everyone who has it, those of sixty and over at their own pace, at
any time and at the time asked about. Every community that has a centre keeps one, every street its
own. And there is room: nobody takes over more than leaves it the district's capacity for each user.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chunshui.circles.model import Circles
from chunshui.circles.question import FUNCTIONS, OLDER_SPEED, TARGETS, Question
from chunshui.circles.scenario import NearestStations, nearest_stations, walks_after
from chunshui.circles.stations import answering, capacities, exist_at, offering, open_at

CENTRES = {
    "社区": "community_code",
    "街道": "street_code",
}  # a level whose last station is a centre


@dataclass(frozen=True)
class Relaxed:
    """Which rules a trial leaves aside; none by default.

    `max_loss` is how many people may lose a function or the walk.
    """

    max_loss: float = 0.0
    centres: bool = False
    room: bool = False


@dataclass(frozen=True, eq=False)
class Mergers:
    """A trial of closing stations, and its price.

    Attributes:
        stations: Rows of `Circles.stations` in the order of closing, with `loss` (people who lose a
            function by this step), `total_loss`, `people` (within the walk today) and `successors` (the
            names of the stations most of its users go to then).
        without_centre: Names of the places that have no centre afterwards and had one.
        crowded: Names of the stations that take over more than their capacity allows.
    """

    stations: pd.DataFrame
    without_centre: tuple[str, ...]
    crowded: tuple[str, ...]

    @property
    def lost(self) -> float:
        """People who lose a function or the walk."""
        return float(self.stations["loss"].sum())


def mergers(
    circles: Circles, question: Question, streets: Sequence[str] = (), relaxed: Relaxed = Relaxed()
) -> Mergers:
    """Close the asked stations one by one while the rules hold; those outside `streets` stay.

    Of those that may close the one whose closing loses fewest people a function, then the one fewest
    live near. When it is done, no other one could close alone.
    """
    asked = answering(circles, question)
    may = asked.copy()
    if len(streets):
        may &= circles.stations["street_code"].isin(streets).to_numpy()
    services, centres = _Services(circles, question), _Centres(circles, question)
    rooms = [_Room(circles, question, function) for function in FUNCTIONS]
    near = circles.reach[circles.reach["metres"] <= question.farthest_m]
    people = np.bincount(
        near["station"],
        circles.buildings["residents"].to_numpy(dtype=float)[near["building"]],
        minlength=len(may),
    )
    closed: list[int] = []
    rows: list[tuple[float, float, str]] = []
    refused, total, settled = np.zeros(len(may), dtype=bool), 0.0, 0
    while asked.sum() - len(closed) > 1:
        free = may & ~refused & (total + services.loss <= relaxed.max_loss)
        if not relaxed.centres:
            free &= ~centres.last
        if not free.any():
            if settled == len(closed):
                break
            # What had no room may have it since its users go elsewhere.
            refused[:], settled = False, len(closed)
            continue
        at = np.flatnonzero(free)
        one = int(at[np.lexsort((people[at], services.loss[at]))[0]])
        after = [room.users_after([*closed, one]) for room in rooms]
        if not relaxed.room and any(
            room.crowded(users).any() for room, users in zip(rooms, after, strict=True)
        ):
            refused[one] = True
            continue
        moved = np.sum(
            [(users - room.users).clip(0) for room, users in zip(rooms, after, strict=True)], axis=0
        )
        first = [k for k in np.argsort(-moved, kind="stable")[:2] if moved[k] > 0]
        total += float(services.loss[one])
        names = "、".join(circles.stations["station_name"].iloc[first])
        rows.append((float(services.loss[one]), float(people[one]), names))
        closed.append(one)
        may[one] = False
        services.close(one)
        centres.close(one)
        for room, users in zip(rooms, after, strict=True):
            room.users = users
    table = circles.stations.iloc[closed].reset_index(drop=True)
    table = table.assign(
        loss=[row[0] for row in rows],
        total_loss=np.cumsum([row[0] for row in rows]),
        people=[row[1] for row in rows],
        successors=[row[2] for row in rows],
    )
    full = [room.too_full(room.users) & (room.users > room.before) for room in rooms]
    names = circles.stations.loc[np.any(full, axis=0), "station_name"]
    return Mergers(table, centres.without(), tuple(names))


class _Services:
    """What people have within their walk, and who would lose some of it with each station.

    A service is a function at any time or at the time asked about, or what the question asks for; the
    people of a building are counted in two parts, under sixty and over, each person once.
    """

    def __init__(self, circles: Circles, question: Question) -> None:
        here = exist_at(circles, question.month_end)
        then = here & open_at(circles, question.weekday, question.minute)
        offered = [offering(circles, function) for function in (None, *FUNCTIONS)]
        given = [answering(circles, question), *(here & one for one in offered)]
        if question.weekday:
            given += [then & one for one in offered]
        older_m = question.farthest_m * min(1.0, OLDER_SPEED / question.speed)
        walks, buildings = circles.reach, len(circles.buildings)
        services, doors, stations = [], [], []
        limits = [question.farthest_m, *([older_m] if older_m < question.farthest_m else [])]
        for number, limit in enumerate(limits):
            near = walks[walks["metres"] <= limit]
            station, building = near["station"].to_numpy(), near["building"].to_numpy()
            for count, stands in enumerate(given):
                rows = stands[station]
                service = number * len(given) + count
                services.append(service * buildings + building[rows])
                doors.append(building[rows])
                stations.append(station[rows])
        self._first_older = len(given) * buildings
        key, station = np.concatenate(services), np.concatenate(stations)
        order = np.argsort(key, kind="stable")
        self._key, self._building = key[order], np.concatenate(doors)[order]
        self._station = station[order]
        self._of_station = np.argsort(self._station, kind="stable")
        self._starts = np.searchsorted(
            self._station[self._of_station], np.arange(len(circles.stations) + 1)
        )
        self._open = np.ones(len(circles.stations), dtype=bool)
        self._left = np.bincount(self._key, minlength=len(limits) * self._first_older)
        residents = circles.buildings["residents"].to_numpy(dtype=float)
        older = circles.buildings["residents_60"].to_numpy(dtype=float)
        self._people = np.r_[residents - older, older]
        self._hangs = np.zeros((len(circles.stations), 2 * buildings), dtype=bool)
        self._hang(np.flatnonzero(self._left[self._key] == 1))
        self.loss: np.ndarray = self._hangs @ self._people

    def close(self, station: int) -> None:
        """Take a station away: others become the last, and who lost something is counted no more."""
        mine = self._of_station[self._starts[station] : self._starts[station + 1]]
        self._people[self._hangs[station]] = 0.0
        changed: np.ndarray = np.any(self._hangs[:, self._hangs[station]], axis=1)
        self._open[station] = False
        self._left[self._key[mine]] -= 1
        last = self._key[mine][self._left[self._key[mine]] == 1]
        begin, end = np.searchsorted(self._key, last), np.searchsorted(self._key, last, "right")
        rows = np.array(
            [k for a, b in zip(begin, end, strict=True) for k in range(a, b)], dtype=int
        )
        rows = rows[self._open[self._station[rows]]]
        self._hang(rows)
        changed[self._station[rows]] = True
        self.loss[changed] = self._hangs[changed] @ self._people

    def _hang(self, rows: np.ndarray) -> None:
        """Note of these rows that their station is the last to give the service there."""
        station, building = self._station[rows], self._building[rows]
        everyone = self._key[rows] < self._first_older
        self._hangs[station[everyone], building[everyone]] = True
        self._hangs[station, building + len(self._people) // 2] = True


class _Centres:
    """Which stations are the last of their level in their community or street."""

    def __init__(self, circles: Circles, question: Question) -> None:
        rows = circles.stations
        place = pd.Series(None, index=rows.index, dtype=object)
        name = place.copy()
        for level, code in CENTRES.items():
            mine = exist_at(circles, question.month_end) & (rows["level"] == level)
            place[mine], name[mine] = rows[code], rows[code.replace("code", "name")]
        self._place, self._had = pd.factorize(place)
        self._names = name.groupby(place).first().reindex(self._had)
        self._left = np.bincount(self._place[self._place >= 0], minlength=len(self._had))

    @property
    def last(self) -> np.ndarray:
        """Which stations are, boolean, shape (stations,)."""
        return np.asarray((self._place >= 0) & (np.r_[self._left, 0][self._place] == 1))

    def close(self, station: int) -> None:
        """Take a station away."""
        if self._place[station] >= 0:
            self._left[self._place[station]] -= 1

    def without(self) -> tuple[str, ...]:
        """Return the names of the places that have none left."""
        return tuple(self._names[self._left == 0])


class _Room:
    """Who uses which station for one function, the nearest in the walk, against its capacity."""

    def __init__(self, circles: Circles, question: Question, function: str) -> None:
        here = exist_at(circles, question.month_end) & offering(circles, function)
        near = circles.reach[circles.reach["metres"] <= question.farthest_m]
        network, homes = circles.ground.network, circles.ground.buildings
        self._walks: NearestStations = nearest_stations(network, homes, near, here)
        self._people = circles.buildings[TARGETS.get(function, "residents")].to_numpy(dtype=float)
        self._capacity = capacities(circles, function)
        self.users = self.before = self.users_after([])
        known = here & ~np.isnan(self._capacity)
        users = self.before[known].sum()
        self.norm = self._capacity[known].sum() / users if users else 0.0

    def users_after(self, closed: Sequence[int]) -> np.ndarray:
        """Return the users of every station once some are closed, shape (stations,)."""
        _, station = walks_after(self._walks, close=[k for k in closed if self._walks.open[k]])
        kept = station >= 0
        return np.bincount(station[kept], self._people[kept], minlength=len(self._capacity))

    def too_full(self, users: np.ndarray) -> np.ndarray:
        """Say which stations have less capacity for each user than the district; unknown is none."""
        return np.asarray(np.nan_to_num(self._capacity) < self.norm * users * (1 - 1e-9))

    def crowded(self, users: np.ndarray) -> np.ndarray:
        """Say which stations would take over more than they have room for."""
        return np.asarray((users > self.users) & self.too_full(users))
