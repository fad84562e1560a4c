"""Uglier ledgers: what street offices' workbooks have been seen to do, each with what must happen.

The rows are made by `grid`, `project` and their like, so that a test shows only what is ugly.
"""

import datetime as dt
import io
import json
import re
import zipfile

import openpyxl
import pytest
import shapely
from openpyxl.comments import Comment

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats import maps as map_files
from chunshui.ledgers.formats import workbook
from chunshui.ledgers.formats.shapefile import read_shapefile
from chunshui.ledgers.out.annotated import FILLS, annotate
from chunshui.ledgers.stage import stage
from chunshui.words import ERROR, NOTE, WARNING
from tests.ledgers import sample
from tests.ledgers.test_child import shapefile
from tests.ledgers.test_faults import HEADER, PROJECTS, ROWS, errors
from tests.ledgers.test_files import rewrite

GRIDS = [
    "网格编号",
    "网格名称",
    "街道",
    "社区",
    "户数（户）",
    "设立日期",
    "撤并日期",
    "经度",
    "纬度",
]
BRANCHES = ["支部编号", "支部名称", "街道", "社区", "成立日期", "撤销日期"]
PLACES = {"小区台账": [HEADER, *ROWS]}


def grid(number, **change):
    row = {
        "id": f"WG{number:03d}", "name": f"第{number}网格", "street": "古田街道", "place": "古一社区",
        "households": 300 + number, "since": "2021-03-01", "until": None,
        "lon": 114.21, "lat": 30.5712,
    }  # fmt: skip
    return list({**row, **change}.values())


def project(number, **change):
    row = {
        "id": f"XM{number}", "name": f"改造{number}", "where": "N1", "street": "古田街道",
        "place": "古一社区", "kind": "完善类", "year": 2025, "buildings": number,
        "households": 100 * number, "money": 100 * number,
    }  # fmt: skip
    return list({**row, **change}.values())


def branch(number, since):
    return [f"ZB{number}", f"第{number}支部", "古田街道", "古一社区", since, None]


@pytest.fixture(scope="module")
def maps(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    plan = {name: ids for name, ids in sample.PLAN.items() if name.endswith("geojson")}
    sample.write(sample.tables(), folder, demonstration=False, plan=plan)
    return [(path, path.name) for path in folder.iterdir() if "屏障" not in path.name]


@pytest.fixture
def read(maps, tmp_path):
    """Write sheets to a workbook, `change` the book, stage it beside the maps; fates must add up."""

    def staged_of(sheets, change=lambda book: None, raw=None, name="台账.xlsx"):
        path = tmp_path / name
        if sheets is not None:
            book = openpyxl.load_workbook(sample.workbook(path, sheets))
            change(book)
            book.save(path)
        if raw is not None:
            raw(path)
        staged = stage([*maps, (path, name)])
        for source in staged.source_file.to_dict("records"):
            rows = staged.source_row[staged.source_row["source_id"] == source["source_id"]]
            assert rows["row_no"].to_list() == list(range(1, source["row_total"] + 1))
            assert (rows["fate"] == "合格").sum() == source["row_used"]
        return staged

    return staged_of


def fates(staged, ledger):
    source = staged.source_file.set_index("ledger_id").loc[ledger, "source_id"]
    return staged.source_row[staged.source_row["source_id"] == source]["fate"].to_list()


def cells(staged, wanted):
    """Where the errors are, with as much of each as is wanted."""
    found = errors(staged)
    begins = [len(begin) for _, begin in wanted] + [99] * len(found)
    return [(cell, what[:length]) for (_, cell, what), length in zip(found, begins, strict=False)]


def said(staged, level):
    return [issue.what for issue in staged.issues if issue.level == level]


# ------------------------------------------------------------------------------------ the layout


def test_pages_bands_and_lines_of_words_are_no_data(read):
    titles = [["硚口区网格台账"], ["填报单位：区民政局", None, None, None, "单位：户"]]
    rows = [
        *titles, GRIDS, ["一、古田街道"], grid(1), ["示例", *grid(9)[1:]], grid(2),
        ["硚口区网格台账（续表）"], titles[1], [name.replace("（", " (") for name in GRIDS],
        ["汉正街道片"], grid(3, street="汉正街道", place="新合社区"), ["第 2 页，共 2 页"],
        ["街道负责人（签字）：", None, None, "分管领导：", None, None, "填表人："],
        ["单位负责人：某某", None, "统计员：某某", None, "报送日期：2026年3月31日"],
        [None, None, None, None, None, None, "街道办事处（公章）"],
        [None, None, None, None, None, None, dt.date(2026, 3, 31)],
        ["※ 本表一式两份"], ["1、户数按户籍统计；"], ["2.坐标由区里提供。"], ["（以下空白）"],
    ]  # fmt: skip
    staged = read({"网格台账": rows}, lambda book: book["网格台账"].merge_cells("A11:I11"))
    assert errors(staged) == []
    assert staged.tables["grid_unit"]["source_row"].to_list() == [5, 7, 12]
    assert fates(staged, "grid_unit") == [
        *["表头"] * 4, "合格", "表头", "合格", *["表头"] * 4, "合格", *["脚注"] * 9,
    ]  # fmt: skip


def test_a_row_that_might_be_data_is_data(read):
    rows = [GRIDS, grid(1), ["WG009"], grid(2, id=None), grid(3), ["WG010"]]
    staged = read({"网格台账": rows})
    found = sorted(cell for _, cell, _ in errors(staged))
    assert found == sorted(["A4", *(f"{letter}{row}" for row in (3, 6) for letter in "BDEFHI")])


def test_rows_under_the_header_that_say_what_to_fill_in(read):
    marks = ["必填", "必填", "选填", "必填", "必填", "必填", "选填", "必填", "必填"]
    units = [None, "—", None, "/", "户", None, None, None, None]
    heads = [name.replace("（户）", "") for name in GRIDS]
    staged = read({"网格台账": [heads, units, marks, grid(1)]})
    assert errors(staged) == []
    assert fates(staged, "grid_unit") == ["表头", "表头", "表头", "合格"]


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
    assert said(staged, WARNING) == []
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
        ("E2", "“亩”的单位认不出"), ("J2", "列“经度”出现 2 次"), ("", "缺少列“设立日期”"),
        ("D3", "“古亿社区”不在社区名"),
    ]  # fmt: skip
    assert cells(staged, wanted) == wanted
    assert staged.tables["grid_unit"].empty


