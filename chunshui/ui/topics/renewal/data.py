"""What the pages of renewal, fund and demonstration sites show, asked of a version and kept.

As in `data`: nothing here computes a figure. Rows come from `queries/views`, time is reckoned with
in `chunshui.renewal`. What does not depend on a choice of streets but on the month alone is asked
of the whole district once a month and cut to the scope: a change of streets asks little anew, and
`prepare` asks it ahead.
"""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from chunshui.catalogue import metric as catalogue
from chunshui.catalogue.metric import Metric
from chunshui.renewal import curves, forecast, shares, sums
from chunshui.renewal.shares import Share
from chunshui.renewal.sums import PLACES, Counts
from chunshui.ui import data
from chunshui.ui.data.scope import Scope

MILESTONES = ("开工", "完工", "验收")
DATES = ["planned_on", "actual_on"]
FORECAST = ["low_on", "likely_on", "high_on"]
LEDGER = ["file_name", "sheet_name", "source_row"]
COMPARED = (
    "full_items_rate",
    "opinion_on_time_rate",
    "opinion_local_rate",
    "group_leader_rate",
    "grid_roles_filled",
    "two_new_coverage",
    "walkup_older_rate",
)


@dataclass(frozen=True)
class Compared:
    """One metric for demonstration communities and the others; `apart` bounds the difference."""

    metric: Metric
    ours: Share
    others: Share
    apart: tuple[float, float]


def as_of(scope: Scope) -> pd.Timestamp:
    """Return the last day of the scope's month."""
    return pd.Timestamp(catalogue.month_end(catalogue.parse_month(scope.month)))


def _ask(view: str, scope: Scope, **params) -> pd.DataFrame:
    return data.reader(scope.version).query(
        view,
        as_of=as_of(scope).date(),
        streets=list(scope.streets),
        community=scope.community,
        **params,
    )


def _district(view: str, scope: Scope, **params) -> pd.DataFrame:
    return data.reader(scope.version).query(view, as_of=as_of(scope).date(), **params)


def _within(view: str, scope: Scope, **params) -> pd.DataFrame:
    """Return the rows in scope of a view of the whole district, asked once a month."""
    return _cut(_district(view, scope, **params), scope)


