"""Read files into sheets: what is written in them, which ledger each is, where its header stands.

No cell is interpreted here; see `cells` and `load`. Nothing but the bytes of the file is read: no
geometry library that might follow a path or an address in it.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from chunshui import coordinates
from chunshui.errors import ChunshuiError
from chunshui.ledgers import maps, personal, workbook
from chunshui.ledgers.cells import BLANK, clean, units
from chunshui.ledgers.contract import Column, Ledger
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.issue import ERROR, WARNING, Issue

FILE_BYTES = 100 << 20
HEADER_WITHIN = 20
HEADER_ROWS = 3  # a header may be this many rows high
INSTRUCTIONS = "填写说明"
OWN_SHEETS = (INSTRUCTIONS, "问题清单")  # what the software put in: not ledgers
SHAPE = "图形"
DEMONSTRATION_MARK = "演示数据"
# What else stands in the brackets of a header, or in a row of its own below.
NO_UNIT = frozenset(
    ["", "必填", "选填", "可空", "必填项", "选填项", "非必填", "十进制", "十进制度数"]
)
NO_UNIT_AT_ALL = re.compile("格式|例|如|下拉")
# Sheets that tell how to fill in the others, and may show it on rows made up for that.
ABOUT = re.compile(r"说明|须知|要求|示例|样例|范例|样表")
OLD = {
    ".xls": "旧版 Excel 文件", ".et": "WPS 表格文件", ".xlsm": "带宏的工作簿",
    ".xlsb": "二进制工作簿", ".ods": "ODF 表格",
}  # fmt: skip
LOOSE_MAPS = frozenset([".shp", ".shx", ".dbf", ".prj"])
REFUSED = {
    ".kml": "KML 文件", ".kmz": "KML 文件", ".gml": "GML 文件", ".vrt": "虚拟图层文件",
    ".gdb": "地理数据库", ".mdb": "数据库文件", ".duckdb": "数据库文件", ".db": "数据库文件",
    ".sqlite": "数据库文件", ".parquet": "数据库文件", ".rar": "RAR 压缩包", ".7z": "7z 压缩包",
}  # fmt: skip
# Web pages and encrypted or old workbooks are often renamed to .xlsx.
OLE = b"\xd0\xcf\x11\xe0"


@dataclass
class Sheet:
    """One table of cells as it stands in a file.

    `rows[0]` is row 1; short rows are not padded. In a map file a row is a feature and there is
    no header row (`header_row` 0): `headers` are the property names and `图形` the geometry.
    A header over several rows is put together into one: 资金（万元） over 下达 is 下达资金（万元）.
    """

    file: str
    name: str | None
    rows: list[list]
    sha256: str
    bytes: int
    nature: str = "实有"
    ledger: Ledger | None = None
    header_row: int = 0  # its last row
    header_top: int = 0
    headers: list[str | None] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    crs: str | None = None
    hidden_rows: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    since_1904: bool = False
    beside: list[tuple[str, tuple[int, int] | None, str]] = field(default_factory=list)
    # Cells (row, column, both from 1) that hold personal data: never shown, never kept.
    personal: set[tuple[int, int]] = field(default_factory=set)

    @property
    def addressed(self) -> bool:
        """Whether its cells have addresses such as F12."""
        return self.name is not None


def files(folder: Path) -> list[Path]:
    """The files of a folder in name order, without hidden ones and the locks of open workbooks.

    A path to one file gives that file. Raises ChunshuiError when there is nothing at the path.
    """
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise ChunshuiError(f"找不到台账文件夹：{folder.name}。请核对路径。")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$"))
    )


def labelled(given: Path | list[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """Each file with the name by which messages call it: its path in the folder, or the one given.

    Raises ChunshuiError when there is nothing at a path.
    """
    if not isinstance(given, Path):
        return given
    root = given if given.is_dir() else given.parent
    return [(path, path.relative_to(root).as_posix()) for path in files(given)]


def read(path: Path, label: str, ledger: Ledger | None = None) -> tuple[list[Sheet], list[Issue]]:
    """Return the sheets of one file that hold a ledger, and what is wrong with the file.

    `label` is how the file is called in messages. `ledger` says which ledger it is; without it
    that is told from the name of the sheet or file, else from the headers.
    """
    suffix = path.suffix.lower()
    if kind := personal.holds(label):
        what = f"有一个文件的名字含{kind}，整个文件不予入库"
        return [], [
            _file_issue(ERROR, f"上传的 {suffix[1:8]} 文件", what, "请改好文件名后重新上传")
        ]
    if suffix in OLD:
        return [], [_file_issue(ERROR, label, f"是{OLD[suffix]}，不能读入", "请另存为 xlsx")]
    if suffix in LOOSE_MAPS:
        mend = "请把 shp、shx、dbf、prj 一起压缩成一个 zip 再报"
        return [], [_file_issue(ERROR, label, "是 Shapefile 的一部分，不能单独读入", mend)]
    if suffix in REFUSED:
        mend = "只读 xlsx、csv、geojson、gpkg 和 Shapefile 压缩包"
        return [], [_file_issue(ERROR, label, f"是{REFUSED[suffix]}，不能读入", mend)]
    if suffix not in (".xlsx", ".csv", ".geojson", ".json", ".gpkg", ".zip"):
        return [], [
            _file_issue(
                WARNING, label, "不是台账文件，未读入", "只读 xlsx、csv、geojson、gpkg、zip 文件"
            )
        ]
    try:
        content = path.read_bytes()
    except OSError:
        return [], [_file_issue(ERROR, label, "打不开", "请核对文件是否还在、是否可读")]
    try:
        if not content:
            raise ChunshuiError("是空文件。请核对后重新导出")
        if len(content) > FILE_BYTES:
            raise ChunshuiError(f"超过 {FILE_BYTES >> 20} MB，不予读入。请拆成几个文件")
        if suffix == ".xlsx":
            sheets = _workbook_sheets(content, label)
        elif suffix == ".csv":
            sheets = [_csv_sheet(content, label)]
        else:
            sheets = _map_sheets(content, label)
    except ChunshuiError as error:
        what, _, mend = str(error).rstrip("。").partition("。")
        return [], [_file_issue(ERROR, label, what, mend)]
    known: list[Sheet] = []
    issues: list[Issue] = []
    full = [pair for pair in sheets if (pair[0].rows or pair[0].headers)]
    full = [pair for pair in full if pair[0].name not in OWN_SHEETS]
    # The name of the file speaks for its sheet only where there is just one that is shown.
    shown = [sheet for sheet, hidden in full if not hidden and not ABOUT.search(sheet.name or "")]
    stem = Path(label).stem if len(shown) == 1 else ""
    for number, (sheet, hidden) in enumerate(full, start=1):
        found = ledger or _recognise(sheet, "" if hidden else stem)
        if kind := personal.holds(sheet.name or ""):
            sheet.name = f"第 {number} 张表"
            what = f"表名含{kind}，整个文件不予入库"
            issues.append(_sheet_issue(ERROR, sheet, what, "请改好表名后重新上传"))
        if found is not None and sheet.headers == []:
            find_header(sheet, found)
        if ledger is None:
            issues += personal.search(sheet, found)
        if found is None:
            issues.append(
                _sheet_issue(
                    WARNING, sheet, "认不出是哪本台账，未读入", "请把表名改成台账名，或用模板"
                )
            )
            continue
        if hidden:
            issues.append(
                _sheet_issue(ERROR, sheet, "是隐藏的工作表，未读入", "请取消隐藏，或删去此表")
            )
            continue
        sheet.ledger = found
        if {".json": "geojson"}.get(suffix, suffix[1:]) not in found.accepts:
            issues.append(
                _sheet_issue(
                    ERROR, sheet, f"{found.name}不能用 {suffix} 文件",
                    f"请用 {'、'.join(found.accepts)} 文件",
                )
            )  # fmt: skip
            continue
        if sheet.headers == []:
            issues.append(_sheet_issue(ERROR, sheet, "没有找到表头", "请用模板，不要改动表头文字"))
            continue
        known.append(sheet)
    return known, issues


# 1. 一、 （3） ⑤ and * before a header; * and : after it.
NUMBERED = re.compile(
    r"[*★※#]*(?:\d{1,2}[.、]|[一二三四五六七八九十]{1,2}、|\(\d{1,2}\)|[①-⑳])?[*★※#]*"
)
BRACKETS = str.maketrans("〔〕【】[]{}", "()()()()")


def split_header(header: object) -> tuple[str, str | None]:
    """The words of a header and the unit in its brackets: 户数（万户） → 户数, 万户.

    Numbering, stars and remarks such as （必填） are left off.
    """
    return _split(str(header))


@lru_cache(maxsize=20_000)
def _split(header: str) -> tuple[str, str | None]:
    words = clean(header).replace(" ", "").translate(BRACKETS).rstrip("*★※:")
    words = words[NUMBERED.match(words).end() :]
    inside = re.findall(r"\(([^()]*)\)", words)
    rest = re.sub(r"\([^()]*\)", "", words)
    bare = rest.strip("*★※:")
    if not bare or "(" in rest or ")" in rest:
        return words, None
    stated = [re.sub("^(?:计量)?单位:?", "", text).strip("*") for text in inside]
    stated = [text for text in stated if text not in NO_UNIT and not NO_UNIT_AT_ALL.search(text)]
    after = re.fullmatch(r"(.+)[/,、:](.+)", bare)
    if not inside and after and after[2] in UNITS:
        return after[1], after[2]
    return bare, stated[0] if stated else None


def named(column: Column, header: object) -> bool:
    """Whether a header is this column's."""
    if header is None:
        return False
    names = (column.header, *column.aliases)
    return split_header(header)[0] in names or clean(str(header)).replace(" ", "") in names


