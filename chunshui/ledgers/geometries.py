"""Shapes, and the coordinate systems that ledgers state."""

import math
import re
from typing import Any

import numpy as np
import shapely

from chunshui import coordinates
from chunshui.ledgers.batch import QUESTIONS, Batch
from chunshui.ledgers.cells.parsed import Parsed, clean
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.headers import split_header
from chunshui.words import NOTE, WARNING

DEPTHS = {
    "Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3,
}  # fmt: skip
OPEN_RING = "请核对有没有漏点，并在制图软件里闭合；确实如此，请在发布时确认"

SYSTEMS = {
    coordinates.WGS84: re.compile(r"CRS:?84|WGS-?_?(19)?84$|EPSG\D*(\d[\d.]*:)?4326$"),
    coordinates.CGCS2000: re.compile(
        r"EPSG\D*(\d[\d.]*:)?4490$|CGCS-?_?2000$|^2000$|国家2000$|大地2000$|GEODETIC_COORDINATE_SYSTEM_2000$"
    ),
    coordinates.GCJ02: re.compile(r"GCJ-?_?0?2$|火星|高德|腾讯|AMAP$"),
    coordinates.BD09: re.compile(r"BD-?_?0?9|百度"),
}
SYSTEM_WORDS = re.compile(r"(国家)?(大地|地理)?(坐标)?(系统?|经纬度)?\Z")


def system(stated: str) -> str | None:
    """The system of `coordinates` that a ledger states in its own words; None for any other.

    WGS-84 and CGCS2000 degrees are taken as they are: they agree to well under a metre.
    """
    words = clean(stated).replace(" ", "").upper()
    words = SYSTEM_WORDS.sub("", words, count=1)
    return next((name for name, pattern in SYSTEMS.items() if pattern.search(words)), None)


def refuse_crs(stated: str) -> tuple[str, str] | None:
    """Why a stated coordinate system is refused and how to mend it; None when it can be read."""
    if system(stated):
        return None
    return (
        f"坐标系“{stated}”不是 {'、'.join(coordinates.SYSTEMS)} 经纬度",
        "请在制图软件中转成 WGS-84 经纬度（EPSG:4326）后再报，不要用投影坐标（米）",
    )


def names_system(stated: str) -> bool:
    """Whether what stands in the brackets of 经度（…） is a coordinate system."""
    return re.search(r"\d|坐标|高德|百度|腾讯|火星", stated) is not None


def parse_shape(raw: Any, ledger: Ledger) -> Parsed:
    """The shape of a feature: of an allowed type, in degrees, valid; heights are left off."""
    if raw is None:
        return Parsed(None, "必填")
    kind = raw.get("type") if isinstance(raw, dict) else None
    if kind not in ledger.geometry:
        stated = f"的类型是 {kind[:20]}" if isinstance(kind, str) else "没有写类型"
        return _bad_shape(f"{stated}，应为 {'、'.join(ledger.geometry)}")
    try:
        points = _points(raw["coordinates"], DEPTHS[kind])
        shape = shapely.geometry.shape({"type": kind, "coordinates": points})
    except TextCoordinateError:
        return _bad_shape("的坐标写成了文字，应为不带引号的数")
    except (
        ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError,
        shapely.GEOSException,
    ):  # fmt: skip
        return _bad_shape("的坐标读不出")
    if shape.is_empty:
        return _bad_shape("是空的")
    west, south, east, north = shape.bounds
    if not all(math.isfinite(bound) for bound in shape.bounds):
        return _bad_shape("的坐标不是数")
    extent = shapely.box(*shape.bounds)
    if shapely.box(0, 70, 60, 140).covers(extent):
        return _bad_shape("的经度、纬度填反")
    if not shapely.box(-180, -90, 180, 90).covers(extent):
        if max(abs(bound) for bound in shape.bounds) > 180:
            return _bad_shape("的坐标像是投影坐标（米），应为经纬度（度）")
        return _bad_shape(f"出界：{west:.3f}, {south:.3f}至{east:.3f}, {north:.3f}")
    if east - west > 180:
        return _bad_shape("横跨180度以上，像是有一点的经度写错")
    if not shape.is_valid:
        return _bad_shape(f"自相交或环未闭合（{_spot(shapely.is_valid_reason(shape))}）")
    return Parsed(shape)


class TextCoordinateError(ValueError):
    """A coordinate is a text."""


def _points(coordinates: Any, depth: int) -> tuple:
    """The coordinates of a shape, without heights and measures.

    Raises ValueError or TypeError where they aren't nested as their type has them, or aren't numbers: what a library
    makes of others (of texts, true and false, a ring too few) nobody has written.
    """
    if not isinstance(coordinates, list | tuple):
        raise TypeError
    if depth:
        return tuple(_points(inner, depth - 1) for inner in coordinates)
    if any(isinstance(number, str) for number in coordinates):
        raise TextCoordinateError
    if not 2 <= len(coordinates) <= 4 or not all(type(one) in (int, float) for one in coordinates):
        raise ValueError
    return tuple(coordinates[:2])


