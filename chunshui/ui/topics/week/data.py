"""What a version knows of a week, asked once and cut to the scope."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from chunshui.month import Month
from chunshui.ui.data import reader
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell.ahead import FOLLOWS
from chunshui.ui.widgets.tables import readable
from chunshui.warehouse import Edition
from chunshui.week import Week
from chunshui.weekly import sheet as weekly
from chunshui.weekly import told
from chunshui.weekly.sheet import Sheet, WeekRows


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope: its usual week."""
    _found(scope.edition, usual(scope))


def usual(scope: Scope) -> Week:
    """Return the week looked at where none is chosen: the last that is over by the month's end."""
    return weekly.usual_week(reader(scope.edition), Month.parse(scope.month).last)


FOLLOWS.append(usual)


def known_days(scope: Scope) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that the version tells of."""
    return weekly.known_days(reader(scope.edition))


@dataclass(frozen=True)
class Shown:
    """A part of a week as it is drawn: its table for the screen, how many of each the rows behind it are."""

    part: told.Part
    table: pd.DataFrame
    counted: str


@remembered(128)
def finding_sentence(scope: Scope, week: Week) -> str:
    """Say the week in one sentence."""
    return told.headline(sheet(scope, week), scope.words)


@remembered(128)
def parts(scope: Scope, week: Week) -> dict[str, Shown]:
    """Return the parts of a week by name."""
    found = sheet(scope, week)
    return {
        part.name: Shown(part, readable(told.upright(part)), told.count_words(found, part.name))
        for part in told.parts_of(found)
    }


@remembered(256)
def sheet(scope: Scope, week: Week) -> Sheet:
    """Return the sheet of a week for a scope; raise ChunshuiError for one nothing is known of."""
    return _found(scope.edition, week).sheet(scope.streets, scope.community)


@remembered(128)
def _found(edition: Edition, week: Week) -> WeekRows:
    return weekly.week_rows(reader(edition), week)
