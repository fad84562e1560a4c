"""A figure: the value of a metric, its status, and what is written beside it: the one rule of each.

A ratio is a ratio of sums, never a mean of ratios. `values` is that rule in Python; its twin in
SQL is the macro `figure_value` of `queries/rules.sql`. Nothing else divides a numerator.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chunshui import words
from chunshui.catalogue.metric import BASE, Metric
from chunshui.month import Month
from chunshui.words import (
    MISSED,
    NEAR,
    NO_DATA,
    NO_TARGET,
    OVERPAID,
    REACHED,
    TOO_FEW,
    Written,
)

Floats = NDArray[np.float64]
Numbers: TypeAlias = Sequence[float | None] | Floats | pd.Series


class Point(NamedTuple):
    """One month of a trend; `value` is None where there is none."""

    month: str
    value: float | None
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True)
class Figure:
    """One figure with all that is written beside it.

    `numerator`, `denominator` and `members` (how many things were counted) are those of `value`;
    `reason` says in Chinese why there is no value. `trend` ends with the figure's own month.
    `level` is the scope's: district, street, community, or streets for a choice of several; `known_from` the
    first month the version knows.
    What is said of it is found once: figures are kept and shown again.
    """

    metric: Metric
    variant: str
    month: str
    value: float | None
    numerator: float | None
    denominator: float | None
    members: int
    previous_month: float | None
    previous_year: float | None
    reason: str | None = None
    trend: tuple[Point, ...] = field(default=(), repr=False)
    level: str = "district"
    known_from: str | None = None

    @cached_property
    def status(self) -> str:
        """达标, 接近 or 未达标 against the target; 超付, 基数小, 无目标 or 无数据 otherwise."""
        return status(self.metric, self.value, self.base, self.level)

    @property
    def base(self) -> float | None:
        """How much the figure rests on: a ratio's denominator, how many things of a quantile."""
        return base(self.metric, self.denominator, self.members)

    @cached_property
    def change_month(self) -> float | None:
        """The written value less last month's; None where the two months do not count alike."""
        return self._change(1, self.previous_month)

    @cached_property
    def change_year(self) -> float | None:
        """The written value less that of the same month of the year before."""
        return self._change(12, self.previous_year)

    @cached_property
    def text(self) -> str:
        """The value as it is written: "91.3%", "34.9亿元", "—"."""
        return written(self.metric, self.value, self.variant).text

    @cached_property
    def fraction_text(self) -> str | None:
        """n/N of a ratio in small print, the count behind a quantile, None for a total."""
        return fraction_text(self.metric, self.numerator, self.denominator, self.members)

    @cached_property
    def change_text(self) -> str:
        """The change in words, "较上月上升0.4个百分点"; "" without one.

        Against the year before where last month counted other things (see `Metric.comparable`).
        """
        if self.change_month is None:
            return self.year_text
        month = Month.parse(self.month)
        since = self.metric.against(month, month.shift(-1), self.variant, self.known_from)
        return words.change(self.change_month, self.metric.unit, since)

    @cached_property
    def year_text(self) -> str:
        """The change against the year before in words; "" without one."""
        if self.change_year is None:
            return ""
        return words.change(self.change_year, self.metric.unit, "较上年同期")

    def moved(self, month: str) -> float | None:
        """The written value less that of a month of the trend; None where they cannot be compared."""
        before = self._at(month)
        if before is None or self._why_incomparable(before):
            return None
        return change(self.metric, self.value, before.value, self.variant)

    def moved_text(self, month: str | None) -> str:
        """The change since a month of the trend in words, or why there is none; None: `change_text`.

        "较上年同期下降3.2个百分点", "与2025年12月不可比".
        """
        if month is None:
            return self.change_text
        before = self._at(month)
        if self.value is None:
            return ""
        if before is None or before.value is None:
            return f"{Month.parse(month).words}没有数"
        if why := self._why_incomparable(before):
            return why
        if (moved := self.moved(month)) is None:  # 超过20.8分钟 is not known to be any value
            return "没有确数，不作比较"
        now, then = Month.parse(self.month), Month.parse(month)
        against = self.metric.against(now, then, self.variant, self.known_from)
        return words.change(moved, self.metric.unit, against)

    def better(self, month: str) -> bool | None:
        """Whether the change since a month is for the better; None if even, unknown or neutral."""
        return is_better(self.metric, self.moved(month))

    def _at(self, month: str) -> Point | None:
        return next((point for point in self.trend if point.month == month), None)

    def _why_incomparable(self, before: Point) -> str:
        """Say why the figure is not compared with an earlier one; "" where it is."""
        month = Month.parse(before.month)
        if why := incomparable_words(self.metric, Month.parse(self.month), month, self.variant):
            return why
        bases = [self.base]
        bases += [before.denominator] if self.metric.kind == "ratio" else []
        small = any(is_small(self.metric, one, self.level) for one in bases)
        return f"{TOO_FEW}，不作比较" if small else ""

    @cached_property
    def target_text(self) -> str | None:
        """The target in words, "目标≥90%"; None without one at the figure's level."""
        return target_text(self.metric, self.level)

    def _change(self, months: int, before: float | None) -> float | None:
        month = Month.parse(self.month)
        earlier = self._at(str(month.shift(-months)))
        if self.status == TOO_FEW or (earlier and self._why_incomparable(earlier)):
            return None
        if not self.metric.comparable(month, month.shift(-months), self.variant):
            return None
        return change(self.metric, self.value, before, self.variant)


