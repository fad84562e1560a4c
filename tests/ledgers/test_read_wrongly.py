"""What files say of themselves, and what was read of them wrongly once: each kind with its relatives."""

import datetime as dt
import json
import random

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chunshui.errors import ChunshuiError
from chunshui.ledgers.cells import days, numbers, words
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Column
from chunshui.ledgers.formats.maps import read_geojson, read_map
from chunshui.ledgers.formats.number_formats import INVISIBLE, SAME, STRUCK, TINY, WHITE
from chunshui.ledgers.formats.recalculate import Formulas, outdate
from chunshui.ledgers.formats.workbook import read_workbook
from chunshui.ledgers.geometries import parse_shape
from chunshui.ledgers.parse import _parsed_cells
from chunshui.ledgers.sheet import Grid, Outdated, PartialDay
from tests.ledgers import fuzz, sample
from tests.ledgers.sheets import ROLE_HEADER, ROLES, bare, computed, errors, rewrite

# ------------------------------------------------------------------------------- formulas' results


def judged(grid, formulas, writer="WPS", stated=False, chained=False, rounds=False, arrays=None):
    """The cells of a grid whose saved results are not trusted."""
    given_here = Formulas()
    given_here.add(grid, {cell: (text, None) for cell, text in formulas.items()}, {}, arrays or {})
    outdate(given_here, writer, stated, chained, rounds)
    return {
        (row, column)
        for row, cells in enumerate(grid.rows, start=1)
        for column, cell in enumerate(cells, start=1)
        if isinstance(cell, Outdated)
    }


NUMBERS = st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=6)


@given(NUMBERS, st.sampled_from([0, 1, -7, 0.5]))
@settings(max_examples=60, deadline=None)
def test_a_saved_result_that_its_formula_does_not_give_is_told(values, off):
    a, b, n = values[0], values[1], len(values)
    formulas = {
        f"SUM(A1:A{n})": sum(values),
        f"sum($A$1:A{n}, 5)": sum(values) + 5,
        "A1*A2": a * b,
        "-A1+(A2-3)*2": -a + (b - 3) * 2,
        f"AVERAGE(A1:A{n})": sum(values) / n,
        "A1*12%": a * 0.12,
        f"MAX(A1:A{n})-MIN(A1:A{n})": max(values) - min(values),
        "C1+1": sum(values) + 1,
    }
    rows = [[value, None, None] for value in values] + [[None] * 3 for _ in range(8)]
    for at, result in enumerate(formulas.values()):
        rows[at][2] = result
    rows[3][2] += off
    cells = {(at, 3): text for at, text in enumerate(formulas, start=1)}
    found = judged(Grid("表", rows=rows), cells)
    assert found == ({(4, 3)} if off else set())


def test_zeros_that_agree_with_zeros_prove_nothing():
    rows = [[3, 4, 0], [5, 6, 0], [None, None, 0]]
    formulas = {(1, 3): "A1*B1", (2, 3): "A2*B2", (3, 3): "SUM(C1:C2)"}
    assert judged(Grid("表", rows=rows), formulas) == set(formulas)


def test_what_is_beyond_the_sums_is_left_as_it_was_saved():
    rows = [[1, 2, 7], ["甲", dt.date(2026, 1, 1), 8], [None, True, 9]]
    formulas = {(1, 3): "VLOOKUP(A1,B:C,2)", (2, 3): "A2&B2", (3, 3): "A3+C9:C10+另表!A1"}
    grid = Grid("表", rows=rows)
    assert judged(grid, formulas) == set()
    assert grid.unchecked == set(formulas), "and asked about"
    rounding = [[0.123, 0.12]]
    assert judged(Grid("表", rows=rounding), {(1, 2): "A1"}, rounds=True) == set()


