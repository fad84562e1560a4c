import geopandas as gpd
import numpy as np
import pytest
import shapely

from chunshui.circles import catchments, network, reach, snap
from chunshui.circles.lines import from_lines
from tests.circles import oracle

LIMITS = [250.0, 500.0]


@pytest.fixture(scope="module")
def town():
    lines = oracle.town(4, blocks=12)
    streets = from_lines(gpd.GeoDataFrame(geometry=lines, crs=oracle.CRS))
    stations = snap.snap(
        streets, np.vstack([oracle.doors(lines, 25, 3, spread=8), [[np.nan, np.nan]]])
    )
    return lines, streets, stations, catchments.mesh(streets)


def agreement(inside, truth):
    return (inside & truth).sum() / (inside | truth).sum()


def test_catchments_hold_the_doors_that_can_be_walked_to(town):
    lines, streets, stations, mesh = town
    outlines = catchments.catchments(streets, mesh, stations, LIMITS)
    assert outlines.crs == oracle.CRS
    assert outlines["station"].tolist() == np.repeat(np.arange(26), 2).tolist()
    assert outlines["metres"].tolist() == LIMITS * 26
    assert outlines.geometry.is_valid.all()
    assert outlines.geometry.is_empty.sum() == 2  # the station without coordinates

    xy = oracle.doors(lines, 6000, 9, spread=12)
    walked = oracle.table(reach.reach(streets, snap.snap(streets, xy), stations), len(xy), 26)
    points = shapely.points(xy)
    for limit in LIMITS:
        shapes = outlines.geometry[outlines["metres"] == limit].to_numpy()
        inside = np.array([shapely.contains(shape, points) for shape in shapes]).T
        assert agreement(inside, walked <= limit) > 0.97


def test_larger_catchments_hold_smaller_ones(town):
    _, streets, stations, mesh = town
    outlines = catchments.catchments(streets, mesh, stations, LIMITS)
    small, large = (
        outlines.geometry[outlines["metres"] == limit].to_numpy()[:-1] for limit in LIMITS
    )
    # Smoothing moves each outline by a few metres at most.
    assert shapely.contains(shapely.buffer(large, 6), small).all()


def test_what_is_covered_is_one_outline_of_the_nearest_distance(town):
    lines, streets, stations, mesh = town
    outlines = catchments.covered(streets, mesh, stations, [500.0, 250.0])
    assert outlines["metres"].tolist() == LIMITS
    assert outlines.geometry.is_valid.all()
    xy = oracle.doors(lines, 6000, 10, spread=12)
    metres, _ = reach.nearest(streets, snap.snap(streets, xy), stations)
    for limit, shape in zip(outlines["metres"], outlines.geometry, strict=True):
        assert agreement(shapely.contains_xy(shape, *xy.T), metres <= limit) > 0.97


def test_the_mesh_does_not_depend_on_its_squares(town, monkeypatch):
    _, streets, _, mesh = town
    monkeypatch.setattr(catchments, "_TILE_M", 300.0)
    again = catchments.mesh(streets)

    def triangles(mesh):
        turned = np.argmin(mesh.triangles, axis=1)
        rows = np.arange(len(turned))
        turns = (mesh.triangles[rows, (turned + i) % 3].tolist() for i in range(3))
        return set(zip(*turns, strict=True))

    assert triangles(again) == triangles(mesh)
    reachable = len(mesh.doors)
    assert catchments._closed(mesh.triangles, reachable, len(mesh.xy))
    assert not catchments._closed(mesh.triangles[1:], reachable, len(mesh.xy))


def test_a_catchment_stops_at_the_railway():
    xy = oracle.ORIGIN + np.array([[0, 0], [600, 0], [0, 90], [600, 90], [-900, 45]], dtype=float)
    streets = network.build(xy, [0, 2, 0, 2], [1, 3, 4, 4], [600, 600, 901, 901], crs=oracle.CRS)
    station = snap.snap(streets, oracle.ORIGIN + np.array([[300.0, 5.0]]))
    shape = catchments.catchments(streets, catchments.mesh(streets), station, [400]).geometry[0]
    assert shape.contains(shapely.Point(oracle.ORIGIN + np.array([100.0, 0.0])))
    assert not shape.intersects(shapely.LineString(xy[2:4]))


def test_a_short_walk_and_no_walk_are_still_answered():
    streets = oracle.grid()
    mesh = catchments.mesh(streets)
    stations = snap.snap(streets, oracle.ORIGIN + np.array([[160.0, 37.0]]))
    outlines = catchments.catchments(streets, mesh, stations, [30.0, 60.0])
    assert outlines.geometry.is_empty.tolist() == [True, False]
    nobody = snap.snap(streets, np.empty((0, 2)))
    assert catchments.covered(streets, mesh, nobody, [60.0]).geometry.is_empty.all()
    assert len(catchments.catchments(streets, mesh, nobody, [60.0])) == 0


def test_a_ring_of_streets_around_nothing_is_a_catchment_with_a_hole():
    at = oracle.ORIGIN + np.array([[0, 0], [700, 0], [700, 700], [0, 700]], dtype=float)
    streets = network.build(at, [0, 1, 2, 3], [1, 2, 3, 0], [700] * 4, crs=oracle.CRS)
    station = snap.snap(streets, at[:1])
    shape = catchments.catchments(streets, catchments.mesh(streets), station, [1500]).geometry[0]
    assert shape.geom_type == "Polygon" and len(shape.interiors) == 1
    assert not shape.contains(shapely.Point(at.mean(axis=0)))
