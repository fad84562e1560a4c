"""Read the cells of an xlsx workbook, with what a figure may hang on: formulas, hidden rows,
merged cells, error values.

One streaming pass over the XML, nothing else of the workbook is opened. Document type
declarations are refused, so no entity can be expanded. What would fill the memory or take hours
(a bomb, a cell at XFD1048576, a merge of the whole sheet) is refused before it is unpacked or
where it is met.
"""

import datetime as dt
import io
import math
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from decimal import Decimal
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
CHINESE_MONTHS = frozenset([27, 36, 50, 52, 57])  # those that show 2026年3月
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
DAMAGED = "文件损坏，打不开。请用 Excel 或 WPS 打开后另存为 xlsx"


class Uncalculated(str):
    """The text of a formula whose result was never saved."""


class Rescaled(str):
    """A number whose format shows a thousandth of it, or its like: 123456 shown as 12.3."""


class MonthOnly(dt.date):
    """The first day of a month of which the cell shows year and month alone.

    Whoever types 2026-3 is given the 1st by Excel.
    """


@dataclass(frozen=True)
class Shown:
    """How a format shows a number where that says more than its digits: 0001, WG001, 12万元."""

    before: str = ""
    digits: int = 0  # filled up with zeros to so many
    after: str = ""
    rescaled: bool = False
    percent: bool = False
    least: float = 0  # the format holds from this number on

    def of(self, number: float) -> object:
        """The number as a reader of the sheet has it before his eyes."""
        if number < self.least:
            return number
        if self.rescaled:
            return Rescaled(f"{number:.15g}")
        if self.percent:
            return f"{(Decimal(f'{number:.15g}') * 100).normalize():f}%"
        text = f"{number:.15g}"
        if not (self.before or self.after) and len(text) >= self.digits:
            return number
        return self.before + (text.zfill(self.digits) if text.isdecimal() else text) + self.after


@dataclass
class Grid:
    """One sheet: `rows[0]` is row 1 and each row a list of cells, short rows not padded."""

    name: str
    hidden: bool = False
    rows: list[list] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    since_1904: bool = False
    # Texts outside the cells, each with what it is and the cell (row, column) it hangs on.
    beside: list[tuple[str, tuple[int, int] | None, str]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)


