"""The walking network: streets as lines in metres, joined where people can turn from one to another.

A network comes from the ledgers 步行节点 and 步行路段, or from street files (see `osm`, `lines`).
Whatever was merged, corrected or left out on the way is kept
in `Network.notes`, in Chinese, with the rows concerned. Every way can be walked in both directions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from chunshui import coordinates
from chunshui.errors import ChunshuiError

STREET = "街道"  # the 类别 of a street of which nothing else is known
# Notes that `build` makes afresh.
_TOLD_BY_BUILD = ("孤岛", "孤立节点", "零长度路段")
_WEB_MERCATOR = {3857, 3785, 900913, 102100, 102113, 54004, 41001}


@dataclass(frozen=True)
class Note:
    """Something about the network that a reader must know: what, how often, and where.

    `members` holds the ids of the edges or nodes concerned (or their row numbers, where they have
    no ids), `text` is the sentence to show.
    """

    kind: str
    count: int
    text: str
    members: np.ndarray


@dataclass(frozen=True, eq=False)
class Network:
    """Streets to walk on: n nodes, m edges, both directions, in metres.

    Attributes:
        crs: The projection of all coordinates, as text that pyproj reads.
        xy: Coordinates of the nodes, metres, shape (n, 2).
        start: Node at the beginning of each edge, shape (m,).
        end: Node at the end of each edge, shape (m,); equal to `start` for a closed loop.
        metres: Walking length of each edge, shape (m,).
        lines: Shape of each edge, from `start` to `end`, shape (m,).
        node_id: The source's own ids of the nodes, shape (n,).
        edge_id: The source's own ids of the edges, shape (m,); a way cut in parts repeats its id.
        kind: What sort of street each edge is, a 类别 of the ledger 步行路段, shape (m,).
        island: Which connected part each node belongs to, shape (n,); 0 is the longest.
        notes: What was merged, corrected, left out or is suspicious.
    """

    crs: str
    xy: np.ndarray
    start: np.ndarray
    end: np.ndarray
    metres: np.ndarray
    lines: np.ndarray
    node_id: np.ndarray
    edge_id: np.ndarray
    kind: np.ndarray
    island: np.ndarray
    notes: tuple[Note, ...]

    @cached_property
    def arcs(self) -> csr_array:
        """Length of the shortest single edge between two nodes, both ways, shape (n, n)."""
        n = len(self.xy)
        a, b = np.minimum(self.start, self.end), np.maximum(self.start, self.end)
        # The least of parallel edges, chosen here: scipy's COO to CSR would add them up.
        order = np.lexsort((self.metres, b, a))
        order = order[a[order] != b[order]]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (np.diff(a[order]) != 0) | (np.diff(b[order]) != 0)
        kept = order[first]
        row, col = np.r_[a[kept], b[kept]], np.r_[b[kept], a[kept]]
        by_row = np.argsort(row, kind="stable")
        indptr = np.zeros(n + 1, dtype=np.int32)
        np.cumsum(np.bincount(row, minlength=n), out=indptr[1:])
        weight = np.r_[self.metres[kept], self.metres[kept]][by_row]
        return csr_array((weight, col[by_row].astype(np.int32), indptr), shape=(n, n))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Spatial index over `lines`."""
        return shapely.STRtree(self.lines)

    @cached_property
    def line_metres(self) -> np.ndarray:
        """Length of each edge's drawn line, shape (m,); differs from `metres` only in ledgers."""
        return np.asarray(shapely.length(self.lines))

    @cached_property
    def west_to_east(self) -> tuple[np.ndarray, np.ndarray]:
        """Nodes in the order of their easting, and those eastings, both of shape (n,)."""
        order = np.argsort(self.xy[:, 0], kind="stable")
        return order, self.xy[order, 0]

    @property
    def km(self) -> float:
        """Length of all edges together, kilometres."""
        return float(self.metres.sum()) / 1000.0


