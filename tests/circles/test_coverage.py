import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.circles.e2sfca import e2sfca, step_decay
from chunshui.circles.question import OLDER_SPEED, Question
from chunshui.errors import ChunshuiError
from tests.circles import coverage


def pairs(rows):
    frame = pd.DataFrame(rows, columns=["building", "station", "metres"])
    return frame.astype({"building": np.int32, "station": np.int32, "metres": float})


REACH = pairs([(0, 0, 100), (0, 1, 700), (1, 0, 400), (1, 2, 350), (2, 1, 800), (3, 2, 1200)])


def test_minutes_times_speed_are_metres():
    asked = Question(dt.date(2026, 10, 31))
    assert asked.with_minutes(10).farthest_m == 720
    assert replace(asked, speed=OLDER_SPEED).with_minutes(10).farthest_m == 480


def test_the_nearest_of_the_chosen_stations():
    assert coverage.nearest_of(REACH, 5).tolist() == [100, 350, 800, 1200, np.inf]
    chosen = [False, True, True]
    assert coverage.nearest_of(REACH, 5, chosen).tolist() == [700, 350, 800, 1200, np.inf]
    assert np.isinf(coverage.nearest_of(REACH, 5, [False] * 3)).all()


def test_two_stations_within_the_walk_are_a_backup():
    assert coverage.stations_within(REACH, 5, 800).tolist() == [2, 2, 1, 0, 0]
    assert coverage.stations_within(REACH, 5, 800, [True, True, False]).tolist() == [2, 1, 1, 0, 0]


def test_shares_keep_the_unreached_in_the_denominator():
    nearest = np.array([100, 350, 800, 1200, np.inf])
    frame = coverage.shares(nearest, [10, 20, 30, 30, 10], [300, 800])
    assert frame["numerator"].tolist() == [10, 60]
    assert frame["denominator"].tolist() == [100, 100]
    assert frame["share"].tolist() == [0.1, 0.6]


def test_shares_by_group_add_up_and_empty_groups_have_none():
    nearest = np.array([100, 350, 800, np.inf, 5])
    group = ["甲", "乙", "甲", "乙", "丙"]
    weight = np.array([10, 20, 30, 40, 0])
    frame = coverage.shares(nearest, weight, [500], group)
    assert frame["group"].tolist() == sorted(["甲", "乙", "丙"])
    whole = coverage.shares(nearest, weight, [500])
    assert frame["numerator"].sum() == whole["numerator"][0]
    assert frame["denominator"].sum() == 100
    assert np.isnan(frame.set_index("group")["share"]["丙"])


def test_quantiles_are_weighted():
    nearest = np.array([100.0, 200.0, 300.0, np.inf])
    assert coverage.quantile(nearest, [1, 1, 1, 1], 0.5) == 200
    assert coverage.quantile(nearest, [1, 1, 8, 0], 0.5) == 300
    assert coverage.quantile(nearest, [9, 0, 0, 1], 0.9) == 100
    assert coverage.quantile(nearest, [8, 0, 0, 2], 0.9) == np.inf
    assert np.isnan(coverage.quantile(nearest, [0, 0, 0, 0], 0.5))
    with pytest.raises(ValueError):
        coverage.quantile(nearest, [1, 1, 1, 1], 0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 2000), st.integers(0, 50)), min_size=1, max_size=30),
    st.floats(0.01, 1.0),
)
def test_a_quantile_equals_that_of_one_row_per_person(rows, q):
    nearest = np.array([row[0] for row in rows])
    people = np.array([row[1] for row in rows])
    found = coverage.quantile(nearest, people, q)
    one_by_one = np.sort(np.repeat(nearest, people))
    if len(one_by_one) == 0:
        assert np.isnan(found)
        return
    rank = int(np.ceil(q * len(one_by_one) * (1 - 1e-12)))
    assert found == one_by_one[max(rank, 1) - 1]


def test_the_straight_line_claims_more():
    building_xy = np.array([[0, 0], [500, 0], [0, 900], [np.nan, 0]])
    frame = coverage.straight_against_network(
        building_xy, [[0, 300], [np.nan, 1]], [420, 800, 610, np.inf], [1, 1, 1, 1], [600]
    )
    assert frame.iloc[0].to_dict() == {
        "metres": 600, "straight": 0.75, "network": 0.25, "overstated": 0.5
    }  # fmt: skip
    none = coverage.straight_against_network(building_xy, [], [np.inf] * 4, [1] * 4, [600])
    assert none["straight"][0] == 0


def test_steps_of_the_decay_are_those_of_luo_and_qi():
    weigh = step_decay(720)
    assert weigh(np.array([0, 240, 241, 480, 720, 721])).tolist() == [1, 1, 0.68, 0.68, 0.22, 0]


def plain_e2sfca(rows, supply, demand, weigh):
    """Two steps in plain Python, from the definition."""
    ratio = []
    for j, room in enumerate(supply):
        asked = sum(demand[b] * weigh(d) for b, s, d in rows if s == j)
        ratio.append(room / asked if asked else 0.0)
    return [sum(ratio[s] * weigh(d) for b, s, d in rows if b == i) for i in range(len(demand))]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_e2sfca_equals_the_definition(data):
    n, k = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 5))
    keys = data.draw(st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, k - 1))))
    rows = [(b, s, data.draw(st.floats(0, 1500))) for b, s in sorted(keys)]
    supply = data.draw(st.lists(st.integers(0, 90), min_size=k, max_size=k))
    demand = data.draw(st.lists(st.integers(0, 300), min_size=n, max_size=n))
    decay = step_decay(1080)
    access, _ = e2sfca(pairs(rows), supply, demand, decay)
    plain = plain_e2sfca(rows, supply, demand, lambda d: float(decay(np.array([d]))[0]))
    assert access == pytest.approx(plain)


def test_e2sfca_by_hand_and_nothing_is_lost():
    rows = pairs([(0, 0, 100), (1, 0, 300), (1, 1, 100), (2, 2, 9000)])
    access, ratio = e2sfca(rows, [68, 30, 5, 0], [100, 50, 10], step_decay(720))
    # Station 0: 68 / (100 + 0.68 x 50); station 1: 30 / 50.
    assert ratio[:2] == pytest.approx([68 / 134, 0.6])
    assert np.isnan(ratio[2]) and ratio[3] == 0
    assert access == pytest.approx([68 / 134, 0.68 * 68 / 134 + 0.6, 0])
    assert access @ [100, 50, 10] == pytest.approx(98)
    with pytest.raises(ChunshuiError):
        e2sfca(rows, [-1, 0, 0, 0], [1, 1, 1], step_decay(720))
