"""十分钟圈: who can walk to what, when; what would change it; where next; what could merge."""

import streamlit as st

from chunshui.ui.map import district as maps
from chunshui.ui.shell import filters, head
from chunshui.ui.topics import meeting
from chunshui.ui.topics.circles import controls
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles import parts as circles_parts
from chunshui.ui.topics.circles import what_if as circles_what_if
from chunshui.ui.topics.circles import where as circles_where

METRICS = ("circle_coverage", "circle_left_out", "circle_canteen", "circle_evening")

scope = filters.current()
found = circles_data.circles_or_stop(scope)
sentence = st.container()
view = controls.view()
asked = controls.question(scope)
sentence.markdown(f"#### {circles_parts.finding(scope, asked)}")

if view == "假如":
    circles_what_if.draw(scope, found, asked)
elif view == "下一处":
    circles_where.next_sites(scope, found, asked)
elif view == "合并":
    circles_where.merge_test(scope, found, asked)
elif not circles_parts.explained(found, asked):
    left, right = st.columns([3, 2], gap="medium")
    with right:
        station, building = circles_parts.choices(scope, found)
        circles_parts.beside(scope, found, asked, station, building)
    with left:
        st.plotly_chart(
            circles_parts.picture(scope, asked, station, building),
            key="circle_map",
            on_select=lambda: controls.pick("circle_map"),
            selection_mode="points",
            config=maps.CONFIG,
            alt="步行到最近阵地的远近",
        )
        circles_parts.in_words(scope, found, asked)

meeting.offer("circle_coverage", figures=METRICS)
head.foot(scope, METRICS)
