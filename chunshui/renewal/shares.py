"""Shares of a few communities: an interval instead of a bare percentage.

A share of items, cases or residents in some communities is not that many independent draws: what
lies in one community is alike. So the communities are the draws, and the interval is that of a
ratio of sums over them, with Student's t for their small number.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from chunshui.catalogue.figure import ratio, wilson

LEVEL = 0.975  # both tails together leave 5 %


@dataclass(frozen=True)
class Share:
    """A ratio of sums over communities, with its 95 % interval; all as fractions of one.

    `spread` is the standard error; `places` how many communities it rests on.
    """

    value: float
    low: float
    high: float
    spread: float
    places: int


def share(numerators: np.ndarray, denominators: np.ndarray) -> Share | None:
    """Return the share with its interval; None with fewer than two communities.

    Where all communities have the same share the spread says nothing; Wilson's interval for
    that many draws stands in.
    """
    whole, places = float(np.sum(denominators)), len(denominators)
    if places < 2 or whole <= 0:
        return None
    value = float(ratio(np.sum(numerators), whole))
    residuals = np.asarray(numerators, float) - value * np.asarray(denominators, float)
    spread = math.sqrt(places / (places - 1) * float(residuals @ residuals)) / whole
    t = float(stdtrit(places - 1, LEVEL))
    if spread < 1e-12:
        low, high = wilson(value, places)
        return Share(value, low, high, (high - low) / (2 * t), places)
    return Share(value, max(0.0, value - t * spread), min(1.0, value + t * spread), spread, places)


def difference(a: Share, b: Share) -> tuple[float, float]:
    """Return the 95 % interval of the difference a - b; t by the fewer communities."""
    t = float(stdtrit(min(a.places, b.places) - 1, LEVEL))
    half = t * math.hypot(a.spread, b.spread)
    return a.value - b.value - half, a.value - b.value + half
