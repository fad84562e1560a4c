"""Against a month of the reader's choice; a few streets side by side; small lines by street."""

import json
import re
from html import unescape

import pytest

from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.metric import all_metrics
from chunshui.catalogue.target_grid import aimed
from chunshui.drawing import theme
from tests.ui.conftest import linked, words_on

STREETS = ["汉正街道", "古田街道"]


def plain(html: str) -> str:
    return unescape(re.sub("<[^>]+>", "", html))


def test_what_got_worse_since_last_year_is_said_and_listed(open_app, published, reader):
    app = open_app(published, against="上年同期")
    assert not app.exception and "，对比**2025年10月**" in words_on(app)
    figures = figures_of(reader, [one.id for one in aimed()], "2026-10").values()
    worse = set()
    for one in figures:
        before = next(point.value for point in one.trend if point.month == "2025-10")
        moved = round(one.value, 1) - round(before, 1)
        if moved and (moved < 0) == (one.metric.direction == "up"):
            worse.add(one.metric.name)
    finding = linked(app, "finding")
    assert f"较上年同期，{len(worse)}项变差" in plain(finding)
    assert "open=%E5%8F%98%E5%B7%AE" in finding
    # The grid's arrows say which way was for the better, of what falls and of what rises.
    grid, by_name = linked(app, "grid"), {one.name: one for one in aimed()}
    names = re.findall('<th scope="col" data-name="([^"]+)"', grid)
    looks = set()
    for place, cells in re.findall('<tr class="">.*?data-name="([^"]+)".*?</th>(.*?)</tr>', grid):
        for name, cell in zip(names, re.findall("<td.*?(?=<td|$)", cells), strict=False):
            if arrow := re.search("<i class=(better|worse)>([↑↓])</i>", cell):
                rises_well = by_name[unescape(name)].direction == "up"
                assert (arrow[1] == "better") == ((arrow[2] == "↑") == rises_well), (place, name)
                assert f"，{'变好' if arrow[1] == 'better' else '变差'}" in cell
                looks.add((arrow[1], arrow[2]))
    assert len(looks) == 4
    app = open_app(published, against="2025-10", open="变差")
    listed = re.findall('class="name"><a [^>]*>([^<]+)', linked(app, "listed"))
    assert {unescape(one) for one in listed} == worse
    assert "较上年同期" in linked(app, "listed") and "同比" in linked(app, "tiles")


def test_map_and_ranking_are_against_the_month(open_app, published):
    app = open_app(published, against="上年同期", show="“一长六员”配齐率")
    charts = [json.loads(one.proto.spec) for one in app.get("plotly_chart")]
    area = next(one for one in charts if one["data"][0]["type"] == "choropleth")
    assert "较上年同期变化（个百分点）；深红最差" in area["layout"]["legend"]["title"]["text"]
    names = [one["name"] for one in area["data"] if "name" in one]
    assert names[:2] == ["变差5及以上", "变差不足5"]
    bars = next(one for one in charts if one["data"][0]["type"] == "bar")
    assert bars["data"][1]["marker"]["symbol"] == "line-ns"
    assert "“一长六员”配齐率较上年同期：11个街道都变差，降幅最大的是" in words_on(app)
    app = open_app(published, month="2026-01", against="上月", show="当年改造计划开工率（户）")
    assert "与2025年12月不可比：每年1月重新起算" in words_on(app)


def test_a_month_to_compare_that_is_none_is_said(open_app, published):
    for link in (
        {"against": "2026-12"},
        {"against": "abc"},
        {"month": "2023-11", "against": "上月"},
    ):
        app = open_app(published, **link)
        assert not app.exception and "没有作对比" in app.warning[0].value
        assert app.selectbox(key="against").value is None


def test_the_choice_follows_the_month_and_is_dropped_where_there_is_none(open_app, published):
    app = open_app(published, against="2025-10")
    app.selectbox(key="month").set_value("2025-06").run()
    assert app.selectbox(key="against").value is None
    app.selectbox(key="against").set_value("上月").run()
    app.selectbox(key="month").set_value("2025-03").run()
    assert "截至**2025年3月**，对比**2025年2月**" in words_on(app)


@pytest.mark.parametrize("page", ["overview", "coverage"])
def test_two_streets_stand_beside_their_sum(open_app, published, reader, page):
    app = open_app(published, page, street=STREETS)
    html = linked(app, "side_by_side")
    codes = reader.frame("select street_name, street_code from street")
    codes = codes.set_index("street_name")["street_code"][STREETS].tolist()
    asked = [[code] for code in codes] + [codes]
    rows = re.findall(r'<tr><th scope="row" data-name="([^"]+)"[^>]*>.*?</th>(.*?)</tr>', html)
    names = {one.name: one.id for one in all_metrics().values()}
    columns = [
        figures_of(reader, [names[unescape(n)] for n, _ in rows], "2026-10", a) for a in asked
    ]
    targeted = sum(one.target is not None for one in all_metrics().values())
    assert len(rows) == (targeted if page == "overview" else 6)
    for name, cells in rows:
        metric_id = names[unescape(name)]
        for cell, figures in zip(re.findall("<td.*?</td>", cells), columns, strict=True):
            figure = figures[metric_id]
            assert figure.text.removesuffix("平方米/百户") in plain(cell)
            shape = theme.STATUS[figure.status][0]
            assert (shape in plain(cell)) == (figure.status != "无目标")
            assert f'data-text="{figure.text}，{figure.status}' in cell
    heads = re.findall('<th scope="col" data-name="([^"]+)"', html)
    assert heads == STREETS and html.count("<td") == 3 * len(rows)
    assert not linked(app, "grid")


def test_small_lines_have_one_axis_and_the_worst_first(open_app, published, reader):
    app = open_app(published, open="“一长六员”配齐率", tab="各街道走势")
    html = linked(app, "lines_dialog")
    assert "各图同一纵轴：" in html and "虚线是目标≥90%" in html
    values = [float(one) for one in re.findall(r'class="value">([\d.]+)%', html)]
    assert len(values) == 11 and values == sorted(values)
    dashed = re.findall(r"M2 ([\d.]+)H154", html)
    assert len(dashed) == 11 and len(set(dashed)) == 1