def ratio(numerators: Numbers | float, denominators: Numbers | float, scale: float = 1) -> Floats:
    """Return scale × numerator / denominator of each pair of sums; NaN without a denominator."""
    wholes = np.asarray(denominators, dtype=float)
    sums = np.asarray(numerators, dtype=float)
    shares: Floats = scale * sums / np.where(wholes > 0, wholes, np.nan)
    return shares


def wilson(value: float, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share seen in `n` independent draws, in fractions of one."""
    z = 1.959963984540054
    centre = (value + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(value * (1 - value) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def values(metric: Metric, numerators: Numbers, denominators: Numbers) -> Floats:
    """Return a metric's value of each pair of sums, NaN where there is none.

    No members are 0 for a total, and nothing for a ratio or a quantile, whose numerator is its
    value and whose denominator the weight behind it.
    """
    sums = np.asarray(numerators, dtype=float)
    if metric.kind == "total":
        return np.where(np.isnan(sums), 0, sums)
    if metric.kind == "quantile":
        return np.where(np.asarray(denominators, dtype=float) > 0, sums, np.nan)
    return ratio(sums, denominators, metric.scale)


def status(metric: Metric, value: float | None, base: float | None, level: str = "district") -> str:
    """Return 达标, 接近 or 未达标 against the metric's target at a level, or why it is not judged.

    `base` is what the value rests on (see `base`), None for a total. 超付: more was paid than
    there was to pay; 基数小: the base is below the metric's `fewest`; 无目标; 无数据.
    """
    if value is None or np.isnan(value):
        return NO_DATA
    value = round(value, 9)  # what summing adds behind is no difference
    if metric.is_payment and value > metric.scale:
        return OVERPAID
    if is_small(metric, base, level):
        return TOO_FEW
    if not has_target(metric, level):
        return NO_TARGET
    sign = 1 if metric.direction == "up" else -1
    if sign * value >= sign * (metric.target or 0):
        return REACHED
    if metric.amber is not None and sign * value >= sign * metric.amber:
        return NEAR
    return MISSED


def has_target(metric: Metric, level: str) -> bool:
    """Return whether the metric has a target that holds at a level."""
    return metric.target is not None and metric.target_level in (None, level)


def base(metric: Metric, denominator: float | None, members: float | None) -> float | None:
    """Return how much a figure rests on: a ratio's denominator, how many things of a quantile."""
    return {"ratio": denominator, "quantile": members}.get(metric.kind)


def is_small(metric: Metric, base: float | None, level: str = "district") -> bool:
    """Return whether a figure rests on too little for a status, a rank or a superlative.

    Where the place is itself the one thing that is counted (has this community a station?) there
    is no more to know.
    """
    return base is not None and 0 < base < metric.fewest and metric.entities != (level,)


def small_words(metric: Metric, base: float) -> str:
    """Return why a figure is not judged: "基数只有2个，少于5个，不评状态、不排名"."""
    unit = metric.denominator_unit or words.THINGS[metric.entities[0]].measure
    return f"基数只有{words.number(base, unit)}，少于{least_words(metric)}，不评状态、不排名"


def least_words(metric: Metric) -> str:
    """Return the least base of a figure that is judged: 5个, 30人."""
    unit = metric.denominator_unit or words.THINGS[metric.entities[0]].measure
    return words.number(metric.fewest, unit)


def target_text(metric: Metric, level: str = "district") -> str | None:
    """Return the target in words, "目标≥90%", "目标100%", "目标0项"; None without one."""
    if metric.target is None or not has_target(metric, level):
        return None
    sign = "≥" if metric.direction == "up" else "≤"
    if metric.target == (metric.scale if metric.unit == "%" and metric.direction == "up" else 0):
        sign = ""  # nothing lies beyond
    return f"目标{sign}{words.bound(metric.target, metric.unit)}"


def fraction_text(
    metric: Metric, numerator: float | None, denominator: float | None, members: int
) -> str | None:
    """Return what stands behind a value: n/N of a ratio, the count behind a quantile."""
    if metric.kind == "quantile":
        return words.counted(members, metric.entities[0]) if members else None
    if metric.kind == "total" or words.is_missing(denominator):
        return None
    return words.fraction(numerator, denominator, metric.numerator_unit, metric.denominator_unit)


def written(metric: Metric, value: float | None, variant: str = BASE) -> Written:
    """Return a value as it is written, on the same side of the target as it lies.

    What is beyond all that is measured is "超过20.8分钟", and not known to be any value.
    """
    shown = words.written(value, metric.unit, metric.bounds)
    most = metric.most(variant)
    if most is None or words.is_missing(value) or float(value or 0) < most:
        return shown
    return Written(f"{words.BEYOND}{shown.text}", None)


def change(
    metric: Metric, value: float | None, before: float | None, variant: str = BASE
) -> float | None:
    """Return the written value less the written one before it; None where one is not known."""
    return words.difference(written(metric, value, variant), written(metric, before, variant))


def is_better(metric: Metric, moved: float | None) -> bool | None:
    """Return whether a change is for the better; None where it is none, unknown or neutral."""
    if words.is_missing(moved) or not moved or metric.direction == "none":
        return None
    return (moved > 0) == (metric.direction == "up")


def incomparable_words(metric: Metric, month: Month, before: Month, variant: str = BASE) -> str:
    """Return that two months of a metric do not count alike; "" where they do."""
    return "" if metric.comparable(month, before, variant) else f"与{before.words}不可比"


def rounding_note(
    values: Sequence[float | None],
    whole: float | None,
    unit: str,
    *,
    scaled: tuple[int, int] | None = None,
) -> str:
    """Return the footnote of parts that add up to the whole but, as they are written, do not; or "".

    `scaled` is by what the parts are divided and to how many decimals, where they are not written
    as a figure is.
    """
    parts = [float(value) for value in values if value is not None and not np.isnan(value)]
    if whole is None or not np.isclose(sum(parts), whole, rtol=1e-9, atol=1e-6):
        return ""  # something is in the whole that is in no part, and that is no rounding
    if scaled is None:
        shown = [words.written(part, unit).value for part in parts]
    else:
        divisor, decimals = scaled
        step = Decimal(1).scaleb(-decimals)
        shown = [
            (Decimal(repr(part)) / divisor).quantize(step, ROUND_HALF_UP) * divisor
            for part in parts
        ]
    added = sum((part for part in shown if part is not None), Decimal(0))
    return words.ROUNDED if added != words.written(whole, unit).value else ""
