"""What every slide has: title, subtitle, mark of the data, stamp, number, notes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER as _TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation
from pptx.slide import Slide

from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import Definition, Section, Snapshot
from chunshui.snapshots.render.deck import layouts
from chunshui.snapshots.render.deck.drawingml import group, inch_box, paragraph, preset, run
from chunshui.snapshots.render.table_layout import em
from chunshui.snapshots.stamp import Stamp, clean, shorten, shorten_sentence


@dataclass
class Deck:
    """The deck in the making: presentation, content, stamp, and what did not fit."""

    presentation: Presentation
    snapshot: Snapshot
    stamp: Stamp
    charts: int = 0
    left_out: list[str] = field(default_factory=list)

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
    title_sizes: tuple[tuple[int, int], ...] = ((27, 26), (58, 22), (74, 18)),
) -> Slide:
    """Add a slide with title, subtitle, mark of the data's nature, stamp and number."""
    slide_layout = next(one for one in deck.presentation.slide_layouts if one.name == layout)
    slide = deck.presentation.slides.add_slide(slide_layout)
    words = shorten_sentence(title, title_sizes[-1][0]) + suffix
    size = next((size for length, size in title_sizes if em(words) <= length), title_sizes[-1][1])
    _name_placeholders(slide)
    write_lines(slide.shapes.title, [words], size=None if size == title_sizes[0][1] else size)
    if section is not None:
        heading = section.heading
        write_comment(slide, section.comment)
    held = {holder.placeholder_format.idx: holder for holder in slide.placeholders}
    if layouts.HEADING in held:
        write_lines(held[layouts.HEADING], [shorten(heading or deck.snapshot.scope, 80)])
    _nature(held[layouts.NATURE], deck.stamp)
    for holder in slide_layout.placeholders:  # type: ignore[misc] # an iterator, whatever its stub says
        if holder.placeholder_format.type in (_TYPE.FOOTER, _TYPE.SLIDE_NUMBER):
            _footer(slide, holder, deck.stamp)
    return slide


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


def write_comment(slide: Slide, *sentences: str) -> None:
    """Write the line below the picture."""
    words = "　".join(sentence for sentence in sentences if sentence.strip())
    for holder in slide.placeholders:
        if holder.placeholder_format.idx == layouts.COMMENT and words:
            write_lines(holder, [shorten(words, 150)])


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


def metric_notes(
    deck: Deck, section: Section, definition: Definition, lines: Sequence[str]
) -> list[str]:
    """Return the notes of a slide about one metric: what it shows, definition, stamp."""
    said = [section.title, section.comment] if section.comment else [section.title]
    return [*said, *lines, *definition_lines(definition), *stamp_lines(deck)]


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


def set_alternative_text(frame, name: str, description: str) -> None:
    """Name a chart or table and give it alternative text."""
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", clean(name)[:80])
    properties.set("descr", clean(description))
