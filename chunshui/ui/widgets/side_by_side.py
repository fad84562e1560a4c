"""A few streets side by side: metrics by streets and their sum; every cell opens its number."""

from collections.abc import Sequence
from html import escape

from chunshui import words
from chunshui.catalogue.bands import worse_end
from chunshui.catalogue.figure import Figure
from chunshui.drawing import theme
from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.land import short_name
from chunshui.ui.shell import filters
from chunshui.ui.widgets import linked
from chunshui.words import NO_TARGET, TOO_FEW

SUM = "合计"


def show(scope: Scope, figures: Sequence[Figure], key: str = "side_by_side") -> None:
    """Draw a row for each of the scope's figures: every chosen street's own, then the scope's."""
    ids = [one.metric.id for one in figures]
    names = {street.code: street.name for street in data.district(scope.edition).streets}
    streets: dict[str, dict[str, Figure]] = {}
    heads = ""
    for name in [names[code] for code in scope.streets]:
        alone = filters.place(scope, name) or scope
        streets[name] = data.figures(alone, ids)
        heads += (
            f'<th scope="col" data-name="{escape(name)}"><a href="{escape(filters.address(alone))}" '
            f'title="只看{escape(name)}">{escape(short_name(name))}</a></th>'
        )
    rows = []
    for whole in figures:
        metric = whole.metric
        parts = {name: of_street[metric.id] for name, of_street in streets.items()}
        worst = _worst(list(parts.values()))
        cells = [_cell(one, scope.against, one.text == worst) for one in parts.values()]
        cells.append(_cell(whole, scope.against, False))
        target = whole.target_text or ""
        rows.append(
            f'<tr><th scope="row" data-name="{escape(metric.name)}" data-target="{escape(target)}">'
            f"{escape(metric.short)} <small>{escape(target.removeprefix('目标'))}</small></th>"
            f"{''.join(cells)}</tr>"
        )
    since = f"；箭头是较{Month.parse(scope.against).words}的变化" if scope.against else ""
    linked.show(
        '<div class="scroll" tabindex="0" role="region" aria-label="所选街道并排对比">'
        f'<table class="sides" data-open="{escape(filters.address(scope))}"><thead><tr><th scope="col">指标</th>{heads}'
        f'<th scope="col">{SUM}</th></tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
        f'<p class="said">加粗的是其中较差的；{SUM}是几个街道的分子、分母各自加总再相除{since}</p>',
        key,
    )


def _worst(figures: Sequence[Figure]) -> str | None:
    """Return the worst value as it is written, None where all are equal or neutral."""
    known = [one for one in figures if one.value is not None and one.status != TOO_FEW]
    metric = figures[0].metric
    end = worse_end(metric.kind, metric.direction)
    if end is None or len({one.text for one in known}) < 2:
        return None
    return (max if end == "high" else min)(known, key=lambda one: one.value or 0).text


def _cell(figure: Figure, against: str | None, strong: bool) -> str:
    """Return a figure as a cell, whose link the browser adds as it does in a grid."""
    shape, colour = theme.STATUS[figure.status]
    said = [figure.text, figure.status, figure.fraction_text or figure.reason]
    mark = "" if figure.status == NO_TARGET else f'<span class="{colour}">{shape}</span> '
    moved = ""
    if against:
        said.append(figure.moved_text(against))
        short = words.short_change(figure.moved(against), figure.metric.unit)
        moved = f" <small>{escape(short)}</small>"
    return (
        f'<td{" class=strong" if strong else ""} data-text="{escape("，".join(filter(None, said)))}">'
        f"{mark}{escape(figure.text)}{moved}</td>"
    )
