"""From a changed filter to the painted page, for every page: the server, the payload, the painting.

    python -m benchmarks.page_latency [--pages overview,drill] [--changes 8] [--filter street] [--think 3]

Starts the dashboard on a free port over the published version (CHUNSHUI_DATA, else ./data), waits until it has
prepared what it prepares ahead, and changes a filter of each page in Chromium: once over values the server has not
seen (each page has a street of its own, so that no page answers for another) and once over the same values again. The
clock starts at the keystroke that chooses the value and stops at the frame after the last change of the page.
With `--think` a reader looks at the page for so many seconds before each value not seen, as long as the server goes
ahead of them (chunshui/ui/shell/ahead.py); without, the changes follow one another as fast as they are answered.

The server's share is measured alone: the messages the browser sent are sent again, to a fresh
server, by a client that draws nothing, from each message to the server's word that the script has
finished. Beside it stands the processor's time of the server for it, which is the same on a busy machine as on a
quiet one, or nearly (Linux only).
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from chunshui.month import Month  # noqa: E402
from chunshui.ui import data  # noqa: E402
from chunshui.ui.shell import navigation  # noqa: E402
from tests.browser.server import FLAGS, chromium, serve  # noqa: E402

ROUNDS = ("not seen before", "seen before")
LABELS = {"month": "截至月份", "against": "对比月份", "street": "街道"}

# Notes the time of the last change of the page; the clock itself is the browser's. What a grid
# writes inside its canvas for readers of screens follows some 150 ms later and is not painted.
WATCH = """
window.lastChange = window.chosenAt = 0;
const unseen = ({target, type}) => {
  const home = target.nodeType === 1 ? target : target.parentElement;
  const grid = home && home.closest("canvas");
  return grid && (grid !== home || type === "childList");
};
new MutationObserver((all) => { if (!all.every(unseen)) window.lastChange = performance.now(); }).observe(
  document.body, {subtree: true, childList: true, attributes: true, characterData: true});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter") window.chosenAt = performance.now();
}, true);
"""
SETTLED = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  const quiet = performance.now() - Math.max(window.lastChange, window.chosenAt) > 350;
  return quiet && app.dataset.testScriptState === "notRunning";
}"""
PAINTED = """() => new Promise((done) => requestAnimationFrame(() => done(
  window.lastChange - window.chosenAt)))"""


class Recorder:
    """Keep what the page sends to the server, and count what it gets."""

    def __init__(self, page: Page):
        self.sent: list[bytes] = []
        self.bytes = 0
        page.on("websocket", self._follow)

    def _follow(self, socket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(
        self, payload
    ) -> None:  # playwright marks its listeners, and a built-in takes no mark
        self.sent.append(payload)

    def _received(self, payload: bytes) -> None:
        self.bytes += len(payload)


def choose(page: Page, label: str, value: str) -> float:
    """Choose a value in a select box and return milliseconds until the page is painted."""
    box = page.get_by_label(label, exact=True)
    box.click()
    box.fill(value)
    page.wait_for_timeout(120)  # the list of options filters itself
    page.keyboard.press("Enter")
    page.wait_for_function(SETTLED)
    return page.evaluate(PAINTED)


@dataclass
class Found:
    """What was measured of a page: by round, milliseconds and kilobytes of each change."""

    sent: list[bytes] = field(default_factory=list)  # the page's opening, then the changes
    opening: int = 0
    painted: dict[str, list[float]] = field(default_factory=dict)
    payload: list[float] = field(default_factory=list)
    server: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)


@contextmanager
def prepared() -> Iterator[tuple[str, int]]:
    """Run a server until it has prepared what it prepares; yield its address and process."""
    with serve(seconds=180, ahead=True) as url:
        process = _server_process()
        before = -1.0
        while (now := _processor(process)) - before > 0.1:
            before = now
            time.sleep(2)
        print(f"start and warm-up: {now:.1f} s of processor")
        yield url, process


def _server_process() -> int:
    """Return which child of this process is the server."""
    me = os.getpid()
    children = Path(f"/proc/{me}/task/{me}/children").read_text().split()
    return next(
        int(one) for one in children if b"streamlit" in Path(f"/proc/{one}/cmdline").read_bytes()
    )


def _processor(process: int) -> float:
    """Return the seconds of processor a process has taken, those of its ended threads included."""
    return time.clock_gettime((~process << 3) | 2)  # see clock_getcpuclockid(3)


