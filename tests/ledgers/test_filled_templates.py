"""The blank templates, filled in with the demonstration district, come back as equal tables."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from chunshui.errors import ChunshuiError
from chunshui.ledgers.base import read_base
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.out.templates import filled_template, template
from chunshui.ledgers.out.write import cells, place_names
from chunshui.ledgers.stage import stage
from chunshui.warehouse import Store
from chunshui.warehouse.schema import UNTOLD

# Those that no other refers to are filled with their first rows: a template is filled in by hand.
MOST = 400


def test_templates_filled_by_the_demonstration_give_equal_tables(published, tmp_path):
    with Store(published / "versions").open() as reader:
        held = read_base(reader, raw_rows=False).tables
        tables = {name: held[name] for name in ALL}
    names = place_names(tables)
    referred = {column.refers for ledger in ALL.values() for column in ledger.columns}
    for ledger in ALL.values():
        if "xlsx" not in ledger.formats:
            continue
        table = tables[ledger.id].drop(columns=["source_id", "source_row"])
        if ledger.id not in referred or ledger.id in ("walk_node", "building"):
            table = table.head(MOST)
        book = template([ledger.id], {ledger.id: cells(ledger, table, names)}, demonstration=True)
        (tmp_path / f"{ledger.name}.xlsx").write_bytes(book)
    for name in ("行政区界", "街道名录", "社区名录", "步行屏障"):
        (tmp_path / f"{name}.geojson").write_bytes(
            (published / "ledgers" / f"{name}.geojson").read_bytes()
        )
    again = stage(tmp_path)
    # Rows that belong to a thing past the first rows of a large ledger have nobody to refer to.
    said = {issue.what.split("中没有")[0] for issue in again.errors}
    assert said <= {"楼栋台账", "步行节点"}, [str(issue) for issue in again.errors][:5]
    for name, table in again.tables.items():
        key = list(ALL[name].key)
        mine = table.drop(columns=["source_id", "source_row"]).set_index(key).sort_index()
        other = tables[name].drop(columns=["source_id", "source_row"]).set_index(key)
        other = other.loc[mine.index]
        assert len(mine), name
        for column in mine.columns:
            same = [
                (pd.isna(a) and pd.isna(b)) or a == b or _day(a) == _day(b)
                for a, b in zip(mine[column], other[column], strict=True)
                if not isinstance(a, bytes)
            ]
            assert all(same), (name, column)


def test_a_street_s_rows_in_use_are_those_of_its_ledger(published):
    with Store(published / "versions").open() as reader:
        ours = filled_template(reader, "station", ["420104009"])
        whole = filled_template(reader, "station")
    rows = _rows(next((published / "ledgers").glob("阵地*.xlsx")), "阵地台账")
    assert 20 < len(_rows(io.BytesIO(ours), "阵地台账")) < len(rows)
    assert _rows(io.BytesIO(ours), "阵地台账") == [row for row in rows if "汉正街道" in row]
    assert _rows(io.BytesIO(whole), "阵地台账") == rows


def test_rows_that_nobody_is_to_be_shown_are_not_downloaded(published):
    with Store(published / "versions").open() as reader:
        for ledger in UNTOLD:
            with pytest.raises(ChunshuiError, match="不下载"):
                filled_template(reader, ledger)


def _rows(book: Path | io.BytesIO, sheet: str) -> list[tuple]:
    """Return the rows under the header of a sheet, in order; the header is the third row."""
    rows = openpyxl.load_workbook(book)[sheet].iter_rows(min_row=4, values_only=True)
    return sorted(rows, key=lambda row: row[0])


def _day(value: object) -> object:
    return value.date() if isinstance(value, dt.datetime | pd.Timestamp) else value
