"""The child that reads ledgers: the same result, ended when it takes too long, no way out of it."""

import io
import json
import sqlite3
import struct
import sys
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import openpyxl
import pandas as pd
import pytest
import shapely

from chunshui.errors import ChunshuiError
from chunshui.ledgers import child
from chunshui.ledgers.formats import maps
from chunshui.ledgers.formats.shapefile import _area, _polygons, read_shapefile
from chunshui.ledgers.stage import stage
from tests.ledgers import sample
from tests.ledgers.test_faults import HEADER, ROWS, errors


def test_a_child_gives_what_this_process_would(folder):
    told = []
    ours, theirs = stage(folder), child.stage(folder, progress=lambda *said: told.append(said))
    assert [str(issue) for issue in theirs.issues] == [str(issue) for issue in ours.issues]
    assert list(theirs.tables) and set(theirs.tables) == set(ours.tables)
    for name, table in ours.tables.items():
        pd.testing.assert_frame_equal(theirs.tables[name], table)
    pd.testing.assert_frame_equal(theirs.source_row, ours.source_row, check_dtype=False)
    assert theirs.source_file.drop(columns="sheet_name").equals(
        ours.source_file.drop(columns="sheet_name").astype(
            theirs.source_file.dtypes.drop("sheet_name")
        )
    )
    assert ("《地点.xlsx》" in {name for name, _ in told}) and told[-1][1] == 1.0


def test_a_child_that_takes_too_long_is_ended_and_the_file_named(folder):
    started = time.monotonic()
    staged = child.stage([(folder / "地点.xlsx", "古田/地点.xlsx")], seconds=0.05)
    assert time.monotonic() - started < 10
    (issue,) = staged.errors
    assert (issue.file, issue.what) == ("古田/地点.xlsx", "读取超过 0 秒，已中止")


def test_a_child_out_of_memory_says_so(folder, monkeypatch):
    monkeypatch.setattr(child, "START", "import os; os._exit(3)")
    (issue,) = child.stage(folder).errors
    assert issue.what == "读取所需内存超过限度，已中止"
    monkeypatch.setattr(child, "START", "import os; os.abort()")
    (issue,) = child.stage(folder).errors
    assert issue.what == "读取时异常中止，文件多半已损坏"


def test_nothing_of_a_refused_file_is_handed_back(rosters):
    rows = [[*ROWS[0][:1], "13800000000", *ROWS[0][2:]], *ROWS[1:]]
    sample.workbook(rosters / "a.xlsx", {"小区台账": [HEADER, *rows]})
    staged = child.stage(rosters)
    assert [error[2] for error in errors(staged)] == ["含手机号，整个文件不予入库"]
    assert set(staged.source_row["raw"]) == {"{}"}
    assert all(table.empty for table in staged.tables.values())


# ------------------------------------------------------------------------------------- attacks


@pytest.fixture
def trap(tmp_path):
    """A secret file and a local server; whoever reads either leaves a trace."""
    hits = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_error(404)

        do_HEAD = do_POST = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    secret = tmp_path / "secret.csv"
    secret.write_text("街道代码,街道名称\n1,绝密街道\n", "utf-8")
    yield secret, f"http://127.0.0.1:{server.server_port}/x.geojson", hits
    server.shutdown()
    thread.join()
    server.server_close()


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def geopackage(path, statements, table="街道名录"):
    con = sqlite3.connect(path)
    con.executescript(
        "pragma application_id=1196444487;"
        "create table gpkg_spatial_ref_sys(srs_name text, srs_id integer primary key,"
        " organization text, organization_coordsys_id integer, definition text);"
        "insert into gpkg_spatial_ref_sys values('x', 4490, 'EPSG', 4490, '');"
        "create table gpkg_geometry_columns(table_name text, column_name text,"
        " geometry_type_name text, srs_id integer, z integer, m integer);"
        f"insert into gpkg_geometry_columns values('{table}', 'geom', 'POLYGON', 4490, 0, 0);"
    )
    for statement, *values in statements:
        con.execute(statement, values)
    con.commit()
    con.close()
    return path.read_bytes()


