"""Maps and charts as SVG, for the brief and for pictures. Every word is escaped."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

from chunshui.catalogue.bands import stand_out
from chunshui.catalogue.figure import rounding_note
from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.ranking.league import AMONG, WAYS
from chunshui.snapshots.model import (
    Basemap,
    Definition,
    Figure,
    Map,
    Number,
    Ranking,
    Shape,
    Table,
    Trend,
    names_of,
)
from chunshui.snapshots.render import axis as axes
from chunshui.snapshots.render import map_layout
from chunshui.snapshots.render.table_layout import em, without_unit
from chunshui.snapshots.stamp import clean, shorten
from chunshui.words import MISSED, NEAR, joined, short_change, unshaded

BARS = 20
UNRANKED = "不排名"  # how a heading says that some places rest on too little for a rank
_MARK = 10  # pixels from the middle of a point that was added to its edge
_SERIES = (PAPER.accent, PAPER.bands[3], PAPER.street, PAPER.river)
_STROKES = ("", "8 4", "2 4", "10 3 2 3")


@dataclass(frozen=True)
class Drawing:
    """A picture in pixels: its SVG elements, and the words for who cannot see it."""

    width: int
    height: int
    body: str
    title: str
    description: str

    def svg(self) -> str:
        """Return the whole SVG document."""
        said = {"title": words(self.title), "description": words(self.description)}
        return _skeleton().format_map(vars(self) | said)


@cache
def _skeleton() -> str:
    # The namespace stands in a file of its own so that no source names a web address.
    return (Path(__file__).parent / "drawing.svg").read_text("utf-8").strip()


def words(text: str) -> str:
    """Return text safe inside an SVG element or a quoted attribute."""
    return escape(clean(text), {'"': "&quot;"})


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: float = 16,
    colour: str = PAPER.ink,
    anchor: str = "start",
    bold: bool = False,
    halo: bool = False,
) -> str:
    """Return a line of text with its baseline at y, with a white rim where it crosses lines."""
    look = ' font-weight="700"' if bold else ""
    if halo:
        look += f' paint-order="stroke" stroke="{PAPER.ground}" stroke-width="4"'
        look += ' stroke-linejoin="round"'
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" '
        f'text-anchor="{anchor}"{look}>{words(content)}</text>'
    )


def map_drawing(
    section: Map, definition: Definition, basemap: Basemap, width: int = 960, height: int = 0
) -> Drawing:
    """Draw a map: places in classes of blue, streets, barriers, points, names and the legend.

    With a `height` the map alone is drawn, into that box: its legend stands elsewhere.
    """
    alone = height > 0
    legend_width = 0 if alone else 210
    shapes = map_layout.in_scope(basemap, section.level)
    map_width = width - legend_width - 24
    rows = (
        len(section.bands or section.labels) + 4 + len({line.barrier for line in basemap.barriers})
    ) + len(_named(section))
    height = height or max(_map_height(shapes, map_width), 144 + 25 * rows)
    around = map_layout.around_m(basemap)
    to_paper = map_layout.fit(shapes, 6, 6, map_width, height - 12, around_m=around)
    parts = [f'<g stroke="{PAPER.border}" stroke-width="0.8" fill-rule="evenodd">']
    for shape, label, fill in map_layout.filled(shapes, section, definition):
        edge = "" if shape.code else ' stroke="none"'
        parts.append(f'<path d="{_path(shape, to_paper)}" fill="{fill or "none"}"{edge}>')
        parts.append(f"<title>{words(label)}</title></path>")
    parts.append("</g>")
    parts.append(_barriers(basemap, to_paper))
    if section.level == "社区":
        parts.append(f'<g fill="none" stroke="{PAPER.street}" stroke-width="1.8">')
        parts += [f'<path d="{_path(shape, to_paper)}"/>' for shape in basemap.streets]
        parts.append("</g>")
    later = map_layout.added(section)
    parts += [
        _dot(to_paper((p.x, p.y))[0], PAPER.point, 3)
        for p in section.points
        if not p.layer.startswith(map_layout.ADDED)
    ]
    frame = (0, 0, width - legend_width, height)
    spots = [(number, *to_paper((p.x, p.y))[0].tolist()) for number, p in later]
    marks = [(x - _MARK, y - _MARK, x + _MARK, y + _MARK) for _, x, y in spots]
    names = map_layout.label_places(basemap, section.level, to_paper, 16, frame, marks)
    for name in names:
        if name.leads:
            (x1, y1), (x2, y2) = name.leader
            parts.append(_rule(x1, y1, x2, y2, PAPER.ink))
    for name in names:
        x, y = name.middle
        parts.append(text(x, y + 5, name.words, anchor="middle", bold=True, halo=True))
    # What was added lies above the names.
    parts += chain(*(_added(*one) for one in spots))
    if not alone:
        parts += _legend(section, definition, basemap, width - legend_width, height)
    return Drawing(width, height, "".join(parts), section.title, describe_map(section, definition))


def bars_drawing(
    section: Ranking,
    definition: Definition,
    width: int = 960,
    limit: int = BARS,
    row: int = 30,
    most: int = BARS,
) -> Drawing:
    """Draw a ranking: horizontal bars, the whole scope and the target as lines across them.

    With more than `limit` places the lowest ranked are drawn: they are what a meeting is about;
    up to `most` where as many miss the target.
    """
    figures, _ = ranked(section, limit, most)
    names = names_moved(figures, definition, 18)
    left = 20 + 16 * max([em(name) for name in names] + [3])
    right, top = 130, 40
    bar, base = row * 2 // 3, row // 2 + 3
    values = [figure.value for figure in figures]
    marks = [yardstick(section, definition), definition.target]
    scale = axes.axis([*values, *marks], definition.unit)
    height = top + row * len(figures) + 34
    span = width - left - right

    def x_of(value: float) -> float:
        return left + span * (value - scale.low) / (scale.high - scale.low)

    zero = x_of(min(max(0, scale.low), scale.high))
    parts, tags = [], []
    for tick in scale.ticks:
        x = x_of(tick)
        parts.append(_rule(x, top - 4, x, height - 30, PAPER.grid))
        parts.append(_small(x, height - 12, scale.words(tick), "middle"))
    if scale.scale.unit != "%":
        parts.append(_small(6, height - 12, f"单位：{scale.scale.unit}"))
    colours = bar_colours(section, figures, definition)
    for k, (name, figure, colour) in enumerate(zip(names, figures, colours, strict=True)):
        y = top + k * row
        parts.append(text(left - 10, y + base, name, anchor="end"))
        x = x_of(figure.known_value)
        parts.append(_block(min(x, zero), y + 3, abs(x - zero), bar, colour))
        judged = figure.status in (MISSED, NEAR)
        shape = theme.STATUS[figure.status][0] if judged else ""
        tag = without_unit(figure.shown, definition.unit) + shape
        start = max(x, zero) + 5
        tags.append(_block(start, y + 3, em(tag) * 16 + 4, bar, PAPER.ground))
        tags.append(text(start + 2, y + base, tag))
    bottom = top + row * len(figures)
    lines = []
    if (value := yardstick(section, definition)) is not None:
        lines.append((value, whole_words(section), ""))
    if definition.target is not None:
        lines.append((definition.target, f"目标{definition.target_shown}", "5 4"))
    parts += [*_yardsticks(lines, x_of, top, bottom, width), *tags]
    return Drawing(
        width, height, "".join(parts), section.title, describe_ranking(section, definition)
    )


def claims(section: Table) -> list[str]:
    """Return what is said of the place of each row of a table (名次未定 where nothing is)."""
    cells = [next((one for one in row if one in WAYS), AMONG) for row in section.rows]
    return [str(one) for one in cells]


def span_words(section: Table) -> list[str]:
    """Return each row of a table of spans in words: "汉正街道第3至7名"."""
    return [
        f"{row[section.units or 0]}　第{low}{'' if low == high else f'至{high}'}名"
        for row, (low, high) in zip(section.rows, section.spans or (), strict=True)
    ]


def span_legend(section: Table) -> str:
    """Return what the bars of spans and their colours mean, of those that are drawn."""
    said = claims(section)
    ways = {1: ("蓝色", "居前"), -1: ("棕色", "居后"), 0: ("浅蓝", AMONG)}
    told = [
        f"{colour}＝{what}"
        for way, (colour, what) in ways.items()
        if any(WAYS[one] == way for one in said)
    ]
    return f"横条＝名次可能所在的范围（各有九成把握）　{'　'.join(told)}"


def spans_drawing(section: Table, width: int = 960, row: int = 30) -> Drawing:
    """Draw the ranks in which each place may lie: a bar a row, coloured where something is said of it."""
    spans, said = section.spans or (), claims(section)
    names = [shorten(str(one[section.units or 0]), 9) for one in section.rows]
    left = 16 + 16 * max([em(name) for name in names] + [3])
    right, top, count = 84, 34, max([len(spans), *(high for _, high in spans)])
    step, bar, base = (width - left - right) / count, row * 3 // 5, row // 2 + 5
    height = top + row * len(spans) + 4
    parts = []
    for rank in range(1, count + 1):
        x = left + step * (rank - 0.5)
        ends = rank in (1, count)
        parts.append(_rule(x, top - 6, x, height, PAPER.grid))
        parts.append(_small(x, top - 12, f"第{rank}名" if ends else f"{rank}", "middle"))
    for k, (name, (low, high), word) in enumerate(zip(names, spans, said, strict=True)):
        y, start = top + k * row, left + step * (low - 0.9)
        strong = WAYS[word] != 0
        end = start + step * (high - low + 0.8)
        parts.append(text(left - 10, y + base, name, anchor="end", bold=strong))
        parts.append(_block(start, y + row // 5, end - start, bar, PAPER.claimed(WAYS[word])))
        if strong:
            parts.append(text(width - right + 4, y + base, word, bold=True))
    described = "；".join(span_words(section))
    return Drawing(width, height, "".join(parts), section.title, described)


def names_moved(figures: Sequence[Figure], definition: Definition, most: int) -> list[str]:
    """Return what places are called beside each other, with how they moved where that was frozen."""
    names = [shorten(name, most) for name in names_of(figure.place for figure in figures)]
    moves = [words_of_change(figure, definition) for figure in figures]
    return [f"{name} {moved}" if moved else name for name, moved in zip(names, moves, strict=True)]


def ranks(section: Ranking, figures: Sequence[Figure] | None = None) -> list[str]:
    """Return the rank of each of a ranking's places, or of some of them: "3", "并列1", 不排名, "" of what has none.

    Places whose values are shown alike share one: what a reader can't tell apart isn't ranked apart.
    """
    small = section.unranked or ()
    shown = [one.shown for one in section.figures if one.value is not None]
    first = {words: place for place, words in reversed(list(enumerate(shown, 1)))}
    alike = Counter(shown)
    return [
        ""
        if one.value is None or (section.by_chance and one not in small)
        else UNRANKED
        if one in small
        else f"{'并列' * (alike[one.shown] > 1)}{first[one.shown]}"
        for one in (section.figures if figures is None else figures)
    ]


def words_of_change(figure: Figure, definition: Definition) -> str:
    """Return a frozen change shortly: ↓3.2, 0; "" where none was."""
    if figure.change is None:
        return ""
    return short_change(figure.change, definition.unit).replace("持平", "0")


def trend_drawing(
    section: Trend, definition: Definition, width: int = 960, height: int = 330
) -> Drawing:
    """Draw a trend: one line per series, its last value in words, the target as a dashed line."""
    left, right, top, bottom = 70, 190, 20, 40
    values = [value for series in section.series for value in series.values]
    target = [] if definition.target is None else [definition.target]
    scale = axes.axis([*values, *target], definition.unit, from_zero=definition.unit != "%")
    count = max(len(section.months) - 1, 1)
    span, drop = width - left - right, height - top - bottom

    def at(index: int, value: float) -> tuple[float, float]:
        share = (value - scale.low) / (scale.high - scale.low)
        return left + span * index / count, top + drop * (1 - share)

    parts = []
    for tick in scale.ticks:
        _, y = at(0, tick)
        parts.append(_rule(left, y, width - right, y, PAPER.grid))
        parts.append(_small(left - 8, y + 5, scale.words(tick), "end"))
    every = max(1, -(-len(section.months) // 7))
    for index in range(len(section.months) - 1, -1, -every):
        x, _ = at(index, scale.low)
        parts.append(_small(x, height - 14, section.months[index], "middle"))
    if scale.scale.unit != "%":
        parts.append(_small(4, top - 4, scale.scale.unit))
    ends: list[tuple[float, str, str]] = []
    if definition.target is not None:
        _, y = at(0, definition.target)
        parts.append(_rule(left, y, width - right, y, PAPER.ink, dash="5 4"))
        ends.append((y, f"目标{definition.target_shown}", PAPER.ink))
    for k, series in enumerate(section.series):
        colour, dash = _SERIES[k % len(_SERIES)], _STROKES[k % len(_STROKES)]
        runs = list(_runs(series.values))
        for index, value in [run[0] for run in runs if len(run) == 1]:
            x, y = at(index, value)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')
        style = f' stroke-dasharray="{dash}"' if dash else ""
        for run in runs:
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in run))
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" ')
            parts.append(f'stroke-width="2.6" stroke-linejoin="round"{style}/>')
        if runs:
            x, y = at(*runs[-1][-1])
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>')
            named = shorten(series.name.partition(" ")[0], 8)  # without how many streets there are
            ends.append((y, f"{named} {series.last_shown}", colour))
    for y, label, colour in spaced(ends, 20, top + 4, height - bottom):
        parts.append(text(width - right + 12, y + 6, label, colour=colour, bold=True))
    return Drawing(
        width, height, "".join(parts), section.title, describe_trend(section, definition)
    )


def yardstick(section: Ranking, definition: Definition) -> Number | None:
    """Return the whole's value as the measure of its places; None of a total, which dwarfs them."""
    return None if definition.kind == "total" else section.overall.value


