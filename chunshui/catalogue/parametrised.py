"""Ask a metric with parameters of the reader's choice: its own SQL, run on the spot.

What a page lets its reader turn (minutes, hour, function) cannot be stored for every month; the
SELECT of the metric's file is run as it is, with other values for what the file declares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chunshui.catalogue import frontmatter
from chunshui.catalogue.by_place import with_words
from chunshui.catalogue.figure import fraction_text, values, written
from chunshui.catalogue.frontmatter import CatalogueError
from chunshui.catalogue.metric import Metric, get_metric
from chunshui.catalogue.places import inside
from chunshui.month import Month
from chunshui.warehouse import Reader, sql


@dataclass(frozen=True)
class ParametrisedFigure:
    """A ratio under some parameters for a scope of the `district`, which has sums by community."""

    metric: Metric
    params: Mapping[str, Any]
    district: pd.DataFrame = field(repr=False)
    streets: tuple[str, ...] = ()
    community: str | None = None

    @cached_property
    def _inside(self) -> NDArray[np.bool_]:
        return inside(self.district, self.streets, self.community)

    @property
    def sums(self) -> pd.DataFrame:
        """The communities of the scope: PLACE, numerator, denominator."""
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
        value = float(values(self.metric, [self.numerator], [self.denominator])[0])
        return None if np.isnan(value) else value

    @property
    def rest(self) -> float:
        """How much of the denominator is not in the numerator."""
        return self.denominator - self.numerator

    @property
    def text(self) -> str:
        """The value as it is written."""
        return written(self.metric, self.value).text

    @property
    def fraction_text(self) -> str | None:
        """n/N in small print."""
        return fraction_text(self.metric, self.numerator, self.denominator, 0)

    @cached_property
    def communities(self) -> pd.DataFrame:
        """One row per community of the scope, the greatest rest first.

        PLACE, numerator, denominator, value, status, text, fraction and rest (denominator less
        numerator: who is not counted).
        """
        value = values(self.metric, self.sums["numerator"], self.sums["denominator"])
        places = with_words(self.metric, self.sums.assign(value=value, members=0), "community")
        order = ["rest", "value"]
        places = places.drop(columns="members").sort_values(order, ascending=[False, True])
        return places.reset_index(drop=True)


def figure_with(
    reader: Reader, metric_id: str, month: str, params: Mapping[str, Any]
) -> ParametrisedFigure:
    """Return one ratio of a month with `params` in place of its own, for the district.

    Raises `CatalogueError` for a parameter that the metric does not declare.
    """
    sums = community_sums(reader, metric_id, month, params)
    return ParametrisedFigure(get_metric(metric_id), params, sums)


def community_sums(
    reader: Reader, metric_id: str, month: str, params: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the sums of a month by community: PLACE, numerator, denominator."""
    metric = get_metric(metric_id)
    own = metric.query_parameters(Month.parse(month)) | _params(metric, params)
    statement = frontmatter.around(metric.sql, sql.text("catalogue/parametrised_sums"))
    with metric.named_in_errors():
        return reader.frame(statement, **own)


def _params(metric: Metric, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metric's parameters other than those of the month, with `params` in place."""
    own = {k: v for k, v in metric.variant().params.items() if k in metric.parameters}
    if strangers := set(params) - set(own):
        raise CatalogueError(f"指标“{metric.name}”没有参数{'、'.join(sorted(strangers))}。")
    return own | dict(params)
