"""Tell what differs between two versions: ledger rows, findings of the checks, figures."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chunshui.warehouse.manifest import Manifest
from chunshui.warehouse.reader import Reader
from chunshui.warehouse.store import Store

KEEPING = {"source_id", "source_row", "source_file_name", "source_sheet_name"}


@dataclass(frozen=True)
class Comparison:
    """Version `a` (older) against version `b` (newer).

    tables: table_name, rows_a, added, removed, changed, rows_b; a row for every ledger table,
        with rows_b = rows_a + added - removed.
    changes: table_name, change (新增/删除/修改), key, column, value_a, value_b, and where each
        side is written: file_a, sheet_a, row_a, file_b, sheet_b, row_b. A row for every added
        or removed row (column None) and for every cell that differs.
    metrics: metric_id, metric_name, unit, variant, month, then numerator, denominator, members
        and value of each side and difference (b - a) of the values, for the whole district;
        only where something differs. Values are in the unit (a ratio in % is 92.4).
    checks: change (新增/消除), check_id, severity, entity_table, entity_id, message, mend.
    """

    a: Manifest
    b: Manifest
    tables: pd.DataFrame
    changes: pd.DataFrame
    metrics: pd.DataFrame
    checks: pd.DataFrame


def compare(store: Store, a: str, b: str) -> Comparison:
    """Compare two versions by name. Raises VersionMissingError or VersionDamagedError."""
    with store.open(a) as old, store.open(b) as new:
        tables, changes = _rows(old, new)
        return Comparison(
            a=old.manifest,
            b=new.manifest,
            tables=tables,
            changes=changes,
            metrics=_metrics(old, new),
            checks=_checks(old, new),
        )


def _rows(old: Reader, new: Reader) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare every table that came from ledgers, by its primary key."""
    keys_a, keys_b = (
        {
            row.table_name: list(row.key_columns)
            for row in reader.query("warehouse/keys").itertuples()
        }
        for reader in (old, new)
    )
    counts, changes = [], []
    for table, key in {**keys_a, **keys_b}.items():
        left = _table(old, table, key) if table in keys_a else None
        right = _table(new, table, key) if table in keys_b else None
        if left is None or right is None:  # a table that only one version's software knows
            left = right.iloc[:0] if left is None else left
            right = left.iloc[:0] if right is None else right
        found = _table_changes(left, right)
        kinds = found.drop_duplicates(["change", "key"])["change"].value_counts()
        counts.append(
            {
                "table_name": table,
                "rows_a": len(left),
                "added": int(kinds.get("新增", 0)),
                "removed": int(kinds.get("删除", 0)),
                "changed": int(kinds.get("修改", 0)),
                "rows_b": len(right),
            }
        )
        changes.append(found.assign(table_name=table))
    columns = ["table_name", "change", "key", "column", "value_a", "value_b"]
    columns += [f"{part}_{side}" for side in "ab" for part in ("file", "sheet", "row")]
    return pd.DataFrame(counts), pd.concat(changes, ignore_index=True)[columns]


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
        before = kept_a[column].astype(object).to_numpy()
        after = kept_b[column].astype(object).to_numpy()
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


def _where(rows: pd.DataFrame, keys: pd.Index, side: str) -> dict[str, np.ndarray]:
    """Ledger file, sheet and row number of the rows named."""
    named = rows.loc[keys]
    return {
        f"file_{side}": named["source_file_name"].to_numpy(),
        f"sheet_{side}": named["source_sheet_name"].to_numpy(),
        f"row_{side}": named["source_row"].to_numpy(),
    }


def _show(value) -> str | None:
    """Write a cell for people; a shape, which nobody reads, by its size only."""
    if isinstance(value, bytes):
        return f"图形（{len(value)} 字节）"
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
    found = pd.concat(
        [
            come[come["_merge"] == "left_only"].assign(change="新增"),
            gone[gone["_merge"] == "left_only"].assign(change="消除"),
        ],
        ignore_index=True,
    )
    return found[["change", "check_id", "severity", "entity_table", "entity_id", "message", "mend"]]
