"""The table of bad inputs, numbered: each is put into good ledgers, and its message is expected.

Cells (1–38), workbooks (39–58), maps (59–75), and what happens around them (76–). A number whose
fault is a matter of processes and disks names the test that proves it. The notes have for 90 and 91
a session after logout and another street's draft: there are no accounts, so the two stand here for
what a street's file may do to another street.
"""

import datetime as dt
import io
import json
import re
import sqlite3
import zipfile

import numpy as np
import openpyxl
import pytest
import shapely

from chunshui import coordinates
from chunshui.circles import coordinate_check
from chunshui.errors import PublishBusyError
from chunshui.ledgers.base import Base
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.out.annotated import annotate
from chunshui.ledgers.out.write import write
from chunshui.ledgers.stage import stage
from chunshui.paths import ROOT
from chunshui.warehouse import Store, publish
from chunshui.words import ERROR
from tests.ledgers.map_files import shapefile
from tests.ledgers.sheets import HEADER, PROJECT, PROJECTS, ROWS, rewrite
from tests.warehouse import small

BRANCHES = [
    ["支部编号", "支部名称", "街道", "社区", "成立日期", "撤销日期"],
    ["Z1", "古一支部", "古田街道", "古一社区", "2020-01-01", None],
]
PLACES, PROJECT_SHEET, BRANCH_SHEET = "小区台账", "旧改项目台账", "党支部台账"
TOTAL = ["合计", None, None, None, None, None, None, 4, 112, 1234.5678]


