"""What is wrong is said at its cell, all of it at once, errors first."""

import datetime as dt

import pytest

from chunshui.ledgers.stage import stage
from chunshui.words import ERROR, NOTE, WARNING
from tests.ledgers.sheets import HEADER, errors, stage_places_and_projects

CELL_FAULTS = [
    ("A5", None, "此格为空"),
    ("A5", "N1", "与第4行重复（小区编号 N1）"),
    ("C4", "商圈", "“商圈”不在选项中"),
    ("C4", "小 区A", "“小 区A”不在选项中，是不是“小区”？"),
    ("D4", "古田路街道", "“古田路街道”不在街道名录中，是不是“古田街道”？"),
    ("D4:E4", "汉正街道", "“古一社区”属于古田街道，与本行街道不符"),
    ("D6:E6", None, "“新合社区”在几个街道都有：古田街道、汉正街道"),
    ("E4", "古一社区居委", "“古一社区居委”不在社区名录中，是不是“古一社区”？"),
    ("E4", "—", "此格为空"),
    ("F4", "约1985", "“约1985”是约数"),
    ("F4", "1980-1985", "“1980-1985”是区间"),
    ("F4", "八十年代", "“八十年代”不是数"),
    ("F4", "待定", "“待定”尚未确定"),
    ("F4", 19850, "“19850”超出范围（1900至2100）"),
    ("F4", dt.date(1985, 1, 1), "此格是日期1985-01-01"),
    ("F4", True, "“TRUE”不是数"),
    ("F4", "#REF!", "是错误值 #REF!"),
    ("F4", "=YEAR(A1)", "公式“=YEAR(A1)”没有保存计算结果"),
    ("G4", "可能", "“可能”不是 是 或 否"),
    ("G4", None, "此格为空"),
    ("H4", 30.5801, "“30.5801”像是经度、纬度填反"),
    ("H4", 12719000, "“12719000”超出范围（-180至180）"),
    ("H4", 116.4, "“116.4”不在本区附近"),
    ("I4", "见地图", "“见地图”不是经纬度"),
    ("B4", "长" * 201, "文字有201字，超过200字"),
    ("B4", "\ufffd\ufffd小区", "“\ufffd\ufffd小区”是乱码"),
]


@pytest.mark.parametrize(("cell", "value", "what"), CELL_FAULTS, ids=lambda v: str(v)[:20])
def test_a_fault_in_a_cell(rosters, cell, value, what):
    # Some faults are told at another cell of the row.
    spoilt, _, told = cell.partition(":")
    cell = told or spoilt

    def spoil(sheet):
        sheet[spoilt] = value

    staged = stage_places_and_projects(rosters, spoil)
    found = [error for error in errors(staged) if error[0] == "小区台账"]
    assert found == [("小区台账", cell, what)]
    # A fault in a neighbourhood is no fault of the project in it, unless its number is gone.
    assert all(sheet == "小区台账" for sheet, *_ in errors(staged))
    assert len(staged.tables["neighbourhood"]) == 3
    fates = staged.source_row["fate"].value_counts()
    assert fates["有错"] == 1
    issue = staged.errors[0]
    assert f"第{cell[1:]}行" in str(issue)
    assert f"（{cell}）" in str(issue)
    assert issue.column == HEADER["ABCDEFGHI".index(cell[0])]


PROJECT_FAULTS = [
    ("C2", "N9", "小区台账中没有“N9”"),
    ("C2", "N10", "小区台账中没有“N10”，是不是“N1”？"),
    ("H2", -3, "“-3”超出范围（不小于0栋）"),
    ("I2", 12.5, "“12.5”不是整数户"),
    ("I2", "112人", "“112人”的单位认不出"),
    ("I2", "1,2345", "“1,2345”不是数"),
    ("I2", "1O0", "“1O0”不是数"),
    ("I2", "35%", "“35%”是百分数"),
    ("J2", "1.2E+05", "“1.2E+05”是科学计数法，末位可能已丢失"),
    ("J2", "9" * 60, "“" + "9" * 40 + "…”不是数"),
    ("J2", 0.00001, "“1e-05”不是整数元"),
    ("J1", "计划总投资", "没有写明单位（共1格）"),
    ("J1", "计划总投资（美元）", "“美元”的单位认不出"),
]


@pytest.mark.parametrize(("cell", "value", "what"), PROJECT_FAULTS, ids=lambda v: str(v)[:20])
def test_a_fault_in_a_figure(rosters, cell, value, what):
    def spoil(sheet):
        sheet[cell] = value

    staged = stage_places_and_projects(rosters, projects=spoil)
    ((sheet, place, said),) = errors(staged)
    assert (sheet, said) == ("旧改项目台账", what)
    assert place == cell or cell.endswith("1")
    assert staged.tables["renovation_project"].empty


def test_all_faults_are_told_at_once(rosters):
    def spoil(sheet):
        for cell, value in {"A5": "N1", "F4": "约1985", "H6": 30.5, "E7": "无此社区"}.items():
            sheet[cell] = value

    staged = stage_places_and_projects(rosters, spoil)
    assert sorted(issue.cell for issue in staged.errors) == ["A5", "E7", "F4", "H6"]
    assert staged.tables["neighbourhood"].empty
    # The project's neighbourhood is there, though its row is wrong: no second error for it.
    assert {issue.sheet for issue in staged.errors} == {"小区台账"}


def test_one_row_may_have_several_faults(rosters):
    def spoil(sheet):
        sheet["F4"], sheet["G4"], sheet["I4"] = "约1985", "可能", "见地图"

    staged = stage_places_and_projects(rosters, spoil)
    assert [issue.cell for issue in staged.errors] == ["F4", "G4", "I4"]
    assert len(staged.tables["neighbourhood"]) == 3


@pytest.mark.parametrize("cell", ["A1", "A13"])
def test_synthetic_data_is_told_wherever_the_sheet_says_so(rosters, cell):
    staged = stage_places_and_projects(
        rosters, lambda sheet: sheet.__setitem__(cell, "注：演示数据，非真实统计")
    )
    (mixed,) = staged.errors  # the rosters beside it are real, and the two are never mixed
    assert "不能混在同一个版本里" in mixed.what
    natures = staged.source_file.set_index("ledger_id")["nature"]
    assert natures["neighbourhood"] == "演示"
    assert natures["renovation_project"] == "实有"


def test_progress_is_told(rosters):
    told = []
    stage(rosters, progress=lambda name, share: told.append((name, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_errors_come_before_warnings_and_notes(rosters):
    def spoil(sheet):
        sheet["J3"], sheet["A5"] = "多余", "N1"

    levels = [issue.severity for issue in stage_places_and_projects(rosters, spoil).issues]
    assert levels == sorted(levels, key=[ERROR, WARNING, NOTE].index)
