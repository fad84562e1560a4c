"""Numbers of people that could point at somebody: what is written in their place as rows leave.

A number of 1 to k - 1 is "不足k". What it could be found from by subtraction goes too: every row of
its community as soon as one of them is small, of its street or of the table where that adds up to
little, so that whoever knows this rule knows no more than that there is one; and with a row its
shares and changes. Of single buildings, which each question about a circle lists another way, no number is told at all.
"""

import os
import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from chunshui import paths, words
from chunshui.errors import ChunshuiError

SETTING, LEAST, MOST = "CHUNSHUI_LEAST_PEOPLE", 10, 100
WITHHELD = "不列"
BUILDING = words.ENTITIES["building"]
PEOPLE = ("人", "人次")
_HEAD = re.compile(r"(?!.*容量).*(人次|（人）|（人次）)")
_CHANGE = re.compile(r".*(变化|贡献|带来|增减).*")
_OF_PEOPLE = re.compile(r"(?:超过)?([\d,]+)(?:\s*[/／]\s*([\d,]+))?\s*(?:人次|人)")
_IN_TEXT = re.compile(r"(?<![\d.,])([\d,]+)(人次|人(?!民))")
# What a row that is withheld would give its numbers back by.
_SHARE_HEAD = re.compile(r".*(覆盖率|占比|（%）|（百分点）)")
_TELLS = re.compile(r"\d\s*(?:人|%|个百分点)")


def least_handed_out() -> int:
    """Return below which numbers of people are withheld from what is handed out; 0: none is.

    So where nobody signs in: who sits at that computer has the ledgers. Raises ChunshuiError for a
    setting that is no such number.
    """
    if not paths.accounts_file().exists():
        return 0
    written = os.environ.get(SETTING, str(LEAST))
    if not (written.isascii() and written.isdigit() and int(written) <= MOST):
        raise ChunshuiError(
            f"环境变量{SETTING}写的是“{written[:20]}”，应为0至{MOST}的整数（0：不隐去小数）。"
        )
    return int(written)


def withhold(table: pd.DataFrame, least: int) -> pd.DataFrame:
    """Return a table (Chinese heads) as it may leave: without numbers of people below `least`.

    The table itself where nothing is withheld; order and index are kept. 0 withholds nothing.
    """
    if least <= 0 or table.empty:
        return table
    counts = _counts(table)
    table = _without_small_texts(table, list(counts), least)
    if not counts:
        return table
    numbers = np.column_stack([one for parts in counts.values() for one in parts])
    hidden, marked = hidden_rows(numbers, _groups(table), least)
    if BUILDING in table:
        hidden[:] = marked[:] = True
    if not hidden.any():
        return table
    columns = dict(table.items())
    for head, cells in table.items():
        if head in counts:
            small = is_small(np.column_stack(counts[head]), least).any(axis=1)
            gone = hidden & (cells.notna() & (cells != words.MISSING)).to_numpy(bool)
            marks = np.where(small & marked, few(least), WITHHELD)
        else:
            told = _SHARE_HEAD.fullmatch(str(head)) is not None or bool(
                _CHANGE.fullmatch(str(head))
            )
            gone = hidden & np.array([_gives_back(one, told) for one in cells], bool)
            marks = np.full(len(table), WITHHELD)
        if gone.any():
            mixed = cells.astype(object).to_numpy(copy=True)
            mixed[gone] = marks[gone]
            columns[head] = pd.Series(mixed, table.index, dtype=object)
    return pd.DataFrame(columns, index=table.index)


def note(least: int) -> str:
    """Return what is said over a table of which something is withheld."""
    return f"不足{least}人的数不写，能由合计相减得出的也不列。"


def few(least: int) -> str:
    """Return what is written for a small number: 不足10."""
    return f"不足{least}"


def is_small(counts: np.ndarray, least: int) -> np.ndarray:
    """Return of numbers whether each is of somebody and below `least`; a fall is as small as a rise."""
    sizes = np.abs(counts)
    return np.asarray((sizes > 0) & (sizes < least))


