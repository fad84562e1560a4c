"""Tell what differs between two versions: ledger rows, findings of the checks, figures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chunshui.warehouse import schema
from chunshui.warehouse.manifest import Manifest
from chunshui.warehouse.reader import Reader
from chunshui.warehouse.store import Store

KEEPING = {*schema.SOURCE, "source_file_name", "source_sheet_name"}
COUNTS = ["table_name", "rows_a", "added", "removed", "changed", "rows_b"]


@dataclass(frozen=True)
class Comparison:
    """Version `a` (older) against version `b` (newer).

    structure: change (新增/取消), table_name, column: the ledger tables, and columns of tables that
        both have, that only one side knows; column None where it is the whole table. The cells of
        such a column are not compared.
    tables: table_name, rows_a, added, removed, changed, rows_b; a row for every ledger table,
        with rows_b = rows_a + added - removed.
    changes: table_name, change (新增/删除/修改), key, column, value_a, value_b, and where each
        side is written: file_a, sheet_a, row_a, file_b, sheet_b, row_b. A row for every added
        or removed row (column None) and for every cell that differs; without the values where
        nobody is to be told them.
    metrics: metric_id, metric_name, unit, variant, month, then numerator, denominator, members
        and value of each side and difference (b - a) of the values, for the whole district;
        only where something differs. Values are in the unit (a ratio in % is 92.4).
    checks: change (新增/消除), check_id, severity, entity_table, entity_id, message, mend.
    """

    a: Manifest
    b: Manifest
    structure: pd.DataFrame
    tables: pd.DataFrame
    changes: pd.DataFrame
    metrics: pd.DataFrame
    checks: pd.DataFrame


def compare(store: Store, a: str, b: str) -> Comparison:
    """Compare two versions by name. Raises VersionMissingError or VersionDamagedError."""
    with store.open(a) as old, store.open(b) as new:
        tables, changes, structure = _rows(old, new)
        return Comparison(
            a=old.manifest,
            b=new.manifest,
            structure=structure,
            tables=tables,
            changes=changes,
            metrics=_metrics(old, new),
            checks=_checks(old, new),
        )


def _rows(old: Reader, new: Reader) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Compare every table that came from ledgers, by its primary key.

    Returns `tables`, `changes` and `structure` of the comparison.
    """
    keys_a, keys_b = (
        {
            row.table_name: list(row.key_columns)
            for row in reader.query("warehouse/keys").itertuples()
        }
        for reader in (old, new)
    )
    counts, changes, structure = [], [], []
    for table, key in {**keys_a, **keys_b}.items():
        if table in keys_a and table in keys_b and _same_rows(old, new, table):
            rows = new.manifest.rows[table]
            counts.append(dict(zip(COUNTS, (table, rows, 0, 0, 0, rows), strict=True)))
            continue
        if table not in keys_a:
            right = _table(new, table, key)
            left = right.iloc[:0]
            structure.append(("新增", table, None))
        elif table not in keys_b:
            left = _table(old, table, key)
            right = left.iloc[:0]
            structure.append(("取消", table, None))
        else:
            left, right = _table(old, table, keys_a[table]), _table(new, table, key)
            come, gone = (
                right.columns.difference(left.columns),
                left.columns.difference(right.columns),
            )
            structure += [("新增", table, column) for column in come]
            structure += [("取消", table, column) for column in gone]
        differences = _table_changes(left, right)
        if table in schema.UNTOLD:
            differences.loc[differences["column"].notna(), ["value_a", "value_b"]] = "不公布"
        kinds = differences.drop_duplicates(["change", "key"])["change"].value_counts()
        of_kind = [int(kinds.get(kind, 0)) for kind in ("新增", "删除", "修改")]
        counts.append(dict(zip(COUNTS, (table, len(left), *of_kind, len(right)), strict=True)))
        changes.append(differences.assign(table_name=table))
    columns = ["table_name", "change", "key", "column", "value_a", "value_b"]
    columns += [f"{part}_{side}" for side in "ab" for part in ("file", "sheet", "row")]
    none = pd.DataFrame(columns=columns)
    return (
        pd.DataFrame(counts, columns=COUNTS),
        pd.concat([none, *changes], ignore_index=True)[columns],
        pd.DataFrame(structure, columns=["change", "table_name", "column"]),
    )


def _same_rows(old: Reader, new: Reader, table: str) -> bool:
    """Return whether a table has the same rows in both, wherever they are written: most have."""
    a, b = (schema.table_digest(one.cursor(), table, schema.SOURCE) for one in (old, new))
    return a == b


