"""A network as rows of the ledgers 步行节点 and 步行路段, and what to tell whoever brought it."""

import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates
from chunshui.circles.network import Network

# A bend of a street becomes a node where the straight way would leave the street by more than this.
BEND_M = 1.0
_NODE_KINDS = {"院内路": "院内", "过街": "过街", "桥": "桥"}


def to_ledgers(network: Network) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write a network as ledger rows: what `network.from_ledgers` makes of them walks the same.

    The ledgers know straight stretches only, so that bends become nodes of their own.

    Returns:
        `node_id`, `kind`, `lon`, `lat` (WGS-84); and `edge_id`, `from_node`, `to_node`, `kind`,
        `metres`. Both are numbered from 1.
    """
    xy, edge = shapely.get_coordinates(network.lines, return_index=True)
    step = np.r_[0.0, np.hypot(*np.diff(xy, axis=0).T)]
    first = np.r_[True, edge[1:] != edge[:-1]]
    last = np.r_[first[1:], True]
    along = np.cumsum(np.where(first, 0.0, step))
    along -= along[first][edge]
    along *= np.divide(
        network.metres, network.line_metres,
        out=np.ones(len(network.metres)), where=network.line_metres > 0,
    )[edge]  # fmt: skip

    smooth, smooth_edge = shapely.get_coordinates(
        shapely.simplify(network.lines, BEND_M, preserve_topology=False), return_index=True
    )
    # Inside an edge no place is met twice: whatever is left of it is known by where it is.
    kept = pd.MultiIndex.from_arrays([edge, *xy.T]).isin(
        pd.MultiIndex.from_arrays([smooth_edge, *smooth.T])
    )
    kept |= first | last
    number = np.full(len(xy), -1)
    number[first], number[last] = network.start[edge[first]], network.end[edge[last]]
    bend = kept & (number < 0)
    number[bend] = len(network.xy) + np.arange(bend.sum())
    at = np.flatnonzero(kept)
    begin, end = at[:-1], at[1:]
    # A closed loop without any bend to speak of is no way to anywhere.
    real = (edge[begin] == edge[end]) & (number[begin] != number[end])
    begin, end = begin[real], end[real]

    used, node = np.unique(np.r_[number[begin], number[end]], return_inverse=True)
    lon, lat = coordinates.to_degrees(np.concatenate([network.xy, xy[bend]])[used], network.crs)
    kind = network.kind[edge[begin]]
    nodes = pd.DataFrame(
        {
            "node_id": np.arange(1, len(used) + 1),
            "kind": _node_kinds(node, np.r_[kind, kind]),
            "lon": np.round(lon, 7),
            "lat": np.round(lat, 7),
        }
    )
    half = len(begin)
    edges = pd.DataFrame(
        {
            "edge_id": np.arange(1, half + 1),
            "from_node": node[:half] + 1,
            "to_node": node[half:] + 1,
            "kind": kind,
            "metres": np.maximum(np.round(along[end] - along[begin], 2), 0.01),
        }
    )
    return nodes, edges


def _node_kinds(node: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Return the 类别 of each node: that of its streets where they are all of one sort."""
    sorts = pd.Series(kind).groupby(node).agg(["first", "nunique"])
    named = sorts["first"].map(_NODE_KINDS).where(sorts["nunique"] == 1)
    kinds: np.ndarray = named.fillna("路口").to_numpy(dtype=object)
    return kinds


def summary(network: Network) -> list[str]:
    """Say in Chinese what a network has: its length, its connected parts; then every note."""
    parts = int(network.island[network.start].max()) + 1
    main = network.metres[network.island[network.start] == 0].sum() / network.metres.sum()
    kinds = pd.Series(network.metres).groupby(network.kind).sum().sort_values(ascending=False)
    told = [
        f"可步行{network.km:,.1f}公里，{len(network.start):,}条路段，{len(network.xy):,}个路口和端点。",
        "其中"
        + "、".join(f"{kind}{metres / 1000:,.1f}公里" for kind, metres in kinds.items())
        + "。",
        f"连成{parts:,}块，最大一块占总长{main:.1%}。",
    ]
    return told + [note.text for note in network.notes if note.kind != "孤岛" or parts > 1]
