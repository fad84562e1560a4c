"""A version written under the contracts of 0.2.0, opened and carried on under contracts that grew.

`fixtures/version_0_2_0.zip` is a store with one version of the small district (three stations, two
of them with a function, three opinions) and the ledger files it was made of.
"""

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from chunshui import cli, pipeline
from chunshui.errors import LedgersRefusedError
from chunshui.ledgers import stage as staging
from chunshui.ledgers.base import read_base
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Column, Ledger, place
from chunshui.ledgers.names import structure_sentences
from chunshui.pipeline import intake
from chunshui.ui.widgets import changes
from chunshui.warehouse import Store, compare, sql
from chunshui.warehouse.reader import Reader
from chunshui.words import ERROR
from tests.warehouse import small

FIXTURE = Path(__file__).parent / "fixtures" / "version_0_2_0.zip"
BUILT = Column("built_year", "建成年份", "integer", unit="年", required=False, lo=1900)
RENTED = Column("is_rented", "租用", "boolean", required=False)
OWNER = Column("owner", "产权单位", "text", required=False)
IMAGINED = Ledger(
    id="imagined",
    name="想象台账",
    grain="一题一行",
    columns=(Column("imagined_id", "题号", "code"), *place(), Column("title", "题目", "text")),
    key=("imagined_id",),
)


@pytest.fixture(autouse=True)
def contracts_in_order():
    """Put the contracts back as they were, in their order, which numbers the sources."""
    kept = dict(ALL)
    yield
    ALL.clear()
    ALL.update(kept)


TABLE = """
create table imagined (
    imagined_id varchar primary key,
    community_code varchar not null references community (community_code),
    title varchar not null,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
"""


def grow(patch: pytest.MonkeyPatch, ledger_id: str, *columns: Column) -> None:
    """Let a ledger and its table have some more columns."""
    patch.setitem(ALL, ledger_id, replace(ALL[ledger_id], columns=ALL[ledger_id].columns + columns))
    kinds = {"integer": "integer", "boolean": "boolean"}
    new = "".join(
        f"{c.key} {kinds.get(c.kind, 'varchar')}{' not null' if c.required else ''}, "
        for c in columns
    )
    grow_schema(patch, f"create table {ledger_id} (", lambda found: f"{found}\n    {new}\n")


def grow_schema(patch: pytest.MonkeyPatch, found: str, change) -> None:
    text = sql.text
    patch.setattr(sql, "text", lambda name: text(name).replace(found, change(found)))


def stage_here(files, *, base, progress, **options):
    """Stage ledgers in this process: a child would not know of contracts that a test changed."""
    if base is None:
        return staging.stage(files, **options)
    path, manifest = base
    with Reader(path, SimpleNamespace(version=manifest.version)) as reader:
        return staging.stage(files, base=read_base(reader, raw_rows=False), **options)


@pytest.fixture(scope="module")
def contracts():
    """Contracts that have grown: three optional columns of 阵地台账, and a ledger of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake.child, "stage", stage_here)
        grow(patch, "station", BUILT, RENTED, OWNER)
        patch.setitem(ALL, "imagined", IMAGINED)
        grow_schema(patch, "create table station_hours (", lambda found: TABLE + found)
        yield


def unpack(folder: Path) -> Store:
    shutil.unpack_archive(FIXTURE, folder)
    return Store(folder / "versions")


@pytest.fixture
def old(contracts, tmp_path):
    return unpack(tmp_path)


STATIONS = small.frames()["station"].drop(columns=["source_id", "source_row"])
MINE = STATIONS[STATIONS["street_code"] == small.STREETS[0]].assign(
    built_year=[1998, None], is_rented=[True, None]
)


@pytest.fixture(scope="module")
def carried(contracts, tmp_path_factory):
    """The old version rebuilt (v000002), then one street's stations and a imagined upon it."""
    store = unpack(tmp_path_factory.mktemp("old"))
    pipeline.rebuild(store=store, note="重算", by="管理员")
    imagined = pd.DataFrame(
        {"imagined_id": ["T1"], "community_code": small.COMMUNITIES[:1], "title": ["停车难"]}
    )
    folder = small.ledgers(store.root.parent / "甲街道", station=MINE, imagined=imagined)
    pipeline.build(folder, store=store, note="甲街道", by="管理员", serve=True)
    return store


def stations(store: Store, version: str) -> pd.DataFrame:
    with store.open(version) as reader:
        return reader.query("warehouse/table_rows", table="station").set_index("station_id")


def test_it_opens(old):
    with old.open() as reader:
        assert reader.warning is None
        assert len(reader.query("warehouse/metric_totals"))
        assert len(reader.query("views/check_results"))


def test_rebuilt_its_rows_are_the_same_and_the_new_columns_missing(carried):
    before, after = stations(carried, "v000001"), stations(carried, "v000002")
    pd.testing.assert_frame_equal(after[before.columns], before)
    assert after[["built_year", "is_rented", "owner"]].isna().all(axis=None)
    assert carried.manifest("v000002").rows["imagined"] == 0


def test_a_new_ledger_is_empty_and_said_once(old):
    issues = pipeline.examine([], store=old).issues
    notes = [issue.what for issue in issues if "想象台账" in issue.what]
    assert notes == ["想象台账是现在的软件新增的，v000001里没有，按空表处理"]
    assert not [issue for issue in issues if issue.severity == ERROR]


