"""Lifts added to old blocks of flats, and the counts of consent on their way."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.days import LAST, growing
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

UNDER_WAY = {"征询中": 92, "同意达标": 26, "已审批": 24, "施工": 38}
"""Lifts not yet in use, by how far they are."""
MEAN_HOME_M2 = 78

LAW = "民法典第二百七十八条：比例见于转载，未核对原文"
CITY = (
    "武汉市既有住宅加装电梯条例：施行日期、一户可启动、补助上限见于转载；"
    "表决比例未查到，沿用民法典第二百七十八条"
)


def build(buildings: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Table name → frame for the ledgers of lifts; needs the buildings' form of housing."""
    lifts, consent = _lifts(buildings)
    return {"consent_rule": _rules(), "elevator": lifts, "elevator_consent": consent}


def _rules() -> pd.DataFrame:
    """Two thirds take part, three quarters of those agree, by people and by area alike."""
    shares: dict[str, int] = {}
    for key, part, whole in (("join", 2, 3), ("agree", 3, 4)):
        for what in ("households", "area"):
            shares |= {f"{key}_{what}_part": part, f"{key}_{what}_whole": whole}
    return pd.DataFrame(
        {
            "rule_id": ["GZ01", "GZ02"],
            "rule_name": ["民法典表决规则", "武汉市加装电梯条例"],
            "valid_from": [dt.date(2021, 1, 1), dt.date(2026, 1, 1)],
            "valid_to": [dt.date(2026, 1, 1), None],
            "start_households": [None, 1],
            **{key: [value, value] for key, value in shares.items()},
            "subsidy_cap_yuan": [None, 200_000],
            "basis": [LAW, CITY],
            "mark": "转载",
        }
    )


