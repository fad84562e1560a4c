"""From the cell of a ledger to a value.

Every parser is total: it returns a `Parsed` and never raises, and what cannot be read for certain
is a code with no value, never a guess. `MESSAGES` says each code in Chinese: what, how to mend.
"""

import datetime as dt
import difflib
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from chunshui.ledgers.contract import Column
from chunshui.ledgers.workbook import MonthOnly, Rescaled, Uncalculated


class Parsed(NamedTuple):
    """What a cell was read as: a value, or the code of what is wrong with it.

    `facts` fills the message of the code. `note` says in Chinese what had to be interpreted.
    """

    value: Any = None
    code: str | None = None
    facts: Mapping[str, Any] = MappingProxyType({})
    note: str = ""


MESSAGES = {
    "必填": ("此格为空", "请补填"),
    "非数": ("“{raw}”不是数", "请只填数字，单位写在表头"),
    "约数": ("“{raw}”是约数", "请填准确数"),
    "待定": ("“{raw}”尚未确定", "请确定后再填；可空的格请留空"),
    "区间": ("“{raw}”是区间", "请填一个确定的值"),
    "公式错误": ("公式结果为 {raw}", "请在 Excel 中改好公式，或改填数值"),
    "公式未算": ("公式 {raw} 没有保存计算结果", "请用 Excel 或 WPS 打开并保存一次，或改填数值"),
    "缩小显示": (
        "此格存的是 {raw}，单元格格式却把它缩小了显示，看到的不是这个数",
        "请把单元格格式改为常规，再核对数值与单位",
    ),
    "科学计数法": ("“{raw}”是科学计数法，末位可能已丢失", "请把此列设为文本格式后重填"),
    "百分数": ("“{raw}”是百分数", "此列须填数量"),
    "非整数": ("“{raw}”不是整数{unit}", "请填整数"),
    "越界": ("“{raw}”超出范围（{range}）", "请核对数值与单位"),
    "少见": (
        "读作 {value:,} {unit}，大小少见（通常 {least:,} 至 {most:,} {unit}），是不是单位填错",
        "请核对单位（元、万元）；确实如此，请在发布时确认",
    ),
    "数成日期": ("此格是日期 {raw}", "请把单元格格式改为数值或文本后重填"),
    "单位不明": ("没有写明单位", "请在表头写明，如“{title}”"),
    "单位不识": ("“{raw}”的单位认不出", "请改用{known}"),
    "非编号": ("“{raw}”不是编号", "请填编号"),
    "编号成小数": ("编号“{raw}”像是被存成了小数", "请把此列设为文本格式后重填"),
    "前导零": (
        "“{raw}”只有 {digits} 位，应为 {length} 位，像是丢了前面的零",
        "请把此列设为文本格式后重填",
    ),
    "编号长度": ("“{raw}”是 {digits} 位，应为 {length} 位", "请核对编号"),
    "非坐标": ("“{raw}”不是经纬度", "请填十进制度数，如 114.2700"),
    "经纬颠倒": ("“{raw}”像是经度、纬度填反", "请对调经度与纬度"),
    "坐标出界": ("“{raw}”超出范围（{range}）", "请填经纬度（度），不要填投影坐标（米）"),
    "不在本区": ("“{raw}”不在本区附近", "请核对坐标"),
    "非日期": ("“{raw}”不是日期", "请填如 2026-03-31"),
    "无此日": ("“{raw}”这一天不存在", "请核对月、日"),
    "年份两位": ("“{raw}”年份只有两位", "请写四位年份"),
    "日期越界": ("“{raw}”不在 1949 年至 2099 年之间", "请核对年份"),
    "日期缺日": ("“{raw}”只有年月", "请补全到日"),
    "非月份": ("“{raw}”不是月份", "请填如 2026-03"),
    "月份两可": ("“{raw}”可能是 1 月也可能是 10 月", "请填如 2026-10，并把单元格设为文本"),
    "非时刻": ("“{raw}”不是时刻", "请填如 08:30"),
    "非星期": ("“{raw}”不是星期", "请填 周一 至 周日，一天一行"),
    "非是否": ("“{raw}”不是 是 或 否", "请填 是 或 否"),
    "不在选项": ("“{raw}”不在选项中{near}", "可填：{allowed}"),
    "过长": ("文字有 {length} 字，超过 {limit} 字", "请精简"),
    "乱码": ("“{raw}”是乱码", "请用 UTF-8 或 GB18030 重新另存"),
    "非图形": ("图形{why}", "请在制图软件中改好后重新导出"),
    "不在名录": ("“{raw}”不在{roster}中{near}", "请改用名录中的名称或代码"),
    "社区重名": ("“{raw}”在几个街道都有：{streets}", "请填上街道"),
    "街道不符": ("“{raw}”属于{street}，与本行街道不符", "请核对街道与社区"),
    "无此编号": ("{roster}中没有“{raw}”{near}", "请核对编号，或先在{roster}中补上"),
    "重复": ("与{other}重复（{key}）", "请删去其一，或更正编号"),
    "隐藏行": ("第 {row} 行被隐藏但有数据", "请取消隐藏，或删除此行"),
    "合并单元格": ("{range} 是合并单元格，不知各行各填什么", "请取消合并，逐行填写"),
}

