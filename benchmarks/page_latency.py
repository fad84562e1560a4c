"""From a changed filter to the painted page: median and p95 in Chromium, and the server's share.

    python benchmarks/page_latency.py [--changes 40] [--path dictionary]

Starts the dashboard on a free port over the published version (CHUNSHUI_DATA, else ./data) and
changes the street filter by hand of a script, once over values the server has not seen and once
over the same values again. The clock starts at the keystroke that chooses the value and stops at
the frame after the last change of the page; the server's share is the time from the browser's
message to the server's word that the script has finished, as the browser sees it.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.server import FLAGS, chromium, serve  # noqa: E402

# Notes the time of the last change of the page; the clock itself is the browser's.
WATCH = """
window.lastChange = 0;
new MutationObserver(() => { window.lastChange = performance.now(); }).observe(
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


class Server:
    """Listen to the page's websocket and time each rerun, from message to script_finished."""

    def __init__(self, page: Page):
        self.sent = 0.0
        self.times: list[float] = []
        self.bytes = 0
        page.on("websocket", self._follow)

    def _follow(self, socket) -> None:
        socket.on("framesent", lambda _: setattr(self, "sent", time.perf_counter()))
        socket.on("framereceived", self._received)

    def _received(self, payload: bytes) -> None:
        self.bytes += len(payload)
        message = ForwardMsg()
        message.ParseFromString(payload)
        if message.WhichOneof("type") == "script_finished":
            self.times.append(time.perf_counter() - self.sent)


def choose(page: Page, label: str, value: str) -> float:
    """Choose a value in a select box and return milliseconds until the page is painted."""
    box = page.get_by_label(label, exact=True)
    box.click()
    box.fill(value)
    page.wait_for_timeout(120)  # the list of options filters itself
    page.keyboard.press("Enter")
    page.wait_for_function(SETTLED)
    return page.evaluate(PAINTED)


def measure(page: Page, server: Server, months: list[str]) -> dict[str, list[float]]:
    """Change the month through all the values; return paint and server times in milliseconds."""
    paint, share, size = [], [], []
    for month in months:
        server.bytes = 0
        paint.append(choose(page, "截至月份", month))
        share.append(server.times[-1] * 1000)
        size.append(server.bytes / 1024)
    return {"paint": paint, "server": share, "kilobytes": size}


def line(name: str, values: list[float], unit: str) -> str:
    """Write median and 95th percentile."""
    p95 = statistics.quantiles(values, n=20)[-1]
    return f"  {name:<10} median {statistics.median(values):7.0f} {unit}   p95 {p95:7.0f} {unit}"


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--path", default="")
    wanted = parser.parse_args()
    executable = chromium()
    with serve() as url, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        server = Server(page)
        page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{{WATCH}}})")
        started = time.perf_counter()
        page.goto(f"{url}/{wanted.path}?street=汉正街道")
        page.evaluate("window.chosenAt = 0")
        page.wait_for_function(SETTLED, timeout=60_000)
        print(f"first page: {time.perf_counter() - started:.1f} s")
        months = _months(wanted.changes)
        for name, series in (("not seen before", months), ("seen before", months)):
            found = measure(page, server, series)
            print(f"{name}, {len(series)} changes of the month")
            print(line("painted", found["paint"], "ms"))
            print(line("server", found["server"], "ms"))
            print(line("payload", found["kilobytes"], "KB"))
        browser.close()


def _months(count: int) -> list[str]:
    """Return months before the demonstration's last (2026-10), the nearest first."""
    last = 2026 * 12 + 9
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(last - 1, last - 1 - count, -1)]


if __name__ == "__main__":
    main()
