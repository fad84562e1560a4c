"""Read the cells of an xlsx workbook, with what a figure may hang on: formulas, hidden rows,
merged cells, error values.

One streaming pass over the XML, nothing else of the workbook is opened. Document type
declarations are refused, so no entity can be expanded. What would fill the memory or take hours
(a bomb, a cell at XFD1048576, a merge of the whole sheet) is refused before it is unpacked or
where it is met.
"""

import datetime as dt
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from chunshui.errors import ChunshuiError

MAX_ROWS = 300_000
MAX_COLUMNS = 200
MAX_SHEETS = 60
MAX_CELLS = 4_000_000
MAX_MERGES = 20_000
MAX_MERGED = 200_000
MAX_DEPTH = 64
# The parts of the archive: how many, how large unpacked, all and each, and how much larger than
# packed; a small part may be all blanks.
MAX_PARTS = 600
MAX_BYTES = 300 << 20
MAX_PART = 160 << 20
MAX_RATIO = 100
RATIO_FROM = 4 << 20
# Parts that run, reach out or hold other files.
ACTIVE = {
    "vbaproject": "带有宏，不予读入。请另存为不含宏的 xlsx",
    "/macrosheets/": "带有宏表，不予读入。请另存为不含宏的 xlsx",
    "externallink": "带有外部链接，不予读入。请在 Excel 的“编辑链接”里断开链接后再报",
    "connections.xml": "带有数据连接，不予读入。请删去数据连接后另存为 xlsx",
    "/querytables/": "带有外部查询，不予读入。请删去查询后另存为 xlsx",
    "/embeddings/": "嵌有其他文件，不予读入。请删去嵌入的对象后再报",
    "/activex/": "带有控件，不予读入。请删去控件后再报",
}
# Formats 27–36 and 50–58 are the dates of Chinese Excel and WPS; openpyxl does not know them.
CHINESE_DATES = frozenset([*range(27, 37), *range(50, 59)])
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
DAMAGED = "文件损坏，打不开。请用 Excel 或 WPS 打开后另存为 xlsx"


class Uncalculated(str):
    """The text of a formula whose result was never saved."""


@dataclass
class Grid:
    """One sheet: `rows[0]` is row 1 and each row a list of cells, short rows not padded."""

    name: str
    hidden: bool = False
    rows: list[list] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)


def read(content: bytes) -> list[Grid]:
    """Return the sheets of a workbook, in order.

    A cell is None, str, int, float, bool, date, datetime, time or `Uncalculated`; an error value
    such as #N/A is its text. Raises ChunshuiError when the file is no readable workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_archive(archive)
            return _read(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        IndexError,
        AttributeError,
        OverflowError,
        StopIteration,
        NotImplementedError,
        RuntimeError,
        expat.ExpatError,
    ) as error:
        raise ChunshuiError(DAMAGED) from error


def check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse an archive by its table of contents: size, bombs, paths, passwords, active parts."""
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > MAX_PARTS:
        raise ChunshuiError(f"内部有 {len(parts):,} 个部件，不予读入。请拆成几个文件")
    if len(set(names)) != len(names):
        raise ChunshuiError("内部有同名部件，不予读入。请用 Excel 或 WPS 打开后另存为 xlsx")
    for part, name in zip(parts, names, strict=True):
        if part.flag_bits & 1:
            raise ChunshuiError("设有密码，不能读入。请去掉密码后再报")
        if name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name:
            raise ChunshuiError("内部路径非法，不予读入。请用 Excel 或 WPS 打开后另存")
        if part.file_size > MAX_PART:
            raise ChunshuiError("解压后过大，不予读入。请拆成几个文件")
        if part.file_size > max(RATIO_FROM, MAX_RATIO * part.compress_size):
            raise ChunshuiError("解压后膨胀过多，像是压缩炸弹，不予读入。请另存后再报")
        for sign, reason in ACTIVE.items():
            if sign in name:
                raise ChunshuiError(reason)
    if sum(part.file_size for part in parts) > MAX_BYTES:
        raise ChunshuiError("解压后过大，不予读入。请拆成几个文件")


