"""Which district of a city is looked at: its version in the edition shown, not what it publishes since.

Any page then shows that version, which is of a store like any other. The choice is kept in the session
and said in the address: a link, a reload and a kept view lead to the same district.
"""

from urllib.parse import urlencode

import streamlit as st

from chunshui import paths
from chunshui.city.edition import LATE, CityEdition, Pinned
from chunshui.errors import VersionDamagedError, VersionMissingError
from chunshui.month import Month
from chunshui.ui.data import city
from chunshui.ui.markdown import plain
from chunshui.ui.shell import navigation
from chunshui.warehouse import Edition

KEY = "district"  # of the session and of the address: a code


def follow() -> None:
    """Note which district the link just followed, or the address, asks for."""
    asked = st.session_state.get("leaving", ("", {}))[1].get(KEY) or st.query_params.get_all(KEY)
    if asked:
        st.session_state[KEY] = asked[0]


def code() -> str:
    """Return the code of the district that is looked at; "" for the one this server is of."""
    return st.session_state.get(KEY, "") if paths.city_dir() else ""


def leave() -> bool:
    """Go back to the district this server is of; return whether another was looked at."""
    st.query_params.pop(KEY, None)
    return bool(st.session_state.pop(KEY, ""))


def address(district: str, month: str | None = None) -> str:
    """Return the address of the first page of a district in the edition, for a link."""
    return f".?{urlencode([(KEY, district), *([('month', month)] if month else [])])}"


def of_edition(shown: CityEdition, district: str) -> Edition:
    """Return the version of a district that an edition pins.

    Raises VersionMissingError where it pins none, VersionDamagedError for one that is not whole any more.
    """
    one = shown.district(district)
    if one.version is None:
        raise VersionMissingError(f"全市汇总{shown.label}里没有{one.name}的版本：{one.state}。")
    store = shown.store(district)
    store.sound(one.version)
    if store.manifest(one.version).sha256 != one.sha256:
        raise VersionDamagedError(
            f"{one.name}的{one.version}与全市汇总{shown.label}所记的不是同一个版本，请从备份恢复它。"
        )
    return store.edition(one.version)


def draw() -> None:
    """Say whose version is looked at and of which edition, with the way back; nothing of the own district."""
    if not code():
        return
    shown = city.edition()
    one = shown.district(code())
    st.query_params[KEY] = one.district  # which a change of pages takes out
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(navigation.CITY.path, label="回到全市", icon=navigation.CITY.icon)
        st.caption(notice(shown, one), width="content")


def notice(shown: CityEdition, one: Pinned) -> str:
    """Return whose version is looked at, of which edition, in Markdown."""
    return (
        f"这里是**{plain(one.name, 30)}**在**全市汇总{plain(shown.label, 30)}**（{shown.id}）里的版本"
        f"**{one.version}**，只能看；这个区以后再发布，这里不变。"
        + (
            f"它在这一期是{one.state}，只报到{Month.parse(one.as_of).words}。"
            if one.state == LATE and one.as_of
            else ""
        )
    )
