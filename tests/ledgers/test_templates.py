"""The blank workbooks and the page of documentation say what the contracts say."""

import openpyxl
import pytest

from chunshui.errors import ChunshuiError
from chunshui.ledgers.contracts import ALL, ROOMS
from chunshui.ledgers.contracts.contract import KINDS
from chunshui.ledgers.out import document
from chunshui.ledgers.out.templates import template
from chunshui.ledgers.stage import stage
from tests.ledgers import sample

WORKBOOKS = [ledger.id for ledger in ALL.values() if "xlsx" in ledger.formats]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    for ledger_id in WORKBOOKS:
        (folder / f"{ALL[ledger_id].name}模板.xlsx").write_bytes(template([ledger_id]))
    return folder


def test_a_blank_template_is_a_ledger_without_rows(folder):
    staged = stage(folder)
    said = [issue.what for issue in staged.errors]
    assert all(what.startswith("没有可用的") for what in said)
    assert set(staged.source_file["ledger_id"]) == set(WORKBOOKS)
    assert set(staged.source_row["fate"]) == {"表头"}


def test_a_template_filled_in_by_hand_is_read(rosters):
    path = rosters / "小区台账模板.xlsx"
    path.write_bytes(template(["neighbourhood"]))
    book = openpyxl.load_workbook(path)
    sheet = book["小区台账"]
    row = ["007", "古一小区", "小区", "古田街道", "古一社区", 1985, "是", 114.2201, 30.5801]
    for column, value in enumerate(row, start=1):
        sheet.cell(4, column).value = value
    book.save(path)
    staged = stage(rosters)
    assert staged.errors == []
    assert staged.tables["neighbourhood"]["neighbourhood_id"].to_list() == ["007"]


def test_headers_carry_what_to_fill_in(folder):
    sheet = openpyxl.load_workbook(folder / "楼栋骨干台账模板.xlsx")["楼栋骨干台账"]
    headers = {cell.value: cell.comment.text for cell in sheet[2]}
    assert list(headers) == [c.title for c in ALL["building_post"].columns]
    assert headers["楼栋编号"] == "必填。须在楼栋台账中"
    assert headers["截止日期"].startswith("可空。如2026-03-31")
    (listed,) = sheet.data_validations.dataValidation
    assert listed.formula1 == '"楼栋党小组长,党员中心户"'


def test_a_map_has_no_template():
    with pytest.raises(ChunshuiError, match="街道名录须用 geojson 文件"):
        template(["street"])


def test_equal_templates_are_equal_bytes():
    assert template(["station"]) == template(["station"])


def test_the_page_is_true():
    """Run `python -m chunshui.ledgers.out.document` when this fails."""
    page = document.PATH.read_text("utf-8")
    assert page == document.document(page)
    assert set(document.ROOM_NAMES) == set(ROOMS)
    assert set(document.KIND_WORDS) == set(KINDS)


def test_the_sample_covers_every_ledger():
    assert set(sample.tables()) == set(ALL)
    assert sorted(i for ids in sample.PLAN.values() for i in ids) == sorted(sample.tables())