def _table(reader: Reader, table: str, key: list[str]) -> pd.DataFrame:
    """Read a ledger table, indexed by its key as text (parts joined by ·)."""
    rows = reader.query("warehouse/table_rows", table=table)
    index = rows[key[0]].astype(str)
    for part in key[1:]:
        index = index + "·" + rows[part].astype(str)
    return rows.set_index(pd.Index(index, name="key"))


def _table_changes(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """List added and removed rows and differing cells of one table."""
    removed = left.index.difference(right.index)
    added = right.index.difference(left.index)
    both = left.index.intersection(right.index)
    parts = [
        pd.DataFrame({"change": "删除", "key": removed}).assign(**_where(left, removed, "a")),
        pd.DataFrame({"change": "新增", "key": added}).assign(**_where(right, added, "b")),
    ]
    kept_a, kept_b = left.loc[both], right.loc[both]
    for column in [c for c in left.columns if c not in KEEPING and c in right.columns]:
        if kept_a[column].equals(kept_b[column]):  # most are, and cells are slow
            continue
        before, after = _plain(kept_a[column]), _plain(kept_b[column])
        differ = (before != after) & ~(pd.isna(before) & pd.isna(after))
        if differ.any():
            keys = both[differ]
            parts.append(
                pd.DataFrame(
                    {
                        "change": "修改",
                        "key": keys,
                        "column": column,
                        "value_a": [_show(value) for value in before[differ]],
                        "value_b": [_show(value) for value in after[differ]],
                    }
                ).assign(**_where(left, keys, "a"), **_where(right, keys, "b"))
            )
    blank = [
        *(f"{p}_{s}" for s in "ab" for p in ("file", "sheet", "row")),
        "column",
        "value_a",
        "value_b",
    ]
    filled = [part.reindex(columns=["change", "key", *blank]).astype(object) for part in parts]
    return pd.concat(filled, ignore_index=True).replace({np.nan: None})


def _where(rows: pd.DataFrame, keys: pd.Index, side: str) -> dict[str, Any]:
    """Ledger file, sheet and row number of the rows named."""
    named = rows.loc[keys]
    return {
        f"file_{side}": named["source_file_name"].to_numpy(),
        f"sheet_{side}": named["source_sheet_name"].to_numpy(),
        f"row_{side}": named["source_row"].to_numpy(),
    }


def _plain(values: pd.Series) -> Any:
    """Return the cells as objects, None where missing: pandas' NA cannot be compared."""
    return values.astype(object).where(values.notna(), None).to_numpy()


def _show(value: Any) -> str | None:
    """Write a cell for people; a shape, which nobody reads, by its size only."""
    if isinstance(value, bytes):
        return f"图形（{len(value)}字节）"
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _metrics(old: Reader, new: Reader) -> pd.DataFrame:
    """Set the district's figures side by side where they differ."""
    key = ["metric_id", "variant", "month"]
    both = old.query("warehouse/metric_totals").merge(
        new.query("warehouse/metric_totals"), on=key, how="outer", suffixes=("_a", "_b")
    )
    for column in ("metric_name", "unit"):
        both[column] = both[f"{column}_b"].where(both[f"{column}_b"].notna(), both[f"{column}_a"])
    parts = ["numerator", "denominator", "members", "value"]
    differs = np.zeros(len(both), dtype=bool)
    for part in parts:
        a, b = both[f"{part}_a"], both[f"{part}_b"]
        differs |= (a != b).to_numpy() & ~(a.isna() & b.isna()).to_numpy()
    both["difference"] = both["value_b"] - both["value_a"]
    columns = [f"{part}_{side}" for side in "ab" for part in parts]
    columns = ["metric_id", "metric_name", "unit", "variant", "month", *columns, "difference"]
    return both.loc[differs, columns].sort_values(key).reset_index(drop=True)


def _checks(old: Reader, new: Reader) -> pd.DataFrame:
    """List findings of the quality rules that came or went."""
    key = ["check_id", "entity_table", "entity_id"]
    a, b = (reader.query("warehouse/check_rows") for reader in (old, new))
    gone = a.merge(b[key].drop_duplicates(), on=key, how="left", indicator=True)
    come = b.merge(a[key].drop_duplicates(), on=key, how="left", indicator=True)
    both = pd.concat(
        [
            come[come["_merge"] == "left_only"].assign(change="新增"),
            gone[gone["_merge"] == "left_only"].assign(change="消除"),
        ],
        ignore_index=True,
    )
    return both[["change", "check_id", "severity", "entity_table", "entity_id", "message", "mend"]]
