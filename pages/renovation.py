"""旧改进度: how far renovation is, where it is stuck, where the money is, who benefited."""

import streamlit as st

from chunshui.catalogue import finding
from chunshui.renewal import sayings
from chunshui.ui import charts, data, filters, head, meeting, notices, pictures, tiles
from chunshui.ui import renewal_data as renewal
from chunshui.ui import renewal_parts as parts
from chunshui.ui import renewal_pictures as drawn
from chunshui.ui import renewal_tables as tables

scope = filters.current()
projects = renewal.projects(scope)
head.finding(sayings.stalled(projects, scope.words))
with st.grid(6, min_column_width=156, gap="small"):
    for metric_id in parts.TILES:
        tiles.tile(data.figure(scope, metric_id), scope)

stuck, place = st.columns([1, 1], gap="medium")
with stuck:
    st.markdown("**停得最久的项目**：点一条看它的时间线")
    chart = drawn.waiting(scope)
    if chart is None:
        notices.empty("本范围没有停留超过界限的项目。", "可在左侧换一个街道或月份。")
    elif picked := parts.clickable(chart, "停得最久的项目", "stuck"):
        parts.open_project(scope, projects.set_index("project_id", drop=False).loc[picked])
with place:
    shown = parts.map_of_projects(scope)

progress, timeline, forecast, money, lifts, listed = st.tabs(
    ["进度", "一个项目", "完工预测", "资金与受益", "加装电梯", "全部项目"],
    key="part",
    bind="query-params",
    on_change="rerun",
)
if progress.open:
    with progress:
        parts.figures(scope, parts.YEAR)
        years_back, households, milestone = parts.choose_counting()
        funnel, curve = st.columns([2, 3], gap="medium")
        with funnel:
            st.markdown("**到了哪一步**：到达过该阶段的项目；点一条看名单")
            found = renewal.funnel(scope, years_back)
            if stage := parts.clickable(drawn.funnel(found, households), "阶段漏斗", "funnel"):
                parts.open_reached(scope, stage, years_back)
        with curve:
            parts.titled(drawn.physical(scope, milestone, households), f"{milestone}的S曲线")
        kinds, ranked = st.columns([3, 2], gap="medium")
        with kinds:
            st.markdown("**按类别**：按项目、按小区、按户；点一格看名单")
            found = renewal.categories(scope, years_back)
            table = tables.categories(found)
            if picked := parts.pickable(table, "按类别的进度", "categories", 460, cells=True):
                parts.open_projects(scope, table["类别"].iloc[picked[0]], picked[1], years_back)
        with ranked:
            st.markdown(
                f"**{finding.by_place(data.figure(scope, shown), data.places(scope, shown))}**"
            )
            st.plotly_chart(pictures.ranking(scope, shown), config=charts.CONFIG, alt="各地排名")
if timeline.open:
    with timeline:
        project = parts.choose_project(projects)
        if project is not None:
            parts.project(scope, project, key="tab")
if forecast.open:
    with forecast:
        made = renewal.forecasts(scope)
        st.markdown(f"**{sayings.forecasts(made)}**")
        parts.rows(tables.forecasts(made), "完工预测", scope, "forecasts", height=420)
        st.caption(sayings.METHOD)
        st.caption(sayings.hits(renewal.hit_rate(scope.version)))
if money.open:
    with money:
        curve, source = st.columns([3, 2], gap="medium")
        with curve:
            parts.titled(drawn.money(scope), "资金的S曲线")
        with source:
            st.markdown("**按来源**：点一行看每笔")
            found = renewal.sources(scope)
            st.plotly_chart(drawn.sources(found), config=charts.CONFIG, alt="按来源的资金")
            if picked := parts.pickable(tables.sources(found), "按来源的资金", "sources"):
                parts.open_source(scope, found["source"].iloc[picked[0]])
        parts.figures(scope, parts.MONEY)
        readings, published = st.columns([3, 2], gap="medium")
        with readings:
            parts.readings(scope)
        with published:
            parts.claims(scope, ("C14", "C15"))
        around = st.expander("改造前后身边的服务", key="around", on_change="rerun")
        if around.open:
            with around:
                parts.services(scope)
if lifts.open:
    with lifts:
        found = renewal.lifts(scope)
        st.markdown(f"**{sayings.lifts(found, scope.words)}**")
        parts.figures(scope, parts.LIFTS)
        where, ranked = st.columns([2, 3], gap="medium")
        with where:
            st.plotly_chart(drawn.lifts(found), config=charts.CONFIG, alt="加装电梯进度")
            with st.expander("按哪套规则算“还差”"):
                rules = tables.consent_rules(renewal.consent_rules(scope))
                st.table(rules, border="horizontal")
        with ranked:
            st.markdown("**老人爬楼**：住在六层及以上无电梯楼里的老人占比")
            picture = pictures.ranking(scope, "walkup_older_rate")
            st.plotly_chart(picture, config=charts.CONFIG, alt="老人爬楼排名")
        parts.rows(tables.lifts(found), "加装电梯", scope, "lifts", height=420)
if listed.open:
    with listed:
        st.caption("点一行看它的时间线。")
        table = tables.projects(projects)
        if picked := parts.pickable(table, "改造项目", "projects", height=460):
            parts.open_project(scope, projects.iloc[picked[0]])
        parts.download(table, "改造项目", scope, "projects")

meeting.offer(shown, figures=parts.TILES)
head.foot(scope, parts.TILES)
