"""From ledgers to a published version."""

import shutil
from unittest import mock

import duckdb
import pandas as pd
import pytest

from chunshui import pipeline
from chunshui.errors import (
    ChecksFailedError,
    ChunshuiError,
    LedgersRefusedError,
    NothingPublishedError,
)
from chunshui.ledgers.stage import stage
from chunshui.pipeline import derive, intake
from chunshui.warehouse import Store, compare, publish, reader
from tests.warehouse import small

pytestmark = pytest.mark.usefixtures("reading_here", "few_metrics")


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    return small.ledgers(tmp_path_factory.mktemp("ledgers"))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "versions")


def put(folder, store, **options):
    return pipeline.build(folder, store=store, note="试", by="管理员", serve=True, **options)


@pytest.fixture
def served(ledgers, tmp_path):
    """A store of its own that serves the ledgers as v000001; they are published once for all tests."""
    kept = ledgers.with_name(f"{ledgers.name}_served")  # no other module has it
    if not kept.exists():
        put(ledgers, Store(kept))
    return Store(shutil.copytree(kept, tmp_path / "versions"))


def test_ledgers_become_a_served_version(ledgers, store):
    told = []
    manifest = put(ledgers, store, progress=lambda step, share: told.append((share, step)))
    assert manifest.nature == "演示"
    assert manifest.as_of == "2026-10"
    assert (manifest.rows["station"], manifest.rows["opinion"], manifest.rows["month"]) == (3, 3, 1)
    assert manifest.rows["metric_value"] > 0
    assert list(manifest.timings) == [
        "读入台账",
        "装入数据",
        "推算落点与月份",
        "计算步行可达",
        "核查数据质量",
        "计算指标",
        "写入文件",
        "核对与落盘",
    ]
    assert {source["nature"] for source in manifest.sources} == {"演示"}
    assert told == sorted(told, key=lambda pair: pair[0]), "progress never goes back"
    assert told[-1] == (1.0, "发布完成")
    with store.open() as reader:
        notes = reader.frame("from version_note")
        assert "演示" in notes.set_index("key").loc["数据性质", "value"]


def test_a_changed_cell_is_followed_to_the_figure_and_back_to_its_row(served, tmp_path):
    stations = small.frames()["station"].drop(columns=["source_id", "source_row"])
    stations.loc[1, "area_m2"] = 350.0
    put(small.ledgers(tmp_path / "更正", station=stations), served)
    comparison = compare(served, "v000001", "v000002")
    (change,) = comparison.changes.to_dict("records")
    assert (change["key"], change["value_a"], change["value_b"]) == ("Z001", "100", "350")
    assert (change["file_b"], change["sheet_b"]) == ("台账.xlsx", "阵地台账")
    figures = comparison.metrics.set_index(["metric_id", "variant", "month"])
    area = figures.loc[("station_area", "base", "2026-10")]
    assert (area["value_b"] - area["value_a"]) == pytest.approx(area["difference"])
    assert area["numerator_b"] - area["numerator_a"] == 250.0


def test_the_same_ledgers_give_the_same_tables(ledgers, served):
    put(ledgers, served)
    comparison = compare(served, "v000001", "v000002")
    assert comparison.changes.empty
    assert comparison.metrics.empty


def test_every_issue_of_the_ledgers_is_listed_and_nothing_published(served, tmp_path):
    folder = small.ledgers(tmp_path / "bad")
    stations = (folder / "台账.xlsx").with_name("阵地功能台账.csv")
    stations.write_text(
        "阵地编号,功能,每日容量（人次）\nZ000,幸福食堂,许多\nZ999,幸福食堂,50\n",
        encoding="utf-8-sig",
    )
    with pytest.raises(LedgersRefusedError) as refused:
        put(folder, served)
    text = str(refused.value)
    assert "阵地功能台账.csv" in text
    assert "许多" in text
    assert "Z999" in text
    assert len(refused.value.issues) >= 2
    assert served.current().version == "v000001"
    report = pipeline.examine(folder)
    issues, found = report.issues, report.findings
    assert len(issues) >= 2
    assert found.empty


