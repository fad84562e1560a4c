"""十分钟圈: who can walk to what, when; what would change it; where next; what could merge."""

import streamlit as st

from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics.circles import (
    controls,
    data,
    finding,
    left_out,
    scenario,
    siting,
    tables,
)
from chunshui.ui.topics.circles.map import circle_map
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.widgets import pictures

METRICS = ("circle_coverage", "circle_left_out", "circle_canteen", "circle_evening")

scope = filters.current()
data.stop_without_circles(scope)
sentence = st.container()
view = controls.view()
question = controls.question(scope)
answer = data.answer(scope.edition, question)
if view not in ("假如", "合并"):  # which say what they do and what it costs
    with sentence:
        head.finding(finding.of_circles(scope, question, data.coverage(scope, question)))

if view == "假如":
    scenario.draw(scope, answer, sentence)
elif view == "下一处":
    siting.draw_next_sites(scope, answer)
elif view == "合并":
    siting.draw_mergers(scope, answer, sentence)
elif reason := finding.without_stations(answer):
    notices.empty(*reason)
else:
    left, right = st.columns([3, 2], gap="medium")
    with right:
        station, building = controls.station_and_building(scope, answer)
        tables.draw_beside_map(scope, answer, station, building)
    with left:
        picture = circle_map(scope, answer, station, building)
        pictures.show_map(picture, "步行到最近阵地的远近", "circle_map", controls.pick)
        st.caption(finding.of_map(answer))
        for warning, icon in finding.unmeasured(scope, answer):
            st.warning(warning, icon=icon)

if said := finding.of_one_street(scope):
    st.caption(said)
left_out.draw_opened(scope, answer)
offer("circle_coverage", figures=METRICS)
head.foot(scope, METRICS)
