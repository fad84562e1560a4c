"""Map files: GeoJSON, GeoPackage, zipped Shapefile."""

import io
import json
import sqlite3
import struct
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import shapely

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.maps import kind, read_geojson, read_gpkg
from chunshui.ledgers.formats.shapefile import _area, _polygons, read_shapefile
from chunshui.ledgers.geometries import refuse_crs
from chunshui.ledgers.stage import stage
from tests.ledgers import sample
from tests.ledgers.map_files import GCS, shapefile, zipped
from tests.ledgers.sheets import errors

LINE = [[114.21, 30.57], [114.22, 30.58]]


def barriers(*shapes):
    features = [
        {
            "type": "Feature",
            "properties": {"屏障编号": f"B{n}", "屏障名称": "某河", "类别": "河流"},
            "geometry": shape,
        }
        for n, shape in enumerate(shapes)
    ]
    return {"type": "FeatureCollection", "坐标系": "2000国家大地坐标系", "features": features}


def test_shapes_of_all_makes(read):
    deep = json.loads("[" * 600 + "1" + "]" * 600)
    shapes = [
        {"type": "LineString", "coordinates": [[*LINE[0], 12.5], [*LINE[1], 13]]},
        {"type": "MultiLineString", "coordinates": [LINE, LINE[::-1]]},
        {"type": "LineString", "coordinates": []},
        {"type": "x" * 9000, "coordinates": LINE},
        "LINESTRING EMPTY",
        {"type": "LineString", "coordinates": deep},
        {"type": "LineString", "coordinates": [[179.9, 30], [-179.9, 30]]},
        {"type": "LineString", "coordinates": [[1e308, 1e308], [1e308, 3]]},
        {"type": "LineString", "coordinates": LINE[:1]},
    ]
    text = json.dumps(barriers(*shapes), ensure_ascii=False)
    staged = read(None, raw=lambda path: path.write_text(text, "utf-8"), name="步行屏障.geojson")
    assert staged.tables["barrier"]["barrier_id"].to_list() == ["B0", "B1"]
    assert [(i.row, i.what[:9]) for i in staged.errors] == [
        (3, "图形是空的"), (4, "图形的类型是 xx"), (5, "图形没有写类型，应"), (6, "图形的坐标读不出"),
        (7, "图形横跨180度以"), (8, "图形的坐标像是投影"), (9, "图形的坐标读不出"),
    ]  # fmt: skip
    assert max(len(issue.what) for issue in staged.errors) < 120


