"""From a sheet to typed columns: the fate of every row, the value of every cell, what is wrong.

This is about one sheet at a time; `load` joins the sheets of a ledger and the ledgers.
"""

import datetime as dt
import json
import math
import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates
from chunshui.ledgers import cells, fates, totals
from chunshui.ledgers.cells import Parsed, clean, near, say
from chunshui.ledgers.contract import Column, Ledger
from chunshui.ledgers.fates import BAD as BAD  # load takes them from here
from chunshui.ledgers.fates import GOOD as GOOD
from chunshui.ledgers.issue import ERROR, NOTE, WARNING, Issue, Reading
from chunshui.ledgers.read import (
    DEMONSTRATION_MARK,
    Sheet,
    headers_of,
    named,
    refuse_crs,
    split_header,
    system,
)
from chunshui.ledgers.roster import Roster
from chunshui.ledgers.workbook import letter


@dataclass
class Batch:
    """The data rows of one sheet.

    `row_numbers`, the lists in `values` (by column key) and `wrong` run together, one entry a
    data row. `fates` holds the rows that are no data. `at` is the position of each column found.
    """

    sheet: Sheet
    row_numbers: list[int]
    values: dict[str, list]
    wrong: list[bool]
    fates: dict[int, str]
    at: dict[str, int] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)

    def issue(
        self,
        level: str,
        position: int | None,
        key: str | None,
        what: str,
        mend: str,
        *,
        row: int | None = None,
        place: int | None = None,
        asks: bool = False,
    ) -> Issue:
        """An issue at the data row of that position, or any row (neither: the whole sheet).

        The cell is that of the column `key`, or at `place` (from 0) in the row.
        """
        if position is not None:
            row = self.row_numbers[position]
        column = value = None
        address = ""
        place = self.at.get(key) if place is None else place
        if place is not None:
            column = self.sheet.headers[place]
            if row is not None:
                line = self.sheet.rows[row - 1]
                value = line[place] if place < len(line) else None
                address = f"{letter(place + 1)}{row}" if self.sheet.addressed else ""
        shown = "" if value is None or isinstance(value, dict) else cells.shown(value)[:60]
        return Issue(
            level, self.sheet.file, self.sheet.name, row, column, shown, what, mend, address, asks
        )

    def read_as(self, position: int, key: str, value: str, why: str) -> None:
        """Keep that the cell of a data row was read as `value`."""
        place, row = self.at[key], self.row_numbers[position]
        raw = self.sheet.rows[row - 1][place] if place < len(self.sheet.rows[row - 1]) else None
        if (row, place + 1) in self.sheet.personal:
            return
        shown = "图形" if isinstance(raw, dict) else "" if raw is None else cells.shown(raw)[:60]
        cell = f"{letter(place + 1)}{row}" if self.sheet.addressed else ""
        self.readings.append(
            Reading(
                self.sheet.file, self.sheet.name, row, cell, str(self.sheet.headers[place]),
                shown, value, why,
            )
        )  # fmt: skip


