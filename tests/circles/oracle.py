"""Independent answers: networkx on a graph split at every door, and networks to ask about."""

from itertools import pairwise

import networkx as nx
import numpy as np
import shapely

from chunshui.circles import network

CRS = "EPSG:4547"
ORIGIN = np.array([520_000.0, 3_380_000.0])


def door_to_door(streets, building_xy, station_xy, snap_limit=200.0):
    """Metres between every building and station, shape (buildings, stations), by networkx.

    Shares nothing with the engine but the list of edges: doors are tied by trying every edge,
    edges are cut in two at every door.
    """
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(len(streets.xy)))
    cuts = {}
    tied = {}
    for kind, doors in (("b", building_xy), ("s", station_xy)):
        for number, (x, y) in enumerate(doors):
            point = shapely.Point(x, y)
            away = [line.distance(point) for line in streets.lines]
            edge = int(np.argmin(away))
            if away[edge] > snap_limit:
                continue
            line = streets.lines[edge]
            part = line.project(point) / line.length if line.length else 0.0
            name = (kind, number)
            tied[name] = away[edge]
            cuts.setdefault(edge, []).append((part, name))
    for edge, (u, v, metres) in enumerate(
        zip(streets.start, streets.end, streets.metres, strict=True)
    ):
        stops = [(0.0, int(u)), *sorted(cuts.get(edge, []), key=lambda cut: cut[0]), (1.0, int(v))]
        for (at, a), (to, b) in pairwise(stops):
            graph.add_edge(a, b, metres=(to - at) * metres)
    answer = np.full((len(building_xy), len(station_xy)), np.inf)
    for (kind, number), leg in tied.items():
        if kind == "b":
            continue
        found = nx.single_source_dijkstra_path_length(graph, (kind, number), weight="metres")
        for b in range(len(building_xy)):
            if ("b", b) in found:
                answer[b, number] = found["b", b] + leg + tied["b", b]
    return answer


def table(reach, buildings, stations):
    """Pairs as a matrix (buildings, stations), inf where there is no pair."""
    answer = np.full((buildings, stations), np.inf)
    answer[reach["building"], reach["station"]] = reach["metres"]
    return answer


def town(seed=0, blocks=9, side=130.0):
    """A crooked town: bent streets, crescents, blind alleys, loops, a rail with one crossing.

    Returns lines in metres, with the ends of streets that meet written identically.
    """
    rng = np.random.default_rng(seed)
    corner = ORIGIN + side * np.stack(
        np.meshgrid(np.arange(blocks), np.arange(blocks), indexing="ij"), axis=-1
    ).reshape(-1, 2)
    corner = np.round(corner + rng.normal(0, 18, corner.shape), 2)
    at = np.arange(blocks * blocks).reshape(blocks, blocks)
    pairs = [*zip(at[:-1].ravel(), at[1:].ravel(), strict=True)]
    pairs += [*zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True)]
    rail = blocks // 2
    lines = []
    for a, b in pairs:
        across = {a // blocks, b // blocks} == {rail - 1, rail}
        if (across and a % blocks != 1) or (not across and rng.random() < 0.12):
            continue
        middle = (corner[a] + corner[b]) / 2 + rng.normal(0, 12, 2)
        lines.append(shapely.LineString([corner[a], np.round(middle, 2), corner[b]]))
        if rng.random() < 0.08:  # a crescent between the same two corners
            bulge = np.round(middle + rng.normal(0, 45, 2), 2)
            lines.append(shapely.LineString([corner[a], bulge, corner[b]]))
        if rng.random() < 0.1:  # a blind alley
            lines.append(
                shapely.LineString([corner[a], np.round(corner[a] + np.array([21, 33]), 2)])
            )
        if rng.random() < 0.04:  # a loop that comes back to where it began
            ring = [
                corner[b],
                corner[b] + np.array([30, 5]),
                corner[b] + np.array([28, 34]),
                corner[b],
            ]
            lines.append(shapely.LineString(np.round(ring, 2)))
    island = ORIGIN + np.array([-400.0, 100.0])
    lines += [
        shapely.LineString([island, island + np.array([0, 150]), island + np.array([90, 170])]),
        shapely.LineString([island + np.array([90, 170]), island + np.array([10, 20])]),
    ]
    return np.array(lines, dtype=object)


def doors(lines, count, seed, spread=25.0):
    """Points scattered along lines, shape (count, 2)."""
    rng = np.random.default_rng(seed)
    line = lines[rng.integers(0, len(lines), count)]
    on = shapely.line_interpolate_point(line, rng.random(count), normalized=True)
    return shapely.get_coordinates(on) + rng.normal(0, spread, (count, 2))


def grid(size=5, side=100.0):
    """A plain square grid of streets, in which every distance can be told by heart."""
    number = np.arange(size * size).reshape(size, size)
    xy = ORIGIN + side * np.array([(i, j) for i in range(size) for j in range(size)], dtype=float)
    start = np.r_[number[:-1].ravel(), number[:, :-1].ravel()]
    end = np.r_[number[1:].ravel(), number[:, 1:].ravel()]
    return network.build(xy, start, end, np.full(len(start), side), crs=CRS)
