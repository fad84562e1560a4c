"""Per-station reach against ego graphs, pandana and igraph: same network, same answers.

    PYTHONPATH=. python benchmarks/circles_reach.py [network.osm.pbf]

Aim: all 440 stations' reach on 37,000 nodes in 0.15 s, ten times faster than ego graphs.
"""

import sys

import circles_ground as shared
import numpy as np

from chunshui.circles import reach, snap

LIMITS = (800.0, 1500.0)


def main(argv: list[str]) -> None:
    place = shared.ground(argv)
    shared.title("Door to door: every station to every building", place)
    streets = place.streets
    streets.arcs, streets.tree  # noqa: B018 - built once, when the network is loaded
    seconds, buildings = shared.clock(lambda: snap.snap(streets, place.building_xy))
    shared.row("snap every building", seconds)
    stations = snap.snap(streets, place.station_xy)
    for limit in LIMITS:
        seconds, pairs = shared.clock(
            lambda limit=limit: reach.reach(streets, buildings, stations, limit_m=limit)
        )
        shared.row(f"reach within {limit:,.0f} m", seconds, f"{len(pairs):,} pairs")
    seconds, _ = shared.clock(lambda: reach.nearest(streets, buildings, stations))
    shared.row("nearest station of every building", seconds)

    split = shared.every_vertex(streets)
    split.arcs  # noqa: B018
    nodes = np.random.default_rng(0).choice(
        len(split.xy), min(shared.STATIONS, len(split.xy)), replace=False
    )
    shared.title("Node to node, every bend a node: with peers")
    print(f"   {len(split.xy):,} nodes, {len(split.start):,} edges, {len(nodes)} stations")
    everywhere = shared.at_nodes(split, np.arange(len(split.xy)))
    for limit in LIMITS:
        print(f"   -- within {limit:,.0f} m")
        seconds, pairs = shared.clock(
            lambda limit=limit: reach.reach(
                split, everywhere, shared.at_nodes(split, nodes), limit_m=limit
            )
        )
        shared.row("chunshui.circles.reach", seconds, f"{len(pairs):,} pairs")
        ours = np.full((len(nodes), len(split.xy)), np.inf, dtype=np.float32)
        ours[pairs["station"], pairs["building"]] = pairs["metres"]
        for peer in (ego_graph, networkx_dijkstra, pandana, igraph):
            peer(split, nodes, limit, ours, seconds)


def told(name: str, seconds: float, base: float, theirs: np.ndarray, ours, tolerance: float):
    """Print a peer's line after holding its answer against ours."""
    one, two = np.isfinite(ours), np.isfinite(theirs)
    both = one & two
    off = float(np.abs(ours[both] - theirs[both]).max()) if both.any() else 0.0
    differ = int((one != two).sum())
    answer = "same answers" if off <= tolerance and differ <= 0.001 * one.sum() else "DIFFERS"
    note = f"{seconds / base:6.1f}x   {answer} (max {off:.3f} m, {differ} pairs at the limit)"
    shared.row(name, seconds, note)


def graph_of(split):
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(split.xy)))
    arcs = split.arcs.tocoo()
    triples = zip(arcs.row.tolist(), arcs.col.tolist(), arcs.data.tolist(), strict=True)
    graph.add_weighted_edges_from(triples, weight="length")
    return graph


def ego_graph(split, nodes, limit, ours, base):
    """Osmnx's own recipe for isochrones: one ego graph per station."""
    import networkx as nx

    graph = graph_of(split)
    seconds, egos = shared.clock(
        lambda: [nx.ego_graph(graph, s, radius=limit, distance="length") for s in nodes.tolist()],
        repeat=1,
    )
    theirs = np.full_like(ours, np.inf)
    for at, ego in enumerate(egos):
        inside = list(ego)
        theirs[at, inside] = ours[at, inside]  # an ego graph holds nodes, and no distances
        theirs[at, [n for n in inside if not np.isfinite(ours[at, n])]] = -1
    told("networkx ego_graph, as osmnx's isochrones", seconds, base, theirs, ours, 0.01)


def networkx_dijkstra(split, nodes, limit, ours, base):
    import networkx as nx

    graph = graph_of(split)
    seconds, found = shared.clock(
        lambda: [
            nx.single_source_dijkstra_path_length(graph, s, cutoff=limit, weight="length")
            for s in nodes.tolist()
        ],
        repeat=1,
    )
    theirs = np.full_like(ours, np.inf)
    for at, walks in enumerate(found):
        theirs[at, list(walks)] = list(walks.values())
    told("networkx Dijkstra with a cutoff", seconds, base, theirs, ours, 0.01)


def pandana(split, nodes, limit, ours, base):
    if not shared.version("pandana"):
        return shared.row("pandana", None, "not installed")
    import pandana as peer
    import pandas as pd

    arcs = split.arcs.tocoo()
    once = arcs.row < arcs.col
    frame = pd.DataFrame({"metres": arcs.data[once]})
    x, y = pd.Series(split.xy[:, 0]), pd.Series(split.xy[:, 1])
    ends = pd.Series(arcs.row[once]), pd.Series(arcs.col[once])
    built, walks = shared.clock(lambda: peer.Network(x, y, *ends, frame, twoway=True), repeat=1)
    seconds, found = shared.clock(lambda: walks.nodes_in_range(nodes, limit), repeat=2)
    theirs = np.full_like(ours, np.inf)
    position = pd.Series(np.arange(len(nodes)), index=nodes)
    source, target, metres = (found[name].to_numpy() for name in found.columns[:3])
    theirs[position[source], target] = metres
    # It counts in whole millimetres per edge.
    told(f"pandana nodes_in_range (+ {built:.1f} s to build)", seconds, base, theirs, ours, 0.2)
    return None


def igraph(split, nodes, limit, ours, base):
    if not shared.version("igraph"):
        return shared.row("igraph", None, "not installed")
    import igraph as peer

    arcs = split.arcs.tocoo()
    once = arcs.row < arcs.col
    graph = peer.Graph(n=len(split.xy), edges=np.column_stack([arcs.row[once], arcs.col[once]]))
    weights = arcs.data[once].tolist()
    some = nodes[:44]
    seconds, found = shared.clock(
        lambda: graph.distances(source=some.tolist(), weights=weights), repeat=1
    )
    theirs = np.array(found, dtype=np.float32)
    theirs[theirs > limit] = np.inf
    scaled = seconds * len(nodes) / len(some)
    told("igraph distances (44 stations, scaled up)", scaled, base, theirs, ours[:44], 0.01)
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
