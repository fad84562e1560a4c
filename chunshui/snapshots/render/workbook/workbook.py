"""The workbook: every frozen number as a number, with the stamp, definitions and native charts.

Text is always written as text: a ledger name that begins with "=" stays a name. No cell holds a
formula, so a figure cannot change after the freeze without being seen to.
"""

import datetime as dt
import io
from collections.abc import Callable, Sequence

import xlsxwriter

from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import (
    Attention,
    Claims,
    Column,
    Definition,
    Matrix,
    Number,
    Snapshot,
    Table,
    Trend,
)
from chunshui.snapshots.render import axis as axes
from chunshui.snapshots.render.table_layout import em, lines
from chunshui.snapshots.stamp import Stamp, clean, shorten, stamp

FONT = "微软雅黑"
MEMBERS = 20_000
_CELL_LENGTH = 32_000  # Excel's own limit is 32,767
_EM_PER_WIDTH = 0.52  # letters of 10 points in one unit of a column's width
_HEADER_LENGTH = 120  # of the 255 that Excel allows for a printed header


class _Book:
    """An xlsxwriter workbook with our formats, and one way to write each kind of cell."""

    def __init__(self, out: io.BytesIO, snapshot: Snapshot, mark: Stamp, exported_at: dt.datetime):
        self.book = xlsxwriter.Workbook(out, SAFE)
        self.mark = mark
        self.book.set_properties(
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
            self._formats[key] = self.book.add_format(base | properties)
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
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        if not upright:
            sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        _printed(sheet, self.mark)
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
        rows: Sequence[Sequence[str | Number | bool | None]],
        formats: Sequence[str] = (),
        *,
        widest: int = 48,
        freeze: int = 1,
    ) -> int:
        """Write header and rows, set widths, filter and freeze; return the last row's number."""
        for j, words in enumerate(header):
            text(sheet, first, j, words, self.head)
        formats = [*formats, *[""] * (len(header) - len(formats))]
        room = []
        for j in range(len(header)):
            longest = max([em(header[j]) * 0.7 + 1, *(_width(row[j]) for row in rows[:5000])])
            room.append(min(max(longest * 1.9 + 2, 8), widest))
            sheet.set_column(j, j, room[-1])
        for i, row in enumerate(rows, first + 1):
            for j, value in enumerate(row):
                self.cell(sheet, i, j, value, formats[j])
            most = max(
                lines(value, room[j] * _EM_PER_WIDTH)
                for j, value in enumerate(row)
                if isinstance(value, str)
            )
            if most > 1:  # not every program finds the height of wrapped text by itself
                sheet.set_row(i, min(most * 14 + 3, 400))
        last = first + len(rows)
        if rows:
            sheet.autofilter(first, 0, last, len(header) - 1)
        sheet.freeze_panes(first + 1, freeze)
        return last

    def cell(self, sheet, row: int, column: int, value, number_format: str = "") -> None:
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
            text(sheet, row, column, value, self.format(text_wrap=True))


# Without these a text that begins with "=" would become a formula, and an address a link.
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def build(
    snapshot: Snapshot,
    exported_at: dt.datetime,
    progress: Callable[[float], None] | None = None,
) -> bytes:
    """Return the workbook as .xlsx bytes; the same snapshot and time give the same bytes."""
    out = io.BytesIO()
    book = _Book(out, snapshot, stamp(snapshot, exported_at), exported_at)
    steps = (
        _cover, _figures, _streets, _communities, _parts, _trends, _tables, _claims, _attention,
        _members, _dictionary,
    )  # fmt: skip
    for number, step in enumerate(steps, 1):
        step(book, snapshot)
        if progress:
            progress(number / (len(steps) + 1))
    book.book.close()
    if progress:
        progress(1.0)
    return out.getvalue()


def text(sheet, row: int, column: int, words: str, form=None) -> None:
    """Write words as text, whatever they look like."""
    sheet.write_string(row, column, clean(words)[:_CELL_LENGTH], form)


