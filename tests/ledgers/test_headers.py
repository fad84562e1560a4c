"""Headers: over several rows, decorated, lacking, unknown."""

import pytest

from chunshui.ledgers.stage import stage
from chunshui.words import ERROR, WARNING
from tests.ledgers import sample
from tests.ledgers.sheets import (
    GRIDS,
    ROLE_HEADER,
    ROLES,
    error_cells,
    errors,
    grid,
    issue_texts,
    row_kinds,
    stage_places_and_projects,
    stage_projects,
)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda sheet: sheet.__setitem__("G3", "新旧"), "缺少列“老旧小区”"),
        (lambda sheet: sheet.__setitem__("J3", "类别"), "列“类别”出现2次"),
        (lambda sheet: sheet.delete_rows(3), "没有找到表头"),
        (lambda sheet: sheet.__setitem__("H3", "经度（西安80坐标）"),
         "坐标系“西安80坐标”不是 WGS-84、CGCS2000、GCJ-02、BD-09 经纬度"),
        (lambda sheet: sheet.__setitem__("B2", "坐标系：EPSG:4547"),
         "坐标系“EPSG:4547”不是 WGS-84、CGCS2000、GCJ-02、BD-09 经纬度"),
    ],
)  # fmt: skip
def test_a_fault_in_the_head(rosters, change, what):
    staged = stage_places_and_projects(rosters, change)
    assert [error[2] for error in errors(staged) if error[0] == "小区台账"] == [what]
    assert staged.tables["neighbourhood"].empty


def test_brackets_in_a_header_may_hold_no_unit(rosters):
    staged = stage_places_and_projects(
        rosters, projects=lambda sheet: sheet.__setitem__("I1", "户数（必填）")
    )
    assert errors(staged) == []


def test_unknown_columns_are_named_and_not_read(rosters):
    def change(sheet):
        sheet["J3"], sheet["K3"], sheet["L3"] = "办公电话", "网格长", "备注"
        sheet["J4"], sheet["K4"] = "83780001", "社区专干"

    staged = stage_places_and_projects(rosters, change)
    assert errors(staged) == []
    (warning,) = [issue for issue in staged.issues if issue.severity == WARNING]
    assert warning.what == "多出的列没有读入：办公电话、网格长"
    assert "办公电话" not in staged.tables["neighbourhood"].columns
    # Nor do they slip in with the raw rows, nor do the names under the table.
    kept = " ".join(staged.source_row["raw"])
    assert "古一小区" in kept
    assert "83780001" not in kept
    assert "某某" not in kept


@pytest.mark.parametrize("merged", [True, False])
def test_a_head_of_several_rows_is_one_header(rosters, merged):
    staged = stage_projects(rosters, merged=merged)
    assert errors(staged) == []
    table = staged.tables["renovation_project"]
    assert table["project_id"].to_list() == ["X1", "X2", "X3"]
    assert table["households"].to_list() == [112, 56, 90]
    assert table["budget_yuan"].to_list() == [12_345_678, 6_000_000, 8_000_000]
    assert table["plan_year"].to_list() == [2025, 2025, 2026]
    source = staged.source_file.set_index("ledger_id").loc["renovation_project"]
    fates = staged.source_row[staged.source_row["source_id"] == source["source_id"]]["fate"]
    assert fates.to_list() == [
        *["表头"] * 6, "合格", "合格", "合计", "合格", "合计", "脚注",
    ]  # fmt: skip


def test_the_group_above_completes_the_name_below(rosters):
    rows = [
        ["资金记录编号", "项目编号", "月份", "资金来源", "资金（万元）", None, None],
        [None, None, None, None, "计划金额", "下达金额", "支付金额"],
        ["T1", "X1", "2026.3", "市", 100, 50, 25],
    ]
    split = [[*rows[0][:4], "计划", "下达", "支付"], [*[None] * 4, *["金额(万元)"] * 3], rows[2]]
    for head in (rows, split):
        stage_projects(rosters)
        sample.workbook(rosters / "资金.xlsx", {"旧改资金台账": head})
        staged = stage(rosters)
        assert errors(staged) == []
        (row,) = staged.tables["investment"].to_dict("records")
        paid = row["planned_yuan"], row["allocated_yuan"], row["paid_yuan"]
        assert paid == (1_000_000, 500_000, 250_000)


