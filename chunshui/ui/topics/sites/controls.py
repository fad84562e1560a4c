"""What is chosen and opened on the page of the demonstration sites."""

import pandas as pd
import streamlit as st

from chunshui.ui import data as shown
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import notices
from chunshui.ui.topics.sites import data, tables
from chunshui.ui.widgets import drill, lists
from chunshui.ui.widgets.tables import headed


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


AGREEMENTS = ("covenant_rate", "forum_matters", "forum_settled_rate", "forum_waiting")


def draw_agreements(scope: Scope) -> None:
    """Draw who has a residents' covenant and what the forums raised, what lacks and what waits first."""
    if not any(shown.has_ledger(scope, one) for one in ("covenant", "forum_matter")):
        notices.empty("现用版本没有居民公约台账、居民议事台账。", "")
        return
    drill.buttons(scope, shown.figures(scope, AGREEMENTS).values())
    matters, covenants = st.columns([3, 2], gap="medium")
    with matters:
        st.markdown("**议事事项**：没有办成的在前，久的最前；列近一年提出的和还没有办成的")
        table = headed(data.matters(scope), tables.MATTERS)
        lists.show(table, "居民议事事项", scope, "forum_matters", 420)
    with covenants:
        st.markdown("**居民公约**：没有的在前，其余旧的在前")
        table = headed(data.covenants(scope), tables.COVENANTS)
        lists.show(table, "居民公约", scope, "covenants", 420)
    st.caption("这里是议事提出的事项；办了哪些活动，在各社区的“社区一页”。")


def open_checklist(scope: Scope, community: pd.Series) -> None:
    """Open the checklist of one community."""
    table = tables.checklist(data.checklist(scope, community["community_code"]))
    drill.rows(f"{community['community_name']}的四创清单", table, scope, "checklist_rows")


def open_item(scope: Scope, item: pd.Series) -> None:
    """Open the communities that lack one item of the checklist."""
    table = tables.lacking(data.lacking(scope, item["dimension"], item["item_name"]))
    drill.rows(f"{item['item_name']}未达标的社区", table, scope, "item_rows")