def test_checks_of_the_ledgers_leave_nothing_behind(ledgers, tmp_path):
    report = pipeline.examine(ledgers)
    issues, found = report.issues, report.findings
    assert not [issue for issue in issues if issue.severity == "错误"]
    assert "committee_missing" in set(found["check_id"])
    assert not set(found["severity"]) & {"错误"}


def test_a_finding_of_severity_error_stops_the_publish(ledgers, store, monkeypatch):
    def find(con):
        row = ["rule", "错误", "station", "Z001", "面积太大", "请核对面积"]
        columns = ["check_id", "severity", "entity_table", "entity_id", "message", "mend"]
        con.append("check_result", pd.DataFrame([row], columns=columns), by_name=True)

    monkeypatch.setattr(intake, "run_checks", find)
    with pytest.raises(
        ChecksFailedError, match=r"台账\.xlsx·阵地台账第\d+行：面积太大（Z001）。请核对面积"
    ):
        put(ledgers, store)
    assert store.versions() == []


def test_the_schema_is_the_last_barrier(ledgers, store, monkeypatch):
    stage = intake.child.stage

    def slip(*arguments, **options):
        found = stage(*arguments, **options)
        found.tables["station"]["area_m2"] = 0.0
        return found

    monkeypatch.setattr(intake.child, "stage", slip)
    with pytest.raises(ChunshuiError, match="《阵地台账》里有一行不合数据表的约束"):
        put(ledgers, store)
    assert store.versions() == []


ENDLESS = "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r"
SWOLLEN = "select list(a.range || '……' || b.range) from range(100000) a, range(100000) b"


def test_what_takes_too_long_or_swells_is_ended_and_said():
    con = reader.connect(reader.MEMORY, read_only=False)
    with (
        pytest.raises(ChunshuiError, match="核查与计算超过0秒，已中止；现用版本不变"),
        intake.limited(con, seconds=0.2),
    ):
        con.execute(ENDLESS).fetchall()
    con.close()
    con = duckdb.connect(config={"memory_limit": "50MB"})
    with (
        pytest.raises(ChunshuiError, match="所需内存超过2GB，已中止；现用版本不变"),
        intake.limited(con),
    ):
        con.execute(SWOLLEN).fetchall()
    con.close()


def test_demonstration_and_real_ledgers_are_refused_together(store, tmp_path):
    folder = small.ledgers(tmp_path / "mixed")
    real = small.ledgers(tmp_path / "real", demonstration=False)
    (folder / "台账.xlsx").write_bytes((real / "台账.xlsx").read_bytes())
    with pytest.raises(ChunshuiError, match="演示"):
        put(folder, store)
    assert store.versions() == []


def test_missing_places_are_said(store, tmp_path):
    folder = small.ledgers(tmp_path / "less")
    for path in folder.glob("*.geojson"):
        path.unlink()
    (folder / "台账.xlsx").unlink()
    (folder / "空.csv").write_text("", encoding="utf-8")
    with pytest.raises(LedgersRefusedError):
        put(folder, store)


def staged(ledgers, *days):
    found = stage(ledgers)
    table = small.opinions(*days) if days else small.opinions("2026-01-01").iloc[:0]
    found.tables["opinion"] = table.assign(source_id="S001", source_row=7)
    return found


def test_months_end_with_the_last_event_and_are_at_most_three_years(ledgers):
    months = derive.months(staged(ledgers, "2020-01-05", "2021-01-01", "2021-12-31", "2022-06-30",
                                    "2023-05-09", "2024-02-29", "2025-01-31"))  # fmt: skip
    assert len(months) == 36
    assert str(months["month"].iloc[0].date()) == "2022-02-01"
    assert str(months["month"].iloc[-1].date()) == "2025-01-01"
    assert str(months["month_end"].iloc[-1].date()) == "2025-01-31"
    short = derive.months(staged(ledgers, "2026-02-10", "2026-04-10"))
    assert len(short) == 3


def test_the_last_month_may_be_named(ledgers):
    months = derive.months(staged(ledgers, "2026-02-10", "2062-04-10"), "2026-03")
    assert str(months["month_end"].iloc[-1].date()) == "2026-03-31"
    assert len(months) == 2
    with pytest.raises(ChunshuiError, match="看不懂"):
        derive.months(staged(ledgers), "三月")


