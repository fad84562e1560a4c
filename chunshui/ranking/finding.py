"""What a drill comes to, in sentences: what is known, and that the rest is within chance."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import written
from chunshui.month import Month
from chunshui.ranking.changes import Moved, Progress
from chunshui.ranking.drill import YEARLY, Drill, Entry
from chunshui.ranking.league import (
    AMONG,
    CERTAIN_FIRST,
    CERTAIN_LAST,
    FIRST,
    LAST,
    SURE,
    League,
)
from chunshui.ranking.progress import FALSE, FEWEST

NAMED = 4
# How a sentence says where a street stands by the interval of its ranks.
_STANDS = {CERTAIN_LAST: "居末位", LAST: "靠后", CERTAIN_FIRST: "居首位", FIRST: "居前列"}
NO_LEDGER = "没有赛马指标台账，不排先后。"
COUNTED = (
    "每个区间单独看有九成把握含真实名次，合起来不到九成；办件有偶然，存量没有。"
    "件数少的向全区平均靠拢；得分在零分线与满分线之间按比例，低于零分线算0分、超过满分线算100分。"
    f"“{FIRST}”“{LAST}”是处在前、后四分之一的把握不低于{SURE:.0%}；把握不够的写“{AMONG}”，区间相同的也可能把握不同。"
)
FUNNEL_COUNTED = (
    "横轴是基数，灰带是同样好坏的街道碰巧也会有的高低（深的95%、浅的99.8%），超出浅色的才算明显偏离；"
    "街道之间本来就更散的，带子随之放宽；基数太小的不判断。"
)
NAMELESS = "不显示名称时，各街道的基数、数值和分项得分都不列：别处与名称并列着，一对就知道是谁。"
PROGRESS_COUNTED = (
    f"与上年同期比，扣除各街道共同的变化；两年都满{FEWEST}件才判断；"
    f"全部比较合在一起，错报的不超过{FALSE:.0%}。最大的变化多半是起点碰巧低，不等于进步。"
)
WEIGHED = (
    "各街道之差多半是偶然的指标，分不出先后，不参与。影响是各街道得分之差有多少出自这一项："
    "权重相等，影响不一定相等；为负的与总分走向相反。"
)
NOBODY_APART = "没有街道在单项上明显偏离全区水平"
PHONE = "各街道的名次区间不在手机上逐个列出，请在会议室大屏或电脑上看。"
COMMUNITIES = "社区件数太少，不合成总分、不排名次：存量看差多少，办件只看同组里谁明显偏离。"


def span(drill: Drill) -> str:
    """Return what a drill is about: 本月, or 本年."""
    return "本年" if drill.board == YEARLY else "本月"


def no_board(month: str, board: str) -> str:
    """Say that the ledger has no board for the year of a month."""
    return f"没有{Month.parse(month).year}年{board}的赛马指标，不排先后。"


def of_drill(drill: Drill, progress: Progress | None) -> str:
    """Say who stands apart and on what, that the rest is not ranked, and who progressed."""
    return f"{_occasion(drill)}：{of_standing(drill)}；{of_progress(drill, progress)}"


def _occasion(drill: Drill) -> str:
    """Return which drill it is: 2026年10月拉练, 2026年1至10月考评."""
    month = Month.parse(drill.month)
    if drill.board != YEARLY:
        return f"{month.words}拉练"
    return f"{month.year}年{f'1至{month.number}月' if 1 < month.number < 12 else ''}考评"


def of_standing(drill: Drill) -> str:
    """Say which streets stand out by their ranks, each with the metrics it stands apart on, and that the rest is not ranked."""
    league = drill.league
    said = league.verdicts if league else [AMONG] * len(drill.codes)
    full = [_with(name, _off(drill, at)) for at, name in enumerate(drill.names)]
    parts = [
        f"{words.joined(names, NAMED)}{how}"
        for word, how in _STANDS.items()
        if (names := [name for name, own in zip(full, said, strict=True) if own == word])
    ]
    single = [name for at, name in enumerate(full) if said[at] == AMONG and _off(drill, at)]
    # Who stands out as a whole and on some metric is named above with it.
    also = "还有" if any(_off(drill, at) for at, own in enumerate(said) if own != AMONG) else "是"
    parts += [f"单项明显偏离全区水平的{also}{words.joined(single, NAMED)}"] if single else []
    rest = said.count(AMONG)
    if league is None:
        parts.append(f"可比指标的权重不足一半，{span(drill)}不排先后")
    elif rest:
        if rest < len(said):
            parts.append(f"其余{rest}个街道{AMONG}，{span(drill)}不排先后")
        else:
            parts.append(f"各街道{AMONG}，{span(drill)}不排先后")
    return "；".join(parts)


def _with(name: str, off: list[str]) -> str:
    return f"{name}（{'、'.join(off)}）" if off else name


def of_street(drill: Drill, at: int, progress: Progress | None) -> str:
    """Say where one street may lie, on what it stands apart, and whether it progressed."""
    league, name, units = drill.league, drill.names[at], len(drill.codes)
    if league is None or not league.is_ranked:
        parts = [f"{_occasion(drill)}：{of_standing(drill)}"]
    else:
        parts = [
            f"{_occasion(drill)}：{name}在{units}个街道中名次为{_between(league, at)}，{league.verdicts[at]}"
        ]
    off = _off(drill, at)
    parts.append(f"单项明显偏离全区水平的是{'、'.join(off)}" if off else "没有一项明显偏离全区水平")
    if progress is not None:
        parts.append("进步明显" if progress.is_named[at] else "与上年同期相比看不出大过偶然的进步")
    return "；".join(parts) + "。"


def _off(drill: Drill, at: int) -> list[str]:
    """Return on which metrics a street stands apart, each with which way."""
    return [
        f"{entry.metric.short}偏{'高' if entry.funnel.outside[at] > 0 else '低'}"
        for entry in drill.entries
        if entry.funnel is not None and entry.funnel.outside[at]
    ]


def of_apart(drill: Drill) -> str:
    """Say which streets stand apart on which metrics, without a stop; "" where none does."""
    named = [_with(name, off) for at, name in enumerate(drill.names) if (off := _off(drill, at))]
    return f"单项明显偏离全区水平的是{words.joined(named, NAMED)}" if named else ""


def of_entry(drill: Drill, entry: Entry) -> str:
    """Say of one metric who stands apart."""
    metric, found = entry.metric, entry.funnel
    if found is None:
        return f"{metric.name}不是一件一件数的，没有偶然可比，只看差多少。"
    judged = int(found.judged.sum())
    off = [
        f"{drill.names[at]}{_value(drill, entry, at)}，偏{'高' if found.outside[at] > 0 else '低'}"
        for at in np.flatnonzero(found.outside).tolist()
    ]
    few = len(drill.codes) - judged
    unjudged = f"；{few}个街道基数不足{metric.fewest}，不判断" if few else ""
    centre = written(metric, found.centre * metric.scale).text
    if not judged:
        return f"{metric.name}：各街道基数都不足{metric.fewest}，不判断。"
    if not off:
        return f"{metric.name}：全区{centre}，各街道之差在偶然波动之内{unjudged}。"
    return f"{metric.name}：全区{centre}，明显偏离的是{words.joined(off, NAMED)}{unjudged}。"


def _value(drill: Drill, entry: Entry, at: int) -> str:
    hits, cases = entry.now_hits[at], entry.now_cases[at]
    value = written(entry.metric, entry.metric.scale * hits / cases).text
    return f"{value}（{hits:,.0f}/{cases:,.0f}）"


def of_own(drill: Drill, at: int) -> str:
    """Say where one street stands, where that is known, and on what it stands apart, naming no other."""
    league, name, units = drill.league, drill.names[at], len(drill.codes)
    off = f"，{'、'.join(_off(drill, at))}" if _off(drill, at) else ""
    said = league.verdicts[at] if league else AMONG
    if league is None or said == AMONG:
        return f"{name}{AMONG}，{span(drill)}不排先后{off}"
    place = "" if said in (CERTAIN_LAST, CERTAIN_FIRST) else f"居{_between(league, at)}，"
    return f"{name}在{units}个街道中{place}{_STANDS[said]}{off}"


def _between(league: League, at: int) -> str:
    low, high = league.low[at], league.high[at]
    return f"第{low}名" if low == high else f"第{low}至第{high}名之间"


def of_own_apart(drill: Drill, chosen: Sequence[int]) -> str:
    """Say of some streets alone on which metrics they stand apart from the district."""
    named = [_with(drill.names[at], off) for at in chosen if (off := _off(drill, at))]
    if not named:
        whose = "、".join(drill.names[at] for at in chosen)
        return f"{whose}没有一项明显偏离全区水平"
    if len(chosen) == 1:
        return (
            f"{drill.names[chosen[0]]}单项明显偏离全区水平（{'、'.join(_off(drill, chosen[0]))}）"
        )
    return f"单项明显偏离全区水平的是{words.joined(named, NAMED)}"


def of_own_progress(drill: Drill, progress: Progress | None, chosen: Sequence[int]) -> str:
    """Say of some streets alone which truly progressed since the year before; of all where none is chosen."""
    if progress is None or not progress.judged:
        return of_progress(drill, progress)
    looked_at = chosen or range(len(drill.names))
    names = [
        _with(drill.names[at], [o.entry.metric.short for o in progress.tested if o.is_named[at]])
        for at in looked_at
        if progress.is_named[at]
    ]
    if names:
        return f"与上年同期相比，{words.joined(names, NAMED)}进步明显"
    return f"与上年同期相比，{'进步不明显' if chosen else '没有进步明显的街道'}"


def number_of(part: str, drill: Drill, table: pd.DataFrame) -> tuple[str, str]:
    """Return the one number of a part of a drill and what it says."""
    if part == "weights":
        return f"{len(drill.admitted)}项", f"指标参与评比，榜上共{len(drill.entries)}项"
    if part == "intervals":
        found = drill.league
        said = found.verdicts if found else []
        if not (found and found.is_ranked):
            return "不排先后", "各街道的差距分不出大过偶然的先后"
        claimed = len(said) - said.count(AMONG)
        return (
            f"{claimed}个",
            f"街道的位置说得准，其余{said.count(AMONG)}个不排先后；{_pairs(found)}",
        )
    streets = table["街道"].nunique()
    return f"{streets}个", "街道进步明显" if part == "progress" else "街道单项明显偏离"


def of_points(drill: Drill, league: League | None, at: int) -> str:
    """Say what one street's place is made of: its points, its mean rank, its interval."""
    if league is None:
        return of_standing(drill) + "。"
    return (
        f"按权重合计{league.points[at]:.0f}分；名次为{_between(league, at)}，{league.verdicts[at]}"
        f"（模拟{league.totals.shape[1]:,}次的平均名次是{league.mean_rank[at]:.1f}）。"
        "件数少的指标，得分已向全区平均靠拢。"
    )


