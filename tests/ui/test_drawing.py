"""The pure drawing functions: classes, label places, maps, charts, downloads."""

import gc
import gzip
import json
import math
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from chunshui.catalogue.bands import Classes, fixed_classes
from chunshui.drawing import labels
from chunshui.ui import charts, markdown
from chunshui.ui.map import district as maps
from chunshui.ui.map import land
from chunshui.ui.map.click import Click
from chunshui.ui.map.land import Place
from chunshui.ui.widgets import changes, tables

SQUARES = [shapely.box(x, y, x + 0.01, y + 0.01) for y in (30.0, 30.01) for x in (114.0, 114.01)]
STREETS = [
    Place("A", "甲街道", "A", shapely.union_all(SQUARES[:2])),
    Place("B", "一条名字很长很长的街道", "B", shapely.union_all(SQUARES[2:])),
]
COMMUNITIES = [Place(f"{'AABB'[k]}{k}", f"第{k}社区", "AABB"[k], SQUARES[k]) for k in range(4)]
LAND = land.gathered(
    STREETS,
    COMMUNITIES,
    [
        ("河流", "大河", shapely.box(113.99, 29.99, 114.03, 30.0)),
        ("铁路", "铁路", shapely.LineString([(114, 30), (114.02, 30.02)])),
        ("主干道", "大道", shapely.LineString([(114, 30.01), (114.02, 30.01)])),
    ],
)
CLASSES = fixed_classes([50, 90], "%", falling=False)
VALUES = {"A0": 10.0, "A1": 50.0, "B2": 90.0, "B3": None}


def test_labels_do_not_touch():
    shapes = [shapely.box(x / 100, 0, x / 100 + 0.01, 0.02) for x in range(20)]
    words = ["一二三四"] * 20
    places = labels.inside(shapes, words, width_degrees=0.2, width_px=340, size_px=12)
    px = 0.2 / 340
    boxes = [
        shapely.box(x - 24 * px, y - 7 * px, x + 24 * px, y + 7 * px) for x, y in places.values()
    ]
    assert boxes
    for k, one in enumerate(boxes):
        assert not any(one.intersection(other).area > 1e-12 for other in boxes[k + 1 :])


@given(
    bends=st.lists(st.floats(0.05, 0.95), min_size=2, max_size=6),
    steep=st.booleans(),
    backwards=st.booleans(),
    blocked=st.lists(st.tuples(st.floats(0, 0.9), st.floats(0, 0.9)), max_size=3),
)
def test_the_signs_of_a_road_stand_on_it_in_reading_order_and_on_no_name(
    bends, steep, backwards, blocked
):
    points = [(k / (len(bends) - 1), y / 4) for k, y in enumerate(bends)]
    points = [(y, x) for x, y in points] if steep else points
    road = shapely.LineString(points[::-1] if backwards else points)
    frame, px = (0.0, 0.0, 1.0, 1.0), 1 / 340
    taken = [(x, y, x + 0.1, y + 0.1) for x, y in blocked]
    signs = labels.along([road], ["解放大道"], frame=frame, taken=taken, degrees_per_px=px)
    assert "".join(sign for sign, _, _ in signs) in ("", "解放大道")
    assert blocked or signs
    spots = [shapely.Point(x, y) for _, x, y in signs]
    assert all(road.distance(spot) < 1e-6 for spot in spots)
    assert not any(spot.within(shapely.box(*box)) for spot in spots for box in taken)
    along = [-spot.y if steep else spot.x for spot in spots]
    assert along == sorted(along)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("streets", "community"), [((), None), (("A",), None), (("B",), "B2")])
