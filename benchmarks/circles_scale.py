"""How cost grows from one district to thirteen, and what 300,000 nodes cost in memory.

    PYTHONPATH=. python benchmarks/circles_scale.py [network.osm.pbf]

Districts are copies of the network side by side. Each size runs in a process of its own, so that
its peak of memory is its own. Aim: 300,000 nodes load and answer within 1 GiB.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import circles_ground as shared
import numpy as np
import shapely

from chunshui import coordinates
from chunshui.circles import catchments, network, reach, snap

SIZES = (1, 2, 4, 8, 13)
NODES = 300_000


def main(argv: list[str]) -> None:
    if "--copies" in argv:
        at = argv.index("--copies")
        return one_size(argv[:at] + argv[at + 2 :], int(argv[at + 1]))
    if "--load" in argv:
        return load(Path(argv[argv.index("--load") + 1]))
    shared.title("From one district to thirteen: 440 stations and 20,000 buildings in each")
    for copies in SIZES:
        child(*argv, "--copies", str(copies))
    if not shared.version("osmium"):
        return shared.row("load an extract of 300,000 nodes", None, "osmium is not installed")
    shared.title(f"An extract of {NODES:,} nodes")
    place = shared.ground(argv)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copies.osm.pbf"
        write_copies(place.streets, path)
        child("--load", str(path))
    return None


def child(*words: str) -> None:
    sys.stdout.flush()
    subprocess.run([sys.executable, __file__, *words], check=True)


def one_size(argv: list[str], copies: int) -> None:
    place = shared.ground(argv)
    one = place.streets
    # Whole tens of metres apart: the copies must not touch.
    wide = np.ceil(np.ptp(one.xy[:, 0]) / 10) * 10 + 2000
    shift = np.arange(copies) * wide
    move = np.column_stack([shift, np.zeros(copies)])

    def spread(xy: np.ndarray) -> np.ndarray:
        return (xy[None] + move[:, None]).reshape(-1, 2)

    n = len(one.xy)
    lines = np.concatenate(
        [
            shapely.transform(one.lines, lambda xy, east=east: xy + np.array([east, 0]))
            for east in shift
        ]
    )
    seconds, city = shared.clock(
        lambda: network.build(
            spread(one.xy),
            np.concatenate([one.start + n * c for c in range(copies)]),
            np.concatenate([one.end + n * c for c in range(copies)]),
            np.tile(one.metres, copies),
            lines,
            crs=one.crs,
        ),
        repeat=1,
    )
    city.arcs  # noqa: B018
    snapped, buildings = shared.clock(lambda: snap.snap(city, spread(place.building_xy)), repeat=1)
    stations = snap.snap(city, spread(place.station_xy))
    walked, pairs = shared.clock(lambda: reach.reach(city, buildings, stations), repeat=2)
    near, _ = shared.clock(lambda: reach.nearest(city, buildings, stations), repeat=2)
    shared.row(
        f"{copies:2} districts, {len(city.xy):,} nodes: reach",
        walked,
        f"{walked / copies * 1000:.0f} ms each; build {seconds:.1f} s, snap {snapped:.1f} s, "
        f"nearest {near * 1000:.0f} ms, {len(pairs):,} pairs, peak {shared.peak_mib():,.0f} MiB",
    )


def write_copies(streets: network.Network, path: Path) -> None:
    """Write copies of a network side by side as an OpenStreetMap extract of `NODES` nodes."""
    import osmium

    split = shared.every_vertex(streets)
    n = len(split.xy)
    copies = max(1, -(-NODES // n))
    high = np.ptp(split.xy[:, 1]) + 2000
    with osmium.SimpleWriter(str(path)) as writer:
        for copy in range(copies):
            lon, lat = coordinates.to_degrees(split.xy + np.array([0, copy * high]), split.crs)
            for node, place in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
                writer.add_node(osmium.osm.mutable.Node(id=copy * n + node + 1, location=place))
        for copy in range(copies):
            first = copy * n + 1
            for way, ends in enumerate(zip(split.start, split.end, strict=True)):
                writer.add_way(
                    osmium.osm.mutable.Way(
                        id=copy * len(split.start) + way + 1,
                        nodes=[int(end) + first for end in ends],
                        tags={"highway": "footway"},
                    )
                )


def load(path: Path) -> None:
    before = shared.peak_mib()
    seconds, streets = shared.clock(lambda: shared.read_streets(path), repeat=1)
    shared.row(
        f"load {len(streets.xy):,} nodes, {len(streets.start):,} edges",
        seconds,
        f"peak {shared.peak_mib():,.0f} MiB, of which Python and its libraries {before:,.0f}",
    )
    buildings = snap.snap(streets, shared.doors(streets, shared.BUILDINGS, seed=1))
    stations = snap.snap(streets, shared.doors(streets, shared.STATIONS, seed=2))
    streets.arcs  # noqa: B018
    seconds, pairs = shared.clock(lambda: reach.reach(streets, buildings, stations), repeat=2)
    shared.row("reach of 440 stations to 20,000 buildings", seconds, f"{len(pairs):,} pairs")
    seconds, _ = shared.clock(lambda: reach.nearest(streets, buildings, stations), repeat=2)
    shared.row("nearest station of every building", seconds)
    shared.row("peak of memory", None, f"{shared.peak_mib():,.0f} MiB")
    seconds, mesh = shared.clock(lambda: catchments.mesh(streets), repeat=1)
    shared.row("lay the mesh for outlines", seconds, f"{len(mesh.xy):,} corners")
    seconds, _ = shared.clock(
        lambda: catchments.catchments(streets, mesh, stations, [800.0]), repeat=1
    )
    shared.row("440 outlines", seconds, f"peak {shared.peak_mib():,.0f} MiB")


if __name__ == "__main__":
    main(sys.argv[1:])
