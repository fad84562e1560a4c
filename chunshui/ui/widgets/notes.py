"""Lists of sentences: what needs attention, published figures beside computed ones."""

from html import escape
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from chunshui.catalogue.attention import Item, by_kind, counts_of
from chunshui.catalogue.claims import Claim
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.wording import attention_sentence, claims_basis
from chunshui.drawing import theme
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.shell import filters, navigation
from chunshui.ui.widgets import linked, tiles

FIRST = 3


def first_attention(items: list[Item], scope: Scope) -> None:
    """Draw the gravest of what needs attention as cards, each opening its thing."""
    total, urgent = counts_of(items)
    cards = "".join(card(item, scope) for item in items[:FIRST])
    every = escape(filters.address(scope, "attention"))
    head = f'<b>{attention_sentence(total, urgent)}</b>　<a class="more" href="{every}">看全部</a>'
    linked.show(f'<p class="head">{head}</p><div class="cards">{cards}</div>', "first_attention")


def card(item: Item, scope: Scope) -> str:
    """Return one thing that needs attention as a link to what it is about."""
    colour = theme.SEVERITY[item.severity][1]
    return (
        f'<a class="card {colour}" href="{escape(_address(item, scope))}">'
        f"{tiles.badge(item.severity)} <b>{escape(item.title)}</b>"
        f"<small>{escape(item.sentence)}</small></a>"
    )


def attention(items: list[Item], scope: Scope) -> None:
    """List all items kind by kind, of each the worst first; the rest of a kind unfolds."""
    parts = []
    for kind, alike in by_kind(items).items():
        first, rest = alike[:FIRST], alike[FIRST:]
        cards = "".join(card(item, scope) for item in first)
        parts.append(
            f'<h4 class="head">{escape(kind)}{len(alike)}条</h4><div class="cards">{cards}</div>'
        )
        if rest:
            cards = "".join(card(item, scope) for item in rest)
            parts.append(
                f'<details><summary class="more">同类还有{len(rest)}条</summary>'
                f'<div class="cards">{cards}</div></details>'
            )
    linked.show("".join(parts), "attention_list")


def attention_table(items: list[Item]) -> pd.DataFrame:
    """Return items as a table to take away."""
    heads = {"severity": "程度", "kind": "类别", "title": "事项", "sentence": "说明"}
    return pd.DataFrame([vars(item) for item in items])[list(heads)].rename(columns=heads)


def _address(item: Item, scope: Scope) -> str:
    """Return where an item leads, the filters staying: a project's timeline, or a number's rows.

    Where the number is all there is to see, it opens over this page.
    """
    page = None if item.page == "dictionary" else item.page
    asked = item.params
    if "project" in asked:
        return filters.address(scope, page, open=filters.TIMELINE, of=asked["project"])
    of = asked.get("community") or asked.get("street")
    name = get_metric(asked["metric"]).name
    return filters.address(scope, page, part=asked.get("part"), open=name, of=of, tab=item.tab)


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
