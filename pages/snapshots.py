"""会议快照: choose sections, hand out, freeze, download, show; what became of it; the archive."""

import streamlit as st

from chunshui.ui.shell import curtain, filters, head
from chunshui.ui.topics.meeting import controls, data, handing, making, shelf, stage

scope = filters.current()
if curtain.is_meeting() and stage.draw(scope):
    st.stop()
top = st.container()
lines, damaged = data.listing()
fresh = making.draw(scope, lines)
if fresh:
    lines, damaged = data.listing()
with top:
    head.finding(controls.finding(lines))
handing.draw_standings(scope, lines)
st.subheader("档案", anchor=False)
shelf.draw_archive(lines, damaged, scope, fresh)
head.foot(scope)
