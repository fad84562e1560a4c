"""各街道一套: the material chosen, frozen and made for every street, in one archive."""

from functools import partial

import streamlit as st

from chunshui.access.roles import Act
from chunshui.errors import ChunshuiError
from chunshui.snapshots import stamp
from chunshui.snapshots.render import child_process, export
from chunshui.snapshots.render.export import Documents
from chunshui.snapshots.selection import Selection
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import notices, permit
from chunshui.ui.topics.meeting import chosen
from chunshui.ui.widgets import downloads, progress

_KEY = "each_street_made"


def offer(scope: Scope, selection: Selection) -> bool:
    """Draw the button where there are several streets; whether it was pressed."""
    if selection.community or len(selection.streets) == 1:
        return False
    return st.button(
        "各街道一套",
        icon=":material/folder_zip:",
        help="每个街道各冻结一份、各做一套材料，按街道装进一个压缩包，附全部街道的工作簿。要几分钟。",
    )


def draw(scope: Scope, selection: Selection, *, now: bool) -> None:
    """Draw the making of every street's material and, once made, its download; `now` begins it."""
    if now:
        st.session_state.pop(_KEY, None)
        permit.demand(Act.FREEZE, title="各街道一套", version=scope.version)
        by = permit.signature() or st.session_state.get(chosen.HEADING["maker"], "").strip()
        try:
            with progress.bar("各街道一套") as move:
                made = child_process.streets(
                    scope.version, selection, stamp.now(), progress=move, by=by
                )
        except ChunshuiError as error:
            notices.failed(error)
            return
        st.session_state[_KEY] = selection, made
    if st.session_state.get(_KEY, (None,))[0] == selection:
        _download(st.session_state[_KEY][1])


def _download(made: Documents) -> None:
    for fault in made.faults:
        st.error(fault, icon=":material/error:")
    for name, content in made.files.items():
        st.success("各街道的快照已存入档案，材料在压缩包里。", icon=":material/check_circle:")
        downloads.button(
            f"各街道一套（zip，{len(content) / (1 << 20):.1f} MB）",
            partial(bytes, content),
            name,
            export.MEDIA_TYPES["zip"],
            act=Act.DOCUMENTS,
            icon=":material/folder_zip:",
        )
