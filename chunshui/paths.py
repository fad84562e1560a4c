"""Where things are: committed SQL and reference facts, and the folders made at run time."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "queries"
REFERENCE = ROOT / "data" / "reference"


def data_dir() -> Path:
    """Return the folder of run-time data: the environment's CHUNSHUI_DATA, else ROOT/data.

    Read at every call, so a test or a second district may point it elsewhere.
    """
    chosen = os.environ.get("CHUNSHUI_DATA")
    return Path(chosen).expanduser().resolve() if chosen else ROOT / "data"


def ledgers_dir() -> Path:
    """Return the folder of the ledgers that the demonstration writes and a build reads."""
    return data_dir() / "ledgers"


def versions_dir() -> Path:
    """Return the root of the version store (files, pointer, history)."""
    return data_dir() / "versions"


def snapshots_dir() -> Path:
    """Return the folder of frozen meeting snapshots."""
    return data_dir() / "snapshots"
