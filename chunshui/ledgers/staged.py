"""What some files hold: typed tables ready to append, the kind of every row, every issue."""

from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache

import numpy as np
import pandas as pd
import shapely

from chunshui.ledgers.base import Base
from chunshui.ledgers.batch import Batch, raw_rows_json
from chunshui.ledgers.checks import LedgerChecks
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.frames import joined_rows
from chunshui.ledgers.issue import Issue, Reading
from chunshui.ledgers.row_kinds import BAD, GOOD
from chunshui.ledgers.streets import Part
from chunshui.words import ERROR, SEVERITIES

REPLACED = "已替换"  # the fate of a row whose street has reported anew
READING_COLUMNS = [column.name for column in fields(Reading)]
SOURCE_FILE_COLUMNS = [
    "source_id", "ledger_id", "ledger_name", "file_name", "sheet_name", "sha256", "bytes",
    "nature", "crs", "row_total", "row_used",
]  # fmt: skip
SOURCE_ROW_COLUMNS = ["source_id", "row_no", "fate", "raw"]


@dataclass
class Staged:
    """What some files hold.

    `tables` maps every ledger id that was given to a frame with the columns of its schema table
    and `source_id`, `source_row`; shapes are WKB. `source_file` and `source_row` are the keeping
    tables. The tables hold the good rows only and are fit to append when `ok`. `readings` has a
    row for every cell that was interpreted, `kept` the ids of the ledgers that stay as they are
    in the version `base`, `parts` the ledgers of which some streets only were given; `complete`
    puts in what stays, and says in `carried` from which sources.
    """

    tables: dict[str, pd.DataFrame]
    source_file: pd.DataFrame
    source_row: pd.DataFrame
    issues: list[Issue] = field(default_factory=list)
    readings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=READING_COLUMNS))
    kept: list[str] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)
    carried: frozenset[str] = frozenset()

    @property
    def merged(self) -> dict[str, Part]:
        """The ledgers of which some rows only are replaced: those of some streets, or some by their key."""
        return {ledger_id: part for ledger_id, part in self.parts.items() if part.merged}

    @property
    def of_streets(self) -> dict[str, Part]:
        """Of these, the ledgers that streets report."""
        return {name: part for name, part in self.merged.items() if not ALL[name].by_key}

    @property
    def errors(self) -> list[Issue]:
        """The issues that keep the ledgers from being published."""
        return [issue for issue in self.issues if issue.severity == ERROR]

    @property
    def questions(self) -> list[Issue]:
        """The issues that a person must confirm before anything is published."""
        return [issue for issue in self.issues if issue.asks]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.errors

    def complete(self, base: Base | None) -> "Staged":
        """Return the whole set: these ledgers, and what stays from the version below.

        A base without raw rows gives of those only that they are there.
        """
        if base is None or not (self.kept or self.merged):
            return self
        tables = dict(self.tables)
        stays = {name: base.tables[name] for name in self.kept}
        for name, part in self.merged.items():
            stays[name] = base.staying(name, part)
        for name, staying in stays.items():
            tables[name] = (
                staying if name in self.kept else joined_rows(staying, tables[name], ALL[name])
            )
        files, rows = _carried(base, stays)
        return replace(
            self,
            tables={name: tables[name] for name in ALL},
            source_file=pd.concat(
                [files[SOURCE_FILE_COLUMNS], self.source_file], ignore_index=True
            ),
            source_row=pd.concat([rows, self.source_row], ignore_index=True),
            carried=frozenset(files["source_id"]),
        )


