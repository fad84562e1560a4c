"""Lines by month: a trend with its target, running totals, money in and out, a sparkline."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from chunshui.drawing import theme
from chunshui.ui.charts.base import (
    DASHES,
    HOVER,
    axis,
    chart,
    legend,
    months_axis,
    opening,
    upright,
    value_axis,
)

LINE = {"type": "scatter", "mode": "lines"}
HALF_YEARS = ("-01", "-07")


def trend(
    months: Sequence[str],
    values: Sequence[float | None],
    *,
    words: Sequence[str],
    marked: str,
    target: float | None = None,
    target_words: str = "",
    unit: str = "",
    dark: bool = False,
    height_px: int = 260,
) -> dict:
    """Return a value by month (months as "2026-03"), the marked month as a dot with its words.

    `unit`, if given, stands beside the axis.
    """
    colours = theme.palette(dark)
    at = list(months).index(marked) if marked in months else len(months) - 1
    data = [
        {
            **LINE,
            "x": list(months),
            "y": list(values),
            "line": {"color": colours.bar, "width": 2.4},
            "connectgaps": False,
            "hovertext": [f"{m}　{w}" for m, w in zip(months, words, strict=True)],
            **HOVER,
            "showlegend": False,
        }
    ]
    if values and values[at] is not None:
        data.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": [months[at]],
                "y": [values[at]],
                "text": [words[at]],
                "textposition": "top left" if at > len(months) / 2 else "top right",
                "textfont": {"color": colours.ink, "size": 13, "shadow": colours.halo},
                "marker": {"color": colours.accent, "size": 9},
                "cliponaxis": False,
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    aim: dict = {}
    if target is not None:
        line = {"color": colours.quiet, "width": 1.2, "dash": DASHES}
        across = {"xref": "paper", "x0": 0, "x1": 1, "y0": target, "y1": target}
        corner = {"xref": "paper", "x": 0, "y": target, "xanchor": "left", "yanchor": "bottom"}
        text = {"text": target_words, "font": {"color": colours.quiet, "size": 12}}
        aim["shapes"] = [{"type": "line", **across, "line": line}]
        aim["annotations"] = [{**corner, **text, "showarrow": False}]
    ticks = [month for month in months if month.endswith(("-03", "-09"))] or months
    return chart(
        data,
        colours,
        height_px,
        (4, 14, 24, 4),
        xaxis=months_axis(ticks, automargin=True),
        yaxis=(value_axis(unit) if unit else axis())
        | {"automargin": True, "nticks": 5, "zeroline": False, "separatethousands": True},
        **aim,
    )


@dataclass(frozen=True)
class Line:
    """One line of an S-curve: months ("2026-03"), values in the axis's unit, its look."""

    name: str
    months: Sequence[str]
    values: Sequence[float | None]
    look: Literal["plan", "done", "given", "likely"]  # the last two stand next to done


def s_curve(
    lines: Sequence[Line],
    *,
    unit: str,
    as_of: str,
    band: tuple[Sequence[str], Sequence[float | None], Sequence[float | None]] | None = None,
    dark: bool = False,
    height_px: int = 320,
) -> dict:
    """Return running totals by month with the month of asking as an upright.

    `band` holds months, the least and the most that a forecast allows, drawn as a shade. A column
    that is not seen stands over every month: it says all lines' values, and opens the month.
    """
    colours = theme.palette(dark)
    looks = {
        "plan": {"color": colours.quiet, "width": 2, "dash": "6px,4px"},
        "done": {"color": colours.accent, "width": 3},
        "given": {"color": colours.bar, "width": 2.2},
        "likely": {"color": colours.accent, "width": 2, "dash": "2px,3px"},
    }
    data: list[dict] = []
    if band and len(band[0]):
        months, low, high = band
        shade = {**LINE, "x": list(months), "line": {"width": 0}, "hoverinfo": "skip"}
        fill = {"fill": "tonexty", "fillcolor": _thin(colours.accent)}
        data.append({**shade, "y": list(low), "showlegend": False})
        data.append({**shade, "y": list(high), **fill, "name": "预测区间（80%）"})
    data += [
        {
            **LINE,
            "name": line.name,
            "x": list(line.months),
            "y": list(line.values),
            "line": looks[line.look],
            "hoverinfo": "skip",
        }
        for line in lines
    ]
    every = sorted({month for line in lines for month in line.months})
    known = [value for line in lines for value in line.values if value is not None]
    known += [value for value in band[2] if value is not None] if band else []
    top = 1.04 * max(known, default=0) or 1
    hovers = {month: [f"<b>{month}</b>"] for month in every}
    for line in lines:
        for month, value in zip(line.months, line.values, strict=True):
            if value is not None:
                hovers[month].append(f"{line.name} {value:,.4g}{unit}")
    label = {"bgcolor": colours.ground, "font": {"color": colours.ink}, "align": "left"}
    columns = {
        **opening(every, ["<br>".join(hovers[month]) for month in every]),
        "type": "bar",
        "x": every,
        "y": [top] * len(every),
        "marker": {"color": "rgba(0,0,0,0)"},
        "hoverlabel": label,
    }
    ticks = [month for month in every if month.endswith(HALF_YEARS)]
    if len(ticks) > 9:
        ticks = [month for month in ticks if month.endswith("-01")]
    return chart(
        [*data, columns],
        colours,
        height_px,
        (54, 10, 54, 24),
        bargap=0,
        legend=legend(colours),
        xaxis=months_axis(ticks, categoryorder="array", categoryarray=every),
        yaxis=value_axis(unit, range=[0, top], tickformat=",~r", zeroline=False),
        shapes=[upright(as_of, colours.quiet)] if as_of in every else [],
    )


