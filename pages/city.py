"""全市: how the city stands, the districts ranked by one metric, who is not among them and why, trends.

All of it is of one edition; a row leads to the district's pages as of the version pinned there.
"""

import streamlit as st

from chunshui.catalogue.metric import get_metric
from chunshui.errors import ChunshuiError
from chunshui.ui.data import city
from chunshui.ui.shell import head
from chunshui.ui.topics.city import controls, data, finding, tables
from chunshui.ui.topics.meeting import shelf
from chunshui.ui.widgets import linked

try:
    edition = city.edition()
except ChunshuiError as error:
    st.title("全市")
    st.error(str(error), icon=":material/error:")
    st.stop()

metric_id, month = controls.choose(edition)
head.finding(finding.sentence(edition, month))
controls.faults(edition)

ranking, beside = st.columns([13, 6], gap="medium")
with ranking:
    found, total = data.standings(edition, metric_id, month), data.total(edition, metric_id, month)
    said = finding.ranking_sentence(get_metric(metric_id), total, found)
    head.draw_picture_title(ranking, said)
    linked.show(tables.ranking(edition, metric_id, month), "city_ranking")
    controls.offer(ranking, edition, metric_id, month)
with beside:
    if absent := tables.beside(edition, metric_id, month):
        linked.show(absent, "city_beside")
        controls.both_texts(edition, metric_id, month)
    else:
        st.success("各区到齐，口径相同。", icon=":material/check_circle:")

controls.trends(edition, metric_id, month)
shelf.draw_of_city(controls.frozen(edition, metric_id, month))
controls.foot(edition)