def from_ledgers(walk_node: pd.DataFrame, walk_edge: pd.DataFrame) -> Network:
    """Build the network from the ledgers 步行节点 and 步行路段.

    Args:
        walk_node: Columns node_id, lon, lat (WGS-84 degrees).
        walk_edge: Columns edge_id, from_node, to_node, metres. The stated metres hold, even where
            the street is longer than the straight line between its nodes.

    Raises:
        ChunshuiError: Unknown or repeated nodes, missing numbers, or lengths that were measured
            in degrees or in Web Mercator.
    """
    node_id = walk_node["node_id"].to_numpy()
    lon, lat = walk_node["lon"].to_numpy(dtype=float), walk_node["lat"].to_numpy(dtype=float)
    if len(node_id) == 0 or len(walk_edge) == 0:
        raise ChunshuiError("步行节点或步行路段台账是空的，无法建立步行路网。")
    _refuse(~np.isfinite(lon + lat), node_id, "步行节点：下列节点没有经纬度：{}。")
    _refuse(
        (np.abs(lon) > 180) | (np.abs(lat) > 90),
        node_id,
        "步行节点：下列节点的经纬度不是度数：{}。请填写 WGS-84 经纬度，不要填写投影坐标。",
    )
    repeated = pd.Series(node_id).duplicated().to_numpy()
    _refuse(repeated, node_id, "步行节点：节点编号重复：{}。")
    edge_id = walk_edge["edge_id"].to_numpy()
    position = pd.Index(node_id)
    start = position.get_indexer(walk_edge["from_node"])
    end = position.get_indexer(walk_edge["to_node"])
    lost = (start < 0) | (end < 0)
    _refuse(lost, edge_id, "步行路段：下列路段的起点或终点不在步行节点台账中：{}。")
    metres = walk_edge["metres"].to_numpy(dtype=float)
    _refuse(~np.isfinite(metres) | (metres < 0), edge_id, "步行路段：下列路段没有长度或为负：{}。")

    crs = coordinates.zone(lon)
    xy = coordinates.to_metres(lon, lat, crs)
    straight = np.linalg.norm(xy[end] - xy[start], axis=1)
    _check_lengths(metres, straight, float(np.median(lat)), crs)
    notes: list[Note] = []
    loop = start == end
    text = "{:,}条路段的起点和终点相同，未计入。"
    notes += count_note("起终点相同", int(loop.sum()), text, edge_id[loop])
    empty = ~loop & (metres == 0) & (straight > 0.01)
    text = "{:,}条路段长度为0而两端不在一处，已按两端直线距离计算。请在台账中补填长度。"
    notes += count_note("零长度", int(empty.sum()), text, edge_id[empty])
    metres = np.where(empty, straight, metres)
    short = ~loop & (metres < 0.99 * straight - 0.5)
    text = "{:,}条路段的长度短于两端直线距离，仍按台账计算。请核对。"
    notes += count_note("短于直线", int(short.sum()), text, edge_id[short])
    kept = np.flatnonzero(~loop)
    lines = shapely.linestrings(np.stack([xy[start[kept]], xy[end[kept]]], axis=1))
    return build(
        xy,
        start[kept],
        end[kept],
        metres[kept],
        lines,
        crs=crs,
        node_id=node_id,
        edge_id=edge_id[kept],
        kind=walk_edge["kind"].to_numpy()[kept] if "kind" in walk_edge else None,
        notes=notes,
    )


