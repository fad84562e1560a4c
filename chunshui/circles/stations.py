"""Which stations answer a question, who lives near them, and which are near a door."""

import datetime as dt

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from chunshui.circles.e2sfca import e2sfca, step_decay
from chunshui.circles.model import Circles
from chunshui.circles.question import Question, clock, weekday_words
from chunshui.month import Month


def exist_at(circles: Circles, month_end: dt.date) -> np.ndarray:
    """Say which stations exist at the end of a month, boolean, shape (stations,)."""
    day = np.datetime64(month_end)
    opened, closed = circles.standing
    return (opened <= day) & ~(closed <= day)


def offering(circles: Circles, function: str | None) -> np.ndarray:
    """Say which stations offer a function (any of them when None)."""
    if function is None:
        return np.ones(len(circles.stations), dtype=bool)
    return circles.offering.get(function, np.zeros(len(circles.stations), dtype=bool))


def open_at(circles: Circles, weekday: int, minute: int) -> np.ndarray:
    """Say which stations are open then; weekday 0 means whenever. Unknown hours are not open."""
    if not weekday:
        return np.ones(len(circles.stations), dtype=bool)
    station, day, opens, closes = circles.opening
    open_then = np.zeros(len(circles.stations), dtype=bool)
    open_then[station[(day == weekday) & (opens <= minute) & (closes > minute)]] = True
    return open_then


def answering(circles: Circles, question: Question) -> np.ndarray:
    """Say which stations answer a question: the same as `stations_asked` in SQL."""
    mask = exist_at(circles, question.month_end)
    mask &= np.logical_or.reduce([circles.level == level for level in question.levels] or [False])
    mask &= offering(circles, question.function)
    mask &= open_at(circles, question.weekday, question.minute)
    return mask


def why_no_station(circles: Circles, question: Question) -> str | None:
    """Say in Chinese why no station answers the question; None when one does."""
    if answering(circles, question).any():
        return None
    month = f"{Month.of(question.month_end).words}底"
    left = exist_at(circles, question.month_end)
    if not left.any():
        return f"{month}还没有一处阵地启用。请换一个月份。"
    if not question.levels:
        return "没有选任何层级。请至少选一个阵地层级。"
    offered = left & offering(circles, question.function)
    if not offered.any():
        return f"{month}没有一处阵地提供“{question.function}”。请换一项功能或月份。"
    levelled = offered & circles.stations["level"].isin(question.levels).to_numpy()
    if not levelled.any():
        have = "、".join(circles.stations.loc[offered, "level"].drop_duplicates())
        return (
            f"所选层级（{'、'.join(question.levels)}）里没有{question.what}，"
            f"有的是{have}级。请放宽层级。"
        )
    return (
        f"{weekday_words(question.weekday)}{clock(question.minute)}没有一处"
        f"{question.what}开着（{levelled.sum():,}处都关门，或没有登记开放时间）。请换一个时间。"
    )


def near_buildings(circles: Circles, farthest_m: float) -> np.ndarray:
    """Say which buildings are so near each station: bits packed by building, one row per station."""
    near = circles.reach["metres"].to_numpy() <= farthest_m
    walks = (circles.reach[name].to_numpy()[near] for name in ("station", "building"))
    table = np.zeros((len(circles.stations), len(circles.buildings)), dtype=bool)
    table[tuple(walks)] = True
    return np.packbits(table, axis=1)


def nearest_metres(circles: Circles, question: Question) -> np.ndarray:
    """Metres from each building to the nearest answering station, inf beyond 1,500 m."""
    asked = answering(circles, question)[circles.reach["station"].to_numpy()]
    building = circles.reach["building"].to_numpy()[asked]
    first = np.diff(building, prepend=-1) > 0  # the nearest of a building comes first
    metres = np.full(len(circles.buildings), np.inf)
    metres[building[first]] = circles.reach["metres"].to_numpy()[asked][first]
    return metres


def beyond_reach(circles: Circles, question: Question) -> pd.DataFrame:
    """Say which buildings' people cannot walk to an answering station as near as asked for.

    Returns:
        Rows of `buildings` that have such people, the most first, with `metres` to the nearest
        answering station (NaN beyond 1,500 m).
    """
    metres = nearest_metres(circles, question)
    lacking = (metres > question.farthest_m) & (circles.buildings[question.people] > 0).to_numpy()
    walks = np.where(np.isinf(metres), np.nan, metres)[lacking]
    rows = circles.buildings[lacking].assign(metres=walks)
    order = [question.people, "metres"]
    return rows.sort_values(order, ascending=False, kind="stable", na_position="first")


