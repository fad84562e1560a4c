"""What a snapshot is: one frozen set of figures as plain data, and its id, a hash of that data.

Everything a document shows is in here, words included, so that making a document computes
no figure and asks no database. Numbers are kept twice: as numbers (for charts and cells) and
as the words the pages show (`shown`).

An archive outlives the software. The id of a stored snapshot is that of what is stored, whatever
fields have come since; a field that is added has a default. One whose default is None is not written
where it is None, so that what is frozen anew has the id it always had.
"""

import dataclasses
import hashlib
import json
import math
import re
import types
import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from chunshui import words
from chunshui.errors import ChunshuiError

FORMAT = 1
EDGE_M = 150.0  # metres that rivers and railways of a basemap reach beyond its shapes

_STRANGE = "快照文件的格式不认识：由更新版本的软件生成（请升级本软件后再打开），或文件已损坏。"

Number = float | int
S = typing.TypeVar("S")
T = typing.TypeVar("T")


def _none_written() -> Any:
    """Return a field that is written where it is None, too, as it was in the first format."""
    return field(default_factory=lambda: None)


class SnapshotDamagedError(ChunshuiError):
    """A stored snapshot cannot be read, or its content is not what its id says."""


@dataclass(frozen=True)
class Definition:
    """How one metric is counted, in words. `target`, `most` and values are in `unit`.

    `most` stands for all values beyond what is measured; None where all is.
    """

    metric: str
    name: str
    short: str
    group: str
    unit: str
    kind: str
    one_row: str
    numerator: str
    numerator_unit: str
    denominator: str | None
    denominator_unit: str | None
    direction: str
    target: Number | None
    target_shown: str
    window: str
    cadence: str
    source: str
    mark: str
    caveat: str
    query: str
    most: Number | None = None


@dataclass(frozen=True)
class Place:
    """A street (`community` is None), a community, or the whole scope (`code` is None)."""

    code: str | None
    street: str
    community: str | None = _none_written()

    @property
    def name(self) -> str:
        """The community, else the street, else the name of the scope."""
        return self.community or self.street

    @property
    def full_name(self) -> str:
        """The community with its street before it: names repeat between streets."""
        return f"{self.street} {self.community}" if self.community else self.street


def nature_words(nature: str) -> str:
    """Return what every page says about data of a nature (演示, 实有)."""
    return words.DEMONSTRATION if nature == "演示" else "台账数据"


def names_of(places: Iterable[Place]) -> list[str]:
    """Return what places are called beside each other: in full only where streets differ."""
    places = list(places)
    alone = len({place.street for place in places}) == 1
    return [place.name if alone else place.full_name for place in places]


@dataclass(frozen=True)
class Figure:
    """One metric in one place: the number, what it is made of, and the words for both.

    `counted` says numerator and denominator in words ("1,155 / 1,292个网格"), `status` is
    达标, 接近, 未达标, 无目标 or 无数据, `band` the class on a map (0 lowest, None missing). `change` is
    how far it moved since the month of comparison, where the material has one, else `moved_month` and
    `moved_year` the numbers of the two changes in words; `distance` says of the whole scope how it
    stands to the target ("比目标95%低8.4个百分点").
    """

    metric: str
    place: Place
    value: Number | None
    shown: str
    numerator: Number | None
    denominator: Number | None
    counted: str
    status: str
    band: int | None = _none_written()
    change_month: str = ""
    change_year: str = ""
    change: Number | None = None
    distance: str | None = None
    moved_month: Number | None = None
    moved_year: Number | None = None

    @property
    def known_value(self) -> Number:
        """The value of a figure that has one."""
        if self.value is None:
            raise ValueError(f"{self.metric} of {self.place.full_name} has no value")
        return self.value


@dataclass(frozen=True)
class _Section:
    """What every part of a snapshot has: its finding, what it shows, the words of the meeting."""

    title: str
    heading: str
    comment: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Figures(_Section):
    """Tiles: some metrics for the whole scope."""

    figures: tuple[Figure, ...]
    kind: str = "figures"


