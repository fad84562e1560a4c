"""Start a district: its outline, streets and communities from its own maps, and blank ledgers for the rest."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from chunshui.circles import network
from chunshui.errors import ChunshuiError
from chunshui.ledgers.contracts import ALL, ROOMS
from chunshui.ledgers.formats.maps import read_map
from chunshui.ledgers.headers import names_column
from chunshui.ledgers.out.templates import template
from chunshui.ledgers.out.write import write
from chunshui.ledgers.read import file_sheets
from chunshui.pipeline.streets import frame_of

MAPS = (".geojson", ".json", ".gpkg", ".zip")
# What maps of the administration call a code and a name, besides the headers of our ledgers.
CODES = ("代码", "行政区划代码", "区划代码", "XZQDM", "CODE", "ADCODE", "GB")
NAMES = ("名称", "行政区划名称", "区划名称", "XZQMC", "NAME")
# Borders are drawn by different hands: up to NOTED of a street may lie outside the district unsaid,
# and more than REFUSED of it is another district, or another coordinate system.
NOTED, REFUSED = 0.02, 0.5


@dataclass(frozen=True)
class District:
    """A district that is to be started: the tables of its places, and what is to be known of them.

    `tables` are those of `ledgers.out.write`; `notes` are sentences in Chinese.
    """

    code: str
    name: str
    tables: dict[str, pd.DataFrame]
    notes: tuple[str, ...]


def read_district(
    code: str,
    outline: Path,
    streets: Path,
    communities: Path | None = None,
    *,
    name: str = "",
    since: dt.date,
) -> District:
    """Read the maps of a district.

    Args:
        code: Its six digits.
        outline: GeoJSON, GeoPackage or zipped Shapefile that holds its outline, maybe among others.
        streets: The same with its streets: polygons with codes of nine digits and names.
        communities: The same with its communities, of twelve digits, if there is one.
        name: What it is called, if the outline does not say.
        since: From when its places count.

    Raises:
        ChunshuiError: All that is wrong with the maps: where, what, how to mend it.
    """
    if not re.fullmatch(r"\d{6}", code) or code.endswith("00"):
        raise ChunshuiError(f"“{code}”不是区的代码。请写六位区划代码，如 420105，末两位不是 00。")
    faults: list[str] = []
    notes: list[str] = []
    area, called = _outline(outline, code)
    name = name.strip() or called
    if not name:
        raise ChunshuiError(
            f"《{outline.name}》没有写区的名称。请在属性里加“名称”一列，或用 --name 写明。"
        )
    district = pd.DataFrame({"district_code": [code], "district_name": [name], "shape": [area]})
    found = _places(streets, "街道", 9, code)
    faults += found.faults or _outside(found, area, f"{name}的范围", notes)
    tables = {
        "district": district,
        "street": pd.DataFrame(
            {
                "street_code": found.codes,
                "street_name": found.names,
                "district_code": code,
                "valid_from": since,
                "shape": found.shapes,
            }
        ),
    }
    if communities is not None:
        own = _places(communities, "社区", 12, code)
        faults += own.faults
        if not faults:
            faults += _of_no_street(own, found)
        if not faults:
            within = dict(zip(found.codes, found.shapes, strict=True))
            homes = [within[one[:9]] for one in own.codes]
            faults += _outside(own, homes, "所属街道的范围", notes)
        tables["community"] = pd.DataFrame(
            {
                "community_code": own.codes,
                "community_name": own.names,
                "official_name": own.names,
                "street_code": [one[:9] for one in own.codes],
                "valid_from": since,
                "shape": own.shapes,
            }
        )
    if faults:
        raise ChunshuiError(
            f"{name}（{code}）的图有{len(faults)}处要改，没有写出任何文件：\n"
            + "\n".join(f"· {fault}" for fault in faults)
        )
    covered = shapely.area(shapely.intersection(shapely.union_all(found.shapes), area)) / area.area
    if covered < 1 - NOTED:
        notes.append(
            f"各街道合起来只盖住全区的{covered:.0%}，其余地方不属于任何街道。请核对是否漏了街道。"
        )
    return District(code, name, tables, tuple(notes))


def write_registers(district: District, folder: Path) -> None:
    """Write the maps of a district as ledgers."""
    plan = {f"{ALL[one].name}.geojson": [one] for one in district.tables}
    write(district.tables, folder, demonstration=False, plan=plan)


def write_templates(district: District, folder: Path) -> None:
    """Write a blank workbook for each ledger, in a folder for each room.

    They are not to be published as they are: a ledger given without rows says that there is nothing.
    """
    names = district.tables["street"]["street_name"].tolist()
    for room, ledgers in ROOMS.items():
        (folder / room).mkdir(parents=True)
        for ledger in (one for one in ledgers if "xlsx" in one.formats):
            book = template([ledger.id], of=district.name, streets=names)
            (folder / room / f"{ledger.name}.xlsx").write_bytes(book)


@dataclass(frozen=True)
class _Places:
    """The places of a map file, or what is wrong with it; `said` is where each stands."""

    word: str
    said: list[str]
    codes: list[str]
    names: list[str]
    shapes: list[shapely.Geometry]
    faults: list[str] = field(default_factory=list)


def _frame(path: Path) -> gpd.GeoDataFrame:
    """The features of the one layer of a map file, in WGS-84 degrees, with their geometry in the end."""
    if not path.is_file():
        raise ChunshuiError(f"找不到文件 {path}。请检查路径。")
    if path.suffix.lower() not in MAPS:
        raise ChunshuiError(
            f"《{path.name}》不是地图文件。请用 GeoJSON、GeoPackage（.gpkg）或 Shapefile 压缩包（.zip）。"
        )
    try:
        sheets = file_sheets(read_map, path.read_bytes(), path.name)
    except ChunshuiError as error:
        raise ChunshuiError(f"《{path.name}》{error}。") from error
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise ChunshuiError(f"《{path.name}》是空的，没有一个要素。请重新导出。")
    if len(sheets) > 1:
        layers = "、".join(f"“{sheet.titles[0]}”" for sheet in sheets)
        raise ChunshuiError(f"《{path.name}》有{len(sheets)}个图层：{layers}。请只导出要用的一个。")
    frame = frame_of(sheets[0])
    if frame.geometry.isna().all():
        raise ChunshuiError(f"《{path.name}》的图形都读不出。请重新导出。")
    west, south, east, north = frame.total_bounds
    if 0 < west <= east < 60 and 70 < south <= north < 140:
        raise ChunshuiError(f"《{path.name}》的经度、纬度填反了。请对调后重新导出。")
    stated = network.check_crs(frame.crs, frame.total_bounds, f"《{path.name}》")
    return frame if stated.to_epsg() == 4326 else frame.to_crs(4326)


def _outline(path: Path, code: str) -> tuple[shapely.Geometry, str]:
    """The outline of a district in a map file, and what it is called there ("" where not said)."""
    frame = _frame(path)
    codes = _column(frame, "district", "district_code", CODES)
    if codes is not None:
        given = [_digits(value)[:6] for value in frame[codes]]
        frame = frame[[one == code for one in given]]
        if frame.empty:
            raise ChunshuiError(
                f"《{path.name}》里没有代码为{code}的区，只有{_some(given)}。请核对区代码，或换一个文件。"
            )
    shapes = shapely.make_valid(frame.geometry.to_numpy())
    area = shapely.union_all([one for one in shapes if shapely.area(one) > 0])
    if area.is_empty:
        raise ChunshuiError(f"《{path.name}》里没有一个面。请用区界的面图层。")
    names = _column(frame, "district", "district_name", NAMES)
    called = (
        "" if names is None or (len(frame) > 1 and codes is None) else _text(frame[names].iloc[0])
    )
    return area, called


def _places(path: Path, word: str, length: int, district: str) -> _Places:
    """The streets or communities of a map file; each fault by the number of its feature."""
    frame = _frame(path)
    table = {"街道": "street", "社区": "community"}[word]
    columns = [
        _column(frame, table, f"{table}_code", CODES),
        _column(frame, table, f"{table}_name", NAMES),
    ]
    for column, what, names in zip(columns, ("代码", "名称"), (CODES, NAMES), strict=True):
        if column is None:
            here = "、".join(f"“{one}”" for one in frame.columns[:-1]) or "没有任何属性"
            raise ChunshuiError(
                f"《{path.name}》看不出哪一列是{word}的{what}（{here}）。"
                f"请把那一列的列名改成“{word}{what}”或“{names[0]}”。"
            )
    said, codes, called, shapes, faults = [], [], [], [], []
    rows = zip(frame[columns[0]], frame[columns[1]], frame.geometry, strict=True)
    for number, (code, name, shape) in enumerate(rows, start=1):
        digits, text = _digits(code), _text(name)
        where = f"《{path.name}》第{number}个要素" + (f"（{text}）" if text else "")
        if length < len(digits) == 12 and set(digits[length:]) == {"0"}:
            digits = digits[:length]  # the register of the statistics office writes all codes so
        if not digits:
            faults.append(f"{where}没有代码。请补上{length}位{word}代码。")
        elif len(digits) != length:
            faults.append(
                f"{where}的代码“{digits}”是{len(digits)}位。{word}代码应是{length}位，请改正。"
            )
        elif not digits.startswith(district):
            faults.append(f"{where}的代码{digits}不是{district}的{word}。请删去它，或改正代码。")
        if not text:
            faults.append(f"{where}没有名称。请补上{word}名称。")
        if shape is None or shapely.area(shape) == 0:
            faults.append(f"{where}不是面。请用{word}边界的面图层。")
        elif not shape.is_valid:
            faults.append(f"{where}的图形自相交或环未闭合。请在制图软件里修复几何后重新导出。")
        said.append(where)
        codes.append(digits)
        called.append(text)
        shapes.append(shape)
    homes = [
        code[:9] if word == "社区" else "" for code in codes
    ]  # names are told apart in a street
    for what, values in (("代码", codes), ("名称", list(zip(homes, called, strict=True)))):
        seen: dict[object, int] = {}
        for at, value in enumerate(values):
            if value and value != ("", "") and seen.setdefault(value, at) != at:
                text = value if isinstance(value, str) else value[1]
                first = seen[value] + 1
                faults.append(
                    f"{said[at]}与第{first}个要素的{what}都是“{text}”。请合并或改正其中一个。"
                )
    return _Places(word, said, codes, called, shapes, faults)


def _of_no_street(own: _Places, streets: _Places) -> list[str]:
    """The communities whose code begins with no street's."""
    return [
        f"{where}的代码{code}前九位不是任何街道的代码。请改正代码，或在街道图里补上这个街道。"
        for where, code in zip(own.said, own.codes, strict=True)
        if code[:9] not in streets.codes
    ]


