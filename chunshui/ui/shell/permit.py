"""Who a run is for, asked anew in every run and by whatever acts: a button drawn is no permission.

A callback runs before the page does, and a download after it: the acting function asks itself.
Without accounts all is allowed to whoever sits at this computer.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from chunshui import paths
from chunshui.access.deployment import deployment, folder
from chunshui.access.roles import Act, NotAllowedError, Person, owner
from chunshui.access.signed_in_gate import CALLER, SIGNIN
from chunshui.catalogue import small_numbers
from chunshui.pipeline.narrow import StreetStore
from chunshui.ui import data
from chunshui.ui.data import city
from chunshui.ui.shell import navigation, pinned
from chunshui.warehouse import Serving, Store

OWNER = owner(frozenset((*navigation.PAGES, navigation.CITY.name)))
ELSEWHERE = (Act.EXPORT, Act.KEEP)  # what may be done while a city's district is looked at


def person() -> Person | None:
    """Return whoever this run is for; None once the sign-in that opened the page has ended."""
    server = deployment()
    if server is None:
        return OWNER
    return server.signins.person(server.signins.of_public(st.context.headers.get(SIGNIN)))


def person_or_stop() -> Person:
    """Return whoever this run is for, or offer the sign-in page and stop."""
    found = person()
    if found is None:
        st.title("登录已过期")
        st.markdown("请重新登录，筛选条件会保留。")
        st.link_button("重新登录", "/signin", type="primary")
        st.stop()
    return found


def street() -> str:
    """Return the code of the street whose rows alone whoever a run is for may see; "" where they see all.

    Raises NotAllowedError once the sign-in has ended: nobody sees all.
    """
    found = person()
    if found is None:
        raise NotAllowedError("登录已过期，请重新登录。")
    return found.street


def store() -> Store:
    """Return the versions that whoever a run is for may see: of a street's account, its own rows of each."""
    whole, own = data.store(), street()
    return StreetStore(whole, own) if own else whole


def serving() -> Serving:
    """Return the version to show to whoever a run is for; raise a ChunshuiError in words when there is none.

    All that a page shows is asked of this edition.
    """
    if district():
        return Serving(pinned.of_edition(city.edition(), district()))
    shown, own = data.serving(), store()
    return replace(shown, edition=own.edition(shown.version))


def district() -> str:
    """Return the code of the city's district that is looked at; "" for the one this server is of.

    It is for those alone who are offered the page of the city.
    """
    code, found = pinned.code(), person()
    return code if code and found and found.may_open(navigation.CITY.name) else ""


def may(act: Act) -> bool:
    """Whether to draw what does something."""
    found = person()
    return found is not None and found.may(act) and (act in ELSEWHERE or not district())


def least() -> int:
    """Return below which numbers of people are withheld from whoever a run is for; 0: none is."""
    found = person()
    return 0 if found is not None and found.role.small else small_numbers.least_handed_out()


def require(act: Act, **told: Any) -> Person:
    """Return who does something; raise `NotAllowedError` if they may not, and write that down."""
    found = person()
    if found is None or not may(act):
        _write(f"拒绝：{act}", found, **told)
        raise NotAllowedError(f"没有权限{act}，或登录已过期；请重新登录，或找本区管理员。")
    return found


def demand(act: Act, **told: Any) -> Person:
    """Return who does something, after writing it down; raise `NotAllowedError` if they may not."""
    found = require(act, **told)
    _write(str(act), found, **told)
    return found


def guarded(make: Callable[[], bytes], act: Act, **told: Any) -> Callable[[], bytes]:
    """Return a download's maker that asks at the click: the same sign-in, still holding, still allowed."""
    server, mine = deployment(), person()
    if server is None:
        return make

    def ask() -> bytes:
        found = server.signins.person(server.signins.of_public(CALLER.get()))
        if mine is None or found is None or found.signin != mine.signin or not found.may(act):
            _write(f"拒绝：{act}", found, **told)
            raise NotAllowedError(f"没有权限{act}，或登录已过期。")
        content = make()
        _write(str(act), found, bytes=len(content), **told)
        return content

    return ask


def own_folder() -> Path:
    """Return where what a person keeps for themselves lies."""
    found = person()
    if found is None or found is OWNER:
        return paths.data_dir()
    return folder_of(found.account)


def folder_of(account: str) -> Path:
    """Return where what an account keeps lies."""
    return folder() / "kept" / account


def signature() -> str:
    """Return what stands for 经办: the account where there are accounts, else "" for what is typed."""
    found = person()
    return "" if found is None or found is OWNER else f"{found.name}（{found.account}）"


def draw_leave() -> None:
    """Draw who is signed in, and the way out; nothing on one's own computer."""
    found = person()
    if found is None or found is OWNER:
        return
    with st.popover(found.name, icon=":material/account_circle:"):
        st.caption(f"{found.role.words}，账号{found.account}")
        st.link_button("退出登录", "/signout")


def _write(what: str, found: Person | None, **told: Any) -> None:
    if server := deployment():
        by, role = (found.account, found.role.words) if found else ("?", "")
        server.audit.write(what, by=by, role=role, address=st.context.ip_address or "", **told)