def whole_words(section: Ranking) -> str:
    """Return the whole in words: "全区 91.3%"."""
    return f"{section.overall.place.name} {section.overall.shown}"


def rounding_words(
    section: Ranking, definition: Definition, scaled: tuple[int, int] | None = None
) -> str:
    """Return the footnote of a total's places whose written parts do not add up; "" else."""
    if definition.kind != "total":
        return ""
    values = [figure.value for figure in section.figures]
    return rounding_note(values, section.overall.value, definition.unit, scaled=scaled)


def bar_colours(section: Ranking, figures: Sequence[Figure], definition: Definition) -> list[str]:
    """Return the colours of the bars of some of a ranking's places."""
    strong = dict(
        zip((f.place for f in section.figures), _strong(section, definition), strict=True)
    )
    colours = PAPER.ranked_bars(
        [figure.status for figure in figures],
        [strong.get(figure.place, False) for figure in figures],
    )
    small = section.unranked or ()
    return [PAPER.rule if f in small else c for f, c in zip(figures, colours, strict=True)]


def bar_legend(
    section: Ranking, definition: Definition, drawn: Sequence[Figure], *, shapes: bool = False
) -> str:
    """Return what the colours of a ranking's bars mean, of those that are drawn; "" where all are alike."""
    statuses = [figure.status for figure in section.figures]
    small = any(figure in (section.unranked or ()) for figure in drawn)
    legend = theme.bar_legend(statuses, _strong(section, definition), shapes=shapes)
    if legend and definition.target_shown:
        legend = f"{legend}（目标{definition.target_shown}）"
    return "，".join(filter(None, (legend, "灰色＝基数小，不排名" if small else "")))