def find_header(sheet: Sheet, ledger: Ledger) -> None:
    """Find the header and what stands above it; `headers` stays empty when there is none.

    It is the first row, or the first few rows under each other, naming the most columns, and at
    least half of the required ones. A row of units (万元) or of column numbers (1, 2, 3) right
    under it belongs to it.
    """
    names = {name: c.key for c in ledger.columns for name in (*c.aliases, c.header)}
    required = sum(column.required for column in ledger.columns if column.kind != "geometry")
    best: tuple[int, int, int] | None = None
    most = 0
    for height in range(1, HEADER_ROWS + 1):
        for top in range(1, min(HEADER_WITHIN, len(sheet.rows)) + 2 - height):
            headers = _put_together(sheet, top, height, names)
            words = {split_header(header)[0] for header in headers if header is not None}
            hits = len({names.get(word) for word in words} - {None})
            if hits > most and hits >= min(2, required) and hits * 2 >= required:
                most, best = hits, (top, height, hits)
    if best is None:
        return
    top, height, _ = best
    sheet.header_top, sheet.header_row = top, top + height - 1
    sheet.headers = _put_together(sheet, top, height, names)
    _take_units(sheet)
    _take_titles(sheet)


def _put_together(sheet: Sheet, top: int, height: int, names: dict[str, str]) -> list[str | None]:
    """The header of each column over some rows; `names` are those the ledger knows."""
    headers: list[str | None] = []
    for texts in _stacks(sheet, top, height):
        if not texts:
            headers.append(None)
        elif len(texts) == 1:
            headers.append(texts[0])
        else:
            parts = [split_header(text) for text in texts]
            words = [word for word, _ in parts if word and not _is_unit(word)]
            stated = [unit for _, unit in parts if unit]
            stated += [word.strip("()") for word, _ in parts if _is_unit(word)]
            joined = ["".join(words[at::-1]) for at in range(len(words) - 1, -1, -1)]
            known = [word for word in joined if word in names]
            name = known[0] if known else "·".join(reversed(words))
            headers.append(f"{name}（{stated[0]}）" if stated else name)
    return headers


