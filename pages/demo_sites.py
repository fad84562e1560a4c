"""四创示范: the demonstration sites, the checklist item by item, gaps, and whether sites differ."""

import streamlit as st

from chunshui.renewal import wording
from chunshui.ui.data import claims, figures
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import CLAIMS
from chunshui.ui.topics.sites import charts, controls, data, tables
from chunshui.ui.widgets import drill, lists, notes, pictures, tiles
from chunshui.ui.widgets.tables import headed

TILES = (
    "demo_sites",
    "demo_site_share",
    "full_items_rate",
    "full_communities_rate",
    "full_checked_rate",
)

scope = filters.current()
sites, items = data.sites(scope), data.items(scope)
head.finding(wording.sites_sentence(sites, items, scope.words))
tiles.grid(figures(scope, TILES).values(), scope)

listed, gaps = st.columns([3, 2], gap="medium")
with listed:
    st.markdown(f"**示范点与它还缺的**：{tables.counted(sites)}；点一行看它的清单")
    table, opens = tables.sites(scope), controls.open_checklist
    lists.show(table, "示范点", scope, "sites", 380, opens, sites)
with gaps:
    st.markdown(f"**最缺的条目**：点一条看哪些社区{charts.more_gaps(items)}")
    if not items["lacking"].any():
        notices.empty("本范围没有未达标的条目，或还没有核查记录。")
    elif item := pictures.pick(charts.gaps(items), "未达标社区最多的条目", "gaps"):
        controls.open_item(scope, items.set_index("item_id").loc[item])

PARTS = ["四个维度", "一个社区的清单", "逐条短板", "示范与其他", "公约与议事"]
four, checklist, every, compared, agreed = st.tabs(
    PARTS, key="sites_part", bind="query-params", on_change="rerun"
)
if four.open:
    with four:
        st.caption(
            "每格为达标／适用条目数；“365工作体系”“四治联动”未见公开解释，只作标签，不设条目。"
            "点一行看该社区的清单。"
        )
        table, communities = tables.dimensions(scope), data.dimensions(scope)
        lists.show(table, "四个维度", scope, "dimensions", 460, opens, communities)
if checklist.open:
    with checklist:
        if community := controls.choose_community(scope, data.dimensions(scope)):
            table = tables.checklist(data.checklist(scope, community))
            lists.show(table, "四创清单", scope, "checklist", 560)
if every.open:
    with every:
        st.caption("点一行看哪些社区未达标。标准的可信程度写在每一条后面，可在字典台账里改。")
        row = lists.pick_row(headed(items, tables.ITEMS), "逐条短板", "items", 460)
        if row is not None:
            controls.open_item(scope, items.iloc[row])
if compared.open:
    with compared:
        metrics = data.comparison(scope)
        if not metrics:
            notices.empty("本范围示范社区或其他社区不足两个，不能比较。", "请看全区。")
        else:
            said = wording.compared_sentence(metrics)
            st.markdown(f"**{said}**")
            if picked := pictures.pick(charts.compared(metrics), "示范与其他社区", "versus"):
                drill.number(picked)
            table = tables.compared(metrics)
            lists.show(table, "示范与其他社区", scope, "compared", finding=said)
            st.caption(wording.CAUTION)
if agreed.open:
    with agreed:
        controls.draw_agreements(scope)

notes.cases(scope, "sites_cases")
notes.claims(claims(scope, "demo_sites"), scope)
offer("full_items_rate", figures=TILES, more=(CLAIMS,))
head.foot(scope, TILES)
