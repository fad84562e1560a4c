"""Documents made in a process of their own: it reads the snapshot from the archive itself."""

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterable, Mapping

from chunshui import child_process, paths
from chunshui.child_process import Progress
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, each_street, unit_templates
from chunshui.snapshots.render import export
from chunshui.snapshots.render.export import Documents
from chunshui.snapshots.selection import Selection
from chunshui.warehouse import Store

SECONDS, SECONDS_EACH_STREET = 180, 900
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
    used = unit_templates.chosen() if templates is None else dict(templates)
    return _made(of_archive, snapshot_id, exported_at, formats, used, progress, seconds)


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
    used = unit_templates.chosen()
    asked = (version, selection, by)
    return _made(of_each_street, asked, exported_at, formats, used, progress, seconds)


def _made(
    make: Callable[..., Documents],
    what: object,
    exported_at: dt.datetime,
    formats: Iterable[str],
    templates: Mapping[str, str],
    progress: Progress,
    seconds: float,
) -> Documents:
    progress("等待生成", 0.0)
    asked = (what, exported_at, tuple(formats), templates)
    with _PLACES:
        try:
            return child_process.call(make, *asked, progress=progress, seconds=seconds)
        except child_process.ChildLostError as lost:
            raise ChunshuiError(
                f"材料没有生成：{lost}。快照已存档，请稍后再按“生成材料”，或少选几个部分。"
            ) from lost
        except ChunshuiError as error:
            return Documents(faults=[str(error)])


def of_archive(
    snapshot_id: str,
    exported_at: dt.datetime,
    formats: Iterable[str],
    used: Mapping[str, str],
    *,
    progress: Progress,
) -> Documents:
    """Make the documents of a snapshot, those on a template that is gone on the standard one."""
    templates, faults = _templates(used)
    snapshot = archive.reopen(snapshot_id)
    result = export.documents(snapshot, exported_at, formats, progress, templates)
    result.faults += faults
    return result


def of_each_street(
    asked: tuple[str, Selection, str],
    exported_at: dt.datetime,
    formats: Iterable[str],
    used: Mapping[str, str],
    *,
    progress: Progress,
) -> Documents:
    """Freeze a selection for each street and make its documents."""
    version, selection, by = asked
    templates, faults = _templates(used)
    with Store(paths.versions_dir()).open(version) as reader:
        result = each_street.documents(
            reader, selection, exported_at, formats, progress, templates, by
        )
    result.faults += faults
    return result


def _templates(used: Mapping[str, str]) -> tuple[dict[str, bytes], list[str]]:
    """Return the templates' contents by kind, and of which there is none any more."""
    templates: dict[str, bytes] = {}
    faults: list[str] = []
    for one in used.values():
        try:
            templates |= dict([unit_templates.read(one)])
        except ChunshuiError as fault:
            faults.append(f"{fault}这次用的是标准模板。")
    return templates, faults
