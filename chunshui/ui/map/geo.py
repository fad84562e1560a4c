"""Shapes for drawing only: rings as coordinate lists, views. WGS-84 degrees."""

from collections.abc import Sequence

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
