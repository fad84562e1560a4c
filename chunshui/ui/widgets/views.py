"""我的视图: keep the present page with its filters and choices under a name; open, rename, forget.

A view is an address. It is opened as a link from outside would be: by a page drawn anew.
"""

from collections.abc import Callable
from html import escape
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from chunshui.access.roles import Act
from chunshui.errors import ChunshuiError
from chunshui.snapshots import kept
from chunshui.snapshots.kept import View
from chunshui.ui.markdown import plain
from chunshui.ui.shell import navigation, notices, permit
from chunshui.ui.widgets import asked, linked


def draw() -> None:
    """Draw the way to the views that are kept."""
    if st.button("我的视图", icon=":material/bookmarks:", type="tertiary"):
        _dialog()


def address(view: View) -> str:
    """Return the address of a view."""
    page = "" if view.page == navigation.FIRST else view.page
    return f"{page or '.'}?{view.query}" if view.query else page or "."


def _stage(view: View) -> str:
    """Return the link that shows the sections of a view in 会场模式; "" of a view without any."""
    query = [(key, one) for key, one in parse_qsl(view.query) if key not in ("snapshot", "other")]
    if view.page != "snapshots" or "sections" not in dict(query):
        return ""
    asked = escape(urlencode([*query, ("mode", "meeting")]))
    return f'<a class="more" target="_self" href="snapshots?{asked}">会场模式</a>'


@st.dialog("我的视图", width="medium")
def _dialog() -> None:
    page = navigation.PAGES[st.session_state["page"] or navigation.FIRST]
    st.caption("记下现在这一页连同筛选和所选的部分；存在本机数据文件夹，重启后还在。")
    st.text_input("名字", key="view_name", max_chars=kept.NAME_LENGTH, placeholder=page.title)
    st.button("存下本页", icon=":material/bookmark_add:", on_click=_keep, args=(page,))
    if fault := st.session_state.pop("view_fault", ""):
        st.error(fault, icon=":material/error:")
    found = kept.read(permit.own_folder())
    if found.fault:
        st.warning(found.fault, icon=":material/warning:")
    views = {one.id: one for one in found.views if one.page in navigation.PAGES}
    if not views:
        notices.empty("还没有存过视图。", "")
        return
    links = "".join(
        f'<tr><td class="name"><a target="_self" href="{escape(address(one))}">{escape(one.name)}</a></td>'
        f"<td>{navigation.PAGES[one.page].title}</td><td>{_stage(one)}</td></tr>"
        for one in views.values()
    )
    linked.show(f'<table class="rows">{links}</table>', "views")
    view_id = st.selectbox(
        "整理", list(views), key="view_kept", format_func=lambda one: views[one].name
    )
    st.code(f"{_origin()}/{address(views[view_id])}", language=None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("新名字", key="view_new_name", max_chars=kept.NAME_LENGTH)
        st.button("改名", on_click=_rename, args=(view_id,))
        effect = f"“{plain(views[view_id].name, kept.NAME_LENGTH)}”将删除，**不能恢复**。"
        asked.once("删除", effect, _delete, view_id, key="view_delete")


def _keep(page: navigation.Page) -> None:
    params = [(key, one) for key in st.query_params for one in st.query_params.get_all(key)]
    name = st.session_state["view_name"].strip() or page.title
    if _do(kept.keep, name, page.name, urlencode(params)):
        st.session_state["view_name"] = ""


def _rename(view_id: str) -> None:
    if _do(kept.rename, view_id, st.session_state["view_new_name"]):
        st.session_state["view_new_name"] = ""


def _delete(view_id: str) -> None:
    _do(kept.delete, view_id)


def _do(change: Callable[..., object], *what: str) -> bool:
    """Change what is kept (in a callback); say in the dialog why it could not be."""
    try:
        permit.require(Act.KEEP)
        change(*what, permit.own_folder())
    except ChunshuiError as error:
        st.session_state["view_fault"] = str(error)
        return False
    return True


def _origin() -> str:
    """The address of the server as the reader's browser knows it."""
    return "/".join((st.context.url or "").split("/")[:3])
