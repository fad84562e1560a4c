"""Deck, brief, notice and workbook of the district against a headless browser's picture of a page.

    python benchmarks/snapshots.py [--template 年考评] [--runs 5] [--no-browser]

Reads the published version (CHUNSHUI_DATA, else ./data). Each side runs in a fresh process;
its first run is cold (imports, fonts), the others warm. Memory is the peak of the process, for
the browser the sum over its processes at the widest moment, the server not counted. `apart` is
the four documents as a page has them made: in a process of their own, its start included. `list` is
the archive's list of 500 snapshots, first read, then unchanged. The browser
opens the overview on a running server, waits until it is drawn, and takes the whole page as PNG
and as PDF: what "export" means where it is a screenshot.

Aim: the four in 2 s on two cores with at most 400 MB.
"""

import argparse
import datetime as dt
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

WHEN = dt.datetime(2026, 11, 2, 8, tzinfo=dt.timezone(dt.timedelta(hours=8)))
DOCUMENTS = ("deck", "brief", "notice", "workbook")
STEPS = ("freeze", *DOCUMENTS, "picture")
LISTED = 500


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--template", default="年考评")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--child", choices=("ours", "browser"))
    parser.add_argument("--url", default="")
    given = parser.parse_args()
    if given.child:
        found = ours(given) if given.child == "ours" else browser(given)
        print(json.dumps(found))
        return
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}, template {given.template}, {given.runs} runs")
    mine = _child(given, "ours")
    first, last = mine["peaks_mb"][0], mine["peaks_mb"][-1]
    print(f"\nours: imports {mine['imports']:.2f} s")
    print(f"  peak memory {first:.0f} MB after one snapshot, {last:.0f} MB after {given.runs}")
    print(f"  peak memory {mine['apart_mb']:.0f} MB of the process that makes them apart")
    for name in (*STEPS, "four", "apart", "list"):
        _row(name, mine["seconds"][name], mine["bytes"].get(name))
    if given.no_browser:
        return
    from tests.browser.server import serve

    with serve() as url:
        peer = _child(given, "browser", url)
    print(f"\nheadless browser: peak {peer['peak_mb']:.0f} MB over all its processes")
    for name in ("start", "open", "png", "pdf", "all"):
        _row(name, peer["seconds"][name], peer["bytes"].get(name))


def ours(given: argparse.Namespace) -> dict:
    """Freeze and make the documents several times; the first is cold."""
    started = time.perf_counter()
    from chunshui import paths
    from chunshui.snapshots import archive, freeze, templates
    from chunshui.snapshots.model import Basemap
    from chunshui.snapshots.render import child_process
    from chunshui.snapshots.render.brief import brief
    from chunshui.snapshots.render.deck import deck
    from chunshui.snapshots.render.notice import word
    from chunshui.snapshots.render.pictures import pictures
    from chunshui.snapshots.render.workbook import workbook
    from chunshui.snapshots.selection import Selection
    from chunshui.warehouse import Store

    imports = time.perf_counter() - started
    chosen = templates.get_template(given.template)
    seconds: dict[str, list[float]] = {name: [] for name in (*STEPS, "four", "apart", "list")}
    sizes, peaks = {}, []
    with Store(paths.versions_dir()).open() as reader:
        asked = Selection(
            reader.manifest.as_of, chosen.choices, unit="区委组织部", template=chosen.name
        )
        for _ in range(given.runs):
            snapshot = _clock(
                seconds["freeze"], lambda: freeze.snapshot_of(reader, asked)
            )  # fmt: skip
            section = next(s for s in snapshot.sections if s.kind == "map")
            for name, make in (
                ("deck", lambda s=snapshot: deck.pptx_bytes(s, WHEN)),
                ("brief", lambda s=snapshot: brief.pdf_bytes(s, WHEN)),
                ("notice", lambda s=snapshot: word.docx_bytes(s, WHEN)),
                ("workbook", lambda s=snapshot: workbook.xlsx_bytes(s, WHEN)),
                ("picture", lambda s=snapshot, m=section: pictures.png_bytes(s, m, WHEN)),
            ):
                sizes[name] = len(_clock(seconds[name], make))
            seconds["four"].append(sum(seconds[one][-1] for one in DOCUMENTS))
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    peak = _Peak()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CHUNSHUI_DATA"] = folder  # an archive of its own
        archive.store(snapshot)
        for _ in range(given.runs):
            _clock(seconds["apart"], lambda: child_process.documents(snapshot.id, WHEN))
        peak.stop()
        for number in range(1, LISTED):
            title = f"{snapshot.title}{number}"
            archive.store(replace(snapshot, title=title, members=(), basemap=Basemap()))
        for _ in range(given.runs):
            _clock(seconds["list"], archive.listing)
    return {
        "imports": imports, "seconds": seconds, "bytes": sizes, "peaks_mb": peaks,
        "apart_mb": peak.megabytes,
    }  # fmt: skip


