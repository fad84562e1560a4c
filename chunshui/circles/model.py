"""The circles of one data version: loaded once (half a second), then asked in milliseconds.

What is counted for a figure without any change comes from the catalogue's SQL; here is what only an
engine can say: after a change, for a single door, along a line on the map.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from chunshui import coordinates
from chunshui.circles import catchments
from chunshui.circles.snap import Snapped, snap
from chunshui.circles.walks import Ground, from_wkb, tie_doors
from chunshui.warehouse import Reader


@dataclass(frozen=True, eq=False)
class Circles:
    """One version's streets, doors, walks and the tables behind them.

    Rows of `buildings` and `stations` stand in the order of the doors; `reach` has their
    positions as `building`, `station`, and `metres`, the nearest station of a building first.
    `premises` is None where the version holds none: its ledger was not given, or its software
    did not know it.
    """

    ground: Ground
    reach: pd.DataFrame
    buildings: pd.DataFrame
    stations: pd.DataFrame
    functions: pd.DataFrame
    hours: pd.DataFrame
    candidates: pd.DataFrame
    premises: pd.DataFrame | None
    land: shapely.Geometry  # where people live: the district without the river, metres

    @cached_property
    def mesh(self) -> catchments.Mesh:
        """The mesh for outlines."""
        return catchments.mesh(self.ground.network)

    @cached_property
    def first(self) -> np.ndarray:
        """Where the walks of each building begin in `reach`, shape (buildings + 1,)."""
        return np.searchsorted(self.reach["building"], np.arange(len(self.buildings) + 1))

    @cached_property
    def offering(self) -> dict[str, np.ndarray]:
        """Which stations offer each function, boolean, shape (stations,)."""
        ids = self.stations["station_id"]
        offers = self.functions.groupby("function")["station_id"]
        return {name: ids.isin(offered).to_numpy() for name, offered in offers}

    @cached_property
    def opening(self) -> tuple[np.ndarray, ...]:
        """The hours of `hours` by station: its position, weekday, opening and closing minute."""
        at = pd.Index(self.stations["station_id"]).get_indexer(self.hours["station_id"])
        known = self.hours[at >= 0]
        names = ("weekday", "opens_minute", "closes_minute")
        return at[at >= 0], *(known[name].to_numpy() for name in names)

    @cached_property
    def standing(self) -> tuple[np.ndarray, np.ndarray]:
        """The days on which each station opened and closed, NaT where it has not."""
        opened, closed = (self.stations[name].to_numpy() for name in ("opened_on", "closed_on"))
        return opened, closed

    @cached_property
    def level(self) -> np.ndarray:
        """The level of each station, as objects: compared faster than Arrow's strings."""
        return np.asarray(self.stations["level"], dtype=object)

    @cached_property
    def communities(self) -> pd.DataFrame:
        """The communities that have buildings, by code: code and name, their street's too."""
        columns = ["community_code", "community_name", "street_code", "street_name"]
        rows = self.buildings[columns].drop_duplicates("community_code")
        return rows.sort_values("community_code", ignore_index=True)

    @cached_property
    def community(self) -> np.ndarray:
        """Which of `communities` each building is in, shape (buildings,)."""
        codes = self.communities["community_code"]
        return np.asarray(np.searchsorted(codes, self.buildings["community_code"]))

    def snap_places(self, lon: ArrayLike, lat: ArrayLike) -> Snapped:
        """Tie places given in WGS-84 degrees to the streets."""
        network = self.ground.network
        xy = coordinates.to_metres(np.atleast_1d(lon), np.atleast_1d(lat), network.crs)
        return snap(network, xy, barriers=self.ground.walls)


def load(reader: Reader) -> Circles | None:
    """Load what a version holds; None when its ledgers had no walking network."""
    nodes, edges = reader.query("views/walking_nodes"), reader.query("views/walking_edges")
    buildings = reader.query("views/circle_buildings")
    stations = reader.query("views/circle_stations")
    barriers = reader.query("views/barriers")
    ground = tie_doors(
        {
            "walk_node": nodes,
            "walk_edge": edges,
            "building": buildings,
            "station": stations,
            "barrier": barriers,
        }
    )
    if ground is None:
        return None
    walks = reader.query("views/walks")
    walks = walks.rename(columns={"building_no": "building", "station_no": "station"})
    walks["metres"] = walks["metres"].astype("float64")
    walks = walks.sort_values(["building", "metres"], ignore_index=True)
    crs = ground.network.crs
    streets = reader.query("views/streets")
    land = shapely.union_all(from_wkb(streets["shape"], crs))
    rivers = from_wkb(barriers.loc[barriers["kind"] == "河流", "shape"], crs)
    land = shapely.difference(land, shapely.union_all(rivers))
    return Circles(
        ground,
        walks,
        buildings,
        stations,
        reader.query("views/circle_functions"),
        reader.query("views/circle_hours"),
        reader.query("views/circle_candidates"),
        _premises(reader),
        land,
    )


def _premises(reader: Reader) -> pd.DataFrame | None:
    if "premises" not in set(reader.query("warehouse/tables")["table_name"]):
        return None
    rows = reader.query("views/circle_premises")
    return None if rows.empty else rows