def parse(sheet: Sheet, roster: Roster) -> tuple[Batch, list[Issue]]:
    """Parse the sheet by its ledger's contract.

    Every row of the sheet is either a data row of the batch or in its `fates`. A row any cell of
    which cannot be read is marked wrong; each such cell is one issue.
    """
    ledger = sheet.ledger
    batch = Batch(sheet, [], {}, [], {})
    issues, unfit = _match_headers(batch, ledger)
    batch.row_numbers, batch.fates = fates.tell(sheet, ledger, batch.at)
    numbers = batch.row_numbers
    batch.wrong = [False] * len(numbers)
    if _says_demonstration(sheet, batch.fates):
        sheet.nature = "演示"
    refused = refuse_crs(sheet.crs) if sheet.crs and ledger.crs else None
    if refused:
        issues.append(batch.issue(ERROR, None, None, *refused))
    scales, doubtful = _scales(batch, ledger)
    issues += doubtful
    hopeless = any(issue.level == ERROR for issue in issues)
    data = [sheet.rows[number - 1] for number in numbers]
    found = _Findings(batch, issues)
    found.layout(ledger)
    known = {"street": roster.street_names, "community": roster.community_names}
    places = names_places(ledger)
    if all(known[roster_id] for roster_id in places) and unfit.isdisjoint(
        column.key for column in ledger.columns if column.kind in places
    ):
        _places(ledger, data, found, roster)
    else:
        hopeless = True
    for column in ledger.columns:
        if column.kind in places:
            batch.values.setdefault(column.key, [None] * len(numbers))
            continue
        raws = found.filled(column, _raws(data, batch.at.get(column.key)))
        if column.key in unfit:
            batch.values[column.key] = [None] * len(numbers)
        elif column.kind == "geometry":
            found.take(column, _geometries(raws, ledger))
        else:
            if sheet.since_1904 and column.kind == "date":
                raws = [_since_1900(raw) for raw in raws]
            found.take(column, _column(raws, column, scales[column.key]))
            _record(batch, column, raws, scales[column.key])
    if ledger.crs:
        _convert(ledger, data, found)
    _formulas(found)
    issues += totals.check(batch, ledger, scales, found.unread | unfit)
    found.tell_notes()
    if hopeless:
        # Without its columns, its units, its coordinate system or the rosters no row is whole.
        batch.wrong = [True] * len(numbers)
    return batch, issues


def names_places(ledger: Ledger) -> set[str]:
    """Which rosters the ledger's place columns need: street, community, both or none."""
    return {column.kind for column in ledger.columns} & {"street", "community"}


def _says_demonstration(sheet: Sheet, fates: dict[int, str]) -> bool:
    """Whether the file or sheet name, a title or any line around the table says 演示数据."""
    around = [str(cell) for number in fates for cell in sheet.rows[number - 1] if cell is not None]
    return any(
        DEMONSTRATION_MARK in text
        for text in (sheet.file, sheet.name or "", *sheet.titles, *around)
    )


def raw_json(batch: Batch) -> dict[int, str]:
    """The cells of every row of the sheet as JSON, by row number.

    A data row is keyed by header, any other row by the letter of the column. Cells that may name
    a person are not kept: those of columns that are in no contract, and the lines that say who
    filled in and whom to call.
    """
    sheet = batch.sheet
    read = set(batch.at.values()) | {
        at for at, header in headers_of(sheet) if split_header(header)[0] in ("坐标系", "序号")
    }
    labels = [(at, header) for at, header in headers_of(sheet) if at in read]
    letters = [(at, letter(at + 1)) for at in range(max(map(len, sheet.rows), default=0))]
    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
    kept = {}
    for number, row in enumerate(sheet.rows, start=1):
        names = labels
        if number in batch.fates:
            names = [] if fates.names_persons(row) else letters
        width = len(row)
        kept[number] = encode(
            {name: row[at] for at, name in names if at < width and row[at] is not None}
        )
    return kept


def _match_headers(batch: Batch, ledger: Ledger) -> tuple[list[Issue], set[str]]:
    """Find the column of each header; missing, doubled and unknown ones are issues.

    Returns the keys of the columns that cannot be read, too.
    """
    sheet = batch.sheet
    issues: list[Issue] = []
    unfit: set[str] = set()
    missing: list[Column] = []
    claimed: set[int] = set()
    for column in ledger.columns:
        places = [at for at, header in headers_of(sheet) if named(column, header)]
        # The header itself goes before an alias: 社区简称 before 社区.
        exact = [at for at in places if split_header(sheet.headers[at])[0] == column.header]
        places = [at for at in (exact or places) if at not in claimed]
        claimed.update(places)
        if len(places) > 1:
            what = f"列“{column.header}”出现 {len(places)} 次"
            named_at = "、".join(letter(place + 1) for place in places)
            mend = f"请删去多余的列（{named_at} 列）" if sheet.addressed else "请删去多余的列"
            issues.append(
                batch.issue(ERROR, None, None, what, mend, row=_head(sheet), place=places[1])
            )
            unfit.add(column.key)
        elif places:
            batch.at[column.key] = places[0]
            if problem := _unit_issue(batch, column):
                issues.append(problem)
                unfit.add(column.key)
            if places[0] + 1 in sheet.hidden_columns:
                what, mend = "这一列是隐藏的，照样读入了", "请取消隐藏后核对；不要的请删去"
                issues.append(batch.issue(WARNING, None, column.key, what, mend, row=_head(sheet)))
        elif column.required:
            missing.append(column)
            unfit.add(column.key)
    strangers = [
        header
        for at, header in headers_of(sheet)
        if at not in claimed and split_header(header)[0] not in ("坐标系", "序号", "备注")
        and (sheet.header_row, at + 1) not in sheet.personal
    ]  # fmt: skip
    for column in missing:
        alike = near(column.header, [split_header(header)[0] for header in strangers])
        what, mend = f"缺少列“{column.title}”{alike}", "请按模板补上此列"
        issues.append(batch.issue(ERROR, None, None, what, mend))
    if strangers:
        issues.append(
            batch.issue(
                WARNING,
                None,
                None,
                f"多出的列没有读入：{'、'.join(clean(header) for header in strangers)}",
                "请确认不需要；含个人信息的列请删去",
            )
        )
    return issues, unfit


