"""What the page of the two-new organisations finds, in sentences."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import Figure, least_words, written
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.wording import (
    NAMED,
    Standing,
    extreme_words,
    judged_words,
    place_sentence,
    ranking_sentence,
)
from chunshui.ui.data.remembering import beside
from chunshui.ui.topics.two_new import data

APART = "工作覆盖另列，不计入组织覆盖率：有工会、团组织或指导员，不等于有党组织。"
LIMIT = (
    "台账没有党员人数：不足3名正式党员的可以联合组建，所以这是待建的上限；"
    "“缺什么”分两步，先有工作覆盖，再建党组织。"
)
UNNAMED = "产业照台账原文，没有写的留空，不作推测。"
CLOSING = "没有党组织的注销，分母变小，覆盖率也会升高，那不是组建的成绩，所以分开看。"


def of_page(coverage: Figure, places: pd.DataFrame, orgs: pd.DataFrame, scope: str) -> str:
    """Say the coverage, which places miss the target, and who has waited longest for an organisation."""
    if coverage.value is None or coverage.level == "community":
        sentence = place_sentence(coverage, places).removesuffix("。")
    else:
        sentence = ranking_sentence(coverage, places, scope)
    return f"{sentence}。{of_gap(orgs) if len(orgs) else ''}"


@beside
def of_gap(orgs: pd.DataFrame) -> str:
    """Say how many have no party organisation, how many of them not even work, and the oldest."""
    without = data.uncovered(orgs)
    if orgs.empty:
        return "本范围没有运营中的两新组织。"
    if without.empty:
        return f"{len(orgs):,}家都有党组织。"
    bare = int((without["cover"] == data.NONE).sum())
    new = int((without["open_days"] <= data.NEW_DAYS).sum())
    sentence = f"{len(without):,}家没有党组织"
    if bare == len(without):
        sentence += "，也都没有工作覆盖"
    elif bare:
        sentence += f"，其中{bare:,}家连工作覆盖也没有"
    if new:
        sentence += f"；{'都' if new == len(without) else f'{new:,}家'}开办不满一年"
    most = without["open_days"].max()
    oldest = without[without["open_days"] == most]
    if most <= data.NEW_DAYS or len(oldest) > NAMED:
        return f"{sentence}。"
    named = "、".join(oldest["org_name"])
    first = "" if len(without) == 1 else "其中开办最早的是"
    return f"{sentence}；{first}{named}，已开办{years(most)}。"


@beside
def of_groups(rows: pd.DataFrame, called: str) -> str:
    """Say how many groups reach the target and which is lowest: "9个行业党委中，8个达标…"."""
    metric = get_metric(data.COVERAGE)
    rows = rows[~rows["outside"]]
    listed = [
        Standing(row.name, row.value, written(metric, row.value).text, row.status, row.small)
        for row in rows.itertuples(index=False)
    ]
    if len(listed) < 2:
        said = "、".join(f"{one.name}{one.text}，{one.status}" for one in listed)
        return f"{metric.short}：{said or f'本范围的两新组织都没有写明{called}'}。"
    parts = (judged_words(listed, called, metric), extreme_words(listed, False, called, metric))
    few = f"各{called}基数都不足{least_words(metric)}，不作比较"
    return f"{metric.short}：{'，'.join(filter(None, parts)) or few}。"


def of_month(events: pd.DataFrame) -> str:
    """Say how many opened, were covered and closed: "新开办3家，新建党组织2家"."""
    counts = events["event"].value_counts()
    said = [f"{one}{counts[one]:,}家" for one in data.EVENTS if one in counts]
    return f"{'，'.join(said)}。" if said else "没有开办、注销和新建党组织的。"


def lack(cover: str) -> str:
    """Return what an organisation lacks by how it is covered."""
    return {data.WORK: "缺党组织（有工作覆盖）", data.NONE: "缺党组织和工作覆盖"}.get(cover, "不缺")


def years(days: float) -> str:
    """Write days as years, months below one: "11.5年", "7个月"."""
    if days < data.NEW_DAYS:
        return f"{int(days // 30)}个月"
    return words.number(days / 365.25, "年")
