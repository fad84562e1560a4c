"""Hold the districts of an edition beside each other: who may be compared, ranking, months, sum.

Figures are comparable where the digests of their rule and of the district's own dictionaries are
equal. Ranks are given inside the largest such group alone, and the city's figure is that group's:
a ratio of its sums. Nothing is asked of the districts' versions but the values by street.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from chunshui.catalogue.figure import Figure, Point, base, is_small, values
from chunshui.catalogue.figures import TREND_MONTHS, reason
from chunshui.catalogue.metric import BASE, Metric, get_metric
from chunshui.catalogue.stored import SUMS
from chunshui.city.edition import DAMAGED, LEFT_OUT, MISSING, CityEdition
from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.pipeline.values import RULE

LEVEL = "city"
NO_SUM = "分位数不能由各区的数相加得出，全市没有这个数，请看各区。"
UNMEASURED = "这个区的版本没有这项指标，或没有它所需的台账。"
CELLS = [*SUMS, "value"]


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


@dataclass(frozen=True)
class Figures:
    """How the districts of an edition count a metric, and what they count.

    `ways` are the ways there are, one a row; `way` is each district's, in their order, by number (-1
    where it could not measure the metric), `most` that of most of those counted (-1 for nobody).
    `cells` is an array of numerator, denominator, members and value (CELLS) by district and month
    (`months`, oldest first); NaN where there is nothing. There is no value outside the months that
    a district reported, or has carried.
    """

    metric: Metric
    months: Sequence[str]
    ways: pd.DataFrame
    way: np.ndarray
    most: int
    cells: np.ndarray


def figures(
    edition: CityEdition, metric_ids: Iterable[str], variant: str, months: Sequence[str]
) -> dict[str, Figures]:
    """Return some metrics of every district in some months, oldest first: asked of the edition at once.

    Raises CatalogueError for an unknown metric or variant, ChunshuiError for a month that nobody reported.
    """
    metrics = {one: get_metric(one) for one in metric_ids}
    for metric in metrics.values():
        metric.variant(variant)
    asked = [Month.parse(_known(edition, one)) for one in months]
    named = {"from_metric": min(metrics), "to_metric": max(metrics), "variant": variant}
    ways = edition.query("city/ways", **named)
    span = {"first": asked[0].first, "last": asked[-1].first}
    stored = edition.query("city/figures", metrics=list(metrics), **named, **span).to_numpy()
    # By number: a hundred thousand texts take longer to carry over than all the rest.
    number, district, month = stored[:, :3].astype(int).T
    cells = np.full((len(metrics), len(CELLS), len(edition.codes), len(asked)), np.nan)
    cells[number, :3, edition.codes.get_indexer(district), month] = stored[:, 3:]
    cells[:, 2] = np.nan_to_num(cells[:, 2])
    numbers = np.array([one - edition.first_month for one in asked])
    since, until = (edition.table[one].to_numpy()[:, None] for one in ("since_no", "until_no"))
    kept = (since <= numbers) & (numbers <= until)
    return {
        metric.id: _figures(
            edition, metric, months, ways[ways["metric_id"] == metric.id], own, kept
        )
        for metric, own in zip(metrics.values(), cells, strict=True)
    }


def _figures(
    edition: CityEdition,
    metric: Metric,
    months: Sequence[str],
    ways: pd.DataFrame,
    cells: np.ndarray,
    kept: np.ndarray,
) -> Figures:
    """Find the way of each district, and fill in the values of those months that are `kept`."""
    way = np.full(len(edition.codes), -1)
    for number, codes in enumerate(ways["districts"]):
        way[edition.codes.get_indexer(codes)] = number
    measures = list(zip(ways["kind"].tolist(), ways["scale"].tolist(), strict=True))
    for kind, scale in set(measures):
        rows = np.isin(way, [at for at, one in enumerate(measures) if one == (kind, scale)])
        own = values(replace(metric, kind=kind, scale=scale), *cells[:2, rows])
        cells[3, rows] = np.where(kept[rows], own, np.nan)
    return Figures(metric, months, ways, way, _largest(ways, edition), cells)


def ranks(edition: CityEdition, of: Figures, month: str) -> np.ndarray:
    """Return each district's rank in a month, in their order; 1 is the best, equals share one, NaN without."""
    _, denominators, members, given = of.cells[..., of.months.index(month)]
    sign = 1 if of.metric.direction == "down" else -1  # the best first
    ranked = _comparable(edition, of) & ~np.isnan(given) & ~_small(of.metric, denominators, members)
    return pd.Series(np.where(ranked, sign * given, np.nan)).rank(method="min").to_numpy()


