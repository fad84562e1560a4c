"""Grids' posts and building posts."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.apportion import apportion
from chunshui.demo.days import FIRST, LAST, between, growing
from chunshui.demo.people import People
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

LEADERS, CENTRE_HOUSEHOLDS = 1_292, 2_026
MERGED_GRIDS = 34

# The names of the seven posts are not published; these stand in for them.
ROLES = [
    ("GW1", "网格长", True), ("GW2", "专职网格员（示意）", False), ("GW3", "兼职网格员（示意）", False),
    ("GW4", "党员网格员（示意）", False), ("GW5", "警务网格员（示意）", False),
    ("GW6", "物业网格员（示意）", False), ("GW7", "志愿网格员（示意）", False),
]  # fmt: skip
# Share of grids whose post is vacant on the last day.
VACANT = {"GW1": 0, "GW2": 0.005, "GW3": 0.03, "GW4": 0.01, "GW5": 0.015, "GW6": 0.035, "GW7": 0.02}


def build_posts(people: People, communities: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Table name → frame: grid_unit (x, y in metres), grid_role, grid_post, building_post."""
    grids = _grid_units(people)
    return {
        "grid_unit": grids,
        "grid_role": pd.DataFrame(
            [(i, name, leader, True) for i, name, leader in ROLES],
            columns=["role_id", "role_name", "is_leader", "is_required"],
        ),
        "grid_post": _grid_posts(grids),
        "building_post": _building_posts(people.buildings, communities),
    }


def _grid_units(people: People) -> pd.DataFrame:
    """The grids at work and some that were merged during the thirty-six months."""
    draw = Stream("grid dates")
    grids = people.grids.copy()
    n = len(grids)
    grids["set_on"] = growing(draw, n, 0.95, dt.date(2020, 6, 1), dt.date(2025, 12, 31))
    grids["merged_on"] = np.datetime64("NaT", "D")
    old = grids.iloc[np.sort(draw.sample(n, MERGED_GRIDS))].copy()
    old["grid_id"] = [f"{code}9{k:02d}" for k, code in enumerate(old["community_code"], start=1)]
    old["grid_name"] = old["grid_name"].str.replace("第", "原第")
    old["households"] = draw.whole(len(old), 90, 260)
    old["set_on"] = between(draw, len(old), dt.date(2019, 3, 1), dt.date(2021, 6, 30))
    old["merged_on"] = between(draw, len(old), FIRST, dt.date(2026, 8, 31))
    old["x"] += 15
    return pd.concat([grids, old], ignore_index=True)


def _grid_posts(grids: pd.DataFrame) -> pd.DataFrame:
    """Who was when in which post: no names. Posts are filled anew some weeks after a leave."""
    rows = []
    leaderless = TRUTHS["grid_without_leader"]
    last = np.datetime64(LAST)
    gap_draw = Stream("grid post gaps")
    for role, _, is_leader in ROLES:
        draw = Stream("grid posts", role)
        n = len(grids)
        first = np.maximum(
            grids["set_on"].to_numpy().astype("datetime64[D]"),
            # Posts other than the first two came in with the scheme, street by street.
            np.datetime64("2023-06-01")
            + draw.whole(n, 0, 500) * (0 if role in ("GW1", "GW2") else 1),
        )
        empty = draw.many(n) < VACANT[role]
        # Vacancies bunch up in some communities.
        bunch = Stream("grid vacancy", role).lognormal(n, 1.0)
        empty |= (bunch > np.quantile(bunch, 1 - VACANT[role])) & (VACANT[role] > 0)
        for k, grid in enumerate(grids.itertuples()):
            end = last if pd.isna(grid.merged_on) else np.datetime64(grid.merged_on, "D")
            start = first[k]
            while start < end:
                leave = start + int(300 + draw.one() * 1_500)
                if is_leader and grid.grid_id == leaderless["grid"]:
                    leave = np.datetime64(leaderless["vacated_on"])
                if leave >= end:
                    gone = np.datetime64("NaT") if pd.isna(grid.merged_on) else end
                    if empty[k] and pd.isna(grid.merged_on):
                        gone = max(last - int(gap_draw.one() * 300), start)
                    rows.append((grid.grid_id, role, start, gone))
                    break
                rows.append((grid.grid_id, role, start, leave))
                if is_leader and grid.grid_id == leaderless["grid"]:
                    break
                pause = 3 + int(gap_draw.one() ** 2 * (25 if is_leader else 60))
                start = leave + pause
    table = pd.DataFrame(rows, columns=["grid_id", "role_id", "filled_on", "vacated_on"])
    table.insert(0, "post_id", [f"GG{k:05d}" for k in range(1, len(table) + 1)])
    return table


def _building_posts(buildings: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """1,292 leaders and 2,026 centre households in post, and former ones."""
    draw = Stream("building posts")
    codes = communities["community_code"].to_numpy()
    place = pd.Categorical(buildings["community_code"], categories=codes).codes
    homes = buildings["households"].to_numpy(float)
    per_community = np.bincount(place, homes)
    size = np.bincount(place)
    none = TRUTHS["community_without_leaders"]["community"]
    parts = []
    leaders = ("楼栋党小组长", LEADERS, 190)
    for kind, total, former in (leaders, ("党员中心户", CENTRE_HOUSEHOLDS, 260)):
        weight = per_community * draw.lognormal(len(codes), 0.45)
        if kind == "楼栋党小组长":
            weight[codes == none] = 0
        shares = apportion(total, weight, 0, size if kind == "楼栋党小组长" else None)
        picks = []
        for k, n in enumerate(shares):
            mine = np.flatnonzero(place == k)
            if kind == "楼栋党小组长":
                picks.append(mine[draw.sample(len(mine), n, homes[mine] ** 0.7)])
            else:
                picks.append(np.asarray(draw.choose(n, list(mine), homes[mine] ** 0.8), int))
        chosen = np.concatenate(picks)
        since = growing(draw, total, 0.72, dt.date(2020, 6, 1))
        ex = chosen[draw.sample(total, former)]
        ex_since = between(draw, former, dt.date(2019, 6, 1), FIRST - dt.timedelta(40))
        ex_until = between(draw, former, FIRST, LAST, power=0.9)
        parts.append(pd.DataFrame({"building": chosen, "kind": kind, "since_on": since}))
        left = {"building": ex, "kind": kind, "since_on": ex_since, "until_on": ex_until}
        parts.append(pd.DataFrame(left))
    table = pd.concat(parts, ignore_index=True)
    table["building_id"] = buildings["building_id"].to_numpy()[table.pop("building")]
    table.insert(0, "post_id", [f"LG{k:05d}" for k in range(1, len(table) + 1)])
    return table
