"""Of which streets the ledgers given are, and what that leaves as it is.

A street office reports its own rows. Where the version below has rows of other streets too, those
stay: only the rows of the streets reported are replaced.
"""

import pandas as pd

from chunshui.ledgers.base import Base
from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells.messages import explain
from chunshui.ledgers.checks import LedgerChecks
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.roster import Roster
from chunshui.ledgers.streets import NO_STREET, Part, street_columns, streets_named, streets_of_rows
from chunshui.words import ERROR, NOTE, WARNING


class StreetReport:
    """Of which streets the ledgers given are, and what that leaves as it is."""

    def __init__(self, base: Base | None, whole: bool, streets: tuple[str, ...]):
        self.base = base
        self.whole = whole
        self.wished = streets
        self.issues: list[Issue] = []
        self.parts: dict[str, Part] = {}
        self._only: frozenset[str] = frozenset()  # the streets wished for, by code
        self._names: dict[str | None, str] = {}
        self._fresh: dict[str, dict] = {}  # ledger → key → street, of the rows given

    def name_streets(self, roster: Roster) -> list[Issue]:
        """Take the roster of streets; say which of the streets wished for are not on it."""
        below = self.base.street_names if self.base is not None else {}
        self._names = {None: NO_STREET, **below, **roster.street_names}
        column = ALL["party_committee"].column("street_code")
        read = {name: roster.street(name, column) for name in self.wished}
        self._only = frozenset(cell.value for cell in read.values() if cell.value is not None)
        return [
            Issue(
                ERROR, "全部台账", None, None, None, name, *explain(cell.code, cell.facts)
            )
            for name, cell in read.items()
            if cell.value is None
        ]  # fmt: skip

    def homes(self, checks: "LedgerChecks", roster: Roster) -> pd.Series | None:
        """The street of each row given; None for a ledger whose rows belong to none.

        A row of another street than its file says it is of is refused.
        """
        ledger = checks.ledger
        if not street_columns(ledger):
            return None
        columns = {column.key: checks.column(column.key) for column in ledger.columns}
        found = streets_of_rows(ledger, columns, roster.street_of, self._through)
        if len(ledger.key) == 1:
            self._fresh[ledger.id] = dict(zip(columns[ledger.key[0]], found, strict=True))
        start = 0
        for batch in checks.batches:
            end = start + len(batch.row_numbers)
            found.iloc[start:end] = self._own(checks, batch, start, list(found.iloc[start:end]))
            start = end
        return found

    def _through(self, ledger_id: str) -> dict:
        below = self.base.through(ledger_id) if self.base is not None else {}
        return {**below, **self._fresh.get(ledger_id, {})}

    def _own(self, checks: "LedgerChecks", batch: Batch, start: int, homes: list) -> list:
        """Refuse the rows of streets that the sheet is not of; the streets of the others."""
        sheet = batch.sheet
        streets = {code: name for code, name in self._names.items() if code is not None}
        of = self._only or streets_named((sheet.file, sheet.name, *sheet.titles), streets)
        if not of:
            return homes
        said = "、".join(streets[code] for code in streets if code in of)
        by = "这次只报" if self._only else "这份台账写明是"
        beside = next((k for k in ("street_code", "community_code") if k in batch.at), None)
        keys = [column.key for column in street_columns(checks.ledger) if column.key in batch.at]
        for at, street in enumerate(homes):
            if street is None or street in of:
                continue
            checks.refuse(
                start + at,
                beside or (keys[0] if keys else None),
                f"此行是{streets.get(street, street)}的，{by}{said}的",
                f"请删去此行，由{streets.get(street, street)}报；确属这批的，请改正"
                + ("所选的街道" if self._only else "文件名、表名或标题里的街道"),
            )
        return [street if street in of else None for street in homes]

    def part(self, checks: "LedgerChecks", homes: pd.Series | None) -> Part | None:
        """What a ledger with rows of some streets only leaves in the version below."""
        ledger, base = checks.ledger, self.base
        if base is None or not checks.batches or base.tables.get(ledger.id, pd.DataFrame()).empty:
            return None
        below = base.tables[ledger.id]
        if homes is None:
            if checks.where or self.whole:
                return None
            reported, present = [], pd.Series("", index=below.index)
        else:
            known = [
                street
                for street, (batch, at) in zip(homes, checks.where, strict=True)
                if street is not None or not batch.wrong[at]
            ]
            reported = list(dict.fromkeys(known)) if checks.where else []
            reported = [*self._only] if self._only else reported
            present = base.homes(ledger.id)
            if base.absent.get(ledger.id) and present.isna().all():
                return None  # the version was made before this ledger named places
        stay = ~present.isin(reported)
        if not stay.any() or (checks.where and not reported):
            return None
        others = [code for code in self._names if code in set(present[stay])]
        part = Part(
            streets=tuple(reported),
            names=tuple(self._names.get(code, str(code)) for code in reported),
            rows=len(checks.where),
            others=tuple(self._names[code] for code in others),
            kept=int(stay.sum()),
            merged=not self.whole,
        )
        self.parts[ledger.id] = part
        self._tell(ledger, checks, part, present)
        return part

    def _tell(self, ledger: Ledger, checks: "LedgerChecks", part: Part, present: pd.Series) -> None:
        """Say what is replaced and what stays; ask where it is not plain."""
        if not part.merged:
            return
        version = self.base.version
        batch = checks.batches[0]
        rest = f"{version} 里其余 {part.kept:,} 行沿用"
        if not part.streets:
            what = f"{ledger.name}是空表，{version} 里的 {part.kept:,} 行沿用"
            mend = "确实一行也没有的，请选替换整本台账"
            self.issues.append(batch.issue(NOTE, None, None, what, mend))
            return
        names = "、".join(part.names)
        # One or two streets report their own; when most do, the others may have none any more.
        asks = len(part.others) < len(part.streets) and not self._only
        if asks:
            rest = f"没有{'、'.join(part.others)}的行，{version} 里的 {part.kept:,} 行沿用"
        what = f"{ledger.name}只更新{names}（{part.rows:,} 行），{rest}"
        mend = "要用这批行替换整本台账的，请选替换整本台账（命令行加 --whole）"
        self.issues.append(
            batch.issue(WARNING if asks else NOTE, None, None, what, mend, asks=asks)
        )
        nowhere = int(present.isna().sum())
        if None in part.streets and nowhere:
            what = f"{ledger.name}有{NO_STREET}，{version} 里这样的 {nowhere:,} 行由它们代替"
            mend = "分不出是哪个街道的；请写上社区再报，确实如此请在发布时确认"
            self.issues.append(batch.issue(WARNING, None, None, what, mend, asks=True))
