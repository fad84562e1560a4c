"""How long a city takes: built serially, by processes, by Dask; and what its editions cost to read.

    python -m benchmarks.city build [--districts 13] [--workers 2] [--kills 0]
    python -m benchmarks.city read [--districts 2800] [--data FOLDER]

`build` gives each district the demonstration's ledgers under a code of its own, lays them in every
way there is (Dask where it is installed) and holds the checksums of their figures against each
other. Aims for 13 districts of 36 months on two quiet cores: 210 s, serially 330 s, 0.8 GiB a worker.
With --kills workers are killed at so many random moments, and what is left is counted.

`read` multiplies the district published in a data folder (else a demonstration made now) and asks an
edition of so many: a ranking (aim 20 ms), the trend of 36 months (80 ms), at most 300 MiB; beside it
the naive ways, every version attached and every district's Parquet in a glob, of as many as are bearable.
Each way runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from chunshui import demo, pipeline
from chunshui.city import comparison, laying
from chunshui.city import edition as editions
from chunshui.city.edition import City
from chunshui.city.laying import Laid, Order
from chunshui.pipeline import values
from chunshui.warehouse import Store

OWN = b"420104"
METRIC, VARIANT = "circle_coverage", "base"
BEARABLE = {"attach": 300, "glob": 300}
ATTACHED = "attach '{path}' as d{n} (read_only)"
SUMS = """select district, sum(numerator), sum(denominator) from ({source})
    where metric_id = '{metric}' and variant = 'base' and month = '{month}-01' group by district"""


def main() -> None:
    parser = argparse.ArgumentParser()
    inner = parser.add_subparsers(required=True)
    one = inner.add_parser("build")
    one.set_defaults(run=build)
    one.add_argument("--districts", type=int, default=13)
    one.add_argument("--workers", type=int, default=2)
    one.add_argument("--kills", type=int, default=0)
    one = inner.add_parser("read")
    one.set_defaults(run=read)
    one.add_argument("--districts", type=int, default=2800)
    one.add_argument("--data", type=Path)
    given = vars(parser.parse_args())
    print(f"处理器{os.cpu_count()}个，一分钟负载{os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        given.pop("run")(Path(folder), **given)


def build(folder: Path, districts: int, workers: int, kills: int) -> None:
    """Lay a city in every way; say how long each took and whether the figures are the same."""
    # Apart, for what it takes is no district's.
    writer = multiprocessing.get_context("spawn").Process(
        target=demo.write_ledgers, args=(folder / "ledgers",)
    )
    writer.start()
    writer.join()
    codes = [f"{420101 + n}" for n in range(districts)]
    ways: dict[str, Callable[[City], list[Laid]]] = {
        "一个进程": laying.build,
        f"{workers}个进程": partial(laying.build, workers=workers),
    }
    if find_spec("distributed"):
        ways[f"Dask {workers}个进程"] = partial(_dask, workers=workers)
    if kills:
        ways[f"杀{kills}次"] = partial(_killed, workers=workers, kills=kills)
    found = {}
    for way, run in ways.items():
        root = folder / way
        for code in codes:
            _transcribe(folder / "ledgers", root / "districts" / code / "ledgers", code.encode())
        started = time.perf_counter()
        laid = run(City(root))
        took = time.perf_counter() - started
        faults = [one.fault for one in laid if one.fault]
        found[way] = {one.district: one.figures for one in laid}
        started = time.perf_counter()
        edition = City(root).publish(label="基准", by="基准")
        print(
            f"{way}：{districts}个区{took:.1f}秒，内存最多{max(one.peak_mib for one in laid)}MB，"
            f"全市汇总{time.perf_counter() - started:.2f}秒，计入{sum(one.counted for one in edition.districts)}个区，"
            f"版本共{sum(len(City(root).store(code).versions()) for code in codes)}个，{faults or '没有失败'}"
        )
        shutil.rmtree(root)
    same = all(one == next(iter(found.values())) for one in found.values())
    print("各种方式的数一致" if same else f"各种方式的数不一致：{found}")


def _dask(city: City, workers: int) -> list[Laid]:
    """Lay by the commands of docs/city.md; to a district's memory comes that of the worker that waits for it."""
    from distributed import Client

    told = city.root / "scheduler.json"
    run = [sys.executable, "-m", "distributed.cli.dask_"]
    scheduler = [f"{run[-1]}scheduler", "--port", "0", "--no-dashboard"]
    worker = [f"{run[-1]}worker", "--nthreads", "1", "--nworkers", f"{workers}", "--no-dashboard"]
    with ExitStack() as stack:
        for one in (scheduler, worker):
            command = [*run[:-1], *one, "--scheduler-file", str(told)]
            process = stack.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))
            stack.callback(process.terminate)
        while not told.exists():
            time.sleep(0.1)
        client = stack.enter_context(Client(scheduler_file=str(told)))
        client.wait_for_workers(workers)
        laid = laying.build(city, scheduler=client.scheduler.address)
        waiting = max(laying.peak_mib(pid) for pid in client.run(os.getpid).values())
    return [replace(one, peak_mib=one.peak_mib + waiting) for one in laid]


def _killed(city: City, workers: int, kills: int) -> list[Laid]:
    """Lay with workers that die at random moments, until enough have died."""
    from benchmarks.city import lay_or_die  # as a worker finds it

    plan = city.root / "kills.json"
    plan.write_text(json.dumps({"left": kills}))
    while True:
        laid = laying.build(city, workers=workers, work=lay_or_die)
        left = json.loads(plan.read_text())["left"]
        if not left and not any(one.fault for one in laid):
            return laid