@dataclass(frozen=True)
class Point:
    """A mark on a map, in metres of the district's zone; `layer` is the name of its group."""

    layer: str
    name: str
    x: int
    y: int


@dataclass(frozen=True)
class Shape:
    """A place to draw: closed rings as flat x, y, x, y … in metres of the district's zone, and a label point."""

    code: str
    name: str
    street: str
    rings: tuple[tuple[int, ...], ...]
    x: int
    y: int


@dataclass(frozen=True)
class Line:
    """A river, railway or arterial road to draw for orientation: open or closed lines."""

    name: str
    barrier: str
    closed: bool
    lines: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Basemap:
    """Shapes to draw on. A snapshot's is no part of its id: the data version settles it."""

    communities: tuple[Shape, ...] = ()
    streets: tuple[Shape, ...] = ()
    barriers: tuple[Line, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Band:
    """How far it is from a stretch of land: in words, its shade (None beyond all limits), its rings."""

    name: str
    strength: int | None
    rings: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Map(_Section):
    """One metric by community or street, in classes; `labels` name the classes, low to high.

    `strengths` are their shades, 0 the palest of five; `overall` is the figure of the whole scope.
    `ramp` names their colours where they are changes. A map taken from a page shows `bands`, each painted over those before it,
    on a `ground` of its own; `subject` says of what it is, where its figures are not the metric itself.
    """

    metric: str
    level: str
    labels: tuple[str, ...]
    figures: tuple[Figure, ...]
    points: tuple[Point, ...] = ()
    strengths: tuple[int, ...] | None = None
    overall: Figure | None = None
    bands: tuple[Band, ...] | None = None
    ground: Basemap | None = None
    ramp: str | None = None
    subject: str | None = None
    kind: str = "map"

    @property
    def is_taken(self) -> bool:
        """Whether it was taken from a page: it answers a question of its own, its figures are not the metric's."""
        return self.ground is not None


@dataclass(frozen=True)
class Ranking(_Section):
    """One metric by place, best first, with the figure of the whole scope as the yardstick.

    `beyond` are the codes of the places that differ from all together by more than chance; None where
    what is counted is no trial, or nobody asked. With `by_chance` those within chance are not before or after each
    other: they stand as registered, and no place has a rank. `unranked` are those with a value that rests on too little for a rank.
    """

    metric: str
    level: str
    overall: Figure
    figures: tuple[Figure, ...]
    beyond: tuple[str, ...] | None = None
    unranked: tuple[Figure, ...] | None = None
    by_chance: bool | None = None
    kind: str = "ranking"


@dataclass(frozen=True)
class Series:
    """One line of a trend. A missing month is None."""

    name: str
    values: tuple[Number | None, ...]
    numerators: tuple[Number | None, ...]
    denominators: tuple[Number | None, ...]
    last_shown: str


@dataclass(frozen=True)
class Trend(_Section):
    """One metric by month ("2026-10"), oldest first."""

    metric: str
    months: tuple[str, ...]
    series: tuple[Series, ...]
    kind: str = "trend"


@dataclass(frozen=True)
class Column:
    """A column of a table: `kind` is text, number, date or yesno."""

    label: str
    kind: str = "text"
    unit: str = ""

    @property
    def words(self) -> str:
        """What stands above the column: the label with its unit."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True)
class Table(_Section):
    """Rows of a ledger or a list. `total` counts the rows there are; `rows` may be the first ones.

    `number` is the one number of the finding and what it says, where it is not that count; `names` are
    the things that title and heading name besides those in the rows. `units` is the column of streets
    that are compared: where nobody is named they go by letters, and the rows stay. `better` says of each
    row whether it is for the better, where a table judges; `spans` from which rank to which it may lie.
    `nameless` says that there is nothing in it by which a place is known.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Number | bool | None, ...], ...]
    total: int
    number: tuple[str, str] | None = None
    names: tuple[str, ...] | None = None
    units: int | None = None
    better: tuple[bool, ...] | None = None
    spans: tuple[tuple[int, int], ...] | None = None
    nameless: bool | None = None
    kind: str = "table"


