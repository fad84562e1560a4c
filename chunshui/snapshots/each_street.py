"""The same material for every street, in one archive by their names, with a joint annex.

Each street's is a snapshot of its own, with what is asked of all and of it; the annex is the workbook of all of
them together.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, freeze, stamp
from chunshui.snapshots.head import requirements_for
from chunshui.snapshots.model import Snapshot
from chunshui.snapshots.render import export
from chunshui.snapshots.render.export import Documents
from chunshui.snapshots.selection import Selection
from chunshui.warehouse import Reader

ANNEX = "附件"


def documents(
    reader: Reader,
    selection: Selection,
    exported_at: dt.datetime,
    formats: Iterable[str] = export.USUAL,
    progress: Callable[[str, float], None] = lambda step, share: None,
    templates: Mapping[str, bytes] = MappingProxyType({}),
    by: str = "",
    root: Path | None = None,
) -> Documents:
    """Return one .zip: a folder for each street of a selection (all where it names none), and the annex.

    Every snapshot is put into the archive (`root`). What could not be made of a street is said with its
    name; the others are made. Raises ChunshuiError for a selection of one street or a community, whose
    material is one.
    """
    formats = export.known_formats(formats)
    chosen = streets(reader, selection)
    every = set(reader.query("views/streets")["street_name"])
    files: dict[str, bytes] = {}
    result = Documents()
    for number, (code, name) in enumerate(chosen):
        progress(f"{name}（{number + 1}/{len(chosen)}）", number / (len(chosen) + 1))
        title = f"{selection.title}（{name}）" if selection.title else ""
        head = selection.head and requirements_for(selection.head, name, every)
        own = replace(selection, streets=(code,), title=title, head=head)
        snapshot = _frozen(reader, own, by, root)
        made = export.documents(snapshot, exported_at, formats, templates=templates)
        files |= {f"{name}/{file}": data for file, data in made.files.items()}
        result.faults += [f"{name}：{fault}" for fault in made.faults]
    progress(ANNEX, len(chosen) / (len(chosen) + 1))
    whole = _frozen(reader, selection, by, root)
    annex = export.documents(whole, exported_at, ("xlsx",))
    files |= {f"{ANNEX}-{file}": data for file, data in annex.files.items()}
    result.faults += [f"{ANNEX}：{fault}" for fault in annex.faults]
    name = stamp.file_name(whole, "zip", f"各街道{len(chosen)}份")
    result.files[name] = export.zip_bytes(files, exported_at)
    progress("已生成", 1.0)
    return result


def streets(reader: Reader, selection: Selection) -> list[tuple[str, str]]:
    """Return code and name of the streets that each get a material of their own."""
    known = reader.query("views/streets")
    every = list(zip(known["street_code"], known["street_name"], strict=True))
    chosen = [one for one in every if not selection.streets or one[0] in selection.streets]
    if selection.community or len(chosen) < 2:
        raise ChunshuiError(
            "各街道一套要在全区或几个街道的范围内做；只选一个街道或社区时，请直接冻结并生成。"
        )
    return chosen


def _frozen(reader: Reader, selection: Selection, by: str, root: Path | None) -> Snapshot:
    snapshot = freeze.snapshot_of(reader, freeze.meeting(reader, selection, root=root))
    archive.store(snapshot, by=by, root=root)
    return snapshot
