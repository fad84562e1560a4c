"""Read the cells of an xlsx workbook, with what a figure may hang on: formulas, hidden rows,
merged cells, error values.

One streaming pass over the XML, nothing else of the workbook is opened. What would fill the memory
or take hours (a bomb, a cell at XFD1048576, a merge of the whole sheet) is refused before it is
unpacked or where it is met.
"""

import datetime as dt
import io
import math
import re
import zipfile
import zlib
from xml.parsers import expat

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.number_formats import INVISIBLE, CellStyles
from chunshui.ledgers.formats.parts import (
    OLE,
    REFERENCE,
    WEB_PAGE,
    Package,
    Runs,
    SharedStrings,
    check_archive,
    first_part,
    parse_xml,
    relations_of,
    texts_outside_cells,
    unescaped,
)
from chunshui.ledgers.formats.recalculate import Formulas, outdate
from chunshui.ledgers.sheet import MAX_COLUMNS, MAX_ROWS, Grid, Uncalculated, partial_day

MAX_SHEETS = 60
MAX_CELLS = 4_000_000
MAX_MERGES = 20_000
MAX_MERGED = 200_000
MAX_DEPTH = 64
# Columns and rows of no more than a line's width show as little as hidden ones.
NARROW_CHARACTERS, LOW_POINTS = 0.5, 2.0
DAMAGED = "文件损坏，打不开。请用 Excel 或 WPS 打开后另存为 xlsx"
RENAMED = (
    "内容不是工作簿，像是别的文件改了名。请用 Excel 或 WPS 打开原表另存为 xlsx，不要只改文件名"
)
ODD = "内部结构与 xlsx 不符，读不出。请用 Excel 或 WPS 打开后另存为 xlsx"
# What else may come under the name of a workbook, by a part of it.
OTHERS = {
    "word/document.xml": "是 Word 文档，不是工作簿。请把表格另存为 xlsx",
    "ppt/presentation.xml": "是演示文稿，不是工作簿。请把表格另存为 xlsx",
    "xl/workbook.bin": "是二进制工作簿（xlsb），不能读入。请用 Excel 或 WPS 另存为 xlsx",
    "content.xml": "是 ods 表格，不能读入。请用 Excel 或 WPS 打开后另存为 xlsx",
    "Index/Document.iwa": "是 Numbers 表格，不能读入。请导出为 xlsx",
}
TRUE, FALSE = ("1", "true", "on"), ("0", "false", "off")
NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*\Z", re.ASCII)
NO_NUMBER = "#NUM!"
WORKBOOK = "xl/workbook.xml"
ABOUT = ("extended-properties", "extendedProperties")  # the second in strict files
NO_DAYS = (dt.date(1899, 12, 30), dt.date(1899, 12, 31))  # of a time alone, before day 1 of 1900
DURATION = re.compile(r"PT(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})S)?\Z")
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
    if content[:2] != b"PK":
        raise ChunshuiError(RENAMED)
    try:
        with Package(io.BytesIO(content)) as archive:
            check_archive(archive)
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ChunshuiError(DAMAGED) from error
    except (
        expat.ExpatError, KeyError, ValueError, IndexError, AttributeError, OverflowError,
        StopIteration, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        raise ChunshuiError(ODD) from error


def _read(archive: Package) -> list[Grid]:
    sheets: list[dict] = []
    facts = {"epoch": WINDOWS_EPOCH}
    outdated = rounds = False
    whole = relations_of(archive, "")
    main = next((part for kind, part in whole.values() if kind == "officeDocument"), WORKBOOK)
    if not archive.holds(main) or main.endswith(".bin") or not main.startswith("xl/"):
        for part, what in OTHERS.items():
            if archive.holds(part):
                raise ChunshuiError(what)

    def book(tag: str, attributes: dict) -> None:
        nonlocal outdated, rounds
        tag = tag.rsplit(":", maxsplit=1)[-1]
        if tag == "sheet":
            sheets.append(attributes)
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            facts["epoch"] = MAC_EPOCH
        elif tag == "calcPr":
            rounds = attributes.get("fullPrecision") in ("0", "false")
            outdated = (
                attributes.get("fullCalcOnLoad") in TRUE
                or attributes.get("forceFullCalc") in TRUE
                or attributes.get("calcCompleted") in ("0", "false")
            )

    parse_xml(archive.read(main), book)
    relations = relations_of(archive, main)
    strings = SharedStrings(first_part(archive, relations, "sharedStrings"))
    styles = CellStyles(first_part(archive, relations, "styles"))
    if len(sheets) > MAX_SHEETS:
        raise ChunshuiError(
            f"有{len(sheets):,}张工作表，超过{MAX_SHEETS}张，不予读入。请拆成几个文件"
        )
    grids, formulas = [], Formulas()
    for sheet in sheets:
        kind, part = relations[next(v for k, v in sheet.items() if k.split(":")[-1] == "id")]
        if kind != "worksheet":
            continue  # a chart sheet has no cells
        grid = Grid(sheet["name"], hidden=sheet.get("state", "visible") != "visible")
        grid.since_1904 = facts["epoch"] == MAC_EPOCH
        parser = _SheetParser(grid, strings, styles, facts["epoch"])
        parser.run(archive.read(part))
        formulas.add(grid, parser.formulas, parser.numbers, parser.arrays)
        for kind, other in relations_of(archive, part).values():
            if kind in BESIDE and archive.holds(other):
                grid.beside += texts_outside_cells(archive.read(other), BESIDE[kind])
        grids.append(grid)
    chained = any(kind == "calcChain" for kind, _ in relations.values())
    outdate(formulas, _whose(archive, whole), outdated, chained, rounds)
    if grids:
        grids[0].beside += [("残留的文字", None, text) for text in strings.unused()]
        for part in archive.namelist():
            if part.startswith("xl/pivotCache/") and part.endswith(".xml"):
                grids[0].beside += texts_outside_cells(archive.read(part), "数据透视表的缓存")
    return grids


def _whose(archive: Package, relations: dict) -> str:
    """The software that a workbook says it was written by."""
    words: list[str] = []
    inside: list[bool] = []

    def start(tag: str, _: dict) -> None:
        if tag.rsplit(":", maxsplit=1)[-1] == "Application":
            inside.append(True)

    about = next((part for kind, part in relations.values() if kind in ABOUT), "")
    if archive.holds(about):
        parse_xml(
            archive.read(about),
            start,
            lambda _: inside.clear(),
            lambda text: words.append(text) if inside else None,
        )
    return "".join(words)


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
        self.inline: Runs | None = None  # a text that stands in the cell itself
        self.formula: list[str] | None = None
        self.shared: str | None = None  # the number of the formula that the cell shares
        self.formulas: dict[tuple[int, int], tuple[str, str | None]] = {}
        self.arrays: dict[tuple[int, int], tuple[int, int, int, int]] = {}
        self.numbers: dict[tuple[int, int], float] = {}  # of the cells that show something else
        self.number: float | None = None  # of the cell at hand
        self.no_height = self.no_width = False
        self.wide: set[int] = set()  # columns of a width of their own
        self.into: list[str] | Runs | None = None
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
        if self.inline is not None:
            self.inline.start(tag, attributes)
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
            self.value = self.inline = None
            self.formula = None
            self.shared = None
            if self.no_width and self.column not in self.wide:
                self.grid.hidden_columns.add(self.column)
        elif tag == "v":
            self.into = []
            if self.value is None:
                self.value = self.into
        elif tag == "is":
            self.inline = Runs()
        elif tag == "t":
            self.into = self.inline
        elif tag == "f":
            self.formula = self.into = []
            if attributes.get("t") == "shared":
                self.shared = attributes.get("si")
            elif attributes.get("t") == "array" and "ref" in attributes:
                self.arrays[self.row, self.column] = _area(attributes["ref"])
        elif tag == "sheetFormatPr":
            self.no_height = attributes.get("zeroHeight") in TRUE or _is_below(
                LOW_POINTS, attributes.get("defaultRowHeight")
            )
            self.no_width = _is_below(NARROW_CHARACTERS, attributes.get("defaultColWidth"))
        elif tag == "row":
            row = int(attributes.get("r", self.row + 1))
            if row <= self.row:
                raise ValueError("rows are out of order")
            self.row = row
            self.column = 0
            self.cells = []
            flat = _is_below(LOW_POINTS, attributes.get("ht")) or (
                self.no_height and not {"ht", "hidden", "customHeight"} & attributes.keys()
            )
            if flat or attributes.get("hidden") in TRUE:
                self.grid.hidden_rows.add(self.row)
        elif tag == "col":
            last = min(int(attributes["max"]), MAX_COLUMNS)
            these = range(int(attributes["min"]), last + 1)
            self.wide.update(these)
            if attributes.get("hidden") in TRUE or _is_below(
                NARROW_CHARACTERS, attributes.get("width")
            ):
                self.grid.hidden_columns.update(these)
        elif tag in ("oddHeader", "oddFooter", "evenHeader", "evenFooter"):
            self.into = self.page = []
        elif tag == "rPh":
            self.kind = "phonetic"
        elif tag == "mergeCell":
            area = _area(attributes["ref"])
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
            self.number = None
            value = self.cell()
            if self.number is not None and not isinstance(value, int | float):
                self.numbers[self.row, self.column] = self.number
            if self.formula is not None:
                self.formulas[self.row, self.column] = "".join(self.formula), self.shared
            if value is not None:
                if self.formula is not None:
                    self.grid.formulas.add((self.row, self.column))
                if why := self.why_unseen(value):
                    self.grid.unseen.setdefault(why, set()).add((self.row, self.column))
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
        if self.inline is not None and (self.value is None or self.kind == "inlineStr"):
            text = self.inline.text()
        else:
            text = "".join(self.value or ())
        # An empty result is one only where the formula gives text.
        if self.formula is not None and not text and self.kind != "str":
            return Uncalculated("=" + "".join(self.formula))
        if self.kind == "inlineStr":
            return text or None
        if self.kind in ("str", "e"):
            return unescaped(text) or None
        if not text:
            return None
        if self.kind == "s":
            return self.strings.get(int(text)) or None
        if self.kind == "b":
            return _truth(text)
        if self.kind == "d":
            try:
                return self.day(_moment(text, self.epoch))
            except ValueError:  # no day or time that there is, or one of another time zone
                return text
        if self.kind != "n" or not NUMBER.match(text):
            return _no_number(text, self.kind)
        number = self.number = float(text)
        if not math.isfinite(number):
            self.number = None
            return NO_NUMBER
        if self.style in self.styles.dates and 0 <= number < 2_958_466:
            return self.day(from_excel(number, self.epoch))
        if text.strip().lstrip("-").isdecimal():
            number = int(text)
        shown = self.styles.shown.get(self.style)
        return shown.of(number) if shown else number

    def day(self, moment: object) -> object:
        """The day of a moment at midnight, with what the cell does not show of it; others as they are.

        Typed without its day, a date is the first; without its year, of the year it was typed in; and
        what nobody has before his eyes nobody has checked.
        """
        if not isinstance(moment, dt.datetime):
            return moment
        hidden = self.styles.hidden.get(self.style, "")
        if hidden and moment.year > MAC_EPOCH.year:  # before, it is a time that runs over 24:00
            return partial_day(moment.date(), hidden)
        return moment.date() if moment.time() == dt.time() else moment

    def why_unseen(self, value: object) -> str | None:
        """Why nobody sees what the cell holds, or takes it for deleted."""
        if self.style in self.styles.unseen_numbers and not isinstance(value, str):
            return INVISIBLE
        return self.styles.unseen.get(self.style)


def _area(reference: str) -> tuple[int, int, int, int]:
    """The rows and columns of an area: top, left, bottom, right. Raises IndexError for none."""
    first, _, last = reference.partition(":")
    corners = [REFERENCE.match(corner) for corner in (first, last or first)]
    rows = [int(corner[2]) for corner in corners if corner]
    columns = [column_index_from_string(corner[1]) for corner in corners if corner]
    return rows[0], columns[0], rows[1], columns[1]


def _truth(text: str) -> bool:
    """A truth value. Raises ValueError for what is none."""
    text = text.strip().lower()
    if text not in (*TRUE, *FALSE):
        raise ValueError(text)
    return text in TRUE


def _no_number(text: str, kind: str) -> str:
    """What stands for infinities and the like. Raises ValueError for what a number cell cannot hold."""
    if kind == "n" and text.strip().lstrip("+-").upper() in ("INF", "INFINITY", "NAN"):
        return NO_NUMBER
    raise ValueError(text)


def _is_below(least: float, length: str | None) -> bool:
    return length is not None and float(length) < least


def _moment(text: str, epoch: dt.datetime) -> dt.datetime | dt.time:
    """A day, a time or both in the notation of ISO 8601; the day of a bare time is no day.

    Raises ValueError for others, and for those of a time zone.
    """
    if lasting := DURATION.match(text):
        hours, minutes, seconds = (int(part or 0) for part in lasting.groups())
        return dt.time(hours, minutes, seconds)
    if ":" in text and not re.search(r"\d[T ]", text):
        time = dt.time.fromisoformat(text.lstrip("T"))
        if time.tzinfo is not None:
            raise ValueError(text)
        return time
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is not None:  # whose day it is here nobody has written
        raise ValueError(text)
    no_days = [epoch.date()] if epoch == MAC_EPOCH else NO_DAYS
    return moment.time() if moment.date() in no_days and ("T" in text or " " in text) else moment