BLANK = frozenset(
    [
        "",
        "-",
        "--",
        "—",
        "——",
        "–",
        "/",
        "／",
        "\\",
        "无",
        "暂无",
        "空",
        "n/a",
        "na",
        "null",
        "none",
    ]
)
PENDING = frozenset(["待定", "待核", "待核实", "未知", "不详", "?", "？", "待填", "xx", "×"])
ERRORS = frozenset(
    ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"]
)

# Full-width ASCII, the ideographic space and two unit signs only: a blanket NFKC would turn 10²
# into 102 and ① into 1.
WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x00A0: " ",
    0xFFE5: "¥",
    0x33A1: "m2",
}
INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad]")
# An apostrophe that was to make a text of a number.
QUOTED = re.compile(r"['‘’`][0-9A-Za-z][^'‘’`]*\Z")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|_x[0-9A-Fa-f]{4}_")


def clean(text: str) -> str:
    """The text with full-width letters made plain, invisible signs and stray spaces removed."""
    if text.isascii() and text.isalnum():
        return text
    text = CONTROL.sub("", INVISIBLE.sub("", text.translate(WIDTH)))
    return re.sub(r"\s+", " ", text).strip()


def say(code: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and how to mend it, in Chinese."""
    what, mend = MESSAGES[code]
    shown = {"near": "", "unit": "", **facts}
    return what.format(**shown), mend.format(**shown)


def near(word: str, words: list[str]) -> str:
    """A question that offers the nearest of `words`, or nothing when none is near."""
    inside = [one for one in words if len(one) > 2 and one in word]
    close = inside if len(inside) == 1 else difflib.get_close_matches(word, words, 1, 0.6)
    return f"，是不是“{close[0]}”？" if close else ""


def _fail(code: str, raw: object, **facts: object) -> Parsed:
    text = shown(raw)
    return Parsed(None, code, {"raw": text[:40] + "…" if len(text) > 40 else text, **facts})


def shown(raw: object) -> str:
    """A cell as the sheet shows it."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    return f"{raw:%Y-%m}" if isinstance(raw, MonthOnly) else str(raw)


def text_of(raw: object, column: Column) -> tuple[str, Parsed | None]:
    """The cleaned text of a cell, and the outcome already when there is nothing to read in it."""
    if raw is None:
        return "", Parsed(None, "必填" if column.required else None)
    if isinstance(raw, Uncalculated):
        return "", _fail("公式未算", raw)
    if isinstance(raw, Rescaled):
        return "", _fail("缩小显示", raw)
    text = clean(shown(raw))
    if column.kind != "text" and QUOTED.match(text):
        text = text[1:]
    if text.upper() in ERRORS:
        return text, _fail("公式错误", text)
    if text.lower() in BLANK:
        if column.required:
            return text, Parsed(None, "必填")
        return text, Parsed(None, note="视为空" if text else "")
    if text in PENDING:
        return text, _fail("待定", text)
    return text, None


# ------------------------------------------------------------------------------------- numbers

DIGITS = dict(zip("零〇一二三四五六七八九两", [0, 0, *range(1, 10), 2], strict=True)) | dict(
    zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)
)
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
CHINESE_DIGITS = frozenset([*DIGITS, *TENS, *MYRIADS])

