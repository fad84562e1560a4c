"""Files as they come: encodings, formats, damage, maps in the wrong system."""

import csv
import datetime as dt
import io
import json
import zipfile

import pytest

from chunshui import paths
from chunshui.errors import ChunshuiError
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.formats import workbook
from chunshui.ledgers.read import read
from chunshui.ledgers.stage import stage
from chunshui.words import ERROR, WARNING
from tests.ledgers import sample

HEADER = ["岗位编号", "岗位名称", "网格长岗位", "必配岗位"]
ROWS = [["R1", "网格长", "是", "是"], ["R2", "网格员", "否", "是"]]


def rows_of(folder):
    staged = stage(folder)
    assert [str(error) for error in staged.errors] == []
    return staged.tables["grid_role"]["role_id"].to_list()


def said(folder, level=ERROR):
    return [issue.what for issue in stage(folder).issues if issue.level == level]


def csv_text(rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_csv_in_the_usual_encodings(tmp_path, encoding, delimiter):
    text = csv_text([["岗位"], [], HEADER, *ROWS], delimiter)
    (tmp_path / "网格岗位字典.csv").write_bytes(text.encode(encoding))
    assert rows_of(tmp_path) == ["R1", "R2"]


def test_a_line_break_in_a_cell_does_not_shift_the_row_numbers(tmp_path):
    text = csv_text([HEADER, ["R1", "网格\n长", "是", "是"], ROWS[1]])
    (tmp_path / "网格岗位字典.csv").write_bytes(text.encode())
    table = stage(tmp_path).tables["grid_role"]
    assert table["role_name"].to_list() == ["网格 长", "网格员"]
    assert table["source_row"].to_list() == [2, 3]


def test_a_quote_that_guards_a_formula_is_taken_off(tmp_path):
    text = csv_text([HEADER, ["R1", "'=1+1", "是", "是"], ["R2", "'引号'", "否", "是"]])
    (tmp_path / "网格岗位字典.csv").write_bytes(text.encode())
    table = stage(tmp_path).tables["grid_role"]
    assert table["role_name"].to_list() == ["=1+1", "'引号'"]


BAD_FILES = [
    ("网格岗位字典.csv", b"", "是空文件"),
    ("网格岗位字典.csv", b"\xff\xfe\x81\x00\xff", "文字编码认不出"),
    ("网格岗位字典.csv", '岗位编号,"岗位'.encode(), "不是完好的 csv"),
    ("台账.xlsx", b"PK\x03\x04broken", "文件损坏，打不开"),
    ("台账.xlsx", b"<html><table></table></html>", "是网页冒充的表格"),
    ("台账.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "是旧版或加密的工作簿"),
    ("台账.xls", b"\xd0\xcf\x11\xe0", "是旧版 Excel 文件"),
    ("台账.et", b"\xd0\xcf\x11\xe0", "是WPS 表格文件"),
    ("台账.xlsm", b"PK", "是带宏的工作簿"),
    ("街道名录.geojson", b"{", "不是有效的 GeoJSON"),
    ("街道名录.geojson", b"[" * 100_000, "不是有效的 GeoJSON"),
    ("街道名录.geojson", b"[1]", "不是 GeoJSON 的 FeatureCollection"),
    ("街道名录.geojson", b"<OGRVRTDataSource/>", "不是有效的 GeoJSON"),
    ("街道名录.geojson", b'{"type": "gdal_streamed_alg"}', "不是 GeoJSON 的 FeatureCollection"),
    ("街道名录.geojson", b'{"type":"FeatureCollection","features":[NaN]}', "不是有效的 GeoJSON"),
    ("街道名录.geojson", b'{"type":"FeatureCollection","features":[1]}', "不是 GeoJSON 的"),
]


@pytest.mark.parametrize(("name", "content", "what"), BAD_FILES)
def test_a_file_that_cannot_be_read_is_refused_with_words(tmp_path, name, content, what):
    (tmp_path / name).write_bytes(content)
    found = [issue for issue in stage(tmp_path).errors if issue.file == name]
    assert len(found) == 1
    assert found[0].what.startswith(what)
    assert found[0].mend


def test_a_file_cut_short_anywhere_is_refused_or_read_whole(tmp_path):
    whole = sample.workbook(tmp_path / "网格岗位字典.xlsx", {"网格岗位字典": [HEADER, *ROWS]})
    content = whole.read_bytes()
    for length in range(0, len(content), 97):
        whole.write_bytes(content[:length])
        sheets, issues = read(whole, whole.name)
        assert sheets == []
        assert issues[0].level == ERROR


def test_a_workbook_with_a_declared_document_type_is_refused(tmp_path):
    path = sample.workbook(tmp_path / "台账.xlsx", {"网格岗位字典": [HEADER, *ROWS]})
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: bomb + xml)
    assert said(tmp_path)[0].startswith("工作簿里含文档类型声明")


def test_a_cell_far_away_is_refused_and_costs_nothing(tmp_path):
    path = sample.workbook(tmp_path / "台账.xlsx", {"网格岗位字典": [HEADER, *ROWS]})
    far = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", far))
    assert said(tmp_path)[0].startswith("工作表“网格岗位字典”超过")
    path = sample.workbook(tmp_path / "台账.xlsx", {"网格岗位字典": [HEADER, *ROWS]})
    far = b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>'
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", far))
    assert said(tmp_path)[0].startswith("工作表“网格岗位字典”超过 200 列")


def rewrite(path, part, change):
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)


