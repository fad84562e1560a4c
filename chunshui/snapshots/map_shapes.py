"""Shapes and stations of a data version as a snapshot draws them: metres of the district's own zone."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates
from chunshui.month import Month
from chunshui.snapshots.model import EDGE_M, Band, Basemap, Line, Point, Shape
from chunshui.warehouse import Reader

SIMPLIFY_M = 8.0
FAR_M = 1000.0
MAP_NOTE = "边界为示意，不作划界依据。"


def station_points(reader: Reader, month: str, streets: tuple[str, ...]) -> tuple[Point, ...]:
    """Return the stations open at the end of a month, in some streets or (none given) in all."""
    rows = reader.query("snapshots/stations", as_of=Month.parse(month).last)
    return points_of(reader, rows, "党群服务阵地", streets)


def points_of(
    reader: Reader, stations: pd.DataFrame, layer: str, streets: tuple[str, ...]
) -> tuple[Point, ...]:
    """Return stations (station_name, street_code, lon, lat) in some streets or (none given) in all.

    Those with coordinates far outside the map are not drawn; the name of the layer counts them.
    """
    rows = _of_streets(stations, streets)
    if rows.empty:
        return ()
    zone = _zone(reader)
    outlines = _of_streets(reader.query("views/streets"), streets)
    west, south, east, north = shapely.total_bounds(_in_metres(outlines["shape"], zone))
    x, y = coordinates.to_metres(rows["lon"], rows["lat"], zone).T
    inside = (x > west - FAR_M) & (x < east + FAR_M) & (y > south - FAR_M) & (y < north + FAR_M)
    if not inside.all():
        layer += f"（另有{int((~inside).sum())}个坐标在图外）"
    return tuple(
        Point(layer, name, round(float(a)), round(float(b)))
        for name, a, b, drawn in zip(rows["station_name"], x, y, inside, strict=True)
        if drawn
    )


def read_basemap(reader: Reader, streets: tuple[str, ...]) -> Basemap:
    """Return the shapes of some streets (none given: of all) and what they hold.

    Borders are simplified together, so that no gap opens between neighbours.
    """
    register = _of_streets(reader.query("views/streets"), streets)
    communities = _of_streets(reader.query("views/communities"), streets)
    names = register.set_index("street_code")["street_name"].to_dict()
    zone = _zone(reader)
    outlines = _simplified(register["shape"], zone)
    areas = zip(communities.itertuples(), _simplified(communities["shape"], zone), strict=True)
    return Basemap(
        tuple(
            _shape(row.community_code, row.community_name, names[row.street_code], area)
            for row, area in areas
        ),
        tuple(
            _shape(code, name, name, outline)
            for (code, name), outline in zip(names.items(), outlines, strict=True)
        ),
        _barriers(reader, outlines, zone),
        MAP_NOTE,
    )


def _barriers(reader: Reader, outlines: np.ndarray, zone: str) -> tuple[Line, ...]:
    """Rivers and railways at the shapes, cut off a little outside them."""
    rows = reader.query("views/barriers")
    rows = rows[rows["kind"].isin(["河流", "铁路"])]
    if rows.empty or not len(outlines):
        return ()
    frame = shapely.box(*shapely.total_bounds(outlines)).buffer(EDGE_M, join_style="mitre")
    near = shapely.union_all(outlines).buffer(EDGE_M)
    lines = []
    names = zip(rows["barrier_name"], rows["kind"], strict=True)
    for (name, kind), shape in zip(names, _in_metres(rows["shape"], zone), strict=True):
        cut = shapely.simplify(shapely.intersection(shape, frame), SIMPLIFY_M)
        parts = [part for part in shapely.get_parts(cut) if part.intersects(near)]
        if areas := tuple(_flat(part.exterior) for part in parts if part.geom_type == "Polygon"):
            lines.append(Line(name, kind, True, areas))
        if ways := tuple(_flat(part) for part in parts if part.geom_type == "LineString"):
            lines.append(Line(name, kind, False, ways))
    return tuple(lines)


def bands_of(
    shapes: Sequence[shapely.Geometry],
    looks: Sequence[tuple[str, int | None]],
    reader: Reader,
    streets: tuple[str, ...],
) -> tuple[Band, ...]:
    """Return polygons (WGS-84), each with its name and shade, inside some streets (none given: all)."""
    zone = _zone(reader)
    flat = coordinates.shapes_to_metres(list(shapes), zone)
    outlines = _of_streets(reader.query("views/streets"), streets)
    land = shapely.union_all(_in_metres(outlines["shape"], zone))
    cut = shapely.simplify(shapely.intersection(flat, land), SIMPLIFY_M)
    return tuple(
        Band(*look, _shape("", "", "", shape).rings)
        for look, shape in zip(looks, cut, strict=True)
        if not shape.is_empty
    )


def _shape(code: str, name: str, street: str, polygon: shapely.Geometry) -> Shape:
    rings = tuple(
        _flat(ring)
        for part in shapely.get_parts(polygon)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    )
    middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(polygon, tolerance=5))[0]
    x, y = (round(float(v)) for v in middle)
    return Shape(code, name, street, rings, x, y)


def _of_streets(rows: pd.DataFrame, streets: tuple[str, ...]) -> pd.DataFrame:
    return rows[rows["street_code"].isin(streets)] if streets else rows


def _simplified(shapes: pd.Series, zone: str) -> np.ndarray:
    polygons = _in_metres(shapes, zone)
    return shapely.coverage_simplify(polygons, SIMPLIFY_M) if len(polygons) else polygons


def _in_metres(shapes: pd.Series, zone: str) -> np.ndarray:
    """WKB of WGS-84 degrees as geometries in metres of a zone."""
    return coordinates.shapes_to_metres(_shapes(shapes), zone)


def _zone(reader: Reader) -> str:
    """The zone in which all maps of a version are drawn, whatever part of the district they show."""
    west, _, east, _ = shapely.total_bounds(_shapes(reader.query("views/streets")["shape"]))
    return coordinates.zone([(west + east) / 2])


def _shapes(wkb: pd.Series) -> np.ndarray:
    return shapely.from_wkb([bytes(shape) for shape in wkb])


def _flat(line: shapely.Geometry) -> tuple[int, ...]:
    return tuple(np.rint(shapely.get_coordinates(line)).astype(int).ravel().tolist())
