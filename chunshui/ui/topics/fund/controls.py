"""What a click opens on the page of the community fund: the entries behind a number."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.month import Month
from chunshui.ui.data import figures, has_ledger
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import notices
from chunshui.ui.topics.fund import data, tables
from chunshui.ui.widgets import drill, lists
from chunshui.ui.widgets.tables import headed


def open_month(scope: Scope, month: str) -> None:
    """Open what came into the fund and went out of it in one month, in the whole district."""
    whole = scope.district()
    entries = data.entries(whole, month=Month.parse(month).first)
    drill.rows(f"{month}社区基金收支", headed(entries, tables.ENTRIES), whole, "flow_rows")


def open_spent(scope: Scope, theme: str, element: str) -> None:
    """Open the entries of one theme and element of the fund; a sum opens all it adds up."""
    entries = data.entries(
        scope,
        direction="支出",
        theme=None if theme == tables.ALL else theme,
        element=None if element in ("主题", tables.ALL) else element,
    )
    drill.rows(f"{theme}·{element}支出", headed(entries, tables.ENTRIES), scope, "fund_rows")


def open_received(scope: Scope, community: pd.Series) -> None:
    """Open what one community received from the fund."""
    name = community["community_name"]
    within = replace(scope, community=community["community_code"], words=name)
    entries = data.entries(within, direction="支出")
    drill.rows(f"{name}得到的社区基金", headed(entries, tables.ENTRIES), within, "received_rows")


def open_project(scope: Scope, project: pd.Series) -> None:
    """Open what one project of the fund spent."""
    entries = data.entries(scope, direction="支出", project=project["project_id"])
    title, got = f"{project['project_name']}的支出", project["deliverable"]
    sentence = f"{project['delivery']}：{'还没有交付物' if words.is_missing(got) else got}"
    drill.rows(title, headed(entries, tables.ENTRIES), scope, "project_rows", sentence)


CARRIERS = (
    "time_bank_hours",
    "points_used",
    "time_bank_community_rate",
    "points_community_rate",
    "canteen_community_rate",
)


def draw_carriers(scope: Scope) -> None:
    """Draw the time banks and points shops: figures, and what was earned and used at each."""
    drill.buttons(scope, figures(scope, CARRIERS).values())
    if not has_ledger(scope, "carrier_month"):
        notices.empty("现用版本没有时间银行积分超市台账。", "")
        return
    st.caption("时间银行记小时，积分超市记分，两种不相加；只有阵地的总数，没有个人的数。")
    rows = data.carriers(scope)
    for carrier in tables.UNITS:
        st.markdown(f"**{carrier}**")
        table = tables.carriers(rows, carrier)
        lists.show(table, carrier, scope, f"carriers_{carrier}", 280, handed=False)
