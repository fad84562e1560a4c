"""Every page under every kind of filter: it renders, and its words are true to the filter."""

import re
from html import unescape
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit

import pytest

from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.metric import all_metrics
from chunshui.catalogue.target_grid import aimed
from chunshui.circles import outlines
from chunshui.drawing import theme
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import navigation
from chunshui.ui.topics.circles import data as circles_data
from chunshui.warehouse import Store
from chunshui.words import JUDGED
from tests.ui.conftest import linked, texts_of_numbers, words_on

PAGES = tuple(navigation.PAGES)
WARNING = {"circles", "quality"}  # of what the demonstration's ledgers lack
FILTERS = {
    "whole district": {},
    "one street": {"street": "汉正街道"},
    "two streets": {"street": ["古田街道", "宗关街道"], "against": "上年同期"},
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
    assert not texts_of_numbers(app)
    assert all(one.finding or one.picture for one in app.session_state["seen"].values())
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
    assert "项有目标的指标中" in words_on(open_app(published))


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
    """The six furthest from their targets, the furthest first; each opens its number."""
    app = open_app(published, street="汉正街道")
    with Store(published / "versions").open() as reader:
        figures = figures_of(reader, [one.id for one in aimed()], "2026-10", ["420104009"])
    tiles = re.findall(
        '<a class="tile" href="([^"]+)" title="([^"]+)">(.*?)</a>', linked(app, "tiles")
    )
    missed = [one for one in figures.values() if one.status == "未达标" and one.metric.unit == "%"]
    missed.sort(key=lambda one: abs(one.value - one.metric.target), reverse=True)
    assert len(tiles) == 6 <= len(missed)
    for (address, title, said), figure in zip(tiles, missed, strict=False):
        assert figure.metric.short in said and figure.text in said and figure.status in said
        assert figure.fraction_text in title
        asked = parse_qs(urlsplit(unescape(address)).query)
        assert asked == {"street": ["汉正街道"], "open": [figure.metric.name]}


@pytest.mark.parametrize("street", [None, "汉正街道"])
def test_the_grid_is_every_target_of_every_place(open_app, published, street):
    """Recounted place by place from the catalogue's own tables."""
    app = open_app(published, **({"street": street} if street else {}))
    html = linked(app, "grid")
    names = re.findall('<th scope="col" data-name="([^"]+)"', html)
    by_name = {one.name: one for one in all_metrics().values()}
    assert sorted(names) == sorted(one.name for one in aimed())
    level = "community" if street else "street"
    rows = re.findall(r'<tr class="">.*?data-name="([^"]+)".*?</th>(.*?)</tr>', html)
    with Store(published / "versions").open() as reader:
        tables = {
            name: place_table(reader, by_name[name].id, "2026-10", level).set_index(f"{level}_name")
            for name in names
        }
    cells = {
        (place, name): cell
        for place, said in rows
        for name, cell in zip(names, re.findall('data-text="([^"]*)">([^<]+)', said), strict=True)
    }
    assert len(cells) == len(names) * (16 if street else 11)
    for (place, name), (text, shape) in cells.items():
        row = tables[name].loc[place]
        assert (unescape(text), shape) == (row["text"], theme.STATUS[row["status"]][0])
    missed = [sum(cells[place, name][1] == "▲" for name in names) for place, _ in rows]
    assert missed == sorted(missed, reverse=True)


def test_the_finding_s_numbers_open_what_they_count(open_app, published):
    app = open_app(published)
    links = dict(re.findall('<a href="([^"]+)">([^<]+)</a>', linked(app, "finding")))
    assert len(links) >= 5
    for address, words in links.items():
        (opened,) = parse_qs(urlsplit(unescape(address)).query)["open"]
        app = open_app(published, open=opened)
        assert not app.exception and not app.warning
        if number := re.match(r"\d+(?=项)", words):
            assert linked(app, "listed").count('class="name"') == int(number[0])
        else:
            assert any("台账文件" in one.value for one in app.dataframe)


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
    app = open_app(published, street="古田街道", open="两新组织党组织覆盖率", of="汉正街道")
    assert not app.exception and not app.warning
    assert any("单独组建或联合组建" in one.value for one in app.markdown)
    counted = next(one.value for one in app.dataframe if "台账文件" in one.value)
    assert set(counted["台账文件"]) == {"组织台账.xlsx"}
    assert set(counted["工作表"]) == {"两新组织台账"}
    assert (counted["行号"] > 1).all()
    assert set(counted["街道"]) == {"汉正街道"}
    for tab in ("各社区", "为什么变", "差多少达标"):
        app.session_state["tabs_dialog"] = tab
        assert not texts_of_numbers(app.run())
    places = next(one for one in app.dataframe if "数值" in one.value)
    assert places.value["数值"].dtype == float
    app.session_state["tabs_dialog"] = "SQL"
    assert "select" in app.run().code[0].value


def test_every_item_that_needs_attention_opens_its_thing(open_app, published):
    """All are listed, as many as the first page counts, and one link of each kind is followed."""
    (total,) = re.findall(r"需要关注的事项(\d+)条", words_on(open_app(published)))
    html = linked(open_app(published, "attention"), "attention_list")
    links = re.findall('<a class="card [a-z]+" href="([^"]+)"', html)
    assert len(links) == int(total)
    one_of_each = {}
    for address in links:
        asked = parse_qs(urlsplit(unescape(address)).query)
        page = urlsplit(address).path or "attention"
        one_of_each[page, asked["open"][0] == "时间线", *asked.get("tab", [])] = page, asked
    assert len(one_of_each) >= 4
    for page, asked in one_of_each.values():
        app = open_app(published, page, **{key: one for key, (one,) in asked.items()})
        assert not app.exception and not app.warning
        assert len(app.get("dialog")) == 1


def test_attention_is_filtered_by_kind_and_gravity(open_app, published):
    app = open_app(published, "attention", gravity="提示")
    assert "紧急</span>" not in linked(app, "attention_list")
    app = open_app(published, "attention", kind="改造项目停滞")
    html = linked(app, "attention_list")
    cards = html.count('class="card ')
    # A project of two kinds is one matter, which says both.
    assert cards == len(re.findall(r"停滞(，[^<]+)?</b>", html)) > 3
    assert f"同类还有{cards - 3}条" in html


def test_what_cannot_be_opened_is_said(open_app, published):
    app = open_app(published, open="幸福指数", of="火星街道")
    assert not app.get("dialog")
    assert "幸福指数" in app.warning[0].value and "火星街道" in app.warning[0].value


@pytest.mark.parametrize(
    ("metric_id", "asked", "tab"),
    [
        ("grid_roles_filled", {}, "未计入"),
        ("opinions_open_overdue", {}, "计入"),
        ("grid_roles_filled", {"tab": "为什么变"}, "为什么变"),
    ],
)
def test_a_missed_target_opens_on_those_that_keep_it_from_there(
    open_app, published, metric_id, asked, tab
):
    app = open_app(published, open=all_metrics()[metric_id].name, **asked)
    assert app.session_state["tabs_dialog"].startswith(tab)


def test_claims_stand_beside_the_computed_figures(open_app, published):
    app = open_app(published)
    table = linked(app, "claims")
    assert table.count('class="badge ') == 15
    assert "不一致" not in table


def test_a_claim_opens_the_district_s_number_over_the_page(open_app, published):
    """Its number is the one in the table, whatever the page looks at; the filters stay."""
    for looked_at in ({"street": "汉正街道"}, {"month": "2026-03"}):
        app = open_app(published, "fund", **looked_at)
        ((address, said),) = re.findall('<a href="([^"]+)">([^<]+)</a>', linked(app, "claims"))
        asked = parse_qs(urlsplit(unescape(address)).query)
        assert urlsplit(unescape(address)).path == "fund"
        assert "street" in asked or "street" not in looked_at
        app = open_app(published, "fund", **{key: one for key, (one,) in asked.items()})
        assert said in [one.value for one in app.metric] and not app.warning


def test_a_link_cannot_put_an_image_on_the_page(open_app, published):
    app = open_app(published, street="![x](http://example.com/a.png)")
    assert r"\!\[x\](http" in app.warning[0].value
    app = open_app(published, "dictionary", metric="![x](http://example.com/a.png)")
    assert r"\!\[x\](http" in app.warning[0].value


def test_the_map_begins_on_the_worst_metric_that_it_can_show(published):
    with Store(published / "versions").open() as reader:
        edition = reader.edition
    for street in [(), *((one.code,) for one in data.district(edition).streets)]:
        scope = Scope(edition, "2026-10", street)
        targeted = data.targeted(scope)
        worst = data.worst_to_map(scope, targeted)
        judged = {}
        for metric in [one.metric for one in targeted]:
            rows = data.by_community(scope.district(), metric.id)
            inside = rows["street_code"].isin(street) if street else rows["community_code"].notna()
            judged[metric.id] = (rows["status"][inside].isin(JUDGED)).mean()
        before = list(judged)[: list(judged).index(worst.id)]
        assert judged[worst.id] >= 0.5 and all(judged[one] < 0.5 for one in before), street


def test_what_is_prepared_of_a_month_is_what_its_circles_ask_first(
    open_app, published, monkeypatch
):
    monkeypatch.setenv("CHUNSHUI_DATA", str(published))
    edition = data.serving().edition
    drawn = Mock(side_effect=outlines.nested_outlines)
    monkeypatch.setattr(outlines, "nested_outlines", drawn)
    circles_data.prepare(Scope(edition, "2025-03"))
    app = open_app(published, "circles", month="2025-03", street="汉正街道")
    assert not app.exception and drawn.call_count == 1


def test_metrics_are_chosen_under_headings(open_app, published):
    """Those with a target first, what only counts last; a heading chosen is the first under it."""
    app = open_app(published, "overview")
    box = app.selectbox(key="show")
    assert box.options[0] == "离目标最远、社区可比的指标"
    names = {one.name: one for one in all_metrics().values()}
    heads = [at for at, one in enumerate(box.options) if one.startswith("—— ")]
    listed = [one for one in box.options[1:] if one in names]
    assert sorted(listed) == sorted(names) and len(listed) + len(heads) + 1 == len(box.options)
    aimed_first = [names[one].target is None for one in listed]
    assert aimed_first == sorted(aimed_first) and names[listed[-1]].direction == "none"
    box.set_value(box.options[heads[1]]).run()
    assert not app.exception and not app.warning
    assert box.options[heads[1] + 1] in words_on(app)
