"""Weighted quantiles, for a choice of streets that no stored value answers.

The stored ones are computed by the same rule in queries/catalogue/quantile_members.sql; a test
holds the two equal.
"""

import numpy as np


def weighted(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    """Return the smallest value at which the summed weight reaches `share` of the whole.

    Always one of the values given, never something between two of them; NaN without weight.
    """
    values, weights = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    keep = weights > 0
    values, weights = values[keep], weights[keep]
    if values.size == 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    # A hair below, so that 0.1 + 0.2 still reaches three tenths.
    where = np.searchsorted(reached, share * reached[-1] * (1 - 1e-12))
    return float(values[order][where])