def lay_or_die(order: Order, **named: Any) -> Laid:
    plan = order.root / "kills.json"
    left = json.loads(plan.read_text())["left"]
    if left:
        plan.write_text(json.dumps({"left": left - 1}))
        timer = threading.Timer(random.uniform(0, 40), os.kill, (os.getpid(), signal.SIGKILL))
        timer.daemon = True
        timer.start()
    return laying.lay(order, **named)


def _transcribe(ledgers: Path, target: Path, code: bytes) -> None:
    """Write ledgers once more under another district's code."""
    target.mkdir(parents=True)
    for path in ledgers.iterdir():
        if path.suffix != ".xlsx":
            (target / path.name).write_bytes(path.read_bytes().replace(OWN, code))
            continue
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(target / path.name, "w", 8) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(OWN, code))


def read(folder: Path, districts: int, data: Path | None) -> None:
    """Ask an edition of many districts, and the naive ways beside it."""
    if data is None:
        data = folder / "data"
        demo.write_ledgers(data / "ledgers")
        store = Store(data / "versions")
        pipeline.build(data / "ledgers", store=store, note="基准", by="基准", serve=True)
    store = Store(data / "versions")
    shutil.copytree(store.folder, folder / "one" / "versions")  # what is exported is not left there
    one = values.export(Store(folder / "one"), store.current().version)
    codes = [f"{110001 + n}" for n in range(districts)]
    _multiplied(City(folder / "city"), one, codes)
    path = Store(folder / "one").path(one.version)
    for way, ask in (("edition", _ask_edition), ("glob", _ask_glob), ("attach", _ask_attached)):
        asked = codes[: BEARABLE.get(way, districts)]
        context = multiprocessing.get_context("spawn")
        child = context.Process(
            target=ask, args=(folder, path, one.folder / values.VALUES, asked, one.as_of)
        )
        child.start()
        child.join()


def _multiplied(city: City, one: values.Values, codes: list[str]) -> None:
    """Write an edition of so many districts, each with other numerators than the one there is."""
    sums, rules = one.table(values.DISTRICT), one.table(values.RULES)
    number = sums.schema.get_field_index("numerator")
    numerators = sums["numerator"].to_numpy()
    pinned = {
        code: replace(editions._pinned(one, one.as_of, False), district=code, name=code)
        for code in codes
    }
    draw = random.Random(7)
    figures = [
        editions._of(
            code, sums.set_column(number, "numerator", pa.array(numerators * draw.uniform(0.6, 1)))
        )
        for code in codes
    ]
    tables = editions._tables(
        {one.district: one}, {one.district: next(iter(pinned.values()))}, one.as_of
    )
    tables[editions.FIGURES] = editions._sorted(pa.concat_tables(figures))
    tables[editions.RULES] = editions._sorted(
        pa.concat_tables([editions._of(code, rules) for code in codes])
    )
    told = {
        "label": "基准",
        "as_of": one.as_of,
        "nature": one.nature,
        "districts": [vars(each) for each in pinned.values()],
        "notes": [],
    }
    city.folder.mkdir(parents=True)
    city._point("发布", city._write(told, tables), "基准")


def _best(name: str, ask: Callable[[], object], rounds: int = 5) -> str:
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - started)
    return f"{name}{min(seconds) * 1e3:.0f}毫秒（首次{seconds[0] * 1e3:.0f}）"


def _told(way: str, codes: list[str], *parts: str) -> None:
    print(f"{way}，{len(codes)}个区：{'，'.join(parts)}；内存最多{laying.peak_mib()}MB", flush=True)


def _ask_edition(folder: Path, _: Path, __: Path, codes: list[str], month: str) -> None:
    started = time.perf_counter()
    shown = City(folder / "city").current()
    opened = f"打开{(time.perf_counter() - started) * 1e3:.0f}毫秒"
    _told(
        "全市汇总",
        codes,
        opened,
        _best("排名", lambda: comparison.ranking(shown, METRIC, VARIANT, month)),
        _best("36个月", lambda: comparison.figures(shown, [METRIC], VARIANT, shown.months)),
        _best("全市", lambda: comparison.total(shown, METRIC, VARIANT, month)),
    )


def _ask_glob(folder: Path, _: Path, parquet: Path, codes: list[str], month: str) -> None:
    for code in codes:
        place = folder / "glob" / f"district={code}"
        place.mkdir(parents=True)
        os.link(parquet, place / "values.parquet")
    con = duckdb.connect(config={"threads": 2}).cursor()
    source = f"select * from read_parquet('{folder}/glob/*/*.parquet', hive_partitioning = true)"
    statement = SUMS.format(source=source, metric=METRIC, month=month)
    _told("逐区 Parquet", codes, _best("排名", lambda: con.sql(statement).df()))


def _ask_attached(folder: Path, version: Path, _: Path, codes: list[str], month: str) -> None:
    con = duckdb.connect(config={"threads": 2}).cursor()
    (folder / "attach").mkdir()
    for code in codes:
        os.link(version, folder / "attach" / f"{code}.duckdb")
        con.execute(ATTACHED.format(path=folder / "attach" / f"{code}.duckdb", n=code))
    source = " union all ".join(
        f"select '{code}' as district, * from d{code}.metric_value" for code in codes
    )
    statement = SUMS.format(source=source, metric=METRIC, month=month)
    _told("逐区附加", codes, _best("排名", lambda: con.sql(statement).df(), 2))


if __name__ == "__main__":
    main()
