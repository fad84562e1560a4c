"""Stage ledgers: typed tables ready to append, every row's fate, every issue.

Ledgers, and rows of streets, that are not given again stay as they are in the version they are
staged upon.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from chunshui import paths
from chunshui.ledgers import parse as parsing
from chunshui.ledgers import read as reading
from chunshui.ledgers import scope, versus
from chunshui.ledgers.cells import near, say
from chunshui.ledgers.contract import Ledger
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.issue import ERROR, LEVELS, NOTE, WARNING, Issue, Reading
from chunshui.ledgers.parse import BAD, GOOD, Batch
from chunshui.ledgers.roster import Roster
from chunshui.ledgers.scope import Part
from chunshui.ledgers.versus import Base

Files = Path | list[tuple[Path, str]]
CLAIMS = "claims.csv"
REPLACED = "已替换"  # the fate of a row whose street has reported anew
PUBLISHED = "参考"
# A point may lie this far outside the district's bounds (degrees, about 5 km) before it is refused.
MARGIN = 0.05
# Nearest names are looked for this often a column: each look compares with every name there is.
QUESTIONS = 20


@dataclass
class Staged:
    """What some files hold.

    `tables` maps every ledger id that was given to a frame with the columns of its schema table
    and `source_id`, `source_row`; shapes are WKB. `source_file` and `source_row` are the keeping
    tables. The tables hold the good rows only and are fit to append when `ok`. `readings` has a
    row for every cell that was interpreted, `kept` the ids of the ledgers that stay as they are
    in the version `base`, `parts` the ledgers of which some streets only were given; `complete`
    puts in what stays, and says in `carried` from which sources.
    """

    tables: dict[str, pd.DataFrame]
    source_file: pd.DataFrame
    source_row: pd.DataFrame
    issues: list[Issue] = field(default_factory=list)
    readings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(_READING)))
    kept: list[str] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)
    carried: frozenset[str] = frozenset()

    @property
    def merged(self) -> dict[str, Part]:
        """The ledgers of which some streets only are replaced."""
        return {ledger_id: part for ledger_id, part in self.parts.items() if part.merged}

    @property
    def errors(self) -> list[Issue]:
        """The issues that keep the ledgers from being published."""
        return [issue for issue in self.issues if issue.level == ERROR]

    @property
    def questions(self) -> list[Issue]:
        """The issues that a person must confirm before anything is published."""
        return [issue for issue in self.issues if issue.asks]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.errors

    @property
    def natures(self) -> set[str]:
        """The natures of the user's ledgers: 演示, 实有, or both mixed."""
        return set(self.source_file["nature"]) - {PUBLISHED}

    def complete(self, base: Base | None) -> "Staged":
        """Return the whole set: these ledgers, and what stays from the version below.

        A base without raw rows gives of those only that they are there.
        """
        if base is None or not (self.kept or self.merged):
            return self
        tables = dict(self.tables)
        stays = {name: base.tables[name] for name in self.kept}
        for name, part in self.merged.items():
            stays[name] = base.staying(name, part)
        for name, rows in stays.items():
            tables[name] = (
                rows if name in self.kept else scope.joined(rows, tables[name], ALL[name])
            )
        files, rows = _carried(base, stays)
        return replace(
            self,
            tables={name: tables[name] for name in ALL},
            source_file=pd.concat([files[list(_SOURCE_FILE)], self.source_file], ignore_index=True),
            source_row=pd.concat([rows, self.source_row], ignore_index=True),
            carried=frozenset(files["source_id"]),
        )


