"""The page of the drills: who stands apart first, no names where none are wanted, a what-if that stays one."""

import json
import re

import pandas as pd
import plotly.graph_objects as go
import pytest
from scipy.stats import binomtest

from chunshui.catalogue.figure import written
from chunshui.ranking import finding, tables
from chunshui.ranking.communities import NEARLY, SHORT, THERE
from chunshui.ranking.drill import drill_of, weights_read
from chunshui.ranking.league import AMONG, CERTAIN_LAST
from chunshui.ranking.unnamed import TOLD, unnamed
from chunshui.snapshots.letters import FILE, letters
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.drills import charts, data
from chunshui.ui.widgets import downloads
from chunshui.warehouse import Store
from tests.ui.conftest import words_on

LAST, RISEN = "宗关街道", "韩家墩街道"


@pytest.fixture(scope="module")
def scope(published):
    with Store(published / "versions").open() as reader:
        return Scope(reader.edition, "2026-10")


@pytest.fixture(scope="module")
def drill(scope):
    return data.drill(scope, "月拉练")


def seen(app, title: str) -> pd.DataFrame:
    tables = app.session_state[downloads.SEEN]
    return next(one.table for heading, one in tables.items() if heading.startswith(title))


def test_the_page_says_first_who_stands_apart(open_app, published, drill):
    app = open_app(published, "drill")
    assert not app.exception
    headline = app.session_state["finding"]
    assert headline.startswith(f"2026年10月拉练：{LAST}") and "居末位" in headline.split("；")[0]
    assert f"进步明显的是{RISEN}，其余的变化在偶然波动之内" in headline
    ranks = seen(app, "名次区间")
    assert ranks["街道"].iloc[-1] == LAST and ranks["名次区间"].iloc[-1] == "11"
    # Of whom the same is said stand as registered: an order by mean ranks would be read as a ranking.
    said, registered = drill.league.verdicts, [name for name in drill.names if name != LAST]
    assert said.count(AMONG) == 10 and ranks["街道"].tolist() == [*registered, LAST]
    assert set(ranks) == {"街道", "名次区间", "判断"}
    made_of = tables.points(drill, drill.weights, drill.names.index(LAST))
    points = made_of["得分（满分100）"].astype(float) @ made_of["权重"].str.rstrip("%").astype(
        float
    )
    assert points / 100 == pytest.approx(drill.league.points[drill.names.index(LAST)], abs=0.6)
    year = open_app(published, "drill", board="年考评").session_state["finding"]
    assert year.startswith(f"2026年1至10月考评：{LAST}")
    assert set(seen(app, "进步")["街道"]) == {RISEN}
    assert LAST in set(seen(app, "明显偏离的街道")["街道"])
    assert finding.PHONE in words_on(app)


def sent(app) -> dict[str, bytes]:
    """All that goes to the browser, by element, but the choice of streets and communities itself."""
    elements, found = [app._tree], {}
    while elements:
        one = elements.pop()
        elements += getattr(one, "children", {}).values()
        if (proto := getattr(one, "proto", None)) is not None:
            found[f"{len(found)} {type(one).__name__}"] = proto.SerializeToString()
            if getattr(proto, "id", "").endswith(("-street", "-community")):
                found.popitem()
    return found


def test_without_names_nothing_is_sent_by_which_a_street_is_known(open_app, published, drill):
    """No name, no value, no base: in no element, payload of a picture, table or download."""
    names = {short for name in drill.names for short in (name, name.removesuffix("街道"))}
    figures = set()
    for entry in drill.entries:
        for hits, cases in zip(entry.now_hits, entry.now_cases, strict=True):
            if cases:
                value = written(entry.metric, entry.metric.scale * hits / cases).text
                figures |= {
                    f"{hits:,.0f}/{cases:,.0f}",
                    f"（{cases:,.0f}）",
                    f">{value}",
                    f"{value}（",
                }
    told = (*names, *figures)
    forms = {form for one in told for form in (one.encode(), json.dumps(one)[1:-1].encode())}
    asked = [
        {},
        {"drill_part": "历次拉练"},
        {"board": "年考评", "community_metric": "grid_post_days"},
    ]
    for more in asked:
        app = open_app(published, "drill", nameless="true", **more)
        assert not app.exception
        leaks = [(n, f.decode()) for n, raw in sent(app).items() for f in forms if f in raw]
        assert not leaks
        noted = app.session_state[downloads.SEEN].values()
        said = app.session_state["finding"] + "".join(
            one.finding + one.table.to_csv() for one in noted
        )
        assert not [one for one in told if one in said]
        for one in noted:
            assert "街道" not in one.table or set(one.table) <= TOLD
    assert seen(app, "名次变动")[
        "街道"
    ].is_monotonic_increasing  # registration would say who is who
    named = open_app(published, "drill")
    assert any(name.encode() in raw for name in names for raw in sent(named).values())
    own = open_app(published, "drill", nameless="true", street=LAST)
    ranks = seen(own, "名次区间")["街道"].tolist()
    assert LAST in ranks and sum(one in drill.names for one in ranks) == 1


