"""From metres on the ground to a box on paper: fit, rings, places for labels."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chunshui import words
from chunshui.catalogue.bands import plain_strengths, shade_words, worse_end
from chunshui.drawing import labels
from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import EDGE_M, Band, Basemap, Definition, Map, Point, Shape, Snapshot
from chunshui.snapshots.render import axis
from chunshui.snapshots.stamp import shorten

ADDED = ("新增", "停用", "建议点位", "试算停用")  # layers of points that a trial adds or closes
MOST_NUMBERED, MOST_NAMED = 20, 6  # points that were added: on the map, in its legend
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


def fit(
    shapes: Iterable[Shape],
    left: float,
    top: float,
    width: float,
    height: float,
    *,
    around_m: float = 0.0,
) -> Fit:
    """Return the largest fit of the shapes, and so many metres around them, into a box; shapes without extent are centred."""
    points = _points(shapes)
    (west, south), (east, north) = points.min(0) - around_m, points.max(0) + around_m
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


@dataclass(frozen=True)
class Label:
    """A name on a map: its box (left, top, right, bottom) and the point of the place it names, on paper."""

    words: str
    box: tuple[float, float, float, float]
    point: tuple[float, float]

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2

    @property
    def leads(self) -> bool:
        """Whether the name stands so far from its place that a line must lead there."""
        left, top, right, bottom = self.box
        return not (
            left <= self.point[0] <= right and 2 * top - bottom <= self.point[1] <= 2 * bottom - top
        )

    @property
    def leader(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The line from the edge of the box to the place."""
        left, top, right, bottom = self.box
        x, y = self.point
        return (min(max(x, left), right), min(max(y, top), bottom)), (x, y)


def label_places(
    basemap: Basemap,
    level: str,
    to_paper: Fit,
    size: float,
    frame: tuple[float, float, float, float],
    marks: Sequence[labels.Box] = (),
) -> list[Label]:
    """Return the names of a map, moved aside where two would overlap; a line leads from the far ones.

    Streets are named, or the communities of the only street: those hardly move, for a name beside
    its place would name the neighbour. `size` is the height of the letters on paper, `frame` the
    box on paper that holds all names, `marks` the boxes that none covers. What has no room near its
    place takes the nearest free one.
    """
    shapes, shifts = basemap.streets, _SHIFTS
    names = [shape.name for shape in shapes]
    if level == "社区" and len(shapes) == 1:
        shapes, shifts = basemap.communities, _SHIFTS[:3]
        names = [shorten(shape.name.removesuffix("社区"), 10) for shape in shapes]
    points = [tuple(to_paper((shape.x, shape.y))[0].tolist()) for shape in shapes]
    halves = [(len(name) * size * 0.55, 0.62 * size) for name in names]
    order = sorted(range(len(shapes)), key=lambda i: (_area(shapes[i]), shapes[i].code))

    def near(i: int) -> Iterator[labels.Point]:
        (x, y), (half, _) = points[i], halves[i]
        yield from ((x + right * half, y + down * size) for right, down in shifts)

    def anywhere(i: int) -> list[labels.Point]:
        (x, y), (half, high) = points[i], halves[i]
        across = np.arange(frame[0] + half, frame[2] - half, size)
        down = np.arange(frame[1] + high, frame[3] - high, size / 2)
        grid = np.array(np.meshgrid(across, down)).reshape(2, -1).T
        away = np.hypot((grid[:, 0] - x) / 2, grid[:, 1] - y)  # beside rather than above
        return [(float(a), float(b)) for a, b in grid[np.argsort(away, kind="stable")]]

    def inside(i: int, box: labels.Box) -> float | None:
        held = (
            frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]
        )
        return 1.0 if held and not any(labels.overlap(box, mark) for mark in marks) else None

    placed = labels.place(order, near, lambda i: halves[i], inside)
    left_out = [i for i in order if i not in placed]
    if left_out:
        kept = list(placed)
        # Those that have a place keep it: each is its own only candidate.
        placed = labels.place(
            [*kept, *left_out],
            lambda i: [placed[i]] if i in placed else anywhere(i),
            lambda i: halves[i],
            inside,
        )
    found = []
    for i, (x, y) in placed.items():
        half, high = halves[i]
        found.append(Label(names[i], (x - half, y - high, x + half, y + high), points[i]))
    return found


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
    """Return what a legend is of: the metric with its unit, what the bands are, or a subject of its own."""
    if section.bands:
        return section.heading.split(" · ")[1]
    return section.subject or axis.titled(definition)


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
    if section.subject:
        return "蓝色增加，红色减少"
    if section.ramp:
        return "深红最差" if section.ramp == "moves" else "黄减蓝增"
    return shade_words(definition.kind, definition.direction)


def layers(section: Map) -> list[tuple[str, int, str]]:
    """Return the name of each group of points, how many it has and its colour: what came after stands out."""
    counts = Counter(point.layer for point in section.points).items()
    return [(*one, PAPER.accent if one[0].startswith(ADDED) else PAPER.point) for one in counts]


def added(section: Map) -> list[tuple[str, Point]]:
    """Return the points that were added, each with its number where few enough are named.

    Numbers count within all of them, in the order in which they were added.
    """
    later = [one for one in section.points if one.layer.startswith(ADDED)]
    numbered = len(later) <= MOST_NUMBERED and all(one.name for one in later)
    return [(str(n) if numbered else "", one) for n, one in enumerate(later, 1)]


def around_m(basemap: Basemap) -> float:
    """Return how many metres around its shapes a map needs: rivers and railways end a little outside."""
    return EDGE_M if basemap.barriers else 0.0


def in_scope(basemap: Basemap, level: str) -> tuple[Shape, ...]:
    """Return the shapes of a level (街道 or 社区)."""
    return basemap.streets if level == "街道" else basemap.communities
