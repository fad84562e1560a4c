"""公文格式: what the notice of a material says beside its figures, typed here; all but its requirements may be kept."""

import streamlit as st

from chunshui.access.roles import Act
from chunshui.errors import ChunshuiError
from chunshui.snapshots import freeze, kept
from chunshui.snapshots.archive import About
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
from chunshui.snapshots.selection import Selection
from chunshui.ui.data import reader
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import notices, permit

_KEY = "head_"
_EXAMPLES = {
    "issuer": "如：中共某某区委办公室",
    "secrecy": "没有则留空",
    "number": "如：某办通报〔2026〕31号",
    "addressee": "如：各街道党工委，区直各单位",
    "copies": "没有则留空",
    "approver": "如：区委办公室主任；只印在报告、请示和动态上",
    "signature": "留空则同发文单位",
    "date": "留空则用会议日期",
}


def draw_head(scope: Scope, selection: Selection, lines: list[About]) -> Head:
    """Draw the form; return what is typed, faulty or not: freezing refuses what the form says is wrong.

    Requirements are typed for one template and scope, and begin with those of the last such material.
    """
    head = typed(scope, selection, lines)
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
            key=_requirements(scope, selection),
            persist_state="session",
        )
        try:
            refuse_faulty(head)
        except ChunshuiError as error:
            notices.failed(error)
            return head
        common = issued_anew(head)
        st.caption(
            f"{REQUIREMENTS}只用于这份材料，下一份同模板、同范围的材料接着用；别的材料不带。"
            f"文号、日期和{REQUIREMENTS}不存为本机常用。"
        )
        is_kept = kept.read().head == common
        filled = [LABELS[name].partition("（")[0] for name in LABELS if vars(common)[name]]
        if st.button(
            f"已存为本机常用：{'、'.join(filled)}" if is_kept and filled else "存为本机常用",
            icon=":material/check:" if is_kept and filled else ":material/save:",
            disabled=is_kept,
        ):
            permit.demand(Act.FREEZE, head=common.number or "")
            kept.keep_head(common)
            st.rerun()
    return head


def typed(scope: Scope, selection: Selection, lines: list[About]) -> Head:
    """Return what is typed of a material: in a new session what is kept, and what the last such material asked."""
    state, requirements = st.session_state, _requirements(scope, selection)
    if _KEY + "issuer" not in state:
        found = kept.read().head
        for name in LABELS:
            state[_KEY + name] = vars(found)[name]
    if requirements not in state:
        try:
            asked = freeze.last_requirements(reader(scope.edition), selection, lines)
        except ChunshuiError as error:  # a damaged file of the archive
            notices.failed(error)
            asked = ()
        state[requirements] = "\n".join(asked)
    written = {name: str(state.get(_KEY + name) or "") for name in LABELS}
    return typed_head(written, str(state.get(requirements) or ""))


def _requirements(scope: Scope, selection: Selection) -> str:
    return f"{_KEY}requirements {selection.template} {scope.words}"
