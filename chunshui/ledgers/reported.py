"""Of which streets the ledgers given are, and what that leaves as it is.

A street office reports its own rows. Where the base version has rows of other streets too, those
stay: only the rows of the streets reported are replaced.
"""

import pandas as pd

from chunshui.ledgers.base import Base
from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells.messages import explain
from chunshui.ledgers.checks import LedgerChecks
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.roster import Roster
from chunshui.ledgers.streets import NO_STREET, Part, street_columns, streets_named, streets_of_rows
from chunshui.words import ERROR, NOTE, WARNING


class StreetReport:
    """The streets of the rows given, ledger by ledger, and what they leave of the base version.

    `whole` replaces whole ledgers; `chosen` (names or codes) says which streets are reported,
    whatever the rows say.
    """

    def __init__(self, base: Base | None, whole: bool, chosen: tuple[str, ...]):
        self.base = base
        self.whole = whole
        self.chosen = chosen
        self.issues: list[Issue] = []
        self.parts: dict[str, Part] = {}
        self._only: frozenset[str] = frozenset()  # the streets chosen, by code
        self._names: dict[str, str] = {}
        self._fresh: dict[str, dict] = {}  # ledger → key → street, of the rows given

    def name_streets(self, roster: Roster) -> list[Issue]:
        """Take the roster of streets; return which of the streets chosen are not on it."""
        self._names = {
            **(self.base.street_names if self.base is not None else {}), **roster.street_names,
        }  # fmt: skip
        column = ALL["party_committee"].column("street_code")
        cells = {name: roster.street(name, column) for name in self.chosen}
        self._only = frozenset(cell.value for cell in cells.values() if cell.code is None)
        return [
            Issue(ERROR, "全部台账", *explain(cell.code, cell.facts), value=name)
            for name, cell in cells.items()
            if cell.code is not None
        ]

    def streets(self, checks: LedgerChecks, roster: Roster) -> pd.Series | None:
        """The street of each row given; None for a ledger whose rows belong to none.

        A row of another street than its file says it is of is refused.
        """
        ledger = checks.ledger
        if not street_columns(ledger) or ledger.by_key:
            return None
        if not checks.where:
            return pd.Series(dtype=object)
        columns = {column.key: checks.column(column.key) for column in ledger.columns}
        streets = streets_of_rows(ledger, columns, roster.street_of, self._streets_of_keys)
        if len(ledger.key) == 1:
            self._fresh[ledger.id] = dict(zip(columns[ledger.key[0]], streets, strict=True))
        start = 0
        for batch in checks.batches:
            end = start + len(batch.row_numbers)
            own = self._own_streets(checks, batch, start, list(streets.iloc[start:end]))
            streets.iloc[start:end] = own
            start = end
        return streets

    def _streets_of_keys(self, ledger_id: str) -> dict:
        below = self.base.streets_of_keys(ledger_id) if self.base is not None else {}
        return {**below, **self._fresh.get(ledger_id, {})}

    def _own_streets(
        self, checks: LedgerChecks, batch: Batch, start: int, streets: list[str | None]
    ) -> list[str | None]:
        """Refuse the rows of streets that the sheet is not of; return the streets of the others."""
        sheet, names = batch.sheet, self._names
        of = self._only or streets_named((sheet.file, sheet.name, *sheet.titles), names)
        if not of:
            return streets
        by = "这次只报" if self._only else "这份台账写明是"
        by += "、".join(name for code, name in names.items() if code in of)
        place = "所选的街道" if self._only else "文件名、表名或标题里的街道"
        telling = [column.key for column in street_columns(checks.ledger)]
        keys = [k for k in ("street_code", "community_code", *telling) if k in batch.at]
        for at, street in enumerate(streets):
            if street is None or street in of:
                continue
            name = names.get(street, street)
            what = f"此行是{name}的，{by}的"
            mend = f"请删去此行，由{name}报；确属这批的，请改正{place}"
            checks.refuse(start + at, keys[0] if keys else None, what, mend)
        return [street if street in of else None for street in streets]

    def part(self, checks: LedgerChecks, streets: pd.Series | None) -> Part | None:
        """What a ledger with rows of some streets only leaves in the base version."""
        ledger, base = checks.ledger, self.base
        if base is None or not checks.batches or base.tables.get(ledger.id, pd.DataFrame()).empty:
            return None
        if ledger.by_key:
            return self._updated(checks, base)
        reported: list[str | None] = []
        if streets is None:
            if checks.where or self.whole:
                return None
            present = pd.Series("", index=base.tables[ledger.id].index)
        else:
            if self._only:
                reported = [*self._only]
            else:
                known = (
                    street
                    for street, (batch, at) in zip(streets, checks.where, strict=True)
                    if street is not None or not batch.wrong[at]
                )
                reported = list(dict.fromkeys(known))
            present = base.streets(ledger.id)
            if base.absent.get(ledger.id) and present.isna().all():
                return None  # the version was made before this ledger named places
        stay = ~present.isin(reported)
        if not stay.any() or (checks.where and not reported):
            return None
        left = set(present[stay])
        names: dict[str | None, str] = {None: NO_STREET}
        names.update(self._names.items())
        part = Part(
            streets=tuple(reported),
            names=tuple(names.get(code, str(code)) for code in reported),
            rows=len(checks.where),
            others=tuple(name for code, name in names.items() if code in left),
            kept=int(stay.sum()),
            merged=not self.whole,
        )
        self.parts[ledger.id] = part
        if part.merged:
            self._say_what_stays(checks, part, base.version, int(present.isna().sum()))
        return part

    def _updated(self, checks: LedgerChecks, base: Base) -> Part | None:
        """What rows that are replaced by their key leave in the base version."""
        ledger, keys = checks.ledger, checks.column(checks.ledger.key[0])
        stay = ~base.parts(ledger.id).isin(keys)
        if not stay.any():
            return None
        rows, kept = len(keys), int(stay.sum())
        here, left = (f"报来的{rows:,}条",), (f"其余{kept:,}条",)
        part = Part(tuple(keys), here, rows, left, kept, merged=not self.whole)
        self.parts[ledger.id] = part
        if part.merged:
            what = f"{ledger.name}按编号更新{rows:,}条，{base.version}里其余{kept:,}条沿用"
            mend = "要用这批行替换整本台账的，请选替换整本台账"
            checks.batches[0].add(NOTE, what, mend, to=self.issues)
        return part

    def _say_what_stays(self, checks: LedgerChecks, part: Part, version: str, nowhere: int) -> None:
        """Say what is replaced and what stays; ask where it is not plain.

        `nowhere` rows of the base version belong to no street.
        """
        ledger, batch = checks.ledger, checks.batches[0]
        if not part.streets:
            what = f"{ledger.name}是空表，{version}里的{part.kept:,}行沿用"
            batch.add(NOTE, what, "确实一行也没有的，请选替换整本台账", to=self.issues)
            return
        # One or two streets report their own; when most do, the others may have none any more.
        asks = len(part.others) < len(part.streets) and not self._only
        if asks:
            rest = f"没有{'、'.join(part.others)}的行，{version}里的{part.kept:,}行沿用"
        else:
            rest = f"{version}里其余{part.kept:,}行沿用"
        what = f"{ledger.name}只更新{'、'.join(part.names)}（{part.rows:,}行），{rest}"
        mend = "要用这批行替换整本台账的，请选替换整本台账"
        batch.add(WARNING if asks else NOTE, what, mend, asks=asks, to=self.issues)
        if None in part.streets and nowhere:
            what = f"{ledger.name}有{NO_STREET}，{version}里这样的{nowhere:,}行由它们代替"
            mend = "分不出是哪个街道的；请写上社区再报，确实如此请在发布时确认"
            batch.add(WARNING, what, mend, asks=True, to=self.issues)
