"""Coordinate systems that a ledger states."""

import pytest

from chunshui.ledgers.stage import stage
from tests.ledgers import sample
from tests.ledgers.sheets import HEADER, ROWS, errors, stage_places_and_projects


def test_cgcs2000_is_taken_as_it_is(rosters):
    staged = stage_places_and_projects(
        rosters, lambda sheet: sheet.__setitem__("B2", "坐标系：CGCS2000")
    )
    assert errors(staged) == []
    crs = staged.source_file.set_index("ledger_id")["crs"]
    assert crs["neighbourhood"] == "CGCS2000"
    assert crs["street"] == "WGS-84"


def test_a_column_may_state_the_coordinate_system_row_by_row(rosters):
    def change(sheet):
        sheet["J3"] = "坐标系"
        for row, system in zip(range(4, 8), ("WGS84", "西安80", "CGCS2000", None), strict=True):
            sheet.cell(row, 10, system)

    staged = stage_places_and_projects(rosters, change)
    assert [issue.cell for issue in staged.errors] == ["H5"]
    assert "西安80" in staged.errors[0].what


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
        f"坐标由{stated}换算成 WGS-84（共4处）"
    ]
    assert (staged.readings["why"] == f"{stated}换算成 WGS-84").sum() == 8
    assert staged.source_file.set_index("ledger_id")["crs"]["neighbourhood"] == stated
