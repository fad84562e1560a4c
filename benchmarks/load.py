"""How many users one server bears, and what memory it takes: clients that draw nothing ask pages over WebSockets.

    python benchmarks/load.py --users 20 50 75         # cold: nobody asks what was asked before
    python benchmarks/load.py --users 50 100 --warm    # everything asked was asked before
    python benchmarks/load.py --users 100 --servers 2 --kill    # behind which one dies at half time
    python benchmarks/load.py --users 20 --seconds 1800         # a soak
    python benchmarks/load.py --memory [--rest 3600]   # 2,000 questions, a publish, rest, 300 idle pages

Users arrive over some seconds, think five seconds after each answer (exponentially, that is), and ask for a page, a
street or the district, and a month at random. Counted is what was asked after all had come; a wait is from the question
to the server's word that the script has finished. The clients take their share of the same cores.
"""

import argparse
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from chunshui import paths  # noqa: E402
from chunshui.cli.serve import ALLOCATOR  # noqa: E402
from chunshui.ui import data  # noqa: E402
from chunshui.ui.shell import navigation  # noqa: E402
from tests.browser.server import serve  # noqa: E402

Question = tuple[str, dict[str, str]]  # a page and its filters
PAGES = [name for name in navigation.PAGES if name not in navigation.PLACELESS]
ARRIVAL_SECONDS = 20
TELL_SECONDS = 300  # of a longer load how much memory is taken meanwhile
BETWEEN_SECONDS = 0.06  # more messages in a second are taken for an attack
SHORT = (
    200  # bytes; the message that a script has finished is shorter, and the long ones are not read
)


def questions(seed: int, months: int | None = None) -> list[Question]:
    """Return every page of the district and each street in each (the last) of the months, shuffled."""
    edition = data.serving().edition
    streets = ["", *(street.name for street in data.district(edition).streets)]
    asked = [
        (page, {"month": month} | ({"street": street} if street else {}))
        for page, street, month in product(PAGES, streets, data.months(edition)[:months])
    ]
    random.Random(seed).shuffle(asked)
    return asked


def visitor(url: str) -> ClientConnection:
    """Open a session that draws nothing."""
    address = url.replace("http", "ws") + "/_stcore/stream"
    return connect(address, origin=url, subprotocols=["streamlit"], max_size=None)


def ask(socket: ClientConnection, question: Question) -> float:
    """Ask a page; return after how many seconds the answer was whole."""
    message = BackMsg()
    message.rerun_script.page_name, filters = question
    message.rerun_script.query_string = urlencode(filters)
    began = time.perf_counter()
    socket.send(message.SerializeToString())
    while True:
        answer = socket.recv(timeout=120)
        if len(answer) < SHORT and ForwardMsg.FromString(answer).WhichOneof("type") == (
            "script_finished"
        ):
            return time.perf_counter() - began


def visit(
    urls: list[str],
    asked: Iterable[Question],
    think: float,
    seed: int,
    stop: threading.Event,
    took: list[tuple[float, float]],
) -> None:
    """Ask one of some servers until told to stop; note when each answer was whole, and after how many seconds.

    Whose server is gone asks the next one again, and waits the longer, as behind nginx.
    """
    chance, mine, question, waited = random.Random(seed), seed, None, 0.0
    while not stop.is_set():
        began = time.perf_counter()
        try:
            with visitor(urls[mine % len(urls)]) as socket:
                while True:
                    question = question or next(asked)
                    began = time.perf_counter()
                    took.append((time.perf_counter(), ask(socket, question) + waited))
                    question, waited = None, 0.0
                    if stop.wait(chance.expovariate(1 / think)):
                        return
        except (ConnectionClosed, OSError):
            mine, waited = mine + 1, waited + time.perf_counter() - began


def kill(url: str) -> None:
    """Kill the server of an address, a child of this process, as one killed for want of memory is."""
    me = os.getpid()
    for child in Path(f"/proc/{me}/task/{me}/children").read_text().split():
        if url.rpartition(":")[2].encode() in Path(f"/proc/{child}/cmdline").read_bytes().split(
            b"\0"
        ):
            os.kill(int(child), signal.SIGKILL)


def p95(times: list[float]) -> float:
    """Return what 95 % of the times do not pass."""
    return statistics.quantiles(times, n=20)[-1]


def metric(url: str, name: str) -> float:
    """Return a number that the server tells a scraper."""
    with urllib.request.urlopen(f"{url}/metrics") as text:
        return float(re.search(rf"^{name} (\S+)$", text.read().decode(), re.MULTILINE)[1])


def spent(urls: list[str]) -> float:
    """Return the seconds of processor that servers have taken."""
    return sum(metric(url, "process_cpu_seconds_total") for url in urls)


