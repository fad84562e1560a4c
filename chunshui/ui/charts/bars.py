"""Bars: places in their order, what reached a stage, parts of a whole, what came and left, days over a limit."""

from collections.abc import Sequence
from dataclasses import dataclass

from chunshui.drawing import theme
from chunshui.ui.charts.base import (
    DASHES,
    HOVER,
    NO_FADING,
    axis,
    chart,
    label_rows,
    legend,
    months_axis,
    names_axis,
    opening,
    upright,
    value_axis,
)
from chunshui.ui.map.click import Click

BAR_PX = 27
FIGURE_SPACE = "\u2007"  # as wide as a digit


@dataclass(frozen=True)
class Bar:
    """One place in a ranking; `words` stands before the bar, `small` in the hover.

    `moved` says the change since the month compared with, where one is; `before` is the value then.
    """

    code: str
    name: str
    value: float | None
    words: str
    small: str
    street_code: str
    moved: str = ""
    before: float | None = None


def ranking(
    bars: Sequence[Bar],
    *,
    average: float | None,
    average_words: str,
    before_words: str = "",
    chosen: Sequence[str | None] = (),
    strong: Sequence[bool] = (),
    near: Sequence[bool] = (),
    target: float | None = None,
    target_words: str = "",
    dark: bool = False,
) -> dict:
    """Return places as horizontal bars in the order given (the first on top), average and target lines.

    What was before is a stroke on the bar, which `before_words` explain. The chosen places are in the accent, those that are to stand out in a `strong`, those `near` in a middle shade. A missing
    value is drawn as no bar with its words.
    """
    colours = theme.palette(dark)
    shades = colours.bars(strong or [False] * len(bars), near)
    values = [bar.value or 0 for bar in bars]
    marks = [bar for bar in bars if bar.moved and bar.before is not None]
    ends = [*values, *(bar.before for bar in marks if bar.before is not None)]
    top = max([*ends, average or 0, target or 0], default=0) or 1
    low = min([*ends, 0])
    above = 4 if average is None else 26  # room for the words of the average
    aimed = 0 if target is None else 18
    below = 18 * bool(marks) + aimed
    labels = [
        f"<b>{text}</b>" if bar.code in chosen else text
        for bar, text in zip(bars, _names_with_values(bars), strict=True)
    ]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [bar.code for bar in bars],
        "x": values,
        "marker": {
            "color": [
                colours.accent if bar.code in chosen else shade
                for bar, shade in zip(bars, shades, strict=True)
            ],
            "line": {"width": 0},
        },
        "customdata": [
            Click("place", bar.code, street_code=bar.street_code).customdata for bar in bars
        ],
        "hovertext": [f"<b>{bar.name}</b><br>{bar.small}" for bar in bars],
        **HOVER,
        **NO_FADING,
        "showlegend": False,
    }
    before = {
        "type": "scatter",
        "mode": "markers",
        "y": [bar.code for bar in marks],
        "x": [bar.before for bar in marks],
        "marker": {
            "symbol": "line-ns",
            "size": 15,
            "line": {"width": 2.4, "color": colours.ink},
        },
        "hoverinfo": "skip",
        "showlegend": False,
    }
    line: dict = {"annotations": [], "shapes": []}
    quiet = {"size": 12, "color": colours.quiet}
    if marks:
        corner = {"xref": "paper", "yref": "paper", "x": 1, "y": 0, "xanchor": "right"}
        said = {"text": before_words, "font": quiet, "yanchor": "top", "showarrow": False}
        line["annotations"].append({**corner, **said, "yshift": -aimed})
    if target is not None:
        words = {"text": target_words, "font": quiet, "yanchor": "top", "showarrow": False}
        at = {"x": target, "y": 0, "yref": "paper", "xanchor": "right" if target else "left"}
        line["shapes"].append(upright(target, colours.ink, 1.6) | {"layer": "above"})
        line["annotations"].append({**at, **words})
    if average is not None:
        words = {"text": average_words, "font": quiet}
        at = {"x": average, "y": 1.0, "yref": "paper", "yanchor": "bottom"}
        at["xanchor"] = "right" if average else "left"
        line["shapes"].append(upright(average, colours.ink, 1.2, dash=DASHES))
        line["annotations"].append({**at, **words, "showarrow": False})
    return chart(
        [trace, before] if marks else [trace],
        colours,
        max(150, BAR_PX * len(bars) + above + 8 + below),
        (4, 4, above, 4 + below),
        bargap=0.34,
        xaxis=axis(visible=False, range=[low * 1.05, top * 1.05]),
        yaxis=names_axis(
            ticks="",
            showgrid=False,
            tickmode="array",
            tickvals=[bar.code for bar in bars],
            ticktext=labels,
            tickfont={"color": colours.ink, "size": 12},
        ),
        **line,
    )


