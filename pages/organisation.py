"""组织体系: the five levels from the district to the centre household, and where their linkage breaks."""

import streamlit as st

from chunshui.ui.data import claims, figures
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import CLAIMS
from chunshui.ui.topics.organisation import controls
from chunshui.ui.widgets import notes, tiles
from chunshui.ui.widgets.tabs import in_tabs

scope = filters.current()
head.finding(controls.finding_sentence(scope))
tiles.grid(figures(scope, controls.TILES).values(), scope)

levels, hanging = st.columns([3, 2], gap="medium")
with levels:
    st.markdown("**五级组织**：实有与断链的数点开到名单")
    controls.draw_ladder(scope)
with hanging:
    controls.draw_icicle(scope)
st.markdown("**逐级往下看**：点一个名字进去，点上面的名字回来")
controls.draw_tree(scope)
controls.draw_branch(scope)

parts = dict(controls.PARTS)
if published := claims(scope, *controls.PUBLISHED):
    parts["公开数据"] = lambda scope: notes.claims(published, scope)
in_tabs(parts, scope, key="organisation_part")

offer("linkage_reach_rate", figures=controls.TILES, more=(CLAIMS,))
head.foot(scope, controls.TILES)
