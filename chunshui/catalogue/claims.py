"""Published figures beside computed ones: 一致, 不一致, 口径不明 or 无数据.

A metric names the claim it is set beside (`claim`), or the claim of which it is another possible
reading (`other_reading`). Where a report does not say which reading it means and the readings
disagree, the answer is 口径不明 and the note gives every reading's number; the page never picks
the one that fits.
"""

from dataclasses import dataclass

import pandas as pd

from chunshui import words
from chunshui.catalogue import metric as catalogue
from chunshui.catalogue import runner
from chunshui.catalogue.metric import Metric
from chunshui.warehouse import Reader

AGREES, DIFFERS, UNCLEAR, NO_DATA = "一致", "不一致", "口径不明", "无数据"
_PREFIXES = {"万": 10_000, "亿": 100_000_000}
_WORDS = {"=": "", ">": "超", ">=": "不少于", "<": "不到", "<=": "不超过"}


@dataclass(frozen=True)
class Claim:
    """One published figure and what this version computes.

    `claimed` and `computed` are in the claim's own unit (34.9 for 34.9 亿元); `holds` says
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


def claims(reader: Reader, month: str) -> list[Claim]:
    """Set every claim of the version beside the district's figure of the month."""
    rows = reader.query("views/claims")
    metrics = catalogue.load_all().values()
    asked = [metric.id for metric in metrics if metric.claim or metric.other_reading]
    figures = runner.figures(reader, asked, month, months=1)
    return [_claim(row, metrics, figures) for row in rows.itertuples()]


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
    return _PREFIXES.get(prefix) if rest == metric_unit else None


def _claim(row, metrics, figures) -> Claim:
    own = next((metric for metric in metrics if metric.claim == row.claim_id), None)
    computed = _in_unit(own, figures, row.unit)
    met = None if computed is None else holds(computed, row.comparator, row.value)
    others = [metric for metric in metrics if metric.other_reading == row.claim_id]
    answers = {met} | {_met(other, figures, row) for other in others} - {None}
    if met is None:
        status = NO_DATA
    elif len(answers) > 1:
        status = UNCLEAR
    else:
        status = AGREES if met else DIFFERS
    return Claim(
        claim_id=row.claim_id,
        subject=row.subject,
        comparator=row.comparator,
        claimed=row.value,
        computed=computed,
        unit=row.unit,
        claimed_text=_WORDS[row.comparator] + _written(row.value, row.unit),
        computed_text=words.MISSING if computed is None else figures[own.id].text,
        status=status,
        holds=met,
        note=_note(row, own, others, figures, met),
        quote=row.quote,
        metric_id=own.id if own else None,
    )


def _note(row, own: Metric | None, others: list[Metric], figures, met: bool | None) -> str:
    if own is None:
        return "没有指标对应这项公开数据。"
    if met is None:
        return figures[own.id].reason or "单位不同，无法比较。"
    if not others:
        return own.caveat
    readings = [_reading(metric, figures, row) for metric in (own, *others)]
    return f"{own.caveat}{'；'.join(readings)}。"


def _reading(metric: Metric, figures, row) -> str:
    met = _met(metric, figures, row)
    verdict = NO_DATA if met is None else AGREES if met else DIFFERS
    return f"按“{metric.name}”为 {figures[metric.id].text}，{verdict}"


def _met(metric: Metric, figures, row) -> bool | None:
    computed = _in_unit(metric, figures, row.unit)
    return None if computed is None else holds(computed, row.comparator, row.value)


def _in_unit(metric: Metric | None, figures, unit: str) -> float | None:
    if metric is None or figures[metric.id].value is None:
        return None
    divisor = factor(unit, metric.unit)
    return None if divisor is None else figures[metric.id].value / divisor


def _written(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value:g}%"
    divisor = _PREFIXES.get(unit[0])
    if divisor or value < 10_000:
        return f"{value:,g} {unit}"
    return words.number(value, unit)


def _decimals(value: float) -> int:
    return len(f"{value:.10g}".partition(".")[2])


def frame(found: list[Claim]) -> pd.DataFrame:
    """Return the claims as a table: claim_id, subject, claimed_text, computed_text, status, note."""
    columns = ["claim_id", "subject", "claimed_text", "computed_text", "status", "note", "quote"]
    return pd.DataFrame([[getattr(one, c) for c in columns] for one in found], columns=columns)
