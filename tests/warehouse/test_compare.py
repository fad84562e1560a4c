"""Two versions side by side: rows, cells, figures, findings."""

import pandas as pd
import pytest

from chunshui.catalogue.fill import definitions
from chunshui.catalogue.metric import all_metrics
from chunshui.errors import VersionMissingError
from chunshui.warehouse import Store, compare, publish, schema
from tests.warehouse import small

MONTH = pd.Timestamp("2026-10-01")
METRIC = next(metric for metric in all_metrics().values() if metric.unit == "%")


def with_results(tables: dict, value: float, found: list[str]) -> dict:
    """Add one month, one ratio metric and findings of one rule."""
    results = {
        "month": pd.DataFrame({"month": [MONTH], "month_end": [MONTH + pd.offsets.MonthEnd()]}),
        "metric_definition": definitions([METRIC]),
        "metric_value": pd.DataFrame(
            {
                "metric_id": METRIC.id,
                "variant": "base",
                "month": MONTH,
                "street_code": [small.STREETS[0], small.STREETS[1]],
                "community_code": [small.COMMUNITIES[0], small.COMMUNITIES[2]],
                "numerator": [value, 1.0],
                "denominator": [4.0, 4.0],
                "members": 4,
            }
        ),
        "check_result": pd.DataFrame(
            {
                "check_id": "rule",
                "severity": "警告",
                "entity_table": "station",
                "entity_id": found,
                "message": "开放时间不明",
                "mend": "请补登",
            }
        ),
    }
    return {**tables, **results}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """v000001; v000002 loses Z000, gains Z003, moves rows down, and differs in two cells."""
    store = Store(tmp_path_factory.mktemp("store"))
    before = small.frames(stations=3)
    publish.build(
        store,
        small.build(with_results(before, 1.0, ["Z000", "Z001"])),
        serve=True,
        note="",
        by="管理员",
    )
    after = small.frames(stations=4)
    after["source_file"]["file_name"] = "阵地（更正）.xlsx"
    station = after["station"]
    station.loc[1, "area_m2"] = 250.5
    station.loc[2, "closed_on"] = pd.Timestamp("2026-09-30")
    after["station"] = station.iloc[1:]
    publish.build(
        store,
        small.build(with_results(after, 3.0, ["Z001", "Z003"])),
        serve=True,
        note="",
        by="管理员",
    )
    return store


def test_tables_balance(store):
    tables = compare(store, "v000001", "v000002").tables.set_index("table_name")
    station = tables.loc["station"]
    assert station.tolist() == [3, 1, 1, 2, 3]
    assert (tables["rows_a"] + tables["added"] - tables["removed"] == tables["rows_b"]).all()
    others = tables.drop(index="station")
    assert not others[["added", "removed", "changed"]].to_numpy().any()
    assert {"building", "walk_edge", "station_hours"} <= set(tables.index)


def test_cells_and_their_ledger_rows(store):
    changes = compare(store, "v000001", "v000002").changes
    assert (changes["table_name"] == "station").all()
    found = changes.set_index(["change", "key"])
    area = found.loc[("修改", "Z001")]
    assert (area["column"], area["value_a"], area["value_b"]) == ("area_m2", "100", "250.5")
    assert (area["file_a"], area["file_b"]) == ("阵地.xlsx", "阵地（更正）.xlsx")
    assert (area["row_a"], area["row_b"]) == (8, 8)
    closed = found.loc[("修改", "Z002")]
    assert (closed["column"], closed["value_a"], closed["value_b"]) == (
        "closed_on",
        None,
        "2026-09-30",
    )
    gone, come = found.loc[("删除", "Z000")], found.loc[("新增", "Z003")]
    assert (gone["row_a"], gone["row_b"], gone["file_b"]) == (7, None, None)
    assert (come["row_a"], come["row_b"], come["sheet_b"]) == (None, 10, "阵地台账")


def test_what_is_not_to_be_told_is_no_change_of_values_either(store, monkeypatch):
    assert "survey_need" in schema.UNTOLD
    monkeypatch.setattr(schema, "UNTOLD", {"station"})
    changes = compare(store, "v000001", "v000002").changes
    cells = changes[changes["change"] == "修改"]
    assert len(cells) == 2 and set(cells["value_a"]) == set(cells["value_b"]) == {"不公布"}


def test_figures_and_findings(store):
    comparison = compare(store, "v000001", "v000002")
    (figure,) = comparison.metrics.to_dict("records")
    assert (figure["metric_name"], figure["month"]) == (METRIC.name, "2026-10")
    assert (figure["value_a"], figure["value_b"], figure["difference"]) == (25.0, 50.0, 25.0)
    assert comparison.checks[["change", "entity_id"]].to_numpy().tolist() == [
        ["新增", "Z003"],
        ["消除", "Z000"],
    ]


def test_a_version_is_equal_to_itself(store):
    comparison = compare(store, "v000002", "v000002")
    assert comparison.changes.empty
    assert comparison.metrics.empty
    assert comparison.checks.empty


def test_the_other_way_round_mirrors(store):
    there, back = compare(store, "v000001", "v000002"), compare(store, "v000002", "v000001")
    assert (there.tables["added"] == back.tables["removed"]).all()
    assert (there.metrics["difference"] == -back.metrics["difference"]).all()


def test_an_unknown_version(store):
    with pytest.raises(VersionMissingError):
        compare(store, "v000001", "v000077")
