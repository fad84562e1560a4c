"""The workbook: every frozen number as a number, with the stamp, definitions and native charts.

Text is always written as text: a ledger name that begins with "=" stays a name. No cell holds a
formula, so a figure cannot change after the freeze without being seen to.
"""

import datetime as dt
import io
import math
from collections.abc import Callable, Sequence

from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.ledgers.contracts.meetings import ASSIGNMENT as LEDGER
from chunshui.snapshots import model
from chunshui.snapshots.render import axis as axes
from chunshui.snapshots.render.table_layout import em, printed
from chunshui.snapshots.render.workbook import charts
from chunshui.snapshots.render.workbook.book import Book, Value, text
from chunshui.snapshots.stamp import stamp

MEMBERS = 20_000
# What the ledger's columns are of a matter handed out; the others are for whoever sees to it.
_ASSIGNED: dict[str, Callable[[model.Assignment], str]] = {
    "assignment_id": lambda item: item.id,
    "title": lambda item: item.matter,
    "street_code": lambda item: item.street,
    "community_code": lambda item: item.community,
    "unit": lambda item: item.unit,
    "issued_on": lambda item: item.issued_on,
    "due_on": lambda item: item.due_on,
    "basis": lambda item: item.basis,
}
_ASSIGNED_WIDTHS = {
    "title": 34, "unit": 20, "basis": 34, "snapshot_id": 20, "result": 26, "is_done": 9,
}  # fmt: skip


def xlsx_bytes(snapshot: model.Snapshot, exported_at: dt.datetime) -> bytes:
    """Return the workbook as .xlsx bytes; the same snapshot and time give the same bytes."""
    out = io.BytesIO()
    book = Book(out, snapshot, stamp(snapshot, exported_at), exported_at)
    steps = (
        _cover, _assigned, _figures, _streets, _communities, _parts, _trends, _tables, _claims, _attention,
        _members, _dictionary,
    )  # fmt: skip
    for step in steps:
        step(book, snapshot)
    book.file.close()
    return out.getvalue()


def _cover(book: Book, snapshot: model.Snapshot) -> None:
    sheet = book.file.add_worksheet("封面")
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    book.print_stamp(sheet)
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
    for row, (name, value) in enumerate(pairs.items(), 2):
        marked = name == "数据性质" and book.mark.is_demonstration
        form = book.format(bold=True, font_color=red, text_wrap=True) if marked else words
        text(sheet, row, 0, name, label)
        text(sheet, row, 1, value, form)
    row = len(pairs) + 2
    text(sheet, row + 1, 0, "要点", label)
    findings = model.findings_of(snapshot.sections)
    for number, finding in enumerate(findings, 1):
        text(sheet, row + number, 1, finding, words)
    row += len(findings) + 2
    text(sheet, row, 0, "说明", label)
    note = "各表数字均为冻结时的数值，不含公式；指标怎样计算见“口径”表，计入的对象见“名单”表。"
    text(sheet, row, 1, note, words)


def _assigned(book: Book, snapshot: model.Snapshot) -> None:
    """What the meeting hands out, as the ledger that comes back: what is done is filled in and loaded."""
    if not snapshot.assigned:
        return
    sheet, first = book.sheet(LEDGER.name, LEDGER.name)
    note = "办理后填浅色的三栏（是否完成、完成日期、办理结果），整个文件或这一张表都可在“台账入库”上传；其余各栏不要改。"
    text(sheet, 4, 0, note)
    last = first + len(snapshot.assigned)
    plain = book.format(text_wrap=True, border=1, border_color=PAPER.rule, num_format="@")
    days = book.format(border=1, border_color=PAPER.rule, num_format="yyyy-mm-dd", align="left")
    fill = {"border": 1, "border_color": PAPER.rule, "bg_color": PAPER.panel}
    blank = {
        "is_done": book.format(**fill),
        "done_on": book.format(**fill, num_format="yyyy-mm-dd", align="left"),
        "result": book.format(**fill, text_wrap=True),
    }
    for j, column in enumerate(LEDGER.columns):
        text(sheet, first, j, column.title, book.head)
        sheet.set_column(j, j, _ASSIGNED_WIDTHS.get(column.key, 12))
        for i, item in enumerate(snapshot.assigned, first + 1):
            value = _ASSIGNED.get(column.key, lambda item: "")(item)
            if column.key == "snapshot_id":
                value = snapshot.id
            if not value:
                sheet.write_blank(i, j, None, blank.get(column.key, plain))
            elif column.kind == "date":
                sheet.write_datetime(i, j, dt.date.fromisoformat(value), days)
            else:
                text(sheet, i, j, value, plain)
        if column.kind == "boolean":
            sheet.data_validation(
                first + 1, j, last, j, {"validate": "list", "source": ["是", "否"]}
            )
    for i, item in enumerate(snapshot.assigned, first + 1):
        long = max(em(item.matter), em(item.basis)) / (_ASSIGNED_WIDTHS["title"] * 0.5)
        sheet.set_row(i, 16 * math.ceil(max(long, em(item.unit) / 10, 1)) + 4)
    sheet.freeze_panes(first + 1, 2)


