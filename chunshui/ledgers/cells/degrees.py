"""Longitudes and latitudes."""

import datetime as dt
import math
import re

from chunshui.ledgers.cells.numbers import PLAIN
from chunshui.ledgers.cells.parsed import Parsed, failure, text_of
from chunshui.ledgers.contracts.contract import Column

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
        return failure("非坐标", raw)
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
            return failure("非坐标", raw)
    if not math.isfinite(value):
        return failure("非坐标", raw)
    low, high = SWAPPED[column.kind]
    if low <= value <= high:
        return failure("经纬颠倒", raw)
    if column.admits(value):
        return Parsed(value)
    return failure("坐标出界", raw, range=column.bounds)