def _lifts(buildings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    draw = Stream("lifts")
    flats = buildings[(buildings["form"] == "多层") & (buildings["storeys"] >= 6)]
    done = flats[flats["has_lift"]]
    rest = flats[~flats["has_lift"] & flats["households"].between(8, 24)]
    count = sum(UNDER_WAY.values())
    # Blocks with many older residents ask first.
    weight = (rest["residents_60"] / rest["households"]).to_numpy() ** 2 + 0.02
    asked = rest.iloc[draw.sample(len(rest), count, weight)]
    homes = pd.concat([done, asked], ignore_index=True)
    under_way = np.repeat(list(UNDER_WAY), list(UNDER_WAY.values()))
    standing = np.concatenate([np.repeat("投用", len(done)), under_way])
    order = np.argsort(homes["building_id"].to_numpy(), kind="stable")
    homes, standing = homes.iloc[order].reset_index(drop=True), standing[order]
    n = len(homes)

    last = np.datetime64(LAST)
    canvass, approve = draw.whole(n, 40, 260), draw.whole(n, 20, 75)
    prepare, works = draw.whole(n, 15, 90), draw.whole(n, 85, 210)
    in_use = growing(draw, n, 0.30, dt.date(2021, 10, 1))
    applied = in_use - works - prepare - approve - canvass
    # What is under way began so that it has just come as far as it is.
    past = {"征询中": 0 * works, "同意达标": canvass, "已审批": canvass + approve}
    past["施工"] = canvass + approve + prepare
    for stage, days in past.items():
        room = {"征询中": 420, "同意达标": 70, "已审批": 90, "施工": 150}[stage]
        begun = last - days - draw.whole(n, 12, room)
        applied = np.where(standing == stage, begun, applied)
    consented = applied + canvass
    approved = consented + approve
    started = approved + prepare
    reached = {s: k for k, s in enumerate(["征询中", "同意达标", "已审批", "施工", "投用"])}
    level = np.array([reached[s] for s in standing])
    never = np.datetime64("NaT")
    cost = 1_000 * draw.whole(n, 640, 940)
    subsidy = np.minimum(cost // 4_000 * 1_000, 200_000)
    lifts = pd.DataFrame(
        {
            "elevator_id": [f"DT{k:03d}" for k in range(1, n + 1)],
            "elevator_name": homes["building_name"] + "加装电梯",
            "building_id": homes["building_id"],
            "households": homes["households"],
            "area_m2": 0.0,
            "applied_on": applied,
            "approved_on": np.where(level >= 2, approved, never),
            "started_on": np.where(level >= 3, started, never),
            "in_use_on": np.where(level >= 4, started + works, never),
            "cost_yuan": cost,
            # Paid out when the lift comes into use.
            "subsidy_yuan": np.where(level >= 4, subsidy, np.nan),
        }
    )
    short = TRUTHS["lift_one_household_short"]["elevator"]
    early = TRUTHS["lift_started_without_consent"]["elevator"]
    rounds = []
    for k, lift in enumerate(lifts.itertuples()):
        one = Stream("lift", lift.building_id)
        areas = np.round(MEAN_HOME_M2 * one.lognormal(lift.households, 0.22), 1)
        passes = level[k] >= 1 and lift.elevator_id != early
        votes = _votes(one, areas, passes) if lift.elevator_id != short else _one_short(areas)
        lifts.loc[k, "area_m2"] = round(areas.sum(), 1)
        end = min(consented[k], last) if level[k] else last
        rounds += _rounds(one, lift.elevator_id, areas, votes, applied[k], end)
    wrong = lifts["elevator_id"] == TRUTHS["lift_dates_reversed"]["elevator"]
    lifts.loc[wrong, "started_on"] = lifts.loc[wrong, "approved_on"] - pd.Timedelta(days=34)
    columns = ["elevator_id", "counted_on", "voted_households", "agreed_households"]
    return lifts, pd.DataFrame(rounds, columns=[*columns, "voted_m2", "agreed_m2"])


def _votes(draw: Stream, areas: np.ndarray, passes: bool) -> np.ndarray:
    """Shape (households,): 1 agrees, -1 does not, 0 has not said; within or short of the rule.

    Those that fall short lack two households or more, so that only the planted one lacks one.
    """
    n = len(areas)
    while True:
        silent = draw.one(0, 0.2) if passes else draw.one(0.1, 0.6)
        against = draw.one(0, 0.2) if passes else draw.one(0.05, 0.45)
        u = draw.many(n)
        votes = np.where(u < silent, 0, np.where(u < silent + (1 - silent) * against, -1, 1))
        lacking = _lacking(np.ones(n), votes)
        if passes and lacking <= 0 and _lacking(areas, votes) <= 0:
            return votes
        if not passes and np.ceil(lacking) >= 2:
            return votes


def _lacking(size: np.ndarray, votes: np.ndarray) -> float:
    """How much of `size` (households as ones, or square metres) must yet agree."""
    voted, agreed = size[votes != 0].sum(), size[votes == 1].sum()
    joined = max(2 / 3 * size.sum(), voted)
    return max(joined - voted, 3 / 4 * joined - agreed)


def _one_short(areas: np.ndarray) -> np.ndarray:
    """All but the last have voted and one agreement is lacking; homes of middling size object."""
    n = len(areas)
    votes = np.ones(n, int)
    votes[-1] = 0
    voted = n - 1
    against = voted - (-(-3 * voted // 4) - 1)
    votes[np.argsort(np.abs(areas[:-1] - areas.mean()), kind="stable")[:against]] = -1
    return votes


def _rounds(draw: Stream, elevator: str, areas, votes, first, last) -> list[tuple]:
    """Counts on one to four days between `first` and `last`; the last counts all votes."""
    times = 1 + int(draw.one() * 4)
    span = max(int((last - first).astype(int)), times + 1)
    days = np.unique(first + np.sort(draw.whole(times, 1, span)))
    days[-1] = max(days[-1], first + int(span * 0.8))
    days = np.unique(np.minimum(days, np.datetime64(LAST)))
    came = draw.order(len(areas))
    out = []
    for k, day in enumerate(days, 1):
        here = np.isin(np.arange(len(areas)), came[: round(len(areas) * k / len(days))])
        voted, agreed = here & (votes != 0), here & (votes == 1)
        square = [round(float(areas[who].sum()), 1) for who in (voted, agreed)]
        out.append((elevator, day, int(voted.sum()), int(agreed.sum()), *square))
    return out
