"""What makes a version fit to be served: its file is whole, its checks passed, its data are of one nature."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from chunshui.errors import ChecksFailedError, ChunshuiError
from chunshui.warehouse import schema, sql
from chunshui.warehouse.manifest import Entry, Manifest
from chunshui.warehouse.reader import connect


def fault(path: Path, manifest: Manifest, entry: Entry | None) -> str | None:
    """Compare a version's file with its manifest and the entry that published it.

    Returns in Chinese what is wrong with it, or None.
    """
    try:
        stat = path.stat()
    except OSError:
        return f"数据文件 {path.name} 不见了"
    expected = {manifest.bytes} | ({entry.bytes} if entry else set())
    if expected != {stat.st_size}:
        return f"数据文件不完整（应为{manifest.bytes:,}字节，实为{stat.st_size:,}字节）"
    digest = sha256(path, stat.st_size, stat.st_mtime_ns)
    if {manifest.sha256} | ({entry.sha256} if entry else set()) != {digest}:
        return "数据文件内容已被改动（与发布时的校验值不符）"
    return None


@lru_cache(maxsize=64)
def sha256(path: Path, size: int, mtime_ns: int) -> str:
    """Digest a file; the size and time stamp are there to make a changed file a new key."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def facts(path: Path) -> dict[str, Any]:
    """Reopen the built file as a reader would, and refuse it or describe it.

    Every publish passes here, whoever built the version: no row of severity 错误, and
    demonstration and real ledgers never together.
    """
    if path.with_suffix(".duckdb.wal").exists():
        raise ChunshuiError("新版本没有完整写入文件，未发布；现用版本不变。请重新发布。")
    con = connect(path, read_only=True)
    try:
        refuse_errors(con)
        sources = sql.run(con, "warehouse/sources")
        counts = sql.run(con, "warehouse/check_counts")
        return {
            "nature": one_nature(sources),
            "as_of": sql.run(con, "warehouse/last_month")["as_of"].iloc[0] or None,
            "rows": {
                table: int(sql.run(con, "warehouse/row_count", table=table)["row_count"].iloc[0])
                for table in schema.tables(con)
            },
            "checks": dict(
                zip(counts["severity"], counts["row_count"].astype(int).tolist(), strict=True)
            ),
            "sources": json.loads(sources.to_json(orient="records", force_ascii=False)),
        }
    finally:
        con.close()


def one_nature(sources: pd.DataFrame) -> str:
    """Return what the ledgers are, 演示 or 实有 (参考 where there is nothing else).

    Raises ChunshuiError naming the files when both are there.
    """
    files = {
        nature: list(dict.fromkeys(group["file_name"]))
        for nature, group in sources.groupby("nature", sort=True)
        if nature != "参考"
    }
    if len(files) > 1:
        named = "；".join(f"{nature}：{'、'.join(names)}" for nature, names in files.items())
        raise ChunshuiError(
            f"演示数据与实有台账不能混在同一个版本里（{named}）。请把两类文件分放两个文件夹。"
        )
    return next(iter(files), "参考")


def refuse_errors(con: duckdb.DuckDBPyConnection) -> None:
    """Raise ChecksFailedError, every row spelled out, when the quality rules found errors."""
    rows = sql.run(con, "warehouse/errors")
    if rows.empty:
        return
    lines = []
    for row in rows.itertuples():
        place = "·".join(str(part) for part in (row.file_name, row.sheet_name) if pd.notna(part))
        where = f"{place}第{row.source_row:.0f}行" if place else row.entity_table
        lines.append(f"· {where}：{row.message.rstrip('。')}（{row.entity_id}）。{row.mend}")
    raise ChecksFailedError(
        f"数据质量规则查出{len(rows)}处错误，未发布；现用版本不变。请改正台账后再发布：\n"
        + "\n".join(lines),
        rows,
    )
