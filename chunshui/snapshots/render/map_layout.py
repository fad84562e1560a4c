"""From metres on the ground to a box on paper: fit, rings, places for labels."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chunshui import words
from chunshui.catalogue.bands import plain_strengths, shade_words, worse_end
from chunshui.drawing import labels
from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import Band, Basemap, Definition, Map, Shape, Snapshot
from chunshui.snapshots.render import axis
from chunshui.snapshots.stamp import shorten

# Where a label may go: widths to the right, heights down, the nearest first.
_SHIFTS: tuple[tuple[float, float], ...] = (
    (0, 0), (0, -1.0), (0, 1.0), (0.5, 0), (-0.5, 0), (0.5, -1.0), (-0.5, -1.0), (0.5, 1.0),
    (-0.5, 1.0), (0, -2.0), (0, 2.0), (0.9, 0), (-0.9, 0), (0.9, -1.0), (0.9, 1.0), (0.5, -2.0),
    (0.5, 2.0), (-0.5, 2.0), (-0.9, 1.0), (-0.9, -1.0),
)  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """Metres to paper: x right, y down, one scale for both, centred in the box."""

    scale: float
    x: float
    y: float

    def __call__(self, flat: Sequence[float]) -> np.ndarray:
        """Return flat x, y, x, y … metres as an (n, 2) array on paper."""
        points = np.asarray(flat, dtype=float).reshape(-1, 2)
        return np.column_stack(
            [self.x + self.scale * points[:, 0], self.y - self.scale * points[:, 1]]
        )


def fit(shapes: Iterable[Shape], left: float, top: float, width: float, height: float) -> Fit:
    """Return the largest fit of the shapes into a box; shapes without extent are centred."""
    points = _points(shapes)
    (west, south), (east, north) = points.min(0), points.max(0)
    scale = min(width / max(east - west, 1), height / max(north - south, 1))
    return Fit(
        scale,
        left + (width - scale * (east - west)) / 2 - scale * west,
        top + (height - scale * (north - south)) / 2 + scale * north,
    )


def drawable(ring: np.ndarray, step: float) -> np.ndarray | None:
    """Return a ring rounded to `step` without repeated points, open; None if nothing is left."""
    grid = np.rint(ring / step) * step
    keep = np.r_[True, (np.diff(grid, axis=0) != 0).any(1)]
    grid = grid[keep]
    if len(grid) > 1 and (grid[0] == grid[-1]).all():
        grid = grid[:-1]
    return grid if len(grid) >= 3 else None


def label_places(
    basemap: Basemap, level: str, to_paper: Fit, size: float, corner: tuple[float, float]
) -> list[tuple[str, float, float]]:
    """Return (name, x, y) for the labels of a map, moved aside where two would overlap.

    Streets are named, or the communities of the only street: those hardly move, for a name beside
    its place would name the neighbour. `size` is the height of the letters on paper, `corner` how
    far right and down a label may reach. One that finds no free place is left out.
    """
    shapes, shifts = basemap.streets, _SHIFTS
    names = [shape.name for shape in shapes]
    if level == "社区" and len(shapes) == 1:
        shapes, shifts = basemap.communities, _SHIFTS[:3]
        names = [shorten(shape.name.removesuffix("社区"), 10) for shape in shapes]
    halves = [len(name) * size * 0.55 for name in names]

    def candidates(i: int) -> Iterator[labels.Point]:
        x, y = (float(v) for v in to_paper((shapes[i].x, shapes[i].y))[0])
        yield from ((x + right * halves[i], y + down * size) for right, down in shifts)

    placed = labels.place(
        sorted(range(len(shapes)), key=lambda i: (_area(shapes[i]), shapes[i].code)),
        candidates,
        lambda i: (halves[i], 0.62 * size),
        lambda i, box: 1.0 if box[2] <= corner[0] and box[3] <= corner[1] else None,
    )
    return [(names[i], x, y) for i, (x, y) in placed.items()]


def filled(
    shapes: Iterable[Shape], section: Map, definition: Definition
) -> Iterator[tuple[Shape, str, str | None]]:
    """Yield each place, its words and colour: its class, 无数据, or hardly any out of scope.

    Where there are bands they come first, and a place over them has no colour.
    """
    for band in section.bands or ():
        yield Shape("", band.name, "", band.rings, 0, 0), band.name, _band_colour(band)
    shades = _shades(section, definition)
    figures = {figure.place.code: figure for figure in section.figures}
    for shape in shapes:
        figure = figures.get(shape.code)
        if figure is None:
            yield shape, f"{shape.name}不在范围内", PAPER.panel
            continue
        missing = None if section.bands else PAPER.missing
        colour = missing if figure.band is None else shades[figure.band]
        yield shape, f"{figure.place.full_name} {figure.shown}", colour


def _band_colour(band: Band) -> str:
    return PAPER.missing if band.strength is None else PAPER.bands[band.strength]


def ground(snapshot: Snapshot, section: Map) -> Basemap:
    """Return what a map is drawn on: its own ground, or the snapshot's."""
    return section.ground or snapshot.basemap