def buildings_near(circles: Circles, station: int, question: Question) -> pd.DataFrame:
    """Say who lives within the walk of one station: rows of `buildings` with `metres`."""
    pairs = circles.reach[circles.reach["station"].to_numpy() == station]
    pairs = pairs[pairs["metres"] <= question.farthest_m]
    inside = circles.buildings.iloc[pairs["building"].to_numpy()]
    return inside.assign(metres=pairs["metres"].to_numpy()).sort_values("metres")


def station_loads(circles: Circles, question: Question) -> pd.DataFrame:
    """Hold the room of every answering station against those who would use it.

    Returns:
        One row per answering station: `station` (position), `capacity` (a day; NaN unknown),
        `people` (the target group, each person counted at the near stations by nearness as
        E2SFCA does), `per_hundred` (capacity per hundred of them).
    """
    chosen, capacity = answering(circles, question), capacities(circles, question.function)
    supply = np.where(chosen, np.nan_to_num(capacity), 0.0)
    people = circles.buildings[question.people].to_numpy(dtype=float)
    pairs = walks_within(circles, question, chosen)
    _, ratio = e2sfca(pairs, supply, people, step_decay(question.farthest_m))
    at = np.flatnonzero(chosen)
    with np.errstate(divide="ignore", invalid="ignore"):
        users = np.where(ratio[at] > 0, supply[at] / ratio[at], np.nan)
    return pd.DataFrame(
        {"station": at, "capacity": capacity[at], "people": users, "per_hundred": 100 * ratio[at]}
    )


def capacities(circles: Circles, function: str | None) -> np.ndarray:
    """Say how many a day each station can serve, NaN unknown; of all its functions when None."""
    rows = circles.functions
    if function:
        rows = rows[rows["function"] == function]
    capacity = rows.groupby("station_id")["capacity_per_day"].sum(min_count=1)
    return np.asarray(circles.stations["station_id"].map(capacity), dtype=float)


def walks_within(circles: Circles, question: Question, chosen: np.ndarray) -> pd.DataFrame:
    """Return the walks to the chosen stations that are as near as asked for."""
    pairs = circles.reach[chosen[circles.reach["station"].to_numpy()]]
    return pairs[pairs["metres"] <= question.farthest_m]


def nearest_to_building(
    circles: Circles, building: int, question: Question, most: int = 8
) -> pd.DataFrame:
    """List the answering stations nearest to one building, the nearest first.

    Returns:
        Rows of `stations` with `metres` and `minutes`; empty when none is within 1,500 m.
    """
    pairs = circles.reach.iloc[circles.first[building] : circles.first[building + 1]]
    pairs = pairs[answering(circles, question)[pairs["station"].to_numpy()]].head(most)
    rows = circles.stations.iloc[pairs["station"].to_numpy()]
    metres = pairs["metres"].to_numpy()
    return rows.assign(metres=metres, minutes=metres / question.speed / 60)


def nearest_to_community(
    circles: Circles, community: str, question: Question, most: int = 8
) -> pd.DataFrame:
    """List the answering stations nearest to the people of a community.

    Returns:
        Rows of `stations` with `people` (of the community within the walk asked for), `metres` (the
        walk half of the community's people do not exceed, among those in reach) and `minutes`.
    """
    mine = (circles.buildings["community_code"] == community).to_numpy()
    pairs = circles.reach[mine[circles.reach["building"].to_numpy()]]
    pairs = pairs[answering(circles, question)[pairs["station"].to_numpy()]]
    people = circles.buildings[question.people].to_numpy(dtype=float)
    pairs = pairs.assign(people=people[pairs["building"].to_numpy()])
    near = pairs[pairs["metres"] <= question.farthest_m]
    sums = near.groupby("station")["people"].sum()
    middle = pairs.groupby("station")["metres"].median()
    sums = pd.DataFrame({"people": sums, "metres": middle}).fillna({"people": 0})
    sums = sums.sort_values(["people", "metres"], ascending=[False, True]).head(most)
    metres = sums["metres"].to_numpy()
    return circles.stations.iloc[sums.index].assign(
        people=sums["people"].to_numpy(), metres=metres, minutes=metres / question.speed / 60
    )


def nearest_straight(circles: Circles, community: str, question: Question) -> pd.Series | None:
    """Find the answering station nearest to a community's buildings in a straight line.

    Returns:
        The station's row with `metres`; None without such a station or building.
    """
    chosen = np.flatnonzero(answering(circles, question))
    mine = (circles.buildings["community_code"] == community).to_numpy()
    if len(chosen) == 0 or not mine.any():
        return None
    away, at = cKDTree(circles.ground.station_xy[chosen]).query(circles.ground.building_xy[mine])
    least = int(np.argmin(away))
    row = circles.stations.iloc[chosen[at[least]]].copy()
    row["metres"] = float(away[least])
    return row
