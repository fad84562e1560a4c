"""The page of the opinion items: its ladder, its finding, what a meeting takes of it."""

import json

import openpyxl
import pandas as pd
import plotly.graph_objects as go
import pytest

from chunshui import pipeline
from chunshui.opinions import flow
from chunshui.pipeline.options import IntakeOptions
from chunshui.ui.data import by_street
from chunshui.ui.data import figure as figure_of_scope
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.opinions import charts, data, finding, tables
from chunshui.ui.widgets import downloads
from chunshui.warehouse import Store
from tests.ui.conftest import words_on


@pytest.fixture(scope="module")
def scope(published):
    with Store(published / "versions").open() as reader:
        return Scope(reader.edition, "2026-10")


def test_the_page_says_what_came_in_and_what_lies_where(open_app, published):
    app = open_app(published, "opinions")
    assert not app.exception
    said = words_on(app)
    with Store(published / "versions").open() as reader, reader.cursor() as cursor:
        items, steps = cursor.table("opinion").df(), cursor.table("opinion_event").df()
    received, closed = (
        (items[f"{what}_on"] >= "2026-01-01").sum() for what in ("received", "closed")
    )
    open_items = items[items["closed_on"].isna()]
    late = (open_items["due_on"] < "2026-10-31").sum()
    assert (
        f"收民情{received}项、办结{closed}项，月末在手{len(open_items)}项，其中逾期{late}项" in said
    )
    assert "已逾期194个工作日。" in said
    assert "卡点是长丰街道社区一级（每项平均多停" in said
    assert (
        "明显偏低的是宗关街道（" in said
    )  # who is beyond chance is named, whatever its stays are told by
    last = steps[steps["opinion_id"].isin(open_items["opinion_id"])].sort_values("step")
    last = last.groupby("opinion_id").last()
    at = last["tier"].map(flow.TIERS.index) + last["action"].map({"上报": 1, "退回": -1, "受理": 0})
    lying = at.value_counts().reindex(range(4), fill_value=0).tolist()
    assert [one.label for one in app.button if "在手**" in one.label] == [
        f"{tier}：在手**{n}**项" for tier, n in zip(flow.TIERS, lying, strict=True)
    ]
    seen = app.session_state[downloads.SEEN]
    ladder = seen["四级收转结 · 本年 · 全区 · 2026年10月"].table
    stays = seen["各街道各级停留 · 全区 · 2026年10月"]  # though its part is not open
    assert stays.finding.startswith("卡点是长丰街道社区一级") and stays.number[0] == "1处"
    assert ladder["月末在手"].tolist() == lying
    listed = seen["在手的民情 · 全区 · 2026年10月"].table
    assert listed["逾期"].tolist()[:2] == ["194个工作日", "50个工作日"]
    late_days = pd.to_datetime("2026-10-31") >= pd.to_datetime(listed["应办结日期"])
    assert ((listed["逾期"] != "—") == late_days).all() and "0个工作日" not in set(listed["逾期"])


@pytest.mark.parametrize(
    "part", ["卡在哪里", "各级用时", "退回与重复", "流向", "回访", "揭榜领题", "各地比较"]
)
def test_every_part_of_a_street_and_of_an_early_month_is_drawn(open_app, published, part):
    app = open_app(published, "opinions", street="宗关街道", opinions_part=part)
    assert not app.exception
    early = open_app(published, "opinions", month="2023-11", street="易家街道", opinions_part=part)
    assert not early.exception


def test_the_ways_add_up_to_what_was_received(scope):
    received = int(data.balance(scope, "本年")["received"].sum())
    assert data.paths(scope, "本年")["items"].sum() == received == 229
    sums = data.balance(scope, "本年").sum()
    said = finding.of_paths(data.paths(scope, "本年"), sums["closed"], "本年")
    done = received - sums["closing"]  # whatever lay there at first is closed by now
    assert f"收到的{received}项：办结{done}项、在手{sums['closing']}项" in said
    assert said.endswith(
        f"同期办结{sums['closed']}项，另{sums['opening']}项是期初在手的，不在图内。"
    )
    figure = charts.ways(scope, "本年", dark=False).to_dict()
    go.Figure(figure)
    link = figure["data"][0]["link"]
    assert sum(link["value"]) == 2 * received
    assert min(link["source"]) >= 0 and set(link["target"]) & {8, 9}
    assert len(json.dumps(figure, ensure_ascii=False)) < 20_000


def test_every_item_in_hand_is_of_one_age_and_at_one_tier(scope):
    held = data.held(scope)
    assert set(held["age"]) <= {data.NOT_DUE, *data.AGES} and set(held["tier"]) <= set(flow.TIERS)
    assert held["is_late"].equals(held["age"] != "未到期")
    assert held["is_late"].sum() == figure_of_scope(scope, "opinions_open_overdue").value
    assert (held.loc[held["state"] == data.PENDING, "taken_on"].isna()).all()
    assert held["late_workdays"].is_monotonic_decreasing


def test_one_alone_is_not_the_oldest_and_equals_are_counted(scope):
    held, flows = data.held(scope), data.balance(scope, "本年")
    one = finding.of_flow(flows, held.head(1), "本年", "甲街道")
    assert "其中逾期1项，是" in one and "最久" not in one
    alike = held.head(3).assign(late_workdays=9.0, late="逾期9个工作日", is_late=True)
    assert "最久的3项已逾期9个工作日" in finding.of_flow(flows, alike, "本年", "全区")
    passed_on = held[held["came_on"] > held["due_on"]].iloc[0]
    assert "转来时已逾期" in finding.of_item(passed_on)
    none = finding.of_flow(flows, held.assign(late_workdays=0.0, is_late=False), "本年", "全区")
    assert none.endswith(f"月末在手{len(held)}项，都没有逾期。")
    nothing = pd.DataFrame(0, index=flows.index, columns=flows.columns)
    assert (
        finding.of_flow(nothing, held.head(0), "本月", "甲") == "本月甲没有收到民情，也没有在手的。"
    )


