"""Tiles: a value with target status, change, trend and n/N; a click opens the number."""

from collections.abc import Iterable

import streamlit as st

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
    # 平方米/百户 does not fit behind the value: it stands by the target, a short 元 here too.
    counted, _, per = metric.unit.partition("/")
    unit = metric.unit if not per else counted if len(counted) < 3 else ""
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(metric.short, figure.text.replace(metric.unit, unit))
        line = charts.sparkline([p.value for p in figure.trend], f"{metric.name}近三年走势")
        if line:
            st.markdown(line, unsafe_allow_html=True)  # our own SVG, the label escaped
        # A target with a long unit has a line of its own, whole.
        gap = "  \n" if figure.target_text and per else " "
        st.markdown(f":small[{badge(figure.status)}]{gap}:small[{_small(figure)}]")
        if figure.change_text:
            st.markdown(f":small[{_change(figure)}]")
        if st.button(
            _fraction(figure.fraction_text or "") or "查看构成",
            key=f"open_{metric.id}",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
            help=f"打开“{metric.name}”：{figure.reason or '分子、分母、名单、定义'}",
        ):
            drill.number(metric.id, scope)


def _small(figure: Figure) -> str:
    """Say the target, the whole unit where it is not beside the value, or why there is no value."""
    unit, target = figure.metric.unit, figure.target_text or ""
    if figure.reason:
        return figure.reason
    target = target.replace("≥", "")  # of a tile's width, and said by the badge
    return target or (unit if "/" in unit else "")


def _fraction(text: str) -> str:
    """Return n/N with the unit both have said once; "" for what is wider than a tile."""
    part, _, whole = text.partition("/")
    units = [one.lstrip("0123456789.,") for one in (part, whole)]
    if whole and units[0] == units[1]:
        text = f"{part.removesuffix(units[0])}/{whole}"
    wide = sum(1 if letter > "⺀" else 0.58 for letter in text)  # of a Chinese letter
    return text if wide <= 9 else ""


def _change(figure: Figure) -> str:
    """Say the change with an arrow, short enough for a tile; a long unit is said beside the target."""
    unit = figure.metric.unit
    per = unit.partition("/")[2]
    text = figure.change_text.removesuffix(f"/{per}") if per else figure.change_text
    text = text.replace("较上年同期", "同比")
    for word, arrow in (("上升", "↑"), ("增加", "↑"), ("下降", "↓"), ("减少", "↓")):
        text = text.replace(word, arrow)
    return text
