"""Premises as candidates, and whether there is room: counted again from the ledgers alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from chunshui.circles import candidates, model, scenario, siting
from chunshui.circles.candidates import GRIDS, PREMISES, STATIONS
from chunshui.circles.e2sfca import LUO_QI
from chunshui.circles.question import Question
from chunshui.circles.scenario import Step
from chunshui.demo.planted import TRUTHS
from chunshui.errors import ChunshuiError
from tests.circles_product.conftest import open_stations
from tests.circles_product.test_questions import CANTEEN, LAST
from tests.ui.conftest import open_app, words_on  # noqa: F401  (a fixture)

CANTEEN_NAME, NEAR = "幸福食堂", 480.0


@pytest.fixture(scope="module")
def rows(reader):
    with reader.cursor() as cursor:
        return cursor.table("premises").df()


def test_premises_are_those_listed_and_not_settled(circles, rows):
    for day in (LAST, LAST.replace(year=2024)):
        asked = replace(CANTEEN, month_end=day)
        found = candidates.candidate_places(circles, asked, PREMISES)
        settled = rows["settled_on"] <= pd.Timestamp(day)
        left = rows[(rows["listed_on"] <= pd.Timestamp(day)) & ~settled]
        assert sorted(found["place_id"]) == sorted(left["premises_id"])
        assert 0 < len(left) < len(rows)
    assert candidates.candidate_kinds(circles)[0] == PREMISES
    street = found["street_code"].iloc[0]
    some = candidates.candidate_places(circles, asked, PREMISES, (street,))
    assert set(some["street_code"]) == {street} and len(some) < len(found)


def test_the_premises_that_help_behind_the_railway(circles):
    """Of all premises, the one planted brings a canteen near the most of the community."""
    truth = TRUTHS["premises_behind_railway"]
    state = scenario.present_state(circles, CANTEEN)
    gains = {}
    for row in candidates.candidate_places(circles, CANTEEN, PREMISES).itertuples():
        step = Step("新增", "", None, row.lon, row.lat, CANTEEN_NAME, row.capacity)
        places = scenario.run_scenario(circles, state, CANTEEN, (step,)).places
        mine = places[places["community_code"] == truth["community"]]
        gains[row.place_id] = mine["gain"].sum()
    best, second = sorted(gains, key=gains.get, reverse=True)[:2]
    assert (best, second) == (truth["premises"], truth["other"])
    assert gains[best] > gains[second] > 0
    # Where only that community still lacks one, it is also what the search proposes.
    found = candidates.siting_problem(
        circles, CANTEEN, candidates.candidate_places(circles, CANTEEN, PREMISES)
    )
    away = circles.buildings["community_code"] != truth["community"]
    weight = np.where(away, 0.0, found.weight)
    chosen = siting.exact(found.cover, weight, 1).chosen
    assert found.places["place_id"].iloc[chosen].tolist() == [truth["premises"]]


def test_suggested_capacity(circles, rows, tables):
    """The ledger's own figure; else area by what half of the canteens serve on a square metre."""
    found = candidates.candidate_places(circles, CANTEEN, PREMISES).set_index("place_id")[
        "capacity"
    ]
    given = rows.set_index("premises_id")["capacity_per_day"].reindex(found.index)
    assert (found[given.notna()] == given.dropna()).all()
    offers = tables["station_function"].query("function == @CANTEEN_NAME")
    now = tables["station"][tables["station"]["station_id"].isin(open_stations(tables, LAST))]
    each = offers.merge(now, on="station_id")
    usual = (each["capacity_per_day"] / each["area_m2"]).median()
    area = rows.set_index("premises_id")["area_m2"].reindex(found.index)[given.isna()]
    assert len(area) and (found[given.isna()] - area * usual).abs().max() <= 5
    grids = candidates.candidate_places(circles, CANTEEN, GRIDS)["capacity"]
    assert abs(grids.iloc[0] - each["capacity_per_day"].median()) <= 2.5


# ------------------------------------------------------------------ room


def weigh(metres: float) -> float:
    """The weight of a walk by thirds of the distance: Luo and Qi."""
    return next((weight for share, weight in LUO_QI if metres <= share * NEAR), 0.0)


def room_by_community(tables, walks: dict[str, dict[str, float]], capacity: dict[str, float]):
    """Places a day that fall to each community's old people: E2SFCA written out."""
    homes = tables["building"].set_index("building_id")
    people = homes["residents_60"].to_dict()
    room = dict.fromkeys(people, 0.0)
    for station, near in walks.items():
        weights = {home: weigh(metres) for home, metres in near.items()}
        asking = sum(weight * people[home] for home, weight in weights.items())
        for home, weight in weights.items():
            if asking:
                room[home] += capacity.get(station, 0.0) / asking * weight
    places = {home: room[home] * people[home] for home in room}
    return pd.Series(places).groupby(homes["community_code"]).sum()