def letter(column: int) -> str:
    """The letters of a column number: 1 → A, 27 → AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _read(archive: zipfile.ZipFile) -> list[Grid]:
    sheets: list[dict] = []
    targets: dict[str, str] = {}
    facts = {"epoch": WINDOWS_EPOCH}

    def book(tag: str, attributes: dict) -> None:
        if tag == "sheet":
            sheets.append(attributes)
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            facts["epoch"] = MAC_EPOCH

    def relation(tag: str, attributes: dict) -> None:
        if tag == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    _parse(archive.read("xl/workbook.xml"), book)
    _parse(archive.read("xl/_rels/workbook.xml.rels"), relation)
    parts = set(archive.namelist())
    strings = (
        _strings(archive.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in parts else []
    )
    dates = _date_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in parts else set()
    if len(sheets) > MAX_SHEETS:
        raise ChunshuiError(
            f"有 {len(sheets):,} 张工作表，超过 {MAX_SHEETS} 张，不予读入。请拆成几个文件"
        )
    grids = []
    for sheet in sheets:
        target = targets[next(v for k, v in sheet.items() if k.split(":")[-1] == "id")]
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if not part.startswith("xl/worksheets/"):
            continue  # a chart sheet has no cells
        grid = Grid(sheet["name"], hidden=sheet.get("state", "visible") != "visible")
        _SheetParser(grid, strings, dates, facts["epoch"]).run(archive.read(part))
        grids.append(grid)
    return grids


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_: object) -> None:
    raise ChunshuiError("工作簿里含文档类型声明，不予读入。请另存为普通 xlsx")


def _parse(content: bytes, start: object) -> None:
    parser = _parser()
    parser.StartElementHandler = lambda tag, attributes: start(tag.split(":")[-1], attributes)
    parser.Parse(content, True)


def _strings(content: bytes) -> list[str]:
    """The shared strings; phonetic guides (rPh) are not part of the text."""
    strings: list[str] = []
    state = {"text": False, "phonetic": False}
    pieces: list[str] = []

    def start(tag: str, _: dict) -> None:
        tag = tag.split(":")[-1]
        if tag == "si":
            pieces.clear()
        elif tag == "rPh":
            state["phonetic"] = True
        elif tag == "t":
            state["text"] = not state["phonetic"]

    def end(tag: str) -> None:
        tag = tag.split(":")[-1]
        if tag == "si":
            strings.append("".join(pieces))
        elif tag == "rPh":
            state["phonetic"] = False
        elif tag == "t":
            state["text"] = False

    parser = _parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: pieces.append(text) if state["text"] else None
    parser.Parse(content, True)
    return strings


def _date_styles(content: bytes) -> set[int]:
    """The cell styles that show a number as a date or a time."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    inside: list[bool] = []

    def start(tag: str, attributes: dict) -> None:
        tag = tag.split(":")[-1]
        if tag == "numFmt":
            formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif tag == "cellXfs":
            inside.append(True)
        elif tag == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", 0)))

    def end(tag: str) -> None:
        if tag.split(":")[-1] == "cellXfs":
            inside.clear()

    parser = _parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(content, True)
    return {
        style
        for style, number in enumerate(styles)
        if number in CHINESE_DATES
        or is_date_format(formats.get(number) or BUILTIN_FORMATS.get(number))
    }


