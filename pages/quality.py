"""数据质量: what the rules found and where, how complete and fresh, what is asked for twice."""

import streamlit as st

from chunshui.ui.data import district, home_street
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.quality import data, finding, tables
from chunshui.ui.widgets import downloads
from chunshui.ui.widgets.tables import draw, show

scope = filters.current()
edition = scope.edition
home = home_street(scope)
streets = (home,) if home else scope.streets
names = tuple(one.name for one in district(edition).streets if one.code in streets)
head.finding(finding.finding(edition, streets, "、".join(names) or "全区"))
if said := finding.not_narrowed(scope):
    st.caption(said)

st.subheader("查出的行", anchor=False)
name = st.selectbox("规则", tables.names(edition, streets), key="rule", bind="query-params")
rows = tables.offending(edition, streets, name)
show(rows, "没有查出问题。", f"数据质量：{name}")
downloads.offer(rows, f"数据质量_{name}", scope, key="offending", label="下载查出的行")

st.subheader("各街道的台账", anchor=False)
complete, fresh, counted = st.tabs(["完整：有记录的社区占比（%）", "新鲜：最近的日期", "行数"])
with complete:
    draw(tables.complete(edition, names), "各台账在各街道的社区覆盖率")
    st.caption("一个街道里，有一行以上记录的社区占全部社区的百分比。0表示这个街道一行也没有。")
with fresh:
    draw(tables.fresh(edition, names), "各台账在各街道的最近日期")
    for one in finding.stale(edition, names):
        st.warning(f"{one}，已超过一个季度没有新记录。", icon=":material/schedule:")
with counted:
    draw(tables.counted(edition, names), "各台账在各街道的行数")

st.subheader("填报负担：哪些列问了不止一次", anchor=False)
st.markdown(finding.burden_words(edition))
draw(data.burden(edition), "重复填报的列")

with st.expander("全部规则", icon=":material/rule:"):
    draw(tables.rule_table(edition), "全部数据质量规则")

head.foot(scope)
