"""Where things are: committed SQL and reference facts, and the folders made at run time."""

import os
import re
from pathlib import Path

from chunshui.errors import ChunshuiError

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "queries"
REFERENCE = ROOT / "data" / "reference"


def data_dir() -> Path:
    """Return the folder of run-time data: the environment's CHUNSHUI_DATA, else ROOT/data.

    Read at every call, so a test or a second district may point it elsewhere.
    """
    chosen = os.environ.get("CHUNSHUI_DATA")
    return Path(chosen).expanduser().resolve() if chosen else ROOT / "data"


def city_dir() -> Path | None:
    """Return the folder of a city's districts: the environment's CHUNSHUI_CITY; None where there is none."""
    chosen = os.environ.get("CHUNSHUI_CITY")
    return Path(chosen).expanduser().resolve() if chosen else None


def platform_address() -> str:
    """Return where users open the platform (CHUNSHUI_ADDRESS: http://localhost:8501), "" where it is not said.

    What is sent out links there. Raises ChunshuiError for what is no address of a web page.
    """
    address = os.environ.get("CHUNSHUI_ADDRESS", "").strip().rstrip("/")
    if address and not re.fullmatch(r"https?://[^\s<>\"]+", address):
        raise ChunshuiError("环境变量 CHUNSHUI_ADDRESS 应是网址，如 http://localhost:8501。")
    return address


def ledgers_dir() -> Path:
    """Return the folder of the ledgers that the demonstration writes and a build reads."""
    return data_dir() / "ledgers"


def versions_dir() -> Path:
    """Return the root of the version store (files, pointer, history)."""
    return data_dir() / "versions"


def snapshots_dir() -> Path:
    """Return the folder of frozen meeting snapshots."""
    return data_dir() / "snapshots"


def accounts_file() -> Path:
    """Return the file of the accounts; without it nobody signs in."""
    return data_dir() / "access" / "accounts.json"
