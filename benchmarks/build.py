"""How long a version takes from nothing, and where only something of it changed.

    python -m benchmarks.build [--rounds 1]

The demonstration is published from nothing (aim: metrics 9 s on two quiet cores), rebuilt with
nothing changed (metrics 1.5 s), then with a cell of the opinion ledger altered (checked and laid
ready to be looked at: 5 s; metrics 2 s; from upload to served: 8 s) and with a month more (metrics
4 s). Beside each stands the same version computed wholly. The processors' time, the reading
child's included, is told beside the clock's: it says what the clock would on a quiet machine.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pandas as pd

from chunshui import demo, pipeline
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.out.write import write
from chunshui.pipeline import IntakeOptions
from chunshui.warehouse import Manifest, Store, publish

T = TypeVar("T")
WHO = {"note": "基准", "by": "基准"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=1)
    rounds = parser.parse_args().rounds
    print(f"处理器{os.cpu_count()}个，一分钟负载{os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        demo.write_ledgers(root / "ledgers")
        store = Store(root / "versions")
        _told("全新一套", lambda: pipeline.build(root / "ledgers", store=store, serve=True, **WHO))
        for number in range(rounds):
            _told("什么也没变，重算", lambda: pipeline.rebuild(store=store, **WHO))
            _told("　　同上，一律重算", lambda: pipeline.rebuild(store=store, anew=True, **WHO))
            _one_cell(store, root / f"民情{number}", number)
            _month_more(store, number)


def _one_cell(store: Store, folder: Path, number: int) -> None:
    """Alter one cell of the opinion ledger and go the way of the page: check, look, publish."""
    upload = _upload(store, folder, number)
    started = time.perf_counter()
    report = _told("民情改一格：检查", lambda: pipeline.examine(upload, store=store))
    manifest = _told(
        "　　建成预览", lambda: pipeline.build(upload, store=store, report=report, **WHO)
    )
    anew = IntakeOptions(anew=True)
    publish.serve(store, manifest.version, by="基准")
    print(f"　　上传到使用 {time.perf_counter() - started:.2f}秒")
    _told("　　同上，一律重算", lambda: pipeline.build(upload, store=store, options=anew, **WHO))


def _month_more(store: Store, number: int) -> None:
    month = str(pd.Period(store.manifest(store.current().version).as_of, "M") + 1)
    for label, anew in (("多一个月", False), ("　　同上，一律重算", True)):
        options = IntakeOptions(month=month, anew=anew)
        _told(label, lambda o=options: pipeline.build([], store=store, options=o, **WHO))


def _upload(store: Store, folder: Path, number: int) -> Path:
    """The opinion ledger of the served version with the channel of one row changed."""
    with store.open() as reader:
        tables = {
            name: reader.query("warehouse/table_rows", table=name)[ALL[name].stored]
            for name in ("street", "community", "opinion")
        }
    channels = sorted(tables["opinion"]["channel"].unique())
    here = tables["opinion"].columns.get_loc("channel")
    now = channels.index(tables["opinion"].iloc[number, here])
    tables["opinion"].iloc[number, here] = channels[now - 1]
    write(tables, folder, demonstration=True, plan={"民情台账.xlsx": ["opinion"]})
    return folder


def _told(label: str, work: Callable[[], T]) -> T:
    started, busy = time.perf_counter(), sum(os.times()[:4])
    done = work()
    took, busy = time.perf_counter() - started, sum(os.times()[:4]) - busy
    metrics = done.timings["计算指标"] if isinstance(done, Manifest) else None
    words = "" if metrics is None else f"，其中指标{metrics:.2f}秒"
    print(f"{label} {took:.2f}秒，处理器{busy:.2f}秒{words}", flush=True)
    return done


if __name__ == "__main__":
    main()
