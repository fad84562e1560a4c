"""What some files hold: typed tables ready to append, the kind of every row, every issue."""

from dataclasses import asdict, dataclass, field, fields, replace

import numpy as np
import pandas as pd
import shapely

from chunshui.ledgers.base import Base
from chunshui.ledgers.batch import Batch, raw_json
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.frames import joined_rows
from chunshui.ledgers.issue import Issue, Reading
from chunshui.ledgers.row_kinds import BAD, GOOD
from chunshui.ledgers.streets import Part
from chunshui.words import ERROR, SEVERITIES

REPLACED = "已替换"  # the fate of a row whose street has reported anew
PUBLISHED = "参考"


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
    readings: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(READING_COLUMNS))
    )
    kept: list[str] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)
    carried: frozenset[str] = frozenset()

    @property
    def merged(self) -> dict[str, Part]:
        """The ledgers of which some streets only are replaced."""
        return {ledger_id: part for ledger_id, part in self.parts.items() if part.merged}

    @property
    def errors(self) -> list[Issue]:
        """The issues that keep the ledgers from being published."""
        return [issue for issue in self.issues if issue.level == ERROR]

    @property
    def questions(self) -> list[Issue]:
        """The issues that a person must confirm before anything is published."""
        return [issue for issue in self.issues if issue.asks]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.errors

    @property
    def natures(self) -> set[str]:
        """The natures of the user's ledgers: 演示, 实有, or both mixed."""
        return set(self.source_file["nature"]) - {PUBLISHED}

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
        for name, rows in stays.items():
            tables[name] = rows if name in self.kept else joined_rows(rows, tables[name], ALL[name])
        files, rows = _carried(base, stays)
        return replace(
            self,
            tables={name: tables[name] for name in ALL},
            source_file=pd.concat(
                [files[list(SOURCE_FILE_COLUMNS)], self.source_file], ignore_index=True
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


READING_COLUMNS = tuple(one.name for one in fields(Reading))


def assemble(
    staged: dict[str, tuple[list[Batch], pd.DataFrame]],
    issues: list[Issue],
    stays: list[str],
    base: Base | None,
) -> Staged:
    """Give each sheet its source id and join everything to the frames of the schema."""
    tables: dict[str, pd.DataFrame] = {}
    files: list[dict] = []
    readings: list[dict] = []
    taken = base.last_source(stays) if base is not None else 0
    rows: list[pd.DataFrame] = []
    for ledger_id, (batches, table) in staged.items():
        ledger = ALL[ledger_id]
        source_ids: list[str] = []
        source_rows: list[int] = []
        for batch in batches:
            source_id = f"S{taken + len(files) + 1:03d}"
            if batch.sheet.nature != PUBLISHED:
                readings += [asdict(one) for one in batch.readings]
            source_ids += [source_id] * len(batch.row_numbers)
            source_rows += batch.row_numbers
            fates = batch.fates | {
                number: BAD if wrong else GOOD
                for number, wrong in zip(batch.row_numbers, batch.wrong, strict=True)
            }
            raw = raw_json(batch)
            if fates.keys() != raw.keys():
                raise AssertionError("every row of a sheet has exactly one fate")
            files.append(_source_file(source_id, batch, list(fates.values()).count(GOOD)))
            rows.append(
                pd.DataFrame(
                    {
                        "source_id": source_id,
                        "row_no": list(raw),
                        "fate": [fates[number] for number in raw],
                        "raw": list(raw.values()),
                    }
                )
            )
        places = table.pop("place").to_numpy()
        table = table[ledger.stored].copy()
        if "shape" in table:
            table["shape"] = pd.Series(
                [shapely.to_wkb(shape) for shape in table["shape"]], dtype=object
            )
        table["source_id"] = pd.Series([source_ids[place] for place in places], dtype=object)
        table["source_row"] = np.array([source_rows[place] for place in places], dtype="int64")
        tables[ledger_id] = table
    issues.sort(key=lambda issue: SEVERITIES.index(issue.level))
    source_file = pd.DataFrame(files, columns=list(SOURCE_FILE_COLUMNS))
    keeping = ["source_id", "row_no", "fate", "raw"]
    source_row = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=keeping)
    read_as = pd.DataFrame(readings, columns=list(READING_COLUMNS))
    return Staged(tables, source_file, source_row, issues, read_as)


SOURCE_FILE_COLUMNS = (
    "source_id", "ledger_id", "ledger_name", "file_name", "sheet_name", "sha256", "bytes",
    "nature", "crs", "row_total", "row_used",
)  # fmt: skip


def _source_file(source_id: str, batch: Batch, used: int) -> dict:
    sheet = batch.sheet
    ledger = sheet.ledger
    values = (
        source_id, ledger.id, ledger.name, sheet.file, sheet.name, sheet.sha256, sheet.bytes,
        sheet.nature, (sheet.crs or ledger.crs) if ledger.crs else None, len(sheet.rows), used,
    )  # fmt: skip
    return dict(zip(SOURCE_FILE_COLUMNS, values, strict=True))
