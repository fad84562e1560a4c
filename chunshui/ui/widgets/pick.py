"""Choose what to look at: widgets a page puts where it needs them, bound to the URL."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui.catalogue import metric as catalogue
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.runner import Figure
from chunshui.ui.widgets.markdown import plain


def metric(place: DeltaGenerator, default: str, key: str) -> Metric:
    """Draw the choice of a metric, bound to the URL parameter `key`, one of its own per page.

    (A parameter bound on two pages is dropped from a link from one to the other.) It holds the
    metric's Chinese name, so that a link can be read aloud. A name in a link that no metric has
    gives the default and a sentence.
    """
    metrics = catalogue.load_all()
    asked = st.query_params.get(key)
    chosen = place.selectbox(
        "看哪项指标",
        list(metrics),
        index=list(metrics).index(default),
        format_func=lambda metric_id: metrics[metric_id].name,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    if asked and asked not in {one.name for one in metrics.values()}:
        place.warning(
            f"链接里的指标“{plain(asked, 20)}”不在指标口径里，已改看“{metrics[chosen].name}”。"
        )
    return metrics[chosen]


def link(params: dict) -> dict:
    """Return a link's query parameters with the metric's id turned into its name."""
    if "metric" in params:
        return {**params, "metric": catalogue.get(params["metric"]).name}
    return params


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
        "分组", catalogue.GROUPS, key="group", bind="query-params", label_visibility="collapsed"
    )
    return [
        figure
        for figure in figures.values()
        if (group is None or figure.metric.group == group)
        and all(word in _searched(figure.metric) for word in wanted.lower().split())
    ]


def _searched(metric: Metric) -> str:
    parts = (metric.id, metric.name, metric.short, metric.group, metric.numerator)
    parts += (metric.denominator or "", metric.source, metric.caveat, metric.one_row)
    return " ".join(parts).lower()


def take(table: str, figures: list[Figure]) -> None:
    """Follow a click on a row of the dictionary with key `table` (a callback)."""
    rows = st.session_state[table].selection.rows
    if rows:
        st.session_state["metric"] = figures[rows[0]].metric.id
