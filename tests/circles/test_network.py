import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.affinity

from chunshui import coordinates
from chunshui.circles import network, reach, snap
from chunshui.circles.lines import from_lines
from chunshui.errors import ChunshuiError
from tests.circles import oracle

WUHAN = (114.2, 30.58)


def frame(lines, crs=oracle.CRS, **columns):
    return gpd.GeoDataFrame(columns, geometry=np.asarray(lines, dtype=object), crs=crs)


def line(*points):
    return shapely.LineString(oracle.ORIGIN + np.array(points, dtype=float))


def kinds(streets):
    return {note.kind: note for note in streets.notes}


def ledgers(metres=lambda straight, lat: straight):
    lon = WUHAN[0] + np.array([0, 0.002, 0.004, 0.004, 0.0])
    lat = WUHAN[1] + np.array([0, 0.0, 0.0, 0.002, 0.002])
    nodes = pd.DataFrame({"node_id": [11, 12, 13, 14, 15], "lon": lon, "lat": lat})
    xy = coordinates.to_metres(lon, lat, "EPSG:4547")
    pairs = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 0]])
    straight = np.linalg.norm(xy[pairs[:, 0]] - xy[pairs[:, 1]], axis=1)
    edges = pd.DataFrame(
        {
            "edge_id": [1, 2, 3, 4, 5],
            "from_node": nodes["node_id"].to_numpy()[pairs[:, 0]],
            "to_node": nodes["node_id"].to_numpy()[pairs[:, 1]],
            "metres": metres(straight, WUHAN[1]),
        }
    )
    return nodes, edges


def test_lines_meet_at_shared_vertices_and_not_where_they_cross():
    streets = from_lines(
        frame(
            [
                line((0, 0), (100, 0), (200, 0)),
                line((100, 0), (100, 80)),  # from the middle of the first
                line((150, -50), (150, 50)),  # over a bridge
            ]
        )
    )
    assert len(streets.start) == 4
    assert sorted(np.round(streets.metres)) == [80, 100, 100, 100]
    assert kinds(streets)["孤岛"].count == 1


def test_bends_stay_in_the_shape_and_count_in_the_length():
    streets = from_lines(frame([line((0, 0), (30, 40), (60, 0))]))
    assert len(streets.xy) == 2
    assert streets.metres[0] == pytest.approx(100, abs=1e-3)
    assert streets.line_metres[0] == pytest.approx(100, abs=1e-3)


def test_vertices_a_few_centimetres_apart_are_one_place():
    near = from_lines(frame([line((0, 0), (100, 0)), line((100.03, 0), (200, 0))]))
    apart = from_lines(frame([line((0, 0), (100, 0)), line((100.5, 0), (200, 0))]))
    assert near.island.max() == 0
    assert apart.island.max() == 1
    assert kinds(apart)["疑似未接上"].count == 2
    assert "疑似未接上" not in kinds(near)


def test_zero_length_lines_and_what_is_no_line_are_reported():
    shapes = [
        line((0, 0), (100, 0)),
        line((50, 50), (50, 50)),
        shapely.Point(oracle.ORIGIN),
        None,
        shapely.MultiLineString([line((100, 0), (100, 60)), line((100, 60), (180, 60))]),
    ]
    streets = from_lines(frame(shapes, edge_id=list("abcde")))
    assert kinds(streets)["零长度"].members.tolist() == ["b"]
    assert kinds(streets)["不是线"].members.tolist() == ["c", "d"]
    assert sorted(streets.edge_id) == ["a", "e", "e"]
    assert streets.island.max() == 0


def test_of_parallel_edges_the_shortest_counts_and_twins_are_merged():
    straight, bent = line((0, 0), (100, 0)), line((100, 0), (50, 80), (0, 0))
    streets = from_lines(frame([bent, straight, straight.reverse()], edge_id=[7, 8, 9]))
    assert len(streets.start) == 2  # both shapes stay: a door may open on either
    assert kinds(streets)["重复路段"].members.tolist() == [9]
    assert streets.arcs.nnz == 2
    assert streets.arcs.data == pytest.approx([100, 100], abs=1e-3)


def test_twins_in_the_ledger_keep_the_shorter_length():
    streets = network.build(
        oracle.ORIGIN + np.array([[0, 0], [100, 0]]),
        [0, 1, 0],
        [1, 0, 1],
        [130.0, 100.0, 120.0],
        crs=oracle.CRS,
        edge_id=["a", "b", "c"],
    )
    assert streets.edge_id.tolist() == ["b"]
    assert streets.arcs.data.tolist() == [100, 100]


