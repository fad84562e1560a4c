"""The deck: a .pptx whose charts, tables and maps are native and can be corrected in the meeting.

Titles state the finding. Definitions and caveats are in the speaker notes. Every slide carries
the stamp in its footer. Text is text: no name from a ledger can become anything else.
"""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from chunshui.snapshots import model
from chunshui.snapshots.head import REQUIREMENTS, numbered_requirements
from chunshui.snapshots.model import Snapshot
from chunshui.snapshots.render.deck import (
    charts,
    layouts,
    maps,
    master,
    refit,
    slides,
    tables,
    tiles,
)
from chunshui.snapshots.render.deck.reproducible import normalise
from chunshui.snapshots.render.table_layout import lines
from chunshui.snapshots.stamp import shorten, shorten_sentence, stamp

SLIDES = 40
_POINT_LENGTH = 110  # characters of a finding at most


def pptx_bytes(
    snapshot: Snapshot, exported_at: dt.datetime, template: bytes | None = None
) -> bytes:
    """Return the deck as .pptx bytes; the same snapshot, time and template give the same bytes.

    `template` is a unit's own .pptx (see `master`), whose master is used in the place of ours.

    At most `SLIDES` slides are made but for what the meeting hands out and asks, which is whole; the
    last one says which sections were left out and where they are.
    """
    return finished(snapshot, exported_at, template, _add_all)


def finished(
    snapshot: Snapshot,
    exported_at: dt.datetime,
    template: bytes | None,
    add: Callable[[slides.Deck], None],
) -> bytes:
    """Return a .pptx of the slides that `add` adds, on the standard master or a unit's own."""
    own = master.of_template(template) if template else None
    deck = slides.Deck(
        own.presentation if own else layouts.empty_deck(), snapshot, stamp(snapshot, exported_at)
    )
    if own:
        deck.rooms = slides.Rooms(
            table=own.content[layouts.TABLE],
            free=own.content[layouts.FREE],
            text=own.content[layouts.POINTS],
            below=own.below,
        )
    add(deck)
    slides.tidy(deck)
    if own:
        refit.refit(deck, own)
    slides.set_properties(deck, exported_at)
    out = io.BytesIO()
    deck.presentation.save(out)
    return normalise(out.getvalue(), exported_at)


def _add_all(deck: slides.Deck) -> None:
    _cover(deck)
    _points(deck)
    asked = slides.text_pages(deck, numbered_requirements(deck.snapshot.head))
    # That there is nothing of a section stands among the findings.
    drawn = [one for one in deck.snapshot.sections if one.comment or not model.is_empty(one)]
    for group in tables.stacked(deck, drawn):
        section = group[0]
        if deck.slides >= SLIDES - 3 - len(asked) and not model.is_of_meeting(section):
            deck.left_out += [one.heading for one in group]
        elif len(group) > 1:
            tables.add_stack(deck, [one for one in group if isinstance(one, model.Table)])
        else:
            _BUILDERS[section.kind](deck, section)
            slides.add_remaining_words(deck)
    _requirements(deck, asked)
    tables.add_definitions(deck)
    if deck.left_out:
        _left_out(deck)


def _cover(deck: slides.Deck) -> None:
    snapshot = deck.snapshot
    # On one line where it is not tiny there: a period is not to be broken.
    width = slides.ROOMY * layouts.COVER_WIDTH * 72
    sizes = [size for size in (38, 34, 30, 26) if lines(snapshot.title, width / size) == 1][:1]
    sizes = sizes or [30, 24, 20]
    slide = slides.add_slide(deck, layouts.COVER, snapshot.title, title_sizes=tuple(sizes))
    under = [snapshot.unit] if snapshot.unit else []
    under += [f"会议日期：{snapshot.meeting_date}"] if snapshot.meeting_date else []
    under += [f"{label}：{shorten(words, 80)}" for label, words in snapshot.filters]
    holder = slide.placeholders[1]
    size = slides.fitting_size(under[:8], holder.width, holder.height, (18, 16, 14), after=4)
    slides.write_lines(holder, under[:8], size=size, after=4)
    made = "本材料由冻结的快照生成，图表和地图均可编辑。"
    slides.write_notes(slide, [made, *slides.stamp_lines(deck)])


def _points(deck: slides.Deck) -> None:
    """The findings of all sections, one line each; none where there is one, which titles its own slide."""
    titles = model.findings_of(deck.snapshot.sections)
    if len(titles) < 2:
        return
    pages = slides.text_pages(deck, [shorten_sentence(title, _POINT_LENGTH) for title in titles])
    for number, points in enumerate(pages, 1):
        heading = f"{deck.snapshot.scope} · {deck.snapshot.period_words}"
        suffix = slides.continued(number, len(pages))
        slide = slides.add_slide(deck, layouts.POINTS, "要点", heading=heading, suffix=suffix)
        slides.write_paragraphs(deck, slide, points)
        slides.write_notes(slide, [*(f"{one}。" for one in points), *slides.stamp_lines(deck)])


def _requirements(deck: slides.Deck, pages: list[list[str]]) -> None:
    """What is asked of those the meeting is held for, whole."""
    for number, lines_ in enumerate(pages, 1):
        suffix = slides.continued(number, len(pages))
        heading = f"{deck.snapshot.scope} · {deck.snapshot.period_words}"
        slide = slides.add_slide(deck, layouts.POINTS, REQUIREMENTS, heading=heading, suffix=suffix)
        slides.write_paragraphs(deck, slide, lines_)
        slides.write_notes(slide, [*lines_, *slides.stamp_lines(deck)])


def _left_out(deck: slides.Deck) -> None:
    slide = slides.add_slide(deck, layouts.POINTS, f"演示文稿已满{SLIDES}页，以下部分未列入")
    named = [shorten(heading, 60) for heading in deck.left_out[:12]]
    if len(deck.left_out) > 12:
        named.append(f"另有{len(deck.left_out) - 12}个部分。")
    named.append("这些部分的图表见同一快照的简报，数字见工作簿。")
    slides.write_paragraphs(deck, slide, named)
    slides.write_notes(slide, slides.stamp_lines(deck))


_BUILDERS: dict[str, Callable[[slides.Deck, Any], None]] = {
    "figures": tiles.add_figures,
    "map": maps.add_map,
    "ranking": charts.add_ranking,
    "trend": charts.add_trend,
    "table": tables.add_table,
    "claims": tables.add_table,
    "attention": tables.add_table,
}
