"""暖新融入: stations for riders by the hour, windows in canteens, meals owed, posts filled, needs as counts."""

import streamlit as st

from chunshui.ui.data import figures
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.riders import controls, data
from chunshui.ui.widgets import tiles

scope = filters.current()
head.finding(controls.finding_sentence(scope))
tiles.grid(figures(scope, controls.TILES).values(), scope)

which, weekday, hour = controls.choose()
week, where = st.columns(2, gap="medium")
with week:
    controls.draw_week(scope, which, weekday, hour)
with where:
    controls.draw_map(scope, which, weekday, hour)

PARTS = ["送餐与平价餐", "小哥窗口", "五类岗位", "需求调查"]
meals, windows, posts, needs = st.tabs(
    PARTS, key="riders_part", bind="query-params", on_change="rerun"
)
if meals.open:
    with meals:
        controls.draw_meals(scope)
if windows.open:
    with windows:
        controls.draw_windows(scope)
if posts.open:
    with posts:
        controls.draw_posts(scope)
if needs.open:
    with needs:
        controls.draw_needs(scope)

offer(data.WALK, figures=controls.TILES)
head.foot(scope, controls.TILES)
