"""公文格式: what the notice of a material says beside its figures, typed here and kept for the next."""

import streamlit as st

from chunshui.access.roles import Act
from chunshui.errors import ChunshuiError
from chunshui.snapshots import kept
from chunshui.snapshots.head import (
    LABELS,
    LENGTH,
    LINES,
    LIST_LENGTH,
    LISTS,
    REQUIREMENTS,
    issued_anew,
    refuse_faulty,
    typed_head,
)
from chunshui.snapshots.model import Head
from chunshui.ui.shell import notices, permit

_KEY = "head_"
_EXAMPLES = {
    "issuer": "如：中共硚口区委办公室",
    "secrecy": "没有则留空",
    "number": "如：硚办通报〔2026〕31号",
    "addressee": "如：各街道党工委，区直各单位",
    "copies": "没有则留空",
    "approver": "如：区委办公室主任",
    "signature": "留空则同发文单位",
    "date": "留空则用会议日期",
}


def draw_head() -> Head:
    """Draw the form; return what is typed, faulty or not: freezing refuses what the form says is wrong."""
    _begin()
    head = _typed()
    # A label that says what is typed would close the form at every word.
    with st.expander(f"公文格式（版头、落款、{REQUIREMENTS}）", icon=":material/article:"):
        st.caption("印在Word公文上，随材料冻结；留空的不印。只写单位和岗位，不写人名。")
        names = list(LABELS)
        for row in (names[:3], names[3:6], names[6:]):
            for column, name in zip(st.columns(3, gap="small"), row, strict=False):
                column.text_input(
                    LABELS[name],
                    max_chars=LIST_LENGTH if name in LISTS else LENGTH,
                    placeholder=_EXAMPLES[name],
                    key=_KEY + name,
                    persist_state="session",
                )
        st.text_area(
            f"{REQUIREMENTS}（一行一条，最多{LINES}条）",
            height=110,
            placeholder="如：各街道对照附件逐项销号，11月20日前补齐空缺网格长。",
            key=_KEY + "requirements",
            persist_state="session",
        )
        try:
            refuse_faulty(head)
        except ChunshuiError as error:
            notices.failed(error)
            return head
        common = issued_anew(head)
        is_kept = kept.read().head == common
        if st.button(
            "已存为本机常用" if is_kept else "存为本机常用（文号和日期除外）",
            icon=":material/check:" if is_kept else ":material/save:",
            disabled=is_kept,
        ):
            permit.demand(Act.FREEZE, head=common.number or "")
            kept.keep_head(common)
            st.rerun()
    return head


def _begin() -> None:
    """Fill the form, in a new session, with what is kept."""
    if _KEY + "requirements" in st.session_state:
        return
    found = kept.read().head
    for name in LABELS:
        st.session_state[_KEY + name] = vars(found)[name]
    st.session_state[_KEY + "requirements"] = "\n".join(found.requirements)


def _typed() -> Head:
    state = st.session_state
    typed = {name: str(state.get(_KEY + name) or "") for name in LABELS}
    return typed_head(typed, str(state.get(_KEY + "requirements") or ""))