def _head(sheet: Sheet) -> int | None:
    """The row of the header; a map has none."""
    return sheet.header_row or None


def _unit_issue(batch: Batch, column: Column) -> Issue | None:
    """The issue of a header whose unit or coordinate system cannot be read."""
    sheet = batch.sheet
    stated = split_header(sheet.headers[batch.at[column.key]])[1]
    if column.kind in ("lon", "lat") and _names_system(stated):
        refused = refuse_crs(stated)
        return batch.issue(ERROR, None, column.key, *refused, row=_head(sheet)) if refused else None
    if _measured(column) and stated and cells.factor(column.unit, stated) is None:
        known = "、".join(cells.units(column.unit))
        what, mend = say("单位不识", {"raw": stated, "known": known})
        return batch.issue(ERROR, None, column.key, what, mend, row=_head(sheet))
    return None


def _measured(column: Column) -> bool:
    return column.kind in ("integer", "number", "money") and column.unit is not None


def _names_system(stated: str | None) -> bool:
    """Whether what stands in the brackets of 经度（…） is a coordinate system."""
    return bool(stated) and re.search(r"\d|坐标|高德|百度|腾讯|火星", stated) is not None


UNIT = re.compile(r"单位\s*[::为是]\s*([^\s)。;]+)")


def _scales(batch: Batch, ledger: Ledger) -> tuple[dict[str, int | None], list[Issue]]:
    """How many of each column's unit one of the header's is, else of 单位：… around the table.

    Where the lines around the table state different units, or one that no header heeds, that is
    an error: nobody can tell which of them holds.
    """
    sheet = batch.sheet
    heads = {cell for row in sheet.rows[sheet.header_top - 1 : sheet.header_row] for cell in row}
    around = [
        (clean(text.removeprefix("人民币")), row < sheet.header_top)
        for row in sorted(batch.fates)
        for cell in sheet.rows[row - 1]
        if isinstance(cell, str) and cell not in heads
        for words in UNIT.findall(clean(cell))
        for text in re.split(r"[、,/]", words)
    ]
    scales: dict[str, int | None] = {}
    contradicted: dict[str, list[tuple[Column, str]]] = {}
    heeded: set[str] = set()
    issues = []
    for column in ledger.columns:
        scales[column.key] = 1
        if column.kind not in ("integer", "number", "money") or column.key not in batch.at:
            continue
        stated = split_header(sheet.headers[batch.at[column.key]])[1]
        scale = scales[column.key] = cells.factor(column.unit, stated)
        said = {text: one for text, _ in around if (one := cells.factor(column.unit, text))}
        above = {one for text, top in around if top and (one := said.get(text))}
        if stated:
            if scale is not None and said and scale not in said.values():
                contradicted.setdefault(column.unit, []).append((column, stated))
            continue
        if not above:
            continue
        heeded.add(column.unit)
        scales[column.key] = min(above)
        if len(set(said.values())) > 1:
            what = f"表中写了不同的单位：{'、'.join(said)}"
            first = batch.row_numbers[0] if batch.row_numbers else None
            issues.append(
                batch.issue(ERROR, None, column.key, what, "请统一单位，写在表头", row=first)
            )
    for unit, columns in contradicted.items():
        if unit in heeded:
            continue  # 单位：万元 holds for a column without a unit of its own
        said = "、".join(text for text, _ in around if cells.factor(unit, text))
        for column, stated in columns:
            what = f"表头写“{stated}”，表外写“单位：{said}”，不知按哪个"
            issues.append(
                batch.issue(ERROR, None, column.key, what, "请改成一致", row=_head(sheet))
            )
    return scales, issues


