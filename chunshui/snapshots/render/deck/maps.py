"""Slides with a map: every place an editable native shape, in named groups that act as layers."""

from collections.abc import Sequence

import numpy as np

from chunshui.drawing.theme import PAPER
from chunshui.snapshots import model
from chunshui.snapshots.model import Definition, Figure, Map, Shape, Snapshot, names_of
from chunshui.snapshots.render import map_layout
from chunshui.snapshots.render.deck import drawingml, layouts, slides, tables
from chunshui.snapshots.render.deck.drawingml import inches, label, paragraph, preset, run
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.render.table_layout import em, without_unit
from chunshui.snapshots.stamp import shorten


def draw(deck: slides.Deck, section: Map) -> None:
    """Add a map in layers, its legend, and a table of the places to look at first."""
    snapshot = deck.snapshot
    definition = snapshot.definition(section.metric)
    slide = slides.add(deck, layouts.FREE, section.title, section=section)
    ids = drawingml.Ids()
    basemap = snapshot.basemap
    shapes = map_layout.in_scope(basemap, section.level)
    left, top, width, height = (inches(v) for v in (0.62, 1.58, 8.35, 4.95))
    to_paper = map_layout.fit(shapes, left, top, width, height)
    shades = PAPER.shades(len(section.labels), falling=definition.direction == "down")
    figures = {figure.place.code: figure for figure in section.figures}
    places = []
    for shape in shapes:
        figure = figures.get(shape.code)
        fill = map_layout.fill(figure, shades)
        words = f"{figure.place.full_name} {figure.shown}" if figure else f"{shape.name} 不在范围内"
        places.append(
            drawingml.polygon(
                ids, shape.name, words, _rings(shape, to_paper), fill=fill, line=PAPER.ground
            )
        )
    description = drawings.describe_map(section, definition)
    drawingml.group(slide, ids, f"图层-{section.level}", description, places)
    for kind in dict.fromkeys(line.barrier for line in basemap.barriers):
        lines = [line for line in basemap.barriers if line.barrier == kind]
        drawingml.group(
            slide, ids, f"图层-{kind}", kind, [_barrier(ids, b, to_paper) for b in lines]
        )
    if section.level == "社区":
        borders = [
            drawingml.polygon(
                ids, shape.name, f"{shape.name}边界", _rings(shape, to_paper),
                fill=None, line=PAPER.street, points=1.5,
            )
            for shape in basemap.streets
        ]  # fmt: skip
        drawingml.group(slide, ids, "图层-街道边界", "街道边界", borders)
    for layer in dict.fromkeys(point.layer for point in section.points):
        dots = []
        for point in section.points:
            if point.layer == layer:
                x, y = to_paper((point.x, point.y))[0]
                r = inches(0.035)
                dots.append(
                    preset(
                        ids, point.name, layer, (x - r, y - r, x + r, y + r),
                        geometry="ellipse", fill=PAPER.point, line=PAPER.ground,
                    )
                )  # fmt: skip
        drawingml.group(slide, ids, f"图层-{layer}", f"{layer} {len(dots)} 个", dots)
    names = []
    size = inches(0.15)
    for name, x, y in map_layout.label_places(
        basemap, section.level, to_paper, size, (left + width, top + height + size)
    ):
        half = round(em(name) * size * 0.56)
        box = (x - half, y - size * 0.68, x + half, y + size * 0.68)
        words = paragraph(run(name, size=10, bold=True), align="ctr")
        # A veil of white behind the name: it must be read on the darkest blue.
        names.append(
            preset(
                ids, name, "地名", box, geometry="roundRect", fill=PAPER.ground,
                alpha=72000, paragraphs=words, anchor="ctr",
            )
        )  # fmt: skip
    drawingml.group(slide, ids, "图层-地名", "地名", names)
    _map_side(slide, ids, section, definition, snapshot)
    slides.notes(slide, slides.metric_notes(deck, section, definition, [description]))


