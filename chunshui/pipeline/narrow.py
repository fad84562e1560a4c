"""Versions as one street may see them: a file of its own that holds no other street's row.

What is not in the file no query, page, export or address typed by hand can show. It is made once of
each version and street, beside the versions: `<store>/streets/<code>`, a store like any other.

In it: the street's rows and what belongs to no street; names and outlines of all streets; the walking
network; the stored values of the street, of its communities and of the district, of other streets
their sums. Stations of other streets that its residents could walk to are there without name.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from chunshui.catalogue.checks import all_checks, run_checks
from chunshui.errors import ChunshuiError
from chunshui.ledgers.base import Base, read_base
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.staged import Staged
from chunshui.ledgers.streets import street_columns, streets_of_rows
from chunshui.month import Month
from chunshui.pipeline.derive import INPUTS
from chunshui.pipeline.intake import FROM_LEDGERS
from chunshui.warehouse import (
    Edition,
    Entry,
    Manifest,
    Reader,
    Serving,
    Store,
    publish,
    schema,
    software,
    sql,
)
from chunshui.words import ERROR

OUTSIDE = "外街道阵地"  # what a station of another street is called
KEPT = 3  # versions of a street, those made last
NEAR_M = 1500.0  # as far as walks are measured
# Metrics whose members are told by what other streets' rows share in: their figures stay, the lists do not.
SHARED_OUT = frozenset(("circle_canteen_places",))
ONLY = "范围"  # the version's note of whose rows it holds
CODE = software.code("pipeline/narrow.py") + software.digest("narrow/*.sql")
# Beside the ledgers, taken as they are: what is no street's.
_WHOLE = ("month", "metric_definition", "survey_told")
_NEVER = frozenset(("survey_need",))  # its counts are told by `survey_told` alone


class StreetStore(Store):
    """The versions of a store as one street may see them, each made when it is first asked for.

    Who published what and when is the same for all. Nothing is published here.
    """

    def __init__(self, whole: Store, street: str):
        super().__init__(whole.root / "streets" / street)
        self.whole, self.street = whole, street

    def edition(self, version: str) -> Edition:
        """Return the key of a version, which is there from now on. Raises as `open` does."""
        self._make(version)
        return super().edition(version)

    def current(self) -> Serving:
        """Say which version to serve, as the whole store does."""
        serving = self.whole.current()
        return Serving(self.edition(serving.version), serving.warning)

    def manifest(self, version: str) -> Manifest:
        """Read a manifest: of what the street sees."""
        self._make(version)
        return super().manifest(version)

    def versions(self) -> list[Manifest]:
        """List every version, oldest first, without what it was made of."""
        return [replace(one, sources=[], updated={}) for one in self.whole.versions()]

    def history(self) -> list[Entry]:
        """List every publish and undo, oldest first."""
        return self.whole.history()

    def pointer(self) -> Entry | None:
        """Read which version the whole store points at."""
        return self.whole.pointer()

    def numbered(self) -> list[str]:
        """Names of the versions, oldest first."""
        return self.whole.numbered()

    def _make(self, version: str) -> None:
        """Make the street's file of a version, unless it is there and made by this software of that version."""
        whole = self.whole.manifest(version)
        mark = {"street": f"{self.street} {whole.sha256} {CODE}"}
        if self._is_made(version, mark):
            return
        with self.whole.open(version) as reader:
            streets = reader.query("views/streets")
            names = dict(zip(streets["street_code"], streets["street_name"], strict=True))
            if self.street not in names:
                raise ChunshuiError(
                    f"版本{version}里没有编号为{self.street}的街道，这个账号看不到它的数据。请找本区管理员。"
                )
            like = replace(whole, software=whole.software | mark, updated={}, base=None)
            publish.place(
                self,
                lambda con: _fill(con, reader, self.street, names[self.street]),
                replace(like, street=self.street, street_name=names[self.street]),
                is_made=lambda: self._is_made(version, mark),
            )
        # They can be made again; whoever reads one goes on reading it.
        made = sorted(self.folder.glob("v*.duckdb"), key=lambda path: path.stat().st_mtime)
        for path in made[:-KEPT]:
            path.with_suffix(".json").unlink(missing_ok=True)
            path.unlink(missing_ok=True)

    def _is_made(self, version: str, mark: dict[str, str]) -> bool:
        try:
            return super().manifest(version).software.items() >= mark.items()
        except ChunshuiError:
            return False


