"""Slides with a native chart: rankings and trends, editable with their embedded workbook."""

import datetime as dt
from collections.abc import Sequence
from copy import deepcopy

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import Definition, Ranking, Trend
from chunshui.snapshots.render import axis as axes
from chunshui.snapshots.render.deck import layouts, slides
from chunshui.snapshots.render.deck.drawingml import solid
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.stamp import clean, shorten

BARS_STREET = 16
BARS_COMMUNITY, BARS_MISSED = 15, 22  # of communities; as many more as miss the target
_AXIS_IDS = 500_000_000


def add_ranking(deck: slides.Deck, section: Ranking) -> None:
    """Add a ranking: columns of streets with lines for the whole and the target, else bars."""
    definition = deck.snapshot.definition(section.metric)
    slide = slides.add_slide(deck, layouts.CHART, section.title, section=section)
    by_street = section.level == "街道"
    bars_most = (BARS_STREET, BARS_STREET) if by_street else (BARS_COMMUNITY, BARS_MISSED)
    figures, rest = drawings.ranked(section, *bars_most)
    if not figures:
        _no_data(deck, slide, section, definition, drawings.why_empty(section))
        return
    values = [figure.value for figure in figures]
    whole, yardstick = drawings.whole_words(section), drawings.yardstick(section, definition)
    scale = axes.axis([*values, yardstick, definition.target], definition.unit)
    written = axes.with_beyond(scale.scale.number_format, definition.most)
    data = CategoryChartData(number_format=written)
    if by_street:
        names = drawings.names_moved(figures, definition, 14)
        data.categories = [name.replace(" ", "\n") for name in names]
        data.add_series(clean(definition.name), values)
        if yardstick is not None:
            data.add_series(clean(whole), [yardstick] * len(figures))
        if definition.target is not None:
            data.add_series(_target(definition), [definition.target] * len(figures))
        kind = XL_CHART_TYPE.COLUMN_CLUSTERED
    else:
        # Bars run from the bottom up, so the last ranked place comes first.
        figures = figures[::-1]
        names = drawings.names_moved(figures, definition, 20)
        if yardstick is not None:
            names, figures = [*names, section.overall.place.name], (*figures, section.overall)
        data.categories = names
        data.add_series(clean(definition.name), [f.value for f in figures])
        kind = XL_CHART_TYPE.BAR_CLUSTERED
    description = drawings.describe_ranking(section, definition)
    chart = _chart(slide, kind, data, f"{definition.name}排名图", description)
    _value_axis(chart, scale)
    chart.category_axis.tick_labels.font.size = Pt(12 if by_street else 11)
    # Every place is named: left to itself, a program drops every other name of a full axis.
    axis = chart.category_axis._element
    axis.find(qn("c:noMultiLvlLbl")).addprevious(_element("tickLblSkip", 'val="1"'))
    bars = chart.plots[0]
    bars.gap_width = 55
    series = bars.series[0]
    _paint(series, PAPER.bar)
    series.invert_if_negative = False
    colours = drawings.bar_colours(section, figures, definition)
    for number, (figure, colour) in enumerate(zip(figures, colours, strict=True)):
        colour = PAPER.street if figure is section.overall else colour
        if colour != PAPER.bar:
            _paint(series.points[number], colour)
    series.data_labels.show_value = True
    _format_numbers(series.data_labels, written)
    series.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    series.data_labels.font.size = Pt(12 if by_street else 11)
    lines = [(PAPER.street, "solid")] * (yardstick is not None)
    lines += [(PAPER.ink, "dash")] * (definition.target is not None)
    if by_street and lines:
        _lines_over(chart, lines)
        _legend(chart)
        # The columns are named by the heading; their colours differ, so no swatch fits.
        swatch = _element("legendEntry", inside='<c:idx val="0"/><c:delete val="1"/>')
        chart.legend._element.find(qn("c:legendPos")).addnext(swatch)
        # White behind the numbers, so that the lines do not run through them.
        white = '<a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'
        numbers = series.data_labels._element.find(qn("c:numFmt"))
        numbers.addnext(_element("spPr", inside=white))
    _finish(deck, chart)
    words = [rest] if rest else []
    if legend := drawings.bar_legend(section, definition):
        words.insert(0, f"{legend}。")
    if not by_street or yardstick is None:
        words.insert(0, f"{whole}。")
    form = (scale.scale.divisor, scale.scale.decimals)
    if note := not rest and drawings.rounding_words(section, definition, form):
        words.append(note)
    slides.write_comment(slide, section.comment, *words)
    notes = [*words]
    notes += [
        f"{f.place.full_name}：{f.shown}（{'，'.join(filter(None, (f.counted, f.status)))}）"
        for f in section.figures[:40]
    ]
    slides.write_notes(slide, slides.metric_notes(deck, section, definition, notes))


