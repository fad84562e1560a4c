"""Ask a metric: its value for any scope and month, by place, over time, and its members.

A scope is a choice of streets (codes; none means the whole district) or one community. Values
are read from `metric_value`, filled at publish from the same SQL that lists the members; a ratio
is always a ratio of sums. Nothing above this module computes a figure: what a page writes beside
a value (n/N, change, status, reason) is on the `Figure`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from chunshui import words
from chunshui.catalogue import metric as catalogue
from chunshui.catalogue import stored, values
from chunshui.catalogue.metric import BASE, CatalogueError, Metric
from chunshui.catalogue.places import inside
from chunshui.warehouse import Reader

REACHED, NEAR, MISSED, NO_TARGET, NO_DATA = "达标", "接近", "未达标", "无目标", "无数据"
# Streets whose best and worst lie closer than this share of the scale tell nothing apart.
SATURATED_SPREAD = 0.03


@dataclass(frozen=True)
class Point:
    """One month of a trend; `value` is None where there is none."""

    month: str
    value: float | None
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True)
class Figure:
    """One figure with all that is written beside it.

    `numerator`, `denominator` and `members` (how many things were counted) are those of `value`;
    `reason` says in Chinese why there is no value. `trend` ends with the figure's own month.
    """

    metric: Metric
    variant: str
    month: str
    value: float | None
    numerator: float | None
    denominator: float | None
    members: int
    previous_month: float | None
    previous_year: float | None
    status: str
    reason: str | None = None
    trend: tuple[Point, ...] = field(default=(), repr=False)

    @property
    def change_month(self) -> float | None:
        """The difference to the month before, in the metric's unit."""
        return _difference(self.value, self.previous_month)

    @property
    def change_year(self) -> float | None:
        """The difference to the same month of the year before, in the metric's unit."""
        return _difference(self.value, self.previous_year)

    @property
    def text(self) -> str:
        """The value as it is written: "91.3%", "34.9 亿元", "—"."""
        return words.number(self.value, self.metric.unit)

    @property
    def fraction_text(self) -> str | None:
        """n/N of a ratio in small print, the count behind a quantile, None for a total."""
        return fraction_text(self.metric, self.numerator, self.denominator, self.members)

    @property
    def change_text(self) -> str:
        """The change against last month in words: "较上月上升 0.4 个百分点"."""
        return _change_text("较上月", self.change_month, self.metric.unit)

    @property
    def year_text(self) -> str:
        """The change against the year before in words."""
        return _change_text("较上年同月", self.change_year, self.metric.unit)

    @property
    def better(self) -> bool | None:
        """Whether the last month's change is for the better; None if even, unknown or neutral."""
        if not self.change_month or self.metric.direction == "none":
            return None
        return (self.change_month > 0) == (self.metric.direction == "up")

    @property
    def target_text(self) -> str | None:
        """The target in words: "目标 ≥ 90.0%"; None without one."""
        return target_text(self.metric)


@dataclass(frozen=True)
class Saturation:
    """Whether a metric still tells the streets apart. `sentence` is Chinese, for the tile.

    `spread` is best minus worst, `splits` the ids of metrics that may still differ.
    """

    saturated: bool
    spread: float | None
    sentence: str | None
    splits: tuple[str, ...]


def figure(
    reader: Reader,
    metric_id: str,
    month: str,
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
    months: int = 36,
) -> Figure:
    """Return one metric's figure for a scope; `months` is the length of its trend.

    Raises `CatalogueError` for an unknown metric or variant, or a month the version lacks.
    """
    return figures(reader, [metric_id], month, streets, community, variant, months)[metric_id]


def figures(
    reader: Reader,
    metric_ids: Iterable[str],
    month: str,
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
    months: int = 36,
) -> dict[str, Figure]:
    """Return the figures of several metrics at once, by id, in the order asked: one query."""
    metrics = [catalogue.get(metric_id) for metric_id in metric_ids]
    streets = tuple(streets)
    last = _known_month(reader, month)
    first = catalogue.shift_month(last, -max(months - 1, 12))
    rows = _values(reader, metrics, first, last, streets, community, variant)
    return {
        metric.id: _figure(
            metric,
            variant,
            last,
            rows.get(metric.id, []),
            _unplaceable(metric, streets, community),
            months,
        )
        for metric in metrics
    }


def trend(
    reader: Reader,
    metric_id: str,
    month: str,
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
    months: int = 36,
) -> pd.DataFrame:
    """Return month ("2026-10"), value, numerator, denominator: the months up to `month`."""
    asked = figure(reader, metric_id, month, streets, community, variant, months)
    columns = ["month", "value", "numerator", "denominator"]
    rows = [(p.month, p.value, p.numerator, p.denominator) for p in asked.trend]
    return pd.DataFrame(rows, columns=columns)


