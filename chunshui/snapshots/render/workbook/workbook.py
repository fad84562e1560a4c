"""The workbook: every frozen number as a number, with the stamp, definitions and native charts.

Text is always written as text: a ledger name that begins with "=" stays a name. The only formulas
are those of the columns 核对, which divide the numerator by the denominator beside the frozen value.
"""

import datetime as dt
import io
import math
from collections import Counter
from collections.abc import Callable, Sequence
from urllib.parse import quote

from chunshui import paths, words
from chunshui.catalogue.metric import WINDOWS
from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.ledgers.contracts.meetings import ASSIGNMENT as LEDGER
from chunshui.snapshots import model
from chunshui.snapshots.render import axis as axes
from chunshui.snapshots.render.table_layout import em, lines, printed
from chunshui.snapshots.render.workbook import charts
from chunshui.snapshots.render.workbook.book import PRINTED_ROWS, Book, Cell, Value, text
from chunshui.snapshots.stamp import stamp

MEMBERS = 20_000
PARTS_FIRST = 5  # the row of the heads of 分子分母, from 0
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
        _cover, _assigned, _figures, _places, _trends, _tables, _claims, _attention, _members,
        _dictionary,
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
    plain = book.format(text_wrap=True, valign="top")
    pairs = {
        "单位": snapshot.unit or "—",
        "会议日期": snapshot.meeting_date or "—",
        "模板": snapshot.template or "自选",
        **dict(book.mark.pairs),
        **dict(snapshot.filters),
    }
    for row, (name, value) in enumerate(pairs.items(), 2):
        marked = name == "数据性质" and book.mark.is_demonstration
        form = book.format(bold=True, font_color=red, text_wrap=True) if marked else plain
        text(sheet, row, 0, name, label)
        text(sheet, row, 1, value, form)
        if name in ("快照编号", "数据版本", "统计截至", "范围"):
            book.define(name, sheet, row, 1)
    row = len(pairs) + 2
    text(sheet, row + 1, 0, "要点", label)
    findings = model.findings_of(snapshot.sections)
    for number, finding in enumerate(findings, 1):
        text(sheet, row + number, 1, finding, plain)
        sheet.set_row(row + number, 15 * lines(finding, 46))  # not every program finds it by itself
    row += len(findings) + 2
    text(sheet, row, 0, "说明", label)
    note = "各表数字均为冻结时的数值；只有“核对”一列是公式（分子÷分母），与数值应当相等。百分数是真百分数（91.5%即0.915）。"
    if snapshot.definitions:
        note += (
            "指标怎样计算见“口径”表，计入的对象见“名单”表。公式里可用名称引用，如“指标_”加指标名。"
        )
    text(sheet, row, 1, note, plain)
    sheet.set_row(row, 15 * lines(note, 46))


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
    """Every figure of the scope: value, words, n, N, the check of it, target, status, changes."""
    figures = snapshot.overall_figures()
    if not figures:
        return
    sheet, first = book.sheet("指标", f"{snapshot.scope}指标")
    filters = dict(snapshot.filters)
    since = f"较{filters['对比月份']}" if "对比月份" in filters else "较上月"
    header = (
        "分组", "指标", "数值", "单位", "显示为", "分子", "分母", "核对", "目标", "状态", since,
        "较上年同期", "变化说明",
    )  # fmt: skip
    rows: list[Sequence[Value]] = []
    for f in figures.values():
        d = snapshot.definition(f.metric)
        counted = (_value(d, f.value), d.unit, f.shown, f.numerator, f.denominator)
        check = _check(d, f.value, f.numerator, f.denominator, "F{row}/G{row}")
        judged = (check, d.target_shown, theme.marked(f.status))
        # The change since last month may be one since another: the words say which.
        moved = f.moved_month if f.change is None else f.change
        said = "；".join(filter(None, (f.change_month, f.change_year)))
        changes = (_moved(d, moved), _moved(d, f.moved_year), said)
        rows.append((d.group, d.name, *counted, *judged, *changes))
    last = book.table(sheet, first, header, rows, widest=20, freeze=2)
    for row, figure in enumerate(figures, first + 1):
        book.define(f"指标_{snapshot.definition(figure).name}", sheet, row, 2)
    _colour_status(book, sheet, first, last, 9)


