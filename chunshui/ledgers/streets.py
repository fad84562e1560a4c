"""Which street a row of a ledger belongs to."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Column, Ledger

NO_STREET = "没有写街道或社区的行"
# A line that names a street may also say that it is not the only one, or the one left out.
NOT_ONLY = re.compile(r"街道等|等.{0,3}街道|除|不含|各街道")


@dataclass(frozen=True)
class Part:
    """A ledger of which some streets only were reported.

    `streets` are their codes (None: rows that belong to no street), `names` what they are called.
    `rows` were reported; `kept` rows of `others`, the other streets, are in the version below.
    Where `merged`, those stay; else the ledger is replaced whole.
    """

    streets: tuple[str | None, ...]
    names: tuple[str, ...]
    rows: int
    others: tuple[str, ...]
    kept: int
    merged: bool = True


def street_columns(ledger: Ledger) -> list[Column]:
    """The columns that tell the street of a row, the surest first; none where it has no street."""
    own = [column for column in ledger.columns if column.stored]
    if ledger.id == "street":
        return [ledger.column("street_code")]
    found = [column for kind in ("street", "community") for column in own if column.kind == kind]
    return found or [
        column for column in own if column.refers and street_columns(ALL[column.refers])
    ]


def streets_of_rows(
    ledger: Ledger,
    rows: Mapping[str, Iterable],
    street_of: Mapping[str, str],
    through: Callable[[str], Mapping],
) -> pd.Series:
    """The street code of each row, None where it belongs to none.

    `street_of` is the street of each community; `through` gives the street of each key of the
    ledger that a column refers to.
    """
    found: pd.Series | None = None
    for column in street_columns(ledger):
        values = pd.Series(list(rows[column.key]), dtype=object)
        if column.refers and ledger.id != "street":
            values = values.map(dict(through(column.refers)))
        elif column.kind == "community":
            values = values.map(dict(street_of))
        found = values if found is None else found.where(found.notna(), values)
    if found is None:
        raise ValueError(f"the rows of {ledger.id} belong to no street")
    return found.astype(object).where(found.notna(), None)


def streets_named(texts: Iterable[str | None], streets: Mapping[str, str]) -> set[str]:
    """The codes of the streets that a file's name, its sheet's or its title says it is of."""
    found: set[str] = set()
    for text in texts:
        if text and not NOT_ONLY.search(text):
            found |= {code for code, name in streets.items() if name in text}
    return found