def of_intervals(drill: Drill, league: League | None) -> str:
    """Say how many pairs of streets can be told apart, or that nobody is ranked."""
    if league is None and drill.league is not None:
        return f"这样的权重，可比指标不足一半，{span(drill)}不排先后。"
    if league is None:
        return of_standing(drill) + "。"
    within = "" if league.is_ranked else f"差距在偶然波动之内，{span(drill)}不排先后；"
    return f"{within}{_pairs(league)}。"


def of_trial(drill: Drill, league: League | None) -> str:
    """Say what weights that are tried change against those registered; "" where either ranks nobody."""
    was = drill.league
    if league is None or was is None:
        return ""
    moved = int(((league.low != was.low) | (league.high != was.high)).sum())
    if not moved:
        return "与登记的权重相比，名次区间都没有变。"
    told = [
        f"{name}由{before}变为{now}"
        for name, before, now in zip(drill.names, was.verdicts, league.verdicts, strict=True)
        if before != now
    ]
    return (
        f"与登记的权重相比，{moved}个街道的名次区间变了；"
        f"{words.joined(told, NAMED) if told else '判断都没有变'}。"
    )


def _pairs(league: League) -> str:
    """Say of how many of the streets taken two by two it is known which is before the other."""
    if not league.apart:
        return "任取两个街道，都分不出先后"
    tenths = round(10 * league.apart / league.pairs)
    share = (
        "都"
        if league.apart == league.pairs
        else f"约{'一二三四五六七八九'[min(max(tenths, 1), 9) - 1]}成情况下"
    )
    return f"任取两个街道，{share}分得出先后（{league.pairs}对中的{league.apart}对）"


