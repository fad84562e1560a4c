"""Read the cells of an xlsx workbook, with what a figure may hang on: formulas, hidden rows,
merged cells, error values.

One streaming pass over the XML, nothing else of the workbook is opened. What would fill the memory
or take hours (a bomb, a cell at XFD1048576, a merge of the whole sheet) is refused before it is
unpacked or where it is met.
"""

import datetime as dt
import io
import zipfile
import zlib
from xml.parsers import expat

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.number_formats import CellStyles
from chunshui.ledgers.formats.parts import (
    OLE,
    REFERENCE,
    WEB_PAGE,
    SharedStrings,
    check_archive,
    first_part,
    parse_xml,
    relations_of,
    texts_outside_cells,
)
from chunshui.ledgers.sheet import MAX_COLUMNS, MAX_ROWS, Grid, MonthOnly, Uncalculated

MAX_SHEETS = 60
MAX_CELLS = 4_000_000
MAX_MERGES = 20_000
MAX_MERGED = 200_000
MAX_DEPTH = 64
DAMAGED = "文件损坏，打不开。请用 Excel 或 WPS 打开后另存为 xlsx"
# Parts that hang on a sheet and hold texts of their own, by the end of their relation's type.
BESIDE = {"comments": "批注", "threadedComment": "批注", "drawing": "文本框"}


