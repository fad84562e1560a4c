"""The parts of a workbook or another archive: refused by their table of contents, or read as XML.

Document type declarations are refused, so no entity can be expanded.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

from chunshui.errors import ChunshuiError
from chunshui.ledgers.sheet import Raised, StruckOut

# Web pages and encrypted or old workbooks are often renamed to .xlsx or .csv.
OLE = b"\xd0\xcf\x11\xe0"
WEB_PAGE = "是网页冒充的表格，不能读入。请用 Excel 或 WPS 打开后另存为 xlsx"
MAX_FEATURES = 100_000
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


class Package(zipfile.ZipFile):
    """An Office archive: a part is called by its name in whatever letter case."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._spelled = {name.lower(): name for name in self.namelist()}

    def getinfo(self, name: str) -> zipfile.ZipInfo:
        """Return the part of that name. Raises KeyError when there is none."""
        return super().getinfo(self._spelled.get(name.lower(), name))

    def holds(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return name.lower() in self._spelled


def check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse an archive by its table of contents: size, bombs, paths, passwords, active parts."""
    refuse_oversized(archive, "请用 Excel 或 WPS 打开后另存为 xlsx")
    for part in archive.infolist():
        for sign, reason in ACTIVE.items():
            if sign in part.filename.lower():
                raise ChunshuiError(reason)


def refuse_oversized(archive: zipfile.ZipFile, remedy: str) -> None:
    """Refuse an archive by its table of contents: size, bombs, paths, passwords."""
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > MAX_PARTS:
        raise ChunshuiError(f"内部有{len(parts):,}个部件，不予读入。请拆成几个文件")
    if len(set(names)) != len(names):
        raise ChunshuiError(f"内部有同名部件，不予读入。{remedy}")
    for part, name in zip(parts, names, strict=True):
        if part.flag_bits & 1:
            raise ChunshuiError("设有密码，不能读入。请去掉密码后再报")
        if (
            not name
            or name.startswith("/")
            or ".." in name.split("/")
            or "\\" in name
            or "\0" in name
        ):
            raise ChunshuiError("内部路径非法，不予读入。请用 Excel 或 WPS 打开后另存")
        if part.file_size > MAX_PART:
            raise ChunshuiError("解压后过大，不予读入。请拆成几个文件")
        if part.file_size > max(RATIO_FROM, MAX_RATIO * part.compress_size):
            raise ChunshuiError("解压后膨胀过多，像是压缩炸弹，不予读入。请另存后再报")
    if sum(part.file_size for part in parts) > MAX_BYTES:
        raise ChunshuiError("解压后过大，不予读入。请拆成几个文件")


def check_features(count: int) -> None:
    """Refuse a map with too many features."""
    if count > MAX_FEATURES:
        raise ChunshuiError(f"超过{MAX_FEATURES:,}个要素，不予读入。请拆成几个文件")


def parse_xml(
    content: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Call the handlers for every element and text of a part; tags come with their prefix."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.Parse(content, True)


def _refuse_doctype(*_: object) -> None:
    raise ChunshuiError("工作簿里含文档类型声明，不予读入。请另存为普通 xlsx")


def relations_of(archive: Package, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: the kind and the name of each other part, by the id it is called."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels".lstrip("/")
    relations: dict[str, tuple[str, str]] = {}

    def relation(tag: str, attributes: dict) -> None:
        if (
            tag.rsplit(":", maxsplit=1)[-1] == "Relationship"
            and attributes.get("TargetMode") != "External"
        ):
            target = attributes["Target"]
            whole = target if target.startswith("/") else posixpath.join("/", folder, target)
            relations[attributes["Id"]] = (
                attributes["Type"].rpartition("/")[2],
                posixpath.normpath(whole).lstrip("/"),
            )

    if archive.holds(path):
        parse_xml(archive.read(path), relation)
    return relations


def first_part(archive: Package, relations: dict, kind: str) -> bytes | None:
    """Return the first part of a kind among some relations; None when there is none."""
    parts = [part for one, part in relations.values() if one == kind]
    return archive.read(parts[0]) if parts else None


REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")


def texts_outside_cells(content: bytes, what: str) -> list[tuple[str, tuple[int, int] | None, str]]:
    """The texts of a part that is no sheet, those of one comment or paragraph as one."""
    texts: list[tuple[str, tuple[int, int] | None, str]] = []
    pieces: list[str] = []
    inside: list[bool] = []
    at: list[tuple[int, int] | None] = [None]

    def flush() -> None:
        if text := "".join(pieces).strip():
            texts.append((what, at[0], text))
        pieces.clear()

    def start(tag: str, attributes: dict) -> None:
        tag = tag.rsplit(":", maxsplit=1)[-1]
        if tag in ("comment", "threadedComment", "p"):
            flush()
            place = REFERENCE.match(attributes.get("ref", ""))
            at[0] = (int(place[2]), column_index_from_string(place[1])) if place else None
        elif tag in ("t", "text"):
            inside.append(True)
        elif tag in ("s", "n") and "v" in attributes:  # of a pivot table's cache
            texts.append((what, None, attributes["v"]))

    parse_xml(
        content,
        start,
        lambda _: inside.clear(),
        lambda text: pieces.append(text) if inside else None,
    )
    flush()
    return texts


ESCAPED = re.compile("_x([0-9A-F]{4})_")


def unescaped(text: str) -> str:
    """A text of a workbook with its letters that XML cannot hold: _x4E2D_ is 中, _x005F_ the sign _."""
    if "_x" not in text:
        return text
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Runs:
    """The runs of a text in one cell: what it says, and whether parts of it are struck out or raised."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, str]] = []
        self.look = ""

    def start(self, tag: str, attributes: dict) -> None:
        """Take an element within the text: a new run, or a look of the one at hand."""
        if tag == "r":
            self.look = ""
        elif tag == "strike" and attributes.get("val", "1") not in ("0", "false", "off"):
            self.look = "struck"
        elif tag == "vertAlign" and attributes.get("val") in ("superscript", "subscript"):
            self.look = self.look or "raised"

    def append(self, text: str) -> None:
        """Take some text of the run at hand."""
        self.pieces.append((text, self.look))

    def text(self) -> str:
        """The whole text."""
        whole = unescaped("".join(text for text, _ in self.pieces))
        if any(look == "struck" and text.strip() for text, look in self.pieces):
            return StruckOut(whole)
        raised = any(look == "raised" and re.search(r"\d", text) for text, look in self.pieces)
        return Raised(whole) if raised else whole


class SharedStrings:
    """The shared strings of a workbook, and which of them a cell shows."""

    def __init__(self, content: bytes | None):
        self.texts = _shared_strings(content) if content else []
        self.shown = [False] * len(self.texts)

    def get(self, index: int) -> str:
        """Return the string of that index; a cell shows it."""
        if index < 0:  # which would be one from the end
            raise IndexError
        self.shown[index] = True
        return self.texts[index]

    def unused(self) -> list[str]:
        """What no cell shows any more and yet stands in the file."""
        return [text for text, shown in zip(self.texts, self.shown, strict=True) if not shown]


def _shared_strings(content: bytes) -> list[str]:
    """The shared strings; phonetic guides (rPh) are not part of the text."""
    strings: list[str] = []
    state = {"text": False, "phonetic": False}
    runs = [Runs()]

    def start(tag: str, attributes: dict) -> None:
        tag = tag.rsplit(":", maxsplit=1)[-1]
        runs[0].start(tag, attributes)
        if tag == "si":
            runs[0] = Runs()
        elif tag == "rPh":
            state["phonetic"] = True
        elif tag == "t":
            state["text"] = not state["phonetic"]

    def end(tag: str) -> None:
        tag = tag.rsplit(":", maxsplit=1)[-1]
        if tag == "si":
            strings.append(runs[0].text())
        elif tag == "rPh":
            state["phonetic"] = False
        elif tag == "t":
            state["text"] = False

    parse_xml(content, start, end, lambda text: runs[0].append(text) if state["text"] else None)
    return strings
