"""Who truly progressed: changes larger than chance in both windows explains, false ones held to one in ten.

The largest change is mostly the worst start that came back: where nobody moves, seven of ten such
winners began in the lowest quarter. What is only a bad start is within the first window's chance,
and so is not named. All comparisons of the page are held together (Benjamini and Hochberg 1995).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from chunshui.ranking.posterior import Array

FALSE = 0.10  # of those named, the share named falsely
FEWEST = 10  # cases in each window


@dataclass(frozen=True)
class Window:
    """Rates of units in one window, their sampling variance, and whether they had cases enough."""

    rate: Array
    variance: Array
    able: NDArray[np.bool_]


def window(hits: Array, cases: Array, fewest: int = FEWEST) -> Window:
    """Return the rates of a window; the variance of few cases leans on the rate of all (four cases)."""
    pool = (hits.sum() + 0.5) / (cases.sum() + 1)
    n = np.maximum(cases, 1)
    leant = (hits + 4 * pool) / (cases + 4)
    rate = np.where(cases > 0, hits / n, pool)
    return Window(rate, leant * (1 - leant) / n, cases >= max(fewest, FEWEST))


def chances(before: Window, now: Window, better: int) -> Array:
    """Return how likely so large a change for the better is by chance; 1 where it is not judged.

    The change is that beyond the median of those judged; `better` is 1 where more is better, else -1.
    """
    able = before.able & now.able
    if not able.any():
        return np.ones(len(able))
    change = better * (now.rate - before.rate)
    change = change - np.median(change[able])
    p: Array = np.where(able, ndtr(-change / np.sqrt(before.variance + now.variance)), 1.0)
    return p


def named(p: Array, able: NDArray[np.bool_], false: float = FALSE) -> NDArray[np.bool_]:
    """Return which of several comparisons stand, the falsely named among them held to `false`.

    What cannot be judged does not count in the division.
    """
    found = np.zeros(p.shape, bool)
    order = np.flatnonzero(able.ravel())
    order = order[np.argsort(p.ravel()[order], kind="stable")]
    holds = np.flatnonzero(
        p.ravel()[order] <= false * np.arange(1, len(order) + 1) / max(len(order), 1)
    )
    if len(holds):
        found.ravel()[order[: holds[-1] + 1]] = True
    return found
