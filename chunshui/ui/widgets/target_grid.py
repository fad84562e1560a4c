"""The grid of places by targets: a mark for each, the worst first; a click opens the number there."""

import json
from dataclasses import replace
from html import escape

from chunshui import words
from chunshui.catalogue.figure import is_better
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.target_grid import Cell
from chunshui.drawing import theme
from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.land import short_name
from chunshui.ui.shell import filters, navigation
from chunshui.ui.widgets import linked
from chunshui.words import JUDGED

MARKS = json.dumps(
    {shape: status for status, (shape, _) in theme.STATUS.items()}, ensure_ascii=False
)
LEGEND = "　".join(theme.marked(status) for status in JUDGED[::-1])


def show(scope: Scope, key: str = "grid") -> None:
    """Draw the grid: a row for each place, a column for each metric; it scrolls inside itself."""
    linked.show(html(scope), key)


@remembered(512, against=True)
def html(scope: Scope) -> str:
    """Return the grid of the first page in a scope; its cells become links when it is drawn.

    The scope is one that the filters drew: its links carry what they say.
    """
    grid = data.target_grid(scope)
    here = filters.address(scope, navigation.FIRST)
    labels = filters.community_labels(data.district(scope.edition))
    heads = "".join(
        f'<th scope="col" data-name="{escape(metric.name)}" data-target="{escape(target)}">'
        f"{escape(metric.short)}</th>"
        for metric, target in zip(grid.metrics, grid.targets, strict=True)
    )
    since = ""
    if scope.against:
        since = f"　较{Month.parse(scope.against).words}：<i class=worse>↑↓</i> 变差　<i class=better>↑↓</i> 变好"
    kind = "社区" if grid.level == "community" else "街道"
    rows = []
    for row in grid.rows:
        name = labels.get(row.code, row.name)
        alone = replace(scope, query=((grid.level, name), *scope.months_query))
        marks = [theme.STATUS[cell.status] for cell in row.cells]
        moves = [_moved(*pair) for pair in zip(grid.metrics, row.cells, strict=True)]
        cells = "".join(
            f'<td class={colour} data-text="{escape(cell.text)}"{heard}>{shape}{seen}'
            for cell, (shape, colour), (heard, seen) in zip(row.cells, marks, moves, strict=True)
        )
        rows.append(
            f'<tr class="{"chosen" if row.code == scope.community else ""}">'
            f'<th scope="row" data-name="{escape(name)}">'
            f'<a href="{escape(filters.address(alone, navigation.FIRST))}" title="只看{escape(name)}">'
            f"{escape(short_name(row.name))}</a></th>{cells}<td><b>{row.missed or ''}</b></td></tr>"
        )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="各{kind}各项目标">'
        f'<table class="grid" data-open="{escape(here)}" data-marks="{escape(MARKS)}"><thead><tr>'
        f'<th scope="col">{kind}</th>{heads}<th scope="col"><span>未达标</span></th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        f'<p class="said">{LEGEND}　□ 基数小，不评　— 没有数据{since}</p>'
    )


def _moved(metric: Metric, cell: Cell) -> tuple[str, str]:
    """Return what a cell says of its change to who hears it, and to who sees it; "" where it is none."""
    if not cell.moved:
        return "", ""
    said = words.change(cell.moved, metric.unit)
    better = is_better(metric, cell.moved)
    judged = "" if better is None else "，变好" if better else "，变差"
    look = "" if better is None else " class=better" if better else " class=worse"
    return f' data-moved="{escape(said + judged)}"', f"<i{look}>{words.with_arrow(said)[0]}</i>"
