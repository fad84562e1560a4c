"""Work done in a process of its own, so that no other visitor's click waits for it.

Python runs one thread at a time: done inside the server, a deck or a build holds up every page
meanwhile, and the memory it took stays taken. Both sides are this software's own code, which is why
what goes between them may be pickled; files of strangers are read by `ledgers/child.py`.
"""

import json
import logging
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from chunshui import paths
from chunshui.errors import ChunshuiError

T = TypeVar("T")
Progress = Callable[[str, float], None]
START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from chunshui import child_process; child_process.main(sys.argv[2])"
)
LOG = logging.getLogger(__name__)


class ChildLostError(Exception):
    """The child took too long or died; `str(error)` says which, in Chinese, without a subject."""


def call(
    work: Callable[..., T], /, *args: object, progress: Progress, seconds: float, **named: object
) -> T:
    """Return `work(*args, progress=…, **named)`, a module's function, called by a child process.

    The child has this process's environment and yields the processor to it. Raises what `work`
    raises for people (a ChunshuiError), and ChildLostError after so many `seconds` or when the child
    dies of anything else, which goes to the log. Whatever ends the caller ends the child, killing too.
    """
    return opened(relay(request(work, *args, **named), progress=progress, seconds=seconds))


def request(work: Callable[..., object], /, *args: object, **named: object) -> bytes:
    """Return what `relay` is asked for `work(*args, progress=…, **named)`."""
    return pickle.dumps((work.__module__, work.__qualname__, args, named))


def relay(
    request: bytes, *, progress: Progress = lambda step, share: None, seconds: float
) -> bytes:
    """Return a child's answer to a request, neither of them opened: to pass them on takes no memory.

    Raises ChildLostError as `call`.
    """
    late = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder) / "asked", Path(folder) / "answer"
        asked.write_bytes(request)
        command = [sys.executable, "-c", START, str(paths.ROOT), folder]
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            process_group=0,  # who presses Ctrl-C ends the caller, and that the child
        )

        def give_up() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(seconds, give_up)
        clock.start()
        with child:  # closes its pipes and waits for it
            try:
                for line in child.stdout or ():
                    progress(*json.loads(line))
                child.wait()
            finally:  # also when the visitor leaves the page meanwhile
                clock.cancel()
                child.kill()
        if child.returncode or not answer.exists():
            raise ChildLostError(f"超过{seconds:g}秒，已中止" if late.is_set() else "异常中止")
        return answer.read_bytes()


def opened(answer: bytes) -> Any:
    """Return what the work in a child returned; raise what it raised, as `call`."""
    result, error, wrong = pickle.loads(answer)  # noqa: S301 - our own
    if wrong:
        LOG.error("%s failed in a child process: %s", result, wrong.splitlines()[-1])
        LOG.debug("%s", wrong)
        raise ChildLostError("异常中止")
    if error:
        raise error
    return result


def main(folder: str) -> None:
    """Do what is asked for in the folder and lay the answer there (the child's side)."""
    # What a library prints must not be taken for progress.
    reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.nice(5)
    threading.Thread(target=_end_with_the_caller, daemon=True).start()

    def progress(step: str, share: float) -> None:
        print(json.dumps([step, share]), file=reports, flush=True)

    module, name, args, named = pickle.loads((Path(folder) / "asked").read_bytes())  # noqa: S301
    result, error, wrong = None, None, ""
    try:
        result = getattr(import_module(module), name)(*args, progress=progress, **named)
    except ChunshuiError as said:
        error = said
    except Exception:  # noqa: BLE001  whatever it is, the caller is told and logs it
        result, wrong = name, traceback.format_exc()
    (Path(folder) / "answer").write_bytes(pickle.dumps((result, error, wrong)))


def _end_with_the_caller() -> None:
    """End this process with its caller, also one that was killed: the system then closes the pipe."""
    os.read(0, 1)
    os._exit(1)
