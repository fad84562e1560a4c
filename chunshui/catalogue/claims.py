"""Published figures beside computed ones: 一致, 不一致, 口径不明 or 无数据.

A metric names the claim it is set beside (`claim`), or the claim of which it is another possible
reading (`other_reading`). Where a report does not say which reading it means and the readings
disagree, the answer is 口径不明 and the note gives every reading's number; the page never picks
the one that fits.

No report says of which month its figures are, so each is set beside the last month of the version,
whatever month a page shows: the figures of a January are not what was published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from chunshui import words
from chunshui.catalogue.figure import Figure
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.metric import Metric, all_metrics
from chunshui.catalogue.stored import version_months
from chunshui.warehouse import Reader
from chunshui.words import AGREES, DIFFERS, NO_DATA, UNCLEAR

_PREFIXES = {"万": 10_000, "亿": 100_000_000}
_WORDS = {"=": "", ">": "超", ">=": "不少于", "<": "不到", "<=": "不超过"}


@dataclass(frozen=True)
class Claim:
    """One published figure and what this version computes.

    `claimed` and `computed` are in the claim's own unit (34.9 for 34.9亿元); `holds` says
    whether the system's own reading meets the claim, None without a value. `note` is Chinese.
    """

    claim_id: str
    subject: str
    comparator: str
    claimed: float
    computed: float | None
    unit: str
    claimed_text: str
    computed_text: str
    status: str
    holds: bool | None
    note: str
    quote: str
    metric_id: str | None
    month: str


class _Published(NamedTuple):
    """A row of `views/claims`."""

    claim_id: str
    subject: str
    comparator: str
    value: float
    unit: str
    quote: str


def claims_of(reader: Reader) -> list[Claim]:
    """Return every claim of the version beside the district's figure of its last month."""
    month = str(version_months(reader)[-1])
    rows = reader.query("views/claims").itertuples(index=False, name=None)
    metrics = all_metrics().values()
    compared = [metric.id for metric in metrics if metric.claim or metric.other_reading]
    figures = figures_of(reader, compared, month, months=1)
    return [_claim(_Published(*row), metrics, figures, month) for row in rows]


def holds(computed: float, comparator: str, claimed: float) -> bool:
    """Whether a computed value meets a claim; an equality is held to the claim's own precision."""
    if comparator == "=":
        return round(computed, _decimals(claimed)) == claimed
    return {
        ">": computed > claimed,
        ">=": computed >= claimed,
        "<": computed < claimed,
        "<=": computed <= claimed,
    }[comparator]


def factor(claim_unit: str, metric_unit: str) -> float | None:
    """Return by what a metric's value is divided to stand in the claim's unit; None if unlike."""
    if claim_unit == metric_unit:
        return 1
    prefix, rest = claim_unit[0], claim_unit[1:]
    # A report counts heads and turns alike as 人; the metric says which of the two it counts.
    return _PREFIXES.get(prefix) if rest == metric_unit.removesuffix("次") else None


def _claim(
    row: _Published, metrics: Iterable[Metric], figures: Mapping[str, Figure], month: str
) -> Claim:
    own = next((metric for metric in metrics if metric.claim == row.claim_id), None)
    others = [metric for metric in metrics if metric.other_reading == row.claim_id]
    computed = None if own is None else _in_unit(figures[own.id], row.unit)
    met = None if own is None else _met(figures[own.id], row)
    answers = {met, *(_met(figures[other.id], row) for other in others)} - {None}
    return Claim(
        claim_id=row.claim_id,
        subject=row.subject,
        comparator=row.comparator,
        claimed=row.value,
        computed=computed,
        unit=row.unit,
        claimed_text=_WORDS[row.comparator] + _written(row.value, row.unit),
        computed_text=words.MISSING if own is None or met is None else figures[own.id].text,
        status=UNCLEAR if met is not None and len(answers) > 1 else _verdict(met),
        holds=met,
        note=_note(row, own, others, figures),
        quote=row.quote,
        metric_id=own.id if own else None,
        month=month,
    )


def _note(
    row: _Published, own: Metric | None, others: list[Metric], figures: Mapping[str, Figure]
) -> str:
    if own is None:
        return "没有指标对应这项公开数据。"
    if _met(figures[own.id], row) is None:
        return figures[own.id].reason or "单位不同，无法比较。"
    if not others:
        return own.caveat
    readings = [
        f"按“{metric.name}”为{figures[metric.id].text}，{_verdict(_met(figures[metric.id], row))}"
        for metric in (own, *others)
    ]
    return f"{own.caveat}{'；'.join(readings)}。"


def _verdict(met: bool | None) -> str:
    return NO_DATA if met is None else AGREES if met else DIFFERS


def _met(figure: Figure, row: _Published) -> bool | None:
    computed = _in_unit(figure, row.unit)
    return None if computed is None else holds(computed, row.comparator, row.value)


def _in_unit(figure: Figure, unit: str) -> float | None:
    divisor = factor(unit, figure.metric.unit)
    return None if divisor is None or figure.value is None else figure.value / divisor


def _written(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value:g}%"
    divisor = _PREFIXES.get(unit[0])
    if divisor or value < 10_000:
        return f"{value:,g}{unit}"
    return words.number(value, unit)


def _decimals(value: float) -> int:
    return len(f"{value:.10g}".partition(".")[2])