# How many of the column's unit each written unit is.
MEASURES: dict[str, dict[str, int]] = {
    "元": {
        "元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "千万元": 10**7, "亿元": 10**8,
        "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    },
    "平方米": {
        "平方米": 1, "平米": 1, "m2": 1, "方": 1, "万平方米": 10**4, "万平米": 10**4,
        "万m2": 10**4, "万方": 10**4, "公顷": 10**4, "平方公里": 10**6, "km2": 10**6,
    },
    "米": {"米": 1, "m": 1, "公里": 1000, "千米": 1000, "km": 1000},
    "%": {"%": 1},
}  # fmt: skip
# The words that may follow a count. Another unit's word (人 in a column of 户) is refused.
COUNTERS: dict[str | None, tuple[str, ...]] = {
    "人": ("人", "名", "位", "个"),
    "人次": ("人次",),
    "户": ("户", "家", "个"),
    "栋": ("栋", "幢", "座", "个"),
    "层": ("层",),
    None: ("年", "年度"),
}
# A column in one of these must have its unit stated: 元 and 万元, 平方米 and 公顷 are both usual, and
# 0.85 may be 85 % or less than one.
# A count of persons or households is taken as such.
MUST_STATE = frozenset(["元", "平方米", "%"])

PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,15})?\Z", re.ASCII)
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\Z", re.ASCII)
HEAD = re.compile(r"([+-]?\d[\d,.]*)(\D.*)?\Z", re.ASCII)
WORD = re.compile("[A-Za-z\u4e00-\u9fff]+\\Z")
SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+\Z", re.ASCII)
RANGE = re.compile(r"\d\D{0,2}\s*[~～—–\-至到]\s*\d")
ABOUT_BEFORE = re.compile(r"(约|大约|近|将近|超过|超|逾|不足|至少|最多|≈|~|>|<|≥|≤)")
ABOUT_AFTER = re.compile(r"左右|上下|以上|以下|余|多|\+")
LARGEST = Decimal(10) ** 15
LARGEST_INTEGER = 2**31 - 1


def units(unit: str | None) -> dict[str, int]:
    """The units a column in `unit` may be written in, with how many of `unit` each is."""
    if unit in MEASURES:
        return MEASURES[unit]
    if unit is None:
        return dict.fromkeys(COUNTERS[None], 1)
    scales = {"": 1, "千": 10**3, "万": 10**4, "亿": 10**8}
    words = ("", *COUNTERS.get(unit, (unit,)))
    return {scale + word: size for scale, size in scales.items() for word in words if scale + word}


def factor(unit: str | None, stated: str | None) -> int | None:
    """How many of `unit` one of `stated` is; None when it is not one of its units.

    Nothing stated is the unit itself, but for money and area, where it is None.
    """
    if stated is None:
        return None if unit in MUST_STATE else 1
    return units(unit).get(clean(stated).replace("²", "2").replace(" ", ""))


