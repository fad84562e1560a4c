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

    `streets` are their codes (None: rows that belong to no street), `names` what they are called. Of a
    ledger whose rows are replaced by key they are the keys.
    `rows` were reported; `kept` rows of `others`, the other streets, are in the base version.
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
    if ledger.id == "street":
        return [ledger.column("street_code")]
    own = [column for column in ledger.columns if column.stored]
    places = [column for kind in ("street", "community") for column in own if column.kind == kind]
    return places or [c for c in own if c.refers and street_columns(ALL[c.refers])]


def streets_of_rows(
    ledger: Ledger,
    rows: Mapping[str, Iterable],
    street_of: Mapping[str, str],
    streets_of_keys: Callable[[str], Mapping],
) -> pd.Series:
    """The street code of each row, None where it belongs to none.

    `street_of` is the street of each community; `streets_of_keys` gives the street of each key of
    the ledger that a column refers to.
    """
    streets: pd.Series | None = None
    for column in street_columns(ledger):
        values = pd.Series(list(rows[column.key]), dtype=object)
        if column.refers and ledger.id != "street":
            values = values.map(dict(streets_of_keys(column.refers)))
        elif column.kind == "community":
            values = values.map(dict(street_of))
        streets = values if streets is None else streets.where(streets.notna(), values)
    if streets is None:
        raise ValueError(f"the rows of {ledger.id} belong to no street")
    return streets.astype(object).where(streets.notna(), None)


def streets_named(texts: Iterable[str | None], streets: Mapping[str, str]) -> set[str]:
    """The codes of the streets that a file's name, its sheet's or its title says it is of."""
    return {
        code
        for text in texts
        if text and not NOT_ONLY.search(text)
        for code, name in streets.items()
        if name in text
    }
