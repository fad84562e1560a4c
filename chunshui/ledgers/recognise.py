"""Tell which ledger a sheet is: by its name, the name of its file, or its headers."""

import re

from chunshui.ledgers.cells.parsed import clean
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.headers import HEADER_ROWS, HEADER_WITHIN, split_header, stacked_headers
from chunshui.ledgers.sheet import Sheet

# Sheets that tell how to fill in the others, and may show it on rows made up for that.
ABOUT = re.compile(r"说明|须知|要求|示例|样例|范例|样表")


def recognise(sheet: Sheet, stem: str) -> Ledger | None:
    """The ledger a sheet is, told from its name, the file's, or its headers."""
    for label in (sheet.name or "", stem):
        words = clean(label).replace(" ", "")
        hits = [one for one in ALL.values() if one.name in words or one.id == words]
        if hits:
            return max(hits, key=lambda one: len(one.name))
    if ABOUT.search(sheet.name or ""):
        return None
    return _by_headers(sheet)


def _by_headers(sheet: Sheet) -> Ledger | None:
    """The one ledger all of whose required headers stand in the sheet, in one row or a few.

    Failing that, the one of which its key and two thirds of the others do: it lacks a column.
    """
    if sheet.headers:
        lines = [{split_header(cell)[0] for cell in sheet.headers if isinstance(cell, str)}]
    else:
        lines = []
        for height in range(1, HEADER_ROWS + 1):
            for top in range(1, min(HEADER_WITHIN, len(sheet.rows)) + 2 - height):
                words = set()
                for texts in stacked_headers(sheet, top, height):
                    parts = [split_header(text)[0] for text in texts]
                    words |= {*parts, *("".join(parts[at::-1]) for at in range(len(parts)))}
                lines.append(words)
    for lacking in (False, True):
        for words in lines:
            if ledger := _best_match(words, lacking=lacking):
                return ledger
    return None


def _best_match(words: set[str], *, lacking: bool = False) -> Ledger | None:
    """The ledger that finds all its required headers among the words, and the most headers."""
    best: list[Ledger] = []
    most = 2 if lacking else 1
    for ledger in ALL.values():
        hits = [c for c in ledger.columns if words & {c.header, *c.aliases}]
        needed = {c.key for c in ledger.columns if c.required}
        there = {c.key for c in hits}
        enough = needed <= there
        if lacking:
            enough = there >= set(ledger.key) and 3 * len(needed & there) >= 2 * len(needed)
        if enough and len(hits) >= most:
            best = [ledger] if len(hits) > most else [*best, ledger]
            most = len(hits)
    return best[0] if len(best) == 1 else None
