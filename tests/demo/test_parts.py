"""The small parts: exact shares, seeded streams, working days."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui.demo.apportion import apportion
from chunshui.demo.days import add_workdays, announced, weekday
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


# The notices of the State Council's office, written off by hand: days off (from, to), days worked.
NOTICES = {
    2024: (
        "01-01 01-01, 02-10 02-17, 04-04 04-06, 05-01 05-05, 06-10 06-10, 09-15 09-17, 10-01 10-07",
        "02-04, 02-18, 04-07, 04-28, 05-11, 09-14, 09-29, 10-12",
    ),
    2025: (
        "01-01 01-01, 01-28 02-04, 04-04 04-06, 05-01 05-05, 05-31 06-02, 10-01 10-08",
        "01-26, 02-08, 04-27, 09-28, 10-11",
    ),
    2026: (
        "01-01 01-03, 02-15 02-23, 04-04 04-06, 05-01 05-05, 06-19 06-21, 09-25 09-27, 10-01 10-07",
        "01-04, 02-14, 02-28, 05-09, 09-20, 10-10",
    ),
}


@pytest.mark.parametrize("year", NOTICES)
def test_working_days_are_those_of_the_notices(year):
    off, worked = ([part.split() for part in one.split(", ")] for one in NOTICES[year])
    free = {
        day
        for first, last in off
        for day in pd.date_range(f"{year}-{first}", f"{year}-{last}").date
    }
    made_up = {dt.date.fromisoformat(f"{year}-{day}") for (day,) in worked}
    assert not free & made_up and all(day.isoweekday() > 5 for day in made_up)
    told = announced()
    told = told[told["day"].dt.year == year]
    for kind, days in (("放假", {day for day in free if day.isoweekday() < 6}), ("上班", made_up)):
        given = set(told.loc[told["kind"] == kind, "day"].dt.date)
        assert given - free - made_up == set() and days <= given
    every = [day.date() for day in pd.date_range(f"{year}-01-01", f"{year}-12-31")]
    working = [d for d in every if d in made_up or (d.isoweekday() < 6 and d not in free)]
    # From each day on, the next and the tenth working day.
    for at, day in enumerate(working[:-10]):
        got = add_workdays(np.array([day] * 2, "datetime64[D]"), np.array([1, 10]))
        assert got.tolist() == [working[at + 1], working[at + 10]]


def test_weekdays():
    days = np.array(["2026-10-26", "2026-11-01"], "datetime64[D]")
    assert weekday(days).tolist() == [1, 7]
    assert dt.date(2026, 10, 26).isoweekday() == 1
