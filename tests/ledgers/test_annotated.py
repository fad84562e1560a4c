"""The user's own file back, with every cell that something is wrong with marked."""

import io

import openpyxl
import pytest
from openpyxl.comments import Comment

from chunshui.ledgers import child
from chunshui.ledgers.out.annotated import FILLS, annotate
from chunshui.ledgers.stage import stage
from chunshui.words import ERROR
from tests.ledgers import sample
from tests.ledgers.sheets import GRIDS, HEADER, ROWS, errors, grid, rewrite


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


def test_the_annotated_copy_marks_each_cell_and_lists_all(rosters):
    path = sample.workbook(
        rosters / "a.xlsx",
        {"小区台账": [HEADER, ["N1", "=某小区", "小 区A", *ROWS[0][3:5], "约1985", *ROWS[0][6:]]]},
    )
    book = openpyxl.load_workbook(path)
    book["小区台账"]["B2"].data_type = "s"
    book["小区台账"]["L9"] = "原有的内容"
    book.save(path)
    staged = child.stage([*[(p, p.name) for p in sorted(rosters.iterdir())]])
    content = child.annotated(path, "a.xlsx", staged.issues)
    copy = openpyxl.load_workbook(io.BytesIO(content))
    assert copy.sheetnames == ["问题清单", "小区台账"]
    sheet = copy["小区台账"]
    for cell, what in {"C2": "不在选项中", "F2": "“约1985”是约数"}.items():
        assert what in sheet[cell].comment.text
        assert sheet[cell].fill.start_color.rgb == "FFF4B6B6"
    assert sheet["A2"].comment is None
    assert sheet["L9"].value == "原有的内容"
    rows = [[cell.value for cell in row] for row in copy["问题清单"].iter_rows(min_row=3)]
    assert [
        "错误",
        "小区台账",
        "F2",
        2,
        "建成年份",
        "约1985",
        "“约1985”是约数",
        "请填准确数",
    ] in rows
    assert {cell.data_type for row in copy["问题清单"].iter_rows() for cell in row} <= {"s", "n"}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    # The copy, mended, is a ledger again; its list is not taken for one.
    sheet["C2"], sheet["F2"] = "小区", 1985
    copy.save(path)
    assert errors(stage(rosters)) == []


def test_every_row_of_a_sheet_that_is_refused_whole_is_marked(rosters):
    rows = [row[:2] + row[3:] for row in (HEADER, *ROWS)]
    path = sample.workbook(rosters / "a.xlsx", {"小区台账": rows})
    staged = stage(rosters)
    sheet = openpyxl.load_workbook(
        io.BytesIO(annotate(path.read_bytes(), "a.xlsx", staged.issues))
    )["小区台账"]
    assert f"【拒收】缺少列“{HEADER[2]}”" in sheet["A1"].comment.text
    marked = [sheet.cell(row, 1).fill.start_color.rgb for row in range(1, len(rows) + 1)]
    assert set(marked) == {FILLS[ERROR].start_color.rgb}


def test_the_annotated_copy_of_a_csv_file(rosters):
    text = (
        ",".join(HEADER)
        + "\n"
        + ",".join(map(str, ["=1+1", *ROWS[0][1:5], "约1985", *ROWS[0][6:]]))
    )
    path = rosters / "小区台账.csv"
    path.write_bytes(text.encode("gb18030"))
    staged = stage(rosters)
    copy = openpyxl.load_workbook(io.BytesIO(child.annotated(path, "小区台账.csv", staged.issues)))
    sheet = copy["小区台账"]
    assert "是约数" in sheet["F2"].comment.text
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("spoil", ["strict", "a fill that openpyxl rejects"])
def test_what_openpyxl_does_not_open_is_marked_from_its_cells(read, tmp_path, spoil):
    path = sample.workbook(
        tmp_path / "a.xlsx",
        {
            "网格岗位字典": [
                ["岗位编号", "岗位名称", "网格长岗位", "必配岗位"],
                ["G1", "甲", "不知道", "是"],
            ]
        },
    )
    if spoil == "strict":
        old = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        new = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        for part in (
            "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml",
            "xl/_rels/workbook.xml.rels", "_rels/.rels",
        ):  # fmt: skip
            rewrite(path, part, lambda xml: xml.replace(old, new).replace(office, strict))
    else:
        wrong = b'<fill><patternFill patternType="unheard"/></fill></fills>'
        rewrite(path, "xl/styles.xml", lambda xml: xml.replace(b"</fills>", wrong))
    staged = stage(tmp_path)
    issues = [issue for issue in staged.errors if issue.cell == "C2"]
    assert issues
    book = openpyxl.load_workbook(io.BytesIO(annotate(path.read_bytes(), "a.xlsx", issues)))
    assert book.sheetnames == ["问题清单", "网格岗位字典"]
    assert "样式没能保留" in book["问题清单"]["A1"].value
    assert "不知道" in book["网格岗位字典"]["C2"].comment.text or book["网格岗位字典"]["C2"].comment
    assert book["网格岗位字典"]["A2"].value == "G1"