def _cover(book: _Book, snapshot: Snapshot) -> None:
    sheet = book.book.add_worksheet("封面")
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    _printed(sheet, book.mark)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 96)
    red = PAPER.accent
    text(sheet, 0, 0, snapshot.title, book.format(bold=True, font_size=20, font_color=red))
    sheet.set_row(0, 40)
    label = book.format(bold=True, valign="top")
    words = book.format(text_wrap=True, valign="top")
    pairs = {
        "单位": snapshot.unit or "—",
        "会议日期": snapshot.meeting_date or "—",
        "模板": snapshot.template or "自选",
        **dict(book.mark.pairs),
        **dict(snapshot.filters),
    }
    row = 2
    for name, value in pairs.items():
        marked = name == "数据性质" and book.mark.is_demonstration
        form = book.format(bold=True, font_color=red, text_wrap=True) if marked else words
        text(sheet, row, 0, name, label)
        text(sheet, row, 1, value, form)
        row += 1
    text(sheet, row + 1, 0, "要点", label)
    for number, section in enumerate(snapshot.sections, 1):
        text(sheet, row + number, 1, section.title, words)
    row += len(snapshot.sections) + 2
    text(sheet, row, 0, "说明", label)
    note = "各表数字均为冻结时的数值，不含公式；指标怎样计算见“口径”表，计入的对象见“名单”表。"
    text(sheet, row, 1, note, words)


def _figures(book: _Book, snapshot: Snapshot) -> None:
    """Every figure of the scope: value, words, n, N, target, status, change."""
    seen = {}
    for section in snapshot.sections:
        if section.kind == "figures":
            seen |= {figure.metric: figure for figure in section.figures}
        elif section.kind == "ranking":
            seen.setdefault(section.metric, section.overall)
    if not seen:
        return
    sheet, first = book.sheet("指标", f"{snapshot.scope}指标")
    header = (
        "分组", "指标", "数值", "单位", "显示为", "分子", "分母", "目标", "状态", "较上月", "较上年同月",
    )  # fmt: skip
    rows = []
    for figure in seen.values():
        d = snapshot.definition(figure.metric)
        rows.append(
            (
                d.group, d.name, figure.value, d.unit, figure.shown, figure.numerator,
                figure.denominator, d.target_shown, theme.marked(figure.status),
                figure.change_month, figure.change_year,
            )
        )  # fmt: skip
    last = book.table(sheet, first, header, rows, widest=20, freeze=2)
    for status in ("达标", "接近", "未达标"):
        sheet.conditional_format(
            first + 1, 8, last, 8,
            {
                "type": "text", "criteria": "ends with", "value": f" {status}",
                "format": book.book.add_format({"font_color": PAPER.status(status)}),
            },
        )  # fmt: skip


def _streets(book: _Book, snapshot: Snapshot) -> None:
    """Streets by metrics, and a native chart for each ratio ranked in the snapshot."""
    sheet, last = _matrix(book, snapshot, snapshot.streets, "街道")
    if sheet is None:
        return
    ranked = [s.metric for s in snapshot.sections if s.kind == "ranking" and s.level == "街道"]
    columns = [c.metric for c in snapshot.streets.columns]
    chosen = [m for m in dict.fromkeys(ranked) if m in columns] or columns[:1]
    sheet.fit_to_pages(1, 1)
    for number, metric in enumerate(chosen[:4]):
        _street_chart(book, sheet, snapshot, metric, columns.index(metric) + 1, last, number)


