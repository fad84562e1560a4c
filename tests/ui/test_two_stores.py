"""Two stores that both begin with v000001: each page shows its own figures, whoever came first."""

import hashlib
import json
import shutil

import duckdb
import pytest

from chunshui.ui.shell import navigation
from chunshui.warehouse import Store, publish

# What the pages show, changed in the second store: figures, walks, findings, the ledgers' rows.
OTHERWISE = """
    update metric_value set numerator = numerator / 2;
    update reach set metres = metres / 2;
    update check_result set message = message || '乙';
    update activity set attendees = attendees + 1;
    update source_row set fate = '有错' where row_no = 5;
"""
BESIDE = {"intake", "snapshots", "manual"}  # pages that show no more of a version than its name


@pytest.fixture(scope="module")
def other(published, tmp_path_factory):
    """A second data folder with a v000001 of its own, in which everything is otherwise."""
    data = tmp_path_factory.mktemp("other")
    shutil.copytree(published / "versions", data / "versions")
    store = Store(data / "versions")
    path = store.path("v000001")
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute(OTHERWISE)
    whole = path.read_bytes()
    fresh = {"bytes": len(whole), "sha256": hashlib.sha256(whole).hexdigest()}
    manifest = path.with_suffix(".json")
    manifest.chmod(0o644)
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | fresh), "utf-8")
    for record in (store.root / "CURRENT", store.root / "history.jsonl"):
        record.unlink(missing_ok=True)
    publish.serve(store, "v000001", by="测试", note="另一套")
    return data


def shown(app) -> dict[str, list]:
    """Return what a page shows: its foot, and the rest."""
    kinds = ("markdown", "html", "bidi_component", "dataframe", "table", "plotly_chart")
    texts = [str(one.proto) for kind in kinds for one in app.get(kind)]
    return {
        "foot": [one.value for one in app.caption if one.value.startswith("来源")],
        "rest": texts,
    }


@pytest.mark.parametrize("page", navigation.PAGES)
def test_each_page_shows_the_figures_of_its_own_store(open_app, published, other, page):
    of_one = {"community": "荣东社区"} if page == navigation.SHEET else {}
    ours, theirs, again = (
        shown(open_app(data, page, **of_one)) for data in (published, other, published)
    )
    assert ours["foot"] and theirs["foot"] and ours["foot"] != theirs["foot"]
    assert page in BESIDE or ours["rest"] != theirs["rest"]
    assert again == ours
