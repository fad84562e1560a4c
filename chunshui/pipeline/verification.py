"""Compute a version anew from its ledgers, nothing taken over, and hold it against what it stores."""

import duckdb

from chunshui.catalogue.checks import run_checks
from chunshui.catalogue.fill import fill_values
from chunshui.catalogue.metric import all_metrics
from chunshui.errors import ChunshuiError
from chunshui.ledgers.contracts import ALL as CONTRACTS
from chunshui.pipeline import derive
from chunshui.pipeline.intake import FROM_LEDGERS, limited
from chunshui.warehouse import Reader, Store, schema, software, sql
from chunshui.warehouse.publish import Progress, silent
from chunshui.warehouse.reader import MEMORY, connect

GIVEN = ("source_file", "source_row", *CONTRACTS, "month")  # parents first
DERIVED = {
    "station_place": "阵地所在的社区",
    "walk_door": "楼栋和阵地的门",
    "reach": "步行距离",
    "unroutable": "走不到的楼栋和阵地",
}


def verify(store: Store, version: str, progress: Progress = silent) -> list[str]:
    """Return in Chinese what a version stores otherwise than it is computed from its ledgers.

    Raises ChunshuiError for one that is not whole, or that other software computed.
    """
    with store.open(version) as reader:
        if software.changed(reader.manifest.software):
            raise ChunshuiError(
                f"{version}是由较早的软件算出的，不能核算。"
                "请先运行 python -m chunshui rebuild，再核算新的版本。"
            )
        con = connect(MEMORY, read_only=False)
        try:
            with limited(con):
                _compute(con, reader, progress)
            return _differences(con, reader)
        finally:
            con.close()


def _compute(con: duckdb.DuckDBPyConnection, reader: Reader, progress: Progress) -> None:
    """Fill a new database from the ledgers and months of a version."""
    schema.create(con)
    tables = {}
    for table in GIVEN:
        tables[table] = reader.query("warehouse/whole_table", table=table)
        con.append(table, tables[table], by_name=True)
    progress("推算步行与落点", 0.1)
    con.append("station_place", derive.station_place(tables), by_name=True)
    findings = derive.walk(con, tables, None)
    con.append("check_result", findings, by_name=True)
    run_checks(con)
    fill_values(con, lambda share: progress("计算指标", 0.2 + 0.8 * share))


def _differences(con: duckdb.DuckDBPyConnection, reader: Reader) -> list[str]:
    with reader.cursor() as stored:
        found = [
            name
            for table, name in DERIVED.items()
            if schema.table_digest(con, table) != schema.table_digest(stored, table)
        ]
        values, findings = (
            [sql.run(one, query) for one in (con, stored)]
            for query in ("catalogue/value_digests", "warehouse/check_rows")
        )
    new, old = (dict(rows.to_numpy()) for rows in values)
    wrong = sorted(one for one in new.keys() | old.keys() if new.get(one) != old.get(one))
    found += [all_metrics()[one].name if one in all_metrics() else one for one in wrong]
    new_rows, old_rows = (
        sorted(map(tuple, rows[rows["check_id"] != FROM_LEDGERS].to_numpy().tolist()))
        for rows in findings
    )
    return found if new_rows == old_rows else [*found, "数据质量核查"]
