"""Party-service stations of four levels: where they are, what they offer, when they are open."""

import datetime as dt

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from chunshui.demo.apportion import apportion
from chunshui.demo.days import FIRST, between, growing
from chunshui.demo.geography import Ground
from chunshui.demo.network import Network
from chunshui.demo.people import People
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

COUNTS = {"街道": 12, "社区": 130, "小区": 278, "集聚区": 26}
AREA_M2 = 302_600
CLOSED = 17
GCJ_SHIFT = (526.0, -268.0)
"""Metres by which a GCJ-02 point lies off when it is taken for WGS-84, here."""
CANTEEN_FREE_M = 1_300.0
CANTEEN = "幸福食堂"

# How often a level offers a function.
OFFERS = {
    "街道": {"党群服务": 1, "议事协商": 1, "文体活动": 0.9, "居家养老": 0.6, "托育扶幼": 0.5, "小哥驿站": 0.7, CANTEEN: 0.35, "时间银行": 0.5},
    "社区": {"党群服务": 1, "议事协商": 0.85, "文体活动": 0.7, "居家养老": 0.5, "积分超市": 0.45, CANTEEN: 0.38, "托育扶幼": 0.24, "时间银行": 0.2, "小哥驿站": 0.2},
    "小区": {"党群服务": 0.92, "议事协商": 0.62, "文体活动": 0.35, "积分超市": 0.2, "居家养老": 0.13, CANTEEN: 0.09, "托育扶幼": 0.06, "小哥驿站": 0.08},
    "集聚区": {"党群服务": 1, "小哥驿站": 0.65, "文体活动": 0.5, "议事协商": 0.4, CANTEEN: 0.2},
}  # fmt: skip
# Area in square metres: the usual, how much it varies, the least.
SIZES = {
    "街道": (3_300, 0.25, 1_200), "社区": (760, 0.62, 110), "小区": (270, 0.55, 40),
    "集聚区": (1_350, 0.45, 40),
}  # fmt: skip
# Streets that draw stations of 集聚区, the others counting 1.
CLUSTER_PULL = {
    "420104009": 5, "420104003": 4, "420104005": 4, "420104001": 3, "420104011": 3, "420104002": 2,
}  # fmt: skip
# Places a day for each hundred square metres.
PLACES = {
    "党群服务": 22, "议事协商": 8, "文体活动": 20, "居家养老": 6, "托育扶幼": 4, "小哥驿站": 18,
    CANTEEN: 26, "时间银行": 5, "积分超市": 12,
}  # fmt: skip
# (weekdays, opens, closes) in minutes; a level's usual timetables with how often each is kept.
NIGHT = 18 * 60
TIMETABLES = {
    "街道": [
        (0.5, [(range(1, 8), 510, 1050)]),
        (0.5, [(range(1, 6), 510, 1230), (range(6, 8), 540, 1020)]),
    ],
    "社区": [
        (0.42, [(range(1, 6), 510, 720), (range(1, 6), 840, 1050)]),
        (0.30, [(range(1, 7), 510, 1050)]),
        (0.28, [(range(1, 6), 510, 1050), (range(1, 6), 1110, 1230), (range(6, 8), 540, 1020)]),
    ],
    "小区": [
        (0.50, [(range(1, 6), 540, 690), (range(1, 6), 870, 1020)]),
        (0.28, [(range(1, 8), 540, 1020)]),
        (0.22, [(range(1, 6), 870, 1050), (range(1, 6), 1140, 1260), (range(6, 8), 540, 1260)]),
    ],
    "集聚区": [
        (0.45, [(range(1, 6), 510, 1200)]),
        (0.35, [(range(1, 8), 480, 1320)]),
        (0.20, [(range(1, 8), 0, 1440)]),
    ],
}  # fmt: skip


def build(ground: Ground, people: People, network: Network) -> dict[str, pd.DataFrame]:
    """Table name → frame for station (x, y in metres), station_function, station_hours."""
    table = _places(ground, people, network)
    _dates(table)
    _areas(table)
    functions = _functions(table, people, network)
    wrong = table["station_id"] == TRUTHS["station_gcj02"]["station"]
    table.loc[wrong, ["x", "y"]] += np.array(GCJ_SHIFT)
    return {"station": table, "station_function": functions, "station_hours": _hours(table)}