def _since_1900(raw: object) -> object:
    """The serial of a day as Excel counts it by default, of one that counts from 1904."""
    days = 1462
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    return raw + days if number and 30_000 - days <= raw <= 73_050 - days else raw


def _raws(data: list[list], at: int | None) -> list:
    if at is None:
        return [None] * len(data)
    return [row[at] if at < len(row) else None for row in data]


def _column(raws: list, column: Column, scale: int | None) -> list[Parsed]:
    """Parse every cell of a column; equal cells are parsed once."""
    parser = cells.PARSERS[column.kind]
    known: dict[tuple, Parsed] = {}
    parsed = []
    for raw in raws:
        key = (raw.__class__, raw)
        cell = known.get(key)
        if cell is None:
            cell = known[key] = parser(raw, column, scale)
        parsed.append(cell)
    return parsed


def _places(ledger: Ledger, data: list[list], found: "_Findings", roster: Roster) -> None:
    """Read 街道 and 社区, each with the help of the other."""
    columns = {column.kind: column for column in ledger.columns}
    street, community = columns.get("street"), columns.get("community")
    if street is None:
        return
    at = found.batch.at
    raw_streets = found.filled(street, _raws(data, at.get(street.key)))
    if community is None:
        found.take(street, [roster.street(raw, street) for raw in raw_streets])
        return
    raw_communities = found.filled(community, _raws(data, at.get(community.key)))
    pairs = [
        roster.pair(first, second, street, community)
        for first, second in zip(raw_streets, raw_communities, strict=True)
    ]
    found.take(street, [pair[0] for pair in pairs])
    found.take(community, [pair[1] for pair in pairs])


