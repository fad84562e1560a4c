"""What is said about figures, in one Chinese sentence each: heads of pages, titles of charts and slides.

One rule for all of them: what is written is compared as it is written, so that a reader who
subtracts or ranks what stands there comes to the same end. Of several equal places none is singled out, and
what rests on too little (see `figure.is_small`) has no part in a superlative. 接近 is not 达标: where
things are counted, both 接近 and 未达标 are among those that 没有达到目标.
"""

import math
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import (
    Figure,
    change,
    incomparable_words,
    least_words,
    small_words,
    written,
)
from chunshui.catalogue.metric import BASE, Metric
from chunshui.month import Month
from chunshui.week import Week
from chunshui.words import JUDGED, MISSED, NEAR, NO_DATA, REACHED, TOO_FEW

NAMED = 3  # so many places in one rank are named, more are counted
TWO_LINES = 52  # letters of a title on two lines of a slide
LEVELS = {"street": "街道", "community": "社区"}


@dataclass(frozen=True)
class Standing:
    """One place of a table: its name, value, what is written of it, whether too small to rank.

    `beyond` says on which side of chance it lies (-1, 0, 1), NaN where chance has no part.
    """

    name: str
    value: float
    text: str
    status: str
    small: bool
    beyond: float = math.nan


def standings(places: pd.DataFrame, *, in_full: bool = False) -> list[Standing]:
    """Return the named places of a by-place frame that have a value, in its order.

    `in_full` puts the street before a community.
    """
    level = level_of(places)
    named = places[places[f"{level}_code"].notna() & places["value"].notna()]
    names = named[f"{level}_name"]
    if in_full and level == "community" and len(named["street_code"].unique()) > 1:
        names = named["street_name"] + names
    columns = ("value", "text", "status", "small", "beyond")
    return [Standing(*row) for row in zip(names, *(named[one] for one in columns), strict=True)]


def level_of(places: pd.DataFrame) -> str:
    """Return the level of a by-place frame: community or street."""
    return "community" if "community_code" in places else "street"


def overview_sentence(
    figures: Iterable[Figure], scope: str = "全区", against: str | None = None
) -> str:
    """Return how many targets are met, which is missed worst, and what moved most since last month.

    With a month to compare `against`, what got worse since then in place of the last. `scope` names the scope in words (全区, 古田街道, 古田街道、宗关街道等3个街道).
    """
    figures = [one for one in figures if one.target_text and one.status != NO_DATA]
    counts = status_counts([one.status for one in figures])
    if not any(one.status in JUDGED for one in figures):
        return f"{scope}本月没有可与目标比较的指标。"
    month = Month.parse(figures[0].month).words
    sentence = f"{month}{scope}{len(figures)}项有目标的指标{counts}"
    worst = _most((one, _shortfall(one)) for one in figures if one.status in (MISSED, NEAR))
    if worst:
        named = [f"{one.metric.name}（{one.text}，{one.target_text}）" for one in worst]
        sentence += f"；离目标最远的是{_named(named)}"
    if against:
        return f"{sentence}。{moved_sentence(figures, against)}"
    moved = _most(
        (one, abs(one.change_month or 0))
        for one in figures
        if one.metric.unit == "%" and one.status in JUDGED
    )
    if not moved:
        return f"{sentence}。"
    changes = list(dict.fromkeys(one.change_text for one in moved))
    if moved == worst and len(moved) == 1:
        return f"{sentence}，在这些指标中变动也最大，{changes[0]}。"
    both = "都" if len(moved) > 1 and len(changes) == 1 else ""
    names = _named([one.metric.name for one in moved])
    return f"{sentence}；变动最大的是{names}，{both}{'、'.join(changes)}。"


