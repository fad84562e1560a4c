"""A disk that is full, or may not be written."""

import subprocess
import sys

import pytest

from chunshui.errors import ChunshuiError
from chunshui.paths import ROOT
from chunshui.warehouse import Store, publish
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


def test_permission_in_words(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(ChunshuiError, match=r"没有写入 .* 的权限"):
        publish.build(Store(tmp_path / "versions"), small.build(), serve=True, note="", by="管理员")
