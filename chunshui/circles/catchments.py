"""Outlines of what can be walked to: for the eye only, never for counting people.

A mesh of triangles is laid over the streets once. Its corners are points along every street,
points inside the blocks, and guards beyond; each corner knows its door-to-door distance from a
station like any building does. An outline crosses a side of a triangle where the walk is used up:
along a street exactly there; between two streets no farther than the line where the other street
becomes the nearer one. So a catchment stops at walls, railways and water as the walk does, and it
fits what `reach` counts.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import Delaunay, cKDTree

from chunshui.circles.network import Network
from chunshui.circles.reach import nearest, reach
from chunshui.circles.snap import Snapped

STEP_M = 25.0
# Points inside blocks: this far apart, and at least this far from the points on the streets.
_BLOCK_M, _BESIDE_M = 35.0, 20.0
# No outline goes farther from a street than this; guards every so often stand beyond.
_OPEN_M, _GUARD_M = 80.0, 60.0
# The mesh is laid in squares of this side, with this much around, to spare memory.
_TILE_M, _AROUND_M = 5000.0, 400.0
# A side of a triangle rarely stands square to its street: of every metre along it, about this
# much of the walk is left for going away from the street.
_SLANT = 0.85
# Outlines drop bends smaller than this.
_SMOOTH_M = 3.0


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles over the streets: p corners, of which the first d are reachable, t triangles.

    Attributes:
        xy: Corners, metres, shape (p, 2): on streets, then in blocks, then guards.
        doors: How a walk gets to the first d corners, as for buildings.
        away: Distance of each corner from its street, shape (p,).
        triangles: Corners of each triangle, counter-clockwise, shape (t, 3).
        first: Where each corner's triangles begin in `around`, shape (p + 1,).
        around: Triangles around the corners, one corner after another.
    """

    xy: np.ndarray
    doors: Snapped
    away: np.ndarray
    triangles: np.ndarray
    first: np.ndarray
    around: np.ndarray


def mesh(network: Network, *, step_m: float = STEP_M) -> Mesh:
    """Lay the mesh over a network: once, then it serves every station and threshold.

    Args:
        network: The streets.
        step_m: Spacing of the points along streets, metres.
    """
    drawn = network.line_metres
    cuts = np.maximum(np.ceil(drawn / step_m).astype(int), 1)
    edge = np.repeat(np.arange(len(cuts)), cuts + 1)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(cuts + 1) - cuts - 1, cuts + 1)
    share = number / cuts[edge]
    points = shapely.line_interpolate_point(network.lines[edge], share * drawn[edge])
    street, kept = np.unique(
        np.round(shapely.get_coordinates(points), 2), axis=0, return_index=True
    )
    edge, share = edge[kept], share[kept]
    along = share * network.metres[edge]

    tree = cKDTree(street)
    low, high = street.min(axis=0) - 2 * _OPEN_M, street.max(axis=0) + 2 * _OPEN_M
    block = _grid(low, high, _BLOCK_M)
    away, closest = tree.query(block, distance_upper_bound=_OPEN_M)
    inside = np.isfinite(away) & (away > _BESIDE_M)
    block, away, closest = block[inside], away[inside], closest[inside]
    guard = _grid(low, high, _GUARD_M)
    far = tree.query(guard, distance_upper_bound=2 * _OPEN_M)[0]
    guard = guard[np.isfinite(far) & (far >= _OPEN_M)]
    xy = np.concatenate([street, block, guard])
    triangles = _triangles(xy, len(street) + len(block))
    corner = triangles.ravel()
    order = np.argsort(corner, kind="stable")
    first = np.zeros(len(xy) + 1, dtype=np.int64)
    np.cumsum(np.bincount(corner, minlength=len(xy)), out=first[1:])
    doors = Snapped(
        edge=np.r_[edge, edge[closest]].astype(np.int32),
        along=np.r_[along, along[closest]],
        leg=np.r_[np.zeros(len(street)), away],
        reason=np.full(len(street) + len(block), "", dtype=object),
        xy=np.concatenate([street, street[closest]]),
    )
    return Mesh(
        xy=xy,
        doors=doors,
        away=np.r_[doors.leg, np.full(len(guard), _OPEN_M)],
        triangles=triangles,
        first=first,
        around=(order // 3).astype(np.int32),
    )


def catchments(
    network: Network, mesh: Mesh, stations: Snapped, limits_m: Sequence[float]
) -> gpd.GeoDataFrame:
    """Outline what can be walked to from each station within each distance.

    Args:
        network: The streets.
        mesh: The mesh over them.
        stations: Doors of the stations, tied to `network`.
        limits_m: Door-to-door metres, e.g. 360, 720 and 1,080 for 5, 10 and 15 minutes at 1.2 m/s.

    Returns:
        One row per station and distance: `station` (position), `metres`, geometry in
        `network.crs`; empty for a station that is not tied to the network.
    """
    limits = sorted(float(limit) for limit in limits_m)
    walks = reach(network, mesh.doors, stations, limit_m=limits[-1])
    order = np.argsort(walks["station"].to_numpy(), kind="stable")
    corner = walks["building"].to_numpy()[order]
    metres = walks["metres"].to_numpy()[order]
    count = np.bincount(walks["station"], minlength=len(stations))
    begin = np.r_[0, np.cumsum(count)]
    field = np.full(len(mesh.xy), np.inf)
    rows, smoothed = [], []
    with ThreadPoolExecutor(1) as beside:  # GEOS smooths one station while the next is traced
        for station in range(len(stations)):
            here = slice(begin[station], begin[station + 1])
            field[corner[here]] = metres[here]
            outlines = [_outline(mesh, field, corner[here], limit) for limit in limits]
            field[corner[here]] = np.inf
            rows += [(station, limit) for limit in limits]
            smoothed.append(beside.submit(shapely.simplify, outlines, _SMOOTH_M))
    frame = pd.DataFrame(rows, columns=["station", "metres"])
    geometry = [outline for part in smoothed for outline in part.result()]
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=network.crs)


