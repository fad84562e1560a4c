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
_ROOM = threading.BoundedSemaphore(max(1, (os.cpu_count() or 2) // 2))


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
    with _ROOM, tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            [*command, folder],
            env=os.environ | {"CHUNSHUI_DATA": str(paths.data_dir())},
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        clock = threading.Timer(seconds, lambda: (late.set(), child.kill()))
        clock.start()
        try:
            made = _followed(child, Path(folder), progress)
            status = child.wait()
        finally:  # also when the user leaves the page meanwhile
            clock.cancel()
            child.kill()
            child.wait()
            child.stdout.close()
    if status:
        why = f"超过 {seconds:g} 秒，已中止" if late.is_set() else "生成时异常中止"
        raise ChunshuiError(
            f"材料没有生成：{why}。快照已存档，请稍后再按“生成材料”，或少选几个部分。"
        )
    return made


def _followed(
    child: subprocess.Popen, folder: Path, progress: Callable[[str, float], None]
) -> Documents:
    """Read what the child says until it ends."""
    made = Documents()
    for line in child.stdout:
        what, *said = json.loads(line)
        if what == "progress":
            progress(*said)
        elif what == "fault":
            made.faults += said
        else:
            made.files[said[0]] = (folder / said[0]).read_bytes()
    return made


def main(snapshot_id: str, exported_at: str, formats: str, folder: str) -> None:
    """Make the documents into the folder and say so, a JSON list a line (the child's side)."""

    def say(*said) -> None:
        print(json.dumps(said), flush=True)

    os.nice(5)
    try:
        made = export.documents(
            archive.reopen(snapshot_id),
            dt.datetime.fromisoformat(exported_at),
            formats.split(","),
            lambda step, share: say("progress", step, share),
        )
    except ChunshuiError as fault:
        made = Documents(faults=[str(fault)])
    for name, data in made.files.items():
        (Path(folder) / name).write_bytes(data)
        say("file", name)
    for fault in made.faults:
        say("fault", fault)
