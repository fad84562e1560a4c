"""Two processes that publish into one store at the same moment."""

import subprocess
import sys

from chunshui.paths import ROOT
from chunshui.warehouse import Store

PUBLISH = """
import sys
from chunshui.warehouse import Store, publish
from tests.warehouse import small
tables = small.frames(stations=int(sys.argv[2]))
publish.build(Store(sys.argv[1]), small.build(tables), serve=True, note="", by=f"管理员{sys.argv[2]}")
"""


def test_both_publish_one_after_the_other(tmp_path):
    store = Store(tmp_path / "versions")
    publishers = [
        subprocess.Popen([sys.executable, "-c", PUBLISH, str(store.root), str(n)], cwd=ROOT)
        for n in (4, 5)
    ]
    assert [publisher.wait(300) for publisher in publishers] == [0, 0]
    assert [entry.version for entry in store.history()] == ["v000001", "v000002"]
    assert all(entry.effective for entry in store.history())
    assert {manifest.rows["station"] for manifest in store.versions()} == {4, 5}
    assert store.current().version == "v000002"
    assert store.current().warning is None