@dataclass(frozen=True)
class Claim:
    """A published figure beside the computed one."""

    claim: str
    subject: str
    quote: str
    published: str
    computed: str
    verdict: str
    note: str


@dataclass(frozen=True)
class Claims(_Section):
    """Published figures beside computed ones."""

    rows: tuple[Claim, ...]
    kind: str = "claims"


@dataclass(frozen=True)
class Item:
    """Something that needs attention, most serious first; `link` opens it on the platform.

    `place` is where it is (a street, a community with its street before it), `unit` who answers for it,
    `ask` what a meeting asks of them.
    """

    severity: str
    title: str
    text: str
    link: str = ""
    kind: str = ""
    place: str | None = None
    unit: str | None = None
    ask: str | None = None


@dataclass(frozen=True)
class Attention(_Section):
    """What needs attention."""

    items: tuple[Item, ...]
    total: int
    kind: str = "attention"


@dataclass(frozen=True)
class Assignment:
    """A matter handed to a unit or a post by a meeting. Days are ISO; without street it is the district's.

    `basis` is the figure it was handed out for, as written; `issued_on` is set when it is frozen.
    """

    id: str
    matter: str
    street: str
    community: str
    unit: str
    due_on: str
    basis: str = ""
    issued_on: str = ""

    @property
    def place(self) -> str:
        """Where it is: 全区, a street, or a community with its street before it."""
        return f"{self.street}{self.community}" or "全区"


@dataclass(frozen=True)
class Earlier:
    """What an earlier snapshot, by its id, handed out."""

    snapshot: str
    items: tuple[Assignment, ...]


@dataclass(frozen=True)
class Past:
    """What the last snapshot of the same kind and scope, by its id, said of the whole scope in its month."""

    snapshot: str
    as_of: str
    figures: tuple[Figure, ...]
    definitions: tuple[Definition, ...]


@dataclass(frozen=True)
class Taken:
    """A table or a map as a page showed it, of which data version; its heading tells it from others."""

    section: Table | Map
    version: str


# What the headings of the two lists begin with that lead from one meeting to the next.
HANDED_OUT, FOLLOWED = "交办单", "上次交办事项落实情况"


def is_of_meeting(section: object) -> bool:
    """Whether a section is what a meeting hands out or what became of what the last one did: never cut short."""
    named = section.heading.partition(" · ")[0] if isinstance(section, Table) else ""
    return named in (HANDED_OUT, FOLLOWED)


Listed = Table | Claims | Attention  # what is printed as a table
Section = Figures | Map | Ranking | Trend | Listed
SECTIONS = {cls.kind: cls for cls in typing.get_args(Section)}
KIND_WORDS = {
    "figures": "核心指标",
    "map": "地图",
    "ranking": "排名",
    "trend": "走势",
    "table": "台账表",
    "claims": "公开数字对照",
    "attention": "关注事项",
}


def is_empty(section: Section) -> bool:
    """Whether there is nothing to draw of a section beside its finding, which says so.

    A ranking of one place and a trend of one month have nothing to be held against; nor is there anything
    to see where all are alike.
    """
    if isinstance(section, Ranking):
        return _are_alike(figure.value for figure in section.figures)
    if isinstance(section, Trend):
        return all(_are_alike(one.values) for one in section.series)
    if isinstance(section, Table | Claims):
        return not section.rows
    if isinstance(section, Attention):
        return not section.items
    if isinstance(section, Map):
        shown = section.bands or section.points
        return not shown and _are_alike(figure.value for figure in section.figures)
    return not section.figures


def _are_alike(values: Iterable[Number | None]) -> bool:
    """Whether there is at most one value among those that are known."""
    return len({value for value in values if value is not None}) < 2


def metrics_of(section: Section) -> tuple[str, ...]:
    """Return the metrics that a section shows."""
    if isinstance(section, Figures):
        return tuple(figure.metric for figure in section.figures)
    return (section.metric,) if isinstance(section, Map | Ranking | Trend) else ()


