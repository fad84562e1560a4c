"""Charts of renewal and fund as plain plotly dicts. Values come in, nothing is computed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chunshui.drawing import theme
from chunshui.ui.map.click import Click

DAY = "%Y-%m-%d"


@dataclass(frozen=True)
class Waiting:
    """One project in the list of those that stand longest: days there and the cohort's limit."""

    project_id: str
    name: str
    days: int
    limit: int
    words: str
    small: str


def waiting(rows: Sequence[Waiting], *, dark: bool = False) -> dict:
    """Draw days at the stage as bars in the order given, the limit as an upright on each bar."""
    colours = theme.palette(dark)
    names = [row.project_id for row in rows]
    limits_x = [x for row in rows for x in (row.limit, row.limit, None)]
    limits_y = [y for k in range(len(rows)) for y in (k - 0.36, k + 0.36, None)]
    top = max((row.days for row in rows), default=1)
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": list(range(len(rows))),
                "x": [row.days for row in rows],
                "marker": {
                    "color": [colours.accent if k < 3 else colours.bar for k in range(len(rows))]
                },
                **_opening(
                    names,
                    [f"<b>{row.name}</b><br>{row.small}" for row in rows],
                ),
            },
            {
                "type": "scatter",
                "mode": "lines",
                "x": limits_x,
                "y": limits_y,
                "line": {"color": colours.ink, "width": 2},
                "name": "同类九成用时的界限",
                "hoverinfo": "skip",
                "showlegend": True,
            },
        ],
        "layout": {
            **_plain(colours, 34 + 46 * len(rows)),
            "bargap": 0.5,
            "legend": _legend(colours, y=1.0),
            "xaxis": {"visible": False, "fixedrange": True, "range": [0, top * 1.04]},
            **_rows(
                [
                    f"<b>{row.name}</b><br>{row.words}" if k < 3 else f"{row.name}<br>{row.words}"
                    for k, row in enumerate(rows)
                ],
                colours,
                top=22,
            ),
        },
    }


@dataclass(frozen=True)
class Mark:
    """A stalled project on the map: degrees, its name (or none), the hover, where it lies."""

    lon: float
    lat: float
    name: str
    hover: str
    community_code: str
    street_code: str


def marks(found: Sequence[Mark], *, dark: bool = False) -> list[dict]:
    """Return the traces that mark stalled projects on the district map."""
    if not found:
        return []
    colours = theme.palette(dark)
    halo = ", ".join(f"{dx}px {dy}px 2px {colours.ground}" for dx in (-1, 1) for dy in (-1, 1))
    return [
        {
            "type": "scattergeo",
            "mode": "markers+text",
            "name": "停滞项目",
            "lon": [mark.lon for mark in found],
            "lat": [mark.lat for mark in found],
            "text": [f"<b>{mark.name}</b>" if mark.name else "" for mark in found],
            "textposition": "top center",
            "textfont": {"size": 12, "color": colours.accent, "shadow": halo},
            "marker": {
                "symbol": "triangle-up",
                "size": 13,
                "color": colours.accent,
                "line": {"color": colours.ground, "width": 1.5},
            },
            "customdata": [
                Click("place", mark.community_code, street_code=mark.street_code).customdata
                for mark in found
            ],
            "hovertext": [mark.hover for mark in found],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "unselected": {"marker": {"opacity": 1}},
        }
    ]


def funnel(
    names: Sequence[str], values: Sequence[float], words: Sequence[str], *, dark: bool = False
) -> dict:
    """Draw what reached each stage as bars from the first stage down; a bar stands for its stage."""
    colours = theme.palette(dark)
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": list(range(len(names))),
                "x": list(values),
                "marker": {"color": colours.bar},
                **_opening(
                    names,
                    [f"{n}　{w}" for n, w in zip(names, words, strict=True)],
                ),
            }
        ],
        "layout": {
            **_plain(colours, 20 + 40 * len(names)),
            "bargap": 0.45,
            "xaxis": {"visible": False, "fixedrange": True},
            **_rows([f"<b>{n}</b><br>{w}" for n, w in zip(names, words, strict=True)], colours),
        },
    }


@dataclass(frozen=True)
class Line:
    """One line of an S-curve: months ("2026-03"), values in the axis's unit, its look."""

    name: str
    months: Sequence[str]
    values: Sequence[float | None]
    look: str  # plan, done, or next to it: given, likely


