"""Read files into sheets: what is written in them, which ledger each is, where its header stands.

No cell is interpreted here; see `parse`. Nothing but the bytes of the file is read: no geometry
library that might follow a path or an address in it.
"""

import hashlib
import re
import traceback
from collections.abc import Callable
from pathlib import Path

from chunshui.errors import ChunshuiError
from chunshui.ledgers import personal
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.formats.csv import read_csv
from chunshui.ledgers.formats.maps import read_map
from chunshui.ledgers.formats.workbook import read_workbook
from chunshui.ledgers.headers import find_header
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.recognise import ABOUT, recognise
from chunshui.ledgers.sheet import OWN_SHEETS, Grid, Sheet
from chunshui.words import ERROR, WARNING

FILE_BYTES = 100 << 20
STAMPED, SNAPSHOT = 12, re.compile(r"快照：KZ-|快照编号\Z")  # rows; what one says
READERS = {
    ".xlsx": read_workbook, ".csv": read_csv,
    ".geojson": read_map, ".json": read_map, ".gpkg": read_map, ".zip": read_map,
}  # fmt: skip
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
    if refused := _refuse_by_name(label, suffix):
        return [], [refused]
    try:
        content = path.read_bytes()
    except OSError:
        return [], [Issue(ERROR, label, "打不开", "请核对文件是否还在、是否可读")]
    try:
        if not content:
            raise ChunshuiError("是空文件。请核对后重新导出")
        if len(content) > FILE_BYTES:
            raise ChunshuiError(f"超过{FILE_BYTES >> 20} MB，不予读入。请拆成几个文件")
        sheets = file_sheets(READERS[suffix], content, label)
    except ChunshuiError as error:
        what, _, mend = str(error).rstrip("。").partition("。")
        return [], [Issue(ERROR, label, what, mend or "请核对后重新导出")]
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  one file that no reader foresaw is no end of the others
        at = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__}，{Path(at.filename).name}第{at.lineno}行"
        what = f"里有没有料到的内容，读不出（{where}）"
        return [], [Issue(ERROR, label, what, "请用 Excel、WPS 或制图软件打开后另存为新文件")]
    sheets = [s for s in sheets if (s.rows or s.headers) and s.name not in OWN_SHEETS]
    # The name of the file speaks for its sheet only where there is just one that is shown.
    shown = [sheet for sheet in sheets if not sheet.hidden and not ABOUT.search(sheet.name or "")]
    stem = Path(label).stem if len(shown) == 1 else ""
    known: list[Sheet] = []
    issues: list[Issue] = []
    for number, sheet in enumerate(sheets, start=1):
        recognised = ledger or recognise(sheet, "" if sheet.hidden else stem)
        if ledger is None and _is_of_snapshot(sheet) and not (recognised and recognised.by_key):
            issues += personal.search(sheet, None, names=False)
            continue
        if kind := personal.holds(sheet.name or ""):
            sheet.name = f"第{number}张表"
            what = f"表名含{kind}，整个文件不予入库"
            issues.append(Issue(ERROR, label, what, "请改好表名后重新上传", sheet.name))
        if recognised is not None and sheet.headers == []:
            find_header(sheet, recognised)
        if ledger is None:
            issues += personal.search(sheet, recognised)
        if recognised is None:
            what, mend = "认不出是哪本台账，未读入", "请把表名改成台账名，或用模板"
            issues.append(Issue(WARNING, label, what, mend, sheet.name))
        elif problem := _problem(sheet, recognised, suffix):
            issues.append(Issue(ERROR, label, *problem, sheet.name))
        else:
            sheet.ledger_id = recognised.id
            known.append(sheet)
    return known, issues


def file_sheets(reader: Callable[[bytes], list[Grid]], content: bytes, label: str) -> list[Sheet]:
    """Return the tables of a file as a reader of its format gives them. Raises ChunshuiError."""
    sha256 = hashlib.sha256(content).hexdigest()
    return [
        Sheet(**vars(grid), file=label, sha256=sha256, bytes=len(content))
        for grid in reader(content)
    ]


def _is_of_snapshot(sheet: Sheet) -> bool:
    """Whether a sheet is one of a snapshot's workbook, by its stamp: what comes back in that is one ledger."""
    top = [cell for row in sheet.rows[:STAMPED] for cell in row if isinstance(cell, str)]
    return any(SNAPSHOT.search(text) for text in top)


def _refuse_by_name(label: str, suffix: str) -> Issue | None:
    """The issue of a file that is not opened at all."""
    if kind := personal.holds(label):
        what = f"有一个文件的名字含{kind}，整个文件不予入库"
        return Issue(ERROR, f"上传的{suffix[1:8]}文件", what, "请改好文件名后重新上传")
    if suffix in OLD:
        return Issue(ERROR, label, f"是{OLD[suffix]}，不能读入", "请另存为 xlsx")
    if suffix in LOOSE_MAPS:
        mend = "请把 shp、shx、dbf、prj 一起压缩成一个 zip 再报"
        return Issue(ERROR, label, "是 Shapefile 的一部分，不能单独读入", mend)
    if suffix in REFUSED:
        mend = "只读 xlsx、csv、geojson、gpkg 和 Shapefile 压缩包"
        return Issue(ERROR, label, f"是{REFUSED[suffix]}，不能读入", mend)
    if suffix == ".pbf":
        mend = (
            "请先用 python -m chunshui network 做成步行节点、步行路段两本台账，或在台账入库页上传"
        )
        return Issue(ERROR, label, "是路网文件，不是台账", mend)
    if suffix not in READERS:
        mend = "只读 xlsx、csv、geojson、gpkg、zip 文件"
        return Issue(WARNING, label, "不是台账文件，未读入", mend)
    return None


def _problem(sheet: Sheet, ledger: Ledger, suffix: str) -> tuple[str, str] | None:
    """Why a sheet that is a ledger is not read, and how to mend it."""
    if sheet.hidden:
        return "是隐藏的工作表，未读入", "请取消隐藏，或删去此表"
    if {".json": "geojson"}.get(suffix, suffix[1:]) not in ledger.accepts:
        what = f"{ledger.name}不能用 {suffix} 文件"
        return what, f"请用{'、'.join(ledger.accepts)}文件"
    if sheet.headers == []:
        return "没有找到表头", "请用模板，不要改动表头文字"
    return None
