"""Rows of any table as a file: CSV, workbook, GeoJSON, Parquet; stamped, bounded, harmless.

A CSV cell that a spreadsheet would run as a formula gets an apostrophe before it. Numbers stay
numbers, negative ones too; a column of written ones (96.6%) is one of numbers, its unit in the head. The first line of a CSV is the stamp and begins with "#".
"""

import csv
import datetime as dt
import io
import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
import xlsxwriter

from chunshui import clock
from chunshui.drawing.theme import PAPER
from chunshui.snapshots.model import nature_words
from chunshui.snapshots.render.table_layout import em
from chunshui.snapshots.render.workbook.book import FONT, SAFE, text
from chunshui.snapshots.stamp import clean, shorten
from chunshui.words import MISSING

LIMIT = 200_000
# Not 栋 or 号: a building is called 3栋, and that is its name.
_UNITS = "%|个百分点|元|万元|亿元|米|平方米|分钟|天|人|人次|户|个|家|项|条|件|名|处|笔"
_WRITTEN = re.compile(rf"[-+]?\d[\d,]*(?:\.\d+)?({_UNITS})")
_SHEET_CELLS_IN_MEMORY = 400_000
# What a spreadsheet takes for a formula, full-width forms included, after any blanks.
_FORMULA = re.compile(r"^[\s\u00a0\u200b\ufeff]*[=+\-@＝＋－＠|]|^[\t\r\n]")
_NUMBER = re.compile(r"^\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?%?\s*$")


