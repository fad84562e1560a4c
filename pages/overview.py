"""一池春水: are we on target, which street lacks what, where, what needs attention; below: ranking, claims."""

import streamlit as st

from chunshui.catalogue.wording import overview_sentence
from chunshui.ui import data
from chunshui.ui.shell import filters, head
from chunshui.ui.topics.meeting.controls import offer
from chunshui.ui.topics.meeting.data import ATTENTION, CLAIMS
from chunshui.ui.widgets import notes, pick, pictures, side_by_side, target_grid, tiles

scope = filters.current()
targeted = data.targeted(scope)
finding = overview_sentence(targeted, scope.words, scope.against)
tiles.finding(finding, targeted, scope)
first = targeted[: data.FIRST_TILES]
tiles.grid(first, scope)

lacking, where = st.columns([11, 9], gap="medium")
with lacking:
    st.markdown("**谁差在哪**　:small[差得多的在前；点一格看那里的数]")
    if scope.is_a_few_streets:
        side_by_side.show(scope, targeted)
    else:
        target_grid.show(scope)
with where:
    worst = data.worst_to_map(scope, targeted)
    metric = pick.metric(where, data.FIRST_METRIC, key="show", worst=worst)
    pictures.show_map(pictures.district_map(scope, metric.id), f"{metric.name}：各社区地图")

notes.first_attention(data.attention(scope), scope)

published = data.claims(scope)
ranking, beside = st.columns(2, gap="medium") if published else (st.container(), None)
pictures.show_titled_ranking(ranking, scope, metric)
if beside:
    with beside:
        st.subheader("公开数据对照", anchor=False)
        notes.claims(published, scope)

shown = tuple(figure.metric.id for figure in first)
offer(metric.id, figures=shown, more=(ATTENTION, CLAIMS))
head.foot(scope, shown)
