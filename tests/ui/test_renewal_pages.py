"""The pages of renovation, fund, sites, grids and two-new organisations: every part under every kind of filter."""

import json

import pandas as pd
import plotly.graph_objects as go
import pytest

from chunshui.catalogue.figures import figure_of
from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.fund import data as fund_data
from chunshui.ui.topics.renovation import data as renovation
from chunshui.ui.topics.renovation import tables
from chunshui.ui.topics.sites import data as sites_data
from chunshui.warehouse import Store
from tests.ui.conftest import linked, texts_of_numbers, words_on

PARTS = {
    "renovation": (
        "part",
        ["进度", "在哪里", "一个项目", "完工预测", "资金与受益", "加装电梯", "全部项目"],
    ),
    "demo_sites": ("sites_part", ["四个维度", "一个社区的清单", "逐条短板", "示范与其他"]),
    "fund": ("fund_part", ["谁得到了、谁没有", "项目与交付"]),
    "grids": (
        "grids_part",
        ["空缺岗位", "缺骨干的网格", "户数不合规", "骨干与户数", "各地一览", "全部网格"],
    ),
    "riders": ("riders_part", ["送餐与平价餐", "小哥窗口", "五类岗位", "需求调查"]),
    "two_new": ("two_new_part", ["应建未建", "开办与注销", "分组一览", "全部两新组织"]),
}
FILTERS = {
    "whole district": {},
    "two streets": {"street": ["古田街道", "汉水桥街道"]},
    "one community, first month": {"community": "荣东社区", "month": "2023-11"},
    "street in the middle": {"street": "荣华街道", "month": "2025-06"},
}
VIEWS = [(page, key, part) for page, (key, parts) in PARTS.items() for part in parts]
# Each part for the whole district and under one other filter, in turn.
OTHERS = [name for name in FILTERS if name != "whole district"]
RUNS = [(*view, "whole district") for view in VIEWS]
RUNS += [(*view, OTHERS[k % len(OTHERS)]) for k, view in enumerate(VIEWS)]


@pytest.mark.parametrize(
    ("page", "key", "part", "filters"), RUNS, ids=[f"{p}-{q}-{f}" for p, _, q, f in RUNS]
)
def test_every_part_and_every_filter(open_app, published, page, key, part, filters):
    app = open_app(published, page, **FILTERS[filters], **({key: part} if key else {}))
    assert not app.exception
    assert not app.error
    assert not app.warning
    said = words_on(app)
    assert "演示数据（合成，非真实统计）" in said
    for chart in app.get("plotly_chart"):
        go.Figure(json.loads(chart.proto.spec))
    assert not texts_of_numbers(app)
    for frame in app.dataframe:
        assert not any(str(name).isascii() and str(name) for name in frame.value.columns)


def test_a_checklist_without_checks_draws_no_gaps(open_app, published):
    app = open_app(published, "demo_sites", **FILTERS["one community, first month"])
    assert any("没有未达标的条目" in one.value for one in app.info)
    assert not app.get("plotly_chart")
    app = open_app(published, "demo_sites")
    (chart,) = app.get("plotly_chart")
    bars = json.loads(chart.proto.spec)["data"][0]["x"]
    assert len(bars) == 10 and min(bars) > 0


def test_the_page_opens_on_the_three_most_stalled_projects(open_app, published):
    app = open_app(published, "renovation")
    head = next(one.value for one in app.markdown if one.value.startswith("#### "))
    for name in ("天顺园北住宅", "汉水桥东里", "中山横巷片"):
        assert name in head
    assert "停滞6个" in head


def test_tiles_are_the_catalogue_s_figures(open_app, published):
    app = open_app(published, "renovation", street="汉水桥街道", month="2026-03")
    tiles = linked(app, "tiles")
    with Store(published / "versions").open() as reader:
        for metric_id in ("renovation_done_rate", "renovation_stalled", "renovation_budget"):
            figure = figure_of(reader, metric_id, "2026-03", ["420104004"])
            assert f">{figure.metric.short}<" in tiles and f">{figure.text}<" in tiles


def test_ambiguity_of_the_published_figures_is_said(open_app, published):
    said = words_on(open_app(published, "renovation", part="资金与受益"))
    assert "不说明投资是计划、下达还是支付" in said and "两种人数不可相加" in said
    assert said.count("口径不明") == 2
    assert "53.0万人" in said and "34.9亿元" in said and "13.32万人" in said


@pytest.mark.parametrize("year", ["（2024年）", "(2024年)"], ids=["as written", "of an old link"])
def test_a_project_in_the_link_is_the_one_shown(open_app, published, year):
    name = f"汉水桥东里老旧小区改造{year}"
    app = open_app(published, "renovation", part="一个项目", project=name)
    assert app.selectbox(key="project").value == "JG080"
    assert "开工后已停留710天" in words_on(app)
    rows = next(one.value for one in app.dataframe if "计划日期" in one.value)
    assert list(rows["工作表"].unique()) == ["旧改阶段台账"] and len(rows) == 8


