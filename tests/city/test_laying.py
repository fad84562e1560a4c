"""Districts built by one process, by several, by Dask: the same figures, whoever is killed whenever."""

import contextlib
import json
import logging
import shutil
import signal
import sys
import threading
import time
import types

import pytest

from chunshui import cli
from chunshui.city import laying
from chunshui.city.edition import City
from chunshui.errors import ChunshuiError
from tests.city import workers

CODES = ("420201", "420202")


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    root = tmp_path_factory.mktemp("ledgers")
    for number, code in enumerate(CODES):
        workers.write_ledgers(root, code, number)
    return root


@pytest.fixture(scope="module")
def figures(ledgers, tmp_path_factory):
    """What one process lays, by district: what every other way must lay."""
    root = tmp_path_factory.mktemp("serial") / "city"
    shutil.copytree(ledgers, root)
    laid = laying.build(City(root), work=workers.lay)
    assert not any(one.fault for one in laid)
    return {one.district: one.figures for one in laid}


@pytest.fixture(autouse=True)
def main(monkeypatch):
    """A main module without a file: a page tried before leaves its script as one, which a worker would run."""
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))


@pytest.fixture
def city(ledgers, tmp_path):
    shutil.copytree(ledgers, tmp_path / "city")
    return City(tmp_path / "city")


def assert_whole(city, figures, laid):
    """Each district has one version, whole, of the right figures; nothing is half there, nothing served."""
    assert {one.district: one.figures for one in laid} == figures, [one.fault for one in laid]
    for code in CODES:
        store = city.store(code)
        assert [one.version for one in store.versions()] == [city.candidate(code)]
        assert store.fault(city.candidate(code)) is None
        assert store.pointer() is None
        placed = [*store.folder.iterdir()]
        for left in store.staging.iterdir():  # another name of a file in place, cleared by the next
            assert any(left.samefile(one) for one in placed)
        assert [path.name for path in store.folder.glob("*.duckdb")] == ["v000001.duckdb"]
    assert city.pointer() is None


@pytest.mark.parametrize("moment", ["half named", "named"])
def test_a_worker_killed_is_tried_again_and_nothing_is_doubled(city, figures, moment):
    plan = {"district": CODES[1], "moment": moment}
    (city.root / "kill.json").write_text(json.dumps(plan))
    laid = laying.build(city, workers=2, work=workers.lay)
    assert not (city.root / "kill.json").exists()
    assert_whole(city, figures, laid)
    if moment == "named":
        told = []
        again = laying.build(city, work=workers.lay, told=told.append)
        assert all(one.again for one in again)
        assert [one.district for one in told] == [*reversed(CODES)]  # the longest first
        assert_whole(city, figures, again)
        # Ledgers changed and put back: what was laid last is of what is there now.
        ledgers = city.root / "districts" / CODES[0] / "ledgers"
        outline = next(ledgers.glob("*.geojson"))
        text = outline.read_bytes()
        for content in (text + b"\n", text):
            outline.write_bytes(content)
            changed = laying.build(city, work=workers.lay)[0]
            assert not changed.again
            assert city.candidate(CODES[0]) == changed.version
        assert changed.version == "v000003"


def test_one_that_kills_every_worker_stops_no_other(city, figures):
    plan = {"district": CODES[1], "moment": "load", "always": True}
    (city.root / "kill.json").write_text(json.dumps(plan))
    laid = laying.build(city, workers=2, work=workers.lay)
    assert laid[0].figures == figures[CODES[0]]
    assert "减少 --workers" in laid[1].fault


def test_who_interrupts_waits_for_no_district(city):
    def interrupt():
        while not [*city.root.glob("* begun")]:
            time.sleep(0.05)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job of a shell ignores it
    try:
        threading.Thread(target=interrupt).start()
        with pytest.raises(KeyboardInterrupt):
            laying.build(city, workers=2, work=workers.work_on)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not [*city.root.glob("* done")]


@pytest.mark.parametrize("whole", [False, True])
def test_dask_lays_the_same(city, figures, whole):
    distributed = pytest.importorskip("distributed")
    plan = {"district": CODES[1], "moment": "metrics", "with its worker": whole}
    (city.root / "kill.json").write_text(json.dumps(plan))
    quiet = {"silence_logs": logging.CRITICAL, "dashboard_address": None}
    with distributed.LocalCluster(2, threads_per_worker=1, **quiet) as cluster:
        laid = laying.build(city, scheduler=cluster.scheduler_address, work=workers.lay)
    assert_whole(city, figures, laid)


def test_without_dask_or_its_scheduler_it_is_said(city, monkeypatch):
    with contextlib.suppress(ImportError):
        __import__("distributed")
        with pytest.raises(ChunshuiError, match="连不上调度器 tcp://127"):
            laying.build(city, scheduler="tcp://127.0.0.1:9", work=workers.lay)
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(ChunshuiError, match=r"没有安装 Dask.*requirements-city.txt"):
        laying.build(city, scheduler="tcp://127.0.0.1:9", work=workers.lay)


def test_a_district_that_fails_stops_no_other(city, figures, capsys, monkeypatch):
    """No ledgers, a full disk, other software, a mistake of ours: each is told of its district alone."""
    (city.root / "districts" / "420203").mkdir()
    monkeypatch.setattr(laying, "lay", workers.lay)
    build = laying.pipeline.build

    def full(ledgers, **named):
        if CODES[1] in str(ledgers):
            raise OSError(28, "No space left on device")
        return build(ledgers, **named)

    monkeypatch.setattr(laying.pipeline, "build", full)
    assert cli.main(["city", "build", str(city.root)]) == 1
    told = capsys.readouterr()
    assert f"{CODES[0]}  v000001" in told.out
    assert f"{CODES[1]}  没有建成：没有成功：磁盘空间不足" in told.out
    assert "没有 ledgers 文件夹" in told.out
    assert "2个区没有建成（420202、420203），其余1个已建成" in told.err
    order = laying.Order(city.root, CODES[0], laying.IntakeOptions(), (("chunshui", "0.0.1"),))
    assert "不是同一版本" in workers.LAY(order).fault
    assert cli.main(["city", "build", str(city.root), "--workers=0"]) == 1
    assert cli.main(["city", "build", str(city.root / "none")]) == 1
    assert "没有文件夹" in capsys.readouterr().err
