"""台账入库: upload, see what was understood and what is wrong, preview the effect, publish, undo."""

import streamlit as st

from chunshui.ui.shell import filters, head, navigation
from chunshui.ui.topics.intake import draft as intake
from chunshui.ui.topics.intake import parts as intake_parts

scope = filters.current()
found = intake.draft()
head.finding(intake.finding(found, scope.edition))

if intake.just_published(scope.version):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(f"{scope.version} 已发布，所有人看到的都是它。", icon=":material/check_circle:")
        st.page_link(
            navigation.PAGES["versions"].path,
            label="发布错了？去版本页回退",
            icon=":material/undo:",
        )

left, right = st.columns([3, 2], gap="medium")
with left:
    intake_parts.upload(scope.version, found)
with right:
    intake_parts.templates()

if found is not None:
    intake_parts.understood(found)
    intake_parts.problems(found)
    intake_parts.publishing(scope.edition, found)

head.foot(scope)