def build(
    xy: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    metres: ArrayLike,
    lines: np.ndarray | None = None,
    *,
    crs: str,
    node_id: ArrayLike | None = None,
    edge_id: ArrayLike | None = None,
    kind: ArrayLike | None = None,
    notes: Iterable[Note] = (),
) -> Network:
    """Put a network together from arrays already in metres; the readers above end here.

    Edges between the same two nodes along the same line are merged, the shortest staying; edges
    between the same nodes along different lines are all kept, because a door may open on any.

    Args:
        xy: Nodes, metres in `crs`, shape (n, 2).
        start: First node of each edge, shape (m,).
        end: Last node of each edge, shape (m,).
        metres: Length of each edge, shape (m,), at least 0.
        lines: LineStrings of the edges, shape (m,); straight when left out.
        crs: A projection in metres; degrees and Web Mercator are refused.
        node_id: Ids of the nodes, shape (n,); positions when left out.
        edge_id: Ids of the edges, shape (m,); positions when left out.
        kind: What sort of street each edge is, shape (m,); 街道 when left out.
        notes: What the reader has already found.
    """
    xy = np.asarray(xy, dtype=float).reshape(-1, 2)
    start, end = np.asarray(start, dtype=np.int32), np.asarray(end, dtype=np.int32)
    metres = np.asarray(metres, dtype=float)
    node_id = np.arange(len(xy)) if node_id is None else np.asarray(node_id)
    edge_id = np.arange(len(start)) if edge_id is None else np.asarray(edge_id)
    kind = np.full(len(start), STREET, dtype=object) if kind is None else np.asarray(kind)
    if len(start) == 0:
        raise ChunshuiError("步行路网里没有一条路段。")
    if not np.isfinite(metres).all() or (metres < 0).any():
        raise ChunshuiError("步行路网里有长度缺失或为负的路段。")
    bounds = np.r_[xy.min(axis=0), xy.max(axis=0)]
    projection = check_crs(crs, bounds, "步行路网")
    if projection.is_geographic:
        raise ChunshuiError("步行路网的坐标是经纬度，不能直接当米计算。请先投影为米。")
    if lines is None:
        lines = shapely.linestrings(np.stack([xy[start], xy[end]], axis=1))
    notes = list(notes)

    # The same two nodes along the same line, whichever way it was drawn. The nodes count too: a
    # footbridge may lie exactly above a street.
    drawn = pd.factorize(shapely.to_wkb(shapely.normalize(lines)))[0]
    key = np.stack([drawn, np.minimum(start, end), np.maximum(start, end)])
    order = np.lexsort((metres, *key))
    first = np.r_[True, (np.diff(key[:, order]) != 0).any(axis=0)]
    kept = np.sort(order[first])
    twin = np.sort(order[~first])
    text = "{:,}条路段与另一条完全重合，只保留较短的一条。"
    notes += count_note("重复路段", len(twin), text, edge_id[twin])
    start, end, metres = start[kept], end[kept], metres[kept]
    text = "{:,}条路段长度为0，只用于连通。"
    zero = metres == 0
    notes += count_note("零长度路段", int(zero.sum()), text, edge_id[kept][zero])

    n = len(xy)
    graph = csr_array((np.ones(len(start), dtype=bool), (start, end)), shape=(n, n))
    parts, island = connected_components(graph, directed=False)
    length = np.bincount(island[start], metres, minlength=parts)
    edges = np.bincount(island[start], minlength=parts)
    # Longest first; a node without any edge comes last.
    rank = np.empty(parts, dtype=np.int32)
    rank[np.lexsort((-edges, -length))] = np.arange(parts)
    island = rank[island]
    lonely = edges[np.argsort(rank)] == 0
    joined = int((~lonely).sum())
    if joined > 1:
        outside = island[start] > 0
        share = metres[outside].sum() / max(metres.sum(), 1e-9)
        text = (
            f"路网分成{joined:,}块互不连通的部分；主体之外有{int(outside.sum()):,}条路段，"
            f"共{metres[outside].sum() / 1000:,.1f}公里（{share:.1%}）。"
            "孤岛上的楼栋只能走到同一孤岛上的阵地。"
        )
        members = edge_id[kept][outside]
        notes.append(Note("孤岛", joined - 1, text, members))
    text = "{:,}个节点没有连接任何路段。"
    alone = lonely[island]
    notes += count_note("孤立节点", int(alone.sum()), text, node_id[alone])
    return Network(
        crs=crs,
        xy=xy,
        start=start,
        end=end,
        metres=metres,
        lines=np.asarray(lines, dtype=object)[kept],
        node_id=node_id,
        edge_id=edge_id[kept],
        kind=kind[kept],
        island=island,
        notes=tuple(notes),
    )


def from_vertices(
    xy: np.ndarray,
    node: np.ndarray,
    way_of: np.ndarray,
    way_id: np.ndarray,
    node_id: np.ndarray | None,
    crs: str,
    notes: Iterable[Note],
    *,
    kind: np.ndarray | None = None,
) -> Network:
    """Cut ways at every vertex that ends a way or is met twice; keep the bends between as shape.

    Args:
        xy: Vertices of all ways, one after another, metres, shape (v, 2).
        node: Which place each vertex is, shape (v,).
        way_of: Which way each vertex belongs to, ascending, shape (v,).
        way_id: Ids of the ways, indexed by `way_of`.
        node_id: Ids of the places, indexed by `node`; None for none.
        crs: Projection of `xy`.
        notes: What has been found so far.
        kind: What sort of street each way is, indexed by `way_of`.
    """
    notes = list(notes)
    size = np.bincount(way_of, minlength=len(way_id))
    repeat = np.r_[False, (node[1:] == node[:-1]) & (way_of[1:] == way_of[:-1])]
    xy, node, way_of = xy[~repeat], node[~repeat], way_of[~repeat]
    left = np.bincount(way_of, minlength=len(way_id))
    point = (left < 2) & (size > 0)
    text = "{:,}条线长度为零（所有点在一处），未计入。"
    notes += count_note("零长度", int(point.sum()), text, way_id[point])
    whole = left[way_of] > 1
    xy, node, way_of = xy[whole], node[whole], way_of[whole]
    if len(node) == 0:
        raise ChunshuiError("步行路网里没有一条有长度的线。")

    change = way_of[1:] != way_of[:-1]
    first, last = np.r_[True, change], np.r_[change, True]
    met = np.bincount(node)
    cut = first | last | (met[node] > 1)
    at = np.flatnonzero(cut)
    # Between two cuts of one way lies one edge; from a way's last to the next's first, none.
    begin, finish = at[:-1], at[1:]
    inside = way_of[begin] == way_of[finish]
    begin, finish = begin[inside], finish[inside]
    vertex, edge = _stretches(begin, finish)
    lines = shapely.linestrings(xy[vertex], indices=edge)

    place, number = np.unique(node[at], return_inverse=True)
    position = np.full(int(place.max()) + 1, -1)
    position[place] = np.arange(len(place))
    node_xy = np.empty((len(place), 2))
    node_xy[number] = xy[at]
    return build(
        node_xy,
        position[node[begin]],
        position[node[finish]],
        shapely.length(lines),
        lines,
        crs=crs,
        node_id=place if node_id is None else node_id[place],
        edge_id=way_id[way_of[begin]],
        kind=None if kind is None else kind[way_of[begin]],
        notes=notes,
    )


