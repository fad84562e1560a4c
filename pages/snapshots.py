"""会议快照: choose sections, hand out, freeze, download, show; what became of it; the archive."""

import streamlit as st

from chunshui.snapshots import archive
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting import controls, handing, making, shelf, stage

scope = filters.current()
if stage.asked() and stage.draw(scope):
    st.stop()
top = st.container()
lines, damaged = archive.listing()
fresh = making.draw(scope, lines)
if fresh:
    lines, damaged = archive.listing()
with top:
    head.finding(controls.finding(lines))
handing.draw_standings(scope, lines)
st.subheader("档案", anchor=False)
shelf.draw_archive(lines, damaged, scope, fresh)
head.foot(scope)
