"""The page of riders: its pictures, the hour in the address, what a meeting takes of it."""

import json

import plotly.graph_objects as go
import pytest

from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.riders import charts, data
from chunshui.ui.widgets import downloads
from chunshui.warehouse import Store
from tests.ui.conftest import words_on


@pytest.fixture(scope="module")
def scope(published):
    with Store(published / "versions").open() as reader:
        return Scope(reader.edition, "2026-10")


@pytest.mark.parametrize("which", [data.BRANDED, data.EVERY])
def test_every_station_is_in_one_state_and_one_mark(scope, which):
    figure = charts.night_map(scope, which, 6, 21, dark=False).to_dict()
    go.Figure(figure)
    marks = [one for one in figure["data"] if one.get("name", "").endswith("处）")]
    clicked = [click[1] for one in marks for click in one["customdata"]]
    assert sorted(clicked) == sorted(data.chosen(scope, which)["station_id"])
    assert len(json.dumps(figure, ensure_ascii=False).encode()) < 120_000
    squares = charts.week(scope, which, 6, 21, dark=True).to_dict()
    go.Figure(squares)
    codes = [click[1] for click in squares["data"][0]["customdata"]]
    assert len(codes) == 168 and codes[0] == "0-0" and codes[-1] == "6-23"


def test_the_hour_is_in_the_address_and_a_meeting_may_take_the_map(open_app, published):
    app = open_app(published, "riders", rider_day="周六", rider_hour="21点", riders_part="五类岗位")
    assert not app.exception
    said = words_on(app)
    assert "周六21点品牌驿站" in said and "在岗236岗" in said
    seen = app.session_state[downloads.SEEN]
    assert "驿站地图 · 周六21点的品牌驿站 · 全区 · 2026年10月" in seen
    frozen = seen["驿站地图 · 周六21点的品牌驿站 · 全区 · 2026年10月"].picture()
    open_then = data.week(Scope(data_edition(published), "2026-10"), data.BRANDED).loc[6, 21]
    assert len(frozen.points) == open_then


def data_edition(published):
    with Store(published / "versions").open() as reader:
        return reader.edition


def test_a_survey_tells_only_what_may_be_told(open_app, published):
    app = open_app(published, "riders", riders_part="需求调查", street="易家街道")
    assert not app.exception
    assert "只公布全区数" in words_on(app)
    for heading, seen in app.session_state[downloads.SEEN].items():
        if "需求" in heading:
            row = seen.table.set_index("需求").loc["夜间休息"]
            assert set(row.iloc[2:]) == {"不公布"}