def line_metres(xy: np.ndarray, line_of: np.ndarray) -> np.ndarray:
    """Return the length of each line from its vertices, which stand together in ascending order."""
    step = np.where(line_of[1:] == line_of[:-1], np.hypot(*np.diff(xy, axis=0).T), 0.0)
    return np.bincount(line_of[1:], step, minlength=int(line_of[-1]) + 1)


def drop_scraps(network: Network, scrap_m: float) -> Network:
    """Leave out connected parts shorter than `scrap_m` metres in all, but never the longest."""
    length = np.bincount(network.island[network.start], network.metres)
    scrap = length < scrap_m
    scrap[0] = False
    kept = ~scrap[network.island[network.start]]
    if kept.all():
        return network
    text = f"{int(scrap.sum()):,}块不足{scrap_m:,.0f}米的碎片不与任何道路相连，未计入。"
    note = Note("碎片", int(scrap.sum()), text, network.edge_id[~kept])
    used, number = np.unique(np.r_[network.start[kept], network.end[kept]], return_inverse=True)
    return build(
        network.xy[used],
        number[: kept.sum()],
        number[kept.sum() :],
        network.metres[kept],
        network.lines[kept],
        crs=network.crs,
        node_id=network.node_id[used],
        edge_id=network.edge_id[kept],
        kind=network.kind[kept],
        notes=[*(old for old in network.notes if old.kind not in _TOLD_BY_BUILD), note],
    )


def clip(network: Network, area: shapely.Geometry) -> Network:
    """Cut a network, say a whole city's, down to an area.

    A street that leaves the area ends at its first bend outside.

    Args:
        network: The streets.
        area: Polygon in `network.crs`.

    Raises:
        ChunshuiError: No street lies in the area.
    """
    shapely.prepare(area)
    inside = shapely.covers(area, network.lines)
    if inside.all():
        return network
    across = np.flatnonzero(~inside & shapely.intersects(area, network.lines))
    if not inside.any() and len(across) == 0:
        raise ChunshuiError(
            "所给范围里没有一条路段。请核对路网文件与范围是不是同一地区，坐标系是否写对。"
        )
    xy, of = shapely.get_coordinates(network.lines[across], return_index=True)
    kept = np.zeros(len(xy) + 1, dtype=bool)  # whether the step that follows a bend is kept
    step = np.flatnonzero(of[1:] == of[:-1])
    kept[step] = shapely.intersects(
        area, shapely.linestrings(np.stack([xy[step], xy[step + 1]], axis=1))
    )
    first = np.flatnonzero(kept & ~np.r_[False, kept[:-1]])
    last = np.flatnonzero(~kept & np.r_[False, kept[:-1]])
    bend, part = _stretches(first, last)
    lines = shapely.linestrings(xy[bend], indices=part)
    edge = across[of[first]]
    # New nodes stand where a street is cut; a stretch that begins or ends it keeps its node.
    node = len(network.xy) + np.arange(len(xy))
    begins, ends = np.r_[True, of[1:] != of[:-1]], np.r_[of[1:] != of[:-1], True]
    node[begins], node[ends] = network.start[across], network.end[across]
    metres = network.metres[edge] * shapely.length(lines) / network.line_metres[edge]
    whole = np.flatnonzero(inside)
    km = network.km - (network.metres[whole].sum() + metres.sum()) / 1000.0
    outside = network.edge_id[~inside]
    note = Note("范围之外", len(outside), f"{km:,.1f}公里道路在所给范围之外，未载入。", outside)
    start, end = np.r_[network.start[whole], node[first]], np.r_[network.end[whole], node[last]]
    used, number = np.unique(np.r_[start, end], return_inverse=True)
    return build(
        np.concatenate([network.xy, xy])[used],
        number[: len(start)],
        number[len(start) :],
        np.r_[network.metres[whole], metres],
        np.r_[network.lines[whole], lines],
        crs=network.crs,
        # Negative ids: the source has none for where a street is cut.
        node_id=np.r_[network.node_id, -1 - np.arange(len(xy))][used],
        edge_id=network.edge_id[np.r_[whole, edge]],
        kind=network.kind[np.r_[whole, edge]],
        notes=[*(old for old in network.notes if old.kind not in _TOLD_BY_BUILD), note],
    )


