"""Cells: what is read exactly, what is refused, and that nothing is guessed."""

import datetime as dt
import math
import os
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chunshui.ledgers.cells import PARSERS
from chunshui.ledgers.cells.days import date
from chunshui.ledgers.cells.messages import explain
from chunshui.ledgers.cells.numbers import chinese_integer, number
from chunshui.ledgers.cells.units import factor
from chunshui.ledgers.contracts.contract import Column
from chunshui.ledgers.sheet import Uncalculated

YUAN = Column("x", "金额", "money", unit="元")
PERSONS = Column("x", "人数", "integer", unit="人")
HOUSEHOLDS = Column("x", "户数", "integer", unit="户")
AREA = Column("x", "面积", "number", unit="平方米")
METRES = Column("x", "长度", "number", unit="米", above=0)
YEAR = Column("x", "年份", "integer", lo=1900, hi=2100)
OPTIONAL = Column("x", "人数", "integer", unit="人", required=False)
DAY = Column("x", "日期", "date")
MONTH = Column("x", "月份", "month")
CODE = Column("x", "编号", "code")
CODE_9 = Column("x", "编号", "code", length=9)
TEXT = Column("x", "名称", "text")
WORD = Column("x", "级别", "choice", allowed=("市级", "区级"))
YES = Column("x", "电梯", "boolean")
WEEKDAY = Column("x", "星期", "weekday", lo=1, hi=7)
TIME = Column("x", "时间", "time", hi=1440)
LON = Column("lon", "经度", "lon", lo=70, hi=140)
LAT = Column("lat", "纬度", "lat", lo=0, hi=60)

WAN = 10_000