def of_weights(drill: Drill, weights: Mapping[str, float]) -> str:
    """Say which metrics make most of the differences, and which take no part."""
    total = sum(weights.values())
    shares = drill.influence(weights)
    names = {entry.metric.id: entry.metric.short for entry in drill.entries}
    top = sorted(shares, key=lambda one: -shares[one])[:2] if weights and total else []
    said = [f"{names[one]}（{shares[one]:.0%}）" for one in top if shares[one] > 0]
    out = [entry.metric.short for entry in drill.entries if entry.why_not]
    parts = [f"各街道得分的差距主要来自{'、'.join(said)}"] if said else []
    parts += [f"{'、'.join(out)}不参与"] if out else []
    if total and abs(total - 100) > 0.05:
        parts.append(f"权重合计{total:g}%，已按比例折算")
    if not total:
        parts.append("权重全为零，不排先后")
    return "；".join(parts) + "。"


def of_progress(drill: Drill, progress: Progress | None) -> str:
    """Say who truly progressed since the year before."""
    if progress is None:
        return "没有上年同期数据，不作同比。"
    names = [drill.names[at] for at in np.flatnonzero(progress.is_named).tolist()]
    if names:
        return f"进步明显的是{words.joined(names, NAMED)}，其余的变化在偶然波动之内。"
    if not progress.judged:
        return "两年同期的件数太少，不作同比。"
    return "与上年同期相比，没有哪个街道的进步大过偶然。"


def of_moved(drill: Drill, moved: Moved | None) -> str:
    """Say whose mean rank moved most, and by whose doing."""
    if moved is None:
        return "两个月都可比的指标权重不足一半，不比名次。"
    since = Month.parse(moved.since).words
    some = len(moved.entries) < len(drill.admitted)
    since += f"（按两个月都参与的{len(moved.entries)}项）" if some else ""
    whole = moved.own + moved.others
    if not (abs(whole) >= 1).any():
        return f"与{since}相比，没有哪个街道的平均名次移动满1名。"
    at = int(np.argmax(abs(whole)))
    way = "前移" if whole[at] < 0 else "后移"
    parts = _doing(moved.own[at], "自身得分"), _doing(moved.others[at], "其他街道得分")
    return (
        f"与{since}相比，平均名次移动最多的是{drill.names[at]}，{way}{abs(whole[at]):.1f}名："
        f"{'，'.join(filter(None, parts))}。"
    )


def _doing(places: float, whose: str) -> str:
    if abs(places) < 0.05:
        return f"{whose}没有带来移动"
    return f"{whose}带来{'前移' if places < 0 else '后移'}{abs(places):.1f}名"