def chinese_integer(text: str) -> int | None:
    """The value of a Chinese numeral, or None when it has no single certain reading.

    一百二十六 and 二〇二六 are read; 一百五 (105 or 150), 三二 and a bare 万 are not.
    """
    if not text or not CHINESE_DIGITS.issuperset(text):
        return None
    if all(character in DIGITS for character in text):
        certain = len(text) == 1 or "〇" in text or "零" in text or len(text) == 4
        return int("".join(str(DIGITS[c]) for c in text)) if certain else None
    if text[0] in MYRIADS or (text[0] in TENS and text[0] not in "十拾"):
        return None
    total = section = 0
    digit: int | None = None
    last_ten, last_myriad = 10**9, 10**12
    for place, character in enumerate(text):
        if character in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[character]
        elif character in TENS:
            ten = TENS[character]
            bare_ten = digit is None and ten == 10 and section == 0
            if ten >= last_ten or digit == 0 or (digit is None and not bare_ten):
                return None
            section += (digit or 1) * ten
            last_ten, digit = ten, None
        else:
            myriad = MYRIADS[character]
            if myriad >= last_myriad or section + (digit or 0) == 0:
                return None
            if digit and place > 1 and text[place - 2] not in "十拾零〇万萬亿億":
                return None
            total += (section + (digit or 0)) * myriad
            section, digit = 0, None
            last_ten, last_myriad = 10**9, myriad
    # A closing digit stands for ones only after 十 or 零: 一百五 and 一万二 have two readings.
    if digit and len(text) > 1 and text[-2] not in "十拾零〇":
        return None
    return total + section + (digit or 0)


def number(raw: object, column: Column, scale: int | None) -> Parsed:
    """A number in the column's unit: int for integer and money columns, float for the others.

    `scale` is how many of the column's unit one of the header's is (万元 for 元: 10,000), None
    where no unit is stated; then the cell must state one.
    """
    own, note = None, False
    if type(raw) is str and PLAIN.match(raw):
        digits: str | int = raw
    elif isinstance(raw, bool):
        return _fail("非数", raw)
    elif isinstance(raw, dt.date | dt.time):
        return _fail("数成日期", raw)
    elif isinstance(raw, int):
        digits = raw
    elif isinstance(raw, float):
        if not math.isfinite(raw):
            return _fail("非数", raw)
        # A workbook holds 15 digits; what follows is the noise of binary fractions.
        digits = f"{raw:.15g}"
    else:
        text, done = text_of(raw, column)
        if done is not None:
            return done
        spelled = _spelled(text, column)
        if spelled.code:
            return spelled
        digits, own, note = spelled.value
    if own is None and scale is None:
        return _fail("单位不明", raw, title=column.title)
    figure = Decimal(digits) * (scale if own is None else own)
    if abs(figure) > (LARGEST_INTEGER if column.kind == "integer" else LARGEST):
        return _fail("越界", raw, range="数值过大")
    if column.kind == "number":
        value: int | float = float(figure)
    elif figure == figure.to_integral_value():
        value = int(figure)
    else:
        return _fail("非整数", raw, unit=column.unit or "")
    if not _within(value, column):
        return _fail("越界", raw, range=bounds(column))
    return Parsed(value, note=f"读作 {value:,}{column.unit or ''}" if note else "")


def _spelled(text: str, column: Column) -> Parsed:
    """The digits of a number in any of its spellings, its own unit's size or None, and whether
    that took interpreting."""
    if SCIENTIFIC.match(text):
        return _fail("科学计数法", text)
    if text.endswith("%") and column.unit != "%":
        return _fail("百分数", text)
    if RANGE.search(text):
        return _fail("区间", text)
    if ABOUT_BEFORE.match(text):
        return _fail("约数", text)
    rest = re.sub(r"^(¥|人民币)", "", text.replace(" ", "")).replace("m²", "m2")
    # Grouping by spaces is read only where it is grouping: 1 292, but not 12 92.
    if re.search(r"\d \d", text) and not re.match(r"\d{1,3}( \d{3})+(\D|$)", text, re.ASCII):
        return _fail("非数", text)
    if column.unit == "元":
        rest = re.sub("元[整正]$", "元", rest)
    words = units(column.unit)
    if split := HEAD.match(rest):
        stem, word = split[1], split[2] or ""
        if ABOUT_AFTER.search(word):
            return _fail("约数", text)
        if len(stem) > 24 or not NUMBER.match(stem):
            return _fail("非数", text)
        if word and word not in words:
            if WORD.match(word):
                return _fail("单位不识", text, known="、".join(words))
            return _fail("非数", text)
        own = words[word] if word else None
        return Parsed((stem.replace(",", ""), own, own is not None and own != 1))
    if rest and rest[0] in CHINESE_DIGITS and ABOUT_AFTER.search(rest):
        return _fail("约数", text)
    word = max((w for w in words if words[w] == 1 and rest.endswith(w)), key=len, default="")
    numeral = rest.removesuffix(word)
    value = chinese_integer(numeral)
    if value is None:
        return _fail("非数", text)
    # 十二万 in a column of 万元 is 120,000 already; 十二 there is twelve 万元.
    own = 1 if word or not MYRIADS.keys().isdisjoint(numeral) else None
    return Parsed((str(value), own, True))


