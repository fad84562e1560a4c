"""会议快照: choose sections, freeze, download; the archive lists, reopens, compares, re-exports."""

import streamlit as st

from chunshui.snapshots import archive
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics.meeting import controls, data, tables

scope = filters.current()
top = st.container()
lines, faults = archive.listing()

st.subheader("做一份材料", anchor=False)
template, sections, figures = controls.choose()
titles, units, dates, makers = st.columns([3, 2, 1.4, 1.2], gap="small")
heading = {
    "title": titles.text_input("标题", max_chars=300, placeholder="留空则按模板命名"),
    "unit": units.text_input("单位", max_chars=60, persist_state="session", key="issuing_unit"),
    "meeting_date": dates.text_input("会议日期", max_chars=20, placeholder="2026年11月2日"),
}
by = makers.text_input("经办", max_chars=20, persist_state="session", key="maker")
fresh = None
if not sections:
    notices.empty("还没有选部分。", "点一个模板，或在上面逐项选择。")
else:
    wording = controls.edit_wording(sections)
    st.caption(
        f"将按上方的范围（{scope.words}）和月份（{scope.month}）冻结，数据版本{scope.version}。"
    )
    if st.button("冻结并生成", type="primary", icon=":material/ac_unit:"):
        selection = data.selection(scope, template, figures, wording, **heading)
        fresh = controls.freeze_and_store(scope, selection, by.strip())
        lines, faults = archive.listing()
with top:
    head.finding(controls.finding(lines))

st.subheader("档案", anchor=False)
for fault in faults:
    st.warning(fault, icon=":material/warning:")
if not lines:
    notices.empty("档案里还没有快照。", "冻结一份后列在这里，可随时重新打开、比较和生成。")
else:
    names = {one.id: f"{one.id}　{one.title}（{one.frozen_at[:10]}，{one.scope}）" for one in lines}
    if fresh:
        st.session_state["snapshot"] = fresh.id
    chosen = st.selectbox(
        "打开快照", list(names), key="snapshot", bind="query-params", format_func=names.__getitem__
    )
    controls.draw_snapshot(chosen, now=fresh is not None)
    everything, compared = st.tabs([f"全部快照（{len(lines)}）", "与另一份比较"])
    everything.dataframe(tables.snapshots(lines), hide_index=True, alt="档案里的快照，最近的在前")
    with compared:
        others = [snapshot for snapshot in names if snapshot != chosen]
        if others:
            other = st.selectbox("另一份", others, format_func=names.__getitem__, key="other")
            controls.draw_comparison(chosen, other, scope)
        else:
            notices.empty("只有一份快照，没有可比的。", "")

head.foot(scope)
