"""旧改进度: how far renovation is, where it is stuck, where the money is, who benefited."""

import streamlit as st

from chunshui.catalogue.metric import get_metric
from chunshui.renewal import wording
from chunshui.ui.data import claims, figures
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.renovation import charts, controls, data, tables
from chunshui.ui.widgets import drill, lists, notes, pictures, tiles

scope = filters.current()
projects = data.projects(scope)
head.finding(controls.finding(scope))
by_id = figures(scope, controls.TILES + controls.YEAR)
tiles.grid([by_id[metric_id] for metric_id in controls.TILES], scope)
controls.draw_opened(scope, projects)
stuck, curve = st.columns([1, 1], gap="medium")
with stuck:
    st.markdown(f"**停滞项目**：超过同类界限多的在前{charts.more_waiting(scope)}；点一条看时间线")
    chart = charts.waiting(scope)
    if chart is None:
        notices.empty("本范围没有停留超过界限的项目。")
    elif picked := pictures.pick(chart, "停滞项目", "stuck"):
        controls.open_project(scope, projects[projects["project_id"] == picked].iloc[0])
with curve:
    milestone, households = controls.choose_curve()
    physical = charts.physical_curve(scope, milestone, households)
    if month := controls.pick_month(physical, f"{milestone}的S曲线", "curve"):
        controls.open_milestone(scope, milestone, month)

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
            years_back = controls.choose_plans()
            st.markdown("**到了哪一步**：到达过该阶段的项目；点一条看名单")
            chart = charts.funnel(data.funnel(scope, years_back), households)
            if stage := pictures.pick(chart, "阶段漏斗", "funnel"):
                controls.open_reached(scope, stage, years_back)
        with kinds:
            st.markdown("**按类别**：按项目、按小区（有几个项目的只计一次）、按户；点一格看名单")
            table = tables.categories(data.categories(scope, years_back))
            if cell := lists.pick_cell(table, "按类别的进度", "categories"):
                controls.open_category(scope, table["类别"].iloc[cell[0]], cell[1], years_back)
            st.markdown(f"**{scope.month[:4]}年的计划**：点一项看名单")
            drill.buttons(scope, [by_id[metric_id] for metric_id in controls.YEAR])
if where.open:
    with where:
        place, ranked = st.columns([1, 1], gap="medium")
        with place:
            shown = controls.choose_mapped()
            what = f"{get_metric(shown).name}：各社区地图，标出停滞项目"
            pictures.show_map(charts.district_map(scope, shown), what)
        pictures.show_titled_ranking(ranked, scope, get_metric(shown))
if timeline.open:
    with timeline:
        project = controls.choose_project(projects)
        if project is not None:
            controls.draw_project(scope, project, key="tab")
if forecast.open:
    with forecast:
        coming = data.forecasts(scope)
        said, opens = wording.forecasts_sentence(coming), controls.open_project
        st.markdown(f"**{said}** 点一行看它的时间线。")
        table = tables.forecasts(coming)
        lists.show(table, "完工预测", scope, "forecasts", 420, opens, coming, finding=said)
        st.caption(wording.METHOD)
        of_projects, of_totals = data.hit_rates(scope.edition)
        st.caption(wording.hits_sentence(of_projects), help=wording.hits_help(of_projects))
        st.caption(wording.totals_sentence(of_totals), help=wording.totals_help(of_totals))
if money.open:
    with money:
        curve, sources = st.columns([3, 2], gap="medium")
        with curve:
            paid = charts.money_curve(scope)
            if month := controls.pick_month(paid, "资金的S曲线", "money_curve"):
                controls.open_money(scope, month)
        with sources:
            st.markdown("**按来源**：点一条看每笔")
            if source := pictures.pick(charts.sources(scope), "按来源的资金", "sources"):
                controls.open_source(scope, source)
        drill.buttons(scope, figures(scope, controls.MONEY).values())
        readings, published = st.columns(2, gap="medium")
        with readings:
            controls.draw_readings(scope)
        with published:
            notes.claims(claims(scope, *controls.READINGS), scope)
        with st.expander("改造前后身边的服务", key="around", on_change="rerun") as around:
            if around.open:
                controls.draw_services(scope)
if lifts.open:
    with lifts:
        rows = data.lifts(scope)
        st.markdown(f"**{(said := wording.lifts_sentence(rows, scope.words))}**")
        drill.buttons(scope, figures(scope, controls.LIFTS).values())
        standings, ranked = st.columns([2, 3], gap="medium")
        with standings:
            if standing := pictures.pick(charts.lifts(rows), "加装电梯进度", "standing"):
                controls.open_lifts(scope, standing)
            controls.draw_consent_rules(scope)
        ranked.markdown("**老人爬楼**：住在六层及以上无电梯楼里的老人占比")
        pictures.show_ranking(ranked, scope, get_metric("walkup_older_rate"))
        lists.show(tables.every_lift(scope), "加装电梯", scope, "lifts", 420, finding=said)
if listed.open:
    with listed:
        st.caption("点一行看它的时间线。")
        table = tables.every_project(scope)
        lists.show(table, "改造项目", scope, "projects", 460, controls.open_project, projects)

notes.cases(scope, "renovation_cases")
offer("renovation_done_rate", figures=controls.TILES)
head.foot(scope, controls.TILES)
