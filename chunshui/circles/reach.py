"""Walking distances from door to door: every pair within a limit, or the nearest station only.

A distance is the walk from the building's door to its street, along the streets, and from the
street to the station's door; both ways along the two edges are tried, and the direct way when both
doors open on the same edge.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from chunshui.circles.network import Network
from chunshui.circles.snap import Snapped

REACH_M = 1500.0
# Stations are worked off in squares of this side: the streets around one square fit the
# processor's cache, and the cost does not grow with the rest of the city.
_TILE_M = 2500.0
_AT_ONCE = 32

NO_STATION_ON_ISLAND = "所在路网孤岛上没有阵地"
NO_BUILDING_ON_ISLAND = "所在路网孤岛上没有楼栋"


def reach(
    network: Network, buildings: Snapped, stations: Snapped, *, limit_m: float = REACH_M
) -> pd.DataFrame:
    """Walk from every station to every building within `limit_m`.

    Args:
        network: The streets.
        buildings: Doors of the buildings, tied to `network`.
        stations: Doors of the stations, tied to `network`.
        limit_m: Longest walk kept, metres.

    Returns:
        One row per pair within the limit: `building`, `station` (positions in the two
        arguments, int32), `metres`; the rows of one station stand together, by building. Doors
        not tied to the network are in no pair; `unroutable` lists them.
    """
    limit_m = min(limit_m, np.finfo(float).max)  # doors that are not tied stand at infinity
    doors = _doors(network, buildings)
    walks: list[_Walks] = [_NO_PAIRS]
    for group in _tiles(stations, _TILE_M):
        part = _part_around(network, stations.xy[group], limit_m)
        pairs = _pairs(network, part, doors, stations, group, limit_m)
        if pairs is None:
            pairs = _pairs(network, _whole(network), doors, stations, group, limit_m)
        walks += pairs or []
    building, station, metres = (np.concatenate(column) for column in zip(*walks, strict=True))
    return pd.DataFrame({"building": building, "station": station, "metres": metres}, copy=False)


def nearest(
    network: Network, buildings: Snapped, stations: Snapped, *, limit_m: float = np.inf
) -> tuple[np.ndarray, np.ndarray]:
    """Walk from every building to the nearest of the stations, all in one search.

    Returns:
        Metres, shape (buildings,), inf where no station can be walked to within `limit_m`; and
        the position of that station, -1 where there is none.
    """
    metres, station = to_nodes(network, stations, limit_m=limit_m)
    ends = _ends(network, buildings)
    by_start, by_end = metres[ends.start] + ends.to_start, metres[ends.end] + ends.to_end
    best = np.minimum(by_start, by_end)
    which = np.where(by_start <= by_end, station[ends.start], station[ends.end])

    building, other = _same_edge(
        buildings.edge, stations.edge, np.argsort(stations.edge, kind="stable")
    )
    direct = _direct(stations[other], buildings[building])
    order = np.argsort(-direct, kind="stable")  # the least is written last, and stays
    building, other, direct = building[order], other[order], direct[order]
    shorter = direct < best[building]
    best[building[shorter]] = direct[shorter]
    which[building[shorter]] = other[shorter]

    none = ~(best <= limit_m) | ~buildings.tied | ~np.isfinite(best)
    return np.where(none, np.inf, best), np.where(none, -1, which).astype(np.int32)


def to_nodes(
    network: Network, stations: Snapped, *, limit_m: float = np.inf
) -> tuple[np.ndarray, np.ndarray]:
    """Walk from the nearest station's door to every node.

    Returns:
        Metres, shape (n,), inf beyond `limit_m`; and the position of the station, -1 where none.
    """
    n = len(network.xy)
    tied = np.flatnonzero(stations.tied)
    if len(tied) == 0:
        return np.full(n, np.inf), np.full(n, -1)
    metres, _, source = dijkstra(
        with_doors(network.arcs, network, stations[tied]),
        indices=np.arange(n, n + len(tied)),
        limit=limit_m,
        min_only=True,
        return_predecessors=True,
    )
    reached = np.isfinite(metres[:n])
    station = np.where(reached, tied[np.where(reached, source[:n] - n, 0)], -1)
    return metres[:n], station


def unroutable(network: Network, buildings: Snapped, stations: Snapped) -> pd.DataFrame:
    """List every building and station that no walk can start from, with the reason.

    Returns:
        One row each: `kind` (building or station), `index` (position in the argument), `metres`
        (distance to the network, NaN without coordinates), `reason` (Chinese). A building that
        merely has no station within the limit is not in the list.
    """
    rows = []
    for kind, doors, others, text in (
        ("building", buildings, stations, NO_STATION_ON_ISLAND),
        ("station", stations, buildings, NO_BUILDING_ON_ISLAND),
    ):
        reason = doors.reason.copy()
        here = network.island[network.start[doors.edge]]
        there = np.unique(network.island[network.start[others.edge[others.tied]]])
        reason[doors.tied & ~np.isin(here, there)] = text
        bad = np.flatnonzero(reason != "")
        rows.append(
            pd.DataFrame(
                {"kind": kind, "index": bad, "metres": doors.leg[bad], "reason": reason[bad]}
            )
        )
    return pd.concat(rows, ignore_index=True)


def with_doors(
    arcs: csr_array, network: Network, doors: Snapped, position: np.ndarray | None = None
) -> csr_array:
    """Add one node per door to a graph, with an arc to each end of its edge, and one idle node.

    The arcs lead away from the door only, so that no walk passes through it. Their lengths hold
    the leg. `position` maps the network's nodes to those of `arcs` (-1: not among them).

    Returns:
        A graph of n + k + 1 nodes: those of `arcs`, the doors, and one that nothing leads to.
    """
    n, k = arcs.shape[0], len(doors)
    ends = _ends(network, doors)
    target = np.column_stack([ends.start, ends.end])
    if position is not None:
        target = position[target]
    weight = np.column_stack([ends.to_start, ends.to_end])
    used = (target >= 0) & doors.tied[:, None]
    size = np.r_[used.sum(axis=1), 0]
    graph = (
        np.r_[arcs.data, weight[used]],
        np.r_[arcs.indices, target[used].astype(arcs.indices.dtype)],
        np.r_[arcs.indptr, arcs.indptr[-1] + np.cumsum(size)].astype(arcs.indptr.dtype),
    )
    return csr_array(graph, shape=(n + k + 1, n + k + 1))


_Walks = tuple[np.ndarray, np.ndarray, np.ndarray]  # building, station, metres
_NO_PAIRS: _Walks = (np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0))


class _Ends(NamedTuple):
    """Both ends of the doors' edges, and the metres from the doors to each, legs included."""

    start: np.ndarray
    to_start: np.ndarray
    end: np.ndarray
    to_end: np.ndarray