def _street_chart(
    book: _Book, sheet, snapshot: Snapshot, metric: str, column: int, last: int, number: int
) -> None:
    definition = snapshot.definition(metric)
    values = next(c.values for c in snapshot.streets.columns if c.metric == metric)
    scale = axes.axis([*values, definition.target], definition.unit)
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": clean(definition.name),
            "categories": ["街道", 6, 0, last, 0],
            "values": ["街道", 6, column, last, column],
            "fill": {"color": PAPER.bar},
            "gap": 50,
            "data_labels": {
                "value": True,
                "num_format": scale.scale.number_format,
                "font": {"name": FONT, "size": 9},
            },
        }
    )
    font = {"name": FONT, "size": 9}
    name = f"各街道{definition.name}（{definition.unit}）"
    if definition.target_shown:
        name += f"，目标 {definition.target_shown}"
    chart.set_title(
        {"name": clean(name), "name_font": {"name": FONT, "size": 12}, "overlay": False}
    )
    chart.set_legend({"none": True})
    # Reversed, so that the order is the sheet's; then the values belong at the far end: below.
    chart.set_y_axis(
        {
            "reverse": True,
            "crossing": "max",
            "num_font": font,
            "line": {"color": PAPER.street},
        }
    )
    chart.set_x_axis(
        {
            "num_font": font,
            "num_format": scale.number_format,
            "min": scale.low,
            "max": scale.high,
            "major_unit": scale.step,
            "major_gridlines": {"visible": True, "line": {"color": PAPER.grid}},
        }
    )
    rows = last - 5
    chart.set_size({"width": 620, "height": 70 + 28 * rows})
    place = {"object_position": 2, "description": f"{name}条形图"}
    down = last + 2 + (number // 2) * (6 + round(1.45 * rows))
    sheet.insert_chart(down, 0, chart, place | {"x_offset": 640 * (number % 2)})


def _communities(book: _Book, snapshot: Snapshot) -> None:
    _matrix(book, snapshot, snapshot.communities, "社区")


def _matrix(book: _Book, snapshot: Snapshot, matrix: Matrix, level: str):
    """Places by metrics, values only; return the sheet and its last row, or None without places."""
    if not matrix.places or not matrix.columns:
        return None, 0
    definitions = [snapshot.definition(column.metric) for column in matrix.columns]
    by_community = level == "社区"
    upright = by_community and len(definitions) <= 6
    sheet, first = book.sheet(level, f"各{level}指标", upright=upright)
    header = [*(("街道", "社区") if by_community else ("街道",))]
    header += [f"{d.name}\n（{d.unit}）" for d in definitions]
    rows = []
    for number, place in enumerate(matrix.places):
        names = (place.street, place.community) if by_community else (place.street,)
        rows.append((*names, *(column.values[number] for column in matrix.columns)))
    left = len(header) - len(definitions)
    formats = ["", ""][:left] + [_cell_format(d.unit) for d in definitions]
    last = book.table(sheet, first, header, rows, formats, freeze=left)
    sheet.set_row(first, 44)
    for j, definition in enumerate(definitions, left):
        sheet.set_column(j, j, max(11, 1.1 * em(definition.name) + 3))
        if definition.unit == "%":
            bar = {
                "type": "data_bar", "bar_color": PAPER.bands[1], "bar_solid": True,
                "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 100,
            }  # fmt: skip
            sheet.conditional_format(first + 1, j, last, j, bar)
    return sheet, last


def _parts(book: _Book, snapshot: Snapshot) -> None:
    """Numerator, denominator and value of every metric in every place, one a row."""
    rows = []
    for matrix in (snapshot.streets, snapshot.communities):
        for column in matrix.columns:
            d = snapshot.definition(column.metric)
            parts = zip(
                matrix.places, column.values, column.numerators, column.denominators,
                column.statuses, strict=True,
            )  # fmt: skip
            for place, value, numerator, denominator, status in parts:
                rows.append(
                    (
                        d.name, matrix.level, place.street, place.community or "—", value, d.unit,
                        numerator, denominator, status,
                    )
                )  # fmt: skip
    if not rows:
        return
    sheet, first = book.sheet("分子分母", "各街道、各社区指标的分子和分母", upright=True)
    header = ("指标", "层级", "街道", "社区", "数值", "单位", "分子", "分母", "状态")
    book.table(sheet, first, header, rows)


def _trends(book: _Book, snapshot: Snapshot) -> None:
    """The months of every trend, one below the other, each with its native line chart."""
    trends = [section for section in snapshot.sections if isinstance(section, Trend)]
    if not trends:
        return
    sheet, row = book.sheet("走势", "各月走势", header_rows=0)
    breaks = []
    for trend in trends:
        row = _trend(book, sheet, snapshot, trend, row)
        breaks.append(row)
    sheet.set_h_pagebreaks(breaks[:-1])
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 9, 13)
    sheet.freeze_panes(5, 1)


