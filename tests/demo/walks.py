"""Walking distances in the tests' own way: doors snapped to a point on an edge, Dijkstra."""

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True)


class Walks:
    def __init__(self, nodes: pd.DataFrame, edges: pd.DataFrame):
        self.xy = np.column_stack(TO_METRES.transform(nodes["lon"], nodes["lat"]))
        place = pd.Series(np.arange(len(nodes)), index=nodes["node_id"])
        self.a = place.loc[edges["from_node"]].to_numpy()
        self.b = place.loc[edges["to_node"]].to_numpy()
        self.metres = edges["metres"].to_numpy()
        n = len(nodes)
        self.graph = csr_array((self.metres, (self.a, self.b)), shape=(n, n))
        self.lines = shapely.linestrings(np.stack([self.xy[self.a], self.xy[self.b]], 1))
        self.tree = shapely.STRtree(self.lines)
        self.island = connected_components(self.graph, directed=False)[1]

    def snap(self, frame: pd.DataFrame):
        """Edge, metres along it and metres off it for each door."""
        doors = shapely.points(
            *TO_METRES.transform(frame["lon"].to_numpy(), frame["lat"].to_numpy())
        )
        (_, edge), off = self.tree.query_nearest(doors, return_distance=True, all_matches=False)
        along = shapely.line_locate_point(self.lines[edge], doors)
        return edge, along, off

    def nearest(self, homes: pd.DataFrame, stations: pd.DataFrame) -> np.ndarray:
        """Metres from each home to the nearest station, along the streets."""
        n = len(self.xy)
        edge, along, off = self.snap(stations)
        k = np.arange(len(edge))
        doors = csr_array(
            (
                np.r_[along + off, self.metres[edge] - along + off].clip(0.01),
                (np.r_[k, k], np.r_[self.a[edge], self.b[edge]]),
            ),
            shape=(len(k), n),
        )
        both = self.graph + self.graph.T
        whole = block_array([[both, None], [doors, csr_array((len(k), len(k)))]], format="csr")
        reach = dijkstra(whole, indices=n + k, min_only=True)[:n]
        edge, along, off = self.snap(homes)
        back = np.maximum(self.metres[edge] - along, 0)
        return off + np.minimum(reach[self.a[edge]] + along, reach[self.b[edge]] + back)