def moved_sentence(figures: Iterable[Figure], against: str) -> str:
    """Return which figures got worse since a month, the percentages by how far, and how many better.

    "较上年同期，2项变差：甲率（下降5.0个百分点）、乙率（下降0.3个百分点）；6项变好，1项不可比。"
    """
    figures = [one for one in figures if one.metric.direction != "none"]
    moves = [one.moved(against) for one in figures]
    worse = [one for one in figures if one.better(against) is False]
    worse.sort(key=lambda one: (one.metric.unit != "%", -abs(one.moved(against) or 0)))
    others = {
        "变好": sum(one.better(against) is True for one in figures),
        "持平": moves.count(0),
        "不可比": moves.count(None),
    }
    if not figures or others["不可比"] == len(figures):
        return f"与{Month.parse(against).words}没有可比的指标。"
    named = "、".join(_with_move(one, against) for one in worse[:NAMED])
    named += "等" if len(worse) > NAMED else ""
    sentence = f"{len(worse)}项变差：{named}" if worse else "没有变差的"
    rest = "，".join(f"{count}项{how}" for how, count in others.items() if count)
    since = Month.parse(figures[0].month).against(Month.parse(against))
    return f"{since}，{sentence}；{rest}。" if rest else f"{since}，{sentence}。"


def _with_move(figure: Figure, against: str) -> str:
    return f"{figure.metric.name}（{words.change(figure.moved(against), figure.metric.unit)}）"


def moved_places_sentence(metric: Metric, places: pd.DataFrame, month: str, against: str) -> str:
    """Return how many places of a by-place frame moved which way since a month, and which the most.

    "甲率较上年同期：11个街道中，7个变差，最多的是某街道（下降12.3个百分点）；3个变好，1个持平".
    Of what is neither good nor bad, how many rose and fell.
    """
    now, before = Month.parse(month), Month.parse(against)
    if why := incomparable_words(metric, now, before):
        anew = "每年1月" if metric.anew_months() == 12 else "每个季度"
        return f"{metric.name}{why}：{anew}重新起算。"
    level = LEVELS[level_of(places)]
    names = places[f"{level_of(places)}_name"]
    listed = places[places[f"{level_of(places)}_code"].notna()]
    known = listed[listed["moved"].notna()]
    if known.empty:
        return f"{metric.name}：各{level}与{before.words}没有可比的数。"
    low, high = (
        (words.way(sign, metric.unit) for sign in (-1, 1))
        if metric.direction == "none"
        else ("变差", "变好")
    )
    good = known["moved"] * (-1 if metric.direction == "down" else 1)
    counts = {low: (good < 0).sum(), high: (good > 0).sum(), "持平": (good == 0).sum()}
    counts["基数小或没有数据，不作比较"] = len(listed) - len(known)
    alone = f"{len(listed)}个{level}都" if len(listed) in counts.values() else ""
    parts = [f"{alone or f'{count}个'}{how}" for how, count in counts.items() if count]
    if counts[low]:
        most = good.min()
        ends = words.joined([names[at] for at in known.index if good[at] == most], NAMED)
        size = words.change(known["moved"][good.idxmin()], metric.unit)
        far = {"上升": "升幅最大", "下降": "降幅最大"}.get(size[:2], f"{size[:2]}最多")
        only = counts[low] == 1
        parts[0] += f"：{ends}（{size}）" if only else f"，{far}的是{ends}（{size}）"
    said = "；".join([parts[0], "，".join(parts[1:])] if len(parts) > 1 else parts)
    among = "" if alone else f"{len(listed)}个{level}中，"
    return f"{metric.name}{metric.against(now, before)}：{among}{said}。"


def figures_sentence(figures: Sequence[Figure]) -> str:
    """Return how many of the figures have targets and meet them, naming those that do not."""
    if not figures:
        return "没有选择指标"
    judged = [one for one in figures if one.target_text]
    if not judged:
        return f"{len(figures)}项指标，均未设目标"
    missed = [one for one in judged if one.status in (MISSED, NEAR)]
    named = "、".join(one.metric.name for one in missed[:2]) + "等" * (len(missed) > 2)
    if len(missed) > 2 and (worst := _most((one, _shortfall(one)) for one in missed)):
        far = {distance_words(one): "都" * (len(worst) > 1) for one in worst}
        if len(far) == 1:
            ((how, both),) = far.items()
            named = f"离目标最远的是{_named([one.metric.name for one in worst])}，{both}{how}"
        else:
            shown = _named([f"{one.metric.name}，{distance_words(one)}" for one in worst])
            named = f"离目标最远的是{shown}"
    counts = status_counts([one.status for one in judged], named)
    if len(judged) == len(figures):
        return f"{len(figures)}项指标{counts}"
    if len(judged) == 1 and missed:
        near = "接近但" if missed[0].status == NEAR else ""
        return f"{len(figures)}项指标，设目标的1项（{missed[0].metric.name}）{near}没有达到目标"
    return f"{len(figures)}项指标，设目标的{len(judged)}项{counts}"


