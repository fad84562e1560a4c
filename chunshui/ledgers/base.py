"""The base version: ledgers, or rows of streets, that are not given again stay as they are in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd
import shapely

from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.ledgers.frames import typed_values
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.roster import Roster
from chunshui.ledgers.streets import Part, streets_of_rows
from chunshui.warehouse import Reader
from chunshui.words import ERROR

TOLD = 20  # things that a kept ledger misses, told one by one
# The nature of what earlier software gave to every version, whatever its district: never kept.
GIVEN_TO_ALL = "参考"


@dataclass
class Base:
    """The ledgers of a published version: typed rows, and where each came from."""

    version: str
    tables: Mapping[str, pd.DataFrame]
    source_file: pd.DataFrame
    source_row: pd.DataFrame
    # What the version was made without: columns of its ledgers, and whole ledgers.
    absent: Mapping[str, list[Column]] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    _streets: dict[str, pd.Series] = field(default_factory=dict, repr=False)

    def last_source(self, kept: Iterable[str]) -> int:
        """The highest number among the source ids of some ledgers."""
        ids = self.source_file["source_id"][self.source_file["ledger_id"].isin(list(kept))]
        return max((int(one[1:]) for one in ids if one[1:].isdecimal()), default=0)

    @property
    def street_names(self) -> dict[str, str]:
        """The name of each street by its code."""
        streets = self.tables.get("street")
        if streets is None:
            return {}
        return dict(zip(streets["street_code"], streets["street_name"], strict=True))

    def streets(self, ledger_id: str) -> pd.Series:
        """The street of each row of a ledger that has streets."""
        if ledger_id not in self._streets:
            places = self.tables.get(
                "community", pd.DataFrame({"community_code": [], "street_code": []})
            )
            street_of = dict(zip(places["community_code"], places["street_code"], strict=True))
            rows = self.tables[ledger_id]
            streets = streets_of_rows(ALL[ledger_id], rows, street_of, self.streets_of_keys)
            self._streets[ledger_id] = streets.set_axis(rows.index)
        return self._streets[ledger_id]

    def streets_of_keys(self, ledger_id: str) -> dict[str, str | None]:
        """The street of each key of a ledger."""
        if ledger_id not in self.tables:
            return {}
        keys = self.tables[ledger_id][ALL[ledger_id].key[0]]
        return dict(zip(keys, self.streets(ledger_id), strict=True))

    def staying(self, ledger_id: str, part: Part) -> pd.DataFrame:
        """The rows of a ledger that a report of some streets leaves as they are."""
        rows = self.tables[ledger_id]
        return rows if not part.streets else rows[~self.parts(ledger_id).isin(part.streets)]

    def parts(self, ledger_id: str) -> pd.Series:
        """What of a ledger is replaced together: the rows of a street, or each row by its key."""
        ledger = ALL[ledger_id]
        if ledger.by_key:
            return self.tables[ledger_id][ledger.key[0]]
        return self.streets(ledger_id)


class _Tables(Mapping[str, pd.DataFrame]):
    """The ledgers of an open version, each read when it is asked for first."""

    def __init__(self, reader: Reader, absent: Mapping[str, list[Column]]):
        self._reader = reader
        self._read: dict[str, pd.DataFrame] = {}
        self._absent = absent

    def __getitem__(self, ledger_id: str) -> pd.DataFrame:
        absent = self._absent[ledger_id]
        if ledger_id not in self._read:
            rows = self._reader.query("warehouse/table_rows", table=ledger_id)
            for column in absent:
                # A required one is refused by `StayingRows.lacking`; until then names need some text.
                value = "" if column.required and column.kind == "text" else None
                rows[column.key] = typed_values([value] * len(rows), column)
            columns = [*ALL[ledger_id].stored, "source_id", "source_row"]
            self._read[ledger_id] = rows[columns]
        return self._read[ledger_id]

    def __contains__(self, ledger_id: object) -> bool:
        return ledger_id in self._absent

    def __iter__(self) -> Iterator[str]:
        return iter(self._absent)

    def __len__(self) -> int:
        return len(self._absent)


def read_base(reader: Reader, *, raw_rows: bool = True) -> Base:
    """The ledgers of an open version; `raw_rows` too, which only a build needs."""
    files = reader.query("views/source_files")
    raw = reader.query("ledgers/kept_rows", rows=raw_rows)
    columns = reader.query("ledgers/columns").groupby("table_name")["column_name"].agg(set)
    given = set(files["ledger_id"][files["nature"] != GIVEN_TO_ALL])
    absent = {
        ledger.id: [c for c in ledger.columns if c.stored and c.key not in columns[ledger.id]]
        for ledger in ALL.values()
        if ledger.id in given
    }
    unknown = frozenset(ALL) - set(columns.index)
    return Base(reader.version, _Tables(reader, absent), files, raw, absent, unknown)


class StayingRows:
    """A ledger, or some rows of it, that stays as it is, for what other ledgers need of it."""

    def __init__(self, ledger: Ledger, base: Base, rows: pd.DataFrame | None = None):
        self.ledger = ledger
        self.base = base
        self.issues: list[Issue] = []
        self._rows = rows

    @property
    def rows(self) -> pd.DataFrame:
        """The rows that stay."""
        return self.base.tables[self.ledger.id] if self._rows is None else self._rows

    def column(self, key: str) -> list:
        """The values of a column; None where missing."""
        values = self.rows[key]
        if key == "shape":
            return [shapely.from_wkb(bytes(value)) for value in values]
        return values.astype(object).where(values.notna(), None).tolist()

    def row_name(self, at: int) -> str:
        """Where the row of that position is written, in Chinese."""
        row = self.rows.iloc[at]
        file, sheet = self._source(row)
        return f"沿用的{self.base.version}《{file}》{sheet or ''}第{row['source_row']}行"

    def _source(self, row: pd.Series) -> tuple[str, str | None]:
        """The names of the file and the sheet that a row was read from."""
        source = self.base.source_file.set_index("source_id").loc[row["source_id"]]
        sheet = source["sheet_name"]
        return source["file_name"], sheet if isinstance(sheet, str) else None

    def lacking(self) -> None:
        """Required columns that the version was made without: the ledger has to be given again."""
        name, version = self.ledger.name, self.base.version
        for column in self.base.absent.get(self.ledger.id, ()):
            if column.required:
                what = f"{version}的{name}没有“{column.header}”一栏，现在是必填的，不能沿用"
                mend = f"请用现在的模板把{name}整本重报，补上{column.header}"
                self.issues.append(Issue(ERROR, name, what, mend, column=column.header))

    def references(self, keys: Mapping[str, set], kept: set[str], roster: Roster) -> None:
        """Rows that name a thing which the new ledgers no longer have."""
        for column in self.ledger.columns:
            if not column.stored:
                continue
            if column.refers and column.refers not in kept:
                self._lost(column, keys[column.refers], ALL[column.refers].name)
            elif column.kind in ("street", "community") and column.kind not in kept:
                known = roster.street_names if column.kind == "street" else roster.community_names
                self._lost(column, set(known), ALL[column.kind].name)

    def _lost(self, column: Column, known: set, other: str) -> None:
        values = self.rows[column.key]
        lost = self.rows[values.notna() & ~values.isin(list(known))]
        if lost.empty:
            return
        groups = lost.groupby(column.key, sort=False)
        for value, rows in list(groups)[:TOLD]:
            first = rows.iloc[0]
            file, sheet = self._source(first)
            times = f"（共{len(rows)}行，首见于此）" if len(rows) > 1 else ""
            what = f"沿用的{self.ledger.name}用到“{value}”，新报的{other}里没有{times}"
            mend = f"请在{other}里补上，或把{self.ledger.name}一并重报"
            row = int(first["source_row"])
            self.issues.append(
                Issue(ERROR, file, what, mend, sheet, row, column.header, str(value))
            )
        if len(groups) > TOLD:
            what = (
                f"沿用的{self.ledger.name}共有{len(lost):,}行用到新报的{other}里没有的编号"
                f"（{len(groups):,}个，这里列出前{TOLD}个）"
            )
            mend = f"请核对{other}是否漏行"
            self.issues.append(Issue(ERROR, self.ledger.name, what, mend, column=column.header))
