"""The deck: a .pptx whose charts, tables and maps are native and can be corrected in the meeting.

Titles state the finding. Definitions and caveats are in the speaker notes. Every slide carries
the stamp in its footer. Text is text: no name from a ledger can become anything else.
"""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from chunshui.snapshots import axis as axes
from chunshui.snapshots import drawing, geometry, master, native, palette
from chunshui.snapshots import snapshot as model
from chunshui.snapshots.cells import cell_words, em, lines, split_unit, widths, without_unit
from chunshui.snapshots.native import inches, label, paragraph, preset, run
from chunshui.snapshots.package import normalise
from chunshui.snapshots.snapshot import (
    Attention,
    Claims,
    Definition,
    Figure,
    Figures,
    Map,
    Ranking,
    Section,
    Shape,
    Snapshot,
    Table,
    Trend,
)
from chunshui.snapshots.stamp import Stamp, clean, shorten, stamp

SLIDES = 40
TILES = 8
TABLE_SLIDES = 5
BARS_STREET = 16
BARS_COMMUNITY = 15
_CELL_LENGTH = 90
_WIDTH, _ROOM = 12.2, 4.6  # inches for a table
_CATEGORY_LENGTH = 14
_AXIS_IDS = 500_000_000


@dataclass
class _Deck:
    """The deck in the making: presentation, content, stamp, and what did not fit."""

    presentation: object
    snapshot: Snapshot
    stamp: Stamp
    charts: int = 0
    left_out: list[str] = field(default_factory=list)

    @property
    def slides(self) -> int:
        return len(self.presentation.slides)


def build(
    snapshot: Snapshot,
    exported_at: dt.datetime,
    progress: Callable[[float], None] | None = None,
) -> bytes:
    """Return the deck as .pptx bytes; the same snapshot and time give the same bytes.

    `progress` is called with the share done (0 to 1). At most `SLIDES` slides are made; the last
    one says which sections were left out and where they are.
    """
    deck = _Deck(master.empty_deck(), snapshot, stamp(snapshot, exported_at))
    _cover(deck)
    _points(deck)
    for number, section in enumerate(snapshot.sections):
        if deck.slides >= SLIDES - 3:
            deck.left_out.append(section.heading)
        else:
            _BUILDERS[section.kind](deck, section)
        if progress:
            progress((number + 1) / (len(snapshot.sections) + 1))
    _definitions(deck)
    if deck.left_out:
        _left_out(deck)
    _tidy(deck)
    _properties(deck, exported_at)
    out = io.BytesIO()
    deck.presentation.save(out)
    if progress:
        progress(1.0)
    return normalise(out.getvalue(), exported_at)


# -- slides -----------------------------------------------------------------------------------


def _cover(deck: _Deck) -> None:
    snapshot = deck.snapshot
    slide = _slide(deck, master.COVER, snapshot.title, title_sizes=((18, 38), (40, 30), (80, 22)))
    lines = [
        snapshot.unit,
        f"会议日期：{snapshot.meeting_date}" if snapshot.meeting_date else "",
        f"统计截至：{snapshot.as_of_words}",
        *(f"{label}：{shorten(words, 80)}" for label, words in snapshot.filters),
    ]
    holder = slide.placeholders[1]
    _fill(holder, [line for line in lines if line][:8], after=4)
    _notes(slide, ["本材料由冻结的快照生成，图表和地图均可编辑。", *_stamp_lines(deck)])


def _points(deck: _Deck) -> None:
    """The findings of all sections, one line each."""
    titles = [section.title for section in deck.snapshot.sections]
    if not titles:
        return
    slide = _slide(deck, master.POINTS, "本次材料要点", heading=deck.snapshot.scope)
    shown = titles[:12]
    size = 20 if len(shown) <= 8 else 16
    lines = [shorten(title, 75) for title in shown]
    if len(titles) > len(shown):
        lines.append(f"……另有 {len(titles) - len(shown)} 项，见后页。")
    _fill(slide.placeholders[1], lines, size=size, after=8)
    _notes(slide, [*titles, *_stamp_lines(deck)])


