"""What the page of the two-new organisations shows, asked of a version."""

import datetime as dt

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import is_small, status, values
from chunshui.catalogue.metric import get_metric
from chunshui.month import Month
from chunshui.ui.data import home_street, views
from chunshui.ui.data.remembering import beside, remembered
from chunshui.ui.data.scope import Scope

COVERAGE, GAP = "two_new_coverage", "two_new_gap"
OWN, JOINT, WORK, NONE = COVERS = ("单独组建", "联合组建", "工作覆盖", "未覆盖")
# By what the organisations are grouped.
BY_INDUSTRY, BY_CLUSTER, BY_PLACE, BY_KIND = GROUPS = ("行业党委", "集聚区", "各地", "类别")
OUTSIDE = "不在集聚区"
OPENED, COVERED, CLOSED, CLOSED_BARE = EVENTS = (
    "新开办",
    "新建党组织",
    "注销（有党组织）",
    "注销（没有党组织）",
)
NEW_DAYS = 365  # opened within so many days: apart, in no sentence called behind


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope, whatever is filtered."""
    for ask in (orgs, events):
        ask(scope)


@remembered(256)
def orgs(scope: Scope) -> pd.DataFrame:
    """Return the organisations at work in scope, the oldest first, with how each is covered."""
    return views.within("views/two_new_list", scope)


def clusters(scope: Scope) -> pd.DataFrame:
    """Return the clusters with organisations in scope: street, industry, stations, the ledger row."""
    rows = views.monthly("views/two_new_clusters", scope)
    return rows[rows["cluster_name"].isin(orgs(scope)["cluster_name"])]


@remembered(256)
def events(scope: Scope) -> pd.DataFrame:
    """Return what opened, closed and was covered in scope in the last twelve months, the latest first."""
    rows = views.within("views/two_new_events", scope, _year_before)
    return rows.assign(month=rows["happened_on"].dt.strftime("%Y-%m"))


def _year_before(month: Month) -> dt.date:
    return month.shift(-11).first


@remembered(256)
def months(scope: Scope) -> pd.DataFrame:
    """Return how many of each of `EVENTS` there were in scope in each of the last twelve months."""
    rows, last = events(scope), Month.parse(scope.month)
    counts = pd.crosstab(rows["month"], rows["event"])
    span = [str(last.shift(k)) for k in range(-11, 1)]
    counts = counts.reindex(index=span, columns=list(EVENTS), fill_value=0)
    return counts.rename_axis(columns=None).reset_index(names="month")


@beside
def uncovered(orgs: pd.DataFrame) -> pd.DataFrame:
    """Return the organisations without a party organisation of their own or a joint one."""
    return orgs[orgs["cover"].isin((WORK, NONE))]


@remembered(256)
def group_of(scope: Scope, by: str) -> tuple[str, pd.Series]:
    """Return what the groups are called (各地: the communities of one street) and each organisation's."""
    level = "community" if home_street(scope) else "street"
    places = f"{level}_name", words.label(f"{level}_name")
    column, called = {
        BY_INDUSTRY: ("industry_name", by),
        BY_CLUSTER: ("cluster_name", by),
        BY_PLACE: places,
        BY_KIND: ("kind", by),
    }[by]
    return called, orgs(scope)[column].fillna(OUTSIDE)


@remembered(256)
def groups(scope: Scope, by: str) -> pd.DataFrame:
    """Return each group of organisations: how many are covered in which way, the rate and its status.

    Columns name, the four of `COVERS`, whole, covered, value, status, small, oldest_days of those
    without an organisation, outside. The lowest rate first, what rests on too little after the
    others, those outside all clusters last.
    """
    metric, rows = get_metric(COVERAGE), orgs(scope)
    _, names = group_of(scope, by)
    counts = pd.crosstab(names, rows["cover"]).reindex(columns=list(COVERS), fill_value=0)
    without = uncovered(rows)
    oldest = without.groupby(names.loc[without.index])["open_days"].max()
    covered, whole = counts[OWN] + counts[JOINT], counts.sum(axis=1)
    table = counts.assign(
        whole=whole,
        covered=covered,
        value=values(metric, covered, whole),
        oldest_days=oldest.reindex(counts.index),
        small=[is_small(metric, one) for one in whole],
    ).reset_index(names="name")
    pairs = zip(table["value"], table["whole"], strict=True)
    table["status"] = [status(metric, value, base) for value, base in pairs]
    table["outside"] = table["name"] == OUTSIDE
    return table.sort_values(["outside", "small", "value", "name"], ignore_index=True)
