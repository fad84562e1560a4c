"""What the page of the organisation finds, in sentences: what cuts off the most homes first."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import Figure, ratio
from chunshui.month import Month
from chunshui.ui.data.remembering import beside
from chunshui.ui.topics.organisation import data
from chunshui.ui.topics.organisation.data import Level

NAMED, ALL_TALK = 3, 3  # names of a sentence; pledges due and none kept that are named
COUNTED = (
    "断在哪一级只计哪一级，下面跟着连不上的列为“上一级断开”，不重复计；"
    "“断开户数”按最上面断开的那一级归，各级相加就是没有联系到底的户数。"
)
BESIDE = "入选名单与该地的走势并排放着看：先后不等于因果，入选不进任何评分。"
ABSENT = "没有包保联动台账，看不出包保断在哪里；组织的应有、实有照常统计。"


def of_organisation(
    reach: Figure, levels: list[Level], breaks: pd.DataFrame, bare: int, scope: str
) -> str:
    """Say how many homes the linkage reaches, where there is no organisation, where the gravest break
    is, and how many branches (`bare`) end without a centre household.
    """
    known = all(one.broken is not None for one in levels)
    if not known:
        return f"{scope}{ABSENT}"
    if reach.value is None:
        return f"{scope}没有登记小区与户数，算不出包保是否联系到底。"
    total = words.number(reach.denominator, "户")
    own = breaks[breaks["is_own"]]
    missing = [
        f"{one.lacking:,}{one.due_words}没有{one.name.removeprefix(one.due_words[1:])}"
        for one in levels
        if one.lacking and one.name in (data.STREET, data.COMMUNITY)
    ]
    if reach.numerator == reach.denominator:
        parts = [f"{scope}{total}包保都联系到底"]
    elif not reach.numerator:
        parts = [f"{scope}{total}包保都没有联系到底"]
    else:
        lost = words.number((reach.denominator or 0) - (reach.numerator or 0), "户")
        parts = [f"{scope}{total}中，{reach.text}包保联系到底，还有{lost}没有"]
    parts += ["，".join(missing)] if missing else []
    if own.empty:
        parts.append("没有断链")
    else:
        parts.append(f"断链{len(own):,}处{_gravest(own)}")
    if bare:
        parts.append(f"{bare:,}个支部没有党员中心户")
    return f"{'；'.join(parts)}。"


def _gravest(own: pd.DataFrame) -> str:
    """Name the break that cuts off the most homes, where one alone does."""
    most = own["households"].max()
    worst = own[own["households"] == most]
    if words.is_missing(most) or most == 0 or len(worst) != 1:
        return ""
    row = worst.iloc[0]
    which = "：" if len(own) == 1 else "，影响户数最多的是"
    return f"{which}{_named(row)}（{row['reason']}，{most:,.0f}户）"


def _named(row: pd.Series) -> str:
    """Return what a unit is called, with its street where its own name does not begin with it."""
    name = row["unit_name"]
    return name if name.startswith(row["street_name"]) else f"{row['street_name']}{name}"


def of_kind(rows: pd.DataFrame, kind: str) -> str:
    """Say how many breaks of a kind there are and how many homes are below them."""
    if rows.empty:
        return f"本范围没有“{kind}”的包保。"
    homes = rows["households"].sum()
    below = f"，涉及{words.number(homes, '户')}" if homes else ""
    if kind == data.ABOVE:
        return f"{len(rows):,}个自己接得上、上面断开了{below}；随上面接上而接上，不计入断链。"
    return f"{kind}：{len(rows):,}处{below}。"


@beside
def of_breaks(rows: pd.DataFrame) -> str:
    """Say how many breaks there are, by level, and how many units they cut off besides."""
    own = rows[rows["is_own"]]
    if own.empty:
        return "本范围包保没有断开的。"
    counts = own["tier"].value_counts()
    levels = [f"{tier}{counts[tier]:,}处" for tier in data.TIERS.values() if tier in counts]
    said = f"断链{len(own):,}处：{'，'.join(levels)}"
    cut = len(rows) - len(own)
    return f"{said}；另有{cut:,}个随上一级断开，不重复计。" if cut else f"{said}。"


def of_bare(rows: pd.DataFrame, what: str, whole: Figure) -> str:
    """Say how many branches or neighbourhoods have no centre household, and how many homes those are."""
    if not whole.denominator:
        return f"本范围没有登记{what}。"
    if rows.empty:
        return f"{whole.denominator:,.0f}个{what}都有党员中心户。"
    homes = words.number(rows["households"].sum(), "户")
    return f"{whole.denominator:,.0f}个{what}中，{len(rows):,}个没有党员中心户（{homes}）。"


def of_links(unit: pd.Series, rows: pd.DataFrame) -> str:
    """Say of one unit whether its own link holds, and by whom."""
    reason = unit["reason"]
    if not words.is_missing(reason) and reason != data.ABOVE:
        return f"{unit['tier']}：{reason}。"
    now = rows[rows["state"] == "在包保"]
    who = words.joined([f"{row.backer_name}{row.backer_post}" for row in now.itertuples()])
    said = f"{unit['tier']}：由{who}包保" if who else unit["tier"]
    return f"{said}；上一级断开，没有联系到区。" if reason == data.ABOVE else f"{said}。"


def of_members(rows: pd.DataFrame, known: bool) -> str:
    """Say how many member units promised nothing, and how the pledges due this year were kept."""
    if rows.empty:
        return "本范围没有成员单位。"
    whole = f"{len(rows):,}家成员单位"
    if not known:
        return f"{whole}；没有成员单位承诺台账，看不出承诺了什么。"
    months, idle = data.within_months(), int((rows["recent"] == 0).sum())
    parts = [
        f"{whole}中，{idle:,}家近{months}个月没有承诺" if idle else f"{whole}近{months}个月都有承诺"
    ]
    due, kept = int(rows["due"].sum()), int(rows["kept"].sum())
    parts.append(f"本年到期承诺{due:,}项，按期兑现{kept:,}项" if due else "本年没有到期的承诺")
    late = rows[rows["overdue"] > 0]
    if len(late):
        parts.append(f"逾期未兑现{late['overdue'].sum():,}项，涉及{len(late):,}家")
    return f"{'；'.join(parts)}。{_all_talk(rows)}"


def _all_talk(rows: pd.DataFrame) -> str:
    """Name the unit that let most pledges fall due and delivered none, where one alone did."""
    none = rows[(rows["due"] >= ALL_TALK) & (rows["kept"] == 0) & (rows["overdue"] >= rows["due"])]
    if none.empty:
        return ""
    worst = none[none["due"] == none["due"].max()]
    names = words.joined(worst["unit_name"].tolist(), NAMED, "家")
    each = "" if len(worst) == 1 else "各"
    return f"{names}{each}到期{worst['due'].iloc[0]}项，一项也没有兑现。"


def of_brands(rows: pd.DataFrame, known: bool) -> str:
    """Say which streets and how many communities have no brand, and whose ended."""
    if not known:
        return "没有党建品牌台账，看不出哪里有品牌。"
    if rows.empty:
        return "本范围没有大工委、大党委。"
    live = int((rows["state"] == "在用").sum())
    whole = f"{len(rows):,}个街道、社区"
    if live == len(rows):
        return f"{whole}都有党建品牌。"
    parts = [f"{whole}中，{live:,}个有品牌"]
    for state, what in (("从未有过", "从未有过品牌"), ("已终止", "的品牌已终止，没有接续")):
        places = rows[rows["state"] == state]["place_name"].tolist()
        if places:
            parts.append(f"{words.joined(places, NAMED)}{what}")
    return f"{'；'.join(parts)}。"


def of_tasks(rows: pd.DataFrame) -> str:
    """Say how many tasks of the six actions are due, done and overdue, and which the longest."""
    if rows.empty:
        return "没有六大行动任务台账，或还没有登记任务。"
    due, late = rows[rows["is_due"]], rows[rows["standing"] == data.LATE]
    whole = f"六大行动（全区）{len(rows):,}项任务，到期{len(due):,}项"
    if late.empty:
        return f"{whole}，都已完成。" if len(due) else f"{whole}。"
    worst = late[late["planned_on"] == late["planned_on"].min()]
    names = [f"{row.action}的{row.title}" for row in worst.itertuples()]
    longest = "：" if len(worst) == len(late) else "，最久的是"
    who = words.joined(names, NAMED, "项")
    return f"{whole}，逾期{len(late):,}项{longest}{who}，{worst['state'].iloc[0]}。"


def of_trainings(rows: pd.DataFrame, known: bool) -> str:
    """Say how many courses there were in the year, how many of those invited came, and where fewest."""
    if not known:
        return "没有党建训练营台账，看不出办过几期。"
    if rows.empty:
        return "本年没有办过训练营。"
    asked, came = int(rows["invited"].sum()), int(rows["attended"].sum())
    worst = rows.iloc[0]
    where = worst["street_name"] or "全区"
    day = worst["held_on"]
    share = f"（{words.percent(float(ratio(came, asked, 100)))}）" if asked else ""
    return (
        f"本年训练营{len(rows):,}期，应到{asked:,}个岗位、实到{came:,}个{share}；到课率最低的是{where}"
        f"{day.month}月{day.day}日的{worst['topic']}（应到{worst['invited']}个、实到{worst['attended']}个）。"
    )


def of_activities(rows: pd.DataFrame, quiet: list[str], known: bool) -> str:
    """Say how many activities there were in the year, and which communities held none (`quiet`)."""
    if not known:
        return "没有活动台账，看不出办过几场。"
    many = words.number(int(rows["attendees"].sum()), "人次")
    said = f"本年活动{int(rows['held'].sum()):,}场、{many}"
    return f"{said}；{words.joined(quiet, NAMED, '个社区')}没有办过。" if quiet else f"{said}。"


def of_pledges(unit: pd.Series, rows: pd.DataFrame) -> str:
    """Say of one unit what it promised."""
    joined = f"{unit['committee_name']}成员单位，{Month.of(unit['joined_on']).words}加入"
    if rows.empty:
        return f"{joined}；没有作出过承诺。"
    said = f"{joined}；承诺{len(rows):,}项，本年到期{unit['due']}项，按期兑现{unit['kept']}项"
    return f"{said}，逾期未兑现{unit['overdue']}项。" if unit["overdue"] else f"{said}。"


def of_undated(terms: pd.DataFrame) -> str:
    """Say which theme years are not on the time line because their days are not known; "" for none."""
    undated = terms[(terms["kind"] == data.THEME_YEAR) & terms["starts_on"].isna()]
    named = "、".join(undated["term"])
    return f"{named}的起止没有公开，不画在时间线上；填进基层党建主题年台账后画出。" if named else ""
