"""A list that is cut says so, and how many of what it does not show miss their target."""

import io
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation

from chunshui.snapshots.model import (
    Attention,
    Column,
    Figure,
    Item,
    Place,
    Ranking,
    Table,
    findings_of,
)
from chunshui.snapshots.render.deck import deck, maps
from chunshui.snapshots.render.onepage import long
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.render.table_layout import em, printed, widths
from chunshui.snapshots.stamp import shorten_sentence
from chunshui.words import MISSED, REACHED
from tests.snapshots import district
from tests.snapshots.test_snapshot import WHEN


def ranking(places: int, missed: int) -> Ranking:
    """Return places from the best to the worst, of which the last so many miss the target."""

    def figure(rank: int) -> Figure:
        status = MISSED if rank >= places - missed else REACHED
        place = Place(str(rank), "甲街道", f"第{rank}社区")
        return Figure("m", place, 1000 - rank, f"{1000 - rank}", None, None, "", status)

    whole = Figure("m", Place(None, "全区"), 1, "1", None, None, "", REACHED)
    return Ranking("", "", "m", "社区", whole, tuple(map(figure, range(places))))


@given(
    places=st.integers(1, 60),
    share=st.floats(0, 1),
    limit=st.integers(1, 20),
    more=st.integers(0, 10),
)
def test_a_ranking_draws_what_misses_or_counts_it(places, share, limit, more):
    missed = round(share * places)
    section = ranking(places, missed)
    drawn, said = drawings.ranked(section, limit, limit + more)
    assert drawn == section.figures[places - len(drawn) :], "the worst, in their order"
    assert len(drawn) == min(places, max(limit, min(missed, limit + more)))
    hidden = missed - sum(figure.status == MISSED for figure in drawn)
    assert hidden == max(0, missed - limit - more)
    assert (f"另有{places - len(drawn)}个" in said) == (len(drawn) < places)
    assert (f"其中{hidden}个没有达到目标" in said) == bool(hidden)
    assert ("没有达到目标" in said) == bool(hidden)


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(0, 8))
def test_a_list_beside_a_map_names_none_of_several_equal_ones(values, most):
    listed = [
        Figure(
            "m", Place(str(n), "甲街道", f"第{n}社区"), value, str(value), None, None, "", MISSED
        )
        for n, value in enumerate(sorted(values, reverse=True))
    ]
    first = maps.no_tie_cut(listed, most)
    assert list(first) == listed[: len(first)] and len(first) <= most
    left = {figure.shown for figure in listed[len(first) :]}
    shown = {figure.shown for figure in first}
    assert len(shown) <= 1 or not shown & left
    if first and shown & left:
        definition = SimpleNamespace(direction="down", target=0, kind="total", unit="个")
        said = maps.listed_words("社区", first, listed, definition)
        assert f"{values.count(first[0].value)}个同为{first[0].shown}，列出{len(first)}个" in said


def test_a_ranking_without_a_place_says_why():
    empty = ranking(0, 0)
    assert drawings.why_empty(empty) == "各社区无数据，不作排名。"
    small = Ranking("", "7个社区基数小，不排名", "m", "社区", empty.overall, ())
    assert drawings.why_empty(small) == "各社区基数小，不作排名。"
    small = replace(small, heading="7个社区基数不足10项，不排名")
    assert drawings.why_empty(small) == "各社区基数小，不作排名。"


_CLAUSES = st.lists(
    st.sampled_from(
        [
            "全区91.5%",
            "11个街道中",
            "3个没有达到目标（均接近，目标≥90%）",
            "最低的是甲街道（4,313.5元）",
        ]
    ),
    min_size=1,
    max_size=9,
)


@given(_CLAUSES, st.integers(12, 120))
def test_a_title_that_is_too_long_loses_whole_clauses(clauses, length):
    whole = "，".join(clauses)
    short = shorten_sentence(whole, length)
    assert len(short) <= length
    if len(clauses[0]) <= length:
        kept = next(n for n in range(len(clauses), 0, -1) if len("，".join(clauses[:n])) <= length)
        assert short == "，".join(clauses[:kept])
    else:
        assert short.endswith("…")


def places(rows: int, title: str) -> Table:
    columns = (Column("街道"), Column("得分", "number"), Column("判断"))
    cells = tuple((f"第{n}号街道", n, "不分先后") for n in range(rows))
    return Table(title, "名次区间", columns, cells, rows)


@given(st.integers(1, 40), st.integers(1, 20), st.sets(st.integers(0, 39), max_size=3))
def test_a_cut_table_shows_the_rows_that_its_title_names(rows, most, named):
    table = printed(places(rows, "、".join(f"第{n}号街道" for n in named) + "居末位，其余不分先后"))
    shown = [int(row[1]) for row in table.first(most)]
    assert shown == sorted(set(shown)) and named & set(range(rows)) <= set(shown)
    assert len(shown) == min(rows, max(most, len(named & set(range(rows)))))
    others = [n for n in shown if n not in named]
    assert others == [n for n in range(rows) if n not in named][: len(others)]
    assert not table.first(0)