def _carried(base: Base, stays: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sources of the rows that stay. Rows that were replaced have that for their fate."""
    files = base.source_file
    used = pd.concat([rows["source_id"] for rows in stays.values()]).value_counts()
    some = [name for name, rows in stays.items() if len(rows) < len(base.tables[name])]
    left = files["source_id"].map(used).fillna(0).astype(int)
    files = files[
        files["ledger_id"].isin(list(stays)) & (~files["ledger_id"].isin(some) | (left > 0))
    ].assign(row_used=left)
    if base.source_row.empty:
        keys = [rows[["source_id", "source_row"]] for rows in stays.values()]
        rows = pd.concat(keys, ignore_index=True).rename(columns={"source_row": "row_no"})
        return files, rows.assign(fate=GOOD, raw="{}")
    rows = base.source_row[base.source_row["source_id"].isin(files["source_id"])]
    parted = files["source_id"][files["ledger_id"].isin(some)]
    if len(parted):
        keys = pd.concat([stays[name][["source_id", "source_row"]] for name in some])
        here = pd.MultiIndex.from_frame(rows[["source_id", "row_no"]])
        gone = rows["source_id"].isin(parted) & (rows["fate"] == GOOD)
        gone &= ~here.isin(pd.MultiIndex.from_frame(keys))
        rows = rows.assign(fate=rows["fate"].mask(gone, REPLACED))
    return files, rows


_READING = tuple(one.name for one in fields(Reading))


def stage(
    files: Files,
    *,
    base: Base | None = None,
    demonstration: bool = False,
    whole: bool = False,
    streets: tuple[str, ...] = (),
    reference: Path | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Staged:
    """Read, parse and check every ledger in a folder, one file, or some (path, name) pairs.

    The published figures are read from `reference` (by default the ones that come with the
    software). A ledger that is not there stays as it is in `base`; without one it gives an empty
    table and a note. Of a ledger with rows of some streets only, the rows of the others stay, too,
    but with `whole`; `streets` (names or codes) says which are reported, whatever the rows say.
    With `demonstration` the files count as synthetic whatever they say. `progress` is told the
    ledger at work and the share done. Raises ChunshuiError only when there is no such folder;
    everything wrong with the ledgers is in `issues`, all at once.
    """
    tell = progress or (lambda name, share: None)
    sheets, issues = _read_all(files, reference or paths.REFERENCE, tell, base)
    roster = Roster([])
    keys = _Keys()
    bounds: tuple[float, float, float, float] | None = None
    staged: dict[str, tuple[list[Batch], pd.DataFrame]] = {}
    kept: list[str] = []
    extent = _Extent(base, whole, streets)
    for done, ledger in enumerate(ALL.values()):
        tell(ledger.name, (1 + done) / (1 + len(ALL)))
        given = sheets.get(ledger.id, [])
        staying: versus.Kept | None = None
        checks: _Checks | None = None
        if not given and base is not None and ledger.id in base.tables:
            kept.append(ledger.id)
            staying = versus.Kept(ledger, base)
        else:
            batches: list[Batch] = []
            for sheet in given:
                batch, found = parsing.parse(sheet, roster)
                if demonstration and sheet.nature != PUBLISHED:
                    sheet.nature = "演示"
                batches.append(batch)
                issues += found
            checks = _Checks(ledger, batches)
            checks.duplicates()
            checks.leading_zeros(base)
            checks.references(keys)
            if bounds is not None:
                checks.near_district(bounds)
            checks.rules()
            checks.unusual()
            homes = extent.homes(checks, roster)
            part = extent.part(checks, homes)
            if part is not None and part.merged:
                staying = versus.Kept(ledger, base, base.staying(ledger.id, part))
                checks.clashes(staying)
            staged[ledger.id] = batches, checks.good_rows()
            if base is not None and given:
                rows = staged[ledger.id][1]
                checks.issues += versus.questions(ledger, batches, rows, base, homes, part)
            issues += checks.issues
        if staying is not None:
            staying.references(keys, set(kept), roster)
            issues += staying.issues
        known = [one for one in (staying, checks) if one is not None]
        keys.known[ledger.id] = known
        if ledger.id == "street":
            roster = Roster(_known(known, ("street_code", "street_name")))
            issues += extent.name_streets(roster)
        elif ledger.id == "community":
            places = list(roster.street_names.items())
            columns = ("community_code", "community_name", "official_name", "street_code")
            roster = Roster(places, _known(known, columns))
        elif ledger.id == "district":
            bounds = _bounds([shape for shape in _column(known, "shape") if shape is not None])
        if ledger.id in ("street", "community") and not keys[ledger.id]:
            issues += _no_roster(ledger, sheets)
        elif not given and ledger.id not in kept:
            issues.append(_missing(ledger))
    issues += extent.issues
    if kept and reading.labelled(files):  # else the base is only computed anew
        names = "、".join(ALL[one].name for one in kept)
        what = f"没有再报的 {len(kept)} 本台账沿用 {base.version}：{names}"
        issues.append(Issue(NOTE, base.version, None, None, None, "", what, "需要更新的请一并上传"))
    stays = [*kept, *(one for one, part in extent.parts.items() if part.merged)]
    issues += _mixed(sheets, stays, base)
    tell("台账", 1.0)
    found = _assemble(staged, _unrepeated(issues, sheets), stays, base)
    return replace(found, kept=kept, parts=extent.parts)


def _mixed(
    sheets: dict[str, list[reading.Sheet]], kept: list[str], base: Base | None
) -> list[Issue]:
    """An error where synthetic and real ledgers would stand in one version."""
    files: dict[str, dict[str, None]] = {}
    for some in sheets.values():
        for sheet in some:
            files.setdefault(sheet.nature, {})[sheet.file] = None
    if base is not None and kept:
        below = base.source_file[base.source_file["ledger_id"].isin(kept)]
        for nature in set(below["nature"]):
            files.setdefault(nature, {})[f"沿用的 {base.version}"] = None
    files.pop(PUBLISHED, None)
    if len(files) < 2:
        return []
    named = "；".join(f"{nature}：{'、'.join(names)}" for nature, names in sorted(files.items()))
    what = f"演示数据与实有台账不能混在同一个版本里（{named}）"
    mend = (
        "试用请把这批文件作为演示数据；正式使用请选“全新一套”，并报齐行政区界、街道名录、社区名录"
        if kept
        else "请把两类文件分开报"
    )
    return [Issue(ERROR, "全部台账", None, None, None, "", what, mend)]


def _unrepeated(issues: list[Issue], sheets: dict[str, list[reading.Sheet]]) -> list[Issue]:
    """Leave out what would repeat a cell that holds personal data."""
    hidden = {
        (sheet.file, sheet.name, row, column)
        for some in sheets.values()
        for sheet in some
        for row, column in sheet.personal
    }
    if not hidden:
        return issues
    headers = {
        (sheet.file, sheet.name): [str(header) for header in sheet.headers]
        for some in sheets.values()
        for sheet in some
    }

    def repeats(issue: Issue) -> bool:
        if issue.row is None or issue.column is None or not issue.value:
            return False
        names = headers.get((issue.file, issue.sheet), [])
        at = names.index(issue.column) if issue.column in names else -2
        return (issue.file, issue.sheet, issue.row, at + 1) in hidden

    return [issue for issue in issues if not repeats(issue)]


def _read_all(
    files: Files, reference: Path, tell: Callable[[str, float], None], base: Base | None
) -> tuple[dict[str, list[reading.Sheet]], list[Issue]]:
    """Every sheet by ledger id, and the issues of the files; no file at all repeats the base."""
    sheets: dict[str, list[reading.Sheet]] = {}
    issues: list[Issue] = []
    given = reading.labelled(files)
    for number, (path, label) in enumerate(given):
        tell(f"《{label}》", number / len(given) / (1 + len(ALL)))
        found, problems = reading.read(path, label)
        issues += problems
        for sheet in found:
            if sheet.ledger.id == "claim":
                issues.append(
                    Issue(
                        WARNING, sheet.file, sheet.name, None, None, "",
                        "公开数据对照随软件附带，此表未读入", "请删去此表",
                    )
                )  # fmt: skip
            else:
                sheets.setdefault(sheet.ledger.id, []).append(sheet)
    if not sheets and (given or base is None):
        name = files.name if isinstance(files, Path) else "上传的文件"
        issues.append(
            Issue(
                ERROR, name, None, None, None, "",
                "没有找到任何台账", "请放入 xlsx、csv、geojson、gpkg 或 Shapefile 压缩包",
            )
        )  # fmt: skip
    published, problems = reading.read(reference / CLAIMS, CLAIMS, ALL["claim"])
    for sheet in published:
        sheet.nature = PUBLISHED
    sheets["claim"] = published
    return sheets, issues + problems


def _missing(ledger: Ledger) -> Issue:
    return Issue(
        NOTE, ledger.name, None, None, None, "",
        f"没有找到{ledger.name}，按空表处理", "需要时请按模板补报",
    )  # fmt: skip


def _no_roster(roster: Ledger, sheets: dict[str, list[reading.Sheet]]) -> list[Issue]:
    """One issue for all the ledgers that name places, where there is no roster to find them in."""
    lost = [
        ALL[ledger_id].name
        for ledger_id in sheets
        if roster.id in parsing.names_places(ALL[ledger_id])
    ]
    if not lost:
        return [_missing(roster)]
    return [
        Issue(
            ERROR, roster.name, None, None, None, "",
            f"没有可用的{roster.name}，这些台账的地点无法核对：{'、'.join(lost)}",
            f"请先补上{roster.name}",
        )
    ]  # fmt: skip


class _Keys(dict):
    """The keys of each ledger that has one column for a key, found when they are asked for."""

    def __init__(self):
        self.known: dict[str, list] = {}

    def __missing__(self, ledger_id: str) -> set:
        self[ledger_id] = set(_column(self.known[ledger_id], ALL[ledger_id].key[0])) - {None}
        return self[ledger_id]


def _column(known: list, key: str) -> list:
    """The values of a column over the rows that stay and those given."""
    return [value for one in known for value in one.column(key)]


def _known(known: list, columns: tuple[str, ...]) -> list[tuple]:
    """The rows of which those columns were all read; wrong rows too, so one fault stays one."""
    rows = zip(*(_column(known, key) for key in columns), strict=True)
    return [row for row in rows if None not in row]


class _Extent:
    """Of which streets the ledgers given are, and what that leaves as it is."""

    def __init__(self, base: Base | None, whole: bool, streets: tuple[str, ...]):
        self.base = base
        self.whole = whole
        self.wished = streets
        self.issues: list[Issue] = []
        self.parts: dict[str, Part] = {}
        self._only: frozenset[str] = frozenset()  # the streets wished for, by code
        self._names: dict[str | None, str] = {}
        self._fresh: dict[str, dict] = {}  # ledger → key → street, of the rows given

    def name_streets(self, roster: Roster) -> list[Issue]:
        """Take the roster of streets; say which of the streets wished for are not on it."""
        below = self.base.street_names if self.base is not None else {}
        self._names = {None: scope.NO_STREET, **below, **roster.street_names}
        column = ALL["party_committee"].column("street_code")
        read = {name: roster.street(name, column) for name in self.wished}
        self._only = frozenset(cell.value for cell in read.values() if cell.value is not None)
        return [
            Issue(
                ERROR, "全部台账", None, None, None, name, *say(cell.code, cell.facts)
            )
            for name, cell in read.items()
            if cell.value is None
        ]  # fmt: skip

    def homes(self, checks: "_Checks", roster: Roster) -> pd.Series | None:
        """The street of each row given; None for a ledger whose rows belong to none.

        A row of another street than its file says it is of is refused.
        """
        ledger = checks.ledger
        if not scope.ways(ledger):
            return None
        columns = {column.key: checks.column(column.key) for column in ledger.columns}
        found = scope.homes(ledger, columns, roster.street_of, self._through)
        if len(ledger.key) == 1:
            self._fresh[ledger.id] = dict(zip(columns[ledger.key[0]], found, strict=True))
        start = 0
        for batch in checks.batches:
            end = start + len(batch.row_numbers)
            found.iloc[start:end] = self._own(checks, batch, start, list(found.iloc[start:end]))
            start = end
        return found

    def _through(self, ledger_id: str) -> dict:
        below = self.base.through(ledger_id) if self.base is not None else {}
        return {**below, **self._fresh.get(ledger_id, {})}

    def _own(self, checks: "_Checks", batch: Batch, start: int, homes: list) -> list:
        """Refuse the rows of streets that the sheet is not of; the streets of the others."""
        sheet = batch.sheet
        streets = {code: name for code, name in self._names.items() if code is not None}
        of = self._only or scope.named((sheet.file, sheet.name, *sheet.titles), streets)
        if not of:
            return homes
        said = "、".join(streets[code] for code in streets if code in of)
        by = "这次只报" if self._only else "这份台账写明是"
        beside = next((k for k in ("street_code", "community_code") if k in batch.at), None)
        keys = [column.key for column in scope.ways(checks.ledger) if column.key in batch.at]
        for at, street in enumerate(homes):
            if street is None or street in of:
                continue
            checks.refuse(
                start + at,
                beside or (keys[0] if keys else None),
                f"此行是{streets.get(street, street)}的，{by}{said}的",
                f"请删去此行，由{streets.get(street, street)}报；确属这批的，请改正"
                + ("所选的街道" if self._only else "文件名、表名或标题里的街道"),
            )
        return [street if street in of else None for street in homes]

    def part(self, checks: "_Checks", homes: pd.Series | None) -> Part | None:
        """What a ledger with rows of some streets only leaves in the version below."""
        ledger, base = checks.ledger, self.base
        if base is None or not checks.batches or base.tables.get(ledger.id, pd.DataFrame()).empty:
            return None
        below = base.tables[ledger.id]
        if homes is None:
            if checks.where or self.whole:
                return None
            reported, present = [], pd.Series("", index=below.index)
        else:
            known = [
                street
                for street, (batch, at) in zip(homes, checks.where, strict=True)
                if street is not None or not batch.wrong[at]
            ]
            reported = list(dict.fromkeys(known)) if checks.where else []
            reported = [*self._only] if self._only else reported
            present = base.homes(ledger.id)
        stay = ~present.isin(reported)
        if not stay.any() or (checks.where and not reported):
            return None
        others = [code for code in self._names if code in set(present[stay])]
        part = Part(
            streets=tuple(reported),
            names=tuple(self._names.get(code, str(code)) for code in reported),
            rows=len(checks.where),
            others=tuple(self._names[code] for code in others),
            kept=int(stay.sum()),
            merged=not self.whole,
        )
        self.parts[ledger.id] = part
        self._tell(ledger, checks, part, present)
        return part

    def _tell(self, ledger: Ledger, checks: "_Checks", part: Part, present: pd.Series) -> None:
        """Say what is replaced and what stays; ask where it is not plain."""
        if not part.merged:
            return
        version = self.base.version
        batch = checks.batches[0]
        rest = f"{version} 里其余 {part.kept:,} 行沿用"
        if not part.streets:
            what = f"{ledger.name}是空表，{version} 里的 {part.kept:,} 行沿用"
            mend = "确实一行也没有的，请选替换整本台账"
            self.issues.append(batch.issue(NOTE, None, None, what, mend))
            return
        names = "、".join(part.names)
        # One or two streets report their own; when most do, the others may have none any more.
        asks = len(part.others) < len(part.streets) and not self._only
        if asks:
            rest = f"没有{'、'.join(part.others)}的行，{version} 里的 {part.kept:,} 行沿用"
        what = f"{ledger.name}只更新{names}（{part.rows:,} 行），{rest}"
        mend = "要用这批行替换整本台账的，请选替换整本台账（命令行加 --whole）"
        self.issues.append(
            batch.issue(WARNING if asks else NOTE, None, None, what, mend, asks=asks)
        )
        nowhere = int(present.isna().sum())
        if None in part.streets and nowhere:
            what = f"{ledger.name}有{scope.NO_STREET}，{version} 里这样的 {nowhere:,} 行由它们代替"
            mend = "分不出是哪个街道的；请写上社区再报，确实如此请在发布时确认"
            self.issues.append(batch.issue(WARNING, None, None, what, mend, asks=True))


def _bounds(shapes: list) -> tuple[float, float, float, float] | None:
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    return west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN


class _Checks:
    """The rows of one ledger over all its sheets, and the checks that need them together."""

    def __init__(self, ledger: Ledger, batches: list[Batch]):
        self.ledger = ledger
        self.batches = batches
        self.issues: list[Issue] = []
        self.where = [(b, at) for b in batches for at in range(len(b.row_numbers))]

    def column(self, key: str) -> list:
        """The values of a column over all sheets; None where missing or not read."""
        return [value for batch in self.batches for value in batch.values[key]]

    def refuse(self, index: int, key: str | None, what: str, mend: str) -> None:
        """Mark the row at that index over all sheets wrong."""
        batch, at = self.where[index]
        batch.wrong[at] = True
        self.issues.append(batch.issue(ERROR, at, key, what, mend))

    def duplicates(self) -> None:
        """Rows with the same key, or the same values of any other unique columns."""
        for keys in (self.ledger.key, *self.ledger.unique):
            first: dict[tuple, int] = {}
            for index, values in enumerate(zip(*map(self.column, keys), strict=True)):
                if None in values:
                    continue
                earlier = first.setdefault(values, index)
                if earlier != index:
                    shown = "，".join(
                        f"{self.ledger.column(key).header} {value}"
                        for key, value in zip(keys, values, strict=True)
                    )
                    facts = {"other": self._row_name(earlier, index), "key": shown}
                    self.refuse(index, keys[-1], *say("重复", facts))

    def clashes(self, staying: versus.Kept) -> None:
        """Rows with a key that a row which stays has already."""
        for keys in (self.ledger.key, *self.ledger.unique):
            columns = (staying.column(key) for key in keys)
            there = {_same(values): at for at, values in enumerate(zip(*columns, strict=True))}
            for index, values in enumerate(zip(*map(self.column, keys), strict=True)):
                if None in values or (at := there.get(_same(values))) is None:
                    continue
                shown = "，".join(
                    f"{self.ledger.column(key).header} {value}"
                    for key, value in zip(keys, values, strict=True)
                )
                facts = {"other": staying.row_name(at), "key": shown}
                what, _ = say("重复", facts)
                mend = "请改编号；原是别的街道的，请与那个街道一并重报"
                self.refuse(index, keys[-1], what, mend)

    def _row_name(self, index: int, beside: int) -> str:
        """第 n 行, with the sheet where that is another one."""
        batch, at = self.where[index]
        row = f"第 {batch.row_numbers[at]} 行"
        if batch is self.where[beside][0]:
            return row
        return f"《{batch.sheet.file}》{batch.sheet.name or ''}{row}"

    def leading_zeros(self, base: Base | None) -> None:
        """Codes of digits shorter than their fellows that begin with 0: Excel ate the zeros."""
        for column in self.ledger.columns:
            if column.kind != "code" or column.length or column.refers or not self.batches:
                continue
            values = self.column(column.key)
            known = [value for value in values if value is not None]
            if base is not None and self.ledger.id in base.tables:
                known += base.tables[self.ledger.id][column.key].tolist()
            widths = {len(code) for code in known if code[:1] == "0" and code.isdecimal()}
            if len(widths) != 1:
                continue
            (width,) = widths
            for index, value in enumerate(values):
                if value is not None and value.isdecimal() and 0 < len(value) < width:
                    facts = {"raw": value, "digits": len(value), "length": width}
                    self.refuse(index, column.key, *say("前导零", facts))

    def references(self, keys: dict[str, set]) -> None:
        """Values that must be the key of a row in another ledger."""
        for column in self.ledger.columns:
            if column.refers is None or not self.batches:
                continue
            other = ALL[column.refers].name
            known = keys[column.refers]
            values = self.column(column.key)
            if not known and any(value is not None for value in values):
                what = f"没有可用的{other}，无法核对{column.header}"
                self.issues.append(
                    self.batches[0].issue(ERROR, None, column.key, what, f"请先补上{other}")
                )
                for batch in self.batches:
                    batch.wrong = [True] * len(batch.wrong)
                continue
            asked = 0
            for index, value in enumerate(values):
                if value is not None and value not in known:
                    asked += 1
                    question = self._question(value, known) if asked <= QUESTIONS else ""
                    facts = {"raw": value, "roster": other, "near": question}
                    self.refuse(index, column.key, *say("无此编号", facts))

    def _question(self, value: object, known: set) -> str:
        if not isinstance(value, str):
            return ""
        if value.isdecimal():
            padded = [value.zfill(width) for width in range(len(value) + 1, len(value) + 7)]
            if found := [code for code in padded if code in known]:
                return f"，是不是丢了前面的零的“{found[0]}”？"
        alike = [key for key in known if abs(len(key) - len(value)) <= 2 and key[:1] == value[:1]]
        return near(value, sorted(alike)[:2000])

    def near_district(self, bounds: tuple[float, float, float, float]) -> None:
        """Points and shapes far from the district."""
        west, south, east, north = bounds
        kinds = {column.kind for column in self.ledger.columns}
        if "lon" in kinds:
            for key, low, high in (("lon", west, east), ("lat", south, north)):
                for index, value in enumerate(self.column(key)):
                    if value is not None and not low <= value <= high:
                        self.refuse(index, key, *say("不在本区", {"raw": value}))
        elif "geometry" in kinds:
            district = shapely.box(*bounds)
            for index, shape in enumerate(self.column("shape")):
                if shape is not None and not district.intersects(shape):
                    what, mend = say("不在本区", {"raw": "图形"})
                    self.refuse(index, "shape", what, mend)

    def rules(self) -> None:
        """The contract's rules, over the rows every cell of which was read."""
        if not self.ledger.rules:
            return
        rows, places = self._good()
        for rule in self.ledger.rules:
            broken = rule.broken(rows).fillna(False).to_numpy(dtype=bool)
            for index, row in zip(places[broken], rows[broken].to_dict("records"), strict=True):
                self.refuse(int(index), rule.cell(row), rule.what, rule.mend)

    def unusual(self) -> None:
        """Amounts that are likelier a slip of the unit than right; each may be confirmed."""
        for column in self.ledger.columns:
            if column.usual is None:
                continue
            least, most = column.usual
            odd = [
                index
                for index, value in enumerate(self.column(column.key))
                if value and not least <= value <= most
            ]
            for index in odd[:QUESTIONS]:
                batch, at = self.where[index]
                value = batch.values[column.key][at]
                facts = {"value": value, "unit": column.unit, "least": least, "most": most}
                self.issues.append(
                    batch.issue(WARNING, at, column.key, *say("少见", facts), asks=True)
                )
            if len(odd) > QUESTIONS:
                batch, at = self.where[odd[QUESTIONS]]
                what = f"{column.header}还有 {len(odd) - QUESTIONS:,} 格大小少见，从这一格起"
                mend = "多半是整列的单位写错，请核对表头"
                self.issues.append(batch.issue(WARNING, at, column.key, what, mend, asks=True))

    def _good(self) -> tuple[pd.DataFrame, np.ndarray]:
        wrong = np.array([w for batch in self.batches for w in batch.wrong], dtype=bool)
        places = np.flatnonzero(~wrong)
        values = {}
        for column in self.ledger.columns:
            every = self.column(column.key)
            values[column.key] = [every[place] for place in places]
        return parsing.frame(values, self.ledger), places

    def good_rows(self) -> pd.DataFrame:
        """The typed rows without fault, with their index over all sheets in `place`."""
        rows, places = self._good()
        return rows.assign(place=places)


def _same(values: tuple) -> tuple:
    """Key values so that a day is equal to the same day of another type."""
    return tuple(pd.Timestamp(value) if isinstance(value, dt.date) else value for value in values)


def _assemble(
    staged: dict[str, tuple[list[Batch], pd.DataFrame]],
    issues: list[Issue],
    stays: list[str],
    base: Base | None,
) -> Staged:
    """Give each sheet its source id and join everything to the frames of the schema."""
    tables: dict[str, pd.DataFrame] = {}
    files: list[dict] = []
    readings: list[dict] = []
    taken = base.last_source(stays) if base is not None else 0
    rows: list[pd.DataFrame] = []
    for ledger_id, (batches, table) in staged.items():
        ledger = ALL[ledger_id]
        source_ids: list[str] = []
        source_rows: list[int] = []
        for batch in batches:
            source_id = f"S{taken + len(files) + 1:03d}"
            if batch.sheet.nature != PUBLISHED:
                readings += [asdict(one) for one in batch.readings]
            source_ids += [source_id] * len(batch.row_numbers)
            source_rows += batch.row_numbers
            fates = batch.fates | {
                number: BAD if wrong else GOOD
                for number, wrong in zip(batch.row_numbers, batch.wrong, strict=True)
            }
            raw = parsing.raw_json(batch)
            if fates.keys() != raw.keys():
                raise AssertionError("every row of a sheet has exactly one fate")
            files.append(_source_file(source_id, batch, list(fates.values()).count(GOOD)))
            rows.append(
                pd.DataFrame(
                    {
                        "source_id": source_id,
                        "row_no": list(raw),
                        "fate": [fates[number] for number in raw],
                        "raw": list(raw.values()),
                    }
                )
            )
        places = table.pop("place").to_numpy()
        table = table[ledger.stored].copy()
        if "shape" in table:
            table["shape"] = pd.Series(
                [shapely.to_wkb(shape) for shape in table["shape"]], dtype=object
            )
        table["source_id"] = pd.Series([source_ids[place] for place in places], dtype=object)
        table["source_row"] = np.array([source_rows[place] for place in places], dtype="int64")
        tables[ledger_id] = table
    issues.sort(key=lambda issue: LEVELS.index(issue.level))
    source_file = pd.DataFrame(files, columns=list(_SOURCE_FILE))
    keeping = ["source_id", "row_no", "fate", "raw"]
    source_row = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=keeping)
    read_as = pd.DataFrame(readings, columns=list(_READING))
    return Staged(tables, source_file, source_row, issues, read_as)


_SOURCE_FILE = (
    "source_id", "ledger_id", "ledger_name", "file_name", "sheet_name", "sha256", "bytes",
    "nature", "crs", "row_total", "row_used",
)  # fmt: skip


def _source_file(source_id: str, batch: Batch, used: int) -> dict:
    sheet = batch.sheet
    ledger = sheet.ledger
    values = (
        source_id, ledger.id, ledger.name, sheet.file, sheet.name, sheet.sha256, sheet.bytes,
        sheet.nature, (sheet.crs or ledger.crs) if ledger.crs else None, len(sheet.rows), used,
    )  # fmt: skip
    return dict(zip(_SOURCE_FILE, values, strict=True))
