import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui import coordinates as c
from chunshui.errors import ChunshuiError

MILLIMETRE = 1e-8  # degrees: about a millimetre

systems = st.sampled_from(c.SYSTEMS)


@settings(max_examples=100, deadline=None)
@given(st.floats(73.5, 135.0), st.floats(18.0, 53.5), systems, systems)
def test_there_and_back_is_exact_anywhere_in_china(lon, lat, source, target):
    there = c.from_wgs84(*c.to_wgs84(lon, lat, source), target)
    back = c.from_wgs84(*c.to_wgs84(*there, target), source)
    assert abs(back[0] - lon) < MILLIMETRE and abs(back[1] - lat) < MILLIMETRE


def test_a_district_there_and_back_is_exact_to_a_micron():
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(114.1, 114.3, 20_000), rng.uniform(30.5, 30.7, 20_000)
    for system in (c.GCJ02, c.BD09):
        back = c.to_wgs84(*c.from_wgs84(lon, lat, system), system)
        away = c.to_metres(*back, "EPSG:4547") - c.to_metres(lon, lat, "EPSG:4547")
        assert np.abs(away).max() < 1e-6


def test_the_shifts_are_those_known_in_wuhan():
    lon, lat = 114.22, 30.58
    here = c.to_metres([lon], [lat], "EPSG:4547")

    def shift(system):
        at = c.from_wgs84(lon, lat, system)
        return (c.to_metres([at[0]], [at[1]], "EPSG:4547") - here)[0]

    assert shift(c.GCJ02) == pytest.approx([526, -268], abs=20)
    assert np.hypot(*shift(c.BD09)) == pytest.approx(1214, abs=30)
    assert shift(c.CGCS2000) == pytest.approx([0, 0])


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    # The test vectors that public implementations of the formula share.
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_the_public_formula(wgs, gcj):
    assert np.array(c.from_wgs84(*wgs, c.GCJ02)) == pytest.approx(np.array(gcj), abs=1e-12)
    assert np.array(c.to_wgs84(*gcj, c.GCJ02)) == pytest.approx(np.array(wgs), abs=MILLIMETRE)


def test_baidu_from_amap_is_the_public_formula():
    bd = c.from_wgs84(*c.to_wgs84(116.404, 39.915, c.GCJ02), c.BD09)
    assert np.array(bd) == pytest.approx([116.41036949371029, 39.92133699351021], abs=1e-9)


def test_outside_china_nothing_moves():
    assert c.from_wgs84(-51.2, -30.0, c.GCJ02) == (-51.2, -30.0)


def test_arrays_keep_their_shape_and_are_not_changed():
    lon, lat = np.full((2, 3), 114.2), np.full((2, 3), 30.6)
    there = c.from_wgs84(lon, lat, c.BD09)
    assert there[0].shape == (2, 3)
    assert (lon == 114.2).all() and (lat == 30.6).all()
    same = c.to_wgs84(lon, lat, c.CGCS2000)
    same[0][:] = 0
    assert (lon == 114.2).all()


def test_missing_coordinates_stay_missing():
    lon, lat = c.to_wgs84([114.2, np.nan], [30.6, np.nan], c.GCJ02)
    assert np.isnan([lon[1], lat[1]]).all() and np.isfinite([lon[0], lat[0]]).all()


def test_unknown_systems_are_refused_in_chinese():
    with pytest.raises(ChunshuiError, match="不认识坐标系"):
        c.to_wgs84(114.2, 30.6, "北京54")


def test_metres_there_and_back():
    lon, lat = c.to_degrees(c.to_metres([114.2], [30.6], "EPSG:4547"), "EPSG:4547")
    assert (lon[0], lat[0]) == pytest.approx((114.2, 30.6), abs=1e-11)


@pytest.mark.parametrize(
    ("lon", "epsg"), [(75, 4534), (73.6, 4534), (113.0, 4547), (115.49, 4547), (115.51, 4548)]
)
def test_the_zone_is_the_nearest_meridian_of_three_degrees(lon, epsg):
    assert c.zone([lon, lon, 80.0]) == f"EPSG:{epsg}"


