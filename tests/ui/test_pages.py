"""Every page under every kind of filter: it renders, and its words are true to the filter."""

import pytest

from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.metric import all_metrics
from chunshui.ui.shell import navigation
from chunshui.warehouse import Store
from tests.ui.conftest import words_on

PAGES = tuple(navigation.PAGES)
WARNING = {"circles", "quality"}  # of what the demonstration's ledgers lack
FILTERS = {
    "whole district": {},
    "one street": {"street": "汉正街道"},
    "two streets": {"street": ["古田街道", "宗关街道"]},
    "one community": {"community": "荣东社区"},
    "street and community": {"street": "六角亭街道", "community": "荣东社区"},
    "first month": {"month": "2023-11"},
    "street in the first month": {"street": "易家街道", "month": "2023-11"},
}
SCOPES = {
    "whole district": "全区",
    "one street": "汉正街道",
    "two streets": "古田街道、宗关街道",
    "one community": "六角亭街道荣东社区",
    "street and community": "六角亭街道荣东社区",
    "first month": "全区",
    "street in the first month": "易家街道",
}


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_under_every_filter(open_app, published, page, filters):
    app = open_app(published, page, **FILTERS[filters])
    assert not app.exception
    assert not app.error
    assert page in WARNING or not app.warning
    assert len(app.title) == 1
    said = words_on(app)
    assert f"范围 **{SCOPES[filters]}**" in said
    assert "演示数据（合成，非真实统计）" in said
    assert "v000001" in said


@pytest.mark.parametrize("page", PAGES)
def test_pages_speak_chinese(open_app, published, page):
    app = open_app(published, page)
    labels = [one.label for kind in ("button", "selectbox", "multiselect") for one in app.get(kind)]
    labels += [one.placeholder for kind in ("selectbox", "multiselect") for one in app.get(kind)]
    for text in filter(None, labels):
        assert not text.isascii() or any(c.isdigit() for c in text), text


def test_the_head_says_the_catalogues_finding(open_app, published):
    app = open_app(published)
    assert any("项有目标的指标中" in one.value for one in app.markdown)


def test_filters_survive_a_page_switch(open_app, published):
    app = open_app(published, "dictionary", street="汉正街道", month="2026-03")
    assert app.multiselect(key="street").value == ["汉正街道"]
    assert app.selectbox(key="month").value == "2026-03"


def test_choosing_a_street_narrows_the_communities(open_app, published):
    app = open_app(published, street="六角亭街道", community="荣东社区")
    assert len(app.selectbox(key="community").options) == 7
    app.multiselect(key="street").set_value(["古田街道"]).run()
    assert app.selectbox(key="community").value is None
    assert "范围 **古田街道**" in words_on(app)


def test_back_to_the_whole_district(open_app, published):
    app = open_app(published, street="汉正街道", month="2026-03")
    next(one for one in app.button if "回到全区" in one.label).click().run()
    assert "范围 **全区** ｜ 截至**2026年10月**" in words_on(app)


def test_tiles_show_what_the_catalogue_says(open_app, published):

    app = open_app(published, street="汉正街道")
    with Store(published / "versions").open() as reader:
        figure = figure_of(reader, "two_new_coverage", "2026-10", ["420104009"])
    tile = next(one for one in app.metric if one.label == figure.metric.short)
    assert tile.value == figure.text
    assert any(one.label == figure.fraction_text for one in app.button)
    assert any(figure.status in one.value and "目标90%" in one.value for one in app.markdown)


def test_unknown_things_in_the_link_are_named(open_app, published):
    app = open_app(
        published, street=["火星街道", "汉正街道"], community="天堂社区", month="2031-01"
    )
    assert not app.exception
    said = app.warning[0].value
    assert "火星街道" in said
    assert "天堂社区" in said
    assert "2031-01" in said
    assert "2026-10" in said
    assert app.multiselect(key="street").value == ["汉正街道"]


@pytest.mark.parametrize("month", ["", "2026-13", "abc", "2026-10-31", "'; drop table"])
def test_a_month_that_is_none(open_app, published, month):
    app = open_app(published, month=month)
    assert not app.exception
    assert "截至**2026年10月**" in words_on(app)


def test_a_community_outside_the_chosen_street(open_app, published):
    app = open_app(published, street="古田街道", community="荣东社区")
    assert "不在所选街道内" in app.warning[0].value
    assert "范围 **古田街道**" in words_on(app)


def test_unknown_metric_in_the_link(open_app, published):
    app = open_app(published, "dictionary", metric="幸福指数")
    assert not app.exception
    assert "幸福指数" in app.warning[0].value


def test_dictionary_search_finds_and_says_when_it_does_not(open_app, published):
    app = open_app(published, "dictionary")
    every = len(app.dataframe[0].value)
    app.text_input(key="find").set_value("网格").run()
    assert 0 < len(app.dataframe[0].value) < every
    app.text_input(key="find").set_value("没有这样的指标").run()
    assert not app.exception
    assert any("没有指标含有这几个字" in one.value for one in app.info)


def test_every_metric_opens_in_the_dictionary(open_app, published):

    app = open_app(published, "dictionary", street="汉正街道")
    for metric_id, one in all_metrics().items():
        app.selectbox(key="metric").set_value(metric_id).run()
        assert not app.exception, metric_id
        assert not app.error, metric_id
        assert one.name in words_on(app)


def test_an_opened_number_lists_members_with_their_ledger_rows(open_app, published):
    app = open_app(published, street="汉正街道")
    app.button(key="open_two_new_coverage").click().run()
    assert not app.exception
    assert any("单独组建或联合组建" in one.value for one in app.markdown)
    counted = next(one.value for one in app.dataframe if "台账文件" in one.value)
    assert set(counted["台账文件"]) == {"组织台账.xlsx"}
    assert set(counted["工作表"]) == {"两新组织台账"}
    assert (counted["行号"] > 1).all()
    assert set(counted["街道"]) == {"汉正街道"}
    assert "select" in app.code[0].value


def test_attention_links_lead_to_pages_that_exist(open_app, published):
    app = open_app(published)
    links = [one for one in app.get("page_link") if "badge" in one.proto.label]
    assert links
    assert {one.proto.page for one in links} <= {"dictionary", "renovation", "fund"}
    assert all("metric=" in one.proto.query_string for one in links)


def test_claims_stand_beside_the_computed_figures(open_app, published):
    app = open_app(published)
    table = next(one.value for one in app.markdown if "公开数字" in one.value)
    assert table.count("badge[") == 15
    assert "不一致" not in table


def test_a_link_cannot_put_an_image_on_the_page(open_app, published):
    app = open_app(published, street="![x](http://example.com/a.png)")
    assert r"\!\[x\](http" in app.warning[0].value
    app = open_app(published, "dictionary", metric="![x](http://example.com/a.png)")
    assert r"\!\[x\](http" in app.warning[0].value
