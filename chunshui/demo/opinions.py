"""Opinion items on their way through the four tiers, what people said of them, and posted matters."""

import datetime as dt

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from chunshui.demo.apportion import apportion
from chunshui.demo.days import FIRST, LAST, MONTHS, add_workdays, between
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

Day = np.datetime64
OPINIONS = 712
TIERS = ["小区", "社区", "街道", "部门"]

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
# How far streets and communities lie apart beyond the chance of single items (standard deviation of
# the log odds): offices differ, so that rates scatter more than coins would.
STREETS_APART, COMMUNITIES_APART = 0.25, 0.3
REPEATED, WITHIN_DAYS = (
    0.5,
    180,
)  # share of items entered as a repeat of one such before, at the place
CALLED, REACHED, SOLVED, SATISFIED = 0.55, 0.86, 0.93, 0.97  # shares of what went before


def build_opinions(communities: pd.DataFrame, buildings: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Table name → frame: opinion, opinion_event, opinion_category and opinion_callback.

    712 items over thirty-six months.
    """
    draw = Stream("opinions")
    codes = communities["community_code"].to_numpy()
    residents = buildings.groupby("community_code")["residents"].sum()
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
    numbers = [f"MQ{k:04d}" for k in range(1, OPINIONS + 1)]
    repeated = np.isin(numbers, TRUTHS["opinion_repeated"]["opinions"])
    place[repeated] = TRUTHS["opinion_repeated"]["community"]
    what[repeated] = names.index(TRUTHS["opinion_repeated"]["category"])
    due = add_workdays(received, np.asarray(allowed)[what])

    late_one, slip = TRUTHS["opinion_overdue_200_days"], TRUTHS["workday_slip"]
    stuck, untaken = TRUTHS["tier_bottleneck"], TRUTHS["opinion_unaccepted"]
    chance = _Chances(codes, even=(bounce, rising))
    rows, events = [], []
    for k, opinion_id in enumerate(numbers):
        code, start, limit = place[k], received[k], due[k]
        age = (start - Day(FIRST)).astype(int) / 1_095
        street = code[:9]
        on_time, closes, returns = 0.62 + 0.27 * age, 0.90 + 0.07 * age, 0.09 - 0.03 * age
        if street == bounce:
            on_time, closes, returns = 0.34 + 0.08 * age, 0.86, 0.52
        risen = start >= Day("2025-11-01")
        if street == rising:
            on_time, closes = (0.86, 0.985) if risen else (0.48, 0.60)
        done = chance.falls("close", code, closes)
        prompt = chance.falls("time", code, on_time / closes)
        back = chance.falls("back", code, returns)
        span = max(int((limit - start).astype(int)), 1)
        if done and prompt:
            end = start + max(1, int(span * (0.25 + 0.73 * draw.one())))
        elif done:
            end = limit + 1 + int(48 * draw.one() ** 2.2)
        elif street == rising:
            # The backlog was cleared in one winter.
            end = max(Day("2025-12-05") + int(100 * draw.one()), limit + 20)
        else:
            # Left open for long, closed in the end unless recent.
            end = limit + 95 + int(260 * draw.one())
        if opinion_id == late_one["opinion"]:
            end = Day("2030-01-01")
        elif opinion_id == slip["opinion"]:
            limit += 1
            end = limit
        elif end > Day(LAST) and limit < Day(LAST) - 85:
            end = Day(LAST) - 3 - int(60 * draw.one())
        is_open = end > Day(LAST)
        climb = climbs[what[k]] * (1 - 0.25 * age) * 0.72
        first = CHANNELS[channel[k]][1]
        last_tier = min(3, first + int(climb + draw.one()) - (1 if draw.one() < 0.3 else 0))
        last_tier = max(first + 1 if back else first, last_tier)
        steps = _path(first, last_tier, 1 + (street == bounce and draw.one() < 0.5) if back else 0)
        days = np.sort(draw.many(len(steps) - 1))
        final = Day(LAST) if is_open else end
        length = int((final - start).astype(int))
        when = [start, *(start + np.floor(days * length).astype(int))]
        if is_open:
            keep = max(1, int(len(steps) * 0.7))
            if opinion_id == late_one["opinion"]:  # soon accepted where it has lain since
                keep, when = 3, [start + 4 * number for number in range(len(steps))]
            steps, when = steps[:keep], when[:keep]
        else:
            steps, when = [*steps, (last_tier, "办结")], [*when, end]
        if street == stuck["street"] and start >= Day(stuck["since"]):
            when = _held_up(steps, when, TIERS.index(stuck["tier"]), stuck["days"])
        if opinion_id == untaken["opinion"]:
            steps = [*_path(first, TIERS.index(untaken["tier"]), 0)][:-1]
            when = [*np.linspace(0, 1, len(steps))]
            handed = Day(untaken["handed_on"])
            when = [start + int(share * (handed - start).astype(int)) for share in when]
        known = [day <= Day(LAST) for day in when]
        steps, when = steps[: sum(known)], when[: sum(known)]
        for number, ((tier, action), day) in enumerate(zip(steps, when, strict=True), start=1):
            events.append((opinion_id, number, TIERS[tier], action, day))
        closed = (when[-1], TIERS[last_tier]) if steps[-1][1] == "办结" else (Day("NaT"), None)
        rows.append((opinion_id, code, channel[k], names[what[k]], start, limit, *closed))
    columns = "opinion_id community_code channel category received_on due_on closed_on closed_tier"
    opinions = _placed(pd.DataFrame(rows, columns=columns.split()), buildings)
    events = pd.DataFrame(events, columns=["opinion_id", "step", "tier", "action", "happened_on"])
    opinions, events = _few_in_time(opinions, events)
    limits = pd.DataFrame({"category": names, "limit_workdays": allowed})
    return {
        "opinion": opinions,
        "opinion_event": events,
        "opinion_category": limits,
        "opinion_callback": _callbacks(opinions),
    }


class _Chances:
    """Coins that fall by the rate asked, each street's and community's own a little off it."""

    def __init__(self, codes: np.ndarray, even: tuple[str, ...]) -> None:
        self._codes, self._even = sorted(codes), even
        self._off: dict[str, dict[str, float]] = {}
        self._coins: dict[str, Stream] = {}

    def falls(self, kind: str, community: str, rate: float) -> bool:
        """Whether it falls for an item of a community; the streets of `even` keep the rate itself."""
        if kind not in self._off:
            draw = Stream("opinion places", kind)
            streets = sorted({code[:9] for code in self._codes})
            off = dict(zip(streets, STREETS_APART * draw.normal(len(streets)), strict=True))
            own = COMMUNITIES_APART * draw.normal(len(self._codes))
            self._off[kind] = {
                code: 0 if code[:9] in self._even else off[code[:9]] + apart
                for code, apart in zip(self._codes, own, strict=True)
            }
            self._coins[kind] = Stream("opinion outcomes", kind)
        mine = expit(logit(rate) + self._off[kind][community])
        return self._coins[kind].one() < mine


def _held_up(steps: list[tuple[int, str]], when: list, tier: int, days: int) -> list:
    """The days of the steps where a tier accepts what is handed to it so many days later, then hurries."""
    moved = when[:1]
    for number in range(1, len(steps)):
        gap = when[number] - when[number - 1]
        if steps[number] == (tier, "受理"):
            gap += np.timedelta64(days, "D")
        elif steps[number - 1] == (tier, "受理") and number > 1:
            gap = min(gap, np.timedelta64(3, "D"))
        moved.append(moved[-1] + gap)
    return moved


def _placed(opinions: pd.DataFrame, buildings: pd.DataFrame) -> pd.DataFrame:
    """The items with the neighbourhood each is about, and the earlier one it was entered to repeat."""
    draw = Stream("opinion neighbourhoods")
    planted = TRUTHS["opinion_repeated"]
    homes = buildings.groupby(["community_code", "neighbourhood_id"])["households"].sum()
    hoods: list[str | None] = []
    earlier: list[str | None] = []
    last: dict[tuple, tuple] = {}
    opinions = opinions.sort_values("received_on", kind="stable")
    for item in opinions.itertuples():
        mine = homes.loc[item.community_code]
        hood, known = draw.choose(1, list(mine.index), mine.to_numpy())[0], draw.one() < 0.9
        is_repeat = draw.one() < REPEATED
        if item.opinion_id in planted["opinions"]:
            hood, known, is_repeat = planted["neighbourhood"], True, True
        hoods.append(hood if known else None)
        before, day = last.get((hood, item.category), (None, Day("1970-01-01")))
        recent = item.received_on - day <= np.timedelta64(WITHIN_DAYS, "D")
        is_repeat &= known and (recent or item.opinion_id in planted["opinions"])
        earlier.append(before if is_repeat else None)
        if known:
            last[hood, item.category] = item.opinion_id, item.received_on
    return opinions.assign(neighbourhood_id=hoods, repeat_of=earlier).sort_index()


def _few_in_time(items: pd.DataFrame, events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The items and events with all but a few of one community's items of this year closed late.

    They are too few to tell bad luck from bad work, and nothing may be said of the community.
    """
    truth = TRUTHS["rank_small_n"]
    this_year = items["due_on"] >= Day(f"{LAST.year}-01-01")
    own = (items["community_code"] == truth["community"]) & this_year
    due = own & (items["due_on"] <= Day(LAST))
    in_time = items.index[due & (items["closed_on"] <= items["due_on"])]
    late = in_time[truth["on_time"] :]
    afterwards = items.loc[late, "due_on"] + np.timedelta64(4, "D")
    items.loc[late, "closed_on"] = np.minimum(afterwards, Day(LAST))
    closed = items.loc[late].set_index("opinion_id")["closed_on"]
    last = (events["action"] == "办结") & events["opinion_id"].isin(closed.index)
    events.loc[last, "happened_on"] = events.loc[last, "opinion_id"].map(closed)
    return items, events


def _callbacks(opinions: pd.DataFrame) -> pd.DataFrame:
    """Who was called after an item was closed: reached, solved, satisfied; the item, not the person."""
    bounce = TRUTHS["street_bounces"]["street"]
    chance = _Chances(np.unique(opinions["community_code"]), even=())
    draw, rows = Stream("opinion callbacks"), []
    for item in opinions.dropna(subset=["closed_on"]).itertuples():
        called = item.closed_on + np.timedelta64(2 + int(10 * draw.one()), "D")
        if draw.one() > CALLED or called > Day(LAST):
            continue
        reached = draw.one() < REACHED
        lower = 0.2 if item.community_code[:9] == bounce else 0
        late = 0.08 if item.closed_on > item.due_on else 0
        solved = reached and chance.falls("solved", item.community_code, SOLVED - lower)
        glad = SATISFIED - late if solved else 0.25
        satisfied = reached and chance.falls("satisfied", item.community_code, glad)
        answers = (solved, satisfied) if reached else (None, None)
        rows.append((item.opinion_id, called, reached, *answers))
    columns = ["opinion_id", "called_on", "is_reached", "is_solved", "is_satisfied"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"is_solved": "boolean", "is_satisfied": "boolean"}
    )


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
