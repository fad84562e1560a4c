"""Read map files from their bytes: GeoJSON, GeoPackage, zipped Shapefile.

No geometry library with drivers (GDAL) has a part in it: such a library follows the paths and
addresses that a hostile file holds (a virtual layer named up.geojson reads any file of the
server, or makes it call other hosts). What a file is, is told from its first bytes; a GeoPackage
is opened in memory by SQLite with everything but reading its tables forbidden.
"""

import json
import re
import sqlite3

import shapely

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.parts import check_features
from chunshui.ledgers.formats.shapefile import read_shapefile
from chunshui.ledgers.sheet import MAX_COLUMNS, SHAPE, Grid
from chunshui.warehouse import sql

BYTES = 50 << 20
LONG = 10**15
STEPS = 50_000_000  # of SQLite's machine, for one file: a recursive query ends here
NAME = re.compile(r"[\w\u4e00-\u9fff \-（）()]{1,80}\Z")


def read_map(content: bytes) -> list[Grid]:
    """Return the layers of a map file, of which kind its bytes say. Raises ChunshuiError."""
    readers = {"geojson": read_geojson, "gpkg": read_gpkg, "zip": read_shapefile}
    return readers[kind(content)](content)


def kind(content: bytes) -> str:
    """What a map file is by its bytes: geojson, gpkg or zip. Raises ChunshuiError for others."""
    if len(content) > BYTES:
        raise ChunshuiError(f"超过{BYTES >> 20} MB，不予读入。请简化图形或拆成几个文件")
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        return "geojson"
    if content[:16] == b"SQLite format 3\0":
        if content[68:72] not in (b"GPKG", b"GP10", b"GP11"):
            raise ChunshuiError(
                "是数据库而不是 GeoPackage，不能读入。请用制图软件导出为 GeoPackage"
            )
        if 2 in content[18:20]:  # its newest rows stand in a file of their own beside it
            raise ChunshuiError(
                "还在制图软件里打开着，最新的改动不在这个文件里。请关闭制图软件后再报，或重新导出"
            )
        return "gpkg"
    if content[:4] == b"PK\x03\x04":
        return "zip"
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise ChunshuiError(
            "不是有效的 GeoJSON，内容是 XML（KML、虚拟图层等），不予读入。"
            "请用制图软件导出为 GeoJSON、GeoPackage 或 Shapefile"
        )
    raise ChunshuiError("不是有效的 GeoJSON、GeoPackage 或 Shapefile 压缩包。请重新导出")


def read_geojson(content: bytes) -> list[Grid]:
    """Return the one layer of a GeoJSON file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ChunshuiError("文字编码不是 UTF-8，读不出。请导出为 UTF-8 的 GeoJSON") from error
    try:
        document = json.loads(
            text,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as error:
        raise ChunshuiError("不是有效的 GeoJSON。请重新导出") from error
    features = document.get("features") if isinstance(document, dict) else None
    if (
        not isinstance(features, list)
        or document.get("type") != "FeatureCollection"
        or not all(isinstance(feature, dict) for feature in features)
    ):
        raise ChunshuiError("不是 GeoJSON 的 FeatureCollection。请重新导出")
    check_features(len(features))
    properties = [feature.get("properties") or {} for feature in features]
    if not all(isinstance(one, dict) for one in properties):
        raise ChunshuiError("要素的 properties 不是键值对。请重新导出")
    headers = list(dict.fromkeys(name for one in properties for name in one if name != SHAPE))
    if any(_whole_letters(name) != name for name in headers):
        raise ChunshuiError("的属性名里有乱码。请重新导出")
    if len(headers) > MAX_COLUMNS:
        raise ChunshuiError(f"属性超过{MAX_COLUMNS}种，不予读入。请只留台账的列")
    rows = [
        [*(_scalar(one.get(name)) for name in headers), feature.get("geometry")]
        for one, feature in zip(properties, features, strict=True)
    ]
    titles = [str(document[name]) for name in ("name", "数据性质") if name in document]
    return [Grid(rows=rows, headers=[*headers, SHAPE], titles=titles, crs=_stated_crs(document))]


def _scalar(value: object) -> object:
    if isinstance(value, dict | list):
        return _whole_letters(json.dumps(value, ensure_ascii=False))
    if isinstance(value, str) and not value.isascii():
        return _whole_letters(value)
    return _whole_number(value) if value != "" else None


def _whole_number(value: object) -> object:
    """A whole number too long for a spreadsheet as its digits: here they are all that was written."""
    return str(value) if type(value) is int and abs(value) >= LONG else value


def _whole_letters(text: str) -> str:
    """The text with halves of a letter, which JSON can write, as the sign for what is not readable."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _stated_crs(document: dict) -> str | None:
    """The coordinate system a GeoJSON states: our member, else the old `crs` member."""
    if document.get("坐标系"):
        return str(document["坐标系"])
    crs = next(filter(None, map(_crs_of, [document, *document["features"]])), None)
    stated = crs.get("properties") if isinstance(crs, dict) else crs
    name = stated.get("name") if isinstance(stated, dict) else None
    if isinstance(stated, str):  # not as the format has it, and yet in plain words
        name = stated
    code = stated.get("code") if isinstance(stated, dict) else crs  # as drafts of the format had it
    if isinstance(code, int) and code > 1:
        name = name or f"EPSG:{code}"
    if name or not stated:  # nothing in it states nothing: WGS-84, as the format has it
        return str(name) if name else None
    return json.dumps(crs, ensure_ascii=False)