def _figures(deck: _Deck, section: Figures) -> None:
    for start in range(0, len(section.figures), TILES):
        figures = section.figures[start : start + TILES]
        slide = _slide(deck, master.FREE, section.title, section=section)
        ids = native.Ids()
        columns = 4 if len(figures) > 3 else max(len(figures), 1)
        rows = -(-len(figures) // columns)
        left, top, width, height = 0.62, 1.62, 12.2, 4.6
        gap = 0.18
        tile_width = (width - gap * (columns - 1)) / columns
        tile_height = min((height - gap * (rows - 1)) / rows, 2.6)
        shapes = []
        for number, figure in enumerate(figures):
            x = left + (number % columns) * (tile_width + gap)
            y = top + (number // columns) * (tile_height + gap)
            box = tuple(inches(v) for v in (x, y, x + tile_width, y + tile_height))
            shapes.append(_tile(deck, ids, figure, box))
        native.group(slide, ids, "指标卡", section.title, shapes)
        _notes(
            slide,
            [
                line
                for figure in figures
                for line in (
                    f"{deck.snapshot.definition(figure.metric).name}：{figure.shown}"
                    f"（{figure.counted}）",
                    *_definition_lines(deck.snapshot.definition(figure.metric)),
                )
            ]
            + _stamp_lines(deck),
        )


def _tile(deck: _Deck, ids: native.Ids, figure: Figure, box: native.Box) -> native.Shape:
    definition = deck.snapshot.definition(figure.metric)
    status = palette.status_mark(figure.status)
    if definition.target_shown:
        status += f"　目标 {definition.target_shown}"
    value, unit = split_unit(figure.shown)
    size = 32 if em(value) + em(unit) / 2 <= 5.6 else 22
    number = run(value, size=size, bold=True)
    if unit:
        number += run(f" {unit}", size=size / 2, bold=True)
    changes = [words for words in (figure.change_month, figure.change_year) if words]
    paragraphs = [
        paragraph(
            run(shorten(definition.name, 24), size=13, colour=palette.QUIET, bold=True), after=2
        ),
        paragraph(number, after=2),
        paragraph(run(status, size=12, colour=palette.status_colour(figure.status)), after=2),
        *(
            paragraph(run(shorten(words, 34), size=11, colour=palette.QUIET), after=1)
            for words in (figure.counted, *changes)
        ),
    ]
    description = f"{definition.name} {figure.shown}，{figure.counted}，{figure.status}"
    return preset(
        ids, definition.name, description, box,
        fill=palette.PANEL, line=palette.RULE, paragraphs="".join(paragraphs), inset=0.14,
        anchor="ctr",
    )  # fmt: skip


def _map(deck: _Deck, section: Map) -> None:
    snapshot = deck.snapshot
    definition = snapshot.definition(section.metric)
    slide = _slide(deck, master.FREE, section.title, section=section)
    ids = native.Ids()
    basemap = snapshot.basemap
    shapes = geometry.in_scope(basemap, section.level)
    left, top, width, height = (inches(v) for v in (0.62, 1.58, 8.35, 4.95))
    to_paper = geometry.fit(shapes, left, top, width, height)
    shades = palette.shades(len(section.labels), falling=definition.direction == "down")
    figures = {figure.place.code: figure for figure in section.figures}
    places = []
    for shape in shapes:
        figure = figures.get(shape.code)
        fill = palette.fill(figure, shades)
        words = f"{figure.place.full_name} {figure.shown}" if figure else f"{shape.name} 不在范围内"
        places.append(
            native.polygon(
                ids, shape.name, words, _rings(shape, to_paper), fill=fill, line=palette.GROUND
            )
        )
    description = drawing.describe_map(section, definition)
    native.group(slide, ids, f"图层-{section.level}", description, places)
    for kind in dict.fromkeys(line.barrier for line in basemap.barriers):
        lines = [line for line in basemap.barriers if line.barrier == kind]
        native.group(slide, ids, f"图层-{kind}", kind, [_barrier(ids, b, to_paper) for b in lines])
    if section.level == "社区":
        borders = [
            native.polygon(
                ids, shape.name, f"{shape.name}边界", _rings(shape, to_paper),
                fill=None, line=palette.STREET, points=1.5,
            )
            for shape in basemap.streets
        ]  # fmt: skip
        native.group(slide, ids, "图层-街道边界", "街道边界", borders)
    for layer in dict.fromkeys(point.layer for point in section.points):
        dots = []
        for point in section.points:
            if point.layer == layer:
                x, y = to_paper((point.x, point.y))[0]
                r = inches(0.035)
                dots.append(
                    preset(
                        ids, point.name, layer, (x - r, y - r, x + r, y + r),
                        geometry="ellipse", fill=palette.POINT, line=palette.GROUND,
                    )
                )  # fmt: skip
        native.group(slide, ids, f"图层-{layer}", f"{layer} {len(dots)} 个", dots)
    names = []
    size = inches(0.15)
    for name, x, y in geometry.label_places(basemap.streets, to_paper, size):
        half = round(em(name) * size * 0.56)
        box = (x - half, y - size * 0.68, x + half, y + size * 0.68)
        words = paragraph(run(name, size=10, bold=True), align="ctr")
        # A veil of white behind the name: it must be read on the darkest blue.
        names.append(
            preset(
                ids, name, "街道名称", box, geometry="roundRect", fill=palette.GROUND,
                alpha=72000, paragraphs=words, anchor="ctr",
            )
        )  # fmt: skip
    native.group(slide, ids, "图层-街道名称", "街道名称", names)
    _map_side(slide, ids, section, definition, snapshot)
    _notes(slide, _metric_notes(deck, section, definition, [description]))


def _map_side(slide, ids, section: Map, definition: Definition, snapshot: Snapshot) -> None:
    """The legend, and the places that stand lowest in a native table."""
    x, y = 9.25, 1.58
    shades = palette.shades(len(section.labels), falling=definition.direction == "down")
    rows = [
        (shades[band], words, sum(f.band == band for f in section.figures))
        for band, words in reversed(list(enumerate(section.labels)))
    ]
    missing = sum(f.band is None for f in section.figures)
    if missing:
        rows.append((palette.MISSING, "无数据", missing))
    head = f"{definition.name}（{definition.unit}）"
    box = tuple(inches(v) for v in (x, y, x + 3.6, y + 0.3))
    legend = [label(ids, shorten(head, 22), box, size=13, bold=True)]
    for number, (colour, words, count) in enumerate(rows):
        top = y + 0.36 + 0.27 * number
        swatch = tuple(inches(v) for v in (x, top, x + 0.34, top + 0.19))
        beside = tuple(inches(v) for v in (x + 0.44, top - 0.03, x + 3.6, top + 0.24))
        legend.append(preset(ids, f"图例 {words}", "", swatch, fill=colour, line=palette.RULE))
        legend.append(label(ids, f"{words}　{count} 个{section.level}", beside, size=12))
    for number, layer in enumerate(dict.fromkeys(p.layer for p in section.points), len(rows)):
        top = y + 0.36 + 0.27 * number
        count = sum(point.layer == layer for point in section.points)
        dot = tuple(inches(v) for v in (x + 0.11, top + 0.04, x + 0.22, top + 0.15))
        beside = tuple(inches(v) for v in (x + 0.44, top - 0.03, x + 3.6, top + 0.24))
        legend.append(preset(ids, layer, "", dot, geometry="ellipse", fill=palette.POINT))
        legend.append(label(ids, f"{layer}　{count} 个", beside, size=12))
    native.group(slide, ids, "图例", f"{head}图例", legend)
    bottom = max(box[3] for _, box in legend) / native.EMU_INCH
    room = int((6.25 - bottom - 0.5) / 0.29) - 1
    lowest = _attention_first(section.figures, definition)[: max(min(room, 8), 0)]
    if lowest:
        side = "最高" if definition.direction == "down" else "最低"
        words = f"{side}的 {len(lowest)} 个{section.level}"
        top = bottom + 0.16
        heading = tuple(inches(v) for v in (x, top, x + 3.6, top + 0.28))
        native.group(slide, ids, "表题", words, [label(ids, words, heading, size=13, bold=True)])
        rows = [(f.place.full_name, without_unit(f.shown, definition.unit)) for f in lowest]
        _plain_table(
            slide, words, ("地点", definition.short), rows,
            (x, top + 0.32, 3.57, 0.29 * (len(rows) + 1)), (2.47, 1.1), (1,), size=11,
        )  # fmt: skip
    if snapshot.basemap.note:
        note = tuple(inches(v) for v in (0.62, 6.55, 8.9, 6.8))
        words = [label(ids, snapshot.basemap.note, note, size=9, colour=palette.QUIET)]
        native.group(slide, ids, "底图说明", snapshot.basemap.note, words)


def _ranking(deck: _Deck, section: Ranking) -> None:
    definition = deck.snapshot.definition(section.metric)
    slide = _slide(deck, master.CHART, section.title, section=section)
    by_street = section.level == "街道"
    figures, rest = drawing.ranked(section, BARS_STREET if by_street else BARS_COMMUNITY)
    if not figures:
        _no_data(deck, slide, section, definition)
        return
    values = [figure.value for figure in figures]
    scale = axes.axis([*values, section.overall.value, definition.target], definition.unit)
    data = CategoryChartData(number_format=scale.scale.number_format)
    whole = f"{section.overall.place.name} {section.overall.shown}"
    if by_street:
        data.categories = [_category(figure.place.name) for figure in figures]
        data.add_series(clean(definition.name), values)
        data.add_series(clean(whole), [section.overall.value] * len(figures))
        if definition.target is not None:
            words = f"目标 {definition.target_shown}"
            data.add_series(clean(words), [definition.target] * len(figures))
        kind = XL_CHART_TYPE.COLUMN_CLUSTERED
    else:
        # Bars run from the bottom up, so the last ranked place comes first.
        figures = (*figures[::-1], section.overall)
        data.categories = [_category(f.place.full_name, 20) for f in figures]
        data.add_series(clean(definition.name), [f.value for f in figures])
        kind = XL_CHART_TYPE.BAR_CLUSTERED
    description = drawing.describe_ranking(section, definition)
    chart = _chart(deck, slide, kind, data, f"{definition.name}排名图", description)
    _value_axis(chart, scale)
    chart.category_axis.tick_labels.font.size = Pt(12 if by_street else 11)
    bars = chart.plots[0]
    bars.gap_width = 55
    series = bars.series[0]
    _paint(series, palette.BAR)
    for number, figure in enumerate(figures):
        colour = ""
        if figure is section.overall:
            colour = palette.STREET
        elif figure.status == "未达标":
            colour = palette.ACCENT
        if colour:
            fill = series.points[number].format.fill
            fill.solid()
            fill.fore_color.rgb = RGBColor.from_string(colour)
    series.data_labels.show_value = True
    series.data_labels.number_format = scale.scale.number_format
    series.data_labels.number_format_is_linked = False
    series.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    series.data_labels.font.size = Pt(12 if by_street else 11)
    if by_street:
        _lines_over(chart, 1)
        _legend(chart)
        # The columns are named by the heading; their colours differ, so no swatch fits.
        chart.legend._element.find(qn("c:legendPos")).addnext(
            parse_xml(
                f'<c:legendEntry {nsdecls("c")}><c:idx val="0"/><c:delete val="1"/></c:legendEntry>'
            )
        )
        # White behind the numbers, so that the lines do not run through them.
        labels = series.data_labels._element
        labels.find(qn("c:numFmt")).addnext(
            parse_xml(
                f'<c:spPr {nsdecls("c", "a")}><a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'
                f"</c:spPr>"
            )
        )
    _finish(deck, chart)
    words = [rest] if rest else []
    if any(figure.status == "未达标" for figure in figures):
        words.insert(0, f"红色＝未达标（目标 {definition.target_shown}）。")
    if not by_street:
        words.insert(0, f"{whole}。")
    _comment(slide, section.comment, *words)
    table = [
        f"{f.place.full_name}：{f.shown}（{f.counted}，{f.status}）" for f in section.figures[:40]
    ]
    _notes(slide, _metric_notes(deck, section, definition, [description, *words, *table]))


def _trend(deck: _Deck, section: Trend) -> None:
    definition = deck.snapshot.definition(section.metric)
    slide = _slide(deck, master.CHART, section.title, section=section)
    if not section.months:
        _no_data(deck, slide, section, definition)
        return
    values = [value for series in section.series for value in series.values]
    scale = axes.axis(
        [*values, definition.target], definition.unit, from_zero=definition.unit != "%"
    )
    data = CategoryChartData(number_format=scale.scale.number_format)
    data.categories = [dt.date.fromisoformat(f"{month}-01") for month in section.months]
    data.categories.number_format = "yyyy-mm"
    for series in section.series:
        data.add_series(clean(f"{shorten(series.name, 20)} {series.last_shown}"), series.values)
    if definition.target is not None:
        words = f"目标 {definition.target_shown}"
        data.add_series(clean(words), [definition.target] * len(section.months))
    description = drawing.describe_trend(section, definition)
    chart = _chart(
        deck, slide, XL_CHART_TYPE.LINE, data, f"{definition.name}走势图", description
    )  # fmt: skip
    _value_axis(chart, scale)
    _month_axis(chart, len(section.months))
    chart.category_axis.tick_labels.font.size = Pt(12)
    colours = (palette.ACCENT, palette.BANDS[4], palette.STREET, palette.RIVER)
    for number, series in enumerate(chart.plots[0].series):
        is_target = definition.target is not None and number == len(section.series)
        colour = palette.INK if is_target else colours[number % len(colours)]
        series.smooth = False
        series.format.line.width = Pt(1.25 if is_target else 2.5)
        series.format.line.color.rgb = RGBColor.from_string(colour)
        if is_target:
            series.format.line.dash_style = MSO_LINE.DASH
            continue
        values = section.series[number].values
        last = [i for i, value in enumerate(values) if value is not None]
        if last:
            tag = series.points[last[-1]].data_label
            tag.has_text_frame = False
            tag.position = XL_LABEL_POSITION.ABOVE
            tag.font.size = Pt(13)
            tag.font.bold = True
            _show_value_only(tag, scale.scale.number_format)
    _legend(chart)
    _finish(deck, chart)
    _notes(slide, _metric_notes(deck, section, definition, [description]))


def _no_data(deck: _Deck, slide, section: Ranking | Trend, definition: Definition) -> None:
    """A chart of nothing is a sentence."""
    _remove(slide.placeholders[master.CONTENT])
    _comment(slide, section.comment, "这个范围和月份没有数据。")
    _notes(slide, _metric_notes(deck, section, definition, []))


def _table(deck: _Deck, section: Table) -> None:
    header = tuple(f"{c.label}（{c.unit}）" if c.unit else c.label for c in section.columns)
    right = tuple(i for i, c in enumerate(section.columns) if c.kind == "number")
    rows = [tuple(cell_words(value) for value in row) for row in section.rows]
    _paged(deck, section, header, rows, right, section.total, "“台账表”")


def _claims(deck: _Deck, section: Claims) -> None:
    header = ("公开数字", "公开值", "系统计算", "结论", "说明")
    rows = [(c.subject, c.published, c.computed, c.verdict, c.note) for c in section.rows]
    _paged(deck, section, header, rows, (1, 2), len(rows), "“公开数字对照”")


def _attention(deck: _Deck, section: Attention) -> None:
    header = ("程度", "事项", "说明")
    rows = [
        (f"{palette.SEVERITY.get(item.severity, '●')} {item.severity}", item.title, item.text)
        for item in section.items
    ]
    _paged(deck, section, header, rows, (), section.total, "“关注事项”")


def _paged(
    deck: _Deck,
    section: Table | Claims | Attention,
    header: tuple[str, ...],
    rows: list[tuple[str, ...]],
    right: tuple[int, ...],
    total: int,
    sheet: str,
    slides: int = TABLE_SLIDES,
) -> None:
    """A table over at most `slides` slides, and a sentence saying where the rest is."""
    rows = [tuple(shorten(clean(word), _CELL_LENGTH) for word in row) for row in rows]
    columns, pages = [], [[]]
    for size in (14, 12):
        letter = size / 72
        columns = [w * letter for w in widths(header, rows, _WIDTH / letter, 0.18 / letter)]
        pages = _pages(rows, columns, size, _ROOM) or [[]]
        if len(pages) == 1:
            break
    shown = pages[:slides]
    count = sum(len(page) for page in shown)
    rest = ""
    if total > count:
        rest = f"演示文稿列出 {count} 行，共 {total} 行；其余见工作簿{sheet}表或平台对应页面。"
    for number, page in enumerate(shown, 1):
        suffix = f"（{number}/{len(shown)}）" if len(shown) > 1 else ""
        slide = _slide(deck, master.TABLE, section.title, section=section, suffix=suffix)
        holder = slide.placeholders[master.CONTENT]
        if not page:
            _remove(holder)
            _comment(slide, "没有符合条件的行。")
        else:
            frame = holder.insert_table(len(page) + 1, len(header))
            _describe(frame, section.heading, f"{section.heading}，{len(page)} 行")
            _cells(frame.table, header, page, right, size=size)
            for column, width in zip(frame.table.columns, columns, strict=True):
                column.width = Emu(inches(width))
            heights = [_row_height((), [], size)]
            heights += [_row_height(row, columns, size) for row in page]
            for row, height in zip(frame.table.rows, heights, strict=True):
                row.height = Emu(inches(height))
            frame.height = Emu(inches(sum(heights)))
            _comment(slide, section.comment, rest)
        _notes(slide, [section.heading, *([rest] if rest else []), *_stamp_lines(deck)])


def _definitions(deck: _Deck) -> None:
    """How the metrics of this deck are counted, as the last slides."""
    used = {
        figure_metric
        for section in deck.snapshot.sections
        for figure_metric in _metrics_of(section)
        if section.heading not in deck.left_out
    }
    rows = [
        (
            d.name,
            d.numerator,
            d.denominator or "—",
            d.target_shown or "—",
            d.caveat,
        )
        for d in deck.snapshot.definitions
        if d.metric in used
    ]
    if not rows:
        return
    section = Table("本次材料所用口径", "指标口径、目标和使用时要注意的地方", (), (), len(rows))
    header = ("指标", "分子", "分母", "目标", "注意")
    _paged(deck, section, header, rows, (), len(rows), "“口径”", slides=3)


def _left_out(deck: _Deck) -> None:
    slide = _slide(deck, master.POINTS, f"演示文稿已满 {SLIDES} 页，以下部分未列入")
    lines = [f"{shorten(heading, 60)}" for heading in deck.left_out[:12]]
    if len(deck.left_out) > 12:
        lines.append(f"……另有 {len(deck.left_out) - 12} 个部分。")
    _fill(
        slide.placeholders[1],
        [*lines, "这些部分见同一快照的工作簿和简报。"],
        size=18,
        after=6,
    )
    _notes(slide, _stamp_lines(deck))


_BUILDERS: dict[str, Callable[[_Deck, Section], None]] = {
    "figures": _figures,
    "map": _map,
    "ranking": _ranking,
    "trend": _trend,
    "table": _table,
    "claims": _claims,
    "attention": _attention,
}


# -- what every slide has ----------------------------------------------------------------------


def _slide(
    deck: _Deck,
    layout: str,
    title: str,
    *,
    section: Section | None = None,
    heading: str = "",
    suffix: str = "",
    title_sizes: tuple[tuple[int, int], ...] = ((27, 26), (58, 22), (74, 18)),
):
    """Add a slide with title, subtitle, mark of the data's nature, stamp and number."""
    slide_layout = master.layout(deck.presentation, layout)
    slide = deck.presentation.slides.add_slide(slide_layout)
    limit = title_sizes[-1][0]
    words = shorten(title, limit) + suffix
    size = next((size for length, size in title_sizes if em(words) <= length), title_sizes[-1][1])
    _name_placeholders(slide)
    _fill(slide.shapes.title, [words], size=None if size == title_sizes[0][1] else size)
    held = {holder.placeholder_format.idx: holder for holder in slide.placeholders}
    if section is not None:
        heading = section.heading
    if master.HEADING in held:
        _fill(held[master.HEADING], [shorten(heading or deck.snapshot.scope, 80)])
    _nature(held[master.NATURE], deck.stamp)
    if section is not None:
        _comment(slide, section.comment)
    for holder in slide_layout.placeholders:
        if holder.element.ph.get("type") in ("ftr", "sldNum"):
            _footer(slide, holder, deck.stamp)
    return slide


def _nature(holder, mark: Stamp) -> None:
    if not mark.is_demonstration:
        _fill(holder, [mark.nature])
        return
    word, rest = mark.nature.split("（")
    _fill(holder, [word, f"（{rest}"])


def _footer(slide, holder, mark: Stamp) -> None:
    """Copy footer and page number from the layout: python-pptx leaves them out."""
    shape = deepcopy(holder.element)
    properties = shape.find(qn("p:spPr"))
    for child in list(properties):
        properties.remove(child)
    body = shape.find(qn("p:txBody"))
    style = body.find(qn("a:lstStyle"))
    for child in list(style):
        style.remove(child)
    frame = body.find(qn("a:bodyPr"))
    for child in list(frame):
        frame.remove(child)
    frame.attrib.clear()
    if holder.element.ph.get("type") == "ftr":
        for old in body.findall(qn("a:p")):
            body.remove(old)
        for line in (mark.first_line, mark.second_line):
            body.append(parse_xml(f"<a:p {nsdecls('a')}>{run(line)}</a:p>"))
    slide.shapes._spTree.append(shape)


def _name_placeholders(slide) -> None:
    names = {
        holder.placeholder_format.idx: holder.name for holder in slide.slide_layout.placeholders
    }
    for holder in slide.placeholders:
        holder.name = names.get(holder.placeholder_format.idx, holder.name)


def _fill(holder, lines: Sequence[str], *, size: float | None = None, after: float = 0) -> None:
    """Write lines into a placeholder, one paragraph each."""
    body = holder._element.txBody
    for old in body.findall(qn("a:p")):
        body.remove(old)
    for line in lines:
        space = f'<a:spcAft><a:spcPts val="{round(after * 100)}"/></a:spcAft>' if after else ""
        body.append(
            parse_xml(f"<a:p {nsdecls('a')}><a:pPr>{space}</a:pPr>{run(line, size=size)}</a:p>")
        )


def _comment(slide, *sentences: str) -> None:
    """Write the line below the picture."""
    said = "　".join(sentence for sentence in sentences if sentence.strip())
    for holder in slide.placeholders:
        if holder.placeholder_format.idx == master.COMMENT and said:
            _fill(holder, [shorten(said, 150)])


def _tidy(deck: _Deck) -> None:
    """Take out the placeholders nobody wrote into, which would show as prompts while editing.

    Then number the shapes of each slide anew: ours and the library's ids must not meet.
    """
    for slide in deck.presentation.slides:
        for holder in list(slide.placeholders):
            if holder.has_text_frame and not holder.text_frame.text:
                _remove(holder)
        for number, element in enumerate(slide.shapes._spTree.iter(qn("p:cNvPr")), 1):
            element.set("id", str(number))


def _remove(shape) -> None:
    shape._element.getparent().remove(shape._element)


def _notes(slide, lines: Sequence[str]) -> None:
    frame = slide.notes_slide.notes_text_frame
    body = frame._txBody
    for old in body.findall(qn("a:p")):
        body.remove(old)
    for line in lines:
        body.append(parse_xml(f"<a:p {nsdecls('a')}>{run(line)}</a:p>"))


def _stamp_lines(deck: _Deck) -> list[str]:
    pairs = [*deck.snapshot.filters, *deck.stamp.pairs]
    return ["", *dict.fromkeys(f"{name}：{words}" for name, words in pairs)]


def _metric_notes(
    deck: _Deck, section: Section, definition: Definition, lines: Sequence[str]
) -> list[str]:
    return [
        section.title,
        *([section.comment] if section.comment else []),
        *lines,
        *_definition_lines(definition),
        *_stamp_lines(deck),
    ]


def _definition_lines(definition: Definition) -> list[str]:
    lines = [f"口径：分子为{definition.numerator}"]
    if definition.denominator:
        lines[0] += f"；分母为{definition.denominator}"
    lines[0] += f"。统计期：{definition.window}；更新：{definition.cadence}。"
    if definition.target_shown:
        lines.append(f"目标：{definition.target_shown}。")
    lines.append(f"依据：{definition.source}（{definition.mark}）。")
    if definition.caveat:
        lines.append(f"注意：{definition.caveat}")
    lines.append(f"算法文件：{definition.query}")
    return lines


def _properties(deck: _Deck, exported_at: dt.datetime) -> None:
    core = deck.presentation.core_properties
    core.title = clean(deck.snapshot.title)[:255]
    core.author = clean(deck.snapshot.unit)[:255] or "—"
    core.subject = clean(f"{deck.stamp.scope}，{deck.stamp.as_of}")[:255]
    core.keywords = f"{deck.stamp.version} {deck.stamp.snapshot}"
    core.comments = deck.stamp.nature
    core.language = "zh-CN"
    core.last_modified_by = ""
    core.revision = 1
    core.created = core.modified = exported_at.astimezone(dt.UTC).replace(tzinfo=None)


# -- charts ------------------------------------------------------------------------------------


def _chart(deck: _Deck, slide, kind, data: CategoryChartData, name: str, description: str):
    frame = slide.placeholders[master.CONTENT].insert_chart(kind, data)
    _describe(frame, name, description)
    chart = frame.chart
    chart.has_title = False
    chart.has_legend = False
    chart.font.size = Pt(12)
    chart.font.name = "+mn-lt"
    defaults = chart._chartSpace.find(qn("c:txPr")).find(".//" + qn("a:defRPr"))
    defaults.set("lang", "zh-CN")
    chinese = defaults.makeelement(qn("a:ea"), {"typeface": "+mn-ea"})
    defaults.find(qn("a:latin")).addnext(chinese)
    return chart


def _value_axis(chart, scale: axes.Axis) -> None:
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = scale.low, scale.high
    axis.major_unit = scale.step
    axis.tick_labels.number_format = scale.number_format
    axis.tick_labels.number_format_is_linked = False
    axis.tick_labels.font.size = Pt(12)
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(palette.GRID)
    axis.format.line.fill.background()


def _finish(deck: _Deck, chart) -> None:
    """Give the axes positive ids, which the schema asks for, different on every slide."""
    new: dict[str, str] = {}
    for element in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
        old = element.get("val")
        new.setdefault(old, str(_AXIS_IDS + deck.charts * 10 + len(new)))
        element.set("val", new[old])
    deck.charts += 1


def _legend(chart) -> None:
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(12)


def _paint(series, colour: str) -> None:
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = RGBColor.from_string(colour)
    series.invert_if_negative = False


def _lines_over(chart, first: int) -> None:
    """Turn the series from number `first` into plain lines over the columns, on the same axes.

    python-pptx cannot combine chart kinds; the schema can. The embedded workbook keeps all series.
    """
    area = chart._chartSpace.chart.plotArea
    bars = area.find(qn("c:barChart"))
    lines = parse_xml(
        f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'<c:marker val="1"/></c:lineChart>'
    )
    for number, series in enumerate(bars.findall(qn("c:ser"))[first:]):
        bars.remove(series)
        for tag in ("c:invertIfNegative", "c:spPr", "c:dLbls"):
            for old in series.findall(qn(tag)):
                series.remove(old)
        colour, dash = ((palette.STREET, "solid"), (palette.INK, "dash"))[min(number, 1)]
        look = parse_xml(
            f'<c:spPr {nsdecls("c", "a")}><a:ln w="22225" cap="rnd"><a:solidFill>'
            f'<a:srgbClr val="{colour}"/></a:solidFill><a:prstDash val="{dash}"/></a:ln></c:spPr>'
        )
        marker = parse_xml(f'<c:marker {nsdecls("c")}><c:symbol val="none"/></c:marker>')
        series.find(qn("c:tx")).addnext(look)
        look.addnext(marker)
        series.append(parse_xml(f'<c:smooth {nsdecls("c")} val="0"/>'))
        lines.insert(2 + number, series)
    for axis_id in bars.findall(qn("c:axId")):
        lines.append(deepcopy(axis_id))
    bars.addnext(lines)


def _month_axis(chart, months: int) -> None:
    """Write about a dozen months along the axis of a chart over time."""
    axis = chart.category_axis
    axis.tick_labels.number_format = "yyyy-mm"
    axis.tick_labels.number_format_is_linked = False
    element = axis._element
    for tag in ("c:baseTimeUnit", "c:majorUnit", "c:majorTimeUnit"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    every = next((step for step in (1, 2, 3, 6, 12) if months / step <= 13), 12)
    for tag, value in (
        ("c:baseTimeUnit", "months"), ("c:majorUnit", str(every)), ("c:majorTimeUnit", "months"),
    ):  # fmt: skip
        etree.SubElement(element, qn(tag)).set("val", value)


def _show_value_only(tag, number_format: str) -> None:
    """Make one data label show its value and nothing else."""
    element = tag._dLbl
    for name, value in (
        ("c:showLegendKey", "0"), ("c:showVal", "1"), ("c:showCatName", "0"),
        ("c:showSerName", "0"), ("c:showPercent", "0"), ("c:showBubbleSize", "0"),
    ):  # fmt: skip
        found = element.find(qn(name))
        if found is None:
            found = etree.SubElement(element, qn(name))
        found.set("val", value)
    form = element.find(qn("c:numFmt"))
    if form is None:
        form = parse_xml(f'<c:numFmt {nsdecls("c")} formatCode="General" sourceLinked="0"/>')
        before = [element.find(qn(n)) for n in ("c:spPr", "c:txPr", "c:dLblPos", "c:showLegendKey")]
        next(e for e in before if e is not None).addprevious(form)
    form.set("formatCode", number_format)


def _category(words: str, length: int = _CATEGORY_LENGTH) -> str:
    return shorten(clean(words), length)


# -- tables ------------------------------------------------------------------------------------


def _plain_table(
    slide,
    name: str,
    header: tuple[str, ...],
    rows: list[tuple[str, ...]],
    box: tuple[float, float, float, float],
    widths: tuple[float, ...],
    right: tuple[int, ...],
    size: float,
) -> None:
    """A native table outside a placeholder, beside a map."""
    left, top, width, height = (Emu(inches(v)) for v in box)
    frame = slide.shapes.add_table(len(rows) + 1, len(header), left, top, width, height)
    _describe(frame, name, f"{name}，{len(rows)} 行")
    for column, share in zip(frame.table.columns, widths, strict=True):
        column.width = Emu(inches(share))
    rows = [tuple(shorten(clean(word), 16) for word in row) for row in rows]
    _cells(frame.table, header, rows, right, size=size)


def _cells(table, header: tuple[str, ...], rows: list[tuple], right: tuple, size: float) -> None:
    for i, row in enumerate([header, *rows]):
        for j, words in enumerate(row):
            cell = table.cell(i, j)
            cell.margin_top = cell.margin_bottom = Emu(22860)
            cell.margin_left = cell.margin_right = Emu(64008)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            line = cell.text_frame.paragraphs[0]
            if j in right:
                line.alignment = PP_ALIGN.RIGHT
            fragment = run(words, size=size, bold=i == 0).replace(
                "<a:r>", f"<a:r {nsdecls('a')}>", 1
            )
            line._p.append(parse_xml(fragment))


def _pages(
    rows: list[tuple[str, ...]], columns: list[float], size: float, room: float
) -> list[list[tuple[str, ...]]]:
    """Cut rows into pages by the height they need; `columns` and `room` are in inches."""
    heights = [_row_height(row, columns, size) for row in rows]
    head = _row_height((), [], size)
    pages = _cut(rows, heights, room - head)
    if len(pages) > 1:
        # Even pages rather than full ones and a last one with a single row.
        even = sum(heights) / len(pages) + max(heights)
        evened = _cut(rows, heights, min(even, room - head))
        pages = evened if len(evened) == len(pages) else pages
    return pages


def _cut(
    rows: list[tuple[str, ...]], heights: list[float], room: float
) -> list[list[tuple[str, ...]]]:
    pages: list[list[tuple[str, ...]]] = []
    used = 0.0
    for row, height in zip(rows, heights, strict=True):
        if not pages or used + height > room:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += height
    return pages


def _row_height(row: tuple[str, ...], columns: list[float], size: float) -> float:
    """Return the inches a row needs: lines of 1.25 letter heights, and the margins."""
    letter = size / 72
    most = max(
        [lines(word, (width - 0.16) / letter) for word, width in zip(row, columns, strict=True)],
        default=1,
    )
    return max(0.3, 0.08 + most * letter * 1.28)


def _describe(frame, name: str, description: str) -> None:
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", clean(name)[:80])
    properties.set("descr", clean(description))


# -- the rest ----------------------------------------------------------------------------------


def _rings(shape: Shape, to_paper: geometry.Fit) -> list[np.ndarray]:
    rings = (geometry.drawable(to_paper(ring), 635) for ring in shape.rings)  # 0.05 pt
    return [ring for ring in rings if ring is not None]


def _barrier(ids: native.Ids, line: model.Line, to_paper: geometry.Fit) -> native.Shape | None:
    river = line.barrier == "河流"
    return native.polygon(
        ids, line.name, line.barrier, [np.rint(to_paper(flat)) for flat in line.lines],
        fill=palette.RIVER if line.closed else None,
        line=palette.RIVER if river else palette.RAIL,
        points=0.5 if line.closed else 2.5 if river else 1.25, dash="" if river else "dash",
        alpha=60000, closed=line.closed,
    )  # fmt: skip


def _attention_first(figures: Sequence[Figure], definition: Definition) -> list[Figure]:
    """The places to look at first: lowest, or highest where less is better."""
    known = [figure for figure in figures if figure.value is not None]
    sign = -1 if definition.direction == "down" else 1
    return sorted(known, key=lambda f: (sign * f.value, f.place.code or ""))


def _metrics_of(section: Section) -> tuple[str, ...]:
    if isinstance(section, Figures):
        return tuple(figure.metric for figure in section.figures)
    return (section.metric,) if isinstance(section, Map | Ranking | Trend) else ()
