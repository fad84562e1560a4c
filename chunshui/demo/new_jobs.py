"""People in new kinds of work: windows in canteens, meals delivered, posts filled, what they need."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.days import FIRST, LAST, MONTHS, between, growing, missing
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

CANTEEN, WINDOW = "幸福食堂", "小哥窗口"
WITH_WINDOW = 0.46  # of the canteens
ROLES = {"街坊主播": 0.16, "小巷顾问": 0.24, "兼职管家": 0.22, "网格助理": 0.28, "一线监理": 0.10}
POSTS, LEFT = 236, 41
# The report names no need: these are stand-ins, with the share that chooses each.
NEEDS = {
    "歇脚充电喝水": 0.58, "平价就餐": 0.55, "小区通行停车": 0.47, "健康体检": 0.33,
    "法律咨询": 0.22, "子女托管": 0.19, "夜间休息": 0.17, "技能培训": 0.14,
}  # fmt: skip
# Id, first and last day, how it was asked, answers.
SURVEYS = (
    ("DC01", dt.date(2024, 6, 3), dt.date(2024, 6, 30), "走访", 620),
    ("DC02", dt.date(2026, 5, 11), dt.date(2026, 6, 5), "线上", 2_140),
    ("DC03", dt.date(2025, 3, 10), dt.date(2025, 3, 21), "座谈", 290),
)
LEAST = 6  # below it only what is planted


def windows(functions: pd.DataFrame) -> pd.DataFrame:
    """The functions of stations with a window in about every second canteen, after all others."""
    draw = Stream("canteen windows")
    canteens = functions.loc[functions["function"] == CANTEEN, "station_id"]
    inside = draw.many(len(canteens)) < WITH_WINDOW
    inside |= (canteens == TRUTHS["canteen_overdrawn"]["station"]).to_numpy()
    more = pd.DataFrame({"station_id": canteens[inside], "function": WINDOW})
    return pd.concat([functions, more], ignore_index=True)


def build(
    communities: pd.DataFrame, grids: pd.DataFrame, placed: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Table name → frame for the three ledgers of new jobs; `placed` are stations with windows."""
    return {
        "new_job_role": _posts(communities, grids),
        "meal_exchange": _meals(placed["station"], placed["station_function"]),
        "survey_need": _surveys(communities),
    }


def _posts(communities: pd.DataFrame, grids: pd.DataFrame) -> pd.DataFrame:
    """236 posts filled and 41 left; helpers of a grid belong to one."""
    draw = Stream("new job posts")
    n = POSTS + LEFT
    weight = draw.lognormal(len(communities), 0.9)
    place = draw.choose(n, communities["community_code"].tolist(), weight)
    role = draw.choose(n, list(ROLES), list(ROLES.values()))
    filled = growing(draw, n, 0.35, dt.date(2022, 9, 1))
    gone = np.arange(n) >= POSTS
    filled[gone] = between(draw, LEFT, dt.date(2022, 9, 1), dt.date(2025, 12, 31))
    vacated = np.maximum(between(draw, n, FIRST, LAST), filled + 45)
    alive = grids[grids["merged_on"].isna()]
    of_community = alive.groupby("community_code")["grid_id"].agg(list)
    grid = [draw.pick(of_community[code]) for code in place]
    return pd.DataFrame(
        {
            "post_id": [f"XJ{k:03d}" for k in range(1, n + 1)],
            "role": role,
            "community_code": place,
            "grid_id": [
                one if at == "网格助理" else None for one, at in zip(grid, role, strict=True)
            ],
            "filled_on": filled,
            "vacated_on": missing(np.minimum(vacated, np.datetime64(LAST)), ~gone),
        }
    )


def _meals(stations: pd.DataFrame, functions: pd.DataFrame) -> pd.DataFrame:
    """Meals by canteen with a window and month; never more used than earned but where planted."""
    draw = Stream("meal exchange")
    truth = TRUTHS["canteen_overdrawn"]
    held = stations[
        stations["station_id"].isin(functions.loc[functions["function"] == WINDOW, "station_id"])
    ]
    rows = []
    for station in held.itertuples():
        size, eager = 30 + 150 * draw.one() ** 2, draw.one(0.72, 0.97)
        began = max(
            pd.Timestamp(station.opened_on),
            pd.Timestamp(between(draw, 1, FIRST, dt.date(2025, 9, 30))[0]),
        )
        balance = 0
        for month in MONTHS:
            opened = pd.Timestamp(month.first) >= began
            closed = pd.notna(station.closed_on) and pd.Timestamp(
                station.closed_on
            ) <= pd.Timestamp(month.last)
            chance, noise = draw.one(), draw.one(0.75, 1.25)
            if not opened or closed:
                continue
            earned = round(size * noise)
            used = min(balance + earned, round(earned * eager * (0.85 + 0.3 * chance)))
            if station.station_id == truth["station"] and str(month) == truth["month"]:
                used = balance + earned + truth["over"]
            balance += earned - used
            rows.append((station.station_id, month.first, earned, used, round(earned * 1.08)))
    table = pd.DataFrame(
        rows, columns=["station_id", "month", "deliveries", "discounted", "elders"]
    )
    return table.assign(month=table["month"].astype("datetime64[s]"))


def _surveys(communities: pd.DataFrame) -> pd.DataFrame:
    """Answers of the surveys by street and need; one small count among those of one."""
    draw = Stream("surveys of needs")
    truth = TRUTHS["survey_cell"]
    streets = sorted({code[:9] for code in communities["community_code"]})
    rows = []
    for survey, first, last, mode, answers in SURVEYS:
        weight = draw.lognormal(len(streets), 0.45)
        asked = np.maximum(24, np.round(answers * weight / weight.sum())).astype(int)
        if survey == truth["survey"]:  # enough are asked for the street to be told by itself
            asked[streets.index(truth["street"])] = 236
        for street, respondents in zip(streets, asked.tolist(), strict=True):
            for need, share in NEEDS.items():
                chosen = max(LEAST, round(respondents * share * draw.one(0.8, 1.2)))
                if (survey, street, need) == (truth["survey"], truth["street"], truth["need"]):
                    chosen = truth["answers"]
                rows.append((survey, first, last, mode, street, need, chosen, respondents))
    columns = ["survey_id", "asked_from", "asked_to", "mode", "street_code", "need", "answers"]
    table = pd.DataFrame(rows, columns=[*columns, "respondents"])
    days = ["asked_from", "asked_to"]
    table[days] = table[days].astype("datetime64[s]")
    table.insert(0, "answer_id", [f"XQ{k:04d}" for k in range(1, len(table) + 1)])
    return table