def test_rows_of_other_streets_are_carried_beside_those_with_the_new_columns(carried):
    rows = stations(carried, "v000003")
    assert rows["built_year"].fillna(0).to_dict() == {"Z000": 1998, "Z001": 0, "Z002": 0}
    assert [None if pd.isna(one) else one for one in rows.sort_index()["is_rented"]] == [
        True, None, None,
    ]  # fmt: skip
    manifest = carried.manifest("v000003")
    assert (manifest.rows["imagined"], manifest.rows["station_function"]) == (1, 2)
    assert manifest.updated == {"阵地台账": ["甲街道"]}


def test_a_complete_new_set_repeats_nothing(old, tmp_path):
    full = STATIONS.assign(built_year=2001, is_rented=False, owner="街道")
    report = pipeline.examine(small.ledgers(tmp_path / "全套", station=full), store=old)
    assert report.ok, report.issues
    assert "station" not in report.staged.parts


def test_a_complete_set_of_a_ledger_that_names_places_now_repeats_nothing(
    old, tmp_path, monkeypatch
):
    """The version cannot say of which street its rows are: the ledger given is the whole one."""
    extra = Column("grid_code", "所在社区", "community", required=False)
    grow(monkeypatch, "member_unit", extra)
    grow(monkeypatch, "station_function", extra)
    functions = pd.DataFrame(
        {
            "station_id": ["Z000", "Z001"],
            "function": ["幸福食堂", "托育扶幼"],
            "capacity_per_day": [80, None],
            "grid_code": small.COMMUNITIES[:2],
        }
    )
    folder = small.ledgers(tmp_path / "功能", station_function=functions)
    assert pipeline.examine(folder, store=old).ok


def test_a_required_column_that_is_lacking_is_named_once_with_the_way_out(old, monkeypatch):
    columns = [replace(c, required=c.required or c.key == "owner") for c in ALL["station"].columns]
    monkeypatch.setitem(ALL, "station", replace(ALL["station"], columns=tuple(columns)))
    with pytest.raises(LedgersRefusedError) as refused:
        pipeline.rebuild(store=old, note="重算", by="管理员")
    assert [str(issue) for issue in refused.value.issues if issue.severity == ERROR] == [
        str(issue) for issue in refused.value.issues if "产权单位" in issue.what
    ]
    (line,) = [line for line in str(refused.value).splitlines() if line.startswith("·")]
    assert "v000001的阵地台账没有“产权单位”一栏，现在是必填的，不能沿用" in line
    assert "请用现在的模板把阵地台账整本重报，补上产权单位" in line
    assert old.current().version == "v000001"


@pytest.mark.parametrize("ledger_id", ["street", "community", "station_function"])
def test_also_of_a_ledger_that_others_name(old, monkeypatch, ledger_id):
    grow(monkeypatch, ledger_id, Column("nickname", "别名", "text"))
    errors = pipeline.examine([], store=old).staged.errors
    assert [issue.column for issue in errors] == ["别名"]


def test_a_ledger_that_is_no_more_is_said(old, monkeypatch):
    monkeypatch.delitem(ALL, "station_function")
    issues = pipeline.examine([], store=old).issues
    said = [issue.what for issue in issues if "不再收" in issue.what]
    assert said == ["现在的软件不再收阵地功能台账，v000001里的2行未沿用"]


def test_compared_it_shows_columns_and_tables_that_came_and_went(carried):
    newer = compare(carried, "v000001", "v000003")
    sentences = structure_sentences(newer.structure)  # with whatever the contracts gain later
    assert set(sentences) >= {
        "阵地台账新增一栏：建成年份",
        "阵地台账新增一栏：租用",
        "阵地台账新增一栏：产权单位",
        "新增台账：想象台账",
    }
    assert "阵地台账新增一栏：租用；" in changes.structure(newer)
    counts = newer.tables.set_index("table_name").loc["imagined"]
    assert (counts["rows_a"], counts["added"], counts["rows_b"]) == (0, 1, 1)
    assert "built_year" not in set(newer.changes["column"])
    older = compare(carried, "v000003", "v000001")
    other_way = {"新增": "取消", "取消": "新增"}
    told = sorted(map(other_way.get, newer.structure["change"]))
    assert sorted(older.structure["change"]) == told and len(told) == len(sentences)
    # A truth that is missing on one side is compared, too.
    same = compare(carried, "v000002", "v000003")
    assert same.structure.empty and changes.structure(same) == ""
    rented = same.changes[same.changes["column"] == "is_rented"]
    assert rented[["key", "value_a", "value_b"]].values.tolist() == [["Z000", None, "是"]]


def test_the_command_says_it(carried, monkeypatch, capsys):
    monkeypatch.setattr("chunshui.paths.versions_dir", lambda: carried.root)
    assert cli.main(["compare", "v000001", "v000003"]) == 0
    said = capsys.readouterr().out
    assert "阵地台账新增一栏：建成年份" in said and "新增台账：想象台账" in said
    assert "想象台账：0行 → 1行（新增1，删除0，修改0）" in said
