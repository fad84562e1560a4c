"""What visitors feel while somebody publishes from the command line, and after.

    python benchmarks/publish_beside.py [--clients 10] [--seconds 20]

Clients that draw nothing ask for pages, streets and months at random, some 0.8 s after each answer: before,
while a version is computed anew beside the server and published, and after. Once with a server that
goes on with the old version until the new one is prepared, once with one that shows it at once
(CHUNSHUI_AHEAD=0).
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.load import p95, questions, visit  # noqa: E402
from chunshui import paths  # noqa: E402
from tests.browser.server import serve  # noqa: E402

THINK_SECONDS = 0.8


def run(ahead: bool, clients: int, seconds: float) -> None:
    """Publish beside the clients of one server, and print how long they waited."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(paths.versions_dir(), Path(folder) / "versions")
        own = os.environ | {"CHUNSHUI_DATA": folder}
        with serve(Path(folder), seconds=180, ahead=ahead) as url:
            time.sleep(20 if ahead else 5)  # what it prepares at its start is not asked about here
            stop, took = threading.Event(), []
            asking = [
                threading.Thread(
                    target=visit,
                    args=(url, cycle(questions(seed, 3)), THINK_SECONDS, seed, stop, took),
                )
                for seed in range(clients)
            ]
            for thread in asking:
                thread.start()
            time.sleep(2 * seconds)
            began = time.perf_counter()
            command = [sys.executable, "-m", "chunshui", "rebuild", "--anew"]
            done = subprocess.run(
                command, check=True, cwd=ROOT, env=own, capture_output=True, text=True
            )
            ended = time.perf_counter()
            time.sleep(2 * seconds)
            stop.set()
            for thread in asking:
                thread.join()
    print(
        f"{'held back until prepared' if ahead else 'shown at once'}: {done.stdout[-60:].strip()}"
    )
    for name, first, last in (
        ("before", began - seconds, began),
        ("while it is built", began, ended),
        ("after", ended, ended + 2 * seconds),
    ):
        times = sorted(waited for at, waited in took if first <= at < last)
        if len(times) > 1:
            print(
                f"  {name:18} {len(times):4} answers, p50 {statistics.median(times):.2f} s, "
                f"p95 {p95(times):.2f} s, longest {times[-1]:.2f} s"
            )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20)
    wanted = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {wanted.clients} clients")
    for ahead in (False, True):
        run(ahead, wanted.clients, wanted.seconds)


if __name__ == "__main__":
    main()
