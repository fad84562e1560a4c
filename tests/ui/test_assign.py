"""加入交办单 where matters are seen, the list on 会议快照, and what the next material begins with."""

import pytest

from chunshui.snapshots import archive, kept
from chunshui.ui.topics.opinions.tables import HELD
from chunshui.ui.widgets import assign
from tests.ui.conftest import words_on

UNIT = "区民政部门"


@pytest.fixture
def data(published, tmp_path):
    """A data folder of its own over the published version: the page keeps a list and an archive."""
    (tmp_path / "versions").symlink_to(published / "versions")
    return tmp_path


def handed(app, key: str, pick: int):
    """Open 加入交办单 under a key, hand out one of its things to a unit, and return the app."""
    app.session_state[f"assign_{key}"] = True
    app.run()
    things = app.selectbox(key=f"assign_{key}_thing")
    things.set_value(pick).run()
    unit = next(one for one in app.selectbox if one.label.startswith("责任单位"))
    assert UNIT in unit.options
    unit.set_value(UNIT)
    next(one for one in app.button if one.label == "加入").click().run()
    assert not app.exception and not app.error
    return app


def button(app, label: str):
    return next(one for one in app.button if label in one.label)


def test_from_a_screen_to_the_next_meeting(open_app, data):
    handed(open_app(data, "attention", street="易家街道"), "attention", 0)
    handed(open_app(data, "grids", open="网格长到岗率"), "number_grid_leader_rate", 1)
    app = handed(open_app(data, "opinions", opinions_part="揭榜领题"), "challenges", 2)
    assert "交办单上共3项" in app.success[0].value
    first, second, third = kept.read(data).assigned
    assert first.street == "易家街道" and first.matter.startswith("完成会议交办的“")
    assert second.matter.startswith("解决") and "“网格长空缺”" in second.matter and second.community
    assert "网格长到岗率，2026年10月" in second.basis and "网格长空缺" in second.basis
    assert (
        third.matter.startswith("办理")
        and "（揭榜领题）" in third.matter
        and "2026年10月" in third.basis
    )
    # The matter's own unit comes first, then those of its street; where nothing is known and none is written, it is said.
    for page, key, first_unit in (
        ("attention", "attention", "区民政部门"),
        ("grids", "number_grid_leader_rate", None),
    ):
        opened = {"street": "易家街道"} if first_unit else {"open": "网格长到岗率"}
        app = open_app(data, page, **opened)
        app.session_state[f"assign_{key}"] = True
        app.run()
        unit = next(one for one in app.selectbox if one.label.startswith("责任单位"))
        assert unit.value == first_unit and len(set(unit.options)) == len(unit.options)
        assert not any(one.endswith("（示意）") for one in unit.options)
        assert first_unit is None or unit.options[1] == "易家街道大工委"
    next(one for one in app.button if one.label == "加入").click().run()
    assert "没有写责任单位" in app.error[0].value and len(kept.read(data).assigned) == 3

    app = open_app(data, "snapshots")
    assert any("交办单（3项" in one.label for one in app.expander)
    said = words_on(app)
    assert "全区2026年交办41项" in said and "逾期2项：" in said
    app.button_group(key="template").set_value("周通报").run()
    button(app, "冻结并生成").click().run()
    assert not app.exception and not app.error and "交办3项" in app.success[0].value
    line = archive.listing(data / "snapshots")[0][0]
    assert set(line.assigned) == {one.id for one in (first, second, third)}
    assert kept.read(data).assigned == ()  # handed out
    assert any("交办单（还没有事项" in one.label for one in app.expander)
    app = open_app(data, "snapshots")
    app.button_group(key="template").set_value("周通报").run()
    said = words_on(app)
    assert f"已交办3项（{line.id}），这份材料照列" in said and "未反馈3项" in said
    assert "以“上次交办事项落实情况”开头" not in said  # this period's is not the last one
    app.button_group(key="template").set_value("月拉练").run()
    assert "已交办3项" not in words_on(app)
    button(app, "取回").click().run()
    assert [one.id for one in kept.read(data).assigned] == list(line.assigned)
    app.button_group(key="template").set_value("周通报").run()
    assert "这份材料照列" not in words_on(app)  # the same list, being corrected


def test_a_row_says_its_place_once_and_leaves_a_departments_unit_open(monkeypatch):
    monkeypatch.setattr(assign, "here", lambda scope: ("", ""))
    monkeypatch.setattr(assign, "since", lambda scope: "2026年10月")
    place = {"街道": "荣华街道", "社区": "集贤里社区"}
    broken = {
        "断在哪里": "荣华街道集贤里社区大党委",
        "原因": "从未有人包保",
        "涉及户数": 3312,
    } | place
    held = {"类别": "加装电梯", "在哪一级": "部门", "首次受理": "2026-01-03"} | place
    held |= {"应办结日期": "2026-01-15", "逾期（工作日）": 194}
    first, second = (assign._of_row(row, "断链", None) for row in (broken, held))
    assert first.matter == "办理荣华街道集贤里社区大党委（断链）" and first.is_local
    assert first.basis == "原因：从未有人包保，涉及户数：3,312（2026年10月）"
    assert (
        second.matter == "办理集贤里社区加装电梯（断链，逾期194个工作日）" and not second.is_local
    )
    assert second.basis == (
        "现在部门一级，2026年1月3日首次受理，应办结日期为2026年1月15日，逾期194个工作日（2026年10月）"
    )
    # As the page has it, whichever column stands first: what it is, not how it stands.
    cells = {
        "逾期": "194个工作日", "类别": "加装电梯", "在哪一级": "街道", "状态": "在办", "在这一级（日历日）": 297,
        "应办结日期": "2026-01-15", "首次受理": "2026-01-03", "事项编号": "MQ0498",
    } | place  # fmt: skip
    row = {head: cells[head] for head in HELD.values() if head in cells}
    third = assign._of_row(row, "在手的民情", None)
    assert third.matter == "办理集贤里社区加装电梯（在手的民情，逾期194个工作日）"
    assert third.basis == (
        "现在街道一级，应办结日期为2026年1月15日，2026年1月3日首次受理，事项编号MQ0498，"
        "在这一级297个日历日（2026年10月）"
    )
    # A state or a number that stands first is no name, and a matter of its own column is known by that.
    for title, first, matter in (
        ("交办事项", {"落实": "逾期21个日历日", "事项": "食堂运营"}, "办理集贤里社区食堂运营（交办事项）"),
        ("示范点", {"级别": "区级", "达标/适用": "21/35"}, "办理集贤里社区的示范点"),
        ("居民公约", {"居民公约": "从未有过"}, "办理集贤里社区的居民公约"),
        ("四创清单", {"维度": "完整社区", "条目": "托儿所"}, "办理集贤里社区托儿所（四创清单）"),
    ):  # fmt: skip
        assert assign._of_row(first | place, title, None).matter == matter
