"""一池春水: are we on target, where not, what changed; what needs attention; claims beside figures."""

import streamlit as st

from chunshui.catalogue.wording import overview_sentence, place_sentence
from chunshui.ui import data
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import ATTENTION, CLAIMS
from chunshui.ui.widgets import notes, pick, pictures, tiles

scope = filters.current()
head.finding(overview_sentence(data.targeted(scope), scope.words))

tiles.grid(data.figures(scope, data.FIRST_TILES).values(), scope)

where, which = st.columns([3, 2], gap="medium", vertical_alignment="bottom")
metric = pick.metric(which, default=data.FIRST_METRIC, key="show")
head.draw_picture_title(
    where, place_sentence(data.figure(scope, metric.id), data.places(scope, metric.id))
)

left, right = st.columns([3, 2], gap="medium")
with left:
    pictures.show_map(pictures.district_map(scope, metric.id), f"{metric.name}：各社区地图")
pictures.show_ranking(right, scope, metric)

attention, claims = st.columns(2, gap="medium")
with attention:
    st.subheader("需要关注", anchor=False)
    notes.attention(data.attention(scope))
with claims:
    st.subheader("公开数据对照", anchor=False)
    notes.claims(data.claims(scope))

claims_and_more = (ATTENTION, CLAIMS)
offer(metric.id, figures=data.FIRST_TILES, more=claims_and_more)
head.foot(scope, data.FIRST_TILES)
