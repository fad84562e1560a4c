"""A thing is found however its name is spelt; an independent reading by regular expressions agrees."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, pinyin

from chunshui.catalogue.metric import all_metrics
from chunshui.catalogue.search import Index, Thing, things_of
from chunshui.warehouse import Store

NAMES = (
    "药王社区",
    "长丰街道",
    "汉正街道",
    "“一长六员”配齐率",
    "荣东社区党群服务中心",
    "行会里12号院（2024年）",
)
INDEX = Index(Thing("社区", name, (name,)) for name in NAMES)


def spellings(character: str) -> list[str]:
    """Return all that may stand for a character: itself, its readings and their first letters."""
    (read,) = pinyin(character.lower(), style=Style.NORMAL, heteronym=True)
    return [character.lower(), *read, *(one[0] for one in read)]


def pattern(name: str) -> list[str]:
    """Return what a text must read in full to say a name from any character on to any other."""
    return [
        f"(?:{'|'.join(map(re.escape, spellings(one)))})" for one in re.sub(r"[“”（）]", "", name)
    ]


def says(text: str, name: str) -> bool:
    """Whether a text reads a stretch of a name, its last syllable perhaps unfinished."""
    parts = pattern(name)
    for cut in range(len(text)):
        whole, rest = text[:cut], text[cut:]
        for at in range(len(parts)):
            for end in range(at, len(parts)):
                if re.fullmatch("".join(parts[at:end]), whole) and any(
                    one.startswith(rest) for one in spellings(re.sub(r"[“”（）]", "", name)[end])
                ):
                    return True
    return False


@given(st.data())
def test_a_name_is_found_by_any_mixture_of_characters_pinyin_and_initials(data):
    name = data.draw(st.sampled_from(NAMES))
    typed = "".join(
        data.draw(st.sampled_from(spellings(one))) for one in name if one not in "“”（）"
    )
    start = data.draw(st.integers(0, len(typed) - 1))
    assert INDEX.find(typed)[0].names == (name,)
    assert name in {one.names[0] for one in INDEX.find(typed[: start + 1])}


@given(st.text("ywshqjdcfzlr长药1区社", min_size=1, max_size=5))
def test_what_is_found_is_what_can_be_read_so(text):
    assert {one.names[0] for one in INDEX.find(text)} == {one for one in NAMES if says(text, one)}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("药王", ("社区", "药王社区")),
        ("ywsq", ("社区", "药王社区")),
        ("yaowang", ("社区", "药王社区")),
        ("ＹＡＯＷ", ("社区", "药王社区")),
        ("cfjd", ("街道", "长丰街道")),
        ("汉正 药王", ("社区", "药王社区")),
        ("药王 阵地", ("阵地", "药王西里党群驿站")),
        ("yclypql", ("指标", "“一长六员”配齐率")),
        ("两新覆盖率", ("指标", all_metrics()["two_new_coverage"].name)),
        ("lxfgl", ("指标", all_metrics()["two_new_coverage"].name)),
    ],
)
def test_of_a_district_what_is_meant_comes_first(district, typed, first):
    thing = district.find(typed)[0]
    assert (thing.kind, thing.names[0]) == first


@pytest.fixture(scope="module")
def district(published) -> Index:
    with Store(published / "versions").open() as reader:
        return Index(things_of(reader))


def test_everything_of_a_version_is_found_by_its_name_with_its_street_beside(district):
    assert {one.kind for one in district.things} >= {
        "指标",
        "街道",
        "社区",
        "阵地",
        "改造项目",
        "基金项目",
        "示范点",
    }
    for thing in district.things[::7]:
        assert thing in district.find(thing.names[0])
        assert thing.where or thing.kind in ("指标", "街道")
        assert not thing.where or thing.where.startswith(thing.street)


@pytest.mark.parametrize("typed", ["", " ", "。", "%", "没有这个", "qqqqq", "' or 1=1"])
def test_nothing_is_found_where_nothing_is_said(district, typed):
    assert district.find(typed) == []