@dataclass(frozen=True)
class MatrixColumn:
    """One metric over the places of a matrix, in their order."""

    metric: str
    values: tuple[Number | None, ...]
    numerators: tuple[Number | None, ...]
    denominators: tuple[Number | None, ...]
    statuses: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """Every metric of the snapshot for every place of one level (街道 or 社区)."""

    level: str
    places: tuple[Place, ...]
    columns: tuple[MatrixColumn, ...]


@dataclass(frozen=True)
class Member:
    """One thing that a metric looked at, and where it stands in the ledgers."""

    id: str
    name: str
    street: str
    community: str
    counted: bool
    numerator: Number | None
    denominator: Number | None
    file: str
    sheet: str
    row: int | None


@dataclass(frozen=True)
class Members:
    """The members of one metric, those to look at first first. `total` counts all there are."""

    metric: str
    rows: tuple[Member, ...]
    total: int


def _is_called(section: Section, name: str) -> bool:
    return isinstance(section, Table) and section.heading.partition(" · ")[0] == name


def _says_all(said: str, title: str) -> bool:
    """Whether what a title says of places in brackets stands in other words too, of the same places."""
    named = re.findall(r"([^、是（）]+?)(?:单项明显偏离全区水平)?（([^（）]+)）", title)
    return bool(named) and all(
        place in said and all(one in said for one in what.split("、")) for place, what in named
    )


def findings_of(sections: Iterable[Section]) -> list[str]:
    """Return the titles, each once, but for those that another says with more; of a week what did not happen last, as one.

    Of a map its ranking does, of who stands apart the ranks, where they name each with what it stands apart on,
    of what the page of a community has its head.
    """
    sections = tuple(sections)
    ranks = "；".join(one.title for one in sections if _is_called(one, "名次区间"))
    ranked = {(one.metric, one.level) for one in sections if isinstance(one, Ranking)}
    head = next((one.title for one in sections if _is_called(one, "社区一页")), "")
    told = [
        one
        for one in sections
        if not (isinstance(one, Map) and (one.metric, one.level) in ranked)
        and not (isinstance(one, Claims) and not one.rows)
        and not (_is_called(one, "谁明显偏离") and _says_all(ranks, one.title))
        and not (head and one.title != head and _begins_in(head, one.title))
    ]
    tables = [one for one in told if isinstance(one, Table)]
    if len(tables) == len(
        sections
    ):  # of a week; of others what is empty may say as much as what is not
        happened, others = happened_and_not(tables)
        return list(dict.fromkeys([*(one.title for one in happened), *filter(None, [others])]))
    return list(dict.fromkeys(one.title for one in told))


def happened_and_not(tables: Sequence[Table]) -> tuple[list[Table], str]:
    """Return the tables that are told one by one, and one sentence on several that have nothing."""
    empty = [one for one in tables if not one.total and not one.comment]
    titles = list(dict.fromkeys(one.title for one in empty))
    if len(titles) < 2:
        return list(tables), ""
    return [one for one in tables if one not in empty], "；".join(titles)


def _begins_in(head: str, title: str) -> bool:
    """Whether what a title is about, beyond the name that both begin with, stands in the head."""
    pairs = enumerate(zip(head, title, strict=False))
    shared = next((at for at, (one, other) in pairs if one != other), 0)
    return title[shared:].partition("：")[0] in head


@dataclass(frozen=True)
class Week:
    """The head of a week's bulletin; its matters are tables.

    All in words: the days counted and the last of them, the number of the bulletin, the working days, the week in one
    sentence, how it is compared.
    """

    days: str
    until: str
    issue: str
    workdays: str
    headline: str
    method: str