def ask_about_open_rings(batch: Batch, raws: list) -> None:
    """Ask about each polygon that was closed by joining its last point to its first.

    A line that breaks off may lack points as well as its end.
    """
    places = []
    for position, (raw, shape) in enumerate(zip(raws, batch.values["shape"], strict=True)):
        if shape is not None and raw["type"] in ("Polygon", "MultiPolygon"):
            polygons = raw["coordinates"]
            rings = polygons if raw["type"] == "Polygon" else [r for one in polygons for r in one]
            opened = [ring for ring in rings if tuple(ring[0][:2]) != tuple(ring[-1][:2])]
            places += [(position, ring) for ring in opened[:1]]
    for position, ring in places[:QUESTIONS]:
        (west, south), (east, north) = ring[0][:2], ring[-1][:2]
        ends = coordinates.to_metres([west, east], [south, north], coordinates.zone(west))
        gap_m = math.dist(*ends)
        what = (
            f"图形的环没有闭合：终点{east:.6f}, {north:.6f}离起点{west:.6f}, {south:.6f}有"
            f"{gap_m:,.1f}米，按首尾相连读入"
        )
        batch.add(WARNING, what, OPEN_RING, position, "shape", asks=True)
    if len(places) > QUESTIONS:
        what = f"还有{len(places) - QUESTIONS:,}个图形的环没有闭合，从这一个起，按首尾相连读入"
        batch.add(WARNING, what, OPEN_RING, places[QUESTIONS][0], "shape", asks=True)


def _spot(reason: str) -> str:
    place = re.search(r"\[(.*?)\]", reason)
    return f"在{place[1]}处" if place else "位置不明"


def _bad_shape(why: str) -> Parsed:
    return Parsed(None, "非图形", {"why": why})


def convert_to_wgs84(batch: Batch) -> None:
    """Turn coordinates stated in GCJ-02 or BD-09 into WGS-84, and say so.

    A 坐标系 column states the system row by row; a header (经度（GCJ-02）), the lines above the
    table or the file state it for all rows.
    """
    systems = [_sheet_system(batch)] * len(batch.row_numbers)
    for at, header in batch.sheet.placed_headers:
        if split_header(header)[0] != "坐标系":
            continue
        for position, raw in enumerate(batch.cells(at)):
            if raw is None:
                continue
            systems[position] = system(str(raw)) or ""
            if refused := refuse_crs(str(raw)):
                batch.refuse(position, "lon" if "lon" in batch.at else None, *refused)
    for name in (coordinates.GCJ02, coordinates.BD09):
        rows = [at for at, stated in enumerate(systems) if stated == name]
        if not rows:
            continue
        convert = _convert_points if "lon" in batch.values else _convert_shapes
        what = f"坐标由{name}换算成 WGS-84（共{convert(batch, rows, name):,}处）"
        batch.add(NOTE, what, "请确认台账写明的坐标系无误")


def _sheet_system(batch: Batch) -> str:
    """The system the whole sheet states: in the header of 经度, else around the table."""
    if "lon" in batch.at:
        stated = split_header(batch.sheet.headers[batch.at["lon"]])[1]
        if stated and names_system(stated):
            return system(stated) or ""
    return system(batch.sheet.crs or batch.ledger.crs or "") or ""


def _convert_points(batch: Batch, rows: list[int], name: str) -> int:
    lon, lat = batch.values["lon"], batch.values["lat"]
    rows = [at for at in rows if lon[at] is not None and lat[at] is not None]
    east, north = coordinates.to_wgs84([lon[at] for at in rows], [lat[at] for at in rows], name)
    for at, x, y in zip(rows, np.round(east, 7), np.round(north, 7), strict=True):
        lon[at], lat[at] = float(x), float(y)
        batch.read_as(at, "lon", f"{x:.6f}", f"{name}换算成 WGS-84")
        batch.read_as(at, "lat", f"{y:.6f}", f"{name}换算成 WGS-84")
    return len(rows)


def _convert_shapes(batch: Batch, rows: list[int], name: str) -> int:
    shapes = batch.values["shape"]
    rows = [at for at in rows if shapes[at] is not None]
    for at in rows:
        shapes[at] = shapely.transform(
            shapes[at],
            lambda points: np.column_stack(coordinates.to_wgs84(points[:, 0], points[:, 1], name)),
        )
        batch.read_as(at, "shape", "图形", f"{name}换算成 WGS-84")
    return len(rows)
