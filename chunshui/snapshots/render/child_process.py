"""Documents made in a process of their own, so that no other user's click waits for them.

Python runs one thread at a time: made inside the server, a deck holds up every page meanwhile,
and the memory it took stays taken. The child reads the snapshot from the archive, steps aside
for the server, says how far it is and leaves the files in a folder.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from chunshui import paths
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive
from chunshui.snapshots.render import export
from chunshui.snapshots.render.export import Documents

SECONDS = 180
START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from chunshui.snapshots.render import child_process; child_process.main(*sys.argv[2:])"
)
# So many are made at once; who comes later waits.
_PLACES = threading.BoundedSemaphore(max(1, (os.cpu_count() or 2) // 2))


def documents(
    snapshot_id: str,
    exported_at: dt.datetime,
    formats: Iterable[str] = export.USUAL,
    progress: Callable[[str, float], None] = lambda step, share: None,
    *,
    seconds: float = SECONDS,
) -> Documents:
    """Return what `export.documents` makes of a snapshot of the archive; see there.

    Raises ChunshuiError when the child takes more than `seconds` or dies.
    """
    progress("等待生成", 0.0)
    command = [sys.executable, "-c", START, str(paths.ROOT), snapshot_id]
    command += [exported_at.isoformat(), ",".join(formats)]
    late = threading.Event()
    with _PLACES, tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            [*command, folder],
            env=os.environ | {"CHUNSHUI_DATA": str(paths.data_dir())},
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

        def give_up() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(seconds, give_up)
        clock.start()
        with child:  # closes its pipe and waits for it
            try:
                result = _documents(child.stdout or (), Path(folder), progress)
                status = child.wait()
            finally:  # also when the user leaves the page meanwhile
                clock.cancel()
                child.kill()
    if status:
        why = f"超过{seconds:g}秒，已中止" if late.is_set() else "生成时异常中止"
        raise ChunshuiError(
            f"材料没有生成：{why}。快照已存档，请稍后再按“生成材料”，或少选几个部分。"
        )
    return result


def _documents(
    lines: Iterable[str], folder: Path, progress: Callable[[str, float], None]
) -> Documents:
    """Return the documents that the child reports, line by line, until it ends."""
    result = Documents()
    for line in lines:
        kind, *words = json.loads(line)
        if kind == "progress":
            progress(*words)
        elif kind == "fault":
            result.faults += words
        else:
            result.files[words[0]] = (folder / words[0]).read_bytes()
    return result


def main(snapshot_id: str, exported_at: str, formats: str, folder: str) -> None:
    """Make the documents into the folder and say so, a JSON list a line (the child's side)."""

    def report(kind: str, *words: str | float) -> None:
        print(json.dumps([kind, *words]), flush=True)

    os.nice(5)
    try:
        result = export.documents(
            archive.reopen(snapshot_id),
            dt.datetime.fromisoformat(exported_at),
            formats.split(","),
            lambda step, share: report("progress", step, share),
        )
    except ChunshuiError as error:
        result = Documents(faults=[str(error)])
    for name, data in result.files.items():
        (Path(folder) / name).write_bytes(data)
        report("file", name)
    for fault in result.faults:
        report("fault", fault)
