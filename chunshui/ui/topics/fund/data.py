"""What the page of the community fund shows, asked of a version."""

from typing import Any

import pandas as pd

from chunshui.ui.data import views
from chunshui.ui.data.scope import Scope


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope, whatever is filtered."""
    for ask in (months, split, communities, projects, carriers):
        ask(scope)


def months(scope: Scope) -> pd.DataFrame:
    """Return the income, spending and balance of the whole district's fund by month."""
    return views.monthly("views/fund_months", scope)


def split(scope: Scope) -> pd.DataFrame:
    """Return the fund's spending by theme and element."""
    return views.added("views/fund_split", scope, ("theme", "element"))


def communities(scope: Scope) -> pd.DataFrame:
    """Return what each community received, those with nothing first."""
    return views.within("views/fund_communities", scope)


def projects(scope: Scope) -> pd.DataFrame:
    """Return the fund's projects with what was delivered, the longest overdue first."""
    return views.within("views/fund_projects", scope)


def carriers(scope: Scope) -> pd.DataFrame:
    """Return the time banks and points shops with the year's hours and points, the most used first."""
    return views.within("views/neighbours_carriers", scope)


def entries(scope: Scope, **narrower: Any) -> pd.DataFrame:
    """Return entries of the fund with their ledger rows.

    `narrower` may name theme, element, direction, month (its first day) and project.
    """
    every = dict.fromkeys(("theme", "element", "direction", "month", "project"))
    return views.filtered("views/fund_rows", scope, **every | narrower)