def s_curve(
    lines: Sequence[Line],
    *,
    unit: str,
    as_of: str,
    band: tuple[Sequence[str], Sequence[float], Sequence[float]] | None = None,
    dark: bool = False,
    height: int = 320,
) -> dict:
    """Draw running totals by month with the month of asking as an upright.

    `band` holds months, the least and the most that a forecast allows, drawn as a shade. A column
    that is not seen stands over every month: it says all lines' values, and a click gives the month.
    """
    colours = theme.palette(dark)
    looks = {
        "plan": {"color": colours.quiet, "width": 2, "dash": "6px,4px"},
        "done": {"color": colours.accent, "width": 3},
        "given": {"color": colours.bar, "width": 2.2},
        "likely": {"color": colours.accent, "width": 2, "dash": "2px,3px"},
    }
    data = []
    if band and len(band[0]):
        months, low, high = band
        shade = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        data.append({**shade, "x": list(months), "y": list(low), "showlegend": False})
        data.append(
            {
                **shade,
                "x": list(months),
                "y": list(high),
                "fill": "tonexty",
                "fillcolor": _thin(colours.accent),
                "name": "预测区间（80%）",
            }
        )
    data += [
        {
            "type": "scatter",
            "mode": "lines",
            "name": line.name,
            "x": list(line.months),
            "y": list(line.values),
            "line": looks[line.look],
            "hoverinfo": "skip",
        }
        for line in lines
    ]
    every = sorted({month for line in lines for month in line.months})
    highest = [value for line in lines for value in line.values if value is not None]
    highest += list(band[2]) if band else []
    top = 1.04 * max(highest, default=0) or 1
    said = {month: [f"<b>{month}</b>"] for month in every}
    for line in lines:
        for month, value in zip(line.months, line.values, strict=True):
            if value is not None:
                said[month].append(f"{line.name} {value:,.4g} {unit}")
    data.append(
        {
            **_opening(every, ["<br>".join(said[m]) for m in every]),
            "type": "bar",
            "x": every,
            "y": [top] * len(every),
            "marker": {"color": "rgba(0,0,0,0)"},
            "hoverlabel": {"bgcolor": colours.ground, "font": {"color": colours.ink}},
        }
    )
    ticks = [month for month in every if month.endswith(("-01", "-07"))]
    if len(ticks) > 9:
        ticks = [month for month in ticks if month.endswith("-01")]
    return {
        "data": data,
        "layout": {
            **_plain(colours, height),
            "margin": {"l": 54, "r": 10, "t": 54, "b": 24},
            "bargap": 0,
            "legend": _legend(colours),
            "xaxis": {
                "type": "category",
                "categoryorder": "array",
                "categoryarray": every,
                "fixedrange": True,
                "tickmode": "array",
                "tickvals": ticks,
                "showgrid": False,
            },
            "yaxis": {
                "title": {"text": unit, "standoff": 14, "font": {"size": 12}},
                "fixedrange": True,
                "range": [0, top],
                "nticks": 6,
                "tickformat": ",~r",
                "zeroline": False,
            },
            "shapes": [
                {
                    "type": "line",
                    "x0": as_of,
                    "x1": as_of,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": colours.quiet, "width": 1},
                    "layer": "below",
                }
            ]
            if as_of in every
            else [],
        },
    }


@dataclass(frozen=True)
class Step:
    """One stage of a project: its planned and its actual day, and what to say of it."""

    stage: str
    planned: date | None
    actual: date | None
    words: str


