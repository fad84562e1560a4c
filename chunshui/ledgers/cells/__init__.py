"""From the cell of a ledger to a value.

Every parser is total: it returns a `Parsed` and never raises, and what cannot be read for certain
is a code with no value, never a guess; `messages` says each code in Chinese.
"""

from collections.abc import Callable

from chunshui.ledgers.cells.days import date, month, time, weekday
from chunshui.ledgers.cells.degrees import degree
from chunshui.ledgers.cells.numbers import number
from chunshui.ledgers.cells.parsed import Parsed
from chunshui.ledgers.cells.words import boolean, choice, code, text
from chunshui.ledgers.contracts.contract import Column

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
