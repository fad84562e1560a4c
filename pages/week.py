"""一周动态: any week, Monday to Sunday: what came in and went out, what is late, due and held."""

import streamlit as st

from chunshui.month import Month
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting.controls import offer, offer_week
from chunshui.ui.topics.meeting.data import WEEK, of_week
from chunshui.ui.topics.week import controls, data

scope = filters.current()
top = st.container()
week = controls.choose(scope)
with top:
    head.finding(data.finding_sentence(scope, week))
controls.draw(scope, week)
offer_week(scope, str(week), str(Month.of(data.sheet(scope, week).last)))

offer(None, more=(WEEK,), screens=of_week(str(week)))
head.foot(scope)
