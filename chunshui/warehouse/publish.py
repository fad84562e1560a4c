"""Build, publish and undo versions: the writer's side of a store."""

import fcntl
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from chunshui import clock
from chunshui.errors import (
    ChunshuiError,
    NothingPublishedError,
    PublishBusyError,
    VersionDamagedError,
    VersionMissingError,
)
from chunshui.warehouse import durable, software, verify
from chunshui.warehouse.manifest import Entry, Manifest
from chunshui.warehouse.reader import connect
from chunshui.warehouse.store import Store

Progress = Callable[[str, float], None]
Fill = Callable[[duckdb.DuckDBPyConnection], dict[str, float] | None]


def silent(step: str, share: float) -> None:
    """Take progress and show nothing."""


def build(
    store: Store,
    fill: Fill,
    *,
    note: str,
    by: str,
    progress: Progress = silent,
    wait: float = 120,
    base: str | None = None,
    updated: dict[str, list[str]] | None = None,
    serve: bool = False,
    inputs: str | None = None,
) -> Manifest:
    """Build a version in staging, check it, lay it beside the others; serve it only if told to.

    `fill` gets an open, empty, locked database (no access outside the file; frames go
    in with `con.append`), creates the schema and fills it, and may return seconds per
    step for the manifest. Whatever it raises leaves everything as it was. `base` is the
    version whose ledgers it carries on: when another has been served since, somebody else's
    ledgers would be lost, and PublishBusyError is raised. `updated` names the streets of the
    ledgers of which the rows of some streets only are new, `inputs` all that it is made of.

    Builders and publishers take turns: the second waits up to `wait` seconds, then
    PublishBusyError. Raises ChecksFailedError when check_result holds rows of severity
    错误, ChunshuiError when the disk is full or the ledgers mix demonstration and real.
    """
    with durable.disk_in_words(), turn(store, by, wait):
        _refuse_overtaken(store, base)
        _clear_staging(store)
        staged = store.staging / f"{uuid.uuid4().hex}.duckdb"
        try:
            timings = _filled(staged, fill)
            progress("核对新版本", 0.95)
            started = time.perf_counter()
            facts = verify.facts(staged)
            size, digest = _seal(staged)
            timings["核对与落盘"] = round(time.perf_counter() - started, 3)
            manifest = Manifest(
                version=_next_version(store),
                made_at=_now(),
                by=by,
                note=note,
                bytes=size,
                sha256=digest,
                timings=timings,
                software=software.describe(),
                base=base,
                updated=updated or {},
                inputs=inputs,
                **facts,
            )
            _place(store, staged, manifest)
        finally:
            _clear_staging(store)
        if serve:
            _point(store, "发布", manifest, by=by, note=note)
    progress("发布完成" if serve else "已建成，尚未发布", 1.0)
    return manifest


def place(store: Store, fill: Fill, like: Manifest, *, is_made: Callable[[], bool]) -> None:
    """Fill a version of the name of another store's, in the place of one that is there already.

    Its manifest is `like` that one's where its own file says nothing else. Who waited for a turn in
    which somebody else made it (`is_made`) is done. Raises as `build` does.
    """
    with durable.disk_in_words(), turn(store, like.by, wait=120):
        if is_made():
            return
        _clear_staging(store)
        staged = store.staging / f"{uuid.uuid4().hex}.duckdb"
        try:
            _filled(staged, fill)
            facts = verify.facts(staged)
            size, digest = _seal(staged)
            for old in (store.path(like.version).with_suffix(".json"), store.path(like.version)):
                old.unlink(missing_ok=True)
            _place(store, staged, replace(like, bytes=size, sha256=digest, **facts))
        finally:
            _clear_staging(store)


def serve(store: Store, version: str, *, by: str, note: str = "") -> Entry:
    """Publish a version that `build` laid ready. It is verified in full first.

    Raises PublishBusyError when it carries on the ledgers of a version that is no longer
    the one served.
    """
    with durable.disk_in_words(), turn(store, by, wait=30):
        _refuse_overtaken(store, store.manifest(version).base)
        return _move(store, "发布", version, by=by, note=note)


