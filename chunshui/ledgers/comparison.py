"""What is given, held against the base version."""

import pandas as pd

from chunshui.ledgers.base import Base
from chunshui.ledgers.checks import LedgerChecks
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.streets import Part
from chunshui.ledgers.totals import ADDED
from chunshui.words import WARNING

ASKED_FROM = 10  # rows; smaller ledgers may halve without a question
TIMES = 10  # a sum this many times what it was is asked about, too: a unit gone wrong


def questions(
    checks: LedgerChecks, base: Base, streets: pd.Series | None, part: Part | None
) -> list[Issue]:
    """What a ledger has much less, or far more, of than the base version: each must be confirmed.

    Rows of the whole ledger and of each street, and the sums of its amounts and counts. Of a
    report of some streets, those streets only. `streets` are those of all rows given.
    """
    ledger, batches = checks.ledger, checks.batches
    if ledger.id not in base.tables or not batches:
        return []
    version, before = base.version, base.tables[ledger.id]
    where = ""
    if part is not None and part.merged:
        before = before.drop(base.staying(ledger.id, part).index)
        where = "、".join(part.names) + "的"
    count = len(checks.where)
    issues: list[Issue] = []
    sheet = batches[0].sheet

    def ask(column: str | None, what: str) -> None:
        mend = "请核对是否漏报、是否只是一部分；确实如此，请在发布时确认"
        issues.append(Issue(WARNING, sheet.file, what, mend, sheet.name, column=column, asks=True))

    gone = [] if streets is None else _streets_gone(ledger, before, streets, base, part)
    fallen = len(before) >= ASKED_FROM and count * 2 < len(before)
    if gone and (where or not fallen):
        ask(None, f"{ledger.name}里这些街道的行比{version}少了一半以上：{'、'.join(gone)}")
    elif fallen:
        few = f"只有{count:,}行，{version}有{len(before):,}行，少了一半以上"
        ask(None, f"{where}{ledger.name}{few}")
    if any(any(batch.wrong) for batch in batches) or len(before) < ASKED_FROM:
        return issues
    rows, _ = checks.good_rows()
    for column in ledger.columns:
        if not column.is_number or column.unit not in ADDED:
            continue
        old, new = float(before[column.key].sum()), float(rows[column.key].sum())
        if old > 0 and (new * 2 < old or new > old * TIMES) and not issues:
            unit = column.unit
            what = f"{where}{column.header}合计{new:,.0f}{unit}，{version}为{old:,.0f}{unit}"
            ask(column.header, what)
    return issues


def _streets_gone(
    ledger: Ledger, before: pd.DataFrame, streets: pd.Series, base: Base, part: Part | None
) -> list[str]:
    """The streets whose rows fell by half, with how many there were and are.

    In a report of some streets a few rows of one more are likely there by mistake, however few
    it had: they would take the place of all its rows.
    """
    first = ASKED_FROM if part is None or not part.merged else 2
    was = base.streets(ledger.id)[before.index].dropna().value_counts()
    now = streets.dropna().value_counts()
    return [
        f"{base.street_names.get(code, code)}（{count} → {now.get(code, 0)}）"
        for code, count in was.items()
        if count >= first and now.get(code, 0) * 2 < count
    ]
