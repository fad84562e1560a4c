"""Ask a metric: its figure for any scope and month, with its trend, under any way of counting.

A scope is a choice of streets (codes; none means the whole district) or one community. Values
are read from `metric_value`, filled at publish from the same SQL that lists the members.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import Figure, Point, values, written
from chunshui.catalogue.fill import quantiles
from chunshui.catalogue.metric import BASE, Metric, get_metric
from chunshui.catalogue.stored import SUMS, Sums, known_month, stored_values
from chunshui.month import Month
from chunshui.warehouse import Reader

TREND_MONTHS = 36
THIS_METRIC = "本指标"  # stands for its name in a reason


def figure_of(
    reader: Reader,
    metric_id: str,
    month: str,
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
    months: int = TREND_MONTHS,
) -> Figure:
    """Return one metric's figure for a scope; `months` is the length of its trend.

    Raises `CatalogueError` for an unknown metric or variant, or a month the version lacks.
    """
    return figures_of(reader, [metric_id], month, streets, community, variant, months)[metric_id]


def figures_of(
    reader: Reader,
    metric_ids: Iterable[str],
    month: str,
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
    months: int = TREND_MONTHS,
) -> dict[str, Figure]:
    """Return the figures of several metrics at once, by id, in the order asked."""
    metrics = [get_metric(metric_id) for metric_id in metric_ids]
    streets = tuple(streets)
    last = known_month(reader, month)
    stored = stored_values(reader, variant)
    first = last.shift(-max(months - 1, 12))
    span = [one for one in stored.months if first <= one <= last]
    sums = stored.summed(metrics, span, streets, community)
    shown = _Span(
        [str(one) for one in span],
        sum(last - one >= months for one in span),
        str(stored.months[0]),
        *(span.index(one) if (one := last.shift(-back)) in span else None for back in (1, 12)),
    )
    level = "community" if community else ("district", "street", "streets")[min(len(streets), 2)]
    if len(streets) > 1 and community is None:
        # Quantiles do not add up: for a choice of streets the members are asked again.
        sums |= {
            metric.id: _asked_quantiles(reader, metric, streets, variant, span)
            for metric in metrics
            if metric.kind == "quantile"
        }
    return {
        metric.id: _figure(
            metric,
            variant,
            shown,
            sums.get(metric.id),
            stored.unmeasured(metric) or _unplaceable(metric, streets, community),
            level,
        )
        for metric in metrics
    }


def variants_of(
    reader: Reader,
    metric_id: str,
    month: str,
    streets: Iterable[str] = (),
    community: str | None = None,
) -> pd.DataFrame:
    """Return the figure under every accepted definition: the band the page shows.

    One row per variant, the base first: variant, variant_name, value, numerator, denominator,
    text, fraction, status, difference (to the base).
    """
    variants = get_metric(metric_id).variants
    streets = tuple(streets)
    figures = [
        figure_of(reader, metric_id, month, streets, community, variant.id, months=1)
        for variant in variants
    ]
    return pd.DataFrame(
        [
            {
                "variant": variant.id,
                "variant_name": variant.name,
                "value": figure.value,
                "numerator": figure.numerator,
                "denominator": figure.denominator,
                "text": figure.text,
                "fraction": figure.fraction_text,
                "status": figure.status,
                "difference": words.difference(
                    written(figure.metric, figure.value, variant.id),
                    written(figure.metric, figures[0].value),
                ),
            }
            for variant, figure in zip(variants, figures, strict=True)
        ]
    )


def _asked_quantiles(
    reader: Reader, metric: Metric, streets: tuple[str, ...], variant: str, months: Sequence[Month]
) -> Sums:
    """Return the sums (3, months) of a quantile of several streets together."""
    statement, params = quantiles(metric, metric.variant(variant), months, streets)
    with metric.named_in_errors():
        rows = reader.frame(statement, **params)
    rows = rows[rows["street_code"].isna()].set_index("month")
    whole = rows.reindex(pd.to_datetime([month.first for month in months]))[SUMS]
    sums: Sums = whole.to_numpy(dtype=float).T
    return sums


_WHEN = re.compile(r"^(本年到|年初至|到)?月末(累计|的)?")


class _Span(NamedTuple):
    """Months, oldest first, and which of them the trend begins with and a change is said against."""

    months: list[str]
    first: int
    known_from: str
    month_before: int | None
    year_before: int | None


def _figure(
    metric: Metric,
    variant: str,
    span: _Span,
    sums: Sums | None,
    unknowable: str | None,
    level: str,
) -> Figure:
    """Make the figure of the last month of `span`; `sums` is None for a metric not built."""
    points: list[Point] = []
    members = 0
    if sums is not None:
        numerators, denominators, counted = sums
        given = values(metric, numerators, denominators)
        if unknowable:
            given = np.full(len(span.months), np.nan)
        elif counted[-1] > 0:
            members = int(counted[-1])
        if metric.kind == "total":
            numerators, denominators = given, np.full(len(span.months), np.nan)
        columns = (
            [None if cell != cell else cell for cell in column.tolist()]
            for column in (given, numerators, denominators)
        )
        points = list(map(Point, span.months, *columns))
    own = points[-1] if points else Point(span.months[-1], None, None, None)
    before = [
        points[at].value if points and at is not None else None
        for at in (span.month_before, span.year_before)
    ]
    return Figure(
        metric=metric,
        variant=metric.variant(variant).id,
        month=own.month,
        value=own.value,
        numerator=own.numerator,
        denominator=own.denominator,
        members=members,
        previous_month=before[0],
        previous_year=before[1],
        reason=None if own.value is not None else unknowable or reason(metric, bool(points)),
        level=level,
        trend=tuple(points[span.first :]),
        known_from=span.known_from,
    )


def reason(metric: Metric, built: bool) -> str:
    """Return why a figure that could be placed has no value."""
    if not built:
        return "本版本发布时还没有这项指标，重新发布即可算出。"
    if metric.kind == "quantile":
        return f"没有可计的{words.entity(metric.entities[0])}。"
    # When it is counted stands beside it; of a year it is said that there was none in it.
    lacking = _WHEN.sub("", metric.denominator or "")
    year = "本年" if (metric.denominator or "").startswith(("本年", "年初")) else ""
    return f"{year}没有{lacking}，不计{metric.short}。"


def _unplaceable(metric: Metric, streets: tuple[str, ...], community: str | None) -> str | None:
    """Return why a metric cannot be given for a scope finer than it knows; None if it can."""
    if metric.level == "district" and (streets or community):
        return f"{THIS_METRIC}只在全区统计，不分到街道、社区。"
    if metric.level == "street" and community:
        return f"{THIS_METRIC}统计到街道，不分到社区。"
    return None
