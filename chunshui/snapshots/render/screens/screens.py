"""The sections of a snapshot for the back row: one finding, one number, one picture per screen.

Letters are counted in the pixels of a screen 1920 wide; none is below 24. A picture is drawn so
small that, enlarged to its box, its smallest letters (14) are that size.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

import numpy as np

from chunshui import words
from chunshui.catalogue.bands import fixed_classes
from chunshui.catalogue.figure import ratio
from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import (
    Attention,
    Claims,
    Definition,
    Figure,
    Figures,
    Map,
    Ranking,
    Section,
    Snapshot,
    Table,
    Trend,
    is_empty,
    metrics_of,
)
from chunshui.snapshots.render import map_layout
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.render.screens.unnamed import COUNT, unnamed
from chunshui.snapshots.render.table_layout import (
    UNIT,
    Printed,
    PrintedItems,
    em,
    printed,
    split_unit,
)
from chunshui.snapshots.stamp import clean, shorten, shorten_sentence

WIDTH, HEIGHT = 611, 385  # of a picture, enlarged 1.75 times
BARS, ROWS = 11, 11
MOST = 16  # rows of a dense table
BESIDE = re.compile(r"(?<=.)（[^（）]*）\Z")  # in a cell, behind what it says
SEED = re.compile(r" · (种子|结果校验值)\w+")  # for who computes a drill again, not for a room
MATTER = "事项"  # what stands below it where a table is turned
PLACES, SUMS = ("街道", "社区"), ("合计", "全区")  # how many of these there are is no finding
LARGEST, SMALLEST = 190, 76  # letters of the number
_NUMBER = 640  # pixels for it
_TITLE = 110  # letters of a title
_LINE = 36  # letter heights of a table's line
_CELL = 14  # and of a cell
_HALF_CELL = 8  # of a name in one of two tables beside each other
BAR = PAPER.bar
SHARES = fixed_classes((50.0, 80.0, 90.0, 99.0), "%", falling=True)  # as on 十分钟圈
HIDDEN = "不点名：名单、地图和各处的数不上屏，见会议材料。"
_COLOURS = {
    theme.marked(word): dict(PAPER.badges)[colour]
    for word, (_, colour) in (theme.STATUS | theme.SEVERITY).items()
}


def screen(snapshot: Snapshot, place: int, *, nameless: bool = False) -> str:
    """Return the HTML of one section, counted from 0, without what stands on every screen.

    Where `nameless`, of maps and rankings how many places stand how.
    """
    whole = snapshot.sections[place]
    snapshot = unnamed(snapshot) if nameless else snapshot
    section = snapshot.sections[place]
    title = shorten_sentence(section.title, _TITLE)
    size = 60 if em(title) <= 54 else 50 if em(title) <= 68 else 42
    beside = [*_number(snapshot, section, nameless=nameless)]
    if section.comment:
        beside.append(_line("comment", shorten(section.comment, 110)))
    return (
        f'<h1 style="--size:{size}">{_words(title)}</h1><div class="both"><div>{"".join(beside)}</div>'
        f"<figure><figcaption>{_words(shorten(SEED.sub('', section.heading), 80))}</figcaption>"
        f"{_counts(snapshot, whole) if nameless and isinstance(whole, Map | Ranking) else _picture(snapshot, section)}</figure></div>"
    )


def _number(snapshot: Snapshot, section: Section, *, nameless: bool) -> Iterable[str]:
    """Yield the one number of a section, then what it says and what it is made of; with its map that one's legend."""
    if isinstance(section, Map | Ranking | Trend):
        yield from _overall(snapshot, section)
        if isinstance(section, Map) and not nameless:
            yield _legend(snapshot, section, snapshot.definition(section.metric))
    elif isinstance(section, Figures):
        known = [one for one in section.figures if one.status in words.JUDGED]
        judged = [one.status for one in known]
        if len(known) == 1:  # 1 of 1 would tell less than what it is
            yield _large(known[0].shown)
            yield from _judged(known[0], snapshot.definition(known[0].metric))
            yield _line("note", snapshot.definition(known[0].metric).name)
            return
        missed = sum(status != words.REACHED for status in judged)
        yield _large(f"{missed or len(judged) or len(section.figures)}项")
        said = f"没有达到目标，有目标的共{len(judged)}项" if missed else "有目标，全部达标"
        yield _line("note", said if judged else "核心指标，均未设目标")
    elif isinstance(section, Attention):
        yield _large(f"{section.total:,}条")
        urgent = sum(item.severity == words.URGENCIES[0] for item in section.items)
        yield _line("note", f"需要关注，其中紧急{urgent}条")
    elif isinstance(section, Claims):
        yield _large(f"{sum(row.verdict == words.AGREES for row in section.rows)}项")
        yield _line("note", f"与公开数字一致，共对照{len(section.rows)}项")
    elif section.number or not _sums_up(section):
        shown, says = section.number or (
            f"{section.total:,}条",
            f"{section.heading.partition(' · ')[0]}，共列出",
        )
        yield _large(shown)
        yield _line("note", says)


