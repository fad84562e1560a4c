from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import pytest
import shapely
from scipy.sparse.csgraph import dijkstra

from chunshui import coordinates
from chunshui.circles import reach, snap
from chunshui.circles.lines import from_lines
from chunshui.circles.osm import read_osm, street_kind, why_closed
from chunshui.errors import ChunshuiError
from tests.circles import oracle
from tests.circles.test_network import WUHAN, frame, kinds


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "residential"},
        {"highway": "service", "access": "private", "foot": "yes"},
        {"highway": "cycleway", "foot": "designated"},
        {"highway": "trunk", "sidewalk": "both"},
        {"highway": "trunk_link", "sidewalk:right": "yes"},
        {"highway": "trunk", "motorroad": "yes", "foot": "designated"},
        {"highway": "track", "access": "agricultural", "foot": "permissive"},
        {"highway": "residential", "access": "destination"},
        {"highway": "service", "access": "no;private", "foot": "permissive"},
        {"highway": "primary", "expressway": "yes", "sidewalk:left": "yes"},
        {"highway": "trunk", "sidewalk": "right;no"},
        {"highway": "cycleway", "segregated": "no"},
    ],
)
def test_ways_that_may_be_walked(tags):
    assert why_closed(tags) is None


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"highway": "motorway"}, "高速"),
        ({"highway": "primary", "foot": "no"}, "禁止行人"),
        ({"highway": "service", "access": "private"}, "私有"),
        ({"highway": "service", "access": "military"}, "私有"),
        ({"highway": "service", "access": "permit"}, "私有"),
        ({"highway": "service", "access": "delivery"}, "私有"),
        ({"highway": "track", "access": "agricultural"}, "私有"),
        ({"highway": "cycleway"}, "自行车道"),
        ({"highway": "construction"}, "在建"),
        ({"highway": "busway"}, "公交"),
        ({"highway": "trunk"}, "快速路"),
        ({"highway": "trunk", "sidewalk": "no"}, "快速路"),
        ({"highway": "trunk", "sidewalk": "separate"}, "快速路"),
        ({"highway": "primary", "motorroad": "yes"}, "汽车专用"),
        ({"highway": "primary", "expressway": "yes"}, "快速路"),
        ({"highway": "bus_guideway"}, "公交"),
        ({"highway": "service", "access": "emergency"}, "私有"),
        ({"highway": "service", "access": "private;delivery"}, "私有"),
        ({"highway": "track", "access": "yes", "foot": "military"}, "禁止行人"),
        ({"highway": "footway", "foot": "permit"}, "禁止行人"),
        ({"highway": "trunk", "motorroad": "yes", "sidewalk": "both"}, "汽车专用"),
    ],
)
def test_ways_that_may_not_be_walked(tags, why):
    assert why in why_closed(tags)


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "primary"}, "主干道"),
        ({"highway": "residential"}, "街道"),
        ({"highway": "service"}, "院内路"),
        ({"highway": "steps"}, "巷道"),
        ({"highway": "footway", "footway": "crossing"}, "过街"),
        ({"highway": "footway", "bridge": "yes"}, "桥"),
        ({"highway": "footway", "bridge": "no"}, "巷道"),
        ({"highway": "something new"}, "街道"),
    ],
)
def test_ways_have_a_kind_the_ledger_knows(tags, kind):
    assert street_kind(tags) == kind


def write_osm(path, nodes, ways, *, node_tags=None, squares=()):
    with osmium.SimpleWriter(str(path)) as writer:
        for number, (lon, lat) in nodes.items():
            tags = (node_tags or {}).get(number, {})
            writer.add_node(osmium.osm.mutable.Node(id=number, location=(lon, lat), tags=tags))
        for number, (refs, tags) in ways.items():
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))
        for number, members in enumerate(squares, start=1):
            writer.add_relation(
                osmium.osm.mutable.Relation(
                    id=number,
                    members=[("w", way, "outer") for way in members],
                    tags={"type": "multipolygon", "highway": "pedestrian"},
                )
            )