def test_letters_are_a_secret_of_the_installation(tmp_path, monkeypatch, drill):
    """From names and version, which everybody sees, they cannot be worked out."""
    found = []
    for folder in ("a", "a", "b", "c"):
        monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path / folder))
        found.append(letters(drill.names, "v000001"))
    assert found[0] == found[1] and len({tuple(map(one.get, drill.names)) for one in found}) > 1
    assert letters(drill.names, "v000002") != found[-1]
    assert (tmp_path / "a" / FILE).stat().st_mode & 0o077 == 0
    hidden = unnamed(drill, found[0])
    assert hidden.names == tuple(sorted(found[0].values()))
    back = [hidden.names.index(found[0][name]) for name in drill.names]
    assert (hidden.league.low[back] == drill.league.low).all()


def test_other_weights_are_a_what_if(open_app, published, drill):
    usual = open_app(published, "drill", drill_part="历次拉练")
    tried = open_app(
        published, "drill", drill_part="历次拉练",
        weight_opinion_return_rate="0", weight_opinion_on_time_rate="0",
    )  # fmt: skip
    assert tried.session_state["finding"] == usual.session_state["finding"]
    assert seen(tried, "名次区间 · 试算")["街道"].iloc[-1] != LAST
    for title in ("拉练台账登记行", "历次拉练"):
        pd.testing.assert_frame_equal(seen(tried, title), seen(usual, title))
    assert "权重合计75%，已按比例折算" in words_on(tried)
    assert f"{LAST}由{CERTAIN_LAST}变为{AMONG}" in words_on(tried)
    none = words_on(
        open_app(published, "drill", **dict.fromkeys(map("weight_{}".format, drill.weights), "0"))
    )
    assert (
        "这样的权重，可比指标不足一半" in none and none.count("居末位") == 1
    )  # of the record above
    other = tried.segmented_control(key="board").set_value("年考评").run()
    fresh = open_app(published, "drill", board="年考评")
    assert "试算" not in words_on(other)
    for title in ("名次区间", "权重与影响"):
        pd.testing.assert_frame_equal(seen(other, title), seen(fresh, title))


def test_a_drill_that_was_held_is_the_same_again(scope, drill):
    row = data.to_register(scope, drill).iloc[0]
    event = pd.Series(
        {
            "month": row["统计月份"], "board": row["赛马榜"], "seed": int(row["种子"]),
            "weights": row["各项权重"], "version_id": row["数据版本"],
            "result_digest": row["结果校验值"],
        }
    )  # fmt: skip
    again, said = data.again(scope, event)
    assert "与登记的一致" in said
    assert again.league.low.tolist() == drill.league.low.tolist()
    assert (again.league.totals == drill.league.totals).all()
    assert "不一致" in data.again(scope, event.replace(drill.digest, "0"))[1]
    gone, said = data.again(scope, event.replace(scope.version, "v999999"))
    assert gone is None and "已不在" in said


def test_what_the_ledger_holds_is_computed_again(scope):
    events = data.held(scope)
    assert len(events) == 9 and events["held_on"].is_monotonic_decreasing
    found, said = data.again(scope, events.iloc[0])
    assert found.seed == events.iloc[0]["seed"] and "没有登记结果校验值" in said
    assert found.weights == weights_read(events.iloc[0]["weights"])


def test_the_same_version_and_month_give_the_same_intervals(scope, drill, published):
    with Store(published / "versions").open() as reader:
        other = drill_of(reader, "2026-10")
        later = drill_of(reader, "2026-09")
    assert other.digest == drill.digest and (other.league.totals == drill.league.totals).all()
    assert later.seed != drill.seed


def test_a_year_without_a_board_is_said(open_app, published):
    app = open_app(published, "drill", month="2023-12")
    assert not app.exception
    assert app.session_state["finding"] == "没有2023年月拉练的赛马指标，不排先后。"


