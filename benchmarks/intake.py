"""How long from an uploaded ledger to its report, and how long the rules take.

    python -m benchmarks.intake

5,000 rows are written as a workbook, read in the child, held against the demonstration's version
and checked (aim: 2.5 s on a quiet machine; the demand is 4 s); then the quality rules alone are run
over a version of more than 100,000 typed rows (aim: 1 s). The time of the processors, the child's
included, is told beside the clock's: it says what the clock would on a quiet machine.
"""

import os
import tempfile
import time
from pathlib import Path

import pandas as pd

from chunshui import demo, pipeline
from chunshui.catalogue.checks import all_checks, run_checks
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.out.write import write
from chunshui.ledgers.stage import stage
from chunshui.warehouse import Store, sql
from chunshui.warehouse.reader import connect

ROWS = 5_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        demo.write_ledgers(root / "ledgers")
        store = Store(root / "versions")
        pipeline.build(root / "ledgers", store=store, serve=True, note="基准", by="基准")
        upload = _upload(store, root / "上报")
        print(f"处理器{os.cpu_count()}个，一分钟负载{os.getloadavg()[0]:.1f}")
        started = time.perf_counter()
        staged = stage(upload)
        print(
            f"只读入（本进程）：{len(staged.source_row):,}行，{time.perf_counter() - started:.2f}秒"
        )
        for turn in ("首次", "再次"):
            started, busy = time.perf_counter(), _busy()
            examined = pipeline.examine(upload, store=store, options=pipeline.IntakeOptions())
            took, busy = time.perf_counter() - started, _busy() - busy
            errors = len(examined.staged.errors)
            print(
                f"上传到报告（{turn}）：{ROWS:,}行，{took:.2f}秒，处理器{busy:.2f}秒，"
                f"错误{errors}处（目标2.5秒）"
            )
        _rules(store, root / "rules.duckdb")


def _busy() -> float:
    """Seconds that the processors have worked for this process and its children."""
    return sum(os.times()[:4])


def _upload(store: Store, folder: Path) -> Path:
    """5,000 opinions in the places of the demonstration, as one workbook."""
    with store.open() as reader:
        tables = {
            name: reader.query("warehouse/table_rows", table=name)[ALL[name].stored]
            for name in ("street", "community", "opinion")
        }
    opinions = tables["opinion"].sort_values("opinion_id")
    times = -(-ROWS // len(opinions))
    many = pd.concat([opinions] * times, ignore_index=True).head(ROWS)
    many["opinion_id"] = [
        *opinions["opinion_id"],
        *[f"X{n:05d}" for n in range(ROWS - len(opinions))],
    ]
    tables["opinion"] = many
    write(tables, folder, demonstration=True, plan={"民情台账.xlsx": ["opinion"]})
    return folder


def _rules(store: Store, copy: Path) -> None:
    """Run every rule on a copy of the version, as a publish does."""
    path = store.path(store.current().version)
    copy.write_bytes(path.read_bytes())
    con = connect(copy, read_only=False)
    try:
        rows = sum(
            int(sql.run(con, "warehouse/row_count", table=table)["row_count"].iloc[0])
            for table in ALL
        )
        started = time.perf_counter()
        run_checks(con)
        took = time.perf_counter() - started
    finally:
        con.close()
    print(f"规则：{len(all_checks())}条，{rows:,}行，{took:.2f}秒（目标1秒）")


if __name__ == "__main__":
    main()
