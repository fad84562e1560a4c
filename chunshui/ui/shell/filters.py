"""The filters every page shares: month, street and community, kept in the URL.

The widgets are the state: their keys are bound to the query parameters `month`, `street` and
`community`, so a link opens the same view, a reload keeps it and a page switch carries it on.
"""

import streamlit as st

from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.click import clicked
from chunshui.ui.map.land import District, Place
from chunshui.ui.markdown import plain
from chunshui.warehouse import Edition

KEYS = ("month", "street", "community")


def follow_link(edition: Edition, page: str) -> None:
    """Set the filters to what the URL says where a link led to another page of the same session.

    A widget that is there already keeps its choice whatever the URL says, and the filters are on
    every page: a link with `street=…` would open on the whole district until it is reloaded.
    """
    came_from = st.session_state.get("page", page)
    st.session_state["page"] = page
    if page == came_from:
        return
    months, land = data.months(edition), data.district(edition)
    month, community = (st.query_params.get(key) for key in ("month", "community"))
    known = {street.name for street in land.streets}
    choose(
        [name for name in dict.fromkeys(st.query_params.get_all("street")) if name in known],
        community if community in community_labels(land).values() else None,
        month if month in months else months[0],
    )


def draw(edition: Edition) -> Scope:
    """Draw the filters and return the scope, with a sentence for what the URL asked for in vain."""
    in_link = {key: st.query_params.get_all(key) for key in KEYS}
    months = data.months(edition)
    month = st.selectbox("截至月份", months, key="month", bind="query-params")
    land = data.district(edition)
    streets = {street.name: street for street in land.streets}
    chosen = st.multiselect(
        "街道",
        list(streets),
        key="street",
        bind="query-params",
        placeholder="全区（可多选）",
        select_all=False,
    )
    within = [streets[name].code for name in chosen]
    labels = community_labels(land)
    offered = {labels[c.code]: c for c in land.communities if not within or c.street_code in within}
    if st.session_state.get("community") and st.session_state["community"] not in offered:
        # A street was chosen that the community is not in: the narrower wish goes.
        st.session_state["community"] = None
    community = st.selectbox(
        "社区",
        list(offered),
        index=None,
        key="community",
        bind="query-params",
        placeholder="全部社区",
    )
    st.button(
        "回到全区最新月份",
        icon=":material/restart_alt:",
        on_click=choose,
        args=([], None, months[0]),
        width="stretch",
    )
    query = [("street", name) for name in chosen]
    query += [("community", community)] if community else []
    query += [("month", month)] if month != months[0] else []
    home = offered[community] if community else None
    scope = Scope(
        edition,
        month,
        tuple(within),
        home.code if home else None,
        in_words([streets[name] for name in chosen], home, land),
        tuple(query),
        tuple(in_vain(in_link, streets, set(labels.values()), offered, months)),
    )
    st.session_state["scope"] = scope  # how the frame hands it to the page, anew in every run
    return scope


def current() -> Scope:
    """Return the scope that the frame drew in this run."""
    return st.session_state["scope"]


def community_labels(land: District) -> dict[str, str]:
    """Return what each community is called in the filter; a shared name gets its street."""
    streets = {street.code: street.name for street in land.streets}
    names = [community.name for community in land.communities]
    return {
        c.code: c.name if names.count(c.name) == 1 else f"{c.name}（{streets[c.street_code]}）"
        for c in land.communities
    }


def in_words(streets: list[Place], community: Place | None, land: District) -> str:
    """Say which part of the district is looked at."""
    if community:
        names = {street.code: street.name for street in land.streets}
        return names[community.street_code] + community.name
    return "、".join(street.name for street in streets) or "全区"


def in_vain(in_link: dict, streets, communities, offered, months) -> list[str]:
    """Return a sentence for everything the URL asked for that this version does not have."""
    sentences = []
    for month in in_link["month"]:
        if month and month not in months:
            sentences.append(
                f"链接里的月份“{plain(month, 20)}”没有数据，已改为最新月份{months[0]}"
                f"（可选{months[-1]}至{months[0]}）。"
            )
    if unknown := [name for name in in_link["street"] if name and name not in streets]:
        sentences.append(f"链接里的街道“{plain('、'.join(unknown), 40)}”不在本区名录中，已忽略。")
    for name in in_link["community"]:
        if name and name not in communities:
            sentences.append(f"链接里的社区“{plain(name, 20)}”不在本区名录中，已改为全部社区。")
        elif name and name not in offered:
            sentences.append(f"链接里的“{name}”不在所选街道内，已改为全部社区。")
    return sentences


def choose(streets: list[str], community: str | None, month: str) -> None:
    """Set the filters (a callback: it runs before the widgets are drawn)."""
    st.session_state["street"] = streets
    st.session_state["community"] = community
    st.session_state["month"] = month


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