def hidden_rows(
    counts: np.ndarray, groups: Sequence[np.ndarray], least: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return of each row (of numbers of people, NaN: none) whether it is withheld, and whether it may say "few".

    `groups` are the places whose sums are known, a label for each row, the finest first. A place with a
    small number is withheld whole; one whose own sum is small, with the place around it. Nobody is told
    which are small where the sum and that would leave but few values.
    """
    small = is_small(counts, least)
    hidden = np.asarray(small.any(axis=1))
    marked, wide = hidden.copy(), hidden
    for group in (*groups, np.zeros(len(counts), int)):
        reached = np.isin(group, group[wide])
        wide = np.zeros(len(counts), bool)
        hidden = hidden | reached
        for one in np.unique(group[reached]):
            within = group == one
            columns = [counts[within, j] for j in np.flatnonzero(small[within].any(axis=0))]
            sums = [float(np.nansum(column)) for column in columns]
            wider = [bool(is_small(np.array(one), least)) for one in sums]
            if any(wider):
                wide |= within
            # A small sum is not told either; the last, of the scope, is.
            if not all(
                up or _leaves_open(one, least) for one, up in zip(columns, wider, strict=True)
            ):
                marked &= ~within
    return hidden, marked


def _leaves_open(counts: np.ndarray, least: int) -> bool:
    """Whether their sum leaves each number that is known to be small open, from 1 to `least` - 1.

    The others are none or `least` and more: one of these has to be there, and room for it.
    """
    sizes = np.abs(counts[~np.isnan(counts)])
    some = is_small(sizes, least).sum()
    return bool((sizes >= least).any() and sizes.sum() >= some + 2 * least - 2)


def _counts(table: pd.DataFrame) -> dict[str, list[np.ndarray]]:
    """The numbers of people in a table, by column: of "3/512人" the part, the whole and the rest."""
    of_ledger = words.label("source_row") in table
    found = {}
    for head, cells in table.items():
        name = str(head)
        if pd.api.types.is_bool_dtype(cells):
            continue
        if _HEAD.fullmatch(name) and (of_ledger or not _CHANGE.fullmatch(name)):
            found[name] = [pd.to_numeric(cells, errors="coerce").to_numpy(float)]
        elif _speaks_of_people(cells):
            said = [_OF_PEOPLE.fullmatch(str(one)) for one in cells]
            if any(said):
                found[name] = list(_parts(said))
    return found


def _without_small_texts(table: pd.DataFrame, counted: list[str], least: int) -> pd.DataFrame:
    """Withhold the numbers of people in sentences: all of a row one of which is small."""
    texts = {
        head: cells
        for head, cells in table.items()
        if head not in counted and _speaks_of_people(cells)
    }
    small = rf"(?<![\d.,])0*(?:{'|'.join(map(str, range(1, least)))})(?:人次|人(?!民))"
    rows = np.zeros(len(table), bool)
    for cells in texts.values():
        rows |= cells.astype("str").str.contains(small).to_numpy(bool)
    if not rows.any():
        return table

    def marked(said: re.Match[str]) -> str:
        count = int(said[1].replace(",", "") or 0)
        return f"{few(least)}{said[2]}" if 0 < count < least else f"{WITHHELD}{said[2]}数"

    changed = {
        head: [
            _IN_TEXT.sub(marked, one) if hide and isinstance(one, str) else one
            for one, hide in zip(cells, rows, strict=True)
        ]
        for head, cells in texts.items()
    }
    return table.assign(**changed)


def _speaks_of_people(cells: pd.Series) -> bool:
    is_text = not pd.api.types.is_numeric_dtype(cells)
    return is_text and re.search(r"\d\s*人", "\n".join(map(str, cells))) is not None


def _parts(said: Sequence[re.Match[str] | None]) -> Iterator[np.ndarray]:
    part, whole = (
        np.array([float(one[i].replace(",", "")) if one and one[i] else np.nan for one in said])
        for i in (1, 2)
    )
    yield part
    if not np.isnan(whole).all():
        yield from (whole, whole - part)


def _groups(table: pd.DataFrame) -> list[np.ndarray]:
    """The community (with its street: names repeat) and the street of each row, as far as it has them."""
    heads = [words.label(one) for one in ("street_name", "community_name")]
    known = [head for head in heads if head in table]
    names = [table[known[: i + 1]].astype("str").agg(" ".join, axis=1) for i in range(len(known))]
    return [one.to_numpy(str) for one in reversed(names)]


def _gives_back(cell: object, is_told: bool) -> bool:
    if isinstance(cell, str):
        return bool(_TELLS.search(cell)) or (is_told and any(map(str.isdigit, cell)))
    return is_told and pd.notna(cell)
