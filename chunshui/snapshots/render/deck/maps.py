"""Slides with a map: every place an editable native shape, in named groups that act as layers."""

from collections.abc import Sequence
from itertools import compress
from operator import not_

import numpy as np
from pptx.slide import Slide

from chunshui.drawing.theme import PAPER
from chunshui.snapshots import model
from chunshui.snapshots.model import Basemap, Definition, Figure, Map, names_of
from chunshui.snapshots.render import map_layout
from chunshui.snapshots.render.deck import layouts, slides, tables
from chunshui.snapshots.render.deck.drawingml import (
    Shape,
    group,
    inch_box,
    inches,
    label,
    paragraph,
    polygon,
    preset,
    run,
)
from chunshui.snapshots.render.deck.layouts import SMALL, STAMP
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.render.table_layout import lines, without_unit
from chunshui.snapshots.stamp import shorten
from chunshui.words import MISSED, NEAR, TOO_FEW, extremes

_DOT = inches(0.035)
_LETTER = inches(SMALL / 72)
_MAP = (0.62, 1.58, 8.35, 4.62)  # inches
_TABLE_ROW = 0.32
_SIDE, _WIDE, _ROW = 9.2, 3.62, 0.3  # the legend: its left, its width, a row of it


def add_map(deck: slides.Deck, section: Map) -> None:
    """Add a map in layers, its legend, and a table of the places to look at first."""
    definition = deck.snapshot.definition(section.metric)
    slide = slides.add_slide(deck, layouts.FREE, section.title, section=section)
    basemap = map_layout.ground(deck.snapshot, section)
    draw(slide, basemap, section, definition, _MAP)
    _map_side(slide, section, definition)
    slides.write_below(deck, slide, section, basemap.note)
    slides.write_notes(slide, slides.metric_notes(deck, section, definition, []))


def draw(
    slide: Slide,
    basemap: Basemap,
    section: Map,
    definition: Definition,
    box: tuple[float, float, float, float],
) -> None:
    """Draw a map in layers into a box (inches), without its legend."""
    shapes = map_layout.in_scope(basemap, section.level)
    left, top, width, height = map(inches, box)
    around = map_layout.around_m(basemap)
    to_paper = map_layout.fit(shapes, left, top, width, height, around_m=around)
    places = []
    for shape, words, fill in map_layout.filled(shapes, section, definition):
        rings = _rings(shape, to_paper)
        line = PAPER.ground if shape.code else fill or PAPER.ground
        places.append(polygon(shape.name, words, rings, fill=fill, line=line))
    description = drawings.describe_map(section, definition)
    group(slide, f"图层-{section.level}", description, places)
    for kind in dict.fromkeys(line.barrier for line in basemap.barriers):
        lines = [line for line in basemap.barriers if line.barrier == kind]
        group(slide, f"图层-{kind}", kind, [_barrier(line, to_paper) for line in lines])
    if section.level == "社区":
        borders = [
            polygon(
                shape.name, f"{shape.name}边界", _rings(shape, to_paper),
                fill=None, line=PAPER.street, line_points=1.5,
            )
            for shape in basemap.streets
        ]  # fmt: skip
        group(slide, "图层-街道边界", "街道边界", borders)
    added = {id(point): number for number, point in map_layout.added(section)}
    dots = [
        (f"图层-{layer}", f"{layer} {count}处",
         [_dot(one, to_paper, colour, added.get(id(one))) for one in section.points if one.layer == layer])
        for layer, count, colour in map_layout.layers(section)
    ]  # fmt: skip
    above = [one[0].removeprefix("图层-").startswith(map_layout.ADDED) for one in dots]
    for one in compress(dots, map(not_, above)):
        group(slide, *one)
    frame = (left, top, left + width, top + height)
    spots = [to_paper((one.x, one.y))[0].tolist() for _, one in map_layout.added(section)]
    marks = [(x - 3 * _DOT, y - 3 * _DOT, x + 3 * _DOT, y + 3 * _DOT) for x, y in spots]
    names = map_layout.label_places(basemap, section.level, to_paper, _LETTER, frame, marks)
    group(slide, "图层-引线", "引线", [_leader(name) for name in names if name.leads])
    group(slide, "图层-地名", "地名", [_name(name) for name in names])
    for one in compress(dots, above):  # what was added lies above the names
        group(slide, *one)


