"""Published figures beside computed ones: 一致, 不一致, 口径不明 or 无数据.

What was published is a ledger of the district's own: each row names the metric it is set beside and
the metrics that are other possible readings of it. Where a report does not say which reading it means and the readings
disagree, the answer is 口径不明 and the note gives every reading's number; the page never picks
the one that fits.

No report says of which month its figures are, so each is set beside the last month of the version,
whatever month a page shows: the figures of a January are not what was published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import duckdb
import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import Figure
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.metric import all_metrics
from chunshui.catalogue.stored import version_months
from chunshui.warehouse import Reader
from chunshui.words import AGREES, DIFFERS, NO_DATA, UNCLEAR

_PREFIXES = {"万": 10_000, "亿": 100_000_000}
_WORDS = {"等于": "", "超过": "超"}  # what is said before the figure, if not the comparator itself


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
    """A row of `views/claims`; `metrics` are those of its readings, the system's own first."""

    claim_id: str
    subject: str
    comparator: str
    value: float
    unit: str
    metrics: tuple[str, ...]
    quote: str
    note: str


def claims_of(reader: Reader) -> list[Claim]:
    """Return every claim of the version beside the district's figure of its last month."""
    month = str(version_months(reader)[-1])
    rows = _rows(reader)
    compared = list(dict.fromkeys(metric for row in rows for metric in row.metrics))
    figures = figures_of(reader, compared, month, months=1)
    return [_claim(row, [figures[one] for one in row.metrics], month) for row in rows]


def has_claims(reader: Reader) -> bool:
    """Whether anything was published about the district."""
    return bool(_rows(reader))


def _rows(reader: Reader) -> list[_Published]:
    try:
        rows = reader.query("views/claims")
    except duckdb.BinderException:  # of earlier software, whose claims are not the district's own
        return []
    return [_published(row) for row in rows.itertuples(index=False)]


def _published(row: Any) -> _Published:
    own, others, note = (
        "" if pd.isna(text) else text for text in (row.metric_id, row.other_metrics, row.note)
    )
    readings = [one.strip() for one in (own, *others.replace("；", ";").split(";"))] if own else []
    known = tuple(one for one in readings if one in all_metrics())  # of older software, too
    value, unit = float(row.value), str(row.unit)
    return _Published(
        row.claim_id, row.subject, row.comparator, value, unit, known, row.quote, note
    )


def holds(computed: float, comparator: str, claimed: float) -> bool:
    """Whether a computed value meets a claim; an equality is held to the claim's own precision."""
    return {
        "等于": round(computed, _decimals(claimed)) == claimed,
        "超过": computed > claimed,
        "不少于": computed >= claimed,
        "不到": computed < claimed,
        "不超过": computed <= claimed,
    }[comparator]


def factor(claim_unit: str, metric_unit: str) -> float | None:
    """Return by what a metric's value is divided to stand in the claim's unit; None if unlike."""
    if claim_unit == metric_unit:
        return 1
    prefix, rest = claim_unit[0], claim_unit[1:]
    # A report counts heads and turns alike as 人; the metric says which of the two it counts.
    return _PREFIXES.get(prefix) if rest == metric_unit.removesuffix("次") else None


def _claim(row: _Published, readings: Sequence[Figure], month: str) -> Claim:
    own = readings[0] if readings else None
    computed = None if own is None else _in_unit(own, row.unit)
    met = None if own is None else _met(own, row)
    answers = {_met(figure, row) for figure in readings} - {None}
    return Claim(
        claim_id=row.claim_id,
        subject=row.subject,
        comparator=row.comparator,
        claimed=row.value,
        computed=computed,
        unit=row.unit,
        claimed_text=_WORDS.get(row.comparator, row.comparator) + _written(row.value, row.unit),
        computed_text=words.MISSING if own is None or met is None else own.text,
        status=UNCLEAR if met is not None and len(answers) > 1 else _verdict(met),
        holds=met,
        note=_note(row, readings),
        quote=row.quote,
        metric_id=own.metric.id if own else None,
        month=month,
    )


def _note(row: _Published, readings: Sequence[Figure]) -> str:
    if not readings:
        return "没有指标对应这项公开数据。"
    if _met(readings[0], row) is None:
        return readings[0].reason or "单位不同，无法比较。"
    about = (row.note and row.note.rstrip("。") + "。") + readings[0].metric.caveat
    if len(readings) == 1:
        return about
    said = [f"按“{one.metric.name}”为{one.text}，{_verdict(_met(one, row))}" for one in readings]
    return f"{about}{'；'.join(said)}。"


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