# Formulas over A1:D6 of the sheet below, each with what Excel and LibreOffice give.
TABLE = [
    ["N1", 3, 10, "甲"], ["N2", 4, 20, "乙"], ["N3", 5, 30, "甲"], ["n4", None, 40, "丙"],
    [dt.date(2026, 3, 15), True, 0.5, "12"], ["N6", 0, -7.5, None],
]  # fmt: skip
GIVEN = {
    'IF(B1>2,"是","否")': "是", "IF(B4>2,1)": False, "IF(B1=3,,1)": 0, "IFERROR(B1/B6,-1)": -1,
    'IFERROR(VLOOKUP("N9",A1:C6,2,0),9)': 9, 'VLOOKUP("n2",A1:C6,3,FALSE)': 20,
    'SUMIF(D1:D6,"甲",C1:C6)': 40, 'SUMIF(C1:C6,">=20")': 90, "COUNTIF(D1:D6,D1)": 2,
    'SUMIFS(C1:C6,D1:D6,"甲",B1:B6,">3")': 30, 'COUNTIFS(D:D,"<>甲",B:B,">1")': 1,
    'AVERAGEIF(D1:D6,"甲",B1:B6)': 4, "SUMPRODUCT(B1:B3,C1:C3)": 260,
    'SUMPRODUCT((D1:D6="甲")*(C1:C6>10)*C1:C6)': 30, 'INDEX(C1:C6,MATCH("N3",A1:A6,0))': 30,
    "SUM(INDEX(C1:C6,2),1)": 21, "ROUNDUP(C5/3,2)": 0.17, "ROUNDDOWN(C6,0)": -7, "INT(C6)": -8,
    "MOD(C6,2)": 0.5, 'A1&"-"&B1': "N1-3", "CONCATENATE(A1,D1)": "N1甲", "LEFT(A1,1)&MID(A1,2,3)": "N1",
    "RIGHT(A1,1)*1": 1, "YEAR(A5)*100+MONTH(A5)": 202603, "A5+1": 46097, "DATE(2026,3,1)": 46082,
    "COUNTA(D1:D6)": 5, "COUNTBLANK(D1:D6)": 1, "AND(B1>1,C1<5)": False, "OR(B1>1,C1<5)": True,
    "RANK(C1,C1:C6)": 4, "B5+1": 2, "D5+1": 13, "SUM(B1:B4)": 12, "COUNT(A1:C4)": 7, "NOT(B1=3)": False,
    "_xlfn.IFS(B1>5,1,B1>2,2)": 2, '_xlfn.XLOOKUP("N2",A1:A6,C1:C6,0)': 20, 'B1="3"': False,
    'IF(AND(B6=0,B4=0),"空",1)': "空", 'LEN(TRIM(" 甲  乙 "))': 3, "HLOOKUP(10,C1:D3,3,0)": 30,
}  # fmt: skip


def test_conditions_look_ups_and_texts_are_computed_anew():
    cells = {(row, 6): text for row, text in enumerate(GIVEN, start=1)}
    rows = [[*row, None, None] for row in TABLE] + [[None] * 6 for _ in range(len(GIVEN))]
    right = [[*row[:5], given] for row, given in zip(rows, GIVEN.values(), strict=False)]
    serial = {(5, 1): 46096.0}
    for change, told in ((lambda given: given, False), (_otherwise, True)):
        grid = Grid("表", rows=[[*row[:5], change(row[5])] for row in right])
        given_here = Formulas()
        given_here.add(grid, {cell: (text, None) for cell, text in cells.items()}, serial, {})
        outdate(given_here, "WPS", stated=False, chained=False, rounds=False)
        assert grid.unchecked == set()
        for (text, result), row in zip(GIVEN.items(), grid.rows, strict=False):
            assert isinstance(row[5], Outdated) is told, (text, result, row[5])


def _otherwise(given):
    return not given if isinstance(given, bool) else given + ("x" if isinstance(given, str) else 1)


def test_what_spreadsheet_programs_do_not_agree_upon_is_not_computed():
    texts = [
        "SUM(B1:B6)",
        "COUNTIF(D1:D6,12)",
        "INT(4.35*100)",
        "TODAY()",
        "VLOOKUP(1,B1:C6,2)",
        "SUM(单价)",
    ]
    grid = Grid("表", rows=[[*row, None, 1] for row in TABLE])
    assert judged(grid, {(row, 6): text for row, text in enumerate(texts, start=1)}) == set()
    assert grid.unchecked == {(row, 6) for row in range(1, 7)}


def test_many_formulas_cost_little_and_long_chains_are_followed():
    rows = [[number, 1, 1] for number in range(600)]
    looked_up = {(row, 3): f"VLOOKUP(A{row},A:B,2,0)" for row in range(1, 601)}
    backwards = {(row, 2): f"B{row + 1}+0" for row in range(1, 600)}
    grid = Grid("表", rows=rows)
    assert judged(grid, looked_up | backwards) == set() and grid.unchecked == set()
    endless = Grid("表", rows=[[1, 1]])
    assert judged(endless, {(1, 1): "B1", (1, 2): "A1"}) == set() and len(endless.unchecked) == 2


