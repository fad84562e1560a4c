"""The same tables and the same files every time, whatever Python's hash seed."""

import hashlib
import os
import subprocess
import sys

import pandas as pd

from chunshui import demo, paths
from chunshui.ledgers.contracts import ALL

FINGERPRINT = """
import hashlib, sys
from pathlib import Path
from chunshui import demo
demo.write_ledgers(Path(sys.argv[1]))
"""


def prints(folder) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def test_two_builds_write_the_same_files(published, tmp_path):
    """Another process, another hash seed: equal bytes."""
    subprocess.run(
        [sys.executable, "-c", FINGERPRINT, str(tmp_path)],
        cwd=paths.ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(paths.ROOT)},
        check=True,
    )
    assert prints(tmp_path) == prints(published / "ledgers")


def test_every_ledger_of_the_contract_is_written_once(tables):
    planned = [ledger for ids in demo.PLAN.values() for ledger in ids]
    assert len(planned) == len(set(planned))
    assert set(planned) == set(tables)
    for name, frame in tables.items():
        assert frame.columns.tolist() == ALL[name].stored
        assert len(frame) > 0
        assert not frame.duplicated(list(ALL[name].key)).any()


def test_tables_are_plain(tables):
    for name, frame in tables.items():
        assert isinstance(frame.index, pd.RangeIndex), name
