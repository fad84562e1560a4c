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
from pathlib import Path

from chunshui.errors import ChunshuiError
from chunshui.ledgers import workbook
from chunshui.ledgers.cells import clean
from chunshui.ledgers.contract import Column, Ledger
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.issue import ERROR, WARNING, Issue

FILE_BYTES = 100 << 20
HEADER_WITHIN = 20
INSTRUCTIONS = "填写说明"
SHAPE = "图形"
DEMONSTRATION_MARK = "演示数据"
# What else stands in the brackets of a header.
NO_UNIT = ("", "必填", "选填", "可空")
OLD = {
    ".xls": "旧版 Excel 文件", ".et": "WPS 表格文件", ".xlsm": "带宏的工作簿",
    ".xlsb": "二进制工作簿", ".ods": "ODF 表格",
}  # fmt: skip
# Web pages and encrypted or old workbooks are often renamed to .xlsx.
OLE = b"\xd0\xcf\x11\xe0"


@dataclass
class Sheet:
    """One table of cells as it stands in a file.

    `rows[0]` is row 1; short rows are not padded. In a GeoJSON file a row is a feature and there
    is no header row (`header_row` 0): `headers` are the property names and `图形` the geometry.
    """

    file: str
    name: str | None
    rows: list[list]
    sha256: str
    bytes: int
    nature: str = "实有"
    ledger: Ledger | None = None
    header_row: int = 0
    headers: list[str | None] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    crs: str | None = None
    hidden_rows: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

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


