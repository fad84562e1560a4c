"""What a publish takes over from the version served is what is computed from the ledgers alone."""

import json
import shutil

import duckdb
import numpy as np
import pandas as pd
import pytest

from chunshui import pipeline
from chunshui.catalogue import fill
from chunshui.circles import barrier_crossings, coordinate_check, walks
from chunshui.errors import ChunshuiError
from chunshui.pipeline import derive
from chunshui.warehouse import Store, compare
from chunshui.warehouse.verify import sha256
from tests.warehouse import small
from tests.warehouse.test_grown_contracts import FIXTURE

pytestmark = pytest.mark.usefixtures("reading_here", "few_metrics")


def district() -> dict[str, pd.DataFrame]:
    """A street along which everything stands, its buildings and stations a few hundred metres apart."""
    nodes, homes = range(13), range(24)
    of_grid = {"lon": 114.205, "lat": 30.575}
    spots = {"lon": [114.2005 + n / 2600 for n in homes], "lat": 30.5753}
    stations = small.frames()["station"].drop(columns=["source_id", "source_row"])
    return {
        "station": stations,
        "opinion": small.opinions("2026-08-09", "2026-09-15", "2026-10-20"),
        "neighbourhood": pd.DataFrame(
            {"neighbourhood_id": ["N1"], "neighbourhood_name": ["一小区"], "kind": "小区", "built_year": 1990,
             "community_code": small.COMMUNITIES[0], "is_old": True, **of_grid}
        ),
        "grid_unit": pd.DataFrame(
            {"grid_id": ["G1"], "grid_name": ["一网格"], "community_code": small.COMMUNITIES[0], "households": 400,
             "set_on": pd.Timestamp("2020-01-01"), "merged_on": pd.NaT, **of_grid}
        ),
        "building": pd.DataFrame(
            {"building_id": [f"B{n:02d}" for n in homes], "building_name": [f"{n}栋" for n in homes],
             "neighbourhood_id": "N1", "grid_id": "G1", "built_year": 1990, "storeys": 7, "has_lift": False,
             "households": 30, "residents": [60 + n for n in homes], "residents_60": 20, "residents_0_3": 2,
             "community_code": small.COMMUNITIES[0], **spots}
        ),
        "walk_node": pd.DataFrame({"node_id": nodes, "kind": "路口", "lon": [114.20 + n / 400 for n in nodes], "lat": 30.575}),
        "walk_edge": pd.DataFrame(
            {"edge_id": nodes[1:], "from_node": nodes[:-1], "to_node": nodes[1:], "kind": "街道", "metres": 239.5}
        ),
    }  # fmt: skip


def changed(tables, name, draw):
    """Alter one cell of a ledger, or leave out its last row."""
    rows = tables[name].copy()
    at = draw.integers(len(rows))
    if name == "opinion":
        rows.loc[at, "due_on"] -= pd.Timedelta(days=4)
    elif name == "station":
        rows.loc[at, draw.choice(["area_m2", "lon"])] *= 1.000004
    elif name == "building":
        rows.loc[at, "residents"] += 5
        rows = rows if draw.integers(2) else rows.iloc[:-1]
    else:
        rows.loc[at, "metres"] += 50
    return tables | {name: rows}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledgers")
    return small.ledgers(folder, **district())


@pytest.fixture
def store(written, tmp_path):
    """A store of its own that serves the ledgers as v000001; they are published once for all tests."""
    kept = written.with_name(f"{written.name}_served")  # no other module has it
    if not kept.exists():
        put(written, Store(kept))
    return Store(shutil.copytree(kept, tmp_path / "versions"))


def put(folder, store, **options):
    return pipeline.build(folder, store=store, note="试", by="管理员", serve=True, **options)


