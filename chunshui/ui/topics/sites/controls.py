"""What is chosen and opened on the page of the demonstration sites."""

import pandas as pd
import streamlit as st

from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.sites import data, tables
from chunshui.ui.widgets import drill


def choose_community(scope: Scope, communities: pd.DataFrame) -> str | None:
    """Return the community of the shared filter, else draw a choice, those with a site first."""
    if scope.community:
        return scope.community
    if communities.empty:
        return None
    order = ["is_demo", "lacking_items"]
    names = {
        row.community_code: f"{row.street_name}{row.community_name}"
        + ("（示范）" if row.is_demo else "")
        for row in communities.sort_values(order, ascending=False, kind="stable").itertuples()
    }
    if st.session_state.get("site_community") not in names:
        st.session_state.pop("site_community", None)
    return st.selectbox(
        "社区（有示范点的在前）",
        list(names),
        format_func=names.__getitem__,
        key="site_community",
        bind="query-params",
    )


def open_checklist(scope: Scope, community: pd.Series) -> None:
    """Open the checklist of one community."""
    table = tables.checklist(data.checklist(scope, community["community_code"]))
    drill.rows(f"{community['community_name']}的四创清单", table, scope, "checklist_rows")


def open_item(scope: Scope, item: pd.Series) -> None:
    """Open the communities that lack one item of the checklist."""
    table = tables.lacking(data.lacking(scope, item["dimension"], item["item_name"]))
    drill.rows(f"{item['item_name']}未达标的社区", table, scope, "item_rows")