def read(path: Path, label: str, ledger: Ledger | None = None) -> tuple[list[Sheet], list[Issue]]:
    """Return the sheets of one file that hold a ledger, and what is wrong with the file.

    `label` is how the file is called in messages. `ledger` says which ledger it is; without it
    that is told from the name of the sheet or file, else from the headers.
    """
    suffix = path.suffix.lower()
    if suffix in OLD:
        return [], [_file_issue(ERROR, label, f"是{OLD[suffix]}，不能读入", "请另存为 xlsx")]
    if suffix not in (".xlsx", ".csv", ".geojson", ".json"):
        return [], [
            _file_issue(WARNING, label, "不是台账文件，未读入", "只读 xlsx、csv、geojson 文件")
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
            sheets = [_geojson_sheet(content, label)]
    except ChunshuiError as error:
        what, _, mend = str(error).rstrip("。").partition("。")
        return [], [_file_issue(ERROR, label, what, mend)]
    known: list[Sheet] = []
    issues: list[Issue] = []
    full = [pair for pair in sheets if (pair[0].rows or pair[0].headers)]
    full = [pair for pair in full if pair[0].name != INSTRUCTIONS]
    # The name of the file speaks for its sheet only where there is just one.
    stem = path.stem if len(full) == 1 else ""
    for sheet, hidden in full:
        found = ledger or _recognise(sheet, stem)
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
        if {".json": "geojson"}.get(suffix, suffix[1:]) not in found.formats:
            issues.append(
                _sheet_issue(
                    ERROR, sheet, f"{found.name}不能用 {suffix} 文件",
                    f"请用 {'、'.join(found.formats)} 文件",
                )
            )  # fmt: skip
            continue
        if sheet.headers == []:
            sheet.header_row = header_row(sheet.rows, found)
            if not sheet.header_row:
                issues.append(
                    _sheet_issue(ERROR, sheet, "没有找到表头", "请用模板，不要改动表头文字")
                )
                continue
            _take_header(sheet)
        known.append(sheet)
    return known, issues


def split_header(header: object) -> tuple[str, str | None]:
    """The words of a header and the unit in its brackets: 户数（万户） → 户数, 万户."""
    words = clean(str(header)).replace(" ", "").lstrip("*")
    found = re.fullmatch(r"([^()]+)\(([^()]*)\)", words)
    if not found:
        return words, None
    return found[1], None if found[2] in NO_UNIT else found[2]


def named(column: Column, header: object) -> bool:
    """Whether a header is this column's."""
    if header is None:
        return False
    names = (column.header, *column.aliases)
    return split_header(header)[0] in names or clean(str(header)).replace(" ", "") in names


def header_row(rows: list[list], ledger: Ledger) -> int:
    """The number of the header row, 0 when no row near the top is one.

    It is the first row naming the most columns, and at least half of the required ones.
    """
    best, at = 0, 0
    keys = {name: c.key for c in ledger.columns for name in (*c.aliases, c.header)}
    required = sum(column.required for column in ledger.columns if column.kind != "geometry")
    for number, row in enumerate(rows[:HEADER_WITHIN], start=1):
        texts = [cell for cell in row if isinstance(cell, str)]
        hits = len({keys.get(split_header(text)[0]) for text in texts} - {None})
        if hits > best and hits >= min(2, required) and hits * 2 >= required:
            best, at = hits, number
    return at


def _take_header(sheet: Sheet) -> None:
    """Fill what the rows down to the header say: headers, titles, coordinate system."""
    sheet.headers = [
        None if cell is None or not clean(str(cell)) else str(cell)
        for cell in sheet.rows[sheet.header_row - 1]
    ]
    sheet.titles = [
        clean(str(cell))
        for row in sheet.rows[: sheet.header_row - 1]
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
    return _by_headers(sheet)


def _by_headers(sheet: Sheet) -> Ledger | None:
    """The one ledger all of whose required headers stand in one row of the sheet."""
    rows = [sheet.headers] if sheet.headers else sheet.rows[:HEADER_WITHIN]
    best: list[Ledger] = []
    most = 1
    for row in rows:
        words = {split_header(cell)[0] for cell in row if isinstance(cell, str)}
        for ledger in ALL.values():
            hits = [c for c in ledger.columns if words & {c.header, *c.aliases}]
            needed = {c.key for c in ledger.columns if c.required}
            if needed <= {c.key for c in hits} and len(hits) >= most:
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
        sheets.append((sheet, grid.hidden))
    return sheets


def _csv_sheet(content: bytes, label: str) -> tuple[Sheet, bool]:
    text = _decode(content)
    head = text[:5000]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ChunshuiError("不是完好的 csv（引号不成对或一格过长）。请重新导出") from error
    if len(lines) > workbook.MAX_ROWS:
        raise ChunshuiError(f"超过 {workbook.MAX_ROWS:,} 行，不予读入。请拆成几个文件")
    # `write` puts a quote before a text that a spreadsheet would run as a formula.
    quoted = "'" in text
    rows = [[(_unquoted(cell) if quoted else cell) or None for cell in line] for line in lines]
    while rows and not any(rows[-1]):
        rows.pop()
    return _fresh(content, label, None, rows), False


def _unquoted(cell: str) -> str:
    return cell[1:] if cell.startswith(("'=", "'+", "'-", "'@")) else cell


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ChunshuiError("文字编码认不出（既不是 UTF-8 也不是 GB18030）。请另存为 UTF-8 的 csv")


def _geojson_sheet(content: bytes, label: str) -> tuple[Sheet, bool]:
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ChunshuiError("不是有效的 GeoJSON。请重新导出") from error
    features = document.get("features") if isinstance(document, dict) else None
    if (
        not isinstance(features, list)
        or document.get("type") != "FeatureCollection"
        or not all(isinstance(feature, dict) for feature in features)
    ):
        raise ChunshuiError("不是 GeoJSON 的 FeatureCollection。请重新导出")
    properties = [feature.get("properties") or {} for feature in features]
    if not all(isinstance(one, dict) for one in properties):
        raise ChunshuiError("要素的 properties 不是键值对。请重新导出")
    headers = list(dict.fromkeys(name for one in properties for name in one if name != SHAPE))
    rows = [
        [*(_scalar(one.get(name)) for name in headers), feature.get("geometry")]
        for one, feature in zip(properties, features, strict=True)
    ]
    sheet = _fresh(content, label, None, rows)
    sheet.headers = [*headers, SHAPE]
    sheet.titles = [str(document[name]) for name in ("name", "数据性质") if name in document]
    sheet.crs = _stated_crs(document)
    return sheet, False


def _no_constant(word: str) -> None:
    raise ValueError(word)


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

SAME_AS_WGS84 = re.compile(
    r"CRS:?84|WGS-?_?84$|(EPSG|epsg)\D*4326$|(EPSG|epsg)\D*4490$|CGCS-?2000$"
)
SHIFTED = {
    "GCJ-02（高德、腾讯、火星坐标）": re.compile(r"GCJ|火星|高德|腾讯", re.IGNORECASE),
    "BD-09（百度坐标）": re.compile(r"BD-?_?0?9|百度", re.IGNORECASE),
}


def refuse_crs(stated: str) -> tuple[str, str] | None:
    """Why a stated coordinate system is refused and how to mend it; None when it is taken as is.

    WGS-84 and CGCS2000 degrees are taken: they agree to well under a metre.
    """
    words = clean(stated).replace(" ", "")
    if SAME_AS_WGS84.search(words.upper()):
        return None
    for name, pattern in SHIFTED.items():
        if pattern.search(words):
            return (
                f"坐标系是 {name}，与 WGS-84 相差数百米，目前还不能换算",
                "请换算成 WGS-84 或 CGCS2000 经纬度后再报",
            )
    return (
        f"坐标系“{stated}”不是 WGS-84 或 CGCS2000 经纬度",
        "请在制图软件中转成 WGS-84 经纬度（EPSG:4326）后再报，不要用投影坐标（米）",
    )


def _file_issue(level: str, label: str, what: str, mend: str) -> Issue:
    return Issue(level, label, None, None, None, "", what, mend or "请核对后重新导出")


def _sheet_issue(level: str, sheet: Sheet, what: str, mend: str) -> Issue:
    return Issue(level, sheet.file, sheet.name, None, None, "", what, mend)


def headers_of(sheet: Sheet) -> Iterable[tuple[int, str]]:
    """The position (from 0) and text of each header."""
    return ((at, header) for at, header in enumerate(sheet.headers) if header is not None)
