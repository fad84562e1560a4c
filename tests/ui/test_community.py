"""The page of one community: what it shows, what leads to it, what a meeting takes of it."""

from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.community import charts, data
from chunshui.ui.widgets import downloads
from chunshui.warehouse import Store
from tests.ui.conftest import linked, words_on

RONGDONG = "420104010003"


@pytest.fixture(scope="module")
def scope(published):
    with Store(published / "versions").open() as reader:
        return Scope(reader.edition, "2026-10", (), RONGDONG, words="六角亭街道荣东社区")


def test_the_sheet_shows_the_planted_truth_and_its_numbers_open(open_app, published):
    app = open_app(published, "community", community="荣东社区", sheet_part="议事")
    assert not app.exception
    assert "超过90天的3件" in words_on(app) and "志愿者" in words_on(app)
    facts, beside = linked(app, "sheet_parts"), linked(app, "sheet_beside")
    for name in ("议事事项超90天未办成", "收集社情民意项数"):
        assert f"open={name}" in unquote(facts)
    assert "六角亭街道" in beside and "综合得分" not in words_on(app)
    assert len(app.dataframe[0].value) >= 3
    taken = app.session_state[downloads.SEEN]
    assert {"社区一页 · 六角亭街道荣东社区 · 2026年10月"} < set(taken)
    assert taken["与街道、全区相比 · 六角亭街道荣东社区 · 2026年10月"].table["本社区"].notna().all()


def test_without_a_community_each_is_a_link_and_other_pages_lead_here(open_app, published):
    app = open_app(published, "community", street="六角亭街道")
    assert not app.exception and linked(app, "sheet_choice").count('class="button"') == 7
    app = open_app(published, "fund", community="荣东社区")
    app.button(key="to_sheet").click().run()
    assert app.session_state["page"] == "community" and "荣东社区1" in words_on(app)


def test_the_small_map_tells_who_cannot_walk(scope):
    picture = charts.reach_map(scope, dark=False)
    assert len(picture.encode()) < 60_000
    drawn = ET.fromstring(picture.partition("<p class")[0])
    homes, (wide, tall) = data.homes(scope), map(float, drawn.get("viewBox").split()[2:])
    dots = [one for one in drawn.iter("circle") if 0 < float(one.get("cx")) < wide]
    assert len([one for one in dots if 0 < float(one.get("cy")) < tall]) == len(homes)
    said = "".join(one.text for one in drawn.iter("title"))
    assert all(name in said for name in data.stations(scope)["station_name"])
    beyond = f"{charts.BEYOND}（{(homes['numerator'] == 0).sum()}）"
    assert (beyond in picture) == (homes["numerator"] == 0).any()


def test_covenants_forums_and_time_banks_are_listed_what_lacks_first(open_app, published):
    app = open_app(published, "demo_sites", sites_part="公约与议事")
    assert not app.exception
    tables = {one.proto.alt: one.value for one in app.dataframe}
    assert (tables["居民公约"]["居民公约"] == "从未有过").tolist()[:2] == [True, False]
    assert set(tables["居民议事事项"]["社区"][:3]) == {"荣东社区"}
    assert "营北社区" in linked(app, "sites_cases")
    app = open_app(published, "fund", fund_part="时间银行与积分超市")
    assert not app.exception
    tables = {one.proto.alt: one.value for one in app.dataframe}
    assert {"本年支取（小时）"} < {*tables["时间银行"]} and {"本年兑换（分）"} < {
        *tables["积分超市"]
    }
