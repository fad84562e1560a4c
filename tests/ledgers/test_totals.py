"""合计, 小计 and 总计: held against the sum of the rows they stand for."""

import pytest

from chunshui.ledgers.stage import stage
from chunshui.words import NOTE, WARNING
from tests.ledgers import sample
from tests.ledgers.sheets import (
    HEADER,
    PLACES,
    PROJECTS,
    ROWS,
    errors,
    project,
    row_kinds,
    stage_projects,
)


@pytest.mark.parametrize(
    ("cell", "value", "what"),
    [
        ("J11", 8000, "合计行写8,000户，各行相加为258户，差7,742"),
        ("K11", 2634.5, "合计行写26,345,000元，各行相加为26,345,678元，差-678"),
        ("J9", 160, "小计行写160户，各行相加为168户，差-8"),
        ("I11", "九栋左右", "合计行“九栋左右”不是数"),
    ],
)
def test_a_total_that_is_not_the_sum_is_an_error_at_its_cell(rosters, cell, value, what):
    staged = stage_projects(rosters, lambda sheet: sheet.__setitem__(cell, value))
    assert errors(staged) == [("旧改项目台账", cell, what)]
    assert len(staged.tables["renovation_project"]) == 3, "the rows themselves are good"


@pytest.mark.parametrize("total", [2634.57, "2634.6", "2,635万元", 2634.5678])
def test_a_rounded_total_is_the_sum(rosters, total):
    staged = stage_projects(rosters, lambda sheet: sheet.__setitem__("K11", total))
    assert errors(staged) == (
        []
        if total != "2,635万元"
        else [("旧改项目台账", "K11", "合计行写26,350,000元，各行相加为26,345,678元，差4,322")]
    )


def test_a_total_is_not_held_against_cells_that_could_not_be_read(rosters):
    staged = stage_projects(rosters, lambda sheet: sheet.__setitem__("J7", "约112"))
    assert [error[1:] for error in errors(staged)] == [("J7", "“约112”是约数")]


def test_a_total_on_top_stands_for_the_rows_below(rosters):
    rows = [PROJECTS, ["合计", *[None] * 6, 5, 200, 300], ["X1", "甲", "N1", None, "古一社区",
            "完善类", 2025, 2, 80, 100], ["X2", "乙", "N1", None, "古一社区", "完善类", 2025, 3,
            120, 200]]  # fmt: skip
    sample.workbook(rosters / "a.xlsx", {"小区台账": [HEADER, *ROWS], "旧改项目台账": rows})
    assert errors(stage(rosters)) == []


def test_a_subtotal_named_after_its_street_is_no_data(rosters):
    rows = [
        PROJECTS,
        ["X1", "甲", "N1", None, "古一社区", "完善类", 2025, 2, 80, 100],
        [None, None, None, "古田街道小计", None, None, None, 2, 80, 100],
        [None, None, None, "合计：", None, None, None, 2, 80, 100],
    ]
    sample.workbook(rosters / "a.xlsx", {"小区台账": [HEADER, *ROWS], "旧改项目台账": rows})
    staged = stage(rosters)
    assert errors(staged) == []
    assert staged.source_row["fate"].value_counts()["合计"] == 2


def test_warnings_of_a_total_whose_formula_was_never_saved(rosters):
    staged = stage_projects(rosters, lambda sheet: sheet.__setitem__("J11", "=SUM(J7:J10)"))
    assert errors(staged) == []
    assert [(i.cell, i.what) for i in staged.issues if i.severity == WARNING] == [
        ("J11", "合计行的公式没有保存计算结果，未能核对")
    ]


def projects_with_totals(*rows):
    return {**PLACES, "旧改项目台账": [["序号", *PROJECTS], *rows]}


def total(word, households, money=None, count=None):
    return [word, count, *[None] * 7, households, money]


NESTED = [
    [1, *project(1)], total("古一社区小计", 100), [2, *project(2)], total("新合社区小计", 200, 200),
    total("古田街道小计", 300), [3, *project(3)], total("汉正街道小计", 300, 300),
    total("总 计（3个）", 600, 600, 3), total("其中：完善类", 600), total("其中：提升类", 0),
]  # fmt: skip


def test_totals_within_totals(read):
    staged = read(projects_with_totals(*NESTED))
    assert errors(staged) == []
    assert row_kinds(staged, "renovation_project")[8:] == ["合计"] * 3
    assert [i.what for i in staged.issues if i.severity == NOTE and "其中" in i.what] == [
        "“其中”行没有计入，也没有核对（共2行）"
    ]


@pytest.mark.parametrize(
    ("row", "households"), [(3, 99), (5, 300), (6, 299), (8, 301), (9, 300), (9, 500)]
)  # 300 is the sum of the last group only
def test_a_wrong_total_within_totals(read, row, households):
    rows = [list(one) for one in NESTED]
    rows[row - 2][9] = households
    staged = read(projects_with_totals(*rows))
    assert [cell for _, cell, _ in errors(staged)] == [f"J{row}"]


def test_the_one_total_of_all_is_not_that_of_the_last_group(read):
    rows = [
        [1, *project(1)],
        total("小计", 100),
        [2, *project(2)],
        total("小计", 200),
        total("合计", 200),
    ]
    assert [cell for _, cell, _ in errors(read(projects_with_totals(*rows)))] == ["J6"]
