"""Whether counts of a week differ from those of the week before by more than chance."""

from collections.abc import Sequence

import numpy as np
from scipy.special import bdtr

FEWEST = 10  # in both weeks together: of fewer none can stand out
FALSE_SHARE = 0.05  # of what is said to differ, at most so much does not


def chance(pair: tuple[int, int]) -> float | None:
    """Return how likely two counts are to differ so much by chance; None where they are too few to tell."""
    return min(1.0, 2 * bdtr(min(pair), sum(pair), 0.5)) if sum(pair) >= FEWEST else None


def beyond_chance(pairs: Sequence[tuple[int, int]]) -> list[bool]:
    """Return of each pair of counts (this week, the week before) whether it is more than chance.

    Of two Poisson counts with one rate the first is binomial in their sum with 1/2 (Przyborowski and
    Wilenski 1940): the exact two-sided test, the false discovery rate over all that can be judged held
    (Benjamini and Hochberg 1995). What cannot be judged has no part in the correction.
    """
    told = np.zeros(len(pairs), dtype=bool)
    known = {n: one for n, pair in enumerate(pairs) if (one := chance(pair)) is not None}
    judged, chances = np.array(list(known), dtype=int), np.array(list(known.values()))
    order = np.argsort(chances)
    bounds = FALSE_SHARE * np.arange(1, len(judged) + 1) / max(len(judged), 1)
    passing = np.flatnonzero(chances[order] <= bounds)
    if len(passing):
        told[judged[order[: passing[-1] + 1]]] = True
    return told.tolist()
