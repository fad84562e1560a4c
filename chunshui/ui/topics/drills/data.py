"""What the page of the drills shows, kept by version, month and board: draws are made once."""

from dataclasses import replace
from functools import partial

import pandas as pd

from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.ranking import communities as ranked
from chunshui.ranking import drill as ranking
from chunshui.ranking import tables
from chunshui.ranking.changes import Moved, Progress, moved_of, progress_of, usual_before
from chunshui.ranking.communities import Communities, communities_of
from chunshui.ranking.drill import MONTHLY, Drill, drill_of, weights_read, weights_written
from chunshui.ranking.unnamed import unnamed
from chunshui.snapshots.letters import letters
from chunshui.ui.charts import Drawn
from chunshui.ui.data import has_ledger, months, reader, views
from chunshui.ui.data.remembering import beside, remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import permit
from chunshui.ui.topics.drills import charts

BOARDS = (MONTHLY, ranking.YEARLY)
LEDGER, HELD = "board_metric", "drill_event"


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope, whatever is filtered."""
    if has_ledger(scope, LEDGER):
        drill(scope, MONTHLY)
        progress(scope, MONTHLY)


def drill(scope: Scope, board: str, *, nameless: bool = False) -> Drill | None:
    """Return the drill of the scope's month over all streets; None without a board for its year.

    Where `nameless`, by letters, but for the streets chosen in the filters (`ranking/unnamed.py`).
    """
    known, found = (_drill(scope.district(), board, one) for one in (False, nameless))
    if not known or not found or not nameless or not scope.streets:
        return found
    own = {c: name for c, name in zip(known.codes, known.names, strict=True) if c in scope.streets}
    names = zip(found.codes, found.names, strict=True)
    return replace(found, names=tuple(own.get(code, name) for code, name in names))


@remembered(64)
def _drill(district: Scope, board: str, nameless: bool) -> Drill | None:
    if not nameless:
        return drill_of(reader(district.edition), district.month, board)
    found = _drill(district, board, False)
    return found and unnamed(found, letters(found.names, district.version))


def progress(scope: Scope, board: str, *, nameless: bool = False) -> Progress | None:
    """Return who progressed since the year before."""
    return _progress(scope.district(), board, nameless)


@remembered(64)
def _progress(district: Scope, board: str, nameless: bool) -> Progress | None:
    found = drill(district, board, nameless=nameless)
    return progress_of(reader(district.edition), found) if found else None


def moved(scope: Scope, board: str, *, nameless: bool = False) -> Moved | None:
    """Return what moved since the month compared with, or the one before."""
    return _moved(replace(scope.district(), against=scope.against), board, nameless)


@remembered(64, against=True)
def _moved(district: Scope, board: str, nameless: bool) -> Moved | None:
    found = drill(district, board, nameless=nameless)
    before = district.against or usual_before(district.month)
    if found is None or before not in months(district.edition):
        return None
    past = replace(district, month=before, against=None)
    return moved_of(found, drill(past, board, nameless=nameless))


def communities(scope: Scope, board: str, metric_id: str) -> Communities | None:
    """Return the communities of the district by a metric of the board, beside their cohorts."""
    return _communities(scope.district(), board, metric_id)


@remembered(64)
def _communities(district: Scope, board: str, metric_id: str) -> Communities | None:
    found = drill(district, board)
    entry = next((e for e in found.entries if e.metric.id == metric_id), None) if found else None
    return communities_of(reader(district.edition), district.month, entry) if entry else None


@remembered(128)
def communities_within(scope: Scope, board: str, metric_id: str) -> Communities | None:
    """Return those of `communities` that are in scope."""
    rows = communities(scope, board, metric_id)
    if rows is None:
        return None
    return ranked.within(rows, set(views.cut(rows.places, scope)["community_code"]))


communities_table = beside(ranked.table)
apart = beside(tables.apart)


@remembered(64)
def progress_table(scope: Scope, board: str, nameless: bool) -> pd.DataFrame:
    """Return who progressed, as a table; empty without a drill."""
    found, told = (
        drill(scope, board, nameless=nameless),
        progress(scope, board, nameless=nameless),
    )
    return tables.progress(found, told) if found else pd.DataFrame()


@remembered(64, against=True)
def moved_table(scope: Scope, board: str, nameless: bool) -> pd.DataFrame:
    """Return what moved the places, as a table; empty without a month before."""
    found, past = (drill(scope, board, nameless=nameless), moved(scope, board, nameless=nameless))
    return tables.moved(found, past) if found and past else pd.DataFrame()


@beside
def funnel_picture(found: Drill, metric_id: str, dark: bool) -> Drawn:
    """Return the funnel of one of the metrics that have one, of the streets."""
    entry, funnel = next(
        (one, its) for one in found.entries if one.metric.id == metric_id and (its := one.funnel)
    )
    counts = entry.now_hits, entry.now_cases
    return charts.funnel(entry, funnel, found.names, *counts, thing="全区", dark=dark)


@beside
def intervals(found: Drill) -> pd.DataFrame:
    """Return the ranks in which the streets may lie by the registered weights."""
    return tables.intervals(found, found.league)


@beside
def weights(found: Drill) -> pd.DataFrame:
    """Return the registered weights beside their influence."""
    return tables.weights(found, found.weights)


def held(scope: Scope) -> pd.DataFrame:
    """Return the drills held by the month after the scope's, the latest first."""
    if not has_ledger(scope, HELD):
        return pd.DataFrame()
    return ranking.held(reader(scope.edition), scope.month)


def again(scope: Scope, event: pd.Series) -> tuple[Drill | None, str]:
    """Return a drill that was held computed again from its row, and what that comes to.

    On the version it was held on, where that is still kept; else None and a sentence.
    """
    compute = partial(
        drill_of,
        month=event["month"],
        board=event["board"],
        seed=int(event["seed"]),
        weights=weights_read(event["weights"]),
    )
    version = event["version_id"]
    if not isinstance(version, str) or version == scope.version:
        found = compute(reader(scope.edition))
        where = "按现用版本" if not isinstance(version, str) else "按当时的版本"
    else:
        try:
            with permit.store().open(version) as opened:
                found = compute(opened)
        except ChunshuiError:
            return None, f"当时的数据版本{version}已不在，无从重算。"
        where = "按当时的版本"
    if found is None:
        return None, f"{where}没有这一年的赛马指标，无从重算。"
    digest = event["result_digest"]
    if not isinstance(digest, str):
        return found, f"{where}、所记的种子和权重重算如下；当时没有登记结果校验值。"
    same = "与登记的一致" if digest == found.digest else "与登记的不一致，请核对版本与权重"
    return found, f"{where}、所记的种子和权重重算，{same}（{found.digest}）。"


def to_register(scope: Scope, found: Drill) -> pd.DataFrame:
    """Return the row that the ledger of drills takes, so that this drill can be computed again."""
    month = Month.parse(scope.month)
    return pd.DataFrame(
        {
            "拉练编号": [f"{found.board}{month}"],
            "赛马榜": [found.board],
            "统计月份": [str(month)],
            "拉练日期": [""],
            "种子": [str(found.seed)],
            "各项权重": [weights_written(found.weights)],
            "分组年度": [str(month.year)],
            "数据版本": [scope.version],
            "结果校验值": [found.digest],
        }
    )
