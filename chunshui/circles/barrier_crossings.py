"""Find ways of the walking network that go straight across a railway or through a river."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates
from chunshui.circles import walks
from chunshui.words import NOTE, WARNING

THROUGH_BARRIER = "路段穿越屏障"  # the check_id
OVER = ("桥", "过街")  # the 类别 of ways and nodes that lead over or under a barrier
# A way may start at a barrier or graze a bank drawn in another file: so much of it does not count.
CLEAR_M = 1.0
WATER_M = 5.0
NEAR_CROSSING_M = 5.0  # a crossing of a railway may be drawn as no more than a node of it
TOLD = 10
BESIDE_M = 200.0
MANY = 20  # ways, from which on the barriers themselves are doubted
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
    at = pd.Index(nodes["node_id"])
    ends = np.stack([at.get_indexer(ways["from_node"]), at.get_indexer(ways["to_node"])], axis=1)
    lines = shapely.linestrings(xy[ends])
    points = shapely.points(xy[ends])
    network = _Network(lines, points, over[ends], crs)
    found = network.through(walls["shape"])
    rows = (
        []
        if len(found) < MANY
        else _shifted(walls.iloc[found["wall"].unique()], network, len(found))
    )
    length = shapely.length(lines)[found["way"]]
    found = found.assign(length=length).sort_values(["length", "way"], ascending=[False, True])
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
    if not rows:  # else they are what is wrong with the barriers, not with the ways
        rows = [
            (THROUGH_BARRIER, NOTE, "walk_edge", *one, _MEND) for one in zip(ids, said, strict=True)
        ]
    return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class _Network:
    """Ways as straight lines, their two ends, and whether these lie at a bridge or crossing, in metres."""

    lines: np.ndarray
    ends: np.ndarray
    over: np.ndarray
    crs: str

    def through(self, walls: pd.Series) -> pd.DataFrame:
        """Return pairs of a way and a wall (WKB of WGS-84) it leads through: `metres` within, `area`."""
        shapes = walks.from_wkb(walls, self.crs)
        way, wall = shapely.STRtree(shapes).query(self.lines, predicate="intersects")
        common = shapely.intersection(self.lines[way], shapes[wall])
        metres = shapely.length(common)
        away = shapely.distance(self.ends[way], common[:, None])
        at_crossing = (self.over[way] & (away <= NEAR_CROSSING_M)).any(axis=1)
        area = shapely.get_dimensions(shapes[wall]) == 2
        across = np.where(area, metres >= WATER_M, (away > CLEAR_M).all(axis=1)) & ~at_crossing
        pairs = {"way": way, "wall": wall, "metres": metres, "area": area}
        found = pd.DataFrame(pairs)[across].sort_values(["way", "wall"])
        return found.drop_duplicates("way")

    def beside(self, walls: pd.Series) -> int:
        """Return how many ways lie within `BESIDE_M` of walls (WKB of WGS-84)."""
        shapes = walks.from_wkb(walls, self.crs)
        way, _ = shapely.STRtree(shapes).query(self.lines, "dwithin", distance=BESIDE_M)
        return len(np.unique(way))


def _shifted(walls: pd.DataFrame, network: _Network, ways: int) -> list[tuple[str, ...]]:
    """Return the one finding about barriers that another coordinate system takes off nearly all ways."""
    shapes = shapely.from_wkb([bytes(shape) for shape in walls["shape"]])
    centres = shapely.centroid(walks.from_wkb(walls["shape"], network.crs))
    for system in (coordinates.GCJ02, coordinates.BD09):

        def wgs84(xy: np.ndarray, system: str = system) -> np.ndarray:
            return np.column_stack(coordinates.to_wgs84(xy[:, 0], xy[:, 1], system))

        read = pd.Series(shapely.to_wkb(shapely.transform(shapes, wgs84)))
        left = len(network.through(read))
        # Where there are no ways nothing leads through.
        if left * 10 <= ways and network.beside(read) * 2 >= network.beside(walls["shape"]):
            moved = shapely.distance(centres, shapely.centroid(walks.from_wkb(read, network.crs)))
            said = (
                f"铁路、河流整体偏移约{np.median(moved):,.0f}米，很可能是 {system}：现有{ways:,}条路段"
                f"穿过它们而没有桥或过街，按 {system} 换算后{f'只剩{left:,}条' if left else '一条也没有'}。"
            )
            mend = f"请核实步行屏障台账的来源，在台账里把坐标系写明为 {system} 后重新入库。"
            first = str(walls["barrier_id"].iloc[0])
            return [(THROUGH_BARRIER, WARNING, "barrier", first, said, mend)]
    return []
