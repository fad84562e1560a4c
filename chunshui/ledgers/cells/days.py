"""Days, months, weekdays and times of day."""

import datetime as dt
import re

from chunshui.ledgers.cells.numbers import chinese_integer
from chunshui.ledgers.cells.parsed import Parsed, failure, text_of
from chunshui.ledgers.contracts.contract import Column
from chunshui.ledgers.sheet import PartialDay

FIRST_DAY = dt.date(1949, 10, 1)
LAST_DAY = dt.date(2099, 12, 31)
FULL_DAYS = (dt.date(1900, 1, 1), dt.date(1904, 1, 2))  # 24:00, by either count of days
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
    if isinstance(raw, PartialDay):
        return failure("日期缺年" if "y" in raw.hidden else "日期缺日", raw)
    if isinstance(raw, dt.datetime):
        day = raw.date()
    elif isinstance(raw, dt.date):
        day = raw
    elif isinstance(raw, bool | dt.time):
        return failure("非日期", raw)
    elif isinstance(raw, int | float) and 30_000 <= raw <= 73_050:
        day = SERIAL_EPOCH + dt.timedelta(days=int(raw))
        note = f"按 Excel 日期序号读作{day}"
    else:
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        words, done = text_of(raw, column)
        if done is not None:
            return done
        words = _arabic(CLOCK.sub("", words).replace(" ", ""))
        matched = DAY.match(words) or DAY_8.match(words)
        if not matched:
            if MONTH.match(words) or MONTH_6.match(words):
                return failure("日期缺日", raw)
            return failure("年份两位" if SHORT_YEAR.match(words) else "非日期", raw)
        try:
            day = dt.date(*map(int, matched.groups()))
        except ValueError:
            return failure("无此日", raw)
    if not FIRST_DAY <= day <= LAST_DAY:
        return failure("日期越界", raw)
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
    if isinstance(raw, PartialDay) and raw.hidden != "d":
        return failure("日期缺年" if "y" in raw.hidden else "月份缺月", raw)
    if isinstance(raw, dt.date):
        first = dt.date(raw.year, raw.month, 1)
    elif isinstance(raw, float) and not raw.is_integer():
        # 2026.1 in a number cell is also what becomes of 2026.10.
        return failure("月份两可" if f"{raw:.15g}".endswith(".1") else "非月份", raw)
    else:
        if isinstance(raw, float):
            raw = int(raw)
        words, done = text_of(raw, column)
        if done is not None:
            return done
        words = _arabic(CLOCK.sub("", words).replace(" ", ""))
        matched = MONTH.match(words) or MONTH_6.match(words) or DAY.match(words)
        if not matched:
            return failure("非月份", raw)
        try:
            first = dt.date(int(matched[1]), int(matched[2]), 1)
        except ValueError:
            return failure("非月份", raw)
    if not FIRST_DAY <= first <= LAST_DAY:
        return failure("日期越界", raw)
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
    return failure("非星期", raw)


def time(raw: object, column: Column, _: int | None = None) -> Parsed:
    """Minutes since midnight; 24:00 is 1440."""
    minute: float | None = None
    if isinstance(raw, dt.datetime):
        # Excel holds 24:00 as the first day of its calendar.
        if raw.year <= 1904 and raw.time() == dt.time():
            minute = 1440
    elif raw in FULL_DAYS:
        minute = 1440
    elif isinstance(raw, dt.time):
        minute = raw.hour * 60 + raw.minute + (raw.second + raw.microsecond / 1e6) / 60
    elif isinstance(raw, float) and 0 < raw <= 1:
        minute = raw * 1440
    elif not isinstance(raw, dt.date | bool | int | float):
        words, done = text_of(raw, column)
        if done is not None:
            return done
        if matched := MINUTE.match(words.replace(" ", "")):
            hour, part = int(matched[1]), int(matched[2] or 0)
            if part < 60 and (hour < 24 or (hour == 24 and part == 0)):
                minute = hour * 60 + part
    if minute is None or abs(minute - round(minute)) > 1e-3:
        return failure("非时刻", raw)
    if not column.admits(round(minute)):
        return failure("非时刻", raw)
    return Parsed(round(minute))
