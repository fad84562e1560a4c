"""The small parts: exact shares, seeded streams, working days."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui.demo.apportion import apportion
from chunshui.demo.days import add_workdays, weekday
from chunshui.demo.stream import Stream


@st.composite
def splits(draw):
    n = draw(st.integers(1, 12))
    weights = draw(st.lists(st.floats(0, 1e6), min_size=n, max_size=n))
    low = np.array(draw(st.lists(st.integers(0, 50), min_size=n, max_size=n)))
    high = low + np.array(draw(st.lists(st.integers(0, 500), min_size=n, max_size=n)))
    total = draw(st.integers(int(low.sum()), int(high.sum())))
    return total, np.array(weights), low, high


@given(splits())
def test_shares_add_up_within_bounds(split):
    total, weights, low, high = split
    shares = apportion(total, weights, low, high)
    assert shares.sum() == total
    assert (shares >= low).all()
    assert (shares <= high).all()


@given(st.integers(0, 10**9), st.lists(st.floats(0.01, 100), min_size=1, max_size=20))
def test_free_shares_are_within_one_of_their_due(total, weights):
    due = total * np.array(weights) / np.sum(weights)
    assert np.abs(apportion(total, weights) - due).max() <= 1 + 1e-6 * total


def test_impossible_bounds_are_refused():
    with pytest.raises(ValueError, match="no shares of 10"):
        apportion(10, np.ones(3), 0, 3)


def test_a_stream_depends_on_its_name_alone():
    first = Stream("a", 1).many(5)
    Stream("b").many(100)
    assert (Stream("a", 1).many(5) == first).all()
    assert not (Stream("a", 2).many(5) == first).any()
    # The first numbers are nailed down: a change of Python or NumPy must not move the district.
    assert Stream("a", 1).one() == pytest.approx(0.1978492, abs=1e-6)


def test_a_sample_has_no_repeats_and_leaves_zero_weights_out():
    chosen = Stream("s").sample(10, 5, np.r_[np.zeros(5), np.ones(5)])
    assert sorted(chosen) == [5, 6, 7, 8, 9]
    with pytest.raises(ValueError, match="6 wanted of 5"):
        Stream("s").sample(10, 6, np.r_[np.zeros(5), np.ones(5)])


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-10-19", 5, "2026-10-26"),  # a plain week
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday worked before the Spring Festival
        ("2026-02-14", 1, "2026-02-24"),  # over the nine days off
        ("2025-09-26", 3, "2025-09-30"),  # Sunday 28 September was worked
        ("2025-09-30", 1, "2025-10-09"),
        ("2024-04-03", 1, "2024-04-07"),
    ],
)
def test_working_days_know_the_published_holidays(start, days, due):
    got = add_workdays(np.array([start], "datetime64[D]"), np.array([days]))
    assert got[0] == np.datetime64(due)


def test_weekdays():
    days = np.array(["2026-10-26", "2026-11-01"], "datetime64[D]")
    assert weekday(days).tolist() == [1, 7]
    assert dt.date(2026, 10, 26).isoweekday() == 1