def _within(value: float, column: Column) -> bool:
    return not (
        (column.lo is not None and value < column.lo)
        or (column.hi is not None and value > column.hi)
        or (column.above is not None and value <= column.above)
    )


def bounds(column: Column) -> str:
    """The range of a column in words."""
    unit = f" {column.unit}" if column.unit else ""
    if column.above is not None:
        return f"大于 {column.above}{unit}"
    if column.hi is None:
        return f"不小于 {column.lo}{unit}"
    if column.lo is None:
        return f"不大于 {column.hi}{unit}"
    hi = f"{column.hi:,}" if unit else column.hi
    return f"{column.lo} 至 {hi}{unit}"


# ------------------------------------------------------------------- words, codes and choices

TEXT_LIMIT = 200
CODE_LIMIT = 60


def text(raw: object, column: Column, _: int | None = None) -> Parsed:
    """A text, cleaned. A date is none: Excel makes one of 1-2栋 typed as 1-2."""
    if isinstance(raw, dt.date | dt.time):
        return _fail("数成日期", raw)
    if isinstance(raw, float) and math.isfinite(raw):
        raw = int(raw) if raw.is_integer() else f"{raw:.15g}"
    words, done = text_of(raw, column)
    if done is not None:
        return done
    if len(words) > TEXT_LIMIT:
        return _fail("过长", raw, length=len(words), limit=TEXT_LIMIT)
    if "\ufffd" in words or "锟斤拷" in words:
        return _fail("乱码", raw)
    return Parsed(words)


FRACTION = re.compile(r"\d+\.0+\Z", re.ASCII)


def code(raw: object, column: Column, _: int | None = None) -> Parsed:
    """An identifier: text without spaces, also where the workbook holds it as a number."""
    numeric = isinstance(raw, int | float)
    if isinstance(raw, dt.date | dt.time):
        return _fail("数成日期", raw)
    if isinstance(raw, bool):
        return _fail("非编号", raw)
    if numeric and abs(raw) >= 1e15:
        return _fail("科学计数法", raw)
    if isinstance(raw, float):
        if not raw.is_integer():
            return _fail("非编号", raw)
        raw = int(raw)
    words, done = text_of(raw, column)
    if done is not None:
        return done
    words = words.replace(" ", "")
    if SCIENTIFIC.match(words) and re.search("[+.]", words):
        return _fail("科学计数法", raw)
    if FRACTION.match(words):
        return _fail("编号成小数", raw)
    if len(words) > CODE_LIMIT:
        return _fail("过长", raw, length=len(words), limit=CODE_LIMIT)
    if column.length and len(words) != column.length:
        problem = "前导零" if words.isdecimal() and len(words) < column.length else "编号长度"
        return _fail(problem, raw, digits=len(words), length=column.length)
    if "\ufffd" in words or "锟斤拷" in words:
        return _fail("乱码", raw)
    return Parsed(words)


def choice(raw: object, column: Column, _: int | None = None) -> Parsed:
    """One of the allowed words."""
    words, done = text_of(raw, column)
    if done is not None:
        return done
    words = words.replace(" ", "")
    if words in column.allowed:
        return Parsed(words)
    allowed = list(column.allowed)
    return _fail("不在选项", raw, near=near(words, allowed), allowed="、".join(allowed))


