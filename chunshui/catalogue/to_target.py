"""How far a figure is from its target: how many things must turn, which are nearest, by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import pandas as pd

from chunshui import words
from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.figure import Figure, change, small_words, status, values
from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import BASE, Metric, get_metric
from chunshui.catalogue.stored import with_none
from chunshui.catalogue.wording import distance_words
from chunshui.month import Month
from chunshui.warehouse import Reader
from chunshui.words import MISSED, NEAR, NO_DATA, REACHED, TOO_FEW

PACE_MONTHS = 6
FEWEST_MONTHS = 3
FARTHEST_MONTHS, STANDING_MONTHS = 36, 120
_TERMS, _WITHIN = {3: "本季度", 12: "今年"}, {3: "季内", 12: "年内"}
STANDING_SHARE = 20  # a gap of so many times what it went up and down is no nearer for it


@dataclass(frozen=True)
class Pace:
    """How a figure moved of late: from the first written value to the last, a month.

    `per_month` is in the metric's unit, over so many `months`; `month` the first in which the
    target is reached at this pace, None if it is not within three years, or within the year of a
    count that starts anew with each. `stands`: it hardly moves; `turns`: the last step was against
    it, so that nothing is foreseen.
    """

    months: int
    per_month: float
    month: Month | None
    stands: bool
    turns: bool


@dataclass(frozen=True)
class ToTarget:
    """What is between a figure and its target.

    `needed` is a whole number in the numerator's unit: how much must be counted (or no longer,
    where less is better) as the denominator is; where what is counted stays so (`final`), how many
    new ones must all do well. None where the target is reached, cannot be, or there is none.
    """

    figure: Figure
    needed: int | None
    pace: Pace | None

    @property
    def metric(self) -> Metric:
        """The figure's metric."""
        return self.figure.metric


def to_target_of(
    reader: Reader,
    metric_id: str,
    month: str,
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
) -> ToTarget:
    """Return how far a figure of a scope is from its target, and its pace."""
    figure = figure_of(
        reader, metric_id, month, streets, community, variant, months=PACE_MONTHS + 1
    )
    needed = None
    if figure.status in (NEAR, MISSED):
        needed = needed_to_target(figure.metric, figure.numerator, figure.denominator)
    return ToTarget(figure, needed, None if needed is None else _pace(figure))


def needed_to_target(
    metric: Metric, numerator: float | None, denominator: float | None
) -> int | None:
    """Return how much must turn for sums to reach the target: the smallest whole number.

    None where it is reached, cannot be, or there is no target or no value; quantiles don't add up.
    """
    if metric.target is None or metric.kind == "quantile":
        return None
    top, bottom = float(numerator or 0), float(denominator or 0)

    def reached(needed: int) -> bool:
        turned = top + needed * (1 if metric.direction == "up" else -1)
        base = bottom
        if metric.final and metric.kind == "ratio":
            turned, base = top + needed * (metric.direction == "up"), bottom + needed
        return status(metric, float(values(metric, [turned], [base])[0]), None) == REACHED

    if status(metric, float(values(metric, [top], [bottom])[0]), None) in (REACHED, NO_DATA):
        return None
    guess = _needed(metric, top, bottom)
    if guess is None:
        return None
    start = max(ceil(guess) - 1, 1)  # one too few, should the division have been rounded
    return next((needed for needed in range(start, start + 4) if reached(needed)), None)


def _needed(metric: Metric, top: float, bottom: float) -> float | None:
    """Return about how much must turn, as a fraction."""
    target = float(metric.target or 0)
    if metric.kind == "total":
        return abs(target - top)
    goal = target * bottom / metric.scale
    if not metric.final:
        return abs(goal - top)
    if metric.direction == "up":
        return (goal - top) / (1 - target / metric.scale) if target < metric.scale else None
    return metric.scale * top / target - bottom if target > 0 else None


def _pace(figure: Figure) -> Pace | None:
    """Return the pace of the last months that count the same period, None of too few."""
    metric, last = figure.metric, Month.parse(figure.month)
    known = [
        (Month.parse(point.month) - last, point.value)
        for point in figure.trend
        if point.value is not None and metric.begun(last) == metric.begun(Month.parse(point.month))
    ]
    if len(known) < FEWEST_MONTHS or metric.window in ("week", "month"):
        return None
    (began, first), (ended, now) = known[0], known[-1]
    slope = (change(metric, now, first) or 0) / (ended - began)
    gap = float(metric.target or 0) - float(figure.value or 0)
    spread = max(value for _, value in known) - min(value for _, value in known)
    stands = abs(gap) > max(STANDING_MONTHS * abs(slope), STANDING_SHARE * spread)
    steps = [change(metric, b, a) or 0 for (_, a), (_, b) in pairwise(known)]
    turns = next((step * slope < 0 or not slope for step in reversed(steps) if step), False)
    if not slope or (slope > 0) != (gap > 0):
        return Pace(ended - began, slope, None, stands, turns)
    ahead = ceil(gap / slope - 1e-9)
    farthest = FARTHEST_MONTHS if (left := _left(metric, last)) is None else left
    month = last.shift(ahead) if ahead <= farthest else None
    return Pace(ended - began, slope, month, stands, turns)


