"""网格力量: who fills the posts of the grids, where they are vacant how long, who is in no one's reach."""

import streamlit as st

from chunshui.ui.data import claims, figures
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.grids import controls, data, finding, tables
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import CLAIMS
from chunshui.ui.widgets import lists, notes, pick, tiles

scope = filters.current()
grids, vacancies = data.grids(scope), data.vacancies(scope)
head.finding(controls.finding_sentence(scope))
tiles.grid(figures(scope, controls.TILES).values(), scope)

where, posts = st.columns(2, gap="medium")
with where:
    controls.draw_map(scope, grids)
with posts:
    st.markdown("**各岗位到岗**：按岗、按户数、按本年天数；点一行看空缺名单")
    controls.draw_roles(scope)
    controls.draw_buttons(scope, controls.LEADERS)

PARTS = ["空缺岗位", "缺骨干的网格", "户数不合规", "骨干与户数", "各地一览", "全部网格"]
vacant, lacking, sizes, core, places, every = st.tabs(
    PARTS, key="grids_part", bind="query-params", on_change="rerun"
)
if vacant.open:
    with vacant:
        said = finding.of_vacancies(vacancies)
        controls.draw_summary(said, vacancies)
        table, opens = tables.vacancies(vacancies), controls.open_grid
        lists.show(table, "空缺岗位", scope, "vacancies", 420, opens, vacancies, finding=said)
if lacking.open:
    with lacking:
        controls.draw_lacking(scope, grids)
if sizes.open:
    with sizes:
        said = finding.of_sizes(grids)
        outside = controls.outside(grids)
        controls.draw_summary(said, outside)
        table, opens = tables.sizes(outside), controls.open_grid
        lists.show(table, "户数不合规的网格", scope, "sizes", 420, opens, outside, finding=said)
if core.open:
    with core:
        controls.draw_buttons(scope, controls.CORE)
        published, ranked = st.columns(2, gap="medium")
        with published:
            notes.claims(claims(scope, *controls.CORE), scope)
            st.caption(finding.COUNTED)
        with ranked:
            pick.ranking(scope, controls.CORE_PLACES, "core_ranked")
if places.open:
    with places:
        lists.show(tables.side_by_side(scope), "各地网格力量", scope, "grid_places")
        pick.ranking(scope, controls.PLACES, "grids_ranked")
if every.open:
    with every:
        lists.show(tables.grids(grids), "网格", scope, "grids", 460, controls.open_grid, grids)

offer("grid_posts_filled", figures=controls.TILES, more=(CLAIMS,))
head.foot(scope, controls.TILES)
