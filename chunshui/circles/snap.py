"""Tie doors to the network: the nearest point on an edge, and the walk from the door to it.

Snapping to the nearest *node*, and not counting the way there, is the known fault of many tools:
a house far from any street then takes no time at all.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike

from chunshui.circles.network import Network

# A door farther than this from any street is not tied to it: its data are wrong, or the network's.
SNAP_LIMIT_M = 200.0
# A leg stops this short of its street when held against barriers: a street may run along one.
_CLEAR_OF_STREET_M = 1.0

NO_COORDINATES = "没有坐标"
TOO_FAR = "离路网过远"
BEHIND_BARRIER = "与路网之间隔着屏障"


@dataclass(frozen=True, eq=False)
class Snapped:
    """Where each of k doors meets the network.

    Attributes:
        edge: The edge, shape (k,); -1 for a door that is not tied to the network.
        along: Walking metres from the edge's start to the meeting point, shape (k,).
        leg: Metres from the door to the meeting point, shape (k,). For a door not tied: its
            distance to the network, NaN without coordinates.
        reason: Why a door is not tied, in Chinese, shape (k,); empty for one that is.
        xy: The meeting point, metres, shape (k, 2); the door itself when it is not tied.
    """

    edge: np.ndarray
    along: np.ndarray
    leg: np.ndarray
    reason: np.ndarray
    xy: np.ndarray

    def __len__(self) -> int:
        return len(self.edge)

    def __getitem__(self, which: np.ndarray | slice | list[int]) -> "Snapped":
        """Take some of the doors; `which` is anything that indexes an array and keeps it one."""
        return Snapped(
            self.edge[which], self.along[which], self.leg[which], self.reason[which], self.xy[which]
        )

    @property
    def tied(self) -> np.ndarray:
        """Which doors are tied to the network, shape (k,)."""
        return self.edge >= 0


def snap(
    network: Network,
    xy: ArrayLike,
    *,
    limit_m: float = SNAP_LIMIT_M,
    barriers: np.ndarray | None = None,
) -> Snapped:
    """Find the nearest point on an edge for each door.

    Args:
        network: The streets.
        xy: Doors, metres in `network.crs`, shape (k, 2); NaN where a place has no coordinates.
        limit_m: Doors farther from the network than this are not tied to it.
        barriers: Shapes in `network.crs` that a leg must not cross (railways, water); a door
            whose nearest street lies behind one is tied to the nearest street that does not.
    """
    xy = np.asarray(xy, dtype=float).reshape(-1, 2)
    k = len(xy)
    edge = np.full(k, -1, dtype=np.int32)
    along, leg = np.zeros(k), np.full(k, np.nan)
    reason = np.full(k, NO_COORDINATES, dtype=object)
    known = np.flatnonzero(np.isfinite(xy).all(axis=1))
    meeting = xy.copy()
    if len(known) == 0:
        return Snapped(edge, along, leg, reason, meeting)

    doors = shapely.points(xy[known])
    closest = network.tree.nearest(doors)
    distance = shapely.distance(doors, network.lines[closest])
    leg[known] = distance
    near = distance <= limit_m
    reason[known] = np.where(near, "", TOO_FAR)
    closest = np.where(near, closest, -1)
    if barriers is not None and len(barriers):
        closest, distance = _around(network, doors, closest, distance, limit_m, barriers)
        blocked = near & (closest < 0)
        reason[known[blocked]] = BEHIND_BARRIER
        leg[known] = distance
    tied = closest >= 0
    closest, doors, at = closest[tied], doors[tied], known[tied]
    lines, drawn = network.lines[closest], network.line_metres[closest]
    part = shapely.line_locate_point(lines, doors)
    share = np.divide(part, drawn, out=np.zeros(len(closest)), where=drawn > 0)
    edge[at] = closest
    along[at] = np.clip(share, 0.0, 1.0) * network.metres[closest]
    meeting[at] = shapely.get_coordinates(shapely.line_interpolate_point(lines, part))
    return Snapped(edge, along, leg, reason, meeting)


def _around(
    network: Network,
    doors: np.ndarray,
    closest: np.ndarray,
    distance: np.ndarray,
    limit_m: float,
    barriers: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Replace streets that a door could reach only through a barrier by the next that it can."""
    walls = shapely.STRtree(barriers)
    tied = np.flatnonzero(closest >= 0)
    blocked = tied[_crosses(network, doors[tied], closest[tied], walls)]
    if len(blocked) == 0:
        return closest, distance
    closest, distance = closest.copy(), distance.copy()
    closest[blocked] = -1
    which, edge = network.tree.query(doors[blocked], predicate="dwithin", distance=limit_m)
    away = shapely.distance(doors[blocked][which], network.lines[edge])
    order = np.lexsort((edge, away, which))
    which, edge, away = which[order], edge[order], away[order]
    free = ~_crosses(network, doors[blocked][which], edge, walls)
    door, first = np.unique(which[free], return_index=True)
    closest[blocked[door]] = edge[free][first]
    distance[blocked[door]] = away[free][first]
    return closest, distance


def _crosses(
    network: Network, doors: np.ndarray, edge: np.ndarray, walls: shapely.STRtree
) -> np.ndarray:
    """Say which legs from a door to the nearest point of its edge cross a wall."""
    legs = shapely.shortest_line(doors, network.lines[edge])
    # A street may run along a wall, or over it as a bridge: its last metre does not count.
    length = shapely.length(legs)
    foot = shapely.line_interpolate_point(legs, np.maximum(length - _CLEAR_OF_STREET_M, 0.0))
    ends = np.stack([shapely.get_coordinates(doors), shapely.get_coordinates(foot)], axis=1)
    hit = walls.query(shapely.linestrings(ends), predicate="intersects")[0]
    crosses = np.zeros(len(doors), dtype=bool)
    crosses[hit] = True
    return crosses