def _names_with_values(bars: Sequence[Bar]) -> list[str]:
    """Return name and value as one label, the values under one another (figures are tabular)."""
    longest, moved = (
        max((len(text) for text in texts), default=0)
        for texts in ([bar.words for bar in bars], [bar.moved for bar in bars])
    )
    return [
        f"{bar.name}　{bar.words.rjust(longest, FIGURE_SPACE)}"
        + (f"　{bar.moved.rjust(moved, FIGURE_SPACE)}" if moved else "")
        for bar in bars
    ]


def funnel(
    names: Sequence[str], values: Sequence[float], words: Sequence[str], *, dark: bool = False
) -> dict:
    """Return what reached each stage as bars from the first stage down; a bar opens its stage."""
    colours = theme.palette(dark)
    pairs = list(zip(names, words, strict=True))
    rows, left = label_rows([f"<b>{name}</b><br>{text}" for name, text in pairs], colours)
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(names))),
        "x": list(values),
        "marker": {"color": colours.bar},
        **opening(names, [f"{name}　{text}" for name, text in pairs]),
    }
    return chart(
        [trace],
        colours,
        20 + 40 * len(names),
        (left, 6, 10, 4),
        bargap=0.45,
        xaxis=axis(visible=False),
        yaxis=rows,
    )


def part_on_whole(
    labels: Sequence[str],
    whole: Sequence[float | None],
    part: Sequence[float | None],
    *,
    whole_name: str,
    part_name: str,
    codes: Sequence[str],
    hovers: Sequence[str],
    dark: bool = False,
) -> dict:
    """Return a part as a narrow bar on its whole, one row per label; a bar opens its code."""
    colours = theme.palette(dark)
    bar = {
        **opening(codes, hovers),
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(labels))),
        "showlegend": True,
    }
    rows, left = label_rows(labels, colours)
    return chart(
        [
            {**bar, "x": list(values), "name": name, "marker": {"color": colour}, "width": width}
            for values, name, colour, width in (
                (whole, whole_name, colours.bands[1], 0.72),
                (part, part_name, colours.bands[4], 0.34),
            )
        ],
        colours,
        46 + 38 * len(labels),
        (left, 6, 34, 4),
        barmode="overlay",
        legend=legend(colours),
        xaxis=axis(visible=False),
        yaxis=rows,
    )


@dataclass(frozen=True)
class Part:
    """One part of the wholes in `shares`: its name, its count of each row, its colour and pattern."""

    name: str
    counts: Sequence[int]
    colour: str
    pattern: str = ""


