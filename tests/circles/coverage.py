"""Coverage counted from walking distances, as the catalogue's SQL is held against it.

Works on the pairs that `reach` returns, or on each building's metres to the nearest station. A
building beyond every station has infinite metres: it stays in the denominator and is not covered.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree


def nearest_of(reach: pd.DataFrame, buildings: int, chosen=None) -> np.ndarray:
    """Metres from each building to the nearest of the chosen stations.

    Args:
        reach: Pairs, as `reach.reach` returns them.
        buildings: How many buildings there are.
        chosen: Which stations count, boolean, shape (stations,); all when left out.

    Returns:
        Shape (buildings,); inf where none is in reach.
    """
    pairs = _chosen(reach, chosen)
    nearest = np.full(buildings, np.inf)
    np.minimum.at(nearest, pairs["building"].to_numpy(), pairs["metres"].to_numpy())
    return nearest


def stations_within(reach: pd.DataFrame, buildings: int, limit_m: float, chosen=None) -> np.ndarray:
    """How many of the chosen stations each building has within `limit_m`; two or more is a backup.

    Returns:
        Shape (buildings,), int64.
    """
    pairs = _chosen(reach, chosen)
    within = pairs["building"].to_numpy()[pairs["metres"].to_numpy() <= limit_m]
    return np.bincount(within, minlength=buildings)


def shares(nearest, weight, limits_m: Sequence[float], group=None) -> pd.DataFrame:
    """Share of people whose walk is within each distance, in all or by group.

    Args:
        nearest: Metres to the nearest station, shape (buildings,).
        weight: People (or households) in each building, shape (buildings,).
        limits_m: Distances in metres.
        group: Community, street … of each building, shape (buildings,).

    Returns:
        One row per group and distance: `group` (全部 without groups), `metres`, `numerator`
        (weight within), `denominator`, `share` (NaN where the denominator is 0).
    """
    nearest, weight = np.asarray(nearest, dtype=float), np.asarray(weight, dtype=float)
    group = np.full(len(nearest), "全部") if group is None else np.asarray(group, dtype=object)
    code, names = pd.factorize(group, sort=True)
    whole = np.bincount(code[code >= 0], weight[code >= 0], minlength=len(names))
    parts = []
    for limit in limits_m:
        within = (nearest <= limit) & (code >= 0)
        part = np.bincount(code[within], weight[within], minlength=len(names))
        share = np.divide(part, whole, out=np.full(len(names), np.nan), where=whole > 0)
        columns = {"numerator": part, "denominator": whole, "share": share}
        parts.append(pd.DataFrame({"group": names, "metres": float(limit), **columns}))
    return pd.concat(parts, ignore_index=True)


def quantile(nearest, weight, q: float) -> float:
    """Walk that the share `q` of people do not exceed: 0.5 the median, 0.9 P90.

    The least distance within which at least `q` of the weight lies; inf when more than 1 - q of
    it is beyond every station, NaN without any weight.
    """
    nearest, weight = np.asarray(nearest, dtype=float), np.asarray(weight, dtype=float)
    if not 0 < q <= 1:
        raise ValueError("q must be above 0 and at most 1")
    nearest, weight = nearest[weight > 0], weight[weight > 0]
    if len(weight) == 0:
        return float("nan")
    order = np.argsort(nearest, kind="stable")
    running = np.cumsum(weight[order])
    # Sums of weights carry rounding: 0.9 of the whole must not miss its own value by an ulp.
    enough = q * running[-1] * (1 - 1e-12)
    return float(nearest[order][np.searchsorted(running, enough)])


def straight_against_network(
    building_xy, station_xy, nearest, weight, limits_m: Sequence[float]
) -> pd.DataFrame:
    """What a circle drawn with compasses would claim, beside what can be walked.

    Args:
        building_xy: Doors of the buildings, metres, shape (buildings, 2).
        station_xy: Doors of the same stations that `nearest` counts, metres, shape (stations, 2).
        nearest: Walking metres to the nearest of them, shape (buildings,).
        weight: People in each building, shape (buildings,).
        limits_m: Distances in metres.

    Returns:
        One row per distance: `metres`, `straight` and `network` (shares of the weight),
        `overstated` (straight less network).
    """
    station_xy = np.asarray(station_xy, dtype=float).reshape(-1, 2)
    building_xy = np.asarray(building_xy, dtype=float).reshape(-1, 2)
    straight = np.full(len(building_xy), np.inf)
    station_xy = station_xy[np.isfinite(station_xy).all(axis=1)]
    known = np.isfinite(building_xy).all(axis=1)
    if len(station_xy) and known.any():
        straight[known] = cKDTree(station_xy).query(building_xy[known])[0]
    claimed = shares(straight, weight, limits_m)["share"]
    walked = shares(nearest, weight, limits_m)["share"]
    return pd.DataFrame(
        {
            "metres": [float(limit) for limit in limits_m],
            "straight": claimed,
            "network": walked,
            "overstated": claimed - walked,
        }
    )


def _chosen(reach: pd.DataFrame, chosen) -> pd.DataFrame:
    if chosen is None:
        return reach
    return reach[np.asarray(chosen, dtype=bool)[reach["station"].to_numpy()]]
