"""社区基金: what came in, what was spent on whom and what for, what was delivered, who got nothing."""

import streamlit as st

from chunshui.renewal import sayings
from chunshui.ui import charts, data, filters, head, meeting, tiles
from chunshui.ui import renewal_data as renewal
from chunshui.ui import renewal_parts as parts
from chunshui.ui import renewal_pictures as drawn
from chunshui.ui import renewal_tables as tables

TILES = ("fund_spent", "fund_income", "fund_balance", "fund_per_resident")
TILES += ("fund_community_rate", "fund_delivery_rate")

scope = filters.current()
communities = renewal.fund_communities(scope)
head.finding(sayings.fund(data.figures(scope), communities, scope.words))
with st.grid(6, min_column_width=156, gap="small"):
    for metric_id in TILES:
        tiles.tile(data.figure(scope, metric_id), scope)

flows, split = st.columns([1, 1], gap="medium")
with flows:
    st.markdown("**逐月收支与结余（全区）**：收入多为全区统筹，不分到街道")
    picture = drawn.flows(renewal.fund_months(scope))
    st.plotly_chart(picture, config=charts.CONFIG, alt="社区基金逐月收支")
with split:
    st.markdown("**花在哪里**：主题 × 五社要素，累计支出（元）；点一格看每笔")
    table = tables.split(renewal.fund_split(scope))
    if picked := parts.pickable(table, "主题与五社要素", "fund_split", cells=True):
        parts.open_spent(scope, table["主题"].iloc[picked[0]], picked[1])
    parts.claims(scope, ("C13",))

st.subheader("谁得到了、谁没有", anchor=False)
st.caption("从未得到支持的社区排在最前，其余按人均由少到多。")
parts.rows(tables.fund_communities(communities), "各社区基金", scope, "fund_places", height=300)

st.subheader("项目与交付", anchor=False)
st.caption("逾期未交付的排在最前。")
projects = tables.fund_projects(renewal.fund_projects(scope))
parts.rows(projects, "社区基金项目", scope, "fund_projects", height=420)

meeting.offer("fund_per_resident", figures=TILES, more=(meeting.CLAIMS,))
head.foot(scope, TILES)
