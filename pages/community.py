"""社区一页: all that is known of one community, on one sheet: before a visit, or to print."""

import streamlit as st

from chunshui.community.sheet import BESIDE
from chunshui.ui.data import district
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics.community import controls, data
from chunshui.ui.topics.meeting.controls import offer

scope = filters.current()
if scope.community:
    sheet = data.sheet_of(scope)
    head.finding(sheet.finding)
    with st.container(key="one_sheet"):
        if sheet.standing:
            notices.empty("以下是台账里留下的记录。", "可换一个月份看。")
        facts, around = st.columns([3, 2], gap="medium")
        with facts:
            controls.draw_parts(scope, sheet)
        with around:
            controls.draw_attention(scope, sheet)
            controls.draw_reach(scope)
        controls.draw_beside(scope, sheet)
    controls.draw_rows(scope, sheet)
else:
    land = district(scope.edition)
    homes = [c for c in land.communities if not scope.streets or c.street_code in scope.streets]
    head.finding(f"{len(homes)}{controls.CHOOSE}")
    controls.draw_choice(scope)

offer("circle_coverage", figures=BESIDE)
head.foot(scope, BESIDE if scope.community else ())
