"""A column of percentages: as text, as a number under a header that says so, as Excel shows it."""

from dataclasses import replace

import openpyxl
import pytest

from chunshui.ledgers.cells.numbers import number
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Column
from chunshui.ledgers.parse import parse
from chunshui.ledgers.read import read
from chunshui.ledgers.roster import Roster

RATE = Column("rate", "达标率", "number", unit="%", lo=0, hi=100)
ROLE = ALL["grid_role"]
LEDGER = replace(ROLE, columns=(*ROLE.columns, RATE), rules=())


@pytest.mark.parametrize(
    ("cell", "scale", "value"),
    [
        ("85%", 1, 85.0),
        ("85.5％", 1, 85.5),
        ("８５．５％", 1, 85.5),
        ("85.5 %", None, 85.5),
        ("0.85%", None, 0.85),
        ("100%", None, 100.0),
        (85.5, 1, 85.5),
        ("85.5", 1, 85.5),
        (0, 1, 0.0),
    ],
)
def test_a_percentage_is_read_exactly(cell, scale, value):
    assert number(cell, RATE, scale)[:2] == (value, None)


@pytest.mark.parametrize(
    ("cell", "scale", "code"),
    [
        (0.855, None, "单位不明"),
        ("85", None, "单位不明"),
        ("约85%", 1, "约数"),
        ("85%以上", 1, "约数"),
        ("80%-85%", 1, "区间"),
        ("185%", 1, "越界"),
        ("85%%", 1, "非数"),
        ("八成五", 1, "非数"),
    ],
)
def test_what_is_no_certain_percentage_is_refused(cell, scale, code):
    assert number(cell, RATE, scale).code == code


def written(path, header, *values):
    """Write a workbook of one ledger with a column of percentages: (value, number format)."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = ROLE.name
    sheet.append([*(column.title for column in ROLE.columns), header])
    for at, (value, form) in enumerate(values):
        sheet.append([f"R{at}", f"岗位{at}", "否", "是", value])
        sheet.cell(at + 2, 5).number_format = form
    book.save(path)
    (sheet,), problems = read(path, path.name, LEDGER)
    assert problems == []
    return parse(sheet, LEDGER, Roster([]))


def test_a_cell_that_excel_shows_as_a_percentage_is_what_it_shows(tmp_path):
    cases = [(0.855, "0.0%"), (0.29, "0%"), (1, "0.00%"), ("85.5%", "@")]
    batch = written(tmp_path / "a.xlsx", "达标率", *cases)
    assert batch.values["rate"] == [85.5, 29.0, 100.0, 85.5]
    assert not [issue for issue in batch.issues if issue.severity == "错误"]


def test_without_a_unit_a_bare_number_is_no_percentage(tmp_path):
    batch = written(tmp_path / "a.xlsx", "达标率", (0.855, "General"), (0.9, "0%"))
    (error,) = [issue for issue in batch.issues if issue.severity == "错误"]
    assert (error.cell, error.what) == ("E2", "没有写明单位（共1格）")
    batch = written(tmp_path / "b.xlsx", "达标率（%）", (0.855, "General"), (0.9, "0%"))
    assert batch.values["rate"] == [0.855, 90.0]


def test_a_percentage_in_a_column_of_counts_is_said_to_be_one(tmp_path):
    column = Column("n", "户数", "integer", unit="户")
    assert number("35%", column, 1).code == "百分数"