def boolean(raw: object, column: Column, _: int | None = None) -> Parsed:
    """是 or 否; 有 and 无 say the same here."""
    if isinstance(raw, bool):
        return Parsed(raw)
    if isinstance(raw, str):
        words = clean(raw)
        if words in ("是", "有"):
            return Parsed(True)
        if words in ("否", "无"):
            return Parsed(False)
    _, done = text_of(raw, column)
    return done if done is not None else _fail("非是否", raw)


# ------------------------------------------------------------------------------ dates and times

FIRST_DAY = dt.date(1949, 10, 1)
LAST_DAY = dt.date(2099, 12, 31)
SERIAL_EPOCH = dt.date(1899, 12, 30)
DAY = re.compile(r"(\d{4})(?:[-/.。—–年])(\d{1,2})(?:[-/.。—–月])(\d{1,2})[日号]?\Z", re.ASCII)
DAY_8 = re.compile(r"(\d{4})(\d{2})(\d{2})\Z", re.ASCII)
SHORT_YEAR = re.compile(r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?\Z", re.ASCII)
MONTH = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})月?\Z", re.ASCII)
MONTH_6 = re.compile(r"(\d{4})(\d{2})\Z", re.ASCII)
# What may follow a day: its weekday, a time.
CLOCK = re.compile(
    r" ?\(?(?:星期|周)[一二三四五六日天]\)?\Z|[T ]?(?:上午|下午)?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\Z",
    re.ASCII,
)
MINUTE = re.compile(r"(\d{1,2})(?::|点|时)(\d{1,2})?分?(?::00)?\Z", re.ASCII)


def date(raw: object, column: Column, _: int | None = None) -> Parsed:
    """A day, in any of its usual spellings; a time of day after it is left off."""
    note = ""
    if isinstance(raw, MonthOnly):
        return _fail("日期缺日", raw)
    if isinstance(raw, dt.datetime):
        day = raw.date()
    elif isinstance(raw, dt.date):
        day = raw
    elif isinstance(raw, bool | dt.time):
        return _fail("非日期", raw)
    elif isinstance(raw, int | float) and 30_000 <= raw <= 73_050:
        day = SERIAL_EPOCH + dt.timedelta(days=int(raw))
        note = f"按 Excel 日期序号读作 {day}"
    else:
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        words, done = text_of(raw, column)
        if done is not None:
            return done
        words = _arabic(CLOCK.sub("", words).replace(" ", ""))
        found = DAY.match(words) or DAY_8.match(words)
        if not found:
            if MONTH.match(words) or MONTH_6.match(words):
                return _fail("日期缺日", raw)
            return _fail("年份两位" if SHORT_YEAR.match(words) else "非日期", raw)
        try:
            day = dt.date(*map(int, found.groups()))
        except ValueError:
            return _fail("无此日", raw)
    if not FIRST_DAY <= day <= LAST_DAY:
        return _fail("日期越界", raw)
    return Parsed(day, note=note)


def _arabic(words: str) -> str:
    """二〇二六年三月五日 with its numerals as digits, where each has one certain reading."""
    if words[-1:] not in "日号月":
        return words

    def digits(numeral: re.Match) -> str:
        value = chinese_integer(numeral[0])
        return numeral[0] if value is None else str(value)

    return re.sub("[〇零一二三四五六七八九十]+", digits, words)


def month(raw: object, column: Column, _: int | None = None) -> Parsed:
    """The first day of a month."""
    if isinstance(raw, dt.date):
        first = dt.date(raw.year, raw.month, 1)
    elif isinstance(raw, float) and not raw.is_integer():
        # 2026.1 in a number cell is also what becomes of 2026.10.
        return _fail("月份两可" if f"{raw:.15g}".endswith(".1") else "非月份", raw)
    else:
        if isinstance(raw, float):
            raw = int(raw)
        words, done = text_of(raw, column)
        if done is not None:
            return done
        words = _arabic(CLOCK.sub("", words).replace(" ", ""))
        found = MONTH.match(words) or MONTH_6.match(words) or DAY.match(words)
        if not found:
            return _fail("非月份", raw)
        try:
            first = dt.date(int(found[1]), int(found[2]), 1)
        except ValueError:
            return _fail("非月份", raw)
    if not FIRST_DAY <= first <= LAST_DAY:
        return _fail("日期越界", raw)
    return Parsed(first)