def _comparable(edition: CityEdition, of: Figures) -> np.ndarray:
    return edition.table["counted"].to_numpy() & (of.way >= 0) & (of.way == of.most)


def _small(metric: Metric, denominators: np.ndarray, members: np.ndarray) -> np.ndarray:
    sides = zip(denominators.tolist(), members.tolist(), strict=True)
    return np.array([is_small(metric, base(metric, *one), LEVEL) for one in sides], dtype=bool)


def ranking(
    edition: CityEdition, metric_id: str, variant: str, month: str, known: Figures | None = None
) -> pd.DataFrame:
    """Return one row a district, worst first; then those without a rank, not comparable, not there.

    Columns: district (code), name, state, carried, as_of, rank (1 is the best, equals share one; NaN
    without), value, numerator, denominator, members, comparable, differs (规则 and dictionaries that
    set it apart, ""), small (rests on too little to be ranked), reason (why there is no value, "").
    Raises CatalogueError for an unknown metric, ChunshuiError for a month that nobody reported.
    """
    of = known or figures(edition, [metric_id], variant, [month])[metric_id]
    metric, table = of.metric, edition.table
    numerators, denominators, members, given = of.cells[..., of.months.index(month)]
    counted, measured, comparable = table["counted"], of.way >= 0, _comparable(edition, of)
    differs, reasons = np.full((2, len(table)), "", dtype=object)
    for at in np.flatnonzero(measured & ~comparable & (of.most >= 0)):
        differs[at] = "、".join(_differing(of.ways.iloc[of.way[at]], of.ways.iloc[of.most]))
    for at in np.flatnonzero(np.isnan(given)):
        reasons[at] = _reason(table.iloc[at], metric, measured[at])
    rank = ranks(edition, of, month)
    groups = [~np.isnan(rank), comparable, counted & measured, counted]
    group = np.select(groups, range(4), 4 + table["version"].isna())
    columns = {
        "rank": rank,
        "value": given,
        "numerator": numerators,
        "denominator": denominators,
        "members": members.astype(int),
        "comparable": comparable,
        "differs": differs,
        "small": _small(metric, denominators, members),
        "reason": reasons,
    }
    told = table[["district", "name", "state", "carried", "as_of"]]
    found = pd.concat([told, pd.DataFrame(columns)], axis=1)
    return found.iloc[np.lexsort((edition.codes, -rank, group))].reset_index(drop=True)


def total(edition: CityEdition, metric_id: str, variant: str, month: str) -> Total:
    """Return the figure of the city, with its trend: see `totals`."""
    return totals(edition, [metric_id], variant, month)[metric_id]


def totals(
    edition: CityEdition,
    metric_ids: Iterable[str],
    variant: str,
    month: str,
    known: Mapping[str, Figures] | None = None,
) -> dict[str, Total]:
    """Return figures of the city, with their trends, each over the largest group that counts alike.

    One has no value, and its reason says why, where the metric is a quantile, where nobody can give
    it, or where one of the group does not know the month.
    """
    until = edition.months.index(_known(edition, month)) + 1
    span = edition.months[max(until - TREND_MONTHS, 0) : until]
    found = known or figures(edition, metric_ids, variant, span)
    return {one: _total(edition, found[one], variant, span) for one in metric_ids}


