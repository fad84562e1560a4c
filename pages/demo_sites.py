"""四创示范: the demonstration sites, the checklist item by item, gaps, and whether sites differ."""

import streamlit as st

from chunshui.renewal import sayings
from chunshui.ui import data
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics import meeting
from chunshui.ui.topics.renewal import data as renewal
from chunshui.ui.topics.renewal import parts, tables
from chunshui.ui.topics.renewal import pictures as drawn
from chunshui.ui.widgets import drill as opened
from chunshui.ui.widgets import tiles

TILES = ("demo_sites", "demo_site_share", "full_items_rate", "full_communities_rate")
TILES += ("full_checked_rate",)

scope = filters.current()
sites, items = renewal.sites(scope), renewal.items(scope)
head.finding(sayings.sites(sites, items, scope.words))
with st.grid(5, min_column_width=156, gap="small"):
    for figure in data.some(scope, TILES).values():
        tiles.tile(figure, scope)

listed, gaps = st.columns([3, 2], gap="medium")
with listed:
    st.markdown("**示范点与它还缺的**：缺得多的在前，已摘牌的在最后；点一行看它的清单")
    table = parts.table(scope, "sites")
    opens = parts.opener(parts.open_checklist, scope, sites)
    parts.rows(table, "示范点", scope, "sites", 380, opens)
with gaps:
    st.markdown("**最缺的条目**：点一条看哪些社区")
    if not items["lacking"].any():
        notices.empty("本范围没有未达标的条目，或还没有核查记录。", "可在左侧换一个街道或月份。")
    elif item := parts.clickable(drawn.gaps(items), "未达标社区最多的条目", "gaps"):
        parts.open_item(scope, items.set_index("item_id").loc[item])

PARTS = ["四个维度", "一个社区的清单", "逐条短板", "示范与其他"]
four, checklist, every, compared = st.tabs(
    PARTS, key="sites_part", bind="query-params", on_change="rerun"
)
if four.open:
    with four:
        st.caption(
            "每格为达标／适用条目数；“365工作体系”“四治联动”未见公开解释，只作标签，不设条目。"
            "点一行看该社区的清单。"
        )
        table = parts.table(scope, "dimensions")
        opens = parts.opener(parts.open_checklist, scope, renewal.dimensions(scope))
        parts.rows(table, "四个维度", scope, "dimensions", 460, opens)
if checklist.open:
    with checklist:
        community = parts.choose_community(scope, renewal.dimensions(scope))
        if community:
            found = tables.checklist(renewal.checklist(scope, community))
            parts.rows(found, "四创清单", scope, "checklist", height=560)
if every.open:
    with every:
        st.caption("点一行看哪些社区未达标。标准的可信程度写在每一条后面，可在字典台账里改。")
        if picked := parts.pickable(tables.items(items), "逐条短板", "items", height=460):
            parts.open_item(scope, items.iloc[picked[0]])
if compared.open:
    with compared:
        found = renewal.comparison(scope)
        if not found:
            notices.empty("本范围示范社区或其他社区不足两个，不能比较。", "请看全区。")
        else:
            st.markdown(f"**{sayings.compared(found)}**")
            if picked := parts.clickable(drawn.compared(found), "示范与其他社区", "versus"):
                opened.number(picked, scope)
            parts.rows(tables.compared(found), "示范与其他社区", scope, "compared")
            st.caption(sayings.CAUTION)

parts.claims(scope, ("C08",))
meeting.offer("full_items_rate", figures=TILES, more=(meeting.CLAIMS,))
head.foot(scope, TILES)
