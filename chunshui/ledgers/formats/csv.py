"""Read csv files in the encodings and with the delimiters that offices use."""

import csv
import io
import re
from collections import Counter

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.parts import OLE, WEB_PAGE
from chunshui.ledgers.headers import HEADER_WITHIN
from chunshui.ledgers.sheet import MAX_COLUMNS, MAX_ROWS, Grid, Uncalculated


def read_csv(content: bytes) -> list[Grid]:
    """Return the one table of a csv file. Raises ChunshuiError."""
    if content[:4] in (b"PK\x03\x04", OLE):
        raise ChunshuiError("是 Excel 工作簿，扩展名却是 csv。请用 Excel 打开后另存为 xlsx")
    if content.lstrip()[:1] == b"<":
        raise ChunshuiError(WEB_PAGE)
    return [Grid(rows=csv_rows(content))]


def csv_rows(content: bytes) -> list[list]:
    """The rows of a csv file, empty cells None. Raises ChunshuiError."""
    text = _decode(content).lstrip("\ufeff").removesuffix("\x1a")  # Ctrl-Z: the end in old DOS
    first, _, rest = text.partition("\n")
    if stated := re.fullmatch(r"sep=(.)\r?", first):  # Excel's own way to state it, and no row
        text, delimiter = rest, stated[1]
    else:
        delimiter = _delimiter(text)
    special = "'" in text or "=" in text
    rows: list[list] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for line in reader:
            if _swallows(line, delimiter):
                raise ChunshuiError(
                    f"第{reader.line_num}行前的引号像是没有成对：一格里夹着换行和另一行的内容。"
                    "请补上或删去多余的引号后重新导出"
                )
            row = [(_csv_cell(cell) if special else cell) or None for cell in line]
            while row and row[-1] is None:
                row.pop()
            if len(row) > MAX_COLUMNS:
                raise ChunshuiError(f"超过{MAX_COLUMNS}列，不予读入。请删去右侧多余的列")
            rows.append(row)
            if len(rows) > MAX_ROWS:
                raise ChunshuiError(f"超过{MAX_ROWS:,}行，不予读入。请拆成几个文件")
    except csv.Error as error:
        raise ChunshuiError("不是完好的 csv（引号不成对或一格过长）。请重新导出") from error
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _delimiter(text: str) -> str:
    """What divides the cells: that which divides the most of the first lines into as many."""
    head = "\n".join(text[:20_000].splitlines()[:HEADER_WITHIN])

    def alike(delimiter: str) -> int:
        lines = csv.reader(io.StringIO(head), delimiter=delimiter)
        widths = Counter(map(len, lines))
        return max((count * count * (width - 1) for width, count in widths.items()), default=0)

    return max(",\t;|", key=alike)


def _swallows(line: list[str], delimiter: str) -> bool:
    """Whether a cell of several lines holds the end of one row and the beginning of another."""
    for at, cell in enumerate(line):
        pieces = cell.splitlines()
        if len(line) < 3 or len(pieces) < 2 or delimiter not in cell:
            continue
        first = at + 1 + pieces[0].count(delimiter)
        last = len(line) - at + pieces[-1].count(delimiter)
        if first == last == len(line):
            return True
    return False


def _csv_cell(cell: str) -> str:
    """A cell without what guards it: ' before what a spreadsheet would run, =" " around digits."""
    if cell.startswith(("'=", "'+", "'-", "'@")):
        return cell[1:]
    if guarded := re.fullmatch('="([^"=]*)"', cell):
        return guarded[1]
    return Uncalculated(cell) if re.match(r"=[-+(]*[A-Za-z0-9$\"']", cell) else cell


def _decode(content: bytes) -> str:
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")  # what Excel calls Unicode text
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        if not wide and content.count(0) < len(content) // 8:
            raise ChunshuiError("夹有空字符（NUL），像是导出时出了错。请重新导出")
    raise ChunshuiError("文字编码认不出（既不是 UTF-8 也不是 GB18030）。请另存为 UTF-8 的 csv")
