"""Tiles: a value with target status, change, trend and n/N; a click opens the number."""

from collections.abc import Iterable

import streamlit as st

from chunshui import words
from chunshui.catalogue.figure import Figure
from chunshui.drawing import theme
from chunshui.ui import charts
from chunshui.ui.data.scope import Scope
from chunshui.ui.widgets import drill


def badge(status: str) -> str:
    """Return a target status as Markdown: shape, word and colour together."""
    shape, colour = theme.STATUS[status]
    return f":{colour}-badge[{shape} {status}]"


def grid(figures: Iterable[Figure], scope: Scope) -> None:
    """Draw figures as tiles side by side, on a phone in as many columns as fit."""
    figures = list(figures)
    with st.grid(len(figures), min_column_width=156, gap="small"):
        for figure in figures:
            tile(figure, scope)


def tile(figure: Figure, scope: Scope) -> None:
    """Draw one figure as a tile."""
    metric = figure.metric
    # 平方米/百户 does not fit behind the value: there stands what is counted, the whole by the target.
    unit, _, long_unit = metric.unit.partition("/")
    unit = "㎡" if unit == "平方米" and long_unit else unit
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(metric.short, figure.text.replace(metric.unit, unit))
        line = charts.sparkline([p.value for p in figure.trend], f"{metric.name}近三年走势")
        if line:
            st.markdown(line, unsafe_allow_html=True)  # our own SVG, the label escaped
        st.markdown(f":small[{badge(figure.status)} {_small(figure)}]")
        if figure.change_month is not None:
            st.markdown(f":small[{_change(figure.change_month, metric.unit)}]")
        fraction = figure.fraction_text or ""
        if st.button(
            fraction if len(fraction) in range(1, 15) else "查看构成",
            key=f"open_{metric.id}",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
            help=f"打开“{metric.name}”：{figure.reason or '分子、分母、名单、定义'}",
        ):
            drill.number(metric.id, scope)


def _small(figure: Figure) -> str:
    """Say the target, the whole unit where it is not beside the value, or why there is no value."""
    metric = figure.metric
    if figure.reason:
        return figure.reason
    parts = []
    if metric.target is not None:
        sign = "≤" if metric.direction == "down" else ""
        parts.append(f"目标{sign}{metric.target:g}{'%' if metric.unit == '%' else ''}")
    return " ".join([*parts, metric.unit] if "/" in metric.unit else parts)


def _change(change: float, unit: str) -> str:
    """Say the change against last month, with an arrow, short enough for a tile."""
    written = words.change(change, unit)
    if written == "持平":
        return "较上月持平"
    amount = written.split(" ", 1)[-1]
    if "/" in unit:  # the unit is said beside the target
        amount = amount.split(" ")[0]
    return f"较上月{'↑' if change > 0 else '↓'}{amount.replace(' ', '')}"
