"""Published versions: one immutable DuckDB file and a manifest each, and a pointer to one.

    root/versions/v000001.duckdb   never changed once there
    root/versions/v000001.json     its manifest
    root/files/<sha256>            the ledger files the versions were made of, as they came
    root/history.jsonl             every publish and undo, appended before the pointer moves
    root/CURRENT                   the version readers are served, replaced atomically
    root/staging/, publish.lock    the writer's

A version may be built, compared with the one served, and published later.

A writer killed anywhere leaves an orphan in staging, or a complete version nobody points
at, or a history entry whose pointer never moved. Readers see none of the three, the next
publish clears the first and numbers past the second, and `history` marks the third.
"""

import errno
import fcntl
import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import duckdb
import pandas as pd

from chunshui.errors import (
    ChecksFailedError,
    ChunshuiError,
    NothingPublishedError,
    PublishBusyError,
    VersionDamagedError,
    VersionMissingError,
)
from chunshui.warehouse import schema, software, sql
from chunshui.warehouse.manifest import Edition, Entry, Manifest, Serving
from chunshui.warehouse.reader import Reader, connect

Progress = Callable[[str, float], None]
Build = Callable[[duckdb.DuckDBPyConnection], dict[str, float] | None]

_NAME = re.compile(r"v\d{6,}")


def _quiet(step: str, share: float) -> None:
    """Take progress and show nothing."""