def test_a_date_far_past_all_others_is_refused_with_its_row(ledgers):
    days = ["2026-01-05", "2026-02-05", "2026-03-05", "2062-04-10"]
    with pytest.raises(ChunshuiError, match=r"第7行：2062-04-10"):
        derive.months(staged(ledgers, *days))


def test_nothing_dated_is_refused(ledgers):
    with pytest.raises(ChunshuiError, match="无法确定统计月份"):
        derive.months(staged(ledgers))


def test_where_stations_really_stand():
    tables = small.frames(stations=6)
    station = tables["station"]
    station.loc[1, ["lon", "lat"]] = [114.205, 30.575]  # stands in 一社区, says 二社区
    station.loc[2, ["lon", "lat"]] = [114.5, 30.575]  # far outside the district
    station.loc[3, ["lon", "lat"]] = [114.21, 30.575]  # on the border of its own 一社区
    station.loc[4, ["community_code", "level"]] = [None, "街道"]  # 甲街道, stands in 二社区
    station.loc[5, ["community_code", "level", "street_code"]] = [None, "街道", small.STREETS[0]]
    place = derive.station_place(tables).set_index("station_id")
    own = [None if pd.isna(code) else code for code in place["community_code"]]
    first, second, third = small.COMMUNITIES
    assert own == [first, first, None, first, second, third]
    metres = place["metres_outside"].tolist()
    assert metres[0] == metres[3] == metres[4] == 0
    degree = 111_320 * 0.86097  # metres of one degree of longitude at 30.575° N
    assert metres[1] == pytest.approx(0.005 * degree, rel=0.002)
    assert metres[2] == pytest.approx((114.5 - 114.23) * degree, rel=0.002)
    assert metres[5] == pytest.approx(0.005 * degree, rel=0.002), "third community, 乙街道"
    empty = {**tables, "station": station.iloc[:0]}
    assert derive.station_place(empty).empty


# ------------------------------------------------------------------------------- partial sets


def only(folder, tmp_path, name, table, ledger_id, *, demonstration=True):
    """Write one ledger alone, with the places it names beside it for the writer, and return it."""
    from chunshui.ledgers.contracts import ALL
    from chunshui.ledgers.out.write import write

    tables = {
        key: small.frames()[key].drop(columns=["source_id", "source_row"])
        for key in ("street", "community")
    } | {ledger_id: table}
    target = tmp_path / folder
    write(tables, target, demonstration=demonstration, plan={name: [ledger_id]})
    assert ALL[ledger_id]
    return target


def test_ledgers_not_given_again_stay_as_they_are(served, tmp_path):
    table = small.opinions("2026-10-09", "2026-10-15", "2026-10-20", "2026-10-21")
    folder = only("new", tmp_path, "民情.xlsx", table, "opinion")
    manifest = put(folder, served)
    assert manifest.base == "v000001"
    assert manifest.nature == "演示"
    assert (manifest.rows["opinion"], manifest.rows["station"]) == (4, 3)
    comparison = compare(served, "v000001", "v000002")
    changed = comparison.changes
    assert set(changed["table_name"]) == {"opinion"}
    files = {(one["ledger_id"], one["file_name"]) for one in manifest.sources}
    assert ("opinion", "民情.xlsx") in files
    assert ("station", "台账.xlsx") in files
    with served.open() as reader:
        rows = reader.query("views/unused_rows")
        assert set(rows["file_name"]) >= {"民情.xlsx", "台账.xlsx"}
        lineage = reader.frame(
            "select s.file_name, r.raw::varchar as raw from station join source_row r"
            " on r.source_id = station.source_id and r.row_no = station.source_row"
            " join source_file s on s.source_id = station.source_id where station_id = 'Z001'"
        )
    assert lineage["file_name"].tolist() == ["台账.xlsx"]
    assert "Z001" in lineage["raw"].iloc[0]


