import numpy as np
import pytest

from chunshui.circles import reach, scenario, snap
from chunshui.circles.lines import from_lines
from chunshui.errors import ChunshuiError
from tests.circles import oracle


@pytest.fixture(scope="module")
def town():
    import geopandas as gpd

    lines = oracle.town(2)
    streets = from_lines(gpd.GeoDataFrame(geometry=lines, crs=oracle.CRS))
    buildings = snap.snap(streets, oracle.doors(lines, 300, 1))
    station_xy = oracle.doors(lines, 20, 2)
    stations = snap.snap(streets, station_xy)
    pairs = reach.reach(streets, buildings, stations)
    is_open = np.arange(20) % 4 != 3
    return (
        streets,
        buildings,
        stations,
        is_open,
        scenario.nearest_stations(streets, buildings, pairs, is_open),
    )


def recomputed(town, doors):
    streets, buildings, *_ = town
    return reach.nearest(streets, buildings, doors, limit_m=reach.REACH_M)[0]


def combine(one, two):
    return snap.Snapped(
        *(
            np.concatenate([getattr(one, name), getattr(two, name)])
            for name in snap.Snapped.__dataclass_fields__
        )
    )


def test_today_is_the_nearest_open_station(town):
    *_, stations, is_open, today = town
    assert np.array_equal(today.metres, recomputed(town, stations[is_open]))


def test_adding_closing_and_moving_equal_a_fresh_count(town):
    streets, _, stations, is_open, today = town
    new = snap.snap(streets, oracle.ORIGIN + np.array([[333.0, 410.0], [610.0, 90.0]]))
    opened = np.flatnonzero(is_open)
    for add, close in (
        (new, []),
        (None, [0, 5]),
        (new[np.array([0])], [8]),
        (None, opened),
        (new, opened),
        (None, []),
    ):
        left = stations[np.setdiff1d(opened, close)]
        expected = recomputed(town, left if add is None else combine(left, add))
        found, which = scenario.walks_after(today, add=add, close=close)
        assert np.array_equal(np.isfinite(found), np.isfinite(expected))
        walked = np.isfinite(expected)
        assert found[walked] == pytest.approx(expected[walked])
        # Who is named is open, and stands where the walk says.
        assert np.array_equal(which >= 0, walked) and not np.isin(which, close).any()
        everyone = stations if add is None else combine(stations, add)
        for one in np.unique(which[walked]):
            mine = which == one
            alone = recomputed(town, everyone[np.array([one])])
            assert found[mine] == pytest.approx(alone[mine])
    before = today.metres.copy()
    scenario.walks_after(today)[0][:] = 0
    assert np.array_equal(today.metres, before)


def test_what_cannot_be_done_is_refused_in_chinese(town):
    streets, *_, today = town
    for station in (3, 20, -1):
        with pytest.raises(ChunshuiError, match="并未开放"):
            scenario.walks_after(today, close=[station])
    with pytest.raises(ChunshuiError, match="离路网过远"):
        scenario.walks_after(today, add=snap.snap(streets, oracle.ORIGIN - 5000.0))


def test_differences_by_group_add_up(town):
    _, buildings, _, _, today = town
    rng = np.random.default_rng(0)
    weight, group = (
        rng.integers(0, 90, len(buildings)),
        rng.choice(["甲", "乙", "丙"], len(buildings)),
    )
    after, _ = scenario.walks_after(today, close=[0, 1, 2])
    frame = scenario.coverage_change(today, after, weight, 300, group)
    assert frame["gain"].is_monotonic_decreasing
    assert frame["before"].sum() == weight[today.metres <= 300].sum()
    assert frame["after"].sum() == weight[after <= 300].sum()
    assert frame["denominator"].sum() == weight.sum()
    assert (frame["gain"] == frame["after"] - frame["before"]).all()
    assert frame["gain"].sum() < 0