def read(content: bytes) -> list[Grid]:
    """Return the sheets of a workbook, in order.

    A cell is None, str, int, float, bool, date, datetime, time, `Uncalculated`, `Rescaled` or
    `MonthOnly`; an error value such as #N/A is its text. Raises ChunshuiError when the file is no readable workbook.
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
    facts = {"epoch": WINDOWS_EPOCH}

    def book(tag: str, attributes: dict) -> None:
        if tag == "sheet":
            sheets.append(attributes)
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            facts["epoch"] = MAC_EPOCH

    _parse(archive.read("xl/workbook.xml"), book)
    relations = _relations(archive, "xl/workbook.xml")
    strings = _Strings(_first(archive, relations, "sharedStrings"))
    styles = _Styles(_first(archive, relations, "styles"))
    if len(sheets) > MAX_SHEETS:
        raise ChunshuiError(
            f"有 {len(sheets):,} 张工作表，超过 {MAX_SHEETS} 张，不予读入。请拆成几个文件"
        )
    grids = []
    for sheet in sheets:
        kind, part = relations[next(v for k, v in sheet.items() if k.split(":")[-1] == "id")]
        if kind != "worksheet":
            continue  # a chart sheet has no cells
        grid = Grid(sheet["name"], hidden=sheet.get("state", "visible") != "visible")
        grid.since_1904 = facts["epoch"] == MAC_EPOCH
        _SheetParser(grid, strings, styles, facts["epoch"]).run(archive.read(part))
        for kind, other in _relations(archive, part).values():
            if kind in BESIDE and other in archive.namelist():
                grid.beside += _texts(archive.read(other), BESIDE[kind])
        grids.append(grid)
    if grids:
        grids[0].beside += [("残留的文字", None, text) for text in strings.unused()]
        for part in archive.namelist():
            if part.startswith("xl/pivotCache/") and part.endswith(".xml"):
                grids[0].beside += _texts(archive.read(part), "数据透视表的缓存")
    return grids


# Parts that hang on a sheet and hold texts of their own, by the end of their relation's type.
BESIDE = {"comments": "批注", "threadedComment": "批注", "drawing": "文本框"}


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: the kind and the name of each other part, by the id it is called."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    found: dict[str, tuple[str, str]] = {}

    def relation(tag: str, attributes: dict) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes["Target"]
            whole = target if target.startswith("/") else posixpath.join("/", folder, target)
            found[attributes["Id"]] = (
                attributes["Type"].rpartition("/")[2],
                posixpath.normpath(whole).lstrip("/"),
            )

    if path in archive.namelist():
        _parse(archive.read(path), relation)
    return found


def _first(archive: zipfile.ZipFile, relations: dict, kind: str) -> bytes | None:
    parts = [part for one, part in relations.values() if one == kind]
    return archive.read(parts[0]) if parts else None


def _texts(content: bytes, what: str) -> list[tuple[str, tuple[int, int] | None, str]]:
    """The texts of a part that is no sheet, those of one comment or paragraph as one."""
    found: list[tuple[str, tuple[int, int] | None, str]] = []
    pieces: list[str] = []
    inside: list[bool] = []
    at: list[tuple[int, int] | None] = [None]

    def flush() -> None:
        if text := "".join(pieces).strip():
            found.append((what, at[0], text))
        pieces.clear()

    def start(tag: str, attributes: dict) -> None:
        tag = tag.split(":")[-1]
        if tag in ("comment", "threadedComment", "p"):
            flush()
            place = REFERENCE.match(attributes.get("ref", ""))
            at[0] = (int(place[2]), _number(place[1])) if place else None
        elif tag in ("t", "text"):
            inside.append(True)
        elif tag in ("s", "n") and "v" in attributes:  # of a pivot table's cache
            found.append((what, None, attributes["v"]))

    parser = _parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: inside.clear()
    parser.CharacterDataHandler = lambda text: pieces.append(text) if inside else None
    parser.Parse(content, True)
    flush()
    return found


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


class _Strings:
    """The shared strings of a workbook, and which of them a cell has asked for."""

    def __init__(self, content: bytes | None):
        self.texts = _strings(content) if content else []
        self.asked = [False] * len(self.texts)

    def get(self, index: int) -> str:
        self.asked[index] = True
        return self.texts[index]

    def unused(self) -> list[str]:
        """What no cell shows any more and yet stands in the file."""
        return [text for text, asked in zip(self.texts, self.asked, strict=True) if not asked]


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


class _Styles:
    """What the cell styles show a number as: `dates` and times, `months` without a day, `shown`."""

    def __init__(self, content: bytes | None):
        self.dates: set[int] = set()
        self.months: set[int] = set()
        self.shown: dict[int, Shown] = {}
        formats: dict[int, str] = {}
        numbers: list[int] = []
        inside: list[bool] = []

        def start(tag: str, attributes: dict) -> None:
            tag = tag.split(":")[-1]
            if tag == "numFmt":
                formats[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif tag == "cellXfs":
                inside.append(True)
            elif tag == "xf" and inside:
                numbers.append(int(attributes.get("numFmtId", 0)))

        def end(tag: str) -> None:
            if tag.split(":")[-1] == "cellXfs":
                inside.clear()

        if content:
            parser = _parser()
            parser.StartElementHandler = start
            parser.EndElementHandler = end
            parser.Parse(content, True)
        for style, number in enumerate(numbers):
            code = formats.get(number) or BUILTIN_FORMATS.get(number) or ""
            if number in CHINESE_DATES or is_date_format(code):
                self.dates.add(style)
                bare = re.sub(r'"[^"]*"|\[[^\]]*\]|[\\!].', "", code).lower()
                if number in CHINESE_MONTHS or ("y" in bare and not re.search("[dhs]", bare)):
                    self.months.add(style)
            elif (one := _shown(code)) != Shown():
                self.shown[style] = one


# A colour, a condition or a locale; the gap of a character's width; a fill; then texts.
ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.")
LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
LETTERS = re.compile(r"[A-Za-z\u4e00-\u9fff]")


def _shown(code: str) -> Shown:
    """What a number format adds to the digits of a number that is not negative."""
    section = code.split(";")[0].replace("G/通用格式", "General")
    condition = re.search(r"\[>=?(\d+)\]", section)
    section = ASIDE.sub("", section)
    literals: list[str] = []

    def keep(found: re.Match) -> str:
        literals.append(found[1] if found[1] is not None else found[2])
        return "\0"

    plain = LITERAL.sub(keep, section)
    body = re.search(r"General|[0#?](?:[0#?.,\0]*[0#?])?,*", plain)
    if body is not None and plain.count("%") == 1:
        return Shown(percent=True, least=-math.inf)
    if body is None or "%" in plain or "E+" in plain or "/" in plain:
        return Shown()
    first = plain[: body.start()].count("\0")
    inside = literals[first : first + body[0].count("\0")]
    if body[0].endswith(",") or "." in inside:
        return Shown(rescaled=True, least=float(condition[1]) if condition else 0)
    if inside:
        return Shown()
    before, after = "".join(literals[:first]), "".join(literals[first:])
    return Shown(
        before if LETTERS.search(before) else "",
        len(body[0]) if len(body[0]) > 1 and set(body[0]) == {"0"} else 0,
        after if LETTERS.search(after) else "",
    )


class _SheetParser:
    """The handlers of one worksheet part, with the little state they share."""

    def __init__(self, grid: Grid, strings: _Strings, styles: _Styles, epoch: dt.datetime):
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
        parser = _parser()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.Parse(content, True)

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
                if self.column > MAX_COLUMNS:
                    self.refuse(f"超过 {MAX_COLUMNS} 列", "请删去右侧多余的列")
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
                self.refuse(f"超过 {MAX_ROWS:,} 行", "请删去下方多余的行，或拆成几个文件")
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


def _number(letters: str) -> int:
    column = 0
    for character in letters:
        column = column * 26 + ord(character) - 64
    return column
