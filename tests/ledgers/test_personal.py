"""Personal data: the file is refused and nothing of it repeated."""

import re

import pytest
from openpyxl.comments import Comment

from chunshui.ledgers import personal
from chunshui.ledgers.stage import stage
from chunshui.words import ERROR
from tests.ledgers import sample
from tests.ledgers.sheets import GRIDS, HEADER, ROWS, bare, errors, grid, stage_places_and_projects

IDENTITY, MOBILE = "110101190001011009", "13800000000"

PERSONS = [
    ("B4", IDENTITY, "身份证号"),
    ("B4", f"产权人证号{IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}待核", "身份证号"),
    ("B4", IDENTITY.translate(str.maketrans("0123456789", "０１２３４５６７８９")), "身份证号"),
    ("F4", float(IDENTITY[:15] + "000"), "疑似身份证号（末位已被改写）"),
    ("B4", "联系 138 0000 0000", "手机号"),
    ("F4", 13800000000, "手机号"),
    ("B4", "１３８００００００００", "手机号"),
    ("B4", "+86-138-0000-0000", "手机号"),
    ("A1", "小区台账　报送人 13800000000", "手机号"),
    ("G13", "13800000000", "手机号"),
]


@pytest.mark.parametrize(("cell", "value", "kind"), PERSONS, ids=lambda v: str(v)[:16])
def test_personal_data_refuses_the_file_and_is_not_repeated(rosters, cell, value, kind):
    staged = stage_places_and_projects(rosters, lambda sheet: sheet.__setitem__(cell, value))
    assert errors(staged) == [("小区台账", cell, f"含{kind}，整个文件不予入库")]
    said = " ".join(str(issue) + issue.value for issue in staged.issues)
    for form in (str(value), IDENTITY, "13800000000", "138 0000"):
        assert form not in said
    assert (
        not staged.readings.astype(str)
        .map(lambda text: "138" in text or IDENTITY in text)
        .any()
        .any()
    )


@pytest.mark.parametrize(
    ("header", "value", "found"),
    [
        ("户主姓名", "王小明", True), ("姓名", "欧阳娜娜", True), ("信访人", "李 四", True),
        ("网格长", "张三丰", True), ("联系人", "陈某某", False), ("网格长", "社区书记", False),
        ("包保岗位", "张三丰", True), ("包保岗位", "支部书记岗", False),
        ("姓名", "某某", False), ("负责人", "区住更局", False), ("项目负责部门", "王家墩", False),
        ("备注", "王小明", False),
    ],
)  # fmt: skip
def test_names_in_a_column_of_names(rosters, header, value, found):
    def change(sheet):
        sheet["J3"], sheet["J4"] = header, value

    staged = stage_places_and_projects(rosters, change)
    wanted = [("小区台账", "J4", "含个人姓名，整个文件不予入库")] if found else []
    assert errors(staged) == wanted
    assert not found or value not in " ".join(map(str, staged.issues))


def test_personal_data_is_found_in_sheets_that_are_not_read(rosters):
    sample.workbook(
        rosters / "a.xlsx",
        {"小区台账": [HEADER, *ROWS], "通讯录": [["姓名", "电话"], ["王小明", "13800000000"]]},
    )
    staged = stage(rosters)
    assert errors(staged) == [
        ("通讯录", "A2", "含个人姓名，整个文件不予入库"),
        ("通讯录", "B2", "含手机号，整个文件不予入库"),
    ]


@pytest.mark.parametrize(
    "innocent",
    [
        "420104001001", 420104001001, 3_490_000_000, "34.9亿", "P20250331001", "114.270012",
        "12345678901", "项目编号 2025-420104-13-871234567", "2025年10月31日", "12719012345",
        "20250331123456789", "027-83781234", "914201040000000000", "L13800000000", 1.5e12,
        "420104198502301234",
    ],
)  # fmt: skip
def test_innocent_numbers_are_no_persons(innocent):
    assert personal.holds(innocent) is None


def test_many_cells_are_told_a_few_by_one_and_the_rest_counted(rosters):
    rows = [[f"N{n}", "13800000000", "小区", "古田街道", "古一社区", 1990, "是", 114.21, 30.58]
            for n in range(40)]  # fmt: skip
    sample.workbook(rosters / "a.xlsx", {"小区台账": [HEADER, *rows]})
    found = [issue for issue in stage(rosters).issues if issue.severity == ERROR]
    assert len(found) == personal.SHOWN + 1
    assert found[-1].what == "本列另有10格含手机号"


def in_a_comment(book):
    book["网格台账"]["B2"].comment = Comment(f"身份证 {IDENTITY}", "某某")


def in_the_footer(book):
    book["网格台账"].oddFooter.center.text = f"联系 {MOBILE}"


def left_over(path):
    bare(path, "<row><c><v>1</v></c></row>", f"<si><t>{MOBILE}</t></si>")


def test_what_no_cell_shows_any_more_is_looked_at(read):
    staged = read(None, raw=left_over)
    assert [what for *_, what in errors(staged)] == ["残留的文字含手机号，整个文件不予入库"]
    assert MOBILE not in " ".join(map(str, staged.issues))


@pytest.mark.parametrize(
    ("name", "head", "change", "cell", "what"),
    [
        ("网格台账", None, in_a_comment, "B2", "批注含身份证号"),
        ("网格台账", None, in_the_footer, "", "页眉页脚含手机号"),
        (f"网格台账{MOBILE}", None, None, "", "表名含手机号"),
        ("网格台账", f"联系人{MOBILE}", None, "J1", "含手机号"),
    ],
)
def test_persons_outside_the_cells(read, name, head, change, cell, what):
    staged = read({name: [[*GRIDS, head], grid(1)]}, change or (lambda book: None))
    assert [(at, issue_texts) for _, at, issue_texts in errors(staged)] == [
        (cell, f"{what}，整个文件不予入库")
    ]
    told = " ".join(str(issue) + issue.value for issue in staged.issues)
    for frame in (staged.source_file, staged.source_row, staged.readings):
        told += frame.to_string()
    assert not re.search(f"{IDENTITY}|{MOBILE}", told)


def test_a_file_named_after_a_person_is_not_opened(read):
    staged = read({"网格台账": [GRIDS, grid(1)]}, name=f"{IDENTITY}.xlsx")
    assert errors(staged)[0][2] == "有一个文件的名字含身份证号，整个文件不予入库"
    assert IDENTITY not in " ".join(map(str, staged.issues))


def test_who_filled_in_the_ledger_is_not_kept(read):
    rows = [["区民政局 填报人：王小明"], GRIDS, grid(1), ["数据已核", "复核：李大为"]]
    staged = read({"网格台账": rows})
    assert not staged.source_row["raw"].str.contains("王小明|李大为").any()