def status_counts(
    statuses: Sequence[str], missed: str = "", measure: str = "项", few: str = TOO_FEW
) -> str:
    """Return how many reach the target: "中，3项达标、2项没有达到目标（其中1项接近）", "全部达标".

    `missed` names those that do not, in place of how many of them come near; `few` is what is said
    of those that rest on too little.
    """
    counts = Counter(statuses)
    away = counts[NEAR] + counts[MISSED]
    behind = f"其中{counts[NEAR]}{measure}接近" if counts[NEAR] else ""
    if counts[NEAR] == away:
        behind = "均接近" if away > 1 else "接近"
    aside = f"（{missed or behind}）" if away and (missed or behind) else ""
    if len(statuses) > 1 and away == len(statuses):
        return f"都没有达到目标{aside}"
    if len(statuses) > 1 and len(counts) == 1:
        return f"全部{statuses[0]}"
    parts = [f"{counts[REACHED]}{measure}达标"] if counts[REACHED] else []
    parts += [f"{away}{measure}没有达到目标{aside}"] if away else []
    others = [one for one in counts if one not in JUDGED]
    parts += [f"{counts[one]}{measure}{few if one == TOO_FEW else one}" for one in others]
    return f"中，{'、'.join(parts)}"


def place_sentence(figure: Figure, places: pd.DataFrame) -> str:
    """Return one metric's value, its standing, and the best and worst place of a by-place frame."""
    metric = figure.metric
    if figure.value is None:
        return f"{metric.name}：{figure.reason}"
    sentence = f"{metric.name}{figure.text}"
    if _has_or_not(metric, LEVELS.get(figure.level, "")):
        sentence = (
            f"{metric.name}：本社区{metric.moves['counted'] if figure.value else metric.lack}"
        )
    elif figure.fraction_text:
        sentence += f"（{figure.fraction_text}）"
    if figure.status == TOO_FEW:
        sentence += f"，{small_words(metric, figure.base or 0)}"
    elif figure.target_text:
        sentence += f"，{distance_words(figure) or figure.status}"
    ends = ends_words(standings(places), LEVELS[level_of(places)], metric)
    if figure.level == "community":  # whose places are those of its street
        ends = _in_street(ends, places)
    return f"{sentence}；{ends}。" if ends else f"{sentence}。"


def _in_street(said: str, places: pd.DataFrame) -> str:
    """Return what is said of communities with the street before it, where all are of one."""
    if level_of(places) == "street" or len(places["street_name"].unique()) != 1 or not said:
        return said
    street = places["street_name"].iloc[0]
    if said.startswith(("最", "并列")):
        return f"{street}各社区中，{said}"
    return street + said if said[0].isdigit() or said.startswith(("各", "有", "基数")) else said


def map_sentence(metric: Metric, places: pd.DataFrame, target_text: str | None) -> str:
    """Return how many places miss the target, or which are highest and lowest."""
    level, listed = LEVELS[level_of(places)], standings(places, in_full=True)
    if not listed:
        return f"{metric.name}：各{level}没有数据"
    judged = judged_words(listed, level, metric)
    if judged and not _has_or_not(metric, level):
        return f"{metric.name}（{target_text}）：{_in_street(judged, places)}"
    ends = ends_words(listed, level, metric)
    few = f"各{level}基数不足{least_words(metric)}，不作比较"
    return f"{metric.name}：{_in_street(ends or few, places)}"