@pytest.mark.parametrize(
    ("encoding", "cpg"), [("gbk", b"UTF-8"), ("gbk", b"OEM 936"), ("utf-8", b"UTF-8")]
)
def test_a_shapefile_packed_on_a_mac_whose_code_page_lies(encoding, cpg):
    content = shapefile(
        [("B1", "汉江", shapely.box(114.2, 30.5, 114.3, 30.6))], ["编号", "名称"], encoding
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(f"导出/{name}", old.read(name))
            new.writestr(f"__MACOSX/导出/._{name}", b"x")
        for name, litter in {
            "a.cpg": cpg,
            ".DS_Store": b"x",
            "Thumbs.db": b"x",
            "a.qmd": b"",
        }.items():
            new.writestr(f"导出/{name}", litter)
    (layer,) = read_shapefile(out.getvalue())
    assert (layer.headers, layer.rows[0][:2]) == (["编号", "名称", "图形"], ["B1", "汉江"])


def test_a_geopackage_still_open_in_its_software():
    content = b"SQLite format 3\0\x10\x00\x02\x02" + b"\0" * 48 + b"GPKG" + b"\0" * 28
    with pytest.raises(ChunshuiError, match="还在制图软件里打开着"):
        kind(content)


def stage_streets(folder, change):
    """The sample's maps with the street roster changed."""
    plan = {"行政区界.geojson": ["district"], "街道名录.geojson": ["street"]}
    sample.write(sample.tables(), folder, demonstration=False, plan=plan)
    path = folder / "街道名录.geojson"
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return [(issue.row, issue.what) for issue in stage(folder).errors if "街道名录" in issue.file]


def square(*corners):
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


CORNERS = [[114.20, 30.56], [114.24, 30.56], [114.24, 30.60], [114.20, 30.60]]


SHAPES = [
    (None, "此格为空"),
    ({"type": "Point", "coordinates": [114.2, 30.6]},
     "图形的类型是 Point，应为 Polygon、MultiPolygon"),
    ({"type": "Polygon", "coordinates": "x"}, "图形的坐标读不出"),
    ({"type": "Polygon", "coordinates": []}, "图形是空的"),
    (square(*[[x * 4000, y * 100_000] for x, y in CORNERS]),
     "图形的坐标像是投影坐标（米），应为经纬度（度）"),
    (square(*[[y, x] for x, y in CORNERS]), "图形的经度、纬度填反"),
    (square(*[[x, y + 70] for x, y in CORNERS]), "图形出界：114.200, 100.560至114.240, 100.600"),
    (square(*[[x + 5, y] for x, y in CORNERS]), "“图形”不在本区附近"),
    (square(CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]),
     "图形自相交或环未闭合（在114.22 30.58处）"),
    ({"type": "Polygon", "coordinates": [[["114.2", "30.56"], *CORNERS[1:], ["114.2", "30.56"]]]},
     "图形的坐标写成了文字，应为不带引号的数"),
    ({"type": "Polygon", "coordinates": [[[True, 30.56], *CORNERS[1:], CORNERS[0]]]}, "图形的坐标读不出"),
    ({"type": "Polygon", "coordinates": [*CORNERS, CORNERS[0]]}, "图形的坐标读不出"),  # a ring too few
    ({"type": "Polygon", "coordinates": [[[*point, 1, 2, 3] for point in CORNERS]]}, "图形的坐标读不出"),
    ({"type": "GeometryCollection", "geometries": [square(*CORNERS)]},
     "图形的类型是 GeometryCollection，应为 Polygon、MultiPolygon"),
    (square(*[[x, 1e308] for x, _ in CORNERS]), "图形的坐标像是投影坐标（米），应为经纬度（度）"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "what"), SHAPES, ids=lambda v: str(v)[:24])
def test_a_bad_shape_is_refused_at_its_feature(tmp_path, shape, what):
    assert stage_streets(tmp_path, lambda d: d["features"][1].update(geometry=shape)) == [(2, what)]


def test_heights_and_measures_are_left_off(tmp_path):
    shape = square(*[[x, y, 25.0, 1.0] for x, y in CORNERS])
    assert stage_streets(tmp_path, lambda d: d["features"][1].update(geometry=shape)) == []


@pytest.mark.parametrize("many", [False, True])
def test_a_ring_that_does_not_close_is_asked_about(rosters, many):
    path = rosters / "街道名录.geojson"
    document = json.loads(path.read_text("utf-8"))
    shape = document["features"][1]["geometry"]
    rings = shape["coordinates"][0] if shape["type"] == "MultiPolygon" else shape["coordinates"]
    first, last = rings[0][0], rings[0][-2]
    del rings[0][-1]
    if many:
        shape.update(type="MultiPolygon", coordinates=[rings])
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    staged = stage(rosters)
    (asked,) = staged.questions
    assert staged.errors == [] and (asked.severity, asked.row) == ("警告", 2)
    assert f"终点{last[0]:.6f}, {last[1]:.6f}离起点{first[0]:.6f}, {first[1]:.6f}有" in asked.what


