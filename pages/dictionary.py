"""指标口径: find a metric; what it means, where it stands, who is counted, how else to count."""

import streamlit as st

from chunshui.catalogue.wording import trend_sentence
from chunshui.ui import charts, data
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics import dictionary
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.widgets import drill, pick, pictures, tables

scope = filters.current()
figures = data.every_figure(scope)
head.finding(dictionary.finding(figures))
search, group = st.columns([2, 3], vertical_alignment="bottom")
found = dictionary.search(search, group, figures)

if found:
    tables.draw(
        dictionary.table(scope, tuple(one.metric.id for one in found)),
        "指标一览：名称、本期数值、目标、状态",
        key="dictionary",
        on_select=lambda: dictionary.take("dictionary", found),
        selection_mode="single-row",
        height=250,
    )
else:
    notices.empty("没有指标含有这几个字。", "请换个说法，或清空搜索框看全部指标。")

st.divider()
name, which = st.columns([3, 2], gap="medium", vertical_alignment="bottom")
metric = pick.metric(which, default=data.FIRST_METRIC, key="metric")
figure = figures[metric.id]
name.subheader(metric.name, anchor=False)
drill.formula(figure, scope)

trend, places = st.columns([3, 2], gap="medium")
with trend:
    head.draw_picture_title(trend, trend_sentence(figure, 12))
    st.plotly_chart(
        pictures.trend(scope, metric.id), config=charts.CONFIG, alt=f"{metric.name}：逐月变化"
    )
    if len(metric.variants) > 1:
        head.draw_picture_title(trend, "换一种算法会怎样")
        st.plotly_chart(
            pictures.sensitivity(scope, metric.id),
            config=charts.CONFIG,
            alt=f"{metric.name}：各种算法的结果",
        )
with places:
    head.draw_picture_title(places, pictures.ranking_title(scope, metric))
    drill.saturated(scope, metric)
    pictures.show_ranking(st.container(), scope, metric)

drill.evidence(figure, scope, key="dictionary")
offer(metric.id)
head.foot(scope)