def _carried(base: Base, stays: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sources of the rows that stay. Rows that were replaced have that for their fate."""
    files = base.source_file
    used = pd.concat([rows["source_id"] for rows in stays.values()]).value_counts()
    some = [name for name, rows in stays.items() if len(rows) < len(base.tables[name])]
    left = files["source_id"].map(used).fillna(0).astype(int)
    files = files[
        files["ledger_id"].isin(list(stays)) & (~files["ledger_id"].isin(some) | (left > 0))
    ].assign(row_used=left)
    if base.source_row.empty:
        keys = [rows[["source_id", "source_row"]] for rows in stays.values()]
        rows = pd.concat(keys, ignore_index=True).rename(columns={"source_row": "row_no"})
        return files, rows.assign(fate=GOOD, raw="{}")
    rows = base.source_row[base.source_row["source_id"].isin(files["source_id"])]
    parted = files["source_id"][files["ledger_id"].isin(some)]
    if len(parted):
        keys = pd.concat([stays[name][["source_id", "source_row"]] for name in some])
        here = pd.MultiIndex.from_frame(rows[["source_id", "row_no"]])
        gone = rows["source_id"].isin(parted) & (rows["fate"] == GOOD)
        gone &= ~here.isin(pd.MultiIndex.from_frame(keys))
        rows = rows.assign(fate=rows["fate"].mask(gone, REPLACED))
    return files, rows


def assemble(
    staged: dict[str, LedgerChecks], issues: list[Issue], stays: list[str], base: Base | None
) -> Staged:
    """Give each sheet its source id and join everything to the frames of the schema.

    `stays` are the ledgers of which rows of the base version stay.
    """
    tables: dict[str, pd.DataFrame] = {}
    files: list[list] = []
    readings: list[dict] = []
    taken = base.last_source(stays) if base is not None else 0
    rows: list[pd.DataFrame] = []
    for ledger_id, checks in staged.items():
        sources: list[tuple[str, int]] = []
        for batch in checks.batches:
            source_id = f"S{taken + len(files) + 1:03d}"
            readings += [asdict(reading) for reading in batch.readings]
            sources += [(source_id, row) for row in batch.row_numbers]
            kinds = batch.row_kinds | {
                row: BAD if wrong else GOOD
                for row, wrong in zip(batch.row_numbers, batch.wrong, strict=True)
            }
            raw = raw_rows_json(batch)
            if kinds.keys() != raw.keys():
                raise AssertionError("every row of a sheet is of exactly one kind")
            files.append(_source_file(source_id, batch, list(kinds.values()).count(GOOD)))
            columns = (source_id, list(raw), [kinds[row] for row in raw], list(raw.values()))
            rows.append(pd.DataFrame(dict(zip(SOURCE_ROW_COLUMNS, columns, strict=True))))
        if checks.where:
            tables[ledger_id] = _table(checks, sources)
        else:
            tables[ledger_id] = _no_rows(checks.ledger).copy()
    issues.sort(key=lambda issue: SEVERITIES.index(issue.severity))
    source_file = pd.DataFrame(files, columns=SOURCE_FILE_COLUMNS)
    source_row = (
        pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=SOURCE_ROW_COLUMNS)
    )
    read_as = pd.DataFrame(readings, columns=READING_COLUMNS)
    return Staged(tables, source_file, source_row, issues, read_as)


def _table(checks: LedgerChecks, sources: list[tuple[str, int]]) -> pd.DataFrame:
    """The good rows of a ledger with the columns of its schema table, and where each comes from."""
    good, indices = checks.good_rows()
    table = good[checks.ledger.stored].copy()
    if "shape" in table:
        table["shape"] = pd.Series(
            [shapely.to_wkb(shape) for shape in table["shape"]], dtype=object
        )
    table["source_id"] = pd.Series([sources[index][0] for index in indices], dtype=object)
    table["source_row"] = np.array([sources[index][1] for index in indices], dtype="int64")
    return table


@cache
def _no_rows(ledger: Ledger) -> pd.DataFrame:
    """The table of a ledger that was not given."""
    return _table(LedgerChecks(ledger, []), [])


def _source_file(source_id: str, batch: Batch, used: int) -> list:
    sheet, ledger = batch.sheet, batch.ledger
    crs = (sheet.crs or ledger.crs) if ledger.crs else None
    return [
        source_id, ledger.id, ledger.name, sheet.file, sheet.name, sheet.sha256, sheet.bytes,
        sheet.nature, crs, len(sheet.rows), used,
    ]  # fmt: skip
