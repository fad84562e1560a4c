"""暖新融入: stations for riders by the hour, windows in canteens, meals owed, posts filled, needs as counts."""

import streamlit as st

from chunshui.ui.data import figures
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.riders import controls, data
from chunshui.ui.widgets import tiles
from chunshui.ui.widgets.tabs import in_tabs

scope = filters.current()
head.finding(controls.finding_sentence(scope))
tiles.grid(figures(scope, controls.TILES).values(), scope)

which, weekday, hour = controls.choose()
week, where = st.columns(2, gap="medium")
with week:
    controls.draw_week(scope, which, weekday, hour)
with where:
    controls.draw_map(scope, which, weekday, hour)

in_tabs(controls.PARTS, scope, key="riders_part")

offer(data.WALK, figures=controls.TILES)
head.foot(scope, controls.TILES)
