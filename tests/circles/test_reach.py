import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.circles import network, reach, snap
from chunshui.circles.lines import from_lines
from tests.circles import oracle

CENTIMETRE = 0.01


def streets_of(lines):
    return from_lines(gpd.GeoDataFrame(geometry=lines, crs=oracle.CRS))


def check(streets, building_xy, station_xy, limit=1500.0):
    """Hold reach and nearest against networkx, to a centimetre."""
    buildings, stations = snap.snap(streets, building_xy), snap.snap(streets, station_xy)
    expected = oracle.door_to_door(streets, building_xy, station_xy)
    pairs = reach.reach(streets, buildings, stations, limit_m=limit)
    assert not pairs.duplicated(["building", "station"]).any()
    found = oracle.table(pairs, len(building_xy), len(station_xy))
    edge = np.abs(expected - limit) < CENTIMETRE  # either side of the limit is right
    within = expected <= limit
    assert np.array_equal(np.isfinite(found)[~edge], within[~edge])
    both = np.isfinite(found)
    assert found[both] == pytest.approx(expected[both], abs=CENTIMETRE)

    metres, station = reach.nearest(streets, buildings, stations)
    least = expected.min(axis=1) if len(station_xy) else np.full(len(building_xy), np.inf)
    assert np.array_equal(np.isfinite(metres), np.isfinite(least))
    reached = np.isfinite(least)
    assert metres[reached] == pytest.approx(least[reached], abs=CENTIMETRE)
    assert (station[~reached] == -1).all()
    chosen = expected[np.flatnonzero(reached), station[reached]]
    assert chosen == pytest.approx(least[reached], abs=CENTIMETRE)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("limit", [250.0, 1500.0])
def test_walks_equal_networkx_door_to_door(seed, limit):
    lines = oracle.town(seed)
    streets = streets_of(lines)
    check(streets, oracle.doors(lines, 80, seed), oracle.doors(lines, 15, seed + 50), limit)


def test_walks_over_ledger_lengths_equal_networkx():
    lines = oracle.town(5)
    drawn = streets_of(lines)
    rng = np.random.default_rng(5)
    # Lengths as a ledger states them: longer than drawn, and here and there too short.
    stretch = rng.uniform(0.3, 1.6, len(drawn.metres))
    streets = network.build(
        drawn.xy, drawn.start, drawn.end, drawn.metres * stretch, drawn.lines, crs=oracle.CRS
    )
    check(streets, oracle.doors(lines, 60, 6), oracle.doors(lines, 12, 7), 400.0)


def test_walks_do_not_depend_on_tiles_and_batches(monkeypatch):
    lines = oracle.town(8)
    streets = streets_of(lines)
    buildings = snap.snap(streets, oracle.doors(lines, 200, 1))
    stations = snap.snap(streets, oracle.doors(lines, 30, 2))
    whole = reach.reach(streets, buildings, stations, limit_m=600)
    monkeypatch.setattr(reach, "_TILE_M", 150.0)
    monkeypatch.setattr(reach, "_AT_ONCE", 3)
    parts = reach.reach(streets, buildings, stations, limit_m=600)
    by = ["station", "building"]
    whole, parts = (pairs.sort_values(by, ignore_index=True) for pairs in (whole, parts))
    assert whole.equals(parts)
    assert whole["building"].dtype == whole["station"].dtype == np.int32


def on_line(*along_and_off):
    """Doors beside a street of 300 m that runs east from the origin."""
    return oracle.ORIGIN + np.array(along_and_off, dtype=float)


def test_both_doors_on_the_same_edge_walk_along_it():
    streets = network.build(on_line((0, 0), (300, 0)), [0], [1], [300.0], crs=oracle.CRS)
    buildings = snap.snap(streets, on_line((40, 10), (200, -20), (90, 0)))
    stations = snap.snap(streets, on_line((90, 5)))
    found = oracle.table(reach.reach(streets, buildings, stations), 3, 1)[:, 0]
    assert found == pytest.approx([50 + 15, 110 + 25, 5], abs=1e-6)
    metres, station = reach.nearest(streets, buildings, stations)
    assert metres == pytest.approx(found)
    assert station.tolist() == [0, 0, 0]


