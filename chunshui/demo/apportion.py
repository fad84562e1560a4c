"""Split a whole number into whole shares that add up to it exactly."""

import numpy as np


def apportion(
    total: int, weights: np.ndarray, low: int | np.ndarray = 0, high: int | np.ndarray | None = None
) -> np.ndarray:
    """Shares in proportion to `weights`, within bounds, summing to `total` exactly.

    Largest remainder; ties go to the earlier share. `low` and `high` are one number for all or
    one per share; shares that would break a bound are set to it and the rest is split anew.
    Returns shape (n,) int64. Raises ValueError if the bounds leave no solution.
    """
    weights = np.asarray(weights, float)
    n = len(weights)
    low = np.broadcast_to(np.asarray(low, np.int64), n)
    high = np.broadcast_to(np.asarray(total if high is None else high, np.int64), n)
    if np.any(weights < 0) or np.any(low > high) or not low.sum() <= total <= high.sum():
        raise ValueError(f"no shares of {total} within {low.sum()} … {high.sum()}")
    if n == 0:
        return np.zeros(0, np.int64)
    share = np.zeros(n)
    free = np.ones(n, bool)
    while free.any():
        rest = total - share[~free].sum()
        mass = weights[free].sum()
        share[free] = rest * weights[free] / mass if mass > 0 else rest / free.sum()
        under = np.where(free, np.maximum(low - share, 0), 0)
        over = np.where(free, np.maximum(share - high, 0), 0)
        if not under.any() and not over.any():
            break
        # Only the heavier side is fixed: fixing it moves the other side towards its bounds.
        broken = under > 0 if under.sum() >= over.sum() else over > 0
        share[broken] = np.where(under > 0, low, high)[broken]
        free &= ~broken
    whole = np.clip(np.floor(share + 1e-9).astype(np.int64), low, high)
    order = np.argsort(-(share - whole), kind="stable")
    while (left := int(total - whole.sum())) != 0:
        step = 1 if left > 0 else -1
        room = order[(whole < high)[order] if step > 0 else (whole > low)[order]]
        whole[room[: abs(left)]] += step
    return whole
