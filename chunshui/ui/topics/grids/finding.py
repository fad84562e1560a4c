"""What the page of the grids finds, in sentences: the worst first, equals counted."""

import pandas as pd

from chunshui import words
from chunshui.ui.data.remembering import beside
from chunshui.ui.topics.grids import data

NAMED = 3
COUNTED = (
    "户数是范围内全部户数与在岗数之比，不是指定的联系户数；楼栋党小组长须有足够党员才设，"
    "所以看有没有空白的网格，不要求每栋都有。"
)


def of_grids(grids: pd.DataFrame, vacancies: pd.DataFrame, scope: str) -> str:
    """Say which grids nobody leads, which have no core at all and how many posts are vacant."""
    if grids.empty:
        return f"{scope}没有在册的网格。"
    parts = [_leaderless(grids, scope)]
    neither = grids[data.lacking(grids, data.NEITHER)]
    if len(neither):
        parts.append(f"{_counted(neither, '网格既没有楼栋党小组长，也没有党员中心户')}")
    if grids["posts"].sum() == 0:
        parts.append("岗位字典里没有应设岗位")
    elif vacancies.empty:
        parts.append("应设岗位没有空缺")
    else:
        inside = vacancies["grid_id"].nunique()
        parts.append(f"应设岗位空缺{len(vacancies):,}岗，分布在{inside:,}个网格")
    return f"{'；'.join(parts)}。"


def _leaderless(grids: pd.DataFrame, scope: str) -> str:
    """Say how many grids nobody leads, and which the longest."""
    without = grids[data.lacking(grids, data.LEADER)]
    whole = f"{scope}{len(grids):,}个网格"
    if without.empty:
        return f"{whole}都有网格长"
    sentence = f"{whole}中，{_counted(without, '没有网格长')}"
    most = without["leader_days"].max()
    longest = without[without["leader_days"] == most]
    name = words.joined(_names(longest, grids), NAMED)
    if len(without) == 1:
        return f"{sentence}：{name}，已空缺{most:,.0f}天"
    if len(longest) == len(without):
        return f"{sentence}，都已空缺{most:,.0f}天"
    return f"{sentence}，空缺最久的是{name}（{most:,.0f}天）"


@beside
def of_vacancies(vacancies: pd.DataFrame) -> str:
    """Say how many of the vacant posts are past a handover, and which the longest."""
    if vacancies.empty:
        return "本范围应设岗位没有空缺。"
    days = data.handover_days()
    late = vacancies[vacancies["vacant_days"] > days]
    sentence = f"空缺{len(vacancies):,}岗"
    if late.empty:
        return f"{sentence}，都在{days}天以内。"
    sentence += f"，超过{days}天的{len(late):,}岗"
    most = late["vacant_days"].max()
    longest = late[late["vacant_days"] == most]
    if len(longest) == len(vacancies):
        return f"{sentence}。"
    who = [f"{row.grid_name}的{row.role_name}" for row in longest.itertuples()]
    return f"{sentence}；空缺最久的是{words.joined(who, NAMED)}，已{most:,.0f}天。"


def of_grid(grid: pd.Series) -> str:
    """Say of one grid how many homes it has, which posts are vacant and what core it has."""
    said = [f"{grid['households']:,}户"]
    if grid["vacant_posts"]:
        days = f"最久{grid['vacant_days']:,.0f}天"
        said.append(f"空缺{grid['vacant_posts']}岗（{grid['vacant_names']}，{days}）")
    else:
        said.append("应设岗位都在岗")
    if not words.is_missing(grid["leaders"]):
        said.append(f"楼栋党小组长{grid['leaders']:.0f}名，党员中心户{grid['centres']:.0f}家")
    return f"{'；'.join(said)}。"


@beside
def of_lacks(grids: pd.DataFrame) -> str:
    """Say how many grids have no leader of any building, no centre household, and neither."""
    known = grids[grids["leaders"].notna()]
    if known.empty:
        return "本范围没有归入网格的楼栋，楼栋骨干不作统计。"
    counts = {lack: known[data.lacking(known, lack)] for lack in data.LACKS}
    parts = [
        _counted(counts[data.GROUP_LEADER], "没有楼栋党小组长"),
        _counted(counts[data.CENTRE], "没有党员中心户"),
        _counted(counts[data.NEITHER], "两样都没有"),
    ]
    if not any(len(counts[one]) for one in (data.GROUP_LEADER, data.CENTRE)):
        return f"{len(known):,}个网格都有楼栋党小组长和党员中心户。"
    return f"{len(known):,}个网格中，{'，'.join(parts)}。"


@beside
def of_sizes(grids: pd.DataFrame) -> str:
    """Say how many grids are outside the bounds of their size, and the farthest on each side."""
    lowest, highest = data.bounds()
    small, large = grids[grids["outside"] < 0], grids[grids["outside"] > 0]
    if small.empty and large.empty:
        return f"{len(grids):,}个网格都在{lowest}–{highest}户之间。"
    parts = [
        f"{len(rows)}个{word}（{_farthest(rows, end, grids)}）"
        for rows, word, end in (
            (large, f"超过{highest}户", "最大"),
            (small, f"不足{lowest}户", "最小"),
        )
        if len(rows)
    ]
    away = len(small) + len(large)
    return f"{len(grids):,}个网格中，{away}个不在{lowest}–{highest}户之间：{'，'.join(parts)}。"


def _farthest(rows: pd.DataFrame, end: str, grids: pd.DataFrame) -> str:
    size = rows["households"].max() if end == "最大" else rows["households"].min()
    alike = _names(rows[rows["households"] == size], grids)
    first = "" if len(rows) == 1 else f"{end}的是"
    return f"{first}{words.joined(alike, NAMED)}，{size:,.0f}户"


def _counted(grids: pd.DataFrame, what: str) -> str:
    """Write how many grids are something, with their households: "13个没有网格长（5,119户）"."""
    homes = f"（{words.number(grids['households'].sum(), '户')}）" if len(grids) else ""
    return f"{len(grids):,}个{what}{homes}"


def _names(some: pd.DataFrame, grids: pd.DataFrame) -> list[str]:
    """Return what some of the grids are called, with their street where there are several."""
    one_street = len(set(grids["street_name"])) == 1
    return [f"{'' if one_street else row.street_name}{row.grid_name}" for row in some.itertuples()]
