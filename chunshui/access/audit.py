"""Who signed in, published, exported: a line of JSON each, with the hash of the line before.

Cutting off the tail leaves a whole chain, so its head (number and hash) stands in a file beside it
and is worth copying elsewhere; `verify` compares. Whoever can rewrite both is found by copies only.
"""

import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chunshui import clock
from chunshui.errors import ChunshuiError
from chunshui.warehouse import durable

FIRST = "0" * 64
_OWN = {"n", "at", "what", "by", "role", "address", "before", "hash"}
WORDS = {
    "account": "账号",
    "given": "角色",
    "file": "文件",
    "files": "文件数",
    "version": "版本",
    "note": "说明",
    "rows": "行数",
    "bytes": "字节数",
    "template": "模板",
    "title": "标题",
    "snapshot": "快照",
    "head": "文号",
    "deleted": "删除",
    "pinned": "置顶",
    "trashed": "回收",
    "remark": "备注",
    "subject": "身份标识",
}
_TAIL_BYTES = 16_384  # longer than any line


class AuditDamagedError(ChunshuiError):
    """The last line is torn or no line: nothing is written over it."""


class Audit:
    """The log, open to several processes at once: a line at a time, on the disk before it returns."""

    def __init__(self, path: Path):
        self.path = path
        self._lock = threading.Lock()

    @property
    def head_path(self) -> Path:
        """The file with number and hash of the last line."""
        return self.path.with_suffix(".head")

    def write(self, what: str, *, by: str, role: str = "", address: str = "", **told: Any) -> None:
        """Add a line: what, which, how many, never values of the data.

        Raises ChunshuiError on a full disk and on a log whose last line is torn.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with durable.disk_in_words(), self._lock, self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.path.chmod(0o600)
            number, before = _last(file, self.path)
            line = {
                "n": number + 1,
                "at": clock.now().isoformat(timespec="milliseconds"),
                "what": what,
                "by": by[:64],
                "role": role,
                "address": address,
                **{key: _short(value) for key, value in told.items()},
                "before": before,
            }
            line["hash"] = digest(line)
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            durable.replace(self.head_path, f"{line['n']} {line['hash']}\n", mode=0o600)

    def number(self) -> int:
        """Return the number of the last line, as the head has it; 0 where there is none."""
        return int(self.head_path.read_text("utf-8").split()[0]) if self.head_path.exists() else 0

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield the lines, the oldest first, as far as they can be read."""
        if self.path.exists():
            for text in self.path.read_bytes().splitlines():
                try:
                    yield json.loads(text)
                except ValueError:
                    return


def _short(value: Any) -> Any:
    return value if isinstance(value, int | float | bool) else str(value)[:300]


def digest(line: dict[str, Any]) -> str:
    """Return the hash of a line, its own left out."""
    held = {key: value for key, value in line.items() if key != "hash"}
    text = json.dumps(held, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Let nobody write into a log, so that the log and its head are read together."""
    if not path.exists():
        yield
        return
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def verify(path: Path) -> tuple[int, str]:
    """Return how many lines are sound from the first on, and what is wrong with the next ("": nothing)."""
    number, before = 0, FIRST
    for text in path.read_bytes().splitlines() if path.exists() else ():
        try:
            line = json.loads(text)
            found = line["n"], line["before"], line["hash"]
        except (ValueError, KeyError, TypeError):
            return number, f"第{number + 1}行不是完整的一行"
        if found[:2] != (number + 1, before):
            return number, f"第{number + 1}行接不上前一行"
        if digest(line) != found[2]:
            return number, f"第{number + 1}行被改过"
        number, before = number + 1, found[2]
    head = path.with_suffix(".head")
    kept = head.read_text("utf-8").split() if head.exists() else ["0", FIRST]
    if kept != [str(number), before]:
        return number, f"应记到第{kept[0]}行，现在有{number}行，或末行不同"
    return number, ""


def state(path: Path) -> tuple[bool, str]:
    """Return whether a log is whole, and say it in Chinese with the way out."""
    number, fault = verify(path)
    if fault:
        return False, f"审计记录不完整：前{number}行完好，{fault}。请从备份恢复后再核对。"
    return True, f"审计记录完好，共{number}行。"


def details_in_words(line: dict[str, Any]) -> str:
    """Say in Chinese what a line tells beside who did what, when and from where."""
    parts = (
        f"{WORDS.get(key, key)}{_written(value)}"
        for key, value in line.items()
        if key not in _OWN and value != ""
    )
    return "，".join(parts)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"：{value}"


def _last(file: Any, path: Path) -> tuple[int, str]:
    """Return number and hash of the last line."""
    end = file.seek(0, os.SEEK_END)
    if not end:
        return 0, FIRST
    file.seek(max(0, end - _TAIL_BYTES))
    tail = file.read()
    try:
        line = json.loads(tail.splitlines()[-1])
        if not tail.endswith(b"\n"):
            raise ValueError
        return line["n"], line["hash"]
    except (ValueError, KeyError, TypeError) as fault:
        raise AuditDamagedError(
            f"审计记录 {path.name} 的末行不完整，不再往后写。"
            "请管理员用 python -m chunshui access verify 查看，从备份恢复。"
        ) from fault