def shares(
    labels: Sequence[str],
    parts: Sequence[Part],
    *,
    codes: Sequence[str],
    aim: float | None = None,
    aim_words: str = "",
    unit: str,
    dark: bool = False,
) -> dict:
    """Return each row as the parts of its whole, one row per label; a row opens its code.

    `aim` is a share (0 to 1) drawn as an upright with its words; `unit` is of the counts.
    """
    colours = theme.palette(dark)
    wholes = [sum(counts) for counts in zip(*(part.counts for part in parts), strict=True)]
    plain = [label.partition("<br>")[0] for label in labels]
    data = [
        {
            **opening(
                codes,
                [
                    f"{label}<br>{part.name}　{count:,}{unit}"
                    for label, count in zip(plain, part.counts, strict=True)
                ],
            ),
            "type": "bar",
            "orientation": "h",
            "y": list(range(len(labels))),
            "x": [
                round(count / whole, 4) if whole else 0
                for count, whole in zip(part.counts, wholes, strict=True)
            ],
            "name": part.name,
            "marker": {
                "color": part.colour,
                "line": {"width": 1, "color": colours.ground},
                "pattern": {"shape": part.pattern, "fgcolor": colours.quiet, "size": 6},
            },
            "showlegend": True,
        }
        for part in parts
    ]
    rows, left = label_rows(labels, colours)
    line: dict = {}
    if aim is not None:
        words = {"text": aim_words, "font": {"size": 12, "color": colours.quiet}}
        at = {"x": aim, "y": 0, "yref": "paper", "yanchor": "top", "xanchor": "right"}
        line["shapes"] = [upright(aim, colours.ink, 1.4, dash=DASHES) | {"layer": "above"}]
        line["annotations"] = [{**at, **words, "showarrow": False}]
    return chart(
        data,
        colours,
        70 + 36 * len(labels),
        (left, 6, 44, 22),
        barmode="stack",
        bargap=0.3,
        legend=legend(colours),
        xaxis=axis(visible=False, range=[0, 1]),
        yaxis=rows,
        **line,
    )


def comings(
    months: Sequence[str],
    came: Part,
    left: Sequence[Part],
    turned: Part,
    *,
    unit: str,
    dark: bool = False,
) -> dict:
    """Return by month what came (up), what left (down, in parts) and what turned (dots); a bar opens its month."""
    colours = theme.palette(dark)
    every = [came, turned, *left]
    hovers = [
        f"<b>{month}</b><br>" + "<br>".join(f"{one.name}{one.counts[k]:,}{unit}" for one in every)
        for k, month in enumerate(months)
    ]
    bar = {**opening(months, hovers), "type": "bar", "x": list(months), "showlegend": True}
    bars = [
        {
            **bar,
            "y": [sign * count for count in part.counts],
            "name": part.name,
            "marker": {"color": part.colour},
        }
        for sign, part in [(1, came), *((-1, one) for one in left)]
    ]
    dots = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(months),
        "y": list(turned.counts),
        "name": turned.name,
        "line": {"color": turned.colour, "width": 2},
        "marker": {"color": turned.colour, "size": 6, "symbol": "diamond"},
        "hoverinfo": "skip",
    }
    return chart(
        [*bars, dots],
        colours,
        320,
        (54, 10, 54, 24),
        barmode="relative",
        legend=legend(colours),
        xaxis=months_axis(list(months)[::3]),
        yaxis=value_axis(unit, zeroline=True, zerolinecolor=colours.quiet),
    )


@dataclass(frozen=True)
class Waiting:
    """One project in the list of those that stand longest: days there and the cohort's limit."""

    project_id: str
    name: str
    days: int
    limit_days: int
    words: str
    small: str


def waiting(rows: Sequence[Waiting], *, dark: bool = False) -> dict:
    """Return days at the stage as bars in the order given, the limit as an upright on each bar."""
    colours = theme.palette(dark)
    top = max((row.days for row in rows), default=1)
    labels, left = label_rows(
        [f"<b>{row.name}</b><br>{row.words}" for row in rows],
        colours,
    )
    days = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(rows))),
        "x": [row.days for row in rows],
        "marker": {"color": colours.bar},
        **opening(
            [row.project_id for row in rows], [f"<b>{row.name}</b><br>{row.small}" for row in rows]
        ),
    }
    limits = {
        "type": "scatter",
        "mode": "lines",
        "x": [x for row in rows for x in (row.limit_days, row.limit_days, None)],
        "y": [y for k in range(len(rows)) for y in (k - 0.36, k + 0.36, None)],
        "line": {"color": colours.ink, "width": 2},
        "name": "同类项目九成所用天数",
        "hoverinfo": "skip",
        "showlegend": True,
    }
    return chart(
        [days, limits],
        colours,
        34 + 46 * len(rows),
        (left, 6, 22, 4),
        bargap=0.5,
        legend=legend(colours, y=1.0),
        xaxis=axis(visible=False, range=[0, top * 1.04]),
        yaxis=labels,
    )
