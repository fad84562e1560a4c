"""Slides with a native chart: rankings and trends, editable with their embedded workbook.

The workbook holds the values as they are written, money in 万元 or 亿元, so that who corrects one
corrects what is seen; names of series hold no number that could stay behind.
"""

import datetime as dt
import math
from collections.abc import Sequence
from copy import deepcopy
from itertools import chain

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
)
from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Pt

from chunshui.drawing.theme import PAPER
from chunshui.month import Month
from chunshui.ranking.league import LEVEL, WAYS
from chunshui.snapshots import model
from chunshui.snapshots.model import Definition, Figure, Ranking, Table, Trend
from chunshui.snapshots.render import axis as axes
from chunshui.snapshots.render.deck import layouts, slides
from chunshui.snapshots.render.deck.colours import solid, themed
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.render.table_layout import em
from chunshui.snapshots.stamp import clean, shorten

_TARGET = "目标"
BARS_STREET = 16
BARS_COMMUNITY, BARS_MISSED = 15, 30  # of communities; as many more as miss the target
_BARS = 15  # on a slide whose bars are named beside them
_COLUMN_WIDTH = 11.3 * 72  # points of the axis that columns share
_AXIS_IDS = 500_000_000
_SPAN_ENDS = 0.35  # of a rank, on both sides of a bar: a certain rank is seen too
_SPANS_SAID = f"横条为名次可能所在的区间（每条单独看有{LEVEL:.0%}的把握），越靠左名次越前；区间大幅重叠的不分先后。"
_PLOT_HEIGHT = 0.76  # of the chart
_NEAR = 0.07  # of an axis: a number nearer to a line than this would touch it


def add_ranking(deck: slides.Deck, section: Ranking) -> None:
    """Add a ranking: columns of streets with lines for the whole and the target, else bars.

    Each place has its rank, its name and what its value is made of. Bars go over several slides.
    """
    definition = deck.snapshot.definition(section.metric)
    by_street = section.level == "街道"
    bars_most = (BARS_STREET, BARS_STREET) if by_street else (BARS_COMMUNITY, BARS_MISSED)
    figures, rest = drawings.ranked(section, *bars_most)
    if model.is_empty(section):
        slide = slides.add_slide(deck, layouts.CHART, section.title, section=section)
        _no_data(deck, slide, section, definition, drawings.why_empty(section))
        return
    pages = [figures] if by_street else _even(figures, _BARS)
    said = _said_of_bars(section, definition, figures, lines=by_street)
    for number, part in enumerate(pages, 1):
        suffix = slides.continued(number, len(pages))
        slide = slides.add_slide(deck, layouts.CHART, section.title, section=section, suffix=suffix)
        form = (
            _columns(deck, slide, section, part) if by_street else _bars(deck, slide, section, part)
        )
        words = [*said, rest] if rest else [*said]
        scaled = (form.divisor, form.decimals)
        if note := not rest and drawings.rounding_words(section, definition, scaled):
            words.append(note)
        if number == 1:
            slides.write_below(deck, slide, section, *words)
        else:
            slides.write_words_below(slide, "".join(words))
        notes = [
            f"{rank and f'{rank}　'}{f.place.full_name}：{f.shown}（{'，'.join(filter(None, (f.counted, f.status)))}）"
            for rank, f in zip(drawings.ranks(section), section.figures, strict=True)
        ]
        slides.write_notes(
            slide, slides.metric_notes(deck, section, definition, notes[:40], *words)
        )


def _said_of_bars(
    section: Ranking, definition: Definition, drawn: Sequence[Figure], *, lines: bool
) -> list[str]:
    """What the lines over columns and the colours of bars mean, and the whole where no line shows it."""
    whole, goal = drawings.whole_words(section), definition.target_shown
    legend = drawings.bar_legend(section, definition, drawn)
    if lines and drawings.yardstick(section, definition) is not None:
        whole = f"实线：{whole}"
        whole += f"，虚线：目标{goal}" if goal else ""
        legend = legend.replace(f"（目标{goal}）", "")
    return [f"{one}。" for one in (whole, legend) if one]


