"""Making a material: choose its sections, say whose it is, freeze it; what it hands out."""

from dataclasses import replace

import streamlit as st

from chunshui.access.roles import Act
from chunshui.month import Month
from chunshui.snapshots import freeze
from chunshui.snapshots.archive import About
from chunshui.snapshots.model import Snapshot
from chunshui.ui.data import reader
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.shell import notices, permit
from chunshui.ui.topics.meeting import chosen, controls, handing, official, streets, unit
from chunshui.ui.topics.meeting.data import OWN, listing


def draw(scope: Scope, lines: list[About]) -> Snapshot | None:
    """Draw it all, for whoever may freeze; return what was frozen just now."""
    if not permit.may(Act.FREEZE):
        return None
    st.subheader("做一份材料", anchor=False)
    template, draft = controls.choose()
    heading = controls.heading(*st.columns([3, 2, 1.4, 1.2], gap="small"))
    selection = chosen.selection(scope, draft, template, **heading)
    selection = replace(selection, head=official.draw_head(scope, selection, lines))
    unit.draw()
    to_hand_out = st.container()
    fresh = None
    if not draft.sections:
        notices.empty("还没有选部分。", "点一个模板，或在上面逐项选择。")
        chosen.offer_cleared()
    else:
        since = f"，与{Month.parse(scope.against).words}相比" if scope.against else ""
        st.caption(
            f"题为《{plain(freeze.title_of(reader(scope.edition), selection), 120)}》，{_template_words(template)}。"
            f"将按上方的范围（{scope.words}）和月份（{scope.month}）冻结{since}，数据版本{scope.version}。"
            "取自页面的部分照加入时所见，范围和月份写在它的名称里。"
        )
        handing.say_what_comes_first(scope, selection, lines)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            freezing = st.button("冻结并生成", type="primary", icon=":material/ac_unit:")
            for_streets = streets.offer(scope, selection)
            controls.offer_stage(scope, "stage_of_chosen")
        streets.draw(scope, selection, now=for_streets)
        if freezing:
            fresh = controls.freeze_and_store(scope, selection, hands_out=True)
    with to_hand_out:  # what was frozen just now is handed out
        handing.draw_list(scope, listing()[0] if fresh else lines)
    return fresh


def _template_words(template: str) -> str:
    return "自选，不套模板" if template == OWN else f"模板为{template}"