def test_no_longitude_no_zone():
    with pytest.raises(ChunshuiError):
        c.zone([np.nan])


def district(count=12, per=8, seed=0):
    """Square communities of 500 m, and points well inside them, WGS-84."""
    rng = np.random.default_rng(seed)
    shapes, lon, lat = [], [], []
    for k in range(count):
        x, y = 114.18 + 0.0052 * (k % 4), 30.56 + 0.0045 * (k // 4)
        box = shapely.box(x, y, x + 0.0052, y + 0.0045)
        shapes += [box] * per
        lon += list(x + 0.0052 * rng.uniform(0.05, 0.95, per))
        lat += list(y + 0.0045 * rng.uniform(0.05, 0.95, per))
    return np.array(lon), np.array(lat), np.array(shapes, dtype=object)


@pytest.mark.parametrize("truth", [c.GCJ02, c.BD09])
def test_a_wrongly_stated_ledger_is_found_with_its_shift(truth):
    lon, lat, own = district()
    votes, points = c.judge(*c.from_wgs84(lon, lat, truth), c.WGS84, own)
    vote = votes.iloc[0]
    assert vote["wrong"] and vote["best"] == truth
    assert vote["inside_best"] == len(lon)
    distance = 590 if truth == c.GCJ02 else 1210
    assert np.hypot(vote["east_m"], vote["north_m"]) == pytest.approx(distance, abs=20)
    assert set(points["fits"]) == {truth}


@pytest.mark.parametrize("stated", c.SYSTEMS)
def test_a_rightly_stated_ledger_is_left_alone(stated):
    lon, lat, own = district(seed=1)
    votes, points = c.judge(*c.from_wgs84(lon, lat, stated), stated, own)
    assert not votes["wrong"].any()
    assert len(points) == 0


def test_wgs84_stated_as_gcj_is_found_too():
    lon, lat, own = district(seed=2)
    votes, _ = c.judge(lon, lat, c.GCJ02, own)
    assert votes["best"][0] == c.WGS84 and votes["wrong"][0]


def test_one_point_saved_with_amap_coordinates_is_a_suspect():
    lon, lat, own = district(seed=3)
    lon[17], lat[17] = c.from_wgs84(lon[17], lat[17], c.GCJ02)
    votes, points = c.judge(lon, lat, c.WGS84, own)
    assert not votes["wrong"].any()
    assert points["index"].tolist() == [17]
    assert points["fits"].tolist() == [c.GCJ02]
    assert points["metres_outside"][0] > 100


def test_sheets_vote_apart():
    lon, lat, own = district(seed=4)
    label = np.where(np.arange(len(lon)) < 40, "阵地.xlsx", "楼栋.csv")
    amap = label == "阵地.xlsx"
    moved = c.from_wgs84(lon, lat, c.GCJ02)
    lon, lat = np.where(amap, moved[0], lon), np.where(amap, moved[1], lat)
    votes, _ = c.judge(lon, lat, c.WGS84, own, label=label)
    wrong = dict(zip(votes["label"], votes["wrong"], strict=True))
    assert wrong == {"阵地.xlsx": True, "楼栋.csv": False}


def test_few_points_and_plain_nonsense_do_not_convict():
    lon, lat, own = district(seed=5)
    few = c.from_wgs84(lon[:4], lat[:4], c.GCJ02)
    votes, points = c.judge(*few, c.WGS84, own[:4])
    assert not votes["wrong"].any() and len(points) == 4
    votes, points = c.judge(lat * 0 + 114.9, lat, c.WGS84, own)
    assert not votes["wrong"].any()
    assert set(points["fits"]) == {""}


def test_points_without_a_place_or_coordinates_do_not_vote():
    lon, lat, own = district(seed=6)
    own[:5], lon[5:9] = None, np.nan
    votes, points = c.judge(lon, lat, c.WGS84, own)
    assert votes["points"][0] == len(lon) - 9 and len(points) == 0
    votes, points = c.judge(lon[:5], lat[:5], c.WGS84, own[:5])
    assert len(votes) == 0 and len(points) == 0