def test_an_osm_extract_joins_ways_by_node_and_not_by_place(tmp_path):
    lon, lat = WUHAN
    nodes = {
        1: (lon, lat), 2: (lon + 0.002, lat), 3: (lon + 0.004, lat),
        4: (lon + 0.002, lat + 0.002),
        5: (lon + 0.002, lat), 6: (lon + 0.002, lat - 0.002),  # 5 lies above 2: a bridge
        8: (lon, lat + 0.01), 9: (lon + 0.0002, lat + 0.01),
    }  # fmt: skip
    ways = {
        10: ([1, 2, 3], {"highway": "residential"}),
        11: ([2, 4], {"highway": "footway"}),
        12: ([6, 5, 7], {"highway": "footway"}),  # node 7 is cut off by the extract
        13: ([8, 9], {"highway": "footway"}),  # a scrap
        14: ([4, 1], {"highway": "motorway"}),
        15: ([1, 4], {"building": "yes"}),
    }
    path = tmp_path / "a.osm.pbf"
    write_osm(path, nodes, ways)
    streets = read_osm(path)
    assert sorted(streets.edge_id) == [10, 10, 11, 12]
    assert set(streets.node_id) == {1, 2, 3, 4, 5, 6}
    assert streets.island.max() == 1
    assert kinds(streets)["碎片"].count == 1
    assert kinds(streets)["不可步行"].count == 1
    east = coordinates.to_metres([lon, lon + 0.002], [lat, lat], streets.crs)
    assert streets.metres.min() == pytest.approx(np.linalg.norm(east[1] - east[0]), abs=0.01)
    assert len(read_osm(path, scrap_m=0).start) == 5


def test_an_osm_extract_and_the_same_lines_give_the_same_walks(tmp_path):
    lines = oracle.town(seed=3)
    degrees = gpd.GeoSeries(lines, crs=oracle.CRS).to_crs(4326)
    number, nodes, ways = {}, {}, {}
    for way, shape in enumerate(degrees):
        refs = []
        for point in np.round(shapely.get_coordinates(shape), 7).tolist():
            ref = number.setdefault(tuple(point), len(number) + 1)
            nodes[ref] = point
            refs.append(ref)
        ways[way + 1] = (refs, {"highway": "footway"})
    path = tmp_path / "a.osm.pbf"
    write_osm(path, nodes, ways)
    walks = []
    for streets in (read_osm(path), from_lines(frame(lines))):
        places = [snap.snap(streets, oracle.doors(lines, count, seed=count)) for count in (60, 12)]
        walks.append(oracle.table(reach.reach(streets, *places), 60, 12))
    # Seven decimals of a degree are a centimetre, and a walk has a dozen bends.
    assert np.array_equal(np.isfinite(walks[0]), np.isfinite(walks[1]))
    walked = np.isfinite(walks[0])
    assert walks[0][walked] == pytest.approx(walks[1][walked], abs=0.1)


def near_wuhan(*places):
    """Nodes a thousandth of a degree apart, by number from 1."""
    return {
        number: (WUHAN[0] + x / 1000, WUHAN[1] + y / 1000)
        for number, (x, y) in enumerate(places, start=1)
    }


def test_closed_ways_are_told_by_reason_and_name(tmp_path):
    path = tmp_path / "a.osm.pbf"
    ways = {
        1: ([1, 2], {"highway": "residential"}),
        2: ([2, 3], {"highway": "motorway", "name": "绕城{高速}"}),
        3: ([3, 4], {"highway": "service", "access": "private"}),
    }
    write_osm(path, near_wuhan((0, 0), (3, 0), (6, 0), (6, 4)), ways)
    note = kinds(read_osm(path))["不可步行"]
    assert note.count == 2 and note.members.tolist() == [2, 3]
    assert "高速公路、匝道1条0.3公里" in note.text
    assert "私有或不对外开放1条0.4公里" in note.text
    assert "绕城{高速}0.3公里" in note.text


def test_the_edge_of_a_square_drawn_as_a_multipolygon_can_be_walked(tmp_path):
    path = tmp_path / "a.osm.pbf"
    nodes = near_wuhan((0, 0), (2, 0), (2, 2), (0, 2), (0, -3))
    ways = {1: ([5, 1], {"highway": "footway"}), 2: ([1, 2, 3], {}), 3: ([3, 4, 1], {})}
    write_osm(path, nodes, ways, squares=[[2, 3]])
    streets = read_osm(path)
    assert set(streets.edge_id) == {1, 2, 3}
    assert streets.island.max() == 0
    write_osm(tmp_path / "b.osm.pbf", nodes, ways)
    assert set(read_osm(tmp_path / "b.osm.pbf").edge_id) == {1}


def test_shut_gates_are_counted_and_stay_passable(tmp_path):
    path = tmp_path / "a.osm.pbf"
    tags = {
        2: {"barrier": "gate", "access": "private"},
        3: {"barrier": "gate", "access": "private", "foot": "yes"},
        4: {"barrier": "lift_gate", "foot": "no"},
        5: {"barrier": "bollard", "foot": "no"},
        6: {"barrier": "full-height_turnstile", "access": "permit"},
        7: {"barrier": "door", "locked": "yes"},
        8: {"barrier": "gate"},
    }
    nodes = near_wuhan(*((2 * x, 0) for x in range(9)))
    write_osm(path, nodes, {1: ([*range(1, 10)], {"highway": "service"})}, node_tags=tags)
    streets = read_osm(path)
    note = kinds(streets)["关闭的大门"]
    assert note.count == 4 and note.members.tolist() == [2, 4, 6, 7]
    assert streets.km == pytest.approx(1.53, abs=0.01)


