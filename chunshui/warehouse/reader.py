"""Read one published version: read-only, locked, safe under threads."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import duckdb
import pandas as pd

from chunshui.warehouse import sql
from chunshui.warehouse.at_once import AtOnce, Days, at_once
from chunshui.warehouse.manifest import Edition, Manifest

MEMORY = Path(":memory:")  # a database of its own for each connection, gone when that is closed
MEMORY_VARIABLE = "CHUNSHUI_BUILD_MEMORY"
BUILD_MEMORY = os.environ.get(MEMORY_VARIABLE, "2GB")  # less where several build beside each other
# Read-only alone still lets SQL read any file of the machine and write any with COPY.
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}
# Each index of a table takes whole blocks, however few its rows: of DuckDB's 256 KiB they would fill more
# than half of a district's file, and 240 MB of memory for 65. In one thread a statement adds up in one
# order, so that a figure is the same to its last bit whenever it is computed.
BUILDING: dict[str, str | int] = {"default_block_size": 64 << 10, "threads": 1}


def connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file with everything outside the file switched off, for good.

    Every connection of this package is made here: the same file opened in one process
    with two configurations is an error in DuckDB.
    """
    # What is being built must leave memory to those who read.
    config = LOCKED if read_only else LOCKED | BUILDING | {"memory_limit": BUILD_MEMORY}
    # A cursor draws no progress bar, which a connection does in a process without a main module.
    return duckdb.connect(str(path), read_only=read_only, config=config).cursor()


def over_files(paths: Iterable[Path]) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that may read some Parquet files and nothing else, in one thread."""
    forbidding = {key: LOCKED[key] for key in ("enable_external_access", "lock_configuration")}
    config = {key: value for key, value in LOCKED.items() if key not in forbidding}
    config |= {"memory_limit": BUILD_MEMORY, "threads": 1}
    con = duckdb.connect(str(MEMORY), config=config).cursor()
    con.execute("set parquet_metadata_cache = true")
    con.execute("set allowed_paths = $paths", {"paths": [str(path) for path in paths]})
    for option, value in forbidding.items():  # the files are named before all others are forbidden
        con.execute(f"set {option} = {value}")
    return con


class Reader:
    """One open version. `query` may be called from any thread.

    `edition` is the key of whatever is kept of it: whose version it is, and which. `warning` is None, or a Chinese sentence saying why this is not the version that the
    pointer names; a page shows it.
    """

    def __init__(self, path: Path, manifest: Manifest, warning: str | None = None):
        self.manifest = manifest
        self.edition = Edition(str(path.resolve().parent.parent), manifest.version)
        self.version: str = manifest.version
        self.warning = warning
        self._con = connect(path, read_only=True)

    def query(self, name: str, /, **params: Any) -> pd.DataFrame:
        """Run queries/<name>.sql with named parameters; see `sql.run`."""
        return sql.run(self._con, name, **params)

    def frame(self, statement: str, /, **params: Any) -> pd.DataFrame:
        """Run SQL that the catalogue took from a file under queries/ (a metric, a check)."""
        return sql.frame(self._con, statement, params)

    def among(
        self, name: str, days: Days, every: Callable[["Reader"], Sequence[Days]], /, **params: Any
    ) -> pd.DataFrame:
        """Run queries/<name>.sql for days that are some of `every`, which may be asked for, too.

        A reader that remembers asks for all of them at once.
        """
        return self.query(name, **days.params, **params)

    def at_once(self, name: str, days: Sequence[Days], /, **params: Any) -> AtOnce | None:
        """Run queries/<name>.sql for some days at once; see `at_once.at_once`."""
        return at_once(self._con, sql.text(name), days, params)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor for code that runs on a connection (the build's functions)."""
        return self._con.cursor()

    def close(self) -> None:
        """Close the file. Readers left open are closed when they are collected."""
        self._con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