def put(folder, change=lambda book: None):
    """Write the good ledgers after `change` had the workbook; return where they are."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {
        PLACES: [HEADER, *ROWS],
        PROJECT_SHEET: [PROJECTS, PROJECT, TOTAL],
        BRANCH_SHEET: BRANCHES,
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    change(book)
    book.save(folder / "台账.xlsx")
    return folder / "台账.xlsx"


def found(folder):
    return [(i.sheet, i.cell, i.what) for i in stage(folder).issues if i.severity == ERROR]


def test_the_good_ledgers_have_no_error(rosters):
    put(rosters)
    assert found(rosters) == []


P, B, N = PROJECT_SHEET, BRANCH_SHEET, PLACES
CELLS = [
    (1, P, "I2", "约440", "“约440”是约数"),
    (2, P, "I2", "超440", "“超440”是约数"),
    (3, P, "I2", "待定", "“待定”尚未确定"),
    (4, P, "I2", "300-400", "“300-400”是区间"),
    (5, P, "I2", None, "此格为空"),
    (6, P, "I2", "—", "此格为空"),
    (7, P, "I2", -3, "“-3”超出范围（不小于0户）"),
    (8, P, "I2", 12.5, "“12.5”不是整数户"),
    (9, P, "I2", "1O0", "“1O0”不是数"),
    (10, P, "I2", "1,2345", "“1,2345”不是数"),
    (11, P, "J2", "#REF!", "是错误值 #REF!"),
    (12, P, "I2", "1.2E+05", "“1.2E+05”是科学计数法，末位可能已丢失"),
    (13, P, "I2", "35%", "“35%”是百分数"),
    (14, P, "J2", "9" * 60, "“" + "9" * 40 + "…”不是数"),
    (15, P, "J2", 34_900_000, "“34900000”超出范围（0至10,000,000,000元）"),
    (16, P, "I2", "一百五", "“一百五”不是数"),
    (17, P, "I2", "10²", "“10²”不是数"),
    (18, P, "I2", dt.date(2025, 1, 2), "此格是日期2025-01-02"),
    (19, P, "I2", True, "“TRUE”不是数"),
    (20, B, "E2", "2025-02-30", "“2025-02-30”这一天不存在"),
    (21, B, "E2", "25.3.1", "“25.3.1”年份只有两位"),
    (22, B, "E2", "2205-03-01", "“2205-03-01”不在1949年至2099年之间"),
    (23, B, "E2", "明年春天", "“明年春天”不是日期"),
    (24, N, "H2", 30.58, "“30.58”像是经度、纬度填反"),
    (25, N, "H2", 116.4, "“116.4”不在本区附近"),
    (26, N, "H2", "见地图", "“见地图”不是经纬度"),
    (27, N, "H2", 12719000, "“12719000”超出范围（-180至180）"),
    (28, N, "D2", "古田路街道", "“古田路街道”不在街道名录中，是不是“古田街道”？"),
    (29, N, "D2", "古甜街道", "“古甜街道”不在街道名录中，是不是“古田街道”？"),
    (30, N, "B2", "长" * 201, "文字有201字，超过200字"),
    (31, N, "B2", "\ufffd\ufffd小区", "“\ufffd\ufffd小区”是乱码"),
    (32, P, "J2", "=SUM(A1:A2)", "公式“=SUM(A1:A2)”没有保存计算结果"),
    (33, P, "I3", 9999, "合计行写9,999户，各行相加为112户，差9,887"),
    (34, N, "A3", "N1", "与第2行重复（小区编号 N1）"),
    (77, N, "D2", "汉正街道", "“古一社区”属于古田街道，与本行街道不符"),
    (92, B, "E2", "2020.5", "“2020.5”没有写到日"),
    (93, P, "C2", "N9", "小区台账中没有“N9”"),
    (94, P, "I2", "112人", "“112人”的单位认不出"),
    (95, N, "C2", "商圈", "“商圈”不在选项中"),
]
# Where a fault is told at another cell of its row.
TOLD_AT = {77: "E2"}


@pytest.mark.parametrize(
    ("number", "sheet", "cell", "value", "what"), CELLS, ids=lambda v: str(v)[:12]
)
def test_a_bad_cell(rosters, number, sheet, cell, value, what):
    put(rosters, lambda book: book[sheet].__setitem__(cell, value))
    errors = found(rosters)
    if number == 34:  # the neighbourhood that the number took the place of is gone
        errors = [error for error in errors if error[1] == cell]
    assert errors == [(sheet, TOLD_AT.get(number, cell), what)]


def _hide(book):
    book[N].row_dimensions[3].hidden = True


def _percent(cell):
    cell.value, cell.number_format = 0.35, "0%"


SHEETS = [
    (35, _hide, "第3行被隐藏但有数据"),
    (36, lambda b: b[N].__setitem__("G1", "新旧"), "缺少列“老旧小区”"),
    (37, lambda b: b[N].__setitem__("J1", "类别"), "列“类别”出现2次"),
    (38, lambda b: b[N].delete_rows(1), "没有找到表头"),
    (78, lambda b: b[P].__setitem__("J1", "计划总投资（美元）"), "“美元”的单位认不出"),
    (87, lambda b: b[N].__setitem__("B2", "110101190001011009"), "含身份证号，整个文件不予入库"),
    (96, lambda b: b[N].__setitem__("B2", "13800000000"), "含手机号，整个文件不予入库"),
    (97, lambda b: b[N].__setitem__("F2", 110101190001011000.0),
     "含疑似身份证号（末位已被改写），整个文件不予入库"),
    (98, lambda b: [b[N].__setitem__(f"J{n}", v) for n, v in ((1, "姓名"), (2, "王小明"))],
     "含个人姓名，整个文件不予入库"),
    (99, lambda b: b[N].merge_cells("F2:F3"), "F2:F3 是合并单元格，不知各行各填什么"),
    (100, lambda b: b[P].__setitem__("J1", "计划总投资"), "没有写明单位（共1格）"),
    (101, lambda b: b[N].__setitem__("H1", "经度（西安80坐标）"),
     "坐标系“西安80坐标”不是 WGS-84、CGCS2000、GCJ-02、BD-09 经纬度"),
    (102, lambda b: setattr(b[N], "sheet_state", "hidden"), "是隐藏的工作表，未读入"),
    (121, lambda b: _percent(b[P]["I2"]), "“35%”是百分数"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "change", "what"), SHEETS, ids=lambda v: str(v)[:12])
def test_a_bad_sheet(rosters, number, change, what):
    put(rosters, change)
    assert what in [error[2] for error in found(rosters) if error[0] in (N, P)]


@pytest.mark.parametrize(
    ("number", "unit", "value", "read"),
    [
        (122, "万元", 60_000, "读作600,000,000元"),  # a rightful large one may be confirmed
        (123, "元", 1_234, "读作1,234元"),  # 万元 in a column of 元
    ],
)
def test_an_amount_that_is_likelier_a_slip_of_the_unit_is_asked_about(
    rosters, number, unit, value, read
):
    def change(book):
        book[P]["J1"], book[P]["J2"] = f"计划总投资（{unit}）", value
        book[P].delete_rows(3)

    put(rosters, change)
    staged = stage(rosters)
    assert staged.errors == []
    (asked,) = staged.questions
    assert (asked.sheet, asked.cell) == (P, "J2")
    assert asked.what == (f"{read}，大小少见（通常10,000至500,000,000元），是不是单位填错")
    assert asked.mend == "请核对单位（元、万元）；确实如此，请在发布时确认"


# ----------------------------------------------------------------------------------- workbooks

SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _part(name, change):
    return lambda path: rewrite(path, name, change)


def _add(name, content):
    def add(path):
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)

    return add


def _cells(xml):
    return lambda path: rewrite(
        path, SHEET, lambda old: old.replace(b"</sheetData>", xml + b"</sheetData>")
    )


def _bomb(path):
    """Pack the sheet with 64 MiB of blanks in it."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[SHEET] = parts[SHEET].replace(b"</worksheet>", b" " * (64 << 20) + b"</worksheet>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)