def test_on_one_edge_the_way_round_may_be_shorter():
    corners = oracle.ORIGIN + np.array([[0.0, 0.0], [100.0, 0.0]])
    long = shapely.LineString(
        [corners[0], corners[0] + np.array([0, 400]), corners[1] + np.array([0, 400]), corners[1]]
    )
    short = shapely.LineString(corners)
    streets = network.build(corners, [0, 0], [1, 1], [900.0, 100.0], [long, short], crs=oracle.CRS)
    buildings = snap.snap(streets, on_line((-6, 50)))
    stations = snap.snap(streets, on_line((108, 60)))
    assert buildings.edge.tolist() == stations.edge.tolist() == [0]
    found = reach.reach(streets, buildings, stations)["metres"].tolist()
    assert found == pytest.approx([50 + 100 + 60 + 6 + 8], abs=1e-6)


def test_doors_on_a_closed_loop_walk_the_shorter_way_round():
    at = oracle.ORIGIN + np.array([0.0, 0.0])
    ring = shapely.LineString(
        [at, at + np.array([100, 0]), at + np.array([100, 100]), at + np.array([0, 100]), at]
    )
    streets = network.build(
        [at, at + np.array([-50, 0])], [0, 0], [0, 1], [400.0, 50.0],
        [ring, shapely.LineString([at, at + np.array([-50, 0])])], crs=oracle.CRS,
    )  # fmt: skip
    buildings = snap.snap(streets, on_line((30, -2), (-2, 30)))
    stations = snap.snap(streets, on_line((-2, 60), (-50, 1)))
    found = oracle.table(reach.reach(streets, buildings, stations), 2, 2)
    # 30 m from the knot on one side, 60 m on the other: through the knot, not round the ring.
    assert found[0] == pytest.approx([30 + 60 + 4, 30 + 50 + 3], abs=1e-6)
    assert found[1] == pytest.approx([30 + 4, 30 + 50 + 3], abs=1e-6)
    check(streets, on_line((30, -2), (-2, 30)), on_line((-2, 60), (-50, 1)))


def test_an_edge_longer_than_the_limit_still_joins_its_own_doors():
    streets = network.build(
        on_line((0, 0), (5000, 0), (5000, 100)), [0, 1], [1, 2], [5000.0, 100.0], crs=oracle.CRS
    )
    check(streets, on_line((2450, 5), (2300, 5), (4950, 0)), on_line((2500, -5)), 300.0)


def test_parallel_edges_are_not_added_up():
    corners = on_line((0, 0), (200, 0))
    lines = [shapely.LineString(corners)]
    lines += [
        shapely.LineString([corners[0], corners.mean(axis=0) + np.array([0, h]), corners[1]])
        for h in (20, 60)
    ]
    metres = shapely.length(lines)
    streets = network.build(corners, [0, 1, 0], [1, 0, 1], metres, lines, crs=oracle.CRS)
    check(streets, on_line((-5, 0), (100, 66), (100, 24)), on_line((207, 0), (100, 15)))


def test_zero_length_edges_join_without_cost():
    streets = network.build(
        on_line((0, 0), (100, 0), (100, 0), (200, 0)),
        [0, 1, 2], [1, 2, 3], [100.0, 0.0, 100.0], crs=oracle.CRS,
    )  # fmt: skip
    pairs = reach.reach(
        streets, snap.snap(streets, on_line((20, 3))), snap.snap(streets, on_line((190, 4)))
    )
    assert pairs["metres"].tolist() == pytest.approx([177.0])


