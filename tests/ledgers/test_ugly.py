"""Ledgers as street offices keep them: heads of several rows, totals, interpreted cells, persons."""

import datetime as dt

import openpyxl
import pytest

from chunshui.ledgers import personal
from chunshui.ledgers.stage import stage
from chunshui.words import ERROR, NOTE, WARNING
from tests.ledgers import sample
from tests.ledgers.test_faults import HEADER, PROJECTS, ROWS, errors

HEAD = [
    ["古田街道老旧小区改造情况表"],
    ["填报单位：古田街道办事处", None, None, None, None, None, "2026年10月"],
    ["序号", "项目编号", "项目名称", "小区编号", "所属街道", "社区", "类别", "计划年度", "规模",
     None, "资金（万元）"],
    [None, None, None, None, None, None, None, None, "楼栋数", "户数", "计划总投资"],
    [None, None, None, None, None, None, None, None, "（栋）", "（户）", None],
    ["甲", "乙", 1, 2, 3, 4, 5, 6, 7, 8, 9],
]  # fmt: skip
PROJECTS_ROWS = [
    [1, "X1", "古一改造", "N1", "古田街道", "古一社区", "完善类", 2025, 4, "112户", "1,234.5678"],
    [2, "X2", "古一东改造", "N2", None, "古一社区居民委员会", "基础类", "２０２５", 2, "五十六", 600],
    [None, "小计", None, None, None, None, None, None, 6, 168, 1834.5678],
    [3, "X3", "新合改造", "N3", None, "新合社区", "提升类", 2026, 3, 90, "0.08亿"],
    ["合    计", None, None, None, None, None, None, None, 9, 258, 2634.57],
    ["填表人：某某", None, None, None, "审核人：某某", None, None, None, "联系电话：", 83780000],
]  # fmt: skip


def write(folder, change=lambda sheet: None, merged=True, name="旧改项目台账"):
    book = openpyxl.Workbook()
    places = book.active
    places.title = "小区台账"
    for row in (HEADER, *ROWS):
        places.append(row)
    sheet = book.create_sheet(name)
    for row in (*HEAD, *PROJECTS_ROWS):
        sheet.append(row)
    if merged:
        for area in ("A1:K1", "I3:J3", *(f"{c}3:{c}5" for c in "ABCDEFGH"), "K4:K5", "E7:E10"):
            sheet.merge_cells(area)
    else:
        for row in (8, 10):
            sheet.cell(row, 5).value = "古田街道"
    change(sheet)
    book.save(folder / "旧改.xlsx")
    return stage(folder)


@pytest.mark.parametrize("merged", [True, False])
def test_a_head_of_several_rows_is_one_header(rosters, merged):
    staged = write(rosters, merged=merged)
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
        write(rosters)
        sample.workbook(rosters / "资金.xlsx", {"旧改资金台账": head})
        staged = stage(rosters)
        assert errors(staged) == []
        (row,) = staged.tables["investment"].to_dict("records")
        paid = row["planned_yuan"], row["allocated_yuan"], row["paid_yuan"]
        assert paid == (1_000_000, 500_000, 250_000)


@pytest.mark.parametrize(
    ("cell", "value", "what"),
    [
        ("J11", 8000, "合计行写 8,000户，各行相加为 258户，差 7,742"),
        ("K11", 2634.5, "合计行写 26,345,000元，各行相加为 26,345,678元，差 -678"),
        ("J9", 160, "小计行写 160户，各行相加为 168户，差 -8"),
        ("I11", "九栋左右", "合计行“九栋左右”不是数"),
    ],
)
def test_a_total_that_is_not_the_sum_is_an_error_at_its_cell(rosters, cell, value, what):
    staged = write(rosters, lambda sheet: sheet.__setitem__(cell, value))
    assert errors(staged) == [("旧改项目台账", cell, what)]
    assert len(staged.tables["renovation_project"]) == 3, "the rows themselves are good"


@pytest.mark.parametrize("total", [2634.57, "2634.6", "2,635万元", 2634.5678])
def test_a_rounded_total_is_the_sum(rosters, total):
    staged = write(rosters, lambda sheet: sheet.__setitem__("K11", total))
    assert errors(staged) == (
        []
        if total != "2,635万元"
        else [("旧改项目台账", "K11", "合计行写 26,350,000元，各行相加为 26,345,678元，差 4,322")]
    )


def test_a_total_is_not_held_against_cells_that_could_not_be_read(rosters):
    staged = write(rosters, lambda sheet: sheet.__setitem__("J7", "约112"))
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


def test_every_interpreted_cell_is_kept_with_what_it_was_read_as(rosters):
    staged = write(rosters)
    read = {row.cell: (row.raw, row.value, row.why) for row in staged.readings.itertuples()
            if row.sheet == "旧改项目台账"}  # fmt: skip
    assert read["J7"] == ("112户", "112户", "数后带单位")
    assert read["K7"] == ("1,234.5678", "12,345,678元", "千分位、单位换算：1 为 10,000 元")
    assert read["H8"] == ("２０２５", "2,025", "全角数字")
    assert read["J8"] == ("五十六", "56户", "中文数字")
    assert read["K8"] == ("600", "6,000,000元", "单位换算：1 为 10,000 元")
    assert read["K10"] == ("0.08亿", "8,000,000元", "万、亿")
    assert read["F8"] == ("古一社区居民委员会", "古一社区", "名录中的正式写法")
    assert "J10" not in read, "a plain number is no interpretation"


