"""Charts as plain plotly dicts: ranking, trend, sensitivity. Values come in, nothing is computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from plotly.basedatatypes import BaseFigure

from chunshui.drawing import theme
from chunshui.ui.map.click import Click


class Drawn(BaseFigure):
    """A finished figure: st.plotly_chart takes its dict as it is.

    Given a bare dict, it copies and validates the whole of it in every run, which costs more
    than the rest of a page. The tests validate each picture once instead.
    """

    def __init__(self, figure: dict):
        self.__dict__["ready"] = figure

    def to_dict(self) -> dict:
        """Return the figure; nobody may change it, every session shares it."""
        return self.__dict__["ready"]


CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
BAR_PX = 27
FIGURE_SPACE = "\u2007"  # as wide as a digit


@dataclass(frozen=True)
class Bar:
    """One place in a ranking; `words` stands before the bar, `small` in the hover."""

    code: str
    name: str
    value: float | None
    words: str
    small: str
    street_code: str


def ranking(
    bars: Sequence[Bar],
    *,
    average: float | None,
    average_words: str,
    chosen: Sequence[str] = (),
    dark: bool = False,
) -> dict:
    """Draw places as horizontal bars in the order given (the first on top), the average as a line.

    The chosen places are in the accent. A missing value is drawn as no bar with its words.
    """
    colours = theme.palette(dark)
    values = [bar.value or 0 for bar in bars]
    top = max([*values, average or 0], default=0) or 1
    low = min([*values, 0])
    above = 4 if average is None else 26  # room for the words of the average
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": [bar.code for bar in bars],
                "x": values,
                "marker": {
                    "color": [colours.accent if b.code in chosen else colours.bar for b in bars],
                    "line": {"width": 0},
                },
                "customdata": [
                    Click("place", bar.code, street_code=bar.street_code).customdata for bar in bars
                ],
                "hovertext": [f"<b>{bar.name}</b><br>{bar.small}" for bar in bars],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "selected": {"marker": {"opacity": 1}},
                "unselected": {"marker": {"opacity": 1}},
                "showlegend": False,
            }
        ],
        "layout": {
            "height": max(150, BAR_PX * len(bars) + above + 8),
            "margin": {"l": 4, "r": 4, "t": above, "b": 4},
            "bargap": 0.34,
            "dragmode": False,
            "font": {"family": theme.FONT, "color": colours.ink, "size": 12},
            "xaxis": {
                "visible": False,
                "fixedrange": True,
                "range": [low * 1.05, top * 1.05],
            },
            "yaxis": {
                "type": "category",
                "autorange": "reversed",
                "fixedrange": True,
                "automargin": True,
                "ticks": "",
                "showgrid": False,
                "tickmode": "array",
                "tickvals": [bar.code for bar in bars],
                "ticktext": [
                    f"<b>{text}</b>" if bar.code in chosen else text
                    for bar, text in zip(bars, _names_with_values(bars), strict=True)
                ],
                "tickfont": {"color": colours.ink, "size": 12},
            },
            **_line_across(average, average_words, colours),
        },
    }


def _names_with_values(bars: Sequence[Bar]) -> list[str]:
    """Return name and value as one label, the values under one another (figures are tabular)."""
    longest = max((len(bar.words) for bar in bars), default=0)
    return [f"{bar.name}　{bar.words.rjust(longest, FIGURE_SPACE)}" for bar in bars]


def _line_across(average: float | None, words: str, colours: theme.Palette) -> dict:
    """Return the vertical line of the average with its words above it."""
    if average is None:
        return {}
    line = {"color": colours.ink, "width": 1.2, "dash": "4px,3px"}
    return {
        "shapes": [
            {"type": "line", "x0": average, "x1": average, "yref": "paper", "y0": 0, "y1": 1.0}
            | {"line": line, "layer": "below"}
        ],
        "annotations": [
            {
                "x": average,
                "y": 1.0,
                "yref": "paper",
                "yanchor": "bottom",
                "xanchor": "right" if average else "left",
                "text": words,
                "showarrow": False,
                "font": {"size": 12, "color": colours.quiet},
            }
        ],
    }


def trend(
    months: Sequence[str],
    values: Sequence[float | None],
    *,
    words: Sequence[str],
    marked: str,
    target: float | None = None,
    target_words: str = "",
    dark: bool = False,
    height: int = 260,
) -> dict:
    """Draw a value by month (months as "2026-03"), the marked month as a dot with its words."""
    colours = theme.palette(dark)
    at = list(months).index(marked) if marked in months else len(months) - 1
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": list(months),
            "y": list(values),
            "line": {"color": colours.bar, "width": 2.4},
            "connectgaps": False,
            "hovertext": [f"{m}　{w}" for m, w in zip(months, words, strict=True)],
            "hovertemplate": "%{hovertext}<extra></extra>",
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
                "textfont": {"color": colours.ink, "size": 13},
                "marker": {"color": colours.accent, "size": 9},
                "cliponaxis": False,
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    layout = {
        "height": height,
        "margin": {"l": 4, "r": 14, "t": 24, "b": 4},
        "dragmode": False,
        "font": {"family": theme.FONT, "color": colours.ink, "size": 12},
        "xaxis": {
            "type": "category",
            "fixedrange": True,
            "tickmode": "array",
            "tickvals": [m for m in months if m.endswith(("-03", "-09"))] or list(months),
            "showgrid": False,
            "automargin": True,
        },
        "yaxis": {
            "fixedrange": True,
            "automargin": True,
            "nticks": 5,
            "zeroline": False,
            "separatethousands": True,
        },
    }
    if target is not None:
        layout["shapes"] = [
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": target,
                "y1": target,
                "line": {"color": colours.quiet, "width": 1.2, "dash": "4px,3px"},
            }
        ]
        layout["annotations"] = [
            {
                "xref": "paper",
                "x": 0,
                "y": target,
                "xanchor": "left",
                "yanchor": "bottom",
                "text": target_words,
                "showarrow": False,
                "font": {"color": colours.quiet, "size": 12},
            }
        ]
    return {"data": data, "layout": layout}


def sparkline(values: Sequence[float | None], label: str) -> str:
    """Return the months as a line in the text's colour, the last one as a dot; gaps stay gaps.

    An inline SVG: six of Streamlit's own sparklines cost the browser as much as map and ranking
    together.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    wide = max(len(values) - 1, 1)

    def spot(k: int, value: float) -> str:
        height = (value - low) / (high - low) if high > low else 0.5
        return f"{2 + 116 * k / wide:.1f} {30 - 26 * height:.1f}"

    path, pen = "", "M"
    for k, value in enumerate(values):
        path += "" if value is None else f"{pen}{spot(k, value)}"
        pen = "M" if value is None else "L"
    end = ""
    if values[-1] is not None:
        x, y = spot(len(values) - 1, values[-1]).split()
        end = f'<circle cx="{x}" cy="{y}" r="2.4" fill="{theme.LIGHT.accent}"/>'
    return (
        f'<svg viewBox="0 0 122 34" width="100%" role="img" aria-label="{escape(label)}">'
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="1.3" opacity="0.6"/>'
        f"{end}</svg>"
    )


