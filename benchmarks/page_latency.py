"""From a changed filter to the painted page: median and p95 in Chromium, and the server's share.

    python benchmarks/page_latency.py [--changes 40] [--path dictionary] [--filter against]

Starts the dashboard on a free port over the published version (CHUNSHUI_DATA, else ./data) and
changes a filter by hand of a script, once over values the server has not seen and once over the
same values again: the month of one street (--filter against: the month to compare with), or with
--filter street the streets, adding one after another to the choice. The clock starts at the keystroke that chooses the value and stops at
the frame after the last change of the page.

The server's share is then measured alone: the messages the browser sent are sent again, to a
fresh server, by a client that draws nothing, from each message to the server's word that the
script has finished.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from chunshui.ui import data  # noqa: E402
from tests.browser.server import FLAGS, chromium, serve  # noqa: E402

QUIET = 120  # seconds for the server to prepare the likely pages

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


def replay(url: str, messages: list[bytes]) -> list[float]:
    """Send a browser's messages again and return milliseconds until each script has finished."""
    address = url.replace("http", "ws") + "/_stcore/stream"
    times = []
    with connect(address, origin=url, subprotocols=["streamlit"], max_size=None) as socket:
        for message in messages:
            started = time.perf_counter()
            socket.send(message)
            while True:
                answer = ForwardMsg()
                answer.ParseFromString(socket.recv(timeout=60))
                if answer.WhichOneof("type") == "script_finished":
                    break
            times.append((time.perf_counter() - started) * 1000)
            time.sleep(0.05)
    return times


def choose(page: Page, label: str, value: str) -> float:
    """Choose a value in a select box and return milliseconds until the page is painted."""
    box = page.get_by_label(label, exact=True)
    box.click()
    box.fill(value)
    page.wait_for_timeout(120)  # the list of options filters itself
    page.keyboard.press("Enter")
    page.wait_for_function(SETTLED)
    return page.evaluate(PAINTED)


def measure(page: Page, recorder: Recorder, label: str, values: list[str]) -> dict:
    """Change a filter through all the values; return milliseconds and kilobytes of each."""
    paint, size = [], []
    for value in values:
        recorder.bytes = 0
        paint.append(choose(page, label, value))
        size.append(recorder.bytes / 1024)
    return {"painted": paint, "payload": size}


def line(name: str, values: list[float], unit: str) -> str:
    """Write median and 95th percentile."""
    p95 = statistics.quantiles(values, n=20)[-1]
    return f"  {name:<10} median {statistics.median(values):7.0f} {unit}   p95 {p95:7.0f} {unit}"


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--path", default="")
    parser.add_argument("--filter", choices=("month", "against", "street"), default="month")
    wanted = parser.parse_args()
    by_street = wanted.filter == "street"
    label = {"month": "截至月份", "against": "对比月份", "street": "街道"}[wanted.filter]
    values = _streets() if by_street else _months(wanted.changes)
    start = "" if by_street else "?street=汉正街道"
    executable = chromium()
    with serve(ahead=True) as url, sync_playwright() as p:
        time.sleep(QUIET)
        browser = p.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        recorder = Recorder(page)
        page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{{WATCH}}})")
        started, first = time.perf_counter(), 0
        for name in ("not seen before", "seen before"):
            page.goto(f"{url}/{wanted.path}{start}")
            page.wait_for_function(SETTLED, timeout=60_000)
            if not first:
                print(f"first page, cold browser: {time.perf_counter() - started:.1f} s")
                first = len(recorder.sent)
            found = measure(page, recorder, label, values)
            print(f"in Chromium, {len(values)} changes of the {wanted.filter}, {name}")
            print(line("painted", found["painted"], "ms"))
            print(line("payload", found["payload"], "KB"))
        browser.close()
    once = recorder.sent[: first + len(values)]
    with serve(ahead=True) as url:
        time.sleep(QUIET)
        for name in ("not seen before", "seen before"):
            times = replay(url, once)[first:]
            print(f"the server alone, {name}")
            print(line("finished", times, "ms"))


def _streets() -> list[str]:
    """Return the names of the streets of the version served."""
    return [street.name for street in data.district(data.serving().edition).streets]


def _months(count: int) -> list[str]:
    """Return months before the demonstration's last (2026-10), the nearest first."""
    last = 2026 * 12 + 9
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(last - 1, last - 1 - count, -1)]


if __name__ == "__main__":
    main()