def test_the_cells_of_a_workbook_as_they_stand(tmp_path):
    """Rich text, phonetics, errors, formulas with and without results, Chinese date formats."""
    path = sample.workbook(tmp_path / "a.xlsx", {"表": [["x"]]})
    cells = b"""<row r="3" hidden="1"><c r="B3" t="inlineStr"><is><r><t>ab</t></r><rPh sb="0"
        eb="1"><t>no</t></rPh><r><t>c</t></r></is></c><c r="D3" t="e"><v>#N/A</v></c>
        <c r="E3" t="b"><v>1</v></c><c r="F3"><f>A1*2</f></c><c r="G3"><f>A1*2</f><v>4</v></c>
        <c r="H3" t="str"><f>A1&amp;""</f><v></v></c><c r="I3"><v>0.30000000000000004</v></c>
        <c r="J3" s="1"><v>45900</v></c></row></sheetData>"""
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", cells))
    chinese_date = b'<xf numFmtId="31" fontId="0" fillId="0" borderId="0"/></cellXfs>'
    rewrite(path, "xl/styles.xml", lambda xml: xml.replace(b"</cellXfs>", chinese_date))
    (grid,) = workbook.read(path.read_bytes())
    assert grid.hidden_rows == {3}
    row = grid.rows[2]
    assert row[:6] == [None, "abc", None, "#N/A", True, "=A1*2"]
    assert isinstance(row[5], workbook.Uncalculated)
    assert row[6:9] == [4, None, 0.30000000000000004]
    assert str(row[9]) == "2025-08-31"


def test_the_other_epoch_of_excel(tmp_path):
    path = sample.workbook(tmp_path / "a.xlsx", {"表": [[dt.date(2025, 8, 31)]]})
    (windows,) = workbook.read(path.read_bytes())
    assert windows.rows == [[dt.date(2025, 8, 31)]]
    rewrite(
        path,
        "xl/workbook.xml",
        lambda xml: xml.replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>'),
    )
    (mac,) = workbook.read(path.read_bytes())
    assert mac.rows == [[dt.date(2029, 9, 1)]]


def test_a_sheet_is_known_by_its_name_or_else_by_its_headers(tmp_path):
    sample.workbook(
        tmp_path / "混.xlsx",
        {
            "Sheet1": [HEADER, *ROWS],
            "2026年网格岗位字典（二）": [HEADER, ["R3", "协管员", "否", "否"]],
            "Sheet3": [],
            "杂记": [["随便写写"], ["1", "2"]],
            "填写说明": [["台账", "列"]],
        },
    )
    staged = stage(tmp_path)
    assert staged.tables["grid_role"]["role_id"].to_list() == ["R1", "R2", "R3"]
    warnings = [issue for issue in staged.issues if issue.level == WARNING]
    assert [(issue.sheet, issue.what) for issue in warnings] == [
        ("杂记", "认不出是哪本台账，未读入")
    ]


def test_a_hidden_sheet_is_not_read_and_said(tmp_path):
    path = sample.workbook(
        tmp_path / "a.xlsx", {"首页": [["封面"]], "网格岗位字典": [HEADER, *ROWS]}
    )
    rewrite(
        path, "xl/workbook.xml", lambda xml: xml.replace(b'sheetId="2" state="visible"', b'sheetId="2" state="hidden"')
    )  # fmt: skip
    assert said(tmp_path) == ["是隐藏的工作表，未读入", "没有找到任何台账"]