def _stacks(sheet: Sheet, top: int, height: int) -> list[list[str]]:
    """The texts of some rows under each other, by column, the lowest first.

    The text of a merged cell holds for all it covers. Where a group's cells were not merged, as in
    a csv file, it goes on to the right as long as there is a text below and none of its own.
    """
    lines = [list(row) for row in sheet.rows[top - 1 : top - 1 + height]]
    width = max(map(len, lines), default=0)
    lines = [line + [None] * (width - len(line)) for line in lines]
    if height > 1:
        for first, left, last, right in sheet.merges:
            if first < top or first >= top + height:
                continue
            for row in range(first, min(last, top + height - 1) + 1):
                for at in range(left - 1, min(right, width)):
                    lines[row - top][at] = lines[first - top][left - 1]
        for upper, lower in pairwise(lines):
            for at in range(1, width):
                group = upper[at - 1] is not None and lower[at - 1] not in (None, upper[at - 1])
                if group and upper[at] is None and lower[at] is not None:
                    upper[at] = upper[at - 1]
    stacks = []
    for at in range(width):
        texts = [str(line[at]) for line in reversed(lines) if line[at] is not None]
        texts = [text for text in texts if clean(text)]
        stacks.append(list(dict.fromkeys(texts)))
    return stacks


UNITS = frozenset(
    u for unit in ("元", "平方米", "米", "户", "人", "人次", "栋", "层") for u in units(unit)
)
ORDINALS = frozenset("甲乙丙丁戊己庚辛")


