"""Tables of the two-new organisations as they are shown: Chinese heads, units, signs."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import ratio, written
from chunshui.catalogue.metric import get_metric
from chunshui.ui.data.remembering import beside, remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.two_new import data, finding
from chunshui.ui.widgets.tables import LEDGER, headed, readable

PLACE = {"street_name": "街道", "community_name": "社区"}
OF = {"industry_name": "行业党委", "kind": "类别", **PLACE, "cluster_name": "集聚区", **LEDGER}
GAP = {
    "org_name": "两新组织",
    "lack": "缺什么",
    "years": "已开办（年）",
    "opened_on": "登记日期",
    **OF,
}
ORGS = {
    "org_name": "两新组织", "cover": "覆盖方式", "covered_on": "覆盖日期", "opened_on": "登记日期", **OF,
}  # fmt: skip


@beside
def gap(rows: pd.DataFrame) -> pd.DataFrame:
    """Return organisations without a party organisation: what each lacks, years at work."""
    lacks = rows["cover"].map(finding.lack)
    return headed(rows.assign(lack=lacks, years=(rows["open_days"] / 365.25).round(1)), GAP)


CLUSTERS = {
    "cluster_name": "集聚区", "industry_label": "产业", "industry_name": "牵头行业党委", "named_on": "认定日期",
    "stations": "集聚区阵地（处）", "street_name": "街道", **LEDGER,
}  # fmt: skip
EVENTS = {"happened_on": "日期", "event": "变动", "org_name": "两新组织", **OF}


@remembered(256)
def groups(scope: Scope, by: str) -> pd.DataFrame:
    """Return each group: rate, own, joint and only work apart, uncovered, the oldest of those."""
    metric = get_metric(data.COVERAGE)
    rows = data.groups(scope, by)
    shares = {
        one: [words.percent(share) for share in ratio(rows[one], rows["whole"], 100)]
        for one in (data.OWN, data.JOINT)
    }
    return readable(
        {
            data.group_of(scope, by)[0]: rows["name"],
            "覆盖率": [written(metric, value).text for value in rows["value"]],
            "状态": rows["status"],
            "运营中（家）": rows["whole"],
            "单独组建": shares[data.OWN],
            "联合组建": shares[data.JOINT],
            "应建未建（家）": rows["whole"] - rows["covered"],
            "只有工作覆盖（家）": rows[data.WORK],
            "都没有（家）": rows[data.NONE],
            "最早的已开办（年）": (rows["oldest_days"].astype(float) / 365.25).round(1),
        }
    )


@beside
def events(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what opened, closed and was covered, as it comes: the latest first."""
    return headed(rows, EVENTS)
