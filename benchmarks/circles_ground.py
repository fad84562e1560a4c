"""What the circle benchmarks share: a network, doors on it, a clock and a table.

Every script takes the path of a network (.osm.pbf, .geojson, .gpkg) as its one argument; without it
the demonstration district is generated and used.
"""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from chunshui import coordinates
from chunshui.circles import network, snap
from chunshui.circles.lines import from_lines
from chunshui.circles.osm import read_osm

BUILDINGS, STATIONS, COMMUNITY_M = 20_000, 440, 560.0


@dataclass
class Ground:
    """Streets, and doors on them: metres, people and community of each building."""

    name: str
    streets: network.Network
    building_xy: np.ndarray
    station_xy: np.ndarray
    people: np.ndarray
    community: np.ndarray


def read_streets(path: Path) -> network.Network:
    """Read a network file by its ending."""
    return read_osm(path) if path.suffix == ".pbf" else from_lines(gpd.read_file(path))


def ground(argv: list[str]) -> Ground:
    """Take the network named on the command line, or the demonstration district."""
    paths = [word for word in argv if not word.startswith("--")]
    if not paths:
        return demonstration()
    streets = read_streets(Path(paths[0]))
    building_xy = doors(streets, BUILDINGS, seed=1)
    # As large as the communities of the district: squares of 560 m.
    square = np.floor(building_xy / COMMUNITY_M).astype(int)
    people = np.random.default_rng(9).integers(1, 70, BUILDINGS)
    return Ground(
        Path(paths[0]).name,
        streets,
        building_xy,
        doors(streets, STATIONS, seed=2),
        people,
        np.array([f"{x}:{y}" for x, y in square]),
    )


def demonstration() -> Ground:
    """Generate the demonstration district; its stations cut to those the article counts."""
    from chunshui import demo

    tables = demo.tables()
    streets = network.from_ledgers(tables["walk_node"], tables["walk_edge"])
    building, station = tables["building"], tables["station"][:STATIONS]
    return Ground(
        "demonstration district",
        streets,
        coordinates.to_metres(building["lon"], building["lat"], streets.crs),
        coordinates.to_metres(station["lon"], station["lat"], streets.crs),
        building["residents"].to_numpy(),
        building["community_code"].to_numpy(),
    )


def doors(streets: network.Network, count: int, seed: int, near=5.0, far=38.0) -> np.ndarray:
    """Doors beside streets, `near` to `far` metres off on either side, shape (count, 2)."""
    rng = np.random.default_rng(seed)
    edge = rng.choice(len(streets.start), count, p=streets.metres / streets.metres.sum())
    lines, length = streets.lines[edge], streets.line_metres[edge]
    at = rng.random(count) * length

    def point(metres: np.ndarray) -> np.ndarray:
        clipped = np.clip(metres, 0, length)
        return shapely.get_coordinates(shapely.line_interpolate_point(lines, clipped))

    along = point(at + 1) - point(at - 1)
    along /= np.linalg.norm(along, axis=1)[:, None] + 1e-9
    side = rng.uniform(near, far, count) * rng.choice([-1, 1], count)
    return point(at) + np.column_stack([-along[:, 1], along[:, 0]]) * side[:, None]


def every_vertex(streets: network.Network) -> network.Network:
    """Make every bend a node of its own, as peers see a network, and keep its longest part."""
    xy, line = shapely.get_coordinates(streets.lines, return_index=True)
    place, number = np.unique(np.round(xy, 3), axis=0, return_inverse=True)
    same = line[1:] == line[:-1]
    start, end = number[:-1][same], number[1:][same]
    keep = start != end
    start, end = start[keep], end[keep]
    metres = np.linalg.norm(place[start] - place[end], axis=1)
    split = network.build(place, start, end, metres, crs=streets.crs)
    return network.drop_scraps(split, 1e9)


def at_nodes(streets: network.Network, nodes: np.ndarray) -> snap.Snapped:
    """Doors that open on nodes: no leg, nothing to snap."""
    edge = np.empty(len(streets.xy), dtype=np.int32)
    edge[streets.start] = edge[streets.end] = np.arange(len(streets.start))
    edge = edge[nodes]
    along = np.where(streets.start[edge] == nodes, 0.0, streets.metres[edge])
    reason = np.full(len(nodes), "", dtype=object)
    return snap.Snapped(edge, along, np.zeros(len(nodes)), reason, streets.xy[nodes])


def clock(work: Callable, repeat: int = 5):
    """Run `work` some times; return the least seconds and the last answer."""
    least = np.inf
    for _ in range(repeat):
        begun = time.perf_counter()
        answer = work()
        least = min(least, time.perf_counter() - begun)
    return least, answer


def peak_mib() -> float:
    """Most memory this process has held so far, MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def version(package: str) -> str:
    """Version of an installed package, or an empty string."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def title(text: str, place: Ground | None = None) -> None:
    """Print a heading, and what it was measured on."""
    print(f"\n== {text}")
    if place is not None:
        streets = place.streets
        print(
            f"   {place.name}: {len(streets.xy):,} nodes, {len(streets.start):,} edges, "
            f"{streets.km:,.0f} km, {len(place.building_xy):,} buildings, "
            f"{len(place.station_xy):,} stations"
        )


def row(what: str, seconds: float | None, note: str = "") -> None:
    """Print one line of a table; no seconds for what could not be run."""
    took = "      –   " if seconds is None else f"{seconds * 1000:9.1f} ms"
    print(f"   {what:<58}{took}   {note}")