VRT = """<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{}</SrcDataSource>
</OGRVRTLayer></OGRVRTDataSource>"""
ATTACKS = {
    "vrt to a file": lambda file, url: VRT.format(file).encode(),
    "vrt to an address": lambda file, url: VRT.format(f"/vsicurl/{url}").encode(),
    "wfs": lambda file, url: f"<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>".encode(),
    "kml": lambda file, url: f"<kml><NetworkLink><href>{url}</href></NetworkLink></kml>".encode(),
    "gml with an entity": lambda file, url: (
        f'<!DOCTYPE g [<!ENTITY x SYSTEM "{file}">]><gml>&x;</gml>'.encode()
    ),
    "gdalg": lambda file, url: json.dumps(
        {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {file}"}
    ).encode(),
    "a path alone": lambda file, url: f"/vsicurl/{url}".encode(),
    "esri json with an address": lambda file, url: json.dumps({"url": url}).encode(),
    "deep json": lambda file, url: b"[" * 1_000_000,
    "deeper json": lambda file, url: b'{"a":' * 100_000,
    "csv": lambda file, url: f"WKT,x\n{file},1\n".encode(),
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("ending", ["geojson", "json", "gpkg", "zip"])
def test_a_map_that_points_elsewhere_reads_nothing(rosters, trap, attack, ending):
    secret, url, hits = trap
    content = ATTACKS[attack](secret, url)
    if ending == "zip":
        content = zipped(up_dot_shp=content, up_dot_shx=b"", up_dot_dbf=b"", up_dot_prj=b"")
    (rosters / f"街道名录.{ending}").write_bytes(content)
    (rosters / "secret.csv").unlink(missing_ok=True)
    staged = stage([(rosters / f"街道名录.{ending}", f"街道名录.{ending}")])
    assert [i for i in staged.errors if i.file == f"街道名录.{ending}"]
    assert "绝密" not in " ".join(map(str, staged.issues))
    assert hits == []


def test_no_library_with_map_drivers_is_loaded_to_read_ledgers():
    import subprocess

    code = (
        "import sys\nfrom chunshui.ledgers import child\n"
        "sys.exit(any(n.split('.')[0] in ('pyogrio','fiona','osgeo','geopandas') for n in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0


BAD_ZIPS = [
    ({"a_dot_shp": b"x", "a_dot_shx": b"", "a_dot_dbf": b""}, "压缩包里缺少 .prj"),
    ({"a_dot_shp": b"x", "a_dot_dbf": b"", "a_dot_prj": b""}, "压缩包里缺少 .shx"),
    ({"a_dot_shp": b"x", "b_dot_shp": b"x"}, "压缩包里须有且只有一个 .shp"),
    ({"a_dot_shp": b"x", "run_dot_exe": b"x"}, "压缩包里有不该有的文件（.exe）"),
    ({"a_dot_shp": b"x", "a_dot_vrt": b"x"}, "压缩包里有不该有的文件（.vrt）"),
    ({"..__..__a_dot_shp": b"x"}, "内部路径非法"),
    ({"__etc__a_dot_shp": b"x"}, "内部路径非法"),
    ({"a_dot_shp": b"\0" * (6 << 20)}, "解压后膨胀过多"),
    ({"a_dot_shp": b"x", "a_dot_shx": b"", "a_dot_dbf": b"", "a_dot_prj": b""},
     "压缩包里的 .shp 不是 Shapefile"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "what"), BAD_ZIPS, ids=lambda v: str(v)[:30])
def test_an_archive_that_is_no_shapefile(tmp_path, parts, what):
    (tmp_path / "街道名录.zip").write_bytes(zipped(**parts))
    assert stage(tmp_path).errors[0].what.startswith(what)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("create view 街道名录 as select 1 as geom", "GeoPackage 的图层“街道名录”是视图而不是表"),
        ("create view 街道名录 as with recursive r(n) as (select 1 union all select n+1 from r)"
         " select n as geom from r", "GeoPackage 的图层“街道名录”是视图而不是表"),
        ("create table other(geom)", "GeoPackage 的图层“街道名录”是视图而不是表"),
        ("create table 街道名录(a text)", "GeoPackage 的图层“街道名录”没有图形列"),
    ],
)  # fmt: skip
def test_a_geopackage_with_views(tmp_path, statement, what):
    content = geopackage(tmp_path / "x.gpkg", [(statement,)])
    (tmp_path / "x.gpkg").unlink()
    (tmp_path / "街道名录.gpkg").write_bytes(content)
    assert stage(tmp_path).errors[0].what.startswith(what)


def test_a_database_that_is_no_geopackage_or_is_cut_short(tmp_path):
    plain = tmp_path / "plain.gpkg"
    con = sqlite3.connect(plain)
    con.execute("create table a(b)")
    con.commit()
    con.close()
    with pytest.raises(ChunshuiError, match="是数据库而不是 GeoPackage"):
        maps.kind(plain.read_bytes())
    content = geopackage(tmp_path / "x.gpkg", [("create table 街道名录(geom)",)])
    with pytest.raises(ChunshuiError, match="GeoPackage 损坏"):
        maps.gpkg(content[:5000])


# ------------------------------------------------------------------------------- good map files


def street_rows():
    table = sample.tables()["street"]
    return [
        (row.street_code, row.street_name, row.district_code, "2020-01-01", row.shape)
        for row in table.itertuples()
    ]


def test_streets_in_a_geopackage(rosters):
    (rosters / "街道名录.geojson").unlink()
    header = b"GP\0\1" + struct.pack("<i", 4490)
    made = "create table 街道名录(fid integer primary key, 街道代码 text, 街道名称 text, 行政区代码 text, 启用日期 text, geom blob)"
    rows = [("insert into 街道名录 values(null,?,?,?,?,?)", *row[:4], header + shapely.to_wkb(row[4]))
            for row in street_rows()]  # fmt: skip
    (rosters / "街道.gpkg").write_bytes(geopackage(rosters / "x.gpkg", [(made,), *rows]))
    (rosters / "x.gpkg").unlink()
    staged = stage(rosters)
    assert errors(staged) == []
    assert staged.tables["street"]["street_name"].to_list() == ["古田街道", "汉正街道"]
    assert staged.source_file.set_index("ledger_id")["crs"]["street"] == "EPSG:4490"


GCS = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
METRES = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def shapefile(rows, headers, encoding="gb18030", prj=GCS, **more):
    """A zipped polygon Shapefile of rows (texts …, shape), written by hand."""
    records = b""
    for number, row in enumerate(rows, start=1):
        ring = [*shapely.orient_polygons(row[-1], exterior_cw=True).exterior.coords]
        flat = [c for point in ring for c in point]
        body = struct.pack("<i4d2ii", 5, *row[-1].bounds, 1, len(ring), 0)
        body += struct.pack(f"<{len(flat)}d", *flat)
        records += struct.pack(">2i", number, len(body) // 2) + body
    shp = struct.pack(">i20xi", 9994, 50 + len(records) // 2) + struct.pack(
        "<2i8d", 1000, 5, *[0.0] * 8
    )
    fields = b"".join(
        struct.pack("<11sc4xBB14x", header.encode(encoding)[:11], b"C", 40, 0) for header in headers
    )
    lines = b"".join(
        b" " + b"".join(str(cell).encode(encoding).ljust(40) for cell in row[:-1]) for row in rows
    )
    first, length = 33 + len(fields), 1 + 40 * len(headers)
    dbf = struct.pack("<4BIHH20x", 3, 126, 1, 1, len(rows), first, length) + fields + b"\r" + lines
    return zipped(
        a_dot_shp=shp + records, a_dot_shx=b"x", a_dot_dbf=dbf, a_dot_prj=prj.encode(), **more
    )


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_barriers_in_a_zipped_shapefile(rosters, encoding):
    (rosters / "步行屏障.geojson").unlink()
    rows = [("B1", "汉江", "河流", shapely.box(114.2, 30.55, 114.25, 30.561))]
    headers = ["屏障编号", "名称", "类别"] if encoding == "gb18030" else ["编号", "名", "类"]
    content = shapefile(rows, headers, encoding)
    (layer,) = read_shapefile(content)
    assert layer.rows[0][:3] == ["B1", "汉江", "河流"]
    assert layer.crs == "EPSG:4326"
    shape = shapely.geometry.shape(layer.rows[0][3])
    assert shape.equals(rows[0][3])


def test_a_shapefile_in_metres_says_what_to_do(rosters):
    (rosters / "街道名录.geojson").unlink()
    rows = [(*row[:4], row[4]) for row in street_rows()]
    content = shapefile(rows, ["街道代码", "街道名称", "区代码", "启用日期"], prj=METRES)
    (rosters / "街道名录.zip").write_bytes(content)
    said = [issue.what for issue in stage(rosters).errors if issue.file == "街道名录.zip"]
    assert any("EPSG:4547" in what for what in said)


def test_a_polygon_with_a_hole_comes_back_from_a_shapefile():
    ring = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2))
    outer, inner = [*ring.exterior.coords], [*ring.interiors[0].coords]
    outer = outer if _area(outer) < 0 else outer[::-1]
    inner = inner if _area(inner) > 0 else inner[::-1]
    (polygon,) = _polygons([outer, inner])
    assert shapely.Polygon(polygon[0], polygon[1:]).equals(ring)
    two = _polygons([outer, [(x + 9, y) for x, y in outer], [(x + 9, y) for x, y in inner]])
    assert [len(one) for one in two] == [1, 2]


