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
_TILE_M = 3000.0
_AT_ONCE = 64

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
    found = [_NO_PAIRS]
    ends = _ends(network, buildings)
    by_edge = np.argsort(buildings.edge, kind="stable")
    for group in _tiles(stations, _TILE_M):
        nodes = _nodes_around(network, stations.xy[group], limit_m)
        arcs = network.arcs if len(nodes) == len(network.xy) else network.arcs[nodes][:, nodes]
        position = np.full(len(network.xy), -1, dtype=np.int32)
        position[nodes] = np.arange(len(nodes))
        for at in range(0, len(group), _AT_ONCE):
            chosen = group[at : at + _AT_ONCE]
            metres = dijkstra(
                with_doors(arcs, network, stations[chosen], position),
                indices=np.arange(len(nodes), len(nodes) + len(chosen)),
                limit=limit_m,
            )
            pairs = _same_edge(stations.edge[chosen], buildings.edge, by_edge)
            direct = _direct(stations[chosen[pairs[0]]], buildings[pairs[1]])
            found.append(_pairs(metres, position, ends, chosen, (*pairs, direct), limit_m))
    building, station, metres = (np.concatenate(column) for column in zip(*found, strict=True))
    return pd.DataFrame({"building": building, "station": station, "metres": metres})


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


_NO_PAIRS = (np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0))


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
    tied = np.flatnonzero(doors.tied)
    if len(tied) == 0:
        return []
    square = np.floor(doors.xy[tied] / side_m).astype(np.int64)
    _, tile = np.unique(square, axis=0, return_inverse=True)
    order = np.argsort(tile, kind="stable")
    return np.split(tied[order], np.cumsum(np.bincount(tile))[:-1])


def _nodes_around(network: Network, xy: np.ndarray, limit_m: float) -> np.ndarray:
    """Every node that a walk of `limit_m` from one of these points could lead to, and some more."""
    if network.directness <= 0 or not np.isfinite(limit_m):
        return np.arange(len(network.xy))
    radius = limit_m / network.directness + 1.0
    low, high = xy.min(axis=0) - radius, xy.max(axis=0) + radius
    x, y = network.xy[:, 0], network.xy[:, 1]
    return np.flatnonzero((x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1]))


def _pairs(metres, position, ends: _Ends, chosen, same_edge, limit_m):
    """Turn distances to nodes into distances to doors, keeping those within the limit.

    `metres` has a row for each chosen station; its last column is the idle node, always inf.
    `same_edge` holds row, door and direct metres of the pairs that share an edge.
    """
    start, end = position[ends.start], position[ends.end]
    row, door, direct = same_edge
    local = (start >= 0) | (end >= 0)
    local[door] = True  # their edge may be so long that both its ends are out of reach
    local = np.flatnonzero(local)
    walk = metres[:, start[local]]
    walk += ends.to_start[local]
    other = metres[:, end[local]]
    other += ends.to_end[local]
    np.minimum(walk, other, out=walk)
    column = np.searchsorted(local, door)
    walk[row, column] = np.minimum(walk[row, column], direct)
    walk = walk.ravel()
    within = np.flatnonzero(walk <= limit_m)
    row, column = np.divmod(within, max(len(local), 1))
    return local[column].astype(np.int32), chosen[row].astype(np.int32), walk[within]


def _same_edge(few, many, by_edge) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of doors on the same edge, as positions in `few` and in `many`, which hold edges.

    `by_edge` is the order that sorts `many`.
    """
    low = np.searchsorted(many, few, side="left", sorter=by_edge)
    high = np.searchsorted(many, few, side="right", sorter=by_edge)
    count = np.where(few >= 0, high - low, 0)
    one = np.repeat(np.arange(len(few)), count)
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return one, by_edge[np.repeat(low, count) + offset]


def _direct(stations: Snapped, buildings: Snapped) -> np.ndarray:
    """Metres from door to door along the edge they share."""
    return np.abs(stations.along - buildings.along) + stations.leg + buildings.leg