def test_array_formulas_fill_their_area():
    rows = [[1, 10, 10, 99], [2, 20, 40, None], [3, 30, 91, None]]
    formulas = {(1, 3): "A1:A3*B1:B3", (1, 4): "SUM(A1:A3*B1:B3)"}
    arrays = {(1, 3): (1, 3, 3, 3), (1, 4): (1, 4, 1, 4)}
    assert judged(Grid("表", rows=rows), formulas, arrays=arrays) == {(3, 3), (1, 4)}


def test_a_formula_that_gives_an_error_or_an_empty_text_holds_no_number():
    rows = [[0, "", None, 5, 6]]
    formulas = {(1, 3): 'IF(A1=0,7,"")', (1, 4): "1/A1", (1, 5): 'IF(A1=0,"",1)'}
    assert judged(Grid("表", rows=rows), formulas) == set(formulas)


@pytest.mark.parametrize(
    ("told", "trusted"),
    [
        ({}, True),
        ({"stated": True}, False),
        ({"writer": "Microsoft Excel", "chained": True}, True),
        ({"writer": "Microsoft Excel"}, False),  # Excel keeps the order of computing
        ({"writer": "LibreOffice/24.2"}, True),
        ({"writer": ""}, True),
    ],
)
def test_of_other_formulas_the_file_is_asked(told, trusted):
    rows = [["甲", 5]]
    assert judged(Grid("表", rows=rows), {(1, 2): "LEN(A1)+4"}, **told) == (
        set() if trusted else {(1, 2)}
    )


def test_nothing_but_zeros_from_a_writer_that_computes_nothing():
    formulas = {(1, 2): "CODE(A1)", (1, 3): "RAND()"}
    assert judged(Grid("表", rows=[["甲", 0, 0]]), formulas, writer="Apache POI") == set(formulas)
    assert judged(Grid("表", rows=[["甲", 0, 0]]), formulas, writer="WPS 表格") == set()


@pytest.mark.parametrize(("writer", "told"), [("SheetJS", {(1, 2), (1, 4)}), ("腾讯文档", set())])
def test_a_zero_beside_true_results_is_told_of_software_that_fills_in_zeros(writer, told):
    formulas = {(1, 2): "CODE(A1)", (1, 3): "2+3", (1, 4): "B1*2", (1, 5): "5-C1"}
    grid = Grid("表", rows=[["甲", 0, 5, 0, 0]])
    assert judged(grid, formulas, writer=writer) == told, "5-5 is nought indeed"


def test_a_subtotal_leaves_out_the_subtotals_within_it():
    formulas = {
        (3, 1): "SUBTOTAL(9,A1:A2)", (5, 1): "SUBTOTAL(109,A4)", (6, 1): "SUBTOTAL(9,A1:A5)",
        (7, 1): "SUBTOTAL(9,A1:A6)",
    }  # fmt: skip
    for hidden, told in ((set(), {(7, 1)}), ({1}, set())):
        rows = [[3], [4], [7], [5], [5], [12], [99]]
        assert judged(Grid("表", rows=rows, hidden_rows=hidden), formulas) == told


@pytest.mark.parametrize(
    ("settings_of_calculation", "trusted"),
    [
        ('<calcPr calcId="191029"/>', True),
        ('<calcPr calcId="191029" fullCalcOnLoad="1"/>', False),
        ('<calcPr calcMode="manual" calcCompleted="0"/>', False),
        ('<calcPr calcMode="manual"/>', True),
        ('<calcPr forceFullCalc="true"/>', False),
    ],
)
def test_a_file_says_itself_that_its_results_are_out_of_date(
    tmp_path, settings_of_calculation, trusted
):
    path = sample.workbook(tmp_path / "a.xlsx", {"表": [[2, 3]]})
    computed(path)
    rewrite(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</row>", b'<c r="C1"><f>LEN("a")</f><v>1</v></c></row>'),
    )

    def settings(xml):
        start = xml.index(b"<calcPr")
        end = xml.index(b"/>", start) + 2
        return xml[:start] + settings_of_calculation.encode() + xml[end:]

    rewrite(path, "xl/workbook.xml", settings)
    (grid,) = read_workbook(path.read_bytes())
    assert isinstance(grid.rows[0][2], Outdated) is not trusted


# ------------------------------------------------------------------------------------ days and times

