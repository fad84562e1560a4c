"""Circle figures of the demonstration, counted again with networkx from the ledgers' tables."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.figures import figure_of, variants_of
from chunshui.catalogue.metric import CatalogueError, get_metric
from chunshui.catalogue.parametrised import figure_with
from chunshui.circles import scenario
from chunshui.circles import stations as answers
from chunshui.circles.e2sfca import e2sfca, step_decay
from chunshui.circles.question import Question
from chunshui.month import Month
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.circles import data as circles_data
from tests.circles import coverage
from tests.circles_product.conftest import open_stations, people_within

LAST = dt.date(2026, 10, 31)


def test_reach_is_networkx_to_a_centimetre(reader, tables, circles, streets):
    ids = circles.buildings["building_id"].to_numpy()
    stations = circles.stations["station_id"].to_numpy()
    pairs = tables["reach"]
    for number in range(0, len(stations), 60):
        mine = pairs[pairs["station_no"] == number]
        ours = dict(zip(ids[mine["building_no"]], mine["metres"], strict=True))
        theirs = streets.from_station(stations[number], 1500.0)
        theirs = {name: metres for name, metres in theirs.items() if metres <= 1500}
        edge = {name for name, metres in theirs.items() if metres > 1499.98}
        assert set(ours) - edge == set(theirs) - edge
        assert max(abs(ours[n] - theirs[n]) for n in set(ours) & set(theirs)) <= 0.011


ASKED = {
    "circle_coverage": (720, "residents", {}),
    "circle_older": (480, "residents_60", {}),
    "circle_street_level": (720, "residents", {"levels": ("街道",)}),
    "circle_community_level": (720, "residents", {"levels": ("社区",)}),
    "circle_canteen": (480, "residents_60", {"function": "幸福食堂"}),
    "circle_nursery": (720, "residents_0_3", {"function": "托育扶幼"}),
    "circle_evening": (720, "residents", {"weekday": 3, "minute": 1140}),
}


@pytest.mark.parametrize("month", ["2026-10", "2024-03"])
@pytest.mark.parametrize("metric_id", ASKED)
def test_coverage_counted_by_networkx(reader, tables, streets, metric_id, month):
    limit, column, asked = ASKED[metric_id]
    end = Month.parse(month).last
    walks = streets.nearest(open_stations(tables, end, **asked), limit)
    figure = figure_of(reader, metric_id, month)
    assert figure.numerator == people_within(tables, walks, limit, column)
    assert figure.denominator == tables["building"][column].sum()


def test_the_trend_moves_as_stations_open(reader):
    trend = figure_of(reader, "circle_community_level", "2026-10").trend
    assert len(trend) == 36
    assert trend[-1].value > trend[0].value


def test_quantile_backup_and_left_out(reader, tables, circles):
    asked = Question(LAST)
    people = circles.buildings["residents"].to_numpy()
    metres = np.minimum(answers.nearest_metres(circles, asked), 1500)
    walk = figure_of(reader, "circle_walk", "2026-10").value
    assert walk == pytest.approx(coverage.quantile(metres, people, 0.9) / 1.2 / 60, abs=0.051)
    two = coverage.stations_within(
        circles.reach, len(people), 720, answers.answering(circles, asked)
    ) >= 2  # fmt: skip
    assert figure_of(reader, "circle_backup", "2026-10").numerator == people[two].sum()
    left = figure_of(reader, "circle_left_out", "2026-10").value
    covered = figure_of(reader, "circle_coverage", "2026-10")
    assert left == covered.denominator - covered.numerator


def test_e2sfca_is_the_engines(reader, circles):
    asked = Question(LAST, "幸福食堂", farthest_m=720, people="residents_60")
    chosen = answers.answering(circles, asked)
    rows = circles.functions[circles.functions["function"] == "幸福食堂"]
    room = rows.set_index("station_id")["capacity_per_day"]
    supply = circles.stations["station_id"].map(room).fillna(0).to_numpy() * chosen
    older = circles.buildings["residents_60"].to_numpy(dtype=float)
    pairs = circles.reach[circles.reach["metres"] <= 720]
    share, _ = e2sfca(pairs, supply, older, step_decay(720))
    figure = figure_of(reader, "circle_canteen_places", "2026-10")
    assert figure.numerator == pytest.approx((share * older).sum(), rel=1e-6)


def test_straight_gap_counted_again(reader, circles):
    asked = Question(LAST, levels=("社区",))
    chosen = answers.answering(circles, asked)
    found = coverage.straight_against_network(
        circles.ground.building_xy,
        circles.ground.station_xy[chosen],
        answers.nearest_metres(circles, asked),
        circles.buildings["residents"],
        [720],
    )
    figure = figure_of(reader, "circle_straight_gap", "2026-10", variant="community_level")
    assert figure.value == pytest.approx(100 * found["overstated"].iloc[0], abs=1e-9)


def test_every_variant_is_stored_and_differs_only_as_it_should(reader):
    band = variants_of(reader, "circle_coverage", "2026-10").set_index("variant")["value"]
    assert band["m300"] < band["m480"] < band["m500"] < band["m600"] < band["base"]
    assert band["base"] < band["m800"] < band["m1000"]


QUESTIONS = [
    Question(LAST),
    Question(LAST, "幸福食堂", farthest_m=480.0, people="residents_60"),
    Question(LAST, None, ("街道", "集聚区"), farthest_m=1080.0),
    Question(LAST, "小哥驿站", weekday=6, minute=20 * 60, people="residents_4_59"),
    Question(dt.date(2024, 3, 31), "居家养老", farthest_m=300.0, people="households"),
]


@pytest.mark.parametrize("asked", QUESTIONS, ids=str)
def test_the_engine_and_the_metric_say_one_number(reader, circles, asked):
    """What a what-if calls 现在 is the metric's own figure, community by community."""
    month = f"{asked.month_end:%Y-%m}"
    told = figure_with(reader, "circle_coverage", month, asked.params)
    played = scenario.run_scenario(circles, scenario.present_state(circles, asked), asked, ())
    assert (played.before, played.denominator) == (told.numerator, told.denominator)
    ours = played.places.set_index("community_code")["before"].to_dict()
    left_out = answers.beyond_reach(circles, asked).groupby("community_code")[asked.people].sum()
    rest = told.communities.set_index("community_code")["rest"]
    assert left_out.to_dict() == rest[rest > 0].to_dict()
    assert ours == told.communities.set_index("community_code")["numerator"].to_dict()
    shown = circles_data.coverage(Scope(reader.edition, month), asked)
    pd.testing.assert_frame_equal(shown.district, told.district, check_dtype=False)


def test_live_is_the_stored_figure_and_adds_up(reader):
    stored = figure_of(reader, "circle_canteen", "2026-10", ["420104002"])
    whole = figure_with(reader, "circle_canteen", "2026-10", {})
    told = replace(whole, streets=("420104002",))
    assert (told.numerator, told.denominator) == (stored.numerator, stored.denominator)
    assert told.text == stored.text
    live = whole.communities.set_index("community_code")["value"]
    table = place_table(reader, "circle_canteen", "2026-10", "community")
    known = table.set_index("community_code")["value"].astype(float)
    assert live.sort_index().to_numpy() == pytest.approx(known[live.index].sort_index().to_numpy())


def test_a_parameter_nobody_declared(reader):
    with pytest.raises(CatalogueError, match="没有参数"):
        figure_with(reader, "circle_coverage", "2026-10", {"minutes": 10})


def test_all_coverage_metrics_run_one_select():
    """One definition: the files differ in their parameters only."""
    ids = [*ASKED, "circle_neighbourhood_level", "circle_care", "circle_rider"]
    assert len({get_metric(one).sql.split("*/", 1)[1] for one in ids}) == 1
