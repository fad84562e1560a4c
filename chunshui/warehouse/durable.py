"""Write so that a kill or a power cut at any moment leaves the old or the new, whole."""

import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from chunshui.errors import ChunshuiError


def replace(path: Path, content: str | bytes, *, mode: int = 0o644) -> None:
    """Write a file whole: who reads it meanwhile sees the old one or the new one."""
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        _write(fresh, content, mode)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    flush(path.parent)


def add(path: Path, content: str | bytes, *, staging: Path, mode: int) -> None:
    """Write a file whole under a name that is free; raise FileExistsError when it is taken.

    `staging` is a folder of the same disk in which a killed writer may leave a file.
    """
    fresh = staging / uuid.uuid4().hex
    try:
        _write(fresh, content, mode)
        os.link(fresh, path)  # a link never overwrites
    finally:
        fresh.unlink(missing_ok=True)
    flush(path.parent)


def append(path: Path, line: str) -> None:
    """Add a line to a file, past whatever a killed writer tore."""
    before = path.read_bytes() if path.exists() else b""
    torn = bool(before) and not before.endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if torn else "") + line + "\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def folder(place: Path) -> Iterator[Path]:
    """Give a folder to fill, and rename it into its place when all of it is on the disk.

    Raises OSError where a folder with something in it is there already.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".writing-{uuid.uuid4().hex}")
    fresh.mkdir()
    try:
        yield fresh
        for path in (*fresh.rglob("*"), fresh):
            flush(path)
        fresh.rename(place)
        flush(place.parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def flush(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def disk_in_words() -> Iterator[None]:
    """Turn a full, forbidding or failing disk, or too little memory, into a Chinese sentence."""
    try:
        yield
    except (OSError, duckdb.Error, MemoryError) as error:
        reason = disk_fault(error)
        if reason is None:
            raise
        raise ChunshuiError(f"没有成功：{reason}。现用版本不变。") from error


def disk_fault(error: Exception) -> str | None:
    """Say in Chinese what a disk or the memory refused, and the way out; None: it was neither.

    DuckDB reports a full disk under several of its error classes, so its words decide.
    """
    number = getattr(error, "errno", None)
    full = ("no space left", "file too large", "disk quota")
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or any(
        words in str(error).lower() for words in full
    ):
        return "磁盘空间不足（或超出文件大小限制），请腾出空间后再试"
    if isinstance(error, OSError) and number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"没有写入 {error.filename} 的权限，请检查数据文件夹的权限"
    if number in (errno.EISDIR, errno.ENOTDIR, errno.EEXIST):
        return f"{error.filename} 该是文件却是文件夹，或该是文件夹却是文件，请移走它再试"  # type: ignore[attr-defined]
    if number == errno.EIO:
        return "磁盘读写出错，请检查磁盘后再试"
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        return "内存不足，请关闭其他程序后再试"
    return None


def _write(path: Path, content: str | bytes, mode: int) -> None:
    with path.open("wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(mode)