def _trend(book: _Book, sheet, snapshot: Snapshot, trend: Trend, row: int) -> int:
    """One trend at `row`; return the row below it."""
    definition = snapshot.definition(trend.metric)
    heading = f"{trend.heading}：{trend.title}"
    text(sheet, row, 0, heading, book.format(bold=True, font_size=11))
    first = row + 1
    text(sheet, first, 0, "月份", book.head)
    column = 1
    values = [value for series in trend.series for value in series.values]
    scale = axes.axis([*values, definition.target], definition.unit, from_zero=False)
    chart = book.book.add_chart({"type": "line"})
    form = _cell_format(definition.unit)
    last = first + len(trend.months)
    for number, series in enumerate(trend.series):
        has_parts = any(n is not None for n in series.denominators)
        for offset, (words, numbers, look) in enumerate(
            (
                (series.name, series.values, form),
                ("分子", series.numerators, ""),
                ("分母", series.denominators, ""),
            )
        ):
            if offset and not has_parts:
                continue
            text(sheet, first, column, words, book.head)
            for i, value in enumerate(numbers, first + 1):
                # A line runs down to nought at a dash, and only a blank leaves a gap in it.
                if value is not None or offset:
                    book.cell(sheet, i, column, value, look)
            if not offset:
                colour = (PAPER.accent, PAPER.bands[4], PAPER.street)[number % 3]
                chart.add_series(
                    {
                        "name": ["走势", first, column],
                        "categories": ["走势", first + 1, 0, last, 0],
                        "values": ["走势", first + 1, column, last, column],
                        "line": {"color": f"{colour}", "width": 2.25},
                    }
                )
            column += 1
    for i, month in enumerate(trend.months, first + 1):
        day = dt.date.fromisoformat(f"{month}-01")
        sheet.write_datetime(i, 0, day, book.format(num_format="yyyy-mm", align="left"))
    if definition.target is not None:
        text(sheet, first, column, "目标", book.head)
        for i in range(first + 1, last + 1):
            book.cell(sheet, i, column, definition.target, form)
        chart.add_series(
            {
                "name": ["走势", first, column],
                "categories": ["走势", first + 1, 0, last, 0],
                "values": ["走势", first + 1, column, last, column],
                "line": {"color": PAPER.ink, "width": 1.25, "dash_type": "dash"},
            }
        )
        column += 1
    font = {"name": FONT, "size": 9}
    chart.set_title(
        {"name": clean(shorten(heading, 60)), "name_font": {"name": FONT, "size": 11}}
    )  # fmt: skip
    every = next((step for step in (1, 2, 3, 6, 12) if len(trend.months) / step <= 13), 12)
    chart.set_x_axis(
        {
            "date_axis": True,
            "num_format": "yyyy-mm",
            "num_font": font,
            "major_unit": every,
            "major_unit_type": "months",
        }
    )
    chart.set_y_axis(
        {
            "num_font": font,
            "num_format": scale.number_format,
            "min": scale.low,
            "max": scale.high,
            "major_unit": scale.step,
            "major_gridlines": {"visible": True, "line": {"color": PAPER.grid}},
        }
    )
    chart.set_legend({"position": "bottom", "font": font})
    chart.show_blanks_as("gap")
    chart.set_size({"width": 640, "height": 320})
    place = {"object_position": 2, "description": f"{trend.heading}走势图"}
    sheet.insert_chart(first, max(column + 1, 3), chart, place)
    return max(last, first + 16) + 2


def _tables(book: _Book, snapshot: Snapshot) -> None:
    tables = [section for section in snapshot.sections if isinstance(section, Table)]
    for number, section in enumerate(tables, 1):
        name = "台账表" if len(tables) == 1 else f"台账表{number}"
        sheet, first = book.sheet(name, f"{section.heading}：{section.title}")
        if section.total > len(section.rows):
            rest = f"列出 {len(section.rows)} 行，共 {section.total} 行；其余见平台对应页面。"
            text(sheet, 4, 0, rest)
        header = [_column_words(column) for column in section.columns]
        book.table(sheet, first, header, section.rows)


def _column_words(column: Column) -> str:
    return f"{column.label}（{column.unit}）" if column.unit else column.label