def timeline(
    steps: Sequence[Step],
    *,
    today: date,
    waiting_since: date | None = None,
    waiting_words: str = "",
    forecast: tuple[date, date, date] | None = None,
    forecast_stage: str | None = None,
    dark: bool = False,
) -> dict:
    """Draw planned (hollow) and actual (full) days of every stage, first stage on top.

    The time a project has stood since its last stage is drawn as a bar, the forecast of
    `forecast_stage` as low, likely, high days.
    """
    colours = theme.palette(dark)
    names = [step.stage for step in steps]
    both = [step for step in steps if step.planned and step.actual]
    join_x = [x for s in both for x in (s.planned.strftime(DAY), s.actual.strftime(DAY), None)]
    join_y = [y for s in both for y in (s.stage, s.stage, None)]
    point = {"type": "scatter", "mode": "markers", "hovertemplate": "%{hovertext}<extra></extra>"}
    planned = [step for step in steps if step.planned]
    actual = [step for step in steps if step.actual]
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": join_x,
            "y": join_y,
            "line": {"color": colours.missing, "width": 5},
            "hoverinfo": "skip",
            "showlegend": False,
        },
        {
            **point,
            "name": "计划",
            "x": [s.planned.strftime(DAY) for s in planned],
            "y": [s.stage for s in planned],
            "hovertext": [f"{s.stage}　计划 {s.planned.strftime(DAY)}" for s in planned],
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
            "x": [s.actual.strftime(DAY) for s in actual],
            "y": [s.stage for s in actual],
            "text": [f"　{s.words}" for s in actual],
            "textposition": "middle right",
            "textfont": {"color": colours.ink, "size": 12},
            "hovertext": [f"{s.stage}　实际 {s.actual.strftime(DAY)}　{s.words}" for s in actual],
            "marker": {"symbol": "circle", "size": 11, "color": colours.bar},
            "cliponaxis": False,
        },
    ]
    notes = []
    if waiting_since and names:
        at = actual[-1].stage if actual else names[0]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": "停留",
                "x": [waiting_since.strftime(DAY), today.strftime(DAY)],
                "y": [at, at],
                "line": {"color": colours.accent, "width": 6},
                "hoverinfo": "skip",
            }
        )
        notes.append(
            {
                "x": today.strftime(DAY),
                "y": at,
                "xanchor": "right",
                "yshift": 13,
                "text": waiting_words,
                "showarrow": False,
                "font": {"size": 12, "color": colours.accent},
            }
        )
    if forecast and forecast_stage in names:
        low, likely, high = (day.strftime(DAY) for day in forecast)
        data.append(
            {
                **point,
                "mode": "lines+markers",
                "name": "预测完工（80%区间）",
                "x": [low, likely, high],
                "y": [forecast_stage] * 3,
                "hovertext": [f"最早 {low}", f"最可能 {likely}", f"最晚 {high}"],
                "marker": {"symbol": "line-ns-open", "size": [12, 16, 12], "color": colours.accent},
                "line": {"color": colours.accent, "width": 2, "dash": "3px,3px"},
            }
        )
    days = [day for s in steps for day in (s.planned, s.actual) if day] + [today]
    days += list(forecast or ())
    span = max(days) - min(days)
    return {
        "data": data,
        "layout": {
            **_plain(colours, 90 + 36 * len(names)),
            "margin": {"l": 4, "r": 10, "t": 34, "b": 4},
            "legend": _legend(colours),
            "xaxis": {
                "type": "date",
                "fixedrange": True,
                "tickformat": "%Y-%m",
                "range": [
                    (min(days) - span * 0.03).strftime(DAY),
                    (max(days) + span * 0.14).strftime(DAY),
                ],
                "showgrid": True,
                "automargin": True,
                "nticks": 8,
            },
            "yaxis": {
                "type": "category",
                "categoryorder": "array",
                "categoryarray": names,
                "autorange": "reversed",
                "fixedrange": True,
                "automargin": True,
                "showgrid": False,
                "tickfont": {"size": 12, "color": colours.ink},
            },
            "shapes": [
                {
                    "type": "line",
                    "x0": today.strftime(DAY),
                    "x1": today.strftime(DAY),
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": colours.quiet, "width": 1},
                    "layer": "below",
                }
            ],
            "annotations": notes,
        },
    }


def against(
    names: Sequence[str],
    whole: Sequence[float],
    part: Sequence[float],
    *,
    whole_name: str,
    part_name: str,
    dark: bool = False,
    keys: Sequence[str],
    hovers: Sequence[str],
    row_px: int = 30,
) -> dict:
    """Draw a part as a narrow bar on its whole, one row per name; a click gives the row's key."""
    colours = theme.palette(dark)
    bar = {
        **_opening(keys, hovers),
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(names))),
        "showlegend": True,
    }
    return {
        "data": [
            {
                **bar,
                "x": list(whole),
                "name": whole_name,
                "marker": {"color": colours.bands[1]},
                "width": 0.72,
            },
            {
                **bar,
                "x": list(part),
                "name": part_name,
                "marker": {"color": colours.bands[4]},
                "width": 0.34,
            },
        ],
        "layout": {
            **_plain(colours, 46 + row_px * len(names)),
            "barmode": "overlay",
            "legend": _legend(colours),
            "xaxis": {"visible": False, "fixedrange": True},
            **_rows(names, colours, top=34),
        },
    }


