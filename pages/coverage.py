"""覆盖率: who can walk to what, by function, level, hour and age; who is left out; the trend."""

import streamlit as st

from chunshui.catalogue import finding
from chunshui.ui import (
    charts,
    circles_coverage,
    circles_data,
    data,
    downloads,
    filters,
    head,
    meeting,
    opened,
    pictures,
    tiles,
)

TILES = (
    "circle_coverage",
    "circle_older",
    "circle_community_level",
    "circle_canteen",
    "circle_evening",
    "area_per_100_households",
)

scope = filters.current()
circles_data.circles_or_stop(scope)
figures = data.figures(scope)
head.finding(circles_coverage.finding(scope))
with st.grid(6, min_column_width=156, gap="small"):
    for metric_id in TILES:
        tiles.tile(figures[metric_id], scope)
opened.saturated(scope, figures["circle_coverage"].metric)

st.subheader("差在哪里：换一项服务、一个层级、一个钟点、一个年龄", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    st.markdown("**按功能**（分母是各自的服务对象，十分钟）")
    st.plotly_chart(circles_coverage.by_function(scope), config=charts.CONFIG, alt="各功能的覆盖率")
with right:
    st.markdown("**按钟点**（那时开着门的阵地，720 米）")
    st.plotly_chart(circles_coverage.by_hour(scope), config=charts.CONFIG, alt="各钟点的覆盖率")
left, right = st.columns(2, gap="medium")
with left:
    st.markdown("**按层级**（720 米）")
    st.plotly_chart(circles_coverage.by_level(scope), config=charts.CONFIG, alt="各层级的覆盖率")
with right:
    st.markdown("**按年龄**（各按自己的步速，十分钟）")
    st.plotly_chart(circles_coverage.by_age(scope), config=charts.CONFIG, alt="各年龄的覆盖率")
with st.expander("功能 × 层级 × 钟点 × 年龄", key="cross_open", on_change="rerun") as crossed:
    if crossed.open:
        circles_coverage.cross(scope)

st.subheader("哪里好，哪里差，走势如何", anchor=False)
metric = circles_coverage.metric("circle_coverage")
figure = figures[metric.id]
left, right = st.columns([2, 3], gap="medium")
with left:
    st.markdown(f"**{finding.by_place(figure, data.places(scope, metric.id))}**")
    st.plotly_chart(
        pictures.ranking(scope, metric.id),
        key="coverage_ranking",
        on_select=lambda: filters.pick("coverage_ranking"),
        selection_mode="points",
        config=charts.CONFIG,
        alt=f"{metric.name}：排名",
    )
with right:
    st.markdown(f"**{opened.moved(figure)}**")
    st.plotly_chart(
        pictures.trend(scope, metric.id), config=charts.CONFIG, alt=f"{metric.name}：逐月变化"
    )
    if len(metric.variants) > 1:
        st.markdown("**换一种算法会怎样**")
        st.plotly_chart(
            pictures.sensitivity(scope, metric.id),
            config=charts.CONFIG,
            alt=f"{metric.name}：各种算法的结果",
        )

st.subheader("各地一览", anchor=False)
table = circles_coverage.places(scope)
st.dataframe(
    table,
    hide_index=True,
    column_config=circles_coverage.place_columns(table),
    alt="各地的覆盖率",
)
downloads.offer(table, "各地的覆盖率", scope, key="coverage", label="下载一览")

st.subheader(f"漏下了谁：{metric.name}", anchor=False)
opened.formula(figure, scope)
circles_coverage.left_out(scope, metric)
meeting.offer(metric.id, figures=TILES)
head.foot(scope, TILES)
