"""`run`: open the dashboard, after a first version where there is none."""

import os
import socket
import sys
from contextlib import suppress

from chunshui import paths
from chunshui.access import loopback
from chunshui.access.deployment import may_leave_loopback
from chunshui.cli import ledgers, terminal
from chunshui.cli.parser import Commands
from chunshui.errors import ChunshuiError
from chunshui.warehouse import Store, software

LOOPBACK = "127.0.0.1"


# Of glibc: fewer arenas that short-lived threads scatter over, and what is freed is given back.
ALLOCATOR = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "65536"}


def register(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add("run", "打开看板；还没有发布过版本时，先建成并发布演示版本", run)
    parser.add_argument("--port", type=int, default=8501, metavar="端口", help="默认 %(default)s")


def run(port: int) -> None:
    """Open the dashboard on the loopback address; publish the demonstration version first."""
    wanted = os.environ.get("STREAMLIT_SERVER_ADDRESS", LOOPBACK)
    if not (loopback.is_loopback(wanted) or may_leave_loopback()):
        raise ChunshuiError(loopback.refusal(wanted))
    _refuse_taken(port)
    store = terminal.store()
    if not store.versions() and paths.city_dir() is None:  # a city's server needs no district
        ledgers.first_version()
    _say_when_older(store)
    print(f"正在打开看板：http://{wanted}:{port}（按 Ctrl+C 结束）", flush=True)
    os.chdir(paths.ROOT)  # where Streamlit looks for .streamlit/config.toml
    options = {
        "--server.address": wanted,
        "--server.port": str(port),
        "--logger.hideWelcomeMessage": "true",  # it is in English, and the line above says it
    }
    arguments = [part for option in options.items() for part in option]
    for name, value in ALLOCATOR.items():
        os.environ.setdefault(name, value)
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", "app.py", *arguments])


def _say_when_older(store: Store) -> None:
    with suppress(ChunshuiError):  # a version that cannot be read is the page's to explain
        manifest = store.manifest(store.current().version)
        if software.changed(manifest.software):
            print(f"{manifest.version}{software.OLDER}")


def _refuse_taken(port: int) -> None:
    if not 1 <= port <= 65535:
        raise ChunshuiError(f"端口{port}不对，请写1到65535之间的数，例如 --port 8501。")
    if not _free(port):
        other = next((p for p in range(port + 1, min(port + 100, 65536)) if _free(p)), None)
        way = f"换一个端口：python -m chunshui run --port {other}，或" if other else ""
        raise ChunshuiError(
            f"端口{port}已被占用，可能看板已经打开（http://{LOOPBACK}:{port}）。"
            f"请{way}先关掉占用它的程序。"
        )


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