def _cut(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    return sums.within(rows, scope.streets, scope.community)


def prepare(version: str, month: str) -> None:
    """Ask ahead what the three pages need of a month, whatever is filtered."""
    whole = Scope(version, month)
    for ask in (projects, fund_months, fund_split, fund_communities, fund_projects, sites, items):
        ask(whole)
    for ask in (funnel, categories):
        ask(whole, every_year())
    dimensions(whole)
    physical(whole, "完工", True)


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def projects(scope: Scope) -> pd.DataFrame:
    """Return the projects in scope, the longest over their limit first, each with its ledger row."""
    limits = catalogue.get("renovation_stalled").variant().params
    return _within("views/renewal_projects", scope, **limits)


def stages(scope: Scope) -> pd.DataFrame:
    """Return every stage of every project of the district as known in the scope's month."""
    return _district("views/renewal_stages", scope)


def steps(scope: Scope) -> pd.DataFrame:
    """Return the stages in order, with the milestone each is."""
    return data.reader(scope.version).query("views/renewal_steps")


def finish_step(scope: Scope) -> int:
    """Return the place of the stage 完工 in the order of stages."""
    found = steps(scope)
    return int(found.loc[found["milestone"] == "完工", "step"].iloc[0])


@st.cache_resource(show_spinner=False, max_entries=256)
def _counts(view: str, version: str, month: str, by: tuple[str, ...], **params) -> Counts:
    return Counts(_district(view, Scope(version, month), **params), list(by))


def _added(view: str, scope: Scope, by: tuple[str, ...], **params) -> pd.DataFrame:
    """Return the sums in scope of a view that counts by community, asked once a month."""
    counts = _counts(view, scope.version, scope.month, by, **params)
    return counts.added(scope.streets, scope.community)


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def funnel(scope: Scope, years_back: int) -> pd.DataFrame:
    """Return how many projects and households reached each stage."""
    found = _added("views/renewal_funnel", scope, ("stage",), years_back=years_back)
    # Also the stages of which nothing in scope is planned.
    whole = found.set_index("stage").reindex(steps(scope)["stage"], fill_value=0)
    return whole.reset_index()


def categories(scope: Scope, years_back: int) -> pd.DataFrame:
    """Return projects, neighbourhoods and households started, finished, accepted by category."""
    return _added("views/renewal_categories", scope, ("category",), years_back=years_back)


def sources(scope: Scope) -> pd.DataFrame:
    """Return the money planned, allocated and paid by source."""
    return _ask("views/renewal_sources", scope)


def source_rows(
    scope: Scope, source: str | None = None, until: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return the entries of one source, or of all, up to the scope's month or another one."""
    until = (until or as_of(scope)).date()
    return _ask("views/renewal_source_rows", scope, source=source, until=until)


def services(scope: Scope) -> pd.DataFrame:
    """Return residents of finished projects within ten minutes of each service, before and now.

    The rows without project are the sums.
    """
    metres = catalogue.get("circle_coverage").variant().params["farthest"]
    return _ask("views/renewal_services", scope, metres=metres)


def every_year() -> int:
    """Return how many years back to look for the plans of every year to count."""
    return catalogue.get("works_started").variant("all_years").params["years_back"]


def planned(scope: Scope, years_back: int) -> pd.DataFrame:
    """Return the projects planned for the year of the month and so many years before."""
    own = projects(scope)
    return own[own["plan_year"] >= as_of(scope).year - years_back]


def reached(scope: Scope, stage: str, years_back: int) -> pd.DataFrame:
    """Return the planned projects that reached a stage."""
    own, dates = planned(scope, years_back), stages(scope)
    there = dates.loc[(dates["stage"] == stage) & dates["actual_on"].notna(), "project_id"]
    return own[own["project_id"].isin(there)]


def dated(scope: Scope, milestone: str) -> pd.DataFrame:
    """Return the planned and the actual day of one milestone of every project in scope."""
    return _cut(_dated(scope.version, scope.month, milestone), scope)


@st.cache_resource(show_spinner=False, max_entries=128)
def _dated(version: str, month: str, milestone: str) -> pd.DataFrame:
    whole = Scope(version, month)
    found = stages(whole)
    found = found.loc[found["milestone"] == milestone, ["project_id", *DATES, *LEDGER]]
    return projects(whole).drop(columns=LEDGER).merge(found, on="project_id")


def lifts(scope: Scope) -> pd.DataFrame:
    """Return the lifts in scope with what their consent still lacks."""
    return _within("views/renewal_lifts", scope)


def consent_rules(scope: Scope) -> pd.DataFrame:
    """Return the sets of consent rules, the one in force first."""
    return _district("views/consent_rules", scope)


@st.cache_resource(show_spinner=False, max_entries=64)
def _made(version: str, month: str) -> pd.DataFrame:
    whole = Scope(version, month)
    made = forecast.forecast(stages(whole), finish_step(whole), as_of(whole))
    made = made.drop(columns=["step", "since_on", "waited_days"])
    return (
        projects(whole)
        .merge(made, on="project_id")
        .sort_values(["likely_on", "project_id"], na_position="first")
    )


def forecasts(scope: Scope) -> pd.DataFrame:
    """Return the forecasts of the projects under way in scope, with what the project is."""
    return _cut(_made(scope.version, scope.month), scope)


@st.cache_resource(show_spinner="正在用历史数据回测预测…", max_entries=4)
def hit_rate(version: str) -> dict:
    """Return the back-test of the forecast over the months of the version, summed up."""
    months = data.months(version)
    ends = [as_of(Scope(version, month)) for month in months]
    last = Scope(version, months[0])
    return forecast.hit_rate(forecast.back_test(stages(last), finish_step(last), ends))


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def physical(scope: Scope, milestone: str, households: bool) -> pd.DataFrame:
    """Return the S-curve of one milestone in scope, in households or projects."""
    found, made = (_cut(rows, scope) for rows in _dates(scope.version, scope.month, milestone))
    if not households:
        found, made = found.assign(weight=1), made.assign(weight=1)
    return curves.physical(found, made, as_of(scope))


@st.cache_resource(show_spinner=False, max_entries=128)
def _dates(version: str, month: str, milestone: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the district's dates of one milestone and its forecasts, weighed by households."""
    made = _made(version, month)
    made = made if milestone == "完工" else made.iloc[:0]
    return tuple(
        rows[[*PLACES, "households", *days]].rename(columns={"households": "weight"})
        for rows, days in ((_dated(version, month, milestone), DATES), (made, FORECAST))
    )


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def money(scope: Scope) -> pd.DataFrame:
    """Return the S-curve of money in scope."""
    rows = data.reader(scope.version).query(
        "views/renewal_money", streets=list(scope.streets), community=scope.community
    )
    return curves.money(rows, as_of(scope))


def fund_months(scope: Scope) -> pd.DataFrame:
    """Return the income, spending and balance of the whole district's fund by month."""
    return _district("views/fund_months", scope)


def fund_split(scope: Scope) -> pd.DataFrame:
    """Return the fund's spending by theme and element."""
    return _added("views/fund_split", scope, ("theme", "element"))


def fund_communities(scope: Scope) -> pd.DataFrame:
    """Return what each community received, those with nothing first."""
    return _within("views/fund_communities", scope)


def fund_projects(scope: Scope) -> pd.DataFrame:
    """Return the fund's projects with what was delivered, the longest overdue first."""
    return _within("views/fund_projects", scope)


def fund_rows(scope: Scope, **narrower) -> pd.DataFrame:
    """Return entries of the fund with their ledger rows.

    `narrower` may name theme, element, direction, month (its first day) and project.
    """
    every = dict.fromkeys(("theme", "element", "direction", "month", "project"))
    return _ask("views/fund_rows", scope, **every | narrower)


def sites(scope: Scope) -> pd.DataFrame:
    """Return the demonstration sites in scope with what their community lacks."""
    return _within("views/sites_list", scope)


def dimensions(scope: Scope) -> pd.DataFrame:
    """Return the four dimensions of the checklist by community."""
    return _within("views/sites_dimensions", scope)


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def items(scope: Scope) -> pd.DataFrame:
    """Return every item of the checklist with how many communities in scope meet and lack it."""
    listed = data.reader(scope.version).query("views/sites_items")
    counts = _added("views/sites_standing", scope, ("item_id",)).set_index("item_id")
    return listed.join(counts.reindex(listed["item_id"], fill_value=0), on="item_id")


def checklist(scope: Scope, community: str) -> pd.DataFrame:
    """Return the checklist of one community, item by item."""
    return _district("views/sites_checklist", scope, community=community)


def lacking(scope: Scope, dimension: str, item: str) -> pd.DataFrame:
    """Return the communities that lack one item, with their ledger rows."""
    return _ask("views/sites_lacking", scope, dimension=dimension, item=item)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=data.BY_KEY)
def comparison(scope: Scope) -> list[Compared]:
    """Return the same metrics for demonstration communities and the others, where both have any."""
    found = _ask("views/sites_comparison", scope, metrics=list(COMPARED))
    rows = []
    for metric_id in COMPARED:
        own = found[found["metric_id"] == metric_id]
        groups = [own[own["is_demo"]], own[~own["is_demo"]]]
        ours, others = (
            shares.share(group["numerator"].to_numpy(), group["denominator"].to_numpy())
            for group in groups
        )
        if ours and others:
            rows.append(
                Compared(catalogue.get(metric_id), ours, others, shares.apart(ours, others))
            )
    return rows
