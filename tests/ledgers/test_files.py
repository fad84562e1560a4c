"""Files as they come: named, damaged, in folders, in the wrong format."""

import json

import pytest

from chunshui.errors import ChunshuiError
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.read import read
from chunshui.ledgers.stage import stage
from chunshui.words import ERROR, WARNING
from tests.ledgers import sample
from tests.ledgers.sheets import ROLE_HEADER, ROLES, errors, rows_of, texts_of


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("网格台账.csv", "网格编号," + "," * 100_000 + "x", "超过200列，不予读入"),
        ("步行屏障.geojson",
         json.dumps({"type": "FeatureCollection", "features": [
             {"properties": {f"{n}": 1}, "geometry": None} for n in range(300)]}),
         "属性超过200种，不予读入"),
    ],
)  # fmt: skip
def test_more_columns_than_any_ledger_has(read, name, content, what):
    staged = read(None, raw=lambda path: path.write_text(content, "utf-8"), name=name)
    assert [error[2] for error in errors(staged)] == [what]


BAD_FILES = [
    ("网格岗位字典.csv", b"", "是空文件"),
    ("网格岗位字典.csv", b"\xff\xfe\x81\x00\xff", "文字编码认不出"),
    ("网格岗位字典.csv", '岗位编号,"岗位'.encode(), "不是完好的 csv"),
    ("台账.xlsx", b"PK\x03\x04broken", "文件损坏，打不开"),
    ("台账.xlsx", b"<html><table></table></html>", "是网页冒充的表格"),
    ("台账.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "是旧版或加密的工作簿"),
    (
        "照片.xlsx",
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\1" * 100,
        "内容不是工作簿，像是别的文件改了名",
    ),
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
    whole = sample.workbook(tmp_path / "网格岗位字典.xlsx", {"网格岗位字典": [ROLE_HEADER, *ROLES]})
    content = whole.read_bytes()
    for length in range(0, len(content), 97):
        whole.write_bytes(content[:length])
        sheets, issues = read(whole, whole.name)
        assert sheets == []
        assert issues[0].severity == ERROR


def test_other_files_are_passed_over(tmp_path):
    sample.workbook(tmp_path / "网格岗位字典.xlsx", {"网格岗位字典": [ROLE_HEADER, *ROLES]})
    (tmp_path / "~$网格岗位字典.xlsx").write_bytes(b"lock")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "说明.docx").write_bytes(b"x")
    assert rows_of(tmp_path) == ["R1", "R2"]
    assert texts_of(tmp_path, WARNING) == ["不是台账文件，未读入"]


def test_folders_are_searched_and_a_file_may_be_staged_alone(tmp_path):
    (tmp_path / "十月").mkdir()
    path = sample.workbook(tmp_path / "十月" / "a.xlsx", {"网格岗位字典": [ROLE_HEADER, *ROLES]})
    staged = stage(tmp_path)
    assert staged.source_file["file_name"].to_list() == ["十月/a.xlsx"]
    assert len(stage(path).tables["grid_role"]) == 2


def test_no_folder_and_an_empty_folder(tmp_path):
    with pytest.raises(ChunshuiError, match="找不到台账文件夹：没有"):
        stage(tmp_path / "没有")
    assert texts_of(tmp_path) == ["没有找到任何台账"]


@pytest.mark.parametrize("ledger_id", ["street", "building"])
def test_a_ledger_in_the_wrong_format_is_refused(tmp_path, ledger_id):
    ledger = ALL[ledger_id]
    if "geojson" in ledger.formats:
        sample.workbook(tmp_path / "a.xlsx", {ledger.name: [[c.title for c in ledger.columns]]})
    else:
        collection = {"type": "FeatureCollection", "features": []}
        (tmp_path / f"{ledger.name}.geojson").write_text(json.dumps(collection), "utf-8")
    assert texts_of(tmp_path)[0].startswith(f"{ledger.name}不能用 .")
