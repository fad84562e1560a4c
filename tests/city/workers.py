"""What workers do in tests: the real laying with six metrics, and once a death at a given moment."""

import contextlib
import io
import json
import os
import signal
import time
from pathlib import Path
from unittest import mock

import numpy as np
import shapely

from chunshui.catalogue import checks, fill
from chunshui.catalogue.metric import all_metrics, get_metric
from chunshui.city import laying
from chunshui.city.laying import Laid, Order
from chunshui.ledgers import child
from chunshui.warehouse import publish, reader, schema
from tests.city.planted import METRICS
from tests.warehouse import small

LAY = laying.lay  # a test may put `lay` in its place
# Where a worker dies: before the call of that name, or when it has come back.
MOMENTS = {
    "load": (schema, "create", False),
    "metrics": (fill, "input_digests", True),
    "seal": (publish, "_seal", False),
    "half named": (publish, "asdict", False),
    "named": (publish, "_place", True),
    "before reporting": (laying.values, "export", True),
}


def write_ledgers(root: Path, code: str, number: int) -> None:
    """Write the ledgers of a small district, the more rows the higher its number."""
    tables = small.frames(stations=3 + number)
    del tables["source_file"], tables["source_row"]
    tables["opinion"] = small.opinions(*(f"2026-10-{day:02d}" for day in range(9, 12 + number)))
    for name, table in tables.items():
        for column in table.columns[table.columns.str.endswith("_code")]:
            table[column] = table[column].str.replace("420104", code)
        tables[name] = table.drop(columns=["source_id", "source_row"], errors="ignore")
    tables["district"]["district_name"] = f"{code}区"
    for name in ("district", "street", "community"):
        moved = shapely.transform(
            shapely.from_wkb(tables[name]["shape"]), lambda at: at + np.array([0.05 * number, 0])
        )
        tables[name]["shape"] = shapely.to_wkb(moved)
    tables["station"]["lon"] += 0.05 * number
    folder = root / "districts" / code / "ledgers"
    folder.mkdir(parents=True)
    small.ledgers(folder, **tables)


def lay(order: Order, **named) -> Laid:
    """Lay a district, reading in this process; die once where `kill.json` says so for it."""
    metrics = {one: get_metric(one) for one in METRICS}

    def define(con) -> None:  # rules ask which metrics there are at all
        with mock.patch.object(fill, "all_metrics", all_metrics):
            fill.define(con)

    def run(module, request, folder, **_):
        with contextlib.redirect_stdout(io.StringIO()):  # what a child would tell its parent
            child._stage(json.loads(json.dumps({**request, "out": str(folder)})), folder)

    with (
        mock.patch.object(fill, "all_metrics", return_value=metrics),
        mock.patch.object(checks, "define", define),
        mock.patch.object(child, "run", run),
        mock.patch.dict(reader.BUILDING, {"default_block_size": 16384}),
        _dying(order),
    ):
        return LAY(order, **named)


def work_on(order: Order, *, progress) -> Laid:
    """Work for ten seconds, then leave a word that all of it was done."""
    for step in range(100):
        progress("…", step / 100)
        if step == 1:
            (order.root / f"{order.district} begun").touch()
        time.sleep(0.1)
    (order.root / f"{order.district} done").touch()
    return Laid(order.district)


def _dying(order: Order):
    told = order.root / "kill.json"
    plan = json.loads(told.read_text()) if told.exists() else {}
    if plan.get("district") != order.district:
        return mock.patch.dict({}, {})
    module, name, after = MOMENTS[plan["moment"]]
    real = getattr(module, name)

    def die(*args, **named):
        if after:
            real(*args, **named)
        if not plan.get("always"):
            told.unlink()
        os.kill(os.getppid() if plan.get("with its worker") else os.getpid(), signal.SIGKILL)
        signal.pause()  # until it is ended, too

    return mock.patch.object(module, name, die)
