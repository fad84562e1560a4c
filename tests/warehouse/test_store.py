"""Publish, open, undo, history."""

import json
import shutil
import stat
import threading
from unittest.mock import Mock

import duckdb
import pandas as pd
import pytest

from chunshui.errors import (
    ChecksFailedError,
    ChunshuiError,
    NothingPublishedError,
    PublishBusyError,
    VersionMissingError,
)
from chunshui.warehouse import Store, publish, software
from tests.warehouse import small


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "versions")


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A store with one version, for tests that only read."""
    store = Store(tmp_path_factory.mktemp("one"))
    put(store)
    return store


def put(store, *, note="试发布", **frames):
    return publish.build(
        store, small.build(small.frames(**frames)), serve=True, note=note, by="管理员"
    )


def stations(reader) -> int:
    return int(reader.query("warehouse/row_count", table="station")["row_count"].iloc[0])


def test_nothing_published_is_said_in_words(store):
    with pytest.raises(NothingPublishedError, match="还没有发布过"):
        store.open()
    assert store.versions() == []
    assert store.history() == []
    assert not store.root.exists(), "looking must not make folders"


def test_publish_serves_the_new_version_and_describes_it(store):
    manifest = put(store, stations=5)
    assert manifest.version == "v000001"
    assert manifest.nature == "演示"
    assert manifest.rows["station"] == 5
    assert manifest.rows["opinion"] == 0
    assert manifest.sources[0]["file_name"] == "阵地.xlsx"
    assert {"chunshui", "duckdb", "queries_sha256"} == set(manifest.software)
    assert {"装入", "写入文件", "核对与落盘"} == set(manifest.timings)
    assert store.versions() == [manifest], "the manifest on disk is the one returned"
    with store.open() as reader:
        assert reader.version == "v000001"
        assert reader.warning is None
        assert stations(reader) == 5


def test_an_edition_is_a_version_of_one_store(store, one, tmp_path):
    put(store)
    edition = store.current().edition
    assert edition.version == "v000001" == one.current().version
    assert edition != one.current().edition, "both stores begin with v000001"
    assert hash(edition) == hash(store.edition("v000001"))
    (tmp_path / "link").symlink_to(store.root)
    assert Store(tmp_path / "link").current().edition == edition, "the folder is resolved"
    with store.open(edition) as reader:
        assert reader.edition == edition
    with pytest.raises(ValueError, match="another store"):
        one.open(edition)


def test_version_files_cannot_be_written_and_staging_is_left_clean(store):
    put(store)
    for path in (store.path("v000001"), store.path("v000001").with_suffix(".json")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert list((store.root / "staging").iterdir()) == []


def test_undo_goes_to_the_version_served_before_and_back(store):
    put(store, stations=1)
    put(store, stations=2)
    before = store.path("v000002").read_bytes()
    entry = publish.undo(store, by="管理员", note="面积录错")
    assert (entry.action, entry.version) == ("回退", "v000001")
    assert store.current().version == "v000001"
    with pytest.raises(VersionMissingError, match="无可回退"):
        publish.undo(store, by="管理员")
    publish.undo(store, "v000002", by="管理员")
    assert store.current().version == "v000002"
    assert store.path("v000002").read_bytes() == before
    assert [(e.action, e.version) for e in store.history()] == [
        ("发布", "v000001"),
        ("发布", "v000002"),
        ("回退", "v000001"),
        ("回退", "v000002"),
    ]
    assert all(entry.effective for entry in store.history())


def test_undo_after_undo_and_publish_returns_to_what_was_served(store):
    put(store, stations=1)
    put(store, stations=2)
    publish.undo(store, by="管理员")
    put(store, stations=3)
    assert publish.undo(store, by="管理员").version == "v000001"


def test_a_version_can_be_built_first_and_published_later(store):
    ready = publish.build(store, small.build(small.frames(stations=4)), note="", by="管理员")
    with pytest.raises(NothingPublishedError, match=r"有版本v000001.*publish"):
        store.current()
    assert store.versions() == [ready]
    put(store, stations=2)
    publish.serve(store, ready.version, by="管理员")
    assert store.current().version == "v000001"
    assert publish.undo(store, by="管理员").version == "v000002", "what was served before it"
    assert [entry.action for entry in store.history()] == ["发布", "发布", "回退"]


def test_undo_to_the_unknown_or_the_same_is_refused(store):
    put(store)
    with pytest.raises(VersionMissingError, match=r"没有版本v000009.*v000001"):
        publish.undo(store, "v000009", by="管理员")
    with pytest.raises(ChunshuiError, match="不必再回退"):
        publish.undo(store, "v000001", by="管理员")


def test_a_failing_build_changes_nothing(store, monkeypatch):
    put(store)
    before = sorted(store.folder.iterdir())

    def half(con):
        small.build()(con)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish.build(store, half, serve=True, note="", by="管理员")
    with monkeypatch.context() as patch, pytest.raises(ChunshuiError, match="磁盘空间不足"):
        full = OSError(
            28, "No space left on device"
        )  # when the file has its name, not its manifest
        patch.setattr(publish.durable, "add", Mock(side_effect=full))
        put(store)
    assert sorted(store.folder.iterdir()) == before
    assert store.current().version == "v000001"
    assert len(store.history()) == 1
    assert list((store.root / "staging").iterdir()) == []


def test_rows_of_severity_error_block_and_are_all_listed(store):
    def build(con):
        small.build()(con)
        con.append(
            "check_result",
            pd.DataFrame(
                {
                    "check_id": "station_far",
                    "severity": ["错误", "错误", "警告"],
                    "entity_table": "station",
                    "entity_id": ["Z000", "Z002", "Z001"],
                    "message": "坐标不在本区",
                    "mend": "请核对坐标",
                }
            ),
            by_name=True,
        )

    with pytest.raises(ChecksFailedError) as refused:
        publish.build(store, build, serve=True, note="", by="管理员")
    assert "2处错误" in str(refused.value)
    assert "阵地.xlsx·阵地台账第7行：坐标不在本区（Z000）" in str(refused.value)
    assert "第9行" in str(refused.value)
    assert refused.value.rows["entity_id"].tolist() == ["Z000", "Z002"]
    with pytest.raises(NothingPublishedError):
        store.current()


def test_demonstration_and_real_ledgers_are_never_mixed(store):
    tables = small.frames()
    real = tables["source_file"].assign(source_id="S2", nature="实有", file_name="真.xlsx")
    tables["source_file"] = pd.concat([tables["source_file"], real])
    with pytest.raises(ChunshuiError, match=r"实有：真\.xlsx；演示：阵地\.xlsx"):
        publish.build(store, small.build(tables), serve=True, note="", by="管理员")


def test_the_schema_refuses_a_row_whose_street_does_not_exist(store):
    tables = small.frames()
    tables["station"].loc[0, "street_code"] = "420104999"
    with pytest.raises(duckdb.ConstraintException):
        publish.build(store, small.build(tables), serve=True, note="", by="管理员")


def test_readers_keep_their_version_while_another_is_published(store):
    put(store, stations=1)
    with store.open() as old:
        put(store, stations=2)
        with store.open() as new:
            assert (stations(old), stations(new)) == (1, 2)


def test_a_reader_is_safe_under_threads(store):
    put(store, stations=300)
    wrong = []
    with store.open() as reader:

        def ask(table, expected):
            for _ in range(20):
                found = reader.query("warehouse/row_count", table=table)["row_count"].iloc[0]
                if found != expected:
                    wrong.append((table, found))

        threads = [
            threading.Thread(target=ask, args=pair)
            for pair in [("station", 300), ("community", 3), ("street", 2), ("opinion", 0)]
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    "statement",
    [
        "from read_csv('/etc/passwd')",
        "from read_text('/etc/passwd')",
        "from glob('/*')",
        "copy station to '/tmp/chunshui_leak.csv'",
        "attach '/tmp/chunshui_leak.duckdb' as leak",
        "attach ':memory:' as other",
        "install spatial",
        "load spatial",
        "export database '/tmp/chunshui_leak'",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "select 1; drop table station",
        "create table more (x integer)",
        "update station set area_m2 = 1",
        "delete from station",
        "select * from local_frame",
    ],
)
def test_readers_are_locked(one, statement):
    local_frame = pd.DataFrame({"x": [1]})
    with one.open() as reader, pytest.raises(duckdb.Error):
        reader.frame(statement)
    assert len(local_frame) == 1


def test_two_publishers_take_turns(store):
    inside, go_on = threading.Event(), threading.Event()

    def slow(con):
        small.build(small.frames(stations=1))(con)
        inside.set()
        go_on.wait(60)

    first = threading.Thread(
        target=publish.build, args=(store, slow), kwargs={"note": "", "by": "甲", "serve": True}
    )
    first.start()
    assert inside.wait(60)
    with pytest.raises(PublishBusyError, match="甲，始于"):
        publish.build(store, small.build(), serve=True, note="", by="乙", wait=0.1)
    go_on.set()
    second = put(store, stations=2)
    first.join()
    assert second.version == "v000002"
    assert [entry.version for entry in store.history()] == ["v000001", "v000002"]


def test_history_lines_are_plain_json(store):
    put(store, note="首次")
    line = json.loads((store.root / "history.jsonl").read_text("utf-8"))
    assert line["note"] == "首次"
    assert json.loads((store.root / "CURRENT").read_text("utf-8")) == line


def test_gaps_in_integers_and_blobs_come_back_as_plain_values(one):
    with one.open() as reader:
        frame = reader.frame(
            "select case when station_id = 'Z000' then 1 end as whole, shape "
            "from station join community using (community_code) order by station_id"
        )
    assert frame["whole"].dtype == "float64"
    assert frame["whole"].isna().tolist() == [False, True, True]
    assert isinstance(frame["shape"].iloc[0], bytes)


def test_only_a_query_that_something_stored_depends_on_asks_for_a_rebuild(tmp_path, monkeypatch):
    shutil.copytree(software.QUERIES, tmp_path / "queries")
    monkeypatch.setattr(software, "QUERIES", tmp_path / "queries")
    describe = software.describe.__wrapped__
    monkeypatch.setattr(software, "describe", describe)
    made_with = describe()
    for name, matters in (
        ("views/communities", False),
        ("attention/falls", False),
        ("catalogue/months", False),
        ("metrics/station_count", True),
        ("schema/20_reach", True),
        ("checks/grid_size", True),
        ("rules", True),
        ("catalogue/sum_members", True),
    ):
        path = tmp_path / "queries" / f"{name}.sql"
        before = path.read_text("utf-8")
        path.write_text(before + "\n-- altered\n", "utf-8")
        assert software.changed(made_with) == matters, name
        path.write_text(before, "utf-8")
    assert not software.changed(made_with)
