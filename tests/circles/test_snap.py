import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.circles import network, reach, snap
from chunshui.circles.lines import from_lines
from tests.circles import oracle


def near(*points):
    return oracle.ORIGIN + np.array(points, dtype=float)


def test_the_nearest_point_is_on_the_edge_and_not_at_its_end():
    streets = oracle.grid()
    doors = snap.snap(streets, near((130, 12), (100, 100), (437, 50), (-30, -40)))
    assert doors.leg == pytest.approx([12, 0, 37, 50])
    assert doors.xy - oracle.ORIGIN == pytest.approx(
        np.array([[130, 0], [100, 100], [400, 50], [0, 0]])
    )
    ends = oracle.ORIGIN + np.array([100.0, 0.0]), oracle.ORIGIN + np.array([200.0, 0.0])
    edge = doors.edge[0]
    assert streets.xy[streets.start[edge]] == pytest.approx(ends[0])
    assert doors.along[0] == pytest.approx(30)
    assert doors.tied.all() and (doors.reason == "").all()


def test_stated_metres_spread_along_the_line():
    streets = network.build(near((0, 0), (100, 0)), [0], [1], [150.0], crs=oracle.CRS)
    assert snap.snap(streets, near((40, 3))).along == pytest.approx([60])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_no_edge_is_nearer(seed):
    lines = oracle.town(seed, blocks=4)
    streets = from_lines(gpd.GeoDataFrame(geometry=lines, crs=oracle.CRS))
    xy = oracle.doors(lines, 25, seed, spread=60)
    doors = snap.snap(streets, xy, limit_m=1000)
    for at, point in enumerate(shapely.points(xy)):
        assert doors.leg[at] == pytest.approx(shapely.distance(streets.lines, point).min())
        line = streets.lines[doors.edge[at]]
        meeting = line.interpolate(doors.along[at])
        assert meeting.distance(point) == pytest.approx(doors.leg[at], abs=1e-6)


def test_far_doors_and_doors_without_coordinates_are_not_tied():
    streets = oracle.grid()
    doors = snap.snap(streets, near((-256, 0), (np.nan, 3), (20, 5)), limit_m=200)
    assert doors.tied.tolist() == [False, False, True]
    assert doors.reason.tolist() == [snap.TOO_FAR, snap.NO_COORDINATES, ""]
    assert doors.leg[0] == pytest.approx(256)
    assert np.isnan(doors.leg[1])
    assert snap.snap(streets, near((-256, 0)), limit_m=300).tied.all()


def test_a_far_place_does_not_walk_in_no_time():
    streets = oracle.grid()
    building, station = snap.snap(streets, near((-150, 0))), snap.snap(streets, near((0, 0)))
    assert reach.reach(streets, building, station)["metres"].tolist() == pytest.approx([150])


def test_a_leg_does_not_cross_a_railway():
    streets = network.build(
        near((0, 0), (300, 0), (0, 80), (300, 80)), [0, 2, 0], [1, 3, 2], [300, 300, 900],
        crs=oracle.CRS,
    )  # fmt: skip
    rail = [shapely.LineString(near((20, 30), (400, 30)))]
    xy = near((150, 35), (150, 20), (150, 31))
    assert snap.snap(streets, xy).leg == pytest.approx([35, 20, 31])
    doors = snap.snap(streets, xy, barriers=rail)
    assert doors.edge.tolist() == [1, 0, 1]
    assert doors.leg == pytest.approx([45, 20, 49])
    walled = shapely.Polygon(near((140, 33), (160, 33), (160, 38), (140, 38))).exterior
    doors = snap.snap(streets, xy, barriers=[*rail, walled])
    assert doors.reason.tolist() == [snap.BEHIND_BARRIER, "", ""]


def test_a_street_along_a_barrier_can_be_stepped_on():
    streets = network.build(near((0, 0), (300, 0)), [0], [1], [300.0], crs=oracle.CRS)
    bank = [shapely.LineString(near((-10, 0), (310, 0)))]
    doors = snap.snap(streets, near((100, 25), (100, 0.5)), barriers=bank)
    assert doors.leg == pytest.approx([25, 0.5])


def test_some_of_the_doors_can_be_taken():
    doors = snap.snap(oracle.grid(), near((10, 1), (110, 2), (210, 3)))
    some = doors[np.array([2, 0])]
    assert len(some) == 2
    assert some.leg == pytest.approx([3, 1])
    assert some.xy[0] - oracle.ORIGIN == pytest.approx([210, 0])
