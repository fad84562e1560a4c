"""What a material is made under on 会议快照: its template, its title, and what it asks of those it goes to."""

from dataclasses import replace

import pytest

from chunshui.snapshots import archive, freeze, kept, templates
from chunshui.snapshots.model import Head
from chunshui.snapshots.selection import Choice, Selection
from chunshui.warehouse import Store
from tests.ui.conftest import words_on

ASKED = ("各街道对照附件逐项销号。", "11月20日前补齐空缺网格长。")


@pytest.fixture
def data(published, tmp_path, monkeypatch):
    """A data folder over the published version, with 月拉练 of the district frozen for it and its head kept."""
    (tmp_path / "versions").symlink_to(published / "versions")
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    head = Head("区委办公室", number="3号", requirements=ASKED)
    asked = Selection(
        "2026-09", (Choice("figures", ("opinion_closing_rate",)),), template="月拉练", head=head
    )
    with Store(published / "versions").open() as reader:
        archive.store(freeze.snapshot_of(reader, asked))
    kept.keep_head(head)
    return tmp_path


def asked_on(app) -> str:
    return next(one.value for one in app.text_area if one.label.startswith("下一步要求"))


def test_requirements_go_over_to_the_next_of_the_kind_and_into_no_other_paper(open_app, data):
    assert kept.read().head == Head("区委办公室", number="3号")
    app = open_app(data, "snapshots")
    for template, requirements in (("月拉练", "\n".join(ASKED)), ("周通报", ""), ("社区一页", "")):
        app.button_group(key="template").set_value(template).run()
        assert not app.exception and asked_on(app) == requirements, template
    app.button_group(key="template").set_value("月拉练").run()
    assert asked_on(app) == "\n".join(ASKED)
    saves = next(one for one in app.button if "本机常用" in one.label)
    assert not saves.disabled  # a number was kept, and none is shown
    saves.click().run()
    saves = next(one for one in app.button if "本机常用" in one.label)
    assert saves.disabled and saves.label == "已存为本机常用：发文单位"
    assert kept.read().head == Head("区委办公室")
    assert asked_on(open_app(data, "snapshots", street="古田街道")) == ""


def test_no_template_and_no_other_scope_is_of_the_kind(published, data):
    with Store(published / "versions").open() as reader:
        lines = archive.listing()[0]
        same = Selection("2026-10", templates.get_template("月拉练").choices, template="月拉练")
        others = (
            replace(same, template=""),
            replace(same, template="周通报"),
            replace(same, streets=("420104003",)),
            replace(same, month="2026-08"),
        )
        assert freeze.last_requirements(reader, same, lines) == ASKED
        assert not any(freeze.last_requirements(reader, one, lines) for one in others)


def test_the_chosen_template_stays_and_title_and_template_are_told_before_freezing(open_app, data):
    app = open_app(data, "snapshots")
    pills = app.button_group(key="template")
    pills.set_value("月拉练").run()
    assert pills.proto.required
    assert "题为《硚口区基层治理月拉练（2026年10月）》，模板为月拉练" in words_on(app)
    sections = next(one for one in app.multiselect if one.label.startswith("部分"))
    sections.set_value(sections.value[:-1]).run()
    app.button_group(key="template").set_value("周通报").run()
    next(one for one in app.button if one.label == "保留自选的").click().run()
    assert not app.exception and "模板为月拉练" in words_on(app)
