"""Cells that were read otherwise than they stand, each with what it was taken for and why."""

import datetime as dt
import re
from typing import Any

from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells.numbers import CHINESE_DIGITS, PLAIN
from chunshui.ledgers.cells.parsed import WIDTH, clean
from chunshui.ledgers.contracts.contract import Column
from chunshui.words import WARNING


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
        if reading := known[key]:
            batch.read_as(position, column.key, *reading)


def _interpreted(raw: Any, value: Any, column: Column, scale: int | None) -> tuple[str, str] | None:
    """What a cell was read as and why, in Chinese; None where it says just that."""
    if value is None:
        return ("空", "此写法视为空") if clean(str(raw)) else None
    if column.is_number:
        shown = f"{value:,}{column.unit or ''}"
        if scale in (None, 1) and isinstance(raw, str) and raw.strip() == str(value):
            return None
        if isinstance(raw, str) and not PLAIN.match(raw):
            return shown, _spelling(raw, column, scale)
        if scale not in (None, 1):
            return shown, f"单位换算：1为{scale:,}{column.unit}"
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
        if wide or raw.translate(WIDTH) != value.translate(WIDTH):
            return str(value), "去掉多余空白或全角字符"
    return None


def _spelling(raw: str, column: Column, scale: int | None) -> str:
    """Which kinds of spelling a number took, in Chinese."""
    kinds = []
    if any(0xFF00 < ord(c) < 0xFF5F for c in raw):
        kinds.append("全角数字")
    text = clean(raw)
    if "," in text:
        kinds.append("千分位")
    if text.endswith("%"):
        kinds.append("百分数")
    if any(c in CHINESE_DIGITS - {"万", "亿"} for c in text):
        kinds.append("中文数字")
    if re.search(r"[万亿]", text):
        kinds.append("万、亿")
    if any(c.isalpha() and c not in CHINESE_DIGITS for c in text):
        kinds.append("数后带单位")
    if scale not in (None, 1) and not re.search(r"[万亿元方米]", text):
        kinds.append(f"单位换算：1为{scale:,}{column.unit}")
    return "、".join(kinds) or "去掉多余空白"


def record_formulas(batch: Batch) -> None:
    """Say which cells are formulas, and ask about those whose saved result nobody has checked."""
    unchecked = batch.sheet.unchecked
    for key, place in batch.at.items():
        positions = [
            position
            for position, row in enumerate(batch.row_numbers)
            if (row, place + 1) in batch.sheet.formulas and batch.values[key][position] is not None
        ]
        for position in positions:
            raw = batch.sheet.cell(batch.row_numbers[position], place)
            batch.read_as(position, key, str(raw)[:60], "公式，采用保存的结果")
        asked = [one for one in positions if (batch.row_numbers[one], place + 1) in unchecked]
        if asked:
            count = f"（共{len(asked)}格，首见于此）" if len(asked) > 1 else ""
            what = f"此格是公式，软件复算不了，采用的是文件里保存的结果，未经核对{count}"
            mend = "请用 Excel 或 WPS 重新计算并保存，或改填数值；核对无误的，请在发布时确认"
            batch.add(WARNING, what, mend, asked[0], key, asks=True)
        if computed := [one for one in positions if one not in set(asked)]:
            note = (key, "此格是公式，采用文件里保存的结果，与复算一致")
            batch.notes.setdefault(note, []).extend(computed)
