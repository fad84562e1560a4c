"""A metric: its definition, read strictly from `queries/metrics/<id>.sql`."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb

from chunshui import paths, words
from chunshui.catalogue import frontmatter
from chunshui.catalogue.frontmatter import CatalogueError, QueryFile
from chunshui.month import Month
from chunshui.week import Week

GROUPS = ("帜 组织", "治 共治", "智 服务", "智 更新")
KINDS = ("ratio", "total", "quantile")
# How the time counted is written, on every page and in every document.
WINDOWS = {
    "as-of": "时点",
    "week": "月末前最后一整周",
    "month": "当月",
    "quarter": "本季度累计",
    "year-to-date": "本年累计",
    "cumulative": "台账开始以来累计",
}
# After how many months a count begins anew.
_ANEW = {"quarter": 3, "year-to-date": 12}
DIRECTIONS = ("up", "down", "none")
LEVELS = ("district", "street", "community")
MARKS = {
    "V": "已查到公开出处",
    "R": "尚未核对原文",
    "?": "未查到公开出处",
    "own": "本系统自定",
}
BASE = "base"
FIRST_DAY = dt.date(1900, 1, 1)

_TEXTS = [
    "id",
    "name",
    "short",
    "group",
    "kind",
    "window",
    "level",
    "unit",
    "one_row",
    "numerator",
    "direction",
    "cadence",
    "source",
    "mark",
    "caveat",
]
_REQUIRED = {**dict.fromkeys(_TEXTS, str), "entities": list}
_OPTIONAL = {
    **dict.fromkeys(("scale", "target", "amber"), float),
    **dict.fromkeys(("denominator", "numerator_unit", "denominator_unit"), str),
    **dict.fromkeys(("target_source", "target_level", "lack", "none"), str),
    "fewest": int,
    "restarts": bool,
    "needs": list,
    "splits": list,
    "final": bool,
    "moves": dict,
    "params": dict,
    "variants": list,
}
# Tables that a SELECT reads by name.
_READ = re.compile(r"\b(?:from|join)\s+(\w+)")
_MONTH_PARAMETERS = frozenset({"as_of", "window_start"})
# What the fill, and whoever asks with parameters, set themselves: see queries/catalogue.
_RESERVED = _MONTH_PARAMETERS | {
    *(
        "metric_id",
        "variant",
        "months",
        "ends",
        "starts",
        "paired",
        "streets",
        "community",
        "tables",
    ),
}


# What is said of members that came, left, were counted on coming, turned to counted and back.
MOVES = {
    "came": "新增",
    "left": "不再统计",
    "counted": "计入",
    "gained": "转为计入",
    "lost": "转为未计入",
}


@dataclass(frozen=True)
class Variant:
    """One accepted way to count: the base definition, or another that the page may set beside it.

    `window` and `params` are complete (the metric's own, with this variant's changes).
    """

    id: str
    name: str
    window: str
    params: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Metric:
    """The definition of one figure. `queries/metrics/<id>.sql` says what each field means in words.

    `level` is the finest place a member can be put in; `scale` multiplies numerator/denominator
    into `unit` (100 for %); `splits` names metrics that
    still differ when this one is saturated; `needs` the ledgers, besides those it counts or reads
    by name, without which there is nothing to measure; `amber` how near the target is still 接近 (within
    five points, or a tenth of the target); `mark` how well the source is known; `caveat` what a reader
    should know. `fewest` is how much a ratio's denominator, or how
    many things a quantile, must hold to be judged; `target_level` the only level the target holds
    at (None: every one); `restarts` whether every January counts other things than December;
    `lack` and `none` what is said of those to mend, and when there are none; `final` that a
    member, once counted or not, stays so; `moves` what is said when members come, leave and turn:
    see `MOVES`.
    """

    id: str
    name: str
    short: str
    group: str
    kind: str
    window: str
    level: str
    unit: str
    scale: float
    one_row: str
    entities: tuple[str, ...]
    numerator: str
    denominator: str | None
    numerator_unit: str
    denominator_unit: str | None
    direction: str
    target: float | None
    amber: float | None
    target_source: str | None
    target_level: str | None
    fewest: int
    restarts: bool
    lack: str | None
    none: str | None
    cadence: str
    source: str
    mark: str
    caveat: str
    splits: tuple[str, ...]
    needs: tuple[str, ...]
    final: bool
    moves: dict[str, str] = field(hash=False)
    variants: tuple[Variant, ...]
    parameters: frozenset[str]
    sql: str = field(repr=False)

    @cached_property
    def ledgers(self) -> tuple[str, ...]:
        """The ledgers without which the metric cannot be measured, be its value 0 or not."""
        read = [table for table in _READ.findall(self.sql) if table in words.ENTITIES]
        return tuple(dict.fromkeys((*self.entities, *self.needs, *read)))

    @property
    def query_name(self) -> str:
        """The name by which the warehouse finds the file: "metrics/<id>"."""
        return f"metrics/{self.id}"

    def variant(self, variant_id: str = BASE) -> Variant:
        """Return one of the metric's variants; raise `CatalogueError` for an unknown one."""
        for variant in self.variants:
            if variant.id == variant_id:
                return variant
        raise CatalogueError(f"指标“{self.name}”没有“{variant_id}”这种算法。")

    def query_parameters(self, month: Month, variant_id: str = BASE) -> dict[str, Any]:
        """Return the parameters of the SQL for a month."""
        return self.day_parameters(*window_days(self.variant(variant_id).window, month), variant_id)

    def day_parameters(
        self, first: dt.date, last: dt.date, variant_id: str = BASE
    ) -> dict[str, Any]:
        """Return the parameters of the SQL for the days from `first` to `last`."""
        days = {"as_of": last, "window_start": first}
        offered = days | self.variant(variant_id).params
        return {key: value for key, value in offered.items() if key in self.parameters}

    @contextmanager
    def named_in_errors(self) -> Iterator[None]:
        """Let an error of the database name the metric whose SQL it comes from."""
        try:
            yield
        except (duckdb.OutOfMemoryException, duckdb.InterruptException):
            raise  # no fault of the SQL: the build says in words what became too much
        except duckdb.Error as fault:
            raise CatalogueError(
                f"指标“{self.name}”（queries/{self.query_name}.sql）的查询出错。"
                f"请按 docs/methods.md 修改。数据库的原话：{fault}"
            ) from fault

    def move(self, which: str, size: str) -> str:
        """Return what is said when so much (with its unit) moved: "72个网格新缺岗位"."""
        word = self.moves[which]
        return word.replace("{n}", size) if "{n}" in word else size + word

    @cached_property
    def bounds(self) -> tuple[float, ...]:
        """The values that a written figure must not seem to reach or miss: target and amber."""
        return tuple(bound for bound in (self.target, self.amber) if bound is not None)

    @property
    def extremes(self) -> tuple[str, str]:
        """What the greatest and the least of several places are called."""
        return words.extremes(self.kind, self.unit)

    @property
    def is_payment(self) -> bool:
        """Whether it is the share of money that was paid, which cannot rightly pass the whole."""
        units = (self.numerator_unit, self.denominator_unit, self.unit)
        return self.kind == "ratio" and units == ("元", "元", "%")

    def comparable(self, month: Month, before: Month, variant_id: str = BASE) -> bool:
        """Return whether two months count alike: no January with what was counted a year long.

        A count that begins anew is compared within its year or quarter, or at the same place of two.
        """
        now, then = (self.begun(one, variant_id) for one in (month, before))
        if now is None or then is None:
            return True
        return now == then or month - now == before - then

    def begun(self, month: Month, variant_id: str = BASE) -> Month | None:
        """Return the month with which the count that a month ends began; None where none begins anew."""
        months = self.anew_months(variant_id)
        return month.shift(-((month.number - 1) % months)) if months else None

    def anew_months(self, variant_id: str = BASE) -> int | None:
        """Return after how many months the count begins anew; None where it does not."""
        return 12 if self.restarts else _ANEW.get(self.variant(variant_id).window)

    def against(
        self,
        month: Month,
        before: Month,
        variant_id: str = BASE,
        known_from: str | None = None,
    ) -> str:
        """Return what a change is against: see `Month.against`; 较1至9月 of a year to date.

        较上季度, 较上季度同期 of a quarter; 较上月末周 of a week. No year begins before the first month that is known.
        """
        window = self.variant(variant_id).window
        if window == "week":
            named = {1: "上月", 12: "上年同月"}.get(month - before, before.words)
            return f"较{named}末周"
        began = self.begun(month, variant_id) if window in _ANEW else None
        if began and began == self.begun(before, variant_id):
            began = max(began, Month.parse(known_from)) if known_from else began
            since = "" if before == began else f"{began.number}至"
            return f"较{since}{before.number}月"
        if window == "quarter" and month - before == 3:
            return "较上季度" if month.number % 3 == 0 else "较上季度同期"
        return month.against(before)

    def most(self, variant_id: str = BASE) -> float | None:
        """Return the value that stands for all beyond what is measured; None where all is.

        A quantile is the value of one of its members; no sum is cut off, whatever its SQL calls most.
        """
        most = self.variant(variant_id).params.get("most") if self.kind == "quantile" else None
        return None if most is None else float(most)

    def quantile(self, variant_id: str = BASE) -> float:
        """Return the share of weight at which a quantile metric reads its value."""
        return float(self.variant(variant_id).params["quantile"])


