"""使用手册: one short illustrated page for each role, from `docs/手册`."""

import re

import streamlit as st

from chunshui import paths
from chunshui.ui.shell import filters, head
from chunshui.ui.widgets import pick

FOLDER = paths.ROOT / "docs" / "手册"
ROLES = ("领导", "分析", "会议", "台账", "管理", "新区")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")

scope = filters.current()
role = pick.one_of("我是", ROLES, ROLES[0], "role")
# What stands between pictures, and of each picture its words and its file.
title, _, body = (FOLDER / f"{role}.md").read_text("utf-8").partition("\n")
text, *pictures = PICTURE.split(body)
head.finding(title.removeprefix("# "))
st.markdown(text)
for words, file, after in zip(pictures[::3], pictures[1::3], pictures[2::3], strict=True):
    with st.container(width=900):
        # Otherwise made a JPEG of in every run.
        st.image(FOLDER / file, caption=words, alt=words, width="stretch", output_format="PNG")
    st.markdown(after)
head.foot(scope)
