"""Find personal data in the cells of a sheet: identity numbers, mobile phones, persons' names.

A ledger counts; it names nobody. A file in which a person can be told is refused whole. What is
said of it names the cell and the kind of data and never the value.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from chunshui import clock
from chunshui.ledgers.cells.parsed import WIDTH, clean
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.ledgers.headers import names_column
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.sheet import Sheet
from chunshui.words import ERROR

WHOLE = "整个文件不予入库"
MEND = "请删去此格（一列都是的，删去整列）后重新上传；台账只记数目和岗位，不记个人"
SHOWN = 30  # cells told one by one in a column; the rest are counted

IDENTITY, DAMAGED_IDENTITY, OLD_IDENTITY = (
    "身份证号",
    "疑似身份证号（末位已被改写）",
    "疑似15位身份证号",
)
MOBILE, NAME = "手机号", "个人姓名"

# GB 11643: six digits of the area, the birth date, a sequence number and a check character.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
PROVINCES = frozenset(
    map(str, [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
              *range(61, 66), 71, 81, 82, 83, 91])
)  # fmt: skip
DIGITS = re.compile(r"(?<![0-9A-Za-z.])\d(?:[ \-]?[\dXx]){13,18}(?![0-9A-Za-z])", re.ASCII)
PHONE = re.compile(
    r"(?<![0-9A-Za-z\-_.])(?:(?:\+|00)?86[ \-]?)?1[3-9]\d(?:[ \-]?\d{4}){2}(?![0-9A-Za-z])",
    re.ASCII,
)
ROUNDED = re.compile(r"[1-9]\.\d{4,14}[eE]\+17", re.ASCII)

IDENTITY_HEADER = re.compile(r"身份证|证件号|公民身份")
PHONE_HEADER = re.compile(r"手机|电话|联系方式")
# A column under one of these holds persons' names, whatever they look like …
NAMES_HEADER = re.compile(
    r"姓名|人名|户主|业主|房主|居民名|信访人|反映人|诉求人|当事人|监护人|申请人|受益人|党员名"
)
# … under one of these it may hold a post or an office just as well.
POSTS_HEADER = re.compile(
    r"负责人|联系人|经办人|责任人|责任单位|填报人|包保人|包保岗位|网格长|网格员|楼栋长|组长|书记|主任|院长|骨干|代表|成员|委员"
)
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁"
    "任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严"
    "莫孔向常汤康易乔赖文欧樊兰殷施洪翟安颜倪温季鲁葛庞毕聂丛焦柳邢路岳齐梅庄辛管祝左涂谷祁耿牟卜凌卞"
    "阮柯尚甘车游覃关费童瞿詹古裴盛靳冉翁宁闵柴褚滕桂冀沙屈包司仇"
)
NO_NAME = re.compile(
    r"某|\*|＊|[部办局所室会队区站科处院校组员长]\Z|书记|主任|社区|街道|中心|支部|公司|专干|岗|无|待|物业|水务|集团|银行|医院|学校|企业"
)
HANZI_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}\Z")
FULL_NAME = re.compile(r"[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff·]{1,12}\Z")

OFFICES = 3  # first three digits that so many numbers of a column differ in
FELLOWS = 2  # cells of a code column tell its format from three on
# A number in a column of these kinds may have eleven digits of its own: 13,812,345,678 yuan.
FIGURES = frozenset(["number", "money"])


def search(sheet: Sheet, ledger: Ledger | None, *, names: bool = True) -> list[Issue]:
    """Return an error for every cell of a sheet that holds personal data.

    Looks everywhere: at titles, footnotes and columns that no contract knows, too. The cells
    are kept in `sheet.personal`, so that nothing else repeats them. Without `names` no cell is taken for a
    person's name: what the software itself wrote has none.
    """
    cells: list[tuple[int, int, str]] = []
    columns = _columns(sheet, ledger)
    width = max(map(len, sheet.rows), default=0)
    for at in range(width):
        header = _header_above(sheet, at)
        column = columns.get(at)
        named = dict(_name_columns(sheet, at, column)) if names else {}
        fits = _format_of(sheet, at, column)
        seen: dict[tuple, str | None] = {}
        for number, row in enumerate(sheet.rows, start=1):
            if at >= len(row) or row[at] is None or isinstance(row[at], dict):
                continue
            raw = row[at]
            kind = None
            if not (isinstance(raw, str) and len(raw) < 11) or PHONE_HEADER.search(header):
                figure = column is not None and column.kind in FIGURES and not _says_phone(row)
                key = (raw.__class__, raw, figure)
                if key not in seen:
                    seen[key] = None if fits(str(raw)) else _kind(raw, header, figure)
                kind = seen[key]
            if kind is None and named and isinstance(raw, str):
                first = max((row for row in named if row < number), default=None)
                if first is not None and _is_name(raw, named[first]):
                    kind = NAME
            if kind:
                cells.append((number, at, kind))
    sheet.personal = {(row, at + 1) for row, at, _ in cells}
    return _cell_issues(sheet, cells) + _beside_issues(sheet)


def _beside_issues(sheet: Sheet) -> list[Issue]:
    """What is wrong with the comments, text boxes and leftovers of a sheet."""
    kinds = {(what, place, holds(text)): None for what, place, text in sheet.beside}
    issues = []
    for what, place, kind in kinds:
        if kind is None:
            continue
        row, column = place or (None, 0)
        mend = f"请删去这处{what}里的个人信息后重新上传；台账只记数目和岗位，不记个人"
        issues.append(
            Issue(
                ERROR, sheet.file, f"{what}含{kind}，{WHOLE}", mend, sheet.name, row,
                cell=sheet.address(row, column - 1),
            )
        )  # fmt: skip
    return issues


def refuses(issue: Issue) -> bool:
    """Whether an issue says that its file holds personal data."""
    return issue.mend == MEND or issue.what.endswith(WHOLE)


def holds(raw: object) -> str | None:
    """The kind of personal data that a text or number is by itself; None for none."""
    return _kind(raw, "", figure=False)


def names_person(text: str) -> bool:
    """Whether what stands for who is to act looks like a person's name: no unit and no post."""
    return _is_name(text, POSTS_HEADER)


