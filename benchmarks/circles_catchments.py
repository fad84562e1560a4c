"""Catchment outlines: how fast, and how true to walks measured through the network.

    PYTHONPATH=. python benchmarks/circles_catchments.py [network.osm.pbf]

Aim: all 440 in 1.5 s, at an intersection over union of 0.98 with street-side points.
"""

import sys

import circles_ground as shared
import numpy as np
import shapely

from chunshui.circles import catchments, reach, snap

LIMIT = 800.0
POINTS = 40_000


def main(argv: list[str]) -> None:
    place = shared.ground(argv)
    shared.title("Catchment outlines", place)
    streets = place.streets
    stations = snap.snap(streets, place.station_xy)
    streets.arcs  # noqa: B018
    seconds, mesh = shared.clock(lambda: catchments.mesh(streets), repeat=2)
    shared.row("lay the mesh, once per network", seconds, f"{len(mesh.xy):,} corners")
    seconds, outlines = shared.clock(
        lambda: catchments.catchments(streets, mesh, stations, [LIMIT]), repeat=3
    )
    valid = bool(outlines.geometry.is_valid.all())
    shared.row(f"{len(stations)} outlines of {LIMIT:,.0f} m", seconds, f"all valid: {valid}")
    seconds, _ = shared.clock(
        lambda: catchments.catchments(streets, mesh, stations, [360, 720, 1080]), repeat=2
    )
    shared.row(f"{len(stations)} outlines of 5, 10 and 15 minutes", seconds)
    seconds, _ = shared.clock(
        lambda: catchments.covered(streets, mesh, stations, [360, 720, 1080]), repeat=3
    )
    shared.row("the covered area at 5, 10 and 15 minutes", seconds)

    print("   -- how true: agreement with points beside streets, walked door to door")
    shapes = outlines.geometry.to_numpy()
    for near, far in ((0.0, 1.0), (5.0, 38.0)):
        points = shared.doors(streets, POINTS, seed=5, near=near, far=far)
        walked = walked_to(streets, points, stations)
        what = f"points {near:.0f} to {far:.0f} m from a street"
        agreement(what, shapes, points, walked)
    print("   -- what else could be drawn, on the same points")
    agreement("a circle of 800 m", shapely.buffer(shapely.points(place.station_xy), LIMIT),
              points, walked)  # fmt: skip
    agreement("a circle of 500 m standing in for it",
              shapely.buffer(shapely.points(place.station_xy), 500), points, walked)  # fmt: skip
    nodes = snap.snap(streets, streets.xy)
    pairs = reach.reach(streets, nodes, stations, limit_m=LIMIT)
    order = np.argsort(pairs["station"].to_numpy(), kind="stable")
    at = np.cumsum(np.bincount(pairs["station"], minlength=len(stations)))[:-1]
    groups = np.split(streets.xy[pairs["building"].to_numpy()[order]], at)
    seconds, hulls = shared.clock(
        lambda: shapely.convex_hull(np.array([shapely.MultiPoint(g) for g in groups])), repeat=1
    )
    agreement("convex hull of the nodes reached", hulls, points, walked, seconds)


def walked_to(streets, points, stations) -> np.ndarray:
    """Which point can be walked to from which station, shape (stations, points)."""
    pairs = reach.reach(streets, snap.snap(streets, points), stations, limit_m=LIMIT)
    walked = np.zeros((len(stations), len(points)), dtype=bool)
    walked[pairs["station"], pairs["building"]] = True
    return walked


def agreement(what, shapes, points, walked, seconds=None) -> None:
    """Print precision, recall and intersection over union of outlines against walks."""
    both = only_drawn = only_walked = 0
    shapely.prepare(shapes)
    for shape, truth in zip(shapes, walked, strict=True):
        drawn = shapely.contains_xy(shape, points[:, 0], points[:, 1])
        both += int((drawn & truth).sum())
        only_drawn += int((drawn & ~truth).sum())
        only_walked += int((truth & ~drawn).sum())
    precision, recall = both / (both + only_drawn), both / (both + only_walked)
    union = both / (both + only_drawn + only_walked)
    shared.row(what, seconds, f"precision {precision:.3f}  recall {recall:.3f}  IoU {union:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
