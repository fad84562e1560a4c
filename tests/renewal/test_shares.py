"""Intervals of shares: against a simulation, at the edges, and the published formula."""

import numpy as np
import pytest

from chunshui.catalogue.figure import wilson
from chunshui.renewal import shares


def test_wilson_against_the_published_example():
    # Newcombe 1998, table I: 81/263 and 15/148.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0.0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_the_interval_is_wider_where_communities_are_alike_within():
    """Ten cases all alike in each community are ten times fewer draws than they look."""
    dice = np.random.default_rng(1)
    clustered = dice.integers(0, 2, 22) * 10
    loose = dice.binomial(10, 0.5, 22)
    tens = np.full(22, 10)
    assert shares.share(clustered, tens).spread > 2 * shares.share(loose, tens).spread


def test_the_interval_covers_what_it_promises():
    dice = np.random.default_rng(3)
    hits = 0
    for _ in range(600):
        sizes = dice.integers(4, 30, 22)
        own = np.clip(dice.normal(0.6, 0.15, 22), 0, 1)
        found = shares.share(dice.binomial(sizes, own), sizes)
        hits += found.low <= 0.6 <= found.high
    assert 0.92 <= hits / 600 <= 0.98


def test_edges():
    assert shares.share(np.array([3]), np.array([5])) is None
    assert shares.share(np.array([]), np.array([])) is None
    full = shares.share(np.array([5, 4, 7]), np.array([5, 4, 7]))
    assert full.value == 1 and full.high == 1 and full.low < 0.6
    assert full.places == 3


def test_groups_are_apart_only_when_they_are():
    tens = np.full(20, 10)
    high, low = np.full(20, 9) - np.arange(20) % 2, np.full(20, 4) + np.arange(20) % 2
    a, b = shares.share(high, tens), shares.share(low, tens)
    down, up = shares.difference(a, b)
    assert 0 < down < a.value - b.value < up
    down, up = shares.difference(a, a)
    assert down < 0 < up