def read_workbook(content: bytes) -> list[Grid]:
    """Return the sheets of a workbook, in order.

    A cell is None, str, int, float, bool, date, datetime, time, `Uncalculated`, `Rescaled` or
    `MonthOnly`; an error value such as #N/A is its text. Raises ChunshuiError when the file is no
    readable workbook.
    """
    if content[:4] == OLE:
        raise ChunshuiError("是旧版或加密的工作簿，不能读入。请去掉密码后另存为 xlsx")
    if content.lstrip()[:1] == b"<":
        raise ChunshuiError(WEB_PAGE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_archive(archive)
            return _read(archive)
    except (
        zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, KeyError, ValueError, IndexError,
        AttributeError, OverflowError, StopIteration, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        raise ChunshuiError(DAMAGED) from error


def _read(archive: zipfile.ZipFile) -> list[Grid]:
    sheets: list[dict] = []
    facts = {"epoch": WINDOWS_EPOCH}

    def book(tag: str, attributes: dict) -> None:
        tag = tag.rsplit(":", maxsplit=1)[-1]
        if tag == "sheet":
            sheets.append(attributes)
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            facts["epoch"] = MAC_EPOCH

    parse_xml(archive.read("xl/workbook.xml"), book)
    relations = relations_of(archive, "xl/workbook.xml")
    strings = SharedStrings(first_part(archive, relations, "sharedStrings"))
    styles = CellStyles(first_part(archive, relations, "styles"))
    if len(sheets) > MAX_SHEETS:
        raise ChunshuiError(
            f"有{len(sheets):,}张工作表，超过{MAX_SHEETS}张，不予读入。请拆成几个文件"
        )
    grids = []
    for sheet in sheets:
        kind, part = relations[next(v for k, v in sheet.items() if k.split(":")[-1] == "id")]
        if kind != "worksheet":
            continue  # a chart sheet has no cells
        grid = Grid(sheet["name"], hidden=sheet.get("state", "visible") != "visible")
        grid.since_1904 = facts["epoch"] == MAC_EPOCH
        _SheetParser(grid, strings, styles, facts["epoch"]).run(archive.read(part))
        for kind, other in relations_of(archive, part).values():
            if kind in BESIDE and other in archive.namelist():
                grid.beside += texts_outside_cells(archive.read(other), BESIDE[kind])
        grids.append(grid)
    if grids:
        grids[0].beside += [("残留的文字", None, text) for text in strings.unused()]
        for part in archive.namelist():
            if part.startswith("xl/pivotCache/") and part.endswith(".xml"):
                grids[0].beside += texts_outside_cells(archive.read(part), "数据透视表的缓存")
    return grids


class _SheetParser:
    """The handlers of one worksheet part, with the little state they share."""

    def __init__(self, grid: Grid, strings: SharedStrings, styles: CellStyles, epoch: dt.datetime):
        self.grid = grid
        self.strings = strings
        self.styles = styles
        self.epoch = epoch
        self.row = 0
        self.column = 0
        self.cells: list = []
        self.kind = "n"
        self.style = 0
        self.value: list[str] | None = None
        self.formula: list[str] | None = None
        self.into: list[str] | None = None
        self.page: list[str] = []  # the text of the page's header or footer
        self.depth = 0
        self.count = 0
        self.merged = 0

    def refuse(self, why: str, mend: str) -> None:
        """Refuse the workbook for what this sheet holds."""
        raise ChunshuiError(f"工作表“{self.grid.name}”{why}，不予读入。{mend}")

    def run(self, content: bytes) -> None:
        parse_xml(content, self.start, self.end, self.text)

    def start(self, tag: str, attributes: dict) -> None:
        if ":" in tag:
            tag = tag.rsplit(":", maxsplit=1)[-1]
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse("的内部层次过深", "请用 Excel 或 WPS 打开后另存为 xlsx")
        if tag == "c":
            self.count += 1
            if self.count > MAX_CELLS:
                self.refuse(f"超过{MAX_CELLS:,}个单元格", "请拆成几个文件")
            place = REFERENCE.match(attributes["r"]) if "r" in attributes else None
            self.column = column_index_from_string(place[1]) if place else self.column + 1
            self.kind = attributes.get("t", "n")
            self.style = int(attributes.get("s", 0))
            self.value = None
            self.formula = None
        elif tag in {"v", "t"}:
            if self.value is None:
                self.value = []
            self.into = self.value
        elif tag == "f":
            self.formula = self.into = []
        elif tag == "row":
            row = int(attributes.get("r", self.row + 1))
            if row <= self.row:
                raise ValueError("rows are out of order")
            self.row = row
            self.column = 0
            self.cells = []
            no_height = float(attributes.get("ht", 1)) == 0
            if no_height or attributes.get("hidden") in ("1", "true"):
                self.grid.hidden_rows.add(self.row)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            last = min(int(attributes["max"]), MAX_COLUMNS)
            self.grid.hidden_columns.update(range(int(attributes["min"]), last + 1))
        elif tag in ("oddHeader", "oddFooter", "evenHeader", "evenFooter"):
            self.into = self.page = []
        elif tag == "rPh":
            self.kind = "phonetic"
        elif tag == "mergeCell":
            first, _, last = attributes["ref"].partition(":")
            corners = [REFERENCE.match(corner) for corner in (first, last or first)]
            rows = [int(corner[2]) for corner in corners if corner]
            columns = [column_index_from_string(corner[1]) for corner in corners if corner]
            area = (rows[0], columns[0], rows[1], columns[1])  # IndexError: a damaged file
            self.merged += max(0, area[2] - area[0] + 1) * max(0, area[3] - area[1] + 1)
            if len(self.grid.merges) >= MAX_MERGES or self.merged > MAX_MERGED:
                self.refuse("的合并单元格过多", "请取消合并")
            self.grid.merges.append(area)

    def text(self, text: str) -> None:
        if self.into is not None and self.kind != "phonetic":
            self.into.append(text)

    def end(self, tag: str) -> None:
        if ":" in tag:
            tag = tag.rsplit(":", maxsplit=1)[-1]
        self.depth -= 1
        if tag == "c":
            value = self.cell()
            if value is not None:
                if self.formula is not None:
                    self.grid.formulas.add((self.row, self.column))
                if self.column > MAX_COLUMNS:
                    self.refuse(f"超过{MAX_COLUMNS}列", "请删去右侧多余的列")
                cells = self.cells
                if len(cells) >= self.column:
                    raise ValueError("cells are out of order")
                while len(cells) < self.column - 1:
                    cells.append(None)
                cells.append(value)
        elif tag in ("v", "t", "f"):
            self.into = None
        elif tag == "rPh":
            self.kind = "inlineStr"
        elif tag == "row":
            # Rows and columns beyond the limit may have a look, but no content.
            if self.cells and self.row > MAX_ROWS:
                self.refuse(f"超过{MAX_ROWS:,}行", "请删去下方多余的行，或拆成几个文件")
            rows = self.grid.rows
            if self.cells:
                rows.extend([] for _ in range(self.row - 1 - len(rows)))
                rows.append(self.cells)
        elif tag in ("oddHeader", "oddFooter", "evenHeader", "evenFooter"):
            self.grid.beside.append(("页眉页脚", None, "".join(self.page)))
            self.into = None

    def cell(self) -> object:
        text = "".join(self.value or ())
        # An empty result is one only where the formula gives text.
        if self.formula is not None and not text and self.kind != "str":
            return Uncalculated("=" + "".join(self.formula))
        if self.kind in ("inlineStr", "str", "e"):
            return text or None
        if not text:
            return None
        if self.kind == "s":
            return self.strings.get(int(text)) or None
        if self.kind == "b":
            return text == "1"
        if self.kind == "d":
            return dt.datetime.fromisoformat(text)
        number = float(text)
        if self.style in self.styles.dates and 0 <= number < 2_958_466:
            moment = from_excel(number, self.epoch)
            if isinstance(moment, dt.datetime) and moment.time() == dt.time():
                if self.style in self.styles.months and moment.day == 1:
                    return MonthOnly(moment.year, moment.month, 1)
                return moment.date()
            return moment
        if text.lstrip("-").isdecimal():
            number = int(text)
        shown = self.styles.shown.get(self.style)
        return shown.of(number) if shown else number
