"""A disk that is full, or may not be written."""

import errno
import subprocess
import sys
import zipfile

import pytest

from chunshui import cli
from chunshui.errors import ChunshuiError
from chunshui.paths import ROOT
from chunshui.snapshots import archive
from chunshui.warehouse import Store, publish
from tests.snapshots.test_archives import ARCHIVES
from tests.warehouse import small

LIMITED = """
import resource, sys
from chunshui.errors import ChunshuiError
from chunshui.warehouse import Store, publish
from tests.warehouse import small
tables = small.frames(stations=20000)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    publish.build(Store(sys.argv[1]), small.build(tables), serve=True, note="", by="管理员")
except ChunshuiError as error:
    print(error)
"""


@pytest.mark.parametrize("limit", [4_096, 600_000])
def test_a_full_disk_leaves_the_served_version(tmp_path, limit):
    store = Store(tmp_path / "versions")
    publish.build(store, small.build(), serve=True, note="", by="管理员")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(store.root), str(limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "磁盘空间不足" in done.stdout, done.stderr
    assert store.current().version == "v000001"
    assert store.current().warning is None
    assert list((store.root / "staging").iterdir()) == []
    assert (
        publish.build(store, small.build(), serve=True, note="", by="管理员").version == "v000002"
    )


FULL = OSError(errno.ENOSPC, "No space left on device")


def test_a_snapshot_on_a_full_disk_leaves_nothing_and_says_so(tmp_path, monkeypatch):
    with zipfile.ZipFile(ARCHIVES[0]) as archived:
        archived.extractall(tmp_path / "old")
    lines, _ = archive.listing(tmp_path / "old")
    snapshot = archive.reopen(lines[0].id, tmp_path / "old")
    with monkeypatch.context() as full, pytest.raises(ChunshuiError, match="磁盘空间不足"):
        full.setattr("pathlib.Path.write_bytes", raising(FULL))
        archive.store(snapshot, root=tmp_path / "snapshots")
    assert list((tmp_path / "snapshots").iterdir()) == []
    assert archive.store(snapshot, root=tmp_path / "snapshots").id == snapshot.id


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FULL, "磁盘空间不足"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "磁盘空间不足"),
        (OSError(errno.EIO, "Input/output error"), "磁盘读写出错"),
        (OSError(errno.EROFS, "Read-only file system", "/srv"), "没有写入 /srv 的权限"),
        (MemoryError(), "内存不足"),
    ],
)
def test_whatever_command_meets_it_ends_in_a_sentence(tmp_path, monkeypatch, capsys, error, said):
    monkeypatch.setattr(cli.versions.terminal, "store", raising(error))
    assert cli.main(["versions"]) == 1
    assert said in capsys.readouterr().err


def raising(error):
    def fail(*_, **__):
        raise error

    return fail


def test_permission_in_words(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(ChunshuiError, match=r"没有写入 .* 的权限"):
        publish.build(Store(tmp_path / "versions"), small.build(), serve=True, note="", by="管理员")
