"""Waiting times beside scipy's estimate and sums over a grid of days."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from chunshui.opinions.waiting import HORIZON_DAYS, waiting

WAITS = st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=40)


def peer(days, left):
    """Scipy's Kaplan-Meier curve of how many stay."""
    return ecdf(CensoredData(uncensored=days[left], right=days[~left])).sf


@settings(deadline=None)
@given(WAITS)
def test_quantiles_and_mean_are_those_of_scipy(waits):
    days, left = (np.array(column) for column in zip(*waits, strict=True))
    found = waiting(days, left)
    assert (found.visits, found.still) == (len(days), (~left).sum())
    curve = peer(days.astype(float), left)
    for share, own in ((0.5, found.median), (0.9, found.p90)):
        reached = [d for d in range(91) if curve.evaluate(d) <= 1 - share + 1e-9]
        assert own == (reached[0] if reached else None)
    # The curve is flat from one whole day to the next.
    assert found.mean == pytest.approx(float(curve.evaluate(np.arange(HORIZON_DAYS)).sum()))


@settings(deadline=None)
@given(WAITS)
def test_who_still_waits_never_shortens_a_wait(waits):
    days, left = (np.array(column) for column in zip(*waits, strict=True))
    if left.any():
        assert waiting(days, left).mean >= waiting(days[left], left[left]).mean - 1e-9


def test_the_error_is_that_of_many_samples():
    chance = np.random.default_rng(3)
    means, errors = [], []
    for _ in range(400):
        days = np.ceil(chance.exponential(20, 80))
        seen = np.ceil(chance.uniform(0, 120, 80))
        found = waiting(np.minimum(days, seen), days <= seen)
        means.append(found.mean)
        errors.append(found.error)
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.12)


def test_nothing_is_known_of_none_and_little_of_who_has_not_left():
    assert waiting([], []) is None
    still = waiting([5, 300], [False, False])
    assert (still.median, still.p90, still.longest, still.mean) == (None, None, 300, HORIZON_DAYS)
