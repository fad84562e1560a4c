"""Say which software made a version, so that a figure can be made again years later."""

import hashlib
import tomllib

import duckdb

from chunshui.paths import QUERIES, ROOT


def describe() -> dict[str, str]:
    """Return the versions of chunshui and DuckDB and a digest over all files of queries/."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    digest = hashlib.sha256()
    for path in sorted(QUERIES.rglob("*.sql")):
        digest.update(path.relative_to(QUERIES).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return {
        "chunshui": project["version"],
        "duckdb": duckdb.__version__,
        "queries_sha256": digest.hexdigest(),
    }
