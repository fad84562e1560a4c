"""Sheets that the tests fill in and stage, and what they ask of the outcome."""

import zipfile

import openpyxl

from chunshui.ledgers.formats.workbook import read_workbook
from chunshui.ledgers.stage import stage
from chunshui.words import ERROR

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


def stage_places_and_projects(folder, change=lambda sheet: None, projects=lambda sheet: None):
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
        (issue.sheet, issue.cell or (f"第{issue.row}行" if issue.row else ""), issue.what)
        for issue in staged.errors
    ]


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


def stage_projects(folder, change=lambda sheet: None, merged=True, name="旧改项目台账"):
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


def row_kinds(staged, ledger):
    source = staged.source_file.set_index("ledger_id").loc[ledger, "source_id"]
    return staged.source_row[staged.source_row["source_id"] == source]["fate"].to_list()


def error_cells(staged, wanted):
    """Where the errors are, with as much of each as is wanted."""
    found = errors(staged)
    begins = [len(begin) for _, begin in wanted] + [99] * len(found)
    return [(cell, what[:length]) for (_, cell, what), length in zip(found, begins, strict=False)]


def issue_texts(staged, level):
    return [issue.what for issue in staged.issues if issue.severity == level]


def project_sheet(header, *rows, above=(), below=()):
    heads = [*PROJECTS[:-1], header]
    return {**PLACES, "旧改项目台账": [*above, heads, *rows, *below]}


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
    return read_workbook(path.read_bytes())[0].rows


ROLE_HEADER = ["岗位编号", "岗位名称", "网格长岗位", "必配岗位"]


ROLES = [["R1", "网格长", "是", "是"], ["R2", "网格员", "否", "是"]]


def rows_of(folder):
    staged = stage(folder)
    assert [str(error) for error in staged.errors] == []
    return staged.tables["grid_role"]["role_id"].to_list()


def texts_of(folder, level=ERROR):
    return [issue.what for issue in stage(folder).issues if issue.severity == level]


def computed(path):
    """Let a workbook of openpyxl's, which computes nothing, pass for one that was computed."""
    rewrite(path, "xl/workbook.xml", lambda xml: xml.replace(b'fullCalcOnLoad="1"', b""))
    rewrite(path, "docProps/app.xml", lambda xml: xml.replace(b"Microsoft Excel", b"WPS"))


def rewrite(path, part, change):
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