def _is_unit(text: object) -> bool:
    return clean(str(text)).replace(" ", "").strip("()") in UNITS


def _take_units(sheet: Sheet) -> None:
    """Take rows of units, of column numbers and of 必填 right under the header into it."""
    for _ in range(3):
        row = sheet.rows[sheet.header_row] if sheet.header_row < len(sheet.rows) else []
        cells = [cell for cell in row if cell is not None]
        remarks = sum(clean(str(cell)).strip("()*") in (NO_UNIT | BLANK) for cell in cells)
        if remarks < len(cells) and all(_is_unit(c) or clean(str(c)) in BLANK for c in cells):
            for at, cell in enumerate(row[: len(sheet.headers)]):
                header = sheet.headers[at]
                if _is_unit(cell) and header and split_header(header)[1] is None:
                    unit = clean(str(cell)).strip("()")
                    sheet.headers[at] = f"{split_header(header)[0]}（{unit}）"
        elif not _numbers_columns(cells) and not 2 <= remarks == len(cells):
            return
        sheet.header_row += 1


def _numbers_columns(cells: list) -> bool:
    """Whether the cells number the columns: 甲, 乙, 1, 2, 3 …"""
    plain = [clean(str(cell)).strip("()") for cell in cells]
    counted = [text for text in plain if text not in ORDINALS]
    return len(counted) >= 3 and counted == [str(n) for n in range(1, len(counted) + 1)]


def _take_titles(sheet: Sheet) -> None:
    """Keep what stands above the header, and the coordinate system it states."""
    sheet.titles = [
        clean(str(cell))
        for row in sheet.rows[: sheet.header_top - 1]
        for cell in row
        if cell is not None
    ]
    text = " ".join(sheet.titles)
    if found := re.search(r"坐标系[统]?\s*[::]\s*([^\s,;。)]+)", text):
        sheet.crs = found[1]


def _recognise(sheet: Sheet, stem: str) -> Ledger | None:
    """The ledger a sheet is, told from its name, the file's, or its headers."""
    for label in (sheet.name or "", stem):
        words = clean(label).replace(" ", "")
        hits = [one for one in ALL.values() if one.name in words or one.id == words]
        if hits:
            return max(hits, key=lambda one: len(one.name))
    if ABOUT.search(sheet.name or ""):
        return None
    return _by_headers(sheet)


def _by_headers(sheet: Sheet) -> Ledger | None:
    """The one ledger all of whose required headers stand in the sheet, in one row or a few.

    Failing that, the one of which its key and two thirds of the others do: it lacks a column.
    """
    if sheet.headers:
        found = [{split_header(cell)[0] for cell in sheet.headers if isinstance(cell, str)}]
    else:
        found = []
        for height in range(1, HEADER_ROWS + 1):
            for top in range(1, min(HEADER_WITHIN, len(sheet.rows)) + 2 - height):
                words = set()
                for texts in _stacks(sheet, top, height):
                    parts = [split_header(text)[0] for text in texts]
                    words |= {*parts, *("".join(parts[at::-1]) for at in range(len(parts)))}
                found.append(words)
    return next((one for words in found if (one := _the_one(words))), None) or next(
        (one for words in found if (one := _the_one(words, lacking=True))), None
    )