def _ends(network: Network, doors: Snapped) -> _Ends:
    edge = doors.edge
    # Position -1 reads the last edge: a door that is not tied gets infinite metres instead.
    leg = np.where(doors.tied, doors.leg, np.inf)
    back = network.metres[edge] - doors.along
    return _Ends(network.start[edge], doors.along + leg, network.end[edge], back + leg)


def _tiles(doors: Snapped, side_m: float) -> list[np.ndarray]:
    """Put the tied doors into squares; one array of positions per square."""
    tied = np.flatnonzero(doors.tied).astype(np.int32)
    if len(tied) == 0:
        return []
    square = np.floor(doors.xy[tied] / side_m).astype(np.int64)
    _, tile = np.unique(square, axis=0, return_inverse=True)
    order = np.argsort(tile, kind="stable")
    return np.split(tied[order], np.cumsum(np.bincount(tile))[:-1])


class _Doors(NamedTuple):
    """Doors of the buildings, to be found by node and by edge.

    `by_node` holds each tied door twice, under either end of its edge: door numbers, node by
    node; those of node i begin at `first[i]`. `by_edge` is the order that sorts the edges.
    """

    doors: Snapped
    ends: _Ends
    by_node: np.ndarray
    first: np.ndarray
    by_edge: np.ndarray


def _doors(network: Network, doors: Snapped) -> _Doors:
    ends = _ends(network, doors)
    tied = np.flatnonzero(doors.tied)
    node = np.r_[ends.start[tied], ends.end[tied]]
    order = np.argsort(node, kind="stable")
    first = np.zeros(len(network.xy) + 1, dtype=np.int64)
    np.cumsum(np.bincount(node, minlength=len(network.xy)), out=first[1:])
    by_edge = np.argsort(doors.edge, kind="stable")
    return _Doors(doors, ends, np.r_[tied, tied][order], first, by_edge)


class _Part(NamedTuple):
    """Some of the network's nodes and the arcs among them.

    `position` says where among `nodes` each node of the network is, -1 for the others.
    `leads_out` are the positions of nodes from which streets lead to one of the others, and
    `way_out` the metres of the shortest of those streets.
    """

    nodes: np.ndarray
    arcs: csr_array
    position: np.ndarray
    leads_out: np.ndarray
    way_out: np.ndarray


def _whole(network: Network) -> _Part:
    nodes = np.arange(len(network.xy), dtype=np.int32)
    return _Part(nodes, network.arcs, nodes, nodes[:0], np.empty(0))