def test_versions_changed_one_upon_the_other_are_what_their_ledgers_say(
    store, tmp_path, monkeypatch
):
    with store.open() as reader:
        assert len(reader.frame("from reach")) > 20, "there are walks"
    draw, tables = np.random.default_rng(3), district()
    ran, walked = [], []
    for module, name, calls in ((fill, "_sums", ran), (walks, "measure", walked)):
        plain = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *a, plain=plain, calls=calls: calls.append(a) or plain(*a)
        )
    steps = (["opinion"], ["station", "building"], ["walk_edge", "opinion"])
    for number, names in enumerate(steps, 2):
        for name in names:
            tables = changed(tables, name, draw)
        ran.clear(), walked.clear()
        put(small.ledgers(tmp_path / str(number), **tables), store)
        computed = {metric.id for metric, *_ in ran}
        if names == ["opinion"]:
            assert computed and all("opinion" in one for one in computed)
            assert not walked
        else:
            assert walked
        if number != 3:  # the last stands upon it
            assert pipeline.verify(store, f"v{number:06d}") == []


def test_a_rebuild_of_the_same_runs_nothing_and_gives_the_same(store, monkeypatch):
    ran = []
    monkeypatch.setattr(fill, "_sums", lambda *job: ran.append(job))
    pipeline.rebuild(store=store, note="重算", by="管理员")
    comparison = compare(store, "v000001", "v000002")
    assert not ran
    assert comparison.changes.empty and comparison.metrics.empty and comparison.checks.empty


def test_a_wrong_value_taken_over_is_found_and_a_rebuild_anew_mends_it(store, monkeypatch):
    _falsify(store, "v000001")
    pipeline.rebuild(store=store, note="沿用了错的", by="管理员")
    assert pipeline.verify(store, "v000002") == [
        "步行距离",
        "走到最近阵地的用时（九成居民）",
        "党群服务阵地面积",
    ]
    pipeline.rebuild(store=store, note="重算", by="管理员", anew=True)
    assert pipeline.verify(store, "v000003") == []
    monkeypatch.setattr("chunshui.warehouse.software.describe", lambda: {"queries_sha256": "另"})
    with pytest.raises(ChunshuiError, match="v000003是由较早的软件算出的，不能核算"):
        pipeline.verify(store, "v000003")


def test_no_ledger_that_walks_or_coordinates_are_told_from_is_forgotten():
    asked = set()

    class Watched(dict):
        def __getitem__(self, table):
            asked.add(table)
            return super().__getitem__(table)

    barrier = pd.DataFrame({"barrier_id": [], "kind": [], "shape": []})
    tables = small.frames() | district() | {"premises": pd.DataFrame(), "barrier": barrier}
    watched = Watched({name: rows.assign(source_id="S1") for name, rows in tables.items()})
    walks.measure(watched)
    barrier_crossings.crossing_findings(watched)
    coordinate_check.coordinate_findings(watched, {})
    assert asked == set(derive.WALKED)


def test_a_version_of_older_software_is_a_base_of_which_everything_is_computed(
    tmp_path, monkeypatch
):
    shutil.unpack_archive(FIXTURE, tmp_path)
    (folder,) = tmp_path.glob("**/versions/versions")
    store = Store(folder.parent)
    ran = []
    plain = fill._sums
    monkeypatch.setattr(fill, "_sums", lambda *job: ran.append(job) or plain(*job))
    manifest = pipeline.rebuild(store=store, note="升级", by="管理员")
    assert manifest.rows["metric_input"] == len(ran) > 5
    assert pipeline.verify(store, manifest.version) == []


def _falsify(store, version):
    """Change a figure and a walk in a version's file, and its manifest and pointer with it."""
    path = store.path(version)
    path.chmod(0o644)
    with duckdb.connect(path) as con:
        con.execute(
            "update metric_value set numerator = numerator + 1 where metric_id = 'station_area'"
        )
        con.execute("update reach set metres = metres + 1 where station_no = 0")
    digest, size = sha256(path, 0, 0), path.stat().st_size
    for file in (path.with_suffix(".json"), store.pointer_file):
        file.chmod(0o644)
        told = json.loads(file.read_text("utf-8")) | {"sha256": digest, "bytes": size}
        file.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
