"""What member units promise, and whether they deliver."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.days import LAST
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

Day = np.datetime64
FIRST_PROMISE = dt.date(2023, 6, 1)  # some fall due in the first month of history
IDLE, A_YEAR = 0.16, 1.7  # share of units that never promise; promises a year of the others
KEPT, WORST = 0.88, 0.5  # share delivered in time; that around the committee with most units

# What is promised by kind: words, how it is measured, how much at least and at most.
CONTENTS = {
    "资金": (("资助困难家庭", "捐资助学", "认领微心愿"), "元", 1_000, 30_000),
    "场地": (("开放会议室议事", "错时开放停车位", "开放文体场地"), "场", 2, 24),
    "人力": (("党员下沉值守", "参加环境整治", "结对探访独居老人"), "人次", 6, 80),
    "服务": (("上门义诊", "法律咨询", "政策宣讲", "家电维修"), "场", 1, 12),
    "物资": (("捐赠消防器材", "捐赠防暑物资", "捐赠图书"), "件", 20, 300),
}
SHARES = [0.12, 0.22, 0.28, 0.28, 0.10]


def build(organisation: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Table name → frame: pledge."""
    units = organisation["member_unit"]
    at_work = units[units["left_on"].isna()]["committee_id"].value_counts()
    busiest = at_work.index[0]
    draw = Stream("pledges")
    trust = dict(
        zip(at_work.index, np.clip(KEPT + 0.06 * draw.normal(len(at_work)), 0.74, 1), strict=True)
    )
    trust[busiest] = WORST
    rows: list[dict] = []
    for unit in units.itertuples():
        own = Stream("pledges", unit.unit_id)
        rows += _of_unit(own, unit, trust.get(unit.committee_id, KEPT))
    table = pd.DataFrame(rows)
    table.insert(0, "pledge_id", [f"CN{k:04d}" for k in range(1, len(table) + 1)])
    return {"pledge": table}


def _of_unit(draw: Stream, unit, kept: float) -> list[dict]:
    """The pledges of one unit, from when it joined until it left."""
    planted = TRUTHS["unit_all_talk"]
    if unit.unit_id == planted["unit"]:
        return [
            _pledge(draw, unit, Day(due) - 90, Day(due), Day("NaT")) for due in planted["due_on"]
        ]
    if draw.one() < IDLE:
        return []
    start = max(Day(unit.joined_on, "D") + 10, Day(FIRST_PROMISE))
    end = Day(LAST) - 1 if pd.isna(unit.left_on) else Day(unit.left_on, "D") - 30
    rows = []
    when = start + int(120 * draw.one())
    pace = 365 / A_YEAR * float(draw.lognormal(1, 0.5)[0])
    while when < end:
        due = when + 30 + int(210 * draw.one())
        rows.append(_pledge(draw, unit, when, due, _delivered(draw, when, due, kept)))
        when = when + 14 + int(2 * (pace - 14) * draw.one())
    return rows


def _delivered(draw: Stream, promised: Day, due: Day, kept: float) -> Day:
    """The day of delivery: in time, late, or not so far."""
    in_time, how, lasts = draw.one() < kept, draw.one(), draw.one()
    if in_time:
        day = promised + 1 + int((due - promised).astype(int) * (0.3 + 0.68 * how))
    elif lasts < 0.3:
        return Day("NaT")
    else:
        day = due + 3 + int(150 * how**2)
    return day if day <= Day(LAST) else Day("NaT")


def _pledge(draw: Stream, unit, promised: Day, due: Day, delivered: Day) -> dict:
    kind = draw.choose(1, list(CONTENTS), SHARES)[0]
    contents, measure, least, most = CONTENTS[kind]
    size = least + (most - least) * draw.one() ** 2
    confirmed = not np.isnat(delivered) and draw.one() < 0.9
    return {
        "unit_id": unit.unit_id,
        "content": draw.pick(contents),
        "kind": kind,
        "quantity": float(round(size, -2) if measure == "元" else round(size)),
        "measure": measure,
        "promised_on": promised,
        "due_on": due,
        "delivered_on": delivered,
        "confirmed_by": unit.committee_id if confirmed else None,
    }
