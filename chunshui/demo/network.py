"""The walking network: streets, pavements of arterials with few crossings, inner paths and gates.

A local street stops at the pavement of an arterial; to get over one needs a crossing. Nothing
crosses the railway but the underpasses. A walled neighbourhood is joined to the streets by its
gates alone.
"""

from dataclasses import dataclass
from itertools import chain, combinations, pairwise

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely import Geometry, LineString, MultiLineString

from chunshui.demo.compounds import FORMS
from chunshui.demo.geography import ARTERIAL_HALF_WIDTH, RAIL_HALF_WIDTH, SNAP, Ground, lines_of
from chunshui.demo.people import People
from chunshui.demo.sketch import FOOT_TUNNELS, UNDERPASSES
from chunshui.demo.stream import Stream

UNDERPASS_REACH = 42.0
GATE_REACH = 45.0
"""A gate opens on a street no farther than this."""
ACCESS_REACH = 220.0
"""A neighbourhood without such a street gets one access lane no longer than this."""
CROSSING_EVERY = 340.0


Join = tuple[int, float, float]
"""A street edge and the point on it where a gate's path meets it."""


@dataclass
class Network:
    """Nodes (node_id, kind, x, y) and edges (edge_id, from_node, to_node, kind, metres)."""

    nodes: pd.DataFrame
    edges: pd.DataFrame


def build(ground: Ground, people: People) -> Network:
    """Build the network. Takes about half a second."""
    ends, kinds = _street_edges(ground)
    inner_ends, inner_kinds, gates, joins = _inner_edges(ground, people, ends)
    ends, kinds = _cut_at(ends, kinds, joins)
    ends = np.vstack([ends, inner_ends])
    kinds = np.concatenate([kinds, inner_kinds])
    ends, kinds = _tie_islands(ends, kinds, lines_of(ground.barriers, "铁路"))
    return _number(ends, kinds, gates)


def _street_edges(ground: Ground) -> tuple[np.ndarray, np.ndarray]:
    """Straight pieces of all public ways: ((n, 4) x1 y1 x2 y2, kind per piece)."""
    roads = lines_of(ground.barriers, "主干道")
    rails = lines_of(ground.barriers, "铁路")
    carriageway = roads.buffer(ARTERIAL_HALF_WIDTH, quad_segs=2, join_style="mitre")
    carriageway = carriageway.simplify(0.8)
    track = rails.buffer(RAIL_HALF_WIDTH, quad_segs=2)
    gaps = _underpasses(ground).buffer(UNDERPASS_REACH)
    closed = shapely.union_all([track.difference(gaps), ground.river])
    land = ground.outline.buffer(-2)

    pavement = carriageway.boundary.intersection(land).difference(closed)
    lanes = shapely.union_all(ground.lanes["shape"].to_numpy(), grid_size=SNAP)
    lanes = lanes.difference(carriageway).difference(closed)
    crossings = _crossings(ground, carriageway)
    tunnels = _foot_tunnels(rails, lanes)
    net = shapely.union_all([pavement, lanes, crossings, tunnels], grid_size=SNAP)
    parts = shapely.get_parts(shapely.get_parts(net))
    coords, which = shapely.get_coordinates(parts, return_index=True)
    same = which[:-1] == which[1:]
    ends = np.hstack([coords[:-1][same], coords[1:][same]])
    ends = ends[np.hypot(ends[:, 0] - ends[:, 2], ends[:, 1] - ends[:, 3]) > 0.05]

    middle = shapely.points((ends[:, :2] + ends[:, 2:]) / 2)
    kinds = np.full(len(ends), "街道", object)
    near, lane = shapely.STRtree(ground.lanes["shape"].to_numpy()).query_nearest(
        middle, all_matches=False
    )
    kinds[near[ground.lanes["depth"].to_numpy()[lane] >= 4]] = "巷道"
    kinds[shapely.dwithin(middle, carriageway.boundary, 0.5)] = "主干道"
    inside = carriageway.buffer(-1)
    shapely.prepare(inside)
    kinds[shapely.contains(inside, middle)] = "过街"
    pieces = shapely.linestrings(ends.reshape(-1, 2, 2))
    bridges = shapely.dwithin(middle, rails, RAIL_HALF_WIDTH) | shapely.intersects(pieces, rails)
    kinds[bridges] = "桥"
    return ends, kinds


def _underpasses(ground: Ground) -> Geometry:
    """The points where an arterial passes under a railway."""
    shapes = dict(zip(ground.barriers["barrier_name"], ground.barriers["shape"], strict=True))
    return shapely.union_all(
        [shapes[rail].intersection(shapes[f"{road}（示意）"]) for rail, road in UNDERPASSES]
    )


