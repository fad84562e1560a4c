"""How some ledgers are to be taken in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Conversion(NamedTuple):
    """The wish to read a ledger of a file as in a system of `coordinates`, whatever it states."""

    file: str
    ledger_id: str
    system: str


@dataclass(frozen=True)
class IntakeOptions:
    """How some ledgers are to be taken.

    fresh: they are the whole set; else ledgers not among them stay as the served version has them.
    whole: a ledger with rows of some streets only takes the place of the whole ledger; else the
        rows of the other streets stay, too.
    streets: the streets reported (names or codes), whatever the rows say.
    demonstration: they count as synthetic, whatever they say.
    confirmed: a person has confirmed what the check asks about (a ledger fallen by half).
    anew: nothing computed is taken over from the served version, whatever stayed the same.
    issued: what each snapshot of the archive handed out, for what comes back to be held against: by its id
        the matters' ids and the days they are due; None where there is no archive to ask.
    conversions: the ledgers that are in another coordinate system than they state.
    month: the last month the version covers (YYYY-MM); else the last in which anything happened.
    """

    fresh: bool = False
    whole: bool = False
    streets: tuple[str, ...] = ()
    demonstration: bool = False
    confirmed: bool = False
    anew: bool = False
    conversions: tuple[Conversion, ...] = ()
    month: str | None = None
    issued: Mapping[str, Mapping[str, str]] | None = field(default=None, hash=False)