def _places(ground: Ground, people: People, network: Network) -> pd.DataFrame:
    draw = Stream("stations")
    hoods, buildings = people.neighbourhoods, people.buildings
    homes = buildings.groupby("hood")["households"].sum().reindex(range(len(hoods))).fillna(0)
    homes = homes.to_numpy(float)
    with_paths = people.with_paths
    communities = ground.communities["community_code"].to_numpy()
    stems = ground.communities.set_index("community_code")["stem"]
    hood_place = hoods["community_code"].to_numpy()
    rows: list[tuple] = []

    def at(hood: int) -> tuple[float, float]:
        """Beside an inner path of the neighbourhood, a few metres off."""
        nodes = people.layouts[hood].nodes
        x, y = nodes[int(draw.one() * len(nodes))]
        return x + draw.one(-3, 3), y + draw.one(-3, 3)

    def best(candidates: np.ndarray, weight: np.ndarray) -> int:
        return int(candidates[draw.sample(len(candidates), 1, weight)[0]])

    streets = ground.streets
    names = streets.set_index("street_code")["street_name"]
    xy = hoods[["x", "y"]].to_numpy()
    for code, name in names.items():
        mine = np.flatnonzero((hoods["community_code"].str[:9] == code).to_numpy() & with_paths)
        middle = np.average(xy[mine], axis=0, weights=homes[mine])
        order = mine[np.argsort(np.hypot(*(xy[mine] - middle).T))]
        rows.append((f"{name}党群服务中心", "街道", code, None, *at(int(order[0]))))
        if code == "420104011":
            rows.append((f"{name}党群服务中心（北区）", "街道", code, None, *at(int(order[-12]))))

    extra = set(draw.sample(len(communities), COUNTS["社区"] - len(communities)).tolist())
    for k, code in enumerate(communities):
        mine = np.flatnonzero((hood_place == code) & with_paths)
        first = best(mine, homes[mine])
        rows.append((f"{stems[code]}社区党群服务中心", "社区", code[:9], code, *at(first)))
        if k in extra:
            other = best(mine, homes[mine])
            rows.append((f"{stems[code]}社区党群服务站", "社区", code[:9], code, *at(other)))

    # Small stations crowd where a community is active; some communities have none.
    eager = draw.lognormal(len(communities), 0.85)
    eager[np.isin(communities, TRUTHS["community_low_area"]["community"])] = 0
    need = np.array([homes[hood_place == code].sum() for code in communities])
    room = np.array([((hood_place == code) & with_paths).sum() for code in communities])
    wanted = COUNTS["小区"] + CLOSED
    per_community = apportion(wanted, eager * np.sqrt(need), 0, room)
    for code, n in zip(communities, per_community, strict=True):
        mine = np.flatnonzero((hood_place == code) & with_paths)
        for hood in mine[draw.sample(len(mine), n, homes[mine] + 1)]:
            name = hoods["neighbourhood_name"].iloc[hood]
            rows.append((f"{name}党群驿站", "小区", code[:9], code, *at(int(hood))))

    edges = network.edges
    busy = np.unique(edges.loc[edges["kind"] == "主干道", ["from_node", "to_node"]].to_numpy()) - 1
    spots = network.nodes[["x", "y"]].to_numpy()[busy]
    inside = np.full(len(spots), -1)
    for s, shape in enumerate(streets["shape"]):
        inside[shapely.contains_xy(shape.buffer(-25), spots[:, 0], spots[:, 1])] = s
    pull = streets["street_code"].map(CLUSTER_PULL).fillna(1).to_numpy()
    weight = np.where(inside >= 0, pull[inside], 0)
    labels = ["汉江湾驿站", "江城红领驿站"]
    kinds = ["商圈", "园区", "楼宇", "市场", "企业社区"]
    for number, k in enumerate(draw.sample(len(spots), COUNTS["集聚区"], weight), start=1):
        code = streets["street_code"].iloc[inside[k]]
        brand = labels[number % 2]
        name = f"{names[code].removesuffix('街道')}{draw.pick(kinds)}{brand}（{number}号）"
        rows.append((name, "集聚区", code, None, spots[k][0] + 1, spots[k][1] + 1, brand))
    rows = [row if len(row) == 7 else (*row, None) for row in rows]
    columns = ["station_name", "level", "street_code", "community_code", "x", "y", "brand"]
    table = pd.DataFrame(rows, columns=columns)
    riders = (table["level"] == "社区") & (draw.many(len(table)) < 0.1)
    table.loc[riders, "brand"] = "江城红领驿站"
    table.insert(0, "station_id", [f"ZD{n:03d}" for n in range(1, len(table) + 1)])
    return table


