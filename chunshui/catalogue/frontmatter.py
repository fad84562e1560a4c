"""Read a query file that opens with its definition: TOML in the first `/* … */` comment."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from chunshui import paths
from chunshui.errors import ChunshuiError

_OPENING = re.compile(r"\A\s*/\*(.*?)\*/", re.DOTALL)


class CatalogueError(ChunshuiError):
    """A query file of the catalogue breaks its contract; the text names file and fault."""


@dataclass(frozen=True)
class QueryFile:
    """One query with its definition.

    Attributes: `name` is the path under `queries/` without suffix ("metrics/station_count"),
    `front` the parsed TOML, `sql` the whole text (a comment is harmless to the engine),
    `parameters` the `$names` that the statement really uses.
    """

    name: str
    front: dict[str, Any]
    sql: str
    parameters: frozenset[str]

    @property
    def stem(self) -> str:
        """The file's own name, which its front matter must repeat as `id`."""
        return self.name.rsplit("/", 1)[-1]

    def fault(self, what: str) -> CatalogueError:
        """Make the error that names this file."""
        return CatalogueError(
            f"查询文件 queries/{self.name}.sql：{what}。请按 docs/methods.md 修改。"
        )


def read(path: Path, root: Path = paths.QUERIES) -> QueryFile:
    """Read one file; raise `CatalogueError` if it has no front matter or not exactly one SELECT."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(root).with_suffix("").as_posix()
    blank = QueryFile(name, {}, text, frozenset())
    opening = _OPENING.match(text)
    if opening is None:
        raise blank.fault("开头缺少 /* … */ 定义")
    try:
        front = tomllib.loads(opening.group(1))
    except tomllib.TOMLDecodeError as fault:
        raise blank.fault(f"开头的定义不是合法的 TOML（{fault}）") from fault
    try:
        statements = duckdb.extract_statements(text)
    except duckdb.Error as fault:
        raise blank.fault(f"SQL 有语法错误（{fault}）") from fault
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise blank.fault("应当恰好有一条 SELECT")
    return QueryFile(
        name, front, text.rstrip().rstrip(";"), frozenset(statements[0].named_parameters)
    )


def read_folder(folder: str, root: Path = paths.QUERIES) -> list[QueryFile]:
    """Read every query file of one folder of `queries/`, in name order."""
    return [read(path, root) for path in sorted((root / folder).glob("*.sql"))]


def check_keys(
    query: QueryFile, required: Mapping[str, type], optional: Mapping[str, type]
) -> None:
    """Refuse a missing key, an unknown key, a value of the wrong type, or an `id` unlike the file.

    A number may be written as integer or decimal; text must not be empty.
    """
    known = {**required, **optional}
    if missing := [key for key in required if key not in query.front]:
        raise query.fault(f"定义缺少 {'、'.join(missing)}")
    if unknown := [key for key in query.front if key not in known]:
        raise query.fault(f"定义里有不认识的键 {'、'.join(unknown)}")
    for key, value in query.front.items():
        kinds = (int, float) if known[key] is float else (known[key],)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise query.fault(f"定义的 {key} 类型不对")
        if isinstance(value, str) and not value.strip():
            raise query.fault(f"定义的 {key} 是空的")
    if query.front["id"] != query.stem:
        raise query.fault(f"定义的 id“{query.front['id']}”与文件名不同")


def check_parameters(
    query: QueryFile, declared: set[str], given: frozenset[str] = frozenset()
) -> None:
    """Refuse a parameter that is declared and not used, or used and neither declared nor given."""
    if unused := declared - query.parameters:
        raise query.fault(f"参数 {'、'.join(sorted(unused))} 声明了却没有用到")
    if undeclared := query.parameters - declared - given:
        raise query.fault(f"参数 {'、'.join(sorted(undeclared))} 用到了却没有声明")


def around(inner: str, outer: str) -> str:
    """Set one statement into a query that reads it, in place of its `(from member)`.

    The one place where two statements become one: both come from files under `queries/`, and
    values stay parameters.
    """
    return outer.replace("(from member)", f"({inner})")
