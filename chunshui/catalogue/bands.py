"""Cut values into the few classes a map can show, name them, and say which of them stand out.

The map on a page, the one in a document, their legends and the bars that stand out come from here:
the eye lands on what is worst, wherever there is a worse. Where there is a target, a class lies
wholly on one side of it, and the shade says on which.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from chunshui import words
from chunshui.catalogue.figure import status, written
from chunshui.catalogue.metric import Metric
from chunshui.words import MISSED, NEAR, NO_TARGET, OVERPAID, REACHED

SHADES = 5
NOTABLE_POINTS = 5  # a percentage that moved so far moved much, as it is 接近 when so near
NOTABLE_SHARE = 0.1  # anything else by so much of what it was


@dataclass(frozen=True)
class Classes:
    """The classes of a map, low to high: what the legend calls each, and its shade.

    `strengths` run from 0, the palest of five shades, to 4. `zones` are the statuses that occur,
    low to high, each with the bounds that cut it; without `metric` there is one. `ramp` names the
    colours of the palette: "bands" of values, "moves" of changes, "drifts" of those that are
    neither good nor bad.
    """

    names: tuple[str, ...]
    strengths: tuple[int, ...]
    zones: tuple[tuple[str, tuple[float, ...]], ...]
    metric: Metric | None = None
    level: str = "community"
    ramp: str = "bands"

    def of(self, value: float | None) -> int | None:
        """Return the class of a value as it is written, 0 the lowest, None if missing.

        A bound opens its class; on which side of the target a value lies is its status.
        """
        if value is None or math.isnan(value):
            return None
        read = _read(self.metric, value)
        zone = _zone(self.metric, self.level, read)
        before = 0
        for name, bounds in self.zones:
            if name == zone:
                return before + bisect_right(bounds, read)
            before += len(bounds) + 1
        return None


def classes_of(metric: Metric, level: str, values: Iterable[float | None]) -> Classes:
    """Return the classes of a metric's values at a level (street, community).

    With a target there, a class holds one status only: what reaches it has the palest shades,
    what misses it the strongest. Without one, the shades run through all values.
    """
    read = sorted(_read(metric, value) for value in _present(values))
    held: dict[str, list[float]] = {}
    for value in read:
        held.setdefault(_zone(metric, level, value), []).append(value)
    names: list[str] = []
    shades: list[int] = []
    zones = []
    for zone, part in held.items():  # low to high, as the values were
        free = _shades_of(zone, held)
        bounds = tuple(class_bounds(part, len(free)))
        zones.append((zone, bounds))
        classes = len(bounds) + 1
        own = list(free[-classes:]) if zone == MISSED else _spread(free, classes)
        shades += own[::-1] if worse_end(metric.kind, metric.direction) == "low" else own
        after = zone == OVERPAID or (zone != NO_TARGET and metric.direction == "down")
        called = _names(metric.unit, bounds, read, _edges(metric, zone, held), after)
        if read[0] == read[-1]:
            called = [f"均为{written(metric, read[0]).text}"]
        names += called if zone == NO_TARGET else [f"{name}（{zone}）" for name in called]
    return Classes(tuple(names), tuple(shades), tuple(zones), metric, level)


def fixed_classes(bounds: Sequence[float], unit: str, *, falling: bool) -> Classes:
    """Return classes with given bounds; `falling` gives the strongest shade to the lowest."""
    names = tuple(_names(unit, bounds, [], (None, None), closing=False))
    zones = ((NO_TARGET, tuple(bounds)),)
    return Classes(names, plain_strengths(len(names), falling=falling), zones)


def change_classes(metric: Metric) -> Classes:
    """Return the classes of a metric's changes, the same for any two months: see `change_step`.

    Worse is the strongest shade, better another hue; of what is neither, more and less.
    """
    much = f"{NOTABLE_POINTS}" if metric.unit == "%" else "一成"
    low, high = ("变差", "变好") if metric.direction == "up" else ("变好", "变差")
    if metric.direction == "none":
        low, high = (words.way(sign, metric.unit) for sign in (-1, 1))
    names = [f"{low}{much}及以上", f"{low}不足{much}", "持平"]
    names += [f"{high}不足{much}", f"{high}{much}及以上"]
    bounds = (math.nextafter(-1, 0), 0.0, math.nextafter(0, 1), 1.0)
    shades = tuple(range(SHADES))
    return Classes(
        tuple(names),
        shades[::-1] if metric.direction == "up" else shades,
        ((NO_TARGET, bounds),),
        ramp="drifts" if metric.direction == "none" else "moves",
    )


def change_step(metric: Metric, moved: float, before: float) -> float:
    """Return a change as multiples of what is much: 5 points, or a tenth of what it was.

    Neither depends on the months or the places shown, so that two maps can be held side by side.
    """
    if not moved or math.isnan(moved):
        return moved
    if metric.unit == "%":
        return moved / NOTABLE_POINTS
    whole = NOTABLE_SHARE * abs(before)
    return round(moved / whole, 9) if whole else math.copysign(math.inf, moved)


def plain_strengths(classes: int, *, falling: bool) -> tuple[int, ...]:
    """Return a shade for each class, far apart when few; `falling`: the lowest is the strongest."""
    shades = tuple(_spread(range(SHADES), classes))
    return shades[::-1] if falling else shades


def class_bounds(values: Iterable[float | None], classes: int = SHADES) -> list[float]:
    """Return rising bounds that cut the values into at most `classes` classes.

    They are quantiles rounded to 1, 2 or 5 × 10ⁿ, so that a legend reads `80–85` and not
    `79.83–84.97`; bounds that fall together are merged, and every class holds a value. Missing
    values (None, NaN) are left out; equal values give no bound.
    """
    present = sorted(_present(values))
    if classes < 2 or len(set(present)) < 2:
        return []
    size = (present[-1] - present[0]) / classes / 4
    if not size:
        return []  # too near for a number between them
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
    # Where many places share the lowest value, as with counts, the others still stand out.
    second = next(v for v in present if v > present[0])
    shared = present.count(present[0]) * classes >= len(present) and second == present[0] + 1
    return [second, *(b for b in bounds[shared:] if b > second)] if shared or not bounds else bounds


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
    return [
        value is not None and not math.isnan(value) and bisect_right(bounds, value) == worst
        for value in values
    ]


def _present(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None and not math.isnan(value)]


def _read(metric: Metric | None, value: float) -> float:
    """Return a value as a reader takes it from what is written."""
    shown = None if metric is None else written(metric, value).value
    return value if shown is None else float(shown)


def _zone(metric: Metric | None, level: str, value: float) -> str:
    return NO_TARGET if metric is None else status(metric, value, None, level)


def _shades_of(zone: str, held: Iterable[str]) -> Sequence[int]:
    """Return the shades a status may have beside the others that are held, the palest first."""
    if zone == NO_TARGET:
        return range(SHADES - (OVERPAID in held))
    if zone == MISSED:
        return (3, 4) if NEAR in held else (2, 3, 4)
    return {REACHED: (0, 1), NEAR: (2,), OVERPAID: (4,)}[zone]


def _spread(shades: Sequence[int], classes: int) -> list[int]:
    """Return one of the shades for each class, rising and far apart; for one class the middle."""
    if classes == 1:
        return [shades[(len(shades) - 1) // 2]]
    return [shades[round(k * (len(shades) - 1) / (classes - 1))] for k in range(classes)]


def _edges(metric: Metric, zone: str, held: Iterable[str]) -> tuple[float | None, float | None]:
    """Return between which bounds a status lies, None where it has no end."""
    whole = metric.scale if OVERPAID in held else None
    if zone == OVERPAID:
        return metric.scale, None
    if zone == NO_TARGET:
        return None, whole
    amber = metric.target if metric.amber is None else metric.amber
    if metric.direction == "down":
        marks = [None, metric.target, amber, None]
        at = (REACHED, NEAR, MISSED).index(zone)
    else:
        marks = [None, amber, metric.target, whole]
        at = (MISSED, NEAR, REACHED).index(zone)
    return marks[at], marks[at + 1]


def _names(
    unit: str,
    bounds: Sequence[float],
    values: Sequence[float],
    edges: tuple[float | None, float | None],
    closing: bool,
) -> list[str]:
    """Return the names of the classes of one stretch: 低于80%, 80–85%, 85%及以上.

    `edges` are its ends, None where it is open; where `closing`, they belong to what lies below
    them. If all the `values` are whole numbers from 0, so are the names: 0, 1–4, 5及以上.
    """
    low, high = edges
    cuts = [low, *bounds, high]
    whole = unit not in ("元", "%") and values and all(v >= 0 and v == int(v) for v in values)
    largest = max((abs(cut) for cut in cuts if cut is not None), default=0)
    scale = 10_000 if unit == "元" and largest >= 10_000 else 1
    ending = {"%": "%", "元": "万元" if scale > 1 else "元"}.get(unit, "")
    names = []
    for number, (least, most) in enumerate(pairwise(cuts)):
        after, until = closing and number == 0, closing and number == len(bounds)
        if whole:
            names.append(_whole_name(least, most, after, until))
            continue
        begin, end = (None if cut is None else f"{cut / scale:,.10g}" for cut in (least, most))
        if begin == end:
            names.append("各处相同" if begin is None else f"{begin}{ending}")
        elif begin is None:
            below = f"{end}{ending}及以下" if most else f"{end}{ending}"
            names.append(below if until else f"低于{end}{ending}")
        elif end is None:
            above = f"{begin}{ending}" if begin + unit == "100%" else f"{begin}{ending}及以上"
            names.append(f"超过{begin}{ending}" if after else above)
        else:
            names.append(f"{begin}–{end}{ending}")
    return names


def _whole_name(below: float | None, above: float | None, after: bool, until: bool) -> str:
    first = 0 if below is None else math.floor(below) + 1 if after else math.ceil(below)
    if above is None:
        return f"{first:,}及以上"
    last = math.floor(above) if until else math.ceil(above) - 1
    return f"{first:,}" if first == last else f"{first:,}–{last:,}"
