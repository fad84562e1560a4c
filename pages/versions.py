"""版本: which version is in use, what it is made of, what differs between two, going back."""

import streamlit as st

from chunshui.ui import data
from chunshui.ui.shell import filters, head, notices, permit
from chunshui.ui.topics import accounts
from chunshui.ui.topics import versions as keeping
from chunshui.ui.widgets import changes, downloads, tables

scope = filters.current()
manifest = data.manifest(scope.edition)
head.finding(keeping.finding(manifest))

st.subheader("发布与回退记录", anchor=False)
tables.draw(keeping.history(), "发布与回退记录，最近的在前")
if gaps := keeping.skipped():
    st.caption(gaps)

about, sources = st.tabs([f"{scope.version}的说明", "由哪些台账建成"])
about.table(keeping.about(manifest), border="horizontal")
with sources:
    tables.draw(keeping.sources(scope.edition), "本版本的台账来源")

st.subheader("比较两个版本", anchor=False)
store = permit.store()
names = [one.version for one in reversed(store.versions())]
if len(names) < 2:
    notices.empty("只有一个版本，没有可比的。", "再发布一次台账后，这里列出逐行逐格的变化。")
else:
    older, newer = st.columns(2)
    a = older.selectbox("从", names, index=1, key="from", bind="query-params")
    b = newer.selectbox("到", names, index=0, key="to", bind="query-params")
    found = data.comparison(store.edition(a), store.edition(b))
    if structure := changes.structure(found):
        st.caption(structure)
    metrics, rows, cells = st.tabs(
        [f"{scope.month}的指标", "各台账行数", f"逐行逐格（{len(found.changes):,}）"]
    )
    with metrics:
        tables.show(
            changes.figures(found, scope.month), "两个版本的全区指标没有差别。", "不同的指标"
        )
    with rows:
        tables.show(changes.ledgers(found), "两个版本的台账没有差别。", "不同的台账")
    with cells:
        every = changes.cells(found)
        tables.show(every, "两个版本的台账没有差别。", "不同的行和格")
        downloads.offer(every, f"版本比较_{a}_{b}", scope, key="changes", label="下载全部变化")

keeping.draw_undo(scope.version)
accounts.draw()
head.foot(scope)