def ranking_sentence(figure: Figure, places: pd.DataFrame, whole: str = "") -> str:
    """Return the whole's value, how many places miss the target, and which is last.

    `whole` names the scope where that is not said beside (全区).
    """
    metric, level = figure.metric, LEVELS[level_of(places)]
    listed = standings(places, in_full=True)
    if not listed:
        return f"{metric.name}：各{level}没有数据"
    sentence = f"{metric.name}{whole}{_with_small_base(figure)}"
    if _has_or_not(metric, level):
        return f"{sentence}，{_lacking(listed, metric)}"
    if judged := judged_words(listed, level, metric):
        sentence += f"，{_in_street(judged, places)}"
    elif all(one.small for one in listed):
        distance = distance_words(figure)
        every = places[f"{level_of(places)}_code"].notna().sum() == len(listed)
        who = f"各{level}" if every else f"有数据的{len(listed)}个{level}"
        few = _in_street(f"{who}基数均不足{least_words(metric)}，不排名", places)
        sentence += f"，{distance}；{few}" if distance else f"；{few}"
    if metric.direction == "none":
        end = ends_words(listed, level, metric)
    elif _is_of_chance(listed):
        end = _beyond_words([one for one in listed if not one.small], len(listed), level, metric)
    else:
        end = extreme_words(listed, metric.direction == "down", level, metric)
    return f"{sentence}，{end}" if end else sentence


def judged_words(listed: Sequence[Standing], level: str, metric: Metric) -> str:
    """Return how many places reach the target: "11个街道中，6个达标、5个没有达到目标"; or ""."""
    statuses = [one.status for one in listed if one.status in (*JUDGED, TOO_FEW)]
    if not set(statuses) & {*JUDGED}:
        return ""
    if len(statuses) == 1:
        return "达标" if statuses == [REACHED] else "没有达到目标"
    if not metric.target:  # none at all is wanted: what is not nothing is not counted as nearly so
        some = [one.value for one in listed if one.value]
        if not some:
            return f"{len(listed)}个{level}都没有"
        count = f"，共{words.number(sum(some), metric.unit)}" if metric.kind == "total" else ""
        if len(some) == len(listed):
            return f"{len(listed)}个{level}都有{count}"
        none = len(listed) - len(some)
        return f"{len(listed)}个{level}中，{none}个没有、{len(some)}个有{count}"
    few = f"基数不足{least_words(metric)}（不评价）"
    return f"{len(statuses)}个{level}{status_counts(statuses, measure='个', few=few)}"


def _with_small_base(figure: Figure) -> str:
    """Return a figure's text, with what it rests on where that is too little to judge it by."""
    if figure.status != TOO_FEW:
        return figure.text
    basis = figure.fraction_text or words.number(figure.base, figure.metric.denominator_unit)
    return f"{figure.text}（{basis}，基数不足{least_words(figure.metric)}，不评价）"


def ends_words(listed: Sequence[Standing], level: str, metric: Metric) -> str:
    """Return the highest and the lowest: "最高的是甲街道（98.0%），最低的是乙街道（91.2%）"."""
    if _has_or_not(metric, level):
        return _lacking(listed, metric)
    ranked = [one for one in listed if not one.small]
    if len(ranked) < 2:
        return ""
    if len({one.text for one in ranked}) == 1:
        return _all_alike(listed, ranked, level, metric)
    if _is_of_chance(ranked):
        ends = _beyond_words(ranked, len(ranked), level, metric)
    else:
        ends = "，".join(extreme_words(ranked, high, level, metric) for high in (True, False))
    if len(ranked) == len(listed):
        return ends
    rest = f"其余{len(listed) - len(ranked)}个基数小，不作比较"
    return f"{_large_ones(ranked, level, metric)}中，{ends}；{rest}"


def _is_of_chance(listed: Sequence[Standing]) -> bool:
    """Return whether places differ by chance too, so that the highest need not be the best."""
    return any(one.beyond == one.beyond for one in listed)


