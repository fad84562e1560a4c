"""需要关注: all that needs attention, by kind, place and gravity; each opens what it is about."""

import streamlit as st

from chunshui.catalogue.attention import all_rules, by_kind, counts_of
from chunshui.catalogue.wording import attention_kinds_sentence
from chunshui.ui import data
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import ATTENTION
from chunshui.ui.widgets import assign, downloads, notes, pick
from chunshui.words import URGENCIES

ALL = "全部"

scope = filters.current()
items = data.attention(scope)
total, urgent = counts_of(items)
told = by_kind(items[:urgent] if urgent else items)
sentence = attention_kinds_sentence(total, urgent, {kind: len(told[kind]) for kind in told})
head.finding(f"{scope.words}{sentence}。")

gravity, kinds = st.columns([2, 3], gap="medium", vertical_alignment="bottom")
with gravity:
    grave = pick.one_of("程度", (ALL, *URGENCIES), ALL, "gravity")
chosen = kinds.multiselect(
    "类别",
    [rule.kind for rule in all_rules().values()],
    key="kind",
    bind="query-params",
    placeholder="全部类别（可多选）",
)
shown = [
    item for item in items if grave in (ALL, item.severity) and (not chosen or item.kind in chosen)
]
if shown:
    only = "、".join([*(one for one in (grave,) if one != ALL), *chosen])
    title, said = "需要关注", f"{scope.words}{sentence}"
    listed = f"列出{len(shown)}条"
    if only:
        listed = said = f"{scope.words}{total}条需要关注，其中{only}{len(shown)}条"
        title = f"需要关注_{only}"
    st.caption(f"{listed}；街道在上方选。点一条看它的名单或进度。")
    assign.offer(scope, lambda: [assign.of_item(item, scope) for item in shown], "attention")
    notes.attention(shown, scope)
    table = notes.attention_table(shown)
    label = f"下载这{len(shown)}条"
    downloads.offer(table, title, scope, key="attention", label=label, finding=said)
else:
    notices.empty("没有触发提醒规则的事项。", "可在上方换一个范围或月份，或放宽上面的程度和类别。")

offer(None, more=(ATTENTION,))
head.foot(scope)