def _sums_up(section: Table) -> bool:
    """Whether a table is no list of things: it has a sum, or says how each place stands."""
    first = section.columns[0].label if section.columns else PLACES[0]
    return first in PLACES or any(row[0] in SUMS for row in section.rows)


def _overall(snapshot: Snapshot, section: Map | Ranking | Trend) -> Iterable[str]:
    """Yield the figure of the whole scope as it was frozen."""
    definition = snapshot.definition(section.metric)
    own = None if isinstance(section, Trend) else section.overall
    figure = own or snapshot.overall_figures().get(section.metric)
    last = section.series[0].last_shown if isinstance(section, Trend) and section.series else ""
    if figure is not None and last in ("", figure.shown):
        yield _large(figure.shown)
        yield from _judged(figure, definition)
        changes = figure.change_month, figure.change_year
        yield from (_line("note", one) for one in (figure.counted, *changes) if one)
    elif last:
        yield _large(last)


def _judged(figure: Figure, definition: Definition) -> Iterable[str]:
    if figure.status != words.NO_TARGET:
        target = f"　目标{definition.target_shown}" if definition.target_shown else ""
        colour = PAPER.status(figure.status)
        yield _line("status", f"{theme.marked(figure.status)}{target}", f"color:{colour}")


def _legend(snapshot: Snapshot, section: Map, definition: Definition) -> str:
    rows = [
        f'<li><i style="background:{colour}"></i>{_words(name)}<b>{count}</b></li>'
        for colour, name, count in map_layout.legend_rows(section, definition)
    ]
    rows += [
        f'<li><i class="dot" style="background:{colour}"></i>{_words(layer)}<b>{count}处</b></li>'
        for layer, count, colour in map_layout.layers(section)
    ]
    said = map_layout.ground(snapshot, section).note
    note = f"<li>{_words(said)}</li>" if said else ""
    return f"<ul>{''.join(rows)}{note}</ul>"


def _picture(snapshot: Snapshot, section: Section) -> str:
    if isinstance(section, Figures):
        return _in_columns(_figures(snapshot, section))
    if isinstance(section, Attention):
        return _things(section)
    if isinstance(section, Claims):  # those in agreement may be left out below
        rows = sorted(section.rows, key=lambda claim: claim.verdict == words.AGREES)
        return _table(printed(replace(section, rows=tuple(rows))))
    if isinstance(section, Table):
        if section.spans:
            picture = drawings.spans_drawing(section, WIDTH, 28).svg()
            return picture + _line("under", drawings.span_legend(section))
        if section.rows and [one.label for one in section.columns[1:]] == [COUNT]:
            held = [(str(name), int(n or 0), BAR) for name, n in section.rows]
            return _bars(f"按“{section.columns[0].words}”分，各有几个", held)
        counts = [row[-1] for row in section.rows[:ROWS] if section.columns[-1].label == COUNT]
        return _table(printed(section), listed=sum(n for n in counts if isinstance(n, int)))
    (metric,) = metrics_of(section)
    definition = snapshot.definition(metric)
    if isinstance(section, Map):
        ground = map_layout.ground(snapshot, section)
        return drawings.map_drawing(section, definition, ground, WIDTH, HEIGHT).svg()
    if isinstance(section, Trend):
        if is_empty(section):
            return _line("empty", drawings.why_no_line(section))
        return drawings.trend_drawing(section, definition, WIDTH, HEIGHT).svg()
    if is_empty(section):
        return _line("empty", drawings.why_empty(section))
    bars = BARS if section.level == "街道" else BARS - 1  # which says below how many it leaves out
    picture = drawings.bars_drawing(section, definition, WIDTH, bars, row=28, most=bars).svg()
    drawn, rest = drawings.ranked(section, bars, bars)
    said = [drawings.bar_legend(section, definition, drawn, shapes=True), rest]
    return picture + _line("under", "　".join(filter(None, said)))