def covered(
    network: Network, mesh: Mesh, stations: Snapped, limits_m: Sequence[float]
) -> gpd.GeoDataFrame:
    """Outline what lies within each distance of the nearest of the stations, in one search.

    This, and not a union of catchments, is what a map draws as covered.

    Returns:
        One row per distance, shortest first: `metres`, geometry in `network.crs`; each outline
        holds the one before.
    """
    limits = sorted(float(limit) for limit in limits_m)
    field = np.full(len(mesh.xy), np.inf)
    metres, _ = nearest(network, mesh.doors, stations, limit_m=limits[-1])
    field[: len(metres)] = metres
    outlines = [_outline(mesh, field, np.flatnonzero(field <= limit), limit) for limit in limits]
    geometry = shapely.simplify(np.array(outlines, dtype=object), _SMOOTH_M)
    return gpd.GeoDataFrame({"metres": limits}, geometry=geometry, crs=network.crs)


def _outline(mesh: Mesh, field: np.ndarray, corners: np.ndarray, limit: float) -> shapely.Geometry:
    """Outline the part of the mesh where the field is within the limit.

    `corners` are those that may be within; every other corner is beyond the limit.
    """
    corners = corners[field[corners] <= limit]
    if len(corners) == 0:
        return shapely.Polygon()
    count = mesh.first[corners + 1] - mesh.first[corners]
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    touched = np.sort(mesh.around[np.repeat(mesh.first[corners], count) + offset])
    # A triangle met once or twice has corners on both sides of the outline; thrice, is inside.
    begin = np.flatnonzero(np.r_[True, touched[1:] != touched[:-1]])
    met = np.diff(np.r_[begin, len(touched)])
    mixed, met = touched[begin[met < 3]], met[met < 3]
    corner = mesh.triangles[mixed]
    within = field[corner] <= limit
    # The corner that stands alone on its side, then the other two, counter-clockwise.
    lone = np.where(met == 1, np.argmax(within, axis=1), np.argmin(within, axis=1))
    row = np.arange(len(corner))
    one, two, three = (corner[row, (lone + turn) % 3] for turn in range(3))
    # One stretch of outline in each triangle, from side to side with the inside on its left.
    # A side is named by its corners, the inner one first.
    alone = met == 1
    p = len(mesh.xy)
    enter = np.where(alone, one, three).astype(np.int64) * p + np.where(alone, two, one)
    leave = np.where(alone, one, two).astype(np.int64) * p + np.where(alone, three, one)
    order = np.argsort(enter)
    following = order[np.searchsorted(enter, leave, sorter=order)]
    points = _crossings(mesh, field, enter // p, enter % p, limit)
    return _polygon(points, following)


def _crossings(
    mesh: Mesh, field: np.ndarray, inner: np.ndarray, outer: np.ndarray, limit: float
) -> np.ndarray:
    """Where the outline crosses the sides from an inner to an outer corner, shape (sides, 2)."""
    step = mesh.xy[outer] - mesh.xy[inner]
    length = np.hypot(step[:, 0], step[:, 1])
    left = limit - field[inner]
    # Halfway, give or take: where the outer corner's street becomes the nearer one.
    meet = (length + mesh.away[outer] - mesh.away[inner]) / 2
    square = np.minimum(meet, _SLANT * left)
    reachable = len(mesh.doors)
    last = np.minimum(outer, reachable - 1)
    along_street = (
        (outer < reachable)
        & (mesh.doors.edge[inner] == mesh.doors.edge[last])
        & (mesh.away[inner] + mesh.away[outer] == 0)
    )
    share = np.where(along_street, left, square) / length
    return np.asarray(mesh.xy[inner] + step * np.clip(share, 0.01, 0.99)[:, None])


def _polygon(points: np.ndarray, following: np.ndarray) -> shapely.Geometry:
    """Join stretches into rings, and rings into a polygon with its holes.

    Every crossing belongs to two triangles, so that the rings never touch one another.
    """
    after = following.tolist()
    seen = [False] * len(after)
    order: list[int] = []
    ring: list[int] = []
    rings = 0
    for stretch in range(len(after)):
        if seen[stretch]:
            continue
        size = len(order)
        at = stretch
        while not seen[at]:
            seen[at] = True
            order.append(at)
            at = after[at]
        ring.extend([rings] * (len(order) - size))
        rings += 1
    loops = shapely.linearrings(points[order], indices=np.array(ring))
    if rings == 1:
        return shapely.polygons(loops[0])
    shell = shapely.is_ccw(loops)
    shells = shapely.polygons(loops[shell])
    holes = loops[~shell]
    if len(holes) == 0:
        return shapely.multipolygons(shells)
    # Shells may lie inside holes of larger ones: a hole belongs to the smallest around it.
    hole, owner = shapely.STRtree(shells).query(holes, predicate="within")
    size = shapely.area(shells)[owner]
    best = np.lexsort((size, hole))
    hole, owner = hole[best], owner[best]
    first = np.r_[True, hole[1:] != hole[:-1]]
    hole, owner = hole[first], owner[first]
    filled = [
        shapely.polygons(shapely.get_exterior_ring(shells[s]), holes[hole[owner == s]])
        for s in range(len(shells))
    ]
    return filled[0] if len(filled) == 1 else shapely.multipolygons(filled)


def _triangles(xy: np.ndarray, reachable: int) -> np.ndarray:
    """Delaunay triangles that have one of the first `reachable` points as a corner.

    Guards stand all around those, so that no such triangle is large, and the triangles of one
    square do not depend on points far from it.

    Returns:
        Corners, counter-clockwise, shape (triangles, 3), int32.
    """
    # Streets in a perfect grid have four corners on one circle, and squares could divide them
    # differently: a millimetre's shake, always the same, decides for all.
    shaken = xy + np.random.default_rng(0).uniform(-1e-3, 1e-3, xy.shape)
    tile = np.floor(shaken / _TILE_M).astype(np.int64)
    parts = []
    for square in np.unique(tile[:reachable], axis=0):
        low = square * _TILE_M - _AROUND_M
        high = (square + 1) * _TILE_M + _AROUND_M
        near = np.flatnonzero(((shaken >= low) & (shaken <= high)).all(axis=1))
        corners = near[_delaunay(shaken[near])].astype(np.int32)
        # A triangle belongs to the square of its first corner; those of guards alone to none.
        first = corners.min(axis=1)
        parts.append(corners[(first < reachable) & (tile[first] == square).all(axis=1)])
    triangles = np.concatenate(parts)
    if not _closed(triangles, reachable, len(xy)):
        triangles = _delaunay(shaken).astype(np.int32)
    a, b, c = (shaken[triangles[:, i]] for i in range(3))
    ab, ac = b - a, c - a
    clockwise = ab[:, 0] * ac[:, 1] < ab[:, 1] * ac[:, 0]
    triangles[clockwise] = triangles[clockwise][:, [0, 2, 1]]
    return triangles


def _delaunay(xy: np.ndarray) -> np.ndarray:
    return np.asarray(Delaunay(xy - xy.mean(axis=0)).simplices)


def _closed(triangles: np.ndarray, reachable: int, points: int) -> bool:
    """Whether triangles lie all around each of the first `reachable` points, without overlap.

    That is so when every side at such a point belongs to exactly two triangles.
    """
    one, two = triangles, np.roll(triangles, 1, axis=1)
    low, high = np.minimum(one, two).ravel(), np.maximum(one, two).ravel()
    sides = (low.astype(np.int64) * points + high)[low < reachable]
    sides.sort()
    return len(sides) % 2 == 0 and bool(
        (sides[::2] == sides[1::2]).all() and (sides[2::2] != sides[1:-1:2]).all()
    )


def _grid(low: np.ndarray, high: np.ndarray, side_m: float) -> np.ndarray:
    """Points of a triangular grid over a box, shape (points, 2).

    Not a square one: four points on a circle make the triangulation slow and arbitrary.
    """
    x, y = np.meshgrid(
        np.arange(low[0], high[0], side_m), np.arange(low[1], high[1], side_m * np.sqrt(3) / 2)
    )
    x[1::2] += side_m / 2
    return np.column_stack([x.ravel(), y.ravel()])
