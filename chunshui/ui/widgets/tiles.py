"""Tiles: a value with target status, change and trend; the whole tile opens the number."""

import re
from collections.abc import Iterable, Mapping
from html import escape

from chunshui import words
from chunshui.catalogue.figure import Figure, written
from chunshui.drawing import theme
from chunshui.month import Month
from chunshui.ui import charts
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.land import short_name
from chunshui.ui.shell import filters
from chunshui.ui.widgets import linked
from chunshui.words import NO_TARGET

NO_BEFORE = "没有可比的上期"


def badge(status: str) -> str:
    """Return a status as HTML: shape, word and colour together; of 无目标 nothing."""
    if status == NO_TARGET:
        return ""  # nothing is wanting
    shape, colour = (theme.STATUS | theme.SEVERITY)[status]
    return f'<span class="badge {colour}">{shape} {status}</span>'


def finding(sentence: str, figures: Iterable[Figure], scope: Scope) -> None:
    """State what a page found: a metric it names opens its number, how many of a status their list."""
    links = {one.metric.name: number_address(one, scope) for one in figures}
    for status in sorted({*filters.LISTS, *filters.MOVED}, key=len, reverse=True):
        for counted in re.findall(rf"(?:\d+项|都|全部|均){status}", sentence):
            links[counted] = filters.address(scope, open=status)
    linked.sentence(sentence, links, "finding")


def listed(figures: Iterable[Figure], scope: Scope) -> None:
    """Draw figures one under another, each a link to its number (in a dialog)."""
    heads = "".join(f"<th>{head}</th>" for head in ("指标", "数值", "目标", "状态", "变化"))
    rows = "".join(
        f'<tr><td class="name"><a href="{escape(number_address(one, scope))}">{escape(one.metric.name)}</a></td>'
        f'<td class="number">{escape(one.text)}</td><td>{escape((one.target_text or "").removeprefix("目标"))}</td>'
        f"<td>{badge(one.status)}</td><td>{escape(one.moved_text(scope.against))}</td></tr>"
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


def lines(figures: Mapping[str, Figure], scope: Scope, key: str, *, in_dialog: bool) -> None:
    """Draw one metric of several places as small lines on one axis; a place opens its number."""
    addresses = {
        name: filters.address(scope, open=one.metric.name, of=name) for name, one in figures.items()
    }
    leading_lines(figures, addresses, key, against=scope.against, in_dialog=in_dialog)


def leading_lines(
    figures: Mapping[str, Figure],
    addresses: Mapping[str, str],
    key: str,
    *,
    against: str | None = None,
    in_dialog: bool = False,
) -> None:
    """Draw one metric of several places as small lines on one axis, in the order given.

    A place leads to its address, if it has one; changes are said `against` a month.
    """
    known = [p.value for one in figures.values() for p in one.trend if p.value is not None]
    if not known:
        return
    first = next(iter(figures.values()))
    metric = first.metric
    target = metric.target if first.target_text else None
    span = min([*known, *([] if target is None else [target])]), max([*known, target or 0])
    low, high = (written(metric, end).text for end in span)
    months = [Month.parse(first.trend[at].month).words for at in (0, -1)]
    drawn = []
    for name, one in figures.items():
        address = addresses.get(name)
        leads = f' href="{escape(address)}" title="打开{escape(name)}的数"' if address else ""
        line = charts.sparkline(
            [p.value for p in one.trend], f"{name}走势", span=span, target=target, height=56
        )
        drawn.append(
            f'<a class="tile"{leads}>'
            f'<span class="line"><b>{escape(short_name(name))}</b>{badge(one.status)}</span>'
            f'{line}<span class="line"><span class="value">{escape(one.text)}</span>'
            f"<small>{escape(_change(one, against))}</small></span></a>"
        )
    aim = f"；虚线是{first.target_text}" if target is not None else ""
    said = f"各图同一纵轴：{low}到{high}；{'到'.join(months)}{aim}"
    html = f'<p class="said">{escape(said)}</p><div class="tiles lines">{"".join(drawn)}</div>'
    linked.show(html, key, in_dialog=in_dialog)


def tile(figure: Figure, scope: Scope) -> str:
    """Return one figure as a tile: name and target, value and status, trend, change."""
    metric = figure.metric
    line = charts.sparkline([p.value for p in figure.trend], f"{metric.name}近三年走势")
    behind = figure.reason or figure.fraction_text or metric.numerator
    return (
        f'<a class="tile" href="{escape(number_address(figure, scope))}" title="打开{escape(metric.name)}：{escape(behind)}">'
        f'<span class="line">{escape(metric.short)}<small>{escape(_beside(figure))}</small></span>'
        f'<span class="line"><span class="value">{escape(figure.text)}</span>{badge(figure.status)}</span>'
        f"{line}<small>{escape(figure.reason or _change(figure, scope.against) or figure.fraction_text or NO_BEFORE)}</small></a>"
    )


def _beside(figure: Figure) -> str:
    """Say the target; at least is not said, at most is."""
    return (figure.target_text or "").replace("≥", "")


def _change(figure: Figure, against: str | None) -> str:
    """Say the change with an arrow, short enough for a tile."""
    return words.with_arrow(figure.moved_text(against).replace("较上年同期", "同比"))
