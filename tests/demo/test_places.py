"""Real rosters and outline; cells that tile; homes where homes can be."""

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from chunshui.demo.geography import read_reference
from chunshui.demo.people import census
from chunshui.paths import REFERENCE

TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True)


def metres(shapes) -> np.ndarray:
    def move(points):
        return np.column_stack(TO_METRES.transform(points[:, 0], points[:, 1]))

    return shapely.transform(np.asarray(shapes), move)


def points(frame: pd.DataFrame) -> np.ndarray:
    return shapely.points(*TO_METRES.transform(frame["lon"].to_numpy(), frame["lat"].to_numpy()))


@pytest.fixture(scope="module")
def shapes(tables):
    return {name: metres(tables[name]["shape"]) for name in ("district", "street", "community")}


def test_the_rosters_are_the_real_ones(tables):
    streets, communities = read_reference("streets.csv"), read_reference("communities.csv")
    assert tables["street"]["street_code"].tolist() == streets["street_code"].tolist()
    assert tables["street"]["street_name"].tolist() == streets["street_name"].tolist()
    committees = communities[communities["kind"] == "居民委员会"]
    for column in ("community_code", "community_name", "official_name", "street_code"):
        assert tables["community"][column].tolist() == committees[column].tolist()
    assert (len(tables["street"]), len(tables["community"])) == (11, 126)
    assert "420104012203" not in set(tables["community"]["community_code"])


def test_the_outline_is_the_real_one(shapes):
    text = (REFERENCE / "district_outline.geojson").read_text(encoding="utf-8")
    real = metres([shapely.from_geojson(text).geoms[0]])[0]
    made = shapes["district"][0]
    assert shapely.symmetric_difference(real, made).area < 1_500  # square metres of 40 km²
    assert shapely.hausdorff_distance(real, made) < 10


@pytest.mark.parametrize("level", ["street", "community"])
def test_cells_tile_the_district_without_gap_or_overlap(shapes, level):
    cells = shapes[level]
    assert shapely.is_valid(cells).all()
    assert set(shapely.get_num_geometries(cells)) == {1}
    assert shapely.coverage_is_valid(cells)
    assert shapely.area(cells).sum() == pytest.approx(shapes["district"][0].area, rel=1e-6)


def test_communities_tile_their_street(tables, shapes):
    owner = tables["community"]["street_code"].to_numpy()
    for code, street in zip(tables["street"]["street_code"], shapes["street"], strict=True):
        mine = shapely.coverage_union_all(shapes["community"][owner == code])
        assert shapely.symmetric_difference(mine, street).area < 1


def test_streets_have_the_ledgers_areas_and_lie_near_their_points(shapes):
    roster = read_reference("streets.csv")
    goal = roster["area_km2_2016"].astype(float)
    area = shapely.area(shapes["street"])
    assert np.allclose(area / area.sum(), goal / goal.sum(), rtol=0.04)
    marks = (
        roster[["schematic_lon", "schematic_lat"]].astype(float).set_axis(["lon", "lat"], axis=1)
    )
    assert (shapely.distance(shapes["street"], points(marks)) < 400).all()


def test_residents_and_ages_are_the_census(tables):
    facts, homes = census(), tables["building"]
    assert homes["residents"].sum() == 666_661 == tables["district"]["population"].iloc[0]
    assert homes["households"].sum() == round(666_661 / facts["household_size"])
    assert homes["residents_60"].sum() == round(0.2161 * 666_661)
    assert homes["residents_0_3"].sum() == round(0.0379 * 4 / 5 * 666_661)


def test_residents_are_skewed_as_the_streets_are(tables):
    homes = tables["building"].merge(tables["community"], on="community_code")
    by_street = homes.groupby("street_code")["residents"].sum()
    known = pd.to_numeric(read_reference("streets.csv").set_index("street_code")["population_2010"])
    known = known.dropna()
    assert by_street[known.index].corr(known, method="spearman") > 0.99
    by_community = homes.groupby("community_code")["residents"].sum()
    assert by_community.max() > 5 * by_community.min()
    old = homes.groupby("community_code")["residents_60"].sum() / by_community
    assert old.max() - old.min() > 0.1


def test_homes_stand_in_their_community_and_not_in_the_river(tables, shapes):
    homes = points(tables["building"])
    cell = dict(zip(tables["community"]["community_code"], shapes["community"], strict=True))
    own = np.array([cell[code] for code in tables["building"]["community_code"]], object)
    assert shapely.dwithin(own, homes, 1).all()
    barriers = tables["barrier"]
    river = metres(barriers.loc[barriers["kind"] == "河流", "shape"])[0]
    assert not shapely.intersects(river, homes).any()
    railway = metres(barriers.loc[barriers["kind"] == "铁路", "shape"])
    assert min(shapely.distance(homes, line).min() for line in railway) > 25


def test_there_is_a_city_of_the_asked_size(tables):
    assert 15_000 <= len(tables["building"]) <= 20_000
    assert 700 <= len(tables["neighbourhood"]) <= 900
    grids = tables["grid_unit"][tables["grid_unit"]["merged_on"].isna()]
    assert 520 <= len(grids) <= 870
    assert 0.85 < grids["households"].between(300, 500).mean() < 0.97
    homes = tables["building"]
    assert (
        homes.groupby("grid_id")["households"].sum() == grids.set_index("grid_id")["households"]
    ).all()
    assert (homes["storeys"].between(6, 8) & ~homes["has_lift"]).mean() > 0
    assert homes.loc[homes["storeys"] >= 9, "has_lift"].all()


def test_names_are_told_apart(tables):
    hoods = tables["neighbourhood"]
    assert not hoods.duplicated(["community_code", "neighbourhood_name"]).any()
    assert not tables["building"].duplicated(["community_code", "building_name"]).any()
    assert not tables["station"]["station_name"].duplicated().any()