def _counts(snapshot: Snapshot, section: Map | Ranking) -> str:
    """How many places stand how: by their status, the map's classes, or the share of each that is counted."""
    standing = Counter(figure.status for figure in section.figures)
    judged = [one for one in words.JUDGED if standing[one]]
    if judged:
        bars = [(theme.marked(one), standing[one], PAPER.status(one)) for one in judged]
        return _bars(f"按达标与否分，各有几个{section.level}", bars)
    if isinstance(section, Map) and section.overall and section.overall.value is None:
        return _bars("各有几处", map_layout.layers(section))  # what is added is the finding
    if isinstance(section, Map) and section.labels:
        held = Counter(figure.band for figure in section.figures)
        shades = map_layout.legend_rows(section, snapshot.definition(section.metric))
        numbers = range(len(section.labels))[::-1]
        classes = zip(numbers, shades, strict=False)
        bars = [(name, held[k], colour) for k, (colour, name, _) in classes]
        return _bars(f"各档有几个{section.level}", bars)
    parts = np.array([one.numerator for one in section.figures], dtype=float)
    wholes = np.array([one.denominator for one in section.figures], dtype=float)
    shares = ratio(parts, wholes, 100)
    held = Counter(SHARES.of(share) for share in shares[~np.isnan(shares)].tolist())
    bars = [(name, held[k], BAR) for k, name in enumerate(SHARES.names) if held[k]]
    return _bars(f"按占比分，各有几个{section.level}", bars[::-1])


def _bars(said: str, rows: Sequence[tuple[str, int, str]]) -> str:
    """Return bars of how many there are of each kind (its name, how many, colour); that of none is as good as nothing."""
    if not sum(count for _, count, _ in rows):
        return _line("empty", HIDDEN)
    most = max(count for _, count, _ in rows)
    bars = "".join(
        f'<li><span style="color:{_COLOURS.get(name, "inherit")}">{_words(name)}</span>'
        f'<i style="width:{count / most:.1%};background:{colour}"></i><b>{count:,}</b></li>'
        for name, count, colour in rows
    )
    return f'{_line("under", said)}<ul class="bars">{bars}</ul>{_line("under", HIDDEN)}'


def _figures(snapshot: Snapshot, section: Figures) -> Printed:
    """The key figures as a table, with how they stand where any has a target; a long name is the short one."""
    rows: list[tuple[str, ...]] = []
    most = _CELL if len(section.figures) <= MOST else _HALF_CELL
    for figure in section.figures:
        definition = snapshot.definition(figure.metric)
        name = definition.name if em(definition.name) <= most else definition.short
        judged = figure.status in words.JUDGED
        rows.append((name, figure.shown, theme.marked(figure.status) if judged else ""))
    width = 3 if any(row[2] for row in rows) else 2
    header, shown = ("指标", "数值", "状态")[:width], [row[:width] for row in rows]
    return Printed(header, shown, len(rows), "会议材料", right=(1,))