class _Findings:
    """Collects the parsed columns of a batch and turns their codes into issues."""

    def __init__(self, batch: Batch, issues: list[Issue]):
        self.batch = batch
        self.issues = issues
        self.notes: dict[tuple[str, str], list[int]] = {}
        self.unread: set[str] = set()  # the keys of columns with a cell that could not be read
        self.position = {number: at for at, number in enumerate(batch.row_numbers)}
        self.fills: dict[int, list[tuple[int, int]]] = {}
        self.covered: set[tuple[int, str]] = set()  # by a merge that was refused: told already

    def take(self, column: Column, parsed: list[Parsed]) -> None:
        """Keep the values of a column; say what is wrong with its cells."""
        batch = self.batch
        batch.values[column.key] = [cell.value for cell in parsed]
        unstated: list[int] = []
        for position, cell in enumerate(parsed):
            if cell.code == "必填" and (position, column.key) in self.covered:
                batch.wrong[position] = True
            elif cell.code is not None:
                batch.wrong[position] = True
                self.unread.add(column.key)
                if cell.code == "单位不明":
                    unstated.append(position)
                else:
                    what, mend = say(cell.code, cell.facts)
                    self.issues.append(batch.issue(ERROR, position, column.key, what, mend))
            elif cell.note and column.key in batch.at:
                self.notes.setdefault((column.key, cell.note), []).append(position)
                if column.kind in ("street", "community"):
                    value = cell.note.removeprefix("读作 ")
                    batch.read_as(position, column.key, value, "名录中的正式写法")
        if unstated:
            what, mend = say("单位不明", parsed[unstated[0]].facts)
            what = f"{what}（共 {len(unstated)} 格）"
            self.issues.append(batch.issue(ERROR, unstated[0], column.key, what, mend))

    def refuse(self, position: int, key: str | None, what: str, mend: str) -> None:
        """Mark one row wrong for a reason of its own."""
        self.batch.wrong[position] = True
        self.issues.append(self.batch.issue(ERROR, position, key, what, mend))

    def tell_notes(self) -> None:
        """Say once for each what was read otherwise than it stands."""
        for (key, note), positions in self.notes.items():
            times = f"（共 {len(positions)} 格，首见于此）" if len(positions) > 1 else ""
            self.issues.append(
                self.batch.issue(NOTE, positions[0], key, note + times, "请确认读得对")
            )

    def layout(self, ledger: Ledger) -> None:
        """Hidden rows and merged cells below the header.

        A cell merged down holds for all its rows where it names something: 街道, 社区, a code of
        another ledger, one of some words. Any other leaves open what the covered cells hold, so
        its rows are refused. Columns that are not read may be merged at will.
        """
        batch = self.batch
        for number in sorted(batch.sheet.hidden_rows & self.position.keys()):
            self.refuse(self.position[number], None, *say("隐藏行", {"row": number}))
        keys = {at: key for key, at in batch.at.items()}
        for top, left, bottom, right in batch.sheet.merges:
            rows = [n for n in range(top, bottom + 1) if n in self.position]
            inside = [keys[at] for at in range(left - 1, right) if at in keys]
            if not rows or not inside or (top, left) == (bottom, right):
                continue
            if inside == [keys.get(left - 1)] and rows[0] == top:
                if top == bottom:
                    continue
                if _names(ledger.column(inside[0]), ledger):
                    self.fills.setdefault(left - 1, []).append((top, bottom))
                    continue
            span = f"{letter(left)}{top}:{letter(right)}{bottom}"
            self.refuse(self.position[rows[0]], inside[0], *say("合并单元格", {"range": span}))
            self.covered |= {(self.position[n], key) for n in rows for key in inside}
            for number in rows[1:]:
                batch.wrong[self.position[number]] = True

    def filled(self, column: Column, raws: list) -> list:
        """The cells of a column with those merged down filled in."""
        fills = self.fills.get(self.batch.at.get(column.key, -1))
        if not fills:
            return raws
        raws = list(raws)
        for top, bottom in fills:
            first = self.position[top]
            for number in range(top + 1, bottom + 1):
                if number in self.position:  # a 小计 may stand in between
                    at = self.position[number]
                    raws[at] = raws[first]
                    if raws[at] is not None:
                        shown = cells.shown(raws[at])[:60]
                        self.batch.read_as(at, column.key, shown, "合并单元格，同上")
        return raws


def _names(column: Column, ledger: Ledger) -> bool:
    """Whether a cell of the column says what the row belongs to, and no figure or name of it."""
    if column.kind in ("street", "community") or column.refers:
        return column.kind not in ("integer", "number")
    return column.kind == "choice" and column.key not in ledger.key


# ----------------------------------------------------------------------------------- geometries


def _geometries(raws: list, ledger: Ledger) -> list[Parsed]:
    return [_geometry(raw, ledger) for raw in raws]


def _geometry(raw: object, ledger: Ledger) -> Parsed:
    """The shape of a feature: of an allowed type, in degrees, valid; heights are left off."""
    if raw is None:
        return Parsed(None, "必填")
    kind = raw.get("type") if isinstance(raw, dict) else None
    if kind not in ledger.geometry:
        said = f"的类型是 {kind[:20]}" if isinstance(kind, str) else "没有写类型"
        return _bad_shape(f"{said}，应为 {'、'.join(ledger.geometry)}")
    try:
        shape = shapely.force_2d(shapely.geometry.shape(raw))
    except (
        ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError,
        shapely.GEOSException,
    ):  # fmt: skip
        return _bad_shape("的坐标读不出")
    if shape.is_empty:
        return _bad_shape("是空的")
    west, south, east, north = shape.bounds
    if not all(math.isfinite(bound) for bound in shape.bounds):
        return _bad_shape("的坐标不是数")
    if not shapely.box(70, 0, 140, 60).covers(shapely.box(*shape.bounds)):
        if shapely.box(0, 70, 60, 140).covers(shapely.box(*shape.bounds)):
            return _bad_shape("的经度、纬度填反")
        if max(abs(bound) for bound in shape.bounds) > 180:
            return _bad_shape("的坐标像是投影坐标（米），应为经纬度（度）")
        return _bad_shape(f"出界：{west:.3f}, {south:.3f} 至 {east:.3f}, {north:.3f}")
    if not shape.is_valid:
        return _bad_shape(f"自相交或环未闭合（{_spot(shapely.is_valid_reason(shape))}）")
    return Parsed(shape)


