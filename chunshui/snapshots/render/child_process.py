"""Documents made in a process of their own, so that no other user's click waits for them.

Python runs one thread at a time: made inside the server, a deck holds up every page meanwhile,
and the memory it took stays taken. The child reads the snapshot from the archive, steps aside
for the server, says how far it is and leaves the files in a folder.
"""

import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from chunshui import paths
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, each_street, model, unit_templates
from chunshui.snapshots.render import export
from chunshui.snapshots.render.export import Documents
from chunshui.snapshots.selection import Selection
from chunshui.warehouse import Store

Progress = Callable[[str, float], None]
SECONDS, SECONDS_EACH_STREET = 180, 900
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
    progress: Progress = lambda step, share: None,
    *,
    templates: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Documents:
    """Return what `export.documents` makes of a snapshot of the archive; see there.

    `templates` are the ids of the unit's own by kind; None: those in use. Raises ChunshuiError when the
    child takes more than `seconds` or dies.
    """
    asked = {"snapshot": snapshot_id}
    return _asked(asked, exported_at, formats, progress, templates, seconds)


def streets(
    version: str,
    selection: Selection,
    exported_at: dt.datetime,
    formats: Iterable[str] = export.USUAL,
    progress: Progress = lambda step, share: None,
    *,
    by: str = "",
    seconds: float = SECONDS_EACH_STREET,
) -> Documents:
    """Return what `each_street.documents` makes of a selection on a version of this computer; see there."""
    asked = {"version": version, "selection": model.as_plain(selection), "by": by}
    return _asked(asked, exported_at, formats, progress, None, seconds)


def _asked(
    what: dict[str, Any],
    exported_at: dt.datetime,
    formats: Iterable[str],
    progress: Progress,
    templates: Mapping[str, str] | None,
    seconds: float,
) -> Documents:
    progress("等待生成", 0.0)
    used = unit_templates.chosen() if templates is None else dict(templates)
    what |= {"at": exported_at.isoformat(), "formats": list(formats), "templates": used}
    late = threading.Event()
    with _PLACES, tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            [sys.executable, "-c", START, str(paths.ROOT), folder],
            env=os.environ | {"CHUNSHUI_DATA": str(paths.data_dir())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

        def give_up() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(seconds, give_up)
        clock.start()
        with child:  # closes its pipes and waits for it
            try:
                assert child.stdin  # piped
                with contextlib.suppress(BrokenPipeError), child.stdin:
                    json.dump(what, child.stdin)
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


def _documents(lines: Iterable[str], folder: Path, progress: Progress) -> Documents:
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


def main(folder: str) -> None:
    """Make the documents into the folder and say so, a JSON list a line (the child's side)."""
    asked = json.load(sys.stdin)

    def report(kind: str, *words: str | float) -> None:
        print(json.dumps([kind, *words]), flush=True)

    os.nice(5)
    try:
        result = _made(asked, lambda step, share: report("progress", step, share))
    except ChunshuiError as error:
        result = Documents(faults=[str(error)])
    for name, data in result.files.items():
        (Path(folder) / name).write_bytes(data)
        report("file", name)
    for fault in result.faults:
        report("fault", fault)


def _made(asked: dict[str, Any], progress: Progress) -> Documents:
    templates: dict[str, bytes] = {}
    faults: list[str] = []
    for one in asked["templates"].values():
        try:
            templates |= dict([unit_templates.read(one)])
        except ChunshuiError as fault:
            faults.append(f"{fault}这次用的是标准模板。")
    at = dt.datetime.fromisoformat(asked["at"])
    if "snapshot" in asked:
        snapshot = archive.reopen(asked["snapshot"])
        result = export.documents(snapshot, at, asked["formats"], progress, templates)
    else:
        selection = model.from_plain(Selection, asked["selection"])
        with Store(paths.versions_dir()).open(asked["version"]) as reader:
            result = each_street.documents(
                reader, selection, at, asked["formats"], progress, templates, asked["by"]
            )
    result.faults += faults
    return result
