"""csv files of all makes."""

import csv
import io

import pytest

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.csv import read_csv
from chunshui.ledgers.stage import stage
from tests.ledgers.sheets import GRIDS, ROLE_HEADER, ROLES, errors, grid, row_kinds, rows_of


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
        ("第4行", "公式“=A1+1”没有保存计算结果")
    ]
    table = staged.tables["grid_unit"]
    assert table["grid_id"].to_list() == ["00123", "00124", "WG004"]
    assert table["grid_name"].to_list()[-1] == "=某网格"


def test_a_comma_that_moves_the_cells_of_its_row_is_told(read):
    rows = [grid(1), [*grid(2), "尾巴"], grid(3, name="第,3网格")]
    content = text_of([GRIDS, *rows]).encode()
    staged = read(None, raw=lambda path: path.write_bytes(content), name="网格台账.csv")
    told = [(row, what) for _, row, what in errors(staged) if "格" in what and "多出" in what]
    assert told == [("第3行", "这一行比表头多出1格"), ("第4行", "这一行比表头多出1格")]
    assert staged.tables["grid_unit"]["grid_id"].to_list() == ["WG001"]


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


def test_empty_cells_to_the_right_of_a_csv_are_none(read):
    content = text_of([[*GRIDS, *[None] * 900], [*grid(1), *[None] * 900], [None] * 900])
    staged = read(None, raw=lambda path: path.write_text(content, "utf-8"), name="网格台账.csv")
    assert errors(staged) == []
    assert row_kinds(staged, "grid_unit") == ["表头", "合格"]


def csv_text(rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_csv_in_the_usual_encodings(tmp_path, encoding, delimiter):
    text = csv_text([["岗位"], [], ROLE_HEADER, *ROLES], delimiter)
    (tmp_path / "网格岗位字典.csv").write_bytes(text.encode(encoding))
    assert rows_of(tmp_path) == ["R1", "R2"]


def test_a_line_break_in_a_cell_does_not_shift_the_row_numbers(tmp_path):
    text = csv_text([ROLE_HEADER, ["R1", "网格\n长", "是", "是"], ROLES[1]])
    (tmp_path / "网格岗位字典.csv").write_bytes(text.encode())
    table = stage(tmp_path).tables["grid_role"]
    assert table["role_name"].to_list() == ["网格 长", "网格员"]
    assert table["source_row"].to_list() == [2, 3]


def test_a_quote_that_guards_a_formula_is_taken_off(tmp_path):
    text = csv_text([ROLE_HEADER, ["R1", "'=1+1", "是", "是"], ["R2", "'引号'", "否", "是"]])
    (tmp_path / "网格岗位字典.csv").write_bytes(text.encode())
    table = stage(tmp_path).tables["grid_role"]
    assert table["role_name"].to_list() == ["=1+1", "'引号'"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # duckdb/duckdb#25827, #15576: a title or a cell full of another delimiter divides nothing.
        ("目录：一|二|三|四|五|六\n编号,名称\n1,甲\n2,乙\n", [["目录：一|二|三|四|五|六"], ["编号", "名称"], ["1", "甲"], ["2", "乙"]]),
        ("编号,备注\n1,a;b;c;d;e;f\n2,乙\n", [["编号", "备注"], ["1", "a;b;c;d;e;f"], ["2", "乙"]]),
        ('编号,"户\n数",名\n1,30,甲\n', [["编号", "户\n数", "名"], ["1", "30", "甲"]]),  # duckdb/duckdb#16760
        # pandas-dev/pandas#52505, SheetJS/sheetjs#2224, #1966, #712: as they stand
        ("编号,名\n1925036343869802844,49.03-\nS-DGF-36.2,07/02/11\n", [["编号", "名"], ["1925036343869802844", "49.03-"], ["S-DGF-36.2", "07/02/11"]]),
        ("\ufeff\ufeff编号,名\n1,甲\n\x1a", [["编号", "名"], ["1", "甲"]]),
        ('编号,地址,名\n1,"一号,\n二号",甲\n', [["编号", "地址", "名"], ["1", "一号,\n二号", "甲"]]),
        ('编号,名,户\n1,"张,三",30\n2,"李四,25\n3,"王五",35\n', "引号不成对"),  # duckdb/duckdb#14117
        ('编号,名,户\n1,甲,30\n2,"乙,25\n3,丙",35\n4,丁,45\n', "第4行前的引号像是没有成对"),
        ("编号,名\n1,甲\0乙\n", "夹有空字符"),  # pandas-dev/pandas#66524
    ],
)  # fmt: skip
def test_csv_files_of_public_reports(text, rows):
    if isinstance(rows, str):
        with pytest.raises(ChunshuiError, match=rows):
            read_csv(text.encode())
    else:
        assert read_csv(text.encode())[0].rows == rows
