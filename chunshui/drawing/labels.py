"""Places for the names on a map, so that no two of them overlap."""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Point = tuple[float, float]
Box = tuple[float, float, float, float]


def place(
    order: Iterable[int],
    candidates: Callable[[int], Iterable[Point]],
    half_size: Callable[[int], Point],
    score: Callable[[int, Box], float | None],
) -> dict[int, Point]:
    """Return where each label's middle stands; those that find no free place have no entry.

    Labels choose in `order`. Of a label's `candidates`, the nearest first, the one whose box
    scores best is taken; None is no place at all, and a later one must be better by a fiftieth.
    """
    taken: list[Box] = []
    placed: dict[int, Point] = {}
    for i in order:
        half_w, half_h = half_size(i)
        best: tuple[float, Point, Box] | None = None
        for x, y in candidates(i):
            box = (x - half_w, y - half_h, x + half_w, y + half_h)
            if any(overlap(box, other) for other in taken):
                continue
            value = score(i, box)
            if value is not None and (best is None or value > best[0] * 1.02):
                best = (value, (x, y), box)
        if best is not None:
            placed[i] = best[1]
            taken.append(best[2])
    return placed


def inside(
    shapes: Sequence[BaseGeometry],
    words: Sequence[str],
    *,
    width_degrees: float,
    width_px: float = 340,
    size_px: float = 12,
) -> dict[int, Point]:
    """Return a place (lon, lat) by the number of each word that finds one inside its polygon.

    A word is a box of its characters at `size_px` on a map `width_degrees` wide drawn on
    `width_px` pixels; the default is a phone, so the words are free of one another on
    anything wider. Small polygons choose first.
    """
    degrees_per_px = width_degrees / width_px

    def half_size(i: int) -> Point:
        stretch = math.cos(math.radians(shapes[i].centroid.y))
        half_h = size_px * 1.3 * degrees_per_px * stretch / 2
        return len(words[i]) * size_px * degrees_per_px / 2, half_h

    return place(
        sorted(range(len(shapes)), key=lambda i: shapes[i].area),
        lambda i: _points_inside(shapes[i]),
        half_size,
        lambda i, box: shapely.box(*box).intersection(shapes[i]).area,
    )


def along(
    lines: Sequence[BaseGeometry],
    words: Sequence[str],
    *,
    frame: Box,
    taken: Sequence[Box] = (),
    degrees_per_px: float,
    size_px: float = 10,
    apart: float = 1.8,
) -> list[tuple[str, float, float]]:
    """Return the characters of the words that find room along their lines, each with lon and lat.

    As Chinese maps write roads: upright characters, `apart` times their size from one another, read
    with the road from west to east, or from north to south where it runs more that way. None
    stands outside the `frame` or on a box that is `taken` (west, south, east, north in degrees).
    """
    stretch = math.cos(math.radians((frame[1] + frame[3]) / 2))
    half = (size_px * degrees_per_px * 0.55, size_px * degrees_per_px * 0.65 * stretch)
    boxes = list(taken)
    written: list[tuple[str, float, float]] = []
    for line, word in zip(lines, words, strict=True):
        for spots in _spots_along(
            line, len(word), frame, stretch, size_px * apart * degrees_per_px
        ):
            own = [(x - half[0], y - half[1], x + half[0], y + half[1]) for x, y in spots]
            if not any(overlap(one, other) for one in own for other in boxes):
                boxes += own
                written += [(sign, *spot) for sign, spot in zip(word, spots, strict=True)]
                break
    return written


def _spots_along(
    line: BaseGeometry, count: int, frame: Box, stretch: float, apart: float
) -> Iterable[list[Point]]:
    """Yield rows of `count` points on the line, the one in the middle of what is seen first."""
    seen = shapely.get_parts(shapely.clip_by_rect(line, *frame))
    flat = [shapely.transform(part, lambda xy: xy * (1, 1 / stretch)) for part in seen]
    for part in sorted(flat, key=lambda part: -part.length):
        (x0, y0), (x1, y1) = shapely.get_coordinates(part)[[0, -1]]
        part = part if (x1 > x0 if abs(x1 - x0) > abs(y1 - y0) else y1 < y0) else part.reverse()
        room = part.length - (count + 1) * apart
        for shift in (0.5, 0.35, 0.65, 0.2, 0.8, 0.05, 0.95) if room >= 0 else ():
            at = apart + room * shift + apart * np.arange(count)
            xy = shapely.get_coordinates(shapely.line_interpolate_point(part, at))
            yield [(x, y * stretch) for x, y in xy.tolist()]


def _points_inside(shape: BaseGeometry, steps: int = 11) -> list[Point]:
    """Return points inside a polygon, the most central first (rising distance to the centre)."""
    middle = shapely.point_on_surface(shape)
    deepest = shapely.get_coordinates(shapely.maximum_inscribed_circle(shape))[0]
    west, south, east, north = shape.bounds
    x, y = np.meshgrid(np.linspace(west, east, steps), np.linspace(south, north, steps))
    points = np.vstack([deepest, [middle.x, middle.y], np.column_stack([x.ravel(), y.ravel()])])
    points = points[shapely.contains_xy(shape, points[:, 0], points[:, 1])]
    away = np.hypot(*(points - deepest).T)
    return [tuple(p) for p in points[np.argsort(away, kind="stable")].tolist()]


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes cover any of each other."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
