"""The search over every page: a thing by its name, its short name or its pinyin; a hit is a link."""

from dataclasses import replace
from html import escape
from pathlib import Path

import streamlit as st

from chunshui.catalogue import search
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.search import Index, Thing
from chunshui.ui import data
from chunshui.ui.data import former
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import filters, navigation
from chunshui.ui.widgets import linked
from chunshui.warehouse import Edition

MOST = 9
KEY = "look_for"
_HERE = Path(__file__)


@st.fragment
def draw(scope: Scope) -> None:
    """Draw the field; what is typed runs this alone, a hit that is chosen leads where it says."""

    def follow() -> None:
        if address := st.session_state[KEY].followed:
            filters.go(address)

    typed = st.session_state.get(KEY, {}).get("typed") or ""
    drawn = linked.registered(_HERE)(
        data={"typed": typed, "html": _hits(scope, typed)},
        key=KEY,
        on_typed_change=lambda: None,
        on_followed_change=follow,
    )
    if drawn.followed:
        st.rerun()


@remembered(4)
def index(edition: Edition) -> Index:
    """Return the pages, the metrics and all that has a name in a version."""
    pages = [Thing(search.PAGE, page.name, (page.title,)) for page in navigation.PAGES.values()]
    then = former.names(edition)
    things = [
        replace(one, names=(*one.names, *then.get((one.kind, one.thing_id), ())))
        for one in former.things(edition)
    ]
    sheets = [replace(one, kind=search.SHEET) for one in things if one.kind == search.COMMUNITY]
    return Index(pages + things + sheets)


def _hits(scope: Scope, typed: str) -> str:
    """Return the best of what answers to a text, each a link."""
    if not typed.strip():
        return ""
    found = index(scope.edition).find(typed)
    hits = [
        f'<a role="option" href="{escape(address(one, scope))}"><small>{one.kind}</small>'
        f"<b>{escape(one.names[0])}</b><small>{escape(one.where)}</small></a>"
        for one in found[:MOST]
    ]
    more = len(found) - len(hits)
    said = f"还有{more}项，多打几个字" if more else "" if hits else "没有叫这个名字的"
    return "".join(hits) + (f'<p role="option" aria-disabled="true">{said}</p>' if said else "")


def address(thing: Thing, scope: Scope) -> str:
    """Return where a thing leads: its page with the filters set; a number opens over this page."""
    if thing.kind == search.PAGE:
        return filters.address(scope, thing.thing_id)
    if thing.kind == search.METRIC:
        return filters.address(scope, open=get_metric(thing.thing_id).name)
    labels = filters.community_labels(data.district(scope.edition))
    street = filters.place(scope, thing.street or "") or scope
    within = filters.place(scope, labels.get(thing.community or "", "")) or street
    name = thing.names[0]
    if thing.kind == search.STATION:
        station = name if thing.alone else f"{name}·{thing.thing_id}"
        return filters.address(street, "circles", station=station)
    if thing.kind == search.RENOVATION:
        return filters.address(within, "renovation", open=filters.TIMELINE, of=name)
    if thing.kind == search.FUND_PROJECT:
        return filters.address(within, "fund", fund_part="项目与交付")
    if thing.kind == search.SITE:
        return filters.address(within, "demo_sites", sites_part="一个社区的清单")
    if thing.kind == search.SHEET:
        return filters.address(within, navigation.SHEET)
    return filters.address(within, navigation.around(st.session_state["page"]))