def _map_side(slide: Slide, section: Map, definition: Definition) -> None:
    """The legend, and the places that stand lowest in a native table."""
    y = 1.58
    head = map_layout.head(section, definition)
    legend = []
    for words, colour in (
        (head, PAPER.ink),
        (map_layout.shading(section, definition), PAPER.quiet),
    ):
        rows = lines(words, _WIDE * 72 / SMALL)
        box = inch_box(_SIDE, y, _WIDE, _ROW * rows)
        legend.append(label(words, box, size=SMALL, bold=colour == PAPER.ink, colour=colour))
        y += 0.27 * rows
    top = y + 0.06
    for colour, words, count in map_layout.legend_rows(section, definition):
        swatch = inch_box(_SIDE, top + 0.03, 0.34, 0.2)
        legend.append(preset(f"图例{words}", "", swatch, fill=colour, line=PAPER.rule))
        legend.append(_beside(top, f"{words}　{count}"))
        top += _ROW
    for layer, dots, colour in map_layout.layers(section):
        dot = inch_box(_SIDE + 0.11, top + 0.08, 0.11, 0.11)
        legend.append(preset(layer, "", dot, geometry="ellipse", fill=colour))
        legend.append(_beside(top, f"{layer}　{dots}处"))
        top += _ROW
    for number, point in map_layout.added(section)[: map_layout.MOST_NAMED]:
        if number:
            mark = inch_box(_SIDE + 0.06, top + 0.04, 0.21, 0.21)
            legend.append(
                preset(
                    number, "", mark, geometry="ellipse", fill=PAPER.accent, anchor="ctr",
                    paragraphs=_number(number),
                )
            )  # fmt: skip
            legend.append(_beside(top, shorten(point.name, 15)))
            top += _ROW
    group(slide, "图例", f"{head}图例", legend)
    _listed(slide, section, definition, top + 0.1)


def _listed(slide: Slide, section: Map, definition: Definition, top: float) -> None:
    """The places to look at first in a native table below the legend, as many as there is room for."""
    listed = _attention_first(section.figures, definition)
    if section.bands:
        listed = sorted((f for f in section.figures if _left_out(f)), key=_left_out, reverse=True)
    if section.ramp:
        listed = _moved_worst(section.figures, definition)
    # The title may need two lines, and the head of the table takes a row.
    most = max(min(int((_MAP[1] + _MAP[3] - top - 2 * _ROW) / _TABLE_ROW) - 1, 8), 0)
    lowest = listed[:most] if section.bands or section.ramp else no_tie_cut(listed, most)
    if not lowest:
        return
    words = listed_words(section.level, lowest, listed, definition)
    columns = "地点", definition.short
    if section.ramp:
        words, columns = f"变差最多的{len(lowest)}个{section.level}", ("地点", "变化")
    values = [
        drawings.words_of_change(f, definition)
        if section.ramp
        else without_unit(f.shown, definition.unit)
        for f in lowest
    ]
    if section.bands:
        words, columns = f"有人走不到的{len(lowest)}个{section.level}", ("地点", "走不到")
        if len(lowest) < len(listed):
            words = words.replace("有人走不到", "走不到的人最多")
        values = [f"{_left_out(figure):,.0f}" for figure in lowest]
    high = 0.28 * lines(words, _WIDE * 72 / SMALL)
    title = label(words, inch_box(_SIDE, top, _WIDE, high), size=SMALL, bold=True)
    group(slide, "表题", words, [title])
    short = [shorten(name.replace("街道 ", " "), 16) for name in names_of(f.place for f in lowest)]
    tables.add_free_table(
        slide, words, columns, list(zip(short, values, strict=True)),
        (_SIDE, top + high + 0.04, _WIDE, _TABLE_ROW * (len(short) + 1)), (2.32, 1.3), (1,),
        size=SMALL,
    )  # fmt: skip


def _moved_worst(figures: Sequence[Figure], definition: Definition) -> list[Figure]:
    """The places that moved away from where better lies, the farthest first."""
    sign = {"up": 1, "down": -1}.get(definition.direction, 0)
    worse = [figure for figure in figures if sign * (figure.change or 0) < 0]
    return sorted(worse, key=lambda figure: (sign * (figure.change or 0), figure.place.code or ""))


