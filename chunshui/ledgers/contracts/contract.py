"""What a ledger is: its columns, keys and rules, declared once.

One declaration serves the reader, the checks, the blank template and the documentation, so that
they cannot disagree. The declarations themselves are in `chunshui.ledgers.contracts`.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

WGS84 = "WGS-84"
NUMBERS = ("integer", "number", "money")

KINDS = {
    "text": "文字",
    "code": "编号",
    "integer": "整数",
    "number": "数",
    "money": "金额",
    "date": "日期",
    "month": "月份",
    "boolean": "是/否",
    "choice": "选项",
    "weekday": "星期",
    "time": "时刻",
    "street": "街道名",
    "community": "社区名",
    "lon": "经度",
    "lat": "纬度",
    "geometry": "图形",
}


@dataclass(frozen=True)
class Column:
    """One column of a ledger.

    `key` is the column of the schema table it fills. `header` is the Chinese header without its
    unit; `title` is the header as written. `lo` and `hi` are inclusive bounds and `above` an
    exclusive one, in `unit`; a value but 0 outside `usual` (least, most) is asked about, for it is
    likelier a slip of the unit than right; `length` is the exact number of characters of a code; an integer
    that `identifies` counts nothing and may have 64 bits. `refers`
    names the ledger whose key the value must be. A column that is not `stored` is read to check
    another one (街道 beside 社区) and fills nothing.
    """

    key: str
    header: str
    kind: str
    unit: str | None = None
    required: bool = True
    identifies: bool = False
    allowed: tuple[str, ...] = ()
    lo: float | None = None
    hi: float | None = None
    above: float | None = None
    usual: tuple[int, int] | None = None
    length: int | None = None
    aliases: tuple[str, ...] = ()
    refers: str | None = None
    stored: bool = True
    note: str = ""

    @property
    def title(self) -> str:
        """The header as a ledger shows it, the unit in brackets."""
        return f"{self.header}（{self.unit}）" if self.unit else self.header

    @property
    def is_number(self) -> bool:
        """Whether it holds figures that have a size: no code, no time, no coordinate."""
        return self.kind in NUMBERS

    @property
    def bounds(self) -> str:
        """The range of its values in words; empty where it has none."""
        unit = self.unit or ""
        if self.above is not None:
            return f"大于{self.above}{unit}"
        if self.lo is None:
            return "" if self.hi is None else f"不大于{self.hi}{unit}"
        if self.hi is None:
            return f"不小于{self.lo}{unit}"
        hi = f"{self.hi:,}" if unit else self.hi
        return f"{self.lo}至{hi}{unit}"

    def admits(self, value: float) -> bool:
        """Whether a value lies in the bounds."""
        return not (
            (self.lo is not None and value < self.lo)
            or (self.hi is not None and value > self.hi)
            or (self.above is not None and value <= self.above)
        )


@dataclass(frozen=True)
class Rule:
    """A statement about one row that joins several columns.

    `broken` takes the typed rows (columns by key) and returns a boolean Series: true where the
    rule is broken. A missing value never breaks a comparison. `column` is the cell to point at,
    but the first of `blank` that is empty goes before it. In `what` and `mend` of a declaration
    a column's key in braces stands for its header.
    """

    column: str
    broken: Callable[[pd.DataFrame], pd.Series]
    what: str
    mend: str
    blank: tuple[str, ...] = ()

    def cell(self, row: dict) -> str:
        """The column to point at in a row that breaks the rule."""
        return next((key for key in self.blank if pd.isna(row[key])), self.column)

    def worded(self, headers: Mapping[str, str]) -> "Rule":
        """The rule with its columns called by their headers."""
        return replace(self, what=self.what.format_map(headers), mend=self.mend.format_map(headers))


@dataclass(frozen=True)
class Ledger:
    """One ledger: a table of the schema as officials keep it.

    `id` is the name of the schema table. `key` identifies a row, by default the first column; each
    tuple in `unique` does so too. `formats` are the file endings it may come in, `geometry` the GeoJSON types its shapes may
    have. `by_key`: rows given take the place of those with their key, whatever their street, and the others stay.
    """

    id: str
    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("xlsx", "csv")
    geometry: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    by_key: bool = False
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        headers = {column.key: column.header for column in self.columns}
        object.__setattr__(self, "key", self.key or (self.columns[0].key,))
        object.__setattr__(self, "rules", tuple(rule.worded(headers) for rule in self.rules))

    @property
    def accepts(self) -> tuple[str, ...]:
        """The file endings it is read from: a map also from GeoPackage and zipped Shapefile."""
        return (*self.formats, "gpkg", "zip") if "geojson" in self.formats else self.formats

    @property
    def crs(self) -> str | None:
        """The coordinate system its coordinates are in; None where it has none."""
        return WGS84 if any(c.kind in ("lon", "geometry") for c in self.columns) else None

    @property
    def table(self) -> str:
        """The schema table the ledger fills."""
        return self.id

    @property
    def stored(self) -> list[str]:
        """The keys of the columns the schema table has, in their order."""
        return [column.key for column in self.columns if column.stored]

    def column(self, key: str) -> Column:
        """The column of that key; KeyError when there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


