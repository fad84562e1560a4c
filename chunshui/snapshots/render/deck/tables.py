"""Slides with native tables, cut into pages and bounded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.util import Emu

from chunshui.snapshots.model import (
    Attention,
    Listed,
    Section,
    Table,
    is_of_meeting,
    metrics_of,
)
from chunshui.snapshots.render.deck import charts, layouts, slides
from chunshui.snapshots.render.deck.drawingml import group, inch_box, inches, label, run
from chunshui.snapshots.render.deck.layouts import SMALL
from chunshui.snapshots.render.table_layout import (
    Printed,
    Row,
    head_lines,
    lines,
    printed,
    stands,
    widths,
)
from chunshui.snapshots.stamp import clean, shorten
from chunshui.words import URGENCIES

TABLE_SLIDES, TOLD_SLIDES = 5, 2
_MARGIN = 0.22  # inches of a column without letters
_CAPTION_GAP = 0.22  # inches above the words of the next table
_SPAN_COLUMNS = 3  # of a table of ranks: the place, its ranks, what is said of them
_CELL_LENGTH, _CELL_LINES = 200, 8
_SIZES, _LEAST_SIZE = (20, 18, 16, SMALL), 11  # points


def add_table(deck: slides.Deck, section: Listed) -> None:
    """Add the rows of a list, of published figures or of what needs attention.

    Of a list whose finding has its own number the first rows are enough; what is urgent, and what a
    meeting hands out or follows up, is listed whole.
    """
    letter = _sizes(deck)[-1] / 72
    table = printed(section).narrowed(deck.rooms.table[2] / letter, _MARGIN / letter)
    if isinstance(section, Table) and section.spans:
        charts.add_spans(deck, section, section.spans)
        if len(table.header) <= _SPAN_COLUMNS:  # the picture says all that the table does
            return
    told = isinstance(section, Table) and section.number is not None
    never_cut = 0
    if isinstance(section, Attention):
        never_cut = sum(item.severity == URGENCIES[0] for item in section.items)
    elif is_of_meeting(section):
        never_cut = len(table.rows)
    most = TOLD_SLIDES if told else TABLE_SLIDES
    # Of what is not urgent as much as there is room for beside it: the workbook has the others.
    _paged(deck, section, table, 1 if isinstance(section, Attention) else most, never_cut)


def stacked(deck: slides.Deck, sections: Sequence[Section]) -> list[list[Section]]:
    """Return the sections in groups for a slide each: short tables that follow each other share one."""
    groups: list[list[Section]] = []
    used = 0.0
    for section in sections:
        height = _height(deck, section, _sizes(deck)[-1]) if _is_short(section) else 0.0
        if groups and height and used and used + height <= deck.rooms.free[3] + deck.rooms.below:
            groups[-1].append(section)
            used += height
        else:
            groups.append([section])
            used = height
    return groups


def _is_short(section: Section) -> bool:
    """Whether a section is a table that may share a slide: whole, without words of the meeting or a picture."""
    if not isinstance(section, Table) or not section.rows or section.spans or section.comment:
        return False
    return not is_of_meeting(section) and len(section.rows) == section.total


def _sizes(deck: slides.Deck) -> list[int]:
    """The sizes of letters of tables, the largest first: smaller ones on a unit's narrow master."""
    return [max(round(size * deck.rooms.share), _LEAST_SIZE) for size in _SIZES]


def _height(deck: slides.Deck, section: Section, size: int) -> float:
    """Return the inches that a table and its words need on a shared slide in letters of so many points."""
    assert isinstance(section, Table)
    header, rows, columns = _as_stacked(deck, section, size)
    heights = sum(_row_height(row, columns, size) for row in (header, *rows))
    return _caption_height(deck, section, size) + _CAPTION_GAP + heights


def _caption_height(deck: slides.Deck, section: Table, size: int) -> float:
    across = slides.ROOMY * 72 * deck.rooms.free[2]
    return slides.text_points([section.title], across, size) / 72


def _as_stacked(deck: slides.Deck, section: Table, size: int) -> tuple[Row, list[Row], list[float]]:
    """A table's header, rows and columns (inches) on a shared slide."""
    table, letter = printed(section), size / 72
    header = tuple(map(clean, table.header))
    rows = [tuple(shorten(clean(word), _CELL_LENGTH) for word in row) for row in table.rows]
    across = deck.rooms.free[2]
    columns = [w * letter for w in widths(header, rows, across / letter, _MARGIN / letter)]
    return _broken(header, columns, size), rows, columns


