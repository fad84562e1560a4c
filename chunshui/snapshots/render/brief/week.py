"""A week's bulletin: one A4 page as PDF/A, as it is sent."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from chunshui.drawing.theme import PAPER
from chunshui.snapshots import model
from chunshui.snapshots.head import REQUIREMENTS, numbered_requirements
from chunshui.snapshots.render import typeset
from chunshui.snapshots.render.table_layout import Row, printed, sheet_name, widths
from chunshui.snapshots.stamp import clean, shorten, shorten_sentence, stamp

MASTHEAD = "基层党建工作一周动态"
# Rows of lists and of other tables, tried in turn until all is on one page.
_ROWS = ((16, 16), (11, 16), (8, 16), (6, 16), (4, 12), (3, 9), (2, 6), (1, 4), (0, 0))
_BESIDE = 2  # narrow tables that stand beside each other
_NARROW = 3  # columns of such a table at most
_LINE = 60.0  # letters of a table's size on a line of the page
_CELL_LENGTH = 60


def pdf_bytes(snapshot: model.Snapshot, exported_at: dt.datetime) -> bytes:
    """Return the page as PDF bytes; tables are cut until it is one, and say where the rest is.

    Where a meeting hands matters out, follows them up or asks anything, that is told whole, on a second page if need be.
    """
    if any(map(model.is_of_meeting, snapshot.sections)) or numbered_requirements(snapshot.head):
        tried = [(1, rows) for rows in _ROWS[:-1]] + [(2, rows) for rows in _ROWS]
    else:
        tried = [(1, rows) for rows in _ROWS]
    document = b""
    for pages, rows in tried:
        document = _pdf(snapshot, exported_at, rows)
        if typeset.page_count(document) <= pages:
            break
    return document


def _pdf(snapshot: model.Snapshot, exported_at: dt.datetime, rows: tuple[int, int]) -> bytes:
    week = snapshot.week
    assert week is not None  # who calls has asked
    mark, day = stamp(snapshot, exported_at), exported_at.astimezone(dt.UTC)
    tables = snapshot.parts(model.Table)
    happened, others = model.happened_and_not(tables)
    beside = [_part(one, rows, _LINE / _BESIDE) for one in happened]
    narrow = [0 < len(one.columns) <= _NARROW for one in happened]
    laid: list[list[dict]] = []
    for at, section in enumerate(happened):
        if narrow[at] and laid and at and narrow[at - 1] and len(laid[-1]) < _BESIDE:
            laid[-1] = [beside[at - 1], beside[at]]
        else:
            laid.append([_part(section, rows, _LINE)])
    if others:
        laid.append(
            [{"name": "其他情况", "title": others, "comment": "", "rest": "", "table": None}]
        )
    data = {
        "colours": vars(PAPER) | {"head": PAPER.bands[0]},
        "title": shorten(snapshot.title, 120),
        "unit": clean(snapshot.unit) or "—",
        "date": [day.year, day.month, day.day],
        "masthead": MASTHEAD,
        "issue": clean(week.issue),
        "unit-shown": shorten(snapshot.unit, 30),
        "scope": f"范围：{clean(snapshot.scope)}",
        "days": clean("　".join(filter(None, [week.days, week.workdays]))),
        "headline": clean(week.headline),
        "rows": laid,
        "asked": list(map(clean, numbered_requirements(snapshot.head))),
        "asked-title": REQUIREMENTS,
        "note": clean(snapshot.legend),
        "stamp": mark.printed,
    }
    return typeset.pdf_bytes(Path(__file__).parent / "week.typ", data, exported_at)


def _part(section: model.Table, most: tuple[int, int], line: float) -> dict:
    table = printed(section)
    is_list = len(table.header) > 2 * len(table.right)  # of texts, more than of numbers
    shown: Sequence[Row] = table.first(most[0] if is_list else most[1])
    if model.is_of_meeting(section):
        shown = table.rows
    rows = [[shorten(words, _CELL_LENGTH) for words in row] for row in shown]
    rest = len(table.rows) - len(rows)
    return {
        "name": clean(section.heading.partition(" · ")[0]),
        "title": shorten_sentence(section.title, 110),
        "comment": shorten(section.comment, 200),
        "rest": f"另有{rest:,}条见工作簿“{sheet_name(section.heading)}”表。" if rest else "",
        "table": {
            "header": [clean(words) for words in table.header],
            "aligns": ["right" if j in table.right else "left" for j in range(len(table.header))],
            "rows": rows,
            "widths": widths(table.header, rows, line, 1.2),
        }
        if rows
        else None,
    }
