"""The brief: two to six A4 pages as PDF/A, tagged, vector, the Chinese font inside."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.snapshots import model
from chunshui.snapshots.head import REQUIREMENTS, numbered_requirements
from chunshui.snapshots.render import axis as axes
from chunshui.snapshots.render import map_layout, typeset
from chunshui.snapshots.render.brief import week
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.render.pictures.drawings import Drawing
from chunshui.snapshots.render.table_layout import em, printed, split_unit, widths
from chunshui.snapshots.stamp import clean, shorten, shorten_sentence, stamp
from chunshui.words import NO_TARGET, URGENCIES

PAGES = 6
_CELL_LENGTH = 200
_LINE = 53.0  # letters of a table's size on a line of the page


@dataclass(frozen=True)
class _Budget:
    """How much of each section is printed: rows of a table, bars, and the size of pictures.

    Maps are `width` % of the page wide, charts as wide as the page with `row` pixels to a bar.
    """

    rows: int
    bars: int
    width: int
    row: int


_PIXELS = 960  # across the page
# Tried in turn until the brief fits on `PAGES` pages; that much smaller pictures save `_SAVED` pages at most.
_BUDGETS = (_Budget(24, 20, 100, 30), _Budget(20, 20, 88, 24), _Budget(20, 20, 80, 20))
_SAVED = 2


def pdf_bytes(snapshot: model.Snapshot, exported_at: dt.datetime) -> bytes:
    """Return the brief as PDF bytes; the same snapshot and time give the same bytes.

    When it would be longer than `PAGES` pages, tables and pictures are made smaller; when that is
    not enough, the last sections follow behind as an annex of any length, and the brief says which.
    A week's bulletin is one page of its own. Raises `typeset.GlyphMissingError` naming a character that the font lacks.
    """
    if snapshot.is_bulletin:
        return week.pdf_bytes(snapshot, exported_at)
    # That there is nothing of a section stands among the findings.
    drawn = [one for one in snapshot.sections if one.comment or not model.is_empty(one)]
    fitting, too_many = 0, len(drawn)
    best, pages = b"", PAGES + 1
    for budget in _BUDGETS:
        document = _pdf(snapshot, exported_at, budget, drawn)
        # Where it fits, smaller pictures may still save a page that would hold a few lines.
        if (count := typeset.page_count(document)) < pages:
            best, pages = document, count
        elif count > PAGES + _SAVED:
            break
    if best:
        return best
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        document = _pdf(snapshot, exported_at, _BUDGETS[-1], drawn[:middle], drawn[middle:], [])
        if typeset.page_count(document) <= PAGES:
            fitting = middle
        else:
            too_many = middle
    annex = drawn[fitting:]
    return _pdf(snapshot, exported_at, _BUDGETS[-1], drawn[:fitting], annex, annex)


def _pdf(
    snapshot: model.Snapshot,
    exported_at: dt.datetime,
    budget: _Budget,
    kept: Sequence[model.Section],
    named: Sequence[model.Section] = (),
    annex: Sequence[model.Section] = (),
) -> bytes:
    """Typeset the sections that are `kept`, the headings of those `named` and, behind it all, the `annex`."""
    mark = stamp(snapshot, exported_at)
    day = exported_at.astimezone(dt.UTC)
    sections = [_section(snapshot, section, budget) for section in kept]
    if named:
        headings = "；".join(shorten(section.heading, 30) for section in named)
        sections.append(
            {
                "title": f"另有{len(named)}个部分见附件",
                "heading": f"正文限{PAGES}页，以下部分列在附件中。",
                "comment": "",
                "parts": [{"kind": "words", "words": clean(headings)}],
            }
        )
    if asked := numbered_requirements(snapshot.head):
        said = [{"kind": "asked", "words": clean(line)} for line in asked]
        sections.append({"title": REQUIREMENTS, "heading": "", "comment": "", "parts": said})
    day_words = f"会议日期{snapshot.meeting_date}" if snapshot.meeting_date else ""
    under = [snapshot.unit, day_words, f"统计截至{mark.as_of}", mark.scope]
    pairs = dict(mark.pairs) | dict(snapshot.filters)
    data = {
        "colours": vars(PAPER) | {"head": PAPER.bands[0]},
        "title": shorten(snapshot.title, 120),
        "short-title": shorten(f"{snapshot.title}　{snapshot.unit}", 48),
        "unit": clean(snapshot.unit) or "—",
        "date": [day.year, day.month, day.day],
        "under": [clean(words) for words in under if words],
        "points": [shorten_sentence(one, 110) for one in model.findings_of(snapshot.sections)],
        "sections": sections,
        "annex": [_section(snapshot, section, _BUDGETS[0]) for section in annex],
        "definitions": _definitions(snapshot, (*kept, *named)),
        "cover": [[clean(label), shorten(words, 300)] for label, words in pairs.items()],
        "stamp": mark.printed,
    }
    return typeset.pdf_bytes(Path(__file__).parent / "brief.typ", data, exported_at)


def _section(snapshot: model.Snapshot, section: model.Section, budget: _Budget) -> dict:
    return {
        "heading": shorten(section.heading, 60),
        "title": shorten_sentence(section.title, 80),
        "comment": shorten(section.comment, 400),
        "parts": _PARTS[section.kind](snapshot, section, budget),
    }


def _figures(snapshot: model.Snapshot, section: model.Figures, budget: _Budget) -> list[dict]:
    cards = []
    for figure in section.figures:
        definition = snapshot.definition(figure.metric)
        status = "" if figure.status == NO_TARGET else theme.marked(figure.status)
        if definition.target_shown:
            status += f"　目标{definition.target_shown}"
        value, unit = split_unit(figure.shown)
        changes = [words for words in (figure.change_month, figure.change_year) if words]
        cards.append(
            {
                "name": shorten(definition.name, 22),
                "value": clean(value),
                "unit": clean(unit),
                "size": 17 if em(value) + em(unit) / 2 <= 7 else 12,
                "status": status,
                "colour": PAPER.status(figure.status),
                "lines": [shorten(words, 40) for words in (figure.counted, *changes)],
            }
        )
    if not cards:
        return [_words("没有选择指标。")]
    columns = 4 if len(cards) > 6 else 3
    return [{"kind": "tiles", "columns": columns, "cards": cards}]


def _map(snapshot: model.Snapshot, section: model.Map, budget: _Budget) -> list[dict]:
    definition = snapshot.definition(section.metric)
    pixels = round(_PIXELS * budget.width / 100)  # so that words in a smaller map are not smaller
    ground = map_layout.ground(snapshot, section)
    picture = drawings.map_drawing(section, definition, ground, pixels)
    caption = f"图：{axes.titled(definition)}，按{section.level}；{snapshot.as_of_words}"
    if section.is_taken:  # its heading has month and scope
        caption = f"图：{section.heading}"
    return [_picture(picture, caption, budget.width)]


def _ranking(snapshot: model.Snapshot, section: model.Ranking, budget: _Budget) -> list[dict]:
    definition = snapshot.definition(section.metric)
    if model.is_empty(section):
        return [_words(drawings.why_empty(section))]
    picture = drawings.bars_drawing(section, definition, _PIXELS, budget.bars, budget.row)
    drawn, rest = drawings.ranked(section, budget.bars)
    caption = f"图：各{section.level}{definition.name}；{snapshot.as_of_words}"
    if definition.kind == "total":
        caption += f"；{drawings.whole_words(section)}"
    if colours := drawings.bar_legend(section, definition, drawn, shapes=True):
        caption += f"；{colours}"
    more = rest + ("" if rest else drawings.rounding_words(section, definition))
    return [_picture(picture, f"{caption}。{more}" if more else caption)]


def _trend(snapshot: model.Snapshot, section: model.Trend, budget: _Budget) -> list[dict]:
    if model.is_empty(section):
        return [_words(drawings.why_no_line(section))]
    definition = snapshot.definition(section.metric)
    picture = drawings.trend_drawing(section, definition, _PIXELS, 11 * budget.row)
    return [_picture(picture, f"图：{axes.titled(definition)}走势")]


def _table(snapshot: model.Snapshot, section: model.Listed, budget: _Budget) -> list[dict]:
    table = printed(section).narrowed(_LINE, 1.2)
    if not table.rows:
        return [_words(table.empty)]
    most = len(table.rows) if model.is_of_meeting(section) else budget.rows
    if isinstance(section, model.Attention):  # what is urgent comes first, and whole
        most = max(most, sum(item.severity == URGENCIES[0] for item in section.items))
    rows = [[shorten(words, _CELL_LENGTH) for words in row] for row in table.first(most)]
    if isinstance(section, model.Claims):
        rows = [[*row[:-1], row[-1] or "—"] for row in rows]
    part = {
        "kind": "table",
        "header": [clean(words) for words in table.header],
        "aligns": ["right" if j in table.right else "left" for j in range(len(table.header))],
        "rows": rows,
        "widths": widths(table.header, rows, _LINE, 1.2),
    }
    return [part, _words(rest)] if (rest := table.rest(len(rows))) else [part]


_PARTS: dict[str, Callable[[model.Snapshot, Any, _Budget], list[dict]]] = {
    "figures": _figures,
    "map": _map,
    "ranking": _ranking,
    "trend": _trend,
    "table": _table,
    "claims": _table,
    "attention": _table,
}


def _definitions(snapshot: model.Snapshot, sections: Sequence[model.Section]) -> dict:
    used = {metric for section in sections for metric in model.metrics_of(section)}
    rows = []
    for d in snapshot.definitions:
        if d.metric in used:
            how = f"{d.numerator} ÷ {d.denominator}" if d.denominator else d.numerator
            row = (d.name, how, d.target_shown or "—", d.caveat or "—")
            rows.append([shorten(words, 120) for words in row])
    header = ["指标", "怎样计算", "目标", "注意"]
    return {"header": header, "rows": rows, "widths": [10, 17, 7, 23]}


def _picture(picture: Drawing, caption: str, width: int = 100) -> dict:
    return {
        "kind": "picture",
        "svg": picture.svg(),
        "alt": clean(picture.description),
        "caption": clean(caption),
        "width": width,
    }


def _words(words: str) -> dict:
    return {"kind": "words", "words": clean(words)}
