"""What the figures say, in one Chinese sentence: the head of a page, the title of a chart."""

from collections.abc import Iterable

import pandas as pd

from chunshui import words
from chunshui.catalogue import runner
from chunshui.catalogue.runner import Figure


def overview(figures: Iterable[Figure], scope: str = "全区") -> str:
    """Say how many targets are met, which is missed worst, and what moved most since last month.

    `scope` names the scope in words (全区, 古田街道, 古田街道、宗关街道等 3 个街道).
    """
    figures = list(figures)
    judged = [one for one in figures if one.status in (runner.REACHED, runner.NEAR, runner.MISSED)]
    if not judged:
        return f"{scope}本月没有可与目标比较的指标。"
    month = words.month(judged[0].month)
    counts = [
        (status, sum(one.status == status for one in judged))
        for status in (runner.REACHED, runner.NEAR, runner.MISSED)
    ]
    said = "、".join(f"{count} 项{status}" for status, count in counts if count)
    sentence = f"{month}{scope} {len(judged)} 项有目标的指标中，{said}"
    worst = max(
        (one for one in judged if one.status == runner.MISSED), key=_shortfall, default=None
    )
    if worst:
        sentence += f"；离目标最远的是{worst.metric.name}（{worst.text}，{worst.target_text}）"
    moved = _moved(judged)
    if moved is None:
        return f"{sentence}。"
    change = words.change(moved.change_month, moved.metric.unit)
    if moved is worst:
        return f"{sentence}，较上月变动也最大，{change}。"
    return f"{sentence}；较上月变动最大的是{moved.metric.name}，{change}。"


def by_place(figure: Figure, places: pd.DataFrame) -> str:
    """Say one metric's value, its standing, and the best and worst place of a by-place frame."""
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


def _shortfall(figure: Figure) -> float:
    """How many points a percentage is from its target; other units cannot be set beside it."""
    metric = figure.metric
    return abs(figure.value - metric.target) if metric.unit == "%" else 0


def _moved(judged: list[Figure]) -> Figure | None:
    """Return the percentage that moved most since last month; None if none moved visibly."""
    rates = [one for one in judged if one.metric.unit == "%" and one.change_month]
    rates = [one for one in rates if words.difference(one.change_month, "%") != "0"]
    return max(rates, key=lambda one: abs(one.change_month), default=None)
