"""拉练赛马: who stands apart and on what, in which ranks the streets may lie, who truly progressed."""

from chunshui.ui.shell import filters, head
from chunshui.ui.topics.drills import controls
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import DRILL, DRILL_SCREENS
from chunshui.ui.widgets.tabs import in_tabs

scope = filters.current()
board = controls.chosen_board()
head.finding(controls.finding_sentence(scope, board))
controls.draw_choices()
controls.draw(scope, board)

in_tabs(controls.PARTS, scope, board, key="drill_part")

# Without names only what is seen is taken along: the sections of the same name have them all.
taken = () if controls.is_nameless() else tuple(DRILL.values())
offer(None, more=taken, screens=DRILL_SCREENS, template=board)
head.foot(scope, controls.metrics(scope, board))
