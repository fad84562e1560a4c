"""The circles of one data version, arranged for questions: what a page asks is answered here.

Loaded once per version (half a second); a question after that is milliseconds. What is counted for
a figure without any change comes from the catalogue's SQL; here is what only an engine can say:
after a change, for a single door, along a line on the map.
"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from chunshui import coordinates
from chunshui.circles import catchments, siting, whatif
from chunshui.circles.coverage import ADULT_SPEED, e2sfca, step_decay
from chunshui.circles.reach import REACH_M, nearest, reach
from chunshui.circles.snap import Snapped, snap
from chunshui.circles.walks import Ground, ground
from chunshui.errors import ChunshuiError
from chunshui.warehouse import Reader

LEVELS = ("街道", "社区", "小区", "集聚区")
FUNCTIONS = (
    "党群服务", "幸福食堂", "居家养老", "托育扶幼", "积分超市",
    "时间银行", "小哥驿站", "议事协商", "文体活动",
)  # fmt: skip
# Who a service is for: the column of the buildings that holds its denominator.
TARGETS = {
    "幸福食堂": "residents_60",
    "居家养老": "residents_60",
    "托育扶幼": "residents_0_3",
    "小哥驿站": "residents_4_59",
}
PEOPLE = {
    "residents": "居民",
    "residents_60": "60岁及以上居民",
    "residents_0_3": "0–3岁婴幼儿",
    "residents_4_59": "4–59岁居民",
    "households": "住户",
}


@dataclass(frozen=True)
class Question:
    """Which stations count, for whom, and how far is near: the parameters of `circle_coverage`.

    `function` None means any; `weekday` 0 means at any time; `speed` turns metres into minutes.
    """

    month_end: dt.date
    function: str | None = None
    levels: tuple[str, ...] = LEVELS
    weekday: int = 0
    minute: int = 0
    farthest: float = 720.0
    people: str = "residents"
    speed: float = ADULT_SPEED

    @property
    def params(self) -> dict:
        """The same question as parameters of the metric `circle_coverage`."""
        return {
            "farthest": self.farthest,
            "levels": list(self.levels),
            "functions": [self.function] if self.function else [],
            "weekday": self.weekday,
            "minute": self.minute,
            "people": self.people,
        }

    @property
    def whose(self) -> str:
        """Who is counted, in words."""
        return PEOPLE[self.people]

    @property
    def unit(self) -> str:
        """The unit of who is counted."""
        return "户" if self.people == "households" else "人"

    @property
    def what(self) -> str:
        """Which stations are meant, in words: "社区级、小区级阵地里的幸福食堂"."""
        named = "" if set(self.levels) == set(LEVELS) else "、".join(self.levels) + "级"
        return f"{named}阵地里的{self.function}" if named and self.function else (
            self.function or f"{named}阵地"
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Circles:
    """One version's streets, doors, walks and the tables behind them.

    Rows of `buildings` and `stations` stand in the order of the doors; `reach` has their
    positions as `building`, `station`, and `metres`, the nearest station of a building first.
    `premises` is None where the version holds none: its ledger was not given, or its software
    did not know it.
    """

    ground: Ground
    reach: pd.DataFrame
    buildings: pd.DataFrame
    stations: pd.DataFrame
    functions: pd.DataFrame
    hours: pd.DataFrame
    candidates: pd.DataFrame
    premises: pd.DataFrame | None
    land: shapely.Geometry  # where people live: the district without the river, metres

    @cached_property
    def mesh(self) -> catchments.Mesh:
        """The mesh for outlines."""
        return catchments.mesh(self.ground.network)

    @cached_property
    def first(self) -> np.ndarray:
        """Where the walks of each building begin in `reach`, shape (buildings + 1,)."""
        return np.searchsorted(self.reach["building"], np.arange(len(self.buildings) + 1))

    @cached_property
    def communities(self) -> pd.DataFrame:
        """The communities that have buildings, by code: code and name, their street's too."""
        columns = ["community_code", "community_name", "street_code", "street_name"]
        rows = self.buildings[columns].drop_duplicates("community_code")
        return rows.sort_values("community_code", ignore_index=True)

    @cached_property
    def community(self) -> np.ndarray:
        """Which of `communities` each building is in, shape (buildings,)."""
        codes = self.communities["community_code"]
        return np.searchsorted(codes, self.buildings["community_code"])