def weekday(raw: object, column: Column, _: int | None = None) -> Parsed:
    """1 for Monday to 7 for Sunday."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    words, done = text_of(raw, column)
    if done is not None:
        return done
    short = re.sub(r"^(周|星期|礼拜)", "", words.replace(" ", ""))
    for names in ("一二三四五六日", "1234567", "一二三四五六天"):
        if len(short) == 1 and short in names:
            return Parsed(names.index(short) + 1)
    return _fail("非星期", raw)


def time(raw: object, column: Column, _: int | None = None) -> Parsed:
    """Minutes since midnight; 24:00 is 1440."""
    minute: float | None = None
    if isinstance(raw, dt.datetime):
        # Excel holds 24:00 as the first day of its calendar.
        if raw.year <= 1904 and raw.time() == dt.time():
            minute = 1440
    elif isinstance(raw, dt.time):
        minute = raw.hour * 60 + raw.minute + (raw.second + raw.microsecond / 1e6) / 60
    elif isinstance(raw, float) and 0 < raw <= 1:
        minute = raw * 1440
    elif not isinstance(raw, dt.date | bool | int | float):
        words, done = text_of(raw, column)
        if done is not None:
            return done
        if found := MINUTE.match(words.replace(" ", "")):
            hour, part = int(found[1]), int(found[2] or 0)
            if part < 60 and (hour < 24 or (hour == 24 and part == 0)):
                minute = hour * 60 + part
    if minute is None or abs(minute - round(minute)) > 1e-3:
        return _fail("非时刻", raw)
    if not _within(round(minute), column):
        return _fail("非时刻", raw)
    return Parsed(round(minute))


# ----------------------------------------------------------------------------------- coordinates

DEGREES = re.compile(r"-?\d{1,9}(\.\d+)?\Z", re.ASCII)
SEXAGESIMAL = re.compile(
    r"(?:东经|北纬|[EN])?(\d{1,3})[°度]([0-5]?\d)[′'’分]([0-5]?\d(?:\.\d+)?)"
    r"(?:″|\"|”|秒|′′|'')?[EN东经北纬]*\Z", re.ASCII
)  # fmt: skip
# Where the other coordinate of a place in China lies.
SWAPPED = {"lon": (15, 55), "lat": (70, 140)}


def degree(raw: object, column: Column, _: int | None = None) -> Parsed:
    """A longitude or latitude in decimal degrees."""
    if isinstance(raw, bool | dt.date | dt.time):
        return _fail("非坐标", raw)
    if isinstance(raw, int | float) or (type(raw) is str and PLAIN.match(raw)):
        value = float(raw)
    else:
        words, done = text_of(raw, column)
        if done is not None:
            return done
        words = words.replace(" ", "")
        plain = re.sub(r"^(东经|北纬|[EN])|([°度]?[EN]?)$", "", words)
        if found := SEXAGESIMAL.match(words):
            degrees, minutes, seconds = map(float, found.groups())
            value = degrees + minutes / 60 + seconds / 3600
        elif DEGREES.match(plain):
            value = float(plain)
        else:
            return _fail("非坐标", raw)
    if not math.isfinite(value):
        return _fail("非坐标", raw)
    if column.lo <= value <= column.hi:
        return Parsed(value)
    low, high = SWAPPED[column.kind]
    if low <= value <= high:
        return _fail("经纬颠倒", raw)
    return _fail("坐标出界", raw, range=bounds(column))


PARSERS: dict[str, Callable[[object, Column, int | None], Parsed]] = {
    "text": text,
    "code": code,
    "integer": number,
    "number": number,
    "money": number,
    "date": date,
    "month": month,
    "boolean": boolean,
    "choice": choice,
    "weekday": weekday,
    "time": time,
    "lon": degree,
    "lat": degree,
}
