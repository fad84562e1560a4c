"""What the page of renovation shows, asked of a version and kept.

Nothing here computes a figure: rows come from `queries/views`, time is reckoned with in
`chunshui.renewal`.
"""

import pandas as pd
import streamlit as st

from chunshui.catalogue.metric import get_metric
from chunshui.renewal import curves, forecast, totals
from chunshui.renewal.sums import PLACES
from chunshui.ui.data import manifest, months, reader, views
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.data.views import as_of
from chunshui.warehouse import Edition

MILESTONES = ("开工", "完工", "验收")
DATES = ["planned_on", "actual_on"]
FORECAST = ["low_on", "likely_on", "high_on"]
CHANCES = ["likely_on", "high_on", "chances"]
LEDGER = ["file_name", "sheet_name", "source_row"]


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope, whatever is filtered."""
    funnel(scope, every_year())
    categories(scope, every_year())
    physical_curve(scope, "完工", True)


@remembered(256)
def projects(scope: Scope) -> pd.DataFrame:
    """Return the projects in scope, the longest over their limit first, each with its ledger row."""
    limits = get_metric("renovation_stalled").variant().params
    return views.within("views/renewal_projects", scope, **limits)


def stalled(scope: Scope) -> pd.DataFrame:
    """Return those of the projects that stand longer than nine tenths of the like do."""
    rows = projects(scope)
    return rows[rows["is_stalled"]]


def stages(scope: Scope) -> pd.DataFrame:
    """Return every stage of every project of the district as known in the scope's month."""
    return views.monthly("views/renewal_stages", scope)


def compared(scope: Scope) -> pd.DataFrame:
    """Return the stages of every project that one is compared with, those of other streets nameless."""
    own = stages(scope)
    if manifest(scope.edition).street is None:
        return own
    return pd.concat([own, views.monthly("views/renewal_elsewhere", scope)], ignore_index=True)


def steps(edition: Edition) -> pd.DataFrame:
    """Return the stages in order, with the milestone each is."""
    return reader(edition).query("views/renewal_steps")


def finish_step(edition: Edition) -> int:
    """Return the place of the stage 完工 in the order of stages; 0 where no order was given."""
    rows = steps(edition)
    finishes = rows.loc[rows["milestone"] == "完工", "step"]
    return int(finishes.max()) if len(finishes) else 0


@remembered(256)
def funnel(scope: Scope, years_back: int) -> pd.DataFrame:
    """Return how many projects and households reached each stage."""
    rows = views.added("views/renewal_funnel", scope, ("stage",), years_back=years_back)
    # Also the stages of which nothing in scope is planned.
    every = steps(scope.edition)["stage"]
    return rows.set_index("stage").reindex(every, fill_value=0).reset_index()


def categories(scope: Scope, years_back: int) -> pd.DataFrame:
    """Return projects, neighbourhoods and households started, finished, accepted by category."""
    return views.added("views/renewal_categories", scope, ("category",), years_back=years_back)


def sources(scope: Scope) -> pd.DataFrame:
    """Return the money planned, allocated and paid by source."""
    return views.filtered("views/renewal_sources", scope)