def _outside(
    places: _Places,
    area: shapely.Geometry | Sequence[shapely.Geometry],
    called: str,
    notes: list[str],
) -> list[str]:
    """The places that mostly lie outside where they belong; of those that do in part, a note is added."""
    shapes = np.array(places.shapes, dtype=object)
    share = shapely.area(shapely.difference(shapes, shapely.make_valid(area))) / shapely.area(
        shapes
    )
    faults = []
    for where, name, part in zip(places.said, places.names, share, strict=True):
        if part > REFUSED:
            faults.append(
                f"{where}有{part:.0%}在{called}之外。请核对是不是本区的，"
                "坐标系是否写对（网上地图多是 GCJ-02，投影坐标要写明）。"
            )
        elif part > NOTED:
            notes.append(f"{name}有{part:.0%}的面积在{called}之外，仍按所给的边界。请核对。")
    if not faults:
        notes += _overlaps(places)
    return faults


def _overlaps(places: _Places) -> list[str]:
    """A note for each pair of places that cover the same ground."""
    tree = shapely.STRtree(places.shapes)
    pairs = {
        tuple(sorted((int(a), int(b))))
        for a, shape in enumerate(places.shapes)
        for b in tree.query(shape)
        if a != b
    }
    told = []
    for a, b in sorted(pairs & set(combinations(range(len(places.shapes)), 2))):
        common = shapely.area(shapely.intersection(places.shapes[a], places.shapes[b]))
        part = common / min(places.shapes[a].area, places.shapes[b].area)
        if part > NOTED:
            names = f"{places.names[a]}与{places.names[b]}"
            told.append(f"{names}的边界重叠（占小的一个的{part:.0%}）。请核对。")
    return told


def _column(frame: gpd.GeoDataFrame, ledger: str, key: str, also: Sequence[str]) -> str | None:
    """The attribute that holds a column of a ledger, by its header or what maps call it."""
    column = ALL[ledger].column(key)
    tests: tuple[Callable[[str], bool], ...] = (
        lambda header: names_column(header, column),
        lambda header: header.strip().upper() in also,
    )
    return next((one for test in tests for one in frame.columns[:-1] if test(str(one))), None)


def _text(value: object) -> str:
    return "" if value is None or value != value else " ".join(str(value).split())


def _digits(value: object) -> str:
    """A code as it was meant: shapefiles keep it as a number with decimals."""
    text = f"{value:.0f}" if isinstance(value, float) and value == value else _text(value)
    return re.sub(r"\.0+\Z", "", text)


def _some(values: Sequence[str]) -> str:
    found = list(dict.fromkeys(one for one in values if one))
    return "、".join(found[:5]) + (f"等{len(found)}个" if len(found) > 5 else "") or "没有写代码的"
