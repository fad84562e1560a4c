"""Values of several metrics by place beside one another, from one query."""

from collections.abc import Sequence

import pandas as pd

from chunshui.catalogue import metric as catalogue
from chunshui.warehouse import Reader


def by_place(
    reader: Reader, metric_ids: Sequence[str], month: str, level: str
) -> dict[str, pd.DataFrame]:
    """Return every metric's values by "street" or "community", by id.

    One row per place in the register at the month's end: street_code, community_code,
    place_name, numerator, denominator, rest (denominator less numerator: of a share, who is not
    counted), value (NaN where there is none): the same as `runner.by_street` and
    `runner.by_community` give one by one.
    """
    first = catalogue.parse_month(month)
    found = reader.query(
        "catalogue/values_side_by_side",
        metrics=list(metric_ids),
        month=first,
        as_of=catalogue.month_end(first),
        level=level,
    )
    names = ["street_code", "community_code", "place_name"]
    found[names] = found[names].astype(object)  # compared much faster than Arrow's strings
    return {
        metric_id: rows.drop(columns="metric_id").reset_index(drop=True)
        for metric_id, rows in found.groupby("metric_id")
    }
