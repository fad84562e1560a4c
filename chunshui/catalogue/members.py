"""The members of a figure: the things it counts and those it does not, each with its ledger row."""

from collections.abc import Iterable

import pandas as pd

from chunshui import words
from chunshui.catalogue.metric import BASE, Metric, get_metric
from chunshui.catalogue.places import inside
from chunshui.catalogue.stored import known_month, with_none
from chunshui.warehouse import Reader

COLUMNS = [
    "entity_table",
    "entity_word",
    "entity_id",
    "entity_name",
    "street_code",
    "street_name",
    "community_code",
    "community_name",
    "numerator",
    "denominator",
    "counted",
    "part",
    "reason",
    "file_name",
    "sheet_name",
    "source_row",
    "source_id",
]


def members_of(
    reader: Reader,
    metric_id: str,
    month: str,
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
) -> pd.DataFrame:
    """Return the things a figure counts and those it does not, with their ledger rows.

    Columns entity_table, entity_word, entity_id, entity_name, street_code, street_name,
    community_code, community_name, numerator, denominator, counted (bool), part (计入分子,
    未计入分子, 只作分母, 计入, 未计入), reason (why not; may be None), file_name, sheet_name,
    source_row, source_id. Counted first. The numerators add up to the figure's.
    """
    metric = get_metric(metric_id)
    params = metric.query_parameters(known_month(reader, month), variant)
    with metric.named_in_errors():
        rows = reader.frame(metric.sql, **params)
    rows = rows[inside(rows, tuple(streets), community)]
    if "entity_table" not in rows:
        rows = rows.assign(entity_table=metric.entities[0])
    if "reason" not in rows:
        rows = rows.assign(reason=None)
    rows = rows.assign(
        counted=_counted(metric, rows),
        part=_part(metric, rows),
        entity_word=rows["entity_table"].map(words.ENTITIES),
    )
    rows = rows.merge(
        reader.query("catalogue/lineage", tables=list(metric.entities)),
        how="left",
        on=["entity_table", "entity_id"],
    )
    names = reader.query("catalogue/place_names").set_index("place_code")["place_name"]
    rows["street_name"] = rows["street_code"].map(names)
    rows["community_name"] = rows["community_code"].map(names)
    order = ["counted", "street_code", "community_code", "entity_id"]
    rows = rows.sort_values(order, ascending=[False, True, True, True], kind="stable")
    return with_none(rows.reset_index(drop=True))[COLUMNS]


def _counted(metric: Metric, rows: pd.DataFrame) -> pd.Series:
    if metric.kind == "quantile":
        return rows["denominator"] > 0
    counted = rows["numerator"] != 0
    if len(metric.entities) > 1:
        counted |= rows["denominator"] != 0
    return counted


def _part(metric: Metric, rows: pd.DataFrame) -> list[str]:
    if metric.kind != "ratio":
        return ["计入" if counted else "未计入" for counted in _counted(metric, rows)]
    parts = []
    for numerator, denominator in zip(rows["numerator"], rows["denominator"], strict=True):
        if numerator and (denominator or len(metric.entities) == 1):
            parts.append("计入分子")
        elif numerator:
            parts.append("只作分子")
        elif not denominator:
            parts.append("不在分母")
        else:
            parts.append("未计入分子" if len(metric.entities) == 1 else "只作分母")
    return parts
