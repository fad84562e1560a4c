"""What a version knows of a week, asked once and cut to the scope."""

import datetime as dt

from chunshui.month import Month
from chunshui.ui.data import reader
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.warehouse import Edition
from chunshui.week import Week
from chunshui.weekly import sheet as weekly
from chunshui.weekly.sheet import Found, Sheet


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope: its usual week."""
    _found(scope.edition, usual(scope))


def usual(scope: Scope) -> Week:
    """Return the week looked at where none is chosen: the last that is over by the month's end."""
    return weekly.usual_week(reader(scope.edition), Month.parse(scope.month).last)


def known_days(scope: Scope) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that the version tells of."""
    return weekly.known_days(reader(scope.edition))


@remembered(256)
def sheet(scope: Scope, week: Week) -> Sheet:
    """Return the sheet of a week for a scope; raise ChunshuiError for one nothing is known of."""
    return _found(scope.edition, week).sheet(scope.streets, scope.community)


@remembered(128)
def _found(edition: Edition, week: Week) -> Found:
    return weekly.found(reader(edition), week)
