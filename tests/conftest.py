"""What several test folders share: the demonstration district, published once per state of the code."""

import fcntl
import gc
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pytest

from chunshui import child_process, demo, paths, pipeline
from chunshui.catalogue import checks, fill
from chunshui.catalogue.metric import all_metrics, get_metric
from chunshui.ledgers import child
from chunshui.pipeline import streets
from chunshui.warehouse import Reader, Store

# Everything that decides what a published demonstration holds: a change there is a new one.
MAKERS = ("chunshui", "queries", "data/reference")
# Rooms that have no part in it.
BESIDE = ("ui", "community", "snapshots", "static", "access", "cli", "city")
# Of each kind, window and level one or two, with those that tests of publishing look at.
FEW_METRICS = (
    "area_per_100_households",
    "circle_coverage",
    "circle_walk",
    "fund_balance",
    "grid_leader_rate",
    "opinion_closing_days",
    "opinion_closing_rate",
    "opinion_on_time_rate",
    "opinions_open_overdue",
    "opinions_received",
    "station_area",
    "station_count",
)
# Whoever forbids it has every child and every server compile the whole package anew, a second each.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
KEPT_SECONDS = 6 * 3600  # a demonstration that no run has used for as long is removed

# Costly ones first, so that the workers end together. While one builds the demonstration, another
# needs to have work that can do without it. Before all others those of `access`, which cannot run
# beside a browser's event loop.
COSTLY = ("access", "browser/test_circles", "ledgers", "browser", "warehouse", "ui", "snapshots")
COSTLY += ("faults", "pipeline", "renewal")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the costly files begin (`make test` keeps this order)."""

    def rank(item: pytest.Item) -> int:
        path = item.path.relative_to(Path(__file__).parent).as_posix()
        return next((k for k, name in enumerate(COSTLY) if path.startswith(name)), len(COSTLY))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """Take what is loaded out of the garbage collector's way: looking it through is a 20th of a run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def published() -> Path:
    """A data folder (for CHUNSHUI_DATA) with the demonstration's ledgers and its first version.

    Built by the real pipeline, once per state of the code: under a lock, so that parallel workers
    share it, and kept in the temporary folder for the next run. Treat it as read-only: a test
    that publishes, undoes or damages copies it first.
    """
    shelf = Path(tempfile.gettempdir()) / "chunshui-tests"
    shelf.mkdir(exist_ok=True)
    data = shelf / _state_of_the_code()
    with (shelf / f"{data.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            with tempfile.TemporaryDirectory(dir=shelf) as beside:
                built = Path(beside) / "data"
                _publish_demonstration(built)
                built.rename(data)  # whole or not at all
        data.touch()
        for old in filter(Path.is_dir, shelf.iterdir()):
            if old.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(old, ignore_errors=True)  # another run may be at it too
    return data


@pytest.fixture(scope="module")
def reader(published: Path) -> Iterator[Reader]:
    """The demonstration's version, open for reading."""
    with Store(published / "versions").open() as opened:
        yield opened


def _publish_demonstration(data: Path) -> None:
    demo.write_ledgers(data / "ledgers")
    pipeline.build(
        data / "ledgers",
        store=Store(data / "versions"),
        note="测试用演示版本",
        by="测试",
        serve=True,
    )


def _state_of_the_code() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.relative_to(paths.ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterable[Path]:
    for folder in MAKERS:
        for path in sorted((paths.ROOT / folder).rglob("*")):
            parts = path.relative_to(paths.ROOT).parts
            if path.is_file() and path.suffix != ".pyc" and parts[1] not in BESIDE:
                yield path


@pytest.fixture
def reading_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ledgers be read, and a page's check and build run, in the test's own process: starting a
    child costs a second of processor.

    That files are read in a child, and what its limits do, is for `tests/ledgers/test_child.py`,
    `tests/faults` and the browser's tests.
    """
    jobs = {"stage": child._stage, "annotate": child._annotate, "streets": streets._make}

    def run(module: str, request: dict, folder: Path, **_: object) -> None:
        sent = json.loads(json.dumps({**request, "out": str(folder)}))
        jobs[request["job"]](sent, folder)

    def call(work, /, *args, progress, seconds: float, **named):
        assert seconds
        return work(*args, progress=progress, **named)

    monkeypatch.setattr(child, "run", run)
    monkeypatch.setattr(child_process, "call", call)


@pytest.fixture
def few_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a publish fill a dozen metrics, one of each kind, where the others would prove nothing more."""
    metrics = {one: get_metric(one) for one in FEW_METRICS}
    monkeypatch.setattr(fill, "all_metrics", lambda: metrics)

    def define(con: duckdb.DuckDBPyConnection) -> None:  # rules ask which metrics there are at all
        with monkeypatch.context() as for_now:
            for_now.setattr(fill, "all_metrics", all_metrics)
            fill.define(con)

    monkeypatch.setattr(checks, "define", define)