READ = [
    # column, scale of the header's unit, cell, value
    (YUAN, WAN, "34.9亿", 3_490_000_000),
    (YUAN, WAN, "34.9亿元", 3_490_000_000),
    (YUAN, WAN, "３４．９亿", 3_490_000_000),
    (YUAN, WAN, "232.6万元", 2_326_000),
    (YUAN, WAN, "232.6", 2_326_000),
    (YUAN, WAN, 232.6, 2_326_000),
    (YUAN, WAN, 0.1 + 0.2, 3_000),
    (YUAN, WAN, "3，200.50", 32_005_000),
    (YUAN, WAN, "¥1,050万元", 10_500_000),
    (YUAN, WAN, "人民币 12 万元", 120_000),
    (YUAN, WAN, "十二万", 120_000),
    (YUAN, WAN, "十二", 120_000),
    (YUAN, WAN, "十二元", 12),
    (YUAN, None, "12万", 120_000),
    (YUAN, WAN, "2326000元", 2_326_000),
    (YUAN, WAN, "-3", -30_000),
    (PERSONS, 1, "1,292名", 1292),
    (PERSONS, 1, 1292, 1292),
    (PERSONS, 1, "１２９２", 1292),
    (PERSONS, 1, " 1 292名", 1292),
    (PERSONS, 1, "53万人", 530_000),
    (PERSONS, 1, "53万", 530_000),
    (PERSONS, WAN, "53", 530_000),
    (PERSONS, WAN, "53人", 53),
    (PERSONS, 1, "一千二百九十二", 1292),
    (PERSONS, 1, "十一", 11),
    (PERSONS, 1, "二十二个", 22),
    (PERSONS, 1, "一百二十六", 126),
    (PERSONS, 1, "两千零二十六", 2026),
    (PERSONS, 1, "二〇二六", 2026),
    (PERSONS, 1, "壹佰贰拾陆", 126),
    (PERSONS, 1, "五十三万", 530_000),
    (PERSONS, 1, 12.0, 12),
    (PERSONS, 1, "12.0", 12),
    (PERSONS, 1, "\u200b332\ufeff", 332),
    (PERSONS, 1, "-0", 0),
    (HOUSEHOLDS, 1, "六百二十六家", 626),
    (AREA, 1, "30万方", 300_000.0),
    (AREA, 1, "30万平方米", 300_000.0),
    (AREA, 1, "680㎡", 680.0),
    (AREA, 1, "680m²", 680.0),
    (AREA, 1, "680.5平米", 680.5),
    (AREA, 1, "1.2公顷", 12_000.0),
    (METRES, 1, "1.2公里", 1200.0),
    (YEAR, 1, "1998年", 1998),
    (YEAR, 1, 1998.0, 1998),
    (OPTIONAL, 1, None, None),
    (OPTIONAL, 1, " — ", None),
    (OPTIONAL, 1, "无", None),
    (DAY, 1, "2025-03-31", dt.date(2025, 3, 31)),
    (DAY, 1, "2025.4.30", dt.date(2025, 4, 30)),
    (DAY, 1, "2025/4/3", dt.date(2025, 4, 3)),
    (DAY, 1, "2025 年 10 月 31 日", dt.date(2025, 10, 31)),
    (DAY, 1, "2025 年 10 月 31 日", dt.date(2025, 10, 31)),
    (DAY, 1, "２０２５年３月１日", dt.date(2025, 3, 1)),
    (DAY, 1, "20250331", dt.date(2025, 3, 31)),
    (DAY, 1, 20250331, dt.date(2025, 3, 31)),
    (DAY, 1, 20250331.0, dt.date(2025, 3, 31)),
    (DAY, 1, 45900, dt.date(2025, 8, 31)),
    (DAY, 1, "2025-03-31 00:00:00", dt.date(2025, 3, 31)),
    (DAY, 1, dt.datetime(2025, 3, 31, 14, 20), dt.date(2025, 3, 31)),
    (MONTH, 1, "2026-10", dt.date(2026, 10, 1)),
    (MONTH, 1, "2026.3", dt.date(2026, 3, 1)),
    (MONTH, 1, "2026年3月", dt.date(2026, 3, 1)),
    (MONTH, 1, "202603", dt.date(2026, 3, 1)),
    (MONTH, 1, 202603, dt.date(2026, 3, 1)),
    (MONTH, 1, dt.date(2026, 3, 15), dt.date(2026, 3, 1)),
    (CODE, 1, " Ｇ-01 ", "G-01"),
    (CODE, 1, 420104001.0, "420104001"),
    (CODE, 1, "007", "007"),
    (CODE_9, 1, 420104001, "420104001"),
    (TEXT, 1, " 古一　社区 ", "古一 社区"),
    (TEXT, 1, "=1+1", "=1+1"),
    (WORD, 1, "市 级", "市级"),
    (YES, 1, "有", True),
    (YES, 1, "无", False),
    (YES, 1, False, False),
    (WEEKDAY, 1, "星期天", 7),
    (WEEKDAY, 1, "周一", 1),
    (WEEKDAY, 1, 3.0, 3),
    (TIME, 1, "8:30", 510),
    (TIME, 1, "08：30", 510),
    (TIME, 1, "8点", 480),
    (TIME, 1, "24:00", 1440),
    (TIME, 1, dt.time(8, 30), 510),
    (TIME, 1, dt.datetime(1900, 1, 1), 1440),
    (TIME, 1, 0.5, 720),
    (LON, 1, 114.27, 114.27),
    (LON, 1, "114.271° ", 114.271),
    (LON, 1, "东经114.27", 114.27),
    (LON, 1, "114°16′12″E", 114.27),
    (LAT, 1, "30.5°N", 30.5),
]

