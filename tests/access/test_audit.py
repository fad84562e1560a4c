"""The log of who did what: what was changed in it is found."""

import errno
import json
import multiprocessing

import pytest

from chunshui.access.audit import Audit, AuditDamagedError, verify
from chunshui.errors import ChunshuiError
from chunshui.warehouse import durable


@pytest.fixture
def log(tmp_path) -> Audit:
    log = Audit(tmp_path / "audit.jsonl")
    for n in range(5):
        log.write("导出表格", by="wang", role="分析员", rows=n)
    return log


def lines(log: Audit) -> list[bytes]:
    return log.path.read_bytes().splitlines(keepends=True)


def test_whole(log, tmp_path):
    assert verify(log.path) == (5, "")
    assert [line["rows"] for line in log.lines()] == list(range(5))
    assert verify(tmp_path / "none.jsonl") == (0, "")


@pytest.mark.parametrize(
    ("change", "sound"),
    [
        (lambda text: [*text[:2], text[2].replace(b"wang", b"zhao"), *text[3:]], 2),
        (lambda text: [*text[:2], *text[3:]], 2),
        (lambda text: [text[1], text[0], *text[2:]], 0),
        (lambda text: text[:-1], 4),
        (lambda text: [*text[:-1], text[-1][:20]], 4),
        (lambda text: [*text, text[-1]], 5),
        (lambda text: [], 0),
    ],
)
def test_whatever_is_changed_is_found(log, change, sound):
    log.path.write_bytes(b"".join(change(lines(log))))
    number, fault = verify(log.path)
    assert number == sound
    assert fault


def test_a_line_forged_with_its_own_hash_does_not_join_on(log):
    text = lines(log)
    forged = json.loads(text[1]) | {"by": "zhao"}
    text[1] = json.dumps(forged).encode() + b"\n"
    log.path.write_bytes(b"".join(text))
    assert verify(log.path)[0] == 1


def test_nothing_is_written_over_a_torn_line(log):
    log.path.write_bytes(b"".join(lines(log))[:-10])
    with pytest.raises(AuditDamagedError, match="末行不完整"):
        log.write("发布版本", by="zhao")


def test_a_full_disk_is_said(log, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(durable.os, "fsync", full)
    with pytest.raises(ChunshuiError, match="磁盘"):
        log.write("发布版本", by="zhao")


def _write(path, by) -> None:
    for _ in range(20):
        Audit(path).write("登录", by=by)


def test_two_processes_write_at_once(tmp_path):
    path = tmp_path / "audit.jsonl"
    writers = [multiprocessing.Process(target=_write, args=(path, f"user{n}")) for n in range(2)]
    [one.start() for one in writers]
    [one.join() for one in writers]
    assert verify(path) == (40, "")
