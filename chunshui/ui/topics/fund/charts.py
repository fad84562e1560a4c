"""The picture of the community fund, drawn for an appearance."""

import streamlit as st

from chunshui.ui import charts
from chunshui.ui.charts import Drawn
from chunshui.ui.data.scope import BY_KEY, Scope
from chunshui.ui.topics.fund import data
from chunshui.ui.widgets.pictures import is_dark
from chunshui.ui.widgets.tables import WAN


def flows(scope: Scope) -> Drawn:
    """Return the fund's money in and out by month with its balance, of the whole district."""
    return _flows(scope.district(), is_dark())


@st.cache_resource(show_spinner=False, max_entries=128, hash_funcs=BY_KEY)
def _flows(scope: Scope, dark: bool) -> Drawn:
    rows = data.months(scope)
    income, spent, balance = (
        (rows[f"{column}_yuan"].astype(float) / WAN).tolist()
        for column in ("income", "spent", "balance")
    )
    return Drawn(charts.flows(list(rows["month"]), income, spent, balance, unit="万元", dark=dark))
