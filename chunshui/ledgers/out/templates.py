"""Workbooks to fill in, made from the contracts: blank, or with the rows of a version to mend."""

import io
from collections.abc import Iterable, Mapping, Sequence

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from chunshui.errors import ChunshuiError
from chunshui.ledgers.base import read_base
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import KINDS, Column, Ledger
from chunshui.ledgers.out.write import WEEKDAYS, cells, place_names, timeless, title_rows
from chunshui.ledgers.sheet import INSTRUCTIONS
from chunshui.warehouse import Reader
from chunshui.warehouse.schema import UNTOLD

# The rows of a template that carry drop-down lists.
ROWS = 2000
STREETS = 7  # the column of the instructions that holds the names for the lists of streets
REQUIRED = PatternFill("solid", start_color="FFF3D6D6")
OPTIONAL = PatternFill("solid", start_color="FFEDEDED")
FORMATS = {"date": "yyyy-mm-dd", "time": "@", "month": "@", "code": "@", "text": "@"}


def filled_template(reader: Reader, ledger_id: str, streets: Iterable[str] = ()) -> bytes:
    """The workbook of a ledger with the rows it has in a version, to be mended and handed in again.

    `streets` are the codes of those whose rows are wanted (none: all). Raises ChunshuiError for a
    ledger whose rows nobody is to be shown: it is handed in again as who keeps it has it.
    """
    if ledger_id in UNTOLD:
        raise ChunshuiError(
            f"{ALL[ledger_id].name}里的小数可能指向个人，不下载；请用填报单位自己的原表"
        )
    base = read_base(reader, raw_rows=False)
    table = base.tables[ledger_id]
    if chosen := set(streets):
        table = table[base.streets(ledger_id).isin(chosen)]
    table = table[[key for key in ALL[ledger_id].stored if key in table]]
    natures = base.source_file.set_index("ledger_id")["nature"]
    return template(
        [ledger_id],
        {ledger_id: cells(ALL[ledger_id], table, place_names(base.tables))},
        demonstration="演示" in set(natures[[ledger_id]]),
    )


def template(
    ids: list[str],
    filled: Mapping[str, Mapping[Column, list]] | None = None,
    *,
    demonstration: bool = False,
    of: str = "",
    streets: Sequence[str] = (),
) -> bytes:
    """A workbook with one sheet for each of those ledgers and a sheet of instructions.

    The sheets are blank, or hold the cells `filled` in for a ledger, of demonstration data or real;
    their titles name the district they are `of`, the drop-down lists of streets its `streets`.
    Each header carries a comment that says what to fill in; choices have drop-down lists, codes
    and months are formatted as text. Raises ChunshuiError for a ledger that is no workbook.
    """
    workbook = openpyxl.Workbook()
    instructions = workbook.active
    instructions.title = INSTRUCTIONS
    instructions.append(["台账", "列", "必填", "类型", "怎么填"])
    for ledger in (ALL[ledger_id] for ledger_id in ids):
        if "xlsx" not in ledger.formats:
            raise ChunshuiError(f"{ledger.name}须用 {'、'.join(ledger.formats)} 文件，没有表格模板")
        sheet = workbook.create_sheet(ledger.name)
        title, *rest = title_rows(ledger, demonstration)
        _sheet(sheet, ledger, [of + title, *rest], len(streets))
        _fill(sheet, (filled or {}).get(ledger.id, {}))
        for column in ledger.columns:
            required = "是" if column.required else "否"
            instructions.append(
                [ledger.name, column.title, required, KINDS[column.kind], describe(column)]
            )
    for number, name in enumerate(streets, start=2):
        instructions.cell(number, STREETS, name)
    if streets:
        instructions.cell(1, STREETS, "街道")
    for letter, width in zip("ABCDE", (20, 24, 8, 10, 80), strict=True):
        instructions.column_dimensions[letter].width = width
    for cell in instructions[1]:
        cell.font = Font(bold=True)
    instructions.freeze_panes = "A2"
    workbook.move_sheet(instructions, len(ids))
    workbook.active = 0
    buffer = io.BytesIO()
    workbook.save(buffer)
    return timeless(buffer.getvalue())


def describe(column: Column) -> str:
    """What to fill in, in Chinese."""
    examples = {
        "date": "如2026-03-31",
        "month": "如2026-03",
        "time": "如08:30",
        "weekday": "周一 至 周日，一天一行",
        "boolean": "是 或 否",
        "street": "街道名称或代码",
        "community": "社区简称、全称或代码",
        "choice": "可填：" + "、".join(column.allowed),
    }
    facts = [examples[column.kind]] if column.kind in examples else []
    if column.is_number and column.bounds:
        facts.append(column.bounds)
    if column.length:
        facts.append(f"{column.length}位")
    if column.refers:
        facts.append(f"须在{ALL[column.refers].name}中")
    if column.note:
        facts.append(column.note)
    return "；".join(facts)


def _fill(sheet: Worksheet, columns: Mapping[Column, list]) -> None:
    for number, row in enumerate(zip(*columns.values(), strict=True), sheet.max_row + 1):
        sheet.append(row)
        for at, value in enumerate(row, 1):
            if isinstance(value, str) and value.startswith("="):  # is a text and no formula
                sheet.cell(number, at).data_type = "s"


def _sheet(sheet: Worksheet, ledger: Ledger, titles: list[str], streets: int) -> None:
    for line in titles:
        sheet.append([line])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([column.title for column in ledger.columns])
    header = sheet.max_row
    sheet.freeze_panes = f"A{header + 1}"
    for number, column in enumerate(ledger.columns, start=1):
        letter = get_column_letter(number)
        cell = sheet.cell(header, number)
        cell.font = Font(bold=True)
        cell.fill = REQUIRED if column.required else OPTIONAL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        text = ("必填" if column.required else "可空") + "。" + describe(column)
        cell.comment = Comment(text, "台账模板", width=260, height=90)
        sheet.column_dimensions[letter].width = max(12, 2 * len(column.title) + 4)
        below = f"{letter}{header + 1}:{letter}{header + ROWS}"
        if column.kind in FORMATS:
            sheet.column_dimensions[letter].number_format = FORMATS[column.kind]
        choices = {
            "choice": column.allowed,
            "boolean": ("是", "否"),
            "weekday": WEEKDAYS,
        }.get(column.kind)
        if choices:
            listed = DataValidation(
                type="list",
                formula1='"' + ",".join(choices) + '"',
                allow_blank=not column.required,
                showErrorMessage=True,
                errorTitle=column.header,
                error="请从下拉列表中选择",
            )
            sheet.add_data_validation(listed)
            listed.add(below)
        elif column.kind == "street" and streets:  # to choose from; a code may be typed, too
            at = get_column_letter(STREETS)
            source = f"'{INSTRUCTIONS}'!${at}$2:${at}${streets + 1}"
            offered = DataValidation(type="list", formula1=source, allow_blank=True)
            sheet.add_data_validation(offered)
            offered.add(below)
