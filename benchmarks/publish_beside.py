"""What visitors feel while somebody publishes from the command line, and after.

    python benchmarks/publish_beside.py [--clients 10] [--seconds 20]

Clients that draw nothing ask for pages, streets and months at random, 0.8 s after each answer: before,
while a version is computed anew beside the server and published, and after. Once with a server that
goes on with the old version until the new one is prepared, once with one that shows it at once
(CHUNSHUI_AHEAD=0).
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from chunshui import paths  # noqa: E402
from chunshui.ui import data  # noqa: E402
from chunshui.ui.shell import navigation  # noqa: E402
from tests.browser.server import serve  # noqa: E402

THINK_SECONDS = 0.8
PAGES = [name for name in navigation.PAGES if name not in navigation.PLACELESS]


def visit(
    url: str, streets: list[str], months: list[str], seed: int, stop: threading.Event, took: list
) -> None:
    """Ask at random until told to stop; note when each answer was whole, and after how many seconds."""
    chance = random.Random(seed)
    address = url.replace("http", "ws") + "/_stcore/stream"
    with connect(address, origin=url, subprotocols=["streamlit"], max_size=None) as socket:
        while not stop.is_set():
            message = BackMsg()
            message.rerun_script.page_name = chance.choice(PAGES)
            chosen = {"street": chance.choice(streets), "month": chance.choice(months)}
            message.rerun_script.query_string = urlencode(chosen)
            began = time.perf_counter()
            socket.send(message.SerializeToString())
            answer = ForwardMsg()
            while answer.WhichOneof("type") != "script_finished":
                answer.ParseFromString(socket.recv(timeout=120))
            took.append((time.perf_counter(), time.perf_counter() - began))
            time.sleep(THINK_SECONDS)


def run(ahead: bool, clients: int, seconds: float) -> None:
    """Publish beside the clients of one server, and print how long they waited."""
    edition = data.serving().edition
    streets = [street.name for street in data.district(edition).streets]
    months = list(data.months(edition)[:3])
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(paths.versions_dir(), Path(folder) / "versions")
        own = os.environ | {"CHUNSHUI_DATA": folder}
        with serve(Path(folder), seconds=180, ahead=ahead) as url:
            time.sleep(20 if ahead else 5)  # what it prepares at its start is not asked about here
            stop, took = threading.Event(), []
            asking = [
                threading.Thread(target=visit, args=(url, streets, months, seed, stop, took))
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
            p95 = statistics.quantiles(times, n=20)[-1]
            print(
                f"  {name:18} {len(times):4} answers, p50 {statistics.median(times):.2f} s, "
                f"p95 {p95:.2f} s, longest {times[-1]:.2f} s"
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