def head(section: Map, definition: Definition) -> str:
    """Return what a legend is of: the metric with its unit, or what the bands are."""
    return section.heading.split(" · ")[1] if section.bands else axis.titled(definition)


def _shades(section: Map, definition: Definition) -> tuple[str, ...]:
    """The colours of the classes, low to high: the darkest is the worst, where there is a worse."""
    strengths = section.strengths
    if strengths is None:  # frozen by earlier software
        end = worse_end(definition.kind, definition.direction)
        strengths = plain_strengths(len(section.labels), falling=end == "low")
    return tuple(PAPER.ramp(section.ramp or "bands")[strength] for strength in strengths)


def _area(shape: Shape) -> float:
    """The area of the frame around a shape: the small ones choose the place of their label."""
    return float(np.prod(np.ptp(_points([shape]), axis=0)))


def extent_m(shapes: Iterable[Shape]) -> tuple[float, float]:
    """Return how many metres the shapes stretch east and north."""
    east, north = np.ptp(_points(shapes), axis=0).tolist()
    return east, north


def _points(shapes: Iterable[Shape]) -> np.ndarray:
    """All corners, shape (n, 2); one at the origin where there is none."""
    flat = [np.asarray(ring, float) for shape in shapes for ring in shape.rings]
    return np.concatenate(flat or [np.zeros(2)]).reshape(-1, 2)


def legend_rows(section: Map, definition: Definition) -> list[tuple[str, str, str]]:
    """Return colour, name and "14个" places of each class, high to low; then those without, if any.

    Of bands the nearest first, without a number.
    """
    if section.bands:
        return [(_band_colour(band), band.name, "") for band in section.bands[::-1]]
    shades = _shades(section, definition)
    counts = Counter(figure.band for figure in section.figures)
    rows = [(shades[k], name, f"{counts[k]}个") for k, name in enumerate(section.labels)][::-1]
    none = [(PAPER.missing, unshaded(section), f"{counts[None]}个")] if counts[None] else []
    return rows + none


def unshaded(section: Map) -> str:
    """Return what the places without a shade are called."""
    if section.ramp:
        return "不作比较"
    small = [figure.status == words.TOO_FEW for figure in section.figures if figure.band is None]
    return words.unshaded(any(small), not all(small))


def shading(section: Map, definition: Definition) -> str:
    """Return what the darkest colour of a map says."""
    if section.bands:
        return "颜色越深越近"
    if section.ramp:
        return "深红最差" if section.ramp == "moves" else "黄减蓝增"
    return shade_words(definition.kind, definition.direction)


def layers(section: Map) -> Iterable[tuple[str, int]]:
    """Return the name of each group of points and how many it has."""
    return Counter(point.layer for point in section.points).items()


def in_scope(basemap: Basemap, level: str) -> tuple[Shape, ...]:
    """Return the shapes of a level (街道 or 社区)."""
    return basemap.streets if level == "街道" else basemap.communities