def in_chromium(
    url: str, label: str, wanted: dict[str, str], values: list[str], think: float
) -> dict[str, Found]:
    """Change a filter of each page in a browser; `wanted` are the pages with what opens them."""
    found = {}
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, opening in wanted.items():
            one = found[name] = Found()
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            recorder = Recorder(page)
            page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{{WATCH}}})")
            for seen in ROUNDS:
                started = time.perf_counter()
                page.goto(f"{url}/{'' if name == navigation.FIRST else name}{opening}")
                page.wait_for_function(SETTLED, timeout=60_000)
                if not one.opening:
                    one.opening = len(recorder.sent)
                if len(found) == 1 and seen == ROUNDS[0]:
                    print(f"first page, cold browser: {time.perf_counter() - started:.1f} s")
                one.painted[seen] = []
                for value in values:
                    page.wait_for_timeout(1000 * think if seen == ROUNDS[0] else 0)
                    recorder.bytes = 0
                    one.painted[seen].append(choose(page, label, value))
                    one.payload.append(recorder.bytes / 1024)
                if not one.sent:
                    one.sent = list(recorder.sent)
            page.close()
        browser.close()
    return found


def replay(
    url: str,
    messages: list[bytes],
    clock: Callable[[], float] = time.process_time,
    think: float = 0.0,
) -> list[tuple[float, float]]:
    """Send a browser's messages again; return milliseconds until each script has finished, and by `clock`."""
    address = url.replace("http", "ws") + "/_stcore/stream"
    took = []
    with connect(address, origin=url, subprotocols=["streamlit"], max_size=None) as socket:
        for message in messages:
            time.sleep(think)
            before, started = clock(), time.perf_counter()
            socket.send(message)
            answer = ForwardMsg()
            while answer.WhichOneof("type") != "script_finished":
                answer.ParseFromString(socket.recv(timeout=60))
            finished = (time.perf_counter() - started) * 1000
            time.sleep(0.05)  # what is sent is written a moment later
            took.append((finished, (clock() - before) * 1000))
    return took


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=8)
    parser.add_argument("--pages", default="", help="their addresses, else every page of a place")
    parser.add_argument("--filter", choices=LABELS, default="month")
    parser.add_argument("--think", type=float, default=0.0, help="seconds before each change")
    asked = parser.parse_args()
    edition = data.serving().edition
    streets = [street.name for street in data.district(edition).streets]
    pages = [name for name in navigation.PAGES if name not in navigation.PLACELESS]
    pages = asked.pages.split(",") if asked.pages else pages
    if asked.filter == "street":
        values, wanted = streets[: asked.changes], dict.fromkeys(pages, "")
    else:
        latest = Month.parse(data.months(edition)[0])
        values = [str(latest.shift(-back)) for back in range(1, asked.changes + 1)]
        wanted = {
            name: f"?street={streets[number % len(streets)]}" for number, name in enumerate(pages)
        }
    with prepared() as (url, _):
        found = in_chromium(url, LABELS[asked.filter], wanted, values, asked.think)
    with prepared() as (url, process):
        for one in found.values():
            for seen in ROUNDS:
                think = asked.think if seen == ROUNDS[0] else 0.0
                took = replay(url, one.sent, lambda: _processor(process), think)[one.opening :]
                one.server[seen], one.processor[seen] = map(list, zip(*took, strict=True))
    print(f"medians over {len(values)} changes of the {asked.filter}; p95 in brackets")
    heads = ("server, unseen", "processor", "server, seen", "processor", "painted, unseen", "seen")
    print("".join(f"{head:>18}" for head in ("page", *heads, "payload")))
    for name, one in found.items():
        cells = [
            *(part[seen] for seen in ROUNDS for part in (one.server, one.processor)),
            *(one.painted[seen] for seen in ROUNDS),
        ]
        print(
            f"{name:>18}"
            + "".join(f"{median(cell, 'ms'):>18}" for cell in cells)
            + f"{median(one.payload, 'KB'):>18}"
        )


def median(values: list[float], unit: str) -> str:
    """Write median and 95th percentile."""
    p95 = statistics.quantiles(values, n=20)[-1]
    return f"{statistics.median(values):.0f} {unit} ({p95:.0f})"


if __name__ == "__main__":
    main()
