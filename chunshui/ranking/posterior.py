"""What is known of true rates from counts: a beta-binomial hierarchy, its parameters integrated.

Units of one level are taken as drawn from one spread of rates (Laird and Louis 1989; Lin, Louis,
Paddock and Ridgeway 2006). Mean and spread are not estimated and plugged in, which makes intervals
too narrow where units are few, but integrated over a grid.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, betaln

Array = NDArray[np.float64]
DRAWS = 2_000
# Share of the variance of single cases that lies between units; likelier small (half as likely at .1).
CORRELATIONS = np.array(
    [.0005, .001, .002, .004, .008, .015, .025, .04, .06, .09, .13, .18, .25, .35, .5]
)  # fmt: skip
HALF_AS_LIKELY = 0.10
MEANS = 31
RELIABLE = 0.5  # the least reliability with which a metric of cases is compared


@dataclass(frozen=True)
class Posterior:
    """The grid: shapes `a` and `b` of the units' beta spread in each cell, and its `weight`."""

    a: Array
    b: Array
    weight: Array

    @property
    def mean(self) -> float:
        """The mean rate of all units."""
        return float((self.weight * self.a / (self.a + self.b)).sum())

    @property
    def correlation(self) -> float:
        """The share of a case's variance that is its unit's."""
        return float((self.weight / (self.a + self.b + 1)).sum())

    def shrunk(self, hits: Array, cases: Array) -> Array:
        """Return the expected true rate of each unit; without cases that of all units."""
        a, b = self.a[:, None], self.b[:, None]
        found: Array = (self.weight[:, None] * (a + hits) / (a + b + cases)).sum(0)
        return found


def posterior(hits: Array, cases: Array) -> Posterior:
    """Return what `hits` of `cases` of some units, any of which may have none, say of their spread."""
    seen = cases > 0
    y, n = hits[seen], cases[seen]
    pool = (y.sum() + 0.5) / (n.sum() + 1)
    # Wide enough for what cases and so few units leave open of the mean, on the logit scale.
    error = np.sqrt(1 / (max(n.sum(), 1) * pool * (1 - pool)) + 0.75**2 / max(len(n), 1))
    means = 1 / (1 + np.exp(-(np.log(pool / (1 - pool)) + np.linspace(-3, 3, MEANS) * error)))
    mean, correlation = np.meshgrid(means, CORRELATIONS, indexing="ij")
    size = 1 / correlation - 1
    a, b = (mean * size).ravel(), ((1 - mean) * size).ravel()
    fits = (betaln(a[:, None] + y, b[:, None] + n - y) - betaln(a, b)[:, None]).sum(1)
    prior = np.log(np.gradient(CORRELATIONS) / (1 + (CORRELATIONS / HALF_AS_LIKELY) ** 2))
    likely = fits.reshape(mean.shape) + prior
    weight = np.exp(likely - likely.max()).ravel()
    return Posterior(a, b, weight / weight.sum())


def reliability(hits: Array, cases: Array) -> float:
    """Return which share of the differences between units' rates is theirs and not chance (0 to 1)."""
    between = posterior(hits, cases).correlation
    chance = (1 - between) * float(np.mean(1 / np.maximum(cases, 1)))
    return between / (between + chance)


def rates(hits: Array, cases: Array, seed: int, draws: int = DRAWS) -> Array:
    """Return (units, draws) of the true rates, the same for the same seed for ever.

    A cell of the grid is drawn for all units together, then a rate for each by the quantile of an
    evenly spread number (a Latin hypercube: a thousand behave like several). Numbers are made from
    the generator's own bits, whose sequence numpy promises to keep, unlike that of its distributions.
    """
    found = posterior(hits, cases)
    bits = np.random.PCG64(seed)
    cells = np.searchsorted(np.cumsum(found.weight), (np.arange(draws) + 0.5) / draws)
    cell = cells.clip(max=len(found.weight) - 1)[np.argsort(_uniform(bits, (draws,)))]
    strata = np.argsort(_uniform(bits, (len(hits), draws)), axis=1)
    even = (strata + _uniform(bits, (len(hits), draws))) / draws
    a, b = found.a[cell], found.b[cell]
    drawn: Array = betaincinv(a + hits[:, None], b + (cases - hits)[:, None], even)
    return drawn


def _uniform(bits: np.random.PCG64, shape: tuple[int, ...]) -> Array:
    raw = bits.random_raw(int(np.prod(shape)))
    return np.asarray((raw >> np.uint64(11)) * 2.0**-53, dtype=np.float64).reshape(shape)