def _strong(section: Ranking, definition: Definition) -> list[bool]:
    """Which of a ranking's places are to stand out."""
    return stand_out(
        [figure.value for figure in section.figures],
        [figure.status for figure in section.figures],
        definition.kind,
        definition.direction,
    )


def ranked(section: Ranking, limit: int, most: int = BARS) -> tuple[tuple[Figure, ...], str]:
    """Return the places to draw, and a sentence saying which were left out ("" if none).

    Of all there are the last `limit`; up to `most` where as many miss the target. Those that rest on
    too little for a rank come after them, where there is room for all.
    """
    known = tuple(figure for figure in section.figures if figure.value is not None)
    sentences = []
    missed = sum(figure.status in (MISSED, NEAR) for figure in known)
    limit = max(limit, min(missed, most))
    if rest := known[:-limit]:
        hidden = sum(figure.status in (MISSED, NEAR) for figure in rest)
        sentences.append(
            f"图中只列排在最后的{limit}个{section.level}，另有{len(rest)}个"
            f"{f'（其中{hidden}个没有达到目标）' * bool(hidden)}见工作簿“{section.level}”表"
        )
    if missing := names_of(figure.place for figure in section.figures if figure.value is None):
        sentences.append(f"没有数据：{joined(missing, 3)}")
    small = section.unranked or ()
    drawn = known[-limit:]
    if len(known) + len(small) <= limit:
        drawn += small
    return drawn, "；".join(sentences) + "。" * bool(sentences)