def _beyond_words(ranked: Sequence[Standing], listed: int, level: str, metric: Metric) -> str:
    """Return which places are beyond chance: "明显偏低的是甲街道（35.3%），其余街道之差在偶然波动之内"."""
    if len(ranked) < 2:
        return ""
    parts, rest = [], len(ranked)
    for side, way in ((1, "偏高"), (-1, "偏低")):
        off = [f"{one.name}（{one.text}）" for one in ranked if one.beyond == side]
        rest -= len(off)
        if off:
            parts.append(f"明显{way}的是{words.joined(off, NAMED, f'个{level}')}")
    if not parts:
        who = f"各{level}" if listed == len(ranked) else _large_ones(ranked, level, metric)
        return f"{who}之差在偶然波动之内"
    return "，".join([*parts, f"其余{level}之差在偶然波动之内"] if rest > 1 else parts)


def extreme_words(listed: Sequence[Standing], high: bool, level: str, metric: Metric) -> str:
    """Return which place is 最高 or 最低; equal ones are named up to three, more are counted.

    Places that rest on too little are no extremes; "" where none can be named.
    """
    side = metric.extremes[not high]
    ranked = [one for one in listed if not one.small]
    if len(ranked) < 2:
        return ""
    end = (max if high else min)(ranked, key=lambda one: one.value)
    equal = [one.name for one in ranked if one.text == end.text]
    if len(equal) == len(ranked):
        return _all_alike(listed, ranked, level, metric)
    if len(equal) > NAMED:
        plain = end.text in ("0%", "100%") or not end.value
        alike = "为" if plain else f"同为{side}，"
        return f"{len(equal)}个{level}{alike}{end.text}"
    joint = "并列" if len(equal) > 1 else ""
    return f"{joint}{side}的是{'、'.join(equal)}（{end.text}）"


def _has_or_not(metric: Metric, level: str) -> bool:
    """Return whether each place is itself the one thing that is counted: it has it or has it not."""
    return metric.kind == "ratio" and metric.entities == ("community",) and level == "社区"


def _lacking(listed: Sequence[Standing], metric: Metric) -> str:
    """Return which places lack what a metric counts, by name up to three: "甲社区没有幸福食堂"."""
    names = [one.name for one in listed if not one.value]
    return f"{words.joined(names, NAMED, '个社区')}{metric.lack}" if names else metric.none or ""


def _all_alike(
    listed: Sequence[Standing], ranked: Sequence[Standing], level: str, metric: Metric
) -> str:
    """Return that all places are equal, or how many where others rest on too little."""
    all_ranked = len(ranked) == len(listed)
    who = f"各{level}" if all_ranked else _large_ones(ranked, level, metric)
    return f"{who}都是{ranked[0].text}"


def _large_ones(ranked: Sequence[Standing], level: str, metric: Metric) -> str:
    """Return how many places rest on enough to be compared: 基数不少于20户的5个街道."""
    return f"基数不少于{least_words(metric)}的{len(ranked)}个{level}"


def trend_sentence(figure: Figure, months: int) -> str:
    """Return the level, the recent direction and the distance to the target of a trend.

    The direction looks back at most `months`, as far as the value went one way month by month
    within what counts alike.
    """
    metric = figure.metric
    if figure.value is None:
        return f"{metric.name}：{figure.reason}"
    month = Month.parse(figure.month).words
    period, text = (
        counted_to(metric, Month.parse(figure.month), figure.variant, figure.known_from),
        _with_small_base(figure),
    )
    sentence = f"{metric.name}{month}为{text}"
    if period != month:  # of what is counted since long ago the time stands first
        sentence = f"{period}，{metric.name}为{text}"
        if metric.kind == "total":  # 收集社情民意13项, not 收集社情民意项数为13项
            bare = metric.name.removesuffix("数")
            sentence = (
                f"{period}，{bare.removesuffix(metric.unit) if bare != metric.name else bare}{text}"
            )
    if figure.status == TOO_FEW:
        return sentence
    if direction := _direction(figure, months):
        sentence += f"，{direction}"
    return f"{sentence}，{distance}" if (distance := distance_words(figure)) else sentence


