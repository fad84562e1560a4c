"""Which column of a sheet is which column of its ledger, and in which unit it is written."""

import re

from openpyxl.utils import get_column_letter

from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells.messages import did_you_mean, explain
from chunshui.ledgers.cells.parsed import clean
from chunshui.ledgers.cells.units import factor, units
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.ledgers.geometries import names_system, refuse_crs
from chunshui.ledgers.headers import named, split_header
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.sheet import Sheet, headers_of
from chunshui.words import ERROR, WARNING


def match_columns(batch: Batch, ledger: Ledger) -> tuple[list[Issue], set[str]]:
    """Find the column of each header; missing, doubled and unknown ones are issues.

    Returns the keys of the columns that cannot be read, too.
    """
    sheet = batch.sheet
    issues: list[Issue] = []
    unfit: set[str] = set()
    missing: list[Column] = []
    claimed: set[int] = set()
    for column in ledger.columns:
        places = [at for at, header in headers_of(sheet) if named(column, header)]
        # The header itself goes before an alias: 社区简称 before 社区.
        exact = [at for at in places if split_header(sheet.headers[at])[0] == column.header]
        places = [at for at in (exact or places) if at not in claimed]
        claimed.update(places)
        if len(places) > 1:
            what = f"列“{column.header}”出现 {len(places)} 次"
            named_at = "、".join(get_column_letter(place + 1) for place in places)
            mend = f"请删去多余的列（{named_at} 列）" if sheet.addressed else "请删去多余的列"
            issues.append(
                batch.issue(
                    ERROR, None, None, what, mend, row=header_row_number(sheet), place=places[1]
                )
            )
            unfit.add(column.key)
        elif places:
            batch.at[column.key] = places[0]
            if problem := _unit_issue(batch, column):
                issues.append(problem)
                unfit.add(column.key)
            if places[0] + 1 in sheet.hidden_columns:
                what, mend = "这一列是隐藏的，照样读入了", "请取消隐藏后核对；不要的请删去"
                issues.append(
                    batch.issue(WARNING, None, column.key, what, mend, row=header_row_number(sheet))
                )
        elif column.required:
            missing.append(column)
            unfit.add(column.key)
    strangers = [
        header
        for at, header in headers_of(sheet)
        if at not in claimed and split_header(header)[0] not in ("坐标系", "序号", "备注")
        and (sheet.header_row, at + 1) not in sheet.personal
    ]  # fmt: skip
    for column in missing:
        alike = did_you_mean(column.header, [split_header(header)[0] for header in strangers])
        what, mend = f"缺少列“{column.title}”{alike}", "请按模板补上此列"
        issues.append(batch.issue(ERROR, None, None, what, mend))
    if strangers:
        issues.append(
            batch.issue(
                WARNING,
                None,
                None,
                f"多出的列没有读入：{'、'.join(clean(header) for header in strangers)}",
                "请确认不需要；含个人信息的列请删去",
            )
        )
    return issues, unfit


def header_row_number(sheet: Sheet) -> int | None:
    """The row of the header; a map has none."""
    return sheet.header_row or None


def _unit_issue(batch: Batch, column: Column) -> Issue | None:
    """The issue of a header whose unit or coordinate system cannot be read."""
    sheet = batch.sheet
    stated = split_header(sheet.headers[batch.at[column.key]])[1]
    if column.kind in ("lon", "lat") and names_system(stated):
        refused = refuse_crs(stated)
        return (
            batch.issue(ERROR, None, column.key, *refused, row=header_row_number(sheet))
            if refused
            else None
        )
    if _measured(column) and stated and factor(column.unit, stated) is None:
        known = "、".join(units(column.unit))
        what, mend = explain("单位不识", {"raw": stated, "known": known})
        return batch.issue(ERROR, None, column.key, what, mend, row=header_row_number(sheet))
    return None


def _measured(column: Column) -> bool:
    return column.kind in ("integer", "number", "money") and column.unit is not None


UNIT = re.compile(r"单位\s*[::为是]\s*([^\s)。;]+)")


def column_scales(batch: Batch, ledger: Ledger) -> tuple[dict[str, int | None], list[Issue]]:
    """How many of each column's unit one of the header's is, else of 单位：… around the table.

    Where the lines around the table state different units, or one that no header heeds, that is
    an error: nobody can tell which of them holds.
    """
    sheet = batch.sheet
    heads = {cell for row in sheet.rows[sheet.header_top - 1 : sheet.header_row] for cell in row}
    around = [
        (clean(text.removeprefix("人民币")), row < sheet.header_top)
        for row in sorted(batch.fates)
        for cell in sheet.rows[row - 1]
        if isinstance(cell, str) and cell not in heads
        for words in UNIT.findall(clean(cell))
        for text in re.split(r"[、,/]", words)
    ]
    scales: dict[str, int | None] = {}
    contradicted: dict[str, list[tuple[Column, str]]] = {}
    heeded: set[str] = set()
    issues = []
    for column in ledger.columns:
        scales[column.key] = 1
        if column.kind not in ("integer", "number", "money") or column.key not in batch.at:
            continue
        stated = split_header(sheet.headers[batch.at[column.key]])[1]
        scale = scales[column.key] = factor(column.unit, stated)
        said = {text: one for text, _ in around if (one := factor(column.unit, text))}
        above = {one for text, top in around if top and (one := said.get(text))}
        if stated:
            if scale is not None and said and scale not in said.values():
                contradicted.setdefault(column.unit, []).append((column, stated))
            continue
        if not above:
            continue
        heeded.add(column.unit)
        scales[column.key] = min(above)
        if len(set(said.values())) > 1:
            what = f"表中写了不同的单位：{'、'.join(said)}"
            first = batch.row_numbers[0] if batch.row_numbers else None
            issues.append(
                batch.issue(ERROR, None, column.key, what, "请统一单位，写在表头", row=first)
            )
    for unit, columns in contradicted.items():
        if unit in heeded:
            continue  # 单位：万元 holds for a column without a unit of its own
        said = "、".join(text for text, _ in around if factor(unit, text))
        for column, stated in columns:
            what = f"表头写“{stated}”，表外写“单位：{said}”，不知按哪个"
            issues.append(
                batch.issue(
                    ERROR, None, column.key, what, "请改成一致", row=header_row_number(sheet)
                )
            )
    return scales, issues