def add_trend(deck: slides.Deck, section: Trend) -> None:
    """Add a trend: a line chart over dates, its last value written, the target dashed."""
    definition = deck.snapshot.definition(section.metric)
    slide = slides.add_slide(deck, layouts.CHART, section.title, section=section)
    if not section.months:
        _no_data(deck, slide, section, definition, "这个范围和月份没有数据。")
        return
    values = [value for series in section.series for value in series.values]
    scale = axes.axis(
        [*values, definition.target], definition.unit, from_zero=definition.unit != "%"
    )
    written = axes.with_beyond(scale.scale.number_format, definition.most)
    data = CategoryChartData(number_format=written)
    data.categories = [dt.date.fromisoformat(f"{month}-01") for month in section.months]
    data.categories.number_format = "yyyy-mm"
    for series in section.series:
        data.add_series(clean(f"{shorten(series.name, 20)} {series.last_shown}"), series.values)
    if definition.target is not None:
        data.add_series(_target(definition), [definition.target] * len(section.months))
    name, description = f"{definition.name}走势图", drawings.describe_trend(section, definition)
    chart = _chart(slide, XL_CHART_TYPE.LINE, data, name, description)
    _value_axis(chart, scale)
    _month_axis(chart, len(section.months))
    chart.category_axis.tick_labels.font.size = Pt(12)
    colours = (PAPER.accent, PAPER.bands[4], PAPER.street, PAPER.river)
    for number, series in enumerate(chart.plots[0].series):
        is_target = definition.target is not None and number == len(section.series)
        colour = PAPER.ink if is_target else colours[number % len(colours)]
        series.smooth = False
        series.format.line.width = Pt(1.25 if is_target else 2.5)
        series.format.line.color.rgb = _rgb(colour)
        if is_target:
            series.format.line.dash_style = MSO_LINE.DASH
            continue
        known = {i: v for i, v in enumerate(section.series[number].values) if v is not None}
        if known:
            tag = series.points[max(known)].data_label
            tag.has_text_frame = False
            *_, before, last = (None, *known.values())
            falls = before is not None and last < before
            tag.position = XL_LABEL_POSITION.BELOW if falls else XL_LABEL_POSITION.ABOVE
            tag.font.size = Pt(13)
            tag.font.bold = True
            _show_value_only(tag, written)
    _legend(chart)
    _finish(deck, chart)
    slides.write_notes(slide, slides.metric_notes(deck, section, definition, []))


def _no_data(
    deck: slides.Deck, slide, section: Ranking | Trend, definition: Definition, why: str
) -> None:
    """A chart of nothing is a sentence."""
    slides.write_why_empty(slide, why)
    slides.write_comment(slide, section.comment)
    slides.write_notes(slide, slides.metric_notes(deck, section, definition, []))


def _chart(slide, kind, data: CategoryChartData, name: str, description: str):
    frame = slide.placeholders[layouts.CONTENT].insert_chart(kind, data)
    slides.set_alternative_text(frame, name, description)
    chart = frame.chart
    chart.has_title = False
    chart.has_legend = False
    chart.font.size = Pt(12)
    chart.font.name = "+mn-lt"
    defaults = chart._chartSpace.find(qn("c:txPr")).find(".//" + qn("a:defRPr"))
    defaults.set("lang", "zh-CN")
    latin = defaults.find(qn("a:latin"))
    latin.addnext(latin.makeelement(qn("a:ea"), {"typeface": "+mn-ea"}))
    return chart


def _value_axis(chart, scale: axes.Axis) -> None:
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = scale.low, scale.high
    axis.major_unit = scale.step
    _format_numbers(axis.tick_labels, scale.number_format)
    axis.tick_labels.font.size = Pt(12)
    axis.major_gridlines.format.line.color.rgb = _rgb(PAPER.grid)
    axis.format.line.fill.background()


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
    chart.legend.font.size = Pt(12)


def _paint(bars, colour: str) -> None:
    """Give a series or one of its points a colour."""
    bars.format.fill.solid()
    bars.format.fill.fore_color.rgb = _rgb(colour)


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


def _month_axis(chart, months: int) -> None:
    """Write about a dozen months along the axis of a chart over time."""
    _format_numbers(chart.category_axis.tick_labels, "yyyy-mm")
    element = chart.category_axis._element
    units = {
        "baseTimeUnit": "months",
        "majorUnit": axes.month_step(months),
        "majorTimeUnit": "months",
    }
    etree.strip_elements(element, *(qn(f"c:{name}") for name in units))
    for name, value in units.items():
        element.append(_element(name, f'val="{value}"'))


def _show_value_only(tag, number_format: str) -> None:
    """Make one data label show its value and nothing else."""
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


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:])


def _target(definition: Definition) -> str:
    return clean(f"目标{definition.target_shown}")
