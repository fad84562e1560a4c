"""Dots: a figure under each way of counting, two groups on the same metrics, a project's stages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chunshui import words
from chunshui.drawing import theme
from chunshui.ui.charts.base import (
    HOVER,
    axis,
    chart,
    label_rows,
    legend,
    names_axis,
    opening,
    upright,
)

SHARE = tuple[float, float, float]  # a share in % with the low and the high end of its interval


def sensitivity(
    names: Sequence[str],
    values: Sequence[float | None],
    texts: Sequence[str],
    unit: str,
    *,
    dark: bool = False,
) -> dict:
    """Return one dot per way of counting, on one line each; the first, ours, in the accent."""
    colours = theme.palette(dark)
    largest = max((abs(value) for value in values if value is not None), default=0)
    divisor, ending = words.scale(largest, unit)
    values = [None if value is None else value / divisor for value in values]
    known = [value for value in values if value is not None]
    low, high = min(known, default=0), max(known, default=1)
    room = (high - low) * 0.12 or abs(high) * 0.1 or 1
    # Words stand on the side where there is room for them, on a phone too.
    right = [value is None or value < (low + high) / 2 for value in values]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": list(values),
        "y": list(names),
        "text": [f"　{w}" if r else f"{w}　" for w, r in zip(texts, right, strict=True)],
        "textposition": ["middle right" if r else "middle left" for r in right],
        "textfont": {"color": colours.ink, "size": 13, "shadow": colours.halo},
        "marker": {"size": 12, "color": [colours.accent] + [colours.bar] * (len(names) - 1)},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    ends = [low - room, high + room]
    return chart(
        [trace],
        colours,
        46 * len(names) + 54,
        (4, 4, 6, 40),
        xaxis=axis(
            range=ends,
            nticks=5,
            ticks="outside",
            zeroline=False,
            separatethousands=True,
            exponentformat="none",
            title={"text": ending, "standoff": 4, "font": {"size": 12}},
        ),
        yaxis=names_axis(showgrid=True),
    )


@dataclass(frozen=True)
class Pair:
    """One metric for two groups."""

    metric_id: str
    name: str
    ours: SHARE
    others: SHARE


def two_groups(rows: Sequence[Pair], *, our_name: str, other_name: str, dark: bool = False) -> dict:
    """Return two shares per metric as dots with their 95 % intervals; a dot opens its metric."""
    colours = theme.palette(dark)

    def dots(shares: list[SHARE], name: str, colour: str, shift: float) -> dict:
        hovers = [
            f"{row.name}　{name} {words.percent(value)}（{low:.0f}–{high:.0f}%）"
            for row, (value, low, high) in zip(rows, shares, strict=True)
        ]
        return {
            **opening([row.metric_id for row in rows], hovers),
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": [value for value, _, _ in shares],
            "y": [k + shift for k in range(len(shares))],
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [high - value for value, _, high in shares],
                "arrayminus": [value - low for value, low, _ in shares],
                "color": colour,
                "thickness": 1.6,
                "width": 3,
            },
            "marker": {"size": 10, "color": colour},
            "showlegend": True,
        }

    labels, left = label_rows([row.name for row in rows], colours)
    return chart(
        [
            dots([row.ours for row in rows], our_name, colours.accent, -0.16),
            dots([row.others for row in rows], other_name, colours.bar, 0.16),
        ],
        colours,
        70 + 46 * len(rows),
        (left, 6, 34, 24),
        legend=legend(colours),
        xaxis=axis(range=[-2, 102], ticksuffix="%", showgrid=True, zeroline=False),
        yaxis=labels,
    )


@dataclass(frozen=True)
class Step:
    """One stage of a project: its planned and its actual day, and what to say of it."""

    stage: str
    planned: date | None
    actual: date | None
    words: str


@dataclass(frozen=True)
class Wait:
    """Since when a project stands at its last stage, in words too."""

    since: date
    words: str


@dataclass(frozen=True)
class Forecast:
    """When a stage is likely to be reached, at the earliest and at the latest."""

    stage: str
    low: date
    likely: date
    high: date


def timeline(
    steps: Sequence[Step],
    *,
    today: date,
    wait: Wait | None = None,
    forecast: Forecast | None = None,
    dark: bool = False,
) -> dict:
    """Return planned (hollow) and actual (full) days of every stage, first stage on top.

    The time a project has stood since its last stage is a bar, the forecast a dashed line.
    """
    colours = theme.palette(dark)
    names = [step.stage for step in steps]
    planned = [(step, str(step.planned)) for step in steps if step.planned]
    actual = [(step, str(step.actual)) for step in steps if step.actual]
    both = [step for step in steps if step.planned and step.actual]
    line = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    point = {"type": "scatter", "mode": "markers", **HOVER}
    data: list[dict] = [
        {
            **line,
            "x": [x for step in both for x in (str(step.planned), str(step.actual), None)],
            "y": [y for step in both for y in (step.stage, step.stage, None)],
            "line": {"color": colours.missing, "width": 5},
            "showlegend": False,
        },
        {
            **point,
            "name": "计划",
            "x": [day for _, day in planned],
            "y": [step.stage for step, _ in planned],
            "hovertext": [f"{step.stage}　计划{day}" for step, day in planned],
            "marker": {
                "symbol": "diamond-open",
                "size": 11,
                "color": colours.quiet,
                "line": {"width": 2},
            },
        },
        {
            **point,
            "mode": "markers+text",
            "name": "实际",
            "x": [day for _, day in actual],
            "y": [step.stage for step, _ in actual],
            "text": [f"　{step.words}" for step, _ in actual],
            "textposition": "middle right",
            "textfont": {"color": colours.ink, "size": 12},
            "hovertext": [f"{step.stage}　实际{day}　{step.words}" for step, day in actual],
            "marker": {"symbol": "circle", "size": 11, "color": colours.bar},
            "cliponaxis": False,
        },
    ]
    notes = []
    if wait and names:
        at = actual[-1][0].stage if actual else names[0]
        data.append(
            {
                **line,
                "name": "停留",
                "x": [str(wait.since), str(today)],
                "y": [at, at],
                "line": {"color": colours.accent, "width": 6},
            }
        )
        text = {"text": wait.words, "font": {"size": 12, "color": colours.accent}}
        place = {"x": str(today), "y": at, "xanchor": "right", "yshift": 13}
        notes.append({**place, **text, "showarrow": False})
    if forecast and forecast.stage in names:
        low, likely, high = (str(day) for day in (forecast.low, forecast.likely, forecast.high))
        data.append(
            {
                **point,
                "mode": "lines+markers",
                "name": "预测完工（80%区间）",
                "x": [low, likely, high],
                "y": [forecast.stage] * 3,
                "hovertext": [f"最早{low}", f"最可能{likely}", f"最晚{high}"],
                "marker": {"symbol": "line-ns-open", "size": [12, 16, 12], "color": colours.accent},
                "line": {"color": colours.accent, "width": 2, "dash": "3px,3px"},
            }
        )
    days = [today, *(day for step in steps for day in (step.planned, step.actual) if day)]
    days += [forecast.low, forecast.likely, forecast.high] if forecast else []
    span = max(days) - min(days)
    ends = [str(min(days) - span * 0.03), str(max(days) + span * 0.14)]
    return chart(
        data,
        colours,
        90 + 36 * len(names),
        (4, 10, 34, 4),
        legend=legend(colours),
        xaxis=axis(
            type="date",
            tickformat="%Y-%m",
            range=ends,
            showgrid=True,
            automargin=True,
            nticks=8,
        ),
        yaxis=names_axis(
            categoryorder="array",
            categoryarray=names,
            showgrid=False,
            tickfont={"size": 12, "color": colours.ink},
        ),
        shapes=[upright(str(today), colours.quiet)],
        annotations=notes,
    )


def hours(
    counts: Sequence[Sequence[int]],
    days: Sequence[str],
    chosen: tuple[int, int],
    *,
    unit: str,
    dark: bool = False,
) -> dict:
    """Return a count for every day and hour (rows of 24) as squares; one opens "day-hour", from 0.

    The more, the stronger the shade, by thirds of the most, none so strong that the count on it could
    not be read; the chosen one has an edge in the accent.
    """
    colours = theme.palette(dark)
    most = max((max(row) for row in counts), default=0) or 1
    at = [(day, hour) for day in range(len(days)) for hour in range(24)]
    numbers = [counts[day][hour] for day, hour in at]
    fills = [
        colours.bands[-(-3 * number // most) - 1] if number else colours.missing
        for number in numbers
    ]
    squares = {
        **opening(
            [f"{day}-{hour}" for day, hour in at],
            [
                f"<b>{days[day]}{hour}点</b>　{number:,}{unit}"
                for (day, hour), number in zip(at, numbers, strict=True)
            ],
        ),
        "type": "bar",
        "orientation": "h",
        "y": [day for day, _ in at],
        "x": [1] * len(at),
        "base": [hour for _, hour in at],
        "width": 1,
        "text": [f"{number}" for number in numbers],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"size": 10, "color": theme.LIGHT.ground if dark else colours.ink},
        "marker": {"color": fills, "line": {"width": 1, "color": colours.ground}},
    }
    day, hour = chosen
    edge = {
        "type": "rect",
        "x0": hour,
        "x1": hour + 1,
        "y0": day - 0.5,
        "y1": day + 0.5,
        "line": {"color": colours.accent, "width": 2.6},
    }
    rows, left = label_rows(list(days), colours)
    return chart(
        [squares],
        colours,
        44 + 28 * len(days),
        (left, 6, 4, 30),
        barmode="overlay",
        shapes=[edge],
        xaxis=axis(
            range=[0, 24],
            tickmode="array",
            tickvals=list(range(0, 25, 3)),
            ticktext=[f"{one}点" for one in range(0, 25, 3)],
            showgrid=False,
            zeroline=False,
        ),
        yaxis=rows,
    )
