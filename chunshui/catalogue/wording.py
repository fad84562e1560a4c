"""What the figures say, in one Chinese sentence: the head of a page, the title of a chart."""

import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import Figure
from chunshui.month import Month
from chunshui.words import MISSED, NEAR, REACHED


def overview_sentence(figures: Iterable[Figure], scope: str = "全区") -> str:
    """Return how many targets are met, which is missed worst, and what moved most since last month.

    `scope` names the scope in words (全区, 古田街道, 古田街道、宗关街道等3个街道).
    """
    figures = list(figures)
    judged = [one for one in figures if one.status in (REACHED, NEAR, MISSED)]
    if not judged:
        return f"{scope}本月没有可与目标比较的指标。"
    month = Month.parse(judged[0].month).words
    counts = [
        (status, sum(one.status == status for one in judged)) for status in (REACHED, NEAR, MISSED)
    ]
    results = "、".join(f"{count}项{status}" for status, count in counts if count)
    sentence = f"{month}{scope} {len(judged)}项有目标的指标中，{results}"
    worst = max((one for one in judged if one.status == MISSED), key=_shortfall, default=None)
    if worst:
        sentence += f"；离目标最远的是{worst.metric.name}（{worst.text}，{worst.target_text}）"
    moved = _moved_most(judged)
    if moved is None:
        return f"{sentence}。"
    change = words.change(moved.change_month, moved.metric.unit)
    if moved is worst:
        return f"{sentence}，较上月变动也最大，{change}。"
    return f"{sentence}；较上月变动最大的是{moved.metric.name}，{change}。"


def place_sentence(figure: Figure, places: pd.DataFrame) -> str:
    """Return one metric's value, its standing, and the best and worst place of a by-place frame."""
    metric = figure.metric
    if figure.value is None:
        return f"{metric.name}：{figure.reason}"
    sentence = f"{metric.name} {figure.text}"
    if figure.fraction_text:
        sentence += f"（{figure.fraction_text}）"
    if figure.target_text:
        sentence += f"，{figure.status}（{figure.target_text}）"
    code = "community_code" if "community_code" in places else "street_code"
    name = code.replace("code", "name")
    placed = places[places[code].notna() & places["value"].notna()]
    if len(placed) > 1 and placed["value"].max() > placed["value"].min():
        high = placed.loc[placed["value"].idxmax()]
        low = placed.loc[placed["value"].idxmin()]
        sentence += f"；最高{high[name]} {high['text']}，最低{low[name]} {low['text']}"
    return f"{sentence}。"


def saturation_sentence(streets: int, spread: float, unit: str, splits: Sequence[str]) -> str:
    """Return that so many streets hardly differ, and which metrics, by name, may still."""
    gap = words.difference(spread, unit)
    far = "数值相同" if gap == "0" else f"最多相差{gap}"
    advice = f"，可改看{'、'.join(splits)}" if splits else ""
    return f"本指标已饱和：{streets}个街道之间{far}{advice}。"


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


def _shortfall(figure: Figure) -> float:
    """Return how many points a percentage is from its target; of other units none are compared."""
    metric = figure.metric
    if metric.unit != "%" or figure.value is None or metric.target is None:
        return 0
    return abs(figure.value - metric.target)


def _moved_most(judged: list[Figure]) -> Figure | None:
    """Return the percentage that moved most since last month; None if none moved visibly."""
    changes = [
        (abs(one.change_month), one)
        for one in judged
        if one.metric.unit == "%" and one.change_month
    ]
    visible = [pair for pair in changes if words.difference(pair[0], "%") != "0"]
    return max(visible, key=lambda pair: pair[0], default=(0, None))[1]