@dataclass(frozen=True)
class Origin:
    """Where rows come from, for their stamp: what a page knows without freezing anything."""

    title: str
    scope: str
    as_of: str
    version: str
    nature: str
    source: str
    exported_at: dt.datetime

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Labels and words of the stamp."""
        return (
            ("内容", self.title),
            ("数据性质", nature_words(self.nature)),
            ("范围", self.scope),
            ("统计截至", self.as_of),
            ("数据版本", self.version),
            ("数据来源", self.source),
            ("导出时间", clock.written(self.exported_at)),
        )

    @property
    def line(self) -> str:
        """The stamp on one line."""
        return " | ".join(f"{label}：{' '.join(words.split())}" for label, words in self.pairs)


def to_csv(frame: pd.DataFrame, origin: Origin) -> bytes:
    """Return a frame (columns already named in Chinese) as UTF-8 CSV that Excel opens rightly."""
    rows, rest = _bounded(frame)
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([f"# {clean(origin.line)}" + (f" | {rest}" if rest else "")])
    writer.writerow([harmless(str(name)) for name in rows.columns])
    for row in _plain_rows(rows):
        writer.writerow([harmless(value) if isinstance(value, str) else value for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def to_xlsx(frame: pd.DataFrame, origin: Origin) -> bytes:
    """Return a frame as a one-sheet workbook with the stamp above the header."""
    rows, rest = _bounded(frame)
    out = io.BytesIO()
    # Row by row above this size: a twentieth of the memory, and nothing needs going back.
    big = len(rows) * len(rows.columns) > _SHEET_CELLS_IN_MEMORY
    options = SAFE | {"constant_memory": big, "in_memory": not big}
    book = xlsxwriter.Workbook(out, options)
    created = origin.exported_at.astimezone(dt.UTC).replace(tzinfo=None)
    nature = nature_words(origin.nature)
    title = clean(origin.title)[:255]
    book.set_properties({"title": title, "comments": nature, "created": created})
    base = {"font_name": FONT, "font_size": 10}
    head = book.add_format(base | {"bold": True, "bg_color": PAPER.bands[0], "bottom": 1})
    words = book.add_format(base)
    bold = book.add_format(base | {"bold": True})
    whole = book.add_format(base | {"num_format": "#,##0"})
    shares = book.add_format(base | {"num_format": "#,##0.0"})
    looks = [shares if name.endswith("（%）") else None for name in rows.columns]
    broken = book.add_format(base | {"num_format": "#,##0.00"})
    sheet = book.add_worksheet("数据")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&8{shorten(origin.line, 120).replace('&', '&&')}&R&8第 &P / &N 页")
    table = list(_plain_rows(rows.head(300)))
    for j, name in enumerate(rows.columns):
        longest = max([em(str(name)), *(em(str(row[j])) for row in table)])
        sheet.set_column(j, j, min(max(longest * 1.75 + 2, 8), 50))
    text(sheet, 0, 0, origin.line, bold)
    text(sheet, 1, 0, rest, words)
    for j, name in enumerate(rows.columns):
        text(sheet, 2, j, str(name), head)
    for i, row in enumerate(_plain_rows(rows), 3):
        for j, value in enumerate(row):
            if isinstance(value, bool):
                text(sheet, i, j, "是" if value else "否", words)
            elif isinstance(value, int | float):
                usual = whole if float(value).is_integer() else broken
                sheet.write_number(i, j, value, looks[j] or usual)
            elif value != "":
                text(sheet, i, j, value, words)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)
    if len(rows):
        sheet.autofilter(2, 0, 2 + len(rows), len(rows.columns) - 1)
    book.close()
    return out.getvalue()


def to_parquet(frame: pd.DataFrame, origin: Origin) -> bytes:
    """Return a frame as Parquet; the stamp is in the metadata of the file."""
    rows, rest = _bounded(frame)
    # A column of the screen may mix numbers and "—"; a column of the file has one type.
    kinds = {name: pd.api.types.infer_dtype(rows[name]) for name in rows.columns}
    mixed = [name for name, kind in kinds.items() if kind.startswith("mixed")]
    texts = {name: [str(value) for value in map(_plain, rows[name])] for name in mixed}
    table = pa.Table.from_pandas(rows.assign(**texts), preserve_index=False)
    stamp = dict(origin.pairs) | ({"说明": rest} if rest else {})
    metadata = {key.encode(): clean(value).encode() for key, value in stamp.items()}
    table = table.replace_schema_metadata((table.schema.metadata or {}) | metadata)
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def to_geojson(
    frame: pd.DataFrame, origin: Origin, shapes: Sequence[shapely.Geometry | None]
) -> bytes:
    """Return a frame as GeoJSON in WGS-84 (EPSG:4326), with a shape for each row.

    A row without one stays, with a null geometry, as the format provides.
    """
    rows, rest = _bounded(frame)
    names = [str(name) for name in rows.columns]
    features = []
    for shape, row in zip(shapes, _plain_rows(rows), strict=False):
        facts = {name: None if v == "" else v for name, v in zip(names, row, strict=True)}
        geometry = None if shape is None else _rounded(shape)
        features.append({"type": "Feature", "geometry": geometry, "properties": facts})
    stamp = dict(origin.pairs) | ({"说明": rest} if rest else {})
    whole = {"type": "FeatureCollection", **stamp, "features": features}
    words = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return words.encode("utf-8", "replace")


def harmless(words: str) -> str:
    """Return words that no spreadsheet runs: an apostrophe before what looks like a formula."""
    words = clean(words)
    return f"'{words}" if _FORMULA.match(words) and not _NUMBER.match(words) else words


def _bounded(frame: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the first `LIMIT` rows, and a sentence saying how many were left out ("" if none)."""
    frame = numbered(frame)
    if len(frame) <= LIMIT:
        return frame, ""
    rest = f"只含前{LIMIT:,}行，共{len(frame):,}行；请按街道筛选后分次下载"
    return frame.head(LIMIT), rest


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose columns of written numbers in one unit are numbers under a head with it.

    "96.6%", "100%" and "—" under 覆盖率 are 96.6, 100 and nothing under 覆盖率（%）. A column in which
    one cell says more than that, or another unit, stays as it is.
    """
    columns = {}
    for name, cells in frame.items():
        head, numbers = _numbers_of(str(name), cells)
        taken = head != name and head in frame
        columns[name if taken else head] = cells if numbers is None or taken else numbers
    return pd.DataFrame(columns, index=frame.index)


def _numbers_of(head: str, cells: pd.Series) -> tuple[str, pd.Series | None]:
    """Return the head and the numbers of a column of written ones, None for any other."""
    if cells.dtype.kind in "biufM":
        return head, None
    texts = ["" if one is None or one != one or one == MISSING else str(one) for one in cells]
    found = [_WRITTEN.fullmatch(text) for text in texts if text]
    units = {one[1] for one in found if one}
    if not found or not all(found) or len(units) != 1:
        return head, None
    (unit,) = units
    numbers = [float(text.removesuffix(unit).replace(",", "")) if text else None for text in texts]
    column = pd.Series(numbers, cells.index, dtype=float)
    return head if head.endswith("）") else f"{head}（{unit}）", column


def _plain_rows(frame: pd.DataFrame) -> Iterable[tuple]:
    """Yield rows of str, int, float, bool; "" for what is missing, dates as 2026-10-31."""
    columns = [[_plain(value) for value in frame[name].tolist()] for name in frame.columns]
    return zip(*columns, strict=True)


def _plain(value: object) -> str | int | float | bool:
    if isinstance(value, bool | int | str):
        return clean(value) if isinstance(value, str) else value
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return ""
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return clean(str(value))


def _rounded(shape: shapely.Geometry) -> dict:
    """Return a geometry with six decimals of a degree: a tenth of a metre."""
    return json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-6)))
