"""Tables of the page of riders as they are shown: Chinese heads, units, signs."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.ui.data.remembering import beside
from chunshui.ui.topics.riders import data
from chunshui.ui.widgets.tables import LEDGER, headed, readable

PLACE = {"street_name": "街道", "community_name": "社区"}
STATIONS = {
    "station_name": "阵地", "state": "当时", "level": "层级", "brand": "品牌", "post": "小哥驿站",
    **PLACE, **LEDGER,
}  # fmt: skip
TIMES = {"day": "星期", "opens": "开门", "closes": "关门", **LEDGER}
CANTEENS = {
    "station_name": "食堂",
    "window": "小哥窗口",
    "opened_on": "启用日期",
    **PLACE,
    **LEDGER,
}
BOOKS = {
    "station_name": "食堂", "over": "曾多用（份）", "balance": "结余（份）", "now": "本月送餐（单）",
    "deliveries": "累计送餐（单）", "discounted": "累计平价餐（份）", "elders": "服务老人（人次）", **PLACE,
}  # fmt: skip
MEALS = {
    "month": "月份", "station_name": "食堂", "deliveries": "送餐（单）", "discounted": "平价餐（份）",
    "balance": "到月末结余（份）", "elders": "服务老人（人次）", **LEDGER,
}  # fmt: skip
POSTS = {
    "role": "岗位", "post_id": "岗位编号", "state": "现状", "filled_on": "到岗", "vacated_on": "离岗",
    **PLACE, "grid_name": "网格", **LEDGER,
}  # fmt: skip
HIDDEN = "不公布"


def stations(rows: pd.DataFrame, states: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return stations, those open at an hour first, and their table that says so."""
    order = {data.OPEN: 0, data.SHUT: 1, data.UNKNOWN: 2}
    rows = rows.assign(state=states, post=rows["is_post"])
    rows = rows.sort_values("state", key=lambda states: states.map(order), kind="stable")
    return rows, headed(rows, STATIONS)


def hours(rows: pd.DataFrame) -> pd.DataFrame:
    """Return when a station is open: 周三, 08:30, 24:00."""
    times = {
        end: [f"{minute // 60:02d}:{minute % 60:02d}" for minute in rows[f"{end}_minute"]]
        for end in ("opens", "closes")
    }
    return headed(
        rows.assign(day=[data.WEEKDAYS[one - 1] for one in rows["weekday"]], **times), TIMES
    )


@beside
def canteens(rows: pd.DataFrame) -> pd.DataFrame:
    """Return canteens, those without a window for riders first."""
    rows = rows[rows["is_canteen"]].sort_values("has_window", kind="stable")
    return headed(rows.assign(window=rows["has_window"]), CANTEENS)


@beside
def books(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the canteens that keep books of meals, as they come."""
    return headed(rows.assign(over=rows["over"].where(rows["over"] > 0)), BOOKS)


@beside
def posts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return posts with from when to when each was filled."""
    state = rows["is_filled"].map({True: "在岗", False: "已离岗"})
    return headed(rows.assign(state=state), POSTS)


@beside
def roles(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each role: posts filled, in how many communities, how many have left; the most first."""
    filled = rows[rows["is_filled"]]
    table = pd.DataFrame(
        {
            "在岗": filled["role"].value_counts(),
            "涉及社区": filled.groupby("role")["community_code"].nunique(),
            "已离岗": rows.loc[~rows["is_filled"], "role"].value_counts(),
        }
    )
    table = table.fillna(0).astype(int).sort_values("在岗", ascending=False, kind="stable")
    return readable(table.rename_axis("岗位").reset_index())


def needs(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what may be told of a survey: a row per need, the whole district, then each area."""
    whole = rows[rows["area_no"].isna()].set_index("need")
    whole = whole.sort_values("answers", ascending=False, kind="stable")
    table = {"需求": whole.index.tolist()}
    table["全区（次）"] = [_told(one) for one in whole["answers"]]
    table["占答卷"] = [
        HIDDEN if words.is_missing(one) else words.percent(one)
        for one in ratio(whole["answers"], whole["respondents"], 100)
    ]
    apart = rows[rows["area_no"].notna()]
    for _, area in apart.groupby("area_no", sort=False):
        counts = area.set_index("need")["answers"]
        head = f"{area['area_name'].iloc[0]}（{area['respondents'].iloc[0]:,}份）"
        table[head] = [_told(counts.get(need)) for need in whole.index]
    return readable(pd.DataFrame(table))


def _told(count: float | None) -> str:
    return HIDDEN if words.is_missing(count) else f"{count:,.0f}"