def distance_words(figure: Figure) -> str:
    """Return how a figure stands to its target: "比目标95%低8.4个百分点", "达到90%的目标"; or ""."""
    metric = figure.metric
    if figure.status not in JUDGED or figure.value is None or metric.target is None:
        return ""
    target = words.bound(metric.target, metric.unit)
    if figure.status == REACHED:
        if not metric.target:
            return "达到目标"
        return f"达到{target}的目标" if metric.direction == "up" else f"在{target}的目标以内"
    if not metric.target:
        return "目标为零"
    gap = change(metric, figure.value, metric.target, figure.variant)
    if gap is None:
        return f"超过目标{target}"  # by how much is not measured
    return f"比目标{target}{'高' if gap > 0 else '低'}{words.size(gap, metric.unit)}"


def saturation_sentence(listed: Sequence[Standing], splits: Sequence[str]) -> str:
    """Return that the streets hardly differ in a metric, and which metrics, by name, may still."""
    texts = {one.text for one in listed}
    low, high = (end(listed, key=lambda one: one.value).text for end in (min, max))
    far = f"都是{low}" if len(texts) == 1 else f"都在{low}到{high}之间"
    advice = f"，可改看{'、'.join(splits)}" if splits else ""
    return f"{len(listed)}个街道{far}，相差不大{advice}。"


def mend_sentence(metric: Metric, names: Sequence[str]) -> str:
    """Return what is to mend in a metric: its members that were named, or that there are none."""
    table = metric.entities[0]
    if metric.kind != "ratio":
        total = words.counted(len(names), table)
        return f"{metric.name}：计入{total}" if names else f"{metric.name}：没有可计的"
    if not names:
        return metric.none or f"{metric.name}：没有未计入的{words.entity(table)}"
    lack = metric.lack or f"没有计入{metric.name}"
    return f"{names[0]}{lack}" if len(names) == 1 else f"{words.counted(len(names), table)}{lack}"


def claims_sentence(verdicts: Iterable[str]) -> str:
    """Return how many published figures agree with the computed ones."""
    counts = Counter(verdicts)
    shares = "、".join(f"{count}项{verdict}" for verdict, count in counts.items())
    return f"{counts.total()}项公开数字中{shares}" if counts else "没有公开数字"


def claims_basis(month: str) -> str:
    """Return of which month the figures are that published ones are set beside."""
    return f"公开报道未写明截至哪个月，均与全区{Month.parse(month).words}的计算值对照。"


def attention_sentence(total: int, urgent: int) -> str:
    """Return how many things need attention and how many of them are urgent."""
    if not total:
        return "没有需要关注的事项"
    return f"需要关注的事项{total}条" + (f"，其中紧急{urgent}条" if urgent else "")


def attention_kinds_sentence(total: int, urgent: int, kinds: Mapping[str, int]) -> str:
    """Return the same with how many there are of each kind (`kinds`: of the urgent ones, if any).

    The kinds with most come first, as many as two lines of a slide hold; the others are counted together.
    """
    said = attention_sentence(total, urgent if kinds else 0)
    many = sorted(kinds.items(), key=lambda one: -one[1])
    for listed in range(len(many), 0, -1):
        parts = [f"{kind}{count}条" for kind, count in many[:listed]]
        if rest := sum(count for _, count in many[listed:]):
            parts.append(f"其他{rest}条")
        if len(whole := f"{said}：{'、'.join(parts)}") <= TWO_LINES or listed == 1:
            return whole
    return said


def assignments_sentence(
    what: str, total: int, counts: Mapping[str, int], late: Sequence[str]
) -> str:
    """Return how many of the matters handed out are done, overdue (`late` names them), not reported, in hand."""
    if not total:
        return f"没有{what}的事项"
    if counts.get("完成") == total:
        return f"{what}{total}项，全部完成"
    parts = [f"{what}{total}项，完成{counts.get('完成', 0)}项"]
    if late:
        parts.append(f"逾期{len(late)}项：{words.joined(list(late), NAMED, '项')}")
    rest = [f"{one}{counts[one]}项" for one in ("未反馈", "在办") if counts.get(one)]
    if rest and late:
        return f"{'，'.join(parts[:1] + rest)}，{parts[1]}"
    return "，".join(parts + rest)


