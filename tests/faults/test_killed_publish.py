"""kill -9 in the middle of writing: readers see one whole version, the next publish works.

A sample of the moments; `python -m tests.faults.sweep` goes through all of them.
"""

import json
import subprocess
import sys

from chunshui.paths import ROOT


def test_killed_at_any_line_readers_see_one_whole_version():
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.sweep", "发布", "回退", "--every=60", "--random=2"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found = {one["act"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert set(found) == {"发布", "回退", "随机时刻"}
    for act in ("发布", "回退"):
        assert found[act]["kills"] >= 4
        assert found[act]["old"], "killed before the pointer moves"
        assert found[act]["new"], "and after: the last line is always among them"
    assert found["随机时刻"]["kills"] == 2
