"""In which unit an amount or a count is written, and which unit holds."""

import pytest

from tests.ledgers.sheets import (
    GRIDS,
    PLACES,
    PROJECTS,
    error_cells,
    errors,
    grid,
    project,
    project_sheet,
    stage_places_and_projects,
)


@pytest.mark.parametrize(
    ("header", "cell", "yuan"),
    [
        ("计划总投资（元）", 12_345_678, 12_345_678),
        ("计划总投资(万元)", "1,234.5678", 12_345_678),
        ("总投资（亿元）", "０．１２３４５６７８", 12_345_678),
        ("计划总投资", "1234.5678万", 12_345_678),
        ("计划总投资（亿元）", "12345678元", 12_345_678),
    ],
)
def test_the_unit_of_the_cell_goes_before_that_of_the_header(rosters, header, cell, yuan):
    def change(sheet):
        sheet["J1"], sheet["J2"] = header, cell

    staged = stage_places_and_projects(rosters, projects=change)
    assert errors(staged) == []
    assert staged.tables["renovation_project"]["budget_yuan"].to_list() == [yuan]


def test_the_unit_above_the_table_serves_a_header_without_one(rosters):
    def change(sheet):
        sheet["J1"] = "计划总投资"
        sheet.insert_rows(1)
        sheet["A1"] = "旧改项目台账　金额单位：万元"

    staged = stage_places_and_projects(rosters, projects=change)
    assert errors(staged) == []
    assert staged.tables["renovation_project"]["budget_yuan"].to_list() == [12_345_678]


@pytest.mark.parametrize(
    ("header", "above", "below", "wanted"),
    [
        ("计划总投资", ["（单位：人民币万元、户）"], [], 1_000_000),
        ("计划总投资（单位：万元）", [], [], 1_000_000),
        ("计划总投资，万元", [], [], 1_000_000),
        ("计划总投资（元）", ["单位：万元"], [], ("J2", "表头写“元”，表外写“单位")),
        ("计划总投资（元）", [], ["注：金额单位为万元。"], ("J1", "表头写“元”，表外写“单位")),
        ("计划总投资", ["单位：元", "金额单位：万元"], [], ("J3", "表中写了不同的单位：元、")),
        ("计划总投资", ["单位：万元"], ["注：单位：元"], ("J3", "表中写了不同的单位：万元")),
        ("计划总投资", [], ["注：单位：万元"], ("J2", "没有写明单位（共1格")),
    ],
)  # fmt: skip
def test_units_around_the_table(read, header, above, below, wanted):
    lines = [[text] for text in above]
    staged = read(project_sheet(header, project(1), above=[lines[0] + [None] * 5 + lines[1]] if len(lines) > 1
                        else lines, below=[[text] for text in below]))  # fmt: skip
    if isinstance(wanted, int):
        assert errors(staged) == []
        assert staged.tables["renovation_project"]["budget_yuan"].to_list() == [wanted]
    else:
        assert error_cells(staged, [wanted]) == [wanted]
        assert staged.tables["renovation_project"].empty


def test_a_unit_for_the_columns_without_one_does_not_contradict_the_others(read):
    heads = [
        "资金记录编号",
        "项目编号",
        "月份",
        "资金来源",
        "计划金额",
        "下达金额",
        "支付金额（元）",
    ]
    staged = read({**PLACES, "旧改项目台账": [PROJECTS, project(1)],
                   "旧改资金台账": [["单位：万元"], heads, ["T1", "XM1", "2026-03", "市", 2, 1, 5000]]})  # fmt: skip
    assert errors(staged) == []
    (row,) = staged.tables["investment"].to_dict("records")
    assert (row["planned_yuan"], row["allocated_yuan"], row["paid_yuan"]) == (20_000, 10_000, 5_000)


def test_the_unit_of_one_header_is_not_that_of_the_next(read):
    heads = [
        "资金记录编号",
        "项目编号",
        "月份",
        "资金来源",
        "计划金额（单位：万元）",
        "下达金额",
        "支付金额（元）",
    ]
    staged = read({**PLACES, "旧改项目台账": [PROJECTS, project(1)],
                   "旧改资金台账": [heads, ["T1", "XM1", "2026-03", "市", 2, 1, 5000]]})  # fmt: skip
    assert errors(staged) == [("旧改资金台账", "F2", "没有写明单位（共1格）")]


def test_counts_in_the_unit_above_the_table(read):
    heads = [name.replace("（户）", "") for name in GRIDS]
    staged = read({"网格台账": [["单位：百户"], GRIDS, grid(1)]})
    assert errors(staged) == []
    staged = read({"网格台账": [["单位：万户"], heads, grid(1, households=0.03)]})
    assert errors(staged) == []
    assert staged.tables["grid_unit"]["households"].to_list() == [300]
    staged = read({"网格台账": [["单位：万户"], GRIDS, grid(1)]})
    assert errors(staged) == [("网格台账", "E2", "表头写“户”，表外写“单位：万户”，不知按哪个")]