def _total(edition: CityEdition, of: Figures, variant: str, span: list[str]) -> Total:
    """Return the figure of the last month of a span, over the districts that count as most do."""
    metric, month, inside = of.metric, span[-1], _comparable(edition, of)
    counted, why = int(inside.sum()), None
    begins = max((one.since or "" for one in np.array(edition.districts)[inside]), default="")
    if of.most < 0:
        why = UNMEASURED.replace("这个区", "各区")
    elif metric.kind == "quantile":
        why, counted = NO_SUM, 0
    elif month < begins:
        why = f"有的区从{begins}起才有数，{month}不能相加。"
    else:  # as most versions define it, whatever the present release says
        kind, unit, scale = (of.ways[one].iloc[of.most] for one in ("kind", "unit", "scale"))
        metric = replace(metric, kind=kind, unit=unit, scale=scale)
    # Of months that one of them did not report the sum would be of fewer.
    own = [one for one in span if one >= begins]
    cells = of.cells[:3, inside][..., [of.months.index(one) for one in own]]
    sums = np.where(np.isnan(cells).all(axis=1), np.nan, np.nansum(cells, axis=1))
    figure = _summed(metric, variant, month, own, sums, why)
    return Total(figure, counted, len(edition.districts))


def _summed(
    metric: Metric, variant: str, month: str, span: list[str], sums: np.ndarray, why: str | None
) -> Figure:
    """Return the figure of the last month of a span, of sums by month; without value for what is in `why`."""
    numerators, denominators, members = sums
    given = values(metric, numerators, denominators)
    columns = (given, numerators, denominators)
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
        members=0 if why or not span else int(members[-1]),
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
    of = figures(edition, [metric_id], variant, [edition.as_of])[metric_id]
    own = of.way[edition.codes.get_loc(int(one.district))]
    if own < 0:
        return ()
    parts = [_parts(of.ways.iloc[own]), _parts(of.ways.iloc[of.most]) if of.most >= 0 else {}]
    digests = [digest for part in parts for digest in part.values()]
    texts = dict(edition.query("city/rule_texts", digests=digests).to_numpy())
    own, others = ({name: texts[digest] for name, digest in part.items()} for part in parts)
    return tuple(
        RuleText(name, own.get(name, ""), others.get(name, "")) for name in {**own, **others}
    )


def set_apart(edition: CityEdition) -> dict[tuple[str, str], dict[str, list[str]]]:
    """Return the metrics and variants that not all districts count alike: what differs by district."""
    ways = edition.query("city/ways", from_metric="", to_metric="~", variant=None)
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for key, own in ways.groupby(["metric_id", "variant"], sort=True):
        if (most := _largest(own, edition)) >= 0:
            apart = {
                f"{code:06d}": differing
                for _, way in own.iterrows()
                if (differing := _differing(way, own.iloc[most]))
                for code in edition.counted.intersection(way["districts"])
            }
            if apart:
                found[key] = apart
    return found


def _known(edition: CityEdition, month: str) -> str:
    if month not in edition.months:
        first, last = edition.months[0], edition.months[-1]
        raise ChunshuiError(f"全市汇总{edition.id}没有{month}的数据，可选{first}至{last}。")
    return month


def _largest(ways: pd.DataFrame, edition: CityEdition) -> int:
    """Return which way most districts counted have; of equal ones that with the first code; -1 for none."""
    inside = [edition.counted.intersection(codes) for codes in ways["districts"]]
    sizes = [(len(codes), -min(codes, default=0)) for codes in inside]
    return sizes.index(max(sizes)) if any(inside) else -1


def _differing(way: pd.Series, common: pd.Series) -> list[str]:
    """Return what sets a way apart: 规则, or else dictionaries by name."""
    own, others = _parts(way), _parts(common)
    return [name for name in {**own, **others} if own.get(name) != others.get(name)]


def _parts(way: pd.Series) -> dict[str, str]:
    """Return the digests of a way by part."""
    return {RULE: way["rule"], **json.loads(way["dictionaries"])}


def _reason(row: pd.Series, metric: Metric, measured: bool) -> str:
    """Return why a district has no value; "" where its state says why."""
    if row["state"] in (MISSING, LEFT_OUT):
        return ""
    if row["state"] == DAMAGED:
        return str(row["why"])
    if not measured:
        return UNMEASURED
    if row["counted"]:
        return reason(metric, built=True)
    return f"只报到{Month.parse(row['as_of']).words}。"