REFUSED = [
    (YUAN, WAN, "约34.9亿", "约数"),
    (YUAN, WAN, "#N/A", "公式错误"),
    (YUAN, WAN, Uncalculated("=SUM(A1:A2)"), "公式未算"),
    (YUAN, WAN, "—", "必填"),
    (YUAN, WAN, "1e999", "科学计数法"),
    (YUAN, WAN, 1e300, "越界"),
    (YUAN, WAN, math.inf, "非数"),
    (YUAN, WAN, math.nan, "非数"),
    (YUAN, WAN, "5%", "百分数"),
    (YUAN, WAN, "3-5万", "区间"),
    (YUAN, WAN, "1.2.3", "非数"),
    (YUAN, WAN, "12,34", "非数"),
    (YUAN, 1, "0.5", "非整数"),
    (YUAN, None, "12", "单位不明"),
    (YUAN, WAN, "12美元", "单位不识"),
    (PERSONS, 1, "10²", "非数"),
    (PERSONS, 1, "①", "非数"),
    (PERSONS, 1, "9" * 5000, "非数"),
    (PERSONS, 1, "1e999999999", "科学计数法"),
    (PERSONS, 1, "约440", "约数"),
    (PERSONS, 1, "440余个", "约数"),
    (PERSONS, 1, "超440个", "约数"),
    (PERSONS, 1, "100多人", "约数"),
    (PERSONS, 1, "一百余人", "约数"),
    (PERSONS, 1, "100+", "约数"),
    (PERSONS, 1, "300至400", "区间"),
    (PERSONS, 1, "一百五", "非数"),
    (PERSONS, 1, "一万二", "非数"),
    (PERSONS, 1, "三二", "非数"),
    (PERSONS, 1, "几百", "非数"),
    (PERSONS, 1, "1万2", "非数"),
    (PERSONS, 1, "12万5千", "非数"),
    (PERSONS, 1, "12 92", "非数"),
    (PERSONS, 1, "1O0", "非数"),
    (PERSONS, 1, "1,2345", "非数"),
    (PERSONS, 1, "万", "非数"),
    (PERSONS, 1, "个", "非数"),
    (PERSONS, 1, "12.5", "非整数"),
    (PERSONS, 1, 3_000_000_000, "越界"),
    (PERSONS, 1, True, "非数"),
    (PERSONS, 1, dt.date(2025, 1, 2), "数成日期"),
    (PERSONS, 1, "待定", "待定"),
    (PERSONS, 1, "12户", "单位不识"),
    (METRES, 1, 0, "越界"),
    (YEAR, 1, "98年", "越界"),
    (YEAR, 1, "1998年5月", "非数"),
    (OPTIONAL, 1, "待定", "待定"),
    (DAY, 1, "2025年5月", "日期缺日"),
    (DAY, 1, "2025.10", "日期缺日"),
    (DAY, 1, "2025-13-01", "无此日"),
    (DAY, 1, "2025-02-30", "无此日"),
    (DAY, 1, "25.3.1", "年份两位"),
    (DAY, 1, "3月31日", "非日期"),
    (DAY, 1, "民国100年3月2日", "非日期"),
    (DAY, 1, "31/03/2025", "非日期"),
    (DAY, 1, "Mar 31, 2025", "非日期"),
    (DAY, 1, "明年春天", "非日期"),
    (DAY, 1, 0.5, "非日期"),
    (DAY, 1, "2205-03-01", "日期越界"),
    (DAY, 1, "待定", "待定"),
    (MONTH, 1, 2026.1, "月份两可"),
    (MONTH, 1, "2026-13", "非月份"),
    (MONTH, 1, "十月", "非月份"),
    (CODE, 1, 4.2010419900101e17, "科学计数法"),
    (CODE, 1, "4.2E+17", "科学计数法"),
    (CODE, 1, dt.date(2025, 1, 2), "数成日期"),
    (CODE_9, 1, 20104001, "前导零"),
    (CODE_9, 1, "4201040011", "编号长度"),
    (CODE, 1, True, "非编号"),
    (TEXT, 1, dt.date(2026, 1, 2), "数成日期"),
    (TEXT, 1, "长" * 201, "过长"),
    (TEXT, 1, "\ufffd社区", "乱码"),
    (TEXT, 1, "#REF!", "公式错误"),
    (WORD, 1, "省级", "不在选项"),
    (YES, 1, "√", "非是否"),
    (WEEKDAY, 1, "周一至周五", "非星期"),
    (TIME, 1, "24:01", "非时刻"),
    (TIME, 1, "8:60", "非时刻"),
    (TIME, 1, "上午", "非时刻"),
    (TIME, 1, 8.5, "非时刻"),
    (LON, 1, 30.575, "经纬颠倒"),
    (LAT, 1, 114.2, "经纬颠倒"),
    (LON, 1, "12719000", "坐标出界"),
    (LON, 1, "114,27", "非坐标"),
    (LON, 1, "nan", "非坐标"),
    (LON, 1, "见地图", "非坐标"),
    (LON, 1, None, "必填"),
]


