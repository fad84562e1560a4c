"""Run every metric for every month and keep the sums: `metric_value`, filled once at publish.

What the version below has of the same inputs is not run again.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import SimpleQueue
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from chunshui.catalogue import frontmatter
from chunshui.catalogue.frontmatter import CatalogueError
from chunshui.catalogue.inputs import Key, input_digests, rules
from chunshui.catalogue.metric import Metric, Variant, all_metrics, window_days
from chunshui.catalogue.stored import version_months, why_unmeasured
from chunshui.month import Month
from chunshui.warehouse import Reader, sql

WORKERS = 2  # metrics run at a time; one statement alone keeps one core busy, whatever it may take


def fill_values(
    con: duckdb.DuckDBPyConnection,
    progress: Callable[[float], None] | None = None,
    *,
    below: Reader | None = None,
    cursors: Sequence[duckdb.DuckDBPyConnection] = (),
) -> int:
    """Fill `metric_definition`, `metric_input` and `metric_value` of the version being built.

    Every metric and variant is run for every month of the version's `month` table and summed to
    street and community inside the engine, as many at a time as there are `cursors` of the
    connection (none given: WORKERS of its own). What was computed from the same inputs in the
    version `below` is taken over from it. `progress` is told the share done, 0 to 1. Returns
    the number of rows stored. Raises `CatalogueError` naming the metric whose SQL fails.
    """
    metrics = list(all_metrics().values())
    given = set(sql.run(con, "catalogue/ledgers_given")["ledger_id"])
    months = [Month.of(day) for day in sql.run(con, "catalogue/months")["month"]]
    define(con)
    con.execute(sql.text("rules"))
    measured = [
        (metric, variant)
        for metric in metrics
        if not why_unmeasured(metric, given)
        for variant in metric.variants
    ]
    digests = input_digests(con, measured)
    how = rules(measured)
    rows = [(*key, digest, how[key]) for key, digest in digests.items()]
    columns = ["metric_id", "variant", "digest", "rule"]
    con.append("metric_input", pd.DataFrame(rows, columns=columns, dtype=object), by_name=True)
    kept, known, tables = _kept(below, digests, months)
    fresh = [month for month in months if month not in known]
    jobs = [
        (metric, variant, fresh if (metric.id, variant.id) in kept else months)
        for metric, variant in measured
    ]
    for done, table in enumerate(_computed(con, [job for job in jobs if job[2]], cursors), 1):
        tables.append(table)
        if progress:
            progress(done / (len(jobs) + 1))
    if tables:
        con.register("computed", pa.concat_tables(tables))
        con.execute(sql.text("catalogue/fill_finish"))
        con.unregister("computed")
    astray = sql.run(con, "catalogue/values_astray")
    if len(astray):
        row = astray.iloc[0]
        raise CatalogueError(
            f"指标{row['metric_id']}算到了本版本没有的月份或地方"
            f"（{row['month']:%Y-%m}，{row['street_code']}，{row['community_code']}）。"
        )
    if progress:
        progress(1.0)
    return sum(table.num_rows for table in tables)


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
    days = [window_days(window, month) for month in months]
    return {
        "months": [month.first for month in months],
        "ends": [last for _, last in days],
        "starts": [first for first, _ in days],
    }


def define(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `metric_definition` of the version being built, once: rules may ask it before the fill."""
    if sql.run(con, "catalogue/defined_metrics").empty:
        con.append("metric_definition", definitions(list(all_metrics().values())), by_name=True)


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


def _kept(
    below: Reader | None, digests: dict[Key, str], months: Sequence[Month]
) -> tuple[set[Key], set[Month], list[pa.Table]]:
    """Return what need not be run: metrics of the same inputs, in which months, and their rows."""
    if below is None:
        return set(), set(), []
    try:
        rows = below.query("catalogue/input_digests")
    except duckdb.CatalogException:  # made by software that kept none
        return set(), set(), []
    before = zip(rows["metric_id"], rows["variant"], rows["digest"], strict=True)
    kept = {
        (one, variant) for one, variant, digest in before if digests.get((one, variant)) == digest
    }
    known = set(version_months(below)) & set(months)
    asked = {
        "metrics": [metric for metric, _ in kept],
        "variants": [variant for _, variant in kept],
        "months": [month.first for month in known],
    }
    with below.cursor() as cursor:
        table = cursor.sql(sql.text("catalogue/values_kept"), params=asked).to_arrow_table()
    return kept, known, [table]


def _computed(
    con: duckdb.DuckDBPyConnection,
    jobs: list[tuple[Metric, Variant, list[Month]]],
    cursors: Sequence[duckdb.DuckDBPyConnection],
) -> Iterator[pa.Table]:
    """Run metrics for their months, a thread for each cursor; yield their rows as they come."""
    free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
    for cursor in cursors or [con.cursor() for _ in range(WORKERS)]:
        cursor.execute(sql.text("rules"))
        free.put(cursor)

    def run(metric: Metric, variant: Variant, months: list[Month]) -> pa.Table:
        cursor = free.get()
        try:
            with metric.named_in_errors():
                statement, params = _sums(metric, variant, months)
                return cursor.sql(statement, params=params).to_arrow_table()
        finally:
            free.put(cursor)

    with ThreadPoolExecutor(free.qsize()) as pool:
        futures = [pool.submit(run, *job) for job in jobs]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _sums(metric: Metric, variant: Variant, months: Sequence[Month]) -> tuple[str, dict[str, Any]]:
    """Return the statement, with its parameters, of one metric's rows of `metric_value`."""
    if metric.kind == "quantile":
        return quantiles(metric, variant, months)
    params = _params(metric, variant, months) | {"paired": len(metric.entities) > 1}
    return for_every_month(metric, sql.text("catalogue/sum_members")), params


def _params(metric: Metric, variant: Variant, months: Sequence[Month]) -> dict[str, Any]:
    own = {key: value for key, value in variant.params.items() if key in metric.parameters}
    params = {"metric_id": metric.id, "variant": variant.id}
    return own | params | month_params(variant.window, months)
