"""Run every metric for every month and keep the sums: `metric_value`, filled once at publish."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import pandas as pd

from chunshui.catalogue import frontmatter
from chunshui.catalogue.metric import Metric, Variant, all_metrics, window_start
from chunshui.catalogue.stored import why_unmeasured
from chunshui.month import Month
from chunshui.warehouse import sql


def fill_values(
    con: duckdb.DuckDBPyConnection, progress: Callable[[float], None] | None = None
) -> int:
    """Fill `metric_definition` and `metric_value` of the version being built.

    Every metric and variant is run for every month of the version's `month` table and summed to
    street and community inside the engine. `progress` is told the share done, 0 to 1. Returns
    the number of rows stored. Raises `CatalogueError` naming the metric whose SQL fails.
    """
    metrics = list(all_metrics().values())
    given = set(sql.run(con, "catalogue/ledgers_given")["ledger_id"])
    months = [Month.of(day) for day in sql.run(con, "catalogue/months")["month"]]
    con.append("metric_definition", definitions(metrics), by_name=True)
    con.execute(sql.text("rules"))
    con.execute(sql.text("catalogue/fill_start"))
    for done, metric in enumerate(metrics, 1):
        for variant in () if why_unmeasured(metric, given) else metric.variants:
            _fill(con, metric, variant, months)
        if progress:
            progress(done / (len(metrics) + 1))
    con.execute(sql.text("catalogue/fill_finish"))
    con.execute(sql.text("catalogue/fill_drop"))
    if progress:
        progress(1.0)
    return int(sql.run(con, "catalogue/value_count")["value_rows"].iloc[0])


def quantiles(
    metric: Metric, variant: Variant, months: Sequence[Month], streets: tuple[str, ...] = ()
) -> tuple[str, dict[str, Any]]:
    """Return the statement, with its parameters, of a quantile metric for many months.

    Its rows are those of `metric_value`: the whole of the streets given (none: the district),
    which has no codes, then each street and each community.
    """
    params = _params(metric, variant, months)
    params |= {"quantile": metric.quantile(variant.id), "streets": list(streets)}
    return for_every_month(metric, sql.text("catalogue/quantile_members")), params


def for_every_month(metric: Metric, outer: str) -> str:
    """Set the metric's SELECT into a query that runs it for all months of `asked` at once.

    The two parameters of the month become columns of `asked`: one statement in place of one per
    month is fifteen times faster, and a test holds it equal to the single runs.
    """
    by_month = re.sub(r"\$(as_of|window_start)\b", r"asked.\1", metric.sql)
    return frontmatter.around(by_month, outer)


def month_params(window: str, months: Sequence[Month]) -> dict[str, Any]:
    """Return what `asked` is made of: $months, $ends and $starts, the first day each counts."""
    return {
        "months": [month.first for month in months],
        "ends": [month.last for month in months],
        "starts": [window_start(window, month) for month in months],
    }


def definitions(metrics: list[Metric]) -> pd.DataFrame:
    """Return the rows of `metric_definition`: how each metric is computed in this version."""
    rows = [
        {
            "metric_id": metric.id,
            "metric_name": metric.name,
            "kind": metric.kind,
            "unit": metric.unit,
            "numerator_unit": metric.numerator_unit,
            "denominator_unit": metric.denominator_unit,
            "scale": metric.scale,
            "direction": metric.direction,
            "target": metric.target,
            "amber": metric.amber,
            "finest": metric.level,
            "sql_text": metric.sql,
        }
        for metric in metrics
    ]
    return pd.DataFrame(rows).astype({"target": "float64", "amber": "float64"})


def _fill(
    con: duckdb.DuckDBPyConnection, metric: Metric, variant: Variant, months: Sequence[Month]
) -> None:
    """Put one metric's sums, under one way of counting, into the working table."""
    with metric.named_in_errors():
        if metric.kind == "quantile":
            con.append("filling", sql.frame(con, *quantiles(metric, variant, months)), by_name=True)
        else:
            params = _params(metric, variant, months) | {"paired": len(metric.entities) > 1}
            con.execute(for_every_month(metric, sql.text("catalogue/sum_members")), params)


def _params(metric: Metric, variant: Variant, months: Sequence[Month]) -> dict[str, Any]:
    own = {key: value for key, value in variant.params.items() if key in metric.parameters}
    params = {"metric_id": metric.id, "variant": variant.id}
    return own | params | month_params(variant.window, months)
