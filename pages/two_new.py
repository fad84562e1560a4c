"""两新党建: who has a party organisation, by industry, cluster, place and kind; who has none and how long."""

import streamlit as st

from chunshui.ui.data import claims, figures
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import CLAIMS
from chunshui.ui.topics.two_new import controls, data
from chunshui.ui.widgets import notes, tiles
from chunshui.ui.widgets.tabs import in_tabs

scope = filters.current()
head.finding(controls.finding_sentence(scope))
tiles.grid(figures(scope, controls.TILES).values(), scope)

groups, where = st.columns([11, 9], gap="medium")
with groups:
    controls.draw_groups(scope)
    notes.claims(claims(scope, "industry_committees", "two_new_coverage"), scope)
with where:
    controls.draw_place(scope)

in_tabs(controls.PARTS, scope, key="two_new_part")

offer(data.COVERAGE, figures=controls.TILES, more=(CLAIMS,))
head.foot(scope, controls.TILES)
