"""Work for a child process to do in `test_child_process`: it must be importable there."""

import os
import time

from chunshui.errors import LedgersRefusedError


def double(numbers: list[int], *, progress) -> list[int]:
    """Return numbers doubled; print what is no progress."""
    progress("一半", 0.5)
    print('["假的", 0.9]', flush=True)
    progress("全部", 1.0)
    return [2 * one for one in numbers]


def work_on(*, progress) -> None:
    """Begin what takes long."""
    progress("开始", 0.0)
    time.sleep(60)


def refuse(*, progress) -> None:
    """Raise what a person can mend."""
    raise LedgersRefusedError("第3行没有街道。", ["第3行"])


def fail(how: str, *, progress) -> None:
    """Fail as nobody foresaw."""
    if how == "error":
        raise KeyError("community")
    if how == "death":
        os._exit(3)
    time.sleep(60)
