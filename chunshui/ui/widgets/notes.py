"""Lists of sentences: what needs attention, published figures beside computed ones."""

from urllib.parse import urlencode

import streamlit as st

from chunshui.catalogue.attention import Item, counts_of
from chunshui.catalogue.claims import Claim
from chunshui.catalogue.wording import claims_basis
from chunshui.drawing import theme
from chunshui.ui.markdown import plain
from chunshui.ui.shell import navigation, notices

SHOWN = 6


def attention(items: list[Item]) -> None:
    """List what needs attention, the gravest first; each item links to the page that shows it."""
    if not items:
        notices.empty("本范围这个月没有触发任何提醒规则。", "可在左侧换一个范围或月份。")
        return
    for item in items[:SHOWN]:
        _item(item)
    if len(items) > SHOWN:
        total, _ = counts_of(items)
        cut = f"（共{total:,}件，每类列最急的几件）" if total > len(items) else ""
        with st.expander(f"还有{len(items) - SHOWN}件{cut}"):
            for item in items[SHOWN:]:
                _item(item)


def _item(item: Item) -> None:
    shape, colour = theme.SEVERITY[item.severity]
    with st.container(border=True, gap="xsmall"):
        st.page_link(
            navigation.PAGES[item.page].path,
            label=f":{colour}-badge[{shape} {item.severity}] **{plain(item.title)}**",
            icon=":material/chevron_right:",
            icon_position="right",
            query_params=navigation.link(item.params),
        )
        st.markdown(f":small[{plain(item.sentence)}]")


def claims(claims: list[Claim]) -> None:
    """Set the published figures beside the computed ones, each with its agreement in words."""
    lines = [
        "| :small[公开数据] | :small[公开数字] | :small[本系统] | :small[对照] |",
        "|:--|--:|--:|:--|",
    ]
    for one in claims:
        shape, colour = theme.AGREEMENT[one.status]
        computed = one.computed_text
        if one.metric_id:  # a click opens the figure in the dictionary
            query = urlencode(navigation.link({"metric": one.metric_id, "month": one.month}))
            computed = f"[{computed}](dictionary?{query})"
        lines.append(
            f"| :small[{one.subject}] | :small[{one.claimed_text}] | :small[{computed}] "
            f"| :small[:{colour}-badge[{shape} {one.status}]] |"
        )
    st.markdown("\n".join(lines))
    if claims:
        st.caption(claims_basis(claims[0].month))
    if unclear := [one for one in claims if one.status in ("口径不明", "不一致")]:
        with st.expander("为什么对不上"):
            for one in unclear:
                st.markdown(
                    f"**{plain(one.subject)}** “{plain(one.quote)}”：{plain(one.note, 500)}"
                )