def source_rows(
    scope: Scope, source: str | None = None, until: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return the entries of one source, or of all, up to the scope's month or another day."""
    until = until or as_of(scope)
    return views.filtered("views/renewal_source_rows", scope, source=source, until=until.date())


def services(scope: Scope) -> pd.DataFrame:
    """Return residents of finished projects within ten minutes of each service, before and now.

    The rows without project are the sums.
    """
    metres = get_metric("circle_coverage").variant().params["farthest"]
    return views.filtered("views/renewal_services", scope, metres=metres)


def every_year() -> int:
    """Return how many years back to look for the plans of every year to count."""
    return get_metric("works_started").variant("all_years").params["years_back"]


def planned(scope: Scope, years_back: int) -> pd.DataFrame:
    """Return the projects planned for the year of the month and so many years before."""
    rows = projects(scope)
    return rows[rows["plan_year"] >= as_of(scope).year - years_back]


def reached(scope: Scope, stage: str, years_back: int) -> pd.DataFrame:
    """Return the planned projects that reached a stage."""
    rows, dates = planned(scope, years_back), stages(scope)
    there = dates.loc[(dates["stage"] == stage) & dates["actual_on"].notna(), "project_id"]
    return rows[rows["project_id"].isin(there)]


def dated(scope: Scope, milestone: str) -> pd.DataFrame:
    """Return the planned and the actual day of one milestone of every project in scope."""
    return views.cut(_dated(scope.district(), milestone), scope)


@remembered(128)
def _dated(whole: Scope, milestone: str) -> pd.DataFrame:
    days = stages(whole)
    days = days.loc[days["milestone"] == milestone, ["project_id", *DATES, *LEDGER]]
    return projects(whole).drop(columns=LEDGER).merge(days, on="project_id")


def lifts(scope: Scope) -> pd.DataFrame:
    """Return the lifts in scope with what their consent still lacks."""
    return views.within("views/renewal_lifts", scope)


def consent_rules(scope: Scope) -> pd.DataFrame:
    """Return the sets of consent rules, the one in force first."""
    return views.monthly("views/consent_rules", scope)


def forecasts(scope: Scope) -> pd.DataFrame:
    """Return the forecasts of the projects under way in scope, with what the project is."""
    return views.cut(_forecasts(scope.district()), scope)


@remembered(64)
def _forecasts(whole: Scope) -> pd.DataFrame:
    days = forecast.finish_forecasts(compared(whole), finish_step(whole.edition), as_of(whole))
    days = days.drop(columns=["step", "since_on", "waited_days"])
    order = ["likely_on", "project_id"]
    return projects(whole).merge(days, on="project_id").sort_values(order, na_position="first")


@st.cache_resource(show_spinner="正在用历史数据回测预测…", max_entries=4)
def hit_rates(edition: Edition) -> tuple[dict[str, float], dict[str, float]]:
    """Return the back-tests over the months of the version: of projects, of totals of households."""
    scopes = [Scope(edition, month) for month in months(edition)]
    ends = [as_of(scope) for scope in scopes]
    dates, finish = compared(scopes[0]), finish_step(edition)
    households = projects(scopes[0]).set_index("project_id")["households"]
    if "households" in dates:
        elsewhere = dates.dropna(subset="households").drop_duplicates("project_id")
        others = elsewhere.set_index("project_id")["households"].astype(int)
        households = pd.concat([households, others])
    return (
        forecast.hit_rate(forecast.back_test(dates, finish, ends)),
        totals.hit_rate(totals.back_test(dates, finish, ends, households)),
    )


@remembered(256)
def physical_curve(scope: Scope, milestone: str, households: bool) -> pd.DataFrame:
    """Return the S-curve of one milestone in scope, in households or projects."""
    dates, coming = (views.cut(rows, scope) for rows in _weighed(scope.district(), milestone))
    if not households:
        dates, coming = dates.assign(weight=1), coming.assign(weight=1)
    return curves.progress_curve(dates, coming, as_of(scope))


@remembered(128)
def _weighed(whole: Scope, milestone: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the district's dates of one milestone and its forecasts, weighed by households."""
    coming = _forecasts(whole)
    coming = coming if milestone == "完工" else coming.iloc[:0]
    dates, coming = (
        rows[[*PLACES, "households", *days]].rename(columns={"households": "weight"})
        for rows, days in ((_dated(whole, milestone), DATES), (coming, CHANCES))
    )
    return dates, coming


@remembered(256)
def money_curve(scope: Scope) -> pd.DataFrame:
    """Return the S-curve of money in scope."""
    rows = reader(scope.edition).query(
        "views/renewal_money", streets=list(scope.streets), community=scope.community
    )
    return curves.money_curve(rows, as_of(scope))