def test_a_project_out_of_scope_gives_way(open_app, published):
    name = "汉水桥东里老旧小区改造（2024年）"
    app = open_app(published, "renovation", part="一个项目", project=name, street="古田街道")
    assert not app.exception
    assert app.selectbox(key="project").value != "JG080"
    assert any(name in one.value and "不在本范围" in one.value for one in app.warning)


def test_method_and_back_test_stand_under_the_forecasts(open_app, published):
    said = words_on(open_app(published, "renovation", part="完工预测"))
    assert "Kaplan" in said and "落在预测区间内（应为80%）" in said
    assert "不作预测" in said


def test_the_lift_that_lacks_one_household_is_on_the_page(open_app, published):
    app = open_app(published, "renovation", part="加装电梯")
    assert "学苑新村2门栋只差一户同意" in words_on(app)
    lifts = next(one.value for one in app.dataframe if "同意还差（户）" in one.value)
    assert lifts["同意还差（户）"].iloc[0] == 1 and lifts["同意还差（㎡）"].iloc[0] > 0


def test_figures_open(open_app, published):
    app = open_app(published, "renovation", part="资金与受益")
    app.button(key="figure_renovation_idle").click().run()
    assert not app.exception
    opened = next(one.value for one in app.dataframe if "台账文件" in one.value)
    assert set(opened["台账文件"]) == {"更新台账.xlsx"}


def test_communities_without_support_come_first(open_app, published):
    app = open_app(published, "fund")
    assert "桥北社区从未得到支持" in words_on(app)
    places = next(one.value for one in app.dataframe if "人均（元）" in one.value)
    assert places["社区"].iloc[0] == "桥北社区" and places["累计支出（元）"].iloc[0] == 0
    app = open_app(published, "fund", fund_part="项目与交付")
    projects = next(one.value for one in app.dataframe if "交付物" in one.value)
    assert projects["交付"].iloc[0] == "到期未交付"


def test_the_checklist_follows_the_community(open_app, published):
    app = open_app(published, "demo_sites", community="荣东社区", sites_part="一个社区的清单")
    items = next(one.value for one in app.dataframe if "结果" in one.value)
    lacking = items.loc[items["结果"] == "▲ 未达标", "条目"]
    assert list(lacking) == ["托儿所", "停车及充电设施"]
    assert {"凭记忆", "转载", "未查到"} <= set(items["标准可信程度"])


def test_small_numbers_are_handled_with_care(open_app, published):
    said = words_on(open_app(published, "demo_sites", sites_part="示范与其他"))
    assert "慎读" in said and "选树出来的" in said
    alone = open_app(published, "demo_sites", sites_part="示范与其他", street="荣华街道")
    assert any("不能比较" in one.value for one in alone.info)


@pytest.fixture
def some_streets(published, monkeypatch) -> Scope:
    """Two streets in a month of the middle, asked outside a page."""
    monkeypatch.setenv("CHUNSHUI_DATA", str(published))
    return Scope(data.serving().edition, "2026-03", ("420104004", "420104006"))


@pytest.mark.parametrize("month", ["2024-12", "2026-03", "2026-06"])
def test_the_rows_a_month_of_an_s_curve_opens_add_up_to_it(some_streets, month):
    until, known = pd.Timestamp(Month.parse(month).last), month <= some_streets.month
    for milestone in renovation.MILESTONES:
        curve = renovation.physical_curve(some_streets, milestone, households=True).set_index(
            "month"
        )
        point = curve.loc[until.normalize()]
        dated = renovation.dated(some_streets, milestone)
        rows = tables.reached_by(dated, milestone, until)
        due, done = rows["情形"] != f"提前{milestone}", ~rows["情形"].str.startswith("计划到期")
        assert rows.loc[due, "户数"].sum() == point["planned"]
        assert not known or rows.loc[done, "户数"].sum() == point["actual"]
    if known:
        point = renovation.money_curve(some_streets).set_index("month").loc[until.normalize()]
        rows = renovation.source_rows(some_streets, until=until)
        for column in ("planned", "allocated", "paid"):
            assert rows[f"{column}_yuan"].sum() == point[column]


def test_parts_of_a_scope_add_up(some_streets):
    steps = renovation.funnel(some_streets, renovation.every_year())
    projects = renovation.projects(some_streets)
    assert list(steps["stage"]) == list(renovation.steps(some_streets.edition)["stage"])
    assert (steps["planned_projects"] == len(projects)).all()
    for row in steps.itertuples():
        own = renovation.reached(some_streets, row.stage, renovation.every_year())
        assert (len(own), own["households"].sum()) == (row.projects, row.households)
    nowhere = Scope(some_streets.edition, "2023-11", (), "420104001001")
    assert len(renovation.funnel(nowhere, 0)) == len(steps)


def test_every_month_can_be_asked_ahead(some_streets):
    for month in data.months(some_streets.edition)[::12]:
        for topic in (renovation, fund_data, sites_data):
            topic.prepare(Scope(some_streets.edition, month))
