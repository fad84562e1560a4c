"""社区基金: what came in, what was spent on whom and what for, what was delivered, who got nothing."""

import streamlit as st

from chunshui.renewal import sayings
from chunshui.ui import data
from chunshui.ui.shell import filters, head
from chunshui.ui.topics import meeting
from chunshui.ui.topics.renewal import data as renewal
from chunshui.ui.topics.renewal import parts, tables
from chunshui.ui.topics.renewal import pictures as drawn
from chunshui.ui.widgets import tiles

TILES = ("fund_spent", "fund_income", "fund_balance", "fund_per_resident")
TILES += ("fund_community_rate", "fund_delivery_rate")

scope = filters.current()
communities = renewal.fund_communities(scope)
figures = data.some(scope, TILES)
head.finding(sayings.fund(figures, communities, scope.words))
with st.grid(6, min_column_width=156, gap="small"):
    for figure in figures.values():
        tiles.tile(figure, scope)

flows, split = st.columns([2, 3], gap="medium")
with flows:
    st.markdown("**逐月收支与结余（全区）**：点一个月看每笔")
    if month := parts.clickable(drawn.flows(scope), "社区基金逐月收支", "flows"):
        parts.open_flow(scope, month)
with split:
    st.markdown("**花在哪里**：主题 × 五社要素，累计支出（元）；点一格看每笔")
    table = tables.split(renewal.fund_split(scope))
    if picked := parts.pickable(table, "主题与五社要素", "fund_split", cells=True):
        parts.open_spent(scope, table["主题"].iloc[picked[0]], picked[1])
    parts.claims(scope, ("C13",))

received, delivered = st.tabs(
    ["谁得到了、谁没有", "项目与交付"], key="fund_part", bind="query-params", on_change="rerun"
)
if received.open:
    with received:
        st.caption("从未得到支持的社区排在最前，其余按人均由少到多；点一行看每笔。")
        table = parts.table(scope, "fund_communities")
        opens = parts.opener(parts.open_received, scope, communities)
        parts.rows(table, "各社区基金", scope, "fund_places", 420, opens)
if delivered.open:
    with delivered:
        st.caption("逾期未交付的排在最前；点一行看它的支出。")
        table = parts.table(scope, "fund_projects")
        opens = parts.opener(parts.open_fund_project, scope, renewal.fund_projects(scope))
        parts.rows(table, "社区基金项目", scope, "fund_projects", 420, opens)

meeting.offer("fund_per_resident", figures=TILES, more=(meeting.CLAIMS,))
head.foot(scope, TILES)
