"""A figure: the value of a metric, its status, and what is written beside it: the one rule of each.

A ratio is a ratio of sums, never a mean of ratios. `values` is that rule in Python; its twin in
SQL is the macro `figure_value` of `queries/rules.sql`. Nothing else divides a numerator.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chunshui import words
from chunshui.catalogue.metric import Metric
from chunshui.words import MISSED, NEAR, NO_DATA, NO_TARGET, REACHED

Floats = NDArray[np.float64]
Numbers: TypeAlias = Sequence[float | None] | Floats | pd.Series


@dataclass(frozen=True)
class Point:
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

    @property
    def status(self) -> str:
        """达标, 接近 or 未达标 against the target; 无目标 or 无数据 otherwise."""
        return status(self.metric, self.value)

    @property
    def change_month(self) -> float | None:
        """The difference to the month before, in the metric's unit."""
        return difference(self.value, self.previous_month)

    @property
    def change_year(self) -> float | None:
        """The difference to the same month of the year before, in the metric's unit."""
        return difference(self.value, self.previous_year)

    @property
    def text(self) -> str:
        """The value as it is written: "91.3%", "34.9亿元", "—"."""
        return words.number(self.value, self.metric.unit)

    @property
    def fraction_text(self) -> str | None:
        """n/N of a ratio in small print, the count behind a quantile, None for a total."""
        return fraction_text(self.metric, self.numerator, self.denominator, self.members)

    @property
    def change_text(self) -> str:
        """The change against last month in words: "较上月上升0.4个百分点"."""
        return _change_text("较上月", self.change_month, self.metric.unit)

    @property
    def year_text(self) -> str:
        """The change against the year before in words."""
        return _change_text("较上年同月", self.change_year, self.metric.unit)

    @property
    def better(self) -> bool | None:
        """Whether the last month's change is for the better; None if even, unknown or neutral."""
        if not self.change_month or self.metric.direction == "none":
            return None
        return (self.change_month > 0) == (self.metric.direction == "up")

    @property
    def target_text(self) -> str | None:
        """The target in words: "目标≥ 90.0%"; None without one."""
        return target_text(self.metric)


def ratio(numerators: Numbers | float, denominators: Numbers | float, scale: float = 1) -> Floats:
    """Return scale × numerator / denominator of each pair of sums; NaN without a denominator."""
    wholes = np.asarray(denominators, dtype=float)
    sums = np.asarray(numerators, dtype=float)
    shares: Floats = scale * sums / np.where(wholes > 0, wholes, np.nan)
    return shares


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


def status(metric: Metric, value: float | None) -> str:
    """Return 达标, 接近 or 未达标 against the metric's target; 无目标 or 无数据 otherwise."""
    if value is None or np.isnan(value):
        return NO_DATA
    if metric.target is None:
        return NO_TARGET
    sign = 1 if metric.direction == "up" else -1
    if sign * value >= sign * metric.target:
        return REACHED
    if metric.amber is not None and sign * value >= sign * metric.amber:
        return NEAR
    return MISSED


def target_text(metric: Metric) -> str | None:
    """Return the target in words, "目标≥ 90.0%"; None without one."""
    if metric.target is None:
        return None
    sign = "≥" if metric.direction == "up" else "≤"
    return f"目标{sign} {words.number(metric.target, metric.unit)}"


def fraction_text(
    metric: Metric, numerator: float | None, denominator: float | None, members: int
) -> str | None:
    """Return what stands behind a value: n/N of a ratio, the count behind a quantile."""
    if metric.kind == "quantile":
        return f"{words.plain(members)}项" if members else None
    if metric.kind == "total" or words.is_missing(denominator):
        return None
    return words.fraction(numerator, denominator, metric.numerator_unit, metric.denominator_unit)


def difference(value: float | None, other: float | None) -> float | None:
    """Return value less other; None where one of them is missing."""
    return None if value is None or other is None else value - other


def _change_text(against: str, change: float | None, unit: str) -> str:
    written = words.change(change, unit)
    return f"{against}{written}"