def wait_until_prepared(urls: list[str]) -> None:
    """Return when servers have prepared what they prepare ahead."""
    before = -1.0
    while (now := spent(urls)) - before > 0.1:
        before = now
        time.sleep(2)


def megabytes(url: str) -> float:
    """Return how much memory the server holds."""
    return metric(url, "process_resident_memory_bytes") / (1 << 20)


def load(users: int, seconds: float, warm: bool, seed: int, servers: int, killing: bool) -> None:
    """Let so many users ask some servers, and print how long they waited."""
    with ExitStack() as running:
        urls = [running.enter_context(serve(seconds=180, ahead=True)) for _ in range(servers)]
        wait_until_prepared(urls)
        everything = questions(seed)
        if warm:
            everything = everything[:200]
            for url in urls:
                with visitor(url) as socket:
                    for question in everything:
                        time.sleep(max(0.0, BETWEEN_SECONDS - ask(socket, question)))
        stop, took = threading.Event(), []
        lock, source = threading.Lock(), iter(everything)

        def unseen() -> Iterator[Question]:
            while True:
                with lock:
                    question = next(source)
                yield question

        def seen(chance: random.Random) -> Iterator[Question]:
            while True:
                yield chance.choice(everything)

        asking = [
            threading.Thread(
                target=visit,
                args=(urls, seen(random.Random(n)) if warm else unseen(), 5, n, stop, took),
            )
            for n in range(users)
        ]
        for thread in asking:
            thread.start()
            time.sleep(ARRIVAL_SECONDS / users)
        began, used = time.perf_counter(), spent(urls)
        if killing:
            time.sleep(seconds / 2)
            used -= spent(urls[:1])
            kill(urls[0])
            seconds /= 2
        left = urls[killing:]
        until = time.perf_counter() + seconds
        while (to_go := until - time.perf_counter()) > 0:
            time.sleep(min(to_go, TELL_SECONDS))
            if seconds > TELL_SECONDS:
                print(f"{sum(map(megabytes, left)):.0f} MB, {len(took)} answers", flush=True)
        ended, used = time.perf_counter(), spent(left) - used
        stop.set()
        for thread in asking:
            thread.join()
        times = sorted(waited for at, waited in took if began <= at - waited and at <= ended)
        print(
            f"{users} users, {'warm' if warm else 'cold'}, {servers} server(s){', one killed' * killing}: "
            f"{len(times)} answers, "
            f"p50 {1e3 * statistics.median(times):.0f} ms, p95 {1e3 * p95(times):.0f} ms, "
            f"longest {1e3 * times[-1]:.0f} ms; server {used / (ended - began):.2f} of a core, "
            f"{1e3 * used / len(times):.0f} ms of it an answer, {sum(map(megabytes, left)):.0f} MB",
            flush=True,
        )


def memory(reruns: int, rest: float, seed: int) -> None:
    """Ask at random, publish, rest, open idle pages; print the server's memory after each."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        own = os.environ | {"CHUNSHUI_DATA": folder}
        everything = questions(seed)
        subprocess.run(
            ["cp", "-r", paths.versions_dir(), Path(folder) / "versions"], check=True
        )  # fmt: skip

        def tell(what: str) -> None:
            print(f"{what}: {megabytes(url):.0f} MB", flush=True)

        with serve(Path(folder), seconds=180, ahead=True) as url, visitor(url) as socket:
            wait_until_prepared([url])
            tell("at the start")
            for number in range(1, reruns + 1):
                waited = ask(socket, chance.choice(everything))
                time.sleep(max(0.0, BETWEEN_SECONDS - waited))
                if number % (reruns // 4) == 0:
                    tell(f"after {number} questions")
            subprocess.run(
                [sys.executable, "-m", "chunshui", "rebuild", "--anew"],
                check=True, cwd=ROOT, env=own, capture_output=True,
            )  # fmt: skip
            for _ in range(100):
                time.sleep(max(0.0, BETWEEN_SECONDS - ask(socket, chance.choice(everything))))
            tell("after a publish and 100 questions")
            time.sleep(rest)
            tell(f"after {rest:.0f} s of rest")
            with ExitStack() as pages:
                for _ in range(300):
                    ask(pages.enter_context(visitor(url)), everything[0])
                tell("with 300 idle pages")


def main() -> None:
    """Run the benchmark."""
    os.environ.update(ALLOCATOR)  # as the shipped start has it
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, nargs="+", default=[20, 50])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm", action="store_true")
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--kill", action="store_true", help="one of the servers, at half time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--reruns", type=int, default=2000)
    parser.add_argument("--rest", type=float, default=70)
    wanted = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    if wanted.memory:
        memory(wanted.reruns, wanted.rest, wanted.seed)
    else:
        for users in wanted.users:
            load(users, wanted.seconds, wanted.warm, wanted.seed, wanted.servers, wanted.kill)


if __name__ == "__main__":
    main()