def test_a_loop_is_kept_for_doors_but_leads_nowhere():
    loop = line((100, 0), (150, 0), (150, 50), (100, 0))
    streets = from_lines(frame([line((0, 0), (100, 0)), loop]))
    assert (streets.start == streets.end).sum() == 1
    assert streets.arcs.nnz == 2


def test_islands_are_kept_counted_and_ordered_by_length():
    streets = from_lines(
        frame([line((0, 900), (50, 900)), line((0, 0), (100, 0)), line((100, 0), (200, 0))])
    )
    assert streets.island[streets.start].tolist() == [1, 0, 0]
    note = kinds(streets)["孤岛"]
    assert note.count == 1 and note.members.tolist() == [1]
    assert "互不连通" in note.text


def test_scraps_are_dropped_only_on_request_and_never_the_longest():
    streets = from_lines(
        frame([line((0, 900), (50, 900)), line((0, 0), (80, 0)), line((0, 500), (90, 500))])
    )
    left = network.drop_scraps(streets, 85)
    assert left.km == pytest.approx(0.09)
    assert kinds(left)["碎片"].count == 2
    assert network.drop_scraps(streets, 1e6).km == pytest.approx(0.09)
    assert network.drop_scraps(streets, 0) is streets


def test_a_city_is_cut_to_what_walks_from_some_places_need():
    lines = oracle.town(6, blocks=12)
    city = from_lines(frame(lines))
    place_xy = oracle.doors(lines[:40], 5, seed=1)
    near = shapely.union_all(shapely.buffer(shapely.points(place_xy), 400))
    part = network.clip(city, near)
    assert len(part.start) < 0.7 * len(city.start)
    assert kinds(part)["范围之外"].text.startswith(f"{city.km - part.km:,.1f}公里")
    walks = []
    for streets in (city, part):
        buildings = snap.snap(city, oracle.doors(lines, 300, seed=2))
        if streets is part:
            buildings = snap.snap(part, buildings.xy)
        stations = snap.snap(streets, place_xy)
        pairs = reach.reach(streets, buildings, stations, limit_m=400)
        walks.append(oracle.table(pairs, 300, 5))
    one, two = walks
    legs = snap.snap(city, oracle.doors(lines, 300, seed=2)).leg[:, None]
    within = one <= 390
    assert two[within] == pytest.approx((one - legs)[within], abs=0.01)
    assert network.clip(city, near.buffer(1e6)) is city
    with pytest.raises(ChunshuiError, match="没有一条路段"):
        network.clip(city, shapely.affinity.translate(near, 1e5))


def test_a_street_that_leaves_the_area_ends_at_its_first_bend_outside():
    bends = [
        (-500, 0),
        (-150, 0),
        (-50, 0),
        (0, 0),
        (80, 0),
        (150, 0),
        (150, 60),
        (60, 60),
        (0, 500),
    ]
    street = from_lines(frame([line(*bends), line((0, 0), (0, -50)), line((900, 0), (950, 0))]))
    area = shapely.box(-100, -100, 100, 100)
    part = network.clip(street, shapely.affinity.translate(area, *oracle.ORIGIN))
    pieces = sorted(
        shapely.to_wkt(
            shapely.transform(part.lines, lambda xy: np.round(xy - oracle.ORIGIN)),
            rounding_precision=0,
        )
    )
    assert pieces == [
        "LINESTRING (-150 0, -50 0, 0 0)",
        "LINESTRING (0 0, 0 -50)",
        "LINESTRING (0 0, 80 0, 150 0)",
        "LINESTRING (150 60, 60 60, 0 500)",
    ]
    assert part.island.max() == 1
    assert part.metres.sum() == pytest.approx(shapely.length(part.lines).sum(), abs=1e-6)
    assert len(part.xy) == 6 and len(set(part.node_id)) == 6


@pytest.mark.parametrize(
    ("lon", "crs"),
    [(75.2, "EPSG:4534"), (113.9, "EPSG:4547"), (115.6, "EPSG:4548"), (134.9, "EPSG:4554")],
)
def test_the_zone_follows_the_data(lon, crs):
    shape = shapely.LineString([(lon, 30.5), (lon + 0.01, 30.5)])
    streets = from_lines(frame([shape], crs="EPSG:4490"))
    assert streets.crs == crs
    assert streets.metres[0] == pytest.approx(960, abs=1)


def test_outside_china_the_same_projection_about_the_nearest_meridian():
    shape = shapely.LineString([(-51.2, -30.0), (-51.21, -30.0)])
    streets = from_lines(frame([shape], crs="EPSG:4326"))
    assert "lon_0=-51" in streets.crs
    assert streets.metres[0] == pytest.approx(964.9, abs=0.5)