def test_a_sheet_that_lacks_a_column_is_still_known(read):
    rows = [[name for name in GRIDS if name != "设立日期"], ["WG001", "甲", None, "古一社区", 1]]
    staged = read({"Sheet1": rows, "填表说明": [GRIDS, grid(8)], "下拉": [["是"], ["否"]]})
    assert ("Sheet1", "", "缺少列“设立日期”") in errors(staged)
    assert {i.sheet for i in staged.issues if i.level == ERROR} == {"Sheet1"}


def test_merged_cells_that_say_what_a_row_belongs_to(read):
    stations = [
        ["阵地编号", "阵地名称", "层级", "街道", "社区", "建筑面积（㎡）", "启用日期", "经度", "纬度"],
        *(["S1", "甲", "社区", "古田街道", "古一社区", 9, "2020-1-1", 114.21, 30.57],
          ["S2", "乙", "社区", "古田街道", "古一社区", 9, "2020-1-1", 114.21, 30.57]),
    ]  # fmt: skip
    functions = [
        ["序号", "阵地编号", None, "功能", "每日容量（人次）", "备注"],
        [1, "S1", None, "幸福食堂", 100, "同上"],
        [None, None, None, "党群服务", None, None],
        [2, "S2", None, "文体活动", 30, None],
    ]

    def merge(book):
        for area in ("A2:A3", "B2:B3", "B4:C4", "F2:F4"):
            book["阵地功能台账"].merge_cells(area)
        book["阵地台账"].merge_cells("C2:C3")

    staged = read({"阵地台账": stations, "阵地功能台账": functions}, merge)
    assert errors(staged) == []
    assert staged.tables["station_function"]["station_id"].to_list() == ["S1", "S1", "S2"]
    filled = {(r.cell, r.value) for r in staged.readings.itertuples() if "合并" in r.why}
    assert filled == {("B3", "S1"), ("C3", "社区")}


def test_a_merged_figure_is_told_once(read):
    rows = [GRIDS, grid(1), grid(2, households=None)]
    staged = read({"网格台账": rows}, lambda book: book["网格台账"].merge_cells("E2:E3"))
    wanted = [("E2", "E2:E3 是合并单元")]
    assert cells(staged, wanted) == wanted
    assert staged.tables["grid_unit"].empty


