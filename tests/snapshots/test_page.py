"""The page 会议快照, as a user clicks through it."""

import pytest

from chunshui.snapshots import archive
from chunshui.snapshots.render import child_process, export
from tests.ui.conftest import open_app as open_app
from tests.ui.conftest import words_on


@pytest.fixture
def data(published, tmp_path):
    """A data folder of its own over the published version: the page writes an archive."""
    (tmp_path / "versions").symlink_to(published / "versions")
    return tmp_path


@pytest.fixture
def rendering_here(monkeypatch):
    """Let documents be made in the test's own process: the child's start costs as much as they."""

    def documents(snapshot_id, *asked, **named):
        return export.documents(archive.reopen(snapshot_id), *asked, **named)

    monkeypatch.setattr(child_process, "documents", documents)


def test_from_template_to_download(open_app, data):
    app = open_app(data, "snapshots", street="古田街道")
    assert not app.exception and "还没有冻结过" in words_on(app)
    app.button_group(key="template").set_value("周通报").run()
    assert app.multiselect(key="sections").value[0] == "关注事项"
    assert "opinion_closing_rate" in app.multiselect(key="tiles").value
    _button(app, "冻结并生成").click().run()
    assert not app.exception and not app.error
    line = archive.listing(data / "snapshots")[0][0]
    assert line.scope == "古田街道" and line.title == "硚口区基层治理周通报"
    assert app.selectbox(key="snapshot").value == line.id
    names = [one.label for one in app.get("download_button")]
    for name in ("演示文稿", "简报", "工作簿", "全部图片"):
        assert any(label.startswith(name) for label in names)
    _button(app, "冻结并生成").click().run()
    assert len(archive.listing(data / "snapshots")[0]) == 1


@pytest.mark.usefixtures("rendering_here")
def test_own_choice_in_the_order_chosen(open_app, data):
    app = open_app(data, "snapshots")
    labels = ["一年走势 · 民情办结率", "街道排名 · 民情办结率"]
    app.multiselect(key="sections").set_value(labels).run()
    _button(app, "冻结并生成").click().run()
    snapshot = archive.reopen(app.selectbox(key="snapshot").value, data / "snapshots")
    assert [section.kind for section in snapshot.sections] == ["trend", "ranking"]
    app.multiselect(key="sections").set_value(labels[:1]).run()
    _button(app, "冻结并生成").click().run()
    assert "2份快照" in words_on(app)
    assert any(one.proto.popover.label == "下载全部不同之处" for one in app.get("popover"))


def test_a_choice_that_cannot_be_frozen_says_so(open_app, data):
    app = open_app(data, "snapshots")
    app.multiselect(key="sections").set_value(["核心指标"]).run()
    _button(app, "冻结并生成").click().run()
    assert not app.exception and "至少要选一个指标" in app.error[0].value


@pytest.mark.usefixtures("rendering_here")
def test_what_is_typed_stays_text_and_what_cannot_be_printed_is_refused(open_app, data):
    app = open_app(data, "snapshots")
    app.multiselect(key="sections").set_value(["关注事项"]).run()
    _title(app).set_value("开会😀")
    _button(app, "冻结并生成").click().run()
    assert "标题里的“😀”（U+1F600）印不出来" in app.error[0].value
    assert not archive.listing(data / "snapshots")[0]
    nasty = '=HYPERLINK("http://x") ../../etc/passwd [a](b) <script>'
    _title(app).set_value(nasty)
    _button(app, "冻结并生成").click().run()
    assert not app.exception and not app.error
    assert archive.listing(data / "snapshots")[0][0].title == nasty
    said = words_on(app)
    assert (
        "http://" not in said and "[a](b)" not in said and "<script>" not in said.replace("\\<", "")
    )
    files = [path.name for path in data.iterdir()]
    assert sorted(files) == ["snapshots", "versions"]


OFFERED = {
    "overview": [
        "核心指标（本页6项）",
        "社区地图 · 改造里程碑按期率",
        "关注事项",
        "公开数字对照",
    ],
    "dictionary": ["街道排名 · 两新组织党组织覆盖率", "三年走势 · 两新组织党组织覆盖率"],
    "renovation": ["核心指标（本页6项）", "社区地图 · 老旧小区改造累计完工率（户）"],
    "fund": ["核心指标（本页6项）", "公开数字对照"],
    "demo_sites": ["核心指标（本页5项）"],
    "circles": ["核心指标（本页4项）"],
    "coverage": ["核心指标（本页6项）"],
}


@pytest.mark.parametrize("page", OFFERED)
def test_every_page_offers_what_it_shows(open_app, data, page):
    app = open_app(data, page)
    assert not app.exception
    labels = [one.label for one in app.button]
    assert not [label for label in OFFERED[page] if label not in labels]


@pytest.mark.usefixtures("rendering_here")
def test_from_a_page_into_the_material(open_app, data):
    app = open_app(data, "overview")
    for label in OFFERED["overview"]:
        _button(app, label).click().run()
        assert _button(app, label).disabled
    app.switch_page("../pages/fund.py").run()
    _button(app, OFFERED["fund"][0]).click().run()
    app.switch_page("../pages/snapshots.py").run()
    _button(app, "冻结并生成").click().run()
    assert not app.exception and not app.error
    snapshot = archive.reopen(app.selectbox(key="snapshot").value, data / "snapshots")
    kinds = [section.kind for section in snapshot.sections]
    assert kinds == ["figures", "map", "attention", "claims"]
    shown = [figure.metric for figure in snapshot.sections[0].figures]
    assert len(shown) == 12 and "fund_spent" in shown


def _title(app):
    return next(box for box in app.text_input if box.label == "标题")


def _button(app, label: str):
    return next(one for one in app.button if one.label == label)