@pytest.mark.parametrize(("column", "scale", "raw", "value"), READ, ids=repr)
def test_read(column, scale, raw, value):
    parsed = PARSERS[column.kind](raw, column, scale)
    assert (parsed.code, parsed.value) == (None, value)
    assert type(parsed.value) is type(value)


@pytest.mark.parametrize(("column", "scale", "raw", "code"), REFUSED, ids=lambda v: repr(v)[:40])
def test_refused(column, scale, raw, code):
    parsed = PARSERS[column.kind](raw, column, scale)
    assert (parsed.code, parsed.value) == (code, None)
    what, mend = explain(parsed.code, parsed.facts)
    assert "{" not in what + mend
    assert len(what) < 120


def test_what_was_interpreted_is_said():
    assert number("34.9亿", YUAN, WAN).note == "读作3,490,000,000元"
    assert number("十一", PERSONS, 1).note == "读作11人"
    assert number("1,292名", PERSONS, 1).note == ""
    assert "2025-08-31" in date(45900, DAY).note
    assert number("无", OPTIONAL, 1).note == "视为空"


@pytest.mark.parametrize(
    ("unit", "stated", "size"),
    [
        ("元", "万元", WAN), ("元", "亿元", 10**8), ("元", None, None), ("元", "美元", None),
        ("平方米", "万㎡", WAN), ("平方米", "m²", 1), ("平方米", None, None),
        ("人", "万人", WAN), ("人", None, 1), ("户", "户", 1), ("户", "人", None), ("米", "km", 1000),
    ],
)  # fmt: skip
def test_the_unit_of_a_header(unit, stated, size):
    assert factor(unit, stated) == size


# -------------------------------------------------------------------------------- properties

FULL_WIDTH = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")
DIGITS = "零一二三四五六七八九"


def thousands(number: int) -> str:
    out, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            out += ("零" if gap and out else "") + DIGITS[digit] + unit
        gap = not digit
    return out


def chinese(number: int) -> str:
    """The everyday numeral: 10,002 → 一万零二."""
    if number == 0:
        return "零"
    out, gap = "", False
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = number // size % 10**4
        if part:
            if out and (part < 1000 or gap):
                out += "零"
            out += thousands(part) + unit
        gap = bool(out) and not part
    return out[1:] if out.startswith("一十") else out


def exact(number: int, size: int) -> str:
    return format((Decimal(number) / size).normalize(), "f")


SPELLINGS = {
    "plain": str,
    "commas": lambda n: f"{n:,}",
    "full width": lambda n: str(n).translate(FULL_WIDTH),
    "full width commas": lambda n: f"{n:,}".translate(FULL_WIDTH),
    "counter": lambda n: f" {n}名 ",
    "commas and counter": lambda n: f"{n:,}人",
    "万": lambda n: exact(n, 10**4) + "万",
    "亿": lambda n: exact(n, 10**8) + "亿人",
    "chinese": chinese,
    "int": int,
    "float": float,
    "invisible": lambda n: f"\u200b{n}\ufeff",
    "spaces": lambda n: f"{n:,}".replace(",", " "),
    "point zero": lambda n: f"{n}.00",
}
NUMBERS = st.one_of(st.integers(0, 2000), st.integers(0, 10**6), st.integers(0, 2**31 - 1))


