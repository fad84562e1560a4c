"""The funnel of a metric and the intervals of ranks, drawn for an appearance."""

from collections.abc import Sequence

import numpy as np

from chunshui.catalogue.figure import written
from chunshui.catalogue.funnel import INNER, OUTER, Funnel
from chunshui.drawing import theme
from chunshui.ranking.drill import Drill, Entry
from chunshui.ranking.league import WAYS, League
from chunshui.ui.charts.base import DASHES, HOVER, Drawn, axis, chart, label_rows
from chunshui.ui.map.land import short_name

HEIGHT, ROW_PX = 400, 30


def funnel(
    entry: Entry,
    found: Funnel,
    names: Sequence[str],
    hits: np.ndarray,
    cases: np.ndarray,
    *,
    thing: str,
    dark: bool,
) -> Drawn:
    """Return each place by its base and value, over the bands in which chance alone would put it."""
    colours, metric = theme.palette(dark), entry.metric
    scale = metric.scale
    most = max(float(cases.max()) * 1.06, 2.0)
    bases = np.unique(np.linspace(1, most, 70).round().clip(1))
    data: list[dict] = []
    for share, opacity in ((OUTER, 0.5), (INNER, 1.0)):
        low, high = found.limits(bases, share)
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [*bases, *bases[::-1]],
                "y": [*(scale * high), *(scale * low)[::-1]],
                "fill": "toself",
                "fillcolor": colours.missing,
                "opacity": opacity,
                "line": {"width": 0},
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    seen = np.flatnonzero(cases > 0).tolist()
    off = (found.outside[seen] != 0).tolist()
    values = scale * hits[seen] / cases[seen]
    texts = [written(metric, float(value)).text for value in values]
    label = [
        f"<b>{short_name(names[at])}</b> {text}" if out else ""
        for at, out, text in zip(seen, off, texts, strict=True)
    ]
    data.append(
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": cases[seen].tolist(),
            "y": values.tolist(),
            "text": label,
            "textposition": [
                "middle left" if cases[at] > most / 2 else "middle right" for at in seen
            ],
            "textfont": {"color": colours.ink, "size": 13, "shadow": colours.halo},
            "hovertext": [
                f"<b>{names[at]}</b>　{text}（{hits[at]:,.0f}/{cases[at]:,.0f}）"
                + ("" if found.judged[at] else "　基数太小，不判断")
                for at, text in zip(seen, texts, strict=True)
            ],
            "marker": {
                "size": [12 if out else 9 for out in off],
                "symbol": [
                    "diamond" if out else "circle" if found.judged[at] else "circle-open"
                    for at, out in zip(seen, off, strict=True)
                ],
                "color": [colours.accent if out else colours.bar for out in off],
                "line": {"width": 1, "color": colours.ground},
            },
            "cliponaxis": False,
            "showlegend": False,
            **HOVER,
        }
    )
    centre = scale * found.centre
    line = {"color": colours.quiet, "width": 1.2, "dash": DASHES}
    middle = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": centre, "y1": centre}
    said = {
        "text": f"{thing}{written(metric, centre).text}",
        "xref": "paper",
        "x": 1,
        "xanchor": "right",
        "y": centre,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 12, "color": colours.quiet},
    }
    near = found.limits(cases[found.judged] if found.judged.any() else cases[seen], OUTER)
    shown = scale * np.concatenate([*near, hits[seen] / cases[seen]])
    room = 0.06 * max(float(np.ptp(shown)), 1e-9)
    return Drawn(
        chart(
            data,
            colours,
            HEIGHT,
            (48, 8, 8, 44),
            shapes=[{**middle, "line": line}],
            annotations=[said],
            xaxis=axis(
                range=[0, most],
                showgrid=False,
                zeroline=False,
                title={"text": f"基数（{metric.denominator_unit}）", "standoff": 6},
            ),
            yaxis=axis(
                ticksuffix="%" if metric.unit == "%" else "",
                zeroline=False,
                range=[float(shown.min()) - room, float(shown.max()) + room],
            ),
        )
    )


def intervals(drill: Drill, league: League, *, dark: bool) -> Drawn:
    """Return the ranks in which each street may lie as a bar, coloured where something is said of it."""
    colours, units = theme.palette(dark), len(drill.codes)
    order = league.order
    said = league.verdicts
    names = [
        f"<b>{name}　{said[at]}</b>" if WAYS[said[at]] else name
        for at, name in ((at, short_name(drill.names[at])) for at in order)
    ]
    labels, left = label_rows(names, colours)
    hovers = [
        f"<b>{drill.names[at]}</b>　名次{league.low[at]}–{league.high[at]}，{said[at]}"
        for at in order
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(units)),
        "x": [float(league.high[at] - league.low[at]) + 0.5 for at in order],
        "base": [float(league.low[at]) - 0.25 for at in order],
        "width": 0.42,
        "marker": {
            "color": [colours.claimed(WAYS[said[at]]) for at in order],
            "line": {"width": 0},
        },
        "hovertext": hovers,
        "showlegend": False,
        **HOVER,
    }
    return Drawn(
        chart(
            [bars],
            colours,
            52 + ROW_PX * units,
            (left, 8, 30, 8),
            xaxis=axis(
                range=[0.4, units + 0.6],
                tickmode="array",
                tickvals=[1, *range(3, units, 2), units]
                if units > 3
                else list(range(1, units + 1)),
                side="top",
                showgrid=True,
                zeroline=False,
                ticksuffix="",
            ),
            yaxis=labels,
        )
    )