def _spot(reason: str) -> str:
    found = re.search(r"\[(.*?)\]", reason)
    return f"在 {found[1]} 处" if found else "位置不明"


def _bad_shape(why: str) -> Parsed:
    return Parsed(None, "非图形", {"why": why})


# ------------------------------------------------------------------------- coordinate systems


def _convert(ledger: Ledger, data: list[list], found: _Findings) -> None:
    """Turn coordinates stated in GCJ-02 or BD-09 into WGS-84, and say so.

    A 坐标系 column states the system row by row; a header (经度（GCJ-02）), the lines above the
    table or the file state it for all rows.
    """
    batch = found.batch
    systems = [_stated(batch, ledger)] * len(data)
    for at, header in headers_of(batch.sheet):
        if split_header(header)[0] != "坐标系":
            continue
        for position, raw in enumerate(_raws(data, at)):
            if raw is None:
                continue
            systems[position] = system(str(raw)) or ""
            if not systems[position]:
                key = "lon" if "lon" in batch.at else None
                found.refuse(position, key, *refuse_crs(str(raw)))
    for name in (coordinates.GCJ02, coordinates.BD09):
        rows = [at for at, stated in enumerate(systems) if stated == name]
        if not rows:
            continue
        moved = (_convert_points if "lon" in batch.values else _convert_shapes)(batch, rows, name)
        what = f"坐标由 {name} 换算成 WGS-84（共 {moved:,} 处）"
        found.issues.append(batch.issue(NOTE, None, None, what, "请确认台账写明的坐标系无误"))


def _stated(batch: Batch, ledger: Ledger) -> str:
    """The system the whole sheet states: in the header of 经度, else around the table."""
    if "lon" in batch.at:
        stated = split_header(batch.sheet.headers[batch.at["lon"]])[1]
        if _names_system(stated):
            return system(stated) or ""
    return system(batch.sheet.crs or ledger.crs) or ""


def _convert_points(batch: Batch, rows: list[int], name: str) -> int:
    lon, lat = batch.values["lon"], batch.values["lat"]
    rows = [at for at in rows if lon[at] is not None and lat[at] is not None]
    east, north = coordinates.to_wgs84([lon[at] for at in rows], [lat[at] for at in rows], name)
    for at, x, y in zip(rows, np.round(east, 7), np.round(north, 7), strict=True):
        lon[at], lat[at] = float(x), float(y)
        batch.read_as(at, "lon", f"{x:.6f}", f"{name} 换算成 WGS-84")
        batch.read_as(at, "lat", f"{y:.6f}", f"{name} 换算成 WGS-84")
    return len(rows)


def _convert_shapes(batch: Batch, rows: list[int], name: str) -> int:
    shapes = batch.values["shape"]
    rows = [at for at in rows if shapes[at] is not None]
    for at in rows:
        shapes[at] = shapely.transform(
            shapes[at],
            lambda points: np.column_stack(coordinates.to_wgs84(points[:, 0], points[:, 1], name)),
        )
        batch.read_as(at, "shape", "图形", f"{name} 换算成 WGS-84")
    return len(rows)


# -------------------------------------------------------------------------- what was interpreted


def _record(batch: Batch, column: Column, raws: list, scale: int | None) -> None:
    """Keep every cell of a column whose value is not just what stands in it."""
    if column.key not in batch.at:
        return
    known: dict[tuple, tuple[str, str] | None] = {}
    for position, (raw, value) in enumerate(zip(raws, batch.values[column.key], strict=True)):
        if raw is None or (value is None and batch.wrong[position]):
            continue
        key = (raw.__class__, raw)
        if key not in known:
            known[key] = _interpreted(raw, value, column, scale)
        if known[key]:
            batch.read_as(position, column.key, *known[key])


