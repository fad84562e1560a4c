"""Cut values into the few classes a map can show."""

import math
from bisect import bisect_right
from collections.abc import Sequence


# Classes of a share that is compared before and after: the same, whatever the values.
FIXED_SHARES = (50.0, 80.0, 90.0, 99.0)


def tidy(value: float, step: float) -> float:
    """Round to a multiple of `step` without binary dust (0.30000000000000004)."""
    return round(round(value / step) * step, 10)


def breaks(values: Sequence[float], classes: int = 5) -> list[float]:
    """Return the upper bounds, rising, that cut `values` into at most `classes` classes.

    Bounds are quantiles rounded to one, two or five times a power of ten, so a legend reads
    `80–85` and not `79.83–84.97`; bounds that fall together are merged, so few distinct values
    give few classes. The highest class has no bound. Missing values are left out.
    """
    present = sorted(v for v in values if v is not None and not math.isnan(v))
    if len(set(present)) < 2:
        return []
    step = tidy_step((present[-1] - present[0]) / classes / 4)
    bounds: list[float] = []
    for k in range(1, classes):
        position = k / classes * (len(present) - 1)
        low, part = math.floor(position), position % 1
        quantile = present[low] + part * (present[math.ceil(position)] - present[low])
        bound = tidy(quantile, step)
        if present[0] < bound <= present[-1] and (not bounds or bound > bounds[-1]):
            bounds.append(bound)
    return bounds


def tidy_step(size: float) -> float:
    """Return the largest of 1, 2, 5 × 10ⁿ that is not above `size` (> 0)."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(m * power for m in (5, 2, 1) if m * power <= size * (1 + 1e-9))


def class_of(value: float | None, bounds: Sequence[float]) -> int:
    """Return the class (0 lowest) of a value; -1 for a missing one. A bound opens its class."""
    if value is None or math.isnan(value):
        return -1
    return bisect_right(bounds, value)


def spread(classes: int, colours: int = 5) -> list[int]:
    """Return which of `colours` shades the classes take, so that few classes stay far apart."""
    if classes <= 1:
        return [colours // 2]
    return [round(k * (colours - 1) / (classes - 1)) for k in range(classes)]