@pytest.mark.parametrize(
    ("member", "taken"),
    [
        ({"坐标系": "CGCS2000"}, True),
        ({"坐标系": "EPSG:4490"}, True),
        ({"坐标系": None, "crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}, True),
        ({"坐标系": None, "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}}, True),
        ({"坐标系": None, "crs": {"properties": {"name": "EPSG:4547"}}}, False),
        ({"坐标系": None, "crs": {"properties": {"name": "EPSG:3857"}}}, False),
        ({"坐标系": None, "crs": {"type": "EPSG", "properties": {"code": 4326}}}, True),
        ({"坐标系": None, "crs": {"type": "EPSG", "properties": {"code": 4547}}}, False),
        ({"坐标系": None, "crs": 4490}, True),
        ({"坐标系": None, "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG:6.9:4326"}}}, True),
        ({"坐标系": None, "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG:6.9:4610"}}}, False),
        ({"坐标系": None, "crs": "x"}, False),
        ({"坐标系": "GCJ02"}, True),
        ({"坐标系": "百度坐标"}, True),
        ({"坐标系": "西安80"}, False),
        ({"坐标系": "WGS 84 / Pseudo-Mercator"}, False),
    ],
)
def test_the_coordinate_system_a_map_states(tmp_path, member, taken):
    found = stage_streets(tmp_path, lambda document: document.update(member))
    if taken:
        assert found == []
    else:
        assert [row for row, what in found if "坐标系" in what] == [None]


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

    code = (
        "import sys\nfrom chunshui.ledgers import child\n"
        "sys.exit(any(n.split('.')[0] in ('pyogrio','fiona','osgeo','geopandas') for n in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0


BAD_ZIPS = [
    ({"a_dot_shp": b"x", "a_dot_shx": b"", "a_dot_dbf": b""}, "压缩包里缺少 .prj"),
    ({"a_dot_shp": b"x", "a_dot_dbf": b"", "a_dot_prj": b""}, "压缩包里缺少 .shx"),
    ({"a_dot_shp": b"x", "b_dot_shx": b"", "a_dot_dbf": b"", "a_dot_prj": b""}, "压缩包里缺少 .shx"),
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
        kind(plain.read_bytes())
    content = geopackage(tmp_path / "x.gpkg", [("create table 街道名录(geom)",)])
    with pytest.raises(ChunshuiError, match="GeoPackage 损坏"):
        read_gpkg(content[:5000])


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


METRES = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
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


def test_headers_that_a_shapefile_cut_off_are_completed_where_one_column_begins_so(rosters):
    (rosters / "步行屏障.geojson").unlink()
    rows = [("B1", "汉江", "河流", shapely.box(114.2, 30.55, 114.25, 30.561))]
    content = shapefile(rows, ["屏障编号", "屏障名称", "类别"], "utf-8")
    (rosters / "步行屏障.zip").write_bytes(content)
    staged = stage(rosters)
    assert staged.tables["barrier"]["barrier_id"].to_list() == ["B1"]
    told = [i.what for i in staged.issues if "截短" in i.what]
    assert told[0] == "列名“屏障编…”在 Shapefile 里被截短了，读作“屏障编号”" and len(told) == 2
    content = shapefile(rows, ["屏障编号", "屏障编号", "类别"], "utf-8")
    (rosters / "步行屏障.zip").write_bytes(content)
    assert stage(rosters).tables["barrier"].empty


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


BOX = shapely.box(114.2, 30.5, 114.3, 30.6)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        # What stands for nothing: GeospatialPython/pyshp#16, gasparesganga/php-shapefile#20.
        ("N", b"*" * 40, None), ("D", b"00000000", None), ("D", b" ", None), ("L", b"?", None),
        ("L", b"y", True), ("L", b"1", "1"),
        ("N", b"5.0", 5.0), ("N", b"1.5e+003", 1500.0), ("F", b"nan", "nan"),  # pyshp#108
        ("N", b"12,5", "12,5"), ("N", b"S*******", "S*******"),  # pyshp#23; GDAL reads 12 and 0
        ("N", b"12\0\0old", 12), ("C", b"B1\0old", "B1"),  # mbostock/shapefile#70
    ],
)  # fmt: skip
def test_cells_of_a_dbf_are_read_or_told_where_they_stand(kind, cell, value):
    (layer,) = read_shapefile(shapefile([(cell, BOX)], ["甲"], kinds=[kind]))
    assert [row[0] for row in layer.rows] == [value]
    assert type(layer.rows[0][0]) is type(value)


def test_a_dbf_states_its_language_and_memos_are_refused():
    # OSGeo/shapelib#173: these letters of GBK are letters of UTF-8, too.
    (layer,) = read_shapefile(shapefile([("目录", BOX)], ["Name"], language=0x4D))
    assert layer.rows[0][0] == "目录"
    for letter in "MIO@":
        with pytest.raises(ChunshuiError, match="备注或二进制类型"):
            read_shapefile(shapefile([("1", BOX)], ["甲"], kinds=[letter]))