def _map_side(slide, ids, section: Map, definition: Definition, snapshot: Snapshot) -> None:
    """The legend, and the places that stand lowest in a native table."""
    x, y = 9.25, 1.58
    shades = PAPER.shades(len(section.labels), falling=definition.direction == "down")
    rows = [
        (shades[band], words, sum(f.band == band for f in section.figures))
        for band, words in reversed(list(enumerate(section.labels)))
    ]
    missing = sum(f.band is None for f in section.figures)
    if missing:
        rows.append((PAPER.missing, "无数据", missing))
    head = f"{definition.name}（{definition.unit}）"
    box = tuple(inches(v) for v in (x, y, x + 3.6, y + 0.3))
    legend = [label(ids, shorten(head, 22), box, size=13, bold=True)]
    for number, (colour, words, count) in enumerate(rows):
        top = y + 0.36 + 0.27 * number
        swatch = tuple(inches(v) for v in (x, top, x + 0.34, top + 0.19))
        beside = tuple(inches(v) for v in (x + 0.44, top - 0.03, x + 3.6, top + 0.24))
        legend.append(preset(ids, f"图例 {words}", "", swatch, fill=colour, line=PAPER.rule))
        legend.append(label(ids, f"{words}　{count} 个{section.level}", beside, size=12))
    for number, layer in enumerate(dict.fromkeys(p.layer for p in section.points), len(rows)):
        top = y + 0.36 + 0.27 * number
        count = sum(point.layer == layer for point in section.points)
        dot = tuple(inches(v) for v in (x + 0.11, top + 0.04, x + 0.22, top + 0.15))
        beside = tuple(inches(v) for v in (x + 0.44, top - 0.03, x + 3.6, top + 0.24))
        legend.append(preset(ids, layer, "", dot, geometry="ellipse", fill=PAPER.point))
        legend.append(label(ids, f"{layer}　{count} 个", beside, size=12))
    drawingml.group(slide, ids, "图例", f"{head}图例", legend)
    bottom = max(box[3] for _, box in legend) / drawingml.EMU_INCH
    room = int((6.25 - bottom - 0.5) / 0.29) - 1
    listed = _attention_first(section.figures, definition)
    lowest = listed[: max(min(room, 8), 0)]
    if lowest:
        side = "最高" if definition.direction == "down" else "最低"
        words = f"{side}的 {len(lowest)} 个{section.level}"
        if definition.target is not None and len(lowest) == len(listed):
            words = f"未达到目标的 {len(listed)} 个{section.level}"
        top = bottom + 0.16
        heading = tuple(inches(v) for v in (x, top, x + 3.6, top + 0.28))
        drawingml.group(slide, ids, "表题", words, [label(ids, words, heading, size=13, bold=True)])
        names = names_of(f.place for f in lowest)
        shown = [without_unit(f.shown, definition.unit) for f in lowest]
        rows = list(zip(names, shown, strict=True))
        tables.beside(
            slide, words, ("地点", definition.short), rows,
            (x, top + 0.32, 3.57, 0.29 * (len(rows) + 1)), (2.47, 1.1), (1,), size=11,
        )  # fmt: skip
    if snapshot.basemap.note:
        note = tuple(inches(v) for v in (0.62, 6.55, 8.9, 6.8))
        words = [label(ids, snapshot.basemap.note, note, size=9, colour=PAPER.quiet)]
        drawingml.group(slide, ids, "底图说明", snapshot.basemap.note, words)


def _rings(shape: Shape, to_paper: map_layout.Fit) -> list[np.ndarray]:
    rings = (map_layout.drawable(to_paper(ring), 635) for ring in shape.rings)  # 0.05 pt
    return [ring for ring in rings if ring is not None]


def _barrier(
    ids: drawingml.Ids, line: model.Line, to_paper: map_layout.Fit
) -> drawingml.Shape | None:
    river = line.barrier == "河流"
    return drawingml.polygon(
        ids, line.name, line.barrier, [np.rint(to_paper(flat)) for flat in line.lines],
        fill=PAPER.river if line.closed else None,
        line=PAPER.river if river else PAPER.rail,
        points=0.5 if line.closed else 2.5 if river else 1.25, dash="" if river else "dash",
        alpha=60000, closed=line.closed,
    )  # fmt: skip


def _attention_first(figures: Sequence[Figure], definition: Definition) -> list[Figure]:
    """The places to look at first: lowest, or highest where less is better.

    Where there is a target, only those that miss it.
    """
    known = [figure for figure in figures if figure.value is not None]
    if definition.target is not None:
        known = [figure for figure in known if figure.status != "达标"]
    sign = -1 if definition.direction == "down" else 1
    return sorted(known, key=lambda f: (sign * f.value, f.place.code or ""))