def _the_one(words: set[str], *, lacking: bool = False) -> Ledger | None:
    """The ledger that finds all its required headers among the words, and the most headers."""
    best: list[Ledger] = []
    most = 2 if lacking else 1
    for ledger in ALL.values():
        hits = [c for c in ledger.columns if words & {c.header, *c.aliases}]
        needed = {c.key for c in ledger.columns if c.required}
        there = {c.key for c in hits}
        enough = needed <= there
        if lacking:
            enough = there >= set(ledger.key) and 3 * len(needed & there) >= 2 * len(needed)
        if enough and len(hits) >= most:
            best = [ledger] if len(hits) > most else [*best, ledger]
            most = len(hits)
    return best[0] if len(best) == 1 else None


# ---------------------------------------------------------------------------------- the formats


def _fresh(content: bytes, label: str, name: str | None, rows: list[list]) -> Sheet:
    return Sheet(label, name, rows, hashlib.sha256(content).hexdigest(), len(content))


def _workbook_sheets(content: bytes, label: str) -> list[tuple[Sheet, bool]]:
    if content[:4] == OLE:
        raise ChunshuiError("是旧版或加密的工作簿，不能读入。请去掉密码后另存为 xlsx")
    if content.lstrip()[:1] == b"<":
        raise ChunshuiError("是网页冒充的表格，不能读入。请用 Excel 或 WPS 打开后另存为 xlsx")
    sheets = []
    for grid in workbook.read(content):
        sheet = _fresh(content, label, grid.name, grid.rows)
        sheet.hidden_rows, sheet.merges = grid.hidden_rows, grid.merges
        sheet.formulas, sheet.beside = grid.formulas, grid.beside
        sheet.hidden_columns, sheet.since_1904 = grid.hidden_columns, grid.since_1904
        sheets.append((sheet, grid.hidden))
    return sheets


def _csv_sheet(content: bytes, label: str) -> tuple[Sheet, bool]:
    if content[:4] in (b"PK\x03\x04", OLE):
        raise ChunshuiError("是 Excel 工作簿，扩展名却是 csv。请用 Excel 打开后另存为 xlsx")
    if content.lstrip()[:1] == b"<":
        raise ChunshuiError("是网页冒充的表格，不能读入。请用 Excel 或 WPS 打开后另存为 xlsx")
    return _fresh(content, label, None, csv_rows(content)), False


def csv_rows(content: bytes) -> list[list]:
    """The rows of a csv file, empty cells None. Raises ChunshuiError."""
    text = _decode(content)
    first, _, rest = text.partition("\n")
    if stated := re.fullmatch(r"sep=(.)\r?", first):  # Excel's own way to state it, and no row
        text, delimiter = rest, stated[1]
    else:
        delimiter = _delimiter(text)
    special = "'" in text or "=" in text
    rows: list[list] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            row = [(_csv_cell(cell) if special else cell) or None for cell in line]
            while row and row[-1] is None:
                row.pop()
            if len(row) > workbook.MAX_COLUMNS:
                raise ChunshuiError(f"超过 {workbook.MAX_COLUMNS} 列，不予读入。请删去右侧多余的列")
            rows.append(row)
            if len(rows) > workbook.MAX_ROWS:
                raise ChunshuiError(f"超过 {workbook.MAX_ROWS:,} 行，不予读入。请拆成几个文件")
    except csv.Error as error:
        raise ChunshuiError("不是完好的 csv（引号不成对或一格过长）。请重新导出") from error
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _delimiter(text: str) -> str:
    """What divides the cells: that which makes the most of the first lines."""
    head = "\n".join(text[:20_000].splitlines()[:HEADER_WITHIN])

    def most(delimiter: str) -> int:
        return sum(len(line) - 1 for line in csv.reader(io.StringIO(head), delimiter=delimiter))

    return max(",\t;|", key=most)


def _csv_cell(cell: str) -> str:
    """A cell without what guards it: ' before what a spreadsheet would run, =" " around digits."""
    if cell.startswith(("'=", "'+", "'-", "'@")):
        return cell[1:]
    if guarded := re.fullmatch('="([^"=]*)"', cell):
        return guarded[1]
    return workbook.Uncalculated(cell) if re.match(r"=[-+(]*[A-Za-z0-9$\"']", cell) else cell


def _decode(content: bytes) -> str:
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")  # what Excel calls Unicode text
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ChunshuiError("文字编码认不出（既不是 UTF-8 也不是 GB18030）。请另存为 UTF-8 的 csv")


