"""两新党建: who has a party organisation, by industry, cluster, place and kind; who has none and how long."""

import streamlit as st

from chunshui.ui.data import claims, figures
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import CLAIMS
from chunshui.ui.topics.two_new import controls, data, tables
from chunshui.ui.widgets import lists, notes, tiles
from chunshui.ui.widgets.tables import headed

scope = filters.current()
head.finding(controls.finding_sentence(scope))
tiles.grid(figures(scope, controls.TILES).values(), scope)

groups, where = st.columns([11, 9], gap="medium")
with groups:
    controls.draw_groups(scope)
    notes.claims(claims(scope, "industry_committees", "two_new_coverage"), scope)
with where:
    controls.draw_place(scope)

gap, moves, table, every = st.tabs(
    ["应建未建", "开办与注销", "分组一览", "全部两新组织"],
    key="two_new_part",
    bind="query-params",
    on_change="rerun",
)
if gap.open:
    with gap:
        controls.draw_gap(scope)
if moves.open:
    with moves:
        controls.draw_moves(scope)
if table.open:
    with table:
        controls.draw_table(scope)
if every.open:
    with every:
        lists.show(headed(data.orgs(scope), tables.ORGS), "两新组织", scope, "two_new_orgs", 460)

offer(data.COVERAGE, figures=controls.TILES, more=(CLAIMS,))
head.foot(scope, controls.TILES)
