"""What only the rows of a ledger, or several ledgers together, can show."""

from chunshui.ledgers.stage import stage
from tests.ledgers import sample
from tests.ledgers.sheets import HEADER, PROJECT, PROJECTS, ROWS, errors, stage_places_and_projects


def test_a_missing_roster_is_one_error(tmp_path):
    staged = stage_places_and_projects(tmp_path)
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
    assert error.what == "与《古田.xlsx》小区台账第2行重复（小区编号 N1）"
    assert len(staged.tables["neighbourhood"]) == 4


def test_codes_that_lost_their_leading_zeros(rosters):
    rows = [list(row) for row in ROWS]
    for row, code in zip(rows, ("0101", "0102", 103, "0104"), strict=True):
        row[0] = code
    sample.workbook(rosters / "a.xlsx", {"小区台账": [HEADER, *rows]})
    staged = stage(rosters)
    assert errors(staged) == [("小区台账", "A4", "“103”只有3位，应为4位，像是丢了前面的零")]


def test_a_rule_points_at_the_cell_that_was_left_empty(read):
    entries = [
        ["收支编号", "入账日期", "收支", "街道", "社区", "主题", "五社要素", "用途", "金额（元）"],
        ["J1", "2025-07-01", "支出", None, "古一社区", None, "社区", "敬老餐", 100],
        ["J2", "2025-07-01", "支出", "古田街道", None, "一老一小", "社区", "敬老餐", 100],
    ]
    opinions = [
        ["事项编号", "社区", "来源渠道", "类别", "受理日期", "应办结日期", "办结日期", "办结层级"],
        ["Y1", "古一社区", "议事会", "停车", "2026-3-2", "2026-3-9", "2026-3-5", None],
        ["Y2", "古一社区", "议事会", "停车", "2026-3-2", "2026-3-9", None, "社区"],
    ]
    staged = read({"社区基金台账": entries, "民情台账": opinions})
    assert sorted(error[:2] for error in errors(staged)) == [
        ("民情台账", "G3"), ("民情台账", "H2"), ("社区基金台账", "E3"), ("社区基金台账", "F2"),
    ]  # fmt: skip


def test_a_row_may_name_another_of_its_ledger_and_no_other(read):
    """Wherever in the ledger the row that is named stands; a number that no row has is refused."""
    opinions = [
        ["事项编号", "社区", "来源渠道", "类别", "受理日期", "应办结日期", "重复件原编号"],
        ["Y1", "古一社区", "议事会", "停车", "2026-3-2", "2026-3-9", "Y3"],
        ["Y2", "古一社区", "议事会", "停车", "2026-3-2", "2026-3-9", "Y4"],
        ["Y3", "古一社区", "议事会", "停车", "2026-3-2", "2026-3-9", None],
    ]
    (one,) = errors(read({"民情台账": opinions}))
    assert one[:2] == ("民情台账", "G3") and "Y4" in str(one)
