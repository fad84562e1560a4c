"""Tables of the community fund as they are shown: Chinese heads, units, signs."""

import pandas as pd

from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.fund import data
from chunshui.ui.widgets.tables import LEDGER, headed

THEMES = ["一老一小", "社区公益", "邻里关照"]
ELEMENTS = ["社区", "社会工作者", "社区社会组织", "社区志愿者", "社区公益慈善资源"]
ALL = "合计"

COMMUNITIES = {
    "community_name": "社区", "street_name": "街道", "spent_yuan": "累计支出（元）",
    "yuan_per_resident": "人均（元）", "entries": "笔数", "young_old_yuan": "一老一小（元）",
    "welfare_yuan": "社区公益（元）", "neighbours_yuan": "邻里关照（元）", "last_on": "最近一笔",
}  # fmt: skip
PROJECTS = {
    "project_name": "项目", "street_name": "街道", "community_name": "社区", "theme": "主题",
    "element": "五社要素", "delivery": "交付", "deliverable": "交付物", "served": "服务人次",
    "overdue_days": "逾期（日历日）", "planned_yuan": "计划（元）", "spent_yuan": "支出（元）",
    "due_on": "应交付", "delivered_on": "交付日期", **LEDGER,
}  # fmt: skip
UNITS = {
    "时间银行": ("小时", "支取"),
    "积分超市": ("分", "兑换"),
}  # of a carrier, and how it is used
ENTRIES = {
    "booked_on": "入账日期", "direction": "收支", "street_name": "街道", "community_name": "社区",
    "theme": "主题", "element": "五社要素", "item": "用途", "amount_yuan": "金额（元）",
    "project_name": "所属项目", **LEDGER,
}  # fmt: skip


def split(spending: pd.DataFrame) -> pd.DataFrame:
    """Return spending by theme and element as a table of themes by elements, yuan, with sums."""
    if spending.empty:
        return pd.DataFrame()
    table = spending.pivot_table("spent_yuan", "theme", "element", "sum", fill_value=0)
    there = [theme for theme in THEMES if theme in table.index]
    table = table.reindex(index=there, columns=ELEMENTS, fill_value=0).astype(int)
    table.loc[ALL] = table.sum()
    table.insert(0, ALL, table.sum(axis=1))
    return table.rename_axis(index="主题", columns=None).reset_index()


@remembered(256)
def communities(scope: Scope) -> pd.DataFrame:
    """Return what each community received."""
    rows = data.communities(scope)
    return headed(rows.assign(yuan_per_resident=rows["yuan_per_resident"].round(2)), COMMUNITIES)


@remembered(256)
def projects(scope: Scope) -> pd.DataFrame:
    """Return the fund's projects with what was delivered."""
    return headed(data.projects(scope), PROJECTS)


def carriers(rows: pd.DataFrame, carrier: str) -> pd.DataFrame:
    """Return the stations with a carrier, in its own unit: hours of the one and points of the other do not add up."""
    unit, used = UNITS[carrier]
    heads = {
        "station_name": "阵地", "street_name": "街道", "community_name": "社区",
        "earned": f"本年存入（{unit}）", "used": f"本年{used}（{unit}）", "balance": f"累计结余（{unit}）",
        "people": "本年参加（人次）", **LEDGER,
    }  # fmt: skip
    return headed(rows[rows["carrier"] == carrier], heads)