def test_islands_and_far_doors_are_listed_with_their_reason():
    lines = oracle.town(1)
    streets = streets_of(lines)
    island = oracle.ORIGIN + np.array([-410.0, 120.0])
    building_xy = np.array(
        [island, oracle.ORIGIN + np.array([10, 10]), oracle.ORIGIN - np.array([5000, 0])]
    )
    station_xy = np.array(
        [oracle.ORIGIN + np.array([200, 200]), [np.nan, np.nan], oracle.ORIGIN - np.array([0, 900])]
    )
    buildings, stations = snap.snap(streets, building_xy), snap.snap(streets, station_xy)
    pairs = reach.reach(streets, buildings, stations)
    assert pairs[["building", "station"]].to_numpy().tolist() == [[1, 0]]
    listed = reach.unroutable(streets, buildings, stations)
    rows = listed[["kind", "index", "reason"]].to_numpy().tolist()
    assert rows == [
        ["building", 0, reach.NO_STATION_ON_ISLAND],
        ["building", 2, snap.TOO_FAR],
        ["station", 1, snap.NO_COORDINATES],
        ["station", 2, snap.TOO_FAR],
    ]
    assert listed["metres"][0] < 20
    assert listed["metres"][1] == pytest.approx(
        min(line.distance(shapely.Point(building_xy[2])) for line in streets.lines)
    )
    assert np.isnan(listed["metres"][2])


def test_without_stations_or_buildings_there_are_no_pairs():
    streets = oracle.grid()
    some, none = snap.snap(streets, on_line((50, 5))), snap.snap(streets, np.empty((0, 2)))
    lost = snap.snap(streets, [[np.nan, np.nan]])
    for buildings, stations in ((some, none), (none, some), (some, lost), (lost, some)):
        pairs = reach.reach(streets, buildings, stations)
        assert len(pairs) == 0
        assert pairs.columns.tolist() == ["building", "station", "metres"]
        metres, station = reach.nearest(streets, buildings, stations)
        assert np.isinf(metres).all() and (station == -1).all()
    assert len(reach.reach(streets, lost, lost, limit_m=np.inf)) == 0


def test_the_limit_is_met_inclusively():
    streets = oracle.grid()
    building, station = snap.snap(streets, on_line((0, 0))), snap.snap(streets, on_line((200, 100)))
    assert len(reach.reach(streets, building, station, limit_m=300.0)) == 1
    assert len(reach.reach(streets, building, station, limit_m=299.9)) == 0


coordinate = st.integers(0, 400)
point = st.tuples(coordinate, coordinate)
street = st.lists(point, min_size=2, max_size=4)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(street, min_size=1, max_size=12),
    st.lists(point, min_size=1, max_size=6),
    st.lists(point, min_size=1, max_size=4),
    st.sampled_from([120.0, 500.0, 1500.0]),
)
def test_any_little_network_equals_networkx(streets, buildings, stations, limit):
    lines = [shapely.LineString(oracle.ORIGIN + np.array(s, dtype=float)) for s in streets]
    lines = np.array([line for line in lines if line.length > 0], dtype=object)
    if len(lines) == 0:
        return
    building_xy = oracle.ORIGIN + np.array(buildings) + 0.25
    station_xy = oracle.ORIGIN + np.array(stations) + 0.125
    check(streets_of(lines), building_xy, station_xy, limit)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_walks_are_the_same_there_and_back_and_never_beat_the_crow(seed):
    lines = oracle.town(seed, blocks=4)
    streets = streets_of(lines)
    one_xy, two_xy = oracle.doors(lines, 12, seed), oracle.doors(lines, 9, seed + 1)
    one, two = snap.snap(streets, one_xy), snap.snap(streets, two_xy)
    there = oracle.table(reach.reach(streets, one, two), 12, 9)
    back = oracle.table(reach.reach(streets, two, one), 9, 12).T
    assert np.array_equal(np.isfinite(there), np.isfinite(back))
    walked = np.isfinite(there)
    assert there[walked] == pytest.approx(back[walked])
    crow = np.linalg.norm(one_xy[:, None] - two_xy[None], axis=2)
    assert (there[walked] >= crow[walked] - 1e-6).all()
    # A longer limit adds pairs and changes none.
    short = oracle.table(reach.reach(streets, one, two, limit_m=300), 12, 9)
    near = walked & (there <= 300)
    assert np.array_equal(np.isfinite(short), near)
    assert short[near] == pytest.approx(there[near])