def test_rows_and_columns_out_of_sight(read):
    def hide(book):
        sheet = book["网格台账"]
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["E"].hidden = True

    flat = lambda xml: xml.replace(b'<row r="4"', b'<row r="4" ht="0" customHeight="1"')  # noqa: E731
    staged = read(
        {"网格台账": [GRIDS, *map(grid, (1, 2, 3))]},
        hide,
        lambda path: rewrite(path, "xl/worksheets/sheet1.xml", flat),
    )
    assert [error[1] for error in errors(staged)] == ["第 3 行", "第 4 行"]
    (warning,) = [i for i in staged.issues if i.level == WARNING]
    assert (warning.cell, warning.what) == ("E1", "这一列是隐藏的，照样读入了")


# ---------------------------------------------------------------------------------------- totals


def totals(*rows):
    return {**PLACES, "旧改项目台账": [["序号", *PROJECTS], *rows]}


def total(word, households, money=None, count=None):
    return [word, count, *[None] * 7, households, money]


NESTED = [
    [1, *project(1)], total("古一社区小计", 100), [2, *project(2)], total("新合社区小计", 200, 200),
    total("古田街道小计", 300), [3, *project(3)], total("汉正街道小计", 300, 300),
    total("总 计（3个）", 600, 600, 3), total("其中：完善类", 600), total("其中：提升类", 0),
]  # fmt: skip


def test_totals_within_totals(read):
    staged = read(totals(*NESTED))
    assert errors(staged) == []
    assert fates(staged, "renovation_project")[8:] == ["合计"] * 3
    assert [i.what for i in staged.issues if i.level == NOTE and "其中" in i.what] == [
        "“其中”行没有计入，也没有核对（共 2 行）"
    ]


@pytest.mark.parametrize(
    ("row", "households"), [(3, 99), (5, 300), (6, 299), (8, 301), (9, 300), (9, 500)]
)  # 300 is the sum of the last group only
def test_a_wrong_total_within_totals(read, row, households):
    rows = [list(one) for one in NESTED]
    rows[row - 2][9] = households
    staged = read(totals(*rows))
    assert [cell for _, cell, _ in errors(staged)] == [f"J{row}"]


def test_the_one_total_of_all_is_not_that_of_the_last_group(read):
    rows = [
        [1, *project(1)],
        total("小计", 100),
        [2, *project(2)],
        total("小计", 200),
        total("合计", 200),
    ]
    assert [cell for _, cell, _ in errors(read(totals(*rows)))] == ["J6"]


# ----------------------------------------------------------------------------------------- units


def money(header, *rows, above=(), below=()):
    heads = [*PROJECTS[:-1], header]
    return {**PLACES, "旧改项目台账": [*above, heads, *rows, *below]}


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
        ("计划总投资", [], ["注：单位：万元"], ("J2", "没有写明单位（共 1 格")),
    ],
)  # fmt: skip
def test_units_around_the_table(read, header, above, below, wanted):
    lines = [[text] for text in above]
    staged = read(money(header, project(1), above=[lines[0] + [None] * 5 + lines[1]] if len(lines) > 1
                        else lines, below=[[text] for text in below]))  # fmt: skip
    if isinstance(wanted, int):
        assert errors(staged) == []
        assert staged.tables["renovation_project"]["budget_yuan"].to_list() == [wanted]
    else:
        assert cells(staged, [wanted]) == [wanted]
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
    assert errors(staged) == [("旧改资金台账", "F2", "没有写明单位（共 1 格）")]


def test_counts_in_the_unit_above_the_table(read):
    heads = [name.replace("（户）", "") for name in GRIDS]
    staged = read({"网格台账": [["单位：百户"], GRIDS, grid(1)]})
    assert errors(staged) == []
    staged = read({"网格台账": [["单位：万户"], heads, grid(1, households=0.03)]})
    assert errors(staged) == []
    assert staged.tables["grid_unit"]["households"].to_list() == [300]
    staged = read({"网格台账": [["单位：万户"], GRIDS, grid(1)]})
    assert errors(staged) == [("网格台账", "E2", "表头写“户”，表外写“单位：万户”，不知按哪个")]


# ------------------------------------------------------------------- numbers as their format shows


