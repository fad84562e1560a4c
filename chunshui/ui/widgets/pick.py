"""Choose what to look at: widgets a page puts where it needs them, bound to the URL."""

from collections.abc import Iterable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui.catalogue.metric import GROUPS, Metric, all_metrics
from chunshui.ui.markdown import plain

WORST = "worst"  # the choice of the metric furthest from its target, whichever that is


def metric(place: DeltaGenerator, default: str, key: str, worst: Metric | None = None) -> Metric:
    """Draw the choice of a metric, bound to the URL parameter `key`, one of its own per page.

    (A parameter bound on two pages is dropped from a link from one to the other.) It holds the
    metric's Chinese name, so that a link can be read aloud. A name in a link that no metric has
    gives the default and a sentence. With `worst` the first choice, and the one unasked, is that
    metric, whatever it is in another scope.
    """
    metrics = all_metrics()
    in_link = st.query_params.get(key)
    options = [WORST] * (worst is not None) + [one.id for one in in_groups(metrics.values())]
    chosen = place.selectbox(
        "看哪项指标",
        options,
        index=0 if worst else options.index(default),
        format_func=lambda one: metrics[one].name if one in metrics else _worst_words(worst),
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    found = metrics.get(chosen, worst or metrics[default])
    if in_link and in_link not in {one.name for one in metrics.values()}:
        place.warning(f"链接里的指标“{plain(in_link, 20)}”不在指标口径里，已改看“{found.name}”。")
    return found


def _worst_words(worst: Metric | None) -> str:
    return f"离目标最远：{worst.name}" if worst else ""


def in_groups(metrics: Iterable[Metric]) -> list[Metric]:
    """Return metrics as they are chosen from: with a target, then judged, then what only counts.

    Within each by the areas of the catalogue.
    """
    return sorted(
        metrics,
        key=lambda one: (one.target is None, one.direction == "none", GROUPS.index(one.group)),
    )


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
