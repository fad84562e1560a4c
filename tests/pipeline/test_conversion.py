"""Ledgers read in another coordinate system than they state, as chosen when they are loaded."""

import numpy as np
import pandas as pd
import pytest

from chunshui import coordinates
from chunshui.ledgers.staged import SOURCE_FILE_COLUMNS, Staged
from chunshui.pipeline.conversion import converted, offered
from chunshui.pipeline.options import Conversion


@pytest.fixture
def staged():
    lon, lat = np.array([114.20, 114.21, 114.22]), np.array([30.57, 30.58, 30.59])
    gcj = coordinates.from_wgs84(lon, lat, coordinates.GCJ02)
    table = pd.DataFrame({"lon": gcj[0], "lat": gcj[1], "source_id": ["S1", "S1", "S2"]})
    table["source_row"] = [2, 3, 2]
    files = pd.DataFrame(
        [["S1", "station", "阵地台账", "甲.csv"], ["S2", "station", "阵地台账", "乙.csv"]],
        columns=SOURCE_FILE_COLUMNS[:4],
    ).assign(crs="WGS-84", sheet_name=None)
    return Staged({"station": table}, files, pd.DataFrame())


def test_only_the_rows_of_the_file_are_converted_and_what_was_given_stays(staged):
    given = staged.tables["station"].copy()
    read = converted(staged, [Conversion("甲.csv", "station", "GCJ-02")])
    moved = read.tables["station"]
    assert np.allclose(moved.loc[:1, ["lon", "lat"]], [[114.20, 30.57], [114.21, 30.58]], atol=1e-6)
    assert moved.loc[2].equals(given.loc[2])
    assert read.source_file["crs"].tolist() == ["GCJ-02", "WGS-84"]
    assert [issue.what for issue in read.issues] == ["阵地台账的坐标按GCJ-02换算成 WGS-84（共2处）"]
    assert read.readings["value"].tolist() == ["114.200000，30.570000", "114.210000，30.580000"]
    assert read.readings["row"].tolist() == [2, 3]
    assert staged.tables["station"].equals(given) and staged.issues == []


def test_offered_is_what_a_finding_wants_stated_and_only_of_what_was_given(staged):
    mend = "请核实来源，在台账里把坐标系写明为 BD-09 后重新入库，系统会换算。"
    row = {"entity_table": "station", "message": "整体偏移约1,211米。", "sheet_name": None}
    findings = pd.DataFrame(
        [
            row | {"file_name": "甲.csv", "mend": mend},
            row | {"file_name": "丙.csv", "mend": mend},
            row | {"file_name": "甲.csv", "mend": "核对经纬度。"},
        ]
    )
    assert offered(staged, findings) == {
        Conversion("甲.csv", "station", "BD-09"): "整体偏移约1,211米。"
    }