@pytest.mark.parametrize(
    ("prj", "taken"),
    [
        ("\ufeff" + GCS, True),
        (GCS.replace("0.0174532925199433", "0.01570796326794897"), False),  # grads
        (GCS.replace('"Greenwich",0.0', '"Paris",2.33722917'), False),
        (GCS.replace("D_WGS_1984", "unknown").replace("GCS_WGS_1984", "unknown"), False),
    ],
)
def test_degrees_of_another_kind_are_not_taken_for_wgs84(prj, taken):
    (layer,) = read_shapefile(shapefile([("甲", BOX)], ["名"], prj=prj))
    assert (refuse_crs(layer.crs) is None) is taken


def test_holes_belong_to_the_smallest_ring_around_them():
    def ring(west, south, size):
        return [
            *shapely.orient_polygons(
                shapely.box(west, south, west + size, south + size), exterior_cw=True
            ).exterior.coords
        ]

    lake, island, pond = ring(1, 1, 7), ring(2, 2, 4), ring(3, 3, 1)
    # tmontaigu/shapefile-rs#55: in any order, and beside a neighbour that touches the hole.
    for rings in (
        [ring(0, 0, 9), lake[::-1], island, pond[::-1]],
        [pond[::-1], island, lake[::-1], ring(0, 0, 9)],
    ):
        shapes = [shapely.Polygon(one[0], one[1:]) for one in _polygons(rings)]
        assert shapely.MultiPolygon(shapes).is_valid
        assert sorted(shape.area for shape in shapes) == [15, 32]
    beside = _polygons([ring(0, 0, 9), ring(9, 0, 9), [(9, 1), (12, 4), (12, 1), (9, 1)][::-1]])
    assert [len(one) for one in beside] in ([1, 2], [2, 1])
    assert (
        shapely.MultiPolygon([shapely.Polygon(one[0], one[1:]) for one in beside]).area == 162 - 4.5
    )


@pytest.mark.parametrize(
    ("system", "crs"),
    [((), "EPSG:4547"), ((0, "NONE", 0), "NONE:0"), ((4547, "EPSG", 4490), "EPSG:4490")],
)
def test_the_coordinate_system_of_a_geopackage_is_never_assumed(tmp_path, system, crs):
    # Toblerity/Fiona#1024: an undefined one is none; one that its table lacks is the number given.
    number = system[0] if system else 4547
    statements = [
        ("create table 街道名录(编号 text, geom blob)",),
        ("insert into 街道名录 values(x'4231', null)",),  # a text kept as bytes is that text
        ("delete from gpkg_spatial_ref_sys",),
        ("update gpkg_geometry_columns set srs_id = ?", number),
    ]
    if system:
        statements.append(("insert into gpkg_spatial_ref_sys values('x', ?, ?, ?, '')", *system))
    (layer,) = read_gpkg(geopackage(tmp_path / "x.gpkg", statements))
    assert (layer.crs, layer.rows) == (crs, [["B1", None]])


def test_letters_that_are_halves_and_systems_of_single_features(tmp_path):
    point = {"type": "Point", "coordinates": [114.2, 30.5]}
    text = json.dumps({"type": "FeatureCollection", "features": [
        {"properties": {"名": "甲\ud83d"}, "geometry": point},
        {"properties": {}, "geometry": {**point, "crs": {"properties": {"name": "EPSG:3857"}}}},
    ]})  # fmt: skip
    (layer,) = read_geojson(text.encode())
    assert layer.rows[0][0] == "甲\ufffd" and layer.crs == "EPSG:3857"
    (layer,) = read_geojson(text.replace('"\\u7532\\ud83d"', str(2**60)).encode())
    assert layer.rows[0][0] == str(2**60), "all its digits are there"
    with pytest.raises(ChunshuiError, match="文字编码不是 UTF-8"):
        read_geojson('{"type": "甲"}'.encode("gb18030"))
