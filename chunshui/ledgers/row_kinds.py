"""What each row of a sheet is: part of the head, empty, a footnote, a total, or data.

A row is taken for anything but data only by what stands in it; a row that might be data is data,
so that what it lacks is told.
"""

import datetime as dt
import re
from collections.abc import Iterable

from chunshui.ledgers.cells.parsed import clean
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.headers import split_header
from chunshui.ledgers.labels import ADDED, total_label
from chunshui.ledgers.sheet import Sheet

HEADER, EMPTY, FOOTNOTE, TOTAL, GOOD, BAD = "表头", "空行", "脚注", "合计", "合格", "有错"
FOOTNOTES = re.compile(
    r"填表|填报|审核|制表|复核|经办|负责人|联系|(备注|说明|日期|电话)[::]|注[::\d]|单位[((::]|数据来源|统计时间|盖章"
)
# Who filled in, approved, stamped, and when: 街道负责人（签字）： 报送日期：2026年3月31日 （盖章）
SIGNED = re.compile(
    r"[^:]{0,12}(负责人|领导|签字|签名|填表|填报|制表|审核|复核|核对|校对|统计员|经办|联系|电话|日期|时间"
    r"|单位|主任|书记|报送|上报)[^:]{0,8}:|.{0,24}[(]?(盖章|公章|签章|签字)[)]?\Z"
)
PERSONS = re.compile(
    r"(负责人|领导|签字|签名|填表|填报|制表|审核|复核|核对|校对|统计员|经办|联系|主任|书记)[^:]{0,8}:"
)
# A line of its own that is words: a mark or a number before it, a full stop in it.
WORDS = re.compile(
    r"[※★☆●◆■▲△*]|\d{1,2}[.、][^\d]{4}|注[::\d]|备注|说明|填[表报]说明|以上|\(?以下空白\)?\Z|.*[。;]"
)
PAGE = re.compile(r"第\d+页|共\d+页|-\d+-\Z")
BAND = re.compile(r".*[(]?续表?\d*[)]?\Z|[一二三四五六七八九十]{1,3}、.{2,20}\Z")
DAY = re.compile(r"\d{4}[年./-]\d{1,2}([月./-]\d{1,2})?[日月]?\Z")
EXAMPLES = frozenset(["例", "例如", "例:", "示例", "示例:", "样例", "样例:", "范例", "填写示例"])
CODE = re.compile(r"[A-Za-z0-9_\-]{1,30}\Z")
WORDED = frozenset(["text", "choice", "code", "street", "community", "boolean", "weekday"])
# A figure, be it in characters: 约三十户; not 张三.
HAS_NUMBER = re.compile("[0-9０-９]|^[约近超达]?[零〇一二两三四五六七八九十百]")
FEW = 4  # cells: a row with more is no line of words, but for one that begins like a footnote
# Only a row with many cells whose first text begins with one of these can be a footnote.
BEGINNINGS = frozenset("本填审制复经负联备说注单数统日电盖")
LABELS_WITHIN = 6  # the word 小计 stands in one of the first cells


def classify_rows(
    sheet: Sheet, ledger: Ledger, at: dict[str, int]
) -> tuple[list[int], dict[int, str]]:
    """The numbers of the rows that are data, and the kind of every other row.

    `at` is the position of each column of the ledger that was found.
    """
    kinds = dict.fromkeys(range(1, sheet.header_row + 1), HEADER)
    numbers: list[int] = []
    if sheet.header_row == 0:  # the features of a map
        for number, row in enumerate(sheet.rows, start=1):
            if any(cell is not None for cell in row):
                numbers.append(number)
            else:
                kinds[number] = EMPTY
        return numbers, kinds
    rows = _Rows(sheet, ledger, at)
    above: str | None = None
    for number in range(sheet.header_row + 1, len(sheet.rows) + 1):
        above = rows.kind(number, above)
        if above is None:
            numbers.append(number)
        else:
            kinds[number] = above
    return numbers, kinds


def names_persons(row: list) -> bool:
    """Whether a row that is no data may say who filled it in and whom to call."""
    texts = _texts(row)
    return any(FOOTNOTES.match(text) or PERSONS.search(text) for text in texts)


def is_bare_label(row: list) -> bool:
    """Whether a row begins with a word of a footnote's, with nothing that says it is one: no colon."""
    texts = _texts(row)
    return FOOTNOTES.match(texts[0]) is not None and not any(
        ":" in text or SIGNED.match(text) for text in texts
    )


def is_example(row: list) -> bool:
    """Whether a row shows how to fill in the others."""
    return bool(texts := _texts(row)) and texts[0] in EXAMPLES


def _texts(row: Iterable) -> list[str]:
    return [clean(str(cell)).replace(" ", "") for cell in row if cell is not None]


