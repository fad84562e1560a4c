"""Values beside one another, from one query: of several metrics by place, of one by definition."""

from collections.abc import Sequence

import pandas as pd

from chunshui import words
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
    return {
        metric_id: rows.drop(columns="metric_id").reset_index(drop=True)
        for metric_id, rows in found.groupby("metric_id")
    }


def by_variant(
    reader: Reader,
    metric_id: str,
    month: str,
    streets: tuple[str, ...] = (),
    community: str | None = None,
) -> pd.DataFrame:
    """Return a share of communities under every accepted definition, the base first.

    Columns variant_name, value (NaN where there is none), text: as `runner.sensitivity`, which
    asks one by one.
    """
    metric = catalogue.get(metric_id)
    found = reader.query(
        "catalogue/values_by_variant",
        metric=metric_id,
        month=catalogue.parse_month(month),
        streets=list(streets),
        community=community,
    ).set_index("variant")
    found = found.reindex([variant.id for variant in metric.variants])
    share = metric.scale * found["numerator"] / found["denominator"].where(found["denominator"] > 0)
    return pd.DataFrame(
        {
            "variant_name": [variant.name for variant in metric.variants],
            "value": share.to_numpy(),
            "text": [words.number(value, metric.unit) for value in share],
        }
    )
