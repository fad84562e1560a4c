"""Shapes for drawing only: rings as coordinate lists, views, label places. WGS-84 degrees."""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

DECIMALS = 5  # about one metre here; keeps the page light


def feature_collection(codes: Sequence[str], shapes: Sequence[BaseGeometry]) -> dict:
    """Return a GeoJSON FeatureCollection of polygons with `id` = code."""
    rounded = shapely.set_precision(list(shapes), 10.0**-DECIMALS)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": code,
                "properties": {},
                "geometry": shapely.geometry.mapping(shape),
            }
            for code, shape in zip(codes, rounded, strict=True)
        ],
    }


def outline(shapes: Sequence[BaseGeometry]) -> dict[str, list[float | None]]:
    """Return every ring or line of the shapes as one line, with None between the pieces."""
    lon: list[float | None] = []
    lat: list[float | None] = []
    for shape in shapes:
        for part in shapely.get_parts(shape):
            rings = [part]
            if part.geom_type == "Polygon":
                rings = [part.exterior, *part.interiors]
            for ring in rings:
                x, y = shapely.get_coordinates(ring).T.round(DECIMALS).tolist()
                lon += [*x, None]
                lat += [*y, None]
    return {"lon": lon, "lat": lat}


def view(shapes: Sequence[BaseGeometry], margin: float = 0.04) -> tuple[float, float, float, float]:
    """Return west, south, east, north (degrees) around the shapes, with a margin on each side."""
    west, south, east, north = shapely.total_bounds(list(shapes)).tolist()
    dx, dy = (east - west) * margin, (north - south) * margin
    return west - dx, south - dy, east + dx, north + dy


def label_places(
    shapes: Sequence[BaseGeometry],
    words: Sequence[str],
    *,
    width_degrees: float,
    width_px: float = 340,
    size_px: float = 12,
) -> list[tuple[float, float] | None]:
    """Return a place (lon, lat) for each word inside its polygon so that no two words overlap.

    A word is a box of its characters at `size_px` on a map `width_degrees` wide drawn on
    `width_px` pixels; the default is a phone, so the words are free of one another on
    anything wider. Small polygons choose first. Where nothing free is left the place is None
    and the word is not drawn.
    """
    degrees_per_px = width_degrees / width_px
    order = sorted(range(len(shapes)), key=lambda i: shapes[i].area)
    taken: list[tuple[float, float, float, float]] = []
    places: list[tuple[float, float] | None] = [None] * len(shapes)
    for i in order:
        half_w = len(words[i]) * size_px * degrees_per_px / 2
        stretch = math.cos(math.radians(shapes[i].centroid.y))
        half_h = size_px * 1.3 * degrees_per_px * stretch / 2
        best = None
        for x, y in _candidates(shapes[i]):
            box = (x - half_w, y - half_h, x + half_w, y + half_h)
            if any(_overlap(box, other) for other in taken):
                continue
            inside = shapely.box(*box).intersection(shapes[i]).area
            if best is None or inside > best[0] * 1.02:  # ties go to the more central place
                best = (inside, (x, y), box)
        if best is not None:
            places[i] = best[1]
            taken.append(best[2])
    return places


def _candidates(shape: BaseGeometry, steps: int = 11) -> list[tuple[float, float]]:
    """Return points inside a polygon, the most central first (rising distance to the centre)."""
    middle = shapely.point_on_surface(shape)
    deepest = shapely.get_coordinates(shapely.maximum_inscribed_circle(shape))[0]
    west, south, east, north = shape.bounds
    x, y = np.meshgrid(np.linspace(west, east, steps), np.linspace(south, north, steps))
    points = np.vstack([deepest, [middle.x, middle.y], np.column_stack([x.ravel(), y.ravel()])])
    points = points[shapely.contains_xy(shape, points[:, 0], points[:, 1])]
    away = np.hypot(*(points - deepest).T)
    return [tuple(p) for p in points[np.argsort(away, kind="stable")].tolist()]


def _overlap(a: tuple, b: tuple) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
