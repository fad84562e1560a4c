"""Room per person by the enhanced two-step floating catchment area (Luo and Qi 2009)."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chunshui.errors import ChunshuiError

# Decay of use with the walk, by share of the farthest distance: Luo and Qi (2009).
LUO_QI = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))


def step_decay(
    limit_m: float, steps: Sequence[tuple[float, float]] = LUO_QI
) -> Callable[[np.ndarray], np.ndarray]:
    """Weight by rings: `steps` holds (share of `limit_m`, weight), nearest ring first."""
    bounds = np.array([share * limit_m for share, _ in steps])
    weights = np.array([weight for _, weight in steps] + [0.0])

    def weigh(distance: np.ndarray) -> np.ndarray:
        return weights[np.searchsorted(bounds, distance, side="left")]

    return weigh


def e2sfca(
    reach: pd.DataFrame,
    supply: ArrayLike,
    demand: ArrayLike,
    decay: Callable[[np.ndarray], np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Room per person by the enhanced two-step floating catchment area (Luo and Qi 2009).

    First, each station's room is shared among all who can walk to it, the near ones counting
    more; then each building adds up the shares it can walk to, again weighted by nearness.

    Args:
        reach: Pairs within the catchment, as `reach.reach` returns them.
        supply: Room of each station (places, m² …), shape (stations,); 0 where it offers none.
        demand: People in each building, shape (buildings,).
        decay: Weight of a walk of so many metres, such as `step_decay(720)`.

    Returns:
        Room per person at each building, shape (buildings,); and per weighted person at each
        station, shape (stations,), NaN at a station with room that nobody can walk to. The
        people-weighted sum over buildings equals the room of all other stations.
    """
    supply, demand = np.asarray(supply, dtype=float), np.asarray(demand, dtype=float)
    if (supply < 0).any() or (demand < 0).any():
        raise ChunshuiError("容量和人数不能为负。")
    building, station = reach["building"].to_numpy(), reach["station"].to_numpy()
    weight = decay(reach["metres"].to_numpy())
    weighted = np.bincount(station, weight * demand[building], minlength=len(supply))
    ratio = np.divide(supply, weighted, out=np.full(len(supply), np.nan), where=weighted > 0)
    ratio[supply == 0] = 0.0
    offered = np.where(np.isnan(ratio), 0.0, ratio)[station] * weight
    return np.bincount(building, offered, minlength=len(demand)), ratio