def test_a_footbridge_exactly_above_a_street_is_another_street(tmp_path):
    path = tmp_path / "a.osm.pbf"
    nodes = near_wuhan((0, 0), (3, 0), (0, 0), (3, 0), (-3, 0), (6, 0))
    ways = {
        1: ([1, 2], {"highway": "residential"}),
        2: ([3, 4], {"highway": "footway", "bridge": "yes"}),
        3: ([5, 3], {"highway": "footway"}),
        4: ([4, 6], {"highway": "footway"}),
        5: ([5, 1], {"highway": "residential"}),
    }
    write_osm(path, nodes, ways)
    streets = read_osm(path)
    assert sorted(streets.edge_id) == [1, 2, 3, 4, 5]
    assert "重复路段" not in kinds(streets)


def test_storeys_drawn_alike_are_joined_by_their_lift_alone(tmp_path):
    """Three storeys one above the other, a lift at one end: the walks are networkx's on the ways."""
    path = tmp_path / "a.osm.pbf"
    places = [(0, 0), (3, 0), (5, 0)]
    nodes = near_wuhan(*places * 3)  # storey k has the nodes 3k + 1, 3k + 2, 3k + 3
    ways = {1: ([1, 4, 7], {"highway": "elevator"})}
    ways |= {10 + k: ([3 * k + 1, 3 * k + 2, 3 * k + 3], {"highway": "footway"}) for k in range(3)}
    ways |= {20 + k: ([3 * k + 3, 3 * k + 2], {"highway": "footway"}) for k in range(3)}  # twins
    write_osm(path, nodes, ways)
    streets = read_osm(path)
    assert kinds(streets)["重复路段"].count == 3
    graph = nx.Graph()
    for refs, _ in ways.values():
        for one, other in pairwise(refs):
            ends = np.array([nodes[one], nodes[other]]).T
            across = np.diff(coordinates.to_metres(*ends, streets.crs), axis=0)
            graph.add_edge(one, other, metres=float(np.hypot(*across[0])))
    expected = dict(nx.all_pairs_dijkstra_path_length(graph, weight="metres"))
    walked = dijkstra(streets.arcs, directed=False)
    for one, a in enumerate(streets.node_id.tolist()):
        for other, b in enumerate(streets.node_id.tolist()):
            assert walked[one, other] == pytest.approx(expected[a][b], abs=1e-3)


def test_a_square_drawn_as_a_polygon_of_lines_is_walked_along_its_edge():
    square = shapely.box(0, 0, 100, 80)
    shapes = [square, shapely.LineString([(0, 0), (-50, 0)]), square]
    for key in ("highway", "fclass"):
        kind = ["pedestrian", "footway", None]
        streets = from_lines(frame(shapes, **{key: kind}, osm_id=[1, 2, 3]))
        assert set(streets.edge_id) == {1, 2}
        assert streets.km == pytest.approx(0.41, abs=2e-3)
        assert kinds(streets)["不是线"].members.tolist() == [3]


def test_only_ways_that_touch_the_bounds_are_read(tmp_path):
    path = tmp_path / "a.osm.pbf"
    ways = {
        1: ([1, 2], {"highway": "footway"}),
        2: ([2, 3], {"highway": "footway"}),
        3: ([3, 4], {"highway": "footway"}),
        4: ([3, 4], {"highway": "motorway"}),
    }
    write_osm(path, near_wuhan((0, 0), (3, 0), (6, 0), (9, 0)), ways)
    lon, lat = WUHAN
    streets = read_osm(path, bounds=(lon - 0.001, lat - 0.001, lon + 0.004, lat + 0.001))
    assert sorted(streets.edge_id) == [1, 2]
    assert "不可步行" not in kinds(streets)
    with pytest.raises(ChunshuiError, match=f"在别处，如经度{lon:.2f}、纬度{lat:.2f}"):
        read_osm(path, bounds=(lon + 1, lat, lon + 2, lat + 1))


@pytest.mark.parametrize("content", [b"", b"\x00\x00\x00\x0dnot osm at all", b"<osm></osm>"])
def test_what_is_no_extract_is_refused_in_chinese(tmp_path, content):
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(ChunshuiError, match="步行路网文件"):
        read_osm(path)
