"""Behind an opened number: why it changed, by place and by member; what is still to its target."""

import streamlit as st

from chunshui.catalogue import to_target as target
from chunshui.catalogue import why as change
from chunshui.catalogue.figure import Figure
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.why_tables import (
    contribution_table,
    flow_table,
    lacking_table,
    nearest_table,
)
from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import notices
from chunshui.ui.widgets import downloads, lists, tables

OTHER = "另选月份"
BY_STREET, BY_COMMUNITY = "按街道", "按社区"


def why(figure: Figure, scope: Scope, key: str) -> None:
    """Show why a figure changed since a month of the reader's choice."""
    metric = figure.metric
    with st.container(horizontal=True, vertical_alignment="center"):
        against = _against(metric, scope, key)
        level = _level(metric, scope, key)
    if against is None:
        notices.empty("更早没有可比的月份。", "")
        return
    moved = data.change(scope, metric.id, against, level)
    flows = data.flows(scope, metric.id, against)
    said = change.why_sentence(moved, flows)
    st.markdown(f"**{said}**")
    if metric.kind == "quantile":
        st.caption("分位数不能由各地相加，不分贡献；只列变动的名单。")
    elif len(moved.places) > 1:
        st.caption(
            "贡献＝分子带来的＋分母带来的，各地相加正好等于总变化。"
            if metric.kind == "ratio"
            else "各地的增减相加正好等于总变化。"
        )
    if len(moved.places) > 1:
        title = f"{metric.name}{moved.against}各地的变化"
        table = tables.readable(contribution_table(moved))
        lists.show(table, title, scope, f"why_{key}", height_px=460, finding=said)
    part = f"{moved.against}变动"
    if flows.empty:
        st.info("两个月之间没有变动的名单。", icon=":material/inbox:")
        return
    table = tables.readable(flow_table(flows, metric))
    st.markdown(f"变动名单（{len(table):,}条）")
    tables.draw_first(table, f"{metric.name}{part}名单")
    downloads.offer_members(table, flows, scope, metric, part, f"{key}_{metric.id}_flows", said)


def _against(metric: Metric, scope: Scope, key: str) -> str | None:
    """Draw the choice of the month to compare with and return it; None where there is none."""
    month = Month.parse(scope.month)
    comparable = change.comparable_months(
        metric, month, map(Month.parse, data.months(scope.edition))
    )
    if not comparable:
        return None
    usual = [one for one in (month.shift(-1), month.shift(-12)) if one in comparable]
    named = {metric.against(month, one): one for one in usual}
    asked = Month.parse(scope.against) if scope.against else None
    first = next(iter(named), OTHER)
    if asked in comparable:
        first = metric.against(month, asked) if asked in usual else OTHER
    chosen = st.segmented_control(
        "和哪个月比",
        [*named, OTHER],
        default=first,
        required=True,
        key=f"against_{key}_{metric.id}{scope.against or ''}",
        label_visibility="collapsed",
    )
    if chosen in named:
        return str(named[chosen])
    return st.selectbox(
        "另选月份",
        [str(one) for one in comparable],
        index=comparable.index(asked) if asked in comparable else 0,
        key=f"month_{key}_{metric.id}{scope.against or ''}",
        label_visibility="collapsed",
        width=160,
    )


def _level(metric: Metric, scope: Scope, key: str) -> str:
    """Return whose contributions are shown; draw the choice where there is one."""
    if data.home_street(scope):
        return "community"
    if metric.level != "community":
        return "street"
    chosen = st.segmented_control(
        "按哪一级分",
        [BY_STREET, BY_COMMUNITY],
        default=BY_STREET,
        required=True,
        key=f"level_{key}_{metric.id}",
        label_visibility="collapsed",
    )
    return "community" if chosen == BY_COMMUNITY else "street"


def to_target(figure: Figure, scope: Scope, key: str) -> None:
    """Show what is between a figure and its target: how much, where, the nearest first."""
    metric = figure.metric
    gap = data.to_target(scope, metric.id)
    said = target.to_target_sentence(gap)
    st.markdown(f"**{said}**")
    if gap.needed is None:
        return
    if not scope.community:
        level = "community" if data.home_street(scope) else "street"
        places = data.lacking_places(scope, metric.id, level)
        places = places[places[f"{level}_code"].notna() & places["needed"].notna()]
        if len(places):
            own = "以后还要有多少都做到" if metric.final else "各还差多少"
            apart = "" if places["needed"].sum() == gap.needed else "（各算各的，相加不等于总数）"
            st.caption(f"各地自己达标，{own}{apart}")
            lists.show(
                tables.readable(lacking_table(places, metric)),
                f"{metric.name}各地还差多少达标",
                scope,
                f"lacking_{key}",
                height_px=430,
                finding=said,
            )
    rows = data.nearest_members(scope, metric.id)
    if rows.empty:
        st.caption("已有结果的不再改变，要靠今后的。" if metric.final else "")
        return
    table = tables.readable(nearest_table(rows, metric))
    which = "现在还计入的" if metric.direction == "down" else "补上即离目标更近的"
    if "还差" in table:
        which += "，差得最少的排在前面"
    elif rows["weight"].max() > 1:
        which += "，分量大的排在前面"
    st.markdown(f"{which}（{len(table):,}条）")
    name = f"{metric.name}离达标最近的名单"
    tables.draw_first(table, name)
    key = f"{key}_{metric.id}_nearest"
    downloads.offer_members(table, rows, scope, metric, "离达标最近", key, said)
