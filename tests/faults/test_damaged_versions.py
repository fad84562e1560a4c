"""A pointer or a version file that is missing, cut short or altered."""

import shutil

import duckdb
import pytest

from chunshui.errors import NothingPublishedError, VersionDamagedError, VersionMissingError
from chunshui.warehouse import Store, publish
from tests.warehouse import small


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A store of three versions of 1, 2 and 3 stations; the third is served."""
    store = Store(tmp_path_factory.mktemp("store") / "versions")
    for stations in (1, 2, 3):
        tables = small.frames(stations=stations)
        publish.build(store, small.build(tables), serve=True, note=f"{stations}处", by="管理员")
    return store


@pytest.fixture
def store(published, tmp_path):
    """A copy of it to damage."""
    return Store(shutil.copytree(published.root, tmp_path / "versions"))


def stations(store) -> int:
    with store.open() as reader:
        found = reader.query("warehouse/row_count", table="station")["row_count"].iloc[0]
        return int(found)


def overwrite(path, content: bytes):
    path.chmod(0o644)
    path.write_bytes(content)


def cut(path):
    overwrite(path, path.read_bytes()[: path.stat().st_size // 2])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    overwrite(path, bytes(content))


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"null", b"[]", b"\xff\xfe\x00", b'{"version": "v000003"}', b"v000003\n" * 9000],
)
def test_a_damaged_pointer_falls_back_to_the_last_published(store, damage):
    overwrite(store.root / "CURRENT", damage)
    serving = store.current()
    assert serving.version == "v000003"
    assert "CURRENT 缺失或损坏" in serving.warning
    assert stations(store) == 3


def test_a_missing_pointer_falls_back_and_undo_writes_it_again(store):
    (store.root / "CURRENT").unlink()
    assert store.current().warning
    assert publish.undo(store, by="管理员").version == "v000003"
    assert store.current().warning is None
    assert stations(store) == 3


def test_a_missing_pointer_and_history_lose_no_version(store):
    (store.root / "CURRENT").unlink()
    (store.root / "history.jsonl").unlink()
    with pytest.raises(NothingPublishedError, match="v000001、v000002、v000003"):
        store.current()
    publish.serve(store, "v000002", by="管理员")
    assert stations(store) == 2
    manifest = publish.build(store, small.build(), serve=True, note="", by="管理员")
    assert manifest.version == "v000004", "a name is never used twice"


@pytest.mark.parametrize("damage", [cut, flip, lambda path: path.unlink()])
def test_a_damaged_version_is_not_served(store, damage):
    damage(store.path("v000003"))
    serving = store.current()
    assert serving.version == "v000002"
    assert "v000003的数据文件" in serving.warning
    assert "没有丢失" in serving.warning
    assert stations(store) == 2
    with store.open() as reader:
        assert reader.warning == serving.warning
    with pytest.raises(VersionDamagedError, match="v000003"):
        store.open("v000003")
    with pytest.raises(VersionDamagedError, match="v000003"):
        publish.undo(store, "v000003", by="管理员")


def test_damage_while_serving_is_noticed(store):
    with store.open() as reader:
        cut(store.path("v000003"))
        assert store.current().version == "v000002"
        assert reader.version == "v000003"


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"version": 3}'])
def test_a_damaged_manifest_counts_as_damage(store, content):
    overwrite(store.path("v000003").with_suffix(".json"), content)
    assert store.current().version == "v000002"
    assert "说明文件" in store.current().warning
    assert [manifest.version for manifest in store.versions()] == ["v000001", "v000002"]


def test_fallback_follows_what_was_served_not_the_numbers(store):
    publish.undo(store, "v000001", by="管理员")
    publish.build(store, small.build(small.frames(stations=4)), serve=True, note="", by="管理员")
    cut(store.path("v000004"))
    assert store.current().version == "v000001"


def test_undo_settles_on_the_fallback(store):
    cut(store.path("v000003"))
    assert publish.undo(store, by="管理员").version == "v000002"
    assert store.current().warning is None


def test_when_nothing_is_whole_it_says_so(store):
    for version in ("v000001", "v000002", "v000003"):
        cut(store.path(version))
    with pytest.raises(VersionDamagedError, match="没有其他完好的版本"):
        store.open()
    assert len(list((store.root / "versions").glob("*.duckdb"))) == 3, "nothing is deleted"
    publish.build(store, small.build(small.frames(stations=5)), serve=True, note="", by="管理员")
    assert stations(store) == 5


def test_torn_history_lines_are_skipped(store):
    with (store.root / "history.jsonl").open("ab") as history:
        history.write('{"serial": 4, "action": "发'.encode()[:-1])
    assert len(store.history()) == 3
    publish.build(store, small.build(), serve=True, note="", by="管理员")
    assert [entry.serial for entry in store.history()] == [1, 2, 3, 4]
    assert all(entry.effective for entry in store.history())


def test_a_file_of_a_newer_duckdb_is_said_in_words(store, monkeypatch):
    def refuse(*_, **__):
        raise duckdb.IOException("Trying to read a database file with version number 99")

    monkeypatch.setattr("chunshui.warehouse.reader.connect", refuse)
    with pytest.raises(VersionDamagedError, match="v000003无法打开"):
        store.open()


@pytest.mark.parametrize("name", ["", "3", "v3", "../CURRENT", "../../etc/passwd", "v000003.json"])
def test_a_name_that_is_no_version_leads_nowhere(store, name):
    with pytest.raises(VersionMissingError, match="现有版本：v000001、v000002、v000003"):
        store.open(name)
    with pytest.raises(VersionMissingError):
        store.manifest(name)
