"""Copies of a data folder: what comes back is what was there, or a sentence says why nothing came."""

import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from chunshui import backup, cli, paths, pipeline
from chunshui.access.audit import Audit
from chunshui.catalogue.metric import get_metric
from chunshui.errors import ChunshuiError
from chunshui.warehouse import Store, publish
from tests.warehouse import small


def tree(data):
    """Return way → content and permissions of the files that a copy must hold."""
    return {
        path.relative_to(data).as_posix(): (path.read_bytes(), path.stat().st_mode)
        for path in data.rglob("*")
        if path.is_file() and "staging" not in path.parts and path.name != "publish.lock"
    }


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    return tmp_path_factory.mktemp("made") / "data"


@pytest.fixture
def data(few_metrics, reading_here, shelf, tmp_path):
    """A data folder with figures, a snapshot's folder, accounts and an audit log."""
    if not shelf.exists():
        ledgers = small.ledgers(shelf.parent / "ledgers")
        pipeline.build(ledgers, store=Store(shelf / "versions"), note="", by="甲", serve=True)
        (shelf / "snapshots" / "2026-10-会").mkdir(parents=True)
        (shelf / "snapshots" / "2026-10-会" / "snapshot.json").write_text("{}", "utf-8")
        (shelf / "kept.json").write_text("{}", "utf-8")
        Audit(shelf / "access" / "audit.jsonl").write("登录", by="wang")
        (shelf / "access" / "secret").write_text("x" * 64)
        (shelf / "access" / "secret").chmod(0o600)
    return shutil.copytree(shelf, tmp_path / "data")


def test_what_comes_back_is_what_was_there(data, tmp_path):
    before = tree(data)
    (data / "versions" / "staging" / "orphan.duckdb").write_bytes(b"half")
    (data / "versions" / ".CURRENT.abc").write_bytes(b"half")
    name, copy, fresh = backup.back_up(data, tmp_path / "safe", "甲")
    assert fresh == sum({one.sha256: one.bytes for one in copy.files}.values())
    assert copy.version == "v000001"
    assert [value for value in copy.figures.values() if value is not None]
    again = tmp_path / "again"
    backup.restore(backup.read(tmp_path / "safe", name), tmp_path / "safe", again)
    assert tree(again) == before
    assert backup.differences(copy, again) == []


def test_a_later_copy_stores_what_is_new_and_both_come_back(data, tmp_path):
    safe = tmp_path / "safe"
    _, first, _ = backup.back_up(data, safe, "甲")
    before = tree(data)
    publish.build(Store(data / "versions"), small.build(), serve=True, note="", by="乙")
    name, second, fresh = backup.back_up(data, safe, "甲")
    assert backup.read(safe) == second and backup.copies(safe)[-1] == name
    assert second.version == "v000002"
    changed = {"versions/CURRENT", "versions/history.jsonl"}
    new = [one for one in second.files if one.path in changed or "v000002" in one.path]
    assert fresh == sum(one.bytes for one in new)
    backup.restore(first, safe, tmp_path / "old")
    assert tree(tmp_path / "old") == before


@pytest.mark.parametrize("fault", ["altered", "cut", "missing"])
def test_a_spoilt_content_is_named_and_nothing_comes(data, tmp_path, fault):
    safe, again = tmp_path / "safe", tmp_path / "again"
    _, copy, _ = backup.back_up(data, safe, "甲")
    one = next(file for file in copy.files if file.path.endswith(".duckdb"))
    content = safe / "contents" / one.sha256
    spoilt = {"altered": b"x" * one.bytes, "cut": content.read_bytes()[:-1], "missing": None}[fault]
    content.unlink()
    if spoilt is not None:
        content.write_bytes(spoilt)
    with pytest.raises(
        ChunshuiError, match=r"versions/v000001\.duckdb”的内容(缺少|损坏).*没有恢复"
    ):
        backup.restore(copy, safe, again)
    assert list(again.iterdir()) == []