class _Rows:
    """The rows below a header, with what their kinds hang on."""

    def __init__(self, sheet: Sheet, ledger: Ledger, at: dict[str, int]):
        self.rows = sheet.rows
        self.header_row = sheet.header_row
        self.keys = [at[key] for key in ledger.key if key in at]
        self.required = [(at[c.key], c) for c in ledger.columns if c.required and c.key in at]
        # Keys that are words: a row of them may be called 例, too.
        self.named = [place for place in self.keys if self.is_worded(place)]
        self.places = sorted(at.values())
        self.adds = any(column.unit in ADDED for column in ledger.columns if column.key in at)
        self.headers = _split(sheet.headers)
        self.titles = [title for title in sheet.titles if len(title) >= 4]
        # What stands above the table and at its head, should a page begin with it again.
        self.heads = {tuple(_texts(row)) for row in sheet.rows[: sheet.header_row]}
        self.starts = frozenset(
            text[:1] for some in (EXAMPLES, *self.heads, _texts(sheet.headers)) for text in some
        )
        self.bands = {
            top
            for top, left, bottom, right in sheet.merges
            if top == bottom and sum(left <= place + 1 <= right for place in self.places) > 1
        }

    def kind(self, number: int, above: str | None) -> str | None:
        """The kind of a row; None when it holds data. `above` is that of the row before."""
        row = self.rows[number - 1]
        filled = len(row) - row.count(None)
        if filled == 0:
            return EMPTY
        first = next(cell for cell in row if cell is not None)
        if self.is_total(row) and (self.adds or not self.is_whole(row)):
            return TOTAL
        start = first.strip()[:1] if isinstance(first, str) else None
        if start in self.starts:
            texts = _texts(row)
            if texts[0] in EXAMPLES and not (self.is_whole(row) and row.index(first) in self.named):
                return HEADER
            if tuple(texts) in self.heads or self.is_head(row):
                return HEADER
        if self.is_whole(row):
            return None
        if filled <= FEW or start in BEGINNINGS:
            texts = _texts(row)
            if not any(texts):
                return EMPTY
            if kind := self.of_words(number, row, texts, above):
                return kind
        if not any(place < len(row) and row[place] is not None for place in self.places):
            # Numbered but not filled in, or a remark beside the table.
            return FOOTNOTE if any(isinstance(cell, str) for cell in row) else EMPTY
        return None

    def is_whole(self, row: list) -> bool:
        """Whether all that the ledger requires is there, figures and days as such: no line of words.

        A ledger of words alone is told from a signature by the colons that one has.
        """
        if len(self.required) < 2:
            return False
        cells = [(row[at] if at < len(row) else None, column) for at, column in self.required]
        if any(cell is None for cell, _ in cells):
            return False
        counted = [cell for cell, column in cells if column.kind not in WORDED]
        if not all(not isinstance(cell, str) or HAS_NUMBER.search(cell) for cell in counted):
            return False
        return bool(counted) or not any(":" in text for text in _texts(row))

    def is_worded(self, place: int) -> bool:
        """Whether most cells of a column are words, not codes, in the rows that are whole."""
        whole = (row for row in self.rows[self.header_row :] if self.is_whole(row))
        cells = [str(row[place]) for row in whole]
        return 2 * sum(CODE.match(cell) is None for cell in cells) > len(cells)

    def is_total(self, row: list) -> bool:
        """Whether a cell says 合计 and the row is nobody's."""
        spare = next(at for at, cell in enumerate(row) if cell is not None)
        for at, cell in enumerate(row[:LABELS_WITHIN]):
            if isinstance(cell, str) and total_label(cell):
                if at == spare and at not in self.places:
                    return True  # in the place of the row's number
                if all(row[key] is None for key in self.keys if key != at and key < len(row)):
                    return True
        return False

    def of_words(self, number: int, row: list, texts: list[str], above: str | None) -> str | None:
        """The kind of a row of words: a title again, a band, a note, a signature."""
        if len(texts) == 1:
            (text,) = texts
            if number in self.bands or BAND.match(text) or self.is_title(text):
                return HEADER
            if PAGE.match(text):
                return FOOTNOTE
            at = next(at for at, cell in enumerate(row) if cell is not None)
            cell = row[at]
            code = at in self.keys and CODE.match(text)
            if isinstance(cell, str) and not code and (above == FOOTNOTE or WORDS.match(text)):
                return FOOTNOTE
            if at not in self.keys and (isinstance(cell, dt.date) or DAY.match(text)):
                return FOOTNOTE
        # 填表人：… 审核人：… 日期：…, the names in the same cells or in the next.
        signed = sum(SIGNED.match(text) is not None for text in texts)
        if signed and len(texts) <= 2 * signed:
            return FOOTNOTE
        labels = sum(FOOTNOTES.match(text) is not None for text in texts)
        if FOOTNOTES.match(texts[0]) and len(texts) <= 2 * labels:
            return FOOTNOTE
        return None

    def is_title(self, text: str) -> bool:
        return any(text.startswith(title.replace(" ", "")) for title in self.titles)

    def is_head(self, row: list) -> bool:
        """Whether most cells of a row are the headers of their columns, unit and all."""
        words = _split(row)
        same = sum(
            place < len(words) and words[place] is not None and words[place] == self.headers[place]
            for place in self.places
        )
        return same >= 2 and 2 * same > len(row) - row.count(None)


def _split(cells: list) -> list[tuple[str, str | None] | None]:
    return [split_header(cell) if isinstance(cell, str) else None for cell in cells]