def _even(figures: Sequence[Figure], most: int) -> list[Sequence[Figure]]:
    """Cut figures into as few parts of at most so many as may be, alike in size."""
    parts = -(-len(figures) // most)
    each = -(-len(figures) // parts)
    return [figures[k : k + each] for k in range(0, len(figures), each)]


def _columns(
    deck: slides.Deck, slide: Slide, section: Ranking, figures: Sequence[Figure]
) -> axes.Written:
    """Streets as columns, the whole and the target as lines over them."""
    definition = deck.snapshot.definition(section.metric)
    form = axes.written([figure.shown for figure in figures], definition.unit)
    yardstick, goal = drawings.yardstick(section, definition), definition.target
    values = [_scaled(figure.value, form) for figure in figures]
    data = CategoryChartData(number_format=form.number_format)
    width = _COLUMN_WIDTH / len(figures) / layouts.SMALL
    data.categories = _under_columns(section, figures, definition, width)
    data.add_series(clean(definition.name), values)
    if yardstick is not None:
        data.add_series(clean(section.overall.place.name), [_scaled(yardstick, form)] * len(values))
    if goal is not None:
        data.add_series(_TARGET, [_scaled(goal, form)] * len(values))
    chart = _chart(deck, slide, XL_CHART_TYPE.COLUMN_CLUSTERED, data, section)
    _value_axis(chart, [*values, _scaled(yardstick, form), _scaled(goal, form)], definition, form)
    _colour(chart, section, figures, definition, form)
    lines = [(PAPER.street, "solid")] * (yardstick is not None)
    lines += [(PAPER.ink, "dash")] * (goal is not None)
    if lines:
        _lines_over(chart, lines)
        _legend(chart)
        # The columns are named by the heading; their colours differ, so no swatch fits.
        swatch = _element("legendEntry", inside='<c:idx val="0"/><c:delete val="1"/>')
        chart.legend._element.find(qn("c:legendPos")).addnext(swatch)
        # White behind the numbers, so that the lines do not run through them.
        white = '<a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'
        labels = chart.plots[0].series[0].data_labels._element
        for numbers in labels.iter(qn("c:numFmt")):
            numbers.addnext(_element("spPr", inside=white))
    _finish(deck, chart)
    return form


def _bars(
    deck: slides.Deck, slide: Slide, section: Ranking, figures: Sequence[Figure]
) -> axes.Written:
    """Communities as bars from the top down, the whole first where it is their measure."""
    definition = deck.snapshot.definition(section.metric)
    form = axes.written([figure.shown for figure in figures], definition.unit)
    names = [
        " ".join(filter(None, (rank, name, _made_of(figure))))
        for rank, name, figure in zip(
            drawings.ranks(section, figures),
            drawings.names_moved(figures, definition, 20),
            figures,
            strict=True,
        )
    ]
    if drawings.yardstick(section, definition) is not None:
        names, figures = [section.overall.place.name, *names], [section.overall, *figures]
    # Bars run from the bottom up, so the last ranked place comes first.
    names, figures = names[::-1], figures[::-1]
    values = [_scaled(figure.value, form) for figure in figures]
    data = CategoryChartData(number_format=form.number_format)
    data.categories = names
    data.add_series(clean(definition.name), values)
    chart = _chart(deck, slide, XL_CHART_TYPE.BAR_CLUSTERED, data, section)
    _value_axis(chart, values, definition, form)
    _colour(chart, section, figures, definition, form)
    _finish(deck, chart)
    return form


def _under_columns(
    section: Ranking, figures: Sequence[Figure], definition: Definition, width: float
) -> list[str]:
    """The rank, name and n/N under each column, on lines `width` letter heights long."""
    names = drawings.names_moved(figures, definition, 14)
    out = []
    for rank, name, figure in zip(drawings.ranks(section, figures), names, figures, strict=True):
        made_of = _made_of(figure)
        name = name.removesuffix("街道") if em(name) + 0.5 > width else name
        if em(made_of) > width:
            made_of = made_of.replace("/", "/\n")
        out.append("\n".join(filter(None, (rank, name.replace(" ", "\n"), made_of))))
    return out


def _made_of(figure: Figure) -> str:
    """What a value is made of (268/317), "" where it is a count."""
    if figure.numerator is None or figure.denominator is None:
        return ""
    numerator, _, rest = figure.counted.partition("/")
    if numerator.replace(",", "").isdigit():  # both are counted in what the heading says
        rest = rest.rstrip("户个项名家人处次件岗部栋")
    return f"{numerator}/{rest}" if rest else ""


def _colour(
    chart, section: Ranking, figures: Sequence[Figure], definition: Definition, form: axes.Written
) -> None:
    """Paint the bars by their status and write their values as the words do."""
    _name_every_place(chart)
    bars = chart.plots[0]
    bars.gap_width = 55 if len(figures) > 3 else 250
    series = bars.series[0]
    _paint(series, PAPER.bar)
    series.invert_if_negative = False
    written = axes.with_beyond(form.number_format, definition.most)
    series.data_labels.show_value = True
    _format_numbers(series.data_labels, written)
    series.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    series.data_labels.font.size = Pt(layouts.SMALL)
    colours = drawings.bar_colours(section, figures, definition)
    for number, (figure, colour) in enumerate(zip(figures, colours, strict=True)):
        colour = PAPER.street if figure is section.overall else colour
        if colour != PAPER.bar:
            _paint(series.points[number], colour)
        if own := form.format_of(figure.shown):
            _show_value_only(series.points[number].data_label, own)


def _name_every_place(chart) -> None:
    """Have every name of an axis drawn, upright: left to itself, a program drops every other one of a full axis."""
    axis = chart.category_axis._element
    axis.find(qn("c:noMultiLvlLbl")).addprevious(_element("tickLblSkip", 'val="1"'))
    for one in axis.iter(qn("a:bodyPr")):
        one.set("rot", "0")
        one.set("vert", "horz")


def add_spans(deck: slides.Deck, section: Table, spans: Sequence[tuple[int, int]]) -> None:
    """Add the ranks in which each place may lie, a bar from the best to the worst of them."""
    slide = slides.add_slide(deck, layouts.CHART, section.title, section=section)
    spans, names = spans[::-1], drawings.span_words(section)[::-1]  # bars run from the bottom up
    data = CategoryChartData(number_format="0")
    data.categories = [clean(name) for name in names]
    half = _SPAN_ENDS
    data.add_series("最好名次", [low - half for low, _ in spans])
    data.add_series("名次区间", [high - low + 2 * half for low, high in spans])
    frame = slide.placeholders[layouts.CONTENT].insert_chart(XL_CHART_TYPE.BAR_STACKED, data)
    described = "；".join(reversed(names))
    slides.set_alternative_text(frame, "名次区间图", clean(f"各街道名次可能在哪里：{described}"))
    chart = _plain(frame.chart)
    axis = chart.value_axis
    beyond = len(spans) + 1  # no rank, as 0 is none: not written
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, beyond, 1
    _format_numbers(axis.tick_labels, f'[=0]"";[={beyond}]"";0')
    axis.tick_labels.font.size = Pt(layouts.SMALL)
    _ink(axis.major_gridlines.format.line.color, PAPER.grid)
    axis.format.line.fill.background()
    chart.category_axis.tick_labels.font.size = Pt(layouts.SMALL)
    _ink(chart.category_axis.format.line.color, PAPER.rule)
    _name_every_place(chart)
    bars = chart.plots[0]
    bars.gap_width, bars.overlap = 70, 100
    before, between = bars.series
    before.format.fill.background()
    _paint(between, PAPER.claimed(0))
    for number, word in enumerate(reversed(drawings.claims(section))):
        if WAYS[word]:
            _paint(between.points[number], PAPER.claimed(WAYS[word]))
    _finish(deck, chart)
    slides.write_below(deck, slide, section, _SPANS_SAID)
    notes = [*slides.spoken(section, _SPANS_SAID), "", "备查", *reversed(names)]
    slides.write_notes(slide, [*notes, *slides.stamp_lines(deck)])


def add_trend(deck: slides.Deck, section: Trend) -> None:
    """Add a trend: a line chart over dates, its last value written, the target dashed."""
    definition = deck.snapshot.definition(section.metric)
    slide = slides.add_slide(deck, layouts.CHART, section.title, section=section)
    if model.is_empty(section):
        _no_data(deck, slide, section, definition, drawings.why_no_line(section))
        return
    goal = definition.target
    form = axes.written([one.last_shown for one in section.series], definition.unit)
    step, earlier = axes.months_labelled(len(section.months))
    data = CategoryChartData(number_format=form.number_format)
    data.categories = [dt.date.fromisoformat(f"{month}-01") for month in section.months]
    data.categories.number_format = "yyyy-mm"
    lines = [[_scaled(value, form) for value in one.values] for one in section.series]
    for one, values in zip(section.series, lines, strict=True):
        data.add_series(clean(shorten(one.name, 20)), values)
    if goal is not None:
        lines.append([_scaled(goal, form)] * len(section.months))
        data.add_series(_TARGET, lines[-1])
    chart = _chart(deck, slide, XL_CHART_TYPE.LINE, data, section)
    axis = _value_axis(
        chart, list(chain.from_iterable(lines)), definition, form, from_zero=definition.unit != "%"
    )
    _month_axis(chart, step, Month.parse(section.months[0]).shift(-earlier))
    _leave_room(chart)
    colours = (PAPER.accent, PAPER.bands[4], PAPER.street, PAPER.river)
    lifts = _lifts([one[-1] for one in lines[: len(section.series)]], axis)
    for number, series in enumerate(chart.plots[0].series):
        is_target = number == len(section.series)
        colour = PAPER.ink if is_target else colours[number % len(colours)]
        series.smooth = False
        series.format.line.width = Pt(1.25 if is_target else 2.5)
        _ink(series.format.line.color, colour)
        if goal is not None and is_target:
            series.format.line.dash_style = MSO_LINE.DASH
            _write_target(series, lines[:-1], goal / form.divisor, definition, axis)
            continue
        values = lines[number]
        for lone in _lone(values):
            _mark(series.points[lone], colour)
        places = [place for place, value in enumerate(values) if value is not None]
        if places:
            tag = series.points[places[-1]].data_label
            tag.has_text_frame = False
            tag.position = XL_LABEL_POSITION.RIGHT
            if lift := lifts.get(number):
                _lift(tag, lift)
            own = form.format_of(section.series[number].last_shown) or form.number_format
            _show_value_only(tag, axes.with_beyond(own, definition.most), bold=True)
    _legend(chart)
    _finish(deck, chart)
    slides.write_below(deck, slide, section)
    slides.write_notes(slide, slides.metric_notes(deck, section, definition, []))


def _lifts(ends: list[float | None], axis: axes.Axis) -> dict[int, float]:
    """How far the numbers at the ends of lines are moved up, in heights of the axis, so that none overlap.

    By the number of the line; without those that stay.
    """
    wide = axis.high - axis.low
    at = {number: (end - axis.low) / wide for number, end in enumerate(ends) if end is not None}
    order = sorted(at, key=lambda number: at[number])
    spaced = drawings.spaced([(at[number], "", "") for number in order], _NEAR, 0, 1)
    moved = {n: place - at[n] for n, (place, *_) in zip(order, spaced, strict=True)}
    return {number: by for number, by in moved.items() if abs(by) > 1e-6}


def _lift(label, by: float) -> None:
    """Move a label up by so much of the axis's height."""
    place = f'<c:x val="0"/><c:y val="{-by * _PLOT_HEIGHT:.4f}"/>'
    layout = _element("layout", inside=f"<c:manualLayout>{place}</c:manualLayout>")
    label._get_or_add_dLbl().find(qn("c:idx")).addnext(layout)


def _lone(values: Sequence[float | None]) -> list[int]:
    """The places of values with none beside them: a line has nothing to draw there."""
    around = [None, *values, None]
    return [
        place
        for place, value in enumerate(values)
        if value is not None and around[place] is None and around[place + 2] is None
    ]


def _write_target(
    series, lines: list[list[float | None]], goal: float, definition: Definition, axis: axes.Axis
) -> None:
    """Write the target at the end of its line, or, where another line ends there, where none is near."""
    close = _NEAR * (axis.high - axis.low)
    count = len(lines[0])

    def room(at: int) -> float:
        """How far the lines are from the target around a month."""
        near = chain.from_iterable(one[max(at - 1, 0) : at + 2] for one in lines)
        return min((abs(value - goal) for value in near if value is not None), default=math.inf)

    if room(count - 1) > close:
        last, place = count - 1, XL_LABEL_POSITION.RIGHT
    else:
        # Within the axis, for a label is as wide as two or three of its months.
        last = max(
            range(-(-count // 10), max(count - 1, 1) + 1 - count // 10),
            key=lambda at: (min(room(at), 3 * close), -at),
            default=0,
        )
        place = XL_LABEL_POSITION.ABOVE if goal + close < axis.high else XL_LABEL_POSITION.BELOW
    tag = series.points[last].data_label
    frame = tag.text_frame
    frame.text = clean(f"{_TARGET}{definition.target_shown}")
    frame.paragraphs[0].runs[0].font.size = Pt(layouts.SMALL)
    tag.position = place


def _mark(point, colour: str) -> None:
    """Draw a dot where a value stands alone."""
    point.marker.style = XL_MARKER_STYLE.CIRCLE
    point.marker.size = 9
    _paint(point.marker, colour)


def _leave_room(chart) -> None:
    """Keep the right of a chart free for the numbers at the ends of its lines."""
    box = {"xMode": "edge", "yMode": "edge", "x": 0.075, "y": 0.04, "w": 0.795, "h": _PLOT_HEIGHT}
    inside = "".join(f'<c:{name} val="{value}"/>' for name, value in box.items())
    area = chart._chartSpace.chart.plotArea
    etree.strip_elements(area, qn("c:layout"))
    layout = f'<c:manualLayout><c:layoutTarget val="inner"/>{inside}</c:manualLayout>'
    area.insert(0, _element("layout", inside=layout))


def _no_data(
    deck: slides.Deck, slide, section: Ranking | Trend, definition: Definition, why: str
) -> None:
    """A chart of nothing is a sentence."""
    slides.write_why_empty(slide, why)
    slides.write_below(deck, slide, section)
    slides.write_notes(slide, slides.metric_notes(deck, section, definition, []))


def _chart(
    deck: slides.Deck, slide: Slide, kind, data: CategoryChartData, section: Ranking | Trend
):
    definition = deck.snapshot.definition(section.metric)
    if isinstance(section, Ranking):
        name, description = "排名图", drawings.describe_ranking(section, definition)
    else:
        name, description = "走势图", drawings.describe_trend(section, definition)
    frame = slide.placeholders[layouts.CONTENT].insert_chart(kind, data)
    slides.set_alternative_text(frame, f"{definition.name}{name}", description)
    return _plain(frame.chart)


def _plain(chart):
    """Take title and legend away and write in the theme's letters."""
    chart.has_title = False
    chart.has_legend = False
    chart.font.size = Pt(layouts.SMALL)
    chart.font.name = "+mn-lt"
    defaults = chart._chartSpace.find(qn("c:txPr")).find(".//" + qn("a:defRPr"))
    defaults.set("lang", "zh-CN")
    latin = defaults.find(qn("a:latin"))
    latin.addnext(latin.makeelement(qn("a:ea"), {"typeface": "+mn-ea"}))
    return chart


def _scaled(value: float | None, form: axes.Written) -> float | None:
    """A value as the chart and its workbook have it, in 元 or 万元."""
    return value if value is None or form.divisor == 1 else value / form.divisor


def _value_axis(
    chart,
    values: Sequence[float | None],
    definition: Definition,
    form: axes.Written,
    *,
    from_zero: bool = True,
) -> axes.Axis:
    scale = axes.axis(values, definition.unit, from_zero=from_zero)
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = scale.low, scale.high
    axis.major_unit = scale.step
    _format_numbers(axis.tick_labels, scale.tick_format(form.unit))
    axis.tick_labels.font.size = Pt(layouts.SMALL)
    _ink(axis.major_gridlines.format.line.color, PAPER.grid)
    axis.format.line.fill.background()
    chart.category_axis.tick_labels.font.size = Pt(layouts.SMALL)
    _ink(chart.category_axis.format.line.color, PAPER.rule)
    return scale


def _finish(deck: slides.Deck, chart) -> None:
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
    chart.legend.font.size = Pt(layouts.SMALL)


def _paint(bars, colour: str) -> None:
    """Give a series, one of its points or a marker a colour."""
    bars.format.fill.solid()
    _ink(bars.format.fill.fore_color, colour)


def _ink(ink, colour: str) -> None:
    """Set a colour of python-pptx, by its place in the theme where it has one."""
    if found := themed(colour):
        place, lighter = found
        ink.theme_color = MSO_THEME_COLOR.from_xml(place)
        ink.brightness = lighter
    else:
        ink.rgb = RGBColor.from_string(colour[1:])


def _format_numbers(labels, number_format: str) -> None:
    labels.number_format = number_format
    labels.number_format_is_linked = False


def _element(name: str, attributes: str = "", inside: str = ""):
    """Return an element of a chart that python-pptx has no call for."""
    return parse_xml(f"<c:{name} {nsdecls('c', 'a')} {attributes}>{inside}</c:{name}>")


def _lines_over(chart, looks: Sequence[tuple[str, str]]) -> None:
    """Turn the series after the first into plain lines over the columns, on the same axes.

    `looks` are the colour and the dash of each line.

    python-pptx cannot combine chart kinds; the schema can. The embedded workbook keeps all series.
    """
    area = chart._chartSpace.chart.plotArea
    bars = area.find(qn("c:barChart"))
    settings = '<c:grouping val="standard"/><c:varyColors val="0"/><c:marker val="1"/>'
    lines = _element("lineChart", inside=settings)
    for number, series in enumerate(bars.findall(qn("c:ser"))[1:]):
        bars.remove(series)
        etree.strip_elements(series, qn("c:invertIfNegative"), qn("c:spPr"), qn("c:dLbls"))
        colour, dash = looks[number]
        stroke = f'{solid(colour)}<a:prstDash val="{dash}"/>'
        look = _element("spPr", inside=f'<a:ln w="22225" cap="rnd">{stroke}</a:ln>')
        series.find(qn("c:tx")).addnext(look)
        look.addnext(_element("marker", inside='<c:symbol val="none"/>'))
        series.append(_element("smooth", 'val="0"'))
        lines.insert(2 + number, series)
    for axis_id in bars.findall(qn("c:axId")):
        lines.append(deepcopy(axis_id))
    bars.addnext(lines)


def _month_axis(chart, step: int, first: Month) -> None:
    """Name every so many months along the axis of a chart over time, from the first of it."""
    _format_numbers(chart.category_axis.tick_labels, "yyyy-mm")
    element = chart.category_axis._element
    units = {"baseTimeUnit": "months", "majorUnit": step, "majorTimeUnit": "months"}
    etree.strip_elements(element, *(qn(f"c:{name}") for name in units))
    for name, value in units.items():
        element.append(_element(name, f'val="{value}"'))
    level = element.find(qn("c:txPr")).find(qn("a:bodyPr"))
    level.set("rot", "0")
    level.set("vert", "horz")
    scaling = element.find(qn("c:scaling"))
    days = (first.first - dt.date(1899, 12, 30)).days
    scaling.append(_element("min", f'val="{days}"'))


def _show_value_only(tag, number_format: str, *, bold: bool = False) -> None:
    """Make one data label show its value and nothing else."""
    tag.font.size = Pt(layouts.SMALL)
    tag.font.bold = bold
    element = tag._dLbl
    for name, value in (
        ("c:showLegendKey", "0"), ("c:showVal", "1"), ("c:showCatName", "0"),
        ("c:showSerName", "0"), ("c:showPercent", "0"), ("c:showBubbleSize", "0"),
    ):  # fmt: skip
        part = element.find(qn(name))
        if part is None:
            part = etree.SubElement(element, qn(name))
        part.set("val", value)
    form = _element("numFmt", 'formatCode="General" sourceLinked="0"')
    form.set("formatCode", number_format)
    before = [element.find(qn(n)) for n in ("c:spPr", "c:txPr", "c:dLblPos", "c:showLegendKey")]
    next(e for e in before if e is not None).addprevious(form)