def _left_out(figure: Figure) -> float:
    """How many of a place cannot walk there."""
    return (figure.denominator or 0) - (figure.numerator or 0)


def no_tie_cut(listed: Sequence[Figure], most: int) -> Sequence[Figure]:
    """Return at most so many first ones, none equal to one left out, unless all of them are."""
    first = listed[:most]
    if first and len(listed) > most and listed[most].shown == first[-1].shown:
        return [figure for figure in first if figure.shown != first[-1].shown] or first
    return first


def listed_words(
    level: str, first: Sequence[Figure], listed: Sequence[Figure], definition: Definition
) -> str:
    """Return the title of the places beside a map: the first ones of all there are to list."""
    side = extremes(definition.kind, definition.unit)[definition.direction != "down"]
    alike = sum(figure.shown == first[-1].shown for figure in listed)
    tied = f"{alike}个同为{first[-1].shown}，列出{len(first)}个" if alike > len(first) else ""
    if definition.target is not None:
        cut = f"，{tied or f'列{side}{len(first)}个'}" if len(first) < len(listed) else ""
        return f"{len(listed)}个{level}没有达到目标{cut}"
    return f"{side}的{level}（{tied}）" if tied else f"{side}的{len(first)}个{level}"


def _beside(top: float, words: str) -> Shape:
    """The words beside a mark of the legend."""
    return label(words, inch_box(_SIDE + 0.44, top, _WIDE - 0.44, _ROW), size=SMALL)


def _dot(point: model.Point, to_paper: map_layout.Fit, colour: str, number: str | None) -> Shape:
    """A point; one that was added (whose number is not None) is larger and bears its number."""
    x, y = to_paper((point.x, point.y))[0]
    size = _DOT if number is None else 3 * _DOT if number else 2 * _DOT
    return preset(
        point.name, point.layer, (x - size, y - size, x + size, y + size),
        geometry="ellipse", fill=colour, line=PAPER.ground, anchor="ctr",
        paragraphs=_number(number) if number else "",
    )  # fmt: skip


def _number(number: str) -> str:
    return paragraph(run(number, size=STAMP, bold=True, colour=PAPER.ground), align="ctr")


def _name(name: map_layout.Label) -> Shape:
    """A name on a veil of white: it must be read on the darkest blue."""
    left, top, right, bottom = name.box
    return preset(
        name.words, "地名", (left, top, right, bottom), geometry="roundRect", fill=PAPER.ground,
        alpha=72000, anchor="ctr",
        paragraphs=paragraph(run(name.words, size=SMALL, bold=True), align="ctr"),
    )  # fmt: skip


def _leader(name: map_layout.Label) -> Shape | None:
    """The line from a name that stands aside to its place."""
    return polygon(
        f"{name.words}引线", name.words, [np.rint(np.array(name.leader))],
        fill=None, line=PAPER.ink, line_points=0.75, closed=False,
    )  # fmt: skip


def _rings(shape: model.Shape, to_paper: map_layout.Fit) -> list[np.ndarray]:
    rings = (map_layout.drawable(to_paper(ring), 635) for ring in shape.rings)  # 0.05 pt
    return [ring for ring in rings if ring is not None]


def _barrier(line: model.Line, to_paper: map_layout.Fit) -> Shape | None:
    river = line.barrier == "河流"
    return polygon(
        line.name, line.barrier, [np.rint(to_paper(flat)) for flat in line.lines],
        fill=PAPER.river if line.closed else None,
        line=PAPER.river if river else PAPER.rail,
        line_points=0.5 if line.closed else 2.5 if river else 1.25,
        dash="" if river else "dash", alpha=60000, closed=line.closed,
    )  # fmt: skip


def _attention_first(figures: Sequence[Figure], definition: Definition) -> list[Figure]:
    """The places to look at first: lowest, or highest where less is better.

    Where there is a target, only those that miss it. What rests on too little is left out.
    """
    known = [one for one in figures if one.value is not None and one.status != TOO_FEW]
    if definition.target is not None:
        known = [figure for figure in known if figure.status in (MISSED, NEAR)]
    sign = -1 if definition.direction == "down" else 1
    return sorted(known, key=lambda f: (sign * f.known_value, f.place.code or ""))