def _part_around(network: Network, xy: np.ndarray, limit_m: float) -> _Part:
    """The part in which walks of `limit_m` from these points stay, if lengths are true."""
    # Nobody gets farther than the crow flies, but for the rounding of lengths in a ledger.
    radius = 1.02 * limit_m + 10.0
    (west, south), (east, north) = xy.min(axis=0) - radius, xy.max(axis=0) + radius
    order, eastings = network.west_to_east
    nodes = order[np.searchsorted(eastings, west) : np.searchsorted(eastings, east, "right")]
    northing = network.xy[nodes, 1]
    nodes = np.sort(nodes[(northing >= south) & (northing <= north)])
    if len(nodes) == len(network.xy):
        return _whole(network)
    position = np.full(len(network.xy), -1, dtype=np.int32)
    position[nodes] = np.arange(len(nodes))
    begin, end = network.arcs.indptr[nodes], network.arcs.indptr[nodes + 1]
    arc = _runs(begin, end)
    tail = np.repeat(np.arange(len(nodes)), end - begin)
    head, metres = position[network.arcs.indices[arc]], network.arcs.data[arc]
    inside = head >= 0
    first = np.zeros(len(nodes) + 1, dtype=np.int32)
    np.cumsum(np.bincount(tail[inside], minlength=len(nodes)), out=first[1:])
    arcs = csr_array((metres[inside], head[inside], first), shape=(len(nodes), len(nodes)))
    way_out = np.full(len(nodes), np.inf)
    np.minimum.at(way_out, tail[~inside], metres[~inside])
    leads_out = np.flatnonzero(np.isfinite(way_out))
    return _Part(nodes, arcs, position, leads_out, way_out[leads_out])


def _pairs(
    network: Network,
    part: _Part,
    buildings: _Doors,
    stations: Snapped,
    group: np.ndarray,
    limit_m: float,
) -> list[_Walks] | None:
    """Walk from each station of a group to the doors in a part of the network.

    Returns:
        Arrays of building, station and metres, a few stations at a time; None when a walk leaves
        the part, because a ledger states lengths far shorter than they are.
    """
    from_station = _ends(network, stations[group])
    lost = (part.position[from_station.start] < 0) & (from_station.to_start <= limit_m)
    lost |= (part.position[from_station.end] < 0) & (from_station.to_end <= limit_m)
    if lost.any():
        return None
    row, door = _same_edge(stations.edge[group], buildings.doors.edge, buildings.by_edge)
    direct = _direct(stations[group[row]], buildings.doors[door])
    # Doors at either end of whose edge one of the nodes is, and those with a station on their
    # own edge, which may be so long that both its ends are out of reach.
    at_nodes = buildings.by_node[
        _runs(buildings.first[part.nodes], buildings.first[part.nodes + 1])
    ]
    here = np.zeros(len(buildings.doors), dtype=bool)
    here[at_nodes] = here[door] = True
    local = np.flatnonzero(here).astype(np.int32)
    start, end = (
        part.position[buildings.ends.start[local]],
        part.position[buildings.ends.end[local]],
    )
    to_start, to_end = buildings.ends.to_start[local], buildings.ends.to_end[local]
    column = np.searchsorted(local, door)
    n = len(part.nodes)
    pairs: list[_Walks] = []
    for at in range(0, len(group), _AT_ONCE):
        chosen = group[at : at + _AT_ONCE]
        metres = dijkstra(
            with_doors(part.arcs, network, stations[chosen], part.position),
            indices=np.arange(n, n + len(chosen)),
            limit=limit_m,
        )
        if (metres[:, part.leads_out] + part.way_out <= limit_m).any():
            return None
        # An end that is not in the part has position -1: the last column, always inf.
        walk = metres.take(start, axis=1)
        walk += to_start
        other = metres.take(end, axis=1)
        other += to_end
        np.minimum(walk, other, out=walk)
        same = slice(*np.searchsorted(row, (at, at + len(chosen))))
        cell = row[same] - at, column[same]
        walk[cell] = np.minimum(walk[cell], direct[same])
        walk = walk.ravel()
        within = np.flatnonzero(walk <= limit_m)
        one, other = np.divmod(within, max(len(local), 1))
        pairs.append((local[other], chosen[one], walk[within]))
    return pairs


def _runs(begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """All numbers from each begin up to its end, one run after another."""
    count = end - begin
    return np.repeat(begin - np.cumsum(count) + count, count) + np.arange(count.sum())


def _same_edge(
    few: np.ndarray, many: np.ndarray, by_edge: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of doors on the same edge, as positions in `few` and in `many`, which hold edges.

    `by_edge` is the order that sorts `many`.
    """
    begin = np.searchsorted(many, few, side="left", sorter=by_edge)
    end = np.searchsorted(many, few, side="right", sorter=by_edge)
    end = np.where(few >= 0, end, begin)
    return np.repeat(np.arange(len(few)), end - begin), by_edge[_runs(begin, end)]


def _direct(stations: Snapped, buildings: Snapped) -> np.ndarray:
    """Metres from door to door along the edge they share."""
    return np.asarray(np.abs(stations.along - buildings.along) + stations.leg + buildings.leg)
