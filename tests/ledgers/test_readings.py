"""Cells read otherwise than they stand: each is kept with what it was taken for."""

import datetime as dt

from chunshui.ledgers.stage import stage
from chunshui.words import NOTE, WARNING
from tests.ledgers import sample
from tests.ledgers.sheets import computed, errors, rewrite, stage_projects


def test_every_interpreted_cell_is_kept_with_what_it_was_read_as(rosters):
    staged = stage_projects(rosters)
    read = {row.cell: (row.raw, row.value, row.why) for row in staged.readings.itertuples()
            if row.sheet == "旧改项目台账"}  # fmt: skip
    assert read["J7"] == ("112户", "112户", "数后带单位")
    assert read["K7"] == ("1,234.5678", "12,345,678元", "千分位、单位换算：1为10,000元")
    assert read["H8"] == ("２０２５", "2,025", "全角数字")
    assert read["J8"] == ("五十六", "56户", "中文数字")
    assert read["K8"] == ("600", "6,000,000元", "单位换算：1为10,000元")
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
    stage_projects(rosters, merged=False)
    part = "xl/worksheets/sheet2.xml"
    cells = {
        b'<c r="J10" t="n"><v>90</v></c>': b'<c r="J10"><f t="array" ref="J10">SUM(I10*{30})</f><v>90</v></c>',
        b'<c r="I10" t="n"><v>3</v></c>': b'<c r="I10"><f>45/15</f><v>3</v></c>',
    }
    for old, new in cells.items():
        rewrite(rosters / "旧改.xlsx", part, lambda xml, old=old, new=new: xml.replace(old, new))
    computed(rosters / "旧改.xlsx")
    staged = stage(rosters)
    assert errors(staged) == []
    notes = [(i.cell, i.what) for i in staged.issues if i.severity == NOTE and "公式" in i.what]
    assert notes == [("I10", "此格是公式，采用文件里保存的结果，与复算一致")]
    (asked,) = staged.questions  # an array that is written out is not computed here
    assert (asked.severity, asked.cell) == (WARNING, "J10")
    assert "软件复算不了" in asked.what
    assert "公式，采用保存的结果" in set(staged.readings["why"])
