"""What all charts share: a finished figure, its layout, its axes, traces that open something."""

from collections.abc import Iterable, Sequence
from typing import Any

from plotly.basedatatypes import BaseFigure

from chunshui.drawing import theme
from chunshui.drawing.theme import Palette
from chunshui.ui.map.click import Click

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
HOVER = {"hovertemplate": "%{hovertext}<extra></extra>"}
NO_FADING = {  # a click opens something; it must not fade the others
    "selected": {"marker": {"opacity": 1}},
    "unselected": {"marker": {"opacity": 1}},
}
DASHES = "4px,3px"


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


def layout(colours: Palette, height_px: int, margin: Sequence[int], **more: Any) -> dict:
    """Return the layout of a chart; `margin` left, right, top, bottom in pixels."""
    axes = {name: _readable(one, colours) for name, one in more.items() if name[1:5] == "axis"}
    return {
        "height": height_px,
        "margin": dict(zip("lrtb", margin, strict=True)),
        "dragmode": False,
        "font": {"family": theme.FONT, "color": colours.ink, "size": 12},
        **more,
        **axes,
    }


def chart(
    data: Sequence[dict], colours: Palette, height_px: int, margin: Sequence[int], **more: Any
) -> dict:
    """Return a chart of some traces, the rest as `layout` takes it."""
    return {"data": list(data), "layout": layout(colours, height_px, margin, **more)}


def _readable(axis: dict, colours: Palette) -> dict:
    """Return an axis whose words have our colours: Streamlit's own are too pale to be read."""
    axis = {**axis, "tickfont": {"color": colours.quiet, **axis.get("tickfont", {})}}
    if title := axis.get("title"):
        axis["title"] = {**title, "font": {"color": colours.quiet, **title.get("font", {})}}
    return axis


def axis(**more: Any) -> dict:
    """Return an axis that nobody can drag."""
    return {"fixedrange": True, **more}


def months_axis(ticks: Sequence[str], **more: Any) -> dict:
    """Return an axis of months ("2026-03") with ticks at some of them."""
    return axis(type="category", tickmode="array", tickvals=list(ticks), showgrid=False, **more)


def names_axis(**more: Any) -> dict:
    """Return an axis of names, the first on top, which finds out itself how wide they are."""
    return axis(type="category", autorange="reversed", automargin=True, **more)


def value_axis(unit: str, **more: Any) -> dict:
    """Return an upright axis of values with its unit beside it."""
    title = {"text": unit, "standoff": 14, "font": {"size": 12}}
    return axis(title=title, nticks=6, **more)


def legend(colours: Palette, y: float = 1.02) -> dict:
    """Return a legend in one line over the chart that nothing can be hidden with."""
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


def opening(codes: Iterable[str], hovers: Iterable[str]) -> dict:
    """Return what a trace needs whose points open something, each by its code."""
    return {
        "customdata": [Click("item", code).customdata for code in codes],
        "hovertext": list(hovers),
        "hoverlabel": {"align": "left"},
        **HOVER,
        **NO_FADING,
        "showlegend": False,
    }


def upright(x: float | str, colour: str, width: float = 1, **dash: str) -> dict:
    """Return a line from the bottom to the top of a chart, behind what is drawn."""
    line = {"color": colour, "width": width, **dash}
    across = {"x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", **across, "line": line, "layer": "below"}


def label_rows(labels: Sequence[str], colours: Palette) -> tuple[dict, int]:
    """Return an axis with one row per label, the first on top, and the pixels left of it.

    A label of two lines leaves the bar its room on a phone, where words beside it would not.
    Plotly could find out itself how wide the labels are, but draws the chart once more for it.
    """
    lines = [
        line.replace("<b>", "").replace("</b>", "")
        for label in labels
        for line in label.split("<br>")
    ]
    widest = max((sum(12 if ord(c) > 255 else 7 for c in line) for line in lines), default=0)
    rows = axis(
        autorange=False,
        range=[len(labels) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        ticks="",
        tickmode="array",
        tickvals=list(range(len(labels))),
        ticktext=list(labels),
        tickfont={"size": 12, "color": colours.ink},
    )
    return rows, widest + 12
