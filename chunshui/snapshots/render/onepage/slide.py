"""The leader's card as one 16:9 slide: native figures, map and sentences, on the standard or the unit's master."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import product

from pptx.slide import Slide

from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import Figure, Map, Snapshot
from chunshui.snapshots.render import map_layout
from chunshui.snapshots.render.deck import deck as decks
from chunshui.snapshots.render.deck import layouts, maps, slides
from chunshui.snapshots.render.deck.drawingml import (
    Shape,
    group,
    inch_box,
    label,
    paragraph,
    preset,
    run,
)
from chunshui.snapshots.render.deck.layouts import SMALL
from chunshui.snapshots.render.onepage.content import LENGTH, OnePage, pages, refuse_empty
from chunshui.snapshots.render.table_layout import em, split_unit
from chunshui.snapshots.stamp import shorten_sentence

# Inches.
_LEFT, _TOP, _WIDTH, _GAP = 0.62, 1.58, 12.2, 0.12
_TILE, _INSET = 1.34, 0.08
_BELOW = _TOP + _TILE + 0.14
_MAP = (_LEFT, _BELOW, 4.3, layouts.FOOT - _BELOW - 0.04)
_LEGEND = (5.0, 1.9)  # its left and its width
_ROW = 0.28
_VALUE_SIZES = (30, 26, 22, 18)


def pptx_bytes(
    snapshot: Snapshot, exported_at: dt.datetime, template: bytes | None = None
) -> bytes:
    """Return the card as a .pptx of one slide; the same snapshot, time and template give the same bytes."""
    refuse_empty(snapshot)
    return decks.finished(snapshot, exported_at, template, _add)


def _add(deck: slides.Deck) -> None:
    snapshot, fullest = deck.snapshot, pages(deck.snapshot)
    page = fullest[0]
    heading = f"{snapshot.scope} · {snapshot.as_of_words}"
    slide = slides.add_slide(deck, layouts.FREE, snapshot.title, heading=heading)
    _figures(deck, slide, page.figures)
    text_left = _LEFT
    if page.picture:
        _map(deck, slide, page.picture)
        text_left = _LEGEND[0] + _LEGEND[1] + 0.15
    _sentences(slide, fullest, text_left)
    notes = [f"{snapshot.definition(one.metric).name}{one.shown}。" for one in page.figures]
    notes += [f"{one}。" for one in (*page.problems, *page.requests)]
    slides.write_notes(slide, [*notes, *slides.stamp_lines(deck)])


def _figures(deck: slides.Deck, slide: Slide, figures: Sequence[Figure]) -> None:
    if not figures:
        return
    width = (_WIDTH - _GAP * (len(figures) - 1)) / len(figures)
    shapes = [
        _tile(deck, one, inch_box(_LEFT + k * (width + _GAP), _TOP, width, _TILE), width)
        for k, one in enumerate(figures)
    ]
    group(slide, "指标卡", "核心指标", shapes)


def _tile(deck: slides.Deck, figure: Figure, box, width: float) -> Shape:
    definition = deck.snapshot.definition(figure.metric)
    inside = 72 * (width - 2 * _INSET)
    value, unit = split_unit(figure.shown)
    size = next(
        (one for one in _VALUE_SIZES if 1.08 * em(value) * one + em(unit) * SMALL + 8 <= inside),
        _VALUE_SIZES[-1],
    )
    number = run(value, size=size, bold=True)
    if unit:
        number += run(f" {unit}", size=SMALL, bold=True)
    name = definition.name if em(definition.name) * SMALL <= 2 * inside else definition.short
    words = [
        run(name, size=SMALL, colour=PAPER.quiet, bold=True),
        number,
        run(theme.marked(figure.status), size=SMALL, colour=PAPER.status(figure.status)),
    ]
    said = f"{definition.name} {figure.shown}，{figure.counted}，{figure.status}"
    return preset(
        definition.name, said, box, fill=PAPER.panel, line=PAPER.rule,
        paragraphs="".join(map(paragraph, words)), inset=_INSET, anchor="ctr",
    )  # fmt: skip


def _map(deck: slides.Deck, slide: Slide, section: Map) -> None:
    definition = deck.snapshot.definition(section.metric)
    maps.draw(slide, map_layout.ground(deck.snapshot, section), section, definition, _MAP)
    left, width = _LEGEND
    head = map_layout.head(section, definition)
    rows = slides.text_points([head], slides.ROOMY * 72 * width, SMALL) / 72
    legend = [label(head, inch_box(left, _BELOW, width, rows), size=SMALL, bold=True)]
    top = _BELOW + rows + 0.06
    for colour, words, _ in map_layout.legend_rows(section, definition):
        legend.append(
            preset(
                f"图例{words}",
                "",
                inch_box(left, top + 0.03, 0.28, 0.19),
                fill=colour,
                line=PAPER.rule,
            )
        )
        short = words.partition("（")[0]  # what is met and missed stands beside
        legend.append(label(short, inch_box(left + 0.34, top, width - 0.34, _ROW), size=SMALL))
        top += _ROW
    said = map_layout.shading(section, definition)
    legend.append(label(said, inch_box(left, top, width, 2 * _ROW), size=SMALL, colour=PAPER.quiet))
    group(slide, "图例", f"{head}图例", legend)


def _sentences(slide: Slide, fullest: Sequence[OnePage], left: float) -> None:
    """The problems and the requests, one above the other, as many and as large as their box holds."""
    width, height = _LEFT + _WIDTH - left, layouts.FOOT - _BELOW - 0.04
    sizes = ((18, LENGTH), (16, LENGTH), (SMALL, LENGTH), (SMALL, 60), (SMALL, 48))
    for page, (size, most) in product(fullest, sizes):
        heads = ("突出问题", f"下一步要求（{page.asked_by}）" if page.requests else "下一步要求")
        problems = [shorten_sentence(one, most) for one in page.problems or (page.no_problem,)]
        requests = page.requests or ("没有需要交办的",)
        listed = [numbered(part) for part in (problems, requests)]
        said = [*heads, *listed[0], *listed[1]]
        if slides.text_points(said, 72 * width, size, 4) + 8 <= 72 * height:
            break
    body = ""
    for head, lines in zip(heads, listed, strict=True):
        body += paragraph(run(head, size=size, bold=True, colour=PAPER.accent), after=4)
        body += "".join(paragraph(run(one, size=size), after=4) for one in lines)
    box = inch_box(left, _BELOW, width, height)
    group(
        slide,
        "问题和要求",
        "突出问题和下一步要求",
        [preset("问题和要求", "", box, paragraphs=body)],
    )


def numbered(lines: Iterable[str]) -> list[str]:
    """Return lines with their numbers before them."""
    return [f"{number}. {one}" for number, one in enumerate(lines, 1)]
