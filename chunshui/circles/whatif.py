"""What if a station were added, closed or moved: the new walk of every building, at once.

`prepare` arranges what is open now; each question after that costs one cut-off search for a new
door, and a look at the buildings whose nearest station went.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chunshui.circles.network import Network
from chunshui.circles.reach import REACH_M, nearest
from chunshui.circles.snap import Snapped
from chunshui.errors import ChunshuiError


@dataclass(frozen=True, eq=False)
class Today:
    """What is open now, arranged for questions.

    Attributes:
        network: The streets.
        buildings: Doors of the buildings.
        first: Where each building's stations begin in the next two, shape (buildings + 1,).
        station: Open stations in reach, nearest first within each building.
        walk: Metres to them.
        metres: Metres from each building to the nearest open station, inf without one.
        nearest: That station, -1 without one, shape (buildings,).
        open: Which stations are open, boolean, shape (stations,).
        limit_m: How far `reach` was searched.
    """

    network: Network
    buildings: Snapped
    first: np.ndarray
    station: np.ndarray
    walk: np.ndarray
    metres: np.ndarray
    nearest: np.ndarray
    open: np.ndarray
    limit_m: float


def prepare(
    network: Network,
    buildings: Snapped,
    reach: pd.DataFrame,
    is_open,
    *,
    limit_m: float = REACH_M,
) -> Today:
    """Arrange the present state.

    Args:
        network: The streets.
        buildings: Doors of the buildings, tied to `network`.
        reach: Pairs of all stations, as `reach.reach` returns them.
        is_open: Which stations are open for this question (function, level, hour), boolean,
            shape (stations,).
        limit_m: The limit `reach` was searched to.
    """
    is_open = np.asarray(is_open, dtype=bool)
    pairs = reach[is_open[reach["station"].to_numpy()]]
    building, walk = pairs["building"].to_numpy(), pairs["metres"].to_numpy()
    order = np.lexsort((walk, building))
    first = np.zeros(len(buildings) + 1, dtype=np.int64)
    np.cumsum(np.bincount(building, minlength=len(buildings)), out=first[1:])
    walk = walk[order]
    station = pairs["station"].to_numpy()[order]
    metres, closest = np.full(len(buildings), np.inf), np.full(len(buildings), -1)
    served = first[1:] > first[:-1]
    metres[served] = walk[first[:-1][served]]
    closest[served] = station[first[:-1][served]]
    return Today(network, buildings, first, station, walk, metres, closest, is_open, limit_m)


def change(
    today: Today, *, add: Snapped | None = None, close: Sequence[int] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Walk from each building to the nearest station after adding and closing some.

    Moving a station is closing it and adding it elsewhere.

    Args:
        today: The present state.
        add: Doors of the new stations, tied to the network.
        close: Positions of the stations to close.

    Returns:
        Metres, shape (buildings,), inf without a station; and that station, -1 without one. The
        new stations are numbered on from the last of those there are.

    Raises:
        ChunshuiError: A station to close is not open, or a new one is not near any street.
    """
    metres, closest = today.metres.copy(), today.nearest.copy()
    close = np.unique(np.asarray(close, dtype=np.int64))
    if len(close):
        if close[0] < 0 or close[-1] >= len(today.open) or not today.open[close].all():
            raise ChunshuiError("要关闭的阵地中，有的目前并未开放（或不符合所选功能、时段）。")
        _without(today, close, metres, closest)
    if add is not None and len(add):
        if not add.tied.all():
            worst = add.leg[~add.tied]
            raise ChunshuiError(
                f"新增点位有 {len(worst):,} 处接不上步行路网（{add.reason[~add.tied][0]}）。"
                "请在街道附近另选位置。"
            )
        added, which = nearest(today.network, today.buildings, add, limit_m=today.limit_m)
        nearer = added < metres
        metres[nearer] = added[nearer]
        closest[nearer] = len(today.open) + which[nearer]
    return metres, closest


def difference(today: Today, after: np.ndarray, weight, limit_m: float, group) -> pd.DataFrame:
    """Coverage now and after, by group, the greatest gain first.

    Args:
        today: The present state.
        after: Metres to the nearest station after the change, shape (buildings,).
        weight: People in each building, shape (buildings,).
        limit_m: The distance that counts as covered.
        group: Community of each building, shape (buildings,).

    Returns:
        One row per group: `group`, `denominator`, `before`, `after` (weights covered), `gain`
        (after less before).
    """
    code, names = pd.factorize(np.asarray(group, dtype=object), sort=True)
    weight = np.asarray(weight, dtype=float)
    known = code >= 0

    def total(which: np.ndarray) -> np.ndarray:
        which = which & known
        return np.bincount(code[which], weight[which], minlength=len(names))

    before, now = total(today.metres <= limit_m), total(after <= limit_m)
    frame = pd.DataFrame(
        {
            "group": names,
            "denominator": total(known),
            "before": before,
            "after": now,
            "gain": now - before,
        }
    )
    return frame.sort_values("gain", ascending=False, kind="stable", ignore_index=True)


def _without(today: Today, close: np.ndarray, metres: np.ndarray, closest: np.ndarray) -> None:
    """Put in the nearest open station that is not to be closed, where another one was nearest."""
    closing = np.zeros(len(today.open), dtype=bool)
    closing[close] = True
    # Only buildings whose nearest station goes can change.
    hit = np.flatnonzero((today.nearest >= 0) & closing[today.nearest])
    if len(hit) == 0:
        return
    count = today.first[hit + 1] - today.first[hit]
    begin = np.cumsum(count) - count
    at = np.repeat(today.first[hit] - begin, count) + np.arange(count.sum())
    # The walks of a building rise: the first that stays is the nearest.
    stays = np.minimum.reduceat(np.where(closing[today.station[at]], len(today.walk), at), begin)
    left = stays < len(today.walk)
    metres[hit], closest[hit] = np.inf, -1
    metres[hit[left]] = today.walk[stays[left]]
    closest[hit[left]] = today.station[stays[left]]