def why_empty(section: Ranking) -> str:
    """Return why a ranking has no place to draw."""
    if section.overall.value is None:
        return "这个范围和月份没有数据。"
    known = [one for one in section.figures if one.value is not None]
    if len(known) > 1:
        return f"各{section.level}都是{known[0].shown}。"
    if known:
        return f"只有一个{section.level}可以排名：{known[0].place.name}{known[0].shown}。"
    why = unshaded(UNRANKED in section.heading, bool(section.figures))
    return f"各{section.level}{why}，不作排名。"


def why_no_line(section: Trend) -> str:
    """Return why a trend has no line to draw, with the value of its only month or of them all."""
    known = [one.last_shown for one in section.series if any(v is not None for v in one.values)]
    if known and (months := sum(one is not None for one in section.series[0].values)) > 1:
        return f"{months}个月都是{known[0]}。"
    return f"只有一个月的数据：{known[0]}。" if known else "这个范围和月份没有数据。"


def describe_map(section: Map, definition: Definition) -> str:
    """Return in words what a map shows: classes and how many places each holds."""
    if section.bands:
        return f"{map_layout.head(section, definition)}有多远的分布图。{section.title}"
    counts = Counter(figure.band for figure in section.figures)
    sizes = [f"{label} {counts[band]}个" for band, label in enumerate(section.labels)]
    if counts[None]:
        sizes.append(f"{map_layout.unshaded(section)}{counts[None]}个")
    of = section.subject or definition.name
    return f"各{section.level}{of}分布图。{'，'.join(sizes)}。{section.title}"


