"""Lists of sentences: what needs attention, published figures beside computed ones."""

from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from chunshui.catalogue.attention import Item, by_kind, counts_of
from chunshui.catalogue.claims import Claim
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.wording import attention_sentence, claims_basis
from chunshui.drawing import theme
from chunshui.ui import data
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


def cases(scope: Scope, key: str) -> None:
    """Draw the communities that the district's terms quote, each a link to its sheet, if there are any."""
    labels = filters.community_labels(data.district(scope.edition))
    links = [
        f'<a class="more" href="{escape(filters.address(within, navigation.SHEET))}">{escape(labels[code])}</a>'
        for code in data.quoted_communities(scope.edition)
        if (within := filters.place(scope, labels[code]))
    ]
    if links:
        linked.show(f'<p class="said">公开报道点名的社区：{"、".join(links)}</p>', key)


def claims(claims: list[Claim], scope: Scope) -> None:
    """Set the published figures beside the computed ones, each with its agreement in words; none, nothing."""
    if not claims:
        return
    rows = []
    for one in claims:
        shape, colour = theme.AGREEMENT[one.status]
        computed = escape(one.computed_text)
        if one.metric_id:
            address = _district_number(one.metric_id, one.month, scope)
            computed = f'<a href="{escape(address)}">{computed}</a>'
        rows.append(
            f'<tr><td>{escape(one.subject)}</td><td class="number">{escape(one.claimed_text)}</td>'
            f'<td class="name number">{computed}</td>'
            f'<td><span class="badge {colour}">{shape} {one.status}</span></td></tr>'
        )
    heads = "".join(f"<th>{head}</th>" for head in ("公开数据", "公开数字", "本系统", "对照"))
    linked.show(f'<table class="rows claims"><tr>{heads}</tr>{"".join(rows)}</table>', "claims")
    st.caption(claims_basis(claims[0].month))
    if unclear := [one for one in claims if one.status in ("口径不明", "不一致")]:
        with st.expander("为什么对不上"):
            for one in unclear:
                st.markdown(
                    f"**{plain(one.subject)}** “{plain(one.quote)}”：{plain(one.note, 500)}"
                )


def _district_number(metric_id: str, month: str, scope: Scope) -> str:
    """Return the address that opens a figure of the district over this page, its filters staying.

    Of another month than the page's, the page goes there, too.
    """
    name = get_metric(metric_id).name
    if month != scope.month:
        scope = replace(scope.district(), query=(("month", month),))
    return filters.address(
        scope, open=name, of=filters.WHOLE if scope.streets or scope.community else None
    )
