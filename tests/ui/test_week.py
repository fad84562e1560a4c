"""The page of the week: any week in the address, the open one, what is not known; the print of it."""

import io
from dataclasses import replace

import pypdfium2
import pytest

from chunshui.month import Month
from chunshui.snapshots import freeze, model, templates
from chunshui.snapshots.render.brief import brief
from chunshui.snapshots.render.screens.unnamed import unnamed
from chunshui.snapshots.selection import Selection
from chunshui.ui import data
from chunshui.ui.topics.meeting.controls import MAKE_WEEK
from chunshui.warehouse import Store
from tests.snapshots.test_freeze import WHEN
from tests.ui.conftest import words_on

PARTS = ("民情办理", "逾期事项", "揭榜领题", "到期节点", "网格岗位", "活动与训练营", "与上周相比")


def test_the_week_of_the_month_one_chosen_and_a_street(open_app, published):
    app = open_app(published, "week")
    assert not app.exception and not app.warning
    said = words_on(app)
    assert "2026年10月19日至25日，全区收到民情" in said and "2026年第41期" in said
    assert all(f"**{part}**" in said for part in PARTS[:-1]) and "与上周相比" in said
    next(one for one in app.button if one.label == "上一周").click().run()
    assert "2026年10月12日至18日" in words_on(app) and "2026-10-12" in app.query_params["week"]
    app.selectbox(key="month").set_value("2026-08").run()
    assert "2026年8月24日至30日" in words_on(app)
    street = open_app(published, "week", week="2025-12-31", street="宗关街道")
    assert not street.exception
    assert "2025年12月29日至2026年1月4日，宗关街道办结1项、没有收到民情" in words_on(street)


def test_an_open_week_and_those_beyond_what_is_known(open_app, published):
    app = open_app(published, "week", week="2026-10-31")
    assert not app.exception and "本周未完，截至10月31日" in words_on(app)
    assert next(one for one in app.button if one.label == "下一周").disabled
    for asked, why in (("2027-01-01", "还没有到"), ("2023-10-01", "数据从2023年11月1日开始")):
        other = open_app(published, "week", week=asked)
        assert not other.exception
        assert why in other.warning[0].value and "2026年10月19日至25日" in words_on(other)
    assert not open_app(published, "week", week="不是日子").exception
    first = open_app(published, "week", month="2023-11", week="2023-11-01")
    assert not first.exception and "上周数据不全" in words_on(first)


@pytest.mark.parametrize(
    ("week", "streets"), [("", ()), ("2026-10-31", ()), ("2024-01-01", ("420104003",))]
)
def test_the_print_is_one_page_that_says_what_the_page_says(published, week, streets):
    weekly = templates.get_template("周通报")
    choices = tuple(replace(one, week=week) for one in weekly.choices)
    with Store(published / "versions").open() as reader:
        asked = Selection("2026-10", choices, template=weekly.name, streets=streets)
        snapshot = freeze.snapshot_of(reader, asked)
        assert snapshot == freeze.snapshot_of(reader, asked)
    assert snapshot.is_bulletin and snapshot.week
    assert [one.heading.partition(" · ")[0] for one in snapshot.sections] == list(PARTS)
    assert not any(one.kind == "ranking" for one in snapshot.sections)
    with pypdfium2.PdfDocument(io.BytesIO(brief.pdf_bytes(snapshot, WHEN))) as document:
        assert len(document) == 1
        words = document[0].get_textpage().get_text_range()
    plain = "".join(words.split())
    for said in (snapshot.week.days, snapshot.week.issue, snapshot.week.headline, "演示数据"):
        assert "".join(said.split()) in plain
    hidden = unnamed(snapshot)
    whole = {one.title for one in snapshot.sections} - {snapshot.sections[1].title}
    assert whole <= {one.title for one in hidden.sections}
    land = data.district(reader.edition)
    places = {place.name for place in (*land.streets, *land.communities)}
    shown = " ".join(
        f"{one.title} {cell}"
        for one in hidden.sections
        for row in [(), *one.rows]
        for cell in ("", *row)
    )
    assert places and not [place for place in places if place in shown]
    # Where matters are late, and how long, would say which.
    late = hidden.sections[1]
    assert [one.label for one in late.columns] == ["情况", "类别", "在哪一级", "数量"]
    assert sum(row[-1] for row in late.rows) == len(snapshot.sections[1].rows)
    figures = model.Figures("核心指标", "核心指标", ())
    assert not replace(snapshot, sections=(*snapshot.sections, figures)).is_bulletin
    assert snapshot.as_of_words.startswith("2026年10月2" if not week else week[:4])


def test_one_click_freezes_the_week_looked_at(open_app, data_copy, monkeypatch):
    made = []
    monkeypatch.setattr(
        "chunshui.ui.topics.meeting.controls.draw_snapshot", lambda *_, **__: made.append(1)
    )
    app = open_app(data_copy, "week", week="2026-09-16")
    next(one for one in app.button if one.label == MAKE_WEEK).click().run()
    assert (
        not app.exception
        and made
        and "硚口区一周动态（2026年9月14日至20日）" in app.success[0].value
    )
    assert str(Month(2026, 9).words)[:5] in app.success[0].value