def test_what_a_format_adds_to_a_number_is_read(read):
    formats = {"A2": "0000", "A3": '"WG"0000', "A4": "General", "E2": '0"户"', "E3": "#,##0_ ",
               "E4": '#,##0"人"'}  # fmt: skip

    def change(book):
        for cell, form in formats.items():
            book["网格台账"][cell].number_format = form

    rows = [GRIDS, grid(1, id=7), grid(2, id=8), grid(3, id="0009")]
    staged = read({"网格台账": rows}, change)
    wanted = [("E4", "“303人”的单位认不出")]
    assert cells(staged, wanted) == wanted
    table = staged.tables["grid_unit"]
    assert table["grid_id"].to_list() == ["0007", "WG0008"]
    assert table["households"].to_list() == [301, 302]


@pytest.mark.parametrize(
    ("form", "value", "wanted"),
    [
        ('0"万元"', 12, 120_000), ('0.00"万元"', 12.5, 125_000), ("#,##0.00_);[Red](#,##0)", 12, 12),
        ('"¥"#,##0', 12, 12), ("0!.0,", 123456, "此格存的是 123456"), ("#,##0,", 12, "此格存的是 12"),
        ('[>=10000]0!.0,"万";0', 123456, "此格存的是 123456"), ('[>=10000]0!.0,"万";0', 9999, 9999),
    ],
)  # fmt: skip
def test_money_as_its_format_shows_it(read, form, value, wanted):
    def change(book):
        book["旧改项目台账"]["J2"].number_format = form

    staged = read(money("计划总投资（元）", project(1, money=value)), change)
    if isinstance(wanted, int):
        assert errors(staged) == []
        assert staged.tables["renovation_project"]["budget_yuan"].to_list() == [wanted]
    else:
        ((_, cell, what),) = errors(staged)
        assert (cell, what[: len(wanted)]) == ("J2", wanted)


def test_a_date_that_shows_no_day_is_none(read):
    rows = [BRANCHES, *(branch(n, dt.date(2026, 3, day)) for n, day in ((1, 1), (2, 5), (3, 1)))]

    def change(book):
        for cell, form in (("E2", 'yyyy"年"m"月"'), ("E3", "mmm-yy"), ("E4", 'yyyy"年"m"月"d"日"')):
            book["党支部台账"][cell].number_format = form

    staged = read({"党支部台账": rows}, change)
    assert errors(staged) == [("党支部台账", "E2", "“2026-03”只有年月")]
    days = staged.tables["party_branch"]["established_on"].astype(str).to_list()
    assert days == ["2026-03-05", "2026-03-01"]


def test_serials_of_a_workbook_that_counts_from_1904(read):
    days = 46_086 - 1_462  # 2026-03-05
    epoch = lambda xml: xml.replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>')  # noqa: E731
    staged = read(
        {
            "党支部台账": [
                BRANCHES,
                branch(1, days),
                branch(2, float(days)),
                branch(3, "2026-03-05"),
            ]
        },
        raw=lambda path: rewrite(path, "xl/workbook.xml", epoch),
    )
    assert errors(staged) == []
    days = staged.tables["party_branch"]["established_on"].astype(str).to_list()
    assert days == ["2026-03-05"] * 3


def test_a_cell_with_a_comment_of_its_own_is_marked_too(read, tmp_path):
    def change(book):
        book["网格台账"]["D2"].comment = Comment("请核对", "某某")

    staged = read({"网格台账": [GRIDS, grid(1, place="古亿社区")]}, change)
    content = (tmp_path / "台账.xlsx").read_bytes()
    copy = openpyxl.load_workbook(io.BytesIO(annotate(content, "台账.xlsx", staged.issues)))
    cell = copy["网格台账"]["D2"]
    assert cell.fill.start_color.rgb == FILLS[ERROR].start_color.rgb
    assert cell.comment.text == (
        "请核对\n【错误】“古亿社区”不在社区名录中，是不是“古一社区”？请改用名录中的名称或代码。"
    )


# ------------------------------------------------------------------------------- names of places


def test_names_of_places_as_offices_write_them(read):
    names = [
        ("古田街办事处", "古一居委会"), ("古田街道办", "古一居民委员会"), ("古田", "古田街道古一社区"),
        ("汉正街", "新合社区居委会"), ("#N/A", "古一社区"), ("古田街道", "待定"), (None, "=A1"),
        ("硚口区古田街道", "古一社区"),
    ]  # fmt: skip
    rows = [grid(n, street=street, place=place) for n, (street, place) in enumerate(names)]
    staged = read({"网格台账": [GRIDS, *rows]})
    wanted = [
        ("C6", "公式结果为 #N/A"), ("C9", "“硚口区古田街道”不在街"), ("D7", "“待定”尚未确定"),
        ("D8", "公式 =A1 没有保存"),
    ]  # fmt: skip
    assert cells(staged, wanted) == wanted
    assert errors(staged)[1][2].endswith("，是不是“古田街道”？")
    codes = staged.tables["grid_unit"]["community_code"].to_list()
    assert codes == ["420104001001"] * 3 + ["420104002001"]


