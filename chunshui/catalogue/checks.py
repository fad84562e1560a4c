"""Data-quality rules: one file each in `queries/checks/`, run once when a version is built.

Front matter: id, name, severity (错误 stops a publish, 警告, 提示), entity (table of the rows it
returns), mend (Chinese: what the steward should do), params (defaults). The SELECT returns the
offending rows as entity_id and message, a Chinese sentence with the values that are wrong.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from chunshui import paths, words
from chunshui.catalogue import frontmatter
from chunshui.catalogue.fill import define
from chunshui.warehouse import Reader, sql
from chunshui.words import SEVERITIES

# What the statement that keeps the findings sets itself: see queries/catalogue/store_check.sql.
_RESERVED = {"check_id", "severity", "entity_table", "mend"}
_REQUIRED = {"id": str, "name": str, "severity": str, "entity": str, "mend": str}


@dataclass(frozen=True)
class Check:
    """One rule as its file declares it."""

    id: str
    name: str
    severity: str
    entity: str
    mend: str
    params: dict[str, Any] = field(hash=False)
    sql: str = field(repr=False)


@cache
def all_checks(root: Path = paths.QUERIES) -> dict[str, Check]:
    """Read and check every rule; return them by id. Raises `CatalogueError` for a faulty file."""
    checks = {}
    for query in frontmatter.read_folder("checks", root):
        frontmatter.check_keys(query, _REQUIRED, {"params": dict})
        front = {"params": {}} | query.front
        if front["severity"] not in SEVERITIES:
            raise query.fault(f"severity 只能取{'、'.join(SEVERITIES)}")
        if front["entity"] not in words.ENTITIES:
            raise query.fault(f"entity“{front['entity']}”不是事实表")
        if taken := sorted(_RESERVED & (set(front["params"]) | query.parameters)):
            raise query.fault(f"参数{'、'.join(taken)}是保存结果时自用的名字，请换一个")
        frontmatter.check_parameters(query, set(front["params"]))
        checks[front["id"]] = Check(**front, sql=query.sql)
    return checks


def run_checks(con: duckdb.DuckDBPyConnection) -> int:
    """Run every rule on the version being built, fill `check_result`, return the rows found."""
    define(con)
    outer = sql.text("catalogue/store_check")
    for check in all_checks().values():
        con.execute(
            frontmatter.around(check.sql, outer),
            {
                **check.params,
                "check_id": check.id,
                "severity": check.severity,
                "entity_table": check.entity,
                "mend": check.mend,
            },
        )
    return int(sql.run(con, "catalogue/check_count")["finding_rows"].iloc[0])


def check_findings(reader: Reader) -> pd.DataFrame:
    """Return what the rules found, the gravest first, with the ledger row behind each finding.

    Columns check_id, check_name, severity, entity_table, entity_word, entity_id, message, mend,
    file_name, sheet_name, source_row.
    """
    rows = reader.query("views/check_results")
    names = {check.id: check.name for check in all_checks().values()}
    rows.insert(1, "check_name", [names.get(check, check) for check in rows["check_id"]])
    rows.insert(4, "entity_word", rows["entity_table"].map(words.ENTITIES))
    return rows


def finding_counts(reader: Reader) -> pd.DataFrame:
    """Return one row per rule, also those that found nothing: check_id, check_name, severity, rows."""
    counts = reader.query("views/check_summary").set_index("check_id")["rows"]
    rows = [
        (check.id, check.name, check.severity, int(counts.get(check.id, 0)))
        for check in all_checks().values()
    ]
    rows.sort(key=lambda row: (SEVERITIES.index(row[2]), -row[3], row[0]))
    return pd.DataFrame(rows, columns=["check_id", "check_name", "severity", "rows"])
