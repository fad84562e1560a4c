"""Choose what to look at: widgets a page puts where it needs them, bound to the URL."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui.catalogue.metric import Metric, all_metrics
from chunshui.ui.markdown import plain


def metric(place: DeltaGenerator, default: str, key: str) -> Metric:
    """Draw the choice of a metric, bound to the URL parameter `key`, one of its own per page.

    (A parameter bound on two pages is dropped from a link from one to the other.) It holds the
    metric's Chinese name, so that a link can be read aloud. A name in a link that no metric has
    gives the default and a sentence.
    """
    metrics = all_metrics()
    in_link = st.query_params.get(key)
    chosen = place.selectbox(
        "看哪项指标",
        list(metrics),
        index=list(metrics).index(default),
        format_func=lambda metric_id: metrics[metric_id].name,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    if in_link and in_link not in {one.name for one in metrics.values()}:
        place.warning(
            f"链接里的指标“{plain(in_link, 20)}”不在指标口径里，已改看“{metrics[chosen].name}”。"
        )
    return metrics[chosen]


def one_of(label: str, options: Sequence[str], default: str, key: str) -> str:
    """Draw a choice of a few, side by side, and return the one chosen."""
    return st.segmented_control(
        label,
        options,
        default=default,
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
