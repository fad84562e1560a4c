"""Tiles: a value with target status, change and trend; the whole tile opens the number."""

import re
from collections.abc import Iterable
from html import escape

from chunshui.catalogue.figure import Figure
from chunshui.drawing import theme
from chunshui.ui import charts
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import filters
from chunshui.ui.widgets import linked
from chunshui.words import NO_TARGET


def badge(status: str) -> str:
    """Return a status as HTML: shape, word and colour together; of 无目标 nothing."""
    if status == NO_TARGET:
        return ""  # nothing is wanting
    shape, colour = (theme.STATUS | theme.SEVERITY)[status]
    return f'<span class="badge {colour}">{shape} {status}</span>'


def finding(sentence: str, figures: Iterable[Figure], scope: Scope) -> None:
    """State what a page found: a metric it names opens its number, how many of a status their list."""
    links = {one.metric.name: number_address(one, scope) for one in figures}
    for status in sorted(filters.LISTS, key=len, reverse=True):
        for words in re.findall(rf"(?:\d+项|都|全部|均){status}", sentence):
            links[words] = filters.address(scope, open=status)
    linked.sentence(sentence, links, "finding")


def listed(figures: Iterable[Figure], scope: Scope) -> None:
    """Draw figures one under another, each a link to its number (in a dialog)."""
    heads = "".join(f"<th>{head}</th>" for head in ("指标", "数值", "目标", "状态", "变化"))
    rows = "".join(
        f'<tr><td class="name"><a href="{escape(number_address(one, scope))}">{escape(one.metric.name)}</a></td>'
        f'<td class="number">{escape(one.text)}</td><td>{escape((one.target_text or "").removeprefix("目标"))}</td>'
        f"<td>{badge(one.status)}</td><td>{escape(one.change_text)}</td></tr>"
        for one in figures
    )
    table = f'<div class="scroll"><table class="rows"><tr>{heads}</tr>{rows}</table></div>'
    linked.show(table, "listed", in_dialog=True)


def number_address(figure: Figure, scope: Scope) -> str:
    """Return the address that opens a figure over the page."""
    return filters.address(scope, open=figure.metric.name)


def grid(figures: Iterable[Figure], scope: Scope, key: str = "tiles") -> None:
    """Draw figures as tiles side by side, on a phone in as many columns as fit."""
    linked.show(f'<div class="tiles">{"".join(tile(one, scope) for one in figures)}</div>', key)


def tile(figure: Figure, scope: Scope) -> str:
    """Return one figure as a tile: name and target, value and status, trend, change."""
    metric = figure.metric
    # 平方米/百户 does not fit behind the value: it stands by the target, a short 元 here too.
    counted, _, per = metric.unit.partition("/")
    unit = metric.unit if not per else counted if len(counted) < 3 else ""
    value = figure.text.replace(metric.unit, unit)
    line = charts.sparkline([p.value for p in figure.trend], f"{metric.name}近三年走势")
    behind = figure.reason or figure.fraction_text or metric.numerator
    return (
        f'<a class="tile" href="{escape(number_address(figure, scope))}" title="打开“{escape(metric.name)}”：{escape(behind)}">'
        f'<span class="line">{escape(metric.short)}<small>{escape(_beside(figure))}</small></span>'
        f'<span class="line"><span class="value">{escape(value)}</span>{badge(figure.status)}</span>'
        f"{line}<small>{escape(figure.reason or _change(figure) or metric.unit)}</small></a>"
    )


def _beside(figure: Figure) -> str:
    """Say the target, or the whole unit where it is not beside the value."""
    unit, target = figure.metric.unit, figure.target_text or ""
    target = target.replace("≥", "").replace("≤", "")  # of a tile's width, and said by the badge
    return target or (unit if "/" in unit else "")


def _change(figure: Figure) -> str:
    """Say the change with an arrow, short enough for a tile; a long unit is said beside the target."""
    unit = figure.metric.unit
    per = unit.partition("/")[2]
    text = figure.change_text.removesuffix(f"/{per}") if per else figure.change_text
    text = text.replace("较上年同期", "同比")
    for word, arrow in (("上升", "↑"), ("增加", "↑"), ("下降", "↓"), ("减少", "↓")):
        text = text.replace(word, arrow)
    return text