def street(required: bool = True, stored: bool = True, note: str = "") -> Column:
    """The 街道 column of a table that has a street of its own."""
    names = ("所属街道", "街道名称")
    return Column(
        "street_code", "街道", "street", required=required, stored=stored, note=note, aliases=names
    )


def community(required: bool = True, note: str = "") -> Column:
    """The 社区 column."""
    names = ("所属社区", "社区名称")
    return Column(
        "community_code", "社区", "community", required=required, note=note, aliases=names
    )


def choice(key: str, header: str, *allowed: str, required: bool = True, note: str = "") -> Column:
    """A column of one of some words."""
    return Column(key, header, "choice", required=required, allowed=allowed, note=note)


def money(
    key: str,
    header: str,
    usual: tuple[int, int],
    *,
    lo: int = 0,
    hi: int | None = None,
    required: bool = True,
    aliases: tuple[str, ...] = (),
) -> Column:
    """A column of amounts in yuan."""
    return Column(key, header, "money", "元", required, lo=lo, hi=hi, usual=usual, aliases=aliases)


def optional_date(key: str, header: str, note: str) -> Column:
    """A column of days that may not have come; the note says what an empty cell means."""
    return Column(key, header, "date", required=False, note=note)


def optional_id(key: str, header: str, refers: str, note: str) -> Column:
    """A column with the key of another ledger, or empty as the note says."""
    return Column(key, header, "code", required=False, refers=refers, note=note)


def place(required: bool = True) -> tuple[Column, Column]:
    """街道 and 社区 for a table that stores the community alone.

    The street may be left out where the name of the community is unique in the district.
    """
    help_only = street(required=False, stored=False, note="与社区核对；社区名全区唯一时可空")
    return help_only, community(required=required)


def point() -> tuple[Column, Column]:
    """经度 and 纬度 in decimal degrees."""
    return (
        Column("lon", "经度", "lon", lo=-180, hi=180, note="十进制度数"),
        Column("lat", "纬度", "lat", lo=-90, hi=90, note="十进制度数"),
    )


def shape() -> Column:
    """The geometry of a GeoJSON feature."""
    return Column("shape", "图形", "geometry", note="GeoJSON 的 geometry")


def after(late: str, early: str) -> Rule:
    """`late` must be later than `early`, two columns by their keys."""
    return _in_order(early, late, late, operator.ge, f"{{{late}}}不晚于{{{early}}}")


def not_before(late: str, early: str) -> Rule:
    """`late` must not be earlier than `early`."""
    return _in_order(early, late, late, operator.gt, f"{{{late}}}早于{{{early}}}")


def at_most(part: str, whole: str) -> Rule:
    """`part` must not exceed `whole`."""
    return _in_order(part, whole, part, operator.gt, f"{{{part}}}多于{{{whole}}}")


def _in_order(
    low: str, high: str, pointed: str, broken: Callable[..., pd.Series], what: str
) -> Rule:
    """Two columns of which `broken(low, high)` must not hold; the message points at one of them."""
    mend = f"请核对{{{low}}}与{{{high}}}"
    return Rule(pointed, lambda rows: broken(rows[low], rows[high]), what, mend)


def both_or_none(first: str, second: str, mend: str) -> Rule:
    """Two columns, by their keys, that are filled in together or not at all."""
    what = f"{{{first}}}与{{{second}}}只填了一个"
    return Rule(
        second, lambda rows: rows[first].isna() != rows[second].isna(), what, mend, (first, second)
    )
