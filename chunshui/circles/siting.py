"""Where next: maximal covering.

The question "which k of these premises bring most people within the walk" is answered twice: at
once by a greedy choice, and then with proof. The proof is quick because demand points that the
same candidates cover are joined, candidates that another one outdoes are dropped, and the bound of
the relaxed problem, whose own answer is rounded and bettered by exchanges, rules out most of what
is left before HiGHS searches the rest.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from chunshui.errors import ChunshuiError

SECONDS = 60.0
# Two totals of people closer than this share of either are one total with rounding in it; a
# solver's bound is only that exact.
_SAME, _SOLVED = 1e-9, 1e-7


@dataclass(frozen=True, eq=False)
class Sites:
    """Chosen sites, the most useful first.

    Attributes:
        chosen: Positions of the candidates, in the order of their gain.
        gain: Weight each adds to what the ones before it cover.
        covered: Weight covered by all of them together.
        bound: No choice of as many sites covers more than this.
        proven: Whether `covered` is proven to be the most possible.
        seconds: Time taken.
        note: What the reader must know, in Chinese; empty when nothing.
    """

    chosen: np.ndarray
    gain: np.ndarray
    covered: float
    bound: float
    proven: bool
    seconds: float
    note: str


def cover(reach: pd.DataFrame, candidates: int, buildings: int, limit_m: float) -> sparse.csr_array:
    """Which candidate covers which building within `limit_m`.

    Args:
        reach: Pairs from the candidates' doors, as `reach.reach` returns them.
        candidates: How many candidates there are.
        buildings: How many buildings there are.
        limit_m: The distance that counts as covered.

    Returns:
        Ones at (candidate, building), shape (candidates, buildings).
    """
    within = reach["metres"].to_numpy() <= limit_m
    at = (reach["station"].to_numpy()[within], reach["building"].to_numpy()[within])
    ones = np.ones(int(within.sum()))
    return sparse.csr_array(sparse.coo_array((ones, at), shape=(candidates, buildings)))


def greedy(cover: sparse.csr_array, weight: ArrayLike, k: int) -> Sites:
    """Choose k sites one by one, each time the one that adds most; milliseconds.

    Never worse than 63 % of the best; in practice within a percent or two.

    Args:
        cover: Which candidate covers which building, as `cover` returns it.
        weight: People in each building who are not covered yet (0 for those who are).
        k: How many sites.
    """
    begun = time.perf_counter()
    cover, weight, k, note = _checked(cover, weight, k)
    chosen, gain = _greedy(cover, weight, k)
    most = np.sort(cover @ weight)[::-1][: len(chosen)].sum()
    covered = float(sum(gain))
    bound = float(min(most, weight[np.diff(cover.tocsc().indptr) > 0].sum()))
    # One choice, or nothing left to gain, cannot be bettered.
    proven = k == 1 or len(chosen) < k or bound <= covered * (1 + _SAME)
    return Sites(
        np.array(chosen, dtype=int),
        np.array(gain),
        covered,
        covered if proven else bound,
        proven,
        time.perf_counter() - begun,
        note or _fewer(len(chosen), k),
    )


def exact(cover: sparse.csr_array, weight: ArrayLike, k: int, *, seconds: float = SECONDS) -> Sites:
    """Choose the k sites that cover the most people, with proof, or the best found in `seconds`.

    Args:
        cover: Which candidate covers which building, as `cover` returns it.
        weight: People in each building who are not covered yet (0 for those who are).
        k: How many sites.
        seconds: When to give up proving; the result then says how far it may be off.
    """
    begun = time.perf_counter()
    cover, weight, k, note = _checked(cover, weight, k)
    joined, people, kept = reduce(cover, weight)
    first, _ = _greedy(joined, people, k)
    best = _swap(joined, people, first)
    bound = float(people.sum())
    # When greedy stops early nothing is left to gain, and its first choice alone is the best one.
    proven = len(first) < k or k == 1
    if not proven:
        best, bound, proven = _prove(joined, people, k, best, bound, begun + seconds)
    value = _value(joined, people, best)
    # Told in the order of gain, counted on the demand as given.
    order, gain = _greedy(joined[best], people, len(best))
    chosen = kept[np.asarray(best, dtype=int)[order]]
    if not proven:
        off = (bound - value) / bound
        note += f"在{seconds:,.0f}秒内未能证明最优，离上界最多差{off:.2%}。"
    return Sites(
        chosen,
        np.array(gain),
        value,
        value if proven else bound,
        proven,
        time.perf_counter() - begun,
        note or _fewer(len(chosen), k),
    )


def reduce(
    cover: sparse.csr_array, weight: ArrayLike
) -> tuple[sparse.csr_array, np.ndarray, np.ndarray]:
    """Make the problem small without changing its best value.

    Buildings without weight and those that nobody covers are dropped, buildings that the same
    candidates cover are joined, candidates that cover no more than another one are dropped.

    Returns:
        The smaller cover, the joined weights, and the positions of the candidates kept.
    """
    weight = np.asarray(weight, dtype=float)
    joined, people = _join(cover, weight)
    shared = sparse.coo_array(joined @ joined.T)
    size = np.diff(joined.indptr)
    (one, two), common = shared.coords, shared.data
    outdone = (common == size[one]) & ((size[two] > size[one]) | (two < one)) & (one != two)
    kept = np.ones(len(size), dtype=bool)
    kept[one[outdone]] = False
    kept &= size > 0
    joined, people = _join(joined[np.flatnonzero(kept)], people)
    return joined, people, np.flatnonzero(kept)


def _checked(
    cover: sparse.csr_array, weight: ArrayLike, k: int
) -> tuple[sparse.csr_array, np.ndarray, int, str]:
    weight = np.asarray(weight, dtype=float)
    cover = sparse.csr_array(cover)
    if k < 1:
        raise ChunshuiError("新增点数至少为1。")
    if cover.shape[0] == 0:
        raise ChunshuiError("没有候选点。请放宽候选点的条件。")
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise ChunshuiError("人数不能缺失，也不能为负。")
    note = ""
    if k > cover.shape[0]:
        note = f"只有{cover.shape[0]:,}个候选点，少于所要的{k:,}个。"
        k = cover.shape[0]
    return cover, weight, k, note


def _fewer(chosen: int, k: int) -> str:
    if chosen == 0:
        return "没有一个候选点能带来新增覆盖。"
    return "" if chosen == k else "其余候选点不再增加覆盖。"


def _prove(
    cover: sparse.csr_array,
    weight: np.ndarray,
    k: int,
    best: list[int],
    bound: float,
    deadline: float,
) -> tuple[list[int], float, bool]:
    """Better `best` until it meets the bound: relax, rule out, search what is left."""
    whole = bool((weight == np.round(weight)).all())
    value = _value(cover, weight, best)

    def met(limit: float) -> bool:
        # Whole numbers of people: no answer lies between the bound and the number below it.
        limit = np.floor(limit * (1 + _SOLVED)) if whole else limit * (1 - _SOLVED)
        return value >= limit * (1 - _SAME)

    relaxed = _relaxed(cover, weight, k, deadline - time.perf_counter())
    if relaxed is None:
        return best, bound, met(bound)
    bound, share, penalty = relaxed
    rounded = _swap(cover, weight, np.argsort(-share, kind="stable")[:k])
    if _value(cover, weight, rounded) > value:
        best, value = rounded, _value(cover, weight, rounded)
    if met(bound):
        return best, value, True
    # A candidate whose use costs more of the bound than the gap is in no better answer.
    free = np.flatnonzero(penalty <= (bound - value) + _SOLVED * bound)
    free = np.union1d(free, best)
    better, limit, done = _search(cover, weight, k, free, deadline - time.perf_counter())
    if better is not None and _value(cover, weight, better) > value:
        best, value = better.tolist(), _value(cover, weight, better)
    bound = max(min(bound, limit), value)
    return best, bound, done or met(bound)


def _value(cover: sparse.csr_array, weight: np.ndarray, chosen: ArrayLike) -> float:
    hit = np.zeros(cover.shape[1], dtype=bool)
    hit[cover[np.asarray(chosen, dtype=int)].indices] = True
    return float(weight[hit].sum())


def _greedy(cover: sparse.csr_array, weight: np.ndarray, k: int) -> tuple[list[int], list[float]]:
    left = weight.copy()
    chosen: list[int] = []
    gains: list[float] = []
    for _ in range(min(k, cover.shape[0])):
        gain = cover @ left
        best = int(np.argmax(gain))
        if gain[best] <= 0:
            break
        chosen.append(best)
        gains.append(float(gain[best]))
        left[cover.indices[cover.indptr[best] : cover.indptr[best + 1]]] = 0.0
    return chosen, gains


def _swap(cover: sparse.csr_array, weight: np.ndarray, chosen: Iterable[int]) -> list[int]:
    """Exchange one site at a time for a better one, until none is better."""
    sites = list(chosen)
    count = np.zeros(cover.shape[1], dtype=int)

    def covers(site: int) -> np.ndarray:
        return np.asarray(cover.indices[cover.indptr[site] : cover.indptr[site + 1]])

    for site in sites:
        count[covers(site)] += 1
    better = True
    while better:
        better = False
        for at, site in enumerate(sites):
            count[covers(site)] -= 1
            gain = cover @ np.where(count == 0, weight, 0.0)
            best = int(np.argmax(gain))
            if gain[best] > gain[site] * (1 + _SAME) + _SAME:
                sites[at], better = best, True
            count[covers(sites[at])] += 1
    return sites


def _join(cover: sparse.csr_array, weight: np.ndarray) -> tuple[sparse.csr_array, np.ndarray]:
    """Join buildings that the same candidates cover; drop those without weight or cover."""
    columns = sparse.csc_array(cover)
    columns.sort_indices()
    used = np.flatnonzero((np.diff(columns.indptr) > 0) & (weight > 0))
    raw, size = columns.indices.tobytes(), columns.indices.itemsize
    begin = (columns.indptr[used] * size).tolist()
    end = (columns.indptr[used + 1] * size).tolist()
    known: dict[bytes, int] = {}
    group = np.array(
        [known.setdefault(raw[a:b], len(known)) for a, b in zip(begin, end, strict=True)],
        dtype=int,
    )
    first = np.zeros(len(known), dtype=int)
    first[group[::-1]] = np.arange(len(used))[::-1]
    people = np.bincount(group, weight[used], minlength=len(known))
    return sparse.csr_array(columns[:, used[first]]), people


def _constraints(cover: sparse.csr_array, k: int) -> tuple[sparse.csc_array, np.ndarray]:
    """Rows: what is covered needs a chosen site that covers it; no more than k are chosen."""
    n, m = cover.shape
    needs = sparse.hstack([-cover.T, sparse.eye_array(m)])
    number = sparse.hstack([np.ones((1, n)), sparse.csr_array((1, m))])
    return sparse.csc_array(sparse.vstack([needs, number])), np.r_[np.zeros(m), float(k)]


def _relaxed(
    cover: sparse.csr_array, weight: np.ndarray, k: int, seconds: float
) -> tuple[float, np.ndarray, np.ndarray] | None:
    """Solve with fractions of sites allowed.

    Returns:
        The bound; how much of each candidate is chosen; and what the bound loses if it is. None
        when there was no time.
    """
    n = cover.shape[0]
    rows, top = _constraints(cover, k)
    answer = linprog(
        np.r_[np.zeros(n), -weight],
        A_ub=rows,
        b_ub=top,
        bounds=(0, 1),
        method="highs-ipm",
        options={"time_limit": max(seconds, 0.01)},
    )
    if answer.status != 0:
        return None
    cost = np.clip(answer.lower.marginals[:n], 0.0, None)
    return -float(answer.fun), answer.x[:n], cost


def _search(
    cover: sparse.csr_array, weight: np.ndarray, k: int, free: np.ndarray, seconds: float
) -> tuple[np.ndarray | None, float, bool]:
    """Branch and bound among the candidates in `free`: sites, bound, whether it came to an end."""
    small, people = _join(cover[free], weight)
    n = small.shape[0]
    rows, top = _constraints(small, k)
    answer = milp(
        np.r_[np.zeros(n), -people],
        integrality=np.r_[np.ones(n), np.zeros(len(people))],
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, -np.inf, top),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.0},
    )
    bound = np.inf if answer.mip_dual_bound is None else -float(answer.mip_dual_bound)
    sites = None if answer.x is None else free[answer.x[:n] > 0.5]
    return sites, bound, answer.status == 0
