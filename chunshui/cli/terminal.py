"""What several commands need: the store, the name of who types, the progress shown."""

import getpass
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from chunshui import paths
from chunshui.warehouse import Store
from chunshui.warehouse.publish import Progress

T = TypeVar("T")


def store() -> Store:
    """Return the versions under this computer's data folder."""
    return Store(paths.versions_dir())


def user() -> str:
    """Return the name that goes into the history."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user, as in some containers
        return "本机用户"


def with_progress(work: Callable[[Progress], T]) -> T:
    """Show steps as they come: one line each, the share updated in place on a terminal."""
    live, started, last = sys.stdout.isatty(), time.perf_counter(), ""

    def show(step: str, share: float) -> None:
        nonlocal last
        if live and last not in ("", step):
            print()
        if live or step != last:
            line = f"[{share:4.0%}] {step}（{time.perf_counter() - started:.1f}秒）"
            print(f"\r\x1b[K{line}" if live else line, end="" if live else "\n", flush=True)
        last = step

    try:
        return work(show)
    finally:
        if live and last:
            print()
