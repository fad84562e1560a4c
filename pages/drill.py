"""拉练赛马: who stands apart and on what, in which ranks the streets may lie, who truly progressed."""

import streamlit as st

from chunshui.ui.shell import filters, head
from chunshui.ui.topics.drills import controls
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import DRILL, DRILL_SCREENS

scope = filters.current()
board = controls.chosen_board()
head.finding(controls.finding_sentence(scope, board))
controls.draw_choices()
controls.draw(scope, board)

tabs = st.tabs(list(controls.PARTS), key="drill_part", bind="query-params", on_change="rerun")
for tab, draw in zip(tabs, controls.PARTS.values(), strict=True):
    if tab.open:
        with tab:
            draw(scope, board)

# Without names only what is seen is taken along: the sections of the same name have them all.
taken = () if controls.is_nameless() else tuple(DRILL.values())
offer(None, more=taken, screens=DRILL_SCREENS, template=board)
head.foot(scope, controls.metrics(scope, board))
