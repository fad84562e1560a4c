"""Grids' posts, building posts, and opinion items on their way through the four tiers."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.apportion import apportion
from chunshui.demo.days import FIRST, LAST, MONTHS, add_workdays, between, growing
from chunshui.demo.people import People
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

LEADERS, CENTRE_HOUSEHOLDS, OPINIONS = 1_292, 2_026, 712
MERGED_GRIDS = 34
TIERS = ["小区", "社区", "街道", "部门"]

# The names of the seven posts are not published; these stand in for them.
ROLES = [
    ("GW1", "网格长", True), ("GW2", "专职网格员（示意）", False), ("GW3", "兼职网格员（示意）", False),
    ("GW4", "党员网格员（示意）", False), ("GW5", "警务网格员（示意）", False),
    ("GW6", "物业网格员（示意）", False), ("GW7", "志愿网格员（示意）", False),
]  # fmt: skip
# Share of grids whose post is vacant on the last day.
VACANT = {"GW1": 0, "GW2": 0.005, "GW3": 0.03, "GW4": 0.01, "GW5": 0.015, "GW6": 0.035, "GW7": 0.02}

# (category, how often, working days allowed, how far up it tends to go)
CATEGORIES = [
    ("停车秩序", 0.15, 10, 1.2), ("环境卫生", 0.14, 5, 0.5), ("物业管理", 0.12, 10, 1.1),
    ("加装电梯", 0.10, 20, 1.9), ("管网维修", 0.10, 7, 1.3), ("噪音扰民", 0.08, 5, 0.8),
    ("违建占道", 0.07, 15, 1.9), ("养老助餐", 0.07, 10, 1.0), ("电动车充电", 0.07, 10, 1.0),
    ("文体设施", 0.05, 15, 1.2), ("托育托管", 0.03, 15, 1.4), ("其他", 0.02, 10, 0.8),
]  # fmt: skip
# Channel → how often, and the tier that takes the item up.
CHANNELS = {
    "网格走访": (0.30, 0), "党员中心户": (0.24, 0), "线上平台": (0.22, 1), "热线转办": (0.13, 2),
    "议事会": (0.11, 1),
}  # fmt: skip


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


def build_opinions(communities: pd.DataFrame, residents: pd.Series) -> dict[str, pd.DataFrame]:
    """Table name → frame: opinion and opinion_event. 712 items over thirty-six months."""
    draw = Stream("opinions")
    codes = communities["community_code"].to_numpy()
    heat = residents.reindex(codes).to_numpy(float) ** 0.8 * draw.lognormal(len(codes), 0.55)
    bounce = TRUTHS["street_bounces"]["street"]
    rising = TRUTHS["street_closing_rate_rises"]["street"]
    heat *= np.where(communities["street_code"].isin([bounce, rising]), 1.7, 1.0)
    per_community = apportion(OPINIONS, heat)
    place = np.repeat(codes, per_community)[draw.order(OPINIONS)]
    # More items from year to year, more in summer, fewer at the Spring Festival.
    season = np.array([0.75, 0.6, 0.9, 0.95, 1.05, 1.2, 1.3, 1.25, 1.1, 1.05, 1.0, 0.9])
    flow = [season[m.number - 1] * (1 + 0.012 * k) for k, m in enumerate(MONTHS)]
    per_month = apportion(OPINIONS, np.array(flow) * draw.lognormal(len(MONTHS), 0.10))
    months = zip(MONTHS, per_month, strict=True)
    received = np.concatenate([between(draw, n, m.first, m.last) for m, n in months])
    names, shares, allowed, climbs = zip(*CATEGORIES, strict=True)
    what = np.asarray(draw.choose(OPINIONS, range(len(names)), shares))
    channel = draw.choose(OPINIONS, list(CHANNELS), [share for share, _ in CHANNELS.values()])
    due = add_workdays(received, np.asarray(allowed)[what])

    late_one = TRUTHS["opinion_overdue_200_days"]
    rows, events = [], []
    quota: dict[str, float] = {}
    for k in range(OPINIONS):
        opinion_id = f"MQ{k + 1:04d}"
        code, start, limit = place[k], received[k], due[k]
        age = (start - np.datetime64(FIRST)).astype(int) / 1_095
        street = code[:9]
        on_time, closes, returns = 0.62 + 0.27 * age, 0.90 + 0.07 * age, 0.09 - 0.03 * age
        if street == bounce:
            on_time, closes, returns = 0.34 + 0.08 * age, 0.86, 0.52
        risen = start >= np.datetime64("2025-11-01")
        if street == rising:
            on_time, closes = (0.86, 0.985) if risen else (0.48, 0.60)
        # Error diffusion instead of a coin: small streets keep their rates too.
        done = _spread(quota, (street, "close", rising == street and risen), closes)
        prompt = _spread(quota, (street, "time"), on_time / closes)
        back = _spread(quota, (street, "back"), returns)
        span = max(int((limit - start).astype(int)), 1)
        if done and prompt:
            end = start + max(1, int(span * (0.25 + 0.73 * draw.one())))
        elif done:
            end = limit + 1 + int(48 * draw.one() ** 2.2)
        elif street == rising:
            # The backlog was cleared in one winter.
            end = max(np.datetime64("2025-12-05") + int(100 * draw.one()), limit + 20)
        else:
            # Left open for long, closed in the end unless recent.
            end = limit + 95 + int(260 * draw.one())
        if opinion_id == late_one["opinion"]:
            end = np.datetime64("2030-01-01")
        elif end > np.datetime64(LAST) and limit < np.datetime64(LAST) - 85:
            end = np.datetime64(LAST) - 3 - int(60 * draw.one())
        is_open = end > np.datetime64(LAST)
        climb = climbs[what[k]] * (1 - 0.25 * age) * 0.72
        first = CHANNELS[channel[k]][1]
        last_tier = min(3, first + int(climb + draw.one()) - (1 if draw.one() < 0.3 else 0))
        last_tier = max(first + 1 if back else first, last_tier)
        steps = _path(first, last_tier, 1 + (street == bounce and draw.one() < 0.5) if back else 0)
        days = np.sort(draw.many(len(steps) - 1))
        final = np.datetime64(LAST) if is_open else end
        length = int((final - start).astype(int))
        when = [start, *(start + np.floor(days * length).astype(int))]
        if is_open:
            keep = max(1, int(len(steps) * 0.7))
            steps, when = steps[:keep], when[:keep]
        else:
            steps, when = [*steps, (last_tier, "办结")], [*when, end]
        for number, ((tier, action), day) in enumerate(zip(steps, when, strict=True), start=1):
            events.append((opinion_id, number, TIERS[tier], action, day))
        closed = (np.datetime64("NaT"), None) if is_open else (end, TIERS[last_tier])
        rows.append((opinion_id, code, channel[k], names[what[k]], start, limit, *closed))
    columns = "opinion_id community_code channel category received_on due_on closed_on closed_tier"
    opinions = pd.DataFrame(rows, columns=columns.split())
    events = pd.DataFrame(events, columns=["opinion_id", "step", "tier", "action", "happened_on"])
    slip = opinions["opinion_id"] == TRUTHS["workday_slip"]["opinion"]
    opinions.loc[slip, "due_on"] += np.timedelta64(1, "D")
    limits = pd.DataFrame({"category": names, "limit_workdays": allowed})
    return {"opinion": opinions, "opinion_event": events, "opinion_category": limits}


CHALLENGES = 66
# What is posted: (matter, category); the units that take it on are kinds of offices, not named ones.
MATTERS = [
    ("老旧小区停车位不足", "停车秩序"), ("电动自行车进楼充电", "电动车充电"),
    ("背街小巷占道经营", "违建占道"), ("雨污管网反复堵塞", "管网维修"),
    ("无物业小区保洁失管", "物业管理"), ("高层加压供水不稳", "管网维修"),
    ("加装电梯意见难统一", "加装电梯"), ("社区食堂持续运营", "养老助餐"),
    ("临街餐饮油烟扰民", "环境卫生"), ("小区公共空间闲置", "文体设施"),
]  # fmt: skip
OFFICES = {"管网维修": "区水务部门（示意）", "养老助餐": "区民政部门（示意）"} | dict.fromkeys(
    ("物业管理", "加装电梯", "文体设施", "停车秩序"), "区住建部门（示意）"
)
OTHER_OFFICE = "区城管部门（示意）"


def build_challenges(communities: pd.DataFrame, streets: pd.DataFrame) -> pd.DataFrame:
    """The frame challenge: matters posted over thirty-six months, and which unit took them on when."""
    draw = Stream("challenges")
    names = streets.set_index("street_code")["street_name"]
    posted = np.sort(between(draw, CHALLENGES, FIRST, LAST - dt.timedelta(8)))
    where = draw.whole(CHALLENGES, 0, len(communities) - 1)
    what = draw.whole(CHALLENGES, 0, len(MATTERS) - 1)
    unclaimed, assigned = TRUTHS["challenge_unclaimed"], TRUTHS["challenge_assigned"]
    rows = []
    for k, day in enumerate(posted):
        challenge_id = f"JB{k + 1:03d}"
        if challenge_id == unclaimed["challenge"]:
            day = np.datetime64(unclaimed["posted_on"])
        place, (title, category) = communities.iloc[where[k]], MATTERS[what[k]]
        claimed = day + 1 + int(24 * draw.one() ** 1.6)
        due = claimed + 45 + 15 * int(5 * draw.one())
        done = claimed + int((due - claimed).astype(int) * (0.45 + 0.75 * draw.one()))
        is_assigned = draw.one() < 0.3 or challenge_id == assigned["challenge"]
        result = "完成" if draw.one() < 0.85 else "部分完成"
        own = f"{names[place['street_code']]}大工委成员单位（示意）"
        unit = OFFICES.get(category, OTHER_OFFICE) if is_assigned else own
        is_open = draw.one() < 0.4
        of_street = draw.one() < 0.25
        last = np.datetime64(LAST)
        if challenge_id == unclaimed["challenge"] or claimed > last:
            taken: list = [None, None, np.datetime64("NaT"), np.datetime64("NaT")]
        else:
            taken = ["点题交办" if is_assigned else "主动认领", unit, claimed, due]
        late = is_open and due > last - 60
        ended = taken[0] is not None and done <= last and not late
        rows.append(
            (
                challenge_id, title, category, place["street_code"],
                None if of_street else place["community_code"],
                f"{names[place['street_code']]}大工委", day, *taken,
                done if ended else np.datetime64("NaT"), result if ended else None,
            )
        )  # fmt: skip
    columns = (
        "challenge_id title category street_code community_code posted_by posted_on mode claimed_by "
        "claimed_on due_on done_on result"
    )
    return pd.DataFrame(rows, columns=columns.split())


def _spread(quota: dict, key: tuple, share: float) -> bool:
    """True in the given share of calls per key, evenly spread."""
    quota[key] = quota.get(key, 0.5) + share
    if quota[key] >= 1:
        quota[key] -= 1
        return True
    return False


def _path(first: int, last: int, bounces: int) -> list[tuple[int, str]]:
    """Steps from the tier that takes an item up to the one that ends it.

    A bounce: the upper tier sends the item back, the lower one takes it again and passes it on.
    """
    steps = [(first, "受理")]
    for tier in range(first, last):
        steps += [(tier, "上报"), (tier + 1, "受理")]
        if tier == last - 1:
            for _ in range(bounces):
                steps += [(tier + 1, "退回"), (tier, "受理"), (tier, "上报"), (tier + 1, "受理")]
    return steps
