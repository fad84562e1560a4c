"""A snapshot on the screens of a room: what is frozen, large, and nobody named where so asked."""

import re
from dataclasses import replace
from html import unescape

import pytest

from chunshui.drawing import theme
from chunshui.ranking.league import AMONG, CERTAIN_LAST
from chunshui.snapshots import comparison
from chunshui.snapshots.archive import About
from chunshui.snapshots.model import (
    Attention,
    Claims,
    Column,
    Figures,
    Item,
    Map,
    Point,
    Ranking,
    Table,
    Trend,
)
from chunshui.snapshots.render.screens.screens import BARS, screen
from chunshui.snapshots.render.screens.unnamed import alike, compares, singles_out, unnamed
from tests.snapshots.district import make

NASTY = '<img src=x onerror="alert(1)">'


def words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


def test_a_screen_says_the_finding_and_the_frozen_number_and_draws_the_frozen_values():
    snapshot = make(streets=11)
    for place, section in enumerate(snapshot.sections):
        html = screen(snapshot, place)
        large = words_of(re.search(r'<p class="large".*?</p>', html)[0]).replace(" ", "")
        assert section.title in words_of(html) and section.heading in words_of(html)
        if isinstance(section, Map | Ranking):
            overall = snapshot.overall_figures()[section.metric]
            assert large == overall.shown.replace(" ", "")
        if isinstance(section, Trend):
            assert large == section.series[0].last_shown
        if isinstance(section, Ranking):
            drawn = section.figures[-BARS if section.level == "街道" else 1 - BARS :]
            for figure in drawn:
                assert figure.shown in html and figure.place.name in html
            assert html.count("<text") > len(drawn)
        if isinstance(section, Map):
            assert html.count("<path") >= len(section.figures)
        if isinstance(section, Figures):
            missed = sum(one.status in ("未达标", "接近") for one in section.figures)
            assert large == f"{missed}项"
            assert all(one.shown in html for one in section.figures)
        if isinstance(section, Claims):
            agreeing, differing = (f">{one.subject}<" for one in section.rows)
            assert html.index(differing) < html.index(agreeing)
        if isinstance(section, Table | Attention):
            assert large.startswith(str(section.total))


def test_a_map_has_its_own_number():
    snapshot = make()
    section = snapshot.sections[1]
    alone = replace(snapshot, sections=(section,))
    assert 'class="large"' not in screen(alone, 0)  # frozen by earlier software
    overall = replace(snapshot.sections[2].overall, shown="88.8%")
    assert "88.8%" in screen(replace(snapshot, sections=(replace(section, overall=overall),)), 0)


def test_of_one_figure_with_a_target_that_is_the_number():
    snapshot = make()
    at, section = next(
        (at, one) for at, one in enumerate(snapshot.sections) if isinstance(one, Figures)
    )
    first = next(one for one in section.figures if one.status == "未达标")
    alone = [replace(one, status="无目标") for one in section.figures if one is not first]
    sections = list(snapshot.sections)
    sections[at] = replace(section, figures=(first, *alone))
    large = re.search(
        r'<p class="large".*?</p>', screen(replace(snapshot, sections=tuple(sections)), at)
    )
    assert words_of(large[0]).replace(" ", "") == first.shown.replace(" ", "")


def test_what_ledgers_and_users_wrote_stays_text():
    snapshot = make(name=NASTY, streets=1)
    sections = tuple(
        replace(one, title=NASTY, heading=NASTY, comment=NASTY) for one in snapshot.sections
    )
    for place in range(len(sections)):
        assert "<img" not in screen(replace(snapshot, sections=sections), place)


@pytest.mark.parametrize("streets", [1, 3, 11])
def test_nobody_is_named_where_nobody_is_to_be(streets):
    snapshot = make(streets=streets)
    table = Table("第1网格没有网格长", "缺网格长的网格", snapshot.sections[6].columns,
                  snapshot.sections[6].rows[1:2], 1)  # fmt: skip
    snapshot = replace(snapshot, sections=(*snapshot.sections, table))
    places = {*snapshot.streets.places, *snapshot.communities.places}
    names = {place.name for place in places} | {p.street.removesuffix("街道") for p in places}
    things = {str(row[0]) for row in table.rows} | {"营北片区"}
    for place, section in enumerate(snapshot.sections):
        said = screen(snapshot, place, nameless=True)
        assert not [name for name in names | things if name in said], section.kind
        numbers = re.search(r'<p class="large".*?</p>', screen(snapshot, place))[0]
        assert numbers in said
        if isinstance(section, Map | Ranking):  # what each has would say which it is
            whole = snapshot.overall_figures()[section.metric].shown
            own = {figure.shown for figure in section.figures} - {whole}
            assert "<path" not in said and "不点名" in said
            assert not [one for one in own if f">{one}" in said]
    assert "不点名" in screen(snapshot, 6, nameless=True)


