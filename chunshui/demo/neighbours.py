"""What residents agree on themselves: covenants, matters of their forums, hours and points exchanged."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.days import FIRST, LAST, MONTHS, between, growing, missing
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

REVISED = 0.3  # of the covenants
MATTERS = 540
# Each kind of forum: its share, where it is held, what is raised there.
FORUMS = {
    "大树下的议事会": (0.38, "小区大树下", ("晾晒杆增设", "停车位划线", "楼道杂物清理", "绿地补种")),
    "5点半话筒": (0.16, "活动广场", ("文明晾晒评比", "遛狗牵绳", "课后托管场地", "垃圾分类")),
    "共同缔造": (0.22, "小区院落", ("口袋花园共建", "单元门修缮", "外墙彩绘", "休息座椅")),
    "其他议事会": (0.24, "社区议事厅", ("物业费调整", "电梯意愿征询", "充电桩选址", "公共收益使用")),
}  # fmt: skip
LATE = 0.1  # of the matters take longer than ninety days
# What a month at one station comes to, and how much of it is used.
CARRIERS = {"时间银行": (60, 0.62), "积分超市": (3_200, 0.84)}


def build(communities: pd.DataFrame, placed: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Table name → frame: covenant, forum_matter and carrier_month."""
    return {
        "covenant": _covenants(communities),
        "forum_matter": _matters(communities),
        "carrier_month": _carriers(placed["station"], placed["station_function"]),
    }


def _covenants(communities: pd.DataFrame) -> pd.DataFrame:
    """The covenant of each community but one; about every third was revised once."""
    draw = Stream("covenants")
    bare, twice = (
        TRUTHS[one]["community"] for one in ("community_without_covenant", "covenant_twice")
    )
    codes = communities.loc[communities["community_code"] != bare, "community_code"].to_numpy()
    n = len(codes)
    first = growing(draw, n, 0.7, dt.date(2019, 3, 1), dt.date(2026, 6, 30))
    revised = draw.many(n) < REVISED
    again = first + draw.whole(n, 540, 1500)
    revised = (revised & (again < np.datetime64(LAST))) | (codes == twice)
    again = np.where(codes == twice, np.datetime64(TRUTHS["covenant_twice"]["adopted_on"]), again)
    first = np.where(codes == twice, np.datetime64("2021-05-20"), first)
    ended = missing(again, ~revised | (codes == twice))
    table = pd.concat(
        [
            pd.DataFrame({"community_code": codes, "adopted_on": first, "ended_on": ended}),
            pd.DataFrame({"community_code": codes, "adopted_on": again})[revised],
        ],
        ignore_index=True,
    )
    m = len(table)
    table["meeting"] = draw.choose(m, ["居民会议", "居民代表会议"], [0.35, 0.65])
    filed = table["adopted_on"].to_numpy() + draw.whole(m, 5, 40).astype("timedelta64[D]")
    table["filed_on"] = missing(filed, (draw.many(m) < 0.08) | (filed > np.datetime64(LAST)))
    table.insert(0, "covenant_id", [f"GY{k:03d}" for k in range(1, m + 1)])
    return table


def _matters(communities: pd.DataFrame) -> pd.DataFrame:
    """Matters raised over thirty-six months; of those older than ninety days only the planted are open."""
    draw = Stream("forums")
    codes = communities["community_code"].tolist()
    held = np.sort(between(draw, MATTERS, FIRST, LAST))
    kinds = draw.choose(MATTERS, list(FORUMS), [share for share, _, _ in FORUMS.values()])
    took = np.where(
        draw.many(MATTERS) < LATE, draw.whole(MATTERS, 91, 240), draw.whole(MATTERS, 3, 88)
    )
    settled, last = held + took.astype("timedelta64[D]"), np.datetime64(LAST)
    overdue = (settled > last) & (last - held > np.timedelta64(90, "D"))
    settled = np.where(overdue, last - draw.whole(MATTERS, 0, 20).astype("timedelta64[D]"), settled)
    table = pd.DataFrame(
        {
            "kind": kinds,
            "community_code": draw.choose(MATTERS, codes, draw.lognormal(len(codes), 0.8)),
            "held_at": [FORUMS[kind][1] for kind in kinds],
            "held_on": held,
            "matter": [draw.pick(FORUMS[kind][2]) for kind in kinds],
            "settled_on": missing(settled, settled > last),
        }
    )
    table.insert(0, "matter_id", [f"YS{k:03d}" for k in range(1, MATTERS + 1)])
    truth = TRUTHS["forum_waiting"]
    stuck = table["matter_id"].isin(truth["matters"])
    table.loc[stuck, ["kind", "held_at"]] = [truth["forum"], FORUMS[truth["forum"]][1]]
    table.loc[stuck, "community_code"] = truth["community"]
    table.loc[stuck, "matter"] = list(FORUMS[truth["forum"]][2][: stuck.sum()])
    table.loc[stuck, "held_on"] = np.datetime64(truth["held_on"])
    table.loc[stuck, "settled_on"] = np.datetime64("NaT")
    return table


def _carriers(stations: pd.DataFrame, functions: pd.DataFrame) -> pd.DataFrame:
    """What was earned and used at each time bank and points shop, month by month; never more used."""
    draw = Stream("carriers")
    held = functions[functions["function"].isin(CARRIERS)].merge(stations, on="station_id")
    rows = []
    for one in held.itertuples():
        typical, eager = CARRIERS[one.function]
        size = typical * (0.4 + 1.6 * draw.one() ** 2)
        began = max(
            pd.Timestamp(one.opened_on),
            pd.Timestamp(between(draw, 1, FIRST, dt.date(2025, 12, 31))[0]),
        )
        balance = 0
        for month in MONTHS:
            noise, chance = draw.one(0.75, 1.25), draw.one(0.8, 1.2)
            closed = pd.notna(one.closed_on) and pd.Timestamp(one.closed_on) <= pd.Timestamp(
                month.last
            )
            if pd.Timestamp(month.first) < began or closed:
                continue
            earned = round(size * noise)
            used = min(balance + earned, round(earned * eager * chance))
            balance += earned - used
            people = max(1, round(earned * chance / (2.5 if one.function == "时间银行" else 40)))
            rows.append((one.station_id, one.function, month.first, earned, used, people))
    columns = ["station_id", "carrier", "month", "earned", "used", "people"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(month=table["month"].astype("datetime64[s]"))
