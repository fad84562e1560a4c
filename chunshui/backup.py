"""Copies of a data folder at moments, and the way back: each content once, by its hash.

    folder/contents/<sha256>         what files held, read-only
    folder/copies/<moment>.json      a copy: its files, the version served, some figures, the log's head

What has been copied once is not copied again, so a copy a night costs what the day brought. A
content is on the disk under its name, whole, before a copy names it: one killed on the way leaves
contents that the next copy uses, and no copy.
"""

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from chunshui import clock
from chunshui.access import audit
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.target_grid import aimed
from chunshui.errors import ChunshuiError, NothingPublishedError
from chunshui.warehouse import Store, durable
from chunshui.warehouse.publish import turn

# Of a data folder, what was made in it and cannot be made again; accounts first and versions last, so
# that a restore killed on the way leaves nothing to serve without a sign-in.
PARTS = ("access", "snapshots", "unit_templates", "kept.json", "letters.key", "versions")
# A publisher's own, sign-ins, and what a killed writer leaves: none of it counts.
NOT_COPIED = re.compile(
    r"versions/(staging/|streets/|publish\.lock$)|access/signins|(^|.*/)\.[^/]+(/|$)"
)
FIGURES = 5
WAIT_SECONDS = 60  # for whoever publishes
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class File:
    """A file of a data folder: its way from there, its length, permissions and hash."""

    path: str
    bytes: int
    mode: int
    sha256: str


@dataclass(frozen=True)
class Copy:
    """What a data folder held at a moment."""

    made_at: str  # ISO 8601
    files: list[File]
    version: str | None  # the one served; None: nothing was published
    figures: dict[str, float | None]  # metric → the district's value in its last month
    audit: str  # number and hash of the audit log's last line; "" without accounts

    @property
    def bytes(self) -> int:
        """The length of all its files."""
        return sum(file.bytes for file in self.files)


def copies(folder: Path) -> list[str]:
    """List the names of the copies in a folder, oldest first."""
    return sorted(path.stem for path in (folder / "copies").glob("*.json"))


def read(folder: Path, name: str | None = None) -> Copy:
    """Return a copy, the last one without a name.

    Raises ChunshuiError where there is none or its list cannot be read.
    """
    known = copies(folder)
    if name is None and known:
        name = known[-1]
    if name not in known:
        listed = f"现有：{'、'.join(known)}" if known else "那里还没有任何备份"
        raise ChunshuiError(f"文件夹 {folder} 里没有备份{name or ''}（{listed}）。")
    try:
        content = json.loads((folder / "copies" / f"{name}.json").read_text("utf-8"))
        return Copy(**content | {"files": [File(**file) for file in content["files"]]})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ChunshuiError(
            f"备份{name}的清单读不出来，请改用另一份（{'、'.join(known)}）。"
        ) from error


def back_up(data: Path, folder: Path, by: str) -> tuple[str, Copy, int]:
    """Copy a data folder; return the copy's name, the copy and the bytes that were new.

    While it runs nobody can publish. Raises ChunshuiError on a full disk, when a publisher does
    not end, and for a folder within the data.
    """
    if folder.resolve().is_relative_to(data.resolve()):
        raise ChunshuiError("备份不能放在数据文件夹里面，请换一个地方，最好是另一块磁盘。")
    if not any((data / part).exists() for part in PARTS):
        raise ChunshuiError(f"数据文件夹 {data} 里还没有数据，没有什么可以备份。")
    contents = folder / "contents"
    store = Store(data / "versions")
    with durable.disk_in_words():
        (folder / "copies").mkdir(parents=True, exist_ok=True, mode=0o700)
        contents.mkdir(exist_ok=True, mode=0o700)
        before = sum(path.stat().st_size for path in contents.iterdir())
        with (
            turn(store, f"{by}（备份）", WAIT_SECONDS),
            audit.held(data / "access" / "audit.jsonl"),
        ):
            files = [_copy(data, path, contents) for path in _files(data)]
            version, values = _served(store)
            head = _head(data)
        durable.flush(contents)
        after = sum(path.stat().st_size for path in contents.iterdir())
        known = [name for name, value in values.items() if value is not None]
        figures = {name: values[name] for name in known[:FIGURES]}
        moment = clock.now()
        copy = Copy(moment.isoformat(timespec="seconds"), files, version, figures, head)
        name = f"{moment:%Y-%m-%d_%H%M%S}"
        while name in copies(folder):  # another of the same second
            name += "_"
        durable.replace(
            folder / "copies" / f"{name}.json",
            json.dumps(asdict(copy), ensure_ascii=False, indent=1),
            mode=0o600,
        )
    return name, copy, after - before


