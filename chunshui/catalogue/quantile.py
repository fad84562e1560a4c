"""Weighted quantiles, for metrics whose figure is a middle or a tail and not a sum."""

import numpy as np
import pandas as pd


def weighted(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    """Return the smallest value at which the summed weight reaches `share` of the whole.

    Always one of the values given, never something between two of them; NaN without weight.
    """
    keep = np.asarray(weights, dtype=float) > 0
    values, weights = np.asarray(values, dtype=float)[keep], np.asarray(weights, float)[keep]
    if values.size == 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    # A hair below, so that 0.1 + 0.2 still reaches three tenths.
    where = np.searchsorted(reached, share * reached[-1] * (1 - 1e-12))
    return float(values[order][where])


def by_place(members: pd.DataFrame, share: float) -> pd.DataFrame:
    """Return one row for the district, one per street and one per community of the members.

    Columns street_code, community_code, numerator (the quantile), denominator (the whole
    weight), members. The district's row has neither code, a street's row has no community:
    quantiles do not add up, so each level is stored by itself.
    """
    rows = [_row(members, share, None, None)] if len(members) else []
    for street, inside in members.groupby("street_code"):
        rows.append(_row(inside, share, street, None))
        for community, within in inside.groupby("community_code"):
            rows.append(_row(within, share, street, community))
    names = ["street_code", "community_code", "numerator", "denominator", "members"]
    found = pd.DataFrame(rows, columns=names)
    return found[found["denominator"] > 0]


def _row(members: pd.DataFrame, share: float, street, community) -> tuple:
    weights = members["denominator"].to_numpy(float)
    value = weighted(members["numerator"].to_numpy(float), weights, share)
    return street, community, value, float(weights.sum()), int((weights > 0).sum())
