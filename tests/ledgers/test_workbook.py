"""The cells of a workbook as they stand, and as their formats show them."""

import datetime as dt

import pytest

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.workbook import read_workbook
from chunshui.ledgers.sheet import Uncalculated
from tests.ledgers import sample
from tests.ledgers.sheets import (
    GRIDS,
    ROLE_HEADER,
    ROLES,
    bare,
    computed,
    error_cells,
    errors,
    grid,
    project,
    project_sheet,
    rewrite,
    texts_of,
)

BRANCHES = ["支部编号", "支部名称", "街道", "社区", "成立日期", "撤销日期"]


def branch(number, since):
    return [f"ZB{number}", f"第{number}支部", "古田街道", "古一社区", since, None]


def test_what_a_format_adds_to_a_number_is_read(read):
    formats = {"A2": "0000", "A3": '"WG"0000', "A4": "General", "A5": '"42"000', "E2": '0"户"', "E3": "#,##0_ ",
               "E4": '#,##0"人"'}  # fmt: skip

    def change(book):
        for cell, form in formats.items():
            book["网格台账"][cell].number_format = form

    rows = [GRIDS, grid(1, id=7), grid(2, id=8), grid(3, id="0009"), grid(4, id=9)]
    staged = read({"网格台账": rows}, change)
    wanted = [("E4", "“303人”的单位认不出")]
    assert error_cells(staged, wanted) == wanted
    table = staged.tables["grid_unit"]
    assert table["grid_id"].to_list() == ["0007", "WG0008", "42009"]
    assert table["households"].to_list() == [301, 302, 304]


@pytest.mark.parametrize(
    ("form", "value", "wanted"),
    [
        ('0"万元"', 12, 120_000), ('0.00"万元"', 12.5, 125_000), ("#,##0.00_);[Red](#,##0)", 12, 12),
        ('"¥"#,##0', 12, 12), ("0!.0,", 123456, "此格存的是123456"), ("#,##0,", 12, "此格存的是12"),
        ('[>=10000]0!.0,"万";0', 123456, "此格存的是123456"), ('[>=10000]0!.0,"万";0', 9999, 9999),
        ('"1"0', 44, "此格存的是44"), ('0"0"', 44, "此格存的是44"), (r"\-0", 44, "此格存的是44"),
        ('"137"', 44, "此格存的是44"), ('[=44]"12";General', 44, "此格存的是44"),
        ('[>40]"";General', 44, "此格存的是44"), ('"完成"', 44, "“完成”不是数"),
        ("[<100]0;0!.0,", 44, 44), ("[<100]0;0!.0,", 444, "此格存的是444"), ('0;-0;"无"', 0, 0),
        ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', 44, 44), ("@", 44, 44),
    ],
)  # fmt: skip
def test_money_as_its_format_shows_it(read, form, value, wanted):
    def change(book):
        book["旧改项目台账"]["J2"].number_format = form

    staged = read(project_sheet("计划总投资（元）", project(1, money=value)), change)
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
    without_day = "“2026-03”没有写到日"
    assert errors(staged) == [("党支部台账", cell, without_day) for cell in ("E2", "E3")]
    days = staged.tables["party_branch"]["established_on"].astype(str).to_list()
    assert days == ["2026-03-01"]


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


def test_strings_wherever_they_are_and_with_their_readings(tmp_path):
    phonetic = '<rPh sb="0" eb="1"><t>wang</t></rPh>'
    inline = f'<c t="inlineStr"><is><r><t>网</t></r><r><t>格</t></r>{phonetic}</is></c>'
    rows = f'<row>{inline}<c/><c><v>3</v></c></row><row><c t="s"><v>0</v></c></row>'
    both = '<row><c t="inlineStr"><is><t>甲</t></is><v>9</v></c><c><v>1</v><v>2</v></c></row>'
    assert bare(tmp_path / "b.xlsx", both) == [["甲", 1]], "as openpyxl does"
    strings = f"<si><r><t>街</t></r><r><t>道</t></r>{phonetic}</si>"
    assert bare(tmp_path / "a.xlsx", rows, strings) == [["网格", None, 3], ["街道"]]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        # exceljs/exceljs#584, pythonicrubyist/creek#29: letters that XML cannot hold
        ('<c t="inlineStr"><is><t>_x005F_x000D_</t></is></c><c t="str"><v>A_x4E2D_</v></c>', ["_x000D_", "A中"]),
        ('<c t="inlineStr"><is><t>甲_x000D_乙_xab_</t></is></c>', ["甲\r乙_xab_"]),
        # tidyverse/readxl#648, tafia/calamine#330: places that are not written out
        ('<c r="A1"><v>1</v></c><c/><c><v>3</v></c><c r="F1"><v>6</v></c>', [1, None, 3, None, None, 6]),
        ('<c t="b"><v>true</v></c><c t="b"><v>0</v></c>', [True, False]),
        ("<c><v>1.5E3</v></c><c><v> 7 </v></c><c><v>INF</v></c><c><v>1e999</v></c>", [1500, 7, "#NUM!", "#NUM!"]),
        # pola-rs/polars#19169: a text of 19 digits stays one
        ('<c t="str"><f>B1</f><v>-8086931554011838357</v></c><c t="str"><v>-8086931554011838357</v></c>', ["-8086931554011838357"] * 2),
        # yfedoseev/office_oxide#269, box/spout#219: blanks beside &, runs of several lines
        ('<c t="inlineStr"><is><r><t>a\n </t></r><r><t>A&amp;T &lt;b&gt; c</t></r></is></c>', ["a\n A&T <b> c"]),
        ("<c><v>1_000</v></c>", None), ('<c t="s"><v>-1</v></c>', None), ('<c t="b"><v>2</v></c>', None),
        ('<c t="z"><v>5</v></c>', None),
    ],
)  # fmt: skip
def test_cells_of_public_reports(tmp_path, cells, values):
    row, strings = f"<row>{cells}</row>", "<si><t>甲</t></si>"
    if values is None:
        with pytest.raises(ChunshuiError, match="内部结构与 xlsx 不符"):
            bare(tmp_path / "a.xlsx", row, strings)
    else:
        assert bare(tmp_path / "a.xlsx", row, strings) == [values]


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
    with pytest.raises(Exception, match="内部结构与 xlsx 不符"):
        bare(tmp_path / "a.xlsx", rows)