@dataclass(frozen=True)
class Head:
    """What an official document says beside its figures; what is "" it does not say.

    Who issues it, 密级, 文号 or 期号, to whom it goes, who gets a copy, which post signs it off, what it is
    signed with and of which day, and what is asked of those it goes to.
    """

    issuer: str = ""
    secrecy: str = ""
    number: str = ""
    addressee: str = ""
    copies: str = ""
    approver: str = ""
    signature: str = ""
    date: str = ""
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """One frozen set of figures. `filters` are pairs of a label and the choice spelled out.

    `assigned` is what the meeting hands out, where it does; `picture` the map of what is furthest from its
    target, where no section has one; `beside` the main figures of a community, which a table shows in words; `known_from` the first month of the
    data, where that is later than January of the year told of.
    """

    title: str
    unit: str
    meeting_date: str
    template: str
    data_version: str
    nature: str
    as_of: str
    as_of_words: str
    scope: str
    filters: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    sections: tuple[Section, ...]
    definitions: tuple[Definition, ...]
    streets: Matrix
    communities: Matrix
    members: tuple[Members, ...] = ()
    basemap: Basemap = field(default_factory=Basemap)
    format: int = FORMAT
    assigned: tuple[Assignment, ...] | None = None
    week: Week | None = None
    head: Head | None = None
    picture: Map | None = None
    beside: tuple[Figure, ...] | None = None
    known_from: str | None = None

    @cached_property
    def id(self) -> str:
        """The first twelve hex digits of the SHA-256 of the content, as KZ-XXXX-XXXX-XXXX."""
        return _id_of(as_plain(self))

    @property
    def is_demonstration(self) -> bool:
        """Whether every page must say 演示数据."""
        return self.nature == "演示"

    @property
    def nature_words(self) -> str:
        """What every page says about the data."""
        return nature_words(self.nature)

    @property
    def is_bulletin(self) -> bool:
        """Whether it is a week's bulletin, with nothing beside it but tables (what a meeting hands out)."""
        return self.week is not None and all(isinstance(one, Table) for one in self.sections)

    @property
    def legend(self) -> str:
        """What the sign of a week's comparison says, where it stands in a table; else ""."""
        said = self.week.method if self.week else ""
        heads = [column.label for one in self.parts(Table) for column in one.columns]
        return said if said and any(head.startswith(said[0]) for head in heads) else ""

    @property
    def period_words(self) -> str:
        """What the snapshot is of: its month, of a bulletin alone the days of its week."""
        is_bulletin = self.week and self.week.until == self.as_of_words
        return self.week.days if self.week and is_bulletin else self.as_of_words

    @property
    def is_of_all(self) -> bool:
        """Whether it is of the whole district (or city), not of some streets or a community of it."""
        return self.scope == "全区"

    def parts(self, kind: type[S]) -> list[S]:
        """Return its sections of a kind, in their order."""
        return [one for one in self.sections if isinstance(one, kind)]

    def definition(self, metric: str) -> Definition:
        """Return the definition of one of the snapshot's metrics."""
        return next(d for d in self.definitions if d.metric == metric)

    def overall_figures(self, *, drawn: bool = False) -> dict[str, Figure]:
        """Return the figures of the whole scope by metric, of tiles and of rankings, and those of a community.

        With `drawn` those of maps too.
        """
        figures: dict[str, Figure] = {}
        for section in self.sections:
            if isinstance(section, Figures):
                figures |= {figure.metric: figure for figure in section.figures}
            elif (
                isinstance(section, Ranking | Map)
                and section.overall
                and (
                    isinstance(section, Ranking)
                    or (drawn and not section.ramp and not section.is_taken)
                )
            ):
                figures.setdefault(section.metric, section.overall)
        for figure in self.beside or ():
            figures.setdefault(figure.metric, figure)
        return figures


def _id_of(plain: dict[str, Any]) -> str:
    """Return the id of a snapshot's plain data: of everything but the shapes to draw on."""
    content = {key: value for key, value in plain.items() if key != "basemap"}
    digits = hashlib.sha256(canonical_json(content)).hexdigest()[:12].upper()
    return f"KZ-{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def as_plain(value: Any) -> Any:
    """Return a snapshot, or a part of one, as dicts, lists, strings and numbers, ready for JSON."""
    if dataclasses.is_dataclass(value):
        held = [(f, getattr(value, f.name)) for f in dataclasses.fields(value)]
        return {
            f.name: as_plain(one) for f, one in held if one is not None or f.default is not None
        }
    if isinstance(value, tuple):
        return [as_plain(item) for item in value]
    return value