def test_metres_of_a_projection_are_turned_into_the_zone():
    shape = line((0, 0), (1000, 0))
    utm = gpd.GeoSeries([shape], crs=oracle.CRS).to_crs("EPSG:32649")
    streets = from_lines(frame(utm, crs="EPSG:32649"))
    assert streets.crs == "EPSG:4547"
    assert streets.metres[0] == pytest.approx(1000, abs=0.01)


@pytest.mark.parametrize(
    ("shapes", "crs", "words"),
    [
        ([line((0, 0), (100, 0))], None, "没有写明坐标系"),
        ([line((0, 0), (100, 0))], "EPSG:3857", "Web 墨卡托"),
        ([line((0, 0), (100, 0))], "ESRI:102100", "Web 墨卡托"),
        ([shapely.LineString([WUHAN, (114.21, 30.59)])], "EPSG:4547", "像经纬度"),
        ([line((0, 0), (100, 0))], "EPSG:4326", "超出度数范围"),
        ([shapely.Point(oracle.ORIGIN)], "EPSG:4547", "没有可步行的线"),
    ],
)
def test_unusable_coordinates_are_refused_in_chinese(shapes, crs, words):
    with pytest.raises(ChunshuiError, match=words):
        from_lines(frame(shapes, crs=crs))


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:4326"])
def test_arrays_that_are_not_metres_are_refused(crs):
    xy = np.array([[114.2, 30.5], [114.3, 30.6]])
    with pytest.raises(ChunshuiError):
        network.build(xy, [0], [1], [100.0], crs=crs)


def test_lines_with_osm_tags_leave_out_what_may_not_be_walked():
    streets = from_lines(
        frame(
            [line((0, 0), (100, 0)), line((0, 50), (100, 50)), line((0, 90), (100, 90))],
            highway=["footway", "motorway", None],
            osm_id=[1, 2, 3],
        )
    )
    assert streets.edge_id.tolist() == [1]
    assert kinds(streets)["不可步行"].members.tolist() == [2, 3]


def test_ledgers_give_the_network_with_the_stated_metres():
    nodes, edges = ledgers(lambda straight, lat: straight * [1, 1.2, 1, 1.5, 1])
    streets = network.from_ledgers(nodes, edges)
    assert streets.crs == "EPSG:4547"
    assert streets.notes == ()
    assert streets.node_id.tolist() == [11, 12, 13, 14, 15]
    assert streets.metres == pytest.approx(edges["metres"].to_numpy())


def test_a_few_wrong_lengths_are_reported_and_the_ledger_holds():
    nodes, edges = ledgers(lambda straight, lat: straight * [1, 0.5, 1, 1, 0])
    edges.loc[len(edges)] = [6, 13, 13, 40.0]
    streets = network.from_ledgers(nodes, edges)
    notes = kinds(streets)
    assert notes["短于直线"].members.tolist() == [2]
    assert notes["零长度"].members.tolist() == [5]
    assert notes["起终点相同"].members.tolist() == [6]
    assert streets.metres[1] == edges["metres"][1]
    assert streets.metres[4] == pytest.approx(streets.line_metres[4])


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (lambda straight, lat: straight / 111_000, "以度"),
        (lambda straight, lat: straight / np.cos(np.radians(lat)), "Web 墨卡托"),
        (lambda straight, lat: straight * [1, np.nan, 1, 1, 1], "没有长度或为负：2"),
        (lambda straight, lat: straight * [1, 1, -1, 1, 1], "没有长度或为负：3"),
    ],
)
def test_lengths_measured_wrongly_are_refused(metres, words):
    with pytest.raises(ChunshuiError, match=words):
        network.from_ledgers(*ledgers(metres))


def test_broken_ledgers_are_refused_naming_the_rows():
    nodes, edges = ledgers()
    with pytest.raises(ChunshuiError, match="不在步行节点台账中：1、5"):
        network.from_ledgers(nodes[1:], edges)
    with pytest.raises(ChunshuiError, match="节点编号重复：12"):
        network.from_ledgers(pd.concat([nodes, nodes[1:2]]), edges)
    with pytest.raises(ChunshuiError, match="没有经纬度：11"):
        network.from_ledgers(nodes.assign(lon=nodes["lon"].where(nodes["node_id"] > 11)), edges)
    with pytest.raises(ChunshuiError, match="不是度数"):
        network.from_ledgers(nodes.assign(lon=520_000.0), edges)
    with pytest.raises(ChunshuiError, match="是空的"):
        network.from_ledgers(nodes, edges[:0])
