"""From points to ranks: in which ranks each unit may lie, and what decides them.

Ranks are taken in every draw, so a unit's interval holds its true rank nine times in ten (each
by itself, not all together); a change of weights only adds up the same draws anew.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chunshui.ranking.posterior import Array

LEVEL = 0.90  # of what is promised: intervals, and pairs told apart
# What an interval of ranks holds of the draws, so that it keeps what is promised also where rates go with
# size, which the model does not know of (benchmarks/ranking.py).
HELD = 0.91
# How likely a unit must be in the first or last quarter to be said to be there: so that at most 15 % of
# what is said is false also where quality goes with size, which the model does not know of
# (benchmarks/ranking.py).
SURE = 0.90
CERTAIN = 0.95  # how likely the first or the last place itself is to be told as certain
FIRST, LAST, AMONG = "前列", "靠后", "名次未定"
CERTAIN_LAST, CERTAIN_FIRST = "末位确定", "首位确定"
# In which order the units are told that are said to be there, and which way each stands out.
WAYS = {CERTAIN_FIRST: 1, FIRST: 1, AMONG: 0, LAST: -1, CERTAIN_LAST: -1}


@dataclass(frozen=True)
class League:
    """Of each unit: points (mean), mean rank, the ranks between which it lies, and what is said.

    The ranks from `low` to `high` are the fewest that hold `HELD` of the draws: ranks are whole numbers, and
    cutting off a twentieth at either end would hold more than is promised (19 in 20) and tell less. `first` and `last`
    are how likely it is in the first and last quarter, `top` and `bottom` in the very first and last place; `apart` of `pairs` pairs
    of units can be told apart (nine times in ten the same one is better). `totals` are the draws
    (units, draws).
    """

    points: Array
    mean_rank: Array
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    first: Array
    last: Array
    top: Array
    bottom: Array
    apart: int
    pairs: int
    totals: Array

    @property
    def verdicts(self) -> list[str]:
        """What may be said of each unit's place."""
        if len(self.points) < 2:
            return [AMONG] * len(self.points)
        ways = (
            (CERTAIN_LAST, self.bottom >= CERTAIN),
            (CERTAIN_FIRST, self.top >= CERTAIN),
            (FIRST, self.first >= SURE),
            (LAST, self.last >= SURE),
        )
        return [
            next((word for word, holds in ways if holds[at]), AMONG)
            for at in range(len(self.points))
        ]

    @property
    def is_ranked(self) -> bool:
        """Whether any unit stands out; else all differences are within chance."""
        return any(word != AMONG for word in self.verdicts)

    @property
    def order(self) -> list[int]:
        """The units by what is said of them, those of whom the same is said as they are registered.

        An order by mean ranks would be read as the ranking that the intervals say there is not.
        """
        said, groups = self.verdicts, list(WAYS)
        return sorted(range(len(said)), key=lambda at: groups.index(said[at]))


def points(values: Array, floor: float, target: float) -> Array:
    """Return 0 at the declared floor, 100 at the target, straight between, held at both ends."""
    return np.clip((values - floor) / (target - floor) * 100, 0, 100)


def league(scores: Array, weights: Array) -> League | None:
    """Return the places by weighted points, `scores` (metrics, units, draws); None if all weigh 0.

    Weights that do not add up to 100 are divided by their sum.
    """
    if not weights.sum() > 0:
        return None
    totals = np.tensordot(weights / weights.sum(), scores, 1)
    return league_of(totals)


def league_of(totals: Array) -> League:
    """Return the places by totals (units, draws)."""
    units = len(totals)
    ranks = ranks_of(totals)
    low, high = _fewest_ranks(ranks)
    quarter = max(1, round(units / 4))
    better = np.array([(one[None] > totals).mean(1) for one in totals])
    upper = np.triu_indices(units, 1)
    told = (better[upper] >= LEVEL) | (better.T[upper] >= LEVEL)
    return League(
        points=totals.mean(1),
        mean_rank=ranks.mean(1),
        low=low,
        high=high,
        first=(ranks <= quarter).mean(1),
        last=(ranks > units - quarter).mean(1),
        top=(ranks <= 1).mean(1),
        bottom=(ranks >= units).mean(1),
        apart=int(told.sum()),
        pairs=len(upper[0]),
        totals=totals,
    )


def _fewest_ranks(ranks: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return of each unit (units, draws) the shortest run of ranks that holds enough draws: of equals the fullest."""
    units, draws = ranks.shape
    every = np.arange(1, units + 1)
    before = (ranks[:, None] < every[:, None]).sum(2)[:, :, None]  # the first of a run
    behind = (ranks[:, None] > every[:, None]).sum(2)[:, None, :]  # the last
    held, length = draws - before - behind, every[None, :] - every[:, None]
    short = np.where(held >= draws * HELD, length * (draws + 1) - held, units * (draws + 1))
    found = short.reshape(units, -1).argmin(1)
    return every[found // units], every[found % units]


def ranks_of(totals: Array) -> Array:
    """Return the rank of every unit in every draw, 1 the best; equals share the middle of theirs."""
    return np.array([_rank_among(one, totals) - 0.5 for one in totals])  # nobody ties with itself


def _rank_among(one: Array, others: Array) -> Array:
    rank: Array = 1 + (others > one).sum(0) + 0.5 * (others == one).sum(0)
    return rank


def influence(scores: Array, weights: Array) -> Array:
    """Return which share of the differences between the units' totals each metric makes (sum 1).

    Its weighted points' covariance with the total over the units (means of the draws): equal weights
    are not equal influence, for a metric in which all are alike moves nobody. Below 0 where it runs
    against the others; all 0 where nobody differs.
    """
    parts = scores.mean(2) * (weights / max(weights.sum(), 1e-12))[:, None]
    parts = parts - parts.mean(1, keepdims=True)
    total = parts.sum(0)
    whole = float((total**2).sum())
    shares: Array = parts @ total / whole if whole > 0 else np.zeros(len(parts))
    return shares


def moved(before: Array, now: Array) -> tuple[Array, Array]:
    """Return how the mean rank of each unit moved by its own points, and by those of the others.

    `before` and `now` are totals (units, draws). Both add up to the change of the mean rank; below
    0 is forward.
    """
    was, end = ranks_of(before).mean(1), ranks_of(now).mean(1)
    alone = np.array(
        [_rank_among(now[unit], np.delete(before, unit, axis=0)).mean() for unit in range(len(now))]
    )
    return alone - was, end - alone