def test_a_list_tells_without_names_what_kinds_of_things_it_holds():
    columns = tuple(map(Column, ("情况", "类别", "社区", "逾期", "事项编号")))
    row = ("逾期最久", "养老助餐", "长丰社区", "194个工作日", "MQ0498")
    table = Table("在手逾期1项，最久的是长丰社区一项养老助餐", "逾期事项", columns, (row,), 1)
    listed = replace(make(), sections=(table,))
    assert singles_out(listed)
    assert not singles_out(replace(listed, scope="长丰街道 长丰社区"))
    assert not singles_out(replace(listed, sections=(replace(table, nameless=True),)))
    said = screen(listed, 0, nameless=True)
    assert "养老助餐</td>" in said and "在手逾期1项" in said
    assert not [key for key in ("长丰", "MQ0498", "194") if key in said]
    held = replace(table, columns=tuple(map(Column, ("类别", "状态", "逾期"))), total=30, rows=(
        *((f"第{k}类", "待接", "—") for k in range(20)), *(("噪声", "在办", f"{k}个工作日") for k in range(1, 11)),
    ))  # fmt: skip
    counted = unnamed(replace(listed, sections=(held,))).sections[0]
    assert counted.rows == (
        ("待接", "否", 20),
        ("在办", "是", 10),
    )  # not thirty lines that tell nothing
    assert "其余见" not in screen(replace(listed, sections=(held,)), 0, nameless=True)


def test_a_list_of_places_tells_without_names_how_many_have_how_many_people():
    columns = (Column("社区"), Column("街道"), Column("走不到（人）", "number"))
    sizes = (2797, 1323, 801, 42, 30)
    rows = tuple((f"第{n}社区", "长丰街道", n) for n in sizes)
    table = Table(
        "5个社区有人走不到，共4,993人", "圈外居民", columns, rows, 5, number=("4,993人", "走不到")
    )
    held = replace(make(), sections=(table,))
    (counted,) = unnamed(held).sections
    assert counted.rows == (("1,000人及以上", 2), ("100–999人", 1), ("1–99人", 2))
    said = screen(held, 0, nameless=True)
    assert said.count("<li>") == 3 and not [n for n in (*map(str, sizes), "长丰") if n in said]
    assert unnamed(replace(held, sections=(replace(table, total=6),))).sections[0].rows == ()
    levels = replace(table, columns=(Column("阵地"), Column("层级"), columns[2]))
    levels = replace(
        levels, rows=tuple(("某站", one, 1) for one in ("小区", "社区", "小区", "小区", "社区"))
    )
    assert unnamed(replace(held, sections=(levels,))).sections[0].rows == (("小区", 3), ("社区", 2))


def test_a_map_of_a_question_tells_without_names_how_many_places_have_which_share():
    snapshot = make(streets=3)
    drawn = next(one for one in snapshot.sections if isinstance(one, Map))
    bare = [
        replace(one, status="无目标", numerator=n, denominator=100)
        for one, n in zip(drawn.figures, (100, 100, 85), strict=False)
    ]
    asked = replace(drawn, figures=tuple(bare), labels=(), overall=bare[0])
    said = screen(replace(snapshot, sections=(asked,)), 0, nameless=True)
    held = re.findall(r"<span[^>]*>([^<]*)</span>.*?<b>(\d+)</b>", said)
    assert held == [("99%及以上", "2"), ("80–90%", "1")] and "5分钟" not in said


def test_a_finding_without_names_ends_before_a_short_name_and_before_what_is_added_to_a_map():
    columns = tuple(map(Column, ("项目", "街道", "计划年度")))
    row = ("天顺园北住宅老旧小区提升改造（2025年）", "长丰街道", "2026")
    title = "改造项目236个，停滞6个，最久的是天顺园北住宅（招标后473天）"
    table = Table(title, "改造项目 · 全区 · 2026年10月", columns, (row,), 236)
    points = (Point("阵地", "甲处驿站", 0, 0), Point("新增", "营前家园原粮店", 1, 1))
    said = "走得到的人仍为118,780人，覆盖率仍为82.4%；方案一：新增营前家园原粮店"
    drawn = replace(make().sections[1], title=said, heading="假如地图 · 方案一", points=points)
    listed, planned = unnamed(replace(make(), sections=(table, drawn))).sections
    assert (listed.title, listed.heading) == ("改造项目236个，停滞6个", table.heading)
    assert planned.title == "走得到的人仍为118,780人，覆盖率仍为82.4%"


def test_two_lines_of_numbers_too_many_for_the_screen_stand_upright():
    columns = (Column("周"), *(Column(f"收到的第{n}种民情", "number") for n in range(9)))
    rows = tuple((week, *range(k, k + 9)) for k, week in enumerate(("本周", "上周")))
    table = Table(
        "与上周相比", "与上周相比", columns, rows, 2, number=("1项", "本周"), nameless=True
    )
    said = screen(replace(make(), sections=(table,)), 0)
    assert said.count("<tr>") == 10 and "另有" not in said
    assert ">事项</th>" in said and ">周</th>" not in said
    assert re.search(r"收到的第8种民情</td><td[^>]*>8</td><td[^>]*>9</td>", said)