# ------------------------------------------------------------------------------------------- csv


def text_of(rows, between=","):
    return "".join(between.join("" if c is None else str(c) for c in row) + "\r\n" for row in rows)


@pytest.mark.parametrize(
    "content",
    [
        text_of([GRIDS, grid(1), grid(2)], "\t").encode("utf-16"),
        text_of([["网格台账"], GRIDS, grid(1), grid(2)], ";").encode("utf-8-sig"),
        ("sep=;\r\n" + text_of([GRIDS, grid(1), grid(2)], ";")).encode("gb18030"),
        text_of([GRIDS, grid(1, households='"1,301"'), grid(2)], "|").encode(),
    ],
)
def test_csv_files_of_all_makes(read, content):
    staged = read(None, raw=lambda path: path.write_bytes(content), name="网格台账.csv")
    assert errors(staged) == []
    assert staged.tables["grid_unit"]["grid_id"].to_list() == ["WG001", "WG002"]


def test_what_guards_a_csv_cell_is_left_off_and_a_formula_is_none(read):
    rows = [
        grid(1, id='="00123"'),
        grid(2, id="'00124"),
        grid(3, id="=A1+1"),
        grid(4, name="=某网格"),
    ]
    content = text_of([GRIDS, *rows]).encode()
    staged = read(None, raw=lambda path: path.write_bytes(content), name="网格台账.csv")
    assert [(row, what) for _, row, what in errors(staged)] == [
        ("第 4 行", "公式 =A1+1 没有保存计算结果")
    ]
    table = staged.tables["grid_unit"]
    assert table["grid_id"].to_list() == ["00123", "00124", "WG004"]
    assert table["grid_name"].to_list()[-1] == "=某网格"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04....", "是 Excel 工作簿，扩展名却是 csv"),
        (b"<html><table></table>", "是网页冒充的表格，不能读入"),
        ("网格编号,A".encode("utf-16-le"), "文字编码认不出（既不是 UTF-8 也不是 GB18030）"),
    ],
)
def test_csv_files_that_are_none(read, content, what):
    staged = read(None, raw=lambda path: path.write_bytes(content), name="网格台账.csv")
    assert errors(staged)[0][2] == what


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("网格台账.csv", "网格编号," + "," * 100_000 + "x", "超过 200 列，不予读入"),
        ("步行屏障.geojson",
         json.dumps({"type": "FeatureCollection", "features": [
             {"properties": {f"{n}": 1}, "geometry": None} for n in range(300)]}),
         "属性超过 200 种，不予读入"),
    ],
)  # fmt: skip
def test_more_columns_than_any_ledger_has(read, name, content, what):
    staged = read(None, raw=lambda path: path.write_text(content, "utf-8"), name=name)
    assert [error[2] for error in errors(staged)] == [what]


def test_empty_cells_to_the_right_of_a_csv_are_none(read):
    content = text_of([[*GRIDS, *[None] * 900], [*grid(1), *[None] * 900], [None] * 900])
    staged = read(None, raw=lambda path: path.write_text(content, "utf-8"), name="网格台账.csv")
    assert errors(staged) == []
    assert fates(staged, "grid_unit") == ["表头", "合格"]


# ------------------------------------------------------------------------ workbooks made elsewhere

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def bare(path, rows, strings=""):
    """The least that is a workbook: no styles, no content types."""
    relation = '<Relationship Id="r{}" Type="' + OFFICE + '/{}" Target="{}"/>'
    relations = relation.format(1, "worksheet", "/xl/worksheets/sheet1.xml")
    relations += relation.format(2, "sharedStrings", "SharedStrings.xml") if strings else ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {NAMESPACE} xmlns:r="{OFFICE}"><sheets><sheet name="表" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>"
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
        )
        if strings:
            archive.writestr("xl/SharedStrings.xml", f"<sst>{strings}</sst>")
    return workbook.read(path.read_bytes())[0].rows