DAY = Column("on", "日期", "date")
SHOWN = {
    "yyyy-mm-dd": "", 'yyyy"年"m"月"d"日"': "", "[$-804]yyyy/m/d;@": "", "[DBNum1]yyyy年m月d日": "",
    "e/m/d": "", "yyyy-mm-dd hh:mm": "", "[$-F800]dddd, mmmm dd, yyyy": "",
    'yyyy"年"m"月"': "d", 'e"年"m"月"': "d", "[DBNum1][$-804]yyyy年m月": "d", "mmm-yy": "d",
    'm"月"d"日"': "y", "[$-409]d-mmm;@": "y", "m/d": "y",
    "yyyy": "md", "yyyy/mm": "d", "mm/yyyy": "d", "h:mm": "ymd", "[h]:mm:ss": "ymd", 'yyyy"Q"q': "md", "q": "ymd", "QQ YYYY": "md", "WW": "ymd",
    '[<36526]"早";yyyy-mm': "d", "[>=40000]yyyy-mm-dd;m/d": "y", "m/d hh:mm": "y", 'e"年"': "md", 'm"月"': "yd", "aaaa": "ymd", "dddd": "ymd",
}  # fmt: skip


@pytest.mark.parametrize("day", [dt.date(2026, 3, 1), dt.date(2026, 8, 15)])
def test_what_a_format_of_days_does_not_show_is_not_completed(tmp_path, day):
    book = openpyxl.Workbook()
    for row, code in enumerate(SHOWN, start=1):
        cell = book.active.cell(row, 1, day)
        cell.number_format = code
    book.save(tmp_path / "a.xlsx")
    (grid,) = read_workbook((tmp_path / "a.xlsx").read_bytes())
    for (code, hidden), (cell,) in zip(SHOWN.items(), grid.rows, strict=True):
        assert isinstance(cell, dt.date), code
        assert (cell.hidden if isinstance(cell, PartialDay) else "") == hidden, code
        parsed = days.date(cell, DAY)
        assert (parsed.code is None) is (hidden == ""), code
        if "y" in hidden:
            assert parsed.code == "日期缺年"
    cells = [*_parsed_cells([row[0] for row in grid.rows], Column("of", "月份", "month"), None)]
    for (code, hidden), parsed in zip(SHOWN.items(), cells, strict=True):
        wanted = "日期缺年" if "y" in hidden else "月份缺月" if "m" in hidden else None
        assert (parsed.code, parsed.value) == (wanted, None if wanted else day.replace(day=1)), code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("08:30:00", dt.time(8, 30)),
        ("T08:30", dt.time(8, 30)),
        ("1899-12-30T08:30:00", dt.time(8, 30)),
        ("1899-12-31T08:30:00", dt.time(8, 30)),
        ("PT8H30M", dt.time(8, 30)),
        ("2026-03-05", dt.date(2026, 3, 5)),
        ("2026-03-05T00:00:00", dt.date(2026, 3, 5)),
        ("2026-03-05T08:30:00", dt.datetime(2026, 3, 5, 8, 30)),
        # Of another time zone, or no moment at all: as they stand, to be told at the cell.
        ("2026-03-04T16:00:00Z", "2026-03-04T16:00:00Z"),
        ("08:30:00+08:00", "08:30:00+08:00"),
        ("2026-02-30T00:00:00", "2026-02-30T00:00:00"),
    ],
)
def test_cells_of_type_d(tmp_path, text, value):
    bare(tmp_path / "a.xlsx", f'<row r="1"><c r="A1" t="d"><v>{text}</v></c></row>')
    (grid,) = read_workbook((tmp_path / "a.xlsx").read_bytes())
    assert grid.rows == [[value]]


# ----------------------------------------------------------------------------------- what is not seen