def test_the_map_is_a_valid_figure_of_every_community(streets, community, dark):
    figure = maps.district_map(
        LAND,
        VALUES,
        {},
        CLASSES,
        title="某指标（%）",
        chosen_streets=streets,
        chosen_community=community,
        dark=dark,
    )
    go.Figure(**figure)  # raises for any property plotly does not know
    veiled = [
        one for trace in figure["data"][1:] if "geojson" in trace for one in trace["locations"]
    ]
    others = [c.code for c in COMMUNITIES if c.street_code not in streets]
    assert veiled == (["A0", "A1", "B3"] if community else others if streets else [])
    assert figure["data"][0]["locations"] == ["A0", "A1", "B2", "B3"]
    assert figure["data"][0]["z"][-1] == -1
    names = [trace["name"] for trace in figure["data"] if trace.get("name")]
    assert names[-4:] == ["无数据", "街道界", "大河", "铁路"]
    roads, text = ([[]] + [t["text"] for t in figure["data"] if t.get("mode") == "text"])[-2:]
    assert "".join(roads) == ("大道" if streets else "")  # along the arterial, where it is near
    inside = {"A": ["第0", "第1"], "B": ["第2", "第3"]}
    plain = [name.removeprefix("<b>").removesuffix("</b>") for name in text]
    assert plain == (inside[streets[0]] if streets else ["甲", "一条名字很长很长的"])


def test_shapes_are_fetched_and_not_sent():
    figure = maps.district_map(LAND, VALUES, {}, CLASSES, title="")
    name = figure["data"][0]["geojson"].removeprefix("land/").removesuffix(".json")
    fetched = json.loads(gzip.decompress(land.FETCHED[name].zipped))["features"]
    assert [one["id"] for one in fetched] == [c.code for c in COMMUNITIES]
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in fetched]
    assert shapely.area(shapely.symmetric_difference(shapes, SQUARES)).max() < 1e-9
    # The browser asks after the run that told it: nothing of that need be left.
    told = str(land.address({"type": "FeatureCollection", "features": fetched[:1]}))
    gc.collect()
    assert told.removeprefix("land/").removesuffix(".json") in land.FETCHED


def test_a_click_is_read_back_as_it_was_written():
    layer = maps.district_map(LAND, VALUES, {}, CLASSES, title="")["data"][0]
    assert Click(*layer["customdata"][2]) == Click("place", "B2", street_code="B")


def test_the_map_asks_no_server_for_its_base():
    assert maps.CONFIG["topojsonURL"].startswith("data:application/json,")


def test_a_falling_metric_has_its_shades_reversed():
    up = maps.district_map(LAND, VALUES, {}, CLASSES, title="")
    falling = fixed_classes([50, 90], "%", falling=True)
    down = maps.district_map(LAND, VALUES, {}, falling, title="")
    assert up["data"][0]["colorscale"][2:] != down["data"][0]["colorscale"][2:]
    assert up["data"][0]["colorscale"][:2] == down["data"][0]["colorscale"][:2]


def test_a_ranking_keeps_the_order_and_marks_the_chosen():
    bars = [
        charts.Bar("1", "甲", 99.0, "99.0%", "", "1"),
        charts.Bar("2", "乙", None, "—", "", "2"),
    ]
    figure = charts.ranking(bars, average=95, average_words="全区95.0%", chosen=["2"])
    go.Figure(**figure)
    assert figure["layout"]["yaxis"]["ticktext"][0].endswith("99.0%")
    assert figure["layout"]["yaxis"]["ticktext"][1].startswith("<b>乙")
    colours = figure["data"][0]["marker"]["color"]
    assert colours[0] != colours[1]
    missing, near, reaching = (replace(bars[0], code=code) for code in "345")
    figure = charts.ranking(
        [missing, near, reaching], average=95, average_words="全区95.0%", strong=[True, False, False],
        near=[False, True, False], target=100, target_words="目标100%",
    )  # fmt: skip
    assert len(set(figure["data"][0]["marker"]["color"])) == 3
    assert [one["x0"] for one in figure["layout"]["shapes"]] == [100, 95]
    assert "目标100%" in [one["text"] for one in figure["layout"]["annotations"]]
    assert figure["layout"]["xaxis"]["range"][1] > 100


def test_an_empty_ranking_is_still_a_figure():
    go.Figure(**charts.ranking([], average=None, average_words=""))


def test_the_trend_says_months_as_numbers_and_leaves_gaps():
    months = ["2026-01", "2026-02", "2026-03"]
    figure = charts.trend(
        months, [1.0, None, 3.0], words=["1", "—", "3"], marked="2026-03", target=2
    )
    go.Figure(**figure)
    assert figure["data"][0]["x"] == months
    assert figure["layout"]["xaxis"]["tickvals"] == ["2026-03"]
    assert figure["data"][1]["y"] == [3.0]


