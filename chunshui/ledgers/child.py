"""Read ledgers in a process of its own, with limits: what hangs, swells or crashes there does not
touch the one that asked.

The child gets no environment and no arguments but a request on its standard input, runs in a
session of its own, and may use so much memory, time and disk. It tells its progress line by line
and leaves its result in a folder: JSON and Arrow, nothing that could run.
"""

import json
import logging
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pyarrow as pa

from chunshui import paths
from chunshui.errors import ChunshuiError
from chunshui.ledgers import stage as staging
from chunshui.ledgers.base import read_base
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.read import labelled_files
from chunshui.ledgers.stage import Files
from chunshui.ledgers.staged import Staged
from chunshui.ledgers.streets import Part
from chunshui.warehouse import Manifest
from chunshui.warehouse.reader import Reader
from chunshui.words import ERROR

MEMORY = 4 << 30  # of addresses; libraries reserve far more than they use
SECONDS = 300  # by the clock, and of the processor
DISK = 1 << 30
FILES = 128
MANY = 200_000  # interpreted cells kept

START = (
    "import sys; from importlib import import_module; sys.path.insert(0, sys.argv[1]);"
    " import_module(sys.argv[2]).main()"
)
ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "OPENPYXL_LXML": "False",  # lxml expands what defusedxml and expat refuse
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",  # each thread reserves memory
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PROJ_NETWORK": "OFF",
    "TZ": "UTC",
}


def stage(
    files: Files,
    *,
    base: tuple[Path, Manifest] | None = None,
    demonstration: bool = False,
    whole: bool = False,
    streets: tuple[str, ...] = (),
    issued: Mapping[str, Mapping[str, str]] | None = None,
    progress: Callable[[str, float], None] = lambda name, share: None,
    seconds: float = SECONDS,
) -> Staged:
    """Do `stage.stage` in a child.

    `base` is the file of the version below and its manifest; the result is not yet `complete`.
    A child that had to be ended gives an error that names the file it was at.
    """
    given = labelled_files(files)
    name = files.name if isinstance(files, Path) else "上传的文件"
    request = {
        "job": "stage",
        "name": name,
        "files": [[str(path.resolve()), label] for path, label in given],
        "base": None if base is None else [str(base[0].resolve()), asdict(base[1])],
        "demonstration": demonstration,
        "whole": whole,
        "streets": list(streets),
        "issued": issued,
    }
    at = [given[0][1] if given else name]  # the file being read

    def tell(ledger: str, share: float) -> None:
        if ledger.startswith("《"):
            at[0] = ledger.strip("《》")
        progress(ledger, share)

    with tempfile.TemporaryDirectory() as folder:
        failure = run(__name__, request, Path(folder), tell=tell, seconds=seconds)
        if failure is None:
            return _taken(Path(folder))
    mend = "请用 Excel 或 WPS 打开后另存为新文件，或拆成几个文件再报"
    empty = pd.DataFrame(columns=["source_id", "ledger_id", "file_name", "nature"])
    return Staged({}, empty, pd.DataFrame(), [Issue(ERROR, at[0], failure, mend)])


def annotated(path: Path, label: str, issues: list[Issue], *, seconds: float = 60) -> bytes:
    """The user's own workbook with the cells of the issues marked; see `annotate`.

    Raises ChunshuiError when none can be made.
    """
    request = {
        "job": "annotate",
        "files": [[str(path.resolve()), label]],
        "issues": [asdict(issue) for issue in issues],
    }
    with tempfile.TemporaryDirectory() as folder:
        failure = run(__name__, request, Path(folder), seconds=seconds)
        done = Path(folder) / "annotated.xlsx"
        if failure or not done.exists():
            raise ChunshuiError(
                f"《{label}》没能做成批注副本（{failure or '没有结果'}）。请按清单改正原文件。"
            )
        return done.read_bytes()


# ------------------------------------------------------------------------------- the parent's side