def _crs_of(member: dict) -> object:
    """The old `crs` member of a document, of a feature or of its geometry."""
    shape = member.get("geometry")
    return member.get("crs") or (shape.get("crs") if isinstance(shape, dict) else None)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ChunshuiError(f"里有同名的成员“{twice[:40]}”，不知按哪个。请只留一个后重新导出")
    return members


def _no_constant(word: str) -> None:
    raise ValueError(word)


def read_gpkg(content: bytes) -> list[Grid]:
    """The feature layers of a GeoPackage that are tables; views are refused."""
    con = sqlite3.connect(":memory:")
    try:
        con.deserialize(content)
        con.execute("pragma trusted_schema = off")
        con.execute("pragma cell_size_check = on")
        con.set_progress_handler(lambda: 1, STEPS)
        con.set_authorizer(_only_reading)
        con.text_factory = lambda data: data.decode("utf-8", "replace")
        layers = con.execute(sql.text("ledgers/gpkg_layers")).fetchall()
        return [_gpkg_layer(con, *layer) for layer in layers]
    except (sqlite3.Error, OverflowError, ValueError, MemoryError) as error:
        raise ChunshuiError("GeoPackage 损坏或内容越权，打不开。请重新导出") from error
    finally:
        con.close()


def _only_reading(action: int, first: str | None, second: str | None, *_: object) -> int:
    """Let SQLite do nothing but read tables."""
    reading = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    reading = reading or (action == sqlite3.SQLITE_FUNCTION and second == "coalesce")
    return sqlite3.SQLITE_OK if reading else sqlite3.SQLITE_DENY


def _gpkg_layer(con: sqlite3.Connection, table: str, shape: str, statement: str, crs: str) -> Grid:
    plain = re.match(r"\s*create\s+table\b", statement or "", re.IGNORECASE)
    if not plain or not NAME.match(table):
        raise ChunshuiError(
            f"GeoPackage 的图层“{table[:40]}”是视图而不是表，不予读入。请导出为普通图层"
        )
    # The one name that goes into a statement; it has just been held to letters and digits.
    cursor = con.execute(sql.text("ledgers/gpkg_rows").replace("$table", f'"{table}"'))
    headers = [column[0] for column in cursor.description]
    if shape not in headers:
        raise ChunshuiError(f"GeoPackage 的图层“{table[:40]}”没有图形列。请重新导出")
    at = headers.index(shape)
    rows = []
    for number, record in enumerate(cursor, start=1):
        check_features(number)
        record = list(record)
        blob = record.pop(at)
        cells = (
            one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in record
        )
        rows.append(
            [*(_whole_number(one) if one != "" else None for one in cells), _gpkg_shape(blob)]
        )
    headers.pop(at)
    return Grid(rows=rows, headers=[*headers, SHAPE], titles=[table], crs=crs)


def _gpkg_shape(blob: object) -> dict | None:
    """The geometry in a GeoPackage blob: a header with an optional envelope, then WKB."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        return {"type": "无法识别"}
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get(blob[3] >> 1 & 7)
    if envelope is None:
        return {"type": "无法识别"}
    try:
        return dict(shapely.geometry.mapping(shapely.from_wkb(blob[8 + envelope :])))
    except (shapely.GEOSException, TypeError, ValueError):
        return {"type": "无法识别"}