def _fill(con: duckdb.DuckDBPyConnection, reader: Reader, street: str, name: str) -> None:
    """Fill a new database with what one street may see of a version."""
    base = read_base(reader, raw_rows=False)
    tables = own_rows(base, street)
    outside = _outside(reader, base, tables)
    schema.create(con)
    _sources(con, reader, tables, outside)
    for ledger_id in (one for one in ALL if one in tables):
        con.append(ledger_id, tables[ledger_id], by_name=True)
        if ledger_id in outside:
            con.append(ledger_id, outside[ledger_id], by_name=True)
    known = set(reader.query("warehouse/tables")["table_name"])
    for table in known.intersection(_WHOLE):
        con.append(table, reader.query("warehouse/whole_table", table=table), by_name=True)
    notes = reader.query("warehouse/whole_table", table="version_note")
    con.append("version_note", notes[notes["key"] != INPUTS], by_name=True)
    only = pd.DataFrame({"key": [ONLY], "value": [f"只有{name}的行"]})
    con.append("version_note", only, by_name=True)
    with suppress(duckdb.CatalogException):  # of older software, which knew no visits
        last = Month.parse(reader.manifest.as_of).last
        visits = reader.query("narrow/visits", as_of=last, street=street)
        con.append("opinion_visit_elsewhere", visits, by_name=True)
    con.append("renovation_elsewhere", _renovation_elsewhere(base, tables), by_name=True)
    _walks(con, reader, tables, outside)
    with reader.cursor() as cursor:
        found = cursor.sql(sql.text("narrow/values"), params={"street": street})
        con.register("narrowed", found.to_arrow_table())
    con.execute(sql.text("narrow/values_in"))
    con.unregister("narrowed")
    _findings(con, reader, tables)


def own_rows(base: Base, street: str) -> dict[str, pd.DataFrame]:
    """Return the rows of every ledger that are a street's, or no street's; of streets all.

    A row whose place is told by another street's thing is none of the street's; what it names
    besides and may not see is left empty, or where that cannot be the row left out.
    """
    kept: dict[str, pd.DataFrame] = {}
    for ledger in ALL.values():
        if ledger.id not in base.tables:
            continue
        rows = base.tables[ledger.id]
        if ledger.id in _NEVER:
            rows = rows.iloc[:0]
        elif ledger.id != "street" and street_columns(ledger):
            rows = rows[base.streets(ledger.id).isin([street, None])]
        kept[ledger.id] = _without_others(ledger, rows, kept)
    return kept