@cache
def all_metrics(root: Path = paths.QUERIES) -> dict[str, Metric]:
    """Read and check every metric file; return them by id: by group.

    Raises `CatalogueError` for an unknown or missing key, a value outside its list, a parameter
    that is declared and not used or used and not declared.
    """
    metrics = [_metric(query) for query in frontmatter.read_folder("metrics", root)]
    metrics.sort(key=lambda one: (GROUPS.index(one.group), one.id))
    by_id = {metric.id: metric for metric in metrics}
    for metric in metrics:
        if strangers := [split for split in metric.splits if split not in by_id]:
            raise CatalogueError(f"指标{metric.id}的 splits 指向不存在的指标{strangers}。")
    return by_id


def get_metric(metric_id: str) -> Metric:
    """Return one metric; raise `CatalogueError` when there is none of that id."""
    try:
        return all_metrics()[metric_id]
    except KeyError:
        raise CatalogueError(f"没有编号为“{metric_id}”的指标，请在“指标口径”页查找。") from None


def window_days(window: str, month: Month) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that a window ending with the month counts.

    A week is the last that is over by the month's end, whichever month it began in.
    """
    if window == "week":
        week = Week.last_whole(month.last)
        return week.first, week.last
    if window == "month":
        return month.first, month.last
    if months := _ANEW.get(window):
        return month.shift(-((month.number - 1) % months)).first, month.last
    return FIRST_DAY, month.last


def window_start(window: str, month: Month) -> dt.date:
    """Return the first day that a window ending with the month counts."""
    return window_days(window, month)[0]


def _metric(query: QueryFile) -> Metric:
    frontmatter.check_keys(query, _REQUIRED, _OPTIONAL)
    front = query.front
    for key, allowed in (
        ("group", GROUPS),
        ("kind", KINDS),
        ("window", tuple(WINDOWS)),
        ("level", LEVELS),
        ("direction", DIRECTIONS),
        ("mark", tuple(MARKS)),
    ):
        if front[key] not in allowed:
            raise query.fault(f"{key} 只能取 {'、'.join(allowed)}")
    if strangers := set(front.get("moves", {})) - set(MOVES):
        raise query.fault(f"moves 里有不认识的{'、'.join(sorted(strangers))}")
    if len(front["short"]) > 8:
        raise query.fault("short 超过8个字")
    _check_kind(query)
    _check_target(query)
    variants = _variants(query)
    _check_most(query, variants)
    return Metric(
        **{key: front[key] for key in _TEXTS},
        entities=tuple(front["entities"]),
        scale=float(front.get("scale", 1)),
        denominator=front.get("denominator"),
        numerator_unit=front.get("numerator_unit", front["unit"]),
        denominator_unit=front.get("denominator_unit"),
        target=front.get("target"),
        amber=front.get("amber"),
        target_source=front.get("target_source"),
        target_level=front.get("target_level"),
        fewest=front.get("fewest", 0),
        restarts=front.get("restarts", False),
        lack=front.get("lack"),
        none=front.get("none"),
        splits=tuple(front.get("splits", ())),
        needs=tuple(front.get("needs", ())),
        final=front.get("final", False),
        moves=MOVES | front.get("moves", {}),
        variants=variants,
        parameters=query.parameters,
        sql=query.sql,
    )


def _check_kind(query: QueryFile) -> None:
    front = query.front
    if not front["entities"]:
        raise query.fault("entities 是空的")
    if strangers := set(front.get("needs", ())) - set(words.ENTITIES):
        raise query.fault(f"needs 里有不认识的台账{sorted(strangers)}")
    ratio_keys = ("scale", "denominator", "numerator_unit", "denominator_unit")
    if front["kind"] == "ratio" and (lacking := [key for key in ratio_keys if key not in front]):
        raise query.fault(f"比率指标缺少 {'、'.join(lacking)}")
    if front["kind"] == "total" and (extra := [key for key in ratio_keys if key in front]):
        raise query.fault(f"总量指标不该有 {'、'.join(extra)}")
    if (front["kind"] == "total") == ("fewest" in front):
        raise query.fault("比率、分位数指标要写明 fewest（至少多少才评价），总量指标不写")
    if ("lack" in front) != ("none" in front):
        raise query.fault("lack 与 none 要同时写")
    if front["kind"] == "quantile" and not 0 < front.get("params", {}).get("quantile", 0) < 1:
        raise query.fault("分位数指标的 params 要写明 quantile（0与1之间）")


def _check_target(query: QueryFile) -> None:
    front = query.front
    if ("target" in front) != ("target_source" in front):
        raise query.fault("target 与 target_source 要同时写")
    if "target" in front and front["direction"] == "none":
        raise query.fault("有目标值的指标要写明方向 up 或 down")
    if "target_level" in front and ("target" not in front or front["target_level"] not in LEVELS):
        raise query.fault(f"target_level 写明目标只对哪一级成立，只能取 {'、'.join(LEVELS)}")
    # None at all can be asked of every place alike, any other total only of one level.
    if front["kind"] == "total" and front.get("target") and "target_level" not in front:
        raise query.fault("总量的目标不为零时，要用 target_level 写明对哪一级成立")
    if "amber" in front:
        if "target" not in front:
            raise query.fault("有 amber 而没有 target")
        gap = front["target"] - front["amber"]
        if gap == 0 or (gap > 0) != (front["direction"] == "up"):
            raise query.fault("amber 应在 target 的不利一侧")
        if abs(gap) > (5 if front["unit"] == "%" else front["target"] / 10):
            raise query.fault(
                "amber 离 target 不超过5个百分点（其他单位不超过目标的一成），才叫接近"
            )


def _check_most(query: QueryFile, variants: tuple[Variant, ...]) -> None:
    mosts = [one.params["most"] for one in variants if "most" in one.params]
    if mosts and query.front["direction"] != "down":
        raise query.fault("有 most 的指标，方向要是 down：超过它的都更差")
    bounds = [query.front[key] for key in ("target", "amber") if key in query.front]
    if mosts and bounds and max(bounds) >= min(mosts):
        raise query.fault("target、amber 要小于 most：再远就不知道多少了")


def _variants(query: QueryFile) -> tuple[Variant, ...]:
    front = query.front
    own = front.get("params", {})
    if taken := sorted(_RESERVED & (set(own) | query.parameters - _MONTH_PARAMETERS)):
        raise query.fault(f"参数 {'、'.join(taken)} 是计算时自用的名字，请换一个")
    variants = [Variant(BASE, "本系统口径", front["window"], own)]
    for table in front.get("variants", []):
        if not {"id", "name"} <= set(table) <= {"id", "name", "window", "params"}:
            raise query.fault("variants 每项要有 id、name，可有 window、params")
        if table["id"] in {variant.id for variant in variants}:
            raise query.fault(f"variants 的 id“{table['id']}”重复")
        changes = table.get("params", {})
        if strangers := set(changes) - set(own):
            raise query.fault(f"variants 改了没有声明的参数 {sorted(strangers)}")
        if not changes and table.get("window", front["window"]) == front["window"]:
            raise query.fault(f"variants 的“{table['id']}”与本系统口径相同")
        if table.get("window", front["window"]) not in WINDOWS:
            raise query.fault(f"variants 的 window 只能取 {'、'.join(WINDOWS)}")
        variants.append(
            Variant(table["id"], table["name"], table.get("window", front["window"]), own | changes)
        )
    declared = set(own) - ({"quantile"} if front["kind"] == "quantile" else set())
    frontmatter.check_parameters(query, declared, _MONTH_PARAMETERS)
    windowed = {variant.window for variant in variants} - {"as-of", "cumulative"}
    if windowed and "window_start" not in query.parameters:
        raise query.fault("按周、月、季度或年累计的指标要用 $window_start")
    if not windowed and "window_start" in query.parameters:
        raise query.fault("时点、累计的指标不该用 $window_start")
    return tuple(variants)
