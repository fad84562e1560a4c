"""The archive of frozen snapshots: one folder each, whole or not there at all.

    <root>/KZ-3F9A-12BC-77D0/content.json   the snapshot, canonical JSON
                             about.json     what the list shows, and the SHA-256 of content.json
                             filed.json     how users filed it: pinned, a remark, in the trash

A snapshot is written beside its place and renamed into it, so a reader never sees half. The
same content has the same id, so storing it again changes nothing. What may change is how it is filed.
"""

import datetime as dt
import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from chunshui import clock, paths
from chunshui.errors import ChunshuiError
from chunshui.snapshots import model, stamp
from chunshui.snapshots.model import Snapshot, SnapshotDamagedError
from chunshui.warehouse import durable

ID = re.compile(r"KZ-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}")
REMARK_LENGTH = 200
_FILES = ("content.json", "about.json", "filed.json")
_RESTORE = "请从备份恢复该文件夹，没有备份的可永久删除"


class SnapshotMissingError(ChunshuiError):
    """No snapshot of that id is in the archive."""


@dataclass(frozen=True)
class Filed:
    """How users filed a snapshot; `trashed_at` is ISO 8601 in Chinese time, "" where it is not in the trash."""

    is_pinned: bool = False
    remark: str = ""
    trashed_at: str = ""


@dataclass(frozen=True)
class Damaged:
    """A snapshot of the list that cannot be opened: what is wrong with it and what to do."""

    id: str
    why: str

    def __str__(self) -> str:
        return f"快照 {self.id} 的{self.why}。"


