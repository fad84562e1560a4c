"""The members of a figure: the things it counts and those it does not, each with its ledger row."""

from collections.abc import Iterable

import pandas as pd

from chunshui import words
from chunshui.catalogue.metric import BASE, Metric, get_metric
from chunshui.catalogue.places import inside as in_scope
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
    "lacks",
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
    未计入分子, 只作分母, 计入, 未计入), reason (why not, of breaks why; may be None), lacks (how far from
    being counted, where the metric tells), file_name, sheet_name, source_row, source_id. Counted first. The numerators add up to the figure's.
    """
    metric = get_metric(metric_id)
    params = metric.query_parameters(known_month(reader, month), variant)
    with metric.named_in_errors():
        rows = reader.frame(metric.sql, **params)
    rows = rows[in_scope(rows, tuple(streets), community)]
    if "entity_table" not in rows:
        rows = rows.assign(entity_table=metric.entities[0])
    rows = rows.assign(**{one: None for one in ("reason", "lacks") if one not in rows})
    rows = rows.assign(
        counted=counted(metric, rows),
        part=parts(metric, rows),
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
    return with_none(rows[COLUMNS].reset_index(drop=True))


def to_mend(metric: Metric, members: pd.DataFrame) -> pd.DataFrame:
    """Return the members to look at: of a rate those that fall short of counting in whole.

    Where less is better, those counted; of a total or a quantile too.
    """
    if metric.kind != "ratio" or metric.direction == "down":
        return members[members["counted"]]
    if metric.unit != "%" or len(metric.entities) > 1:
        return members[~members["counted"]]
    return members[members["numerator"] < members["denominator"]]


def worst_first(metric: Metric, members: pd.DataFrame) -> pd.DataFrame:
    """Return members with those first that most keep the figure from its target.

    What weighs most of what is short (of a metric that should be low: of what is counted), then
    what lacks most, where the metric's SQL tells, then what is latest, where the reason says how late
    (晚217个日历日), as the list on the page reads it.
    """
    short = members["denominator"] - members["numerator"]
    if metric.kind != "ratio" or metric.direction == "down" or len(metric.entities) > 1:
        short = members["numerator"].abs()
    late = members["reason"].fillna("").map(words.number_of_reason).astype(float)
    keys = pd.DataFrame({"short": short, "lacks": members["lacks"].astype(float), "late": late})
    order = keys.sort_values(list(keys), ascending=False, kind="stable", na_position="last")
    return members.loc[order.index]


def counted(metric: Metric, rows: pd.DataFrame) -> pd.Series:
    """Return of each member whether the figure counts it."""
    if metric.kind == "quantile":
        return rows["denominator"] > 0
    inside = rows["numerator"] != 0
    if len(metric.entities) > 1:
        inside |= rows["denominator"].fillna(0) != 0  # a total has none
    return inside


def parts(metric: Metric, rows: pd.DataFrame) -> list[str]:
    """Return of each member what it is part of: 计入分子, 未计入分子, 只作分母, 计入 …."""
    if metric.kind != "ratio":
        return ["计入" if inside else "未计入" for inside in counted(metric, rows)]
    found = []
    for numerator, denominator in zip(rows["numerator"], rows["denominator"], strict=True):
        if numerator and (denominator or len(metric.entities) == 1):
            found.append("计入分子")
        elif numerator:
            found.append("只作分子")
        elif not denominator:
            found.append("不在分母")
        else:
            found.append("未计入分子" if len(metric.entities) == 1 else "只作分母")
    return found