def test_a_street_updates_its_own_rows_alone(served, tmp_path):
    stations = small.frames()["station"].drop(columns=["source_id", "source_row"])
    mine = stations[stations["street_code"] == small.STREETS[0]].assign(area_m2=350.0)
    folder = only("street", tmp_path, "甲街道阵地.xlsx", mine, "station")
    manifest = put(folder, served)
    assert manifest.updated == {"阵地台账": ["甲街道"]}
    assert served.manifest("v000002") == manifest
    assert manifest.rows["station"] == len(stations)
    changes = compare(served, "v000001", "v000002").changes
    assert sorted(set(changes["key"])) == ["Z000", "Z001"], "the other street's Z002 is as it was"
    with served.open() as reader:
        notes = reader.query("views/version_notes").set_index("key")["value"]
        assert notes["只更新部分街道"] == "阵地台账：甲街道"
        found = reader.frame(
            "select station_id, s.file_name, s.row_used, r.fate from station join source_file s"
            " using (source_id) join source_row r on r.source_id = station.source_id"
            " and r.row_no = station.source_row order by station_id"
        )
        figures = reader.query("warehouse/figures_by_street", month="2026-10-01")
    assert found["file_name"].tolist() == ["甲街道阵地.xlsx", "甲街道阵地.xlsx", "台账.xlsx"]
    assert found["row_used"].tolist() == [2, 2, 1]
    assert set(found["fate"]) == {"合格"}
    area = figures[figures["metric_id"] == "station_area"].set_index("street_name")["value"]
    assert (area["甲街道"], area["乙街道"]) == (700.0, 100.0)


def test_a_rebuild_computes_the_same_ledgers_anew(ledgers, store):
    with pytest.raises(NothingPublishedError):
        pipeline.rebuild(store=store, note="重算", by="管理员")
    before = put(ledgers, store, options=pipeline.IntakeOptions(month="2026-09"))
    again = pipeline.rebuild(store=store, note="重算", by="管理员")
    assert (again.version, again.base, again.as_of) == ("v000002", "v000001", "2026-09")
    assert again.nature == before.nature
    found = compare(store, "v000001", "v000002")
    assert found.changes.empty and found.metrics.empty
    assert not found.checks["message"].str.contains("没有再报").any()


def test_what_was_found_in_rows_that_stay_is_found_again(ledgers, store, tmp_path):
    def found():
        with store.open() as reader:
            rows = reader.query("views/check_results")
        rows = rows[rows["check_id"] == pipeline.FROM_LEDGERS]
        return sorted(rows.loc[rows["message"].str.contains("金额"), "entity_id"])

    entries = pd.DataFrame(
        {
            "entry_id": [f"JJ{n}" for n in range(3)],
            "booked_on": pd.Timestamp("2026-09-01"),
            "direction": "支出",
            "community_code": small.COMMUNITIES,
            "theme": "邻里关照",
            "element": "社区",
            "item": "邻里节",
            "amount_yuan": 2_000_000,
        }
    )
    sure = pipeline.IntakeOptions(confirmed=True)
    put(small.ledgers(tmp_path / "大", fund_entry=entries), store, options=sure)
    noted = found()
    assert len(noted) == 3
    pipeline.rebuild(store=store, note="重算", by="管理员")
    assert found() == noted
    table = small.opinions("2026-10-09", "2026-10-15", "2026-10-20", "2026-10-21")
    put(only("民情", tmp_path, "民情.xlsx", table, "opinion"), store, options=sure)
    assert found() == noted
    mine = entries.iloc[:2].assign(amount_yuan=2_000)
    put(only("街道", tmp_path, "台账.xlsx", mine, "fund_entry"), store, options=sure)
    assert found() == noted[2:], "the other street's, though both files have one name"
    put(small.ledgers(tmp_path / "小", fund_entry=entries.assign(amount_yuan=9)), store)
    assert found() == []