def _strings_bomb(path):
    _add("xl/sharedStrings2.xml", b"a" * (64 << 20))(path)


def _merges(*areas):
    xml = "".join(f'<mergeCell ref="{area}"/>' for area in areas).encode()
    return _part(
        SHEET,
        lambda old: old.replace(
            b"</sheetData>", b"</sheetData><mergeCells>" + xml + b"</mergeCells>"
        ),
    )


def _many_sheets(path):
    book = openpyxl.Workbook(write_only=True)
    for number in range(80):
        book.create_sheet(f"s{number}")
    book.save(path)


def _size_lie(path):
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        length = int.from_bytes(content[at + 28 : at + 30], "little")
        if content[at + 46 : at + 46 + length] == SHEET.encode():
            content[at + 24 : at + 28] = (100).to_bytes(4, "little")
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(content)


def _as(content):
    return lambda path: path.write_bytes(content)


BROKEN, ODD = "文件损坏，打不开", "内部结构与 xlsx 不符，读不出"
WORKBOOKS = [
    (39, _as(b""), "是空文件"),
    (40, _as("街道,户数\n".encode("gbk")), "内容不是工作簿，像是别的文件改了名"),
    (41, _as(b"<html><table></table></html>"), "是网页冒充的表格"),
    (42, _as(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096), "是旧版或加密的工作簿"),
    (43, lambda path: path.write_bytes(path.read_bytes()[:3000]), BROKEN),
    (44, _add("xl/vbaProject.bin", b"\xd0\xcf"), "带有宏，不予读入"),
    (45, _bomb, "解压后膨胀过多，像是压缩炸弹"),
    (46, _cells(b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row>"), "工作表“小区台账”超过200列"),
    (47, _part(SHEET, lambda xml: ENTITIES + xml), "工作簿里含文档类型声明"),
    (48, _part("xl/workbook.xml", lambda xml: ENTITIES + xml), "工作簿里含文档类型声明"),
    (49, _part(SHEET, lambda xml: EXTERNAL + xml), "工作簿里含文档类型声明"),
    (50, _cells(b'<row r="9"><c r="XFD9"><v>1</v></c></row>'), "工作表“小区台账”超过200列"),
    (51, _cells(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
     "工作表“小区台账”超过300,000行"),
    (52, _merges("A1:XFD1048576"), "工作表“小区台账”的合并单元格过多"),
    (53, _merges(*[f"A{n}:B{n}" for n in range(1, 20_100)]), "工作表“小区台账”的合并单元格过多"),
    (54, _many_sheets, "有80张工作表，超过60张"),
    (55, _size_lie, BROKEN),
    (57, _cells(b'<row r="9"><c r="A9" t="s"><v>99999</v></c></row>'), ODD),
    (58, _strings_bomb, "解压后膨胀过多，像是压缩炸弹"),
    (103, _add("xl/externalLinks/externalLink1.xml", b"<x/>"), "带有外部链接，不予读入"),
    (104, _add("xl/embeddings/oleObject1.bin", b"x"), "嵌有其他文件，不予读入"),
    (105, _add("xl/activeX/activeX1.xml", b"x"), "带有控件，不予读入"),
    (106, _add("xl/connections.xml", b"x"), "带有数据连接，不予读入"),
    (107, _add("../../etc/cron.d/x", b"x"), "内部路径非法"),
    (108, _add("XL/Workbook.xml", b"x"), "内部有同名部件"),
    (109, _cells(b'<row r="9">' + b"<a>" * 80 + b"</a>" * 80 + b"</row>"),
     "工作表“小区台账”的内部层次过深"),
    (110, _cells(b'<row r="9"><c r="A9" t="b"><v>yes</v></c></row>'), ODD),
]  # fmt: skip


@pytest.mark.parametrize(("number", "change", "what"), WORKBOOKS, ids=lambda v: str(v)[:12])
def test_a_bad_workbook(tmp_path, number, change, what):
    change(put(tmp_path))
    said = [issue.what for issue in stage(tmp_path).issues if issue.severity == ERROR]
    assert said[0].startswith(what)


def test_56_a_dimension_that_lies_is_no_fault(rosters):
    path = put(rosters)
    lie = b'<dimension ref="A1:XFD1048576"/>'
    rewrite(path, SHEET, lambda xml: re.sub(rb"<dimension[^>]*/>", lie, xml))
    assert found(rosters) == []


def test_57_numbers_that_are_none_are_told_at_their_cells(rosters):
    path = put(rosters)
    number = rb'(<c r="F2"[^>]*>)<v>[^<]*</v>'
    rewrite(path, SHEET, lambda xml: re.sub(number, rb"\1<v>1e999</v>", xml))
    assert found(rosters) == [(N, "F2", "是错误值 #NUM!")]


@pytest.mark.parametrize("ending", ["xls", "et", "xlsm", "xlsb", "ods"])
def test_111_an_old_or_active_format_is_refused_with_the_way_out(tmp_path, ending):
    put(tmp_path).rename(tmp_path / f"台账.{ending}")
    issue = stage(tmp_path).errors[0]
    assert issue.what.endswith("不能读入")
    assert issue.mend == "请另存为 xlsx"


@pytest.mark.parametrize("ending", ["kml", "gml", "vrt", "duckdb", "parquet", "shp", "7z"])
def test_112_a_format_that_is_never_read(tmp_path, ending):
    (tmp_path / f"街道名录.{ending}").write_bytes(b"x")
    assert stage(tmp_path).errors[0].what.endswith(("不能读入", "不能单独读入"))


# ---------------------------------------------------------------------------------------- maps


def _map(change):
    def spoil(folder):
        path = folder / "街道名录.geojson"
        document = json.loads(path.read_text("utf-8"))
        change(document["features"][0])
        path.write_text(json.dumps(document), "utf-8")

    return spoil


def _geometry(change):
    def spoil(feature):
        shape = shapely.geometry.shape(feature["geometry"])
        feature["geometry"] = shapely.geometry.mapping(shapely.transform(shape, change))

    return _map(spoil)


def _file(content, ending="geojson"):
    def spoil(folder):
        (folder / "街道名录.geojson").unlink()
        (folder / f"街道名录.{ending}").write_bytes(content)

    return spoil


def _zip(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(f"a.{name}" if len(name) == 3 else name, content)
    return out.getvalue()


def _view():
    con = sqlite3.connect(":memory:")
    con.executescript(
        "pragma application_id=1196444487;"
        "create table gpkg_spatial_ref_sys(srs_id integer, organization text,"
        " organization_coordsys_id integer);"
        "create table gpkg_geometry_columns(table_name text, column_name text, srs_id integer);"
        "insert into gpkg_geometry_columns values('v', 'geom', 4326);"
        "create view v as with recursive r(n) as (select 1 union all select n + 1 from r)"
        " select n as geom from r;"
    )
    content = con.serialize()
    con.close()
    return content


def _bow_tie(feature):
    ring = [[114.20, 30.56], [114.22, 30.60], [114.22, 30.56], [114.20, 30.60], [114.20, 30.56]]
    feature["geometry"] = {"type": "Polygon", "coordinates": [ring]}


def _open_ring(feature):
    ring = [[114.20, 30.56], [114.22, 30.60], [114.22, 30.56]]
    feature["geometry"] = {"type": "Polygon", "coordinates": [ring[:2]]}


VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>%s</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
NO_MAP = "不是有效的 GeoJSON"
MAPS = [
    (59, _file(VRT % b"/etc/passwd"), NO_MAP),
    (60, _file(VRT % b"/vsicurl/http://127.0.0.1/x"), NO_MAP),
    (61, _file(_zip(vrt=VRT % b"/etc/passwd"), "zip"), "压缩包里有不该有的文件（.vrt）"),
    (62, _file(b"<OGRWFSDataSource><URL>http://127.0.0.1/</URL></OGRWFSDataSource>"), NO_MAP),
    (63, _file(b"<kml><Document/></kml>"), NO_MAP),
    (64, _file(b"[" * 1_000_000), NO_MAP),
    (65, _file(b'{"type": "gdal_streamed_alg"}'), "不是 GeoJSON 的 FeatureCollection"),
    (66, _file(_view(), "gpkg"), "GeoPackage 的图层“v”是视图而不是表"),
    (67, _file(_zip(shp=b"x", shx=b"x", dbf=b"x"), "zip"), "压缩包里缺少 .prj"),
    (69, _file(_zip(shp=b"x", dbf=b"x", prj=b"x"), "zip"), "压缩包里缺少 .shx"),
    (70, _map(_bow_tie), "图形自相交或环未闭合"),
    (71, _map(_open_ring), "图形的坐标读不出"),
    (72, _geometry(lambda points: points[:, ::-1]), "图形的经度、纬度填反"),
    (73, _geometry(lambda points: points * 100_000), "图形的坐标像是投影坐标（米）"),
    (74, _file(b'{"type":"FeatureCollection","features":[{"geometry":NaN}]}'), NO_MAP),
    (75, _file(_zip(**{"../../a.shp": b"x"}), "zip"), "内部路径非法"),
    (113, _file(b"SQLite format 3\0" + b"\0" * 100, "gpkg"), "是数据库而不是 GeoPackage"),
    (114, _file(b"PK\x03\x04" + b"\0" * 50, "zip"), "压缩包损坏，打不开"),
]


@pytest.mark.parametrize(("number", "spoil", "what"), MAPS, ids=lambda v: str(v)[:12])
def test_a_bad_map(rosters, number, spoil, what):
    spoil(rosters)
    said = [i.what for i in stage(rosters).errors if i.file.startswith("街道名录.")]
    assert said[0].startswith(what)


# ------------------------------------------------------------------- what happens around them


def test_68_a_shapefile_in_gbk_that_does_not_say_so_is_no_fault(rosters):
    (rosters / "步行屏障.geojson").unlink()
    rows = [("B1", "汉江", "河流", shapely.box(114.2, 30.55, 114.25, 30.561))]
    content = shapefile(rows, ["屏障编号", "屏障名称", "类别"], "gbk")
    (rosters / "步行屏障.zip").write_bytes(content)
    staged = stage(rosters)
    assert staged.errors == []
    assert staged.tables["barrier"]["barrier_name"].tolist() == ["汉江"]


def test_76_a_batch_from_another_map_than_it_says(rosters):
    known = dict(stage(rosters).tables)
    stations = small.frames(stations=60)["station"]
    places = known["community"].head(1)
    inside = shapely.from_wkb(places["shape"].iloc[0]).centroid
    lon, lat = coordinates.from_wgs84(
        np.full(60, inside.x) + np.linspace(-0.008, 0.008, 60), np.full(60, inside.y), "GCJ-02"
    )
    known["station"] = stations.assign(
        lon=lon, lat=lat, community_code=places["community_code"].iloc[0], source_id="S9"
    )
    said = coordinate_check.coordinate_findings(known, {})
    (whole,) = said[said["severity"] == "错误"].to_dict("records")
    assert "按 GCJ-02 解读则有60个" in whole["message"]
    assert "请在台账里把坐标系写明为 GCJ-02 后重新入库" in whole["mend"]


def test_80_two_uploads_upon_the_same_version(tmp_path):
    store = Store(tmp_path / "versions")
    publish.build(store, small.build(), serve=True, note="", by="甲")
    for by in ("甲", "乙"):
        publish.build(store, small.build(), note="", by=by, base="v000001")
    publish.serve(store, "v000002", by="甲")
    with pytest.raises(PublishBusyError) as refused:
        publish.serve(store, "v000003", by="乙")
    assert str(refused.value) == (
        "检查台账之后，现用版本已由v000001换成v000002（另有人发布或回退），"
        "没有再报的台账可能已变。请重新检查后再发布。"
    )
    assert store.current().version == "v000002"


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x","点")', "+1+1", "@SUM(1)", "-2+3"])
def test_88_a_name_that_a_spreadsheet_would_run(rosters, name):
    def put_name(book):
        book[N]["B2"] = name
        book[N]["B2"].data_type = "s"
        book[N]["F3"] = "约1985"  # something to annotate

    path = put(rosters, put_name)
    staged = stage(rosters)
    assert [(issue.cell, issue.what) for issue in staged.errors] == [("F3", "“约1985”是约数")]
    copy = openpyxl.load_workbook(io.BytesIO(annotate(path.read_bytes(), path.name, staged.issues)))
    assert (copy[N]["B2"].value, copy[N]["B2"].data_type) == (name, "s")
    tables = {one: staged.tables[one] for one in ("street", "community", "neighbourhood")}
    tables = {one: table[ALL[one].stored] for one, table in tables.items()}
    plan = {f"{N}.{ending}": ["neighbourhood"] for ending in ("csv", "xlsx")}
    write(tables, rosters / "导出", demonstration=False, plan=plan)
    exported = openpyxl.load_workbook(rosters / "导出" / f"{N}.xlsx")[N]["B4"]
    assert (exported.value, exported.data_type) == (name, "s")
    assert ("'" + name).replace('"', '""') in (rosters / "导出" / f"{N}.csv").read_text("utf-8-sig")


def test_90_a_row_of_another_street_in_a_streets_own_file(rosters):
    change = [("D2", "汉正街道"), ("E2", "新合社区")]
    put(rosters, lambda book: [book[N].__setitem__(*one) for one in change]).rename(
        rosters / "古田街道.xlsx"
    )
    assert (N, "D2", "此行是汉正街道的，这份台账写明是古田街道的") in found(rosters)


def test_91_a_streets_file_with_a_number_that_another_street_has(rosters, tmp_path):
    put(rosters)
    good = stage(rosters)
    below = Base("v000001", good.tables, good.source_file, good.source_row)
    book = openpyxl.Workbook()
    book.active.title = N
    for row in (HEADER, [ROWS[0][0], "别的小区", "小区", "汉正街道", "新合社区", *ROWS[0][5:]]):
        book.active.append(row)
    folder = tmp_path / "上报"
    folder.mkdir()
    book.save(folder / "汉正街道.xlsx")
    first = next(issue for issue in stage(folder, base=below).errors if issue.cell == "A2")
    assert first.what == f"与沿用的v000001《台账.xlsx》{N}第2行重复（小区编号 {ROWS[0][0]}）"
    assert first.mend == "请改编号；原是别的街道的，请与那个街道一并重报"


# --------------------------------------------------- proved where their processes and disks are

ELSEWHERE = {
    79: "tests/ledgers/test_workbook.py::test_the_other_epoch_of_excel",
    81: "tests/faults/test_two_publishers.py::test_both_publish_one_after_the_other",
    83: "tests/faults/test_killed_publish.py::test_killed_at_any_line_readers_see_one_whole_version",
    89: "tests/ui/test_intake.py::test_89_a_tag_in_a_cell_is_shown_and_not_run",
    115: "tests/warehouse/test_pipeline.py::test_a_fall_by_half_is_asked_about",
    116: "tests/warehouse/test_pipeline.py::test_a_kept_row_that_names_what_is_gone_is_an_error_at_that_row",
    117: "tests/warehouse/test_pipeline.py::test_real_ledgers_upon_the_demonstration_are_refused_with_the_ways_out",
    118: "tests/ledgers/test_child.py::test_a_child_that_takes_too_long_is_ended_and_the_file_named",
    119: "tests/ledgers/test_child.py::test_a_child_out_of_memory_says_so",
    120: "tests/ledgers/test_checks.py::test_codes_that_lost_their_leading_zeros",
}
# Whole files of tests for what has many forms: disk full, rollback, pointer, digest.
FILES = {
    82: "tests/faults/test_disk.py",
    84: "tests/faults/test_damaged_versions.py",
    85: "tests/faults/test_damaged_versions.py",
    86: "tests/faults/test_damaged_versions.py",
}


def test_the_table_has_ninety_one_and_more_and_each_proof_is_there():
    here = {row[0] for table in (CELLS, SHEETS, WORKBOOKS, MAPS) for row in table}
    assert (
        len(
            here
            | {56, 68, 76, 80, 88, 90, 91, 111, 112, 122, 123}
            | ELSEWHERE.keys()
            | FILES.keys()
        )
        >= 91
    )
    for place in ELSEWHERE.values():
        path, _, name = place.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text("utf-8"), place
    for path in FILES.values():
        assert (ROOT / path).exists()