def test_what_nobody_sees_is_told(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([1, 2, 3, 4, "5", 6, 7, 8, 9, 10])
    sheet["A1"].number_format = ";;;"
    sheet["B1"].font = openpyxl.styles.Font(color="FFFFFFFF")
    sheet["C1"].font = openpyxl.styles.Font(color="FFFFFFFF")
    sheet["C1"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF990000")
    sheet["D1"].font = openpyxl.styles.Font(strike=True)
    sheet["E1"].number_format = ";;;"
    sheet["F1"].number_format = "[Red]0;0"
    sheet["G1"].number_format = "[White]0;[白色]-0"
    sheet["H1"].font = openpyxl.styles.Font(color="FFDD0000")
    sheet["H1"].fill = openpyxl.styles.PatternFill("solid", fgColor="00DD0000")
    sheet["I1"].font = openpyxl.styles.Font(size=1)
    sheet["J1"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF0000AA")
    book.save(tmp_path / "a.xlsx")
    flat = b'<cols><col min="6" max="6" width="0"/><col min="7" max="7" width="0.2"/></cols><sheetData>'
    rewrite(
        tmp_path / "a.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<sheetData>", flat),
    )
    (grid,) = read_workbook((tmp_path / "a.xlsx").read_bytes())
    assert grid.unseen == {
        INVISIBLE: {(1, 1), (1, 5)}, WHITE: {(1, 2), (1, 7)}, STRUCK: {(1, 4)}, SAME: {(1, 8)}, TINY: {(1, 9)},
    }  # fmt: skip
    assert {6, 7} <= grid.hidden_columns


def test_rows_of_a_line_s_height_are_hidden(tmp_path):
    rows = '<row r="1" ht="0.75" customHeight="1"><c r="A1"><v>1</v></c></row><row r="2" ht="6"><c r="A2"><v>2</v></c></row>'
    bare(tmp_path / "a.xlsx", rows)
    (grid,) = read_workbook((tmp_path / "a.xlsx").read_bytes())
    assert grid.hidden_rows == {1}


RUNS = {
    "<r><rPr><strike/></rPr><t>12</t></r><r><t>30</t></r>": "划去",
    '<r><t>30</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>': "上标",
    '<r><rPr><strike val="0"/></rPr><t>1</t></r><r><rPr><vertAlign val="baseline"/></rPr><t>2</t></r>': None,
    "<r><rPr><strike/></rPr><t> </t></r><r><t>12</t></r>": None,
}  # fmt: skip


@pytest.mark.parametrize(("runs", "code"), RUNS.items())
def test_a_number_some_digits_of_which_are_struck_or_raised_is_not_read(tmp_path, runs, code):
    cells = f'<row><c t="inlineStr"><is>{runs}</is></c><c t="s"><v>0</v></c><c><v>5</v></c></row>'
    row = bare(tmp_path / "a.xlsx", cells, f"<si>{runs}</si>")[0]
    for cell in row[:2]:
        parsed = numbers.number(cell, Column("n", "户数", "integer"), 1)
        assert (parsed.code, parsed.value) == (code, None if code else 12)
    name = words.text(row[0], Column("name", "名称", "text"))
    assert name.code == (code if code == "划去" else None), "m² is a text like any other"


@pytest.mark.parametrize(
    "shown", ["#N/A", "#SPILL!", "#BUSY!", "#PYTHON!", "#GETTING_DATA", "Err:502"]
)
def test_what_a_formula_shows_that_failed_is_no_text(shown):
    assert words.code(shown, Column("id", "编号", "code")).code == "公式错误"
    assert words.text(f"{shown}号楼", Column("name", "名称", "text")).code is None


# ------------------------------------------------------------------------------------ whole, not damaged


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"]
)
def test_the_letter_case_of_a_part_s_name_is_no_damage(tmp_path, part):
    content = sample.workbook(tmp_path / "a.xlsx", {"表": [["甲", 1], ["乙", 2.5]]}).read_bytes()
    parts = fuzz.unzipped(content)
    parts = {name.swapcase() if name == part else name: data for name, data in parts.items()}
    assert [g.rows for g in read_workbook(fuzz.rezipped(parts))] == [[["甲", 1], ["乙", 2.5]]]


@pytest.mark.parametrize(
    ("part", "words"),
    [("word/document.xml", "是 Word 文档"), ("xl/workbook.bin", "xlsb"), ("content.xml", "是 ods")],
)
def test_another_office_file_is_called_what_it_is(part, words):
    with pytest.raises(ChunshuiError, match=words):
        read_workbook(fuzz.rezipped({part: b"<a/>"}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "properties", "type"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@given(JSON)
@example({"properties": None})
@example({"properties": {"name": None}})
@example({"properties": []})
@example("EPSG:4326")
@settings(max_examples=60, deadline=None)
def test_a_crs_of_any_type_is_read_or_stated(crs):
    feature = {"type": "Feature", "properties": {}, "geometry": None}
    document = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    (layer,) = read_geojson(json.dumps(document).encode())
    assert layer.crs is None or (layer.crs and crs)
    if crs and isinstance(crs, str):
        assert layer.crs == crs


def test_members_of_one_name_are_refused_and_a_line_around_the_globe(tmp_path):
    with pytest.raises(ChunshuiError, match="同名的成员“编号”"):
        read_geojson(
            b'{"type":"FeatureCollection","features":[{"properties":{"\xe7\xbc\x96\xe5\x8f\xb7":1,"\xe7\xbc\x96\xe5\x8f\xb7":2}}]}'
        )
    around = {"type": "LineString", "coordinates": [[114.2, 30.5], [-114.2, 30.6]]}
    assert "横跨180度" in parse_shape(around, ALL["barrier"]).facts["why"]


# ---------------------------------------------------------------------------------------- identifiers

NODES = ["节点编号", "类别", "经度", "纬度"]


@pytest.mark.parametrize(
    "number", [5_612_345_601, 13_812_345_678, str(2**62), "13812345678", "'13812345678"]
)
def test_a_number_that_identifies_is_no_phone_and_may_be_long(read, number):
    staged = read({"步行节点": [NODES, [number, "路口", 114.21, 30.58]]})
    assert not [e for e in errors(staged) if "手机" in e[2] or "超出" in e[2]]
    assert staged.tables["walk_node"]["node_id"].tolist() == [int(str(number).removeprefix("'"))]


def test_a_long_number_that_lost_its_end_is_refused(read):
    staged = read({"步行节点": [NODES, [float(2**62), "路口", 114.21, 30.58]]})
    assert any("科学计数法" in e[2] for e in errors(staged))


def test_a_phone_is_found_where_the_format_does_not_fit(read):
    for cell in ("138 1234 5678", "王13812345678"):
        staged = read({"步行节点": [NODES, [cell, "路口", 114.21, 30.58]]})
        assert any("含手机号" in e[2] for e in errors(staged)), cell
    heads = ["事项编号", "社区", "来源渠道", "类别", "受理日期", "应办结日期"]
    rest = ["古一社区", "议事会", "停车", "2026-3-2", "2026-3-9"]
    staged = read({"民情台账": [heads, ["Y1", *rest], ["13812345678", *rest], ["Y3", *rest]]})
    assert ("民情台账", "A3", "含手机号，整个文件不予入库") in errors(staged)
    # Phones of many offices in place of numbers are no format, though they are all of a length.
    for offices, found in (((138, 159, 177), 3), ((138, 138, 138), 0)):
        rows = [[f"{office}{n}1234567", *rest] for n, office in enumerate(offices)]
        staged = read({"民情台账": [heads, *rows]})
        assert sum("含手机号" in error[2] for error in errors(staged)) == found


# -------------------------------------------------------------------------------------------- rows


@pytest.mark.parametrize(
    "stage",
    ["审核", "复核", "填报", "负责人会签", "备注说明", "小计", "合计", "例", "续表", "盖章"],
)
def test_a_row_that_is_whole_is_data_whatever_word_it_holds(read, stage):
    rows = [["阶段", "先后"], ["申报", 1], [stage, 2], ["验收", 3]]
    staged = read({"旧改阶段字典": rows})
    assert staged.tables["renovation_step"]["stage"].tolist() == ["申报", stage, "验收"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["审核", None, "开工"], True), (["审核盖章事项", None, None], True),
        (["审核", "张三", None], False), (["填报人：张三", None, None], False),
        (["审核", None, None], False),
    ],
)  # fmt: skip
def test_what_is_dropped_as_a_footnote_and_may_be_data_is_told(read, row, told):
    staged = read({"旧改阶段字典": [["阶段", "先后", "里程碑"], ["申报", 1, None], row]})
    assert staged.ok
    assert any("当作脚注" in issue.what for issue in staged.issues) == told


def test_what_stands_to_the_right_of_all_headers_is_told(read):
    staged = read(
        {"岗位字典": [ROLE_HEADER, [*ROLES[0], "替补"], ROLES[1]]}, name="网格岗位字典.xlsx"
    )
    (told,) = [i for i in staged.issues if "表头的右边" in i.what]
    assert (told.severity, told.row) == ("警告", 2) and errors(staged) == []


# ------------------------------------------------------------------------------------ against others


def test_shapefiles_are_read_as_gdal_reads_them():
    for number in range(60):
        content = fuzz.shapefile(random.Random(f"shapes|{number}"))
        assert not fuzz.differs_from_gdal(content, read_map(content)), number


def test_bytes_gone_wrong_are_read_or_refused_in_words():
    outcomes = fuzz.run(seed=16, seconds=60, most=250)
    assert sum(outcomes.values()) == 250
    assert all(outcomes[f"{kind} {how}"] for kind in fuzz.KINDS for how in ("read", "refused"))
