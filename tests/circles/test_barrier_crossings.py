"""Ways planted through a railway and a river, with and without a bridge."""

import numpy as np
import pandas as pd
import pytest
import shapely

from chunshui import coordinates
from chunshui.circles.barrier_crossings import crossing_findings

CRS = "EPSG:4547"
AT = np.array([520_000.0, 3_384_000.0])
RAILWAY = shapely.LineString([(100, -900), (100, 900)])
RIVER = shapely.box(300, -900, 400, 900)
# Which places a way joins (metres east and north of a corner, the 类别 of a node there), its 类别.
ROAD = "路口"
WAYS = {
    1: ((50, 0, ROAD), (150, 0, ROAD), "街道"),  # straight across the railway
    2: ((50, 20, ROAD), (150, 20, ROAD), "桥"),
    3: ((50, 40, ROAD), (150, 40, ROAD), "过街"),
    4: ((50, 60, ROAD), (100.5, 60, ROAD), "街道"),  # ends at the railway
    5: ((98, 80, "过街"), (150, 80, ROAD), "街道"),  # a level crossing drawn as a node
    6: ((50, 100, "过街"), (150, 100, ROAD), "街道"),  # a zebra crossing fifty metres away is none
    7: ((250, 0, ROAD), (450, 0, ROAD), "巷道"),  # through the river
    8: ((250, 20, ROAD), (303, 20, ROAD), "街道"),  # a bank drawn a little otherwise
    9: ((250, 40, ROAD), (350, 40, ROAD), "主干道"),  # bends in the river: a way of two stretches
    10: ((350, 40, ROAD), (450, 50, ROAD), "主干道"),
    11: ((600, 0, ROAD), (700, 0, ROAD), "街道"),  # across an arterial, which is a street itself
}


def degrees(shape):
    return shapely.transform(
        shape, lambda xy: np.column_stack(coordinates.to_degrees(xy + AT, CRS))
    )


def tables(ways=WAYS):
    ends = pd.DataFrame([end for a, b, _ in ways.values() for end in (a, b)], columns=list("xyk"))
    lon, lat = coordinates.to_degrees(ends[["x", "y"]].to_numpy() + AT, CRS)
    nodes = pd.DataFrame({"node_id": range(len(ends)), "kind": ends["k"], "lon": lon, "lat": lat})
    edges = pd.DataFrame(
        {
            "edge_id": list(ways),
            "from_node": nodes["node_id"][::2].to_numpy(),
            "to_node": nodes["node_id"][1::2].to_numpy(),
            "kind": [kind for *_, kind in ways.values()],
        }
    )
    arterial = shapely.LineString([(650, -900), (650, 900)])
    barriers = pd.DataFrame(
        {
            "barrier_id": ["B1", "B2", "B3"],
            "barrier_name": ["某铁路", "某河", "某大道"],
            "kind": ["铁路", "河流", "主干道"],
            "shape": [shapely.to_wkb(degrees(one)) for one in (RAILWAY, RIVER, arterial)],
        }
    )
    return {"walk_node": nodes, "walk_edge": edges, "barrier": barriers}


def test_only_ways_through_a_railway_or_a_river_without_a_bridge_are_named():
    found = crossing_findings(tables())
    assert set(found["entity_id"]) == {"1", "6", "7", "9", "10"}
    assert set(found["severity"]) == {"提示"}
    said = dict(zip(found["entity_id"], found["message"], strict=True))
    assert said["1"] == "街道路段1长100米，直穿某铁路，没有桥或过街。"
    assert said["7"] == "巷道路段7长200米，有100米在某河里，没有桥或过街。"


@pytest.mark.parametrize("system", [coordinates.GCJ02, coordinates.BD09])
def test_barriers_of_another_system_are_told_once_and_not_at_each_way(system):
    """Streets beside a railway and a river lead through them where these lie 590 m or 1.2 km off."""
    beside = [*range(-1400, -100, 130), -40, 130, *range(410, 1400, 130)]
    ways = [
        ((east + x, north, ROAD), (east + x + 60, north, ROAD), "街道")
        for east in beside
        for north in range(-800, 800, 40)
        for x in (0, 60)
    ]
    planted = tables(dict(enumerate(ways)))
    shifted = planted["barrier"].copy()
    for place, shape in enumerate(shifted["shape"]):
        moved = shapely.transform(
            shapely.from_wkb(shape),
            lambda xy: np.column_stack(coordinates.from_wgs84(*xy.T, system)),
        )
        shifted.loc[place, "shape"] = shapely.to_wkb(moved)
    assert crossing_findings(planted).empty
    (found,) = crossing_findings(planted | {"barrier": shifted}).itertuples()
    assert (found.severity, found.entity_table) == ("警告", "barrier")
    assert found.entity_id in shifted["barrier_id"].tolist()
    assert f"很可能是 {system}" in found.message and found.message.endswith("换算后一条也没有。")


def test_ways_that_lead_through_where_barriers_are_right_are_named_though_many():
    many = {n: ((50, n * 9, ROAD), (150, n * 9, ROAD), "街道") for n in range(60)}
    found = crossing_findings(tables(many))
    assert set(found["severity"]) == {"提示"} and len(found) == 11


def test_of_many_the_longest_are_named_and_the_rest_counted():
    many = {n: ((50, n, ROAD), (150 + n, n, ROAD), "街道") for n in range(1, 15)}
    found = crossing_findings(tables(many))
    assert found["entity_id"][:10].tolist() == [str(n) for n in range(14, 4, -1)]
    assert found["message"].iloc[-1] == "穿过铁路、河流而没有桥或过街的路段另有4条。"
    assert len(found) == 11
    assert crossing_findings(tables({2: WAYS[2]})).empty
