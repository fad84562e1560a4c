"""组织体系: the five levels from the district to the centre household, and where their linkage breaks."""

import streamlit as st

from chunshui.ui.data import claims, figures
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import CLAIMS
from chunshui.ui.topics.organisation import controls
from chunshui.ui.widgets import notes, pick, tiles

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

PARTS = [
    controls.LIST,
    "没有中心户",
    "成员单位",
    "品牌",
    "行动",
    "训练营与活动",
    "各地排名",
]
published = claims(scope, *controls.PUBLISHED)
broken, bare, units, brands, actions, held, places, *rest = st.tabs(
    [*PARTS, "公开数据"] if published else PARTS,
    key="organisation_part",
    bind="query-params",
    on_change="rerun",
)
if broken.open:
    with broken:
        controls.draw_breaks(scope)
if bare.open:
    with bare:
        controls.draw_bare(scope)
if units.open:
    with units:
        controls.draw_members(scope)
if brands.open:
    with brands:
        controls.draw_brands(scope)
if actions.open:
    with actions:
        controls.draw_actions(scope)
if held.open:
    with held:
        controls.draw_held(scope)
if places.open:
    with places:
        pick.ranking(scope, controls.PLACES, "organisation_ranked")
for tab in rest:
    if tab.open:
        with tab:
            notes.claims(published, scope)

offer("linkage_reach_rate", figures=controls.TILES, more=(CLAIMS,))
head.foot(scope, controls.TILES)
