"""What the page of riders finds, in sentences. Counts of stations, meals, posts and answers, no persons."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import Figure
from chunshui.month import Month
from chunshui.ui.data.remembering import beside
from chunshui.ui.topics.riders import data

NAMED = 3
APART = "没有登记开放时间的另列：不知道不等于不开。开到次日凌晨的分两行登记。"
OWED = "送一单挣一份平价餐；结余是还没有兑付的，以后要兑付。只按食堂累计，不落到个人。"
TOLD = (
    "只有次数，没有个人。一项可多选，各项相加多于答卷数。答卷不足100份的街道合并公布；"
    "一项需求只要有一个街道不足5次（或只差不到5份就是全部），这一项就只公布全区数，"
    "页面、下载、会议材料都一样。"
)


def of_page(
    night: Figure, stations: pd.DataFrame, windows: Figure, owed: Figure, scope: str
) -> str:
    """Say how many stations of a brand are open at night, where none is, windows and what is owed."""
    branded = stations[stations["is_brand"]]
    parts = [f"{scope}没有在用的品牌驿站"]
    if len(branded):
        weekday, hour = data.usual()
        lit = words.number(night.numerator, "处") if night.numerator else ""
        parts = [f"{scope}{len(branded):,}处品牌驿站，{data.WEEKDAYS[weekday - 1]}{hour}点"]
        known = int(branded["has_hours"].sum())
        if known < len(branded):
            parts[0] += f"有登记时间的{known:,}处中"
        parts[0] += f"开着{lit}" if lit else "没有一处开着"
    if windows.denominator:
        parts.append(
            f"{words.number(windows.denominator, '处')}幸福食堂中"
            f"{words.number(windows.numerator, '处')}有小哥窗口（{windows.text}）"
        )
    if owed.members:
        parts.append(f"平价餐还有{owed.text}没有兑付")
    return f"{'；'.join(parts)}。"


def of_bare(stations: pd.DataFrame, streets: list[str]) -> str:
    """Say which streets have no station of a brand; "" where all have or there is but one."""
    have = set(stations.loc[stations["is_brand"], "street_name"])
    bare = [street for street in streets if street not in have]
    if len(streets) < 2 or not bare:
        return ""
    return f"{words.joined(bare, NAMED, '个街道')}没有品牌驿站。"


def of_hour(states: pd.Series, weekday: int, hour: int, which: str) -> str:
    """Say how many of the chosen stations are open at an hour, shut, and not known."""
    counts = states.value_counts()
    said = "，".join(
        f"{counts[state]:,}处{state}"
        for state in (data.OPEN, data.SHUT, data.UNKNOWN)
        if state in counts
    )
    return f"{data.WEEKDAYS[weekday - 1]}{hour}点{which}：{said or '一处也没有'}。"


def of_station(state: str, weekday: int, hour: int) -> str:
    """Say whether a station is open at an hour: "周三22点已关门。", "没有登记开放时间。"."""
    if state == data.UNKNOWN:
        return "没有登记开放时间：不知道，不等于不开。"
    return f"{data.WEEKDAYS[weekday - 1]}{hour}点{state}。"


@beside
def of_meals(canteens: pd.DataFrame, scope: str) -> str:
    """Say what was delivered, discounted and is owed so far, and who used more than was earned."""
    if canteens.empty:
        return f"{scope}没有送餐换餐的记录。"
    earned, used, owed = (canteens[one].sum() for one in ("deliveries", "discounted", "balance"))
    said = (
        f"{scope}{len(canteens):,}处食堂累计送餐{earned:,}单，用掉平价餐{used:,}份，"
        f"{'结余' if owed >= 0 else '多用'}{abs(owed):,.0f}份"
    )
    over = canteens[canteens["over"] > 0]
    if len(over):
        names = [
            f"{row.station_name}（最多时多用{row.over:,.0f}份"
            f"{'，现已补平' if row.balance >= 0 else ''}）"
            for row in over.itertuples()
        ]
        said += f"；有过用得比挣得多的：{words.joined(names, NAMED, '处')}"
    return f"{said}。"


@beside
def of_posts(posts: pd.DataFrame, scope: str) -> str:
    """Say how many posts are filled, of which roles, and in how many communities."""
    filled = posts[posts["is_filled"]]
    if filled.empty:
        return f"{scope}没有在岗的新就业群体岗位。"
    counts = filled["role"].value_counts()
    each = "、".join(f"{role}{count:,}岗" for role, count in counts.items())
    places = filled["community_code"].nunique()
    return f"{scope}在岗{len(filled):,}岗，分布在{places:,}个社区：{each}。"


def of_survey(rows: pd.DataFrame) -> str:
    """Say when and how a survey was asked, of how many, what was chosen most, what is told only whole."""
    one = rows.iloc[0]
    whole = rows[rows["area_no"].isna()]
    first, last = (f"{day:%Y-%m-%d}" for day in (one["asked_from"], one["asked_to"]))
    asked = f"{first}至{last}{one['mode']}调查，答卷{whole['respondents'].max():,}份"
    told = whole[whole["answers"].notna()]
    if told.empty:
        return f"{asked}；各项次数太小，都不公布。"
    most = told["answers"].max()
    names = told.loc[told["answers"] == most, "need"].tolist()
    said = f"{asked}；选得最多的是{words.joined(names, NAMED)}（{most:,.0f}次）"
    apart = rows[rows["area_no"].notna()]
    closed = sorted(set(apart.loc[apart["answers"].isna(), "need"]))
    if closed:
        said += f"；{words.joined(closed, NAMED, '项')}有街道次数太小，只公布全区数"
    return f"{said}。"


def survey_name(rows: pd.DataFrame) -> str:
    """Return what a survey is called in a choice: month, way of asking, answers."""
    one = rows.iloc[0]
    whole = rows.loc[rows["area_no"].isna(), "respondents"].max()
    return f"{Month.of(one['asked_to'].date()).words}{one['mode']}（{whole:,}份）"
