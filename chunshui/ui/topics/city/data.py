"""What the page of a city shows, asked of its edition and kept beside that.

A district's figure is one of the catalogue: written, judged and compared with the months before as
on the district's own pages.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chunshui.catalogue.figure import Figure, Point, wilson
from chunshui.catalogue.figures import TREND_MONTHS
from chunshui.catalogue.funnel import is_trials
from chunshui.catalogue.metric import BASE, Metric, get_metric
from chunshui.catalogue.target_grid import aimed, furthest_first
from chunshui.city import comparison
from chunshui.city.comparison import Total
from chunshui.city.edition import CityEdition, Pinned
from chunshui.month import Month
from chunshui.ui.data import FIRST_METRIC
from chunshui.ui.data.remembering import beside


@dataclass(frozen=True)
class Standing:
    """A district beside the others. `rank` is None where it is in no rank, and `differs` or `reason` say why.

    `span` holds the rate with 95 % certainty, in the metric's unit; None where chance has no part.
    """

    pinned: Pinned
    figure: Figure
    rank: int | None
    comparable: bool
    differs: str
    span: tuple[float, float] | None


@beside
def standings(edition: CityEdition, metric_id: str, month: str) -> tuple[Standing, ...]:
    """Return every district, the worst first, then those without a rank: the order of `comparison.ranking`."""
    metric = get_metric(metric_id)
    rows = comparison.ranking(edition, metric_id, BASE, month, _figures(edition, metric_id))
    trends = _trends(edition, metric_id)
    spans = _spans(metric, rows)
    known = {one.district: one for one in edition.districts}
    return tuple(
        Standing(
            known[row.district],
            _figure(metric, row, known[row.district], trends.get(row.district, {}), month),
            None if np.isnan(row.rank) else int(row.rank),
            bool(row.comparable),
            row.differs,
            span,
        )
        for row, span in zip(rows.itertuples(), spans, strict=True)
    )


def _figure(
    metric: Metric, row: Any, pinned: Pinned, trend: dict[str, Point], month: str
) -> Figure:
    last = Month.parse(month)
    months = [str(last.shift(-back)) for back in reversed(range(TREND_MONTHS))]
    earlier = [trend.get(str(last.shift(-back))) for back in (1, 12)]
    if pinned.carried:  # what stands for a month that was not reported has not moved
        earlier = [None, None]
    value, numerator, denominator = (
        None if pd.isna(one) else float(one) for one in (row.value, row.numerator, row.denominator)
    )
    return Figure(
        metric=metric,
        variant=BASE,
        month=month,
        value=value,
        numerator=numerator,
        denominator=denominator,
        members=int(row.members),
        previous_month=earlier[0].value if earlier[0] else None,
        previous_year=earlier[1].value if earlier[1] else None,
        reason=row.reason or None,
        trend=tuple(trend[one] for one in months if one in trend),
        known_from=pinned.since,
    )


@beside
def _aimed(edition: CityEdition) -> dict[str, comparison.Figures]:
    """Return the metrics that have a target in all months, asked at once."""
    return comparison.figures(edition, [one.id for one in aimed()], BASE, edition.months)


@beside
def _figures(edition: CityEdition, metric_id: str) -> comparison.Figures:
    """Return a metric in all months: another month is then not asked for."""
    known = _aimed(edition)
    if metric_id not in known:
        known = comparison.figures(edition, [metric_id], BASE, edition.months)
    return known[metric_id]


@beside
def _trends(edition: CityEdition, metric_id: str) -> dict[str, dict[str, Point]]:
    """Return the months of each district counted, by district and month."""
    of = _figures(edition, metric_id)
    rows = np.moveaxis(
        of.cells[[3, 0, 1]], 0, 2
    )  # by district and month value, numerator, denominator
    return {
        one.district: {
            month: Point(month, *(None if cell != cell else float(cell) for cell in cells))
            for month, cells in zip(of.months, own, strict=True)
        }
        for one, way, own in zip(edition.districts, of.way, rows, strict=True)
        if one.counted and way >= 0
    }


def _spans(metric: Metric, rows: pd.DataFrame) -> list[tuple[float, float] | None]:
    """Return the interval of each rate; None where each hit is not one thing, or is so on one day: a fact."""
    sums = rows[["numerator", "denominator", "members"]].astype(float)
    known = sums[rows["value"].notna()].to_numpy().T
    if metric.kind != "ratio" or metric.window == "as-of" or not is_trials(*known):
        return [None] * len(rows)
    return [
        (metric.scale * low, metric.scale * high)
        for low, high in (
            wilson(hits / cases, int(cases)) if cases > 0 else (np.nan, np.nan)
            for hits, cases, _ in sums.to_numpy()
        )
    ]


def ranked(edition: CityEdition, metric_id: str, month: str) -> dict[str, Figure]:
    """Return the figures of the districts that have a rank, by code, the best first."""
    found = reversed(standings(edition, metric_id, month))
    return {one.pinned.district: one.figure for one in found if one.rank is not None}


@beside
def total(edition: CityEdition, metric_id: str, month: str) -> Total:
    """Return the figure of the whole city."""
    known = {metric_id: _figures(edition, metric_id)}
    return comparison.totals(edition, known, BASE, month, known)[metric_id]


@beside
def targeted(edition: CityEdition, month: str) -> list[Figure]:
    """Return the city's figures that have a target, the furthest from it first."""
    known = _aimed(edition)
    found = comparison.totals(edition, known, BASE, month, known)
    return furthest_first(one.figure for one in found.values())


@beside
def often_last(edition: CityEdition, month: str) -> tuple[list[Pinned], int, int]:
    """Return the districts that are last by most of the metrics with a target, by how many, of how many."""
    lasts, asked = Counter[str](), 0
    codes = edition.table["district"].to_numpy()
    for known in _aimed(edition).values():
        ranks = comparison.ranks(edition, known, month)
        worst = codes[ranks == np.nanmax(ranks, initial=0)]
        if len(worst) < np.isfinite(ranks).sum():  # else all are alike, or alone
            asked += 1
            lasts.update(worst)
    most = max(lasts.values(), default=0)
    return [one for one in edition.districts if most and lasts[one.district] == most], most, asked


@beside
def streets(edition: CityEdition, metric_id: str, month: str) -> pd.DataFrame:
    """Return the streets of each district that have a value (columns as `comparison.street_values`)."""
    rows = comparison.street_values(edition, metric_id, BASE, month)
    return rows[rows["value"].notna()]


def prepare(edition: CityEdition) -> None:
    """Ask what the page shows first, so that its first visitor need not wait."""
    month = edition.months[-1]
    targeted(edition, month)
    often_last(edition, month)
    streets(edition, FIRST_METRIC, month)
