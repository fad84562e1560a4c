"""A workbook in our formats: one way to write each kind of cell, table and sheet."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from chunshui.drawing.theme import PAPER
from chunshui.ledgers.contracts.meetings import ASSIGNMENT
from chunshui.snapshots.model import Number, Snapshot
from chunshui.snapshots.render.table_layout import em, lines, sheet_name
from chunshui.snapshots.stamp import Stamp, clean, shorten

FONT = "微软雅黑"
PRINTED_ROWS = 300  # a dozen pages: what is longer is looked up, not printed
# What is on these sheets is read, by its place (the ledger handed out) or by readers who know them.
_KEPT_NAMES = (ASSIGNMENT.name, "公开数字对照", "关注事项", "名单", "口径")
_CELL_LENGTH = 32_000  # Excel's own limit is 32,767
# Of columns, at about eight points, and to which a column of texts is narrowed for it.
_A4_WIDTH, _NARROW_TEXT = 180, 14
_EM_PER_WIDTH = 0.52  # letters of 10 points in one unit of a column's width
_HEADER_LENGTH = 120  # of the 255 that Excel allows for a printed header

# Without these a text that begins with "=" would become a formula, and an address a link.
SAFE = {"in_memory": True} | dict.fromkeys(
    ("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False
)


@dataclass(frozen=True)
class Cell:
    """A value that is written in a format of its own, is computed from its row, or leads somewhere.

    `formula` has {row} where the number of its row is; its cells must be numbers, and `value` what it gives.
    """

    value: str | Number | None
    number_format: str = ""
    formula: str = ""
    link: str = ""


Value = str | Number | bool | Cell | None


class Book:
    """An xlsxwriter workbook with our formats, and one way to write each kind of cell."""

    def __init__(self, out: io.BytesIO, snapshot: Snapshot, mark: Stamp, exported_at: dt.datetime):
        self.file = xlsxwriter.Workbook(out, SAFE)
        self.mark = mark
        self.file.set_properties(
            {
                "title": clean(snapshot.title)[:255],
                "author": clean(snapshot.unit)[:255],
                "subject": clean(f"{mark.scope}，{mark.as_of}")[:255],
                "keywords": f"{mark.version} {mark.snapshot}",
                "comments": mark.nature,
                "created": exported_at.astimezone(dt.UTC).replace(tzinfo=None),
            }
        )
        self._formats: dict[tuple, object] = {}
        self._names: set[str] = set()

    def format(self, **properties):
        """Return a cell format; equal properties share one."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
            self._formats[key] = self.file.add_format(base | properties)
        return self._formats[key]

    @property
    def head(self):
        """The format of a table's header cells."""
        return self.format(
            bold=True, bg_color=PAPER.bands[4], font_color=PAPER.ground, border=1,
            border_color=PAPER.rule, text_wrap=True, align="center",
        )  # fmt: skip

    def sheet(self, name: str, title: str, *, header_rows: int = 1, upright: bool = False):
        """Add a sheet with title and stamp on top, ready to print; return it and the first row."""
        sheet = self.file.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        if not upright:
            sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        self.print_stamp(sheet)
        text(sheet, 0, 0, title, self.format(bold=True, font_size=14))
        colour = PAPER.accent if self.mark.is_demonstration else PAPER.quiet
        bold = self.mark.is_demonstration
        text(sheet, 1, 0, self.mark.nature, self.format(font_color=colour, bold=bold))
        grey = self.format(font_color=PAPER.quiet, font_size=9)
        text(sheet, 2, 0, self.mark.first_line, grey)
        text(sheet, 3, 0, f"来源：{self.mark.source} | 导出：{self.mark.exported}", grey)
        if header_rows:
            sheet.repeat_rows(5, 4 + header_rows)
        return sheet, 5

    def table(
        self,
        sheet,
        first: int,
        header: Sequence[str],
        rows: Sequence[Sequence[Value]],
        formats: Sequence[str] = (),
        *,
        widest: int = 48,
        freeze: int = 1,
        note: str = "",
        printed: int = PRINTED_ROWS,
    ) -> int:
        """Write header and rows as a table of the sheet's name, set widths and freeze; return the last row's number.

        The `note` stands above the header. Of more than `printed` rows the rest is not printed, which it says.
        """
        header = _told_apart(header)
        formats = [*formats, *[""] * (len(header) - len(formats))]
        column_widths = []
        for j in range(len(header)):
            longest = max([em(header[j]) * 0.7 + 1, *(_width_em(row[j]) for row in rows[:5000])])
            column_widths.append(min(max(longest * 1.9 + 2, 8), widest))
        column_widths = _printable(column_widths, rows)
        for j, width in enumerate(column_widths):
            sheet.set_column(j, j, width)
        if sum(column_widths) > _A4_WIDTH:
            sheet.set_paper(8)  # A3
        for i, row in enumerate(rows, first + 1):
            for j, value in enumerate(row):
                self.cell(sheet, i, j, value, formats[j])
            texts = {j: value for j, value in enumerate(row) if isinstance(value, str)}
            most = max(lines(words, column_widths[j] * _EM_PER_WIDTH) for j, words in texts.items())
            if most > 1:  # not every program finds the height of wrapped text by itself
                sheet.set_row(i, min(most * 14 + 3, 400))
        last = first + len(rows)
        if rows:
            columns = [{"header": words, "header_format": self.head} for words in header]
            named = {"name": self.name(f"表_{sheet.get_name()}"), "style": None}
            sheet.add_table(first, 0, last, len(header) - 1, named | {"columns": columns})
        for j, words in enumerate(header if not rows else ()):
            text(sheet, first, j, words, self.head)
        if len(rows) > printed:
            sheet.print_area(0, 0, first + printed, len(header) - 1)
            note += f"打印只到前{printed:,}行，表里有{len(rows):,}行。"
        text(sheet, first - 1, 0, note)
        sheet.freeze_panes(first + 1, freeze)
        return last

    def free_name(self, heading: str) -> str:
        """Return a name for the sheet of a table that no other in the workbook has."""
        base = sheet_name(clean(heading))
        known = {*(one.get_name() for one in self.file.worksheets()), *_KEPT_NAMES}
        names = (f"{base}{n or ''}" for n in range(999) if n != 1)
        return next(one for one in names if one not in known)

    def name(self, words: str) -> str:
        """Return a name that formulas may use and nothing else in the workbook has."""
        base = re.sub(r"\W", "", words) or "名"
        name, number = base, 2
        while name.lower() in self._names:
            name, number = f"{base}_{number}", number + 1
        self._names.add(name.lower())
        return name

    def define(self, words: str, sheet, row: int, column: int) -> None:
        """Give a cell a name by which formulas find it."""
        where = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        self.file.define_name(self.name(words), f"='{sheet.get_name()}'!{where}")

    def cell(self, sheet, row: int, column: int, value: Value, number_format: str = "") -> None:
        """Write one value as what it is: a number, 是/否, text, or a dash for what is missing.

        Without a number format whole numbers have no decimals and others two.
        """
        if isinstance(value, Cell):
            self._own(sheet, row, column, value)
        elif value is None or value == "":
            look = self.format(font_color=PAPER.quiet, align="center")
            text(sheet, row, column, "—", look)
        elif isinstance(value, bool):
            text(sheet, row, column, "是" if value else "否", self.format())
        elif isinstance(value, int | float):
            form = number_format or ("#,##0" if isinstance(value, int) else "#,##0.00")
            sheet.write_number(row, column, value, self.format(num_format=form))
        else:
            # Indented, so that a number right before it does not run into it.
            text(sheet, row, column, value, self.format(text_wrap=True, indent=1))

    def _own(self, sheet, row: int, column: int, cell: Cell) -> None:
        """Write a cell in its own way; without a value as what is missing."""
        if cell.value is None:
            self.cell(sheet, row, column, None)
        elif cell.formula:
            look = self.format(num_format=cell.number_format, font_color=PAPER.quiet)
            sheet.write_formula(row, column, cell.formula.format(row=row + 1), look, cell.value)
        elif cell.link:
            look = self.format(font_color=PAPER.bands[4], underline=1, indent=1)
            sheet.write_url(row, column, cell.link, look, clean(str(cell.value)))
        else:
            self.cell(sheet, row, column, cell.value, cell.number_format)

    def print_stamp(self, sheet) -> None:
        """Put the stamp into the printed header and footer; & would be a command there."""
        mark = self.mark
        head = shorten(mark.nature, _HEADER_LENGTH).replace("&", "&&")
        foot = f"{mark.scope} {mark.as_of} {mark.version} {mark.snapshot} {mark.exported}"
        foot = shorten(clean(foot), _HEADER_LENGTH).replace("&", "&&")
        sheet.set_header(f"&R&9{head}")
        sheet.set_footer(f"&L&8{foot}&R&8第 &P / &N 页")