def run(
    module: str,
    request: dict,
    folder: Path,
    *,
    tell: Callable[[str, float], None] = lambda name, share: None,
    seconds: float,
) -> str | None:
    """Run a child on a request; return why it failed, in Chinese, or None.

    The child calls `main` of a module, which is to `serve` its jobs. What it writes in `folder`
    (the request's `out`) is its result.
    """
    with (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", START, str(paths.ROOT), module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env=ENVIRONMENT,
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(seconds, end)
    timer.start()
    requests, reports = process.stdin, process.stdout
    if requests is None or reports is None:
        raise RuntimeError("both are pipes")
    try:
        with suppress(BrokenPipeError):
            requests.write(json.dumps({**request, "out": str(folder), "seconds": seconds}))
            requests.close()
        for line in reports:
            with suppress(ValueError, KeyError):
                report = json.loads(line)
                tell(report["name"], report["share"])
        process.wait()
    finally:
        timer.cancel()
        _kill(process)
        process.wait()
        reports.close()
    if process.returncode == 0:
        return None
    if late.is_set() or -process.returncode in (signal.SIGXCPU, signal.SIGALRM):
        return f"读取超过{seconds:.0f}秒，已中止"
    if process.returncode == NO_MEMORY:
        return "读取所需内存超过限度，已中止"
    wrong = (folder / "stderr").read_text("utf-8", "replace")
    logging.getLogger(__name__).debug("child ended with %s:\n%s", process.returncode, wrong)
    return f"读取时异常中止（{_where(wrong, process.returncode)}）"


def _where(wrong: str, code: int) -> str:
    """Say where a child ended, for those who mend the software: "KeyError，maps.py第12行"."""
    places = re.findall(r'File "([^"]+)", line (\d+)', wrong)
    if not places:
        return f"退出码{code}"
    (path, line), last = places[-1], wrong.strip().splitlines()[-1]
    return f"{last.partition(':')[0]}，{Path(path).name}第{line}行"


def _kill(process: subprocess.Popen) -> None:
    """End the child and whatever it started."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _taken(folder: Path) -> Staged:
    """Read a child's result."""
    result = json.loads((folder / "result.json").read_text("utf-8"))
    frames = {path.stem: _frame(path) for path in folder.glob("*.arrow")}
    keeping = {name: frames.pop(name) for name in ("source_file", "source_row", "readings")}
    issues = [Issue(**issue) for issue in result["issues"]]
    parts = {
        name: Part(**part | {key: tuple(part[key]) for key in ("streets", "names", "others")})
        for name, part in result["parts"].items()
    }
    return Staged(tables=frames, issues=issues, kept=result["kept"], parts=parts, **keeping)


def _frame(path: Path) -> pd.DataFrame:
    with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
        frame = reader.read_all().to_pandas()
    for column in frame.columns:  # texts are objects here, as they were in the child
        if isinstance(frame[column].dtype, pd.StringDtype):
            frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
    return frame


# -------------------------------------------------------------------------------- the child's side

NO_MEMORY = 3


def main() -> None:
    """Do what standard input asks for."""
    serve({"stage": _stage, "annotate": _annotate})


def serve(jobs: dict[str, Callable[[dict, Path], None]]) -> None:
    """Take a request from standard input and do its job, within the limits."""
    request = json.loads(sys.stdin.read())
    seconds = int(request["seconds"]) + 1
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, DISK),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    signal.alarm(seconds + 10)  # should the parent die
    sys.setrecursionlimit(2000)
    try:
        jobs[request["job"]](request, Path(request["out"]))
    except MemoryError:
        os._exit(NO_MEMORY)


def _stage(request: dict, out: Path) -> None:
    def tell(name: str, share: float) -> None:
        print(json.dumps({"name": name, "share": share}), flush=True)

    files = [(Path(path), label) for path, label in request["files"]]
    with ExitStack() as stack:
        base = None
        if request["base"]:
            path, manifest = request["base"]
            reader = stack.enter_context(Reader(Path(path), Manifest(**manifest)))
            base = read_base(reader, raw_rows=False)
        staged = staging.stage(
            files,
            base=base,
            demonstration=request["demonstration"],
            whole=request["whole"],
            streets=tuple(request["streets"]),
            issued=request["issued"],
            progress=tell,
        )
    for name, table in staged.tables.items():
        _write(table if staged.ok else table.iloc[:0], out / f"{name}.arrow")
    _write(staged.source_file, out / "source_file.arrow")
    # What stands in the rows of a refused file is nobody's business: it may name persons.
    rows = staged.source_row if staged.ok else staged.source_row.assign(raw="{}")
    _write(rows, out / "source_row.arrow")
    _write(staged.readings.head(MANY), out / "readings.arrow")
    result = {
        "issues": [asdict(issue) for issue in staged.issues],
        "kept": staged.kept,
        "parts": {name: asdict(part) for name, part in staged.parts.items()},
    }
    (out / "result.json").write_text(json.dumps(result, ensure_ascii=False, default=str), "utf-8")


def _write(frame: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _annotate(request: dict, out: Path) -> None:
    from chunshui.ledgers.out.annotated import annotate  # openpyxl, which reading does without

    ((path, label),) = request["files"]
    issues = [Issue(**issue) for issue in request["issues"]]
    done = annotate(Path(path).read_bytes(), label, issues)
    (out / "annotated.xlsx").write_bytes(done)