def test_other_files_are_passed_over(tmp_path):
    sample.workbook(tmp_path / "网格岗位字典.xlsx", {"网格岗位字典": [HEADER, *ROWS]})
    (tmp_path / "~$网格岗位字典.xlsx").write_bytes(b"lock")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "说明.docx").write_bytes(b"x")
    assert rows_of(tmp_path) == ["R1", "R2"]
    assert said(tmp_path, WARNING) == ["不是台账文件，未读入"]


def test_folders_are_searched_and_a_file_may_be_staged_alone(tmp_path):
    (tmp_path / "十月").mkdir()
    path = sample.workbook(tmp_path / "十月" / "a.xlsx", {"网格岗位字典": [HEADER, *ROWS]})
    staged = stage(tmp_path)
    assert staged.source_file["file_name"].to_list() == ["十月/a.xlsx", "claims.csv"]
    assert len(stage(path).tables["grid_role"]) == 2


def test_no_folder_and_an_empty_folder(tmp_path):
    with pytest.raises(ChunshuiError, match="找不到台账文件夹：没有"):
        stage(tmp_path / "没有")
    assert said(tmp_path) == ["没有找到任何台账"]


def test_the_published_figures_are_not_taken_from_the_ledgers(tmp_path):
    content = (paths.REFERENCE / "claims.csv").read_bytes()
    (tmp_path / "公开数据对照.csv").write_bytes(content)
    assert said(tmp_path, WARNING) == ["公开数据对照随软件附带，此表未读入"]
    assert len(stage(tmp_path).tables["claim"]) == 15


@pytest.mark.parametrize("ledger_id", ["street", "building"])
def test_a_ledger_in_the_wrong_format_is_refused(tmp_path, ledger_id):
    ledger = ALL[ledger_id]
    if "geojson" in ledger.formats:
        sample.workbook(tmp_path / "a.xlsx", {ledger.name: [[c.title for c in ledger.columns]]})
    else:
        collection = {"type": "FeatureCollection", "features": []}
        (tmp_path / f"{ledger.name}.geojson").write_text(json.dumps(collection), "utf-8")
    assert said(tmp_path)[0].startswith(f"{ledger.name}不能用 .")


# ---------------------------------------------------------------------------------------- maps


def streets(folder, change):
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
    (square(*[[x, y + 70] for x, y in CORNERS]), "图形出界：114.200, 100.560 至 114.240, 100.600"),
    (square(*[[x + 5, y] for x, y in CORNERS]), "“图形”不在本区附近"),
    (square(CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]),
     "图形自相交或环未闭合（在 114.22 30.58 处）"),
    (square(*[[x, 1e308] for x, _ in CORNERS]), "图形的坐标像是投影坐标（米），应为经纬度（度）"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "what"), SHAPES, ids=lambda v: str(v)[:24])
def test_a_bad_shape_is_refused_at_its_feature(tmp_path, shape, what):
    assert streets(tmp_path, lambda d: d["features"][1].update(geometry=shape)) == [(2, what)]


def test_heights_are_left_off(tmp_path):
    shape = square(*[[x, y, 25.0] for x, y in CORNERS])
    assert streets(tmp_path, lambda d: d["features"][1].update(geometry=shape)) == []


@pytest.mark.parametrize(
    ("member", "taken"),
    [
        ({"坐标系": "CGCS2000"}, True),
        ({"坐标系": "EPSG:4490"}, True),
        ({"坐标系": None, "crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}, True),
        ({"坐标系": None, "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}}, True),
        ({"坐标系": None, "crs": {"properties": {"name": "EPSG:4547"}}}, False),
        ({"坐标系": None, "crs": {"properties": {"name": "EPSG:3857"}}}, False),
        ({"坐标系": None, "crs": "x"}, False),
        ({"坐标系": "GCJ02"}, True),
        ({"坐标系": "百度坐标"}, True),
        ({"坐标系": "西安80"}, False),
        ({"坐标系": "WGS 84 / Pseudo-Mercator"}, False),
    ],
)
def test_the_coordinate_system_a_map_states(tmp_path, member, taken):
    found = streets(tmp_path, lambda document: document.update(member))
    if taken:
        assert found == []
    else:
        assert [row for row, what in found if "坐标系" in what] == [None]
