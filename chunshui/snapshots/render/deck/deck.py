"""The deck: a .pptx whose charts, tables and maps are native and can be corrected in the meeting.

Titles state the finding. Definitions and caveats are in the speaker notes. Every slide carries
the stamp in its footer. Text is text: no name from a ledger can become anything else.
"""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.snapshots import model
from chunshui.snapshots.model import Figure, Figures, Snapshot
from chunshui.snapshots.render.deck import charts, layouts, maps, slides, tables
from chunshui.snapshots.render.deck.drawingml import Shape, group, inch_box, paragraph, preset, run
from chunshui.snapshots.render.deck.reproducible import normalise
from chunshui.snapshots.render.table_layout import em, lines, split_unit
from chunshui.snapshots.stamp import shorten, shorten_sentence, stamp

SLIDES = 40
TILES = 8


def pptx_bytes(snapshot: Snapshot, exported_at: dt.datetime) -> bytes:
    """Return the deck as .pptx bytes; the same snapshot and time give the same bytes.

    At most `SLIDES` slides are made; the last one says which sections were left out and where
    they are.
    """
    deck = slides.Deck(layouts.empty_deck(), snapshot, stamp(snapshot, exported_at))
    _cover(deck)
    _points(deck)
    for section in snapshot.sections:
        if deck.slides >= SLIDES - 3:
            deck.left_out.append(section.heading)
        else:
            _BUILDERS[section.kind](deck, section)
    tables.add_definitions(deck)
    if deck.left_out:
        _left_out(deck)
    slides.tidy(deck)
    slides.set_properties(deck, exported_at)
    out = io.BytesIO()
    deck.presentation.save(out)
    return normalise(out.getvalue(), exported_at)


def _cover(deck: slides.Deck) -> None:
    snapshot = deck.snapshot
    sizes = ((18, 38), (40, 30), (80, 22))
    slide = slides.add_slide(deck, layouts.COVER, snapshot.title, title_sizes=sizes)
    lines = [snapshot.unit] if snapshot.unit else []
    lines += [f"会议日期：{snapshot.meeting_date}"] if snapshot.meeting_date else []
    lines += [f"{label}：{shorten(words, 80)}" for label, words in snapshot.filters]
    slides.write_lines(slide.placeholders[1], lines[:8], after=4)
    made = "本材料由冻结的快照生成，图表和地图均可编辑。"
    slides.write_notes(slide, [made, *slides.stamp_lines(deck)])


def _points(deck: slides.Deck) -> None:
    """The first finding as the title, those of the other sections below it, one line each."""
    titles = model.findings_of(deck.snapshot.sections)
    if not titles:
        return
    first, *others = titles
    slide = slides.add_slide(deck, layouts.POINTS, first, heading=f"要点 · {deck.snapshot.scope}")
    points = [shorten_sentence(title, 75) for title in (others or titles)[:12]]
    if (rest := len(others) - len(points)) > 0:
        points.append(f"另有{rest}项见后页。")
    slides.write_lines(slide.placeholders[1], points, size=_fitting(points), after=8)
    slides.write_notes(slide, [*titles, *slides.stamp_lines(deck)])


def _fitting(points: list[str]) -> int:
    """Return the largest of a few sizes at which the points end above the foot of the slide."""
    width, height = (72 * inches for inches in (11.6, 4.6))  # in points, within the bullets
    for size in (20, 18, 16):
        if sum(lines(point, width / size) * 1.25 * size + 8 for point in points) <= height:
            return size
    return 14


def _figures(deck: slides.Deck, section: Figures) -> None:
    for start in range(0, len(section.figures), TILES):
        figures = section.figures[start : start + TILES]
        pages = -(-len(section.figures) // TILES)
        suffix = f"（{start // TILES + 1}/{pages}）" if pages > 1 else ""
        slide = slides.add_slide(deck, layouts.FREE, section.title, section=section, suffix=suffix)
        columns = 4 if len(figures) > 3 else max(len(figures), 1)
        rows = -(-len(figures) // columns)
        left, top, width, height, gap = 0.62, 1.62, 12.2, 4.6, 0.18
        tile_width = (width - gap * (columns - 1)) / columns
        tile_height = min((height - gap * (rows - 1)) / rows, 2.6)
        shapes = []
        for number, figure in enumerate(figures):
            x = left + (number % columns) * (tile_width + gap)
            y = top + (number // columns) * (tile_height + gap)
            shapes.append(_tile(deck, figure, x, y, tile_width, tile_height))
        group(slide, "指标卡", section.title, shapes)
        notes = []
        for figure in figures:
            definition = deck.snapshot.definition(figure.metric)
            behind = f"（{figure.counted}）" if figure.counted else ""
            notes.append(f"{definition.name}：{figure.shown}{behind}")
            notes += slides.definition_lines(definition)
        slides.write_notes(slide, notes + slides.stamp_lines(deck))


def _tile(deck: slides.Deck, figure: Figure, *inches: float) -> Shape:
    definition = deck.snapshot.definition(figure.metric)
    status = theme.marked(figure.status)
    if definition.target_shown:
        status += f"　目标{definition.target_shown}"
    value, unit = split_unit(figure.shown)
    size = 32 if em(value) + em(unit) / 2 <= 5.6 else 22
    number = run(value, size=size, bold=True)
    if unit:
        number += run(f" {unit}", size=size / 2, bold=True)
    name = run(shorten(definition.name, 24), size=13, colour=PAPER.quiet, bold=True)
    status_run = run(status, size=12, colour=PAPER.status(figure.status))
    paragraphs = [paragraph(runs, after=2) for runs in (name, number, status_run)]
    for words in filter(None, (figure.counted, figure.change_month, figure.change_year)):
        small = run(shorten(words, 34), size=11, colour=PAPER.quiet)
        paragraphs.append(paragraph(small, after=1))
    description = f"{definition.name} {figure.shown}，{figure.counted}，{figure.status}"
    return preset(
        definition.name, description, inch_box(*inches), fill=PAPER.panel, line=PAPER.rule,
        paragraphs="".join(paragraphs), inset=0.14, anchor="ctr",
    )  # fmt: skip


def _left_out(deck: slides.Deck) -> None:
    slide = slides.add_slide(deck, layouts.POINTS, f"演示文稿已满{SLIDES}页，以下部分未列入")
    lines = [shorten(heading, 60) for heading in deck.left_out[:12]]
    if len(deck.left_out) > 12:
        lines.append(f"另有{len(deck.left_out) - 12}个部分。")
    lines.append("这些部分见同一快照的工作簿和简报。")
    slides.write_lines(slide.placeholders[1], lines, size=18, after=6)
    slides.write_notes(slide, slides.stamp_lines(deck))


_BUILDERS: dict[str, Callable[[slides.Deck, Any], None]] = {
    "figures": _figures,
    "map": maps.add_map,
    "ranking": charts.add_ranking,
    "trend": charts.add_trend,
    "table": tables.add_table,
    "claims": tables.add_table,
    "attention": tables.add_table,
}
