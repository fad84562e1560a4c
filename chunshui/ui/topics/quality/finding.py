"""How the quality of the ledgers stands, in sentences."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.ledgers.contracts import ALL
from chunshui.month import Month
from chunshui.ui.data import manifest, months
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.quality import data
from chunshui.warehouse import Edition
from chunshui.words import SEVERITIES

STALE_DAYS = 92  # a ledger of things that happen in which nothing did for a quarter


@remembered(64)
def finding(edition: Edition, streets: tuple[str, ...], place: str) -> str:
    """Say in one sentence what the rules found in some streets, together called a place (全区)."""
    rows, rules = data.findings(edition, streets), len(data.rules(edition))
    counts = rows["severity"].value_counts()
    if rows.empty:
        return f"{place}台账按{rules}条规则核查，没有查出问题。"
    severities = "、".join(f"{one}{counts[one]:,}处" for one in SEVERITIES if one in counts)
    return f"{place}台账有{rows['check_name'].nunique()}条规则查出问题{len(rows):,}处，其中{severities}；每处都可查到台账的行。"


@remembered(64)
def stale(edition: Edition, streets: tuple[str, ...] = ()) -> list[str]:
    """Return the ledgers and streets in which nothing has happened for a quarter."""
    every = data.coverage(edition, streets)
    end = pd.Timestamp(Month.parse(months(edition)[0]).last)
    monthly = {ALL[one].name for one in ("opinion", "fund_entry")}
    old = every[every["ledger"].isin(monthly) & ((end - every["latest"]).dt.days > STALE_DAYS)]
    return [f"{row.street}的{row.ledger}（最近{row.latest:%Y-%m-%d}）" for row in old.itertuples()]


@remembered(4)
def burden_words(edition: Edition) -> str:
    """Say how much is asked for and how much of it again."""
    counts = manifest(edition).rows
    ledgers = ALL.values()
    cells = sum(counts.get(ledger.id, 0) * len(ledger.columns) for ledger in ledgers)
    again = int(data.burden(edition)["重复填了多少格"].sum())
    columns = sum(len(ledger.columns) for ledger in ledgers)
    return (
        f"{manifest(edition).street_name or '全区'}{len(ledgers)}本台账共{columns}列、{words.number(cells, '格')}；"
        f"其中{words.number(again, '格')}（{words.percent(float(ratio(again, cells, 100)))}）是重复填报的。"
    )


def not_narrowed(scope: Scope) -> str:
    """Say of which filters this page asks more than was chosen; "" where it asks just that."""
    last = months(scope.edition)[0]
    said = []
    if scope.month != last:
        until = Month.parse(last).words
        said.append(f"查的是{scope.version}的全部台账（到{until}），不随上方月份变")
    if scope.community:
        said.append("按街道查，列的是这个社区所在街道的")
    return f"{'；'.join(said)}。" if said else ""