class Store:
    """The versions under one folder. Holds no state: any number may look at the same folder."""

    def __init__(self, root: Path):
        self.root = Path(root)
        self._versions = self.root / "versions"
        self._staging = self.root / "staging"
        self._pointer = self.root / "CURRENT"
        self._history = self.root / "history.jsonl"

    # ---------------------------------------------------------------- reading

    def edition(self, version: str) -> Edition:
        """Return the key of a version of this store, whether or not there is one."""
        return Edition(str(self.root.resolve()), version)

    def current(self) -> Serving:
        """Say which version to serve: cheap, meant for every page run.

        The version pointed at when its file has the size its manifest gives (and, once per
        process, the sha256); else the last one served before it that is whole, with a
        warning. Raises NothingPublishedError, or VersionDamagedError when none is whole.
        """
        pointer = self._read_pointer()
        if pointer is None:
            wrong = "版本指针文件 CURRENT 缺失或损坏"
        else:
            fault = self._fault(pointer.version, pointer)
            if fault is None:
                return Serving(self.edition(pointer.version))
            wrong = f"版本 {pointer.version} 的{fault}"
        served = [entry for entry in self.history() if entry.effective]
        if pointer is None and not served:
            raise NothingPublishedError(self._nothing_published())
        for entry in reversed(served):
            if self._fault(entry.version, entry) is None:
                return Serving(
                    self.edition(entry.version),
                    f"{wrong}，现改用最近一个完好的版本 {entry.version}。数据没有丢失；"
                    "请重新发布台账，或用 python -m chunshui undo 指定一个版本。",
                )
        raise VersionDamagedError(
            f"{wrong}，也没有其他完好的版本可用。请从备份恢复 {self._versions}，或重新发布台账。"
        )

    def open(self, version: str | Edition | None = None) -> Reader:
        """Open a version for reading; without a name the one `current` says, with its warning.

        Raises VersionMissingError or VersionDamagedError for a named version that is not whole,
        ValueError for an edition of another store.
        """
        if isinstance(version, Edition):
            if version != self.edition(version.version):
                raise ValueError(f"{version} is of another store than {self.root}")
            version = version.version
        serving = self.current() if version is None else self._served(version)
        try:
            return Reader(
                self.path(serving.version), self.manifest(serving.version), serving.warning
            )
        except duckdb.Error as error:
            raise VersionDamagedError(
                f"版本 {serving.version} 无法打开。多半是由更新的软件建成："
                "请升级 chunshui，或用本机的软件重新发布台账。"
            ) from error

    def path(self, version: str) -> Path:
        """Return where the file of a version lies."""
        return self._versions / f"{version}.duckdb"

    def manifest(self, version: str) -> Manifest:
        """Read a manifest. Raises VersionMissingError when there is none, VersionDamagedError."""
        path = self._versions / f"{version}.json"
        try:
            if not _NAME.fullmatch(version):  # may come from a URL: no way out of the folder
                raise FileNotFoundError
            return Manifest(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            known = "、".join(self._numbered()) or "无"
            raise VersionMissingError(f"没有版本 {version}。现有版本：{known}。") from None
        except (OSError, ValueError, TypeError) as error:
            raise VersionDamagedError(
                f"版本 {version} 的说明文件 {path.name} 损坏，请从备份恢复它，或改用其他版本。"
            ) from error

    def versions(self) -> list[Manifest]:
        """List every version whose manifest can be read, oldest first."""
        found = []
        for version in self._numbered():
            with suppress(ChunshuiError):
                found.append(self.manifest(version))
        return found

    def fault(self, version: str) -> str | None:
        """Say in Chinese what is wrong with the files of a version, or None."""
        return self._fault(version, None)

    def history(self) -> list[Entry]:
        """List every publish and undo, oldest first; lines a killed writer tore are skipped.

        An entry is effective when the pointer holds it or the next entry says it replaced it.
        """
        entries = []
        with suppress(FileNotFoundError):
            for line in self._history.read_text(encoding="utf-8", errors="replace").splitlines():
                with suppress(ValueError, TypeError):
                    entries.append(Entry(**json.loads(line)))
        pointer = self._read_pointer()
        held = [following.replaced for following in entries[1:]]
        held.append(pointer.serial if pointer else None)
        return [
            Entry(**asdict(entry) | {"effective": serial is None or serial == entry.serial})
            for entry, serial in zip(entries, held, strict=False)
        ]

    # ---------------------------------------------------------------- writing

    def publish(
        self,
        build: Build,
        *,
        note: str,
        by: str,
        progress: Progress = _quiet,
        wait: float = 120,
        base: str | None = None,
        updated: dict[str, list[str]] | None = None,
    ) -> Manifest:
        """Build a version and serve it, as `build` and `serve` do, under one lock."""
        with _disk_in_words(), self._turn(by, wait):
            told = {"note": note, "by": by, "base": base, "updated": updated or {}}
            manifest = self._make(build, progress, told)
            self._point("发布", manifest, by=by, note=note)
        progress("发布完成", 1.0)
        return manifest

    def build(
        self,
        build: Build,
        *,
        note: str,
        by: str,
        progress: Progress = _quiet,
        wait: float = 120,
        base: str | None = None,
        updated: dict[str, list[str]] | None = None,
    ) -> Manifest:
        """Build a version in staging, check it, and lay it beside the others, not served yet.

        `build` gets an open, empty, locked database (no access outside the file; frames go
        in with `con.append`), creates the schema and fills it, and may return seconds per
        step for the manifest. Whatever it raises leaves everything as it was. `base` is the
        version whose ledgers it carries on: when another has been served since, somebody else's
        ledgers would be lost, and PublishBusyError is raised. `updated` names the streets of the
        ledgers of which the rows of some streets only are new.

        Builders and publishers take turns: the second waits up to `wait` seconds, then
        PublishBusyError. Raises ChecksFailedError when check_result holds rows of severity
        错误, ChunshuiError when the disk is full or the ledgers mix demonstration and real.
        """
        with _disk_in_words(), self._turn(by, wait):
            told = {"note": note, "by": by, "base": base, "updated": updated or {}}
            manifest = self._make(build, progress, told)
        progress("已建成，尚未发布", 1.0)
        return manifest

    def serve(self, version: str, *, by: str, note: str = "") -> Entry:
        """Publish a version that `build` laid ready. It is verified in full first.

        Raises PublishBusyError when it carries on the ledgers of a version that is no longer
        the one served.
        """
        with _disk_in_words(), self._turn(by, wait=30):
            self._still(self.manifest(version).base)
            return self._move("发布", version, by=by, note=note)

    def keep(self, path: Path) -> str:
        """Keep a ledger file as it came, under its sha256 and for good; return that."""
        folder = self.root / "files"
        folder.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        final = folder / digest
        if not final.exists():
            fresh = self._staging / f"{uuid.uuid4().hex}.ledger"
            with fresh.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.chmod(0o400)
            with suppress(FileExistsError):
                os.link(fresh, final)
            fresh.unlink()
            _flush(folder)
        return digest

    def original(self, digest: str) -> bytes:
        """Return a ledger file as it came. Raises VersionMissingError."""
        try:
            if not re.fullmatch(r"[0-9a-f]{64}", digest):
                raise FileNotFoundError
            return (self.root / "files" / digest).read_bytes()
        except FileNotFoundError:
            raise VersionMissingError("没有保存这个台账文件的原件。") from None

    def discard(self, version: str, *, by: str) -> None:
        """Take away a version that was built and never served; its number is not used again."""
        with _disk_in_words(), self._turn(by, wait=30):
            self.manifest(version)
            if any(entry.version == version for entry in self.history()):
                raise ChunshuiError(f"{version} 发布过，不能撤掉。已发布的版本都保留。")
            self.path(version).with_suffix(".json").replace(self._versions / f"{version}.discarded")
            self.path(version).unlink(missing_ok=True)
            _flush(self._versions)

    def undo(self, to: str | None = None, *, by: str, note: str = "") -> Entry:
        """Move the pointer back: to the version served before this one, or to the one named.

        Nothing is deleted, so an undo can be undone by naming the version it left. Where the
        pointer is damaged, or names a damaged version, an undo without a name settles on the
        version that readers fall back to. The target is verified in full first. Raises
        VersionMissingError, VersionDamagedError.
        """
        with _disk_in_words(), self._turn(by, wait=30):
            return self._move("回退", to or self._before(), by=by, note=note)

    # ---------------------------------------------------------------- inside

    def _read_pointer(self) -> Entry | None:
        """Read CURRENT; None when it is missing or cannot be understood."""
        try:
            return Entry(**json.loads(self._pointer.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _numbered(self) -> list[str]:
        """Names of the versions that have a manifest, oldest first."""
        return sorted(path.stem for path in self._versions.glob("v*.json"))

    def _next_version(self) -> str:
        """Name past every file and every entry there ever was, so no name is used twice."""
        names = [path.stem for path in self._versions.glob("v*")]
        names += [entry.version for entry in self.history()]
        last = max((int(name[1:]) for name in names if name[1:].isdigit()), default=0)
        return f"v{last + 1:06d}"

    def _fault(self, version: str, entry: Entry | None) -> str | None:
        """Compare a version's file with its manifest and the entry that published it."""
        try:
            manifest = self.manifest(version)
        except ChunshuiError:
            return f"说明文件 {version}.json 缺失或损坏"
        try:
            stat = self.path(version).stat()
        except OSError:
            return f"数据文件 {version}.duckdb 不见了"
        expected = {manifest.bytes} | ({entry.bytes} if entry else set())
        if expected != {stat.st_size}:
            return f"数据文件不完整（应为 {manifest.bytes:,} 字节，实为 {stat.st_size:,} 字节）"
        digest = _sha256(self.path(version), stat.st_size, stat.st_mtime_ns)
        if {manifest.sha256} | ({entry.sha256} if entry else set()) != {digest}:
            return "数据文件内容已被改动（与发布时的校验值不符）"
        return None

    def _move(self, action: str, version: str, *, by: str, note: str) -> Entry:
        """Point at a version that is there and whole; refuse what would change nothing."""
        sound = self._served(version)
        with suppress(NothingPublishedError, VersionDamagedError):
            if self.current() == sound:
                raise ChunshuiError(f"现在使用的就是 {version}，不必再{action}。")
        return self._point(action, self.manifest(version), by=by, note=note)

    def _before(self) -> str:
        """Name the version to go back to: the one served when the present one was published.

        Where the present one cannot be served, the one that readers already fall back to.
        """
        serving = self.current()
        if serving.warning:
            return serving.version
        served = [entry for entry in self.history() if entry.effective]
        for entry, earlier in zip(served[::-1], [*served[-2::-1], None], strict=True):
            if (entry.action, entry.version) == ("发布", serving.version):
                if earlier is None:
                    break
                return earlier.version
        raise VersionMissingError(
            f"{serving.version} 之前没有发布过别的版本，无可回退。如需改用某个版本，请写明版本号；"
            "全部版本见 python -m chunshui versions。"
        )

    def _nothing_published(self) -> str:
        """Say why nothing can be served, and the way out."""
        if known := self._numbered():
            return (
                f"数据文件夹 {self.root} 里有版本 {'、'.join(known)}，但没有发布记录和版本指针。"
                "请用 python -m chunshui publish 加版本号，指定要使用的版本。"
            )
        return (
            f"数据文件夹 {self.root} 里还没有发布过任何版本。"
            "请先运行 python -m chunshui run，或用 python -m chunshui publish 发布台账。"
        )

    def _served(self, version: str) -> Serving:
        """Return a version that is whole as it is served; raise a ChunshuiError when it is not."""
        self.manifest(version)
        fault = self._fault(version, None)
        if fault:
            raise VersionDamagedError(f"版本 {version} 的{fault}。请从备份恢复，或改用其他版本。")
        return Serving(self.edition(version))

    @contextmanager
    def _turn(self, by: str, wait: float) -> Iterator[None]:
        """Hold the publisher's lock. The system frees it when its holder dies, however it dies."""
        for folder in (self._versions, self._staging):
            folder.mkdir(parents=True, exist_ok=True)
        with (self.root / "publish.lock").open("a+", encoding="utf-8") as lock:
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
            lock.write(f"{by}，始于 {datetime.now():%Y-%m-%d %H:%M:%S}")
            lock.flush()
            yield

    def _clear_staging(self) -> None:
        """Remove what this or a killed publisher left; only the lock's holder may."""
        for path in [*self._staging.iterdir(), *self.root.glob(".CURRENT.*")]:
            path.unlink(missing_ok=True)

    def _still(self, base: str | None) -> None:
        """Refuse a version that carries on another than the one served now."""
        if base is None:
            return
        present = self.current().version
        if present != base:
            raise PublishBusyError(
                f"检查台账之后，现用版本已由 {base} 换成 {present}（另有人发布或回退），"
                "没有再报的台账可能已变。请重新检查后再发布。"
            )

    def _make(self, build: Build, progress: Progress, told: dict) -> Manifest:
        """Build, check, seal and name a version; the caller holds the lock.

        `told` is what the manifest takes from the caller: note, by, base, updated.
        """
        self._still(told["base"])
        self._clear_staging()
        staged = self._staging / f"{uuid.uuid4().hex}.duckdb"
        try:
            timings = _build(staged, build)
            progress("核对新版本", 0.95)
            started = time.perf_counter()
            facts = _inspect(staged)
            size, digest = _seal(staged)
            timings["核对与落盘"] = round(time.perf_counter() - started, 3)
            manifest = Manifest(
                version=self._next_version(),
                made_at=_now(),
                bytes=size,
                sha256=digest,
                timings=timings,
                software=software.describe(),
                **told,
                **facts,
            )
            self._place(staged, manifest)
        finally:
            self._clear_staging()
        return manifest

    def _place(self, staged: Path, manifest: Manifest) -> None:
        """Give the file and then its manifest their names. A link never overwrites."""
        final = self.path(manifest.version)
        os.link(staged, final)
        note = self._staging / f"{manifest.version}.json"
        _write(note, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        note.chmod(0o444)
        os.link(note, final.with_suffix(".json"))
        _flush(self._versions)

    def _point(self, action: str, manifest: Manifest, *, by: str, note: str) -> Entry:
        """Append to the history, then replace the pointer: the moment a version is served."""
        pointer = self._read_pointer()
        entry = Entry(
            serial=max((e.serial for e in self.history()), default=0) + 1,
            action=action,
            version=manifest.version,
            at=_now(),
            by=by,
            note=note,
            bytes=manifest.bytes,
            sha256=manifest.sha256,
            replaced=pointer.serial if pointer else None,
        )
        line = json.dumps(
            {key: value for key, value in asdict(entry).items() if key != "effective"},
            ensure_ascii=False,
        )
        before = self._history.read_bytes() if self._history.exists() else b""
        torn = bool(before) and not before.endswith(b"\n")
        with self._history.open("a", encoding="utf-8") as history:
            history.write(("\n" if torn else "") + line + "\n")
            history.flush()
            os.fsync(history.fileno())
        fresh = self.root / f".CURRENT.{uuid.uuid4().hex}"
        _write(fresh, line)
        fresh.replace(self._pointer)
        _flush(self.root)
        return entry


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _build(path: Path, build: Build) -> dict[str, float]:
    """Run the build on a new file and leave one complete file behind, without a log."""
    con = connect(path, read_only=False)
    try:
        timings = build(con) or {}
        started = time.perf_counter()
        con.checkpoint()
    finally:
        con.close()
    return {**timings, "写入文件": round(time.perf_counter() - started, 3)}


def _inspect(path: Path) -> dict:
    """Reopen the built file as a reader would, and refuse it or describe it.

    Every publish passes here, whoever built the version: no row of severity 错误, and
    demonstration and real ledgers never together.
    """
    if path.with_suffix(".duckdb.wal").exists():
        raise ChunshuiError("新版本没有完整写入文件，未发布；现用版本不变。请重新发布。")
    con = connect(path, read_only=True)
    try:
        refuse_errors(con)
        sources = sql.run(con, "warehouse/sources")
        counts = sql.run(con, "warehouse/check_counts")
        return {
            "nature": one_nature(sources),
            "as_of": sql.run(con, "warehouse/last_month")["as_of"].iloc[0] or None,
            "rows": {
                table: int(sql.run(con, "warehouse/row_count", table=table)["row_count"].iloc[0])
                for table in schema.tables(con)
            },
            "checks": dict(
                zip(counts["severity"], counts["found"].astype(int).tolist(), strict=True)
            ),
            "sources": json.loads(sources.to_json(orient="records", force_ascii=False)),
        }
    finally:
        con.close()


def one_nature(sources: pd.DataFrame) -> str:
    """Return what the ledgers are, 演示 or 实有 (参考 where there is nothing else).

    Raises ChunshuiError naming the files when both are there.
    """
    files = {
        nature: list(dict.fromkeys(group["file_name"]))
        for nature, group in sources.groupby("nature", sort=True)
        if nature != "参考"
    }
    if len(files) > 1:
        named = "；".join(f"{nature}：{'、'.join(names)}" for nature, names in files.items())
        raise ChunshuiError(
            f"演示数据与实有台账不能混在同一个版本里（{named}）。请把两类文件分放两个文件夹。"
        )
    return next(iter(files), "参考")


def refuse_errors(con: duckdb.DuckDBPyConnection) -> None:
    """Raise ChecksFailedError, every row spelled out, when the quality rules found errors."""
    rows = sql.run(con, "warehouse/errors")
    if rows.empty:
        return
    lines = []
    for row in rows.itertuples():
        place = "·".join(str(part) for part in (row.file_name, row.sheet_name) if pd.notna(part))
        where = f"{place} 第 {row.source_row:.0f} 行" if place else row.entity_table
        lines.append(f"· {where}：{row.message.rstrip('。')}（{row.entity_id}）。{row.mend}")
    raise ChecksFailedError(
        f"数据质量规则查出 {len(rows)} 处错误，未发布；现用版本不变。请改正台账后再发布：\n"
        + "\n".join(lines),
        rows,
    )


def _seal(path: Path) -> tuple[int, str]:
    """Flush a file to disk, take its write permission away, return its size and sha256."""
    _flush(path)
    path.chmod(0o444)
    stat = path.stat()
    return stat.st_size, _sha256(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=64)
def _sha256(path: Path, size: int, mtime_ns: int) -> str:
    """Digest a file; the size and time stamp are there to make a changed file a new key."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _disk_in_words() -> Iterator[None]:
    """Turn a full or forbidding disk, or too little memory, into a Chinese sentence.

    DuckDB reports a full disk under several of its error classes, so its words decide.
    """
    try:
        yield
    except (OSError, duckdb.Error) as error:
        number = getattr(error, "errno", None)
        full = ("no space left", "file too large", "disk quota")
        if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or any(
            words in str(error).lower() for words in full
        ):
            reason = "磁盘空间不足（或超出文件大小限制），请腾出空间后再试"
        elif number in (errno.EACCES, errno.EPERM, errno.EROFS):
            reason = f"没有写入 {error.filename} 的权限，请检查数据文件夹的权限"
        elif isinstance(error, duckdb.OutOfMemoryException):
            reason = "内存不足，请关闭其他程序后再试"
        else:
            raise
        raise ChunshuiError(f"没有成功：{reason}。现用版本不变。") from error