def _in_columns(table: Printed) -> str:
    """Return all rows of a short table, beside each other where one column has no room for them."""
    count = -(-len(table.rows) // MOST)
    if count < 2:
        return _table(table, most=MOST)
    each = -(-len(table.rows) // count)
    parts = [table.rows[at : at + each] for at in range(0, len(table.rows), each)]
    tables = [_table(replace(table, rows=rows, total=len(rows)), most=each) for rows in parts]
    return f'<div class="columns">{"".join(tables)}</div>'


def _things(section: Attention) -> str:
    """What needs attention, the gravest first; what is called alike (where nobody is named) once."""
    alike = Counter((theme.marked(item.severity), item.title) for item in section.items)
    rows = [(mark, title if n == 1 else f"{title}，{n}条") for (mark, title), n in alike.items()]
    table = PrintedItems(("程度", "事项"), rows, section.total, "工作簿“关注事项”表")
    return _table(table, cell=30, listed=sum([*alike.values()][:ROWS]))


def _table(
    table: Printed, *, columns: int = 10, cell: int = _CELL, most: int = ROWS, listed: int = 0
) -> str:
    """Return the first rows, of the first columns that fit into a line.

    `listed` is how many of the table's total they are, if not one each.
    """
    if not table.rows:
        return _line("empty", HIDDEN if table.total else table.empty)
    shown = [[shorten(clean(word), cell) for word in row] for row in table.first(most)]
    kept = _fitting(table.header, shown, columns)
    if kept < len(table.header) <= most and table.total <= 2 and _is_of_numbers(table):
        header, *rows = zip((MATTER, *table.header[1:]), *shown, strict=True)
        right = tuple(range(1, len(header)))
        table = replace(table, header=header, rows=rows, total=len(rows), right=right)
        shown, kept = [list(row) for row in rows], len(header)
    if kept < len(table.header):  # sooner what a cell is made of than a column
        shown = [[BESIDE.sub("", word) for word in row] for row in shown]
        kept = _fitting(table.header, shown, columns)
    broken = kept < len(table.header)
    if broken:  # and a head in two lines
        heads = [max(UNIT.split(head), key=em) for head in table.header]
        kept = _fitting(heads, shown, columns)

    def line(row: Sequence[str], tag: str) -> str:
        cells = (
            f'<{tag} class="{"number" * (j in table.right)}" style="color:{_COLOURS.get(word, "inherit")}">'
            f"{'<br>'.join(map(_words, UNIT.split(word) if broken and tag == 'th' else [word]))}</{tag}>"
            for j, word in enumerate(row[:kept])
        )
        return f"<tr>{''.join(cells)}</tr>"

    dense = "dense" * (len(shown) > ROWS)
    lines = line(table.header, "th") + "".join(line(row, "td") for row in shown)
    rest = replace(table, cut=len(table.header) - kept).rest(listed or len(shown))
    return f'<table class="{dense}">{lines}</table>{_line("under", rest)}'


def _is_of_numbers(table: Printed) -> bool:
    """Whether all columns but the first are of numbers: such a table may be turned."""
    return tuple(table.right) == tuple(range(1, len(table.header)))


def _fitting(header: Sequence[str], rows: Sequence[Sequence[str]], columns: int) -> int:
    """Return how many of the first columns fit into a line."""
    used = 0.0
    for kept, column in enumerate(list(zip(header, *rows, strict=True))[:columns]):
        used += max(map(em, column)) + 1
        if kept and used > _LINE:
            return kept
    return min(columns, len(header))


def _large(shown: str) -> str:
    """Return the number as large as its line allows, the unit behind it smaller."""
    number, unit = split_unit(shown)
    wide = em(number) + em(unit) * 0.34
    size = max(SMALLEST, min(LARGEST, _NUMBER / max(wide, 1)))
    return f'<p class="large" style="--size:{size:.0f}">{_words(number)}<small>{_words(unit)}</small></p>'


def _line(kind: str, text: str, style: str = "") -> str:
    look = f' style="{style}"' if style else ""
    return f'<p class="{kind}"{look}>{_words(text)}</p>' if text else ""


def _words(text: str) -> str:
    return escape(clean(text))
