"""The filters every page shares: month, street and community, kept in the URL.

The widgets are the state: their keys are bound to the query parameters `month`, `against` (the month
to compare with), `street` and `community`, so a link opens the same view, a reload keeps it and a page switch carries it on.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException

from chunshui.catalogue import search
from chunshui.catalogue.figures import TREND_MONTHS
from chunshui.catalogue.metric import Metric, all_metrics
from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.data import former
from chunshui.ui.data.remembering import beside, remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.click import clicked
from chunshui.ui.map.land import District, Place
from chunshui.ui.markdown import plain
from chunshui.ui.shell import navigation, pinned
from chunshui.warehouse import Edition
from chunshui.words import JUDGED, MISSED, NEAR, OVERPAID, TOO_FEW

KEYS = ("month", "against", "street", "community")
# The months to compare with that move along with the month looked at.
USUAL = {"上月": 1, "上年同期": 12}
# What is opened over the page: a metric by its name, of a place other than the page's, on a tab; the
# list of those metrics with a target that have some status; the timeline of a project; the buildings
# of a place from which one cannot walk to what is asked for.
OPEN, OF, TAB = OPENED = ("open", "of", "tab")
AWAY, WHOLE = "没有达到目标", "全区"
# What of an address names a thing, and of which kinds.
_NAMED = {
    "street": (search.STREET,),
    "community": (search.COMMUNITY,),
    "station": (search.STATION,),
    "project": (search.RENOVATION,),
    OF: (search.STREET, search.COMMUNITY, search.RENOVATION),
}
OWN = TIMELINE, LEFT_OUT = "时间线", "走不到的楼"  # what pages themselves open
LISTS = {one: (one,) for one in (*JUDGED, OVERPAID, TOO_FEW)} | {AWAY: (MISSED, NEAR)}
MOVED = {"变差": False, "变好": True}  # since the month compared with: whether for the better


def follow_link(edition: Edition, page: str) -> None:
    """Set the filters to what the URL says where a link led to another page of the same session.

    A widget that is there already keeps its choice whatever the URL says, and the filters are on
    every page: a link with `street=…` would open on the whole district until it is reloaded.
    """
    st.session_state["arrived"] = st.session_state.get("page") != page  # in this run, on this page
    _call_by_new_names(edition, page)
    came_from = st.session_state.get("page", page)
    st.session_state["page"] = page
    if page == came_from:
        return
    asked = {key: st.query_params.get_all(key) for key in KEYS}
    _choose_asked(edition, asked)
    st.session_state["chosen_here"] = False  # but by the address


def _call_by_new_names(edition: Edition, page: str) -> None:
    """Go to the present names where a link or a kept view has those of an earlier version, and say so."""
    for sentence in st.session_state.pop("renamed", ()):
        st.toast(sentence)
    if "page" in st.session_state:
        return
    land, said = data.district(edition), []
    labels, streets = community_labels(land), offered_streets(edition)
    asked = {key: st.query_params.get_all(key) for key in st.query_params}
    for key in _NAMED.keys() & asked.keys():
        for at, name in enumerate(asked[key]):
            if name in streets or name in labels.values():
                continue
            if thing := former.now_called(edition, _NAMED[key], name):
                alone = thing.names[0] if thing.alone else f"{thing.names[0]}·{thing.thing_id}"
                asked[key][at] = now = labels.get(thing.thing_id, alone)
                said.append(f"链接里的“{plain(name, 40)}”现在叫“{plain(now, 40)}”。")
    if said:
        st.session_state["renamed"] = said
        # What widgets are bound to is read when a page is come to.
        st.switch_page(navigation.PAGES[page or navigation.FIRST].path, query_params=asked)


def _choose_asked(edition: Edition, asked: dict[str, list[str]]) -> None:
    """Set the filters to what a link asks for, as far as this version has it."""
    months, land = data.months(edition), data.district(edition)
    month, community = (next(iter(asked.get(key, [])), None) for key in ("month", "community"))
    known = offered_streets(edition)
    choose(
        [name for name in dict.fromkeys(asked.get("street", [])) if name in known],
        community if community in community_labels(land).values() else None,
        month if month in months else months[0],
    )
    against = next(iter(asked.get("against", [])), None)
    offered = earlier(months, st.session_state["month"])
    st.session_state["against"] = against if against in offered else None


def address(scope: Scope, page: str | None = None, **params: str | None) -> str:
    """Return the address of a page (None: this one) with the filters of a scope, for a link.

    `params` are what else it asks for; those that are None are left out.
    """
    name = st.session_state["page"] if page is None else page
    query = [*scope.query, *((key, value) for key, value in params.items() if value)]
    name = "" if name == navigation.FIRST else name
    return f"{name or '.'}?{urlencode(query)}"


def go(address: str) -> None:
    """Go to an address of this app (a callback): what it asks for holds from the next run on."""
    page, _, query = address.partition("?")
    asked = parse_qs(query)
    page = page.strip("./") or navigation.FIRST
    if page != (st.session_state["page"] or navigation.FIRST):
        st.session_state["leaving"] = (page, asked)
        return
    for key in asked.keys() - {*KEYS, *OPENED}:  # what widgets of the page itself hold
        several = isinstance(st.session_state.get(key), list)
        st.session_state[key] = asked[key] if several else asked[key][0]
        with suppress(
            StreamlitAPIException
        ):  # what is drawn now writes it itself, what is not yet does not
            st.query_params[key] = asked[key]
    _choose_asked(current().edition, asked)
    for key in OPENED:
        if key not in asked:
            st.query_params.pop(key, None)
    st.query_params.update({key: asked[key] for key in OPENED if key in asked})


def leave(edition: Edition) -> None:
    """Switch to the page that a link followed in the run before leads to, if one was.

    The filters are set by hand: what a widget holds cannot be put into the address.
    """
    page, asked = st.session_state.pop("leaving", (None, {}))
    if page not in navigation.PAGES:
        return
    _choose_asked(edition, asked)
    st.session_state["page"] = "" if page == navigation.FIRST else page
    others = {key: value for key, value in asked.items() if key not in KEYS}
    st.switch_page(navigation.PAGES[page].path, query_params=others)


def opened(scope: Scope) -> tuple[Metric, Scope, str | None] | None:
    """Return the number that the address opens over the page: metric, scope and tab; or None."""
    metric = _named_metric(st.query_params.get(OPEN))
    if metric is None:
        return None
    of = st.query_params.get(OF)
    return metric, (place(scope, of) if of else None) or scope, st.query_params.get(TAB)


def close() -> None:
    """Take what was opened out of the address (a callback)."""
    for key in OPENED:
        st.query_params.pop(key, None)


def place(scope: Scope, name: str) -> Scope | None:
    """Return the scope of a street, a community (by its name in the filters) or 全区, in the same month."""
    if name == WHOLE:
        return replace(scope.district(), query=scope.months_query)
    if street := offered_streets(scope.edition).get(name):
        query = (("street", name), *scope.months_query)
        return replace(scope, streets=(street.code,), community=None, words=name, query=query)
    land = data.district(scope.edition)
    if one := _labelled(land).get(name):
        words = in_words([], one, land)
        query = (("community", name), *scope.months_query)
        return replace(scope, streets=(), community=one.code, words=words, query=query)
    return None


def _named_metric(name: str | None) -> Metric | None:
    return next((one for one in all_metrics().values() if one.name == name), None)


def draw(edition: Edition) -> Scope:
    """Draw the filters, side by side; return the scope, with what the URL asked for in vain."""
    in_link = {key: st.query_params.get_all(key) for key in (*KEYS, *OPENED)}
    if st.session_state.pop("chosen_here", False):  # the address still says what was chosen before
        in_link |= {key: [] for key in KEYS}
    by_link = st.session_state.pop("unknown_in_link", {})
    in_link |= by_link
    months = data.months(edition)
    month = st.selectbox(
        "截至月份",
        months,
        key="month",
        bind="query-params",
        label_visibility="collapsed",
        width=116,
    )
    before = earlier(months, month)
    if st.session_state.get("against") and st.session_state["against"] not in before:
        st.session_state["against"] = None  # a later month was chosen, or an earlier one to look at
    against = st.selectbox(
        "对比月份",
        list(before),
        index=None,
        key="against",
        placeholder="对比月份",
        bind="query-params",
        disabled=not before,
        label_visibility="collapsed",
        width=124,
    )
    land = data.district(edition)
    streets = offered_streets(edition)
    own = list(streets) if data.manifest(edition).street else []  # which no choice comes to
    options, hint, typed = _read("street", list(streets), *(own or ["全区（可多选街道）"]))
    in_link["street"] = [one for one in in_link["street"] if by_link or one != typed]
    chosen = st.multiselect(
        "街道",
        options,
        key="street",
        placeholder=hint,
        select_all=False,
        accept_new_options=True,
        bind="query-params",
        label_visibility="collapsed",
        width=216,
    )
    looked_at = [streets[name] for name in chosen or own if name in streets]
    within = [one.code for one in looked_at]
    labels = community_labels(land)
    offered = {labels[c.code]: c for c in land.communities if not within or c.street_code in within}
    if st.session_state.get("community") in {*labels.values()} - offered.keys():
        # A street was chosen that the community is not in: the narrower wish goes.
        st.session_state["community"] = None
    options, hint, typed = _read("community", list(offered), "全部社区")
    in_link["community"] = [one for one in in_link["community"] if by_link or one != typed]
    community = st.selectbox(
        "社区",
        options,
        index=None,
        key="community",
        placeholder=hint,
        accept_new_options=True,
        bind="query-params",
        label_visibility="collapsed",
        width=190,
    )
    st.button(
        "回到全区最新月份",
        icon=":material/restart_alt:",
        on_click=_choose_asked,
        args=(edition, {}),
    )
    if not streets.keys() >= {*chosen} or not offered.keys() >= {community} - {None}:
        st.session_state["unknown_in_link"] = in_link  # which nothing before the choice replaced
        st.rerun()
    query = [(pinned.KEY, pinned.code())] if pinned.code() else []
    query += [("street", name) for name in chosen]
    query += [("community", community)] if community else []
    query += [("month", month)] if month != months[0] else []
    query += [("against", against)] if against else []
    home = offered[community] if community else None
    scope = Scope(
        edition,
        month,
        tuple(within),
        home.code if home else None,
        before[against] if against else None,
        in_words(looked_at, home, land),
        tuple(query),
        tuple(in_vain(in_link, streets, set(labels.values()), offered, months, before, own)),
    )
    st.session_state["scope"] = scope  # how the frame hands it to the page, anew in every run
    return scope


@remembered(4)
def offered_streets(edition: Edition) -> dict[str, Place]:
    """Return the streets that can be looked at by name: all, or the one whose rows alone there are."""
    own = data.manifest(edition).street
    return {one.name: one for one in data.district(edition).streets if own in (None, one.code)}


def _read(key: str, names: list[str], hint: str) -> tuple[list[str], str, str]:
    """Put names in place of what was typed into a filter: by its pinyin or initials, as in the search.

    Returns what the filter offers, of several that answer just these, its placeholder and what was typed.
    """
    if key not in st.session_state:  # what a link asks for in vain would be taken for typed
        asked = st.query_params.get_all(key)
        if asked != (known := [one for one in asked if one in names]):
            st.query_params[key] = known
    held: list[str] | str = st.session_state.get(key) or []
    chosen = held if isinstance(held, list) else [held]
    kept = [one for one in chosen if one in names]
    typed = next((one for one in chosen if one not in names), "")
    if not typed:
        return names, hint, ""
    hits = search.named({one: (one,) for one in names}, typed)
    found = kept + hits if len(hits) == 1 else kept
    st.session_state[key] = found if held is chosen else next(iter(found), None)
    answer = f"有{len(hits)}个，点开选" if hits else "没有找到"
    return [*kept, *hits] if len(hits) > 1 else names, f"“{plain(typed, 12)}”{answer}", typed


def current() -> Scope:
    """Return the scope that the frame drew in this run."""
    return st.session_state["scope"]


@beside
def community_labels(land: District) -> dict[str, str]:
    """Return what each community is called in the filter; a shared name gets its street."""
    streets = {street.code: street.name for street in land.streets}
    names = Counter(community.name for community in land.communities)
    return {
        c.code: c.name if names[c.name] == 1 else f"{c.name}（{streets[c.street_code]}）"
        for c in land.communities
    }


@beside
def _labelled(land: District) -> dict[str, Place]:
    labels = community_labels(land)
    return {labels[one.code]: one for one in land.communities}


def in_words(streets: list[Place], community: Place | None, land: District) -> str:
    """Say which part of the district is looked at."""
    if community:
        names = {street.code: street.name for street in land.streets}
        return names[community.street_code] + community.name
    return "、".join(street.name for street in streets) or "全区"


def earlier(months: tuple[str, ...], month: str) -> dict[str, str]:
    """Return the months that one can be compared with by what the filter calls them: 上月, 2026-03.

    As far back as a trend goes.
    """
    last = Month.parse(month)
    before = [one for one in months if 0 < last - Month.parse(one) < TREND_MONTHS]
    usual = {words: str(last.shift(-back)) for words, back in USUAL.items()}
    return {words: one for words, one in usual.items() if one in before} | {
        one: one for one in before
    }


def in_vain(in_link: dict, streets, communities, offered, months, before, own) -> list[str]:
    """Return a sentence for everything the URL asked for that this version does not have.

    `own` is the one street that an account may look at, [] where it may look at all.
    """
    sentences = []
    known = f"不在{own[0]}，本账号只看这个街道" if own else "不在本区名录中"
    for month in in_link["month"]:
        if month and month not in months:
            sentences.append(
                f"链接里的月份“{plain(month, 20)}”没有数据，已改为最新月份{months[0]}"
                f"（可选{months[-1]}至{months[0]}）。"
            )
    for name in in_link["against"]:
        if name and name not in before:
            sentences.append(
                f"链接里的对比月份“{plain(name, 20)}”没有数据，或不早于所看的月份，没有作对比。"
            )
    if unknown := [name for name in in_link["street"] if name and name not in streets]:
        sentences.append(f"链接里的街道“{plain('、'.join(unknown), 40)}”{known}，已忽略。")
    for name in in_link["community"]:
        if name and name not in communities:
            sentences.append(f"链接里的社区“{plain(name, 20)}”{known}，已改为全部社区。")
        elif name and name not in offered:
            sentences.append(f"链接里的“{name}”不在所选街道内，已改为全部社区。")
    if not {*OWN}.isdisjoint(in_link[OPEN]):
        return sentences
    for name in in_link[OPEN]:
        if name and name not in {*LISTS, *MOVED} and _named_metric(name) is None:
            sentences.append(f"链接里要打开的指标“{plain(name, 20)}”不在指标口径里，没有打开。")
    for name in in_link[OF]:
        if name and name not in (WHOLE, *streets, *communities):
            sentences.append(f"链接里的“{plain(name, 20)}”{known}，打开的是上方所选范围的数。")
    return sentences


def choose(streets: list[str], community: str | None, month: str) -> None:
    """Set the filters (a callback: it runs before the widgets are drawn)."""
    st.session_state["street"] = streets
    st.session_state["community"] = community
    st.session_state["month"] = month
    st.session_state["chosen_here"] = True


def pick(chart: str) -> None:
    """Follow a click on the map or the ranking with key `chart` (a callback).

    The first click on a place chooses its street; a click inside the only street chosen chooses
    the community, and a click on the community chosen goes back to its street.
    """
    click = clicked(chart)
    if click is None:
        return
    land = data.district(current().edition)
    names = {street.code: street.name for street in land.streets}
    labels = community_labels(land)
    if click.street_code not in names:
        return
    street = names[click.street_code]
    inside = st.session_state["street"] == [street]
    community = labels.get(click.code)
    if inside and click.code == click.street_code:
        choose([], None, current().month)
    elif inside and community != st.session_state["community"]:
        choose([street], community, current().month)
    else:
        choose([street], None, current().month)