def test_room_of_added_closed_and_moved_by_networkx(tables, circles, streets):
    offers = tables["station_function"].query("function == @CANTEEN_NAME").set_index("station_id")
    capacity = offers["capacity_per_day"].dropna().astype(float).to_dict()
    now = open_stations(tables, LAST, function=CANTEEN_NAME)
    other = candidates.candidate_places(circles, CANTEEN, STATIONS)["place_id"]
    new, target = other.iloc[17], other.iloc[203]
    shut, moved = [one for one in now if one in capacity][7:9]
    number = {name: k for k, name in enumerate(circles.stations["station_id"])}
    at = circles.stations.set_index("station_id")[["lon", "lat"]]
    steps = (
        Step("新增", "新食堂", None, *at.loc[new], CANTEEN_NAME, 90.0),
        Step("停用", "", number[shut]),
        Step("迁移", "", number[moved], *at.loc[target]),
    )
    state = scenario.present_state(circles, CANTEEN)
    played = scenario.run_scenario(circles, state, CANTEEN, steps)
    places = played.places.set_index("community_code")

    before = {one: stored(streets, one) for one in now}
    expected = room_by_community(tables, before, capacity)
    assert places["room_before"].to_dict() == pytest.approx(expected[places.index].to_dict())
    after = {one: near for one, near in before.items() if one not in (shut, moved)}
    after |= {one: streets.from_station(one, NEAR) for one in (new, target)}
    room = capacity | {new: 90.0, target: capacity[moved]}
    expected = room_by_community(tables, after, room)
    assert places["room_after"].to_dict() == pytest.approx(expected[places.index].to_dict())
    # What is added is what is offered, where anybody can walk to it.
    gone = places["room_after"].sum() - places["room_before"].sum()
    assert gone == pytest.approx(90.0 - capacity[shut])

    people = tables["building"].set_index("building_id")["residents_60"]
    for column, walks in (("before", before), ("after", after)):
        users = users_of(walks, people)
        told = played.loads.set_index("name")[column]
        assert told["新食堂（新增）"] == users.get(new, 0) * (column == "after")
        names = tables["station"].set_index("station_id")["station_name"]
        for station in set(walks) - {new, target, moved}:
            if names[station] in told.index:
                assert told[names[station]] == users.get(station, 0)
    changed = {
        one for one in set(before) & set(after)
        if users_of(before, people).get(one, 0) != users_of(after, people).get(one, 0)
    }  # fmt: skip
    assert changed and {names[one] for one in changed} <= set(played.loads["name"])


def stored(streets, station: str) -> dict[str, float]:
    """Walks as a version holds them: to the centimetre."""
    walks = streets.from_station(station, NEAR + 1)
    near = {home: round(metres, 2) for home, metres in walks.items()}
    return {home: metres for home, metres in near.items() if metres <= NEAR}


def users_of(walks: dict[str, dict[str, float]], people: pd.Series) -> dict[str, float]:
    """People who have each station as the nearest."""
    frame = pd.DataFrame(
        [(home, metres, one) for one, near in walks.items() for home, metres in near.items()],
        columns=["home", "metres", "station"],
    )
    frame = frame[frame["metres"] <= NEAR].sort_values("metres", kind="stable")
    first = frame.drop_duplicates("home")
    return people.reindex(first["home"]).groupby(first["station"].to_numpy()).sum().to_dict()


def test_a_step_about_something_else_is_explained(circles):
    place = candidates.candidate_places(circles, CANTEEN, PREMISES).iloc[0]
    step = Step("新增", "原粮店", None, place["lon"], place["lat"], "托育扶幼", 30.0)
    assert step.words == "新增：原粮店（托育扶幼，每日30人次）"
    with pytest.raises(ChunshuiError, match="新增的是托育扶幼，现在问的是幸福食堂"):
        scenario.run_scenario(circles, scenario.present_state(circles, CANTEEN), CANTEEN, (step,))
    asked = Question(LAST)
    assert (
        scenario.run_scenario(circles, scenario.present_state(circles, asked), asked, (step,)).gain
        >= 0
    )


# ------------------------------------------------------------------ without the ledger


class Older:
    """A version made before its software knew of premises."""

    def __init__(self, reader):
        self.reader = reader

    def query(self, name, /, **params):
        found = self.reader.query(name, **params)
        return found[found["table_name"] != "premises"] if name == "warehouse/tables" else found


def test_a_version_without_premises_falls_back_to_grids(reader, circles):
    older = model.load(Older(reader))
    assert older.premises is None
    assert candidates.candidate_kinds(older) == tuple(
        k for k in candidates.candidate_kinds(circles) if k != "可用房屋"
    )
    assert len(candidates.candidate_places(older, CANTEEN, candidates.candidate_kinds(older)[0]))


# ------------------------------------------------------------------ the page


def test_a_premises_is_added_with_its_capacity(open_app, published):  # noqa: F811
    app = open_app(published, "circles", view="假如", function=CANTEEN_NAME)
    assert app.selectbox(key="wi_kind").value == PREMISES
    place = app.selectbox(key="wi_place")
    place.set_value("四新住宅原粮店").run()
    app.number_input(key="wi_capacity").set_value(60).run()
    next(one for one in app.button if one.label == "加入方案").click().run()
    assert not app.exception and not app.error
    said = words_on(app)
    assert "新增：四新住宅原粮店（幸福食堂，每日60人次）" in said
    assert "处阵地的负荷有变化" in said and "以这处为最近的" in said
    room = next(one for one in app.metric if one.label == "每千人可得")
    assert room.value.endswith("人次") and room.delta.startswith("+")


def test_next_sites_are_premises(open_app, published):  # noqa: F811
    app = open_app(published, "circles", view="下一处", function=CANTEEN_NAME)
    assert not app.exception and app.selectbox(key="among").value == PREMISES
    shown = next(one.value for one in app.dataframe if "情况" in one.value.columns)
    assert shown["情况"].str.contains("平方米").all() and len(shown) == 5
