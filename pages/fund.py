"""社区基金: what came in, what was spent on whom and what for, what was delivered, who got nothing."""

import streamlit as st

from chunshui.renewal import wording
from chunshui.ui.data import claims, figures
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.fund import charts, controls, data, tables
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import CLAIMS
from chunshui.ui.widgets import lists, notes, pictures, tiles

TILES = (
    "fund_spent",
    "fund_income",
    "fund_balance",
    "fund_per_resident",
    "fund_community_rate",
    "fund_delivery_rate",
)

scope = filters.current()
communities = data.communities(scope)
by_id = figures(scope, TILES)
head.finding(wording.fund_sentence(by_id, communities, scope.words))
tiles.grid(by_id.values(), scope)

flows, split = st.columns([2, 3], gap="medium")
with flows:
    st.markdown("**逐月收支与结余（全区）**：点一个月看每笔")
    if month := pictures.pick(charts.flows(scope.district()), "社区基金逐月收支", "flows"):
        controls.open_month(scope, month)
with split:
    st.markdown("**花在哪里**：主题 × 五社要素，累计支出（元）；点一格看每笔")
    table = tables.split(data.split(scope))
    if cell := lists.pick_cell(table, "主题与五社要素", "fund_split"):
        controls.open_spent(scope, table["主题"].iloc[cell[0]], cell[1])
    notes.claims(claims(scope, "fund_spent"), scope)

received, delivered, carriers = st.tabs(
    ["谁得到了、谁没有", "项目与交付", "时间银行与积分超市"],
    key="fund_part",
    bind="query-params",
    on_change="rerun",
)
if received.open:
    with received:
        st.caption("从未得到支持的社区排在最前，其余按人均由少到多；点一行看每笔。")
        table = tables.communities(scope)
        lists.show(
            table, "各社区基金", scope, "fund_places", 420, controls.open_received, communities
        )
if delivered.open:
    with delivered:
        st.caption("到期未交付的排在最前；点一行看它的支出。")
        table, projects = tables.projects(scope), data.projects(scope)
        lists.show(
            table, "社区基金项目", scope, "fund_projects", 420, controls.open_project, projects
        )
if carriers.open:
    with carriers:
        controls.draw_carriers(scope)

offer("fund_per_resident", figures=TILES, more=(CLAIMS,))
head.foot(scope, TILES)