def add_stack(deck: slides.Deck, sections: Sequence[Table]) -> None:
    """Add one slide with several short tables, each below its finding; the first one's is the title."""
    names = "、".join(dict.fromkeys(one.heading.partition(" · ")[0] for one in sections))
    heading = " · ".join(filter(None, (names, sections[0].heading.partition(" · ")[2])))
    slide = slides.add_slide(deck, layouts.FREE, sections[0].title, heading=heading)
    left, top, width, high = deck.rooms.free
    room, sizes = high + deck.rooms.below, _sizes(deck)
    fitting = (one for one in sizes if sum(_height(deck, s, one) for s in sections) <= room)
    size = next(fitting, sizes[-1])
    deck.laid.add(slide.slide_id)
    for section in sections:
        header, rows, columns = _as_stacked(deck, section, size)
        if section is not sections[0]:
            top += _CAPTION_GAP
            words = _caption_height(deck, section, size)
            box = inch_box(left, top, width, words)
            caption = label(section.title, box, size=size, bold=True)
            group(slide, section.heading, section.title, [caption])
            top += words
        height = sum(_row_height(row, columns, size) for row in (header, *rows))
        place, right = (left, top, width, height), printed(section).right
        add_free_table(slide, section.heading, header, rows, place, columns, right, size)
        top += height
    said = [line for section in sections for line in slides.spoken(section)]
    slides.write_notes(slide, [*said, *slides.stamp_lines(deck)])


def add_definitions(deck: slides.Deck) -> None:
    """How the metrics of this deck are counted, as the last slides."""
    sections = [s for s in deck.snapshot.sections if s.heading not in deck.left_out]
    used = {metric for section in sections for metric in metrics_of(section)}
    rows = [
        (d.name, d.numerator, d.denominator or "—", d.target_shown or "—", d.caveat)
        for d in deck.snapshot.definitions
        if d.metric in used
    ]
    if not rows:
        return
    aimed = sum(target != "—" for *_, target, _ in rows)
    goals = {0: "均未设目标", len(rows): "均设目标"}.get(aimed, f"其中{aimed}项设目标")
    title = f"指标卡、图表所用{len(rows)}项指标，{goals}"
    section = Table(title, "口径、目标和使用时要注意的地方", (), (), len(rows))
    header = ("指标", "分子", "分母", "目标", "注意")
    _paged(deck, section, Printed(header, rows, len(rows), "工作簿“口径”表"), 3)


def _paged(
    deck: slides.Deck, section: Listed, table: Printed, most: int, never_cut: int = 0
) -> None:
    """A table over at most `most` slides, more for the first rows that are never cut; the last says where the rest is."""
    cut = [tuple(shorten(clean(word), _CELL_LENGTH) for word in row) for row in table.rows]
    below = section.comment and slides.has_room_below(section.comment)
    *_, width, height = deck.rooms.table
    height *= slides.ROOMY  # what stands below is not to touch rows that grew in another font
    ends = below or table.total > len(cut)
    room = height if ends else deck.rooms.table[3] + deck.rooms.below
    header = tuple(clean(word) for word in table.header)
    laid = _laid(header, cut, width, room, _sizes(deck))
    if len(laid.pages) > most:  # then the last page says where the rest is
        laid = _laid(header, cut, width, height, _sizes(deck))
    begins = [
        end - len(page)
        for end, page in zip(accumulate(map(len, laid.pages)), laid.pages, strict=True)
    ]
    shown = laid.pages[: max(most, sum(begin < never_cut for begin in begins))]
    count = sum(map(len, shown))
    if any(n >= count for n in table.named):  # what the title names is among those shown
        ahead = [*range(never_cut), *(n for n in table.named if n >= never_cut)]
        order = [*ahead, *(n for n in range(len(cut)) if n not in ahead)]
        first = replace(table, rows=[table.rows[n] for n in order], said="")
        _paged(deck, section, first, most, len(ahead))
        return
    rest = table.rest(count)
    for number, page in enumerate(shown or [[]], 1):
        suffix = slides.continued(number, len(shown))
        slide = slides.add_slide(deck, layouts.TABLE, section.title, section=section, suffix=suffix)
        if not page:
            slides.write_why_empty(slide, table.empty)
        else:
            holder = slide.placeholders[layouts.CONTENT]
            frame = holder.insert_table(len(page) + 1, len(table.header))
            _fill(frame, section.heading, laid.header, page, table.right, laid.columns, laid.size)
            heights = [_row_height(row, laid.columns, laid.size) for row in (laid.header, *page)]
            for row, height in zip(frame.table.rows, heights, strict=True):
                row.height = Emu(inches(height))
            frame.height = Emu(inches(sum(heights)))
        last = rest if number == len(shown) else ""
        if number == 1:
            slides.write_below(deck, slide, section, last)
        elif last:
            slides.write_words_below(slide, last)
        said = slides.spoken(section) if number == 1 else [f"{section.title}{suffix}。"]
        slides.write_notes(slide, [*said, *filter(None, [last]), *slides.stamp_lines(deck)])


