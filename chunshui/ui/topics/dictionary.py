"""The page 指标口径: what the dictionary holds, the search in it, its table."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui import words
from chunshui.catalogue.figure import Figure
from chunshui.catalogue.metric import GROUPS, Metric
from chunshui.drawing import theme
from chunshui.ui import data
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope


def finding(figures: dict[str, Figure]) -> str:
    """Say what the dictionary holds."""
    aimed = sum(one.metric.target is not None for one in figures.values())
    others = sum(len(one.metric.variants) > 1 for one in figures.values())
    return (
        f"{len(figures)}项指标，一项一个定义：{aimed}项有目标，{others}项另有别的算法可对照。"
        "点一行，看怎么算、算了谁、没算谁。"
    )


@remembered(32, against=True)
def table(scope: Scope, metric_ids: tuple[str, ...]) -> pd.DataFrame:
    """Return one row per metric: what it is called, where it stands, how far from its target."""
    return pd.DataFrame(
        [
            {
                "分组": one.metric.group,
                "指标": one.metric.name,
                "本期": one.text,
                "分子／分母": one.fraction_text or words.MISSING,
                "目标": (one.target_text or words.MISSING).removeprefix("目标"),
                "状态": f"{theme.STATUS[one.status][0]} {one.status}",
                "变化": one.moved_text(scope.against) or words.MISSING,
                "更新": one.metric.cadence,
            }
            for one in data.figures(scope, metric_ids).values()
        ]
    )


def search(words_place: DeltaGenerator, group_place: DeltaGenerator, figures: dict) -> list[Figure]:
    """Draw the search of the dictionary and return the figures whose metric is found."""
    wanted = words_place.text_input(
        "搜索指标",
        type="search",
        live=True,
        key="find",
        bind="query-params",
        placeholder="名称、分子、分母、依据里的字",
    )
    group = group_place.pills(
        "分组", GROUPS, key="group", bind="query-params", label_visibility="collapsed"
    )
    return [
        figure
        for figure in figures.values()
        if (group is None or figure.metric.group == group)
        and all(word in _searched(figure.metric) for word in wanted.lower().split())
    ]


def _searched(metric: Metric) -> str:
    parts = [metric.id, metric.name, metric.short, metric.group, metric.numerator]
    parts += [metric.denominator or "", metric.source, metric.caveat, metric.one_row]
    return " ".join(parts).lower()


def take(table: str, figures: list[Figure]) -> None:
    """Follow a click on a row of the dictionary with key `table` (a callback)."""
    rows = st.session_state[table].selection.rows
    if rows:
        st.session_state["metric"] = figures[rows[0]].metric.id