def test_differences_are_said(data, tmp_path):
    _, copy, _ = backup.back_up(data, tmp_path / "safe", "甲")
    name = next(name for name, value in copy.figures.items() if value is not None)
    other = replace(copy, figures=copy.figures | {name: -1.0})
    assert backup.differences(other, data) == [
        f"“{get_metric(name).name}”的值是{copy.figures[name]}，备份时是-1.0"
    ]
    Audit(data / "access" / "audit.jsonl").write("导出", by="li")
    assert backup.differences(copy, data) == ["审计记录的末行与备份时不同"]
    publish.build(Store(data / "versions"), small.build(), serve=True, note="", by="乙")
    assert "现用版本是v000002，备份时是v000001" in backup.differences(copy, data)


def test_refusals(data, tmp_path):
    safe = tmp_path / "safe"
    with pytest.raises(ChunshuiError, match="不能放在数据文件夹里面"):
        backup.back_up(data, data / "versions" / "safe", "甲")
    with pytest.raises(ChunshuiError, match="没有什么可以备份"):
        backup.back_up(tmp_path / "empty", safe, "甲")
    with pytest.raises(ChunshuiError, match="那里还没有任何备份"):
        backup.read(safe)
    name, copy, _ = backup.back_up(data, safe, "甲")
    with pytest.raises(ChunshuiError, match=r"已有 access、snapshots.*versions，不覆盖"):
        backup.restore(copy, safe, data)
    with pytest.raises(ChunshuiError, match=f"没有备份2020（现有：{name}）"):
        backup.read(safe, "2020")
    way_out = replace(copy, files=[replace(copy.files[0], path="../out")])
    with pytest.raises(ChunshuiError, match="不该有的路径"):
        backup.restore(way_out, safe, tmp_path / "again")
    assert not (tmp_path / "out").exists()
    (safe / "copies" / f"{name}.json").write_text("{", "utf-8")
    with pytest.raises(ChunshuiError, match="清单读不出来"):
        backup.read(safe)


def test_while_somebody_publishes_it_waits_and_says_for_whom(data, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "WAIT_SECONDS", 0.1)
    with publish.turn(Store(data / "versions"), "乙", 1), pytest.raises(ChunshuiError, match="乙"):
        backup.back_up(data, tmp_path / "safe", "甲")


def test_killed_on_the_way_there_is_no_copy_and_the_next_is_whole(data, tmp_path):
    code = (
        "import os, signal\nfrom pathlib import Path\nfrom chunshui import backup\n"
        "real, left = backup._copy, [7]\n"
        "def dying(*given):\n    left[0] -= 1\n"
        "    left[0] or os.kill(os.getpid(), signal.SIGKILL)\n    return real(*given)\n"
        f"backup._copy = dying\nbackup.back_up(Path({str(data)!r}), Path({str(tmp_path / 'safe')!r}), '甲')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT)
    assert done.returncode == -signal.SIGKILL
    assert list((tmp_path / "safe" / "contents").iterdir())
    assert backup.copies(tmp_path / "safe") == []
    _, copy, _ = backup.back_up(data, tmp_path / "safe", "甲")
    backup.restore(copy, tmp_path / "safe", tmp_path / "again")
    assert tree(tmp_path / "again") == tree(data)


def test_the_commands(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHUNSHUI_DATA", str(data))
    assert cli.main(["backup", str(tmp_path / "safe")]) == 0
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path / "again"))
    assert cli.main(["restore", str(tmp_path / "safe"), "--verify"]) == 0
    said = capsys.readouterr().out
    assert "校验值全部相符" in said and "个指标值与备份时一致，审计记录完好" in said
    assert cli.main(["restore", str(tmp_path / "safe"), "--list"]) == 0
    assert "现用版本v000001" in capsys.readouterr().out
    assert cli.main(["restore", str(tmp_path / "safe")]) == 1  # there are data now
    assert "不覆盖" in capsys.readouterr().err


def test_whatever_is_kept_in_a_data_folder_is_copied():
    """What a new room keeps there is either a part of every copy or made again by a command."""
    sources = (paths.ROOT / "chunshui").rglob("*.py")
    kept = re.compile(r'data_dir\(\)\)?\s*/\s*"([^"]+)"')
    named = {name for path in sources for name in kept.findall(path.read_text("utf-8"))}
    assert len(named) >= 6
    assert named - set(backup.PARTS) == {
        "ledgers"
    }  # the demonstration's, or files given from elsewhere