def browser(given: argparse.Namespace) -> dict:
    """Open the overview in a fresh headless Chromium and take its picture, several times."""
    from playwright.sync_api import sync_playwright

    from tests.browser.server import FLAGS, chromium

    seconds: dict[str, list[float]] = {name: [] for name in ("start", "open", "png", "pdf", "all")}
    sizes: dict[str, int] = {}
    peak = _Peak()
    with sync_playwright() as playwright:
        for _ in range(given.runs):
            whole = time.perf_counter()
            engine = _clock(
                seconds["start"],
                lambda: playwright.chromium.launch(executable_path=chromium(), args=FLAGS),
            )
            page = engine.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")

            def drawn(page=page) -> None:
                page.goto(given.url)
                page.wait_for_selector(".js-plotly-plot .geo path", timeout=60_000)
                page.wait_for_selector("text=需要关注", timeout=60_000)

            _clock(seconds["open"], drawn)
            picture = _clock(seconds["png"], lambda page=page: page.screenshot(full_page=True))
            document = _clock(seconds["pdf"], lambda page=page: page.pdf(format="A4"))
            sizes |= {"png": len(picture), "pdf": len(document)}
            seconds["all"].append(time.perf_counter() - whole)
            peak.look()
            engine.close()
    peak.stop()
    return {"seconds": seconds, "bytes": sizes, "peak_mb": peak.megabytes}


class _Peak:
    """The widest sum of the resident memory of all processes below this one."""

    def __init__(self):
        self.megabytes = 0.0
        self._going = True
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while self._going:
            self.look()
            time.sleep(0.1)

    def look(self) -> None:
        """Add up once. Shared pages count in every process, as the system's own tools count."""
        children, memory = {}, {}
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                lines = dict(
                    line.split(":", 1) for line in status.read_text().splitlines() if ":" in line
                )
            except (OSError, ValueError):
                continue
            number = int(status.parent.name)
            children.setdefault(int(lines["PPid"]), []).append(number)
            memory[number] = int(lines.get("VmRSS", "0 kB").split()[0]) / 1024
        todo, total = list(children.get(os.getpid(), [])), 0.0
        while todo:
            number = todo.pop()
            total += memory.get(number, 0.0)
            todo += children.get(number, [])
        self.megabytes = max(self.megabytes, total)

    def stop(self) -> None:
        """Stop looking."""
        self._going = False
        self._thread.join()


def _clock(times: list[float], work):
    started = time.perf_counter()
    done = work()
    times.append(time.perf_counter() - started)
    return done


def _child(given: argparse.Namespace, side: str, url: str = "") -> dict:
    command = [sys.executable, __file__, "--child", side, "--runs", str(given.runs)]
    command += ["--template", given.template, "--url", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def _row(name: str, times: list[float], size: int | None) -> None:
    warm = times[1:] or times
    weight = f"{size / 1024:8,.0f} KB" if size else ""
    print(
        f"  {name:10} cold {times[0]:6.2f} s   warm median {statistics.median(warm):6.2f} s"
        f"   worst {max(warm):6.2f} s {weight}"
    )


if __name__ == "__main__":
    main()
