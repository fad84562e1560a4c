"""The archive of frozen snapshots: one folder each, whole or not there at all.

    <root>/KZ-3F9A-12BC-77D0/content.json   the snapshot, canonical JSON
                             about.json     what the list shows, and the SHA-256 of content.json

A snapshot is written beside its place and renamed into it, so a reader never sees half. The
same content has the same id, so storing it again changes nothing.
"""

import contextlib
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from chunshui import clock, paths
from chunshui.errors import ChunshuiError
from chunshui.snapshots import model
from chunshui.snapshots.model import Snapshot, SnapshotDamagedError
from chunshui.warehouse import durable

ID = re.compile(r"KZ-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}")


class SnapshotMissingError(ChunshuiError):
    """No snapshot of that id is in the archive."""


@dataclass(frozen=True)
class About:
    """One line of the archive's list. `frozen_at` is ISO 8601 in Chinese time.

    `assigned` are the ids of what was handed out, with the days they are due.
    """

    id: str
    title: str
    unit: str
    meeting_date: str
    template: str
    data_version: str
    nature: str
    as_of: str
    scope: str
    sections: int
    frozen_at: str
    frozen_by: str
    content_sha256: str
    content_bytes: int
    assigned: dict[str, str] = field(default_factory=dict, hash=False)


def store(
    snapshot: Snapshot, *, by: str = "", now: dt.datetime | None = None, root: Path | None = None
) -> About:
    """Put a snapshot into the archive and return its line in the list.

    A snapshot that is there already keeps its first date and author. Raises
    `SnapshotDamagedError` when the one stored under this id no longer is what the id says.
    """
    root = root or paths.snapshots_dir()
    root.mkdir(parents=True, exist_ok=True)
    folder = root / snapshot.id
    if folder.exists():
        _read(folder)
        return _about(folder)
    data = model.canonical_json(model.as_plain(snapshot))
    about = About(
        id=snapshot.id,
        title=snapshot.title,
        unit=snapshot.unit,
        meeting_date=snapshot.meeting_date,
        template=snapshot.template,
        data_version=snapshot.data_version,
        nature=snapshot.nature,
        as_of=snapshot.as_of,
        scope=snapshot.scope,
        sections=len(snapshot.sections),
        frozen_at=clock.local(now or clock.now()).isoformat("T", "seconds"),
        frozen_by=by,
        content_sha256=hashlib.sha256(data).hexdigest(),
        content_bytes=len(data),
        assigned={item.id: item.due_on for item in snapshot.assigned or ()},
    )
    # A folder that is not empty is never overwritten: who loses the race finds it there.
    with contextlib.suppress(OSError), durable.folder(folder) as staging:
        (staging / "content.json").write_bytes(data)
        lines = json.dumps(asdict(about), ensure_ascii=False, indent=1)
        (staging / "about.json").write_text(lines, "utf-8")
    if not folder.exists():
        raise ChunshuiError(f"快照没有存成：写不进文件夹 {root}，请检查磁盘空间和权限。")
    return _about(folder)


def listing(root: Path | None = None) -> tuple[list[About], list[str]]:
    """Return the archive's lines, the newest first, and a sentence for each that is unreadable."""
    lines, faults = [], []
    for folder in _folders(root or paths.snapshots_dir()):
        try:
            lines.append(_about(folder))
        except SnapshotDamagedError as fault:
            faults.append(str(fault))
    return sorted(lines, key=lambda a: (a.frozen_at, a.id), reverse=True), faults


def issued(root: Path | None = None) -> dict[str, dict[str, str]]:
    """Return what each snapshot handed out: the ids with the days they are due; nothing for one that did not."""
    return {one.id: one.assigned for one in listing(root)[0]}


def reopen(snapshot_id: str, root: Path | None = None) -> Snapshot:
    """Return a stored snapshot after checking that its content is what its id says."""
    root = root or paths.snapshots_dir()
    folder = root / snapshot_id
    if not ID.fullmatch(snapshot_id) or not folder.is_dir():
        raise SnapshotMissingError(
            f"档案里没有编号为“{snapshot_id}”的快照，请在“会议快照”页的档案中查找。"
        )
    return _read(folder)


def _folders(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield from sorted(p for p in root.iterdir() if ID.fullmatch(p.name))


def _about(folder: Path) -> About:
    try:
        return About(**json.loads((folder / "about.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError) as fault:
        raise SnapshotDamagedError(
            f"快照 {folder.name} 的说明文件 about.json 读不出，请从备份恢复该文件夹。"
        ) from fault


def _read(folder: Path) -> Snapshot:
    about = _about(folder)
    try:
        data = (folder / "content.json").read_bytes()
        if hashlib.sha256(data).hexdigest() != about.content_sha256:
            raise ValueError("sha256")
        snapshot = model.snapshot_from_plain(json.loads(data))
    except (OSError, ValueError) as fault:
        raise SnapshotDamagedError(
            f"快照 {folder.name} 的内容与入档时不一致或读不出，请从备份恢复该文件夹。"
        ) from fault
    if snapshot.id != folder.name:
        raise SnapshotDamagedError(f"快照 {folder.name} 的内容与编号不符，请从备份恢复该文件夹。")
    return snapshot