def _foot_tunnels(rails: MultiLineString, lanes: Geometry) -> MultiLineString:
    """Ways under the railway, from the nearest lane on one side to the nearest on the other."""
    out = []
    lines = shapely.get_parts(lanes)
    for place in FOOT_TUNNELS:
        rail = min(rails.geoms, key=lambda line: line.distance(shapely.Point(place)))
        at = rail.project(shapely.Point(place))
        here, ahead = (shapely.get_coordinates(rail.interpolate(d))[0] for d in (at, at + 5))
        normal = np.array([-(ahead - here)[1], (ahead - here)[0]]) / np.hypot(*(ahead - here))
        ends = []
        for side in (1, -1):
            corner = here + side * normal * (RAIL_HALF_WIDTH + 4)
            distance = shapely.distance(lines, shapely.Point(corner))
            sight = shapely.shortest_line(shapely.Point(corner), lines)
            distance = np.where(shapely.intersects(sight, rails), np.inf, distance)
            ends.append(shapely.get_coordinates(sight[int(np.argmin(distance))])[1])
            ends.append(corner)
        out.append(LineString([ends[0], ends[1], ends[3], ends[2]]))
    return shapely.multilinestrings(out)


def _crossings(ground: Ground, carriageway: Geometry) -> MultiLineString:
    """Lines from pavement to pavement: at junctions of arterials and every few hundred metres."""
    lines = lines_of(ground.barriers, "主干道").geoms
    rails = lines_of(ground.barriers, "铁路").buffer(70)
    meets = [shapely.get_parts(a.intersection(b)) for a, b in combinations(lines, 2)]
    junctions = shapely.multipoints([p for p in chain(*meets) if p.geom_type == "Point"])
    out = []
    for number, line in enumerate(lines):
        draw = Stream("crossings", number)
        places = []
        for point in shapely.get_parts(junctions):
            if line.distance(point) < 1:
                at = line.project(point)
                places += [at - 36, at + 36]
        at = draw.one(60, 200)
        while at < line.length:
            if line.interpolate(at).distance(junctions) > 130:
                places.append(at)
            at += CROSSING_EVERY * draw.one(0.75, 1.35)
        for at in places:
            if not 8 < at < line.length - 8:
                continue
            here, ahead = (shapely.get_coordinates(line.interpolate(d))[0] for d in (at, at + 2))
            if rails.contains(shapely.Point(here)):
                continue
            normal = np.array([-(ahead - here)[1], (ahead - here)[0]]) / np.hypot(*(ahead - here))
            reach = normal * ARTERIAL_HALF_WIDTH * 1.5
            over = LineString([here - reach, here + reach]).intersection(carriageway)
            if over.geom_type == "LineString" and over.length < 2.6 * ARTERIAL_HALF_WIDTH:
                out.append(over)
    return shapely.multilinestrings(out)


def _inner_edges(
    ground: Ground, people: People, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[Join]]:
    """Paths inside neighbourhoods and the links through their gates.

    Returns (ends, kinds, gate points, joins); `joins` are (street edge, x, y) to be cut there.
    """
    tree = shapely.STRtree(shapely.linestrings(ends.reshape(-1, 2, 2)))
    rails = lines_of(ground.barriers, "铁路")
    pieces, kinds, gates, joins = [], [], [], []
    all_gates = [
        (h, node, x, y) for h, layout in enumerate(people.layouts) for node, x, y in layout.gates
    ]
    points = shapely.points([(x, y) for _, _, x, y in all_gates])
    nearest = tree.query_nearest(points, all_matches=False)[1]
    streets = tree.geometries[nearest]
    metres = shapely.distance(points, streets)
    feet = shapely.line_interpolate_point(streets, shapely.line_locate_point(streets, points))
    foot = shapely.get_coordinates(feet)
    sight = shapely.linestrings(np.stack([shapely.get_coordinates(points), foot], 1))
    barred = shapely.intersects(sight, rails)
    by_hood: dict[int, list[int]] = {}
    for k, (h, *_rest) in enumerate(all_gates):
        by_hood.setdefault(h, []).append(k)
    form = people.neighbourhoods["form"].to_numpy()
    year = people.neighbourhoods["built_year"].to_numpy()
    for h, layout in enumerate(people.layouts):
        draw = Stream("gates", h)
        walled = FORMS[form[h]].walled
        kind = "院内路" if walled else "巷道"
        mine = [k for k in by_hood.get(h, []) if not barred[k]]
        near = [k for k in mine if metres[k] <= GATE_REACH]
        if walled:
            # Newer compounds keep fewer gates.
            count = 1 + (draw.one() < (0.55 if year[h] > 2000 else 0.8)) + (draw.one() < 0.3)
            near = near[: int(count)]
        if not near and mine:
            best = min(mine, key=lambda k: metres[k])
            near = [best] if metres[best] <= ACCESS_REACH else []
        for a, b in layout.links:
            pieces.append((*layout.nodes[a], *layout.nodes[b]))
            kinds.append(kind)
        for k in near:
            _, node, x, y = all_gates[k]
            pieces.append((*layout.nodes[node], x, y))
            pieces.append((x, y, *foot[k]))
            kinds += [kind, kind if metres[k] <= GATE_REACH else "巷道"]
            joins.append((int(nearest[k]), *foot[k]))
            if walled:
                gates.append((x, y))
    return np.asarray(pieces, float), np.asarray(kinds, object), np.asarray(gates, float), joins


