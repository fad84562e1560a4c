"""The page of the organisation: its ladder adds up, the tree follows the address, breaks are listed."""

import json

import pandas as pd
import plotly.graph_objects as go
import pytest

from chunshui.demo.planted import TRUTHS
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.organisation import charts, controls, data, finding, tables
from chunshui.ui.widgets import downloads
from chunshui.warehouse import Store
from tests.ui.conftest import words_on

UNBACKED = TRUTHS["linkage_inherited"]["community"]


@pytest.fixture(scope="module")
def scope(published):
    with Store(published / "versions").open() as reader:
        return Scope(reader.edition, "2026-10")


@pytest.mark.parametrize("streets", [(), ("420104006",), ("420104006", "420104011")])
def test_the_ladder_adds_up_to_the_metrics(scope, streets):
    here = Scope(scope.edition, scope.month, streets)
    levels = data.ladder(here)
    broken = data.shown.figure(here, "linkage_broken").value
    reach = data.shown.figure(here, "linkage_reach_rate")
    assert sum(one.broken for one in levels) == broken == data.breaks(here)["is_own"].sum()
    assert sum(one.cut_households for one in levels) == reach.denominator - reach.numerator
    children = tables.children(here)
    assert children["households"].sum() == reach.denominator
    assert children["reached"].sum() == reach.numerator
    own = sum(reason in data.KINDS[:-1] for reason in children["reason"])
    above = 0 if len(streets) != 1 else data.breaks(here)["tier"].eq("区-街道").sum()
    assert children["below"].sum() + own + above == broken
    whole = tables.ladder(levels, here.whole)
    assert whole["层级"].iloc[-1] == "合计" and len(whole) == len(levels) + 1 + here.whole


@pytest.mark.parametrize("streets", [(), ("420104006",), ("420104006", "420104011")])
def test_the_icicle_has_one_root_names_that_can_be_read_and_every_break_once(scope, streets):
    here = Scope(scope.edition, scope.month, streets)
    figure = charts.icicle(here, dark=False).to_dict()
    go.Figure(figure)
    trace = figure["data"][0]
    assert trace["parents"].count("") == 1
    assert {one for one in trace["parents"] if one} <= set(trace["ids"])
    assert len(json.dumps(figure, ensure_ascii=False).encode()) < 60_000
    inside = dict.fromkeys(trace["parents"])
    sums = pd.Series(trace["values"], trace["ids"])
    px = figure["layout"]["height"] / sums.sum()
    assert all(sums[one] * px >= 20 for one in trace["ids"] if one not in inside)
    own = data.breaks(here)[lambda rows: rows["is_own"]]
    edges = dict(zip(trace["ids"], trace["marker"]["line"]["width"], strict=True))
    if len(streets) == 1:
        there = own[own["unit_id"].isin(data.units(here)["unit_id"])]  # not what was dissolved
        ids = there["unit_id"].where(
            there["entity_table"] == "party_branch", there["community_code"]
        )
        assert {one for one, edge in edges.items() if edge} == {*ids}
    else:
        below = own.groupby("street_code").size()
        assert all(
            f"{below[one]:,}处" in trace["labels"][trace["ids"].index(one)] for one in below.index
        )


def test_the_finding_names_the_break_that_cuts_off_the_most(open_app, published):
    app = open_app(published, "organisation")
    assert not app.exception
    said = words_on(app)
    assert "断链30处，影响户数最多的是荣华街道集贤里社区大党委（从未有人包保，3,312户）" in said
    assert "23个支部没有党员中心户" in said
    seen = app.session_state[downloads.SEEN]
    listed = next(one.table for name, one in seen.items() if name.startswith("全部断链"))
    assert len(listed) == 30 and listed["原因"].iloc[0] == "从未有人包保"
    ladder = next(one.table for name, one in seen.items() if name.startswith("五级组织"))
    assert ladder["断链"].iloc[-1] == 30 and ladder["实有"].tolist()[3:5] == ["332个", "2,026家"]


def test_kind_level_and_branch_stand_in_the_address(open_app, published):
    app = open_app(published, "organisation", linkage_kind=data.ABOVE)
    assert "47个自己接得上、上面断开了" in words_on(app)
    bare = open_app(published, "organisation", organisation_part="没有中心户", tail_of="小区")
    assert "888个小区中，203个没有党员中心户（38,878户）" in words_on(bare)
    units = open_app(published, "organisation", organisation_part="成员单位")
    assert "626家成员单位中" in words_on(units) and "一项也没有兑现" in words_on(units)
    seen = units.session_state[downloads.SEEN]
    kinds = next(one.table for name, one in seen.items() if name.startswith("各类成员单位"))
    assert kinds.set_index("类别")["家数"].to_dict() == {
        "群团组织": 64, "自治组织": 72, "经济组织": 235, "社会组织": 105, tables.FOUR: 476,
        "机关事业": 150, "合计": 626,
    }  # fmt: skip
    acts = open_app(published, "organisation", organisation_part="行动")
    assert not acts.exception and "未见公开解释" in "".join(
        one.value.to_csv() for one in acts.dataframe
    )
    held = open_app(published, "organisation", organisation_part="训练营与活动")
    assert not held.exception
    assert "到课率最低的是易家街道7月2日的基层党建实务" in words_on(held)
    assert "没有办过。" in words_on(held)
    early = open_app(
        published,
        "organisation",
        organisation_part="训练营与活动",
        month="2023-11",
        street="易家街道",
    )
    assert not early.exception
    brands = open_app(published, "organisation", organisation_part="品牌")
    assert not brands.exception and finding.BESIDE in words_on(brands)
    one = open_app(published, "organisation", community="学堂社区", branch="ZB250")
    assert "社区-小区：包保已到期，无人接续" in words_on(one)
    assert any("党员中心户所在楼栋" in one.value for one in one.dataframe)


def test_without_a_ledger_of_the_linkage_nothing_is_called_broken(scope, monkeypatch):
    monkeypatch.setattr(data.shown, "has_ledger", lambda scope, ledger: False)
    scope = Scope(scope.edition, "2026-07")  # nothing of it has been asked and kept
    assert data.breaks(scope).empty and data.units(scope)["reason"].isna().all()
    levels = data.ladder(scope)
    assert all(one.broken is None for one in levels)
    assert tables.ladder(levels, True)["断链"].isna().all()
    table = tables.tree(tables.place(scope, "区"), known=False)
    assert set(table["包保到底"]) == {"—"}
    reach = data.shown.figure(scope, "linkage_reach_rate")
    said = finding.of_organisation(reach, levels, data.breaks(scope), 0, "全区")
    assert said == f"全区{finding.ABSENT}"


def test_where_an_organisation_is_missing_the_finding_says_so(scope):
    early = Scope(scope.edition, "2023-11")
    said = controls.finding_sentence(early)
    assert "；1个街道没有大工委，19个社区没有大党委；断链711处" in said
    table = tables.children(early).set_index("name")
    assert table.loc["易家街道", "unit"] == "" and table.loc["易家街道", "reached"] == 0
    whole = data.shown.figure(early, "centre_households").value
    assert table["centres"].sum() == tables.place(early, "区")["centres"].item() == whole
