"""The native charts of the workbook: bars of streets, lines of months."""

from dataclasses import dataclass
from typing import Any

from chunshui.catalogue.bands import stand_out
from chunshui.drawing import theme
from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import Definition, Number, Trend
from chunshui.snapshots.render import axis as axes
from chunshui.snapshots.render.workbook.book import FONT, Book
from chunshui.snapshots.stamp import clean, shorten

_SMALL = {"name": FONT, "size": 9}


PARTS = "分子分母"  # the sheet that charts of streets take their numbers from
_PLACE, _VALUE, _TARGET = 2, 5, 10  # its columns


@dataclass(frozen=True)
class Block:
    """The places of a metric on the sheet 分子分母, the best first: rows (from 0), values and statuses."""

    first: int
    last: int
    values: tuple[Number | None, ...]
    statuses: tuple[str, ...]


def street_columns(book: Book, definition: Definition, block: Block) -> tuple[Any, str]:
    """Return a chart of the streets' values, the best first, with its target as a line, and its name."""
    strong = stand_out(block.values, block.statuses, definition.kind, definition.direction)
    scale = axes.axis([*block.values, definition.target], definition.unit)
    chart = book.file.add_chart({"type": "column"})

    def cells(column: int) -> list[str | int]:
        return [PARTS, block.first, column, block.last, column]

    fills = PAPER.ranked_bars(block.statuses, strong)
    chart.add_series(
        {
            "name": clean(definition.name),
            "categories": cells(_PLACE),
            "values": cells(_VALUE),
            "fill": {"color": PAPER.bar},
            "points": [{"fill": {"color": colour}} for colour in fills],
            "gap": 50,
            "data_labels": {
                "value": True,
                "num_format": _written(definition, scale),
                "font": _SMALL,
            },
        }
    )
    if definition.target is not None:
        line = book.file.add_chart({"type": "line"})
        dashed = {"color": PAPER.ink, "width": 1.25, "dash_type": "dash"}
        line.add_series(
            {"name": "目标", "categories": cells(_PLACE), "values": cells(_TARGET), "line": dashed}
        )
        chart.combine(line)
    name = f"各街道{axes.titled(definition)}"
    if definition.target_shown:
        name += f"，目标{definition.target_shown}（虚线）"
    if legend := theme.bar_legend(block.statuses, strong):
        name += f"；{legend}"
    font = {"name": FONT, "size": 11}
    chart.set_title({"name": clean(name), "name_font": font, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": _SMALL, "line": {"color": PAPER.street}})
    chart.set_y_axis(_value_axis(definition, scale))
    chart.set_size({"width": 640, "height": 340})
    return chart, name


def _written(definition: Definition, scale: axes.Axis) -> str:
    """Return the number format of a metric's values in the cells: percentages are what they are."""
    if definition.unit == "%":
        return axes.REAL_PERCENT
    return axes.with_beyond(scale.scale.number_format, definition.most)


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
    chart.set_y_axis(_value_axis(definition, scale))
    chart.set_legend({"position": "bottom", "font": _SMALL})
    chart.show_blanks_as("gap")
    chart.set_size({"width": 640, "height": 320})
    return chart


def _value_axis(definition: Definition, scale: axes.Axis) -> dict[str, Any]:
    share = 100 if definition.unit == "%" else 1
    form = (
        ("0%" if float(scale.step).is_integer() else "0.0%") if share > 1 else scale.number_format
    )
    return {
        "num_font": _SMALL,
        "num_format": form,
        "min": scale.low / share,
        "max": scale.high / share,
        "major_unit": scale.step / share,
        "major_gridlines": {"visible": True, "line": {"color": PAPER.grid}},
    }