def _dates(table: pd.DataFrame) -> None:
    """Opening and closing days; 446 are open on the last day, in one month the count falls."""
    draw = Stream("station dates")
    n = len(table)
    level = table["level"].to_numpy()
    opened = np.empty(n, "datetime64[D]")
    for name, share in {"街道": 0.92, "社区": 0.86, "小区": 0.60, "集聚区": 0.42}.items():
        mine = np.flatnonzero(level == name)
        opened[mine] = growing(draw, len(mine), share, dt.date(2018, 3, 1), dt.date(2026, 9, 20))
    small = np.flatnonzero(level == "小区")
    gone = small[draw.sample(len(small), CLOSED)]
    fall = TRUTHS["month_station_count_falls"]
    month = np.datetime64(fall["month"], "M")
    # Nothing opened in the month of the fall: those that would have, open a month later.
    opened[opened.astype("datetime64[M]") == month] += 31
    closed = np.full(n, np.datetime64("NaT"), "datetime64[D]")
    days = between(draw, CLOSED, dt.date(2024, 3, 1), dt.date(2026, 8, 31))
    days[: len(fall["stations"])] = month.astype("datetime64[D]") + 17
    wanted = [int(s[2:]) - 1 for s in fall["stations"]]
    gone = np.array([*wanted, *[g for g in gone if g not in wanted]][:CLOSED])
    opened[gone] = between(draw, CLOSED, dt.date(2018, 3, 1), FIRST - dt.timedelta(30))
    closed[gone] = days
    table["opened_on"], table["closed_on"] = opened, closed


def _areas(table: pd.DataFrame) -> None:
    draw = Stream("station areas")
    n = len(table)
    usual, spread, low = np.array([SIZES[level] for level in table["level"]]).T
    low = low.astype(int)
    weight = usual * np.exp(spread * draw.normal(n))
    poor = table["community_code"].isin([TRUTHS["community_low_area"]["community"]]).to_numpy()
    weight = np.where(poor, 1, weight)
    alive = table["closed_on"].isna().to_numpy()
    area = np.maximum(np.round(weight / 10) * 10, 40).astype(int)
    high = np.where(poor, 110, 9_000)
    area[alive] = 10 * apportion(AREA_M2 // 10, weight[alive], low[alive] // 10, high[alive] // 10)
    table["area_m2"] = area.astype(float)


def _functions(table: pd.DataFrame, people: People, network: Network) -> pd.DataFrame:
    draw = Stream("station functions")
    rows = []
    for station in table.itertuples():
        offers = [f for f, share in OFFERS[station.level].items() if draw.one() < share]
        for function in offers or ["党群服务"]:
            places = PLACES[function] * station.area_m2 / 100 * draw.one(0.5, 1.3)
            places = max(5, round(places / len(offers or [1]) * 2.2 / 5) * 5)
            rows.append((station.station_id, function, places if draw.one() > 0.08 else None))
    functions = pd.DataFrame(rows, columns=["station_id", "function", "capacity_per_day"])
    truth = TRUTHS["community_without_canteen"]
    near = within_walk(table, people, network, truth["community"], CANTEEN_FREE_M)
    functions = functions[
        ~(functions["station_id"].isin(near) & (functions["function"] == CANTEEN))
    ]
    # Beyond the railway, a stone's throw away as the crow flies, there is one.
    canteens = functions.loc[functions["function"] == CANTEEN, "station_id"]
    if truth["canteen_beyond_railway"] not in canteens.to_numpy():
        functions.loc[-1] = [truth["canteen_beyond_railway"], CANTEEN, 120]
    functions = functions.sort_values(["station_id", "function"], ignore_index=True)
    functions["capacity_per_day"] = functions["capacity_per_day"].astype("Int64")
    return functions


def within_walk(
    table: pd.DataFrame, people: People, network: Network, community: str, metres: float
) -> list[str]:
    """Stations that some building of the community reaches on foot within `metres`, about.

    Doors and stations are taken to their nearest node, whose distance counts.
    """
    nodes, edges = network.nodes, network.edges
    ends = (edges["from_node"] - 1, edges["to_node"] - 1)
    graph = coo_array((edges["metres"], ends), shape=(len(nodes), len(nodes))).tocsr()
    tree = cKDTree(nodes[["x", "y"]].to_numpy())
    homes = people.buildings[people.buildings["community_code"] == community]
    start = np.unique(tree.query(homes[["x", "y"]].to_numpy())[1])
    walk = dijkstra(graph, directed=False, indices=start, min_only=True, limit=metres)
    off, at = tree.query(table[["x", "y"]].to_numpy())
    return table.loc[walk[at] + off <= metres, "station_id"].tolist()


def _hours(table: pd.DataFrame) -> pd.DataFrame:
    draw = Stream("station hours")
    early = TRUTHS["street_closed_at_night"]["street"]
    rows = []
    for station in table.itertuples():
        tables = TIMETABLES[station.level]
        times = draw.choose(1, [t for _, t in tables], [share for share, _ in tables])[0]
        if draw.one() < 0.035:
            continue  # hours never entered: unknown, not closed
        shift = int(draw.one() * 3) * 30 - 30 if station.level in ("小区", "社区") else 0
        day_end = NIGHT if station.street_code == early else 1440
        spans = {
            (day, max(0, opens + shift), min(closes + shift, day_end))
            for days, opens, closes in times
            for day in days
        }
        rows += [(station.station_id, *span) for span in sorted(spans) if span[2] > span[1] + 59]
    return pd.DataFrame(rows, columns=["station_id", "weekday", "opens_minute", "closes_minute"])
