"""合计 and 小计: rows that are not counted, but held against the sum of the rows they stand for."""

import re
from dataclasses import replace
from decimal import Decimal

from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells import PARSERS
from chunshui.ledgers.cells.parsed import BLANK, clean
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.labels import PART, WHOLE, total_label
from chunshui.ledgers.sheet import Uncalculated
from chunshui.words import ERROR, NOTE, WARNING

# What may be added up over rows: storeys and distances may not.
ADDED = frozenset(["元", "平方米", "户", "人", "人次", "栋"])


def check_totals(
    batch: "Batch", ledger: Ledger, scales: dict[str, int | None], unread: set[str]
) -> list[Issue]:
    """Return an error for every total that is not the sum of its rows.

    小计 stands for the rows since the total before it, 合计 for all rows; one at the top of its
    rows stands for those below. A column with a cell that could not be read is left alone.
    """
    words = {
        number: _word(batch.sheet.rows[number - 1])
        for number, fate in sorted(batch.fates.items())
        if fate == "合计"
    }
    issues: list[Issue] = []
    parts = [number for number, word in words.items() if word == PART]
    if parts:
        what = f"“其中”行没有计入，也没有核对（共 {len(parts)} 行）"
        issues.append(batch.issue(NOTE, None, None, what, "请自行核对", row=parts[0]))
    rows = [number for number, word in words.items() if word != PART]
    groups = [number for number in rows if words[number] not in WHOLE]
    spans = {number: _spans(number, words, rows, groups, batch) for number in rows}
    for column in ledger.columns:
        place = batch.at.get(column.key)
        if column.kind not in ("integer", "number", "money") or column.unit not in ADDED:
            continue
        if place is None or column.key in unread:
            continue
        values = batch.values[column.key]
        for number in rows:
            line = batch.sheet.rows[number - 1]
            raw = line[place] if place < len(line) else None
            word = words[number]
            if raw is None or word in ("平均", "均值") or clean(str(raw)).lower() in BLANK:
                continue
            if isinstance(raw, Uncalculated):
                what = "合计行的公式没有保存计算结果，未能核对"
                mend = "请用 Excel 或 WPS 打开并保存一次"
                issues.append(batch.issue(WARNING, None, column.key, what, mend, row=number))
                continue
            total = _total(raw, column, scales[column.key])
            if total is None:
                what, mend = f"合计行“{str(raw)[:40]}”不是数", "请在合计行填各行之和"
                issues.append(batch.issue(ERROR, None, column.key, what, mend, row=number))
                continue
            sums = [_sum(batch, values, *span) for span in spans[number]]
            slack = _slack(raw, scales[column.key] or 1)
            if any(abs(total - one) <= slack for one in sums):
                continue
            unit = column.unit
            what = (
                f"{word}行写 {total:,}{unit}，各行相加为 {sums[0]:,}{unit}，差 {total - sums[0]:,}"
            )
            mend = "请核对合计公式是否漏行，或是否有行被删"
            issues.append(batch.issue(ERROR, None, column.key, what, mend, row=number))
    return issues


def _word(line: list) -> str:
    return next(
        (found for cell in line if isinstance(cell, str) and (found := total_label(cell))), "合计"
    )


def _total(raw: object, column: Column, scale: int | None) -> float | None:
    free = replace(column, lo=None, hi=None, above=None, kind="number")
    parsed = PARSERS["number"](raw, free, scale)
    if parsed.code or parsed.value is None:
        return None
    return int(parsed.value) if float(parsed.value).is_integer() else parsed.value


def _spans(
    number: int, words: dict[int, str], rows: list[int], groups: list[int], batch: "Batch"
) -> list[tuple[int, int]]:
    """The rows (after the first, before the second) a total may stand for, the likeliest first."""
    word, end = words[number], len(batch.sheet.rows) + 1
    before = [0, *(row for row in rows if row < number)]
    after = [*(row for row in rows if row > number), end]
    since, until, every = (before[-1], number), (number, after[0]), (0, end)
    if word in WHOLE:
        return [every]
    if not any(since[0] < row < number for row in batch.row_numbers) and before[1:]:
        # Right under another total: the sum of some groups before it.
        groups_before = [(start, number) for start in reversed(before)]
    else:
        groups_before = []
    if word == "小计":
        return [since, until, *groups_before]
    # 合计 is the whole, unless there is another total of its kind, or a 总计 over it.
    alone = [words[row] for row in groups].count(word) == 1 and set(words.values()).isdisjoint(
        WHOLE
    )
    above, below = (0, number), (number, end)
    return [every, above, below] if alone else [every, above, since, below, *groups_before]


def _sum(batch: "Batch", values: list, after: int, before: int) -> float:
    chosen = [
        Decimal(repr(value))
        for number, value in zip(batch.row_numbers, values, strict=True)
        if after < number < before and value is not None
    ]
    total = sum(chosen, Decimal(0))
    return int(total) if total == total.to_integral_value() else float(total)


def _slack(raw: object, scale: int) -> float:
    """Half of the last decimal a total is written with: 1,234.57 万元 is a rounded sum."""
    text = f"{raw:.15g}" if isinstance(raw, float) else clean(str(raw))
    found = re.search(r"\.(\d+)", text)
    if not found:
        return 1e-6
    return scale * 0.5 * 10.0 ** -len(found[1]) + 1e-6