def describe_ranking(section: Ranking, definition: Definition) -> str:
    """Return in words what a ranking shows: the whole, the first and the last; of chance what it comes to."""
    if section.by_chance:
        return f"各{section.level}{definition.name}条形图。{section.title}"
    shown = [f"{f.place.full_name}{f.shown}" for f in section.figures]
    ends = "、".join(shown)
    if len(shown) > 4:
        ends = f"排在前两位的是{'、'.join(shown[:2])}，排在最后的是{'、'.join(shown[-2:])}"
    said = "；".join(filter(None, (whole_words(section), ends)))
    return f"各{section.level}{definition.name}条形图。{said}。"


def describe_trend(section: Trend, definition: Definition) -> str:
    """Return in words what a trend shows: span and last values."""
    if not section.months:
        return f"{definition.name}走势图，没有数据。"
    ends = "，".join(f"{s.name}最新{s.last_shown}" for s in section.series)
    return f"{definition.name}走势图，{section.months[0]}至{section.months[-1]}，{ends}。"


def _map_height(shapes: tuple[Shape, ...], width: float) -> int:
    if not shapes:
        return 420
    east, north = map_layout.extent_m(shapes)
    return int(min(max(width * north / max(east, 1), 300), 640)) + 12


def _path(shape: Shape, to_paper: map_layout.Fit) -> str:
    out = []
    for ring in shape.rings:
        points = map_layout.drawable(to_paper(ring), 0.1)
        if points is not None:
            out.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist()) + "Z")
    return "".join(out)


def _barriers(basemap: Basemap, to_paper: map_layout.Fit) -> str:
    out = []
    for line in basemap.barriers:
        river = line.barrier == "河流"
        colour = PAPER.river if river else PAPER.rail
        for flat in line.lines:
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in to_paper(flat).tolist())
            if line.closed:
                out.append(f'<polygon points="{points}" fill="{colour}" fill-opacity="0.6"/>')
                continue
            line_style = '"3"' if river else '"1.4" stroke-dasharray="7 4"'
            out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" ')
            out.append(f"stroke-width={line_style}/>")
    return "".join(out)


