from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from chunshui.circles import siting
from chunshui.errors import ChunshuiError


def cover_of(sets, buildings):
    dense = np.zeros((len(sets), buildings))
    for candidate, covered in enumerate(sets):
        dense[candidate, list(covered)] = 1
    return sparse.csr_array(dense)


def value(sets, weight, chosen):
    covered = set().union(*(sets[c] for c in chosen)) if len(chosen) else set()
    return sum(weight[b] for b in covered)


def brute(sets, weight, k):
    return max(value(sets, weight, some) for some in combinations(range(len(sets)), k))


problem = st.integers(1, 14).flatmap(
    lambda buildings: st.tuples(
        st.lists(st.sets(st.integers(0, buildings - 1)), min_size=1, max_size=9),
        st.lists(st.integers(0, 40), min_size=buildings, max_size=buildings),
        st.integers(1, 9),
        st.sampled_from([1.0, 0.1]),
    )
)


@settings(max_examples=120, deadline=None)
@given(problem)
def test_the_proven_answer_is_the_best_of_all(case):
    sets, people, k, unit = case
    weight = np.array(people) * unit
    best = brute(sets, weight, min(k, len(sets)))
    cover = cover_of(sets, len(weight))
    exact, quick = siting.exact(cover, weight, k), siting.greedy(cover, weight, k)
    assert exact.proven and exact.bound == exact.covered
    assert exact.covered == pytest.approx(best)
    assert value(sets, weight, exact.chosen) == pytest.approx(best)
    assert quick.covered == pytest.approx(value(sets, weight, quick.chosen))
    assert quick.bound >= best * (1 - 1e-9)
    assert quick.covered >= (1 - 1 / np.e) * best - 1e-9
    if quick.proven:
        assert quick.covered == pytest.approx(best)
    for sites in (exact, quick):
        assert len(sites.chosen) == len(set(sites.chosen.tolist())) <= k
        assert sites.gain.sum() == pytest.approx(sites.covered)
        assert (np.diff(sites.gain) <= 1e-9).all()


def city(seed, candidates=60, buildings=500, radius=0.13):
    rng = np.random.default_rng(seed)
    away = np.linalg.norm(rng.random((candidates, 1, 2)) - rng.random((1, buildings, 2)), axis=2)
    return sparse.csr_array((away <= radius).astype(float)), rng.integers(1, 100, buildings)


@pytest.mark.parametrize("seed", range(3))
def test_reducing_keeps_the_best_value(seed):
    cover, weight = city(seed)
    small, people, kept = siting.reduce(cover, weight)
    assert small.shape[1] < cover.shape[1] and len(kept) == small.shape[0]
    assert siting.exact(small, people, 6).covered == siting.exact(cover, weight, 6).covered
    coverable = weight[np.diff(cover.tocsc().indptr) > 0].sum()
    assert people.sum() == coverable


def test_greedy_is_mended_where_it_errs():
    # Greedy takes the middle one; the two outer ones cover everything.
    sets = [{0, 1, 2}, {3, 4, 5}, {1, 2, 3, 4}]
    cover, weight = cover_of(sets, 6), np.ones(6)
    quick, exact = siting.greedy(cover, weight, 2), siting.exact(cover, weight, 2)
    assert (quick.covered, quick.proven) == (5, False)
    assert (exact.covered, exact.proven) == (6, True)
    assert sorted(exact.chosen) == [0, 1]


def test_the_proof_needs_time_and_says_when_it_had_none():
    cover, weight = city(5, candidates=400, buildings=4000, radius=0.05)
    hurried = siting.exact(cover, weight, 25, seconds=0.0)
    assert hurried.covered >= siting.greedy(cover, weight, 25).covered
    assert hurried.bound >= hurried.covered
    assert not hurried.proven and "未能证明最优" in hurried.note


@pytest.mark.parametrize("answer", [siting.greedy, siting.exact])
def test_odd_questions_are_answered_in_words(answer):
    cover, weight = cover_of([{0}, {0, 1}, set()], 3), np.array([5.0, 2.0, 9.0])
    many = answer(cover, weight, 8)
    assert many.covered == 7 and many.proven
    assert "只有3个候选点" in many.note
    enough = answer(cover, weight, 3)
    assert enough.chosen.tolist() == [1] and enough.note == "其余候选点不再增加覆盖。"
    nothing = answer(cover, np.zeros(3), 2)
    assert len(nothing.chosen) == 0 and nothing.proven and "没有一个候选点" in nothing.note
    with pytest.raises(ChunshuiError, match="至少为1"):
        answer(cover, weight, 0)
    with pytest.raises(ChunshuiError, match="没有候选点"):
        answer(cover[:0], weight, 1)
    with pytest.raises(ChunshuiError, match="人数"):
        answer(cover, [1, -1, 0], 1)


REACH = pd.DataFrame(
    {
        "building": [0, 0, 1, 1, 2, 3, 3, 4],
        "station": [0, 1, 0, 1, 1, 2, 3, 3],
        "metres": [100, 200, 300, 600, 400, 200, 300, 900.0],
    }
)


def test_cover_is_reach_within_the_walk():
    cover = siting.cover(REACH, 4, 5, 500).toarray()
    assert cover.tolist() == [
        [1, 1, 0, 0, 0], [1, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 1, 0]
    ]  # fmt: skip
