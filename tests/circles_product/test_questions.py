"""What if, where next, merge, the map's outlines, and the truths planted, as the pages ask them."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely

from chunshui.circles import (
    candidates,
    coordinate_check,
    outlines,
    scenario,
    siting,
    stations,
    walks,
)
from chunshui.circles.candidates import STATIONS
from chunshui.circles.mergers import mergers
from chunshui.circles.question import Question
from chunshui.circles.scenario import Step
from chunshui.demo.planted import TRUTHS
from chunshui.drawing import theme
from chunshui.errors import ChunshuiError
from chunshui.ui.map.click import Click
from chunshui.ui.topics.circles import map as circles_map
from chunshui.ui.topics.circles.data import Answer
from tests.circles_product.conftest import open_stations, people_within

LAST = dt.date(2026, 10, 31)
CANTEEN = Question(LAST, "幸福食堂", farthest_m=480.0, people="residents_60", speed=0.8)


def test_a_new_canteen_counted_by_networkx(tables, circles, streets):
    """A canteen at the door of an existing station covers what networkx says it covers."""
    now = open_stations(tables, LAST, function="幸福食堂")
    places = candidates.candidate_places(circles, CANTEEN, STATIONS).set_index("place_id")
    state = scenario.present_state(circles, CANTEEN)
    for station in places.index[::90]:
        step = Step("新增", "", None, places.loc[station, "lon"], places.loc[station, "lat"])
        after = scenario.run_scenario(circles, state, CANTEEN, (step,)).after
        met = streets.nearest([*now, station], 480)
        assert after == people_within(tables, met, 480, "residents_60")


def test_closing_and_moving_counted_by_networkx(tables, circles, streets):
    now = open_stations(tables, LAST, function="幸福食堂")
    state = scenario.present_state(circles, CANTEEN)
    number = {name: k for k, name in enumerate(circles.stations["station_id"])}
    closed = now[::12]
    steps = tuple(Step("停用", one, number[one]) for one in closed)
    left = [one for one in now if one not in closed]
    after = scenario.run_scenario(circles, state, CANTEEN, steps).after
    assert after == people_within(tables, streets.nearest(left, 480), 480, "residents_60")
    # Moved to another canteen's door: the same as closed.
    target = circles.stations.iloc[number[left[0]]]
    moved = tuple(replace(one, kind="迁移", lon=target["lon"], lat=target["lat"]) for one in steps)
    assert scenario.run_scenario(circles, state, CANTEEN, moved).after == after


def test_impossible_steps_are_explained(circles):
    state = scenario.present_state(circles, CANTEEN)
    other = int(np.flatnonzero(~state.walks.open)[0])
    with pytest.raises(ChunshuiError, match="不在当前条件"):
        scenario.run_scenario(circles, state, CANTEEN, (Step("停用", "某站", other),))
    with pytest.raises(ChunshuiError, match="街道附近"):
        scenario.run_scenario(circles, state, CANTEEN, (Step("新增", "江心", None, 113.0, 30.0),))


def test_where_next_is_told_truly(circles):
    places = candidates.candidate_places(circles, CANTEEN, "网格")
    found = candidates.siting_problem(circles, CANTEEN, places)
    best = siting.exact(found.cover, found.weight, 3)
    table = candidates.describe_sites(circles, found, best)
    assert best.proven and best.covered >= siting.greedy(found.cover, found.weight, 3).covered
    steps = tuple(
        Step("新增", row.place_name, None, row.lon, row.lat) for row in table.itertuples()
    )
    played = scenario.run_scenario(
        circles, scenario.present_state(circles, CANTEEN), CANTEEN, steps
    )
    assert played.gain == best.covered == table["gain"].sum()


def test_more_sites_than_candidates_and_none(circles):
    few = candidates.candidate_places(circles, CANTEEN, "网格").head(3)
    found = candidates.siting_problem(circles, CANTEEN, few)
    assert "少于所要的" in siting.greedy(found.cover, found.weight, 9).note
    with pytest.raises(ChunshuiError, match="没有候选点"):
        candidates.siting_problem(circles, CANTEEN, few.head(0))


def test_no_resident_of_the_district_loses_a_function(tables, circles):
    """Of every building, from the ledgers' tables by pandas: what was in the walk still is."""
    trial = mergers(circles, Question(LAST))
    closed = set(trial.stations["station_id"])
    assert closed and not (trial.lost or trial.without_centre or trial.crowded)
    rows = tables["station"]
    here = rows[rows["station_id"].isin(open_stations(tables, LAST))]
    left = here[~here["station_id"].isin(closed)]
    for level, place in (("社区", "community_code"), ("街道", "street_code")):
        assert set(left.loc[left["level"] == level, place]) == set(
            here.loc[here["level"] == level, place]
        )
    walks = circles.reach.assign(
        building_id=circles.buildings["building_id"].to_numpy()[circles.reach["building"]],
        station_id=circles.stations["station_id"].to_numpy()[circles.reach["station"]],
    )
    walks = walks.merge(tables["station_function"], on="station_id")
    walks = walks.merge(tables["building"][["building_id", "residents", "residents_60"]])
    walks = walks[walks["station_id"].isin(here["station_id"])]
    for farthest, people in ((720.0, "residents"), (480.0, "residents_60")):
        near = walks[(walks["metres"] <= farthest) & (walks[people] > 0)]
        has = ["building_id", "function"]
        before = near[has].drop_duplicates()
        after = near.loc[~near["station_id"].isin(closed), has].drop_duplicates()
        assert len(before) == len(after) > 10_000