# ---------------------------------------------------------------------------- the annotated copy


def test_the_annotated_copy_marks_each_cell_and_lists_all(rosters):
    path = sample.workbook(
        rosters / "a.xlsx",
        {"小区台账": [HEADER, ["N1", "=某小区", "小 区A", *ROWS[0][3:5], "约1985", *ROWS[0][6:]]]},
    )
    book = openpyxl.load_workbook(path)
    book["小区台账"]["B2"].data_type = "s"
    book["小区台账"]["L9"] = "原有的内容"
    book.save(path)
    staged = child.stage([*[(p, p.name) for p in sorted(rosters.iterdir())]])
    content = child.annotated(path, "a.xlsx", staged.issues)
    copy = openpyxl.load_workbook(io.BytesIO(content))
    assert copy.sheetnames == ["问题清单", "小区台账"]
    sheet = copy["小区台账"]
    for cell, what in {"C2": "不在选项中", "F2": "“约1985”是约数"}.items():
        assert what in sheet[cell].comment.text
        assert sheet[cell].fill.start_color.rgb == "FFF4B6B6"
    assert sheet["A2"].comment is None
    assert sheet["L9"].value == "原有的内容"
    rows = [[cell.value for cell in row] for row in copy["问题清单"].iter_rows(min_row=3)]
    assert [
        "错误",
        "小区台账",
        "F2",
        2,
        "建成年份",
        "约1985",
        "“约1985”是约数",
        "请填准确数",
    ] in rows
    assert {cell.data_type for row in copy["问题清单"].iter_rows() for cell in row} <= {"s", "n"}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    # The copy, mended, is a ledger again; its list is not taken for one.
    sheet["C2"], sheet["F2"] = "小区", 1985
    copy.save(path)
    assert errors(stage(rosters)) == []


def test_the_annotated_copy_of_a_csv_file(rosters):
    text = (
        ",".join(HEADER)
        + "\n"
        + ",".join(map(str, ["=1+1", *ROWS[0][1:5], "约1985", *ROWS[0][6:]]))
    )
    path = rosters / "小区台账.csv"
    path.write_bytes(text.encode("gb18030"))
    staged = stage(rosters)
    copy = openpyxl.load_workbook(io.BytesIO(child.annotated(path, "小区台账.csv", staged.issues)))
    sheet = copy["小区台账"]
    assert "是约数" in sheet["F2"].comment.text
    assert sheet["A2"].data_type == "s"
