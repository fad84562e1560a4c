"""Cells that were read otherwise than they stand, each with what it was taken for and why."""

import datetime as dt
import re

from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells.numbers import CHINESE_DIGITS, PLAIN
from chunshui.ledgers.cells.parsed import WIDTH, clean
from chunshui.ledgers.contracts.contract import Column
from chunshui.ledgers.findings import Findings


def record_readings(batch: Batch, column: Column, raws: list, scale: int | None) -> None:
    """Keep every cell of a column whose value is not just what stands in it."""
    if column.key not in batch.at:
        return
    known: dict[tuple, tuple[str, str] | None] = {}
    for position, (raw, value) in enumerate(zip(raws, batch.values[column.key], strict=True)):
        if raw is None or (value is None and batch.wrong[position]):
            continue
        key = (raw.__class__, raw)
        if key not in known:
            known[key] = _interpreted(raw, value, column, scale)
        if known[key]:
            batch.read_as(position, column.key, *known[key])


def _interpreted(raw: object, value: object, column: Column, scale: int | None) -> tuple | None:
    """What a cell was read as and why, in Chinese; None where it says just that."""
    if value is None:
        return ("空", "此写法视为空") if clean(str(raw)) else None
    if column.kind in ("integer", "number", "money"):
        shown = f"{value:,}{column.unit or ''}"
        if isinstance(raw, str) and not PLAIN.match(raw):
            return shown, _spelling(raw, column, scale)
        if scale not in (None, 1):
            return shown, f"单位换算：1 为 {scale:,} {column.unit}"
        if isinstance(raw, str) and raw.strip().lstrip("0") != str(value) and float(raw) != value:
            return shown, "数字写法"
        return None
    if column.kind in ("date", "month"):
        form = "%Y-%m" if column.kind == "month" else "%Y-%m-%d"
        if isinstance(raw, dt.date) or str(raw).strip() == value.strftime(form):
            return None
        serial = isinstance(raw, int | float) and not str(int(raw)).startswith(("19", "20"))
        return value.strftime(form), "Excel 日期序号" if serial else "日期写法"
    if column.kind in ("lon", "lat"):
        plain = not isinstance(raw, str) or PLAIN.match(raw)
        return None if plain else (f"{value:.6f}", "坐标写法")
    if column.kind == "boolean":
        same = isinstance(raw, bool) or str(raw).strip() in ("是", "否")
        return None if same else ("是" if value else "否", "是否写法")
    if column.kind in ("weekday", "time"):
        return None
    if isinstance(raw, str) and raw != value:
        # Brackets and commas made plain are no interpretation; letters, digits and gaps are.
        wide = any(c.isalnum() and 0xFF00 < ord(c) < 0xFF5F for c in raw)
        if wide or raw.translate(WIDTH) != value:
            return str(value), "去掉多余空白或全角字符"
    return None


def _spelling(raw: str, column: Column, scale: int | None) -> str:
    """Which kinds of spelling a number took, in Chinese."""
    said = []
    if any(0xFF00 < ord(c) < 0xFF5F for c in raw):
        said.append("全角数字")
    text = clean(raw)
    if "," in text:
        said.append("千分位")
    if text.endswith("%"):
        said.append("百分数")
    if any(c in CHINESE_DIGITS - {"万", "亿"} for c in text):
        said.append("中文数字")
    if re.search(r"[万亿]", text):
        said.append("万、亿")
    if any(c.isalpha() and c not in CHINESE_DIGITS for c in text):
        said.append("数后带单位")
    if scale not in (None, 1) and not re.search(r"[万亿元方米]", text):
        said.append(f"单位换算：1 为 {scale:,} {column.unit}")
    return "、".join(said) or "去掉多余空白"


def record_formulas(found: Findings) -> None:
    """Say which cells are formulas: the result that was saved with them is what was read."""
    batch = found.batch
    for key, place in batch.at.items():
        rows = [
            at for at, n in enumerate(batch.row_numbers) if (n, place + 1) in batch.sheet.formulas
        ]
        rows = [at for at in rows if batch.values[key][at] is not None]
        if rows:
            found.notes.setdefault((key, "此格是公式，采用文件里保存的结果"), []).extend(rows)
            for at in rows:
                raw = batch.sheet.rows[batch.row_numbers[at] - 1][place]
                batch.read_as(at, key, str(raw)[:60], "公式，采用保存的结果")
