"""What the screen says when data are missing or broken, and that nothing is lost."""

import json
import shutil

import pytest

from chunshui.ui.shell import navigation
from chunshui.warehouse import Store, publish, software
from tests.ui.conftest import linked, words_on

PAGES = tuple(navigation.PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_published(open_app, tmp_path, page):
    app = open_app(tmp_path, page)
    assert not app.exception
    assert app.title[0].value == "还没有数据"
    assert any("python -m chunshui run" in one.value for one in app.code)


def test_damaged_pointer_falls_back_and_says_so(open_app, data_copy):
    (data_copy / "versions" / "CURRENT").write_text("{半个指针", encoding="utf-8")
    app = open_app(data_copy)
    assert not app.exception
    assert "CURRENT" in app.warning[0].value
    assert "v000001" in words_on(app)
    assert linked(app, "tiles").count('class="tile"') == 6


def test_missing_pointer_falls_back_and_says_so(open_app, data_copy):
    (data_copy / "versions" / "CURRENT").unlink()
    app = open_app(data_copy)
    assert not app.exception
    assert app.warning


def test_a_version_of_older_software_says_how_to_renew_it(open_app, published, monkeypatch):
    assert not open_app(published, "versions").warning
    monkeypatch.setattr(software, "describe", lambda: {"queries_sha256": "另一套"})
    app = open_app(published, "versions")
    assert "python -m chunshui rebuild" in app.warning[0].value
    assert not app.exception


def test_only_version_cut_short(open_app, data_copy):
    path = Store(data_copy / "versions").path("v000001")
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    app = open_app(data_copy)
    assert not app.exception
    assert app.title[0].value == "数据版本无法读取"
    assert "v000001" in app.error[0].value
    assert any("python -m chunshui versions" in one.value for one in app.code)


def test_damagedsecond_version_serves_the_first(open_app, data_copy):
    store = Store(data_copy / "versions")
    second_version(data_copy)
    store.path("v000002").chmod(0o644)
    store.path("v000002").write_bytes(b"")
    app = open_app(data_copy)
    assert not app.exception
    assert "v000002" in app.warning[0].value
    assert "数据版本 **v000001**" in words_on(app)


def test_compare_and_undo_with_confirmation(open_app, data_copy):
    second_version(data_copy)
    app = open_app(data_copy, "versions")
    assert not app.exception
    assert app.selectbox(key="from").value == "v000001"
    assert app.selectbox(key="to").value == "v000002"
    assert any("没有差别" in one.value for one in app.info)

    submit = next(one for one in app.button if one.label == "回退")
    submit.click().run()
    assert "写明经办和原因" in app.warning[0].value
    assert Store(data_copy / "versions").current().version == "v000002"


def second_version(data):
    """Lay a second version beside the first: the same file under a new name, and point at it."""
    root = data / "versions"
    store = Store(root)
    manifest = json.loads((root / "versions" / "v000001.json").read_text("utf-8"))
    manifest |= {"version": "v000002", "note": "第二次发布"}
    shutil.copy(store.path("v000001"), store.path("v000002"))
    (root / "versions" / "v000002.json").write_text(
        json.dumps(manifest, ensure_ascii=False), encoding="utf-8"
    )
    publish.serve(store, "v000002", by="测试", note="第二次发布")