def test_rows_under_the_header_that_say_what_to_fill_in(read):
    marks = ["必填", "必填", "选填", "必填", "必填", "必填", "选填", "必填", "必填"]
    units = [None, "—", None, "/", "户", None, None, None, None]
    heads = [name.replace("（户）", "") for name in GRIDS]
    staged = read({"网格台账": [heads, units, marks, grid(1)]})
    assert errors(staged) == []
    assert row_kinds(staged, "grid_unit") == ["表头", "表头", "表头", "合格"]


@pytest.mark.parametrize(
    "decorated",
    [
        ["1.网格编号*", "2、网格\n名称", "＊街道（必填）", "（4）社 区", "⑤户数〔户〕",
         "设立日期\n(格式：2026-03-31)", "7.撤并日期【选填】", "经度：", "*纬度（十进制）*"],
        ["网格编号", "网格名称", "街道", "社区", "户数/户", *GRIDS[5:]],
        ["网格编号", "网格名称", "街道", "社区", "户数（单位：户）（必填）", *GRIDS[5:]],
    ],
)  # fmt: skip
def test_decorated_headers(read, decorated):
    staged = read({"网格台账": [decorated, grid(1)]})
    assert errors(staged) == []
    assert issue_texts(staged, WARNING) == []
    assert staged.tables["grid_unit"]["households"].to_list() == [301]


def test_faults_of_the_head_are_told_at_its_cells_with_those_of_the_rows(read):
    heads = [
        "网格编号",
        "网格名称",
        "街道",
        "社区",
        "户数（亩）",
        "启用日期",
        "撤并日期",
        "经度",
        "纬度",
        "经度",
    ]
    staged = read({"网格台账": [["网格表"], heads, [*grid(1, place="古亿社区"), 114.2]]})
    wanted = [
        ("E2", "“亩”的单位认不出"), ("J2", "列“经度”出现2次"), ("", "缺少列“设立日期”"),
        ("D3", "“古亿社区”不在社区名"),
    ]  # fmt: skip
    assert error_cells(staged, wanted) == wanted
    assert staged.tables["grid_unit"].empty


def test_a_sheet_that_lacks_a_column_is_still_known(read):
    rows = [[name for name in GRIDS if name != "设立日期"], ["WG001", "甲", None, "古一社区", 1]]
    staged = read({"Sheet1": rows, "填表说明": [GRIDS, grid(8)], "下拉": [["是"], ["否"]]})
    assert ("Sheet1", "", "缺少列“设立日期”") in errors(staged)
    assert {i.sheet for i in staged.issues if i.severity == ERROR} == {"Sheet1"}


def test_a_sheet_is_known_by_its_name_or_else_by_its_headers(tmp_path):
    sample.workbook(
        tmp_path / "混.xlsx",
        {
            "Sheet1": [ROLE_HEADER, *ROLES],
            "2026年网格岗位字典（二）": [ROLE_HEADER, ["R3", "协管员", "否", "否"]],
            "Sheet3": [],
            "杂记": [["随便写写"], ["1", "2"]],
            "填写说明": [["台账", "列"]],
        },
    )
    staged = stage(tmp_path)
    assert staged.tables["grid_role"]["role_id"].to_list() == ["R1", "R2", "R3"]
    warnings = [issue for issue in staged.issues if issue.severity == WARNING]
    assert [(issue.sheet, issue.what) for issue in warnings] == [
        ("杂记", "认不出是哪本台账，未读入")
    ]
