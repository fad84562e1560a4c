"""The unit's own templates on 会议快照: upload with what the check says, choose, back to the standard, the sample."""

import streamlit as st

from chunshui.access.roles import Act
from chunshui.errors import ChunshuiError
from chunshui.snapshots import unit_templates
from chunshui.snapshots.render import export
from chunshui.snapshots.render.deck import master
from chunshui.snapshots.render.notice import unit_style
from chunshui.snapshots.render.office_package import KINDS, MOST_BYTES
from chunshui.ui.markdown import plain
from chunshui.ui.shell import notices, permit
from chunshui.ui.widgets import downloads

_WHAT = {"pptx": "演示文稿母版", "docx": "公文模板"}
_SAID = "template_said"


def draw() -> None:
    """Draw the templates of this installation: which is used, how it is changed."""
    used = unit_templates.chosen()
    kept = unit_templates.listing()
    if said := st.session_state.pop(_SAID, None):
        good, words = said
        show = st.success if good else st.error
        show(plain(words, 800), icon=":material/check_circle:" if good else ":material/error:")
    # Its label never changes: an expander with another label is another one, and closed.
    with st.expander("单位模板（演示文稿母版、公文模板）", icon=":material/palette:"):
        names = {one.id: one.name for one in kept}
        in_use = "、".join(names[one] for one in used.values()) or "标准模板"
        st.markdown(f"现用：**{plain(in_use, 80)}**")
        st.caption(
            "用本单位的母版生成：版式叫“封面”“要点”“图表”“表格”“图形”的照用，占位符按名称填写；"
            "没有的，借用最接近的版式。公文模板用它的页面、页眉页脚和同名样式（标题 1、标题 2、公文正文等）。换模板不改冻结的内容，快照编号不变。"
        )
        for kind in KINDS:
            mine = [one for one in kept if one.kind == kind]
            if mine:
                _draw_choice(kind, mine, used.get(kind))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _draw_upload()
            for kind, make in (("pptx", master.sample), ("docx", unit_style.sample)):
                downloads.button(
                    f"下载样例{_WHAT[kind]}（{kind}）",
                    make,
                    f"样例{_WHAT[kind]}.{kind}",
                    export.MEDIA_TYPES[kind],
                    act=Act.FREEZE,
                    icon=":material/download:",
                )


def _draw_choice(kind: str, mine: list[unit_templates.UnitTemplate], used: str | None) -> None:
    """Draw which template of a kind is used, and what its check said."""
    by_id = {one.id: one for one in mine}
    options = ["", *by_id]
    key = f"unit_template_{kind}"
    if st.session_state.get(key) not in options or st.session_state[key] != (used or ""):
        st.session_state[key] = used or ""

    def choose() -> None:
        try:
            permit.demand(Act.FREEZE, template=kind)
            unit_templates.choose(kind, st.session_state[key] or None)
        except ChunshuiError as error:
            notices.failed(error)

    def words(one: str) -> str:
        if not one:
            return f"标准{_WHAT[kind]}"
        return f"{by_id[one].name}（{by_id[one].added_at[:10]}上传）"

    st.selectbox(_WHAT[kind], options, format_func=words, key=key, on_change=choose)
    if used in by_id:
        st.caption(plain(by_id[used].report, 600))


def _draw_upload() -> None:
    """Draw the upload; what is uploaded is checked, kept and used from then on."""
    count = st.session_state.setdefault("template_uploads", 0)

    def take() -> None:
        file = st.session_state[f"template_{count}"]
        if file is None:
            return
        try:
            permit.demand(Act.FREEZE, template=file.name)
            one = unit_templates.add(file.name, file.getvalue())
            st.session_state[_SAID] = (
                True,
                f"已存下并选用“{one.name}”，哪些照用、哪些代用见下面。",
            )
        except ChunshuiError as error:
            st.session_state[_SAID] = (False, str(error))
        st.session_state["template_uploads"] = count + 1  # an empty upload again

    st.file_uploader(
        f"上传母版（pptx）或公文模板（docx），至多{MOST_BYTES >> 20} MB，不含宏、外部链接和嵌入的对象",
        type=["pptx", "potx", "docx", "dotx", "pptm", "potm", "docm", "dotm", "ppt", "doc"],
        key=f"template_{count}",
        on_change=take,
    )