def _colour_status(book: Book, sheet, first: int, last: int, column: int) -> None:
    for status in ("达标", "接近", "未达标"):
        colour = book.file.add_format({"font_color": PAPER.status(status)})
        rule = {"type": "text", "criteria": "ends with", "value": f" {status}", "format": colour}
        sheet.conditional_format(first + 1, column, last, column, rule)


def _places(book: Book, snapshot: model.Snapshot) -> None:
    """Streets and communities by metrics, the parts of both ranked, and charts of streets from these."""
    streets = _matrix(book, snapshot, snapshot.streets)
    _matrix(book, snapshot, snapshot.communities)
    blocks = _parts(book, snapshot)
    if streets is None:
        return
    sheet, last = streets
    rankings = snapshot.parts(model.Ranking)
    ranked = [ranking.metric for ranking in rankings if ranking.level == "街道"]
    known = {  # one alone is no chart
        metric: block
        for (level, metric), block in blocks.items()
        if level == "街道" and len(block.values) > 1
    }
    chosen = [metric for metric in dict.fromkeys(ranked) if metric in known] or list(known)[:1]
    sheet.fit_to_pages(1, 1)
    for number, metric in enumerate(chosen[:4]):
        chart, name = charts.street_columns(book, snapshot.definition(metric), known[metric])
        place = {"object_position": 2, "description": f"{name}柱形图"}
        down = last + 3 + (number // 2) * 19
        sheet.insert_chart(down, 0, chart, place | {"x_offset": 660 * (number % 2)})


def _matrix(book: Book, snapshot: model.Snapshot, matrix: model.Matrix):
    """Places by metrics and below them the whole scope; return the sheet and its last row, or None without places.

    A place of which nothing is known has no row, nor the whole scope where it is a place above or little is known of it.
    """
    if not matrix.places or not matrix.columns:
        return None
    definitions = [snapshot.definition(column.metric) for column in matrix.columns]
    by_community = matrix.level == "社区"
    upright = by_community and len(definitions) <= 6
    sheet, first = book.sheet(matrix.level, f"各{matrix.level}指标", upright=upright)
    header = [snapshot.streets.level, *(["社区"] if by_community else [])]
    header += [f"{d.name}（{d.unit}）" for d in definitions]
    rows: list[Sequence[Value]] = []
    for number, place in enumerate(matrix.places):
        names = (place.street, place.community) if by_community else (place.street,)
        values = [column.values[number] for column in matrix.columns]
        if any(one is not None for one in values):
            rows.append((*names, *map(_value, definitions, values)))
    left = len(header) - len(definitions)
    last = book.table(sheet, first, header, rows, freeze=left)
    bold = book.format(bold=True, top=1, border_color=PAPER.rule)
    whole = _whole(snapshot)
    known = sum(whole.get(one.metric) is not None for one in definitions)
    is_place = any(place.full_name == snapshot.scope for place in matrix.places)
    has_whole = not is_place and 2 * known > len(definitions)
    if has_whole:
        text(sheet, last + 1, 0, snapshot.scope, bold)
    sheet.set_row(first, 44)
    for j, definition in enumerate(definitions, left):
        if has_whole:
            book.cell(sheet, last + 1, j, _value(definition, whole.get(definition.metric)))
        sheet.set_column(j, j, max(11, 1.1 * em(definition.name) + 3))
        if definition.unit == "%":
            bar = {
                "type": "data_bar", "bar_color": PAPER.bands[1], "bar_solid": True,
                "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1,
            }  # fmt: skip
            sheet.conditional_format(first + 1, j, last, j, bar)
    return sheet, last + has_whole


def _whole(snapshot: model.Snapshot) -> dict[str, model.Number | None]:
    """Return the values of the whole scope by metric, of whatever section has them."""
    values: dict[str, model.Number | None] = {}
    for section in snapshot.sections:
        if isinstance(section, model.Trend):
            values[section.metric] = next(iter(section.series[0].values[-1:]), None)
        elif isinstance(section, model.Map) and section.overall and not section.is_taken:
            values[section.metric] = section.overall.value
    return values | {key: figure.value for key, figure in snapshot.overall_figures().items()}


def _parts(book: Book, snapshot: model.Snapshot) -> dict[tuple[str, str], charts.Block]:
    """Value, numerator, denominator and rank of every metric in every place, one a row, the best first.

    Return where the places that have a value stand, by level and metric. The whole scope comes before its places.
    """
    rows: list[Sequence[Value]] = []
    blocks: dict[tuple[str, str], charts.Block] = {}
    whole, printed = snapshot.overall_figures(), 0
    for matrix in (snapshot.streets, snapshot.communities):
        is_place = any(place.full_name == snapshot.scope for place in matrix.places)
        for column in matrix.columns:
            d = snapshot.definition(column.metric)
            target = _value(d, d.target)

            def row(names, rank, value, numerator, denominator, status, d=d, target=target):
                check = _check(d, value, numerator, denominator, "H{row}/I{row}")
                numbers = (_value(d, value), d.unit, numerator, denominator, check)
                return (d.name, *names, rank, *numbers, target, theme.marked(status))

            if (figure := whole.get(d.metric)) is not None and not is_place:
                counted = (figure.value, figure.numerator, figure.denominator, figure.status)
                rows.append(row(("合计", snapshot.scope, "—"), None, *counted))
            # Streets are ranked among all of the district, communities among those of the scope.
            order = _ranked(d, column, ranks=matrix.level != "街道" or snapshot.is_of_all)
            known = [n for n, _ in order if column.values[n] is not None]
            if known:
                begin = PARTS_FIRST + 1 + len(rows)
                blocks[matrix.level, d.metric] = charts.Block(
                    begin,
                    begin + len(known) - 1,
                    tuple(column.values[n] for n in known),
                    tuple(column.statuses[n] for n in known),
                )
            for n, rank in order:
                place = matrix.places[n]
                names = (matrix.level, place.street, place.community or "—")
                sums = (column.values[n], column.numerators[n], column.denominators[n])
                if any(one is not None for one in sums):
                    rows.append(row(names, rank, *sums, column.statuses[n]))
        printed = printed or len(rows)
    if not rows:
        return {}
    level = snapshot.streets.level  # 区 in a material of a city
    sheet, first = book.sheet(charts.PARTS, f"各{level}、各社区指标的名次、分子和分母")
    header = (
        "指标", "层级", level, "社区", "名次", "数值", "单位", "分子", "分母", "核对", "目标", "状态",
    )  # fmt: skip
    note = (
        "名次按显示的数排，显示相同的并列；基数太小的、不分高低的不排；按件数算的有偶然，也不排。"
        "街道的名次只在全区的材料里排，社区的在所列社区里排。"
    )
    last = book.table(sheet, first, header, rows, note=note, printed=min(printed, PRINTED_ROWS))
    unlike = {
        "type": "formula",
        "criteria": "=AND(ISNUMBER($J7),ABS($J7-$F7)>0.00000001*MAX(1,ABS($F7)))",
        "format": book.file.add_format({"bg_color": PAPER.accent, "font_color": PAPER.ground}),
    }
    sheet.conditional_format(first + 1, 9, last, 9, unlike)
    _colour_status(book, sheet, first, last, 11)
    return blocks


def _ranked(
    definition: model.Definition, column: model.MatrixColumn, *, ranks: bool
) -> list[tuple[int, Value]]:
    """Return the places of a column, the best first, each with its rank: those that are shown alike share one.

    None for what has none: where nothing `ranks`, too small a base, a metric that is not judged. They come last, those without a value behind.
    """
    judged = ranks and definition.direction != "none" and not _is_of_chance(definition, column)
    sign = 1 if definition.direction == "down" else -1

    def key(n: int) -> tuple[int, float]:
        value = column.values[n]
        if value is None:
            return 2, 0
        return int(judged and column.statuses[n] == words.TOO_FEW), sign * value

    order = sorted(range(len(column.values)), key=key)
    able = [n for n in order if judged and key(n)[0] == 0]
    shown = [words.written(column.values[n], definition.unit).text for n in able]
    alike = Counter(shown)
    placed = {
        n: Cell(shown.index(said) + 1, '"并列"0' if alike[said] > 1 else "0")
        for n, said in zip(able, shown, strict=True)
    }
    return [(n, placed.get(n)) for n in order]


def _is_of_chance(definition: model.Definition, column: model.MatrixColumn) -> bool:
    """Return whether a column is a share of cases over some time, so that the highest need not be the best."""
    pairs = [
        (k, n)
        for k, n in zip(column.numerators, column.denominators, strict=True)
        if k is not None and n is not None
    ]
    cases = all(k == int(k) and n == int(n) and k <= n for k, n in pairs)
    return definition.kind == "ratio" and definition.window != WINDOWS["as-of"] and cases


def _value(definition: model.Definition, value: model.Number | None) -> Value:
    """Return a value of a metric as a cell: percentages as what they are."""
    if value is None:
        return None
    if definition.unit == "%":
        return Cell(value / 100, axes.REAL_PERCENT)
    if definition.most is not None:
        return Cell(value, axes.with_beyond("0.0", definition.most))
    return value


def _moved(definition: model.Definition, change: model.Number | None) -> Value:
    """Return a change as a cell with its sign and unit; nought is 持平."""
    if change is None:
        return None
    unit = "个百分点" if definition.unit == "%" else definition.unit
    digits = "#,##0" if float(change).is_integer() and definition.unit != "%" else "#,##0.0#"
    return Cell(change, f'+{digits}"{unit}";-{digits}"{unit}";"持平"')


def _check(
    definition: model.Definition,
    value: model.Number | None,
    numerator: model.Number | None,
    denominator: model.Number | None,
    division: str,
) -> Value:
    """Return the formula that divides a numerator by its denominator, in the measure of the value; None where none does."""
    if definition.kind != "ratio" or value is None or numerator is None or not denominator:
        return None
    if definition.unit == "%":
        return Cell(value / 100, axes.REAL_PERCENT, f"={division}")
    if not numerator or not value:
        return Cell(value, "#,##0.00", f"={division}")
    # What is told of a hundred or ten thousand: the definition does not say, the numbers do.
    size = math.log10(abs(value)) + math.log10(denominator) - math.log10(abs(numerator))
    scale = 10 ** round(size)
    return Cell(value, "#,##0.00", f"={division}" + f"*{scale:g}" * (scale != 1))


def _trends(book: Book, snapshot: model.Snapshot) -> None:
    """The months of every trend, one below the other, each with its native line chart."""
    trends = snapshot.parts(model.Trend)
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
    last = first + len(trend.months)
    for i, month in enumerate(trend.months, first + 1):
        day = dt.date.fromisoformat(f"{month}-01")
        sheet.write_datetime(i, 0, day, book.format(num_format="yyyy-mm", align="left"))
    column, charted = 1, []
    for series in trend.series:
        charted.append(column)
        own = [_value(definition, value) for value in series.values]
        parts: list[tuple[str, Sequence[Value]]] = [(series.name, own)]
        if any(n is not None for n in series.denominators):
            parts += [("分子", series.numerators), ("分母", series.denominators)]
        for head, values in parts:
            text(sheet, first, column, head, book.head)
            for i, value in enumerate(values, first + 1):
                # A line runs down to nought at a dash, and only a blank leaves a gap in it.
                if value is not None or column != charted[-1]:
                    book.cell(sheet, i, column, value)
            column += 1
    if definition.target is not None:
        charted.append(column)
        text(sheet, first, column, "目标", book.head)
        for i in range(first + 1, last + 1):
            book.cell(sheet, i, column, _value(definition, definition.target))
        column += 1
    chart = charts.month_lines(book, trend, definition, heading, first, charted)
    place = {"object_position": 2, "description": f"{trend.heading}走势图"}
    sheet.insert_chart(first, max(column + 1, 3), chart, place)
    return max(last, first + 16) + 2


def _tables(book: Book, snapshot: model.Snapshot) -> None:
    tables = snapshot.parts(model.Table)
    if snapshot.assigned:
        tables.pop()  # what is handed out has a sheet of its own
    for section in tables:
        sheet, first = book.sheet(book.free_name(section.heading), section.title)
        rest = ""
        if section.total > len(section.rows):
            rest = f"。共{section.total:,}条，此处列出{len(section.rows):,}条；其余见平台对应页面。"
        header = [column.words for column in section.columns]
        book.table(sheet, first, header, section.rows, note=section.heading + rest)


def _claims(book: Book, snapshot: model.Snapshot) -> None:
    claims = [row for s in snapshot.parts(model.Claims) for row in s.rows]
    if claims:
        sheet, first = book.sheet("公开数字对照", "公开数字与系统计算")
        header = ("编号", "公开数字", "公开值", "系统计算", "结论", "说明", "原文")
        rows = [
            (c.claim, c.subject, c.published, c.computed, c.verdict, c.note, c.quote)
            for c in claims
        ]
        book.table(sheet, first, header, rows, freeze=2)


def _attention(book: Book, snapshot: model.Snapshot) -> None:
    sections = snapshot.parts(model.Attention)
    items = [item for section in sections for item in section.items]
    if items:
        sheet, first = book.sheet("关注事项", "关注事项")
        address = paths.platform_address()
        known = any(item.place or item.unit for item in items)  # not of what was frozen long ago
        more = ("地点", "责任单位") if known else ()
        header = ("程度", "类别", "事项", "说明", *more, *(("平台页面",) if address else ()))
        rows = [
            (
                item.severity, item.kind, item.title, item.text,
                *((item.place or "", item.unit or "") if known else ()),
                *((_link(address, item.link),) if address else ()),
            )
            for item in items
        ]  # fmt: skip
        # Frozen before all of them were.
        book.table(sheet, first, header, rows, note=printed(sections[0]).rest(len(items)))


def _link(address: str, page: str) -> Value:
    """Return what opens a page of the platform; "" for none."""
    if not page:
        return ""
    return Cell("打开", link=f"{address}{quote(page, safe='/?&=%:')}")


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
    rest = ""
    if total > len(rows):
        rest = (
            f"每项指标先列最该看的对象，共列出{len(rows):,}行；"
            f"全部{total:,}行可在平台“指标口径”页打开指标后下载。"
        )
    book.table(sheet, first, header, rows, ("",) * 10 + ("0",), freeze=3, note=rest)


def _dictionary(book: Book, snapshot: model.Snapshot) -> None:
    """How every metric is counted, if there are any; the same words as the dictionary on the pages."""
    if not snapshot.definitions:  # a week's bulletin
        return
    sheet, first = book.sheet("口径", "指标口径")
    header = (
        "指标", "单位", "统计对象", "分子", "分母", "目标", "统计期", "依据", "注意",
    )  # fmt: skip
    rows = []
    for d in snapshot.definitions:
        aim = {"up": "越高越好", "down": "越低越好", "none": "不分高低"}[d.direction]
        aim = f"{d.target_shown}（{aim}）" if d.target_shown else aim
        counted = (d.name, d.unit, d.one_row, d.numerator, d.denominator or "", aim)
        source = f"{d.source}（{d.mark}）"
        rows.append((*counted, f"{d.window}，{d.cadence}更新", source, d.caveat))
    book.table(sheet, first, header, rows, widest=24)
