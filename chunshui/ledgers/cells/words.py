"""Texts, codes, choices, 是 and 否."""

import datetime as dt
import math
import re

from chunshui.ledgers.cells.messages import did_you_mean
from chunshui.ledgers.cells.numbers import SCIENTIFIC
from chunshui.ledgers.cells.parsed import Parsed, clean, failure, text_of
from chunshui.ledgers.contracts.contract import Column

TEXT_LIMIT = 200
CODE_LIMIT = 60
HAN = "[\u4e00-\u9fff]"
# A pair of brackets with a Chinese character right before, after, or at either end within.
BRACKETED = re.compile(rf"(?<={HAN})\([^()]*\)|\((?:{HAN}[^()]*|[^()]*{HAN})\)|\([^()]*\)(?={HAN})")
BESIDE_HAN = re.compile(f"(?<={HAN})[,:;!?]|[,:;!?](?={HAN})")
FULL_WIDTH = str.maketrans(",:;!?", "，：；！？")


def text(raw: object, column: Column, _: int | None = None) -> Parsed:
    """A text, cleaned. A date is none: Excel makes one of 1-2栋 typed as 1-2."""
    if isinstance(raw, dt.date | dt.time):
        return failure("数成日期", raw)
    if isinstance(raw, float) and math.isfinite(raw):
        raw = int(raw) if raw.is_integer() else f"{raw:.15g}"
    words, done = text_of(raw, column)
    if done is not None:
        return done
    if len(words) > TEXT_LIMIT:
        return failure("过长", raw, length=len(words), limit=TEXT_LIMIT)
    if "\ufffd" in words or "锟斤拷" in words:
        return failure("乱码", raw)
    return Parsed(_as_chinese_is_written(words))


def _as_chinese_is_written(words: str) -> str:
    """The text with full-width punctuation among Chinese characters: one spelling of 东里（一期）.

    Two ledgers that name a thing with brackets of two widths name the same thing.
    """
    if not re.search(HAN, words):
        return words
    while (wider := BRACKETED.sub(lambda pair: f"（{pair[0][1:-1]}）", words)) != words:
        words = wider  # of brackets within brackets the inner ones first
    return BESIDE_HAN.sub(lambda sign: sign.group().translate(FULL_WIDTH), words)


FRACTION = re.compile(r"\d+\.0+\Z", re.ASCII)


def code(raw: object, column: Column, _: int | None = None) -> Parsed:
    """An identifier: text without spaces, also where the workbook holds it as a number."""
    if isinstance(raw, dt.date | dt.time):
        return failure("数成日期", raw)
    if isinstance(raw, bool):
        return failure("非编号", raw)
    if isinstance(raw, int | float) and abs(raw) >= 1e15:
        return failure("科学计数法", raw)
    if isinstance(raw, float):
        if not raw.is_integer():
            return failure("非编号", raw)
        raw = int(raw)
    words, done = text_of(raw, column)
    if done is not None:
        return done
    words = words.replace(" ", "")
    if SCIENTIFIC.match(words) and re.search("[+.]", words):
        return failure("科学计数法", raw)
    if FRACTION.match(words):
        return failure("编号成小数", raw)
    if len(words) > CODE_LIMIT:
        return failure("过长", raw, length=len(words), limit=CODE_LIMIT)
    if column.length and len(words) != column.length:
        problem = "前导零" if words.isdecimal() and len(words) < column.length else "编号长度"
        return failure(problem, raw, digits=len(words), length=column.length)
    if "\ufffd" in words or "锟斤拷" in words:
        return failure("乱码", raw)
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
    return failure("不在选项", raw, near=did_you_mean(words, allowed), allowed="、".join(allowed))


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
    return text_of(raw, column)[1] or failure("非是否", raw)