# `CHUNSHUI_SPELLINGS=60000 python -m pytest tests/ledgers/test_cells.py -k spelling` tries more.
TRIES = int(os.environ.get("CHUNSHUI_SPELLINGS", "2000"))


@given(NUMBERS, st.sampled_from(list(SPELLINGS)))
@settings(max_examples=TRIES, deadline=None, derandomize=True)
@example(1100, "chinese")
@example(10_002, "chinese")
@example(12_000, "chinese")
def test_every_spelling_of_a_number_is_read_exactly(number, spelling):
    raw = SPELLINGS[spelling](number)
    parsed = PARSERS["integer"](raw, PERSONS, 1)
    assert (parsed.code, parsed.value) == (None, number), raw


@given(st.integers(0, 35 * 10**8), st.sampled_from([1, 10**4, 10**8]))
@settings(max_examples=1000, deadline=None, derandomize=True)
def test_money_is_exact_in_every_unit(yuan, scale):
    raw = exact(yuan, scale)
    assert number(raw, YUAN, scale).value == yuan
    # As a workbook keeps it: 15 significant digits.
    if len(raw.replace(".", "").strip("0")) <= 15:
        assert number(float(raw), YUAN, scale).value == yuan


@given(st.integers(-(10**15), 10**15).map(lambda n: n / 10**6))
@settings(max_examples=500, deadline=None, derandomize=True)
def test_a_number_column_keeps_fifteen_digits(value):
    assert number(value, AREA, 1).value == value
    assert number(format(Decimal(repr(value)), "f"), AREA, 1).value == value


JUNK = st.one_of(
    st.text("0123456789,.万亿千百十一二三约余-~ /％%eE元户人O l①²½年月日:", max_size=9),
    st.text(max_size=12),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.none(),
)
COLUMNS = [
    YUAN, PERSONS, HOUSEHOLDS, AREA, METRES, YEAR, OPTIONAL, DAY, MONTH, CODE, CODE_9, TEXT, WORD,
    YES, WEEKDAY, TIME, LON, LAT,
]  # fmt: skip


@given(JUNK, st.sampled_from(COLUMNS), st.sampled_from([1, WAN, None]))
@settings(max_examples=1000, deadline=None, derandomize=True)
def test_parsers_are_total(raw, column, scale):
    """Anything at all is a value in bounds, or a code that can be said, and never an exception."""
    parsed = PARSERS[column.kind](raw, column, scale)
    if parsed.code is not None:
        assert parsed.value is None
        what, mend = explain(parsed.code, parsed.facts)
        assert what
        assert mend
    elif parsed.value is None:
        assert not column.required
    elif column.kind in ("integer", "money", "weekday", "time"):
        assert type(parsed.value) is int
        assert column.lo is None or parsed.value >= column.lo
        assert column.hi is None or parsed.value <= column.hi


@given(st.text("〇零一二两三四五六七八九十百千万亿", min_size=1, max_size=8))
@settings(max_examples=1000, deadline=None, derandomize=True)
def test_a_chinese_numeral_that_is_read_has_that_value(text):
    """Written out again in the everyday way it is the same numeral, but for 零, 两 and 〇."""
    value = chinese_integer(text)
    if value is None or not set(text) & set("十百千万亿") or "〇" in text:
        return

    def bare(numeral: str) -> str:
        return numeral.replace("零", "").replace("两", "二").replace("一十", "十")

    assert bare(chinese(value)) == bare(text)


@given(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)))
@settings(max_examples=500, deadline=None, derandomize=True)
def test_every_spelling_of_a_day_is_read(day):
    serial = (day - dt.date(1899, 12, 30)).days
    for raw in (
        day, dt.datetime.combine(day, dt.time(9)), f"{day}", f"{day:%Y%m%d}", int(f"{day:%Y%m%d}"),
        f"{day.year}.{day.month}.{day.day}", f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日", f"{day} 08:30", *([serial] if serial > 30_000 else []),
    ):  # fmt: skip
        assert date(raw, DAY).value == day, raw
