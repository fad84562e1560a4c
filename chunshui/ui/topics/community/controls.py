"""What is drawn on the sheet of a community, and what leads on from it."""

from collections.abc import Sequence
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.metric import get_metric
from chunshui.community.parts import Part, Phrase
from chunshui.community.sheet import (
    BESIDE_TITLE,
    NOWHERE,
    TITLE,
    Beside,
    Sheet,
    beside_table,
    sentence_table,
)
from chunshui.month import Month
from chunshui.ui import charts as drawing
from chunshui.ui import data as shown
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import filters
from chunshui.ui.topics.community import charts, data
from chunshui.ui.widgets import downloads, linked, lists, notes, pictures, tables, tiles

ROWS = "sheet_part"  # of the address: whose rows are shown below
CHOOSE = "个社区：点一个名字，看它的一页"


def draw_choice(scope: Scope) -> None:
    """Draw the communities in scope street by street, each a link to its sheet."""
    land = shown.district(scope.edition)
    labels, parts = filters.community_labels(land), []
    for street in land.streets:
        homes = [one for one in land.communities if one.street_code == street.code]
        if not homes or (scope.streets and street.code not in scope.streets):
            continue
        links = "".join(
            f'<a class="button" href="{escape(filters.address(filters.place(scope, labels[one.code]) or scope))}">'
            f"{escape(one.name)}</a>"
            for one in homes
        )
        parts.append(
            f'<h4 class="head">{escape(street.name)}（{len(homes)}）</h4><div class="buttons">{links}</div>'
        )
    notes.cases(scope, "sheet_cases")
    linked.show("".join(parts), "sheet_choice")


def draw_parts(scope: Scope, sheet: Sheet) -> None:
    """Draw what is known, part by part; a number opens, and so do the rows it counts."""
    rows = "".join(
        f'<tr><th scope="row">{escape(part.title)}</th><td>{_said(part.said, scope)}{_rows(part, scope)}</td></tr>'
        for part in sheet.parts
    )
    rows += f'<tr><th scope="row">没有台账的</th><td>{escape(NOWHERE)}</td></tr>'
    linked.show(f'<table class="rows facts">{rows}</table>', "sheet_parts")
    downloads.seen(sentence_table(sheet), TITLE, scope)


def _said(said: Sequence[Phrase], scope: Scope) -> str:
    return "".join(
        f'<a class="more" href="{escape(filters.address(scope, open=get_metric(one.metric).name))}">{escape(one.text)}</a>'
        if one.metric
        else escape(one.text)
        for one in said
    )


def _rows(part: Part, scope: Scope) -> str:
    if part.rows.empty:
        return ""
    address = filters.address(scope, **{ROWS: part.title})
    return f' <a class="quiet" href="{escape(address)}">{escape(part.counted)}</a>'


def draw_reach(scope: Scope) -> None:
    """Draw the small map of who can walk to a station."""
    st.markdown("**步行十分钟走得到阵地吗**：红点是走不到的楼")
    if shown.figure(scope, data.REACH).value is None:
        st.caption(shown.figure(scope, data.REACH).reason or "现用版本没有步行网络，量不出。")
        return
    linked.show(charts.reach_map(scope), "sheet_map")
    downloads.seen(
        pd.DataFrame(),
        "十分钟圈_本社区与周边",
        scope,
        picture=partial(pictures.frozen_map, scope, data.REACH, data.stations(scope), "阵地"),
    )


def draw_attention(scope: Scope, sheet: Sheet) -> None:
    """Draw what needs attention in the community now, each a link to what it is about."""
    st.markdown("**现在需要关注的**")
    if not sheet.attention:
        st.caption("没有触发提醒规则的事项。")
        return
    cards = "".join(notes.card(one, scope) for one in sheet.attention)
    linked.show(f'<div class="cards">{cards}</div>', "sheet_attention")


def draw_beside(scope: Scope, sheet: Sheet) -> None:
    """Draw the main figures beside the street's and the district's, each with 36 months; all open."""
    st.markdown(f"**主要数{BESIDE_TITLE}**：各自的数，不加总成分；走势为近36个月")
    inside = [filters.place(scope, name) or scope for name in (sheet.street, filters.WHOLE)]
    since = f"较{Month.parse(scope.against).words}" if scope.against else "较上年同期"
    heads = ("指标", "本社区", "目标", "", sheet.street, "全区", "走势", since)
    rows = "".join(_beside(one, scope, inside) for one in sheet.beside)
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    linked.show(
        f'<div class="scroll" tabindex="0" role="region" aria-label="主要数{BESIDE_TITLE}">'
        f'<table class="rows sums beside"><tr>{head}</tr>{rows}</table></div>',
        "sheet_beside",
    )
    downloads.seen(beside_table(sheet.beside, sheet.street, scope.month), BESIDE_TITLE, scope)


def _beside(one: Beside, scope: Scope, around: Sequence[Scope]) -> str:
    own = one.own
    name, year = own.metric.name, str(Month.parse(scope.month).shift(-12))
    line = drawing.sparkline([point.value for point in own.trend], f"{name}近36个月")
    target = (own.target_text or words.MISSING).removeprefix("目标")
    small = own.fraction_text or own.reason or ""
    moved = words.change(own.moved(scope.against or year), own.metric.unit)
    cells = "".join(
        f'<td class="number"><a href="{escape(filters.address(scope, open=name, of=within.words))}">{escape(figure.text)}</a></td>'
        for figure, within in zip((one.street, one.district), around, strict=True)
    )
    return (
        f'<tr><td class="name"><a href="{escape(tiles.number_address(own, scope))}">{escape(own.metric.short)}</a></td>'
        f'<td class="number" title="{escape(small)}"><b>{escape(own.text)}</b></td>'
        f'<td class="number">{escape(target)}</td><td>{tiles.badge(own.status)}</td>{cells}'
        f'<td class="line">{line}</td>'
        f'<td class="number">{escape(words.with_arrow(moved))}</td></tr>'
    )


def draw_rows(scope: Scope, sheet: Sheet) -> None:
    """Draw the rows behind the sentences, those of one part at a time, with their ledger rows."""
    counted = {part.title: part for part in sheet.parts if len(part.rows)}
    if not counted:
        return
    on_screen = st.container(key="screen_only")  # the paper is one sheet
    on_screen.markdown("**句子背后的台账行**")
    tabs = on_screen.tabs(list(counted), key=ROWS, bind="query-params", on_change="rerun")
    for tab, part in zip(tabs, counted.values(), strict=True):
        if tab.open:
            with tab:
                table = tables.headed(part.rows, part.heads)
                lists.show(
                    table,
                    part.listed[1],
                    scope,
                    f"sheet_{part.title}",
                    380,
                    handed=False if part.undone is None else part.undone.to_numpy(),
                    finding=part.sentence,
                )
