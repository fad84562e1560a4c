"""A street, a community, a station and a project renamed in a later version: whoever asks for them by the name of
then finds them under that of now.
"""

import hashlib
import json
import shutil

import duckdb
import pytest

from chunshui.ui import data
from chunshui.ui.widgets import search
from chunshui.warehouse import Store, publish, schema
from tests.ui.conftest import words_on

NEW = """
    update street set street_name = '新长丰街道' where street_name = '长丰街道';
    update community set community_name = '新药王社区' where community_name = '药王社区';
    update station set station_name = '新药王驿站' where station_name = '药王社区党群服务中心';
    update renovation_project set project_name = '新药王坊改造' where project_name = '药王坊老旧小区改造（2024年）';
"""


@pytest.fixture(scope="module")
def later(published, tmp_path_factory):
    """A data folder in which v000002 has other names for what v000001 has."""
    folder = tmp_path_factory.mktemp("later")
    shutil.copytree(published / "versions", folder / "versions")
    store = Store(folder / "versions")
    path = store.path("v000002")
    with duckdb.connect(str(path)) as con:  # without keys, which keep what they hold from changing
        con.execute(f"attach '{store.path('v000001')}' as first (read_only)")
        for (table,) in con.execute(
            "select table_name from duckdb_tables() where database_name = 'first'"
        ).fetchall():
            con.execute(f"create table {table} as from first.{table}")
        for statement in schema.named_texts().values():
            con.execute(statement)
        con.execute(NEW)
    whole = path.read_bytes()
    manifest = json.loads(store.path("v000001").with_suffix(".json").read_text("utf-8"))
    fresh = {"version": "v000002", "bytes": len(whole), "sha256": hashlib.sha256(whole).hexdigest()}
    path.with_suffix(".json").write_text(json.dumps(manifest | fresh), "utf-8")
    publish.serve(store, "v000002", by="测试", note="改名")
    return folder


@pytest.mark.parametrize(
    ("page", "asked", "said"),
    [
        ("overview", {"street": "长丰街道"}, "范围 **新长丰街道**"),
        ("coverage", {"community": "药王社区"}, "范围 **汉正街道新药王社区**"),
        ("circles", {"station": "药王社区党群服务中心"}, "新药王驿站"),
        ("renovation", {"part": "一个项目", "project": "药王坊老旧小区改造（2024年）"}, "JG109"),
        ("opinions", {"open": "民情办结率", "of": "长丰街道"}, "新长丰街道"),
    ],
)
def test_a_link_of_before_leads_to_what_it_meant(open_app, later, page, asked, said):
    app = open_app(later, page, **asked)
    assert not app.exception and not app.error
    text = words_on(app)
    assert "链接里的" not in text and not any("不在" in one.value for one in app.warning)
    assert said in text or any(said in str(one.value) for one in app.selectbox)
    (told,) = app.toast
    assert told.value.startswith(f"链接里的“{asked[list(asked)[-1]]}”现在叫")


def test_the_search_finds_it_by_either_name(later, monkeypatch):
    monkeypatch.setenv("CHUNSHUI_DATA", str(later))
    for typed in ("药王社区党群服务中心", "xywyz"):
        assert search.index(data.serving().edition).find(typed)[0].names[0] == "新药王驿站"
    assert search.index(data.serving().edition).find("长丰街道")[0].names[0] == "新长丰街道"
