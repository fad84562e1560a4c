"""What a click on a picture carries: written beside a point by who draws, read by who follows.

plotly keeps a list of plain values beside each point, its `customdata`; only this file knows
their order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any


@dataclass(frozen=True)
class Click:
    """The thing that a point stands for."""

    kind: str  # place (a street or a community), row of a chart, station, building …
    code: str
    name: str = ""  # what it is called in a choice
    street: str = ""  # code of the street a place lies in, or is


def place(code: str, street: str) -> Click:
    """Return what a street or a community carries; a street is its own street."""
    return Click("place", code, street=street)


def customdata(clicks: Iterable[Click]) -> list[list[str]]:
    """Return what the points of a trace carry, one click each."""
    return [list(astuple(click)) for click in clicks]


def rows(codes: Iterable[str]) -> list[list[str]]:
    """Return what the bars or dots of a chart carry: the code of what each stands for."""
    return customdata(Click("row", code) for code in codes)


def clicked(points: Sequence[Any]) -> Click | None:
    """Return what the first of the points selected carries; None where nothing is to be opened."""
    values = points[0].get("customdata") if points else None
    return Click(*values) if values else None