def load(reader: Reader) -> Circles | None:
    """Load what a version holds; None when its ledgers had no walking network."""
    nodes, edges = reader.query("views/walking_nodes"), reader.query("views/walking_edges")
    if nodes.empty or edges.empty:
        return None
    buildings = reader.query("views/circle_buildings")
    stations = reader.query("views/circle_stations")
    barriers = reader.query("views/barriers")
    place = ground(
        {
            "walk_node": nodes,
            "walk_edge": edges,
            "building": buildings,
            "station": stations,
            "barrier": barriers,
        }
    )
    walks = reader.query("views/walks")
    walks = walks.rename(columns={"building_no": "building", "station_no": "station"})
    walks["metres"] = walks["metres"].astype("float64")
    walks = walks.sort_values(["building", "metres"], ignore_index=True)
    crs = place.network.crs
    streets = reader.query("views/streets")
    land = shapely.union_all(_metres(streets["shape"], crs))
    rivers = _metres(barriers.loc[barriers["kind"] == "河流", "shape"], crs)
    land = shapely.difference(land, shapely.union_all(rivers))
    return Circles(
        place,
        walks,
        buildings,
        stations,
        reader.query("views/circle_functions"),
        reader.query("views/circle_hours"),
        reader.query("views/circle_candidates"),
        _premises(reader),
        land,
    )


def _premises(reader: Reader) -> pd.DataFrame | None:
    if "premises" not in set(reader.query("warehouse/tables")["table_name"]):
        return None
    rows = reader.query("views/circle_premises")
    return None if rows.empty else rows


def _metres(shapes: pd.Series, crs: str) -> np.ndarray:
    return shapely.transform(
        shapely.from_wkb([bytes(shape) for shape in shapes]),
        lambda points: coordinates.to_metres(points[:, 0], points[:, 1], crs),
    )


# ------------------------------------------------------------------ which stations


def there(circles: Circles, month_end: dt.date) -> np.ndarray:
    """Say which stations exist at the end of a month, boolean, shape (stations,)."""
    day = pd.Timestamp(month_end)
    opened, closed = circles.stations["opened_on"], circles.stations["closed_on"]
    return ((opened <= day) & ~(closed <= day)).to_numpy()


def offering(circles: Circles, function: str | None) -> np.ndarray:
    """Say which stations offer a function (any of them when None)."""
    if function is None:
        return np.ones(len(circles.stations), dtype=bool)
    offered = circles.functions.loc[circles.functions["function"] == function, "station_id"]
    return circles.stations["station_id"].isin(offered).to_numpy()


def open_at(circles: Circles, weekday: int, minute: int) -> np.ndarray:
    """Say which stations are open then; weekday 0 means whenever. Unknown hours are not open."""
    if not weekday:
        return np.ones(len(circles.stations), dtype=bool)
    hours = circles.hours
    then = (hours["weekday"] == weekday) & (hours["opens_minute"] <= minute)
    then &= hours["closes_minute"] > minute
    return circles.stations["station_id"].isin(hours.loc[then, "station_id"]).to_numpy()


def asked(circles: Circles, question: Question) -> np.ndarray:
    """Say which stations answer a question: the same as `stations_asked` in SQL."""
    level = circles.stations["level"].isin(question.levels).to_numpy()
    return (
        there(circles, question.month_end)
        & level
        & offering(circles, question.function)
        & open_at(circles, question.weekday, question.minute)
    )


def why_none(circles: Circles, question: Question) -> str | None:
    """Say in Chinese why no station answers the question; None when one does."""
    if asked(circles, question).any():
        return None
    month = f"{question.month_end.year}年{question.month_end.month}月底"
    left = there(circles, question.month_end)
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
        f"{weekday_words(question.weekday)} {clock(question.minute)} 没有一处"
        f"{question.what}开着（{levelled.sum():,} 处都关门，或没有登记开放时间）。请换一个时间。"
    )


def weekday_words(weekday: int) -> str:
    """Name a weekday: 周三; 0 is 不限."""
    return "不限" if not weekday else "周" + "一二三四五六日"[weekday - 1]


def clock(minute: int) -> str:
    """Write minutes after midnight as 19:00."""
    return f"{minute // 60}:{minute % 60:02d}"


# ------------------------------------------------------------------ for the map


