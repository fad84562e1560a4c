"""The page 全市: what it shows is what the edition says, and of a district its pinned version."""

import dataclasses
import io
import re
import shutil
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely

from chunshui import clock
from chunshui.catalogue.metric import get_metric
from chunshui.city import comparison
from chunshui.errors import ChunshuiError, VersionDamagedError
from chunshui.snapshots import archive
from chunshui.snapshots.render import export
from chunshui.ui import data as ui_data
from chunshui.ui.shell import navigation, pinned
from chunshui.ui.topics.city import controls, data, tables
from tests.city import planted
from tests.city.conftest import copied
from tests.city.planted import LAST, NAMES, OLDER, OTHER_ROLES
from tests.ui.conftest import linked, open_app, words_on  # noqa: F401

METRIC = "grid_leader_rate"


@pytest.fixture
def open_city(open_app, monkeypatch, tmp_path):  # noqa: F811
    """Return a function that opens a page of a city's server, which is of no district itself."""

    def open_page(city, page="city", **params):
        monkeypatch.setenv("CHUNSHUI_CITY", str(city))
        return open_app(tmp_path / "own", page, **params)

    return open_page


def titles(app):
    return [one.title for pages in app.session_state["navigation"].values() for one in pages]


def test_without_a_city_there_is_no_such_page(open_app, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.delenv("CHUNSHUI_CITY", raising=False)
    app = open_app(tmp_path, district="420101")
    assert titles(app) == [one.title for one in navigation.PAGES.values()]
    assert app.title[0].value == "还没有数据"


def test_the_ranking_is_that_of_the_edition(open_city, edition):
    app = open_city(edition.root, city_metric=get_metric(METRIC).name)
    assert not app.exception
    assert not app.error
    assert titles(app)[0] == "全市"
    rows = comparison.ranking(edition, METRIC, "base", LAST)
    ranked = rows[rows["rank"].notna()]
    drawn = re.findall(r'class="rank">(\d+)<.*?class="who">(.*?)<', linked(app, "city_ranking"))
    assert drawn == [(str(int(one.rank)), one.name) for one in ranked.itertuples()]
    links = re.findall(r'<a class="row" href="(.*?)"', linked(app, "city_ranking"))
    assert [parse_qs(urlsplit(one).query)["district"] for one in links] == [
        [code] for code in ranked["district"]
    ]
    said = words_on(app)
    total = comparison.total(edition, METRIC, "base", LAST)
    assert f"全市{total.figure.text}（{total.sentence}）" in said
    assert f"全市{len(NAMES)}个区到齐{len(NAMES)}个" in said
    assert edition.id in said
    assert "演示数据（合成，非真实统计）" in said
    beside = linked(app, "city_beside")
    assert "口径不同，不参与排名" in beside
    for code in (OTHER_ROLES, OLDER):
        assert NAMES[code] in beside
        app.button(key=f"texts_{code}")
    app.button(key=f"texts_{OTHER_ROLES}").click().run()
    assert any("+R2,网格员,False,False" in one.value for one in app.code)


def test_figures_and_streets_are_those_of_the_edition(edition):
    found = data.standings(edition, METRIC, LAST)
    known = comparison.figures(edition, [METRIC], "base", edition.months)[METRIC]
    for one in found:
        own = known.cells[3, edition.districts.index(one.pinned)]
        assert [point.value for point in one.figure.trend] == pytest.approx(own.tolist())
        assert one.figure.change_month is not None
        assert one.span is None  # so it is on one day: no chance
    found = data.standings(edition, "opinions_received", LAST)
    streets = comparison.street_values(edition, "opinions_received", "base", LAST)
    ranked = {one.pinned.district for one in found if one.rank is not None}
    dots = tables.ranking(edition, "opinions_received", LAST).count('class="dot"')
    assert dots == streets["district"].isin(ranked).sum() > 0
    assert 'class="dot"' not in tables.ranking(edition, METRIC, LAST)  # streets of too few grids
    rates = data.standings(edition, "opinion_closing_rate", LAST)
    assert any(one.span for one in rates)
    for one in rates:
        if one.span and one.figure.value is not None:
            assert one.span[0] <= one.figure.value <= one.span[1]


def test_who_is_late_or_missing_stands_beside_with_what_was_last_reported(open_city, city):
    late, missing, broken, *others = NAMES
    planted.publish_district(city.root, late, 0, months=planted.district.MONTHS[:-1])
    shutil.rmtree(city.root / "districts" / missing / "versions")
    planted.alter(city.store(broken).path("v000001"))
    shown = city.publish(label="缺几个区", by="测试")
    app = open_city(city.root, city_metric=get_metric("opinions_received").name)
    assert not app.exception
    beside = linked(app, "city_beside")
    last = comparison.ranking(shown, "opinions_received", "base", "2025-09")
    value = last.set_index("district").at[late, "value"]
    assert f"只报到2025年9月，当时{get_metric('opinions_received').short}{value:.0f}" in beside
    for state in ("迟报", "未报", "损坏"):
        assert f"{state}　1/7个区" in beside
    assert not set(re.findall(r'who">(.*?)<', linked(app, "city_ranking"))) & {
        NAMES[late],
        NAMES[broken],
    }
    assert f"全市7个区到齐{len(others)}个" in words_on(app)


def test_a_district_is_shown_as_of_the_version_pinned(open_city, edition, monkeypatch):
    code, square = "420102", shapely.box(114.2, 30.5, 114.3, 30.6)
    monkeypatch.setattr(ui_data, "_shapes", lambda rows: [square] * len(rows))  # planted have none
    app = open_city(edition.root, "dictionary", district=code)
    assert not app.exception
    said = words_on(app)
    assert NAMES[code] in said
    assert "数据版本 **v000001**" in said
    assert edition.id in said
    assert app.query_params["district"] == code
    assert {"台账入库", "版本", "会议快照"}.isdisjoint(titles(app))
    app.switch_page("../pages/city.py").run()
    assert "district" not in app.session_state
    assert "台账入库" in titles(app)
    app = open_city(edition.root, "dictionary", district="999999")
    assert not app.exception
    assert "没有代码为999999的区" in app.error[0].value


def test_what_is_frozen_is_the_page_and_names_the_edition(open_city, edition, city, tmp_path):
    asked = {"city_metric": get_metric(METRIC).name}
    app = open_city(edition.root, **asked)
    app.button(key="city_freeze").click().run()
    assert not app.exception
    shelf = tmp_path / "own" / "snapshots"
    (line,), _ = archive.listing(shelf)
    snapshot = archive.reopen(line.id, shelf)
    archive.store(dataclasses.replace(snapshot, title="本区的", scope="全区"), root=shelf)
    app = open_city(edition.root)  # found again, and put away, where there is no other page for it
    assert not app.exception
    assert snapshot.id in app.selectbox(key="snapshot").options[0]
    assert len(app.selectbox(key="snapshot").options) == 1
    app.button(key=f"移入回收站-{snapshot.id}").click().run()
    assert [one.id for one in archive.trash(shelf)] == [snapshot.id]
    assert any(one.label == "恢复" for one in app.button)
    rows = comparison.ranking(edition, METRIC, "base", LAST)
    ranked = rows[rows["rank"].notna()]
    (ranking,) = (one for one in snapshot.sections if one.kind == "ranking")
    assert {one.place.code: one.value for one in ranking.figures} == pytest.approx(
        dict(zip(ranked["district"], ranked["value"], strict=True))
    )
    (table,) = (one for one in snapshot.sections if one.kind == "table")
    assert [row[1] for row in table.rows] == rows["name"].tolist()
    made = export.documents(snapshot, clock.now(), ("xlsx", "docx", "slide"))
    assert not made.faults
    for content in made.files.values():
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            texts = [parts.read(one).decode() for one in parts.namelist() if one.endswith(".xml")]
        assert any(edition.id in one for one in texts)
        assert not any("各街道" in one or ">街道<" in one for one in texts)  # it is of districts
    relabelled = city.publish(label="另一期", by="测试")  # the same figures under another name
    assert controls.snapshot_of(relabelled, METRIC, LAST).id != snapshot.id
    assert controls.snapshot_of(edition, METRIC, LAST).id == snapshot.id


def test_a_version_that_is_not_the_pinned_one_is_not_shown(city):
    shown = city.publish(label="一期", by="测试")
    assert pinned.of_edition(shown, "420101").version == "v000001"
    ours, others = (city.store(code).path("v000001") for code in ("420101", "420102"))
    for ending in (".duckdb", ".json"):
        ours.with_suffix(ending).unlink()
        shutil.copy2(others.with_suffix(ending), ours.with_suffix(ending))
    with pytest.raises(VersionDamagedError, match="不是同一个版本"):
        pinned.of_edition(shown, "420101")
    with pytest.raises(ChunshuiError, match="没有代码为"):
        pinned.of_edition(shown, "../420101")


@pytest.mark.parametrize("broken", ["none", "cut", "pointer"])
def test_a_broken_edition_is_a_sentence(open_city, edition, tmp_path, broken):
    root = tmp_path / "city"
    copied(edition.root, root)
    if broken == "none":
        (root / "EDITION").unlink()
    elif broken == "cut":
        planted.alter(root / "editions" / f"{edition.id}.json", keep=100)
    else:
        (root / "EDITION").write_text("../../etc\n")
    app = open_city(root)
    assert not app.exception
    assert "全市汇总" in app.error[0].value
