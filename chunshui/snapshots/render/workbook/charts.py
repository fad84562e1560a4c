"""The native charts of the workbook: bars of streets, lines of months."""

from typing import Any

from chunshui.catalogue.bands import stand_out
from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import Definition, MatrixColumn, Trend
from chunshui.snapshots.render import axis as axes
from chunshui.snapshots.render.workbook.book import FONT, Book
from chunshui.snapshots.stamp import clean, shorten

_SMALL = {"name": FONT, "size": 9}


def street_bars(
    book: Book, definition: Definition, places: MatrixColumn, column: int, last: int
) -> tuple[Any, str]:
    """Return a bar chart of a metric on the sheet 街道, rows 7 to `last` + 1, and its name."""
    values, statuses = places.values, places.statuses
    strong = stand_out(values, statuses, definition.kind, definition.direction)
    scale = axes.axis([*values, definition.target], definition.unit)
    written = axes.with_beyond(scale.scale.number_format, definition.most)
    chart = book.file.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": clean(definition.name),
            "categories": ["街道", 6, 0, last, 0],
            "values": ["街道", 6, column, last, column],
            "fill": {"color": PAPER.bar},
            "points": [{"fill": {"color": c}} for c in PAPER.ranked_bars(statuses, strong)],
            "gap": 50,
            "data_labels": {"value": True, "num_format": written, "font": _SMALL},
        }
    )
    name = f"各街道{axes.titled(definition)}"
    if definition.target_shown:
        name += f"，目标{definition.target_shown}"
    if legend := theme.bar_legend(statuses, strong):
        name += f"；{legend}"
    font = {"name": FONT, "size": 12}
    chart.set_title({"name": clean(name), "name_font": font, "overlay": False})
    chart.set_legend({"none": True})
    # Reversed, so that the order is the sheet's; then the values belong at the far end: below.
    order = {"reverse": True, "crossing": "max"}
    chart.set_y_axis(order | {"num_font": _SMALL, "line": {"color": PAPER.street}})
    chart.set_x_axis(_value_axis(scale))
    chart.set_size({"width": 620, "height": 70 + 28 * (last - 5)})
    return chart, name


def month_lines(
    book: Book, trend: Trend, definition: Definition, heading: str, first: int, columns: list[int]
) -> Any:
    """Return a line chart of a trend on the sheet 走势.

    Its header stands in row `first` (from 0), the values of each series in one of `columns`, those
    of the target, if there is one, in the last.
    """
    last = first + len(trend.months)
    values = [value for series in trend.series for value in series.values]
    scale = axes.axis([*values, definition.target], definition.unit, from_zero=False)
    chart = book.file.add_chart({"type": "line"})
    for number, column in enumerate(columns):
        colour = (PAPER.accent, PAPER.bands[4], PAPER.street)[number % 3]
        line = {"color": colour, "width": 2.25}
        if number == len(trend.series):
            line = {"color": PAPER.ink, "width": 1.25, "dash_type": "dash"}
        chart.add_series(
            {
                "name": ["走势", first, column],
                "categories": ["走势", first + 1, 0, last, 0],
                "values": ["走势", first + 1, column, last, column],
                "line": line,
            }
        )
    chart.set_title({"name": shorten(heading, 60), "name_font": {"name": FONT, "size": 11}})
    every = {"major_unit": axes.month_step(len(trend.months)), "major_unit_type": "months"}
    chart.set_x_axis({"date_axis": True, "num_format": "yyyy-mm", "num_font": _SMALL, **every})
    chart.set_y_axis(_value_axis(scale))
    chart.set_legend({"position": "bottom", "font": _SMALL})
    chart.show_blanks_as("gap")
    chart.set_size({"width": 640, "height": 320})
    return chart


def _value_axis(scale: axes.Axis) -> dict[str, Any]:
    return {
        "num_font": _SMALL,
        "num_format": scale.number_format,
        "min": scale.low,
        "max": scale.high,
        "major_unit": scale.step,
        "major_gridlines": {"visible": True, "line": {"color": PAPER.grid}},
    }
