"""One good ledger, one fault put in: one error, at that cell, saying what and how to mend."""

import datetime as dt

import openpyxl
import pytest

from chunshui.ledgers.stage import stage
from chunshui.words import ERROR, NOTE, WARNING
from tests.ledgers import sample

TITLES = [["2026 年 10 月小区台账"], ["填报单位：区住更局"]]
HEADER = ["小区编号", "小区名称", "类别", "街道", "社区", "建成年份", "老旧小区", "经度", "纬度"]
ROWS = [
    ["N1", "古一小区", "小区", "古田街道", "古一社区", 1985, "是", 114.2201, 30.5801],
    ["N2", "古一东区", "小区", "古田街道", "古一社区", 1992, "是", 114.2202, 30.5802],
    ["N3", "新合小区", "小区", "古田街道", "新合社区", 2001, "否", 114.2203, 30.5803],
    ["N4", "汉正片区", "片区", "汉正街道", "新合社区", None, "否", 114.2204, 30.5804],
]
FOOT = [
    ["合计", None, None, None, None, None, 4],
    [],
    ["填表人：某某", None, "审核人：", "某某", "联系电话：", "83780000"],
    ["注：1.以上为台账数"],
    ["2.片区由数个小区合成"],
]

PROJECTS = ["项目编号", "项目名称", "小区编号", "街道", "社区", "类别", "计划年度", "楼栋数（栋）",
            "户数（户）", "计划总投资（万元）"]  # fmt: skip
PROJECT = ["X1", "古一改造", "N1", "古田街道", "古一社区", "完善类", 2025, 4, 112, 1234.5678]