def test_strings_wherever_they_are_and_with_their_readings(tmp_path):
    phonetic = '<rPh sb="0" eb="1"><t>wang</t></rPh>'
    inline = f'<c t="inlineStr"><is><r><t>网</t></r><r><t>格</t></r>{phonetic}</is></c>'
    rows = f'<row>{inline}<c/><c><v>3</v></c></row><row><c t="s"><v>0</v></c></row>'
    strings = f"<si><r><t>街</t></r><r><t>道</t></r>{phonetic}</si>"
    assert bare(tmp_path / "a.xlsx", rows, strings) == [["网格", None, 3], ["街道"]]


def test_a_look_without_content_may_reach_to_the_end_of_the_sheet(tmp_path):
    rows = '<row><c><v>1</v></c><c r="XFD1" s="3"/></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    assert bare(tmp_path / "a.xlsx", rows) == [[1]]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
    ],
)
def test_cells_out_of_order_are_no_workbook(tmp_path, rows):
    with pytest.raises(Exception, match="文件损坏"):
        bare(tmp_path / "a.xlsx", rows)


# -------------------------------------------------------------------------------------- persons

IDENTITY, MOBILE = "110101190001011009", "13800000000"


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
    assert [(at, said) for _, at, said in errors(staged)] == [(cell, f"{what}，整个文件不予入库")]
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


# ----------------------------------------------------------------------------------------- maps

LINE = [[114.21, 30.57], [114.22, 30.58]]


def barriers(*shapes):
    features = [
        {
            "type": "Feature",
            "properties": {"屏障编号": f"B{n}", "屏障名称": "某河", "类别": "河流"},
            "geometry": shape,
        }
        for n, shape in enumerate(shapes)
    ]
    return {"type": "FeatureCollection", "坐标系": "2000国家大地坐标系", "features": features}


def test_shapes_of_all_makes(read):
    deep = json.loads("[" * 600 + "1" + "]" * 600)
    shapes = [
        {"type": "LineString", "coordinates": [[*LINE[0], 12.5], [*LINE[1], 13]]},
        {"type": "MultiLineString", "coordinates": [LINE, LINE[::-1]]},
        {"type": "LineString", "coordinates": []},
        {"type": "x" * 9000, "coordinates": LINE},
        "LINESTRING EMPTY",
        {"type": "LineString", "coordinates": deep},
        {"type": "LineString", "coordinates": [[179.9, 30], [-179.9, 30]]},
        {"type": "LineString", "coordinates": [[1e308, 1e308], [1e308, 3]]},
        {"type": "LineString", "coordinates": LINE[:1]},
    ]
    text = json.dumps(barriers(*shapes), ensure_ascii=False)
    staged = read(None, raw=lambda path: path.write_text(text, "utf-8"), name="步行屏障.geojson")
    assert staged.tables["barrier"]["barrier_id"].to_list() == ["B0", "B1"]
    assert [(i.row, i.what[:9]) for i in staged.errors] == [
        (3, "图形是空的"), (4, "图形的类型是 xx"), (5, "图形没有写类型，应"), (6, "图形的坐标读不出"),
        (7, "图形出界：-179"), (8, "图形的坐标像是投影"), (9, "图形的坐标读不出"),
    ]  # fmt: skip
    assert max(len(issue.what) for issue in staged.errors) < 120


@pytest.mark.parametrize(
    ("encoding", "cpg"), [("gbk", b"UTF-8"), ("gbk", b"OEM 936"), ("utf-8", b"UTF-8")]
)
def test_a_shapefile_packed_on_a_mac_whose_code_page_lies(encoding, cpg):
    content = shapefile(
        [("B1", "汉江", shapely.box(114.2, 30.5, 114.3, 30.6))], ["编号", "名称"], encoding
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(f"导出/{name}", old.read(name))
            new.writestr(f"__MACOSX/导出/._{name}", b"x")
        for name, litter in {
            "a.cpg": cpg,
            ".DS_Store": b"x",
            "Thumbs.db": b"x",
            "a.qmd": b"",
        }.items():
            new.writestr(f"导出/{name}", litter)
    (layer,) = read_shapefile(out.getvalue())
    assert (layer.headers, layer.rows[0][:2]) == (["编号", "名称"], ["B1", "汉江"])


def test_a_geopackage_still_open_in_its_software():
    content = b"SQLite format 3\0\x10\x00\x02\x02" + b"\0" * 48 + b"GPKG" + b"\0" * 28
    with pytest.raises(ChunshuiError, match="还在制图软件里打开着"):
        map_files.kind(content)


# ----------------------------------------------------------------- what several cells say together


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
