"""旧改进度: how far renovation is, where it is stuck, where the money is, who benefited."""

import streamlit as st

from chunshui.catalogue import finding
from chunshui.catalogue import metric as catalogue
from chunshui.renewal import sayings
from chunshui.ui import data
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics import meeting
from chunshui.ui.topics.renewal import data as renewal
from chunshui.ui.topics.renewal import parts, tables
from chunshui.ui.topics.renewal import pictures as drawn
from chunshui.ui.widgets import pictures, tiles

scope = filters.current()
projects = renewal.projects(scope)
head.finding(parts.stalled(scope))
figures = data.some(scope, parts.TILES + parts.YEAR)
with st.grid(6, min_column_width=156, gap="small"):
    for metric_id in parts.TILES:
        tiles.tile(figures[metric_id], scope)

stuck, curve = st.columns([1, 1], gap="medium")
with stuck:
    st.markdown("**停滞项目**：超过同类界限多的在前；点一条看时间线")
    chart = drawn.waiting(scope)
    if chart is None:
        notices.empty("本范围没有停留超过界限的项目。", "可在左侧换一个街道或月份。")
    elif picked := parts.clickable(chart, "停滞项目", "stuck"):
        parts.open_project(scope, projects[projects["project_id"] == picked].iloc[0])
with curve:
    milestone, households = parts.choose_curve()
    picture = drawn.physical(scope, milestone, households)
    if month := parts.titled(picture, f"{milestone}的S曲线", "curve"):
        parts.open_month(scope, milestone, month)

progress, where, timeline, forecast, money, lifts, listed = st.tabs(
    ["进度", "在哪里", "一个项目", "完工预测", "资金与受益", "加装电梯", "全部项目"],
    key="part",
    bind="query-params",
    on_change="rerun",
)
if progress.open:
    with progress:
        funnel, kinds = st.columns([2, 3], gap="medium")
        with funnel:
            years_back = parts.choose_plans()
            st.markdown("**到了哪一步**：到达过该阶段的项目；点一条看名单")
            chart = drawn.funnel(renewal.funnel(scope, years_back), households)
            if stage := parts.clickable(chart, "阶段漏斗", "funnel"):
                parts.open_reached(scope, stage, years_back)
        with kinds:
            st.markdown("**按类别**：按项目、按小区、按户；点一格看名单")
            table = tables.categories(renewal.categories(scope, years_back))
            if picked := parts.pickable(table, "按类别的进度", "categories", cells=True):
                parts.open_projects(scope, table["类别"].iloc[picked[0]], picked[1], years_back)
            own = [figures[metric_id] for metric_id in parts.YEAR]
            parts.figures(scope, own, f"**{scope.month[:4]}年的计划**：点一项看名单")
if where.open:
    with where:
        place, ranked = st.columns([1, 1], gap="medium")
        with place:
            shown = parts.map_of_projects(scope)
        head.over(ranked, finding.by_place(data.figure(scope, shown), data.places(scope, shown)))
        pictures.show_ranking(ranked, scope, catalogue.get(shown))
if timeline.open:
    with timeline:
        project = parts.choose_project(projects)
        if project is not None:
            parts.project(scope, project, key="tab")
if forecast.open:
    with forecast:
        made = renewal.forecasts(scope)
        st.markdown(f"**{sayings.forecasts(made)}** 点一行看它的时间线。")
        opens = parts.opener(parts.open_project, scope, made)
        parts.rows(tables.forecasts(made), "完工预测", scope, "forecasts", 420, opens)
        st.caption(sayings.METHOD)
        st.caption(sayings.hits(renewal.hit_rate(scope.version)))
if money.open:
    with money:
        curve, source = st.columns([3, 2], gap="medium")
        with curve:
            if month := parts.titled(drawn.money(scope), "资金的S曲线", "money_curve"):
                parts.open_money(scope, month)
        with source:
            st.markdown("**按来源**：点一条看每笔")
            chart = drawn.sources(renewal.sources(scope))
            if picked := parts.clickable(chart, "按来源的资金", "sources"):
                parts.open_source(scope, picked)
        parts.figures(scope, data.some(scope, parts.MONEY).values())
        readings, published = st.columns(2, gap="medium")
        with readings:
            parts.readings(scope)
        with published:
            parts.claims(scope, ("C14", "C15"))
        with st.expander("改造前后身边的服务", key="around", on_change="rerun") as around:
            if around.open:
                parts.services(scope)
if lifts.open:
    with lifts:
        found = renewal.lifts(scope)
        st.markdown(f"**{sayings.lifts(found, scope.words)}**")
        parts.figures(scope, data.some(scope, parts.LIFTS).values())
        standing, ranked = st.columns([2, 3], gap="medium")
        with standing:
            if picked := parts.clickable(drawn.lifts(found), "加装电梯进度", "standing"):
                parts.open_lifts(scope, picked)
            parts.consent_rules(scope)
        ranked.markdown("**老人爬楼**：住在六层及以上无电梯楼里的老人占比")
        pictures.show_ranking(ranked, scope, catalogue.get("walkup_older_rate"))
        parts.rows(parts.table(scope, "lifts"), "加装电梯", scope, "lifts", height=420)
if listed.open:
    with listed:
        st.caption("点一行看它的时间线。")
        opens = parts.opener(parts.open_project, scope, projects)
        parts.rows(parts.table(scope, "projects"), "改造项目", scope, "projects", 460, opens)

meeting.offer("renovation_done_rate", figures=parts.TILES)
head.foot(scope, parts.TILES)