def build(folder, change=lambda sheet: None, projects=lambda sheet: None):
    """Stage the folder with two ledgers in it, after `change` and `projects` had their sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows, spoil in (
        ("小区台账", [*TITLES, HEADER, *ROWS, *FOOT], change),
        ("旧改项目台账", [PROJECTS, PROJECT], projects),
    ):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        spoil(sheet)
    book.save(folder / "台账.xlsx")
    return stage(folder)


def errors(staged):
    return [
        (issue.sheet, issue.cell or (f"第 {issue.row} 行" if issue.row else ""), issue.what)
        for issue in staged.errors
    ]


def test_the_good_ledger_is_read_around_its_titles_and_footnotes(rosters):
    staged = build(rosters)
    assert errors(staged) == []
    assert [i for i in staged.issues if i.level == WARNING] == []
    table = staged.tables["neighbourhood"]
    assert table["neighbourhood_id"].to_list() == ["N1", "N2", "N3", "N4"]
    assert table["source_row"].to_list() == [4, 5, 6, 7]
    assert staged.tables["renovation_project"]["budget_yuan"].to_list() == [12_345_678]
    source = staged.source_file.set_index("ledger_id").loc["neighbourhood"]
    fates = staged.source_row[staged.source_row["source_id"] == source["source_id"]]["fate"]
    assert fates.to_list() == ["表头"] * 3 + ["合格"] * 4 + ["合计", "空行"] + ["脚注"] * 3
    assert (source["row_total"], source["row_used"]) == (12, 4)


CELL_FAULTS = [
    ("A5", None, "此格为空"),
    ("A5", "N1", "与第 4 行重复（小区编号 N1）"),
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
    ("F4", 19850, "“19850”超出范围（1900 至 2100）"),
    ("F4", dt.date(1985, 1, 1), "此格是日期 1985-01-01"),
    ("F4", True, "“TRUE”不是数"),
    ("F4", "#REF!", "公式结果为 #REF!"),
    ("F4", "=YEAR(A1)", "公式 =YEAR(A1) 没有保存计算结果"),
    ("G4", "可能", "“可能”不是 是 或 否"),
    ("G4", None, "此格为空"),
    ("H4", 30.5801, "“30.5801”像是经度、纬度填反"),
    ("H4", 12719000, "“12719000”超出范围（-180 至 180）"),
    ("H4", 116.4, "“116.4”不在本区附近"),
    ("I4", "见地图", "“见地图”不是经纬度"),
    ("B4", "长" * 201, "文字有 201 字，超过 200 字"),
    ("B4", "\ufffd\ufffd小区", "“\ufffd\ufffd小区”是乱码"),
]


@pytest.mark.parametrize(("cell", "value", "what"), CELL_FAULTS, ids=lambda v: str(v)[:20])
def test_a_fault_in_a_cell(rosters, cell, value, what):
    # Some faults are told at another cell of the row.
    spoilt, _, told = cell.partition(":")
    cell = told or spoilt

    def spoil(sheet):
        sheet[spoilt] = value

    staged = build(rosters, spoil)
    found = [error for error in errors(staged) if error[0] == "小区台账"]
    assert found == [("小区台账", cell, what)]
    # A fault in a neighbourhood is no fault of the project in it, unless its number is gone.
    assert all(sheet == "小区台账" for sheet, *_ in errors(staged))
    assert len(staged.tables["neighbourhood"]) == 3
    fates = staged.source_row["fate"].value_counts()
    assert fates["有错"] == 1
    issue = staged.errors[0]
    assert f"第 {cell[1:]} 行" in str(issue)
    assert f"（{cell}）" in str(issue)
    assert issue.column == HEADER["ABCDEFGHI".index(cell[0])]


PROJECT_FAULTS = [
    ("C2", "N9", "小区台账中没有“N9”"),
    ("C2", "N10", "小区台账中没有“N10”，是不是“N1”？"),
    ("H2", -3, "“-3”超出范围（不小于 0 栋）"),
    ("I2", 12.5, "“12.5”不是整数户"),
    ("I2", "112人", "“112人”的单位认不出"),
    ("I2", "1,2345", "“1,2345”不是数"),
    ("I2", "1O0", "“1O0”不是数"),
    ("I2", "35%", "“35%”是百分数"),
    ("J2", "1.2E+05", "“1.2E+05”是科学计数法，末位可能已丢失"),
    ("J2", "9" * 60, "“" + "9" * 40 + "…”不是数"),
    ("J2", 0.00001, "“1e-05”不是整数元"),
    ("J1", "计划总投资", "没有写明单位（共 1 格）"),
    ("J1", "计划总投资（美元）", "“美元”的单位认不出"),
]


@pytest.mark.parametrize(("cell", "value", "what"), PROJECT_FAULTS, ids=lambda v: str(v)[:20])
def test_a_fault_in_a_figure(rosters, cell, value, what):
    def spoil(sheet):
        sheet[cell] = value

    staged = build(rosters, projects=spoil)
    ((sheet, place, said),) = errors(staged)
    assert (sheet, said) == ("旧改项目台账", what)
    assert place == cell or cell.endswith("1")
    assert staged.tables["renovation_project"].empty


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

    staged = build(rosters, projects=change)
    assert errors(staged) == []
    assert staged.tables["renovation_project"]["budget_yuan"].to_list() == [yuan]


def test_the_unit_above_the_table_serves_a_header_without_one(rosters):
    def change(sheet):
        sheet["J1"] = "计划总投资"
        sheet.insert_rows(1)
        sheet["A1"] = "旧改项目台账　金额单位：万元"

    staged = build(rosters, projects=change)
    assert errors(staged) == []
    assert staged.tables["renovation_project"]["budget_yuan"].to_list() == [12_345_678]


def test_all_faults_are_told_at_once(rosters):
    def spoil(sheet):
        for cell, value in {"A5": "N1", "F4": "约1985", "H6": 30.5, "E7": "无此社区"}.items():
            sheet[cell] = value

    staged = build(rosters, spoil)
    assert sorted(issue.cell for issue in staged.errors) == ["A5", "E7", "F4", "H6"]
    assert staged.tables["neighbourhood"].empty
    # The project's neighbourhood is there, though its row is wrong: no second error for it.
    assert {issue.sheet for issue in staged.errors} == {"小区台账"}


def test_one_row_may_have_several_faults(rosters):
    def spoil(sheet):
        sheet["F4"], sheet["G4"], sheet["I4"] = "约1985", "可能", "见地图"

    staged = build(rosters, spoil)
    assert [issue.cell for issue in staged.errors] == ["F4", "G4", "I4"]
    assert len(staged.tables["neighbourhood"]) == 3


def test_other_names_of_a_place_are_read_and_said(rosters):
    def change(sheet):
        sheet["D4"], sheet["E4"] = "古田街", "古一社区居民委员会"
        sheet["D5"], sheet["E5"] = 420104001, "420104001001"
        sheet["D6"], sheet["E6"] = "古田街道办事处", "新合"
        sheet["E7"] = " 新 合 社 区 "

    staged = build(rosters, change)
    assert errors(staged) == []
    codes = staged.tables["neighbourhood"]["community_code"].to_list()
    assert codes == ["420104001001", "420104001001", "420104001002", "420104002001"]
    notes = [i.what for i in staged.issues if i.level == NOTE and i.sheet]
    assert notes == ["读作 古田街道（共 2 格，首见于此）", "读作 古一社区", "读作 新合社区"]


def test_a_street_may_be_left_out_where_the_community_is_certain(rosters):
    def change(sheet):
        sheet["D4"] = None

    staged = build(rosters, change)
    assert errors(staged) == []
    assert staged.tables["neighbourhood"]["community_code"].iloc[0] == "420104001001"


def test_street_and_community_merged_down_are_filled_in(rosters):
    def change(sheet):
        sheet.merge_cells("D4:D6")
        sheet.merge_cells("E4:E5")

    staged = build(rosters, change)
    assert errors(staged) == []
    assert len(staged.tables["neighbourhood"]) == 4


def test_any_other_merged_cell_is_refused(rosters):
    staged = build(rosters, lambda sheet: sheet.merge_cells("F4:F5"))
    assert ("小区台账", "F4", "F4:F5 是合并单元格，不知各行各填什么") in errors(staged)
    assert len(staged.tables["neighbourhood"]) == 2


def test_a_merged_title_and_total_are_no_fault(rosters):
    def change(sheet):
        sheet.merge_cells("A1:I1")
        sheet.merge_cells("A8:C8")

    assert errors(build(rosters, change)) == []


def test_a_hidden_row_with_data_is_refused(rosters):
    def change(sheet):
        sheet.row_dimensions[6].hidden = True

    staged = build(rosters, change)
    assert errors(staged) == [("小区台账", "第 6 行", "第 6 行被隐藏但有数据")]


def test_a_header_printed_again_is_no_data(rosters):
    def change(sheet):
        sheet.insert_rows(6)
        for at, header in enumerate(HEADER, start=1):
            sheet.cell(6, at, header)

    staged = build(rosters, change)
    assert errors(staged) == []
    assert staged.tables["neighbourhood"]["source_row"].to_list() == [4, 5, 7, 8]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda sheet: sheet.__setitem__("G3", "新旧"), "缺少列“老旧小区”"),
        (lambda sheet: sheet.__setitem__("J3", "类别"), "列“类别”出现 2 次"),
        (lambda sheet: sheet.delete_rows(3), "没有找到表头"),
        (lambda sheet: sheet.__setitem__("H3", "经度（西安80坐标）"),
         "坐标系“西安80坐标”不是 WGS-84、CGCS2000、GCJ-02、BD-09 经纬度"),
        (lambda sheet: sheet.__setitem__("B2", "坐标系：EPSG:4547"),
         "坐标系“EPSG:4547”不是 WGS-84、CGCS2000、GCJ-02、BD-09 经纬度"),
    ],
)  # fmt: skip
def test_a_fault_in_the_head(rosters, change, what):
    staged = build(rosters, change)
    assert [error[2] for error in errors(staged) if error[0] == "小区台账"] == [what]
    assert staged.tables["neighbourhood"].empty


def test_cgcs2000_is_taken_as_it_is(rosters):
    staged = build(rosters, lambda sheet: sheet.__setitem__("B2", "坐标系：CGCS2000"))
    assert errors(staged) == []
    crs = staged.source_file.set_index("ledger_id")["crs"]
    assert crs["neighbourhood"] == "CGCS2000"
    assert crs["street"] == "WGS-84"


def test_a_column_may_state_the_coordinate_system_row_by_row(rosters):
    def change(sheet):
        sheet["J3"] = "坐标系"
        for row, system in zip(range(4, 8), ("WGS84", "西安80", "CGCS2000", None), strict=True):
            sheet.cell(row, 10, system)

    staged = build(rosters, change)
    assert [issue.cell for issue in staged.errors] == ["H5"]
    assert "西安80" in staged.errors[0].what


@pytest.mark.parametrize("cell", ["A1", "A13"])
def test_synthetic_data_is_told_wherever_the_sheet_says_so(rosters, cell):
    staged = build(rosters, lambda sheet: sheet.__setitem__(cell, "注：演示数据，非真实统计"))
    (mixed,) = staged.errors  # the rosters beside it are real, and the two are never mixed
    assert "不能混在同一个版本里" in mixed.what
    natures = staged.source_file.set_index("ledger_id")["nature"]
    assert natures["neighbourhood"] == "演示"
    assert natures["renovation_project"] == "实有"


def test_brackets_in_a_header_may_hold_no_unit(rosters):
    staged = build(rosters, projects=lambda sheet: sheet.__setitem__("I1", "户数（必填）"))
    assert errors(staged) == []


def test_unknown_columns_are_named_and_not_read(rosters):
    def change(sheet):
        sheet["J3"], sheet["K3"], sheet["L3"] = "办公电话", "网格长", "备注"
        sheet["J4"], sheet["K4"] = "83780001", "社区专干"

    staged = build(rosters, change)
    assert errors(staged) == []
    (warning,) = [issue for issue in staged.issues if issue.level == WARNING]
    assert warning.what == "多出的列没有读入：办公电话、网格长"
    assert "办公电话" not in staged.tables["neighbourhood"].columns
    # Nor do they slip in with the raw rows, nor do the names under the table.
    kept = " ".join(staged.source_row["raw"])
    assert "古一小区" in kept
    assert "83780001" not in kept
    assert "某某" not in kept


def test_a_missing_roster_is_one_error(tmp_path):
    staged = build(tmp_path)
    said = [issue for issue in staged.errors if issue.what.startswith("没有可用的")]
    assert [issue.file for issue in said] == ["街道名录", "社区名录"]
    assert said == staged.errors
    assert staged.tables["neighbourhood"].empty


def test_a_missing_ledger_referred_to_is_one_error(rosters):
    sample.workbook(
        rosters / "项目.xlsx", {"旧改项目台账": [PROJECTS, PROJECT, ["X2", *PROJECT[1:]]]}
    )
    staged = stage(rosters)
    assert [issue.what for issue in staged.errors] == ["没有可用的小区台账，无法核对小区编号"]


def test_rules_over_several_columns(rosters):
    header = ["组织编号", "组织名称", "层级", "街道", "社区", "成立日期", "撤销日期"]
    rows = [
        ["C1", "古田大工委", "街道大工委", "古田街道", None, "2020-01-01", None],
        ["C2", "古一大党委", "社区大党委", "古田街道", None, "2020-01-01", None],
        ["C3", "新合大党委", "社区大党委", "汉正街道", "新合社区", "2020-01-01", "2019-01-01"],
    ]
    sample.workbook(rosters / "a.xlsx", {"大工委大党委台账": [header, *rows]})
    staged = stage(rosters)
    assert errors(staged) == [
        ("大工委大党委台账", "G4", "撤销日期不晚于成立日期"),
        ("大工委大党委台账", "E3", "层级与社区对不上"),
    ]
    assert len(staged.tables["party_committee"]) == 1


def test_one_ledger_in_several_files_is_one_table(rosters):
    sample.workbook(rosters / "古田.xlsx", {"小区台账": [HEADER, *ROWS[:3]]})
    sample.workbook(rosters / "汉正.xlsx", {"小区台账": [HEADER, ROWS[3], ROWS[0]]})
    staged = stage(rosters)
    (error,) = staged.errors
    assert (error.file, error.cell) == ("汉正.xlsx", "A3")
    assert error.what == "与《古田.xlsx》小区台账第 2 行重复（小区编号 N1）"
    assert len(staged.tables["neighbourhood"]) == 4


def test_progress_is_told(rosters):
    told = []
    stage(rosters, progress=lambda name, share: told.append((name, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_errors_come_before_warnings_and_notes(rosters):
    def spoil(sheet):
        sheet["J3"], sheet["A5"] = "多余", "N1"

    levels = [issue.level for issue in build(rosters, spoil).issues]
    assert levels == sorted(levels, key=[ERROR, WARNING, NOTE].index)