def test_a_workbook_with_a_declared_document_type_is_refused(tmp_path):
    path = sample.workbook(tmp_path / "台账.xlsx", {"网格岗位字典": [ROLE_HEADER, *ROLES]})
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: bomb + xml)
    assert texts_of(tmp_path)[0].startswith("工作簿里含文档类型声明")


def test_a_cell_far_away_is_refused_and_costs_nothing(tmp_path):
    path = sample.workbook(tmp_path / "台账.xlsx", {"网格岗位字典": [ROLE_HEADER, *ROLES]})
    far = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", far))
    assert texts_of(tmp_path)[0].startswith("工作表“网格岗位字典”超过")
    path = sample.workbook(tmp_path / "台账.xlsx", {"网格岗位字典": [ROLE_HEADER, *ROLES]})
    far = b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>'
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", far))
    assert texts_of(tmp_path)[0].startswith("工作表“网格岗位字典”超过200列")


def test_the_cells_of_a_workbook_as_they_stand(tmp_path):
    """Rich text, phonetics, errors, formulas with and without results, Chinese date formats."""
    path = sample.workbook(tmp_path / "a.xlsx", {"表": [["x"]]})
    cells = b"""<row r="3" hidden="1"><c r="B3" t="inlineStr"><is><r><t>ab</t></r><rPh sb="0"
        eb="1"><t>no</t></rPh><r><t>c</t></r></is></c><c r="D3" t="e"><v>#N/A</v></c>
        <c r="E3" t="b"><v>1</v></c><c r="F3"><f>A1*2</f></c><c r="G3"><f>A1*2</f><v>4</v></c>
        <c r="H3" t="str"><f>A2&amp;""</f><v></v></c><c r="I3"><v>0.30000000000000004</v></c>
        <c r="J3" s="1"><v>45900</v></c></row></sheetData>"""
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", cells))
    chinese_date = b'<xf numFmtId="31" fontId="0" fillId="0" borderId="0"/></cellXfs>'
    rewrite(path, "xl/styles.xml", lambda xml: xml.replace(b"</cellXfs>", chinese_date))
    computed(path)
    (grid,) = read_workbook(path.read_bytes())
    assert grid.hidden_rows == {3}
    row = grid.rows[2]
    assert row[:6] == [None, "abc", None, "#N/A", True, "=A1*2"]
    assert isinstance(row[5], Uncalculated)
    assert row[6:9] == [4, None, 0.30000000000000004]
    assert str(row[9]) == "2025-08-31"


def test_the_other_epoch_of_excel(tmp_path):
    path = sample.workbook(tmp_path / "a.xlsx", {"表": [[dt.date(2025, 8, 31)]]})
    (windows,) = read_workbook(path.read_bytes())
    assert windows.rows == [[dt.date(2025, 8, 31)]]
    rewrite(
        path,
        "xl/workbook.xml",
        lambda xml: xml.replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>'),
    )
    (mac,) = read_workbook(path.read_bytes())
    assert mac.rows == [[dt.date(2029, 9, 1)]]


def test_a_hidden_sheet_is_not_read_and_said(tmp_path):
    path = sample.workbook(
        tmp_path / "a.xlsx", {"首页": [["封面"]], "网格岗位字典": [ROLE_HEADER, *ROLES]}
    )
    rewrite(
        path, "xl/workbook.xml", lambda xml: xml.replace(b'sheetId="2" state="visible"', b'sheetId="2" state="hidden"')
    )  # fmt: skip
    assert texts_of(tmp_path) == ["是隐藏的工作表，未读入", "没有找到任何台账"]