def test_sensitivity_puts_our_own_way_in_the_accent():
    figure = charts.sensitivity(["本系统口径", "另一种"], [1.0, None], ["1", "—"], "个")
    go.Figure(**figure)
    colours = figure["data"][0]["marker"]["color"]
    assert colours[0] != colours[1]


def test_missing_cells_are_dashes_on_screen():
    shown = tables.readable(pd.DataFrame({"文": ["甲", None], "数": [1.0, math.nan]}))
    assert shown["文"].tolist() == ["甲", "—"]


def test_a_table_is_prepared_once_while_it_lives_and_its_texts_are_as_written():
    table = pd.DataFrame({"名": ["甲", "乙", "丙"], "率": ["9.5%", "88.0%", "—"], "户": [1, 2, 3]})
    look, _ = tables._prepared(table, (), ())
    assert tables._prepared(table, (), ())[0] is look
    assert tables._prepared(table.copy(), (), ())[0] is not look
    by, other = tables._prepared(table, (("户", "{}户".format),), ()), (("户", "{}家".format),)
    assert by[0].data.astype(str)["户"].tolist() == ["1户", "2户", "3户"] and by[0] is not look
    assert tables._prepared(table, other, ())[0].data.astype(str)["户"].tolist()[0] == "1家"
    assert look.data["率"].tolist()[:2] == [9.5, 88.0] and math.isnan(look.data["率"][2])
    assert look.data.astype(str).to_numpy().tolist() == table.astype(str).to_numpy().tolist()


REASONS = st.sampled_from(
    ["晚{}天", "到月末没有兑现，逾期{}天", "还差{}户、63.2平方米", "停留{}天，界限73天"]
)


@given(st.lists(st.tuples(REASONS, st.integers(0, 4000)), min_size=2, max_size=9))
def test_reasons_sort_by_the_number_they_come_to(reasons):
    texts = [form.format(f"{number:,}") for form, number in reasons]
    numbers = [number for _, number in reasons]
    said = tables._told([*texts, "到月末未到达，计划2026-10-08"])
    if said is None:  # as texts with the same words they stand in the order of the numbers
        assert len({len(str(number)) for number in numbers}) == 1
    else:
        assert said == [*numbers, -math.inf]


@pytest.mark.parametrize(
    "names",
    [
        ["四新新城2栋", "四新新城10栋"],
        ["正康第9网格", "正康第12网格"],
        ["未完工，计划2027-03-07", "未完工，计划2026-12-30"],
        ["2026年10月", "2026年9月"],
        ["开放到17点30分", "开放到9点"],
        ["JG178", "JG1780"],
    ],
)
def test_names_and_days_are_no_numbers(names):
    assert tables._told(names) is None


def test_a_map_without_any_value_says_so_once():
    figure = maps.district_map(LAND, {}, {}, Classes((), (), ()), title="", missing="不分到社区")
    go.Figure(**figure)
    names = [trace["name"] for trace in figure["data"] if trace.get("name")]
    assert names == ["不分到社区", "街道界", "大河", "铁路"]


def test_markdown_from_a_ledger_stays_text():
    assert markdown.plain("![x](http://a/b.png) **粗** `码`") == (
        "\\!\\[x\\](http:\u2060//a/b.png) \\*\\*粗\\*\\* \\`码\\`"
    )
    assert markdown.plain("WWW.a.cn 和 b@c.cn") == "WWW\u2060.a.cn 和 b@\u2060c.cn"
    assert len(markdown.plain("长" * 500, 20)) == 20


def test_a_sparkline_leaves_gaps_and_ends_in_a_dot():
    drawn = charts.sparkline([1.0, None, 2.0, 3.0], '某"指标')
    assert drawn.count("M") == 2
    assert drawn.count("<circle") == 1
    assert "&quot;" in drawn
    assert charts.sparkline([None, None], "无") == ""


@pytest.mark.parametrize(
    ("before", "now", "unit", "said"),
    [
        (98.16, 94.94, "%", "下降3.3个百分点"),  # 98.2% and 94.9% stand beside it
        (5.0e9, 5.00001e9, "元", "末位以下有差别"),
        (5.0e9, 5.0e9, "元", "持平"),
        (float("nan"), 3.0, "个", "—"),
    ],
)
def test_a_change_between_versions_is_that_of_the_written_values(before, now, unit, said):
    assert changes.change_words(before, now, unit) == said