class _SheetParser:
    """The handlers of one worksheet part, with the little state they share."""

    def __init__(self, grid: Grid, strings: list[str], dates: set[int], epoch: dt.datetime):
        self.grid = grid
        self.strings = strings
        self.dates = dates
        self.epoch = epoch
        self.row = 0
        self.column = 0
        self.cells: list = []
        self.kind = "n"
        self.style = 0
        self.value: list[str] | None = None
        self.formula: list[str] | None = None
        self.into: list[str] | None = None
        self.depth = 0
        self.count = 0
        self.merged = 0

    def refuse(self, why: str, mend: str) -> None:
        """Refuse the workbook for what this sheet holds."""
        raise ChunshuiError(f"工作表“{self.grid.name}”{why}，不予读入。{mend}")

    def run(self, content: bytes) -> None:
        parser = _parser()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.Parse(content, True)
        rows = self.grid.rows
        while rows and not any(cell is not None for cell in rows[-1]):
            rows.pop()

    def start(self, tag: str, attributes: dict) -> None:
        if ":" in tag:
            tag = tag.split(":")[-1]
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse("的内部层次过深", "请用 Excel 或 WPS 打开后另存为 xlsx")
        if tag == "c":
            self.count += 1
            if self.count > MAX_CELLS:
                self.refuse(f"超过 {MAX_CELLS:,} 个单元格", "请拆成几个文件")
            place = REFERENCE.match(attributes["r"]) if "r" in attributes else None
            self.column = _number(place[1]) if place else self.column + 1
            if self.column > MAX_COLUMNS:
                self.refuse(f"超过 {MAX_COLUMNS} 列", "请删去右侧多余的列")
            self.kind = attributes.get("t", "n")
            self.style = int(attributes.get("s", 0))
            self.value = None
            self.formula = None
        elif tag == "v" or tag == "t":
            if self.value is None:
                self.value = []
            self.into = self.value
        elif tag == "f":
            self.formula = self.into = []
        elif tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            if self.row > MAX_ROWS:
                self.refuse(f"超过 {MAX_ROWS:,} 行", "请删去下方多余的行，或拆成几个文件")
            self.column = 0
            self.cells = []
            if attributes.get("hidden") in ("1", "true"):
                self.grid.hidden_rows.add(self.row)
        elif tag == "rPh":
            self.kind = "phonetic"
        elif tag == "mergeCell":
            first, _, last = attributes["ref"].partition(":")
            (left, top), (right, bottom) = (
                REFERENCE.match(corner).groups() for corner in (first, last or first)
            )
            area = (int(top), _number(left), int(bottom), _number(right))
            self.merged += max(0, area[2] - area[0] + 1) * max(0, area[3] - area[1] + 1)
            if len(self.grid.merges) >= MAX_MERGES or self.merged > MAX_MERGED:
                self.refuse("的合并单元格过多", "请取消合并")
            self.grid.merges.append(area)

    def text(self, text: str) -> None:
        if self.into is not None and self.kind != "phonetic":
            self.into.append(text)

    def end(self, tag: str) -> None:
        if ":" in tag:
            tag = tag.split(":")[-1]
        self.depth -= 1
        if tag == "c":
            value = self.cell()
            if value is not None:
                if self.formula is not None:
                    self.grid.formulas.add((self.row, self.column))
                cells = self.cells
                while len(cells) < self.column - 1:
                    cells.append(None)
                cells.append(value)
        elif tag in ("v", "t", "f"):
            self.into = None
        elif tag == "rPh":
            self.kind = "inlineStr"
        elif tag == "row":
            rows = self.grid.rows
            while len(rows) < self.row - 1:
                rows.append([])
            rows.append(self.cells)

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
            return self.strings[int(text)] or None
        if self.kind == "b":
            return text == "1"
        if self.kind == "d":
            return dt.datetime.fromisoformat(text)
        number = float(text)
        if self.style in self.dates and 0 <= number < 2_958_466:
            moment = from_excel(number, self.epoch)
            if isinstance(moment, dt.datetime) and moment.time() == dt.time():
                return moment.date()
            return moment
        return int(text) if text.lstrip("-").isdecimal() else number


def _number(letters: str) -> int:
    column = 0
    for character in letters:
        column = column * 26 + ord(character) - 64
    return column