def _map_sheets(content: bytes, label: str) -> list[tuple[Sheet, bool]]:
    """The layers of a map file; what it is is told from its bytes, whatever its name."""
    kind = maps.kind(content)
    if kind == "geojson":
        return [_geojson_sheet(content, label)]
    sheets = []
    for layer in maps.gpkg(content) if kind == "gpkg" else maps.shapefile(content):
        sheet = _fresh(content, label, None, layer.rows)
        sheet.headers = [*layer.headers, SHAPE]
        sheet.titles = [layer.name]
        sheet.crs = layer.crs
        sheets.append((sheet, False))
    return sheets


def _geojson_sheet(content: bytes, label: str) -> tuple[Sheet, bool]:
    document = maps.geojson(content)
    features = document["features"]
    properties = [feature.get("properties") or {} for feature in features]
    if not all(isinstance(one, dict) for one in properties):
        raise ChunshuiError("要素的 properties 不是键值对。请重新导出")
    headers = list(dict.fromkeys(name for one in properties for name in one if name != SHAPE))
    if len(headers) > workbook.MAX_COLUMNS:
        raise ChunshuiError(f"属性超过 {workbook.MAX_COLUMNS} 种，不予读入。请只留台账的列")
    rows = [
        [*(_scalar(one.get(name)) for name in headers), feature.get("geometry")]
        for one, feature in zip(properties, features, strict=True)
    ]
    sheet = _fresh(content, label, None, rows)
    sheet.headers = [*headers, SHAPE]
    sheet.titles = [str(document[name]) for name in ("name", "数据性质") if name in document]
    sheet.crs = _stated_crs(document)
    return sheet, False


def _scalar(value: object) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value if value != "" else None


def _stated_crs(document: dict) -> str | None:
    """The coordinate system a GeoJSON states: our member, else the old `crs` member."""
    if document.get("坐标系"):
        return str(document["坐标系"])
    crs = document.get("crs")
    if crs is None:
        return None
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    return str(name or json.dumps(crs, ensure_ascii=False))


# ------------------------------------------------------------------------- coordinate systems

SYSTEMS = {
    coordinates.WGS84: re.compile(r"CRS:?84|WGS-?_?(19)?84$|EPSG\D*4326$"),
    coordinates.CGCS2000: re.compile(
        r"EPSG\D*4490$|CGCS-?_?2000$|^2000$|国家2000$|大地2000$|GEODETIC_COORDINATE_SYSTEM_2000$"
    ),
    coordinates.GCJ02: re.compile(r"GCJ-?_?0?2$|火星|高德|腾讯|AMAP$"),
    coordinates.BD09: re.compile(r"BD-?_?0?9|百度"),
}
SYSTEM_WORDS = re.compile(r"(国家)?(大地|地理)?(坐标)?(系统?|经纬度)?\Z")


def system(stated: str) -> str | None:
    """The system of `coordinates` that a ledger states in its own words; None for any other.

    WGS-84 and CGCS2000 degrees are taken as they are: they agree to well under a metre.
    """
    words = clean(stated).replace(" ", "").upper()
    words = SYSTEM_WORDS.sub("", words, count=1)
    return next((name for name, pattern in SYSTEMS.items() if pattern.search(words)), None)


def refuse_crs(stated: str) -> tuple[str, str] | None:
    """Why a stated coordinate system is refused and how to mend it; None when it can be read."""
    if system(stated):
        return None
    return (
        f"坐标系“{stated}”不是 {'、'.join(coordinates.SYSTEMS)} 经纬度",
        "请在制图软件中转成 WGS-84 经纬度（EPSG:4326）后再报，不要用投影坐标（米）",
    )


def _file_issue(level: str, label: str, what: str, mend: str) -> Issue:
    return Issue(level, label, None, None, None, "", what, mend or "请核对后重新导出")


def _sheet_issue(level: str, sheet: Sheet, what: str, mend: str) -> Issue:
    return Issue(level, sheet.file, sheet.name, None, None, "", what, mend)


def headers_of(sheet: Sheet) -> Iterable[tuple[int, str]]:
    """The position (from 0) and text of each header."""
    return ((at, header) for at, header in enumerate(sheet.headers) if header is not None)
