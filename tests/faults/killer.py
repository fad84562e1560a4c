"""Publish in this process and be killed with SIGKILL at one executed line of the store.

    python -m tests.faults.killer ROOT LINE...

Imports once, then forks a child for every LINE (the n-th line of store.py that a publish
runs; 0 counts them all and prints the number). Each child works on a copy of ROOT named
ROOT-<LINE>. The parent never opens DuckDB, so forking is safe.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from chunshui.warehouse import Store, store
from tests.warehouse import small

STATIONS = 7


def publish(root: Path, deadly: int) -> int:
    """Publish into `root`, dying at the line of that number; return how many lines ran."""
    ran = 0

    def count(frame, event, argument):
        nonlocal ran
        if event == "line":
            ran += 1
            if ran == deadly:
                os.kill(os.getpid(), signal.SIGKILL)
        return count

    def watch(frame, event, argument):
        return count if frame.f_code.co_filename == store.__file__ else None

    tables = small.frames(stations=STATIONS)
    sys.settrace(watch)
    Store(root).publish(small.build(tables), note="将被中断", by="管理员")
    sys.settrace(None)
    return ran


def main() -> None:
    """Run one child per line, one after another."""
    root = Path(sys.argv[1])
    for deadly in map(int, sys.argv[2:]):
        work = Path(f"{root}-{deadly}")
        shutil.copytree(root, work)
        child = os.fork()
        if child == 0:
            print(publish(work, deadly), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
