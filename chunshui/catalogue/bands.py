"""Cut values into the few classes a map can show, name them, and say which of them stand out.

The map on a page, the one in a document, their legends and the bars that stand out come from here:
the eye lands on what is worst, wherever there is a worse.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from chunshui.words import MISSED, NEAR, REACHED


def class_bounds(values: Iterable[float | None], classes: int = 5) -> list[float]:
    """Return rising bounds that cut the values into at most `classes` classes.

    They are quantiles rounded to 1, 2 or 5 × 10ⁿ, so that a legend reads `80–85` and not
    `79.83–84.97`; bounds that fall together are merged, and every class holds a value. Missing values (None, NaN) are left out;
    equal values give no bound.
    """
    present = sorted(_present(values))
    if len(set(present)) < 2:
        return []
    size = (present[-1] - present[0]) / classes / 4
    power = 10.0 ** math.floor(math.log10(size))
    step = next(m * power for m in (5, 2, 1) if m * power <= size * (1 + 1e-9))
    rounded: list[float] = []
    for quantile in np.quantile(present, [k / classes for k in range(1, classes)]).tolist():
        bound = round(round(quantile / step) * step, 10)
        if present[0] < bound <= present[-1] and (not rounded or bound > rounded[-1]):
            rounded.append(bound)
    # A class that holds nobody, as between 92 and 100 of a few rates, is no class.
    bounds = [
        low for low, high in pairwise([*rounded, math.inf]) if any(low <= v < high for v in present)
    ]
    # Where most places share the lowest value, as with counts, the others still stand out.
    return bounds or [next(v for v in present if v > present[0])]


def class_of(value: float | None, bounds: Sequence[float]) -> int | None:
    """Return the class of a value, 0 the lowest, None if missing; a bound opens its class."""
    return None if value is None or math.isnan(value) else bisect_right(bounds, value)


def class_names(
    bounds: Sequence[float], unit: str, values: Iterable[float | None] = ()
) -> tuple[str, ...]:
    """Return the names of the classes, low to high: 低于80%, 80–85%, 85%及以上.

    If all the `values` are whole numbers from 0, so are the names: 0, 1–4, 5及以上.
    """
    if not bounds:
        return ("各处相同",)
    present = _present(values)
    if unit not in ("元", "%") and present and all(v >= 0 and v == int(v) for v in present):
        spans = [(low, high - 1) for low, high in pairwise([0, *map(math.ceil, bounds)])]
        inner = [f"{low:,}" if low == high else f"{low:,}–{high:,}" for low, high in spans]
        return (*inner, f"{math.ceil(bounds[-1]):,}及以上")
    scale = 10_000 if unit == "元" and abs(bounds[-1]) >= 10_000 else 1
    words = {"%": "%", "元": "万元" if scale > 1 else "元"}.get(unit, "")
    edges = [f"{bound / scale:,.10g}" for bound in bounds]
    inner = [f"{low}–{high}{words}" for low, high in pairwise(edges)]
    return (f"低于{edges[0]}{words}", *inner, f"{edges[-1]}{words}及以上")


def worse_end(kind: str, direction: str) -> str | None:
    """Return at which end a metric's values are worse, "low" or "high"; None where at neither.

    A total of something good is at neither: a small place has few of it without any fault.
    """
    if direction == "down":
        return "high"
    return "low" if direction == "up" and kind != "total" else None


def shade_words(kind: str, direction: str, *, dark: bool = False) -> str:
    """Return what the strongest shade of a map says: the darkest, on a `dark` ground the lightest."""
    most = "多" if kind == "total" else "高"
    return f"颜色越{'亮' if dark else '深'}越{'差' if worse_end(kind, direction) else most}"


def stand_out(
    values: Sequence[float | None], statuses: Sequence[str], kind: str, direction: str
) -> list[bool]:
    """Say which places the eye is to land on: those that miss a target, else the worst class."""
    if {REACHED, NEAR, MISSED} & set(statuses):
        return [status == MISSED for status in statuses]
    end, bounds = worse_end(kind, direction), class_bounds(values)
    if end is None or not bounds:
        return [False] * len(values)
    worst = len(bounds) if end == "high" else 0
    return [class_of(value, bounds) == worst for value in values]


def _present(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None and not math.isnan(value)]
