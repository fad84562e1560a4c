"""The page of the two-new organisations: its pictures, what it lists, what a meeting takes of it."""

import json

import plotly.graph_objects as go
import pytest

from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.two_new import charts, data
from chunshui.ui.widgets import downloads
from chunshui.warehouse import Store
from tests.ui.conftest import words_on


@pytest.fixture(scope="module")
def scope(published):
    with Store(published / "versions").open() as reader:
        return Scope(reader.edition, "2026-10")


@pytest.mark.parametrize("by", data.GROUPS)
def test_the_parts_of_a_bar_are_its_whole_and_it_opens_its_group(scope, by):
    figure = charts.groups(scope, by, dark=False).to_dict()
    go.Figure(figure)
    for shares in zip(*(one["x"] for one in figure["data"]), strict=True):
        assert sum(shares) == pytest.approx(1, abs=0.001)
    names = data.groups(scope, by)["name"].tolist()
    assert [click[1] for click in figure["data"][0]["customdata"]] == names
    assert len(json.dumps(figure, ensure_ascii=False).encode()) < 40_000
    go.Figure(charts.months(scope, dark=True).to_dict())


def test_a_meeting_may_take_the_gap_and_the_groups(open_app, published):
    app = open_app(published, "two_new", two_new_part="应建未建")
    assert not app.exception
    listed = app.session_state[downloads.SEEN]["应建未建的两新组织 · 全区 · 2026年10月"].table
    assert len(listed) == 127 and listed["已开办（年）"].is_monotonic_decreasing
    assert set(listed["缺什么"]) == {"缺党组织（有工作覆盖）", "缺党组织和工作覆盖"}
    assert "最低的是交通物流行业综合党委" in words_on(app)


def test_closings_are_said_apart_from_foundings(open_app, published):
    app = open_app(published, "two_new", two_new_part="开办与注销", two_new_by="集聚区")
    assert not app.exception
    said = words_on(app)
    assert "注销（未覆盖）" in said and "那不是组建的成绩" in said
    assert "最低的是汉正产业集聚区（示意）" in said