def test_posted_matters_come_open_first_and_are_counted_by_street_and_unit(open_app, published):
    app = open_app(published, "opinions", opinions_part="揭榜领题")
    assert "还没有人领的1项，是" in words_on(app) and "已228个日历日" in words_on(app)
    seen = app.session_state[downloads.SEEN]
    rows = seen["揭榜领题 · 事项 · 全区 · 2026年10月"].table
    assert len(rows) == 66 and rows["状态"].iloc[0] == "没有人领"
    assert {"领题单位", "完成日期"} <= set(rows.columns[:7])  # as many as a page has room for
    looks = [json.loads(one.proto.columns or "{}") for one in app.dataframe]
    assert any("width" in one.get("完成日期", {}) for one in looks)  # days below gaps are not cut
    for by, column in (("街道", "街道"), ("领题单位", "领题单位")):
        app = open_app(published, "opinions", opinions_part="揭榜领题", challenges_by=by)
        counted = app.session_state[downloads.SEEN][f"揭榜领题 · {by} · 全区 · 2026年10月"].table
        whole = counted.columns[1]
        assert counted[whole].sum() == (rows[column] != "—").sum()
        assert (counted.iloc[:, 2:].sum(axis=1) == counted[whole]).all()


def test_returns_name_the_tier_by_its_share_and_rate_a_street_on_enough_items(scope):
    pairs = data.returns(scope, "本年")
    said = finding.of_returns(pairs, "本年")
    # 5 of 23 against 16 of 93: no superlative where intervals overlap; one where none does.
    assert "最高" not in said and "各级退回占比之差在偶然波动之内：部门退街道（5/23次，" in said
    apart = pairs.assign(back=[60, 2, 1], ended=[90, 90, 90], share=[66.7, 2.2, 1.1])
    assert "退回占比明显最高的是部门退街道（60/90次，" in finding.of_returns(apart, "本年")
    table = tables.returns_by_street(by_street(scope, "opinion_return_rate"))
    few = table["收到（项）"] < 10
    assert few.any() and few.is_monotonic_increasing and (table["退回率"] == "基数小").equals(few)
    # Who stands apart is at an end; the others' rates, within chance, are in no order.
    worst, others = table[~few].iloc[-1], table[~few].iloc[:-1]
    assert worst["街道"] == "宗关街道"
    rates = others["被退回（项）"] / others["收到（项）"]
    assert not rates.is_monotonic_increasing and not rates.is_monotonic_decreasing
    assert worst["退回率"] == f"{100 * worst['被退回（项）'] / worst['收到（项）']:.1f}%"


def test_what_is_asked_again_and_what_was_answered_open_and_add_up(open_app, published, scope):
    app = open_app(published, "opinions", opinions_part="退回与重复")
    assert "重复最多的是顺道社区顺道西院的加装电梯，4次" in words_on(app)
    app = open_app(published, "opinions", opinions_part="回访")
    table = app.session_state[downloads.SEEN]["各街道回访 · 全区 · 2026年10月"].table
    few = table["接通（项）"] < flow.FEWEST_VISITS
    assert few.any() and (table.loc[few, "解决率（95%区间）"] == "—").all()
    solved = figure_of_scope(scope, "opinion_solved_rate")
    assert (table["说已解决（项）"].sum(), table["接通（项）"].sum()) == (
        solved.numerator, solved.denominator,
    )  # fmt: skip
    rows = data.answers(scope, "本年")
    assert "宗关街道" in set(rows["place"]) and (rows["satisfied"] <= rows["reached"]).all()


@pytest.mark.parametrize("cut", ["no flow at all", "an item without flow"])
def test_what_the_flow_does_not_tell_is_said(
    open_app, published, tmp_path, few_metrics, reading_here, cut
):
    """No ledger of the flow is not an empty ladder, and an item that is in no box is not forgotten."""
    ledgers = tmp_path / "ledgers"
    ledgers.mkdir()
    for name in ("行政区界.geojson", "街道名录.geojson", "社区名录.geojson"):
        (ledgers / name).symlink_to(published / "ledgers" / name)
    book = openpyxl.load_workbook(published / "ledgers" / "民情台账.xlsx")
    sheet = book["民情流转台账"]
    heads = {
        cell.value: cell.column for row in book["民情台账"].iter_rows(max_row=5) for cell in row
    }
    book["民情台账"].delete_cols(heads["小区编号"])  # there is no ledger of neighbourhoods here
    book.remove(book["民情回访台账"])
    if cut == "no flow at all":
        book.remove(sheet)
    else:
        rows = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "MQ0712"]
        sheet.delete_rows(rows[0], len(rows))
    book.save(ledgers / "民情台账.xlsx")
    versions = Store(tmp_path / "versions")
    options = IntakeOptions(month="2026-10")
    pipeline.build(ledgers, store=versions, options=options, note="", by="测试", serve=True)
    app = open_app(tmp_path, "opinions")
    assert not app.exception
    said = words_on(app)
    if cut == "no flow at all":
        assert "没有民情流转台账，看不出各级收、转、结和在手" in said
        assert "没有收到民情" not in said and not [b for b in app.button if "在手**" in b.label]
    else:
        assert "另有1项流转记录接不上，不计入四级" in said and "收民情228项" in said
    assert "放假安排不在工作日台账里" in said or cut == "no flow at all"
    app = open_app(tmp_path, "opinions", opinions_part="揭榜领题")
    assert "没有揭榜领题台账" in words_on(app)
