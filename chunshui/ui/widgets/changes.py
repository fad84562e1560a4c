"""What differs between two versions, as tables."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.small_numbers import PEOPLE
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.names import column_header, structure_sentences
from chunshui.ui.widgets import tables
from chunshui.warehouse import Comparison

_PEOPLE = {
    (ledger.id, column.key): column.unit
    for ledger in ALL.values()
    for column in ledger.columns
    if column.unit in PEOPLE and "容量" not in column.header
}


def figures(comparison: Comparison, month: str) -> pd.DataFrame:
    """Return the district's figures that differ between two versions in one month."""
    rows = comparison.metrics
    rows = rows[(rows["variant"] == "base") & (rows["month"].astype(str).str[:7] == month)]
    return pd.DataFrame(
        {
            "指标": rows["metric_name"],
            comparison.a.version: [
                words.number(value, unit)
                for value, unit in zip(rows["value_a"], rows["unit"], strict=True)
            ],
            comparison.b.version: [
                words.number(value, unit)
                for value, unit in zip(rows["value_b"], rows["unit"], strict=True)
            ],
            "变化": [
                change_words(*row)
                for row in zip(rows["value_a"], rows["value_b"], rows["unit"], strict=True)
            ],
        }
    )


def change_words(before: float | None, now: float | None, unit: str) -> str:
    """Return by how much the written values of two versions differ, "—" where one is missing."""
    was, here = words.written(before, unit), words.written(now, unit)
    if was.value is not None and was.value == here.value and before != now:
        return "末位以下有差别"
    return words.change(words.difference(here, was), unit)


def structure(comparison: Comparison) -> str:
    """Say which ledgers and columns only one of the versions has; "" when both have all."""
    sentences = structure_sentences(comparison.structure)
    return f"两个版本的台账栏目不同。{'；'.join(sentences)}。" if sentences else ""


def ledgers(comparison: Comparison) -> pd.DataFrame:
    """Return how many rows of each ledger were added, removed, changed."""
    rows = comparison.tables[comparison.tables[["added", "removed", "changed"]].any(axis=1)]
    return pd.DataFrame(
        {
            "台账": rows["table_name"].map(words.ENTITIES).fillna(rows["table_name"]),
            f"{comparison.a.version}行数": rows["rows_a"],
            "新增": rows["added"],
            "删除": rows["removed"],
            "修改": rows["changed"],
            f"{comparison.b.version}行数": rows["rows_b"],
        }
    )


def cells(comparison: Comparison) -> pd.DataFrame:
    """Return every added or removed row and every changed cell, with where each side is written."""
    rows = comparison.changes
    return tables.readable(
        {
            "台账": rows["table_name"].map(words.ENTITIES).fillna(rows["table_name"]),
            "变化": rows["change"],
            "编号": rows["key"],
            "列": [
                None if column is None else column_header(table, column)
                for table, column in zip(rows["table_name"], rows["column"], strict=True)
            ],
            "原值": _with_people(rows, "value_a"),
            "新值": _with_people(rows, "value_b"),
            "原文件": rows["file_a"],
            "原工作表": rows["sheet_a"],
            "原行号": rows["row_a"],
            "新文件": rows["file_b"],
            "新工作表": rows["sheet_b"],
            "新行号": rows["row_b"],
        }
    )


def _with_people(rows: pd.DataFrame, side: str) -> list[str | None]:
    """Return the values of one side, numbers of people with their unit: that says what they count."""
    named = zip(rows["table_name"], rows["column"], rows[side], strict=True)
    return [
        None if pd.isna(value) else f"{value}{_PEOPLE.get((table, column), '')}"
        for table, column, value in named
    ]
