"""The walks of a data version: doors, reach and what cannot be reached, from its tables.

Measured when a version is built, and only where something changed: with the streets, buildings and
barriers of the version before, its walks are taken over and only new or moved stations walked.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates
from chunshui.circles.network import Network, Note, from_ledgers
from chunshui.circles.reach import reach, unroutable
from chunshui.circles.snap import Snapped, snap

# Walls of the walk from a door to its street. Arterials are streets themselves.
WALLS = ("河流", "铁路")
NO_NETWORK = "台账里没有步行节点和步行路段，步行圈没有计算。"
_DOOR = ["entity_table", "entity_id", "door_no", "east", "north", "leg"]


@dataclass(frozen=True, eq=False)
class Ground:
    """Streets with the doors of buildings and stations tied to them.

    Attributes:
        network: The streets.
        buildings: Doors of the buildings, in the order of their ids.
        stations: Doors of the stations, in the order of their ids.
        building_ids, station_ids: Those ids.
        building_xy, station_xy: The places themselves, metres in `network.crs`.
        walls: What a way from a door must not cross, in `network.crs`.
    """

    network: Network
    buildings: Snapped
    stations: Snapped
    building_ids: np.ndarray
    station_ids: np.ndarray
    building_xy: np.ndarray
    station_xy: np.ndarray
    walls: np.ndarray


@dataclass(frozen=True, eq=False)
class Walks:
    """Rows of the tables walk_door, reach and unroutable, and what was noted on the way.

    `ground` is the fingerprint of all that decides the walks of a station that stays where it is.
    """

    door: pd.DataFrame
    reach: pd.DataFrame
    unroutable: pd.DataFrame
    notes: tuple[Note, ...]
    ground: str
    kept: int  # stations whose walks were taken over


def tie_doors(tables: dict[str, pd.DataFrame]) -> Ground | None:
    """Tie the doors of a version to its streets; None when the ledgers hold no streets.

    Args:
        tables: Rows of walk_node, walk_edge, building, station and barrier, in any order.
    """
    if tables["walk_node"].empty or tables["walk_edge"].empty:
        return None
    network = from_ledgers(tables["walk_node"], tables["walk_edge"])
    walls = _walls(tables["barrier"], network.crs)
    buildings = tables["building"].sort_values("building_id")
    stations = tables["station"].sort_values("station_id")
    building_xy = coordinates.to_metres(buildings["lon"], buildings["lat"], network.crs)
    station_xy = coordinates.to_metres(stations["lon"], stations["lat"], network.crs)
    return Ground(
        network,
        snap(network, building_xy, barriers=walls),
        snap(network, station_xy, barriers=walls),
        buildings["building_id"].to_numpy(dtype=object),
        stations["station_id"].to_numpy(dtype=object),
        building_xy,
        station_xy,
        walls,
    )


def measure(tables: dict[str, pd.DataFrame], before: Walks | None = None) -> Walks:
    """Measure all walks of a version.

    Args:
        tables: As for `tie_doors`.
        before: The walks of the version before, to take over what did not change.
    """
    ground = tie_doors(tables)
    if ground is None:
        none = pd.DataFrame(columns=["building_no", "station_no", "metres"])
        lost = pd.DataFrame(columns=["entity_table", "entity_id", "metres", "reason"])
        return Walks(pd.DataFrame(columns=_DOOR), none, lost, (), "", 0)
    print_ = fingerprint(tables)
    door = pd.concat(
        [
            _doors("building", ground.building_ids, ground.building_xy, ground.buildings),
            _doors("station", ground.station_ids, ground.station_xy, ground.stations),
        ],
        ignore_index=True,
    )
    kept, old = _unmoved(door, print_, before)
    walked = reach(ground.network, ground.buildings, ground.stations[np.flatnonzero(~kept)])
    pairs = pd.DataFrame(
        {
            "building_no": walked["building"].to_numpy(),
            "station_no": np.flatnonzero(~kept)[walked["station"].to_numpy()].astype(np.int16),
            # To the centimetre: more is no truth, and makes the file larger.
            "metres": walked["metres"].round(2).to_numpy(dtype=np.float32),
        }
    )
    pairs = pd.concat([pairs, old], ignore_index=True)
    pairs = pairs.sort_values(["station_no", "building_no"], ignore_index=True)
    lost = unroutable(ground.network, ground.buildings, ground.stations)
    ids = {"building": ground.building_ids, "station": ground.station_ids}
    lost = pd.DataFrame(
        {
            "entity_table": lost["kind"],
            "entity_id": [ids[k][i] for k, i in zip(lost["kind"], lost["index"], strict=True)],
            "metres": lost["metres"],
            "reason": lost["reason"],
        }
    )
    return Walks(door, pairs, lost, ground.network.notes, print_, int(kept.sum()))


def fingerprint(tables: dict[str, pd.DataFrame]) -> str:
    """Return a sha256 of the streets, the buildings and the walls: the same for the same walks."""
    columns = {
        "walk_node": ["node_id", "lon", "lat"],
        "walk_edge": ["edge_id", "from_node", "to_node", "metres"],
        "building": ["building_id", "lon", "lat"],
        "barrier": ["barrier_id", "kind", "shape"],
    }
    digest = hashlib.sha256(b"walks 1")
    for table, names in columns.items():
        rows = tables[table][names].sort_values(names[0], ignore_index=True)
        rows = rows.assign(**{c: rows[c].map(bytes) for c in names if c == "shape"})
        digest.update(pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def _walls(barrier: pd.DataFrame, crs: str) -> np.ndarray:
    shapes = barrier.loc[barrier["kind"].isin(WALLS), "shape"]
    return from_wkb(shapes, crs)


def from_wkb(shapes: pd.Series, crs: str) -> np.ndarray:
    """Return shapes of a version (WKB of WGS-84) in metres."""
    return np.asarray(
        coordinates.shapes_to_metres(shapely.from_wkb([bytes(shape) for shape in shapes]), crs)
    )


def _doors(table: str, ids: np.ndarray, xy: np.ndarray, doors: Snapped) -> pd.DataFrame:
    columns = (table, ids, np.arange(len(ids)), xy[:, 0].round(3), xy[:, 1].round(3), doors.leg)
    return pd.DataFrame(dict(zip(_DOOR, columns, strict=True)))


def _unmoved(
    door: pd.DataFrame, print_: str, before: Walks | None
) -> tuple[np.ndarray, pd.DataFrame]:
    """Say which stations stand where they stood, and return their walks under their new numbers."""
    stations = door[door["entity_table"] == "station"]
    kept = np.zeros(len(stations), dtype=bool)
    nothing = pd.DataFrame(
        {
            "building_no": np.empty(0, dtype=np.int32),
            "station_no": np.empty(0, dtype=np.int16),
            "metres": np.empty(0, dtype=np.float32),
        }
    )
    if before is None or before.ground != print_:
        return kept, nothing
    earlier = before.door[before.door["entity_table"] == "station"].set_index("entity_id")
    at = earlier.reindex(stations["entity_id"])
    same = np.isclose(at[["east", "north"]], stations[["east", "north"]], rtol=0, atol=1e-6)
    kept = same.all(axis=1)
    number = np.full(len(earlier), -1, dtype=np.int16)
    number[at["door_no"].to_numpy()[kept].astype(int)] = np.flatnonzero(kept)
    pairs = before.reach
    mine = number[pairs["station_no"].to_numpy()]
    return kept, pairs.assign(station_no=mine)[mine >= 0]