def test_bands_are_drawn_for_the_eye(circles):
    land, *shapes = outlines.nested_outlines(circles, CANTEEN, (240.0, 480.0, 720.0))
    assert len(shapes) == 3 and all(shape.is_valid for shape in (land, *shapes))
    for outer, inner in pairwise([land, *shapes]):
        assert shapely.difference(inner, outer).area < 1e-4 * inner.area
        assert 0 < inner.area < outer.area
    # Most buildings lie in the band their walk is in.
    metres = stations.nearest_metres(circles, CANTEEN)
    doors = shapely.points(circles.buildings["lon"], circles.buildings["lat"])
    assert (shapely.intersects(shapes[1], doors) == (metres <= 480)).mean() > 0.95


def test_what_is_painted_is_light_and_true(circles):
    bands = outlines.nested_outlines(circles, CANTEEN, (240.0, 480.0, 720.0))
    near = [shapely.box(114.20, 30.57, 114.22, 30.59)]
    for around, most in (((), 6500), (near, 6000)):
        light = circles_map.simplified(bands, around)
        assert shapely.get_num_coordinates(light).sum() < most
        for shape, original in zip(light, bands, strict=True):
            there = near[0] if around else bands[0]
            missed = shapely.symmetric_difference(shape, original).intersection(there).area
            assert missed < 0.01 * there.area


def test_every_station_is_counted_once_where_marks_would_cover_one_another(circles):
    answer = Answer(circles, Question(LAST))
    positions = np.flatnonzero(answer.answering)
    far, near, *single = circles_map._breaking_up(answer, positions, (), theme.palette(False))
    streets = set(circles.stations["street_code"])
    for drawn in (far, near):
        assert sum(map(int, drawn["text"])) == len(positions)
        assert all(Click(*one).street_code in streets for one in drawn["customdata"])
    assert len(far["text"]) == len(far["customdata"]) < 40
    assert len(far["text"]) < len(near["text"]) < len(positions)
    ids = [Click(*one).code for marks in single for one in marks["customdata"]]
    assert sorted(ids) == sorted(circles.stations["station_id"].iloc[positions])
    # At every nearness each station is on the map once: where one kind of mark ends the next begins.
    spans = [drawn["meta"]["zoom"] for drawn in (far, near, *single)]
    assert spans[0][0] == 0 and spans[0][1] == spans[1][0]
    assert all(one == [spans[1][1], None] for one in spans[2:])


