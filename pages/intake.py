"""台账入库: upload, see what was understood and what is wrong, preview the effect, publish, undo."""

import streamlit as st

from chunshui.ui.shell import filters, head, navigation
from chunshui.ui.topics.intake import controls, data
from chunshui.ui.topics.intake.finding import finding

scope = filters.current()
draft = data.current()
head.finding(finding(draft, scope.edition))

if data.just_published(scope.version):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(f"{scope.version}已发布，所有人看到的都是它。", icon=":material/check_circle:")
        st.page_link(
            navigation.PAGES["versions"].path,
            label="发布错了？去版本页回退",
            icon=":material/undo:",
        )

left, right = st.columns([3, 2], gap="medium")
with left:
    controls.draw_upload(scope.version, draft)
with right:
    controls.draw_templates()
    controls.draw_held(scope.edition)

if draft is not None:
    controls.draw_understood(draft)
    controls.draw_problems(draft)
    controls.draw_publishing(scope.edition, draft)

head.foot(scope)
