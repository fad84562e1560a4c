"""Which rows of a sheet are data: titles, bands, footnotes, totals, merged and hidden cells around them."""

import datetime as dt

from chunshui.words import WARNING
from tests.ledgers.sheets import (
    GRIDS,
    HEADER,
    error_cells,
    errors,
    grid,
    rewrite,
    row_kinds,
    stage_places_and_projects,
)


def test_the_good_ledger_is_read_around_its_titles_and_footnotes(rosters):
    staged = stage_places_and_projects(rosters)
    assert errors(staged) == []
    assert [i for i in staged.issues if i.severity == WARNING] == []
    table = staged.tables["neighbourhood"]
    assert table["neighbourhood_id"].to_list() == ["N1", "N2", "N3", "N4"]
    assert table["source_row"].to_list() == [4, 5, 6, 7]
    assert staged.tables["renovation_project"]["budget_yuan"].to_list() == [12_345_678]
    source = staged.source_file.set_index("ledger_id").loc["neighbourhood"]
    fates = staged.source_row[staged.source_row["source_id"] == source["source_id"]]["fate"]
    assert fates.to_list() == ["表头"] * 3 + ["合格"] * 4 + ["合计", "空行"] + ["脚注"] * 3
    assert (source["row_total"], source["row_used"]) == (12, 4)


def test_street_and_community_merged_down_are_filled_in(rosters):
    def change(sheet):
        sheet.merge_cells("D4:D6")
        sheet.merge_cells("E4:E5")

    staged = stage_places_and_projects(rosters, change)
    assert errors(staged) == []
    assert len(staged.tables["neighbourhood"]) == 4


def test_any_other_merged_cell_is_refused(rosters):
    staged = stage_places_and_projects(rosters, lambda sheet: sheet.merge_cells("F4:F5"))
    assert ("小区台账", "F4", "F4:F5 是合并单元格，不知各行各填什么") in errors(staged)
    assert len(staged.tables["neighbourhood"]) == 2


def test_a_merged_title_and_total_are_no_fault(rosters):
    def change(sheet):
        sheet.merge_cells("A1:I1")
        sheet.merge_cells("A8:C8")

    assert errors(stage_places_and_projects(rosters, change)) == []


def test_a_hidden_row_with_data_is_refused(rosters):
    def change(sheet):
        sheet.row_dimensions[6].hidden = True

    staged = stage_places_and_projects(rosters, change)
    assert errors(staged) == [("小区台账", "第6行", "第6行被隐藏但有数据")]


def test_a_header_printed_again_is_no_data(rosters):
    def change(sheet):
        sheet.insert_rows(6)
        for at, header in enumerate(HEADER, start=1):
            sheet.cell(6, at, header)

    staged = stage_places_and_projects(rosters, change)
    assert errors(staged) == []
    assert staged.tables["neighbourhood"]["source_row"].to_list() == [4, 5, 7, 8]


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
    assert row_kinds(staged, "grid_unit") == [
        *["表头"] * 4, "合格", "表头", "合格", *["表头"] * 4, "合格", *["脚注"] * 9,
    ]  # fmt: skip


def test_a_row_that_might_be_data_is_data(read):
    rows = [GRIDS, grid(1), ["WG009"], grid(2, id=None), grid(3), ["WG010"]]
    staged = read({"网格台账": rows})
    found = sorted(cell for _, cell, _ in errors(staged))
    assert found == sorted(["A4", *(f"{letter}{row}" for row in (3, 6) for letter in "BDEFHI")])


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
    assert error_cells(staged, wanted) == wanted
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
    assert [error[1] for error in errors(staged)] == ["第3行", "第4行"]
    (warning,) = [i for i in staged.issues if i.severity == WARNING]
    assert (warning.cell, warning.what) == ("E1", "这一列是隐藏的，照样读入了")