def test_the_originals_are_kept_as_they_came(ledgers, served):
    import hashlib

    manifest = served.manifest("v000001")
    for one in manifest.sources:
        content = (ledgers / one["file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
        path = served.root / "files" / one["sha256"]
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o777 == 0o400


def test_a_kept_row_that_names_what_is_gone_is_an_error_at_that_row(ledgers, store, tmp_path):
    with_function = small.ledgers(
        tmp_path / "full",
        station_function=pd.DataFrame(
            {"station_id": ["Z001", "Z002"], "function": "幸福食堂", "capacity_per_day": 10}
        ),
    )
    put(with_function, store)
    stations = small.frames()["station"].drop(columns=["source_id", "source_row"]).iloc[:2]
    folder = only("less", tmp_path, "阵地.xlsx", stations, "station")
    with pytest.raises(
        LedgersRefusedError, match="沿用的阵地功能台账用到“Z002”，新报的阵地台账里没有"
    ):
        put(folder, store, options=pipeline.IntakeOptions(whole=True))


def test_a_fall_by_half_is_asked_about(store, tmp_path):
    many = small.opinions(*[f"2026-10-{day:02d}" for day in range(1, 21)])
    put(small.ledgers(tmp_path / "many", opinion=many), store)
    folder = only("few", tmp_path, "民情.xlsx", many.iloc[:9], "opinion")
    said = "民情台账只有9行，v000001有20行，少了一半以上"
    issues = pipeline.examine(folder, store=store).issues
    assert [issue.what for issue in issues if issue.asks] == [said]
    with pytest.raises(LedgersRefusedError, match="需要确认"):
        put(folder, store)
    assert put(folder, store, options=pipeline.IntakeOptions(confirmed=True)).rows["opinion"] == 9


def test_a_sum_ten_times_what_it_was_is_asked_about(store, tmp_path):
    stations = small.frames(stations=12)["station"].drop(columns=["source_id", "source_row"])
    put(small.ledgers(tmp_path / "a", station=stations), store)
    folder = only("b", tmp_path, "阵地.xlsx", stations.assign(area_m2=10_000.0), "station")
    issues = pipeline.examine(folder, store=store).issues
    assert [issue.what for issue in issues if issue.asks] == [
        "建筑面积合计120,000平方米，v000001为1,200平方米"
    ]


def test_real_ledgers_upon_the_demonstration_are_refused_with_the_ways_out(served, tmp_path):
    table = small.opinions("2026-10-09")
    folder = only("real", tmp_path, "民情.xlsx", table, "opinion", demonstration=False)
    with pytest.raises(LedgersRefusedError, match=r"不能混在同一个版本里.*全新一套"):
        put(folder, served)
    manifest = put(folder, served, options=pipeline.IntakeOptions(demonstration=True))
    assert manifest.nature == "演示"
    with pytest.raises(LedgersRefusedError, match="没有可用的"):
        put(folder, served, options=pipeline.IntakeOptions(fresh=True))


def test_a_version_served_meanwhile_is_not_overwritten(served, tmp_path):
    folder = only("new", tmp_path, "民情.xlsx", small.opinions("2026-10-09"), "opinion")
    ready = pipeline.build(folder, store=served, note="", by="甲")
    put(folder, served)
    with pytest.raises(ChunshuiError, match="现用版本已由v000001换成v000003"):
        publish.serve(served, ready.version, by="甲")


def test_a_version_never_served_may_be_discarded_and_its_number_is_not_used_again(
    ledgers, served, tmp_path
):
    ready = pipeline.build(ledgers, store=served, note="", by="甲")
    publish.discard(served, ready.version, by="甲")
    assert [one.version for one in served.versions()] == ["v000001"]
    path = served.path(ready.version)
    path.write_bytes(b"")  # as one that was killed meanwhile leaves it
    assert pipeline.build(ledgers, store=served, note="", by="甲").version == "v000003"
    with pytest.raises(ChunshuiError, match="v000001发布过，不能撤掉"):
        publish.discard(served, "v000001", by="甲")
    assert not path.exists()
    assert not served.values.exists()  # a district alone has none of what a city takes


def test_a_district_of_a_city_has_its_values_beside_each_version(ledgers, tmp_path):
    store = Store(tmp_path / "districts" / "420104" / "versions")
    made = pipeline.build(ledgers, store=store, note="", by="甲")
    files = {path.name for path in (store.values / made.version).iterdir()}
    assert files == {"values.parquet", "district.parquet", "rules.parquet", "values.json"}
    publish.discard(store, made.version, by="甲")
    assert not [*store.values.iterdir()]
    with mock.patch.object(pipeline.version.values, "export", side_effect=ChunshuiError("盘满")):
        made = pipeline.build(
            ledgers, store=store, note="", by="甲"
        )  # the version stands all the same
    assert store.fault(made.version) is None