@dataclass(frozen=True)
class _Laid:
    """A table cut into pages: its letters in points, its columns in inches."""

    size: int
    header: Row
    columns: list[float]
    pages: list[list[Row]]


def _laid(header: Row, rows: list[Row], across: float, room: float, sizes: Sequence[int]) -> _Laid:
    """Return a table in the largest letters in which it needs the fewest pages and loses no word it need not lose."""
    best: _Laid | None = None
    for size in sizes:
        letter = size / 72
        if size > sizes[-1] and not stands(header, rows, across / letter, _MARGIN / letter):
            continue
        columns = [w * letter for w in widths(header, rows, across / letter, _MARGIN / letter)]
        # No row is taller than the slide, whatever stands in it.
        most = [int(_CELL_LINES * max((w - 0.16) / letter - 1, 1) / 1.03) for w in columns]
        head, *cut = [tuple(map(shorten, row, most)) for row in (header, *rows)]
        if size > sizes[-1] and (head, cut) != (header, rows):
            continue
        head = _broken(head, columns, size)
        pages = _pages(head, cut, columns, size, room)
        if best is None or len(pages) < len(best.pages):
            best = _Laid(size, head, columns, pages)
        if len(pages) <= 1:
            break
    assert best is not None  # the smallest is always tried
    return best


def _broken(header: Row, columns: Sequence[float], size: float) -> Row:
    """The heads, each that needs more than a line with its unit on one of its own."""
    fits = [(width - 0.16) / (size / 72) for width in columns]
    return tuple("\n".join(head_lines(*one)) for one in zip(header, fits, strict=True))


def add_free_table(
    slide: Slide,
    name: str,
    header: tuple[str, ...],
    rows: Sequence[Row],
    box: tuple[float, float, float, float],
    widths: Sequence[float],
    right: tuple[int, ...],
    size: float,
) -> None:
    """A native table outside a placeholder."""
    left, top, width, height = (Emu(inches(v)) for v in box)
    frame = slide.shapes.add_table(len(rows) + 1, len(header), left, top, width, height)
    _fill(frame, name, header, list(rows), right, widths, size)
    heights = [_row_height(row, widths, size) for row in (header, *rows)]
    if sum(heights) <= box[3]:
        for line, own in zip(frame.table.rows, heights, strict=True):
            line.height = Emu(inches(own))


def _fill(
    frame,
    name: str,
    header: Row,
    rows: list[Row],
    right: tuple[int, ...],
    columns: Sequence[float],
    size: float,
) -> None:
    """Name a table, set the width of its columns (inches) and write its cells."""
    slides.set_alternative_text(frame, name, f"{name}，{len(rows)}行")
    for column, width in zip(frame.table.columns, columns, strict=True):
        column.width = Emu(inches(width))
    for i, row in enumerate([header, *rows]):
        for j, words in enumerate(row):
            cell = frame.table.cell(i, j)
            cell.margin_top = cell.margin_bottom = Emu(22860)
            cell.margin_left = cell.margin_right = Emu(64008)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            line = cell.text_frame.paragraphs[0]
            if j in right:
                line.alignment = PP_ALIGN.RIGHT
            for n, part in enumerate(words.split("\n")):
                if n:
                    line.add_line_break()
                markup = run(part, size=size, bold=i == 0)
                line._p.append(parse_xml(markup.replace("<a:r>", f"<a:r {nsdecls('a')}>", 1)))


def _pages(
    header: Row, rows: list[Row], columns: list[float], size: float, height: float
) -> list[list[Row]]:
    """Cut rows into pages by the height they need; `columns` and `height` are in inches.

    Each page begins with the header, which may need several lines.
    """
    heights = [_row_height(row, columns, size) for row in rows]
    height -= _row_height(header, columns, size)
    pages = _cut(rows, heights, height)
    if len(pages) > 1:
        # Even pages rather than full ones and a last one with a single row.
        even = sum(heights) / len(pages) + max(heights)
        evened = _cut(rows, heights, min(even, height))
        pages = evened if len(evened) == len(pages) else pages
    return pages


def _cut(rows: list[Row], heights: list[float], most: float) -> list[list[Row]]:
    pages: list[list[Row]] = []
    used = 0.0
    for row, height in zip(rows, heights, strict=True):
        if not pages or used + height > most:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += height
    return pages


def _row_height(row: Row, columns: Sequence[float], size: float) -> float:
    """Return the inches a row needs: lines of 1.25 letter heights, and the margins."""
    letter = size / 72
    cells = zip(row, columns, strict=True)
    needs = (
        sum(lines(part, (width - 0.16) / letter) for part in word.split("\n"))
        for word, width in cells
    )
    most = max(needs, default=1)
    return max(0.3, 0.08 + most * letter * 1.28)