def filled(template: str, row: Mapping[str, Any]) -> str:
    """Return a template with the cells of a row in place of its braces.

    A format is a unit (`{items:项}`), or `@column` naming the column that holds it; a list is
    written as its first few names.
    """
    for column, value in row.items():
        if isinstance(value, str):
            template = template.replace(f":@{column}}}", f":{value}}}")
    return _Template().format(template, **row)


class _Template(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list | tuple):
            return words.joined([str(name) for name in value])
        if isinstance(value, str):
            return value
        if value is None:
            return words.MISSING
        return words.number(float(value), format_spec or None)


def _named(names: Sequence[str]) -> str:
    """Return equal ones by name up to three, else how many and the first."""
    return words.joined(list(names), NAMED, "项")


def _most(pairs: Iterable[tuple[Figure, float]]) -> list[Figure]:
    """Return the figures with the greatest size, all that are equal; none where all are zero."""
    sized = [(one, round(size, 9)) for one, size in pairs if size]
    top = max((size for _, size in sized), default=0)
    return [one for one, size in sized if size == top]


def _shortfall(figure: Figure) -> float:
    """Return how many points a percentage is from its target; of other units none are compared."""
    if figure.metric.unit != "%" or figure.metric.entities == (figure.level,):
        return 0  # nor is a place that is itself the one thing counted: it has it or has it not
    return abs(change(figure.metric, figure.value, figure.metric.target) or 0)


def counted_to(
    metric: Metric, month: Month, variant: str = BASE, known_from: str | None = None
) -> str:
    """Return the time a figure counts: 2026年10月, 2026年1至10月, 截至2026年10月, 2026年10月19日至25日.

    It does not begin before the first month that is known, where that is told.
    """
    window = metric.variant(variant).window
    if window == "week":
        return Week.last_whole(month.last).words
    began = metric.begun(month, variant)
    if began and known_from:
        began = max(began, Month.parse(known_from))
    if window in ("quarter", "year-to-date") and began and began != month:
        return f"{month.year}年{began.number}至{month.number}月"
    until = window == "cumulative" or (window != "month" and metric.restarts)
    return f"{'截至' if until else ''}{month.words}"


def _direction(figure: Figure, months: int) -> str:
    """Return how a figure has been going: for how many months one way, or since last month.

    What only adds up can but rise: of it the growth of a year is said, of what adds up since the ledger began that
    of this year.
    """
    metric, points = figure.metric, figure.trend[-months:]
    added = figure.moved(f"{int(figure.month[:4]) - 1}-12") if metric.kind == "total" else None
    if metric.window == "cumulative" and added:
        return words.change(added, metric.unit, "本年")
    if metric.kind == "total" and metric.window in ("cumulative", "quarter", "year-to-date"):
        return figure.year_text or figure.change_text
    run, sign = 0, 0.0
    for now, before in zip(points[::-1], points[-2::-1], strict=False):
        comparable = metric.comparable(
            Month.parse(now.month), Month.parse(before.month), figure.variant
        )
        step = change(metric, now.value, before.value) if comparable else None
        if not step or step * sign < 0:
            break
        run, sign = run + 1, step
    if run < 2:
        return figure.change_text if figure.change_month is not None or len(points) > 1 else ""
    start = points[-run - 1]
    total = change(metric, figure.value, start.value) or 0
    since = Month.parse(start.month)
    began = "" if start.month[:4] == figure.month[:4] else f"{start.month[:4]}年"
    began += f"{since.number}月"
    if metric.variant(figure.variant).window in ("quarter", "year-to-date"):
        began = counted_to(metric, since, figure.variant, figure.known_from)
        began = began.removeprefix(f"{since.year}年")
    began += f"的{written(metric, start.value).text}"
    moved = words.change(total, metric.unit)
    # Before the first month that is looked at it may have gone on alike.
    span = f"连续{run}个月" if run < len(points) - 1 else f"{run}个月来逐月"
    return f"{span}{moved[:2]}，较{began}{moved}"