def _legend(
    section: Map, definition: Definition, basemap: Basemap, x: float, height: float
) -> list[str]:
    """The classes, high to low, with the number of places in each; then the other marks."""
    unit = "" if definition.unit == axes.MONEY else f"{definition.unit}，"
    name, of = shorten(definition.short, 10), f"（{unit}按{section.level}）"
    if section.bands or section.subject:
        head = map_layout.head(section, definition)
        name, of = head[:12], shorten(head[12:], 12)
    out = [
        text(x, 34, name, size=17, bold=True),
        text(x, 56, of, size=17, bold=True) if section.subject else _small(x, 56, of),
        _small(x, 76 if of else 56, map_layout.shading(section, definition)),
    ]

    def row(mark: str, label: str, count: str = "") -> None:
        out.extend([mark, text(x + 34, y + 14, label, size=15)])
        out.append(text(x + 200, y + 14, count, size=15, colour=PAPER.quiet, anchor="end"))

    y = 90
    for colour, label, count in map_layout.legend_rows(section, definition):
        mark = f'<rect x="{x:.0f}" y="{y}" width="26" height="17" fill="{colour}" '
        row(f'{mark}stroke="{PAPER.rule}"/>', label, count)
        y += 25
    y += 8
    for layer, dots, colour in map_layout.layers(section):
        row(_dot((x + 13, y + 8), colour, 4), layer, f"{dots}处")
        y += 25
    for number, name in _named(section):
        row("".join(_added(number, x + 13, y + 8)), shorten(name, 11))
        y += 25
    for kind in dict.fromkeys(line.barrier for line in basemap.barriers):
        colour, width, dash = (PAPER.river, 3, "") if kind == "河流" else (PAPER.rail, 1.6, "7 4")
        row(_rule(x, y + 9, x + 26, y + 9, colour, width=width, dash=dash), kind)
        y += 25
    for k, start in enumerate(range(0, len(basemap.note), 16)):
        line = basemap.note[start : start + 16]
        out.append(text(x, height - 40 + 17 * k, line, size=12, colour=PAPER.quiet))
    return out


def _yardsticks(
    lines: list[tuple[Number, str, str]],
    x_of: Callable[[float], float],
    top: float,
    bottom: float,
    width: float,
) -> list[str]:
    """Lines across the bars with their words above, moved apart when they would meet."""
    out = []
    right_end = -1e9
    for value, label, dash in sorted(lines):
        x = x_of(value)
        out.append(_rule(x, top - 6, x, bottom, PAPER.ink, width=1.4, dash=dash))
        half = em(label) * 7.5
        centre = min(max(x, half + 4), width - half - 4)
        y = top - 12 if centre - half > right_end + 6 else top - 28
        right_end = max(right_end, centre + half)
        out.append(text(centre, y, label, size=14, anchor="middle"))
    return out


def spaced(
    ends: list[tuple[float, str, str]], gap: float, low: float, high: float
) -> list[tuple[float, str, str]]:
    """Move labels at the right end of lines (lowest first) so that no two are nearer than `gap`."""
    placed: list[tuple[float, str, str]] = []
    for y, label, colour in sorted(ends):
        placed.append((max(y, placed[-1][0] + gap if placed else low), label, colour))
    for k in reversed(range(len(placed))):  # back up where the last ones would fall out
        y, label, colour = placed[k]
        placed[k] = (min(y, high), label, colour)
        high = placed[k][0] - gap
    return placed


def _runs(values: Iterable[Number | None]) -> Iterator[list[tuple[int, Number]]]:
    """Yield the stretches of months that have a value, as (number, value)."""
    run: list[tuple[int, Number]] = []
    for number, value in enumerate((*values, None)):
        if value is not None:
            run.append((number, value))
        elif run:
            yield run
            run = []


def _dot(middle: Iterable[float], colour: str, radius: float) -> str:
    x, y = middle
    edge = f'stroke="{PAPER.border}" stroke-width="0.6"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" {edge}/>'


def _added(number: str, x: float, y: float) -> list[str]:
    """A point that was added, with its number if it has one."""
    dot = _dot((x, y), PAPER.accent, _MARK if number else 5)
    said = text(x, y + 5, number, size=14, anchor="middle", bold=True, colour=PAPER.ground)
    return [dot, said] if number else [dot]


def _named(section: Map) -> list[tuple[str, str]]:
    """The numbers and names of the points that were added, as many as a legend lists."""
    later = map_layout.added(section)[: map_layout.MOST_NAMED]
    return [(number, point.name) for number, point in later if number]


def _small(x: float, y: float, content: str, anchor: str = "start") -> str:
    """A quiet line of text, as beside an axis."""
    return text(x, y, content, size=14, colour=PAPER.quiet, anchor=anchor)


def _block(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" fill="{fill}"/>'


def _rule(
    x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1, dash: str = ""
) -> str:
    style = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="{width:g}"{style}/>'
    )
