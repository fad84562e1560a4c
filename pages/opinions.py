"""民情办理: what comes in at each tier, goes out and is in hand; what is old, and where it gets stuck."""

import streamlit as st

from chunshui.ui.data import claims, figures
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import CLAIMS
from chunshui.ui.topics.opinions import controls
from chunshui.ui.widgets import drill, notes, pick, tiles

scope = filters.current()
head.finding(controls.said_of(scope))
tiles.grid(figures(scope, controls.TILES).values(), scope)

chosen = controls.draw_ladder(scope)

PARTS = ["在手事项", "卡在哪里", "各级用时", "退回", "流向", "揭榜领题", "各地排名"]
held, stuck, waits, returns, ways, posted, places = st.tabs(
    PARTS, key="opinions_part", bind="query-params", on_change="rerun"
)
if held.open:
    with held:
        controls.draw_held(scope)
if stuck.open:
    with stuck:
        controls.draw_stuck(scope)
if waits.open:
    with waits:
        controls.draw_waits(scope)
if returns.open:
    with returns:
        controls.draw_returns(scope, chosen)
if ways.open:
    with ways:
        controls.draw_ways(scope, chosen)
if posted.open:
    with posted:
        controls.draw_challenges(scope)
if places.open:
    with places:
        notes.claims(claims(scope, "C05"), scope)
        drill.buttons(scope, figures(scope, controls.BESIDE).values())
        pick.ranking(scope, controls.PLACES, "opinions_ranked")

offer("opinion_on_time_rate", figures=controls.TILES, more=(CLAIMS,))
head.foot(scope, controls.TILES)
