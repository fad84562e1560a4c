"""民情办理: what comes in at each tier, goes out and is in hand; what is old, and where it gets stuck."""

import streamlit as st

from chunshui.ui.data import figures, has_ledger
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import CLAIMS
from chunshui.ui.topics.opinions import controls, finding
from chunshui.ui.topics.opinions.data import YEAR
from chunshui.ui.widgets import tiles

scope = filters.current()
head.finding(controls.finding_sentence(scope))
tiles.grid(figures(scope, controls.TILES).values(), scope)

known = has_ledger(scope, controls.EVENTS)
chosen = controls.draw_ladder(scope) if known else YEAR

tabs = st.tabs(list(controls.PARTS), key="opinions_part", bind="query-params", on_change="rerun")
for tab, (part, draw) in zip(tabs, controls.PARTS.items(), strict=True):
    if tab.open:
        with tab:
            if known or part not in controls.FLOWING:
                draw(scope, chosen)
            else:
                notices.empty(finding.NO_FLOW, "")

offer("opinion_on_time_rate", figures=controls.TILES, more=(CLAIMS,))
head.foot(scope, controls.TILES)
