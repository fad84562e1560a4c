"""The pages 十分钟圈 and 覆盖率 as AppTest runs them: truths found, bad input explained."""

import re

import pytest

from chunshui.catalogue.figures import figures_of
from chunshui.warehouse import Store
from tests.ui.conftest import open_app, words_on  # noqa: F401  (a fixture)


def test_the_community_behind_the_railway_is_found(open_app, published):  # noqa: F811
    app = open_app(published, "circles", function="幸福食堂", community="四新社区", within="15分钟")
    assert not app.exception
    said = words_on(app)
    assert "没有一名60岁及以上居民步行15分钟（720米）走得到幸福食堂" in said
    assert "直线最近的是古五社区党群服务中心" in said


def test_buildings_off_the_network_and_the_misplaced_station(open_app, published):  # noqa: F811
    said = words_on(open_app(published, "circles"))
    assert "园林职工宿舍" in said and "接不上步行路网" in said
    assert "仁寿佳苑党群驿站" in said and "GCJ-02" in said


def test_the_evening_gap_is_found(open_app, published):  # noqa: F811
    said = words_on(open_app(published, "circles", street="易家街道", day="周三", hour="19:00"))
    assert "周三19:00易家街道" in said
    app = open_app(published, "coverage", street="易家街道")
    assert not app.exception and "周三19点，" in words_on(app)


def test_the_service_named_lowest_is_no_higher_than_any_metric_of_a_service(open_app, published):  # noqa: F811
    said = words_on(open_app(published, "coverage"))
    lowest = float(re.search(r"各项服务中覆盖率最低的是.+?为([\d.]+)%", said)[1])
    services = ["circle_canteen", "circle_care", "circle_nursery", "circle_rider"]
    with Store(published / "versions").open() as reader:
        figures = figures_of(reader, services, "2026-10", months=1)
    assert "2026年10月全区" in said
    assert all(figure.value >= lowest - 0.05 for figure in figures.values())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"function": "幸福食堂", "day": "周日", "hour": "22:30"}, "没有一处幸福食堂开着"),
        ({"function": "火锅"}, "不在可选项里"),
        ({"function": "幸福食堂", "community": "四新社区", "view": "下一处"}, "处幸福食堂可使"),
        (
            {"view": "合并", "level": "街道"},
            "停用任何一处都会使步行10分钟（720米）内有人少一项功能",
        ),
        (
            {"view": "合并", "relax": "社区没有中心"},
            "试算，不是撤并建议，放宽的代价：步行10分钟（720米）内没有人少一项功能",
        ),
        ({"view": "假如"}, "方案还是空的"),
        ({"month": "2023-11"}, "2023年11月"),
    ],
)
def test_every_view_says_something(open_app, published, asked, said):  # noqa: F811
    app = open_app(published, "circles", **asked)
    assert not app.exception and not app.error
    assert said in words_on(app)


def test_a_scenario_is_made_compared_and_undone(open_app, published):  # noqa: F811
    app = open_app(published, "circles", view="假如", function="幸福食堂")
    place = app.selectbox(key="wi_place")
    place.set_value(place.options[0]).run()
    next(one for one in app.button if one.label == "加入方案").click().run()
    assert not app.exception
    assert any(one.label == "多覆盖" and one.value.startswith("+") for one in app.metric)
    assert any("方案对照" in one.value for one in app.markdown)
    next(one for one in app.button if one.label == "去掉").click().run()
    assert "方案还是空的" in words_on(app)


def test_a_station_and_a_building_open(open_app, published):  # noqa: F811
    app = open_app(published, "circles", station="古五社区党群服务中心", function="幸福食堂")
    assert not app.exception
    assert any(one.label == "圈内居民" for one in app.metric)
    assert "每日" in words_on(app)
    app = open_app(published, "circles", community="古五社区")
    buildings = app.selectbox(key="building")
    buildings.set_value(buildings.options[0]).run()
    said = words_on(app)
    assert not app.exception and "最近的" in said and "nan" not in said


def test_a_station_is_found_by_pinyin_and_of_several_one_is_chosen(open_app, published):  # noqa: F811
    app = open_app(published, "circles", station="ywsq")
    assert app.selectbox(key="station").value == "药王社区党群服务中心"
    assert any(one.label == "圈内居民" for one in app.metric)
    app = open_app(published, "circles", station="四新")
    station = app.selectbox(key="station")
    assert station.value is None and len(station.options) == 2
    assert all("四新" in one for one in station.options) and "有2处" in station.placeholder
    station.set_value(station.options[0]).run()
    assert app.selectbox(key="station").value == station.options[0]
    assert len(app.selectbox(key="station").options) > 400
    app = open_app(published, "circles", station="火锅店")
    assert "没有找到" in app.selectbox(key="station").placeholder and not app.exception


def test_who_cannot_walk_is_listed_building_by_building_and_a_row_leads_to_its_place(
    open_app,  # noqa: F811
    published,
):
    where = {"function": "幸福食堂", "community": "正康社区"}
    app = open_app(published, "circles", **where, open="走不到的楼", of="正康社区")
    said = words_on(app)
    table = next(one.value for one in app.dataframe if one.proto.alt == "走不到的楼")
    people = table["60岁及以上居民（人）"].sum()
    assert f"{len(table)}栋楼的{people:,}人60岁及以上居民" in said
    assert f"{table['户数（户）'].sum():,}户" in said and f"{people:,}人都在圈外" in said
    assert not app.warning
    finding = next(v.finding for k, v in app.session_state["seen"].items() if "走不到的楼" in k)
    assert finding in said
    app = open_app(published, "circles", **where, building=table["楼栋"].iloc[0])
    assert app.selectbox(key="building").value == table["楼栋"].iloc[0]
    assert "nan" not in words_on(app)
    assert any("走不到的楼" in heading for heading in app.session_state["seen"])


def test_coverage_page_in_all_its_forms(open_app, published):  # noqa: F811
    for params in ({}, {"community": "四新社区", "coverage": "十分钟圈外居民"}):
        app = open_app(published, "coverage", **params)
        assert not app.exception and not app.error
        assert "漏下了谁" in words_on(app)
