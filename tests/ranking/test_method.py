"""The method against scipy.stats and plain counting; what must hold whatever the counts."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chunshui.catalogue.funnel import INNER, OUTER, Funnel, funnel
from chunshui.ranking.league import HELD, LEVEL, influence, league, league_of, moved, points
from chunshui.ranking.posterior import posterior, rates, reliability
from chunshui.ranking.progress import named, window

CASES = np.array([24, 26, 34, 16, 15, 15, 8, 16, 18, 29, 0], float)
HITS = np.array([20, 22, 15, 10, 12, 14, 7, 14, 16, 25, 0], float)
MANY = settings(max_examples=40, deadline=None)
COUNTS = st.lists(
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=3,
    max_size=12,
)


def test_the_grid_is_weighed_by_the_beta_binomial():
    found = posterior(HITS, CASES)
    logs = sum(
        stats.betabinom.logpmf(y, n, found.a, found.b)
        for y, n in zip(HITS, CASES, strict=True)
        if n
    )
    correlation = 1 / (found.a + found.b + 1)
    steps = np.gradient(np.unique(correlation.round(9)))
    prior = dict(zip(np.unique(correlation.round(9)), steps, strict=True))
    logs += [np.log(prior[one] / (1 + (one / 0.1) ** 2)) for one in correlation.round(9)]
    weight = np.exp(logs - logs.max())
    np.testing.assert_allclose(found.weight, weight / weight.sum(), rtol=1e-6, atol=1e-12)
    by_hand = [(found.weight * stats.beta(found.a + y, found.b + n - y).mean()).sum()
               for y, n in zip(HITS, CASES, strict=True)]  # fmt: skip
    np.testing.assert_allclose(found.shrunk(HITS, CASES), by_hand)


def test_draws_are_of_the_posterior():
    found, drawn = posterior(HITS, CASES), rates(HITS, CASES, 7)
    cells = np.random.default_rng(1).choice(len(found.weight), 40_000, p=found.weight)
    other = np.random.default_rng(2).beta(
        found.a[cells] + HITS[:, None], found.b[cells] + (CASES - HITS)[:, None]
    )
    for share in (0.05, 0.5, 0.95):
        apart = np.quantile(drawn, share, axis=1) - np.quantile(other, share, axis=1)
        assert abs(apart).max() < 0.02
    np.testing.assert_allclose(drawn.mean(1), found.shrunk(HITS, CASES), atol=0.004)


def test_the_same_seed_gives_the_same_draws_for_ever():
    drawn = rates(HITS, CASES, 20261031)
    assert (drawn == rates(HITS, CASES, 20261031)).all()
    assert (drawn != rates(HITS, CASES, 20261032)).any()
    # Written down once: a new numpy or scipy must not move what was frozen.
    np.testing.assert_allclose(drawn[[0, 2, 10], :2].ravel(), FROZEN, rtol=1e-6)


FROZEN = [
    0.8423313452398055, 0.727287157289209, 0.4591166837014224, 0.39412500069170525,
    0.4935116952868161, 0.9629091175581086,
]  # fmt: skip


@MANY
@given(COUNTS, st.integers(0, 5))
def test_ranks_are_those_of_scipy(pairs, seed):
    hits, cases = np.array(pairs, float).T
    totals = points(rates(hits, cases, seed, 200), 0.2, 0.8)  # held at both ends: with ties
    found = league_of(totals)
    ranks = stats.rankdata(-totals, axis=0)
    np.testing.assert_allclose(found.mean_rank, ranks.mean(1))
    every = range(1, len(ranks) + 1)
    for own, low, high in zip(ranks, found.low, found.high, strict=True):
        held = {(a, b): ((a <= own) & (own <= b)).mean() for a in every for b in every if a <= b}
        enough = [run for run, share in held.items() if share >= HELD]
        fewest = min(b - a for a, b in enough)
        assert high - low == fewest and held[low, high] >= HELD >= LEVEL
        assert held[low, high] == max(held[a, b] for a, b in enough if b - a == fewest)
    np.testing.assert_array_equal(found.bottom, (ranks == len(ranks)).mean(1))
    pairs_apart = sum(
        max((totals[i] > totals[j]).mean(), (totals[j] > totals[i]).mean()) >= 0.9
        for i in range(len(totals))
        for j in range(i)
    )
    assert found.apart == pairs_apart
    assert found.pairs == len(totals) * (len(totals) - 1) / 2


@MANY
@given(COUNTS, st.floats(0.05, 0.95))
def test_funnel_limits_are_exact(pairs, centre):
    cases = np.maximum([n for _, n in pairs], 1).astype(float)
    found = funnel(np.round(cases * centre), cases, 1)
    plain = Funnel(centre, 0.0, found.judged, found.outside)
    for share in (INNER, OUTER):
        for n, below, above in zip(cases.astype(int), *plain.limits(cases, share), strict=True):
            k = np.arange(n + 1)
            upto, from_on = stats.binom.cdf(k, n, centre), stats.binom.sf(k - 1, n, centre)
            tail = (1 - share) / 2
            for outside, rare in ((k / n < below, upto), (k / n > above, from_on)):
                sure = abs(rare - tail) > 1e-9  # at the very edge the last bit decides
                np.testing.assert_array_equal(outside[sure], (rare < tail)[sure])


def test_a_funnel_names_the_outlier_and_not_the_small():
    cases = np.array([40] * 10 + [40, 6], float)
    hits = np.array([34, 35, 33, 36, 34, 32, 35, 34, 33, 36, 14, 2], float)
    found = funnel(hits, cases, 10)
    assert np.flatnonzero(found.outside).tolist() == [10] and found.outside[10] == -1
    assert not found.judged[11]
    # Full marks in a saturated metric are no news.
    assert not funnel(
        np.array([20.0, 19, 20, 20, 12]), np.array([20.0, 20, 20, 20, 12]), 10
    ).outside.any()


def test_units_that_scatter_more_than_chance_widen_the_limits():
    rng = np.random.default_rng(3)
    true = rng.beta(8, 2, 60)
    cases = np.full(60, 400.0)
    found = funnel(rng.binomial(400, true).astype(float), cases, 10)
    assert found.scatter > 0.05 and abs(found.outside).mean() < 0.05
    chance = funnel(rng.binomial(400, 0.8, 60).astype(float), cases, 10)
    assert chance.scatter < 0.01


@MANY
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_discoveries_are_those_of_benjamini_and_hochberg(p):
    p = np.array(p)
    np.testing.assert_array_equal(
        named(p, np.ones(len(p), bool)), stats.false_discovery_control(p, method="bh") <= 0.1
    )
    padded = np.append(p, [1.0] * 5)  # what cannot be judged does not count in the division
    able = np.arange(len(padded)) < len(p)
    np.testing.assert_array_equal(named(padded, able)[: len(p)], named(p, able[: len(p)]))


@MANY
@given(COUNTS, st.integers(0, 11))
def test_a_hit_more_never_makes_a_unit_worse(pairs, at):
    hits, cases = np.array(pairs, float).T
    at %= len(hits)
    if hits[at] < cases[at]:
        better = hits.copy()
        better[at] += 1
        assert (
            posterior(better, cases).shrunk(better, cases)[at]
            >= posterior(hits, cases).shrunk(hits, cases)[at]
        )


def test_no_cases_are_average_and_wide():
    drawn = rates(HITS, CASES, 1)
    means = drawn.mean(1)
    assert abs(means[10] - posterior(HITS, CASES).mean) < 0.01
    assert drawn[10].std() >= drawn[:10].std(axis=1).max()


@pytest.fixture(scope="module")
def scores():
    rng = np.random.default_rng(5)
    every = [rng.beta(8, 3, (11, 2_000)) * 100 for _ in range(8)]
    return np.stack(every)


def test_weights_count_by_their_share(scores):
    weights = np.array([10.0, 20, 5, 15, 10, 20, 10, 10])
    one, other = league(scores, weights), league(scores, weights * 1.2)
    np.testing.assert_array_equal(one.low, other.low)
    np.testing.assert_allclose(one.mean_rank, other.mean_rank)
    alone = league(scores, np.eye(8)[3])
    np.testing.assert_allclose(alone.points, scores[3].mean(1))
    assert league(scores, np.zeros(8)) is None


def test_a_change_of_weights_takes_less_than_twenty_milliseconds(scores):
    taken = []
    for weight in range(9):
        start = time.perf_counter()
        league(scores, np.array([weight, 1.0, 2, 3, 4, 5, 6, 7]))
        taken.append(time.perf_counter() - start)
    assert sorted(taken)[4] < 0.020


def test_influence_is_what_the_weights_do(scores):
    flat = scores.copy()
    flat[0] = 80.0
    shares = influence(flat, np.ones(8))
    assert shares[0] == pytest.approx(0) and shares.sum() == pytest.approx(1)
    wide = scores.copy()
    wide[1] = np.linspace(0, 100, 11)[:, None]
    assert influence(wide, np.ones(8)).argmax() == 1


def test_what_moved_adds_up(scores):
    before, now = scores[0], scores[0].copy()
    now[4] += 30
    own, others = moved(before, now)
    change = stats.rankdata(-now, axis=0).mean(1) - stats.rankdata(-before, axis=0).mean(1)
    np.testing.assert_allclose(own + others, change)
    assert own[4] < -1 and abs(others[4]) < 1e-9
    np.testing.assert_allclose(np.delete(own, 4), 0, atol=1e-9)


def test_nothing_is_reliable_where_all_are_alike():
    alike = np.full(11, 30.0)
    assert reliability(alike * 0.8, alike) < 0.35
    far = np.where(np.arange(11) < 5, 29.0, 8.0)
    assert reliability(far, alike) > 0.8
    assert not window(np.array([4.0, 9.0]), np.array([9.0, 10.0])).able[0]


def test_intervals_hold_nine_in_ten():
    """A few rounds of benchmarks/ranking.py, which has the whole of it."""
    rng = np.random.default_rng(11)
    inside, claims, false = [], 0, 0
    cases = np.where(CASES > 0, CASES, 12)
    for turn in range(8):
        true = rng.beta(16, 4, (3, 11))
        drawn = sum(
            rates(rng.binomial(cases.astype(int), own).astype(float), cases, turn * 9 + k, 400)
            for k, own in enumerate(true)
        )
        ranks = stats.rankdata(-true.sum(0))
        found = league_of(drawn)
        inside += list((found.low <= ranks) & (ranks <= found.high))
        says = found.first >= 0.8
        claims, false = claims + says.sum(), false + (says & (ranks > 3)).sum()
    assert np.mean(inside) > 0.82
    assert false <= 3
