"""The user's own workbook, with every cell that something is wrong with marked and explained."""

import io
import re
import zipfile
from pathlib import PurePath

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.csv import csv_rows
from chunshui.ledgers.formats.workbook import read_workbook
from chunshui.ledgers.headers import HEADER_WITHIN
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.sheet import Grid
from chunshui.words import ERROR, NOTE, REFUSED, SEVERITIES, WARNING

LIST = "问题清单"
WITHOUT_LOOKS = "原件的样式没能保留，副本里只有各格的内容。"
AUTHOR = "台账检查"
MARKED = 3000  # cells marked and commented; the list has them all
LISTED = 20_000
FILLS = {
    ERROR: PatternFill("solid", start_color="FFF4B6B6"),
    WARNING: PatternFill("solid", start_color="FFFBE3A6"),
    NOTE: PatternFill("solid", start_color="FFD6E6F7"),
}
HEADER = ["程度", "工作表", "单元格", "行", "列", "现在的内容", "问题", "怎么改"]
WIDTHS = (8, 18, 10, 8, 20, 28, 48, 48)


def annotate(content: bytes, label: str, issues: list[Issue]) -> bytes:
    """Return a copy of a ledger as an xlsx workbook with its issues marked.

    A workbook keeps its sheets, a csv file becomes one; a map gets the list alone. The first sheet
    lists every issue with a link to its cell. Texts stay texts: none becomes a formula.
    """
    own = [issue for issue in issues if issue.file == label]
    suffix = PurePath(label).suffix.lower()
    if suffix == ".xlsx" and content[:2] == b"PK":
        book = _opened(content)
    elif suffix == ".csv":
        book = _from_csv(content, label)
    else:
        book = openpyxl.Workbook()
        book.remove(book.active)
    for issue in own[:MARKED]:
        if issue.of_all_rows:
            _mark_rows(book, issue)
        else:
            _mark(book, issue)
    _list(book, own)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _opened(content: bytes) -> openpyxl.Workbook:
    """The workbook, once it has passed what `workbook` refuses.

    What openpyxl does not open, or opens without its sheets (strict Office Open XML, fonts and fills
    that it rejects), is written anew from the cells.
    """
    grids = read_workbook(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part):
                raise ChunshuiError("工作簿里含文档类型声明，不予读入。请另存为普通 xlsx")
    try:
        book = openpyxl.load_workbook(io.BytesIO(content))
    except Exception:  # noqa: BLE001  whatever it rejects, the cells were read
        return _from_grids(grids)
    whole = all(
        grid.name in book.sheetnames and book[grid.name].max_row >= len(grid.rows) for grid in grids
    )
    return book if whole else _from_grids(grids)


def _from_grids(grids: list[Grid]) -> openpyxl.Workbook:
    """The cells that were read, without their looks."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for number, row in enumerate(grid.rows, start=1):
            for column, value in enumerate(row, start=1):
                if isinstance(value, str):
                    _text(sheet, number, column, value)
                elif value is not None:
                    sheet.cell(number, column).value = value
    book.properties.description = WITHOUT_LOOKS
    return book


def _from_csv(content: bytes, label: str) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = re.sub(r"[\[\]:*?/\\]", "", PurePath(label).stem)[:31] or "表"
    for number, row in enumerate(csv_rows(content), start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                _text(sheet, number, column, value)
    return book


def _mark(book: openpyxl.Workbook, issue: Issue) -> None:
    """Colour one cell and say beside it what is wrong and how to mend it."""
    sheet = _sheet(book, issue)
    if sheet is None or issue.row is None:
        return
    column = _column(sheet, issue.column, issue.row)
    cell = sheet[issue.cell] if issue.cell else sheet.cell(issue.row, column)
    if isinstance(cell, MergedCell):
        area = next((one for one in sheet.merged_cells.ranges if cell.coordinate in one), None)
        if area is None:
            return
        cell = sheet.cell(area.min_row, area.min_col)
    text = f"【{issue.severity}】{issue.sentence}"
    if cell.comment is None or cell.comment.author != AUTHOR:
        cell.fill = FILLS[issue.severity]
    if cell.comment is not None:
        text = f"{cell.comment.text}\n{text}"
    cell.comment = Comment(text, AUTHOR, width=300, height=120)


def _mark_rows(book: openpyxl.Workbook, issue: Issue) -> None:
    """Colour the first cell of every row of a sheet that is refused whole; say why beside the topmost."""
    if (sheet := _sheet(book, issue)) is None:
        return
    firsts = []
    for row in sheet.iter_rows(max_row=MARKED):
        filled = [cell for cell in row if cell.value is not None]
        firsts += filled[:1]
    for cell in firsts:
        cell.fill = FILLS[ERROR]
    for cell in firsts[:1]:
        before = f"{cell.comment.text}\n" if cell.comment else ""
        cell.comment = Comment(
            f"{before}【{REFUSED}】{issue.sentence}", AUTHOR, width=300, height=120
        )


def _column(sheet: Worksheet, header: str | None, row: int) -> int:
    """The column with a header above a row, as in a csv file; else the first."""
    for cells in sheet.iter_rows(max_row=min(HEADER_WITHIN, row)):
        for cell in cells:
            if header is not None and cell.value == header:
                return cell.column
    return 1


def _sheet(book: openpyxl.Workbook, issue: Issue) -> Worksheet | None:
    if issue.sheet is not None:
        return book[issue.sheet] if issue.sheet in book.sheetnames else None
    return book.worksheets[0] if book.worksheets else None


def _list(book: openpyxl.Workbook, issues: list[Issue]) -> None:
    """Put the list of all issues in front."""
    name = LIST
    while name in book.sheetnames:
        name += "_"
    sheet = book.create_sheet(name, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    severities = [issue.severity for issue in issues]
    counts = "，".join(f"{word} {severities.count(word)}处" for word in SEVERITIES)
    note = book.properties.description if book.properties.description == WITHOUT_LOOKS else ""
    _text(sheet, 1, 1, f"{counts}。{note}改好各表后直接上传本文件即可，本清单不会被当作台账读入。")
    sheet["A1"].font = Font(bold=True)
    for column, (title, width) in enumerate(zip(HEADER, WIDTHS, strict=True), start=1):
        cell = _text(sheet, 2, column, title)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A3"
    for row, issue in enumerate(issues[:LISTED], start=3):
        values = (
            issue.severity, issue.sheet or "", issue.cell, issue.row, issue.column or "",
            issue.value, issue.what, issue.mend,
        )  # fmt: skip
        for column, value in enumerate(values, start=1):
            if isinstance(value, int):
                sheet.cell(row, column).value = value
            elif value:
                _text(sheet, row, column, value)
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, 1).fill = FILLS[issue.severity]
        if issue.cell and issue.sheet is not None and issue.sheet in book.sheetnames:
            quoted = issue.sheet.replace("'", "''")
            sheet.cell(row, 3).hyperlink = f"#'{quoted}'!{issue.cell}"
            sheet.cell(row, 3).font = Font(underline="single", color="FF1F5FA8")


def _text(sheet: Worksheet, row: int, column: int, value: str) -> Cell:
    """Write a text that no spreadsheet runs, whatever it begins with."""
    cell = sheet.cell(row, column)
    cell.value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell.data_type = "s"
    return cell
