"""The page of the grids: its layers, what it names, what a meeting takes of it."""

import json

import plotly.graph_objects as go
import pytest

from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.grids import charts, data
from chunshui.ui.widgets import downloads
from chunshui.warehouse import Store
from tests.ui.conftest import words_on

LAYERS = [one for one in charts.LAYERS if one != charts.BY_COMMUNITY]


@pytest.fixture(scope="module")
def scope(published):
    with Store(published / "versions").open() as reader:
        return Scope(reader.edition, "2026-10")


@pytest.mark.parametrize("layer", LAYERS)
def test_every_grid_is_in_one_class_of_a_layer_and_one_mark(scope, layer):
    grids = data.grids(scope)
    held = sum(one.holds(grids).astype(int) for one in charts.classes(layer))
    assert (held == 1).all()
    figure = charts.grid_map(scope, layer, dark=False).to_dict()
    go.Figure(figure)
    marks = [one for one in figure["data"] if one.get("name", "").endswith("个）")]
    clicked = [click[1] for one in marks for click in one["customdata"]]
    assert sorted(clicked) == sorted(grids["grid_id"])
    assert len(json.dumps(figure, ensure_ascii=False).encode()) < 200_000


def test_the_gravest_of_a_layer_go_to_paper(scope):
    frozen = charts.frozen_map(scope, "楼栋骨干")
    assert frozen.metric == "grid_no_core" and len(frozen.figures) == 126
    assert {point.layer for point in frozen.points} == {"两样都没有的网格"}
    assert len(frozen.points) == 11
    street = Scope(scope.edition, "2026-10", ("420104002",))
    home = charts.frozen_map(street, "岗位空缺")
    assert {shape.street for shape in home.ground.communities} == {"韩家墩街道"}


def test_a_meeting_may_take_the_map_and_the_lists(open_app, published):
    app = open_app(published, "grids", grids_part="缺骨干的网格", lack="没有网格长")
    assert not app.exception
    seen = app.session_state[downloads.SEEN]
    assert {f"{one} · 全区 · 2026年10月" for one in ("网格地图 · 岗位空缺", "各岗位到岗")} <= set(
        seen
    )
    listed = seen["没有网格长的网格 · 全区 · 2026年10月"].table
    assert len(listed) == 13 and listed["网格长已空缺（天）"].max() == 680
    assert "114个没有楼栋党小组长" in words_on(app)


def test_the_roles_are_those_of_the_dictionary_with_their_sums(open_app, published):
    app = open_app(published, "grids", street="汉水桥街道")
    roles = next(one.value for one in app.dataframe if "按天数" in one.value)
    assert roles["岗位"].iloc[-1] == "合计" and "网格长" in set(roles["岗位"])
    *each, whole = roles["空缺"]
    assert sum(each) == whole and each == sorted(each, reverse=True)
    assert "海工第3网格" in words_on(app)
