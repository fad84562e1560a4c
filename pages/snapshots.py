"""会议快照: choose sections, hand out, freeze, download, show; the archive; what became of it."""

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
st.subheader("档案", anchor=False)  # next to the button that freezes: there are the downloads
shelf.draw_archive(lines, damaged, scope, fresh)
handing.draw_standings(scope, lines)
head.foot(scope)