def flows(
    months: Sequence[str],
    income: Sequence[float],
    spent: Sequence[float],
    balance: Sequence[float],
    *,
    unit: str,
    dark: bool = False,
) -> dict:
    """Draw money in (up) and out (down) by month, the balance as a line; a click gives the month."""
    colours = theme.palette(dark)
    said = [
        f"<b>{month}</b><br>收入 {came:,.1f}，支出 {went:,.1f}，结余 {left:,.1f} {unit}"
        for month, came, went, left in zip(months, income, spent, balance, strict=True)
    ]
    bar = {
        **_opening(months, said),
        "type": "bar",
        "x": list(months),
        "showlegend": True,
    }
    return {
        "data": [
            {**bar, "y": list(income), "name": "收入", "marker": {"color": colours.bar}},
            {
                **bar,
                "y": [-value for value in spent],
                "name": "支出",
                "marker": {"color": colours.quiet},
            },
            {
                "type": "scatter",
                "mode": "lines",
                "x": list(months),
                "y": list(balance),
                "name": "结余",
                "line": {"color": colours.accent, "width": 2.6},
                "hoverinfo": "skip",
            },
        ],
        "layout": {
            **_plain(colours, 300),
            "barmode": "relative",
            "margin": {"l": 54, "r": 10, "t": 34, "b": 24},
            "legend": _legend(colours),
            "xaxis": {
                "type": "category",
                "fixedrange": True,
                "tickmode": "array",
                "tickvals": [m for m in months if m.endswith(("-01", "-07"))],
                "showgrid": False,
            },
            "yaxis": {
                "title": {"text": unit, "standoff": 14, "font": {"size": 12}},
                "fixedrange": True,
                "nticks": 6,
                "zeroline": True,
                "zerolinecolor": colours.quiet,
            },
        },
    }


@dataclass(frozen=True)
class Pair:
    """One metric for two groups: shares in % with their intervals (value, low, high)."""

    key: str
    name: str
    ours: tuple[float, float, float]
    others: tuple[float, float, float]


def compared(rows: Sequence[Pair], *, our_name: str, other_name: str, dark: bool = False) -> dict:
    """Draw two shares per metric as dots with their 95 % intervals."""
    colours = theme.palette(dark)

    def dots(group: list[tuple], name: str, colour: str, shift: float) -> dict:
        return {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": [value for value, _, _ in group],
            "y": [k + shift for k in range(len(group))],
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [high - value for value, _, high in group],
                "arrayminus": [value - low for value, low, _ in group],
                "color": colour,
                "thickness": 1.6,
                "width": 3,
            },
            **_opening(
                [row.key for row in rows],
                [
                    f"{row.name}　{name} {value:.1f}%（{low:.0f}–{high:.0f}%）"
                    for row, (value, low, high) in zip(rows, group, strict=True)
                ],
            ),
            "marker": {"size": 10, "color": colour},
            "showlegend": True,
        }

    return {
        "data": [
            dots([row.ours for row in rows], our_name, colours.accent, -0.16),
            dots([row.others for row in rows], other_name, colours.bar, 0.16),
        ],
        "layout": {
            **_plain(colours, 70 + 46 * len(rows)),
            "legend": _legend(colours),
            "xaxis": {
                "fixedrange": True,
                "range": [-2, 102],
                "ticksuffix": "%",
                "showgrid": True,
                "zeroline": False,
            },
            **_rows([row.name for row in rows], colours, top=34, bottom=24),
        },
    }


def _opening(keys: Iterable[str], hovers: Sequence[str]) -> dict:
    """Return what a trace needs whose points open something: a click does not fade the others."""
    return {
        "customdata": [Click("item", key).customdata for key in keys],
        "hovertext": list(hovers),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "showlegend": False,
    }


def _plain(colours: theme.Palette, height: int) -> dict:
    return {
        "height": height,
        "dragmode": False,
        "font": {"family": theme.FONT, "color": colours.ink, "size": 12},
        "hoverlabel": {"align": "left"},
    }


def _rows(
    labels: Sequence[str], colours: theme.Palette, top: int = 10, bottom: int = 4
) -> dict[str, dict]:
    """Return an axis with one row per label, the first on top, and the margins it needs.

    A label of two lines leaves the bar its room on a phone, where words beside it would not.
    Plotly could find out itself how wide the labels are, but draws the chart once more for it.
    """
    lines = [
        line.replace("<b>", "").replace("</b>", "")
        for label in labels
        for line in label.split("<br>")
    ]
    widest = max((sum(12 if ord(c) > 255 else 7 for c in line) for line in lines), default=0)
    axis = {
        "autorange": False,
        "range": [len(labels) - 0.5, -0.5],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "tickfont": {"size": 12, "color": colours.ink},
    }
    return {"yaxis": axis, "margin": {"l": widest + 12, "r": 6, "t": top, "b": bottom}}


def _legend(colours: theme.Palette, y: float = 1.02) -> dict:
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": y,
        "yanchor": "bottom",
        "itemclick": False,
        "itemdoubleclick": False,
        "bgcolor": "rgba(0,0,0,0)",
        "traceorder": "normal",
        "font": {"size": 12, "color": colours.ink},
    }


def _thin(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"
