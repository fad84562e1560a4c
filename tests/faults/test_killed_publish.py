"""kill -9 in the middle of a publish: readers see the old version whole, the next one works."""

import subprocess
import sys

from chunshui.paths import ROOT
from chunshui.warehouse import Store
from tests.faults.killer import STATIONS
from tests.warehouse import small

BEFORE = 2  # stations in the version served when the publisher is killed
SAMPLES = 10


def killer(*arguments) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killer", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return done.stdout


def stations(store) -> int:
    with store.open() as reader:
        assert reader.warning is None
        found = reader.query("warehouse/row_count", table="station")["row_count"].iloc[0]
        return int(found)


def test_killed_at_any_line_readers_see_one_whole_version(tmp_path):
    root = tmp_path / "versions"
    first = Store(root).publish(small.build(small.frames(stations=BEFORE)), note="", by="管理员")
    original = Store(root).path(first.version).read_bytes()
    lines = int(killer(root, 0))
    # Spread over the whole publish, and the last 60 lines (naming, history, pointer) closely.
    deadly = {1 + n * (lines - 60) // (SAMPLES // 2) for n in range(SAMPLES // 2)}
    deadly |= {lines - 60 + n * 60 // (SAMPLES // 2) for n in range(SAMPLES // 2)}
    deadly |= {lines - 6, lines - 2}  # the pointer has moved, the call has not returned
    killer(root, *sorted(deadly))

    seen = []
    for line in sorted(deadly):
        store = Store(f"{root}-{line}")
        seen.append(stations(store))
        assert store.path(first.version).read_bytes() == original
        for manifest in store.versions():
            assert store.fault(manifest.version) is None, "what has a manifest is whole"
        pointed = store.current().version
        for entry in store.history():
            assert entry.effective or entry.version != pointed
        store.publish(small.build(small.frames(stations=9)), note="", by="管理员")
        assert stations(store) == 9
        names = [entry.version for entry in store.history()]
        assert len(names) == len(set(names)), "no version is published over another"
        assert list((store.root / "staging").iterdir()) == []
        assert list(store.root.glob(".CURRENT.*")) == []
    assert set(seen) == {BEFORE, STATIONS}, "the sweep reaches past the moment of publishing"
    assert seen == sorted(seen), "old until one line, new from there on"
