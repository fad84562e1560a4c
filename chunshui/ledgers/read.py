"""Read files into sheets: what is written in them, which ledger each is, where its header stands.

No cell is interpreted here; see `parse`. Nothing but the bytes of the file is read: no geometry
library that might follow a path or an address in it.
"""

import hashlib
import json
from pathlib import Path

from chunshui.errors import ChunshuiError
from chunshui.ledgers import personal
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.formats import maps, workbook
from chunshui.ledgers.formats.csv import csv_rows
from chunshui.ledgers.formats.shapefile import read_shapefile
from chunshui.ledgers.headers import find_header
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.recognise import ABOUT, recognise
from chunshui.ledgers.sheet import MAX_COLUMNS, OWN_SHEETS, SHAPE, Sheet
from chunshui.words import ERROR, WARNING

FILE_BYTES = 100 << 20
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


def labelled_files(given: Path | list[tuple[Path, str]]) -> list[tuple[Path, str]]:
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
    if suffix == ".pbf":
        mend = (
            "请先用 python -m chunshui network 做成步行节点、步行路段两本台账，或在台账入库页上传"
        )
        return [], [_file_issue(ERROR, label, "是路网文件，不是台账", mend)]
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
            sheets = map_sheets(content, label)
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
        found = ledger or recognise(sheet, "" if hidden else stem)
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


def map_sheets(content: bytes, label: str) -> list[tuple[Sheet, bool]]:
    """The layers of a map file; what it is is told from its bytes, whatever its name."""
    kind = maps.kind(content)
    if kind == "geojson":
        return [_geojson_sheet(content, label)]
    sheets = []
    for layer in maps.gpkg(content) if kind == "gpkg" else read_shapefile(content):
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
    if len(headers) > MAX_COLUMNS:
        raise ChunshuiError(f"属性超过 {MAX_COLUMNS} 种，不予读入。请只留台账的列")
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


def _file_issue(level: str, label: str, what: str, mend: str) -> Issue:
    return Issue(level, label, None, None, None, "", what, mend or "请核对后重新导出")


def _sheet_issue(level: str, sheet: Sheet, what: str, mend: str) -> Issue:
    return Issue(level, sheet.file, sheet.name, None, None, "", what, mend)