@dataclass(frozen=True)
class About:
    """One line of the archive's list. `frozen_at` is ISO 8601 in Chinese time.

    `assigned` are the ids of what was handed out, with the days they are due. `filed` is no part of
    what is stored with it.
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
    filed: Filed = Filed()


def store(
    snapshot: Snapshot, *, by: str = "", now: dt.datetime | None = None, root: Path | None = None
) -> About:
    """Put a snapshot into the archive and return its line in the list.

    A snapshot that is there already keeps its first date and author, and comes out of the trash. Raises
    `SnapshotDamagedError` when the one stored under this id no longer is what the id says.
    """
    root = root or paths.snapshots_dir()
    folder = root / snapshot.id
    if folder.exists():
        _read(folder)
        return file(snapshot.id, root, trashed=False)
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
    try:
        with durable.disk_in_words(), durable.folder(folder) as staging:
            (staging / "content.json").write_bytes(data)
            plain = {key: value for key, value in asdict(about).items() if key != "filed"}
            lines = json.dumps(plain, ensure_ascii=False, indent=1)
            (staging / "about.json").write_text(lines, "utf-8")
    except OSError:
        if not folder.exists():
            raise
    return _about(folder)


def listing(root: Path | None = None) -> tuple[list[About], list[Damaged]]:
    """Return the archive's lines, the newest first, and those that are damaged.

    What is in the trash is in `trash`. A line whose files have not changed is not read again.
    """
    lines, damaged = _lines(root)
    return [one for one in lines if not one.filed.trashed_at], damaged


def trash(root: Path | None = None) -> list[About]:
    """Return the lines of what is in the trash, what went there last first."""
    lines = [one for one in _lines(root)[0] if one.filed.trashed_at]
    return sorted(lines, key=lambda a: (a.filed.trashed_at, a.id), reverse=True)


def issued(root: Path | None = None) -> dict[str, dict[str, str]]:
    """Return what each snapshot, in the trash too, handed out: the ids with the days they are due."""
    return {one.id: one.assigned for one in _lines(root)[0]}


def file(
    snapshot_id: str,
    root: Path | None = None,
    *,
    pinned: bool | None = None,
    remark: str | None = None,
    trashed: bool | None = None,
) -> About:
    """File a snapshot otherwise and return its line; what is not given stays.

    Raises SnapshotMissingError, SnapshotDamagedError, ChunshuiError for a remark that is too long.
    """
    folder = _folder(snapshot_id, root)
    filed = _about(folder).filed
    asked: dict[str, Any] = {} if pinned is None else {"is_pinned": pinned}
    if remark is not None:
        asked["remark"] = " ".join(stamp.clean(remark).split())
        if len(asked["remark"]) > REMARK_LENGTH:
            raise ChunshuiError(f"备注最多{REMARK_LENGTH}字，现有{len(asked['remark'])}字。")
    if trashed is not None and trashed != bool(filed.trashed_at):
        asked["trashed_at"] = clock.now().isoformat("T", "seconds") if trashed else ""
    if asked and replace(filed, **asked) != filed:
        lines = json.dumps(asdict(replace(filed, **asked)), ensure_ascii=False, indent=1)
        with durable.disk_in_words():
            durable.replace(folder / "filed.json", lines)
    return _about(folder)


def delete(snapshot_id: str, root: Path | None = None) -> None:
    """Delete a snapshot of the trash, or a damaged one, for ever. Raises ChunshuiError for any other."""
    folder = _folder(snapshot_id, root)
    lines, _ = listing(root)
    if snapshot_id in {one.id for one in lines}:
        raise ChunshuiError(f"快照 {snapshot_id} 不在回收站里，请先移入回收站，再永久删除。")
    gone = folder.with_name(f".deleted-{uuid.uuid4().hex}")
    with durable.disk_in_words():
        folder.rename(gone)  # at once and whole: nobody sees half of it
        shutil.rmtree(gone)


def _lines(root: Path | None) -> tuple[list[About], list[Damaged]]:
    lines: list[About] = []
    damaged: list[Damaged] = []
    for folder in _folders(root or paths.snapshots_dir()):
        one = _line(folder, tuple(map(_seen, (folder / name for name in _FILES))))
        if isinstance(one, About):
            lines.append(one)
        else:
            damaged.append(one)
    return sorted(lines, key=lambda a: (a.frozen_at, a.id), reverse=True), damaged


def _seen(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file does: its size first; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


@lru_cache(maxsize=5000)
def _line(folder: Path, seen: tuple[tuple[int, int, int] | None, ...]) -> About | Damaged:
    """Return the line of a snapshot by its files as they were `seen`."""
    if seen[0] is None:
        return Damaged(folder.name, f"内容文件 content.json 不见了，{_RESTORE}")
    try:
        about = _about(folder)
    except SnapshotDamagedError:
        return Damaged(folder.name, f"说明文件 about.json 不见了或读不出，{_RESTORE}")
    if seen[0][0] != about.content_bytes:
        return Damaged(folder.name, f"内容文件 content.json 与入档时不一样大，{_RESTORE}")
    return about


def reopen(snapshot_id: str, root: Path | None = None) -> Snapshot:
    """Return a stored snapshot after checking that its content is what its id says."""
    return _read(_folder(snapshot_id, root))


def _folder(snapshot_id: str, root: Path | None) -> Path:
    folder = (root or paths.snapshots_dir()) / snapshot_id
    if not ID.fullmatch(snapshot_id) or not folder.is_dir():
        raise SnapshotMissingError(
            f"档案里没有编号为“{snapshot_id}”的快照，请在“会议快照”页的档案中查找。"
        )
    return folder


def _folders(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield from sorted(p for p in root.iterdir() if ID.fullmatch(p.name))


def _about(folder: Path) -> About:
    try:
        plain = json.loads((folder / "about.json").read_text("utf-8"))
        return _built(About, plain | {"filed": _filed(folder)})
    except (OSError, ValueError, TypeError) as fault:
        raise SnapshotDamagedError(
            f"快照 {folder.name} 的说明文件 about.json 读不出，{_RESTORE}。"
        ) from fault


def _filed(folder: Path) -> Filed:
    """Return how a snapshot was filed; where that cannot be read, it is said in the remark."""
    try:
        filed: Filed = _built(Filed, json.loads((folder / "filed.json").read_text("utf-8")))
        return filed
    except FileNotFoundError:
        return Filed()
    except (OSError, ValueError, TypeError, AttributeError):
        return Filed(remark="（备注文件 filed.json 读不出，原有的备注、置顶可从备份恢复）")


def _built(kind: type[Any], plain: dict[str, Any]) -> Any:
    """Return what a line holds, but for what later software wrote beside it."""
    return kind(**{key: value for key, value in plain.items() if key in kind.__dataclass_fields__})


def _read(folder: Path) -> Snapshot:
    about = _about(folder)
    try:
        data = (folder / "content.json").read_bytes()
        if hashlib.sha256(data).hexdigest() != about.content_sha256:
            raise ValueError("sha256")
        snapshot = model.snapshot_from_plain(json.loads(data))
    except SnapshotDamagedError as fault:
        raise SnapshotDamagedError(f"快照 {folder.name}：{fault}") from fault
    except (OSError, ValueError) as fault:
        raise SnapshotDamagedError(
            f"快照 {folder.name} 的内容与入档时不一致或读不出，{_RESTORE}。"
        ) from fault
    if snapshot.id != folder.name:
        raise SnapshotDamagedError(f"快照 {folder.name} 的内容与编号不符，{_RESTORE}。")
    return snapshot
