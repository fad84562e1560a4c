"""What other users feel while one freezes and exports: clicks with and without it, in one run.

    python benchmarks/snapshots_beside.py [--changes 30] [--template 年考评]

Records in Chromium what two users send: one changes the month, one freezes a template of the
whole district and has deck, brief and workbook made. A fresh server then gets the first user's
messages again from a client that draws nothing: alone, and while the second user's export is
repeated without a pause. Times are from a message to the server's word that the script has
finished.
"""

import argparse
import os
import statistics
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.page_latency import (  # noqa: E402
    SETTLED,
    WATCH,
    Recorder,
    choose,
    median,
    prepared,
    replay,
)
from chunshui.ui import data  # noqa: E402
from tests.browser.server import FLAGS, chromium, serve  # noqa: E402


def recorded(url: str, template: str, months: list[str]) -> tuple[list[bytes], int, list[bytes]]:
    """Return the clicks of a reader, how many messages precede them, and those of an exporter."""
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium(), args=FLAGS)

        def opened(path: str):
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            recorder = Recorder(page)
            page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{{WATCH}}})")
            page.goto(url + path)
            page.wait_for_function(SETTLED, timeout=60_000)
            return page, recorder

        page, reader = opened("/?street=汉正街道")
        first = len(reader.sent)
        for month in months:
            choose(page, "截至月份", month)
        page, exporter = opened("/snapshots")
        page.get_by_role("radio", name=template).click()
        page.wait_for_function(SETTLED)
        page.get_by_text("冻结并生成").click()
        page.get_by_text("全部图片（zip）").wait_for(timeout=120_000)
        page.wait_for_function(SETTLED)
        browser.close()
    return reader.sent, first, exporter.sent


def times(url: str, messages: list[bytes]) -> list[float]:
    """Return milliseconds until the script of each message has finished."""
    return [finished for finished, _ in replay(url, messages)]


def main() -> None:
    """Run the benchmark and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--template", default="年考评")
    wanted = parser.parse_args()
    with serve() as url:
        months = data.months(data.serving().edition)[1 : wanted.changes + 1]
        clicks, first, export = recorded(url, wanted.template, list(months))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {wanted.changes} clicks")
    with prepared() as (url, _):
        replay(url, clicks)  # afterwards every click has been seen before
        replay(url, export)
        done, stop = [], threading.Event()

        def exporting() -> None:
            while not stop.is_set():
                done.append(sum(times(url, export)) / 1000)

        alone = times(url, clicks)[first:]
        other = threading.Thread(target=exporting)
        other.start()
        beside = []
        while len(done) < 2:
            beside += times(url, clicks)[first:]
        stop.set()
        other.join()
        alone += times(url, clicks)[first:]
    print(f"  alone {median(alone, 'ms')}, beside an export {median(beside, 'ms')}")
    print(f"  worst {max(beside):.0f} ms")
    print(f"  {len(done)} exports, median {statistics.median(done):.1f} s each")


if __name__ == "__main__":
    main()
