"""Find ways of the walking network that go straight across a railway or through a river."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates
from chunshui.circles import walks
from chunshui.words import NOTE

THROUGH_BARRIER = "路段穿越屏障"  # the check_id
OVER = ("桥", "过街")  # the 类别 of ways and nodes that lead over or under a barrier
# A way may start at a barrier or graze a bank drawn in another file: so much of it does not count.
CLEAR_M = 1.0
WATER_M = 5.0
NEAR_CROSSING_M = 5.0  # a crossing of a railway may be drawn as no more than a node of it
TOLD = 10
_MEND = (
    "在步行路段台账里核对：有桥、涵洞、道口的把类别改为“桥”或“过街”；走不通的删去，"
    "否则步行距离会偏短。码头、栈桥不必改。"
)


def crossing_findings(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return rows of check_result, one for each way through a barrier, the ten longest named.

    Args:
        tables: Rows of walk_node, walk_edge and barrier; shapes as WKB of WGS-84.
    """
    columns = ["check_id", "severity", "entity_table", "entity_id", "message", "mend"]
    nodes, edges, barriers = (tables[one] for one in ("walk_node", "walk_edge", "barrier"))
    walls = barriers[barriers["kind"].isin(walks.WALLS)].reset_index(drop=True)
    ways = edges[~edges["kind"].isin(OVER)].sort_values("edge_id", ignore_index=True)
    if nodes.empty or ways.empty or walls.empty:
        return pd.DataFrame(columns=columns)
    crs = coordinates.zone(nodes["lon"])
    xy = coordinates.to_metres(nodes["lon"], nodes["lat"], crs)
    over = nodes["kind"].isin(OVER).to_numpy()
    shapes = walks.from_wkb(walls["shape"], crs)
    at = pd.Index(nodes["node_id"])
    ends = np.stack([at.get_indexer(ways["from_node"]), at.get_indexer(ways["to_node"])], axis=1)
    lines = shapely.linestrings(xy[ends])
    way, wall = shapely.STRtree(shapes).query(lines, predicate="intersects")
    common = shapely.intersection(lines[way], shapes[wall])
    metres = shapely.length(common)
    points = shapely.points(xy[ends[way]])
    away = shapely.distance(points, common[:, None])
    at_crossing = (over[ends[way]] & (away <= NEAR_CROSSING_M)).any(axis=1)
    area = shapely.get_dimensions(shapes[wall]) == 2
    across = np.where(area, metres >= WATER_M, (away > CLEAR_M).all(axis=1)) & ~at_crossing
    found = pd.DataFrame({"way": way, "wall": wall, "metres": metres, "area": area})[across]
    length = shapely.length(lines)[found["way"]]
    found = found.assign(length=length).sort_values(
        ["length", "way", "wall"], ascending=[False, True, True]
    )
    found = found.drop_duplicates("way")
    said = [
        f"{ways['kind'][row.way]}路段{ways['edge_id'][row.way]}长{row.length:,.0f}米，"
        + (f"有{row.metres:,.0f}米在" if row.area else "直穿")
        + f"{walls['barrier_name'][row.wall]}{'里' if row.area else ''}，没有桥或过街。"
        for row in found[:TOLD].itertuples()
    ]
    ids = ways["edge_id"][found["way"][:TOLD]].astype(str).tolist()
    rest = len(found) - TOLD
    if rest > 0:
        said.append(f"穿过铁路、河流而没有桥或过街的路段另有{rest:,}条。")
        ids.append(str(ways["edge_id"][found["way"].iloc[TOLD]]))
    rows = [
        (THROUGH_BARRIER, NOTE, "walk_edge", *one, _MEND) for one in zip(ids, said, strict=True)
    ]
    return pd.DataFrame(rows, columns=columns)