def _thin(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"


def flows(
    months: Sequence[str],
    income: Sequence[float],
    spent: Sequence[float],
    balance: Sequence[float],
    *,
    unit: str,
    names: tuple[str, str, str] = ("收入", "支出", "结余"),
    decimals: int = 1,
    dark: bool = False,
) -> dict:
    """Return what came in (up) and went out (down) by month, the balance a line; a bar opens its month."""
    colours = theme.palette(dark)
    hovers = [
        f"<b>{month}</b><br>"
        + "，".join(
            f"{name}{amount:,.{decimals}f}{unit}" for name, amount in zip(names, row, strict=True)
        )
        for month, *row in zip(months, income, spent, balance, strict=True)
    ]
    bar = {**opening(months, hovers), "type": "bar", "x": list(months), "showlegend": True}
    out = [-value for value in spent]
    line = {
        **LINE,
        "x": list(months),
        "y": list(balance),
        "name": names[2],
        "line": {"color": colours.accent, "width": 2.6},
        "hoverinfo": "skip",
    }
    return chart(
        [
            {**bar, "y": list(income), "name": names[0], "marker": {"color": colours.bar}},
            {**bar, "y": out, "name": names[1], "marker": {"color": colours.quiet}},
            line,
        ],
        colours,
        300,
        (54, 10, 34, 24),
        barmode="relative",
        legend=legend(colours),
        xaxis=months_axis([month for month in months if month.endswith(HALF_YEARS)]),
        yaxis=value_axis(unit, tickformat=",~r", zeroline=True, zerolinecolor=colours.quiet),
    )


def sparkline(
    values: Sequence[float | None],
    label: str,
    *,
    span: tuple[float, float] | None = None,
    target: float | None = None,
    height: int = 24,
) -> str:
    """Return the months as a line in the text's colour, the last one as a dot; gaps stay gaps.

    It fills its height, but with a `span` that several lines have in common; the target is dashed.
    An inline SVG: six of Streamlit's own sparklines cost the browser as much as map and ranking
    together.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = span or (min(known), max(known))
    wide = max(len(values) - 1, 1)

    def spot(k: int, value: float) -> str:
        return f"{2 + 152 * k / wide:.1f} {level(value):.1f}"

    def level(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return height - 3 - (height - 6) * share

    path, pen = "", "M"
    for k, value in enumerate(values):
        path += "" if value is None else f"{pen}{spot(k, value)}"
        pen = "M" if value is None else "L"
    end = ""
    if values[-1] is not None:
        x, y = spot(len(values) - 1, values[-1]).split()
        end = f'<circle cx="{x}" cy="{y}" r="2.4" fill="{theme.LIGHT.accent}"/>'
    aim = ""
    if target is not None:
        dashes = 'stroke="currentColor" stroke-dasharray="4 3" opacity="0.6"'
        aim = f'<path d="M2 {level(target):.1f}H154" {dashes}/>'
    return (
        f'<svg viewBox="0 0 158 {height}" width="100%" role="img" aria-label="{escape(label)}">{aim}'
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="1.3" opacity="0.6"/>'
        f"{end}</svg>"
    )