def by_street(
    reader: Reader,
    metric_id: str,
    month: str,
    streets: Iterable[str] = (),
    variant: str = BASE,
) -> pd.DataFrame:
    """Return one row per street in scope, best first (by the metric's direction).

    Columns street_code, street_name, value, numerator, denominator, members, previous_month,
    previous_year, change_month, change_year, status, text, fraction, change. Without a choice
    of streets, what belongs to no street comes as a last row without code, so that the rows
    always add up to the district.
    """
    return _by_place(reader, metric_id, month, tuple(streets), variant, "street")


def by_community(
    reader: Reader,
    metric_id: str,
    month: str,
    streets: Iterable[str] = (),
    variant: str = BASE,
) -> pd.DataFrame:
    """Return one row per community in scope, as `by_street`, with community_code and _name.

    What a street holds itself (a street's own station) comes as a row without community code.
    """
    return _by_place(reader, metric_id, month, tuple(streets), variant, "community")


def members(
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
    metric = catalogue.get(metric_id)
    first = _known_month(reader, month)
    streets = tuple(streets)
    found = reader.frame(metric.sql, **metric.query_parameters(first, variant))
    found = found[inside(found, streets, community)]
    if "entity_table" not in found:
        found = found.assign(entity_table=metric.entities[0])
    if "reason" not in found:
        found = found.assign(reason=None)
    found = found.assign(
        counted=_counted(metric, found),
        part=_part(metric, found),
        entity_word=found["entity_table"].map(words.ENTITIES),
    )
    found = found.merge(
        reader.query("catalogue/lineage", tables=list(metric.entities)),
        how="left",
        on=["entity_table", "entity_id"],
    )
    names = reader.query("catalogue/place_names").set_index("place_code")["place_name"]
    found["street_name"] = found["street_code"].map(names)
    found["community_name"] = found["community_code"].map(names)
    order = ["counted", "street_code", "community_code", "entity_id"]
    found = found.sort_values(order, ascending=[False, True, True, True], kind="stable")
    return _with_none(found.reset_index(drop=True))[
        [
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
    ]


def sensitivity(
    reader: Reader,
    metric_id: str,
    month: str,
    streets: Iterable[str] = (),
    community: str | None = None,
) -> pd.DataFrame:
    """Return the figure under every accepted definition: the band the page shows.

    One row per variant, the base first: variant, variant_name, value, numerator, denominator,
    text, fraction, status, difference (to the base).
    """
    metric = catalogue.get(metric_id)
    streets = tuple(streets)
    rows = []
    for variant in metric.variants:
        one = figure(reader, metric_id, month, streets, community, variant.id, months=1)
        rows.append(
            {
                "variant": variant.id,
                "variant_name": variant.name,
                "value": one.value,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "text": one.text,
                "fraction": one.fraction_text,
                "status": one.status,
                "difference": _difference(one.value, rows[0]["value"] if rows else one.value),
            }
        )
    return pd.DataFrame(rows)


def saturation(metric_id: str, streets: pd.DataFrame) -> Saturation:
    """Judge from a `by_street` frame whether the streets hardly differ.

    Only ratios of three streets or more are judged: the spread between best and worst street
    must be more than 3 % of the scale.
    """
    metric = catalogue.get(metric_id)
    values = streets.loc[streets["street_code"].notna(), "value"].dropna()
    if metric.kind != "ratio" or len(values) < 3:
        return Saturation(False, None, None, metric.splits)
    spread = float(values.max() - values.min())
    edge = SATURATED_SPREAD * (metric.scale if metric.unit == "%" else float(values.median()))
    if spread > edge:
        return Saturation(False, spread, None, metric.splits)
    gap = words.difference(spread, metric.unit)
    far = "数值相同" if gap == "0" else f"最多相差 {gap}"
    others = "、".join(catalogue.get(split).name for split in metric.splits)
    advice = f"，可改看{others}" if others else ""
    sentence = f"本指标已饱和：{len(values)} 个街道之间{far}{advice}。"
    return Saturation(True, spread, sentence, metric.splits)


def status(metric: Metric, value: float | None) -> str:
    """Return 达标, 接近 or 未达标 against the metric's target; 无目标 or 无数据 otherwise."""
    if words.is_missing(value):
        return NO_DATA
    if metric.target is None:
        return NO_TARGET
    sign = 1 if metric.direction == "up" else -1
    if sign * value >= sign * metric.target:
        return REACHED
    if metric.amber is not None and sign * value >= sign * metric.amber:
        return NEAR
    return MISSED


def target_text(metric: Metric) -> str | None:
    """Write the target: "目标 ≥ 90.0%"; None without one."""
    if metric.target is None:
        return None
    sign = "≥" if metric.direction == "up" else "≤"
    return f"目标 {sign} {words.number(metric.target, metric.unit)}"


def fraction_text(metric: Metric, numerator, denominator, counted: int) -> str | None:
    """Write what stands behind a value: n/N of a ratio, the count behind a quantile."""
    if metric.kind == "quantile":
        return f"{words.plain(counted)} 项" if counted else None
    if metric.kind == "total" or words.is_missing(denominator):
        return None
    return words.fraction(numerator, denominator, metric.numerator_unit, metric.denominator_unit)


def _known_month(reader: Reader, month: str) -> dt.date:
    first = catalogue.parse_month(month)
    known = [day.date() for day in reader.query("catalogue/months")["month"]]
    if first not in known:
        span = f"{known[0]:%Y-%m} 至 {known[-1]:%Y-%m}" if known else "任何月份"
        raise CatalogueError(f"本版本没有 {month} 的数据，可选 {span}。")
    return first


def _values(reader, metrics, first, last, streets, community, variant) -> dict[str, list]:
    """Return per metric what is known of the scope, a list of (month, numerator, denominator,
    members) in the order of the months; what is missing is None.
    """
    kept = stored.of(reader, variant)
    add_up = [metric.id for metric in metrics if metric.kind != "quantile"]
    rows = kept.summed(add_up, first, last, streets, community)
    quantiles = [metric for metric in metrics if metric.kind == "quantile"]
    if len(streets) > 1 and community is None:
        # Quantiles do not add up: for a choice of streets the members are asked again.
        for metric in quantiles:
            rows[metric.id] = _live_quantiles(reader, metric, streets, variant, first, last)
    else:
        street = next(iter(streets), None)
        rows |= kept.single([metric.id for metric in quantiles], first, last, street, community)
    return rows


def _live_quantiles(reader, metric, streets, variant, first, last) -> list[stored.Row]:
    known = [day.date() for day in reader.query("catalogue/months")["month"]]
    months = [day for day in known if first <= day <= last]
    statement, parameters = values.quantiles(metric, metric.variant(variant), months, streets)
    found = reader.frame(statement, **parameters)
    found = found[found["street_code"].isna()].set_index("month")
    found = found.reindex(pd.to_datetime(months))[stored.SUMS].astype(object)
    cells = found.where(found.notna(), None)
    return list(zip(months, *(cells[name] for name in stored.SUMS), strict=True))


def _figure(metric, variant, last, rows, unplaceable, months) -> Figure:
    points = {
        month: _point(metric, month, numerator, denominator, placeable=unplaceable is None)
        for month, numerator, denominator, _ in rows
    }
    own = points.get(last)
    counted = next((members for month, *_, members in rows if month == last), None)
    value = own.value if own else None
    begin = catalogue.shift_month(last, 1 - months)
    return Figure(
        metric=metric,
        variant=metric.variant(variant).id,
        month=f"{last:%Y-%m}",
        value=value,
        numerator=None if own is None else own.numerator,
        denominator=None if own is None else own.denominator,
        members=int(counted) if counted and not unplaceable else 0,
        previous_month=_value_of(points.get(catalogue.shift_month(last, -1))),
        previous_year=_value_of(points.get(catalogue.shift_month(last, -12))),
        status=status(metric, value),
        reason=_reason(metric, value, own, unplaceable),
        trend=tuple(point for month, point in sorted(points.items()) if month >= begin),
    )


def _point(metric: Metric, day: dt.date, numerator, denominator, placeable: bool) -> Point:
    """Make one month's point: no members is 0 for a total, and nothing for a ratio or quantile."""
    month = f"{day:%Y-%m}"
    value = _value(metric, numerator, denominator) if placeable else None
    if metric.kind == "total":
        return Point(month, value, value, None)
    return Point(month, value, numerator, denominator)


def _reason(metric: Metric, value, own: Point | None, unplaceable: str | None) -> str | None:
    if value is not None:
        return None
    if unplaceable:
        return unplaceable
    if own is None:
        return "本版本发布时还没有这项指标，重新发布即可算出。"
    if metric.kind == "quantile":
        return f"本范围当期没有可计的{words.entity(metric.entities[0])}。"
    return f"分母为零：本范围当期没有“{metric.denominator}”。"


def _unplaceable(metric: Metric, streets: tuple[str, ...], community: str | None) -> str | None:
    """Return why a metric cannot be given for a scope finer than it knows; None if it can."""
    if metric.level == "district" and (streets or community):
        return "本指标只在全区统计，不分到街道、社区。"
    if metric.level == "street" and community:
        return "本指标统计到街道，不分到社区。"
    return None


def _value(metric: Metric, numerator, denominator) -> float | None:
    if metric.kind == "total":
        return 0.0 if words.is_missing(numerator) else float(numerator)
    if words.is_missing(numerator) or words.is_missing(denominator) or denominator <= 0:
        return None
    if metric.kind == "quantile":
        return float(numerator)
    return float(numerator / denominator * metric.scale)


def _by_place(reader, metric_id, month, streets, variant, level) -> pd.DataFrame:
    metric = catalogue.get(metric_id)
    metric.variant(variant)
    this = _known_month(reader, month)
    before, year_before = catalogue.shift_month(this, -1), catalogue.shift_month(this, -12)
    places = reader.query(
        "catalogue/values_by_place",
        metric=metric_id,
        variant=variant,
        level=level,
        month=this,
        before=before,
        year_before=year_before,
        as_of=catalogue.month_end(this),
        streets=list(streets),
        stored=metric.kind == "quantile",
    )
    places["members"] = places["members"].fillna(0).astype(int)
    code = f"{level}_code"
    known = {day.date() for day in reader.query("catalogue/months")["month"]}
    # A metric known only to the street has nothing to say of a community, not 0.
    coarse = catalogue.LEVELS.index(metric.level) < catalogue.LEVELS.index(level)
    silent = places[code].notna() if coarse else pd.Series(False, index=places.index)
    for column, suffix, day in (
        ("value", "", this),
        ("previous_month", "_before", before),
        ("previous_year", "_year", year_before),
    ):
        sums = zip(places[f"numerator{suffix}"], places[f"denominator{suffix}"], strict=True)
        values = pd.Series([_value(metric, n, d) for n, d in sums], places.index, dtype=float)
        places[column] = values.where(~silent & (day in known))
    columns = ["street_code", "street_name", "community_code", "community_name"]
    columns += ["value", "numerator", "denominator", "members", "previous_month", "previous_year"]
    if level == "street":
        columns = [column for column in columns if not column.startswith("community")]
    return _dressed(metric, places[columns].copy(), code)


def _dressed(metric: Metric, places: pd.DataFrame, code: str) -> pd.DataFrame:
    """Add differences, status and words, and put the best first, what has no place last."""
    places["change_month"] = places["value"] - places["previous_month"]
    places["change_year"] = places["value"] - places["previous_year"]
    places["status"] = [status(metric, value) for value in places["value"]]
    places["text"] = [words.number(value, metric.unit) for value in places["value"]]
    places["fraction"] = [
        fraction_text(metric, n, d, m)
        for n, d, m in zip(
            places["numerator"], places["denominator"], places["members"], strict=True
        )
    ]
    places["change"] = [words.change(value, metric.unit) for value in places["change_month"]]
    best = places["value"] * (1 if metric.direction == "down" else -1)
    order = pd.DataFrame({"loose": places[code].isna(), "best": best})
    order = order.sort_values(["loose", "best"], kind="stable", na_position="last")
    return _with_none(places.loc[order.index].reset_index(drop=True))


def _counted(metric: Metric, found: pd.DataFrame) -> pd.Series:
    counted = found["numerator"] != 0
    if len(metric.entities) > 1:
        counted |= found["denominator"] != 0
    if metric.kind == "quantile":
        counted = found["denominator"] > 0
    return counted


def _part(metric: Metric, found: pd.DataFrame) -> list[str]:
    if metric.kind != "ratio":
        return ["计入" if counted else "未计入" for counted in _counted(metric, found)]
    parts = []
    for numerator, denominator in zip(found["numerator"], found["denominator"], strict=True):
        if numerator and (denominator or len(metric.entities) == 1):
            parts.append("计入分子")
        elif numerator:
            parts.append("只作分子")
        elif not denominator:
            parts.append("不在分母")
        else:
            parts.append("未计入分子" if len(metric.entities) == 1 else "只作分母")
    return parts


def _with_none(frame: pd.DataFrame) -> pd.DataFrame:
    """Make what is missing in text columns None, not NaN: a page may test it for truth."""
    texts = frame.select_dtypes(include=["object", "str"]).columns
    return frame.assign(
        **{name: frame[name].astype(object).where(frame[name].notna(), None) for name in texts}
    )


def _value_of(point: Point | None) -> float | None:
    return None if point is None else point.value


def _difference(value: float | None, other: float | None) -> float | None:
    return None if words.is_missing(value) or words.is_missing(other) else value - other


def _change_text(against: str, difference: float | None, unit: str) -> str:
    written = words.change(difference, unit)
    return f"{against}{'' if written == '持平' else ' '}{written}"
