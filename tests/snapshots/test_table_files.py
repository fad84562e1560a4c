import csv
import datetime as dt
import io
import json

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import shapely
from hypothesis import given
from hypothesis import strategies as st

from chunshui.snapshots.render import table_files
from tests.snapshots.test_snapshot import WHEN

ORIGIN = table_files.Origin(
    "阵地名单", "古田街道", "2026年10月", "v000003", "演示", "阵地台账", WHEN
)
NASTY = ['=HYPERLINK("http://x")', "+1+1", "@SUM(1)", "\t=1", "＝1+1", " =1+1", "|cmd", "-2+3"]


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "名称": [*NASTY, "古田阵地", "-5.2", "001234", None],
            "面积": [1.5, -5.2, np.nan, 4, 5, 6, 7, 8, 9, 10, 11, 12],
            "开放": [dt.date(2026, 1, 2)] * 12,
            "夜间": [True, False] * 6,
            "经度": [114.2] * 11 + [np.nan],
            "纬度": [30.59] * 12,
        }
    )


def test_csv_opens_harmless_and_whole():
    data = table_files.to_csv(frame(), ORIGIN)
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for words in (
        "# 内容：阵地名单",
        "演示数据（合成，非真实统计）",
        "古田街道",
        "v000003",
        "09:30",
    ):
        assert words in lines[0][0]
    assert lines[1] == list(frame().columns) and len(lines) == 2 + 12
    names = [line[0] for line in lines[2:]]
    assert names[:8] == ["'" + name for name in NASTY]
    assert names[8:] == ["古田阵地", "-5.2", "001234", ""]
    assert [line[1] for line in lines[2:6]] == ["1.5", "-5.2", "", "4"]
    assert lines[2][2:4] == ["2026-01-02", "True"]


@given(st.sampled_from("=+-@|\t\r\n＝＋－＠"), st.text(max_size=10))
def test_no_text_is_a_formula(first, rest):
    assert table_files.harmless(f"{first}{rest}甲").startswith("'")


def test_csv_is_read_back_by_a_program():
    back = pd.read_csv(
        io.BytesIO(table_files.to_csv(frame(), ORIGIN)), comment="#", encoding="utf-8-sig"
    )
    assert back["面积"].tolist()[3:] == [4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_xlsx_keeps_text_as_text_and_numbers_as_numbers():
    data = table_files.to_xlsx(frame(), ORIGIN)
    assert data == table_files.to_xlsx(frame(), ORIGIN)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert "演示数据" in sheet["A1"].value and sheet.freeze_panes == "A4"
    assert [cell.value for cell in sheet[3]] == list(frame().columns)
    names = [sheet.cell(row, 1) for row in range(4, 16)]
    assert [c.value for c in names] == [*NASTY, "古田阵地", "-5.2", "001234", None]
    assert all(c.data_type == "s" and c.hyperlink is None for c in names[:-1])
    assert [sheet.cell(row, 2).value for row in range(4, 8)] == [1.5, -5.2, None, 4]


def test_parquet_keeps_types_and_carries_the_stamp():
    table = pq.read_table(io.BytesIO(table_files.to_parquet(frame(), ORIGIN)))
    assert table.to_pandas()["名称"].tolist()[:8] == NASTY
    stamp = {k.decode(): v.decode() for k, v in table.schema.metadata.items()}
    assert stamp["数据性质"] == "演示数据（合成，非真实统计）" and stamp["数据版本"] == "v000003"


def test_geojson_keeps_rows_without_a_place():
    table = frame()
    places = [
        None if pd.isna(lon) else shapely.Point(lon, lat)
        for lon, lat in zip(table["经度"], table["纬度"], strict=True)
    ]
    found = json.loads(table_files.to_geojson(table, ORIGIN, places))
    assert found["type"] == "FeatureCollection" and "演示数据" in found["数据性质"]
    assert len(found["features"]) == 12
    assert found["features"][0]["geometry"]["coordinates"] == [114.2, 30.59]
    assert found["features"][-1]["geometry"] is None
    assert found["features"][0]["properties"]["名称"] == NASTY[0]


def test_geojson_of_shapes():
    places = [shapely.box(114, 30, 114.1, 30.1)]
    found = json.loads(table_files.to_geojson(frame().head(1), ORIGIN, places))
    assert found["features"][0]["geometry"]["type"] == "Polygon"


def test_parquet_of_a_column_that_mixes_numbers_and_words():
    mixed = pd.DataFrame({"名称": ["甲", "乙"], "数值": [1.5, "—"]})
    found = pq.read_table(io.BytesIO(table_files.to_parquet(mixed, ORIGIN)))
    assert found["数值"].to_pylist() == ["1.5", "—"]


def test_more_rows_than_the_limit_say_where_the_rest_is(monkeypatch):
    monkeypatch.setattr(table_files, "LIMIT", 5)
    first = table_files.to_csv(frame(), ORIGIN).decode("utf-8-sig").splitlines()[0]
    assert "只含前5行，共12行" in first
    sheet = openpyxl.load_workbook(io.BytesIO(table_files.to_xlsx(frame(), ORIGIN))).active
    assert "只含前5行" in sheet["A2"].value and sheet.max_row == 8


def test_a_big_sheet_is_written_row_by_row(monkeypatch):
    whole = openpyxl.load_workbook(io.BytesIO(table_files.to_xlsx(frame(), ORIGIN))).active
    monkeypatch.setattr(table_files, "_SHEET_CELLS_IN_MEMORY", 10)
    streamed = openpyxl.load_workbook(io.BytesIO(table_files.to_xlsx(frame(), ORIGIN))).active
    cells = [[[c.value for c in row] for row in sheet.iter_rows()] for sheet in (whole, streamed)]
    assert cells[0] == cells[1]


SIZES = st.one_of(st.just("—"), st.floats(0, 1e6).map(lambda value: f"{value:,.1f}"))


@given(st.lists(SIZES, min_size=1, max_size=9), st.sampled_from(["%", "万元", "人", ""]))
def test_written_numbers_of_one_unit_are_numbers_under_a_head_with_it(cells, unit):
    texts = [one if one == "—" else f"{one}{unit}" for one in cells]
    frame = pd.DataFrame({"名称": [f"{k}栋" for k in range(len(texts))], "覆盖率": texts})
    turned = table_files.numbered(frame)
    assert turned["名称"].tolist() == frame["名称"].tolist()
    if not unit or set(cells) == {"—"}:
        assert list(turned) == ["名称", "覆盖率"] and turned["覆盖率"].tolist() == texts
        return
    numbers = turned[f"覆盖率（{unit}）"]
    assert [None if n != n else f"{n:,.1f}" for n in numbers] == [
        None if one == "—" else one for one in cells
    ]
    mixed = pd.DataFrame({"变化": [*texts, "与上月持平"]})
    assert table_files.numbered(mixed).equals(mixed)