def test_the_long_picture_and_the_deck_show_whom_a_title_names():
    part = long._part(SimpleNamespace(), places(11, "第10号街道确定居末位"))
    assert len(part["rows"]) == 11 and not part["rest"]
    part = long._part(SimpleNamespace(), places(30, "第29号街道确定居末位"))
    assert part["rows"][-1][0] == "第29号街道" and "列出6条" in part["rest"]
    kinds = ["甲", "乙", "甲", "丙", "乙", "甲", "丙", "丁"]
    items = [Item("紧急", f"{kind}{n}", "", "", kind) for n, kind in enumerate(kinds)]
    told = printed(Attention("", "", (*items, Item("关注", "戊", "", "", "丁")), 9))
    assert "".join(row[1] for row in told.rows) == "甲0甲2甲5乙1乙4丙3丙6丁7戊"
    assert {row[1] for row in told.first(3)} == {"甲0", "乙1", "甲2"}  # the gravest of all
    ranks = replace(places(1, "甲街道（甲率偏低、乙率偏高）居末位"), rows=())
    apart = replace(ranks, heading="谁明显偏离 · 月", title="偏离的是甲街道（甲率偏低）")
    assert findings_of((apart, ranks)) == [ranks.title]  # nothing is told twice
    more = replace(apart, title="偏离的是甲街道（丙率偏低）")
    assert findings_of((more, ranks)) == [more.title, ranks.title]
    quiet = [Table(f"没有{what}", "一周", (), (), 0) for what in "甲乙"]
    assert findings_of((quiet[0], places(1, "有丙"), quiet[1])) == ["有丙", "没有甲；没有乙"]
    page = replace(
        places(1, "甲社区100户；没有达到目标的1项：率9%；需要关注的事项1条，首先是丙"),
        heading="社区一页",
    )
    beside = places(1, "甲社区没有达到目标的1项：率9%")
    alike = Attention("需要关注的事项1条：丙1条", "", (Item("关注", "丙", ""),), 1)
    assert findings_of((page, beside, alike)) == [page.title]
    snapshot = district.make(sections=(places(300, "第299号街道确定居末位"),))
    made = Presentation(io.BytesIO(deck.pptx_bytes(snapshot, WHEN)))
    cells = [
        cell.text for slide in made.slides for shape in slide.shapes if shape.has_table
        for row in shape.table.rows for cell in row.cells
    ]  # fmt: skip
    assert "第299号街道" in cells and "第298号街道" not in cells


def test_names_and_figures_of_a_table_are_not_broken_while_there_is_room():
    header = ("街道", *[f"第{n}项指标的完成率（目标≥90%）" for n in range(8)])
    rows = [("汉水桥街道", *["▲91.5%"] * 8), ("六角亭街道", *["30.2万元"] * 8)]
    shared = widths(header, rows, 49, 1)
    assert sum(shared) == pytest.approx(49)
    assert shared[0] >= em("汉水桥街道") + 1
    assert min(shared[1:]) >= em("▲91.5%") + 1 - 0.05


def test_short_tables_share_a_slide_and_what_has_words_of_its_own_does_not():
    """Each with its finding and all its cells, above the footer; a long one goes on as 续."""
    short = [places(n, f"结论{n}") for n in (3, 4, 5)]
    alone = replace(places(2, "结论2"), comment="请街道说明")
    snapshot = district.make(sections=(*short[:2], alone, short[2], places(60, "结论60")))
    shown = Presentation(io.BytesIO(deck.pptx_bytes(snapshot, WHEN))).slides
    tables = {
        slide.shapes.title.text: [shape for shape in slide.shapes if shape.has_table]
        for slide in shown
        if any(shape.has_table for shape in slide.shapes)
    }
    by_title = {title: len(found) for title, found in tables.items() if "60" not in title}
    assert by_title == {"结论3": 2, "结论2": 1, "结论5": 1}
    first, second = tables["结论3"]
    assert [len(one.table.rows) for one in (first, second)] == [4, 5]
    assert first.top + first.height < second.top < second.top + second.height < 6.84 * 914_400
    (slide,) = [one for one in shown if one.shapes.title.text == "结论3"]
    assert "结论4" in "".join(one.text for one in slide.element.iter() if one.tag.endswith("}t"))
    assert [title for title in tables if "60" in title][:2] == ["结论60", "结论60（续1）"]
    titles = [slide.shapes.title.text for slide in shown]
    assert titles.count("要点") == 1 and len(titles) == len(set(titles))
