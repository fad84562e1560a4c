"""与上次相比: what moved since the last material of the same kind, which was frozen with its figures.

What the last one said stands beside what is so now. A stock that is counted in full moves as it
moves; of cases only what is more than chance is told, all comparisons held together
(`ranking.progress`, `weekly.chance`). Why it moved is the catalogue's decomposition.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from chunshui import words
from chunshui.catalogue import figure as catalogue
from chunshui.catalogue.figure import written
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.stored import version_months
from chunshui.catalogue.why import change_of, member_flows, why_sentence
from chunshui.month import Month
from chunshui.ranking.progress import FEWEST, named, window
from chunshui.snapshots import model
from chunshui.snapshots.sections.job import Job, where
from chunshui.snapshots.sections.members import definition_of
from chunshui.snapshots.selection import CHOICES, Choice
from chunshui.weekly.chance import chance
from chunshui.words import MISSED, NEAR, REACHED

GAINED, LOST = "新达标", "跌出达标"
BETTER, WORSE, NEUTRAL = "变好", "变差", "增减"
_ORDER = (LOST, GAINED, WORSE, BETTER, NEUTRAL)
BEYOND, WITHIN = "超出偶然波动", "在偶然波动之内"
COUNTED, UNTESTED = "清点的实数", "不作检验"
_STOCKS = ("as-of", "cumulative")
_WHY_LENGTH = 90  # characters of a reason, with its metric's name


@dataclass(frozen=True)
class _Moved:
    """One figure beside the one that was told; `judged` is what there is to say of chance."""

    metric: Metric
    before: model.Figure
    after: catalogue.Figure
    judged: str

    @property
    def size(self) -> float | None:
        """The later value as it is written less the one that was told."""
        return catalogue.change(self.metric, self.after.value, self.before.value)

    @property
    def verdict(self) -> str:
        """新达标, 跌出达标, 变好, 变差 or 增减; nothing where it neither crossed nor moved by more than chance."""
        missed = (NEAR, MISSED)
        if self.after.status == REACHED and self.before.status in missed:
            return GAINED
        if self.before.status == REACHED and self.after.status in missed:
            return LOST
        if not self.size or self.judged not in (BEYOND, COUNTED):
            return ""
        better = catalogue.is_better(self.metric, self.size)
        return NEUTRAL if better is None else BETTER if better else WORSE


def since_last(job: Job, choice: Choice) -> model.Table | None:
    """What crossed its target or moved since the last material, and why; None where there is none before."""
    past = job.selection.past
    if past is None:
        return None
    moved = _compared(job, past)
    told = sorted(
        (one for one in moved if one.verdict),
        key=lambda one: (_ORDER.index(one.verdict), one.judged != BEYOND),
    )
    then = Month.parse(past.as_of).words
    heads = ("判断", "指标", "上次", "本次", "变化", "为什么")
    rows = tuple(_row(job, past, one) for one in told)
    heading = f"{CHOICES[choice.kind]} · 上次为{then}（{past.snapshot}）"
    crossed = sum(one.verdict in (GAINED, LOST) for one in told)
    number = (f"{crossed}项", f"与{then}相比越过目标线")
    return model.Table(
        _title(moved, told, then), heading, tuple(map(model.Column, heads)), rows, len(rows), number
    )


def _title(moved: list[_Moved], told: list[_Moved], then: str) -> str:
    """Say what crossed and what moved, by name, and what became of the others."""
    if not moved:
        return f"与上次（{then}）没有可比的指标"
    parts = []
    for what in _ORDER:
        names = [one.metric.name for one in told if one.verdict == what]
        parts += [f"{what}{len(names)}项：{words.joined(names, 3, '项')}"] if names else []
    if not any(one.verdict in (GAINED, LOST) for one in told):
        parts.insert(0, "没有指标越过目标线")
    untested = sum(bool(one.size) and one.judged == UNTESTED for one in moved if not one.verdict)
    if rest := len(moved) - len(told) - untested:
        parts.append(f"{'其余' if told else ''}{rest}项变化不大")
    parts += [f"{untested}项件数少，不作比较"] if untested else []
    return f"与上次（{then}）相比，{'；'.join(parts)}"


def _compared(job: Job, past: model.Past) -> list[_Moved]:
    """The figures of the whole scope that both materials have and that count alike."""
    month, then = Month.parse(job.selection.month), Month.parse(past.as_of)
    told = {figure.metric: figure for figure in past.figures}
    pairs = []
    for metric_id, figure in job.figures.items():
        before, metric = told.get(metric_id), figure.metric
        if before is None or None in (before.value, figure.value):
            continue
        if metric.comparable(month, then) and _counts_alike(metric, past):
            pairs.append((metric, before, figure))
    chances = [_chance(*pair, nested=month.year == then.year) for pair in pairs]
    p = np.array([np.nan if one is None else one for one in chances], dtype=float)
    stands = named(np.nan_to_num(p, nan=1.0), ~np.isnan(p)) if len(p) else p
    moved = []
    for (metric, before, figure), chance_, stand in zip(pairs, chances, stands, strict=True):
        judged = BEYOND if stand else WITHIN
        if chance_ is None:
            judged = COUNTED if metric.window in _STOCKS and metric.kind != "quantile" else UNTESTED
        moved.append(_Moved(metric, before, figure, judged))
    return moved


def _counts_alike(metric: Metric, past: model.Past) -> bool:
    """Whether the metric is defined as it was when the last material was frozen."""
    was = next((one for one in past.definitions if one.metric == metric.id), None)
    now = definition_of(metric)
    return was is not None and all(
        getattr(was, key) == getattr(now, key)
        for key in ("numerator", "denominator", "unit", "window", "target")
    )


def _chance(
    metric: Metric, before: model.Figure, after: catalogue.Figure, *, nested: bool
) -> float | None:
    """Return how likely so large a change is by chance; None where it is no question of chance or too few.

    A rate of the year to date is that of the cases told then and of those since: these are held against each other.
    """
    if metric.window in _STOCKS or metric.kind == "quantile":
        return None
    nested = nested and metric.window in ("year-to-date", "quarter")
    if metric.kind == "total":
        pair = (int(after.value or 0), int(before.value or 0))
        return None if nested or metric.unit == "元" else chance(pair)
    sides = np.array([
        [before.numerator or 0, before.denominator or 0],
        [after.numerator or 0, after.denominator or 0],
    ], dtype=float)  # fmt: skip
    is_trials = (
        after.members == after.numerator and metric.numerator_unit == metric.denominator_unit
    )
    if nested:
        sides[1] -= sides[0]
    hits, cases = sides.T
    if not is_trials or (hits < 0).any() or (hits > cases).any() or cases.min() < FEWEST:
        return None
    # The spread of both leans on the rate of all, so that 30 of 30 is not known for certain.
    both = window(hits, cases)
    error = float(np.sqrt(both.variance.sum()))
    return float(2 * ndtr(-abs(both.rate[1] - both.rate[0]) / error)) if error else None


def _row(job: Job, past: model.Past, one: _Moved) -> tuple[str, ...]:
    # A stock moved as it moved; of cases it is said whether by more than chance.
    judged = one.verdict + (f"（{one.judged}）" if one.judged in (BEYOND, WITHIN) else "")
    size = "" if one.size is None else words.change(one.size, one.metric.unit, "")
    return (judged, one.metric.name, one.before.shown, one.after.text, size, _why(job, past, one))


def _why(job: Job, past: model.Past, one: _Moved) -> str:
    """Why it moved: by the ledgers as they are now, and what was corrected since the last material."""
    metric, month = one.metric, job.selection.month
    if Month.parse(past.as_of) not in version_months(job.reader):
        return ""
    asked = (job.reader, metric.id, month, past.as_of)
    change = change_of(*asked, "community" if job.around else "street", *where(job))
    sentence = why_sentence(change, member_flows(*asked, *where(job)), _WHY_LENGTH)
    reasons = sentence.removesuffix("。").partition("：")[2]
    now_then = written(metric, change.before.value).text
    if now_then != one.before.shown:
        corrected = f"{Month.parse(past.as_of).words}的数经更正为{now_then}"
        return f"{corrected}；{reasons}" if reasons else corrected
    return reasons
