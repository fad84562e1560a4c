"""A week is Monday to Sunday wherever it lies; what is told of a change is more than chance."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from chunshui.errors import ChunshuiError
from chunshui.week import Week
from chunshui.weekly.chance import FALSE_SHARE, FEWEST, beyond_chance

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31))
COUNTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=9)


@given(DAYS)
def test_every_day_lies_in_one_week_of_seven_days(day):
    week = Week.of(day)
    assert week.first <= day <= week.last and (week.last - week.first).days == 6
    assert week.first.isocalendar()[2] == 1 and Week.parse(str(day)) == week
    assert week.shift(1).first == week.last + dt.timedelta(1)
    assert week.until(week.shift(3)) == [week.shift(n) for n in range(4)]
    over = Week.last_whole(day)
    assert over.last <= day < over.shift(1).last


def test_a_week_is_written_as_it_is_said():
    assert Week.parse("2026-10-21").words == "2026年10月19日至25日"
    assert Week.parse("2026-11-01").words == "2026年10月26日至11月1日"
    assert Week.parse("2027-01-01").words == "2026年12月28日至2027年1月3日"
    with pytest.raises(ChunshuiError, match="看不懂"):
        Week.parse("上周")


@given(COUNTS)
@settings(deadline=None, max_examples=60)
def test_few_and_alike_are_never_told(pairs):
    told = beyond_chance(pairs)
    assert len(told) == len(pairs)
    for (now, before), is_told in zip(pairs, told, strict=True):
        if now + before < FEWEST or abs(now - before) <= 1:
            assert not is_told
    # As much more is told as is told the other way round.
    assert beyond_chance([pair[::-1] for pair in pairs]) == told


@given(st.integers(0, 200), st.integers(0, 200))
@settings(deadline=None, max_examples=60)
def test_one_pair_is_told_by_the_exact_binomial_test(now, before):
    whole = now + before
    if whole >= FEWEST:
        chance = binomtest(now, whole).pvalue
        assert beyond_chance([(now, before)]) == [chance <= FALSE_SHARE]


def test_of_weeks_that_differ_by_chance_alone_few_are_told_and_a_true_change_is():
    draw = np.random.default_rng(1509)
    rates = np.array([6, 6, 2, 30, 30, 1, 1, 22, 1])
    weeks = draw.poisson(np.tile(rates, (400, 2, 1)))
    any_told = [any(beyond_chance(list(zip(*week.tolist(), strict=True)))) for week in weeks]
    assert np.mean(any_told) <= 0.05
    assert beyond_chance([(58, 17), (8, 4), (40, 54), (0, 1)]) == [True, False, False, False]