def restore(copy: Copy, folder: Path, data: Path) -> None:
    """Lay a copy's files into a data folder that has none yet; every one is compared by its hash.

    Nothing comes into place before all of it is there and right, the versions last. Raises ChunshuiError
    where there are data already, a content is missing or altered, or the disk is full.
    """
    there = [part for part in PARTS if (data / part).exists()]
    if there:
        raise ChunshuiError(
            f"数据文件夹 {data} 里已有 {'、'.join(there)}，不覆盖。"
            "请先把它们移到别处，或用环境变量 CHUNSHUI_DATA 指一个空的文件夹。"
        )
    with durable.disk_in_words():
        data.mkdir(parents=True, exist_ok=True)
        fresh = data / f".restoring-{uuid.uuid4().hex}"
        try:
            for file in copy.files:
                _lay(file, folder / "contents" / file.sha256, fresh)
            for part in filter(Path.exists, (fresh / part for part in PARTS)):
                part.rename(data / part.name)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        durable.flush(data)


def differences(copy: Copy, data: Path) -> list[str]:
    """Compare what a data folder serves with what it served when it was copied.

    Returns a Chinese sentence for each difference: version, figures, audit log.
    """
    version, figures = _served(Store(data / "versions"))
    found = []
    if version != copy.version:
        found.append(f"现用版本是{version or '（无）'}，备份时是{copy.version or '（无）'}")
    for metric, value in copy.figures.items():
        if figures.get(metric) != value:
            named = get_metric(metric).name
            found.append(f"“{named}”的值是{figures.get(metric)}，备份时是{value}")
    if _head(data) != copy.audit:
        found.append("审计记录的末行与备份时不同")
    _, fault = audit.verify(data / "access" / "audit.jsonl")
    return [*found, *([f"审计记录{fault}"] if fault else [])]


def _files(data: Path) -> Iterator[Path]:
    for part in PARTS:
        whole = data / part
        for path in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
            if path.is_file() and not NOT_COPIED.match(path.relative_to(data).as_posix()):
                yield path


def _copy(data: Path, path: Path, contents: Path) -> File:
    """Take what a file holds into the contents, if it is not there yet."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    if not (contents / digest).exists():
        fresh = contents / f".{uuid.uuid4().hex}"
        try:
            digest = _write(path, fresh)  # what it holds may have changed meanwhile
            fresh.chmod(0o400)
            fresh.replace(contents / digest)
        finally:
            fresh.unlink(missing_ok=True)
    length = (contents / digest).stat().st_size
    mode = path.stat().st_mode & 0o777
    return File(path.relative_to(data).as_posix(), length, mode, digest)


def _lay(file: File, content: Path, fresh: Path) -> None:
    place = fresh / file.path
    if not place.resolve().is_relative_to(fresh.resolve()):
        raise ChunshuiError(f"备份的清单里有不该有的路径“{file.path}”，没有恢复。")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        digest = _write(content, place)
    except FileNotFoundError:
        digest = None
    if digest != file.sha256:
        fault = "缺少" if digest is None else "损坏或被改动了"
        raise ChunshuiError(f"备份里“{file.path}”的内容{fault}，没有恢复。请改用另一份备份。")
    place.chmod(file.mode)


def _write(source: Path, target: Path) -> str:
    """Copy a file to the disk; return the hash of what was written."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(_BLOCK_BYTES):
            digest.update(block)
            writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def _served(store: Store) -> tuple[str | None, dict[str, float | None]]:
    """Return the version served and the district's values that have a target, in its last month."""
    try:
        serving = store.current()
    except NothingPublishedError:
        return None, {}
    with store.open(serving.version) as reader:
        month = reader.manifest.as_of
        if month is None:
            return serving.version, {}
        figures = figures_of(reader, [metric.id for metric in aimed()], month, months=1)
    return serving.version, {name: figure.value for name, figure in figures.items()}


def _head(data: Path) -> str:
    path = data / "access" / "audit.head"
    return path.read_text("utf-8").strip() if path.exists() else ""
