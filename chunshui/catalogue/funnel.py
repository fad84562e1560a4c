"""Which units differ from all together by more than chance: funnel limits.

Spiegelhalter 2005 (Statistics in Medicine 24:1185), exact binomial limits; where units scatter more
than chance alone would have it, the limits allow for that by an additive random effect (Spiegelhalter
2005, Quality and Safety in Health Care 14:347), measured so that outliers do not hide themselves.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, ndtri

from chunshui.catalogue.metric import Metric

Array = NDArray[np.float64]
INNER, OUTER = 0.95, 0.998  # shares of units inside, were there only chance
WINSORISED = 0.1


@dataclass(frozen=True)
class Funnel:
    """The rate of all (`centre`), the spread beyond chance (`scatter`, of arcsine square roots).

    `judged` are the units with enough cases, `outside` those of them beyond the outer limits: -1
    below, 1 above, else 0.
    """

    centre: float
    scatter: float
    judged: NDArray[np.bool_]
    outside: NDArray[np.int64]

    def limits(self, cases: Array, share: float = OUTER) -> tuple[Array, Array]:
        """Return the rates between which `share` of units with so many cases lie by chance."""
        tail = (1 - share) / 2
        low, high = _lowest(cases, self.centre, tail), 1 - _lowest(cases, 1 - self.centre, tail)
        if not self.scatter:
            return low, high
        half = -ndtri(tail) * np.hypot(_error(cases), self.scatter)
        middle = np.arcsin(np.sqrt(self.centre))
        wide = [np.sin(np.clip(middle + sign * half, 0, np.pi / 2)) ** 2 for sign in (-1, 1)]
        return np.minimum(low, wide[0]), np.maximum(high, wide[1])


def is_trials(hits: Array, cases: Array, counted: Array) -> bool:
    """Return whether each hit is one thing that was counted, and so a chance of its own: no days, no money."""
    return bool((hits == counted).all() and (hits <= cases).all() and cases.sum())


def beyond_chance(metric: Metric, hits: Array, cases: Array, counted: Array) -> Array:
    """Return of each unit -1 or 1 where it lies below or above all by more than chance, 0 where not.

    NaN where chance has no part or there are too few: what is so on one day is a fact, days and money are no trials.
    """
    told = np.full(len(cases), np.nan)
    known = ~np.isnan(hits) & ~np.isnan(cases)
    of_time = metric.kind == "ratio" and metric.window != "as-of"
    if of_time and is_trials(hits[known], cases[known], counted[known]):
        found = funnel(hits[known], cases[known], metric.fewest)
        if found:
            told[known] = np.where(found.judged, found.outside, np.nan)
    return told


def funnel(hits: Array, cases: Array, fewest: int) -> Funnel | None:
    """Return who differs; units with fewer than `fewest` cases are not judged. None without cases."""
    whole = cases.sum()
    if not whole:
        return None
    centre, judged = float(hits.sum() / whole), cases >= max(fewest, 1)
    scatter = _scatter(hits[judged], cases[judged], centre)
    found = Funnel(centre, scatter, judged, np.zeros(len(cases), int))
    low, high = found.limits(np.maximum(cases, 1))
    rate = hits / np.maximum(cases, 1)
    found.outside[judged] = ((rate > high).astype(int) - (rate < low).astype(int))[judged]
    return found


def _error(cases: Array) -> Array:
    error: Array = 0.5 / np.sqrt(cases + 0.5)
    return error


def _scatter(hits: Array, cases: Array, centre: float) -> float:
    """Return the standard deviation between units beyond chance; 0 where chance explains all."""
    if len(cases) < 3 or not 0 < centre < 1:
        return 0.0
    error = _error(cases)
    off = (np.arcsin(np.sqrt((hits + 0.375) / (cases + 0.75))) - np.arcsin(np.sqrt(centre))) / error
    off = np.clip(off, *np.quantile(off, [WINSORISED, 1 - WINSORISED]))
    weight, units = 1 / error**2, len(cases)
    excess = (off**2).sum() - (units - 1)
    return float(np.sqrt(max(excess / (weight.sum() - (weight**2).sum() / weight.sum()), 0)))


def _lowest(cases: Array, rate: float, tail: float) -> Array:
    """Return the rate below which so few hits lie that chance brings them in less than `tail`.

    Between the last count that is as rare and the first that is not, straight: exact for every count.
    """
    n = np.asarray(cases).astype(int)[:, None]
    counts = np.arange(n.max() + 1)[None, :]
    upto = np.where(counts <= n, bdtr(np.minimum(counts, n), n, rate), 1.0)
    first = (upto >= tail).argmax(axis=1)[:, None]
    at = np.take_along_axis(upto, first, 1)
    before = np.where(first > 0, np.take_along_axis(upto, np.maximum(first - 1, 0), 1), 0)
    share = (at - tail) / np.maximum(at - before, 1e-300)
    lowest: Array = np.maximum(first - share, 0)[:, 0] / n[:, 0]
    return lowest
