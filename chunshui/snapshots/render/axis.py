"""Value axes: a tidy range, tick words in 万 and 亿, and the same as a spreadsheet's number format."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from chunshui.catalogue.metric import Metric
from chunshui.snapshots.model import Definition
from chunshui.words import BEYOND, behind

MONEY = "元"
_WHOLE_MONEY = '#,##0"元"'
REAL_PERCENT = "[=1]0%;[=0]0%;0.0%"
PERCENT = '[=100]0"%";[=0]0"%";0.0"%"'  # as words write it: nothing and the whole without decimals


_WORDS = re.compile(r"\d[\d,]*(?:\.(?P<decimals>\d+))?(?P<scale>[万亿])?")
_SCALES = {"": 1, "万": 10**4, "亿": 10**8}


@dataclass(frozen=True)
class Scale:
    """How numbers of one unit are written beside an axis.

    `divisor` turns a value into `unit`; `number_format` shows the undivided value so in
    PowerPoint, WPS and Excel, money with its unit: a trailing comma divides by 1,000 and the escaped point is put
    before the last digits, which is how spreadsheets write 万 and 亿.
    """

    divisor: int
    unit: str
    number_format: str
    decimals: int


@dataclass(frozen=True)
class Axis:
    """A value axis from `low` to `high` with a tick every `step`."""

    low: float
    high: float
    step: float
    scale: Scale

    @property
    def ticks(self) -> list[float]:
        """The values of the ticks, rising."""
        count = round((self.high - self.low) / self.step)
        return [round(self.low + k * self.step, 10) for k in range(count + 1)]

    @property
    def number_format(self) -> str:
        """The scale's number format with no more decimals than the ticks have."""
        if self.scale.divisor == 1 and float(self.step).is_integer():
            return {"%": '0"%"', MONEY: _WHOLE_MONEY}.get(self.scale.unit, "#,##0")
        return self.scale.number_format

    def tick_format(self, unit: str) -> str:
        """Return the number format of the ticks, a unit behind them, with the decimals that the step has."""
        decimals = len(f"{self.step:.10f}".rstrip("0").split(".")[1])
        point = f".{'0' * decimals}" if decimals else ""
        return f'#,##0{point}"{unit}"' if unit else f"#,##0{point}"

    def words(self, value: float) -> str:
        """Return a tick's words, without the unit unless it is %."""
        step = f"{self.step / self.scale.divisor:.10f}".rstrip("0")
        decimals = len(step.split(".")[1])
        return f"{value / self.scale.divisor:,.{decimals}f}" + "%" * (self.scale.unit == "%")


def scale(values: Iterable[float | None], unit: str) -> Scale:
    """Choose how to write values of a unit: 元 and large counts in 万 or 亿, the rest as they are."""
    present = [abs(v) for v in values if v is not None]
    top = max(present, default=0)
    if unit == "%":
        return Scale(1, "%", PERCENT, 1)
    if unit == MONEY and top >= 1e8:
        return Scale(10**8, "亿元", r'0\.00,,"亿元"', 2)
    if (unit == MONEY and top >= 1e4) or top >= 1e6:
        return Scale(10**4, f"万{unit}", rf'0\.0,"万{unit}"', 1)
    whole = all(float(v).is_integer() for v in present)
    ending = '"元"' if unit == MONEY else ""
    return Scale(1, unit, ("#,##0" if whole else "#,##0.0") + ending, 0 if whole else 1)


@dataclass(frozen=True)
class Written:
    """How a chart writes numbers as the words do: divided by `divisor`, with what stands behind them.

    `decimals` are those that most of them have, `least` those that are written even where they are 0.
    """

    divisor: int
    unit: str
    decimals: int
    least: int

    @property
    def number_format(self) -> str:
        """The spreadsheet's number format of the divided values, thousands separated."""
        return _number_format(self.least, self.decimals, self.unit)

    def format_of(self, shown: str) -> str | None:
        """Return the number format that writes a value as it is shown, None where the common one does."""
        found = _WORDS.search(shown)
        if not found or _SCALES[found["scale"] or ""] != self.divisor:
            return None
        decimals = len(found["decimals"] or "")
        if found[0] in ("0", "100") or self.least <= decimals <= self.decimals:
            return None
        return _number_format(decimals, decimals, self.unit)


def written(shown: Iterable[str], unit: str) -> Written:
    """Return how a chart writes the numbers of some figures, given as they are shown.

    Money and what is counted in 万 or 亿 has its unit behind it, the rest has it in the heading.
    """
    found = [one for one in map(_WORDS.search, shown) if one and one[0] != "0"]
    if unit == "%":
        return Written(1, "%", 1, 1)
    scales = Counter(one["scale"] or "" for one in found) or Counter([""])
    scale = max(scales, key=lambda one: (scales[one], one))
    decimals = [len(one["decimals"] or "") for one in found if (one["scale"] or "") == scale]
    most = max(set(decimals), key=decimals.count) if decimals else 0
    ending = f"{scale}{behind(unit)}" if scale or behind(unit) == MONEY else ""
    if scale and most:
        return Written(_SCALES[scale], ending, 2, 1)
    return Written(_SCALES[scale], ending, most, most)


def _number_format(least: int, most: int, unit: str) -> str:
    if unit == "%" and most == 1:
        return PERCENT
    point = f".{'0' * least}{'#' * (most - least)}" if most else ""
    ending = f'"{unit}"' if unit else ""
    return f"[=0]0{ending};#,##0{point}{ending}"


def titled(metric: Metric | Definition) -> str:
    """Return a metric's name with its unit; of money without, for its numbers say 万元 or 亿元."""
    return metric.name if metric.unit == MONEY else f"{metric.name}（{metric.unit}）"


def axis(values: Iterable[float | None], unit: str, *, from_zero: bool = True) -> Axis:
    """Return an axis that holds the values with four to six ticks.

    A percentage axis does not pass 100 unless a value does. With `from_zero` false (lines), the
    axis may start above zero when the values lie close together.
    """
    present = [v for v in values if v is not None] or [0]
    low, high = min(present), max(present)
    if from_zero or low <= 0 or (high - low) > high / 2:
        low, high = min(low, 0), max(high, 0)
    if low == high:
        margin = abs(low) / 20 or 1
        low, high = (low - margin, high + margin) if low else (0, 1)
    step = _tidy((high - low) / 4)
    bottom, top = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if unit == "%" and max(present) <= 100:
        top = min(top, 100)
    return Axis(round(bottom, 10), round(top, 10), step, scale(present, unit))


def with_beyond(number_format: str, most: float | None) -> str:
    """Return the number format that writes 超过 before the value for all beyond what is measured."""
    if most is None:
        return number_format
    return f'[>={most:g}]"{BEYOND}"{number_format};{number_format}'


def months_labelled(months: int) -> tuple[int, int]:
    """Return every how many months an axis that names the last one names one, and how many it begins earlier."""
    steps = max(months - 1, 1)
    step = next((one for one in (1, 2, 3, 5, 7) if steps % one == 0 and steps // one <= 8), 0)
    step = step or -(-steps // 8)
    return step, -steps % step


def month_step(months: int) -> int:
    """Return every how many of the months an axis names, so that about a dozen are."""
    return next((step for step in (1, 2, 3, 6) if months / step <= 13), 12)


def _tidy(size: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5 × 10ⁿ that is not below `size` (> 0)."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= size * (1 - 1e-9))
