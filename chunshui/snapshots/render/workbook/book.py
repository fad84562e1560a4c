"""A workbook in our formats: one way to write each kind of cell, table and sheet."""

import datetime as dt
import io
from collections.abc import Sequence

import xlsxwriter

from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import Number, Snapshot
from chunshui.snapshots.render.table_layout import em, lines
from chunshui.snapshots.stamp import Stamp, clean, shorten

FONT = "微软雅黑"
Value = str | Number | bool | None
_CELL_LENGTH = 32_000  # Excel's own limit is 32,767
_EM_PER_WIDTH = 0.52  # letters of 10 points in one unit of a column's width
_HEADER_LENGTH = 120  # of the 255 that Excel allows for a printed header

# Without these a text that begins with "=" would become a formula, and an address a link.
SAFE = {"in_memory": True} | dict.fromkeys(
    ("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False
)


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
    ) -> int:
        """Write header and rows, set widths, filter and freeze; return the last row's number."""
        for j, words in enumerate(header):
            text(sheet, first, j, words, self.head)
        formats = [*formats, *[""] * (len(header) - len(formats))]
        column_widths = []
        for j in range(len(header)):
            longest = max([em(header[j]) * 0.7 + 1, *(_width_em(row[j]) for row in rows[:5000])])
            column_widths.append(min(max(longest * 1.9 + 2, 8), widest))
            sheet.set_column(j, j, column_widths[-1])
        for i, row in enumerate(rows, first + 1):
            for j, value in enumerate(row):
                self.cell(sheet, i, j, value, formats[j])
            texts = {j: value for j, value in enumerate(row) if isinstance(value, str)}
            most = max(lines(words, column_widths[j] * _EM_PER_WIDTH) for j, words in texts.items())
            if most > 1:  # not every program finds the height of wrapped text by itself
                sheet.set_row(i, min(most * 14 + 3, 400))
        last = first + len(rows)
        if rows:
            sheet.autofilter(first, 0, last, len(header) - 1)
        sheet.freeze_panes(first + 1, freeze)
        return last

    def cell(self, sheet, row: int, column: int, value: Value, number_format: str = "") -> None:
        """Write one value as what it is: a number, 是/否, text, or a dash for what is missing.

        Without a number format whole numbers have no decimals and others two.
        """
        if value is None or value == "":
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


def _width_em(value: Value) -> float:
    """Return the width of a cell's words in Chinese letters."""
    if isinstance(value, bool):
        return 2
    if isinstance(value, int | float):
        return len(f"{value:,.1f}") * 0.6
    return em(value) if isinstance(value, str) else 1
