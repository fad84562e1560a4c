"""Ask a metric with parameters of the reader's choice: its own SQL, run on the spot.

What a page lets its reader turn (minutes, hour, function) cannot be stored for every month; the
SELECT of the metric's file is run as it is, with other values for what the file declares.
"""

from dataclasses import dataclass, field

import pandas as pd

from chunshui import words
from chunshui.catalogue import frontmatter
from chunshui.catalogue import metric as catalogue
from chunshui.catalogue.metric import CatalogueError, Metric
from chunshui.warehouse import Reader, sql

PLACES = ["street_code", "street_name", "community_code", "community_name"]


@dataclass(frozen=True)
class Live:
    """A ratio asked with some parameters, for a scope.

    `places` has one row per community of the scope: PLACES, numerator, denominator, value, text,
    fraction, rest (denominator less numerator: who is not counted), the greatest rest first.
    """

    metric: Metric
    params: dict
    numerator: float
    denominator: float
    value: float | None
    places: pd.DataFrame = field(repr=False)

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
    metric = catalogue.get(metric_id)
    own = metric.query_parameters(catalogue.parse_month(month))
    if strangers := set(params) - set(own):
        raise CatalogueError(f"指标“{metric.name}”没有参数 {'、'.join(sorted(strangers))}。")
    statement = frontmatter.around(metric.sql, sql.text("catalogue/live_sums"))
    places = reader.frame(statement, **(own | params))
    if streets:
        places = places[places["street_code"].isin(streets)]
    if community:
        places = places[places["community_code"] == community]
    return _summed(metric, params, places)


def by_street(found: Live) -> pd.DataFrame:
    """Return the rows of `Live.places` added up by street, as a ratio of sums."""
    sums = found.places.groupby(PLACES[:2], as_index=False)[["numerator", "denominator"]].sum()
    return _dressed(found.metric, sums)


def _summed(metric: Metric, params: dict, places: pd.DataFrame) -> Live:
    numerator, denominator = places["numerator"].sum(), places["denominator"].sum()
    value = metric.scale * numerator / denominator if denominator > 0 else None
    return Live(
        metric, params, float(numerator), float(denominator), value, _dressed(metric, places)
    )


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
