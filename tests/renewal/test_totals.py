"""The total of many projects: its band against exact chances, and against what came."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.renewal_forecast import report
from chunshui.renewal import totals, wording
from tests.renewal.test_forecast import FINISH, made_up

AS_OF = pd.Timestamp("2025-06-30")
ENDS = pd.DatetimeIndex(pd.date_range(AS_OF, periods=7, freq="ME"))


def forecasts(*curves: tuple[list[int], list[float], float]) -> pd.DataFrame:
    """Projects with planted curves: days, share done by each, weight."""
    rows = [((np.array(days), np.array(done)), weight) for days, done, weight in curves]
    return pd.DataFrame(rows, columns=["chances", "weight"])


def exact(curves, end: pd.Timestamp) -> list[tuple[float, float]]:
    """Every total there can be by a day with its chance, by trying all ways."""
    chances = []
    for days, done, _ in curves:
        by = [share for day, share in zip(days, done, strict=True) if day <= (end - AS_OF).days]
        chances.append(by[-1] if by else 0.0)
    ways = {}
    for way in itertools.product((0, 1), repeat=len(curves)):
        total = sum(take * weight for take, (*_, weight) in zip(way, curves, strict=True))
        chance = np.prod([p if take else 1 - p for take, p in zip(way, chances, strict=True)])
        ways[total] = ways.get(total, 0.0) + chance
    return sorted(ways.items())


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(1, 200), min_size=1, max_size=4, unique=True).map(sorted),
            st.floats(0.2, 1.0),
            st.integers(1, 900),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_points_of_the_total_are_those_of_its_exact_distribution(plants):
    curves = [
        (days, list(np.linspace(whole / len(days), whole, len(days))), weight)
        for days, whole, weight in plants
    ]
    lines = totals.expected(forecasts(*curves), ENDS, AS_OF)
    for end, points in zip(ENDS, lines.T, strict=True):
        ways = exact(curves, end)
        for share, point in zip((0.1, 0.5, 0.9), points, strict=True):
            # Of a thousand draws: as many up to the point as the share asks, within four errors.
            up_to = sum(chance for total, chance in ways if total <= point + 1e-9)
            below = sum(chance for total, chance in ways if total < point - 1e-9)
            error = 4 * np.sqrt(0.25 / totals.DRAWS)
            assert below - error <= share <= up_to + error


def test_a_band_is_narrower_than_the_sum_of_bounds_and_the_same_each_time():
    many = forecasts(*[([10 * k for k in range(1, 11)], list(np.arange(1, 11) / 10), 1)] * 100)
    low, likely, high = (line[2] for line in totals.expected(many, ENDS, AS_OF))  # day 62
    # Each bound: 0 or 100 of 100 by then. In truth binomial with p = 0.6: 60 ± 1.28 · 4.9.
    assert likely == pytest.approx(60, abs=2)
    assert (low, high) == (pytest.approx(53.7, abs=2), pytest.approx(66.3, abs=2))
    once, again = (totals.expected(many, ENDS, AS_OF) for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_projects_without_forecast_add_nothing():
    some = pd.concat([forecasts(([5], [1.0], 3)), pd.DataFrame({"chances": [None], "weight": [9]})])
    np.testing.assert_array_equal(totals.expected(some, ENDS, AS_OF)[:, 1:], 3)
    assert (totals.expected(some.iloc[1:], ENDS, AS_OF) == 0).all()


def test_totals_are_held_against_what_came():
    stages = made_up(4, projects=150)
    ends = list(pd.date_range("2023-12-31", "2025-06-30", freq="ME"))
    weights = pd.Series({name: 10 + k for k, name in enumerate(stages["project_id"].unique())})
    judged = totals.back_test(stages, FINISH, ends, weights)
    finish = stages[stages["step"] == FINISH].set_index("project_id")["actual_on"]
    assert len(judged) and (judged["month"] > judged["made_on"]).all()
    for row in judged.sample(20, random_state=3).itertuples():
        came = finish[(finish > row.made_on) & (finish <= row.month)].index
        assert row.came_in_all == weights[came].sum() >= row.came
    rate = totals.hit_rate(judged)
    assert rate["hit"] + rate["below"] + rate["above"] == pytest.approx(1)
    assert (
        rate["hit"]
        == ((judged["low"] <= judged["came"]) & (judged["came"] <= judged["high"])).mean()
    )


def test_the_band_holds_what_it_promises_where_nothing_is_odd():
    """With legs of one distribution and projects independent, about 80 % of the totals fall inside."""
    dice = np.random.default_rng(11)
    begun = pd.Timestamp("2020-01-01") + pd.to_timedelta(dice.integers(0, 1500, 500), unit="D")
    rows = []
    for n, day in enumerate(begun):
        for step in range(1, FINISH + 1):
            rows.append((f"P{n:03d}", step, day))
            day = day + pd.Timedelta(days=int(dice.gamma(3, 25)) + 1)
    stages = pd.DataFrame(rows, columns=["project_id", "step", "actual_on"])
    ends = list(pd.date_range("2021-12-31", "2024-12-31", freq="QE"))
    weights = pd.Series(1, index=stages["project_id"].unique())
    rate = totals.hit_rate(totals.back_test(stages, FINISH, ends, weights))
    assert rate["totals"] > 50 and 0.7 < rate["hit"] < 0.95


def test_the_district_s_bands_hold(reader):
    """On the demonstration's 36 months the 80 % band holds 70 to 90 % of the totals that came."""
    said = report(reader)
    assert wording.totals_sentence({"totals": 0}) == "历史太短，合计的区间还不能回测。"
    share = float(said.split("合计预测中，")[1].split("%")[0])
    assert 70 <= share <= 90