def _claims(book: _Book, snapshot: Snapshot) -> None:
    claims = [row for s in snapshot.sections if isinstance(s, Claims) for row in s.rows]
    if claims:
        sheet, first = book.sheet("公开数字对照", "公开数字与系统计算")
        header = ("编号", "公开数字", "公开值", "系统计算", "结论", "说明", "原文")
        rows = [
            (c.claim, c.subject, c.published, c.computed, c.verdict, c.note, c.quote)
            for c in claims
        ]
        book.table(sheet, first, header, rows, freeze=2)


def _attention(book: _Book, snapshot: Snapshot) -> None:
    sections = [s for s in snapshot.sections if isinstance(s, Attention)]
    items = [item for section in sections for item in section.items]
    if items:
        sheet, first = book.sheet("关注事项", "关注事项")
        rows = [(item.severity, item.title, item.text, item.link) for item in items]
        total = sum(section.total for section in sections)
        if total > len(items):
            text(sheet, 4, 0, f"列出 {len(items)} 件，共 {total} 件；其余见平台首页。")
        book.table(sheet, first, ("程度", "事项", "说明", "平台页面（接在网址后）"), rows)


def _members(book: _Book, snapshot: Snapshot) -> None:
    """Whom each figure counts and whom not, with ledger, sheet and row."""
    if not any(members.rows for members in snapshot.members):
        return
    sheet, first = book.sheet("名单", "指标计入和未计入的对象")
    header = (
        "指标", "编号", "名称", "街道", "社区", "是否计入", "分子", "分母", "台账文件", "工作表", "行号",
    )  # fmt: skip
    rows, total = [], 0
    for members in snapshot.members:
        total += members.total
        name = snapshot.definition(members.metric).name
        for m in members.rows[: MEMBERS - len(rows)]:
            rows.append(
                (
                    name, m.id, m.name, m.street, m.community, m.counted, m.numerator,
                    m.denominator, m.file, m.sheet, m.row,
                )
            )  # fmt: skip
    if total > len(rows):
        rest = (
            f"每项指标先列最该看的对象，共列出 {len(rows):,} 行；"
            f"全部 {total:,} 行可在平台“指标口径”页打开指标后下载。"
        )
        text(sheet, 4, 0, rest)
    book.table(sheet, first, header, rows, ("",) * 10 + ("0",), freeze=3)


def _dictionary(book: _Book, snapshot: Snapshot) -> None:
    """How every metric is counted; the same words as the dictionary on the pages."""
    sheet, first = book.sheet("口径", "指标口径")
    header = (
        "指标", "单位", "统计对象", "分子", "分母", "目标", "统计期", "依据", "注意", "算法文件",
    )  # fmt: skip
    rows = [_definition(d) for d in snapshot.definitions]
    book.table(sheet, first, header, rows, widest=24)


def _definition(d: Definition) -> tuple[str, ...]:
    aim = {"up": "越高越好", "down": "越低越好", "none": "不分高低"}[d.direction]
    return (
        d.name, d.unit, d.one_row, d.numerator, d.denominator or "",
        f"{d.target_shown}（{aim}）" if d.target_shown else aim,
        f"{d.window}，{d.cadence}更新", f"{d.source}（{d.mark}）", d.caveat, d.query,
    )  # fmt: skip


def _printed(sheet, mark: Stamp) -> None:
    """The stamp in the printed header and footer; & would be a command there."""
    head = shorten(mark.nature, _HEADER_LENGTH).replace("&", "&&")
    foot = f"{mark.scope} {mark.as_of} {mark.version} {mark.snapshot} {mark.exported}"
    foot = shorten(clean(foot), _HEADER_LENGTH).replace("&", "&&")
    sheet.set_header(f"&R&9{head}")
    sheet.set_footer(f"&L&8{foot}&R&8第 &P / &N 页")


def _cell_format(unit: str) -> str:
    return '0.0"%"' if unit == "%" else ""


def _width(value) -> float:
    """Return the width of a cell's words in Chinese letters."""
    if isinstance(value, bool):
        return 2
    if isinstance(value, int | float):
        return len(f"{value:,.1f}") * 0.6
    return em(value) if isinstance(value, str) else 1