def test_dates_formulas_and_blanks_are_among_the_interpreted_cells(rosters):
    head = ["支部编号", "支部名称", "街道", "社区", "成立日期", "撤销日期"]
    rows = [
        ["Z1", "甲　支部 ", "古田街道", "古一社区", "2020年3月5日", "—"],
        ["Z2", "乙支部", "古田街道", "古一社区", 43831, None],
        ["Z3", "丙支部", "古田街道", "古一社区", dt.date(2020, 1, 1), None],
    ]
    sample.workbook(rosters / "a.xlsx", {"党支部台账": [head, *rows]})
    staged = stage(rosters)
    assert errors(staged) == []
    read = [(row.cell, row.value, row.why) for row in staged.readings.itertuples()]
    assert sorted(read) == [
        ("B2", "甲 支部", "去掉多余空白或全角字符"),
        ("E2", "2020-03-05", "日期写法"),
        ("E3", "2020-01-01", "Excel 日期序号"),
        ("F2", "空", "此写法视为空"),
    ]


def test_a_formula_cell_gives_its_saved_result_and_is_flagged(rosters):
    from tests.ledgers.test_files import rewrite

    write(rosters, merged=False)
    part = "xl/worksheets/sheet2.xml"
    cell = b'<c r="J10"><f>45*2</f><v>90</v></c>'
    rewrite(
        rosters / "旧改.xlsx",
        part,
        lambda xml: xml.replace(b'<c r="J10" t="n"><v>90</v></c>', cell),
    )
    staged = stage(rosters)
    assert errors(staged) == []
    notes = [(i.cell, i.what) for i in staged.issues if i.level == NOTE and "公式" in i.what]
    assert notes == [("J10", "此格是公式，采用文件里保存的结果")]
    assert "公式，采用保存的结果" in set(staged.readings["why"])


@pytest.mark.parametrize("stated", ["GCJ-02", "BD-09"])
def test_coordinates_stated_in_another_system_are_converted_and_said(rosters, stated):
    from chunshui import coordinates

    rows = [list(row) for row in ROWS]
    for row in rows:
        moved = coordinates.from_wgs84([row[7]], [row[8]], stated)
        row[7:] = [float(axis[0]) for axis in moved]
    sample.workbook(rosters / "a.xlsx", {"小区台账": [[f"坐标系：{stated}"], HEADER, *rows]})
    staged = stage(rosters)
    assert errors(staged) == []
    table = staged.tables["neighbourhood"]
    assert table["lon"].to_list() == pytest.approx([row[7] for row in ROWS], abs=2e-7)
    assert table["lat"].to_list() == pytest.approx([row[8] for row in ROWS], abs=2e-7)
    assert [i.what for i in staged.issues if "换算" in i.what] == [
        f"坐标由 {stated} 换算成 WGS-84（共 4 处）"
    ]
    assert (staged.readings["why"] == f"{stated} 换算成 WGS-84").sum() == 8
    assert staged.source_file.set_index("ledger_id")["crs"]["neighbourhood"] == stated


def test_codes_that_lost_their_leading_zeros(rosters):
    rows = [list(row) for row in ROWS]
    for row, code in zip(rows, ("0101", "0102", 103, "0104"), strict=True):
        row[0] = code
    sample.workbook(rosters / "a.xlsx", {"小区台账": [HEADER, *rows]})
    staged = stage(rosters)
    assert errors(staged) == [("小区台账", "A4", "“103”只有 3 位，应为 4 位，像是丢了前面的零")]


# ------------------------------------------------------------------------------ personal data

# Made up: areas that exist, check characters that fit, nobody's.
IDENTITY = "110101190001011009"
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
    from tests.ledgers.test_faults import build

    staged = build(rosters, lambda sheet: sheet.__setitem__(cell, value))
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
        ("姓名", "某某", False), ("负责人", "区住更局", False), ("项目负责部门", "王家墩", False),
        ("备注", "王小明", False),
    ],
)  # fmt: skip
def test_names_in_a_column_of_names(rosters, header, value, found):
    def change(sheet):
        sheet["J3"], sheet["J4"] = header, value

    from tests.ledgers.test_faults import build

    staged = build(rosters, change)
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
    found = [issue for issue in stage(rosters).issues if issue.level == ERROR]
    assert len(found) == personal.SHOWN + 1
    assert found[-1].what == "本列另有 10 格含手机号"


def test_warnings_of_a_total_whose_formula_was_never_saved(rosters):
    staged = write(rosters, lambda sheet: sheet.__setitem__("J11", "=SUM(J7:J10)"))
    assert errors(staged) == []
    assert [(i.cell, i.what) for i in staged.issues if i.level == WARNING] == [
        ("J11", "合计行的公式没有保存计算结果，未能核对")
    ]
