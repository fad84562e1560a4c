"""The trickier metrics by given and expected rows, run through the real fill and read as pages do.

`given/<metric>.toml` holds a month, the rows of some tables as CSV, and the figures to expect. A
column that is not named is empty, or where it may not be, something that decides nothing.
"""

import csv
import io
import shutil
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from chunshui.catalogue import fill
from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.metric import get_metric
from chunshui.month import Month
from chunshui.warehouse.reader import Reader, connect
from tests.catalogue import district

CASES = sorted((Path(__file__).parent / "given").glob("*.toml"), key=str)
SHORT = ["甲一", "甲二", "甲三", "乙一", "乙二", "乙三"]
CODES = {
    "甲": district.JIA,
    "乙": district.YI,
    **dict(zip(SHORT, district.COMMUNITIES, strict=True)),
}
ANY = {"VARCHAR": "x", "DATE": "2000-01-01", "BOOLEAN": False, "lon": 114.2, "lat": 30.58}


def rows(text: str) -> pd.DataFrame:
    """Read CSV; an empty cell is None, a place's short name its code."""
    cells = list(csv.DictReader(io.StringIO(text.strip())))
    return pd.DataFrame(
        [{key: CODES.get(cell, cell) or None for key, cell in row.items()} for row in cells]
    )


def filled(con, table: str, given: pd.DataFrame) -> pd.DataFrame:
    """Add to given rows what their table may not be without; text that is unique, by row."""
    columns = con.execute(
        "select column_name, data_type from duckdb_columns() where table_name = ? "
        "and not is_nullable and not starts_with(column_name, 'source_')",
        [table],
    ).fetchall()
    for name, kind in columns:
        if name not in given:
            value = ANY.get(name, ANY.get(kind, 1))
            texts = [f"{value}{number}" for number in range(len(given))]
            given[name] = texts if kind == "VARCHAR" else value
    return given


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A version of nothing but its places, to be copied: to create the tables takes most of a case."""
    path, tables = tmp_path_factory.mktemp("places") / "v.duckdb", district.tables()
    con = connect(path, read_only=False)
    given = {one: tables[one] for one in ("district", "street", "community", "neighbourhood")}
    district.build(con, given, months=[])
    con.close()
    return path


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_figures_are_those_expected(path, places, tmp_path, monkeypatch):
    case = tomllib.loads(path.read_text("utf-8"))
    month, expected = Month.parse(case.pop("month")), rows(case.pop("expect"))
    metric = get_metric(path.stem)
    con = connect(shutil.copy(places, tmp_path / "v.duckdb"), read_only=False)
    district.add_months(con, [month.shift(-1).first, month.first])
    for table, text in case.items():
        district.add(con, {table: filled(con, table, rows(text))})
    monkeypatch.setattr(fill, "all_metrics", lambda: {metric.id: metric})
    fill.fill_values(con)
    con.close()
    with Reader(tmp_path / "v.duckdb", SimpleNamespace(version="v000001")) as reader:
        for row in expected.itertuples():
            code = row.place if row.place != "全区" else None
            streets = [code] if code in (district.JIA, district.YI) else []
            community = code if code and not streets else None
            figure = figure_of(reader, metric.id, str(month), streets, community, row.variant)
            sums = (figure.numerator, figure.denominator)
            wanted = [
                None if pd.isna(cell) else float(cell) for cell in (row.numerator, row.denominator)
            ]
            assert (figure.text, *sums) == (row.text, *wanted), row
            if code:
                level = "community" if community else "street"
                table = place_table(reader, metric.id, str(month), level, variant=row.variant)
                assert row.text in table.loc[table[f"{level}_code"] == code, "text"].tolist()