def _says_phone(row: list) -> bool:
    """Whether a row is the one under the table with 联系电话 in it."""
    return any(isinstance(cell, str) and PHONE_HEADER.search(cell) for cell in row)


def _cell_issues(sheet: Sheet, cells: list[tuple[int, int, str]]) -> list[Issue]:
    issues = []
    counts: dict[tuple[int, str], int] = {}
    for row, at, kind in cells:
        count = counts[at, kind] = counts.get((at, kind), 0) + 1
        if count <= SHOWN:
            issues.append(_cell_issue(sheet, row, at, f"含{kind}，{WHOLE}"))
    for (at, kind), count in counts.items():
        if count > SHOWN:
            more = f"本列另有{count - SHOWN:,}格含{kind}"
            issues.append(_cell_issue(sheet, None, at, more))
    return issues


def _cell_issue(sheet: Sheet, row: int | None, at: int, what: str) -> Issue:
    header = sheet.headers[at] if at < len(sheet.headers) else None
    if header is not None and holds(header):
        header = f"第{at + 1}列"
    above = row is not None and row <= sheet.header_row
    column, cell = None if above else header, sheet.address(row, at)
    return Issue(ERROR, sheet.file, what, MEND, sheet.name, row, column, cell=cell)


def _format_of(sheet: Sheet, at: int, column: Column | None) -> Callable[[str], bool]:
    """Whether a text is a number of the format that the column's own have: no phone, whatever it is.

    The contract knows the format of numbers that identify and of codes of one length; of other
    codes it is that of most of their fellows.
    """
    if column is None or column.kind not in ("integer", "code"):
        return lambda text: False
    if column.identifies:
        return lambda text: _is_code(text) and len(text) < 20
    if column.kind != "code" or IDENTITY_HEADER.search(column.header):
        return lambda text: False
    length = column.length
    if not length:
        below = (row[at] for row in sheet.rows[sheet.header_row :] if at < len(row))
        cells = [str(cell) for cell in below if cell is not None]
        widths = Counter(len(cell) for cell in cells if cell.isascii() and cell.isdecimal())
        width, count = max(widths.items(), key=lambda one: one[1], default=(0, 0))
        length = width if width < 18 and 2 * count > len(cells) > FELLOWS else None
        # Numbers that count on share their beginning; telephone numbers have those of many offices.
        phones = {cell[:3] for cell in cells if len(cell) == length and PHONE.fullmatch(cell)}
        length = None if len(phones) >= OFFICES else length
    return lambda text: len(text.removeprefix("'")) == length and _is_code(text)


