"""Numbers, in figures or in Chinese numerals, with or without a unit of their own."""

import datetime as dt
import math
import re
from decimal import Decimal

from chunshui.ledgers.cells.parsed import Parsed, failure, text_of
from chunshui.ledgers.cells.units import units
from chunshui.ledgers.contracts.contract import Column

DIGITS = dict(zip("零〇一二三四五六七八九两", [0, 0, *range(1, 10), 2], strict=True)) | dict(
    zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)
)
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
CHINESE_DIGITS = frozenset([*DIGITS, *TENS, *MYRIADS])
PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,15})?\Z", re.ASCII)
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\Z", re.ASCII)
HEAD = re.compile(r"([+-]?\d[\d,.]*)(\D.*)?\Z", re.ASCII)
WORD = re.compile("[A-Za-z\u4e00-\u9fff]+\\Z")
SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+\Z", re.ASCII)
RANGE = re.compile(r"\d\D{0,2}\s*[~～—–\-至到]\s*\d")
ABOUT_BEFORE = re.compile(r"(约|大约|近|将近|超过|超|逾|不足|至少|最多|≈|~|>|<|≥|≤)")
ABOUT_AFTER = re.compile(r"左右|上下|以上|以下|余|多|\+")
LARGEST = Decimal(10) ** 15
LARGEST_EXACT = 2**53  # of the whole numbers that a float holds one by one
LARGEST_INTEGER, LARGEST_IDENTIFIER = 2**31 - 1, 2**63 - 1


def _most(column: Column) -> Decimal | int:
    """How far the numbers of a column may reach."""
    if column.identifies:
        return LARGEST_IDENTIFIER
    return LARGEST_INTEGER if column.kind == "integer" else LARGEST


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
        return failure("非数", raw)
    elif isinstance(raw, dt.date | dt.time):
        return failure("数成日期", raw)
    elif isinstance(raw, int):
        digits = raw
    elif isinstance(raw, float):
        if not math.isfinite(raw):
            return failure("非数", raw)
        if column.identifies and abs(raw) > LARGEST_EXACT:
            return failure("科学计数法", f"{raw:.15g}")
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
    size = scale if own is None else own
    if size is None:
        return failure("单位不明", raw, title=column.title)
    figure = Decimal(digits) * size
    if abs(figure) > _most(column):
        return failure("越界", raw, range="数值过大")
    if column.kind == "number":
        value: int | float = float(figure)
    elif figure == figure.to_integral_value():
        value = int(figure)
    else:
        return failure("非整数", raw, unit=column.unit or "")
    if not column.admits(value):
        return failure("越界", raw, range=column.bounds)
    return Parsed(value, note=f"读作{value:,}{column.unit or ''}" if note else "")


def _spelled(text: str, column: Column) -> Parsed:
    """The digits of a number in any of its spellings, its own unit's size or None, and whether
    that took interpreting.
    """
    if SCIENTIFIC.match(text):
        return failure("科学计数法", text)
    if text.endswith("%") and column.unit != "%":
        return failure("百分数", text)
    if RANGE.search(text):
        return failure("区间", text)
    if ABOUT_BEFORE.match(text):
        return failure("约数", text)
    rest = re.sub(r"^(¥|人民币)", "", text.replace(" ", "")).replace("m²", "m2")
    # Grouping by spaces is read only where it is grouping: 1 292, but not 12 92.
    if re.search(r"\d \d", text) and not re.match(r"\d{1,3}( \d{3})+(\D|$)", text, re.ASCII):
        return failure("非数", text)
    if column.unit == "元":
        rest = re.sub("元[整正]$", "元", rest)
    words = units(column.unit)
    if split := HEAD.match(rest):
        stem, word = split[1], split[2] or ""
        if ABOUT_AFTER.search(word):
            return failure("约数", text)
        if len(stem) > 24 or not NUMBER.match(stem):
            return failure("非数", text)
        if word and word not in words:
            if WORD.match(word):
                return failure("单位不识", text, known="、".join(words))
            return failure("非数", text)
        own = words[word] if word else None
        return Parsed((stem.replace(",", ""), own, own is not None and own != 1))
    if rest and rest[0] in CHINESE_DIGITS and ABOUT_AFTER.search(rest):
        return failure("约数", text)
    word = max((w for w in words if words[w] == 1 and rest.endswith(w)), key=len, default="")
    numeral = rest.removesuffix(word)
    value = chinese_integer(numeral)
    if value is None:
        return failure("非数", text)
    # 十二万 in a column of 万元 is 120,000 already; 十二 there is twelve 万元.
    own = 1 if word or not MYRIADS.keys().isdisjoint(numeral) else None
    return Parsed((str(value), own, True))
