"""Slides of tiles: the core figures, each as large as the back row needs it."""

from collections.abc import Sequence

from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import Definition, Figure, Figures
from chunshui.snapshots.render.deck import layouts, slides
from chunshui.snapshots.render.deck.drawingml import Shape, group, inch_box, paragraph, preset, run
from chunshui.snapshots.render.deck.layouts import SMALL
from chunshui.snapshots.render.table_layout import em, split_unit
from chunshui.snapshots.stamp import clean
from chunshui.words import NO_TARGET

NUMBER = 44
_UNITS = (22, 18, SMALL)  # points of the unit behind a number
# Columns and rows of a slide, the most tiles first; the last holds anything.
_GRIDS = ((4, 2), (3, 2), (3, 1), (2, 1))
_LEFT, _TOP, _WIDTH, _GAP, _INSET = 0.62, 1.6, 12.2, 0.16, 0.1  # inches
_TALLEST = 2.6
_BOLD = 1.08  # how much wider bold digits are than the estimate of a line


def add_figures(deck: slides.Deck, section: Figures) -> None:
    """Add the tiles of a section, on slides as equal as may be."""
    definitions = [deck.snapshot.definition(one.metric) for one in section.figures]
    bottom = 6.25 if section.comment and slides.has_room_below(section.comment) else layouts.FOOT
    columns, rows = _grid(section.figures, definitions, bottom - 0.04 - _TOP)
    pages = -(-len(section.figures) // (columns * rows))
    each = -(-len(section.figures) // pages)
    for number in range(pages):
        here = slice(number * each, (number + 1) * each)
        suffix = slides.continued(number + 1, pages)
        slide = slides.add_slide(deck, layouts.FREE, section.title, section=section, suffix=suffix)
        figures = section.figures[here]
        across = -(-len(figures) // -(-len(figures) // columns))  # rows as equal as may be
        width, height = _tile_size(across, -(-len(figures) // across), bottom - 0.04 - _TOP)
        shapes = [
            _tile(
                figure,
                definition,
                _LEFT + (place % across) * (width + _GAP),
                _TOP + (place // across) * (height + _GAP),
                width,
                height,
            )
            for place, (figure, definition) in enumerate(
                zip(figures, definitions[here], strict=True)
            )
        ]
        group(slide, "指标卡", section.title, shapes)
        if not number:
            slides.write_below(deck, slide, section)
        told = [
            "，".join(filter(None, (f"{d.name}{f.shown}", f.change_month, f.change_year)))
            for f, d in zip(figures, definitions[here], strict=True)
        ]
        notes = slides.spoken(section, *told) if not number else [f"{one}。" for one in told]
        for definition in definitions[here]:
            notes += ["", f"“{definition.name}”怎样计算", *slides.definition_lines(definition)]
        slides.write_notes(slide, notes + slides.stamp_lines(deck))


def _grid(
    figures: Sequence[Figure], definitions: Sequence[Definition], room: float
) -> tuple[int, int]:
    """Return the columns and rows whose tiles hold the words of all figures."""
    for columns, rows in _GRIDS:
        width, height = _tile_size(columns, rows, room)
        if all(_holds(f, d, width, height) for f, d in zip(figures, definitions, strict=True)):
            return columns, rows
    return _GRIDS[-1]


def _tile_size(columns: int, rows: int, room: float) -> tuple[float, float]:
    width = (_WIDTH - _GAP * (columns - 1)) / columns
    return width, min((room - _GAP * (rows - 1)) / rows, _TALLEST)


def _holds(figure: Figure, definition: Definition, width: float, height: float) -> bool:
    """Whether a tile of a size (inches) holds the number on one line and all words."""
    inside, room = 72 * (width - 2 * _INSET), 72 * (height - 2 * _INSET)
    words = [definition.name, *filter(None, [_status(figure, definition)]), *_small(figure, inside)]
    high = 1.2 * NUMBER + slides.text_points(words, inside, SMALL)
    value, _ = split_unit(figure.shown)
    return _BOLD * em(value) * NUMBER <= inside and high <= room


def _number_points(figure: Figure, unit_size: float) -> float:
    """How many points wide the number is with its unit."""
    value, unit = split_unit(figure.shown)
    return _BOLD * em(value) * NUMBER + (em(unit) + 0.58) * unit_size * bool(unit)


def _status(figure: Figure, definition: Definition) -> str:
    """How a figure stands to its target; of one without a target nothing."""
    if figure.status == NO_TARGET:
        return ""
    goal = f"　目标{definition.target_shown}" if definition.target_shown else ""
    return theme.marked(figure.status) + goal


def _small(figure: Figure, width: float) -> list[str]:
    """What the number is made of and how it moved; first its unit, where that has no room behind it."""
    unit = split_unit(figure.shown)[1] if _number_points(figure, _UNITS[-1]) > width else ""
    behind = f"单位：{unit}" if unit else ""
    made_of = (behind, figure.counted, figure.change_month, figure.change_year)
    return [clean(one) for one in made_of if one]


def _tile(figure: Figure, definition: Definition, *inches: float) -> Shape:
    width = 72 * (inches[2] - 2 * _INSET)
    value, unit = split_unit(figure.shown)
    number = run(value, size=NUMBER, bold=True)
    sizes = [one for one in _UNITS if _number_points(figure, one) <= width]
    if unit and sizes:
        number += run(f" {unit}", size=sizes[0], bold=True)
    paragraphs = [
        run(definition.name, size=SMALL, colour=PAPER.quiet, bold=True),
        number,
        *(
            run(words, size=SMALL, colour=PAPER.status(figure.status))
            for words in filter(None, [_status(figure, definition)])
        ),
        *(run(words, size=SMALL, colour=PAPER.quiet) for words in _small(figure, width)),
    ]
    description = f"{definition.name} {figure.shown}，{figure.counted}，{figure.status}"
    return preset(
        definition.name, description, inch_box(*inches), fill=PAPER.panel, line=PAPER.rule,
        paragraphs="".join(map(paragraph, paragraphs)), inset=_INSET, anchor="ctr",
    )  # fmt: skip
