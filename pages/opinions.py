"""民情办理: what comes in at each tier, goes out and is in hand; what is old, and where it gets stuck."""

from chunshui.ui.data import figures, has_ledger
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import CLAIMS
from chunshui.ui.topics.opinions import controls, finding
from chunshui.ui.topics.opinions.data import YEAR
from chunshui.ui.widgets import tiles
from chunshui.ui.widgets.tabs import in_tabs

scope = filters.current()
head.finding(controls.finding_sentence(scope))
tiles.grid(figures(scope, controls.TILES).values(), scope)

known = has_ledger(scope, controls.EVENTS)
chosen = controls.draw_ladder(scope) if known else YEAR

parts = dict(controls.PARTS)
if not known:
    parts |= dict.fromkeys(controls.FLOWING, lambda *_: notices.empty(finding.NO_FLOW, ""))
in_tabs(parts, scope, chosen, key="opinions_part")

offer("opinion_on_time_rate", figures=controls.TILES, more=(CLAIMS,))
head.foot(scope, controls.TILES)
