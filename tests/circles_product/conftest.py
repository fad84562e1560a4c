"""The demonstration's published version, its tables, and its circles as the pages load them."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from chunshui.circles import model
from chunshui.circles.question import LEVELS
from chunshui.warehouse import Store

TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True)


@pytest.fixture(scope="package")
def reader(published):
    with Store(published / "versions").open() as opened:
        yield opened


@pytest.fixture(scope="package")
def tables(reader):
    names = ["walk_node", "walk_edge", "building", "station", "station_function", "station_hours"]
    with reader.cursor() as cursor:
        return {name: cursor.table(name).df() for name in [*names, "unroutable", "reach"]}


@pytest.fixture(scope="package")
def circles(reader):
    return model.load(reader)


@pytest.fixture(scope="package")
def streets(tables):
    return Streets(tables)


class Streets:
    """The streets as a networkx graph cut in two at every door; nothing of the engine is used."""

    def __init__(self, tables):
        nodes, edges = tables["walk_node"], tables["walk_edge"]
        place = {
            node: TO_METRES.transform(lon, lat)
            for node, lon, lat in zip(nodes["node_id"], nodes["lon"], nodes["lat"], strict=True)
        }
        lines = shapely.linestrings(
            [
                (place[a], place[b])
                for a, b in zip(edges["from_node"], edges["to_node"], strict=True)
            ]
        )
        tree = shapely.STRtree(lines)
        cuts: dict[int, list] = {}
        self.leg: dict[tuple[str, str], float] = {}
        for kind in ("building", "station"):
            rows = tables[kind]
            points = shapely.points(*TO_METRES.transform(rows["lon"], rows["lat"]))
            found = tree.nearest(points)
            away = shapely.distance(points, lines[found])
            share = shapely.line_locate_point(lines[found], points, normalized=True)
            for name, edge, leg, part in zip(rows[f"{kind}_id"], found, away, share, strict=True):
                if leg <= 200:
                    self.leg[kind, name] = float(leg)
                    cuts.setdefault(int(edge), []).append((float(part), (kind, name)))
        self.graph = nx.Graph()
        rows = zip(edges["from_node"], edges["to_node"], edges["metres"], strict=True)
        for number, (a, b, metres) in enumerate(rows):
            stops = [(0.0, a), *sorted(cuts.get(number, []), key=lambda cut: cut[0]), (1.0, b)]
            for (at, one), (to, other) in pairwise(stops):
                self._add(one, other, (to - at) * metres)

    def _add(self, one, other, metres):
        old = self.graph.get_edge_data(one, other)
        if old is None or metres < old["metres"]:
            self.graph.add_edge(one, other, metres=metres)

    def from_station(self, station: str, limit: float) -> dict[str, float]:
        """Metres from a station to every building within the limit."""
        door = ("station", station)
        if door not in self.leg:
            return {}
        walks = nx.single_source_dijkstra_path_length(
            self.graph, door, cutoff=limit, weight="metres"
        )
        return {
            end[1]: metres + self.leg[end] + self.leg[door]
            for end, metres in walks.items()
            if isinstance(end, tuple) and end[0] == "building"
        }

    def nearest(self, stations, limit: float) -> dict[str, float]:
        """Metres from every building to the nearest of the stations within the limit."""
        graph = self.graph.copy()
        for station in stations:
            if ("station", station) in self.leg:
                graph.add_edge("start", ("station", station), metres=self.leg["station", station])
        if "start" not in graph:
            return {}
        # Nobody walks through the start: all ways from it lead away.
        walks = nx.single_source_dijkstra_path_length(graph, "start", cutoff=limit, weight="metres")
        return {
            end[1]: metres + self.leg[end]
            for end, metres in walks.items()
            if isinstance(end, tuple) and end[0] == "building"
            and metres + self.leg[end] <= limit
        }  # fmt: skip


def open_stations(tables, month_end, levels=LEVELS, function=None, weekday=0, minute=0):
    """Choose stations from the ledgers' tables by pandas."""
    rows = tables["station"]
    day = pd.Timestamp(month_end)
    rows = rows[(rows["opened_on"] <= day) & (rows["closed_on"].isna() | (rows["closed_on"] > day))]
    rows = rows[rows["level"].isin(levels)]
    if function:
        offers = tables["station_function"]
        rows = rows[
            rows["station_id"].isin(offers.loc[offers["function"] == function, "station_id"])
        ]
    if weekday:
        hours = tables["station_hours"]
        hours = hours[(hours["weekday"] == weekday) & (hours["opens_minute"] <= minute)]
        rows = rows[
            rows["station_id"].isin(hours.loc[hours["closes_minute"] > minute, "station_id"])
        ]
    return rows["station_id"].tolist()


def people_within(tables, metres: dict[str, float], limit: float, column: str) -> float:
    """Add up people whose building has a walk within the limit."""
    near = tables["building"]["building_id"].map(metres).fillna(np.inf) <= limit
    return float(tables["building"].loc[near, column].sum())
