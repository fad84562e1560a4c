"""Read zipped Shapefiles; their records are unpacked here."""

import io
import math
import re
import struct
import zipfile
import zlib
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath

import shapely

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.parts import check_archive, check_features
from chunshui.ledgers.sheet import SHAPE, Grid

INSIDE = frozenset([".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".xml", ".qpj"])
# What systems and map software leave beside it; never opened.
LITTER = re.compile(
    r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)|\.(qmd|qml|cst|atx|lock)$",
    re.IGNORECASE,
)
MAGIC = b"\x00\x00\x27\x0a"
NO_DATUM = ("unknown", "undefined", "not specified", "not_specified", "d_unknown")
LANGUAGES = {0x4D: b"GBK", 0x7A: b"GBK"}  # the language that the header of a .dbf states
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z", re.ASCII)
NEEDED = (".shp", ".shx", ".dbf", ".prj")


def read_shapefile(content: bytes) -> list[Grid]:
    """The one layer of a zipped Shapefile: .shp, .shx, .dbf and .prj, and nothing else."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_archive(archive)
            parts = {
                part.filename: part
                for part in archive.infolist()
                if not part.is_dir() and not LITTER.search(part.filename)
            }
            if "[Content_Types].xml" in parts:
                raise ChunshuiError("是 Office 文件，不是 Shapefile 压缩包。请把扩展名改回 xlsx")
            endings = [PurePosixPath(name).suffix.lower() for name in parts]
            if strange := sorted(set(endings) - INSIDE):
                raise ChunshuiError(
                    f"压缩包里有不该有的文件（{'、'.join(strange)}），不予读入。"
                    "压缩包里只放 shp、shx、dbf、prj、cpg"
                )
            if endings.count(".shp") != 1:
                raise ChunshuiError("压缩包里须有且只有一个 .shp。请一个图层压缩成一个 zip")
            stem = next(PurePosixPath(name).stem for name in parts if name.lower().endswith(".shp"))
            own = {  # a table or an index of another name belongs to another layer
                ending: name
                for ending, name in zip(endings, parts, strict=True)
                if PurePosixPath(name).stem.lower() == stem.lower()
            }
            for ending in NEEDED:
                if ending not in own:
                    raise ChunshuiError(
                        f"压缩包里缺少 {ending}。请把同名的 shp、shx、dbf、prj 一起压缩"
                    )
            unpacked = {ending: archive.read(name) for ending, name in own.items()}
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, KeyError,
        RuntimeError, OverflowError,
    ) as error:  # fmt: skip
        raise ChunshuiError("压缩包损坏，打不开。请重新压缩") from error
    try:
        shapes = _shp(unpacked[".shp"], unpacked[".shx"])
        headers, records = _dbf(unpacked[".dbf"], unpacked.get(".cpg", b""))
    except (
        struct.error,
        IndexError,
        ValueError,
        LookupError,
        OverflowError,
        shapely.GEOSException,
    ) as error:
        raise ChunshuiError("Shapefile 损坏，读不出。请重新导出") from error
    if len(shapes) != len(records):
        raise ChunshuiError(
            f"Shapefile 的图形有{len(shapes)}个，属性却有{len(records)}行，对不上。请重新导出"
        )
    rows = [
        [*record, shape]
        for record, shape in zip(records, shapes, strict=True)
        if record is not None  # deleted, the place not yet given up
    ]
    crs = _projection(unpacked[".prj"])
    return [Grid(rows=rows, headers=[*headers, SHAPE], titles=[stem], crs=crs)]


def _shp(data: bytes, index: bytes) -> list[dict | None]:
    """The geometries of a .shp file in the order of its .shx; measures and heights are left off.

    The index says where each record stands: records may lie in any order, with gaps where one was
    deleted or moved. None for a place in the index without a record.
    """
    if data[:4] != MAGIC:
        raise ChunshuiError("压缩包里的 .shp 不是 Shapefile。请重新导出")
    if index[:4] != MAGIC:
        raise ChunshuiError("压缩包里的 .shx 不是 Shapefile 的索引。请重新导出")
    check_features((len(index) - 100) // 8)
    shapes: list[dict | None] = []
    for place in range(100, len(index) - 7, 8):
        at, words = struct.unpack_from(">2i", index, place)
        if at == 0 or words == 0:
            shapes.append(None)
            continue
        at *= 2
        (written,) = struct.unpack_from(">i", data, at + 4)
        words = min(words, written)  # a record that shrank keeps its old room in one of the two
        if at < 100 or words < 2 or at + 8 + 2 * words > len(data):
            raise ValueError("record runs past the end")
        shapes.append(_shp_record(data[at + 8 : at + 8 + 2 * words]))
    return shapes


def _shp_record(record: bytes) -> dict | None:
    (type_number,) = struct.unpack_from("<i", record)
    if type_number == 0:
        return None
    if type_number in (1, 11, 21):
        return {"type": "Point", "coordinates": struct.unpack_from("<2d", record, 4)}
    if type_number not in (3, 5, 13, 15, 23, 25):
        return {"type": f"第{type_number}类图形"}
    parts, points = struct.unpack_from("<2i", record, 36)
    if parts < 1 or points < 1:
        return None
    starts = [*struct.unpack_from(f"<{parts}i", record, 44), points]
    flat = struct.unpack_from(f"<{2 * points}d", record, 44 + 4 * parts)
    lines = [
        list(zip(flat[2 * a : 2 * b : 2], flat[2 * a + 1 : 2 * b : 2], strict=True))
        for a, b in pairwise(starts)
    ]
    if type_number in (3, 13, 23):
        if len(lines) == 1:
            return {"type": "LineString", "coordinates": lines[0]}
        return {"type": "MultiLineString", "coordinates": lines}
    polygons = _polygons(lines)
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _polygons(rings: list[list]) -> list[list[list]]:
    """Rings → polygons with their holes: a ring that runs anticlockwise is a hole.

    Its own is the smallest of the rings around it, in whatever order they come.
    """
    hole = [_area(ring) > 0 for ring in rings]
    outer = [[ring] for ring, inner in zip(rings, hole, strict=True) if not inner]
    around = sorted(outer, key=lambda one: -_area(one[0]))
    for ring in (ring for ring, inner in zip(rings, hole, strict=True) if inner):
        if len(outer) == 1 and not hole[0]:
            outer[0].append(ring)
            continue
        inside = shapely.Polygon(ring) if len(ring) > 3 else shapely.Point(ring[0])
        home = next((one for one in around if shapely.Polygon(one[0]).covers(inside)), None)
        if home is None:
            outer.append([ring])
        else:
            home.append(ring)
    return outer


def _area(ring: list) -> float:
    """The area of a ring, closed or not; less than 0 where it runs clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]])) / 2