def _interpreted(raw: object, value: object, column: Column, scale: int | None) -> tuple | None:
    """What a cell was read as and why, in Chinese; None where it says just that."""
    if value is None:
        return ("空", "此写法视为空") if clean(str(raw)) else None
    if column.kind in ("integer", "number", "money"):
        shown = f"{value:,}{column.unit or ''}"
        if isinstance(raw, str) and not cells.PLAIN.match(raw):
            return shown, _spelling(raw, column, scale)
        if scale not in (None, 1):
            return shown, f"单位换算：1 为 {scale:,} {column.unit}"
        if isinstance(raw, str) and raw.strip().lstrip("0") != str(value) and float(raw) != value:
            return shown, "数字写法"
        return None
    if column.kind in ("date", "month"):
        form = "%Y-%m" if column.kind == "month" else "%Y-%m-%d"
        if isinstance(raw, dt.date) or str(raw).strip() == value.strftime(form):
            return None
        serial = isinstance(raw, int | float) and not str(int(raw)).startswith(("19", "20"))
        return value.strftime(form), "Excel 日期序号" if serial else "日期写法"
    if column.kind in ("lon", "lat"):
        plain = not isinstance(raw, str) or cells.PLAIN.match(raw)
        return None if plain else (f"{value:.6f}", "坐标写法")
    if column.kind == "boolean":
        same = isinstance(raw, bool) or str(raw).strip() in ("是", "否")
        return None if same else ("是" if value else "否", "是否写法")
    if column.kind in ("weekday", "time"):
        return None
    if isinstance(raw, str) and raw != value:
        # Brackets and commas made plain are no interpretation; letters, digits and gaps are.
        wide = any(c.isalnum() and 0xFF00 < ord(c) < 0xFF5F for c in raw)
        if wide or raw.translate(cells.WIDTH) != value:
            return str(value), "去掉多余空白或全角字符"
    return None


def _spelling(raw: str, column: Column, scale: int | None) -> str:
    """Which kinds of spelling a number took, in Chinese."""
    said = []
    if any(0xFF00 < ord(c) < 0xFF5F for c in raw):
        said.append("全角数字")
    text = clean(raw)
    if "," in text:
        said.append("千分位")
    if text.endswith("%"):
        said.append("百分数")
    if any(c in cells.CHINESE_DIGITS - {"万", "亿"} for c in text):
        said.append("中文数字")
    if re.search(r"[万亿]", text):
        said.append("万、亿")
    if any(c.isalpha() and c not in cells.CHINESE_DIGITS for c in text):
        said.append("数后带单位")
    if scale not in (None, 1) and not re.search(r"[万亿元方米]", text):
        said.append(f"单位换算：1 为 {scale:,} {column.unit}")
    return "、".join(said) or "去掉多余空白"


def _formulas(found: _Findings) -> None:
    """Say which cells are formulas: the result that was saved with them is what was read."""
    batch = found.batch
    for key, place in batch.at.items():
        rows = [
            at for at, n in enumerate(batch.row_numbers) if (n, place + 1) in batch.sheet.formulas
        ]
        rows = [at for at in rows if batch.values[key][at] is not None]
        if rows:
            found.notes.setdefault((key, "此格是公式，采用文件里保存的结果"), []).extend(rows)
            for at in rows:
                raw = batch.sheet.rows[batch.row_numbers[at] - 1][place]
                batch.read_as(at, key, str(raw)[:60], "公式，采用保存的结果")


def frame(values: dict[str, list], ledger: Ledger) -> pd.DataFrame:
    """The typed rows: one column a contract column, in contract order."""
    return pd.DataFrame(
        {column.key: _typed(values[column.key], column) for column in ledger.columns}
    )


def _typed(values: list, column: Column) -> object:
    missing = any(value is None for value in values)
    match column.kind:
        case "integer" | "money" | "weekday" | "time":
            return pd.array(values, dtype="Int64" if missing else "int64")
        case "number" | "lon" | "lat":
            return pd.array(values, dtype="Float64" if missing else "float64")
        case "date" | "month":
            return pd.array(values, dtype="datetime64[s]")
        case "boolean":
            return pd.array(values, dtype="boolean" if missing else "bool")
        case _:
            return pd.Series(values, dtype=object)
