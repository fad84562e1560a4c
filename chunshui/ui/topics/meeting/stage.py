"""会场模式: a snapshot, the sections presently chosen, or what a page shows, over the whole screen, one at a time.

Where one is stands in the address (`mode`, `snapshot` or `sections`, `screen`, `names`), so that a
reload and the browser's back lead to the same screen.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from chunshui.errors import ChunshuiError
from chunshui.snapshots.freeze import NothingToFreezeError
from chunshui.snapshots.model import Snapshot
from chunshui.snapshots.render.screens import screens
from chunshui.snapshots.render.screens.unnamed import singles_out
from chunshui.snapshots.selection import Choice
from chunshui.snapshots.stamp import shorten
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import curtain, notices
from chunshui.ui.shell.curtain import MEETING, MODE
from chunshui.ui.topics.meeting import chosen, data
from chunshui.ui.widgets import linked

# No widget of a page is bound to these: what is bound cannot be set but by the widget.
SNAPSHOT, PART, NAMES = "snapshot", "screen", "names"
NAMELESS, NAMED = "off", "on"
OWN = (MODE, PART, NAMES)
KEY = "stage"
_HERE = Path(__file__)


def address(scope: Scope, snapshot_id: str | None, *, nameless: bool) -> str:
    """Return the address that shows a snapshot (None: what is chosen now) in 会场模式."""
    shown = [(MODE, MEETING), (NAMES, NAMELESS if nameless else NAMED)]
    what = [(SNAPSHOT, snapshot_id)] if snapshot_id else [*scope.query, *chosen.query()]
    return f"snapshots?{urlencode([*what, *shown])}"


def offer() -> None:
    """Draw the way into 会场模式 of the page that is shown."""

    def enter() -> None:
        st.query_params[MODE] = MEETING

    # A room has no phone for a screen; what is ranked there is off the phone.
    icon = ":material/present_to_all:"
    st.button("会场模式", icon=icon, key="off_phone_to_stage", type="tertiary", on_click=enter)


def draw(scope: Scope) -> bool:
    """Draw the snapshot, or what is chosen, that the address asks for; return whether there is anything."""
    snapshot_id = st.query_params.get(SNAPSHOT)
    if not snapshot_id:
        chosen.follow()
        if not chosen.current().sections:
            _leave()
            return False
    _draw(lambda: data.reopened(snapshot_id) if snapshot_id else chosen.unfrozen(scope))
    return True


def draw_page(scope: Scope, choices: Sequence[Choice], template: str = "") -> None:
    """Draw what a page shows as such sections; of the board that a `template` is about."""
    selection = replace(chosen.of_scope(scope, choices, template), members=False)
    _draw(lambda: chosen.as_frozen(scope.edition, selection))


def _leave() -> None:
    for key in OWN:
        st.query_params.pop(key, None)


def _draw(make: Callable[[], Snapshot]) -> None:
    """Draw the screen that the address asks for over everything, with what leads to the others."""
    params = st.query_params
    snapshot_id = params.get(SNAPSHOT)
    rest = [(key, one) for key in params if key not in OWN for one in params.get_all(key)]
    leave = f"{st.session_state['page'] or '.'}?{urlencode(rest)}"
    try:
        snapshot = make()
    except ChunshuiError as error:
        if isinstance(error, NothingToFreezeError):  # which is no fault
            notices.empty("这一页本月没有可以上屏的内容。", "")
        else:
            notices.failed(error)
        linked.show(f'<a href="{escape(leave)}" target="_self">退出会场模式</a>', "back")
        return
    place = _place(params.get(PART), len(snapshot.sections))
    usual = NAMELESS if singles_out(snapshot) else NAMED
    nameless = params.get(NAMES, usual) == NAMELESS

    def turn() -> None:
        st.query_params[PART] = str(st.session_state[KEY].turned)

    def name() -> None:
        asked = NAMED if st.session_state[KEY].named else NAMELESS
        if asked == NAMED == usual:
            st.query_params.pop(NAMES, None)
        else:
            st.query_params[NAMES] = asked

    linked.registered(_HERE)(
        data={
            "html": _screen(snapshot, place, nameless)
            + _foot(snapshot, place, bool(snapshot_id), nameless),
            "named": not nameless,
            "place": place + 1,
            "count": len(snapshot.sections),
            "leave": leave,
        },
        key=KEY,
        on_turned_change=turn,
        on_named_change=name,
    )
    st.session_state[curtain.STAGED] = True


def _place(part: str | None, count: int) -> int:
    """The section asked for, counted from 0; the nearest there is."""
    number = int(part) if part and part.isascii() and part.isdigit() else 1
    return min(max(number, 1), count) - 1


@st.cache_data(show_spinner=False, max_entries=200, hash_funcs={Snapshot: lambda one: one.id})
def _screen(snapshot: Snapshot, place: int, nameless: bool) -> str:
    return screens.screen(snapshot, place, nameless=nameless)


def _foot(snapshot: Snapshot, place: int, frozen: bool, nameless: bool) -> str:
    count = len(snapshot.sections)

    def turn(step: int, words: str) -> str:
        off = "" if 0 <= place + step < count else " disabled"
        return f'<button type="button" data-step="{step}"{off}>{words}</button>'

    mark = snapshot.nature_words
    look = "demo" if snapshot.is_demonstration else "mark"
    # One line with the longest id: a community without its street, which the finding names.
    scope = shorten(snapshot.scope.split(" ")[-1], 12)
    stamp = [scope, snapshot.as_of_words, snapshot.data_version]
    stamp.append(snapshot.id if frozen else "未冻结")
    return (
        f"<footer><nav>{turn(-1, '← 上一屏')}<span>{place + 1} / {count}</span>"
        f"{turn(1, '下一屏 →')}"
        f'<button type="button" data-names="1" aria-pressed="{str(nameless).lower()}">不点名 N</button>'
        f'<button type="button">退出 Esc</button></nav>'
        f'<span class="{look}">{escape(mark)}</span>'
        f"<span>{escape(' · '.join(stamp))}</span></footer>"
    )