def catchment(circles: Circles, station: int, limits_m) -> gpd.GeoDataFrame:
    """Outline what can be walked to from one station: `metres`, geometry in WGS-84."""
    found = catchments.catchments(
        circles.ground.network, circles.mesh, circles.ground.stations[[station]], limits_m
    )
    found["geometry"] = shapely.intersection(
        shapely.make_valid(found.geometry.to_numpy()), circles.land
    )
    return _degrees(found, circles)


def _degrees(frame: gpd.GeoDataFrame, circles: Circles) -> gpd.GeoDataFrame:
    crs = circles.ground.network.crs
    shapes = shapely.transform(
        frame.geometry.to_numpy(), lambda xy: np.column_stack(coordinates.to_degrees(xy, crs))
    )
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs="EPSG:4326")


def nearest_metres(circles: Circles, question: Question) -> np.ndarray:
    """Metres from each building to the nearest asked station, inf beyond 1,500 m."""
    return _arranged(circles, question).metres


# ------------------------------------------------------------------ one station, one door


def around_station(circles: Circles, station: int, question: Question) -> pd.DataFrame:
    """Say who lives within the walk of one station: rows of `buildings` with `metres`."""
    pairs = circles.reach[circles.reach["station"].to_numpy() == station]
    pairs = pairs[pairs["metres"] <= question.farthest]
    inside = circles.buildings.iloc[pairs["building"].to_numpy()]
    return inside.assign(metres=pairs["metres"].to_numpy()).sort_values("metres")


def load_of(circles: Circles, question: Question) -> pd.DataFrame:
    """Hold the room of every asked station against those who would use it.

    Returns:
        One row per asked station: `station` (position), `capacity` (a day; NaN unknown),
        `people` (the target group, each person counted at the near stations by nearness as
        E2SFCA does), `per_hundred` (capacity per hundred of them).
    """
    chosen, capacity = asked(circles, question), capacities(circles, question.function)
    supply = np.where(chosen, np.nan_to_num(capacity), 0.0)
    people = circles.buildings[question.people].to_numpy(dtype=float)
    pairs = _near(circles, question, chosen)
    _, ratio = e2sfca(pairs, supply, people, step_decay(question.farthest))
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
    return circles.stations["station_id"].map(capacity).to_numpy(dtype=float)


def _near(circles: Circles, question: Question, chosen: np.ndarray) -> pd.DataFrame:
    """The walks to the chosen stations that are near as asked."""
    pairs = circles.reach[chosen[circles.reach["station"].to_numpy()]]
    return pairs[pairs["metres"] <= question.farthest]


def nearest_list(circles: Circles, building: int, question: Question, most: int = 8):
    """List the nearest asked stations of one building, the nearest first.

    Returns:
        Rows of `stations` with `metres` and `minutes`; empty when none is within 1,500 m.
    """
    pairs = circles.reach.iloc[circles.first[building] : circles.first[building + 1]]
    pairs = pairs[asked(circles, question)[pairs["station"].to_numpy()]].head(most)
    found = circles.stations.iloc[pairs["station"].to_numpy()]
    metres = pairs["metres"].to_numpy()
    return found.assign(metres=metres, minutes=metres / question.speed / 60)


def nearest_of_community(circles: Circles, community: str, question: Question, most: int = 8):
    """List the asked stations nearest to the people of a community.

    Returns:
        Rows of `stations` with `people` (of the community within the asked walk), `metres` (the
        walk half of the community's people do not exceed, among those in reach) and `minutes`.
    """
    mine = (circles.buildings["community_code"] == community).to_numpy()
    pairs = circles.reach[mine[circles.reach["building"].to_numpy()]]
    pairs = pairs[asked(circles, question)[pairs["station"].to_numpy()]]
    people = circles.buildings[question.people].to_numpy(dtype=float)
    pairs = pairs.assign(people=people[pairs["building"].to_numpy()])
    near = pairs[pairs["metres"] <= question.farthest]
    sums = near.groupby("station")["people"].sum()
    middle = pairs.groupby("station")["metres"].median()
    found = pd.DataFrame({"people": sums, "metres": middle})
    found["people"] = found["people"].fillna(0)
    found = found.sort_values(["people", "metres"], ascending=[False, True]).head(most)
    rows = circles.stations.iloc[found.index]
    return rows.assign(
        people=found["people"].to_numpy(),
        metres=found["metres"].to_numpy(),
        minutes=found["metres"].to_numpy() / question.speed / 60,
    )


