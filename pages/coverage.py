"""覆盖率: who can walk to what, by function, level, hour and age; who is left out; the trend."""

import streamlit as st

from chunshui.catalogue.wording import trend_sentence
from chunshui.ui import charts, data
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.circles import charts as coverage_charts
from chunshui.ui.topics.circles import controls, finding, tables
from chunshui.ui.topics.circles.data import SHOWN, stop_without_circles
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.widgets import drill, pictures, side_by_side, tiles

TILES = (
    "circle_coverage",
    "circle_older",
    "circle_community_level",
    "circle_canteen",
    "circle_evening",
    "area_per_100_households",
)

scope = filters.current()
stop_without_circles(scope)
figures = data.figures(scope, SHOWN)
head.finding(finding.of_coverage(scope, figures))
tiles.grid([figures[metric_id] for metric_id in TILES], scope)
if scope.is_a_few_streets:
    side_by_side.show(scope, [figures[metric_id] for metric_id in TILES])
drill.saturated(scope, figures[TILES[0]].metric)

st.subheader("差在哪里：换一项服务、一个层级、一个钟点、一个年龄", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.markdown("**按功能**（分母是各自的服务对象，十分钟）")
    by_function = coverage_charts.split(scope, "功能")
    st.plotly_chart(by_function, config=charts.CONFIG, alt="各功能的覆盖率")
    st.markdown("**按层级**（720米）")
    by_level = coverage_charts.split(scope, "层级")
    st.plotly_chart(by_level, config=charts.CONFIG, alt="各层级的覆盖率")
with right:
    st.markdown("**按钟点**（那时开着门的阵地，720米）")
    by_hour = coverage_charts.by_hour(scope)
    st.plotly_chart(by_hour, config=charts.CONFIG, alt="各钟点的覆盖率")
    st.markdown("**按年龄**（各按自己的步速，十分钟）")
    by_age = coverage_charts.split(scope, "年龄")
    st.plotly_chart(by_age, config=charts.CONFIG, alt="各年龄的覆盖率")
with st.expander("功能 × 层级 × 钟点 × 年龄", key="cross_open", on_change="rerun") as crossed:
    if crossed.open:
        tables.draw_cross(scope)

st.subheader("哪里好，哪里差，走势如何", anchor=False)
metric = controls.coverage_metric()
figure = figures[metric.id]
left, right = st.columns([2, 3], gap="medium")
with left:
    st.markdown(f"**{pictures.ranking_title(scope, metric)}**")
    ranked = coverage_charts.ranking(scope, metric.id)
    pictures.show(ranked, f"{metric.name}：排名", "coverage_ranking")
    coverage_charts.draw_worst(scope, metric)
with right:
    if metric.level == "community":
        what = f"{metric.name}：各社区地图"
        pictures.show_map(pictures.district_map(scope, metric.id), what, "coverage_map")
    st.markdown(f"**{trend_sentence(figure, 12)}**")
    trend = pictures.trend(scope, metric.id)
    st.plotly_chart(trend, config=charts.CONFIG, alt=f"{metric.name}：逐月变化")
    if len(metric.variants) > 1:
        st.markdown("**换一种算法会怎样**")
        band = pictures.sensitivity(scope, metric.id)
        st.plotly_chart(band, config=charts.CONFIG, alt=f"{metric.name}：各种算法的结果")

st.subheader("够不够大：每百户阵地面积", anchor=False)
coverage_charts.draw_area(scope)

st.subheader(f"漏下了谁：{metric.name}", anchor=False)
drill.formula(figure, scope)
with st.expander("逐栋名单", key="left_out_open", on_change="rerun") as listed:
    if listed.open:
        tables.draw_members_left_out(scope, metric)

st.subheader("各地一览", anchor=False)
tables.draw_places(scope)
offer(metric.id, figures=TILES)
head.foot(scope, TILES)
