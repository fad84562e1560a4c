"""The long picture: a whole snapshot on one PNG, 1,080 pixels wide, to be read in a chat."""

import datetime as dt
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from chunshui.snapshots import model
from chunshui.snapshots.head import REQUIREMENTS, numbered_requirements
from chunshui.snapshots.model import Figures, Map, Ranking, Snapshot, Trend, is_empty
from chunshui.snapshots.render import typeset
from chunshui.snapshots.render.onepage import card
from chunshui.snapshots.render.onepage.content import pages
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.render.table_layout import Printed, em, printed, widths
from chunshui.snapshots.stamp import clean, shorten

PIXELS = 1080
_POINTS = 540  # the page, half as many as pixels
_DRAWN = 700  # pixels that a picture is drawn for: its letters are read on a telephone
_MOST_PIXELS = 16_000  # high: programs for chats refuse more
_PICTURES = 9
_ROWS, _WHOLE, _CELL = 6, 12, 200  # of a table: one with so many rows is not cut
_BROKEN = 6.0  # letters from which on a column may be narrower than its words
_LINE = 39.0  # letters of a table's size across the page


def png_bytes(snapshot: Snapshot, exported_at: dt.datetime) -> bytes:
    """Return the long picture as PNG bytes: title, figures, maps and charts, findings, stamp.

    Where it would be too high, the last sections keep their findings and lose their pictures; what the
    meeting hands out and asks is always there.
    """
    whole = card.page_data(snapshot, pages(snapshot)[0], exported_at, _DRAWN)
    whole["cards"] = [
        card.card(snapshot, one)
        for section in snapshot.parts(Figures)
        for one in section.figures
        if one.value is not None
    ][:12] or whole["cards"]
    whole["findings"] = [clean(one) for one in model.findings_of(snapshot.sections)]
    drawn = [one for one in snapshot.sections if not isinstance(one, Figures) and not is_empty(one)]
    parts = [_part(snapshot, one) for one in drawn]
    of_meeting = [model.is_of_meeting(one) for one in drawn]
    whole |= {
        "asked": list(map(clean, numbered_requirements(snapshot.head))),
        "asked-title": REQUIREMENTS,
    }
    kept = _PICTURES
    while True:
        places = [at for at, whole_one in enumerate(of_meeting) if not whole_one][:kept]
        shown = [one for at, one in enumerate(parts) if of_meeting[at] or at in places]
        data = whole | {"parts": shown}
        page = typeset.pdf_bytes(
            Path(__file__).parent / "long.typ", data, exported_at, archive=False
        )
        if not kept or typeset.page_height(page) * PIXELS / _POINTS <= _MOST_PIXELS:
            return typeset.png_bytes(page, PIXELS / _POINTS)
        kept -= 1


def _part(snapshot: Snapshot, section: model.Section) -> dict[str, Any]:
    """A section as the template prints it: a picture, or the first rows of a table."""
    said = {
        "title": clean(section.title),
        "heading": shorten(section.heading, 60),
        "comment": clean(section.comment),
        "svg": "",
        "alt": "",
        "header": [],
        "rows": [],
        "widths": [],
        "rest": "",
    }
    if isinstance(section, Map | Ranking):
        return said | {
            key: value
            for key, value in card.picture(snapshot, section, _DRAWN).items()
            if key in ("svg", "alt")
        }
    if isinstance(section, Trend):
        trend = drawings.trend_drawing(section, snapshot.definition(section.metric), _DRAWN, 300)
        return said | {"svg": trend.svg(), "alt": clean(trend.description)}
    assert isinstance(section, model.Table | model.Claims | model.Attention)
    table = printed(section)
    whole = model.is_of_meeting(section) or len(table.rows) <= _WHOLE
    most = len(table.rows) if whole else _ROWS
    wide = range(_columns(table))
    rows = [[shorten(row[j], _CELL) for j in wide] for row in table.first(most)]
    header = [clean(table.header[j]) for j in wide]
    rest = replace(table, cut=len(table.header) - len(wide)).rest(len(rows)).removesuffix("。")
    return said | {
        "header": header,
        "rows": rows,
        "widths": widths(header, rows, _LINE, 1.0),
        "rest": rest,
    }


def _columns(table: Printed) -> int:
    """Return how many of the first columns are read on a telephone: long words may be broken in lines."""
    columns = zip(table.header, *table.rows, strict=True)
    needs = accumulate(min(max(map(em, cells)), _BROKEN) + 1 for cells in columns)
    return max(sum(need <= _LINE for need in needs), 1)
