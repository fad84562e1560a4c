"""A real server on a free port, and the Chromium that looks at it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chromium import find as chromium

__all__ = ["FLAGS", "REBOUND", "chromium", "serve"]

ROOT = Path(__file__).resolve().parents[2]
REBOUND = "rebound.example"  # a name that the browser takes for this computer
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1",
]


@contextmanager
def serve(
    data: Path | None = None, seconds: float = 60, ahead: bool = False, log: Path | None = None
) -> Iterator[str]:
    """Run the dashboard on loopback and yield its address; `data` is its CHUNSHUI_DATA.

    Without `ahead` it does not prepare the likely next pages, which takes a core for a while.
    What it prints goes into the file `log`, if that is given.

    The answer to /healthz may be 200 or 503 (nothing published): both mean it is up. If the
    process dies or does not answer, its output is in the error.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.port", str(port), "--server.headless", "true"]
    environment = os.environ | ({"CHUNSHUI_DATA": str(data)} if data else {})
    environment |= {} if ahead else {"CHUNSHUI_AHEAD": "0"}
    with log.open("w+b") if log else tempfile.TemporaryFile() as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        url = f"http://127.0.0.1:{port}"
        try:
            deadline = time.monotonic() + seconds
            while not _answers(f"{url}/healthz"):
                if server.poll() is not None or time.monotonic() > deadline:
                    output.seek(0)
                    raise RuntimeError(f"the server did not start:\n{output.read().decode()}")
                time.sleep(0.1)
            yield url
        finally:
            server.terminate()
            server.wait(15)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()
    except urllib.error.HTTPError as error:
        error.close()
        return error.code == 503
    except OSError:
        return False
    return True