def _left(metric: Metric, month: Month) -> int | None:
    """Return the months that are left of a count that begins anew: a pace ends with it; else None."""
    months, began = metric.anew_months(), metric.begun(month)
    return None if months is None or began is None else months - 1 - (month - began)


def to_target_sentence(gap: ToTarget) -> str:
    """Return what is between a figure and its target, and when it is reached at the present pace.

    Empty where no target holds.
    """
    figure, metric = gap.figure, gap.metric
    if figure.target_text is None:
        return ""
    if figure.value is None:
        return f"{metric.name}：{figure.reason}"
    if figure.status == TOO_FEW:
        return f"{metric.name}{figure.text}：{small_words(metric, figure.base or 0)}。"
    said = f"{metric.name}{figure.text}，"
    if figure.status == REACHED:
        return f"{said}已达标（{figure.target_text}）。"
    if gap.needed is None:
        return f"{said}{distance_words(figure) or figure.status}。"
    if out_of_reach := _out_of_reach(gap):
        return f"{said}{distance_words(figure)}；{out_of_reach}。"
    size = words.number(gap.needed, metric.numerator_unit)
    if metric.final and metric.kind == "ratio":
        well = "且全部" if metric.direction == "up" else "且无一"
        said += f"此后{metric.moves['came']}{size}{well}{metric.moves['counted']}才能达标"
    else:
        move = "gained" if metric.direction == "up" else "lost"
        again = "还须" if "{n}" in metric.moves[move] else "还须有"
        said += f"{again}{metric.move(move, size)}才能达标"
    said += f"（{figure.target_text}）"
    return f"{said}{'；' + _pace_words(gap.pace, metric) if gap.pace else ''}。"


def _out_of_reach(gap: ToTarget) -> str:
    """Return that the target is out of reach, of a count that ends with its year or quarter; or "".

    It is where more would have to come, and do well, than comes in the months that are left at
    the mean of those gone by.
    """
    metric, month = gap.metric, Month.parse(gap.figure.month)
    left, began = _left(metric, month), metric.begun(month)
    if not (metric.final and metric.kind == "ratio" and began and left is not None and gap.needed):
        return ""
    gone = month - began + 1
    if gap.needed * gone <= left * float(gap.figure.denominator or 0):
        return ""
    term = _TERMS[gone + left]
    if not left:
        return f"{term}已达不到目标"
    well = "全部" if metric.direction == "up" else "无一"
    ahead = round(float(gap.figure.denominator or 0) * (left / gone))
    came = f"{metric.moves['came']}{words.number(ahead, metric.denominator_unit)}"
    return f"照{term}以来的数量，余下{left}个月约{came}，即使{well}{metric.moves['counted']}也达不到目标"


def _pace_words(pace: Pace, metric: Metric) -> str:
    """Return when the target is reached at a pace, or that it is not."""
    span = f"近{pace.months}个月"
    if pace.stands:
        return f"{span}几乎没有变化，照此难以达标"
    if pace.turns:
        return f"{span}有升有降，尚难判断何时达标"
    moved = round(pace.per_month * pace.months, 9)  # of written values, to be divided by who reads
    pace_words = f"{span}共{words.change(moved, metric.unit)}，照此"
    if pace.month:
        return f"{pace_words}{pace.month.words}可达标"
    away = (pace.per_month > 0) != (metric.direction == "up")
    return f"{pace_words}{'' if away else _WITHIN.get(metric.anew_months() or 0, '三年内')}难以达标"


def nearest(
    reader: Reader,
    gap: ToTarget,
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
) -> pd.DataFrame:
    """Return the members that could turn, the nearest first: those of `members_of` and two columns.

    `weight` is how much each would give, `enough` marks the first that together reach the target.
    First comes what lacks least, where the metric's SQL tells (`lacks`), then what weighs most.
    None where the target is reached, of a metric whose members stay as they are (`final`), or
    whose members are two kinds of things.
    """
    metric = gap.metric
    rows = members_of(reader, metric.id, gap.figure.month, streets, community, variant)
    if metric.direction == "down" or metric.kind == "total":
        rows = rows.assign(weight=rows["numerator"].abs())
    else:
        rows = rows.assign(weight=rows["denominator"] - rows["numerator"])
    can_turn = gap.needed is not None and not metric.final and len(metric.entities) == 1
    rows = rows[(rows["weight"] > 0) & can_turn]
    rows = rows.sort_values(["lacks", "weight"], ascending=[True, False], kind="stable")
    before = rows["weight"].cumsum() - rows["weight"]
    return with_none(rows.assign(enough=before < (gap.needed or 0)).reset_index(drop=True))


def places_to_target(
    reader: Reader,
    metric_id: str,
    month: str,
    level: str,
    streets: Iterable[str] = (),
    variant: str = BASE,
) -> pd.DataFrame:
    """Return the rows of `place_table` with `needed`: how much each place lacks for itself.

    NA for a place that is not judged or has reached it.
    """
    places = place_table(reader, metric_id, month, level, streets, variant)
    metric = get_metric(metric_id)
    parts = zip(places["numerator"], places["denominator"], places["status"], strict=True)
    needed = [
        needed_to_target(metric, top, base) if status in (NEAR, MISSED) else None
        for top, base, status in parts
    ]
    places = places.assign(needed=pd.Series(needed, index=places.index, dtype="Int64"))
    return places.sort_values("needed", ascending=False, kind="stable", ignore_index=True)