def text(sheet, row: int, column: int, words: str, form=None) -> None:
    """Write words as text, whatever they look like."""
    sheet.write_string(row, column, clean(words)[:_CELL_LENGTH], form)


def _printable(widths: list[float], rows: Sequence[Sequence[Value]]) -> list[float]:
    """Return columns that a sheet of A4 holds in legible letters, if texts wrapped to a narrower column do it."""
    texts = [
        all(isinstance(_plain(row[j]), str | None) for row in rows[:5000])
        for j in range(len(widths))
    ]
    least = [min(width, _NARROW_TEXT) if text else width
             for width, text in zip(widths, texts, strict=True)]  # fmt: skip
    spare = sum(widths) - sum(least)
    if sum(widths) <= _A4_WIDTH or not spare:
        return widths
    kept = max(_A4_WIDTH - sum(least), 0) / spare
    return [low + (width - low) * kept for low, width in zip(least, widths, strict=True)]


def _plain(value: Value) -> str | Number | bool | None:
    return value.value if isinstance(value, Cell) else value


def _width_em(value: Value) -> float:
    """Return the width of a cell's words in Chinese letters."""
    if isinstance(value, Cell):
        unit = re.search('"([^"]*)"', value.number_format)
        return _width_em(value.value) + (em(unit[1]) if unit else 0)
    if isinstance(value, bool):
        return 2
    if isinstance(value, int | float):
        return len(f"{value:,.1f}") * 0.6
    return em(value) if isinstance(value, str) else 1


def _told_apart(header: Sequence[str]) -> list[str]:
    """Return the heads as a table takes them: on one line, none empty and no two alike."""
    heads: list[str] = []
    for words in header:
        base = shorten(words, 200) or "列"
        head, number = base, 2
        while head.lower() in {one.lower() for one in heads}:
            head, number = f"{base}（{number}）", number + 1
        heads.append(head)
    return heads