def _is_code(text: str) -> bool:
    """Whether a text is digits alone; a spreadsheet's apostrophe before them makes a text of them."""
    text = text.removeprefix("'")
    return text.isascii() and text.isdecimal()


def _columns(sheet: Sheet, ledger: Ledger | None) -> dict[int, Column]:
    """The contract's column at each position."""
    if ledger is None:
        return {}
    return {
        at: column
        for at, header in enumerate(sheet.headers)
        for column in ledger.columns
        if names_column(header, column)
    }


def _header_above(sheet: Sheet, at: int) -> str:
    """The header of a column; of a sheet that is no ledger, all that stands on top of it."""
    if sheet.headers:
        return clean(str(sheet.headers[at])) if at < len(sheet.headers) else ""
    texts = [row[at] for row in sheet.rows[:10] if at < len(row) and isinstance(row[at], str)]
    return " ".join(clean(text) for text in texts if len(text) <= 12)


def _name_columns(sheet: Sheet, at: int, column: Column | None) -> list[tuple[int, re.Pattern]]:
    """The rows of a column below which persons may be named, each with the pattern it met."""
    if column is not None and column.kind != "text":
        return []
    if sheet.headers:
        places = [(sheet.header_row, _header_above(sheet, at))]
    else:
        places = [
            (number, clean(row[at]))
            for number, row in enumerate(sheet.rows[:20], start=1)
            if at < len(row) and isinstance(row[at], str) and len(row[at]) <= 12
        ]
    met = []
    for number, text in places:
        for pattern in (NAMES_HEADER, POSTS_HEADER):
            if pattern.search(text):
                met.append((number, pattern))
                break
    return met


def _is_name(raw: str, pattern: re.Pattern) -> bool:
    text = clean(raw).replace(" ", "")
    if FULL_NAME.match(text):
        return True
    if not HANZI_NAME.match(text) or NO_NAME.search(text):
        return False
    return pattern is NAMES_HEADER or text[0] in SURNAMES


def _kind(raw: object, header: str, figure: bool) -> str | None:
    text = _plain(raw)
    if len(text) < 11:
        return None
    for match in DIGITS.finditer(text):
        digits = re.sub(r"[ \-]", "", match[0]).upper()
        if len(digits) == 18:
            if is_identity(digits):
                return IDENTITY
            # Excel keeps 15 digits of a number: the last three have become 000.
            if digits.endswith("000") and _area_and_birth(digits[:2], digits[6:14]):
                return DAMAGED_IDENTITY
        elif (
            len(digits) == 15
            and IDENTITY_HEADER.search(header)
            and _area_and_birth(digits[:2], "19" + digits[6:12])
        ):
            return OLD_IDENTITY
    if ROUNDED.search(text) and IDENTITY_HEADER.search(header):
        return DAMAGED_IDENTITY
    if not figure and PHONE.search(text):
        return MOBILE
    return None


def _plain(raw: object) -> str:
    """The cell as text; a float with the digits it has, none invented."""
    if isinstance(raw, bool | dt.date | dt.time):
        return ""
    if isinstance(raw, int):
        return str(raw) if abs(raw) >= 10**10 else ""
    if isinstance(raw, float):
        if not 1e10 <= abs(raw) < 1e20:
            return ""
        return format(Decimal(repr(raw)), "f").removesuffix(".0")
    text = str(raw)
    return text if text.isascii() else clean(text.translate(WIDTH)).translate(DASHES)


DASHES = {0x2010: "-", 0x2011: "-", 0x2013: "-", 0x2014: "-", 0x2212: "-"}


def is_identity(digits: str) -> bool:
    """Whether 18 characters are a resident's identity number, its check character right."""
    if not re.fullmatch(r"\d{17}[\dX]", digits, re.ASCII):
        return False
    if not _area_and_birth(digits[:2], digits[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False))
    return CHECKS[total % 11] == digits[17]


def _area_and_birth(province: str, day: str) -> bool:
    if province not in PROVINCES:
        return False
    try:
        birth = dt.date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return False
    return dt.date(1900, 1, 1) <= birth <= clock.now().date()