def nearest_in_line(circles: Circles, community: str, question: Question) -> pd.Series | None:
    """Find the asked station nearest to a community's buildings in a straight line.

    Returns:
        The station's row with `metres`; None without such a station or building.
    """
    chosen = np.flatnonzero(asked(circles, question))
    mine = (circles.buildings["community_code"] == community).to_numpy()
    if len(chosen) == 0 or not mine.any():
        return None
    away, at = cKDTree(circles.ground.station_xy[chosen]).query(circles.ground.building_xy[mine])
    least = int(np.argmin(away))
    row = circles.stations.iloc[chosen[at[least]]].copy()
    row["metres"] = float(away[least])
    return row


# ------------------------------------------------------------------ what if


@dataclass(frozen=True)
class Step:
    """One change of a scenario: 新增 at a place, 停用 of a station, 迁移 of one to a place.

    What is new offers `function` (None: whatever is asked about) to `capacity` a day (None:
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
        """The step as it is told."""
        room = "" if self.capacity is None else f"每日 {self.capacity:,.0f} 人次"
        facts = "，".join(fact for fact in (self.function, room) if fact)
        return f"{self.kind}：{self.label}{f'（{facts}）' if facts else ''}"


@dataclass(frozen=True, eq=False)
class State:
    """The present for one question, arranged for changes.

    Attributes:
        walks: Who walks where.
        pairs: The walks to the asked stations that are near as asked.
        capacity: What each station can serve a day, NaN unknown, shape (stations,).
        people: The target group in each building.
        room: Places a day for each of them (E2SFCA), shape (buildings,).
    """

    walks: whatif.Today
    pairs: pd.DataFrame
    capacity: np.ndarray
    people: np.ndarray
    room: np.ndarray

    @property
    def metres(self) -> np.ndarray:
        """Metres from each building to the nearest asked station, inf beyond 1,500 m."""
        return self.walks.metres

    @property
    def unknown(self) -> int:
        """How many asked stations have no capacity in the ledger: they add no places."""
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


def today(circles: Circles, question: Question) -> State:
    """Arrange the present state for a question: once, then each change is milliseconds."""
    walks = _arranged(circles, question)
    pairs = _near(circles, question, walks.open)
    capacity = capacities(circles, question.function)
    people = circles.buildings[question.people].to_numpy(dtype=float)
    room, _ = e2sfca(pairs, np.nan_to_num(capacity), people, step_decay(question.farthest))
    return State(walks, pairs, capacity, people, room)


def _arranged(circles: Circles, question: Question) -> whatif.Today:
    return whatif.prepare(
        circles.ground.network,
        circles.ground.buildings,
        circles.reach,
        asked(circles, question),
        limit_m=REACH_M,
    )


def door(circles: Circles, lon, lat) -> Snapped:
    """Tie places given in WGS-84 degrees to the streets."""
    network = circles.ground.network
    xy = coordinates.to_metres(np.atleast_1d(lon), np.atleast_1d(lat), network.crs)
    return snap(network, xy, barriers=circles.ground.walls)


def play(circles: Circles, state: State, question: Question, steps) -> Outcome:
    """Say what a scenario does to coverage and room, by community and in all.

    Raises:
        ChunshuiError: A place is not near any street, a station to close is not among those the
            question is about, or a new one offers something else.
    """
    _refuse_beside(state, question, steps)
    added = [step for step in steps if step.lon is not None]
    closed = [step.station for step in steps if step.station is not None]
    doors = door(circles, [s.lon for s in added], [s.lat for s in added]) if added else None
    metres, closest = whatif.change(state.walks, add=doors, close=closed)
    capacity = np.r_[
        state.capacity,
        [s.capacity or np.nan if s.station is None else state.capacity[s.station] for s in added],
    ]
    sums = whatif.difference(
        state.walks, metres, state.people, question.farthest, circles.community
    )
    at = sums.pop("group").to_numpy(dtype=int)
    room = _room(circles, state, question, doors, closed, capacity)
    for column, each in (("room_before", state.room), ("room_after", room)):
        sums[column] = np.bincount(circles.community, each * state.people)[at]
    places = pd.concat([circles.communities.iloc[at].reset_index(drop=True), sums], axis=1)
    return Outcome(
        places,
        float(places["before"].sum()),
        float(places["after"].sum()),
        float(places["denominator"].sum()),
        metres,
        _loads(circles, state, question, metres, closest, capacity, added, closed),
    )


def _refuse_beside(state: State, question: Question, steps) -> None:
    lost = [s.label for s in steps if s.station is not None and not state.walks.open[s.station]]
    if lost:
        raise ChunshuiError(
            f"{'、'.join(lost)} 不在当前条件（功能、层级、时间）的阵地里，"
            "停用或迁移它不影响本图。请去掉这一步，或换条件。"
        )
    other = [s for s in steps if s.function and question.function not in (None, s.function)]
    if other:
        raise ChunshuiError(
            f"{'、'.join(step.label for step in other)} 新增的是{other[0].function}，"
            f"现在问的是{question.function}，不影响本图。请去掉这一步，或换功能。"
        )


def _room(circles: Circles, state: State, question: Question, doors, closed, capacity):
    """Places a day for each person of a building afterwards.

    Who shares a station's places are those who walk to it, whatever else there is: so what is
    closed takes its own places away, and what is new brings its own.
    """
    decay = step_decay(question.farthest)
    known = np.nan_to_num(capacity)
    room, old = state.room, len(state.capacity)
    if closed:
        gone = state.pairs[np.isin(state.pairs["station"].to_numpy(), closed)]
        room = room - e2sfca(gone, known[:old], state.people, decay)[0]
    for at, supply in enumerate(known[old:]):
        door_ = doors[np.array([at])]
        walk, _ = nearest(circles.ground.network, circles.ground.buildings, door_,
                          limit_m=question.farthest)  # fmt: skip
        near = np.flatnonzero(np.isfinite(walk))
        new = pd.DataFrame({"building": near, "station": 0, "metres": walk[near]})
        room = room + e2sfca(new, [supply], state.people, decay)[0]
    return np.clip(room, 0.0, None)


def _loads(
    circles: Circles, state: State, question: Question, metres, closest, capacity, added, closed
) -> pd.DataFrame:
    """Who has which station as the nearest, where that changes."""

    def users(walk: np.ndarray, station: np.ndarray) -> np.ndarray:
        near = walk <= question.farthest
        return np.bincount(station[near], state.people[near], minlength=len(capacity))

    before = users(state.walks.metres, state.walks.nearest)
    after = users(metres, closest)
    names = [*circles.stations["station_name"], *(f"{step.label}（{step.kind}）" for step in added)]
    touched = np.abs(after - before) > 0
    touched[closed] = True
    touched[len(state.capacity) :] = True
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


# ------------------------------------------------------------------ where next, merge


PREMISES, GRIDS, NEIGHBOURHOODS = "可用房屋", "网格", "小区"
STATIONS = "现有阵地（增设此功能）"


def kinds(circles: Circles) -> tuple[str, ...]:
    """Name the kinds of places a station could be added at; premises first, where reported."""
    reported = () if circles.premises is None else (PREMISES,)
    return (*reported, GRIDS, NEIGHBOURHOODS, STATIONS)


def candidates(circles: Circles, question: Question, kind: str, streets=()) -> pd.DataFrame:
    """List the places of one kind where a station, or its function, could be added.

    Returns:
        `place_id`, `place_name`, `street_code`, `community_code`, `community_name`, lon, lat,
        `capacity` (a day, as the ledger suggests or as stations of the kind have it, NaN
        unknown) and `facts` (what is known of the place, in words). Premises are those listed
        and not yet settled; stations are those there that do not answer the question yet.
    """
    if kind == PREMISES:
        day = pd.Timestamp(question.month_end)
        rows = circles.premises
        found = rows[(rows["listed_on"] <= day) & ~(rows["settled_on"] <= day)]
        floor = np.where(found["is_ground_floor"], "一层", "非一层")
        area = found["area_m2"].map("{:,.0f} 平方米".format)
        found = found.assign(
            facts=found["owner"] + "，" + found["state"] + "，" + floor + "，" + area
        )
    elif kind == STATIONS:
        free = there(circles, question.month_end) & ~asked(circles, question)
        found = circles.stations[free].rename(
            columns={"station_id": "place_id", "station_name": "place_name"}
        )
        area = found["area_m2"].map("{:,.0f} 平方米".format)
        found = found.assign(facts=found["level"] + "级，" + area)
    else:
        found = circles.candidates[circles.candidates["kind"] == kind].assign(facts="")
    if len(streets):
        found = found[found["street_code"].isin(streets)]
    found = found.assign(capacity=suggested(circles, question, found))
    columns = ["place_id", "place_name", "street_code", "community_code", "community_name"]
    return found[[*columns, "lon", "lat", "capacity", "facts"]].reset_index(drop=True)


def suggested(circles: Circles, question: Question, places: pd.DataFrame) -> np.ndarray:
    """Suggest how many a day each place could serve, rounded to five, NaN without an example.

    What its own row says; else its area by what half of the stations with the function serve on
    a square metre; without an area, what half of them serve.
    """
    here = there(circles, question.month_end)
    capacity = capacities(circles, question.function)[here]
    area = circles.stations["area_m2"].to_numpy()[here]
    if np.isnan(capacity).all():
        usual = np.full(len(places), np.nan)
    elif "area_m2" in places:
        usual = places["area_m2"].to_numpy() * np.nanmedian(capacity / area)
    else:
        usual = np.full(len(places), np.nanmedian(capacity))
    usual = np.maximum(np.round(usual / 5) * 5, 5)
    if "capacity_per_day" in places:
        usual = places["capacity_per_day"].fillna(pd.Series(usual, index=places.index)).to_numpy()
    return usual


@dataclass(frozen=True, eq=False)
class Search:
    """A siting question made ready: who each candidate would cover, and who is not covered yet."""

    places: pd.DataFrame
    cover: object  # sparse (candidates, buildings)
    weight: np.ndarray
    lost: int  # candidates that no street reaches


def search(circles: Circles, question: Question, places: pd.DataFrame) -> Search:
    """Make a siting question ready: one cut-off search per candidate."""
    if places.empty:
        raise ChunshuiError("没有候选点。请换一类候选点，或放宽街道。")
    doors = door(circles, places["lon"].to_numpy(), places["lat"].to_numpy())
    kept = np.flatnonzero(doors.tied)
    if len(kept) == 0:
        raise ChunshuiError("候选点都接不上步行路网。请核对它们的坐标。")
    pairs = reach(
        circles.ground.network,
        circles.ground.buildings,
        doors[kept],
        limit_m=min(question.farthest, REACH_M),
    )
    people = circles.buildings[question.people].to_numpy(dtype=float)
    weight = np.where(nearest_metres(circles, question) <= question.farthest, 0.0, people)
    cover = siting.cover(pairs, len(kept), len(people), question.farthest)
    chosen = places.iloc[kept].reset_index(drop=True)
    return Search(chosen, cover, weight, len(places) - len(kept))


def told(circles: Circles, found: Search, sites: siting.Sites) -> pd.DataFrame:
    """Tell the chosen sites: rows of the candidates with `gain`, `total` and `gaining`.

    `gaining` names the communities whose people gain most by the site, with how many.
    """
    left = found.weight.copy()
    rows = []
    for site in sites.chosen:
        at = found.cover.indices[found.cover.indptr[site] : found.cover.indptr[site + 1]]
        gains = pd.Series(left[at]).groupby(
            circles.buildings["community_name"].to_numpy()[at]
        ).sum()  # fmt: skip
        gains = gains[gains > 0].sort_values(ascending=False)
        left[at] = 0.0
        rows.append("、".join(f"{name} {people:,.0f}" for name, people in gains.head(4).items()))
    table = found.places.iloc[sites.chosen].reset_index(drop=True)
    return table.assign(gain=sites.gain, total=np.cumsum(sites.gain), gaining=rows)


def mergers(circles: Circles, question: Question, max_loss: float, streets=()) -> pd.DataFrame:
    """List stations that could close one after another while no more than `max_loss` lose cover.

    Stations outside `streets` (when given) stay. Returns rows of `stations` with `loss`,
    `total_loss` and `people` (who live within the walk today).
    """
    chosen = asked(circles, question)
    fixed = ~circles.stations["street_code"].isin(streets).to_numpy() if len(streets) else None
    people = circles.buildings[question.people].to_numpy(dtype=float)
    found = siting.merge(
        circles.reach, people, question.farthest, chosen, max_loss=max_loss, fixed=fixed
    )
    rows = circles.stations.iloc[found["station"].to_numpy()].reset_index(drop=True)
    columns = ["loss", "total_loss", "people"]
    return rows.assign(**{column: found[column].to_numpy() for column in columns})


def with_minutes(question: Question, minutes: float) -> Question:
    """Return the same question at so many minutes of its walking speed."""
    return replace(question, farthest=minutes * 60 * question.speed)