def test_nobody_there_is_explained(circles):
    night = Question(LAST, "幸福食堂", weekday=7, minute=22 * 60)
    assert "没有一处幸福食堂开着" in stations.why_no_station(circles, night)
    assert "换一个月份" in stations.why_no_station(circles, Question(dt.date(1999, 1, 31)))
    nobody = replace(circles, functions=circles.functions.iloc[:0])
    assert "没有一处阵地提供" in stations.why_no_station(nobody, CANTEEN)
    level = Question(LAST, "时间银行", ("集聚区",))
    said = stations.why_no_station(circles, level)
    assert said is None or "放宽层级" in said
    assert stations.why_no_station(circles, CANTEEN) is None


# ------------------------------------------------------------------ truths planted


def test_the_community_behind_the_railway(circles):
    truth = TRUTHS["community_without_canteen"]
    asked = Question(LAST, "幸福食堂", farthest_m=1080.0)
    rows = stations.nearest_to_community(circles, truth["community"], asked)
    assert not len(rows) or not rows["people"].any()
    straight = stations.nearest_straight(circles, truth["community"], asked)
    assert straight["station_id"] == truth["canteen_beyond_railway"] and straight["metres"] < 500


def test_the_buildings_off_the_network(tables, circles):
    truth = TRUTHS["buildings_off_the_network"]
    lost = tables["unroutable"]
    assert sorted(lost["entity_id"]) == truth["buildings"]
    assert (lost["metres"] > 300).all() and (lost["reason"] == "离路网过远").all()
    at = circles.buildings["building_id"].isin(truth["buildings"]).to_numpy()
    assert np.isinf(stations.nearest_metres(circles, Question(LAST))[at]).all()


def test_the_evening_gap(circles):
    truth = TRUTHS["street_closed_at_night"]
    asked = Question(LAST, weekday=3, minute=19 * 60)
    open_now = circles.stations[stations.answering(circles, asked)]
    assert len(open_now) and truth["street"] not in set(open_now["street_code"])


def test_the_misplaced_station_is_named_with_its_mend(reader):
    truth = TRUTHS["station_gcj02"]
    found = reader.query("views/check_results")
    found = found[found["check_id"] == "坐标系"]
    assert list(found["entity_id"]) == [truth["station"]]
    assert "GCJ-02" in found["message"].iloc[0] and "改为114." in found["mend"].iloc[0]


# ------------------------------------------------------------------ the build


def staged(reader):
    names = ["walk_node", "walk_edge", "building", "station", "barrier"]
    names += ["community", "neighbourhood", "grid_unit", "premises"]
    with reader.cursor() as cursor:
        return {name: cursor.table(name).df() for name in names}


def test_only_what_changed_is_walked_again(reader):
    tables = staged(reader)
    first = walks.measure(tables)
    assert walks.measure(tables, first).kept == len(tables["station"])
    moved = tables["station"].copy()
    moved.loc[3, "lon"] += 0.001
    fewer = moved.drop(index=7)
    again = walks.measure(tables | {"station": fewer}, first)
    assert again.kept == len(fewer) - 1
    fresh = walks.measure(tables | {"station": fewer})
    assert again.reach.equals(fresh.reach)
    edges = tables["walk_edge"].assign(metres=tables["walk_edge"]["metres"] * 1.01)
    assert walks.measure(tables | {"walk_edge": edges}, first).kept == 0


def test_no_network_gives_empty_tables(reader):
    tables = staged(reader)
    found = walks.measure(tables | {"walk_node": tables["walk_node"].iloc[:0]})
    assert found.door.empty and found.reach.empty and found.unroutable.empty


def test_a_whole_ledger_in_another_system_is_refused(reader):
    from chunshui import coordinates

    tables = staged(reader)
    stations = tables["station"].copy()
    stations["lon"], stations["lat"] = coordinates.from_wgs84(
        stations["lon"], stations["lat"], coordinates.GCJ02
    )
    with reader.cursor() as cursor:
        tables |= {name: cursor.table(name).df() for name in ("street", "district")}
    found = coordinate_check.coordinate_findings(tables | {"station": stations}, {})
    grave = found[found["severity"] == "错误"]
    assert list(grave["entity_table"]) == ["station"]
    assert "GCJ-02" in grave["mend"].iloc[0]