def test_communities_have_no_total(open_app, published, drill):
    app = open_app(published, "drill", community_metric="opinion_on_time_rate")
    rows = seen(app, "各社区")
    assert not {"得分", "名次区间", "组内名次"} & set(rows)
    # Of a chosen place its own, in the sentence too, and beside the same cohorts.
    own = open_app(published, "drill", street="汉中街道", community_metric="grid_post_days")
    assert set(seen(own, "各社区")["街道"]) == {"汉中街道"}
    assert f"：{len(seen(own, '各社区'))}个社区" in words_on(own) and SHORT not in words_on(own)
    stock = seen(open_app(published, "drill", community_metric="two_new_coverage"), "各社区")
    assert not {"组内名次", "名次"} & set(stock)
    # By rate against the full points, with certainty, not by how many are lacking: large ones have more of all.
    counted = stock[stock["构成"] != "—"]
    pairs = (
        counted["构成"].str.extract(r"([\d,]+)/([\d,]+)").replace(",", "", regex=True).astype(int)
    )
    line = next(e.target for e in drill.entries if e.metric.id == "two_new_coverage")
    for (hits, cases), judged, gap in zip(
        pairs.to_numpy(), counted["判断"], counted[f"到满分线{line:.1f}%"], strict=True
    ):
        lacking = next(n for n in range(cases + 1) if (hits + n) * 100 >= line * cases)
        if "基数不足" in judged:
            continue
        assert gap == (f"还差{lacking}家" if lacking else "已到")
        high = binomtest(hits, cases).proportion_ci(method="wilson").high
        assert judged == (THERE if not lacking else SHORT if 100 * high < line else NEARLY)
    sure = pairs[counted["判断"] == SHORT]
    rates = sure[0] / sure[1]
    assert (
        rates.is_monotonic_increasing
        and counted["判断"]
        .map(lambda one: (SHORT, NEARLY, THERE).index(one) if one in (SHORT, NEARLY, THERE) else 3)
        .is_monotonic_increasing
    )


@pytest.mark.parametrize("dark", [False, True])
def test_pictures_are_plotly_s(drill, dark):
    for entry in drill.entries:
        if entry.funnel is not None:
            counts = entry.now_hits, entry.now_cases
            picture = charts.funnel(
                entry, entry.funnel, drill.names, *counts, thing="全区", dark=dark
            )
            go.Figure(picture.to_dict())
    go.Figure(charts.intervals(drill, drill.league, dark=dark).to_dict())


@pytest.mark.parametrize(
    ("page", "place", "told"),
    [
        ("drill", "1", "名次区间 · 月拉练"),
        ("opinions", "2", "四级收转结 · 本年"),
        ("week", "2", "逾期事项 · 2026年10月"),
        ("attention", "1", "需要关注的事项"),
        ("community", "1", "核心指标 · 2026年10月"),
    ],
)
def test_in_the_room_a_page_shows_itself(open_app, published, tmp_path, page, place, told):
    """Whatever material was being chosen; where nothing is, that is no error."""
    (tmp_path / "versions").symlink_to(published / "versions")  # nothing is kept here
    published = tmp_path
    asked = {"mode": "meeting"} | ({"community": "药王社区"} if page == "community" else {})
    early = open_app(published, page, month="2023-11", **asked)
    assert not early.exception and not early.error
    app = open_app(published, page, screen=place, **asked)
    assert not app.exception and not app.error
    assert "退出 Esc" in words_on(app) and told in words_on(app)
    empty = open_app(published, "snapshots", mode="meeting")
    assert not empty.exception and not empty.error and "还没有选部分" in words_on(empty)


def test_a_street_that_the_scope_names_has_no_letter(open_app, published, drill):
    """The foot of the screen would say whose it is."""
    app = open_app(published, "drill", mode="meeting", street=LAST)
    shown = [json.loads(one.proto.json)["html"] for one in app.get("bidi_component")]
    said = next(html for html in shown if "退出 Esc" in html)
    assert f"{LAST}在11个街道中居末位" in said and not re.search(r"[A-K]街道", said)
    assert not [name for name in drill.names if name != LAST and name in said]


def test_the_room_sees_letters_unless_names_are_asked_for(open_app, published, drill):
    asked = {"mode": "meeting", "sections": ["名次区间"]}
    usual = words_on(open_app(published, "snapshots", **asked))
    assert CERTAIN_LAST in usual and not [name for name in drill.names if name in usual]
    assert LAST in words_on(open_app(published, "snapshots", names="on", **asked))