def _figures(book: Book, snapshot: model.Snapshot) -> None:
    """Every figure of the scope: value, words, n, N, target, status, change."""
    figures = snapshot.overall_figures()
    if not figures:
        return
    sheet, first = book.sheet("指标", f"{snapshot.scope}指标")
    header = (
        "分组", "指标", "数值", "单位", "显示为", "分子", "分母", "目标", "状态", "较上月", "较上年同期",
    )  # fmt: skip
    rows = []
    for f in figures.values():
        d = snapshot.definition(f.metric)
        counted = (d.group, d.name, f.value, d.unit, f.shown, f.numerator, f.denominator)
        status = theme.marked(f.status)
        rows.append((*counted, d.target_shown, status, f.change_month, f.change_year))
    last = book.table(sheet, first, header, rows, widest=20, freeze=2)
    for status in ("达标", "接近", "未达标"):
        colour = book.file.add_format({"font_color": PAPER.status(status)})
        rule = {"type": "text", "criteria": "ends with", "value": f" {status}", "format": colour}
        sheet.conditional_format(first + 1, 8, last, 8, rule)


def _streets(book: Book, snapshot: model.Snapshot) -> None:
    """Streets by metrics, and a native chart for each ratio ranked in the snapshot."""
    sheet, last = _matrix(book, snapshot, snapshot.streets, "街道")
    if sheet is None:
        return
    rankings = [section for section in snapshot.sections if isinstance(section, model.Ranking)]
    ranked = [ranking.metric for ranking in rankings if ranking.level == "街道"]
    columns = {column.metric: number for number, column in enumerate(snapshot.streets.columns)}
    chosen = [metric for metric in dict.fromkeys(ranked) if metric in columns] or list(columns)[:1]
    sheet.fit_to_pages(1, 1)
    rows = last - 5
    for number, metric in enumerate(chosen[:4]):
        definition, column = snapshot.definition(metric), columns[metric]
        places = snapshot.streets.columns[column]
        chart, name = charts.street_bars(book, definition, places, column + 1, last)
        down = last + 2 + (number // 2) * (6 + round(1.45 * rows))
        place = {"object_position": 2, "description": f"{name}条形图"}
        sheet.insert_chart(down, 0, chart, place | {"x_offset": 640 * (number % 2)})


def _communities(book: Book, snapshot: model.Snapshot) -> None:
    _matrix(book, snapshot, snapshot.communities, "社区")


def _matrix(book: Book, snapshot: model.Snapshot, matrix: model.Matrix, level: str):
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
    formats = ["", ""][:left] + [_cell_format(d) for d in definitions]
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


def _parts(book: Book, snapshot: model.Snapshot) -> None:
    """Numerator, denominator and value of every metric in every place, one a row."""
    rows = []
    for matrix in (snapshot.streets, snapshot.communities):
        for column in matrix.columns:
            d = snapshot.definition(column.metric)
            parts = (column.numerators, column.denominators, column.statuses)
            for place, value, *counted in zip(matrix.places, column.values, *parts, strict=True):
                where = (matrix.level, place.street, place.community or "—")
                rows.append((d.name, *where, value, d.unit, *counted))
    if not rows:
        return
    sheet, first = book.sheet("分子分母", "各街道、各社区指标的分子和分母", upright=True)
    header = ("指标", "层级", "街道", "社区", "数值", "单位", "分子", "分母", "状态")
    book.table(sheet, first, header, rows)


def _trends(book: Book, snapshot: model.Snapshot) -> None:
    """The months of every trend, one below the other, each with its native line chart."""
    trends = [section for section in snapshot.sections if isinstance(section, model.Trend)]
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


def _trend(book: Book, sheet, snapshot: model.Snapshot, trend: model.Trend, row: int) -> int:
    """One trend at `row`; return the row below it."""
    definition = snapshot.definition(trend.metric)
    heading = f"{trend.title}（{trend.heading}）"
    text(sheet, row, 0, heading, book.format(bold=True, font_size=11))
    first = row + 1
    text(sheet, first, 0, "月份", book.head)
    form = _cell_format(definition)
    last = first + len(trend.months)
    for i, month in enumerate(trend.months, first + 1):
        day = dt.date.fromisoformat(f"{month}-01")
        sheet.write_datetime(i, 0, day, book.format(num_format="yyyy-mm", align="left"))
    column, charted = 1, []
    for series in trend.series:
        charted.append(column)
        parts = [(series.name, series.values, form)]
        if any(n is not None for n in series.denominators):
            parts += [("分子", series.numerators, ""), ("分母", series.denominators, "")]
        for words, values, look in parts:
            text(sheet, first, column, words, book.head)
            for i, value in enumerate(values, first + 1):
                # A line runs down to nought at a dash, and only a blank leaves a gap in it.
                if value is not None or column != charted[-1]:
                    book.cell(sheet, i, column, value, look)
            column += 1
    if definition.target is not None:
        charted.append(column)
        text(sheet, first, column, "目标", book.head)
        for i in range(first + 1, last + 1):
            book.cell(sheet, i, column, definition.target, form)
        column += 1
    chart = charts.month_lines(book, trend, definition, heading, first, charted)
    place = {"object_position": 2, "description": f"{trend.heading}走势图"}
    sheet.insert_chart(first, max(column + 1, 3), chart, place)
    return max(last, first + 16) + 2


def _tables(book: Book, snapshot: model.Snapshot) -> None:
    tables = [section for section in snapshot.sections if isinstance(section, model.Table)]
    if snapshot.assigned:
        tables.pop()  # what is handed out has a sheet of its own
    for number, section in enumerate(tables, 1):
        name = "台账表" if len(tables) == 1 else f"台账表{number}"
        sheet, first = book.sheet(name, section.title)
        rest = ""
        if section.total > len(section.rows):
            rest = f"。共{section.total:,}行，此处列出{len(section.rows):,}行；其余见平台对应页面。"
        text(sheet, 4, 0, section.heading + rest)
        book.table(sheet, first, [column.words for column in section.columns], section.rows)


def _claims(book: Book, snapshot: model.Snapshot) -> None:
    claims = [row for s in snapshot.sections if isinstance(s, model.Claims) for row in s.rows]
    if claims:
        sheet, first = book.sheet("公开数字对照", "公开数字与系统计算")
        header = ("编号", "公开数字", "公开值", "系统计算", "结论", "说明", "原文")
        rows = [
            (c.claim, c.subject, c.published, c.computed, c.verdict, c.note, c.quote)
            for c in claims
        ]
        book.table(sheet, first, header, rows, freeze=2)


def _attention(book: Book, snapshot: model.Snapshot) -> None:
    sections = [s for s in snapshot.sections if isinstance(s, model.Attention)]
    items = [item for section in sections for item in section.items]
    if items:
        sheet, first = book.sheet("关注事项", "关注事项")
        header = ("程度", "类别", "事项", "说明", "平台页面（接在网址后）")
        rows = [(item.severity, item.kind, item.title, item.text, item.link) for item in items]
        if rest := printed(sections[0]).rest(len(items)):  # frozen before all of them were
            text(sheet, 4, 0, rest)
        book.table(sheet, first, header, rows)


def _members(book: Book, snapshot: model.Snapshot) -> None:
    """Whom each figure counts and whom not, with ledger, sheet and row."""
    if not any(members.rows for members in snapshot.members):
        return
    sheet, first = book.sheet("名单", "指标计入和未计入的对象")
    header = (
        "指标", "编号", "名称", "街道", "社区", "是否计入", "分子", "分母", "台账文件", "工作表", "行号",
    )  # fmt: skip
    rows: list[Sequence[Value]] = []
    total = 0
    for members in snapshot.members:
        total += members.total
        name = snapshot.definition(members.metric).name
        for m in members.rows[: MEMBERS - len(rows)]:
            who = (m.id, m.name, m.street, m.community, m.counted, m.numerator, m.denominator)
            rows.append((name, *who, m.file, m.sheet, m.row))
    if total > len(rows):
        rest = (
            f"每项指标先列最该看的对象，共列出{len(rows):,}行；"
            f"全部{total:,}行可在平台“指标口径”页打开指标后下载。"
        )
        text(sheet, 4, 0, rest)
    book.table(sheet, first, header, rows, ("",) * 10 + ("0",), freeze=3)


def _dictionary(book: Book, snapshot: model.Snapshot) -> None:
    """How every metric is counted; the same words as the dictionary on the pages."""
    sheet, first = book.sheet("口径", "指标口径")
    header = (
        "指标", "单位", "统计对象", "分子", "分母", "目标", "统计期", "依据", "注意", "算法文件",
    )  # fmt: skip
    rows = []
    for d in snapshot.definitions:
        aim = {"up": "越高越好", "down": "越低越好", "none": "不分高低"}[d.direction]
        aim = f"{d.target_shown}（{aim}）" if d.target_shown else aim
        counted = (d.name, d.unit, d.one_row, d.numerator, d.denominator or "", aim)
        source = f"{d.source}（{d.mark}）"
        rows.append((*counted, f"{d.window}，{d.cadence}更新", source, d.caveat, d.query))
    book.table(sheet, first, header, rows, widest=24)


def _cell_format(definition: model.Definition) -> str:
    if definition.unit == "%":
        return axes.PERCENT
    return "" if definition.most is None else axes.with_beyond("0.0", definition.most)
