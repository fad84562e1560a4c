"""The leader's card: one A4 page as PDF."""

import datetime as dt
from pathlib import Path
from typing import Any

from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import Figure, Map, Ranking, Snapshot
from chunshui.snapshots.render import map_layout, typeset
from chunshui.snapshots.render.onepage.content import OnePage, pages, refuse_empty
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.render.table_layout import split_unit
from chunshui.snapshots.stamp import clean, shorten, stamp
from chunshui.words import NO_TARGET

_HERE = Path(__file__).parent
_HEIGHTS_MM = (100, 88, 74, 58, 46)  # of the picture, the first at which all stands on one page


def pdf_bytes(snapshot: Snapshot, exported_at: dt.datetime) -> bytes:
    """Return the card as PDF bytes, one A4 page; the same snapshot and time give the same bytes."""
    refuse_empty(snapshot)
    for chosen in pages(snapshot):
        data = page_data(snapshot, chosen, exported_at, 960)
        for height in _HEIGHTS_MM:
            page = typeset.pdf_bytes(_HERE / "card.typ", data | {"picture-mm": height}, exported_at)
            if typeset.page_count(page) == 1:
                return page
    return page


def page_data(
    snapshot: Snapshot, page: OnePage, exported_at: dt.datetime, pixels: int
) -> dict[str, Any]:
    """Return what the templates print of a page; its picture is drawn `pixels` wide."""
    mark, day = stamp(snapshot, exported_at), exported_at.astimezone(dt.UTC)
    met = f"会议日期：{snapshot.meeting_date}" if snapshot.meeting_date else ""
    under = [snapshot.unit, met, f"统计截至{mark.as_of}", mark.scope]
    return {
        "colours": vars(PAPER) | {"head": PAPER.bands[0]},
        "title": title_parts(shorten(snapshot.title, 80)),
        "unit": clean(snapshot.unit) or "—",
        "date": [day.year, day.month, day.day],
        "under": [clean(words) for words in under if words],
        "cards": [card(snapshot, one) for one in page.figures],
        "picture": picture(snapshot, page.picture, pixels),
        "problems": list(page.problems),
        "no-problem": page.no_problem,
        "requests": list(page.requests),
        "asked": page.asked_by,
        "stamp": mark.printed,
    }


def title_parts(title: str) -> list[str]:
    """Return a title and the period in brackets at its end, which is not broken; "" where it has none."""
    head, bracket, period = title.rpartition("（") if title.endswith("）") else (title, "", "")
    return [head, bracket + period]


def card(snapshot: Snapshot, figure: Figure) -> dict[str, Any]:
    """Return one figure as the templates print it."""
    definition = snapshot.definition(figure.metric)
    value, unit = split_unit(figure.shown)
    goal = f"　目标{definition.target_shown}" if definition.target_shown else ""
    return {
        "name": shorten(definition.name, 22),
        "value": clean(value),
        "unit": clean(unit),
        "status": "" if figure.status == NO_TARGET else theme.marked(figure.status) + goal,
        "colour": PAPER.status(figure.status),
        "lines": [shorten(one, 40) for one in (figure.counted, figure.change_month) if one],
    }


def picture(snapshot: Snapshot, section: Map | Ranking | None, pixels: int) -> dict[str, Any]:
    """Return a map or a ranking as the templates print it; without one no picture."""
    if section is None:
        return {"svg": "", "title": "", "alt": "", "heading": ""}
    definition = snapshot.definition(section.metric)
    if isinstance(section, Map):
        ground = map_layout.ground(snapshot, section)
        drawn = drawings.map_drawing(section, definition, ground, pixels)
    else:
        drawn = drawings.bars_drawing(section, definition, pixels, 11)
    return {
        "svg": drawn.svg(),
        "alt": clean(drawn.description),
        "title": shorten(section.title, 90),
        "heading": shorten(section.heading, 60),
    }