def _without_others(
    ledger: Ledger, rows: pd.DataFrame, kept: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return rows that name nothing that is not kept."""
    placing = {column.key for column in street_columns(ledger)}
    for column in ledger.columns:
        of = column.refers or (column.kind if column.kind == "community" else None)
        if of is None or not column.stored or ledger.id in (of, "street"):
            continue
        lost = rows[column.key].notna() & ~rows[column.key].isin(kept[of][ALL[of].key[0]])
        if lost.any() and (column.required or column.key in placing):
            rows = rows[~lost]
        elif lost.any():
            rows = rows.assign(**{column.key: rows[column.key].where(~lost, None)})
    return rows


def not_own(given: Staged, whole: Base, street: str) -> list[Issue]:
    """Return an error for every row of some ledgers, read for one street, that it may not report.

    That is what belongs to no street, and what has the key of a row of elsewhere in the `whole` version.
    Rows that say they are another street's were refused when they were read.
    """
    issues: list[Issue] = []
    files = given.source_file.drop_duplicates("source_id").set_index("source_id")
    name = whole.street_names.get(street, street)
    rosters = [one["community"] for one in (whole.tables, given.tables) if "community" in one]
    places = pd.concat(rosters)
    street_of = dict(zip(places["community_code"], places["street_code"], strict=True))
    known: dict[str, dict] = {}

    def streets_of_keys(ledger_id: str) -> dict:
        return whole.streets_of_keys(ledger_id) | known.get(ledger_id, {})

    def refuse(ledger: Ledger, row: Any, column: str, what: str, mend: str) -> None:
        file, sheet = files.loc[row.source_id, ["file_name", "sheet_name"]]
        at = int(row.source_row), ledger.column(column).header
        issues.append(Issue(ERROR, file, what, mend, sheet if pd.notna(sheet) else None, *at))

    for ledger in ALL.values():
        rows = given.tables.get(ledger.id, pd.DataFrame())
        if rows.empty:
            continue
        if ledger.id == "street" or not street_columns(ledger):
            file = files.loc[rows["source_id"].iloc[0], "file_name"]
            what = f"{ledger.name}不分街道，由区里报，{name}的账号不能报"
            issues.append(Issue(ERROR, file, what, "请去掉这一本"))
            continue
        of = streets_of_rows(ledger, rows, street_of, streets_of_keys)
        key = ledger.key[0]
        taken = whole.streets_of_keys(ledger.id) if len(ledger.key) == 1 else {}
        known[ledger.id] = dict(zip(rows[key], of, strict=True))
        for row, where, one in zip(rows.itertuples(), of, rows[key], strict=True):
            if where != street:
                what = f"此行看不出是{name}的，本账号只报{name}的行"
                refuse(ledger, row, street_columns(ledger)[0].key, what, "请写明社区，或删去此行")
            elif taken.get(one, street) != street:
                what = f"“{one}”是别处一行已有的编号，不能由{name}的行代替"
                refuse(ledger, row, key, what, "请改用没有用过的编号")
    return issues


def _outside(
    reader: Reader, base: Base, tables: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return stations of other streets near homes of this one, under no name of theirs.

    Who lives near the border walks to them, and no circle would be right without: the day they
    opened, where they stand, what they offer and when.
    """
    if not {"station", "building"} <= tables.keys():
        return {}
    doors = reader.query("views/walk_doors")
    homes = doors[
        (doors["entity_table"] == "building")
        & doors["entity_id"].isin(tables["building"]["building_id"])
    ]
    others = doors[
        (doors["entity_table"] == "station")
        & ~doors["entity_id"].isin(tables["station"]["station_id"])
    ]
    near = [
        bool(len(homes))
        and np.hypot(homes["east"] - door.east, homes["north"] - door.north).min() <= NEAR_M
        for door in others.itertuples()
    ]
    ids = others["entity_id"][near].tolist()
    # A number of its own, after all of the street's: doors are numbered in the order of ids.
    called = {one: f"～外{number:04d}" for number, one in enumerate(ids, 1)}
    found = {}
    for ledger_id in ("station", "station_function", "station_hours"):
        rows = base.tables[ledger_id] if ledger_id in base.tables else pd.DataFrame()
        if rows.empty:
            continue
        rows = rows[rows["station_id"].isin(called)]
        rows = rows.assign(station_id=rows["station_id"].map(called))
        found[ledger_id] = rows
    hidden = {"station_name": OUTSIDE, "brand": None, "community_code": None, "cluster_id": None}
    found["station"] = found["station"].assign(**hidden)
    if "station_function" in found:
        found["station_function"] = found["station_function"].assign(capacity_per_day=None)
    found["station"].attrs["called"] = called
    return found


def _renovation_elsewhere(base: Base, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return when projects of other streets reached their stages, as `renovation_elsewhere` has it.

    A forecast, or whether a project stands still, is told from all that are alike.
    """
    columns = ["project_no", "category", "plan_year", "households", "stage", "actual_on"]
    if not {"renovation_project", "renovation_stage"} <= tables.keys():
        return pd.DataFrame(columns=columns)
    every = base.tables["renovation_project"]
    others = every[~every["project_id"].isin(tables["renovation_project"]["project_id"])]
    # By what they are, not as they stand in the ledger: a number is to say nothing.
    others = others.sort_values(["category", "plan_year", "households", "budget_yuan"])
    others = others.assign(project_no=np.arange(1, len(others) + 1))
    return others.merge(base.tables["renovation_stage"], on="project_id")[columns]


def _sources(
    con: duckdb.DuckDBPyConnection,
    reader: Reader,
    tables: dict[str, pd.DataFrame],
    outside: dict[str, pd.DataFrame],
) -> None:
    """Put in the ledger rows behind what is kept; a file with none of them is not named."""
    parts = [
        rows[["source_id", "source_row"]].assign(is_hidden=is_hidden)
        for some, is_hidden in ((tables, False), (outside, True))
        for rows in some.values()
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.sort_values("is_hidden").drop_duplicates(["source_id", "source_row"])
    files = reader.query("views/source_files")
    named = files["source_id"].isin(rows["source_id"][~rows["is_hidden"]])
    files.loc[~named, "file_name"] = "其他街道的台账"
    files.loc[~named, "sheet_name"] = None
    con.append("source_file", files, by_name=True)
    params = {
        "sources": rows["source_id"].tolist(),
        "rows": rows["source_row"].astype(int).tolist(),
        "hidden": rows["is_hidden"].tolist(),
    }
    with reader.cursor() as cursor:
        found = cursor.sql(sql.text("narrow/source_rows"), params=params).df()
    con.append("source_row", found, by_name=True)


def _walks(
    con: duckdb.DuckDBPyConnection,
    reader: Reader,
    tables: dict[str, pd.DataFrame],
    outside: dict[str, pd.DataFrame],
) -> None:
    """Put in the doors of what is kept, numbered anew, the walks between them, where stations stand."""
    if not {"station", "building"} <= tables.keys():
        return
    called = outside["station"].attrs["called"]
    own = {name: set(tables[name][f"{name}_id"]) for name in ("building", "station")}

    def kept(table: str, ids: Iterable[str]) -> list[str | None]:
        names = called if table == "station" else {}
        return [one if one in own[table] else names.get(one) for one in ids]

    doors = reader.query("views/walk_doors")
    numbers = {}
    for table, rows in doors.groupby("entity_table"):
        rows = rows.assign(entity_id=kept(str(table), rows["entity_id"]))
        rows = rows[rows["entity_id"].notna()].sort_values("entity_id")
        numbers[table] = pd.Series(np.arange(len(rows)), rows["door_no"])
        con.append("walk_door", rows.assign(door_no=np.arange(len(rows))), by_name=True)
    if "building" in numbers:
        homes = numbers["building"].index.tolist()
        walks = reader.query("narrow/reach", buildings=homes)
        walks["building_no"] = walks["building_no"].map(numbers["building"])
        walks["station_no"] = walks["station_no"].map(numbers.get("station", pd.Series(dtype=int)))
        con.append("reach", walks.dropna(), by_name=True)
    for table, column in (("unroutable", "entity_id"), ("station_place", "station_id")):
        rows = reader.query("warehouse/whole_table", table=table)
        of = rows.get("entity_table", pd.Series("station", rows.index))
        ids = [kept(one, [name])[0] for one, name in zip(of, rows[column], strict=True)]
        rows = rows.assign(**{column: ids})[pd.notna(pd.Series(ids, rows.index, dtype=object))]
        if table == "station_place":
            elsewhere = ~rows["community_code"].isin(tables["community"]["community_code"])
            rows.loc[elsewhere, "community_code"] = None
        con.append(table, rows, by_name=True)


def _findings(
    con: duckdb.DuckDBPyConnection, reader: Reader, tables: dict[str, pd.DataFrame]
) -> None:
    """Put in what was found of the street's rows.

    Of the rules what they find in the whole version and in these rows alone, too: so no sentence tells
    of another street's row.
    """
    run_checks(con)
    columns = ["check_id", "severity", "entity_table", "entity_id", "message", "mend"]
    here = sql.run(con, "warehouse/check_rows")
    con.execute(sql.text("narrow/no_findings"))
    every = reader.query("views/check_results")
    same = every[columns].merge(here, on=columns)
    named = {(table, one) for table, one in _named(con)}
    seen = _labels(reader, tables)
    rest = every[~every["check_id"].isin(all_checks())]
    nobodys = {ledger.id for ledger in ALL.values() if not street_columns(ledger)}
    is_own = [
        label in seen if check == FROM_LEDGERS else table in nobodys or (table, label) in named
        for check, table, label in zip(
            rest["check_id"], rest["entity_table"], rest["entity_id"], strict=True
        )
    ]
    found = pd.concat([same, rest.loc[is_own, columns]], ignore_index=True)
    con.append("check_result", found.drop_duplicates(), by_name=True)


def _named(con: duckdb.DuckDBPyConnection) -> Iterable[tuple[str, str]]:
    rows = sql.run(con, "catalogue/lineage", tables=list(ALL))
    return zip(rows["entity_table"], rows["entity_id"], strict=True)


def _labels(reader: Reader, tables: dict[str, pd.DataFrame]) -> set[str]:
    """Return how the findings of the reading call the rows that are kept."""
    files = reader.query("views/source_files").set_index("source_id")
    return {
        f"{files.at[source, 'file_name']}·{sheet if isinstance(sheet, str) else ''}·{int(row)}"
        for rows in tables.values()
        for source, row in zip(rows["source_id"], rows["source_row"], strict=True)
        for sheet in (files.at[source, "sheet_name"],)
    }
