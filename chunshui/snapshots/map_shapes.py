"""Shapes and stations of a data version as a snapshot draws them: metres of EPSG:4547."""

from functools import cache

import numpy as np
import pandas as pd
import pyproj
import shapely

from chunshui.catalogue import metric as catalogue
from chunshui.snapshots.model import Basemap, Line, Point, Shape
from chunshui.warehouse import Reader

GROUND = "EPSG:4547"
SIMPLIFY_M = 8.0
EDGE_M = 150.0
FAR_M = 1000.0
MAP_NOTE = "边界为示意，不作划界依据。"


def stations(reader: Reader, month: str, streets: tuple[str, ...]) -> tuple[Point, ...]:
    """Return the stations open at the end of a month, in some streets or (none given) in all.

    Those with coordinates far outside the map are not drawn; the name of the layer counts them.
    """
    as_of = catalogue.month_end(catalogue.parse_month(month))
    found = reader.query("snapshots/stations", as_of=as_of)
    outlines = reader.query("views/streets")
    if streets:
        found = found[found["street_code"].isin(streets)]
        outlines = outlines[outlines["street_code"].isin(streets)]
    if found.empty:
        return ()
    west, south, east, north = shapely.total_bounds(_moved(outlines["shape"]))
    x, y = _to_ground().transform(found["lon"].to_numpy(), found["lat"].to_numpy())
    inside = (x > west - FAR_M) & (x < east + FAR_M) & (y > south - FAR_M) & (y < north + FAR_M)
    layer = "党群服务阵地"
    if not inside.all():
        layer += f"（另有 {int((~inside).sum())} 个坐标在图外）"
    return tuple(
        Point(layer, name, round(float(a)), round(float(b)))
        for name, a, b, drawn in zip(found["station_name"], x, y, inside, strict=True)
        if drawn
    )


def basemap(reader: Reader, streets: tuple[str, ...]) -> Basemap:
    """Return the shapes of some streets (none given: of all) and what they hold.

    Borders are simplified together, so that no gap opens between neighbours.
    """
    register = reader.query("views/streets")
    communities = reader.query("views/communities")
    if streets:
        register = register[register["street_code"].isin(streets)]
        communities = communities[communities["street_code"].isin(streets)]
    names = dict(zip(register["street_code"], register["street_name"], strict=True))
    outlines = _grounded(register["shape"])
    cells = _grounded(communities["shape"])
    return Basemap(
        tuple(
            _shape(code, name, names[street], cell)
            for code, name, street, cell in zip(
                communities["community_code"], communities["community_name"],
                communities["street_code"], cells, strict=True,
            )
        ),
        tuple(
            _shape(code, name, name, outline)
            for (code, name), outline in zip(names.items(), outlines, strict=True)
        ),
        _barriers(reader, outlines),
        MAP_NOTE,
    )  # fmt: skip


def _barriers(reader: Reader, outlines: np.ndarray) -> tuple[Line, ...]:
    """Rivers and railways at the shapes, cut off a little outside them."""
    found = reader.query("views/barriers")
    found = found[found["kind"].isin(["河流", "铁路"])]
    if found.empty or not len(outlines):
        return ()
    frame = shapely.box(*shapely.total_bounds(outlines)).buffer(EDGE_M, join_style="mitre")
    near = shapely.union_all(outlines).buffer(EDGE_M)
    lines = []
    for name, kind, shape in zip(
        found["barrier_name"], found["kind"], _moved(found["shape"]), strict=True
    ):
        cut = shapely.simplify(shapely.intersection(shape, frame), SIMPLIFY_M)
        seen = [part for part in shapely.get_parts(cut) if part.intersects(near)]
        for closed, parts in (
            (True, [p for p in seen if p.geom_type == "Polygon"]),
            (False, [p for p in seen if p.geom_type == "LineString"]),
        ):
            if parts:
                flat = tuple(_flat(p.exterior if closed else p) for p in parts)
                lines.append(Line(name, kind, closed, flat))
    return tuple(lines)


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


def _grounded(shapes: pd.Series) -> np.ndarray:
    moved = _moved(shapes)
    return shapely.coverage_simplify(moved, SIMPLIFY_M) if len(moved) else moved


def _moved(shapes: pd.Series) -> np.ndarray:
    """WKB of WGS-84 degrees as geometries in metres of EPSG:4547."""
    degrees = shapely.from_wkb([bytes(shape) for shape in shapes])
    move = _to_ground()
    return shapely.transform(
        degrees, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1]))
    )


@cache
def _to_ground() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", GROUND, always_xy=True)


def _flat(line: shapely.Geometry) -> tuple[int, ...]:
    return tuple(np.rint(shapely.get_coordinates(line)).astype(int).ravel().tolist())
