"""The blank templates, filled in with the demonstration district, come back as equal tables."""

import datetime as dt

import openpyxl
import pandas as pd
import pytest

from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.out.templates import template
from chunshui.ledgers.out.write import cells, place_names
from chunshui.ledgers.stage import stage

# Large ones are filled with their first rows: a template is filled in by hand.
MOST = 400


@pytest.fixture(scope="module")
def district(published):
    folder = published / "ledgers"
    return folder, stage(folder)


def fill(ledger, table, names) -> openpyxl.Workbook:
    """Type a table into the blank workbook of its ledger, row by row under the header."""
    path_bytes = template([ledger.id])
    import io

    book = openpyxl.load_workbook(io.BytesIO(path_bytes))
    sheet = book[ledger.name]
    header = next(
        row[0].row for row in sheet.iter_rows() if row[0].value == ledger.columns[0].title
    )
    columns = cells(ledger, table, names)
    for at, values in enumerate(columns.values(), start=1):
        for number, value in enumerate(values, start=header + 1):
            if value is not None:
                sheet.cell(number, at).value = value
    sheet["A1"] = f"{ledger.name}　演示数据"
    return book


def test_templates_filled_by_the_demonstration_give_equal_tables(district, tmp_path):
    folder, staged = district
    names = place_names(staged.tables)
    for ledger in ALL.values():
        if "xlsx" not in ledger.formats or ledger.id == "claim":
            continue
        table = staged.tables[ledger.id].drop(columns=["source_id", "source_row"])
        if ledger.id in ("walk_node", "walk_edge", "building", "full_community_check", "grid_post"):
            table = table.head(MOST)
        fill(ledger, table, names).save(tmp_path / f"{ledger.name}.xlsx")
    for name in ("行政区界", "街道名录", "社区名录", "步行屏障"):
        (tmp_path / f"{name}.geojson").write_bytes((folder / f"{name}.geojson").read_bytes())
    again = stage(tmp_path)
    # Rows that belong to a thing past the first rows of a large ledger have nobody to refer to.
    said = {issue.what.split("中没有")[0] for issue in again.errors}
    assert said <= {"楼栋台账", "步行节点"}, [str(issue) for issue in again.errors][:5]
    for name, table in again.tables.items():
        if name == "claim":
            continue
        key = list(ALL[name].key)
        mine = table.drop(columns=["source_id", "source_row"]).set_index(key).sort_index()
        other = staged.tables[name].drop(columns=["source_id", "source_row"]).set_index(key)
        other = other.loc[mine.index]
        assert len(mine), name
        for column in mine.columns:
            same = [
                (pd.isna(a) and pd.isna(b)) or a == b or _day(a) == _day(b)
                for a, b in zip(mine[column], other[column], strict=True)
                if not isinstance(a, bytes)
            ]
            assert all(same), (name, column)


def _day(value: object) -> object:
    return value.date() if isinstance(value, dt.datetime | pd.Timestamp) else value
