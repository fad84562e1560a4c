"""Hold the districts of an edition beside each other: who may be compared, ranking, trend, sum.

Figures are comparable where the digests of their rule and of the district's own dictionaries are
equal. Ranks are given inside the largest such group alone, and the city's figure is that group's:
a ratio of its sums. Nothing is asked of the districts' versions but the values by street.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from chunshui.catalogue.figure import Figure, Point, base, is_small, values
from chunshui.catalogue.figures import TREND_MONTHS, reason
from chunshui.catalogue.metric import BASE, Metric, get_metric
from chunshui.catalogue.stored import SUMS
from chunshui.city.edition import DAMAGED, LEFT_OUT, MISSING, CityEdition
from chunshui.city.values import RULE
from chunshui.errors import ChunshuiError
from chunshui.month import Month

LEVEL = "city"
NO_SUM = "分位数不能由各区的数相加得出，全市没有这个数，请看各区。"
UNMEASURED = "这个区的版本没有这项指标，或没有它所需的台账。"
TOGETHER = ["rule", "dictionaries"]


@dataclass(frozen=True)
class Total:
    """A metric of the whole city: its figure, over how many of the districts it is summed."""

    figure: Figure
    counted: int
    districts: int

    @property
    def sentence(self) -> str:
        """Say how many districts are in it: "12/13个区"."""
        return f"{self.counted}/{self.districts}个区"


@dataclass(frozen=True)
class RuleText:
    """One part of what decides a figure, 规则 or a dictionary, as the district and as most have it.

    A text is "" where there is none.
    """

    part: str
    own: str
    common: str

    @property
    def differs(self) -> bool:
        """Whether it sets the district apart."""
        return self.own != self.common


def ranking(edition: CityEdition, metric_id: str, variant: str, month: str) -> pd.DataFrame:
    """Return one row a district, worst first; then those without a rank, not comparable, not there.

    Columns: district (code), name, state, carried, as_of, rank (1 is the best, equals share one; NaN
    without), value, numerator, denominator, members, comparable, differs (规则 and dictionaries that
    set it apart, ""), small (rests on too little to be ranked), reason (why there is no value, "").
    Raises CatalogueError for an unknown metric, ChunshuiError for a month that nobody reported.
    """
    metric = get_metric(metric_id)
    rows = _figures(edition, metric_id, variant, [_known(edition, month)])
    frame = edition.table.join(rows.set_index("district"), on="district")
    counted = frame["counted"].to_numpy()
    common = _common(frame[counted])
    alike = [frame[one].to_numpy() == common[one] for one in TOGETHER]
    frame["comparable"] = counted & alike[0] & alike[1]
    measured = frame["rule"].notna().to_numpy()
    frame["differs"] = ""
    for at in np.flatnonzero(measured & ~frame["comparable"]):
        frame.loc[at, "differs"] = "、".join(_differing(frame.loc[at], common))
    frame["members"] = frame["members"].fillna(0).astype(int)
    sides = zip(frame["denominator"].tolist(), frame["members"].tolist(), strict=True)
    frame["small"] = [is_small(metric, base(metric, *one), LEVEL) for one in sides]
    frame["reason"] = ""
    for at in np.flatnonzero(frame["value"].isna()):
        frame.loc[at, "reason"] = _reason(frame.loc[at], metric)
    sign = 1 if metric.direction == "down" else -1  # the best first
    ranked = frame["comparable"] & frame["value"].notna() & ~frame["small"]
    frame["rank"] = (sign * frame["value"]).where(ranked).rank(method="min")
    frame["group"] = np.select(
        [ranked, frame["comparable"], counted & measured, counted],
        range(4),
        4 + frame["version"].isna(),
    )
    frame = frame.sort_values(["group", "rank", "district"], ascending=[True, False, True])
    columns = ["district", "name", "state", "carried", "as_of", "rank", "value", "numerator"]
    columns += ["denominator", "members", "comparable", "differs", "small", "reason"]
    return frame[columns].reset_index(drop=True)


def trend(
    edition: CityEdition, metric_id: str, variant: str = BASE, months: int = TREND_MONTHS
) -> pd.DataFrame:
    """Return the last months of every district counted: one row per district and month.

    Columns: district, month (datetime), numerator, denominator, members, value; NaN for months that
    the district did not report.
    """
    span = edition.months[-months:]
    found = _figures(edition, metric_id, variant, span, counted=True)
    return found[["district", "month", "numerator", "denominator", "members", "value"]]


def total(edition: CityEdition, metric_id: str, variant: str, month: str) -> Total:
    """Return the figure of the city, with its trend: see `totals`."""
    return totals(edition, [metric_id], variant, month)[metric_id]


def totals(
    edition: CityEdition, metric_ids: Iterable[str], variant: str, month: str
) -> dict[str, Total]:
    """Return figures of the city, with their trends, each over the largest group that counts alike.

    One has no value, and its reason says why, where the metric is a quantile, where nobody can give
    it, or where one of the group does not know the month.
    """
    last = Month.parse(_known(edition, month))
    span = [one for one in edition.months if Month.parse(one) <= last][-TREND_MONTHS:]
    metrics = {one: get_metric(one) for one in metric_ids}
    since = {one.district: one.since or "" for one in edition.districts if one.counted}
    asked: dict[str, Any] = {"from_metric": min(metrics), "to_metric": max(metrics)}
    asked |= {"variant": variant, "districts": list(since)}
    rules = edition.query("city/rules", **asked)
    groups: dict[str, pd.DataFrame] = {}
    for metric_id, rows in rules.groupby("metric_id"):
        if metric_id in metrics:
            groups[metric_id] = rows[(rows[TOGETHER] == _common(rows)).all(axis=1)]
    sums = edition.query(
        "city/sums",
        metrics=list(groups),
        common_rules=[rows["rule"].iloc[0] for rows in groups.values()],
        common_dictionaries=[rows["dictionaries"].iloc[0] for rows in groups.values()],
        **asked,
        first=Month.parse(span[0]).first,
        last=last.first,
    )
    added = {
        metric_id: rows.set_index("month")[SUMS] for metric_id, rows in sums.groupby("metric_id")
    }
    found = {}
    for metric_id, metric in metrics.items():
        group, why, own_span = groups.get(metric_id), None, span
        counted = 0 if group is None else len(group)
        if group is None:
            why = UNMEASURED.replace("这个区", "各区")
        elif metric.kind == "quantile":
            why, counted = NO_SUM, 0
        else:
            # As most versions define it, whatever the present release says.
            metric = replace(
                metric, **{one: group[one].iloc[0] for one in ("kind", "unit", "scale")}
            )
            # Of months that one of them did not report the sum would be of fewer.
            begins = max(since[code] for code in group["district"])
            own_span = [one for one in span if one >= begins]
            if month < begins:
                why = f"有的区从{begins}起才有数，{month}不能相加。"
        rows = added.get(metric_id, sums.iloc[:0].set_index("month")[SUMS])
        figure = _summed(metric, variant, month, own_span, rows, why)
        found[metric_id] = Total(figure, counted, len(edition.districts))
    return found


def _summed(
    metric: Metric, variant: str, month: str, span: list[str], sums: pd.DataFrame, why: str | None
) -> Figure:
    """Return the figure of the last month of a span, of sums by month; without value for what is in `why`."""
    sums = sums.reindex(pd.to_datetime([f"{one}-01" for one in span]))
    given = values(metric, sums["numerator"], sums["denominator"])
    columns = (given, sums["numerator"], sums["denominator"])
    cells = [[None if one != one else float(one) for one in column] for column in columns]
    points = () if why else tuple(map(Point, span, *cells))
    by_month = {point.month: point for point in points}
    own = by_month.get(month, Point(month, None, None, None))
    nothing, last = Point("", None, None, None), Month.parse(month)
    before = [by_month.get(str(last.shift(-back)), nothing).value for back in (1, 12)]
    return Figure(
        metric=metric,
        variant=metric.variant(variant).id,
        month=month,
        value=own.value,
        numerator=own.numerator,
        denominator=own.denominator,
        members=0 if why or sums.empty else int(np.nan_to_num(sums["members"].iloc[-1])),
        previous_month=before[0],
        previous_year=before[1],
        reason=why or (reason(metric, built=True) if own.value is None else None),
        trend=points,
        level=LEVEL,
        known_from=span[0] if span else None,
    )


def street_values(edition: CityEdition, metric_id: str, variant: str, month: str) -> pd.DataFrame:
    """Return the streets of every district counted, by the values its version stores.

    Columns: district, street_code, street_name, numerator, denominator, members, value. A district
    whose version is no longer whole has none: see `CityEdition.faults`.
    """
    get_metric(metric_id).variant(variant)
    asked = Month.parse(_known(edition, month))
    files = edition.value_files()
    own = {one.district: one for one in edition.districts}
    months = [min(asked, Month.parse(own[code].as_of or month)).first for code in files]
    return edition.query(
        "city/streets",
        files=[str(one) for one in files.values()],
        districts=list(files),
        months=months,
        metric=metric_id,
        variant=variant,
    )


def rule_text(
    edition: CityEdition, metric_id: str, district: str, variant: str = BASE
) -> tuple[RuleText, ...]:
    """Return what decides a metric in a district, beside how the largest group has it.

    None where the district's version could not measure it.
    """
    one = edition.district(district)
    rows = _figures(edition, metric_id, variant, [edition.as_of])
    counted = [pinned.district for pinned in edition.districts if pinned.counted]
    common = _common(rows[rows["district"].isin(counted)])
    mine = rows[rows["district"] == one.district]
    if mine.empty:
        return ()
    parts = [_parts(row) for row in (mine.iloc[0], common)]
    digests = [digest for part in parts for digest in part.values()]
    texts = dict(edition.query("city/rule_texts", digests=digests).to_numpy())
    own, others = ({name: texts[digest] for name, digest in part.items()} for part in parts)
    return tuple(
        RuleText(name, own.get(name, ""), others.get(name, "")) for name in {**own, **others}
    )


def set_apart(edition: CityEdition) -> dict[tuple[str, str], dict[str, list[str]]]:
    """Return the metrics and variants that not all districts count alike: what differs by district."""
    counted = [one.district for one in edition.districts if one.counted]
    every = {"from_metric": "", "to_metric": "~"}
    rules = edition.query("city/rules", districts=counted, variant=None, **every)
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for (metric_id, variant), rows in rules.groupby(["metric_id", "variant"], sort=True):
        common = _common(rows)
        apart = rows[(rows[TOGETHER] != common).any(axis=1)].set_index("district")
        if len(apart):
            found[metric_id, variant] = {
                code: _differing(row, common) for code, row in apart.iterrows()
            }
    return found


def _known(edition: CityEdition, month: str) -> str:
    if month not in edition.months:
        first, last = edition.months[0], edition.months[-1]
        raise ChunshuiError(f"全市汇总{edition.id}没有{month}的数据，可选{first}至{last}。")
    return month


def _figures(
    edition: CityEdition, metric_id: str, variant: str, months: Sequence[str], counted: bool = False
) -> pd.DataFrame:
    """Return a metric of every district that could measure it, for some months, oldest first.

    There is no value outside the months that a district reported, or has carried.
    """
    get_metric(metric_id).variant(variant)
    asked = [Month.parse(one) for one in months]
    rows = edition.query(
        "city/figures",
        metric=metric_id,
        variant=variant,
        months=[one.first for one in asked],
        first=asked[0].first,
        last=asked[-1].first,
    )
    known = edition.table.set_index("district").loc[rows["district"].iloc[:: len(asked)]]
    numbers = np.array([one - edition.first_month for one in asked])
    since, until = (known[one].to_numpy()[:, None] for one in ("since_no", "until_no"))
    rows["value"] = rows["value"].where(((since <= numbers) & (numbers <= until)).ravel())
    return rows[np.repeat(known["counted"].to_numpy(), len(asked))] if counted else rows


def _common(rows: pd.DataFrame) -> pd.Series:
    """Return the rule and dictionaries of the largest group; of equal ones that with the first code."""
    rows = rows.dropna(subset=["rule"]).drop_duplicates("district").sort_values("district")
    ways = Counter(rows[TOGETHER].itertuples(index=False, name=None)).most_common(1)
    return pd.Series(ways[0][0] if ways else (None, None), TOGETHER, dtype=object)


def _differing(row: pd.Series, common: pd.Series) -> list[str]:
    """Return what sets a district apart: 规则, or else dictionaries by name."""
    own, others = _parts(row), _parts(common)
    return [name for name in {**own, **others} if own.get(name) != others.get(name)]


def _parts(row: pd.Series) -> dict[str, str]:
    """Return the digests of a row by part."""
    return {} if row["rule"] is None else {RULE: row["rule"], **json.loads(row["dictionaries"])}


def _reason(row: pd.Series, metric: Metric) -> str:
    """Return why a district has no value; "" where its state says why."""
    if row["state"] in (MISSING, LEFT_OUT):
        return ""
    if row["state"] == DAMAGED:
        return str(row["why"])
    if pd.isna(row["rule"]):
        return UNMEASURED
    if row["counted"]:
        return reason(metric, built=True)
    return f"只报到{Month.parse(row['as_of']).words}。"