def canonical_json(plain: object) -> bytes:
    """Return the one JSON spelling of plain data: sorted keys, no blanks, UTF-8, no NaN."""
    return json.dumps(
        plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode("utf-8")


def snapshot_from_plain(plain: Any) -> Snapshot:
    """Return the snapshot that `as_plain` gave, of this software or an earlier one, with its id.

    What it lacks has its default. Raises `SnapshotDamagedError` for what is no snapshot, and for one
    that holds what this software has no field for.
    """
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise SnapshotDamagedError(_STRANGE)
    try:
        snapshot: Snapshot = _build(Snapshot, plain)
    except (KeyError, TypeError, ValueError) as fault:
        raise SnapshotDamagedError("快照文件缺少内容或内容有误，请从备份恢复该文件。") from fault
    vars(snapshot)["id"] = _id_of(plain)  # that of what was stored, not of how it is read today
    return snapshot


def taken_from_plain(plain: Any) -> Taken:
    """Return what `as_plain` gave; raise KeyError, TypeError or ValueError if it is none."""
    section = plain.get("section") or plain["table"]  # as earlier software called it
    built = _build(Map if section["kind"] == "map" else Table, section)
    return Taken(built, str(plain["version"]))


def from_plain(kind: type[T], plain: Any) -> T:
    """Return what `as_plain` gave of a `kind`; raise KeyError, TypeError or ValueError if it is none."""
    built: T = _build(kind, plain)
    return built


def number(value: float | None) -> Number | None:
    """Return a number as it is frozen: None for missing, whole numbers as int, 12 digits kept.

    Sums of floats may differ in the last bit from run to run; twelve digits do not.
    """
    if value is None:
        return None
    value = float(f"{value:.12g}")
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _build(kind: Any, value: Any) -> Any:
    """Return plain data as the dataclass, tuple or scalar that `kind` names."""
    origin = typing.get_origin(kind)
    if kind == Section:
        if value["kind"] not in SECTIONS:
            raise SnapshotDamagedError(_STRANGE)
        return _build(SECTIONS[value["kind"]], value)
    if origin is tuple:
        inner = typing.get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(_build(inner[0], item) for item in value)
        return tuple(_build(k, item) for k, item in zip(inner, value, strict=True))
    if origin in (types.UnionType, typing.Union):
        if value is None or isinstance(value, str | int | float):
            return value
        several = len(set(typing.get_args(kind)) & set(SECTIONS.values())) > 1
        return _build(SECTIONS[value["kind"]] if several else typing.get_args(kind)[0], value)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        if not set(value) <= set(hints):
            raise SnapshotDamagedError(_STRANGE)
        return kind(**{key: _build(hints[key], item) for key, item in value.items()})
    if not isinstance(value, kind):
        raise TypeError(value)
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


BEHIND = (words.MISSED, words.NEAR)


def by_distance(snapshot: Snapshot, figure: Figure) -> tuple[int, float]:
    """What is furthest from its target first, then what has a target, then rates; what rests on too little last.

    Shares by points, near ones among them, as the overview does; behind them what is counted in other units.
    """
    if figure.status in BEHIND:
        definition = snapshot.definition(figure.metric)
        if definition.unit != "%" or definition.target is None:
            return 1 + BEHIND.index(figure.status), 0
        return 0, -abs(figure.known_value - definition.target)
    if figure.status == words.TOO_FEW:
        return 6, 0
    return (3 if figure.status == words.REACHED else 4 if figure.denominator is not None else 5), 0


def by_kind(items: Iterable[Item]) -> list[Item]:
    """Return the items, alike ones together, the kind with the gravest first; else in their order."""
    items = list(items)
    kinds = list(dict.fromkeys(one.kind for one in items))
    return sorted(items, key=lambda one: kinds.index(one.kind))
