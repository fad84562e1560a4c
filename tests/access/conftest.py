"""One server for the whole folder, over an empty data folder: nothing to prepare, and it answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.browser.server import serve


class Server(NamedTuple):
    """A running dashboard: its port, and the file that it writes its log to."""

    port: int
    log: Path

    def lines_since(self, size: int) -> str:
        """Return what was logged after the log had this many bytes."""
        return self.log.read_bytes()[size:].decode()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has nothing published."""
    folder = tmp_path_factory.mktemp("access")
    with serve(folder / "data", log=folder / "log.txt") as url:
        yield Server(urlsplit(url).port, folder / "log.txt")


@pytest.fixture
def port(server: Server) -> int:
    """The port of the server."""
    return server.port
