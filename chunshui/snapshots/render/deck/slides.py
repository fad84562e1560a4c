"""What every slide has: title, subtitle, mark of the data, stamp, number, notes."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER as _TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation
from pptx.slide import Slide

from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import Definition, Section, Snapshot
from chunshui.snapshots.render.deck import layouts
from chunshui.snapshots.render.deck.drawingml import (
    EMU_INCH,
    EMU_POINT,
    group,
    inch_box,
    paragraph,
    preset,
    run,
)
from chunshui.snapshots.render.table_layout import em, lines
from chunshui.snapshots.stamp import Stamp, clean, shorten, shorten_sentence

TITLE_LENGTH = 74  # characters of a title that is not cut
LEADING = 1.25  # of a line, in letter heights
TEXT, LEAST_TEXT = 20, 15  # points of text on a slide, on the narrowest master
POINT_INDENT = 0.6 * EMU_INCH
ROOMY = 0.93  # of a box: where the theme's font is missing, digits are wider than it has them
_AFTER = 8  # points below a paragraph
_SMALLER = 5  # points by which letters may be smaller before a second slide is half empty
_NUMBERED = re.compile(r"(\d+)\. ")
TITLE_SIZE, _TITLE_SIZES = 26, {layouts.COVER: 38}  # points, as the layouts have them
_HEADING_LENGTH = 60.0  # letter heights
_BELOW_LENGTH = 115  # characters that always stand on two lines


@dataclass(frozen=True)
class Rooms:
    """Where tables, drawings and text stand on the slides of a deck: left, top, width, height in inches.

    Tables may be `below` taller where no words stand under them.
    """

    table: layouts.Box = layouts.BODY_BOX
    free: layouts.Box = layouts.BODY_BOX
    text: layouts.Box = layouts.BODY_BOX
    below: float = 0.58

    @property
    def share(self) -> float:
        """How wide text and tables are beside those of the standard page, at most 1."""
        return min(self.text[2] / layouts.BODY_BOX[2], 1.0)

    @property
    def letters(self) -> int:
        """The size of letters on every slide of text of the deck, in points."""
        return max(round(TEXT * self.share), LEAST_TEXT)


@dataclass
class Deck:
    """The deck in the making: presentation, content, stamp, and what did not fit.

    `laid` are the ids of slides that were drawn where they stand on a unit's own master.
    """

    presentation: Presentation
    snapshot: Snapshot
    stamp: Stamp
    charts: int = 0
    rooms: Rooms = field(default_factory=Rooms)
    laid: set[int] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)
    remaining: Section | None = None  # whose words of the meeting need a slide of their own

    @property
    def slides(self) -> int:
        """How many slides there are so far."""
        return len(self.presentation.slides)


def add_slide(
    deck: Deck,
    layout: str,
    title: str,
    *,
    section: Section | None = None,
    heading: str = "",
    suffix: str = "",
    title_sizes: tuple[int, ...] = (26, 22, 20, 18, 16),
) -> Slide:
    """Add a slide with title, subtitle, mark of the data's nature, stamp and number.

    The title is as large as its box holds on two lines, and cut after `TITLE_LENGTH` characters.
    """
    every = (one for master in deck.presentation.slide_masters for one in master.slide_layouts)
    slide_layout = next(one for one in every if one.name == layout)
    slide = deck.presentation.slides.add_slide(slide_layout)
    words = shorten_sentence(title, TITLE_LENGTH) + suffix
    width = ROOMY * slide.shapes.title.width
    size = fitting_size([words], width, slide.shapes.title.height, title_sizes)
    _name_placeholders(slide)
    own = _TITLE_SIZES.get(layout, TITLE_SIZE)
    write_lines(slide.shapes.title, [words], size=None if size == own else size)
    if section is not None:
        heading = section.heading
    held = {holder.placeholder_format.idx: holder for holder in slide.placeholders}
    if layouts.HEADING in held:
        words = shorten_parts(heading or deck.snapshot.scope, _HEADING_LENGTH)
        write_lines(held[layouts.HEADING], [words])
    _nature(held[layouts.NATURE], deck.stamp)
    for holder in slide_layout.placeholders:
        if holder.placeholder_format.type in (_TYPE.FOOTER, _TYPE.SLIDE_NUMBER):
            _footer(slide, holder, deck.stamp)
    return slide


def continued(number: int, pages: int) -> str:
    """Return what the title of a page says that goes on with the one before: （续）, of several （续2）."""
    if number == 1:
        return ""
    return "（续）" if pages == 2 else f"（续{number - 1}）"


def fitting_size(
    paragraphs: Sequence[str],
    width: float,
    height: float,
    sizes: Sequence[int],
    *,
    after: float = 0,
) -> int:
    """Return the first size (points) at which paragraphs, `after` points apart, fit into a box (EMU); else the last."""
    for size in sizes:
        if text_points(paragraphs, width / EMU_POINT, size, after) <= height / EMU_POINT:
            return size
    return sizes[-1]


def text_points(paragraphs: Sequence[str], width: float, size: float, after: float = 0) -> float:
    """Return how many points high paragraphs stand on lines `width` points long."""
    return sum(lines(one, width / size) * LEADING * size + after for one in paragraphs)


def shorten_parts(words: str, most: float) -> str:
    """Return a heading without its last parts (" · ") beyond `most` letter heights, the first cut if need be."""
    parts = clean(words).split(" · ")
    while len(parts) > 1 and em(" · ".join(parts)) > most:
        parts.pop()
    return shorten(" · ".join(parts), int(most))


def _nature(holder, mark: Stamp) -> None:
    if not mark.is_demonstration:
        write_lines(holder, [mark.nature])
        return
    word, rest = mark.nature.split("（")
    write_lines(holder, [word, f"（{rest}"])


def _footer(slide: Slide, holder, mark: Stamp) -> None:
    """Copy footer and page number from the layout: python-pptx leaves them out."""
    shape = deepcopy(holder.element)
    body = shape.find(qn("p:txBody"))
    frame = body.find(qn("a:bodyPr"))
    for inherited in (shape.find(qn("p:spPr")), body.find(qn("a:lstStyle")), frame):
        del inherited[:]
    frame.attrib.clear()
    if holder.placeholder_format.type == _TYPE.FOOTER:
        _write(body, [run(line) for line in (mark.first_line, mark.second_line)])
    slide.shapes._spTree.append(shape)


def _name_placeholders(slide: Slide) -> None:
    for holder in slide.placeholders:
        if own := slide.slide_layout.placeholders.get(idx=holder.placeholder_format.idx):
            holder.name = own.name


def write_lines(
    holder, lines: Sequence[str], *, size: float | None = None, after: float = 0
) -> None:
    """Write lines into a placeholder, one paragraph each."""
    space = f'<a:spcAft><a:spcPts val="{round(after * 100)}"/></a:spcAft>' if after else ""
    style = f"<a:pPr>{space}</a:pPr>"
    _write(holder._element.txBody, [style + run(line, size=size) for line in lines])


def _write(body, paragraphs: Iterable[str]) -> None:
    """Put paragraphs in the place of those that a text body has."""
    etree.strip_elements(body, qn("a:p"))
    for runs in paragraphs:
        body.append(parse_xml(f"<a:p {nsdecls('a')}>{runs}</a:p>"))


def write_below(deck: Deck, slide: Slide, section: Section, *sentences: str) -> None:
    """Write below the picture the words of the meeting and what is to be said of it.

    Words of the meeting that have no room there get a slide of their own (`add_remaining_words`).
    """
    comment, *others = (one.strip() for one in (section.comment, *sentences))
    below = "　".join(filter(None, [comment, *others]))
    if comment and not has_room_below(below):
        below, deck.remaining = "　".join(filter(None, others)), section
    if below:
        write_words_below(slide, below)


def write_words_below(slide: Slide, words: str) -> None:
    """Write words on the two lines below a picture."""
    for holder in slide.placeholders:
        if holder.placeholder_format.idx == layouts.COMMENT:
            write_lines(holder, [words if has_room_below(words) else shorten(words, _BELOW_LENGTH)])


def has_room_below(words: str) -> bool:
    """Whether words stand on the two lines below a picture."""
    _, _, width, height = layouts.COMMENT_BOX
    return text_points([words], 72 * width, layouts.SMALL) <= 72 * height


def add_remaining_words(deck: Deck) -> None:
    """Add the slide of the words of the meeting that the section before had no room for, if there are any."""
    if deck.remaining is None:
        return
    section, deck.remaining = deck.remaining, None
    heading = f"会议用语 · {section.heading}"
    slide = add_slide(deck, layouts.POINTS, section.title, heading=heading)
    write_paragraphs(deck, slide, [" ".join(section.comment.split())])
    write_notes(slide, [section.title, section.comment, *stamp_lines(deck)])


def text_pages(deck: Deck, paragraphs: Sequence[str]) -> list[list[str]]:
    """Return paragraphs on one slide of text, if slightly smaller letters do it, else on as few as hold them.

    These are as equally full as may be.
    """
    if paragraphs and _stands(deck, paragraphs, deck.rooms.letters - _SMALLER):
        return [list(paragraphs)]
    fewest = len(_filled(deck, paragraphs, 1))
    shares = (share / 20 for share in range(6, 21))
    tried = (_filled(deck, paragraphs, share) for share in shares)
    return next(pages for pages in tried if len(pages) == fewest)


def _filled(deck: Deck, paragraphs: Sequence[str], share: float) -> list[list[str]]:
    """Return paragraphs on slides, each filled to a share of its room, or with one that takes more."""
    pages: list[list[str]] = []
    for one in paragraphs:
        if pages and _stands(deck, [*pages[-1], one], deck.rooms.letters, share):
            pages[-1].append(one)
        else:
            pages.append([one])
    return pages


def write_paragraphs(deck: Deck, slide: Slide, paragraphs: Sequence[str]) -> None:
    """Write into the body of a slide in the letters of the deck; smaller only what no slide would hold.

    What begins with a number ("1. ") has that number in the place of the sign before a paragraph.
    """
    sizes = range(deck.rooms.letters, layouts.SMALL, -1)
    size = next((o for o in sizes if _stands(deck, paragraphs, o)), min(layouts.SMALL, sizes[-1]))
    body = slide.placeholders[1]._element.txBody
    space = f'<a:spcAft><a:spcPts val="{_AFTER * 100}"/></a:spcAft>'
    written = []
    for one in paragraphs:
        number = _NUMBERED.match(one)
        mark = (
            f'<a:buFont typeface="+mj-lt"/><a:buAutoNum type="arabicPeriod" startAt="{number[1]}"/>'
            if number
            else ""
        )
        words = one[number.end() :] if number else one
        written.append(f"<a:pPr>{space}{mark}</a:pPr>{run(words, size=size)}")
    _write(body, written)


def _stands(deck: Deck, paragraphs: Sequence[str], size: float, share: float = 1) -> bool:
    """Whether paragraphs stand in a share of one slide of text, with room to spare."""
    _, _, width, height = (72 * one for one in deck.rooms.text)
    width = ROOMY * (width - POINT_INDENT / EMU_POINT)
    return text_points(paragraphs, width, size, _AFTER) <= ROOMY * height * share


def write_why_empty(slide: Slide, words: str) -> None:
    """Say where the content would be why there is none."""
    remove(slide.placeholders[layouts.CONTENT])
    panel = preset(
        "说明", "", inch_box(0.62, 2.6, 12.2, 1.8), fill=PAPER.panel, line=PAPER.rule,
        paragraphs=paragraph(run(words, size=24, colour=PAPER.quiet), align="ctr"), anchor="ctr",
    )  # fmt: skip
    group(slide, "没有内容", words, [panel])


def tidy(deck: Deck) -> None:
    """Take out the placeholders nobody wrote into, which would show as prompts while editing.

    Then number the shapes of each slide: ours have no ids yet.
    """
    for slide in deck.presentation.slides:
        for holder in list(slide.placeholders):
            if holder.has_text_frame and not holder.text_frame.text:
                remove(holder)
        # Who has the slide read aloud hears the stamp after what it is the stamp of.
        for holder in list(slide.placeholders):
            if holder.placeholder_format.type in (_TYPE.FOOTER, _TYPE.SLIDE_NUMBER):
                slide.shapes._spTree.append(holder._element)
        for number, element in enumerate(slide.shapes._spTree.iter(qn("p:cNvPr")), 1):
            element.set("id", str(number))


def remove(shape) -> None:
    """Take a shape off its slide."""
    shape._element.getparent().remove(shape._element)


def write_notes(slide: Slide, lines: Sequence[str]) -> None:
    """Write the speaker notes, one paragraph a line."""
    frame = slide.notes_slide.notes_text_frame
    assert frame is not None  # the notes master has one
    _write(frame._txBody, map(run, lines))


def stamp_lines(deck: Deck) -> list[str]:
    """Return filters and stamp in full, for the notes."""
    pairs = dict(deck.stamp.pairs) | dict(deck.snapshot.filters)
    return ["", *(f"{name}：{words}" for name, words in pairs.items())]


def spoken(section: Section, *sentences: str) -> list[str]:
    """Return what is said of a slide, as whole sentences: its finding, the words of the meeting, the others."""
    said = filter(
        None, (" ".join(one.split()) for one in (section.title, section.comment, *sentences))
    )
    return [one if one.endswith(("。", "！", "？", "；")) else f"{one}。" for one in said]


def metric_notes(
    deck: Deck, section: Section, definition: Definition, lines: Sequence[str], *sentences: str
) -> list[str]:
    """Return the notes of a slide about one metric: what is said, the figures, then definition and stamp."""
    figures = ["", "备查", *lines] if lines else []
    counted = ["", f"“{definition.name}”怎样计算", *definition_lines(definition)]
    return [*spoken(section, *sentences), *figures, *counted, *stamp_lines(deck)]


def definition_lines(definition: Definition) -> list[str]:
    """Return how a metric is counted and what to mind, in sentences."""
    whole = f"；分母为{definition.denominator}" if definition.denominator else ""
    when = f"统计期：{definition.window}；更新：{definition.cadence}。"
    lines = [f"口径：分子为{definition.numerator}{whole}。{when}"]
    if definition.target_shown:
        lines.append(f"目标：{definition.target_shown}。")
    lines.append(f"依据：{definition.source}（{definition.mark}）。")
    if definition.caveat:
        lines.append(f"注意：{definition.caveat}")
    lines.append(f"算法文件：{definition.query}")
    return lines


def set_properties(deck: Deck, exported_at: dt.datetime) -> None:
    """Set title, author, scope and times of the file."""
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
    application = deck.presentation.part.package.part_related_by(RT.EXTENDED_PROPERTIES)
    # The library's own file says that there is no slide and that PowerPoint on a Mac made it.
    root = etree.fromstring(application.blob)
    del root[:]
    facts = {
        "TotalTime": 0,
        "Application": "Chunshui",
        "PresentationFormat": "宽屏",
        "Slides": deck.slides,
        "Notes": deck.slides,
        "HiddenSlides": 0,
        "Company": clean(deck.snapshot.unit)[:255],
    }
    for name, fact in facts.items():
        etree.SubElement(root, etree.QName(root.nsmap[None], name)).text = str(fact)
    application._blob = etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", standalone=True
    )


def set_alternative_text(frame, name: str, description: str) -> None:
    """Name a chart or table and give it alternative text."""
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", clean(name)[:80])
    properties.set("descr", clean(description))
