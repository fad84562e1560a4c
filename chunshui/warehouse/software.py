"""Say which software made a version, so that a figure can be made again years later."""

import hashlib
import tomllib
from functools import cache

import duckdb

from chunshui.paths import QUERIES, ROOT

OLDER = (
    "是由较早的软件算出的，个别图表可能打不开。"
    "请运行 python -m chunshui rebuild，用现在的软件把原台账重新算一遍。"
)
# The files of queries/ that what is stored in a version depends on; pages ask the others anew.
STORED = (
    "schema/*.sql", "metrics/*.sql", "checks/*.sql", "rules.sql",
    "catalogue/*_members.sql", "catalogue/store_check.sql",
)  # fmt: skip


@cache
def describe() -> dict[str, str]:
    """Return the versions of chunshui and DuckDB and a digest over the queries of what is stored."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "chunshui": project["version"],
        "duckdb": duckdb.__version__,
        "queries_sha256": digest(*STORED),
    }


def digest(*patterns: str) -> str:
    """Return a digest over files of queries/."""
    found = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in QUERIES.glob(pattern)):
        found.update(path.relative_to(QUERIES).as_posix().encode() + b"\0")
        found.update(path.read_bytes() + b"\0")
    return found.hexdigest()


@cache
def code(*names: str) -> str:
    """Return a digest of modules and rooms of chunshui: what they compute may change with them."""
    digest = hashlib.sha256()
    for name in names:
        path = ROOT / "chunshui" / name
        for one in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(one.read_bytes())
    return digest.hexdigest()


def changed(made_with: dict[str, str]) -> bool:
    """Whether a version stores what this software would compute by other queries."""
    return made_with.get("queries_sha256") != describe()["queries_sha256"]