def sensitivity(
    names: Sequence[str],
    values: Sequence[float | None],
    words: Sequence[str],
    *,
    dark: bool = False,
) -> dict:
    """Draw one value per way of counting as dots on one line each; the first, ours, in the accent."""
    colours = theme.palette(dark)
    shown = [value for value in values if value is not None]
    low, high = min(shown, default=0), max(shown, default=1)
    room = (high - low) * 0.12 or abs(high) * 0.1 or 1
    # Words stand on the side where there is room for them, on a phone too.
    right = [value is None or value < (low + high) / 2 for value in values]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": list(values),
                "y": list(names),
                "text": [f"　{w}" if r else f"{w}　" for w, r in zip(words, right, strict=True)],
                "textposition": ["middle right" if r else "middle left" for r in right],
                "textfont": {"color": colours.ink, "size": 13},
                "marker": {
                    "size": 12,
                    "color": [colours.accent] + [colours.bar] * (len(names) - 1),
                },
                "cliponaxis": False,
                "hoverinfo": "skip",
                "showlegend": False,
            }
        ],
        "layout": {
            "height": 46 * len(names) + 20,
            "margin": {"l": 4, "r": 4, "t": 6, "b": 6},
            "dragmode": False,
            "font": {"family": theme.FONT, "color": colours.ink, "size": 12},
            "xaxis": {
                "fixedrange": True,
                "range": [low - room, high + room],
                "showgrid": False,
                "showticklabels": False,
                "zeroline": False,
            },
            "yaxis": {
                "type": "category",
                "autorange": "reversed",
                "fixedrange": True,
                "automargin": True,
                "showgrid": True,
            },
        },
    }
