"""Ask a metric with parameters of the reader's choice: its own SQL, run on the spot.

What a page lets its reader turn (minutes, hour, function) cannot be stored for every month; the
SELECT of the metric's file is run as it is, with other values for what the file declares.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue import frontmatter, values
from chunshui.catalogue import metric as catalogue
from chunshui.catalogue.metric import CatalogueError, Metric
from chunshui.catalogue.places import inside
from chunshui.warehouse import Reader, sql

PLACES = ["street_code", "street_name", "community_code", "community_name"]


@dataclass(frozen=True)
class Live:
    """A ratio asked with some parameters, for a scope of the `district`, its sums by community.

    `places` has one row per community of the scope: PLACES, numerator, denominator, value, text,
    fraction, rest (denominator less numerator: who is not counted), the greatest rest first.
    """

    metric: Metric
    params: dict
    district: pd.DataFrame = field(repr=False)
    streets: tuple[str, ...] = ()
    community: str | None = None

    @cached_property
    def _inside(self) -> np.ndarray:
        return inside(self.district, self.streets, self.community)

    @property
    def sums(self) -> pd.DataFrame:
        """The communities of the scope: PLACES, numerator, denominator."""
        return self.district[self._inside]

    @cached_property
    def numerator(self) -> float:
        """The numerators of the scope added up."""
        return float(self.district["numerator"].to_numpy()[self._inside].sum())

    @cached_property
    def denominator(self) -> float:
        """The denominators of the scope added up."""
        return float(self.district["denominator"].to_numpy()[self._inside].sum())

    @property
    def value(self) -> float | None:
        """The ratio of the sums; None without a denominator."""
        if not self.denominator > 0:
            return None
        return self.metric.scale * self.numerator / self.denominator

    @cached_property
    def places(self) -> pd.DataFrame:
        """The communities with what is written of each."""
        return _dressed(self.metric, self.sums)

    @property
    def rest(self) -> float:
        """How much of the denominator is not in the numerator."""
        return self.denominator - self.numerator

    @property
    def text(self) -> str:
        """The value as it is written."""
        return words.number(self.value, self.metric.unit)

    @property
    def fraction_text(self) -> str:
        """n/N in small print."""
        return words.fraction(
            self.numerator,
            self.denominator,
            self.metric.numerator_unit,
            self.metric.denominator_unit,
        )


def ask(
    reader: Reader,
    metric_id: str,
    month: str,
    params: dict,
    streets: tuple[str, ...] = (),
    community: str | None = None,
) -> Live:
    """Run one ratio metric for a month with `params` in place of its own, for a scope.

    Raises `CatalogueError` for a parameter that the metric does not declare.
    """
    found = places(reader, metric_id, month, params)
    return Live(catalogue.get(metric_id), params, found, tuple(streets), community)


def places(reader: Reader, metric_id: str, month: str, params: dict) -> pd.DataFrame:
    """Return the sums of a month by community: PLACES, numerator, denominator."""
    metric = catalogue.get(metric_id)
    own = metric.query_parameters(catalogue.parse_month(month)) | _own(metric, params)
    return reader.frame(frontmatter.around(metric.sql, sql.text("catalogue/live_sums")), **own)


def every_month(reader: Reader, metric_id: str, params: dict) -> dict[str, pd.DataFrame]:
    """Return `places` of every month of the version, by month: one statement for them all."""
    metric = catalogue.get(metric_id)
    days = [day.date() for day in reader.query("catalogue/months")["month"]]
    statement = values.for_every_month(metric, sql.text("catalogue/live_months"))
    found = reader.frame(
        statement,
        months=days,
        ends=[catalogue.month_end(day) for day in days],
        starts=[catalogue.window_start(metric.window, day) for day in days],
        **_own(metric, params),
    )
    months = found.pop("month")
    found[PLACES] = found[PLACES].astype(object)  # compared much faster than Arrow's strings
    return {month: rows.reset_index(drop=True) for month, rows in found.groupby(months)}


def _own(metric: Metric, params: dict) -> dict:
    """Return the metric's parameters other than those of the month, with `params` in place."""
    own = {k: v for k, v in metric.variant().params.items() if k in metric.parameters}
    if strangers := set(params) - set(own):
        raise CatalogueError(f"指标“{metric.name}”没有参数 {'、'.join(sorted(strangers))}。")
    return own | params


def by_street(found: Live) -> pd.DataFrame:
    """Return the rows of `Live.sums` added up by street, as a ratio of sums."""
    sums = found.sums.groupby(PLACES[:2], as_index=False)[["numerator", "denominator"]].sum()
    return _dressed(found.metric, sums)


def _dressed(metric: Metric, rows: pd.DataFrame) -> pd.DataFrame:
    share = metric.scale * rows["numerator"] / rows["denominator"].where(rows["denominator"] > 0)
    rows = rows.assign(
        value=share,
        text=[words.number(value, metric.unit) for value in share],
        fraction=[
            words.fraction(n, d, metric.numerator_unit, metric.denominator_unit)
            for n, d in zip(rows["numerator"], rows["denominator"], strict=True)
        ],
        rest=rows["denominator"] - rows["numerator"],
    )
    return rows.sort_values(["rest", "value"], ascending=[False, True], ignore_index=True)
