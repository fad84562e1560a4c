"""Choose what to look at: widgets a page puts where it needs them, bound to the URL."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui.catalogue.metric import GROUPS, Metric, all_metrics, get_metric
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.widgets import pictures

WORST = "worst"  # the choice of the metric furthest from its target among communities


def metric(place: DeltaGenerator, default: str, key: str, worst: Metric | None = None) -> Metric:
    """Draw the choice of a metric, bound to the URL parameter `key`, one of its own per page.

    (A parameter bound on two pages is dropped from a link from one to the other.) It holds the
    metric's Chinese name, so that a link can be read aloud. A name in a link that no metric has
    gives the default and a sentence. With `worst` the first choice, and the one unasked, is that
    metric, whatever it is in another scope.
    """
    metrics = all_metrics()
    in_link = st.query_params.get(key)
    groups = in_groups(metrics.values())
    options = [WORST] * (worst is not None)
    for heading, inside in groups.items():
        options += [heading, *(one.id for one in inside)]
    words = {one.id: one.name for one in metrics.values()}
    words[WORST] = (
        "离目标最远、社区可比的指标"  # whichever: a name here would stay when the scope changes
    )
    chosen = place.selectbox(
        "看哪项指标",
        options,
        index=0 if worst else options.index(default),
        format_func=lambda one: words.get(one, one),
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    if chosen in groups:  # Streamlit has no headings that cannot be chosen
        return groups[chosen][0]
    found = metrics.get(chosen, worst or metrics[default])
    if in_link and in_link not in {*groups, *(one.name for one in metrics.values())}:
        place.warning(f"链接里的指标“{plain(in_link, 20)}”不在指标口径里，已改看“{found.name}”。")
    return found


def in_groups(metrics: Iterable[Metric]) -> dict[str, list[Metric]]:
    """Return metrics under the headings they are chosen by: with a target, judged, what only counts.

    Those without a target by the areas of the catalogue.
    """
    groups: dict[str, list[Metric]] = {}
    for one in sorted(
        metrics,
        key=lambda one: (one.target is None, one.direction == "none", GROUPS.index(one.group)),
    ):
        area = one.group.split()[-1]
        heading = f"{area}，只计数" if one.direction == "none" else f"{area}，评高低"
        heading = "有目标" if one.target is not None else heading
        groups.setdefault(f"—— {heading} ——", []).append(one)
    return groups


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


def by_id(label: str, names: Mapping[str, str], key: str) -> str:
    """Draw a choice among ids (with what each is called); the address holds the id, not the words.

    The words may change and the link still leads there. A link of earlier software had both.
    """
    in_link, first = st.query_params.get(key, ""), next(iter(names))
    asked = next((one for one in names if in_link.startswith(one)), None)
    if in_link != st.session_state.get(f"{key}_in_link", "") and (
        in_link or not st.session_state["arrived"]
    ):
        st.session_state[key] = asked or first
        if in_link and not asked:
            st.warning(f"链接里的“{plain(in_link, 20)}”不在这里，已改看最近的。")
    if st.session_state.get(key) not in names:
        st.session_state[key] = first
    chosen = st.selectbox(label, list(names), key=key, format_func=names.__getitem__)
    if in_link != chosen and (in_link or chosen != first):
        st.query_params[key] = in_link = chosen
    st.session_state[f"{key}_in_link"] = in_link
    return chosen


def ranking(scope: Scope, names: Mapping[str, str], key: str) -> None:
    """Draw the choice of a metric, by its words, and the streets or communities ranked by it."""
    metric = get_metric(names[one_of("排什么", list(names), next(iter(names)), key)])
    pictures.show_titled_ranking(st.container(), scope, metric)
