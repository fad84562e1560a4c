"""Write tables as ledgers: workbooks, csv files and GeoJSON that the reader reads back.

The demonstration district and the blank templates are written here, from the same contracts the
reader uses. Given the same tables the files are the same bytes.
"""

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import shapely
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from chunshui.errors import ChunshuiError
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.words import DEMONSTRATION

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
# A workbook and its parts carry times; a fixed one keeps equal ledgers equal bytes.
FIXED = dt.datetime(2026, 1, 1)  # noqa: DTZ001  openpyxl writes it without a zone
FORMULA_LEAD = ("=", "+", "-", "@")


def write(
    tables: dict[str, pd.DataFrame],
    folder: Path,
    *,
    demonstration: bool,
    plan: dict[str, list[str]],
) -> list[Path]:
    """Write `tables` into `folder` as the ledgers named in `plan`; return the files written.

    `tables` maps a ledger id to a frame with the stored columns of its contract (an optional one
    may be left out): place codes,
    dates, 1–7 for weekdays, minutes for times, yuan for money, shapely geometries in WGS-84
    for shapes. Codes of places are written as names, so `tables` must hold `street` and
    `community` when another table names a place. `plan` maps a file name to the ids of the
    ledgers in it: an xlsx file takes several, one sheet each; a csv or GeoJSON file takes one
    and must be named after it. Numbers are kept to the 15 digits a workbook holds.

    Raises ChunshuiError when a required column is missing, one is unknown, a place code is not on the roster,
    or a file cannot hold what the plan asks of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = place_names(tables)
    written = []
    for file_name, ids in plan.items():
        path = folder / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        ledgers = [ALL[ledger_id] for ledger_id in ids]
        for ledger in ledgers:
            if path.suffix[1:] not in ledger.formats:
                raise ChunshuiError(f"{ledger.name}不能写成 {path.suffix} 文件：{file_name}")
        if path.suffix != ".xlsx" and (len(ledgers) != 1 or path.stem != ledgers[0].name):
            raise ChunshuiError(f"{file_name} 只能写一本同名的台账")
        pages = [
            (ledger, title_rows(ledger, demonstration), cells(ledger, tables[ledger.id], names))
            for ledger in ledgers
        ]
        if path.suffix == ".xlsx":
            _write_workbook(path, pages)
        elif path.suffix == ".csv":
            _write_csv(path, *pages[0])
        else:
            _write_geojson(path, *pages[0], demonstration)
        written.append(path)
    return written


def title_rows(ledger: Ledger, demonstration: bool) -> list[str]:
    """The lines above the header: the name of the ledger, its nature, its coordinate system."""
    facts = [DEMONSTRATION] if demonstration else []
    if ledger.crs:
        facts.append(f"坐标系：{ledger.crs}")
    return [ledger.name, *(["　".join(facts)] if facts else [])]


def cells(
    ledger: Ledger, table: pd.DataFrame, names: dict[str, dict[str, str]]
) -> dict[Column, list]:
    """The cells of each column as a ledger shows them; None where a value is missing.

    Dates stay dates, numbers stay numbers, everything else is text.
    """
    unknown = sorted(set(table.columns) - set(ledger.stored))
    lacking = [
        column.key
        for column in ledger.columns
        if column.stored and column.required and column.key not in table.columns
    ]
    if unknown or lacking:
        raise ChunshuiError(
            f"{ledger.name}的列不合：多出 {'、'.join(unknown) or '无'}，缺少 {'、'.join(lacking) or '无'}"
        )
    return {column: _cells(ledger, column, table, names) for column in ledger.columns}


def place_names(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, str]]:
    """Code → name for `street` and `community`, and community → street for `street_of`."""
    nothing = pd.DataFrame(
        columns=["street_code", "street_name", "community_code", "community_name"]
    )
    streets, places = tables.get("street", nothing), tables.get("community", nothing)
    return {
        "street": dict(zip(streets["street_code"], streets["street_name"], strict=True)),
        "community": dict(zip(places["community_code"], places["community_name"], strict=True)),
        "street_of": dict(zip(places["community_code"], places["street_code"], strict=True)),
    }


SHOW: dict[str, Callable[[Any], Any]] = {
    "date": lambda value: pd.Timestamp(value).date(),
    "month": lambda value: f"{pd.Timestamp(value):%Y-%m}",
    "boolean": lambda value: "是" if value else "否",
    "weekday": lambda value: WEEKDAYS[int(value) - 1],
    "time": lambda value: f"{int(value) // 60:02d}:{int(value) % 60:02d}",
    "integer": int,
    "money": int,
    "number": float,
    "lon": float,
    "lat": float,
    "geometry": lambda value: value,
}


def _cells(
    ledger: Ledger, column: Column, table: pd.DataFrame, names: dict[str, dict[str, str]]
) -> list:
    if column.kind == "street" and not column.stored:
        values = [names["street_of"].get(code) for code in table["community_code"]]
    elif column.key not in table:
        values = [None] * len(table)
    else:
        values = table[column.key].tolist()
    values = [None if _missing(value) else value for value in values]
    if column.required and column.stored and None in values:
        row = values.index(None)
        raise ChunshuiError(f"{ledger.name}第{row + 1}条的{column.header}不能空")
    show = SHOW.get(column.kind, str)
    if column.kind in ("street", "community"):
        known = names[column.kind]
        if strangers := {value for value in values if value is not None and value not in known}:
            raise ChunshuiError(f"{ledger.name}：名录中没有代码{min(strangers)}")
        show = known.__getitem__
    return [None if value is None else show(value) for value in values]


def _missing(value: object) -> bool:
    return value is None or (not isinstance(value, shapely.Geometry) and bool(pd.isna(value)))


def _write_workbook(path: Path, pages: list[tuple[Ledger, list[str], dict[Column, list]]]) -> None:
    workbook = openpyxl.Workbook(write_only=True)
    bold = Font(bold=True)
    for ledger, titles, columns in pages:
        sheet = workbook.create_sheet(ledger.name)
        for number, column in enumerate(columns, start=1):
            width = max(12, 2 * len(column.title) + 4)
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.freeze_panes = f"A{len(titles) + 2}"
        for line in [[title] for title in titles] + [[column.title for column in columns]]:
            sheet.append([_styled(sheet, text, bold) for text in line])
        for row in zip(*columns.values(), strict=True):
            sheet.append([_harmless(sheet, value) for value in row])
    buffer = io.BytesIO()
    workbook.save(buffer)
    path.write_bytes(timeless(buffer.getvalue()))


def _styled(sheet: object, text: str, font: Font) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = font
    return cell


def _harmless(sheet: object, value: object) -> object:
    """A text that begins with = must stay a text and not become a formula."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def timeless(workbook: bytes) -> bytes:
    """The same workbook with every time in it set to one fixed time."""
    stamp = f"{FIXED:%Y-%m-%dT%H:%M:%SZ}"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:(created|modified)[^>]*>)[^<]*",
                    rb"\g<1>" + stamp.encode(),
                    content,
                )
            fresh = zipfile.ZipInfo(info.filename, FIXED.timetuple()[:6])
            new.writestr(fresh, content, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def _write_csv(path: Path, _: Ledger, titles: list[str], columns: dict[Column, list]) -> None:
    # A spreadsheet runs a csv text that begins with = + - @ as a formula; the quote stops it and
    # the reader takes it off again.
    plain = [
        ["'" + v if isinstance(v, str) and v.startswith(FORMULA_LEAD) else v for v in values]
        for values in columns.values()
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerows([title] for title in titles)
        out.writerow([column.title for column in columns])
        out.writerows(zip(*plain, strict=True))


def _write_geojson(
    path: Path, ledger: Ledger, _: list[str], columns: dict[Column, list], demonstration: bool
) -> None:
    shapes = next(values for column, values in columns.items() if column.kind == "geometry")
    plain = {column: values for column, values in columns.items() if column.kind != "geometry"}
    features = [
        {
            "type": "Feature",
            "properties": dict(zip((column.title for column in plain), row, strict=True)),
            "geometry": shapely.geometry.mapping(geometry),
        }
        for geometry, row in zip(shapes, zip(*plain.values(), strict=True), strict=True)
    ]
    document = {
        "type": "FeatureCollection",
        "name": ledger.name,
        **({"数据性质": DEMONSTRATION} if demonstration else {}),
        **({"坐标系": ledger.crs} if ledger.crs else {}),
        "features": features,
    }
    text = json.dumps(document, ensure_ascii=False, default=str)
    # One feature a line: a reader can find a feature, and a change shows as one line.
    text = text.replace('{"type": "Feature", ', '\n{"type": "Feature", ')
    path.write_text(text + "\n", encoding="utf-8")
