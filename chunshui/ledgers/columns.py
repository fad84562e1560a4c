"""Which column of a sheet is which column of its ledger, and in which unit it is written."""

import re

from openpyxl.utils import get_column_letter

from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells.messages import did_you_mean, explain
from chunshui.ledgers.cells.parsed import clean
from chunshui.ledgers.cells.units import factor, units
from chunshui.ledgers.contracts.contract import Column
from chunshui.ledgers.geometries import names_system, refuse_crs
from chunshui.ledgers.headers import names_column, split_header
from chunshui.words import ERROR, NOTE, WARNING

# What nobody misses: told elsewhere, or put in by map software to number its rows.
NOT_MISSED = frozenset(["坐标系", "序号", "备注", "fid", "ogc_fid", "objectid", "gid"])
UNIT = re.compile(r"单位\s*[::为是]\s*([^\s)。;]+)")


def match_columns(batch: Batch) -> set[str]:
    """Find the column of each header; missing, doubled and unknown ones are issues.

    Returns the keys of the columns that cannot be read.
    """
    sheet, row = batch.sheet, batch.sheet.header_row or None  # a map has no header row
    unfit: set[str] = set()
    missing: list[Column] = []
    claimed: set[int] = set()
    _complete_cut_headers(batch)
    for column in batch.ledger.columns:
        places = [at for at, header in sheet.placed_headers if names_column(header, column)]
        # The header itself goes before an alias: 社区简称 before 社区.
        exact = [at for at in places if split_header(sheet.headers[at])[0] == column.header]
        places = [at for at in (exact or places) if at not in claimed]
        claimed.update(places)
        if len(places) > 1:
            what = f"列“{column.header}”出现{len(places)}次"
            letters = "、".join(get_column_letter(at + 1) for at in places)
            mend = "请删去多余的列" + (f"（{letters}列）" if sheet.name is not None else "")
            batch.add(ERROR, what, mend, row=row, at=places[1])
            unfit.add(column.key)
        elif places:
            batch.at[column.key] = places[0]
            if problem := _unit_problem(batch, column):
                batch.add(ERROR, *problem, key=column.key, row=row)
                unfit.add(column.key)
            if places[0] + 1 in sheet.hidden_columns:
                what, mend = "这一列是隐藏的，照样读入了", "请取消隐藏后核对；不要的请删去"
                batch.add(WARNING, what, mend, key=column.key, row=row)
        elif column.required:
            missing.append(column)
            unfit.add(column.key)
    strangers = [
        header
        for at, header in sheet.placed_headers
        if at not in claimed and split_header(header)[0].lower() not in NOT_MISSED
        and (sheet.header_row, at + 1) not in sheet.personal
    ]  # fmt: skip
    for column in missing:
        alike = did_you_mean(column.header, [split_header(header)[0] for header in strangers])
        batch.add(ERROR, f"缺少列“{column.title}”{alike}", "请按模板补上此列")
    if strangers:
        what = f"多出的列没有读入：{'、'.join(clean(header) for header in strangers)}"
        batch.add(WARNING, what, "请确认不需要；含个人信息的列请删去")
    return unfit


def _complete_cut_headers(batch: Batch) -> None:
    """Complete the headers that a Shapefile cut off in a character, where just one column begins so.

    It keeps ten bytes of each: three Chinese characters and a third where it is in UTF-8.
    """
    sheet = batch.sheet
    for at, header in list(sheet.placed_headers):
        stem = header.rstrip("\ufffd")
        fit = [
            column.header
            for column in batch.ledger.columns
            if any(name.startswith(stem) for name in (column.header, *column.aliases))
        ]
        if stem != header and len(fit) == 1 and fit[0] not in sheet.headers:
            what = f"列名“{stem}…”在 Shapefile 里被截短了，读作“{fit[0]}”"
            batch.add(NOTE, what, "请确认；改用 GeoJSON 或 GeoPackage 可留全列名")
            sheet.headers[at] = fit[0]


def _unit_problem(batch: Batch, column: Column) -> tuple[str, str] | None:
    """Why the unit or coordinate system in a header cannot be read, and how to mend it."""
    stated = split_header(batch.sheet.headers[batch.at[column.key]])[1]
    if not stated:
        return None
    if column.kind in ("lon", "lat") and names_system(stated):
        return refuse_crs(stated)
    if column.is_number and column.unit is not None and factor(column.unit, stated) is None:
        return explain("单位不识", {"raw": stated, "known": "、".join(units(column.unit))})
    return None


def column_scales(batch: Batch) -> dict[str, int | None]:
    """How many of each column's unit one of the header's is, else of 单位：… around the table.

    Where the lines around the table state different units, or one that no header heeds, that is
    an error: nobody can tell which of them holds.
    """
    sheet = batch.sheet
    heads = {cell for row in sheet.rows[sheet.header_top - 1 : sheet.header_row] for cell in row}
    around = [
        (clean(text.removeprefix("人民币")), row < sheet.header_top)
        for row in sorted(batch.row_kinds)
        for cell in sheet.rows[row - 1]
        if isinstance(cell, str) and cell not in heads
        for words in UNIT.findall(clean(cell))
        for text in re.split(r"[、,/]", words)
    ]
    scales: dict[str, int | None] = {}
    contradicted: dict[str | None, list[tuple[Column, str]]] = {}
    heeded: set[str | None] = set()
    for column in batch.ledger.columns:
        scales[column.key] = 1
        if not column.is_number or column.key not in batch.at:
            continue
        stated = split_header(sheet.headers[batch.at[column.key]])[1]
        scale = scales[column.key] = factor(column.unit, stated)
        sizes = {text: size for text, _ in around if (size := factor(column.unit, text))}
        above = {size for text, top in around if top and (size := sizes.get(text))}
        if stated:
            if scale is not None and sizes and scale not in sizes.values():
                contradicted.setdefault(column.unit, []).append((column, stated))
            continue
        if not above:
            continue
        heeded.add(column.unit)
        scales[column.key] = min(above)
        if len(set(sizes.values())) > 1:
            what = f"表中写了不同的单位：{'、'.join(sizes)}"
            first = 0 if batch.row_numbers else None
            batch.add(ERROR, what, "请统一单位，写在表头", first, column.key)
    for unit, columns in contradicted.items():
        if unit in heeded:
            continue  # 单位：万元 holds for a column without a unit of its own
        outside = "、".join(text for text, _ in around if factor(unit, text))
        for column, stated in columns:
            what = f"表头写“{stated}”，表外写“单位：{outside}”，不知按哪个"
            batch.add(ERROR, what, "请改成一致", key=column.key, row=sheet.header_row or None)
    return scales