def test_streets_that_are_compared_go_by_letters():
    """Their rows stay, and one street has one letter in all of them; a map beside has none."""
    snapshot = make(streets=11)
    names = [place.street for place in snapshot.streets.places]
    columns = (Column("街道"), Column("名次区间"), Column("按时办结率得分（件）"))
    rows = tuple((name, f"{k}–{k + 2}", f"{k * 7}（{k}）") for k, name in enumerate(names, 1))
    table = Table(f"{names[-1]}末位确定", "名次区间", columns, rows, 11, units=0)
    other = replace(table, title=f"{names[-1]}进步明显", rows=rows[-1:], total=1)
    compared = replace(snapshot, sections=(*snapshot.sections, table, other))
    assert compares(compared) and not compares(snapshot)
    assert singles_out(snapshot)
    assert not singles_out(replace(snapshot, sections=snapshot.sections[:1]))
    hidden = unnamed(compared).sections
    letters = [row[0] for row in hidden[-2].rows]
    assert letters == [f"{letter}街道" for letter in "ABCDEFGHIJK"]  # not as registered
    said = [row[1] for row in hidden[-2].rows]
    assert sorted(said) == sorted(row[1] for row in rows) and said != [row[1] for row in rows]
    assert {len(row) for row in hidden[-2].rows} == {2}  # and nothing that stands beside names
    last = letters[said.index(rows[-1][1])]
    assert hidden[-2].title == f"{last}末位确定" and hidden[-1].rows[0][0] == last
    assert not [one for one in hidden[:-2] if any(letter in one.title for letter in letters)]
    # Ranks in which streets may lie are a picture: what is said of one is coloured and stands last or first.
    finding_sentence = (AMONG,) * 10 + (CERTAIN_LAST,)
    ranked = replace(
        table, columns=(*columns[:2], Column("判断")), spans=((1, 9),) * 10 + ((11, 11),),
        rows=tuple((name, "1–9", said) for name, said in zip(names, finding_sentence, strict=True)),
    )  # fmt: skip
    for nameless in (False, True):
        seen = screen(replace(snapshot, sections=(ranked,)), 0, nameless=nameless)
        assert seen.count(theme.PAPER.claimed(-1)) == 1 and seen.count(theme.PAPER.claimed(0)) == 10
        assert "<table" not in seen and f">{CERTAIN_LAST}<" in seen and "棕色＝居后" in seen
        assert any(name in seen for name in names) != nameless
    # Tiers are no places: their table stays as it is.
    tiers = Table("收件3项", "民情办理", (Column("层级"), Column("收件")), (("小区", 3),), 1)
    of_week = replace(snapshot, sections=(replace(tiers, nameless=True), tiers))
    assert [len(one.rows) for one in unnamed(of_week).sections] == [1, 0]
    # What was taken along by letters and the same with its names would be a key: all go by letters.
    lettered = replace(table, rows=hidden[-2].rows, title=hidden[-2].title)
    mixed = replace(snapshot, sections=(*snapshot.sections, lettered, other))
    assert [one.title for one in alike(mixed).sections[-2:]] == [one.title for one in hidden[-2:]]
    assert alike(mixed).sections[-1].rows == hidden[-1].rows
    assert alike(compared) == compared and unnamed(mixed).sections[-2:] == hidden[-2:]


def test_what_needs_attention_is_counted_by_kind_where_nobody_is_named():
    snapshot = make()
    items = [Item("紧急", f"第{k}网格没有网格长", "", kind="网格长空缺") for k in range(30)]
    items += [Item("关注", "营北片区停滞", "", kind="改造项目停滞")]
    section = Attention("31件", "本月需要关注", tuple(items), 31)
    said = screen(replace(snapshot, sections=(section,)), 0)
    assert "紧急30条" in said and "共31条，按轻重列出11条" in said and "第10网格" in said
    said = screen(replace(snapshot, sections=(section,)), 0, nameless=True)
    assert "紧急30条" in said and "网格长空缺，30条" in said and "改造项目停滞<" in said
    assert "第1网格" not in said and "营北" not in said and "其余见" not in said


def test_the_previous_of_the_same_kind():
    def line(n: int, as_of: str, template: str = "月拉练", scope: str = "全区") -> About:
        return About(
            f"KZ-{n}", "", "", "", template, "", "", as_of, scope, 1, f"2026-11-0{n}", "", "", 0
        )

    lines = [line(1, "2026-08"), line(2, "2026-09", "周通报"), line(3, "2026-07"),
             line(4, "2026-09", scope="古田街道"), line(5, "2026-09"), line(6, "2026-09")]  # fmt: skip
    before = {one.id: comparison.previous_alike(one, lines) for one in lines}
    found = {key: one.id if one else None for key, one in before.items()}
    assert found == {"KZ-1": "KZ-3", "KZ-2": None, "KZ-3": None, "KZ-4": None, "KZ-5": "KZ-1", "KZ-6": "KZ-5"}  # fmt: skip
