"""Rooms that stand empty or could be vacated, where a station could open."""

import datetime as dt

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from chunshui.demo.days import FIRST, between, growing, missing
from chunshui.demo.geography import Ground
from chunshui.demo.people import People
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

COUNT, SETTLED = 96, 14
APART_M = 30.0
USED_FROM = np.datetime64("2022-05-16")
# (name, of the whole community, owner, usual area in m², how often)
KINDS = [
    ("社区原办公用房", True, "街道", 320, 0.20), ("社区原活动室", True, "社区", 180, 0.14),
    ("闲置公房", False, "区属公房", 240, 0.24), ("沿街门面", False, "区属公房", 110, 0.14),
    ("原粮店", False, "国有企业", 260, 0.12), ("原职工宿舍食堂", False, "国有企业", 420, 0.08),
    ("原幼儿园", False, "其他", 760, 0.08),
]  # fmt: skip


def build(ground: Ground, people: People, stations: pd.DataFrame) -> pd.DataFrame:
    """The ledger of premises (x, y in metres)."""
    best, used = TRUTHS["premises_behind_railway"], TRUTHS["premises_in_use"]
    rows = [_planted(people, best), _drawn(ground, people, stations, best)]
    table = pd.concat(rows, ignore_index=True)
    table.insert(0, "premises_id", [f"FW{n:03d}" for n in range(1, len(table) + 1)])
    draw = Stream("premises facts")
    n = len(table)
    area = table.pop("usual").to_numpy() * draw.lognormal(n, 0.4)
    table["area_m2"] = np.maximum(np.round(area / 10) * 10, 40.0)
    table["state"] = draw.choose(n, ["空置", "在用可腾退"], [0.72, 0.28])
    table["is_ground_floor"] = draw.many(n) < 0.7
    said = np.maximum(np.round(table["area_m2"] * draw.many(n, 0.15, 0.35) / 5) * 5, 5)
    table["capacity_per_day"] = said.where(draw.many(n) < 0.55).astype("Int64")
    table["listed_on"] = growing(draw, n, 0.45, dt.date(2021, 3, 1), dt.date(2026, 8, 31))
    _settle(table, (best["premises"], best["other"], used["premises"]))
    station = stations[stations["station_id"] == used["station"]].iloc[0]
    facts = ["x", "y", "community_code", "area_m2"]
    told = {"premises_name": used["name"], "owner": "区属公房", "listed_on": USED_FROM}
    row = table["premises_id"] == used["premises"]
    for column, value in ({name: station[name] for name in facts} | told).items():
        table.loc[row, column] = value
    table["address"] = _addresses(ground, table)
    return table


def _planted(people: People, truth: dict) -> pd.DataFrame:
    """In the community behind the railway: a room in its midst, and one at its edge."""
    hoods = people.neighbourhoods.reset_index(drop=True)
    mine = np.flatnonzero((hoods["community_code"] == truth["community"]) & people.with_paths)
    homes = people.buildings[people.buildings["community_code"] == truth["community"]]
    middle = np.average(homes[["x", "y"]], axis=0, weights=homes["residents_60"])
    order = mine[np.argsort(np.hypot(*(hoods.loc[mine, ["x", "y"]].to_numpy() - middle).T))]
    rows = [
        (f"{hoods['neighbourhood_name'][hood]}{kind}", owner, usual, truth["community"], *node)
        for hood, kind, owner, usual, node in (
            (order[0], "原粮店", "国有企业", 300, people.layouts[order[0]].nodes[0]),
            (order[-1], "闲置公房", "区属公房", 240, people.layouts[order[-1]].nodes[0]),
        )
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = ["premises_name", "owner", "usual", "community_code", "x", "y"]


def _drawn(ground: Ground, people: People, stations: pd.DataFrame, truth: dict) -> pd.DataFrame:
    """Anywhere else, oftener where houses are old; beside an inner path, not where a station is."""
    draw = Stream("premises")
    hoods = people.neighbourhoods.reset_index(drop=True)
    stems = ground.communities.set_index("community_code")["stem"]
    weight = np.where(hoods["is_old"], 2.0, 1.0) * people.with_paths
    weight[hoods["community_code"] == truth["community"]] = 0
    taken = cKDTree(stations[["x", "y"]].to_numpy())
    rows, names = [], set()
    for hood in draw.sample(len(hoods), 2 * COUNT, weight):
        kind, common, owner, usual, _ = draw.choose(1, KINDS, [share for *_, share in KINDS])[0]
        code = hoods["community_code"][hood]
        name = (stems[code] if common else hoods["neighbourhood_name"][hood]) + kind
        nodes = people.layouts[hood].nodes
        place = nodes[int(draw.one() * len(nodes))] + np.array([draw.one(-3, 3), draw.one(-3, 3)])
        if name not in names and taken.query(place)[0] > APART_M:
            rows.append((name, owner, usual, code, *place))
            names.add(name)
    return pd.DataFrame(rows[: COUNT - 2], columns=_COLUMNS)


def _settle(table: pd.DataFrame, left: tuple[str, ...]) -> None:
    """Some, but none of those in `left`, found another use during the thirty-six months."""
    draw = Stream("premises settled")
    early = table["listed_on"].to_numpy().astype("datetime64[D]") < np.datetime64(FIRST)
    may = early & ~table["premises_id"].isin(left).to_numpy()
    gone = draw.sample(len(table), SETTLED, may.astype(float))
    days = between(draw, len(table), FIRST, dt.date(2026, 9, 30))
    table["settled_on"] = missing(days, ~np.isin(np.arange(len(table)), gone))


def _addresses(ground: Ground, table: pd.DataFrame) -> list[str]:
    draw = Stream("premises addresses")
    streets = ground.streets.set_index("street_code")["street_name"]
    places = ground.communities.set_index("community_code")["community_name"]
    numbers = draw.whole(len(table), 1, 260)
    codes = zip(table["community_code"], numbers, strict=True)
    return [f"{streets[code[:9]]}{places[code]}{number}号（示意）" for code, number in codes]