def keep(store: Store, path: Path) -> str:
    """Keep a ledger file as it came, under its sha256 and for good; return that."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    final = store.root / "files" / digest
    final.parent.mkdir(parents=True, exist_ok=True)
    if not final.exists():
        with suppress(FileExistsError):
            durable.add(final, content, staging=store.staging, mode=0o400)
    return digest


def discard(store: Store, version: str, *, by: str) -> None:
    """Take away a version that was built and never served; its number is not used again."""
    with durable.disk_in_words(), turn(store, by, wait=30):
        store.manifest(version)
        if any(entry.version == version for entry in store.history()):
            raise ChunshuiError(f"{version}发布过，不能撤掉。已发布的版本都保留。")
        if (store.pinned / version).exists():
            raise ChunshuiError(f"{version}已列入全市汇总，不能撤掉。全市汇总要能一直查到它。")
        shutil.rmtree(store.values / version, ignore_errors=True)
        store.path(version).with_suffix(".json").replace(store.folder / f"{version}.discarded")
        store.path(version).unlink(missing_ok=True)
        durable.flush(store.folder)


def pin(store: Store, version: str, *, by: str) -> None:
    """Let nobody discard a version, for what is kept elsewhere rests on it.

    Raises VersionMissingError where it was discarded just now.
    """
    if any(entry.version == version for entry in store.history()):
        return  # what was served is kept anyway
    with durable.disk_in_words(), turn(store, by, wait=30):
        store.manifest(version)
        store.pinned.mkdir(exist_ok=True)
        durable.replace(store.pinned / version, by)


def undo(store: Store, to: str | None = None, *, by: str, note: str = "") -> Entry:
    """Move the pointer back: to the version served before this one, or to the one named.

    Nothing is deleted, so an undo can be undone by naming the version it left. Where the
    pointer is damaged, or names a damaged version, an undo without a name settles on the
    version that readers fall back to. The target is verified in full first. Raises
    VersionMissingError, VersionDamagedError.
    """
    with durable.disk_in_words(), turn(store, by, wait=30):
        return _move(store, "回退", to or _before(store), by=by, note=note)


def _next_version(store: Store) -> str:
    """Name past every file and every entry there ever was, so no name is used twice."""
    names = [path.stem for path in store.folder.glob("v*")]
    names += [entry.version for entry in store.history()]
    last = max((int(name[1:]) for name in names if name[1:].isdigit()), default=0)
    return f"v{last + 1:06d}"


def _move(store: Store, action: str, version: str, *, by: str, note: str) -> Entry:
    """Point at a version that is there and whole; refuse what would change nothing."""
    sound = store.sound(version)
    with suppress(NothingPublishedError, VersionDamagedError):
        if store.current() == sound:
            raise ChunshuiError(f"现在使用的就是{version}，不必再{action}。")
    return _point(store, action, store.manifest(version), by=by, note=note)


def _before(store: Store) -> str:
    """Name the version to go back to: the one served when the present one was published.

    Where the present one cannot be served, the one that readers already fall back to.
    """
    serving = store.current()
    if serving.warning:
        return serving.version
    served = [entry for entry in store.history() if entry.effective]
    for entry, earlier in zip(served[::-1], [*served[-2::-1], None], strict=True):
        if (entry.action, entry.version) == ("发布", serving.version):
            if earlier is None:
                break
            return earlier.version
    raise VersionMissingError(
        f"{serving.version}之前没有发布过别的版本，无可回退。如需改用某个版本，请写明版本号；"
        "全部版本见 python -m chunshui versions。"
    )


@contextmanager
def turn(store: Store, by: str, wait: float) -> Iterator[None]:
    """Hold the publisher's lock. The system frees it when its holder dies, however it dies."""
    for folder in (store.folder, store.staging):
        folder.mkdir(parents=True, exist_ok=True)
    with held(store.root, by, wait):
        yield


@contextmanager
def held(root: Path, by: str, wait: float) -> Iterator[None]:
    """Hold the lock of a folder in which one publishes at a time; raise PublishBusyError after `wait` seconds."""
    with (root / "publish.lock").open("a+", encoding="utf-8") as lock:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    lock.seek(0)
                    raise PublishBusyError(
                        f"另一次发布正在进行（{lock.read().strip() or '发布人不详'}），"
                        "请等它结束后再试。"
                    ) from None
                time.sleep(0.05)
        lock.truncate(0)
        lock.write(f"{by}，始于{clock.now():%Y-%m-%d %H:%M:%S}")
        lock.flush()
        yield


def _clear_staging(store: Store) -> None:
    """Remove what this or a killed publisher left; only the lock's holder may.

    A file with a name but no manifest is half a version: nobody was ever told of it, and a publisher
    that stopped there has left its other name in staging; or it was being discarded.
    """
    for path in store.folder.glob("v*.duckdb"):
        if path.with_suffix(".json").exists():
            continue
        if path.stat().st_nlink > 1 or path.with_suffix(".discarded").exists():
            path.unlink()
    for path in [*store.staging.iterdir(), *store.root.glob(".CURRENT.*")]:
        path.unlink(missing_ok=True)


def _refuse_overtaken(store: Store, base: str | None) -> None:
    """Refuse a version that carries on another than the one served now."""
    if base is None:
        return
    present = store.current().version
    if present != base:
        raise PublishBusyError(
            f"检查台账之后，现用版本已由{base}换成{present}（另有人发布或回退），"
            "没有再报的台账可能已变。请重新检查后再发布。"
        )


def _place(store: Store, staged: Path, manifest: Manifest) -> None:
    """Give the file and then its manifest their names. A link never overwrites."""
    final = store.path(manifest.version)
    os.link(staged, final)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    durable.add(final.with_suffix(".json"), text, staging=store.staging, mode=0o444)


def _point(store: Store, action: str, manifest: Manifest, *, by: str, note: str) -> Entry:
    """Append to the history, then replace the pointer: the moment a version is served."""
    pointer = store.pointer()
    entry = Entry(
        serial=max((e.serial for e in store.history()), default=0) + 1,
        action=action,
        version=manifest.version,
        at=_now(),
        by=by,
        note=note,
        bytes=manifest.bytes,
        sha256=manifest.sha256,
        replaced=pointer.serial if pointer else None,
    )
    written = {key: value for key, value in asdict(entry).items() if key != "effective"}
    line = json.dumps(written, ensure_ascii=False)
    durable.append(store.history_file, line)
    durable.replace(store.pointer_file, line)
    return entry


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _filled(path: Path, fill: Fill) -> dict[str, float]:
    """Fill a new file and leave one complete file behind, without a log."""
    con = connect(path, read_only=False)
    try:
        timings = fill(con) or {}
        started = time.perf_counter()
        con.checkpoint()
    finally:
        con.close()
    return {**timings, "写入文件": round(time.perf_counter() - started, 3)}


def _seal(path: Path) -> tuple[int, str]:
    """Flush a file to disk, take its write permission away, return its size and sha256."""
    durable.flush(path)
    path.chmod(0o444)
    stat = path.stat()
    return stat.st_size, verify.sha256(path, stat.st_size, stat.st_mtime_ns)