def _cut_at(
    ends: np.ndarray, kinds: np.ndarray, joins: list[Join]
) -> tuple[np.ndarray, np.ndarray]:
    """Cut street pieces where a gate's path meets them."""
    by_edge: dict[int, list[tuple[float, float]]] = {}
    for edge, x, y in joins:
        by_edge.setdefault(edge, []).append((x, y))
    keep = np.ones(len(ends), bool)
    extra, extra_kinds = [], []
    for edge, points in by_edge.items():
        a, b = ends[edge, :2], ends[edge, 2:]
        line = sorted({tuple(p) for p in points}, key=lambda p: np.hypot(p[0] - a[0], p[1] - a[1]))
        keep[edge] = False
        extra += [(*p, *q) for p, q in pairwise([tuple(a), *line, tuple(b)])]
        extra_kinds += [kinds[edge]] * (len(line) + 1)
    return np.vstack([ends[keep], extra]), np.concatenate([kinds[keep], extra_kinds])


def _places(ends: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rounded places (west to east) and for each piece the place of its start and end."""
    points = np.round(np.vstack([ends[:, :2], ends[:, 2:]]), 1)
    places, which = np.unique(points, axis=0, return_inverse=True)
    return places, which[: len(ends)], which[len(ends) :]


def _tie_islands(
    ends: np.ndarray, kinds: np.ndarray, rails: MultiLineString
) -> tuple[np.ndarray, np.ndarray]:
    """Join cut-off pieces of the network to the rest by one lane each, never over a railway."""
    places, first, second = _places(ends)
    links = coo_array((np.ones(len(ends)), (first, second)), shape=(len(places), len(places)))
    part = connected_components(links, directed=False)[1]
    size = np.bincount(part)
    main = np.flatnonzero(part == np.argmax(size))
    tree = cKDTree(places[main])
    extra = []
    for island in np.flatnonzero(size < size.max()):
        mine = np.flatnonzero(part == island)
        distance, near = tree.query(places[mine], k=8, distance_upper_bound=ACCESS_REACH)
        for flat in np.argsort(distance, axis=None, kind="stable"):
            row, column = np.unravel_index(flat, distance.shape)
            if not np.isfinite(distance[row, column]):
                break
            line = (*places[mine[row]], *places[main[near[row, column]]])
            if not LineString([line[:2], line[2:]]).intersects(rails):
                extra.append(line)
                break
    if not extra:
        return ends, kinds
    return np.vstack([ends, extra]), np.append(kinds, ["巷道"] * len(extra))


def _number(ends: np.ndarray, kinds: np.ndarray, gates: np.ndarray) -> Network:
    """Give places numbers from west to east and measure the edges between the rounded places."""
    places, first, second = _places(ends)
    low, high = np.minimum(first, second), np.maximum(first, second)
    edges = pd.DataFrame({"from_node": low + 1, "to_node": high + 1, "kind": kinds})
    edges = edges[low != high].drop_duplicates(["from_node", "to_node"])
    edges = edges.sort_values(["from_node", "to_node"], ignore_index=True)
    edges.insert(0, "edge_id", np.arange(1, len(edges) + 1))
    a = places[edges["from_node"] - 1]
    b = places[edges["to_node"] - 1]
    edges["metres"] = np.maximum(np.round(np.hypot(*(a - b).T), 1), 0.1)

    node_kind = np.full(len(places), "路口", object)
    for edge_kind, name in (("院内路", "院内"), ("过街", "过街"), ("桥", "桥")):
        part = edges["kind"] == edge_kind
        touched = np.unique(edges.loc[part, ["from_node", "to_node"]].to_numpy()) - 1
        node_kind[touched] = name
    key = {tuple(p): k for k, p in enumerate(places)}
    for gate in np.round(gates, 1):
        node_kind[key[tuple(gate)]] = "大门"
    streets = edges["kind"].isin(["街道", "巷道", "主干道"])
    on_street = np.zeros(len(places), bool)
    on_street[edges.loc[streets, ["from_node", "to_node"]].to_numpy() - 1] = True
    # A path that comes from the yard and meets a street without a gate between meets it at one.
    inner = edges.loc[edges["kind"] == "院内路", ["from_node", "to_node"]].to_numpy() - 1
    for here, there in (inner.T, inner.T[::-1]):
        no_gate = on_street[here] & ~on_street[there] & (node_kind[there] == "院内")
        node_kind[here[no_gate & (node_kind[here] == "院内")]] = "大门"
    node_kind[on_street & (node_kind == "院内")] = "路口"
    nodes = pd.DataFrame(places, columns=["x", "y"]).assign(kind=node_kind)
    nodes.insert(0, "node_id", np.arange(1, len(places) + 1))
    return Network(nodes, edges)
