"""How long items wait, with those still waiting counted in: Kaplan and Meier's estimate.

Asking only those that have left flatters: what lies longest has not left. Each wait is known up to
the day asked, and an open one is known to be longer than that (censored). The mean is restricted to
a horizon, because beyond the longest wait seen nothing is known (Royston and Parmar 2013; recalled,
not read). Written here and not taken from `scipy.stats.ecdf`, which it agrees with in the tests,
because that takes half a second to import and has no restricted mean.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

HORIZON_DAYS = 60


@dataclass(frozen=True)
class Waiting:
    """Waits in days: how many, how many of them still open, quantiles and the restricted mean.

    `median` and `p90` are None where so many have not left that they are not reached: then they
    are known to be more than `longest`. `error` is the standard error of `mean`.
    """

    visits: int
    still: int
    median: float | None
    p90: float | None
    longest: float
    mean: float
    error: float


def waiting(days: ArrayLike, has_left: ArrayLike, horizon: int = HORIZON_DAYS) -> Waiting | None:
    """Return what is known of waits of whole `days` (n,), of which `has_left` (n,) have ended; None of none."""
    lengths, ended = np.asarray(days, dtype=int), np.asarray(has_left, dtype=bool)
    if not len(lengths):
        return None
    longest = int(lengths.max())
    size = max(longest + 1, horizon)
    there, leaving = (
        np.bincount(lengths, minlength=size),
        np.bincount(lengths[ended], minlength=size),
    )
    at_risk = len(lengths) - there.cumsum() + there  # on each day; after the longest none
    staying = np.cumprod(1 - leaving / np.maximum(at_risk, 1))
    mean, error = _restricted(leaving[:horizon], at_risk[:horizon], staying[:horizon])
    return Waiting(
        visits=len(lengths),
        still=int((~ended).sum()),
        median=_quantile(staying, 0.5),
        p90=_quantile(staying, 0.9),
        longest=float(longest),
        mean=mean,
        error=error,
    )


def _quantile(staying: NDArray, share: float) -> float | None:
    """Return the first day by which a share has left; None where it is not reached."""
    reached = staying <= 1 - share + 1e-12
    return float(reached.argmax()) if reached.any() else None


def _restricted(leaving: NDArray, at_risk: NDArray, staying: NDArray) -> tuple[float, float]:
    """Return the area under the curve, day by day, and its standard error (Greenwood)."""
    beyond = staying[::-1].cumsum()[::-1]  # what lies from each day on
    some = at_risk > leaving
    parts = leaving[some] / (at_risk[some] * (at_risk[some] - leaving[some]))
    return float(staying.sum()), float(np.sqrt((beyond[some] ** 2 * parts).sum()))
