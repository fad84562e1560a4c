"""Rows of the views in a scope.

What depends on the month alone is asked of the whole district and cut to the scope: a change of streets
asks nothing anew, a change of months once of all of them.
"""

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd

from chunshui.catalogue.stored import version_months
from chunshui.month import Month
from chunshui.renewal import sums
from chunshui.renewal.sums import Counts
from chunshui.ui.data import reader
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.warehouse import Days, Reader

Since = Callable[[Month], dt.date]  # the first day that a month's window counts


def as_of(scope: Scope) -> pd.Timestamp:
    """Return the last day of the scope's month."""
    return pd.Timestamp(Month.parse(scope.month).last)


def district(view: str, scope: Scope, **params: Any) -> pd.DataFrame:
    """Return the rows of a view of the whole district, as known in the scope's month."""
    return reader(scope.edition).query(view, as_of=as_of(scope).date(), **params)


def monthly(view: str, scope: Scope, since: Since | None = None, /, **params: Any) -> pd.DataFrame:
    """Return the rows of a view of the whole district, of all months at once where a second is asked.

    `since` returns of a month the first day that its window counts, where the view has one. Params are
    the same in every month.
    """
    days = _days(Month.parse(scope.month), since)
    return reader(scope.edition).among(view, days, _every_month(since), **params)


def _days(month: Month, since: Since | None) -> Days:
    return Days(month.last, since(month) if since else None)


@cache  # the same function for the same `since`: by it the reader knows what was asked before
def _every_month(since: Since | None) -> Callable[[Reader], list[Days]]:
    return lambda version: [_days(month, since) for month in version_months(version)]


def within(view: str, scope: Scope, since: Since | None = None, /, **params: Any) -> pd.DataFrame:
    """Return the rows in scope of a view, asked as `monthly` does."""
    return _within(view, scope, since, **params).copy(deep=False)


@remembered(256)
def _within(view: str, scope: Scope, since: Since | None, **params: Any) -> pd.DataFrame:
    return cut(monthly(view, scope, since, **params), scope)


def filtered(view: str, scope: Scope, **params: Any) -> pd.DataFrame:
    """Return the rows of a view that itself takes the streets and the community of a scope."""
    return district(view, scope, streets=list(scope.streets), community=scope.community, **params)


def cut(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return the rows in scope; they have street_code and community_code."""
    return sums.rows_within(rows, scope.streets, scope.community)


def added(
    view: str, scope: Scope, by: tuple[str, ...], since: Since | None = None, /, **params: Any
) -> pd.DataFrame:
    """Return the sums in scope, `by` some columns, of a view that counts by community."""
    counts = _counts(view, scope.district(), by, since, **params)
    return counts.totals(scope.streets, scope.community)


@remembered(256)
def _counts(
    view: str, scope: Scope, by: tuple[str, ...], since: Since | None, **params: Any
) -> Counts:
    return Counts(monthly(view, scope, since, **params), list(by))
