"""合计 and 小计: rows that are not counted, but held against the sum of the rows they stand for."""

import re
from dataclasses import replace
from decimal import Decimal

from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells.messages import explain
from chunshui.ledgers.cells.numbers import number
from chunshui.ledgers.cells.parsed import BLANK, clean
from chunshui.ledgers.contracts.contract import Column
from chunshui.ledgers.labels import ADDED, PART, WHOLE, total_label
from chunshui.ledgers.row_kinds import TOTAL
from chunshui.ledgers.sheet import Outdated, Uncalculated
from chunshui.words import ERROR, NOTE, WARNING


def check_totals(batch: Batch, scales: dict[str, int | None], skipped: set[str]) -> None:
    """Refuse every total that is not the sum of its rows.

    小计 stands for the rows since the total before it, 合计 for all rows; one at the top of its
    rows stands for those below. The columns skipped have a cell that could not be read.
    """
    sheet = batch.sheet
    words = {
        row: _word(sheet.rows[row - 1])
        for row, kind in sorted(batch.row_kinds.items())
        if kind == TOTAL
    }
    parts = [row for row, word in words.items() if word == PART]
    if parts:
        what = f"“其中”行没有计入，也没有核对（共{len(parts)}行）"
        batch.add(NOTE, what, "请自行核对", row=parts[0])
    rows = [row for row, word in words.items() if word != PART]
    groups = [row for row in rows if words[row] not in WHOLE]
    spans = {row: _spans(row, words, rows, groups, batch) for row in rows}
    for column in batch.ledger.columns:
        key, place = column.key, batch.at.get(column.key)
        if not column.is_number or column.unit not in ADDED or place is None or key in skipped:
            continue
        for row in rows:
            raw, word = sheet.cell(row, place), words[row]
            if raw is None or word in ("平均", "均值") or clean(str(raw)).lower() in BLANK:
                continue
            if isinstance(raw, Outdated):
                batch.add(ERROR, *explain("公式过时", {"raw": raw}), key=key, row=row)
                continue
            if isinstance(raw, Uncalculated):
                what = "合计行的公式没有保存计算结果，未能核对"
                batch.add(WARNING, what, "请用 Excel 或 WPS 打开并保存一次", key=key, row=row)
                continue
            total = _total(raw, column, scales[key])
            if total is None:
                what = f"合计行“{str(raw)[:40]}”不是数"
                batch.add(ERROR, what, "请在合计行填各行之和", key=key, row=row)
                continue
            sums = [_sum(batch, batch.values[key], *span) for span in spans[row]]
            slack = _slack(raw, scales[key] or 1)
            if any(abs(total - one) <= slack for one in sums):
                continue
            unit, gap = column.unit, total - sums[0]
            what = f"{word}行写{total:,}{unit}，各行相加为{sums[0]:,}{unit}，差{gap:,}"
            batch.add(ERROR, what, "请核对合计公式是否漏行，或是否有行被删", key=key, row=row)


def _word(line: list) -> str:
    words = (total_label(cell) for cell in line if isinstance(cell, str))
    return next((word for word in words if word), "合计")


def _total(raw: object, column: Column, scale: int | None) -> float | None:
    parsed = number(raw, replace(column, lo=None, hi=None, above=None, kind="number"), scale)
    if parsed.code or parsed.value is None:
        return None
    return int(parsed.value) if float(parsed.value).is_integer() else parsed.value


def _spans(
    row: int, words: dict[int, str], rows: list[int], groups: list[int], batch: Batch
) -> list[tuple[int, int]]:
    """The rows (after the first, before the second) a total may stand for, the likeliest first."""
    word, end = words[row], len(batch.sheet.rows) + 1
    before = [0, *(other for other in rows if other < row)]
    after = [*(other for other in rows if other > row), end]
    since, until, every = (before[-1], row), (row, after[0]), (0, end)
    if word in WHOLE:
        return [every]
    groups_before = []
    if not any(since[0] < number < row for number in batch.row_numbers) and before[1:]:
        # Right under another total: the sum of some groups before it.
        groups_before = [(start, row) for start in reversed(before)]
    if word == "小计":
        return [since, until, *groups_before]
    # 合计 is the whole, unless there is another total of its kind, or a 总计 over it.
    same_kind = [words[group] for group in groups].count(word)
    alone = same_kind == 1 and set(words.values()).isdisjoint(WHOLE)
    above, below = (0, row), (row, end)
    return [every, above, below] if alone else [every, above, since, below, *groups_before]


def _sum(batch: Batch, values: list, after: int, before: int) -> float:
    chosen = [
        Decimal(repr(value))
        for row, value in zip(batch.row_numbers, values, strict=True)
        if after < row < before and value is not None
    ]
    total = sum(chosen, Decimal(0))
    return int(total) if total == total.to_integral_value() else float(total)


def _slack(raw: object, scale: int) -> float:
    """Half of the last decimal a total is written with: 1,234.57万元 is a rounded sum."""
    text = f"{raw:.15g}" if isinstance(raw, float) else clean(str(raw))
    decimals = re.search(r"\.(\d+)", text)
    return (scale * 0.5 * 10.0 ** -len(decimals[1]) if decimals else 0.0) + 1e-6