def _dbf(data: bytes, stated: bytes) -> tuple[list[str], list[list | None]]:
    """The headers and records of a .dbf file, None for one that is marked as deleted.

    The encoding is the .cpg's where that says GB; else UTF-8 where it fits, and GB18030, which is what
    Chinese software writes, where it does not.
    """
    count, first, length = struct.unpack_from("<IHH", data, 4)
    check_features(count)
    fields = []
    at = 32
    while data[at] != 0x0D:
        name = data[at : at + 11].split(b"\0")[0]
        fields.append((name, chr(data[at + 11]), data[at + 16]))
        at += 32
    texts = data[32:at] + data[first:]
    encoding = _encoding(stated or LANGUAGES.get(data[29], b""), texts)
    for name, kind, _ in fields:
        if kind not in "CNFLD":  # a memo in a file of its own, numbers in binary
            raise ChunshuiError(
                f"Shapefile 的属性“{name.decode(encoding, 'replace')}”是备注或二进制类型（{kind}），"
                "读不出。请改成文字、数或日期后重新导出"
            )
    if 1 + sum(width for *_, width in fields) > length:
        raise ValueError("fields are wider than their record")
    records: list[list | None] = []
    for number in range(count):
        start = first + number * length
        record = data[start : start + length]
        if len(record) < length:
            raise ValueError("records are cut short")
        if record[:1] == b"*":
            records.append(None)
            continue
        place, cells = 1, []
        for _, kind, width in fields:
            cells.append(_dbf_cell(record[place : place + width], kind, encoding))
            place += width
        records.append(cells)
    return [name.decode(encoding, "replace") for name, *_ in fields], records


def _encoding(stated: bytes, texts: bytes) -> str:
    words = stated.decode("ascii", "ignore").strip().upper()
    if "GB" in words or words == "936":
        return "gb18030"
    # UTF-8, unless that makes rubbish of the texts; a name cut off in a character is none.
    rubbish = texts.decode("utf-8", "replace").count("\ufffd")
    return "gb18030" if 6 * rubbish > sum(byte > 127 for byte in texts) else "utf-8"


def _dbf_cell(raw: bytes, kind: str, encoding: str) -> object:
    """A cell; what its kind does not admit as the text that it is, to be told where it stands."""
    text = raw.lstrip(b"\0").split(b"\0")[0].decode(encoding, "replace").strip()
    if not text or set(text) <= {"*"}:
        return None
    if kind in "NF" and PLAIN.match(text):
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    if kind == "L":
        known = {"T": True, "Y": True, "F": False, "N": False, "?": None}
        return known.get(text.upper(), text)
    if kind == "D" and set(text) <= set("0/- "):  # how some software has no day
        return None
    return text


@lru_cache(maxsize=32)
def _projection(prj: bytes) -> str:
    """The coordinate system of a .prj file: its code where it has one, else its name."""
    import pyproj  # a fifth of a second, and few ledgers are Shapefiles

    text = prj.decode("utf-8-sig", "replace")
    try:
        crs = pyproj.CRS.from_wkt(text)
    except pyproj.exceptions.CRSError as error:
        raise ChunshuiError("压缩包里的 .prj 读不出坐标系。请重新导出") from error
    code = crs.to_epsg(min_confidence=60)
    if crs.datum is None or crs.datum.name.lower().startswith(NO_DATUM):
        code = None
    if code:
        return f"EPSG:{code}"
    plain = crs.prime_meridian is not None and crs.prime_meridian.longitude == 0
    usual = (math.radians(1), 1.0)  # degrees and metres
    units = [axis.unit_conversion_factor for axis in crs.axis_info]
    plain = plain and all(any(math.isclose(unit, one) for one in usual) for unit in units)
    return crs.name if plain else f"{crs.name}（自定的单位或起始经线）"