def _stretches(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all numbers from each first to its last, and which stretch each is in."""
    length = last - first + 1
    stretch = np.repeat(np.arange(len(first)), length)
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    return np.repeat(first, length) + offset, stretch


def check_crs(crs: Any, bounds: Sequence[float] | np.ndarray, name: str) -> pyproj.CRS:
    """Refuse coordinates that cannot be measured in metres, with a sentence saying how to mend it.

    Args:
        crs: What the source says it uses; None when it says nothing.
        bounds: West, south, east, north of the data in that system.
        name: What to call the source in the sentence.
    """
    if crs is None:
        raise ChunshuiError(
            f"{name}没有写明坐标系。请在导出时写明（如 EPSG:4490，或所在三度带的编号）。"
        )
    stated: pyproj.CRS = pyproj.CRS.from_user_input(crs)
    mercator = stated.to_epsg() in _WEB_MERCATOR or (
        stated.is_projected
        and stated.coordinate_operation is not None
        and "pseudo" in stated.coordinate_operation.method_name.lower()
    )
    if mercator:
        raise ChunshuiError(
            f"{name}用的是 Web 墨卡托投影（EPSG:3857），它把每一米拉长，离赤道越远越长，"
            "不能用来量步行距离。请改用 CGCS2000 三度带投影或经纬度重新导出。"
        )
    west, south, east, north = (float(value) for value in bounds)
    if stated.is_geographic:
        if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
            raise ChunshuiError(
                f"{name}写明坐标是经纬度，数值却超出度数范围。请核对坐标系（可能已是投影坐标）。"
            )
    elif east - west < 5 and north - south < 5 and max(abs(west), abs(east)) <= 180:
        raise ChunshuiError(
            f"{name}写明坐标以米计，数值却像经纬度（全部范围不足5米）。请核对坐标系。"
        )
    return stated


def _check_lengths(metres: np.ndarray, straight: np.ndarray, lat: float, zone: str) -> None:
    """Refuse lengths in degrees or in Web Mercator, told by their ratio to the straight line."""
    far = straight > 10
    if far.sum() < 3:
        return
    low, middle, high = np.quantile(metres[far] / straight[far], (0.05, 0.5, 0.95))
    if middle < 0.01:
        raise ChunshuiError(
            "步行路段：长度像是以度（或公里）量的，普遍不到两端实际距离的百分之一。请以米重新计算。"
        )
    stretch = 1.0 / np.cos(np.radians(lat))
    # Real streets bend by differing amounts; a ratio that never varies comes from the projection.
    if stretch > 1.03 and abs(middle / stretch - 1) < 0.01 and high - low < 0.02:
        raise ChunshuiError(
            f"步行路段：长度普遍是两端实际距离的{middle:.2f}倍，是在 Web 墨卡托投影（EPSG:3857）"
            f"里量的。请在 CGCS2000 三度带投影（本地是 {zone}）里重新量算。"
        )


def _refuse(bad: np.ndarray, ids: np.ndarray, text: str) -> None:
    if bad.any():
        some = "、".join(str(i) for i in ids[bad][:5])
        total = f"{some}等{int(bad.sum()):,}处" if bad.sum() > 5 else some
        raise ChunshuiError(text.format(total))


def count_note(kind: str, count: int, text: str, members: ArrayLike = ()) -> tuple[Note, ...]:
    """Return one note that counts, or none where the count is 0; `text` has a place for it."""
    if not count:
        return ()
    return (Note(kind, count, text.replace("{:,}", f"{count:,}"), np.asarray(members)),)
