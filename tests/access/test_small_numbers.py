"""Small numbers of people: not in what leaves, and not to be had by subtraction from what does."""

import datetime as dt
import io
import itertools
import re
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.catalogue import small_numbers
from chunshui.catalogue.small_numbers import WITHHELD, hidden_rows, withhold
from chunshui.errors import ChunshuiError
from chunshui.snapshots import model, withheld
from chunshui.snapshots.render import export, table_files
from tests.snapshots.district import make

K = 4


def known(told: pd.Series) -> list[range | list[int]]:
    """Return what each cell may be for whoever reads it and knows what its words mean."""
    big = [0, *range(K, 24)]
    unmarked = range(24)
    marks = any(one == f"不足{K}" for one in told)
    return [
        range(1, K)
        if one == f"不足{K}"
        else (big if marks else unmarked)
        if one == WITHHELD
        else [int(one)]
        for one in told
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("甲乙")), min_size=2, max_size=3))
def test_lists_and_places_together_leave_a_small_number_open(rows):
    """Whoever has the list, the list of places and the sum of all finds more than one value for each."""
    counts, homes = [count for count, _ in rows], [home for _, home in rows]
    places = pd.DataFrame({"社区": homes, "参加人次": counts}).groupby("社区").sum().reset_index()
    whole = sum(counts)
    if 0 < whole < K:
        return  # a figure of the whole scope is told: docs/methods.md
    told = withhold(pd.DataFrame({"社区": homes, "参加人次": counts}), K)["参加人次"]
    sums = dict(zip(places["社区"], known(withhold(places, K)["参加人次"]), strict=True))
    assert not any(isinstance(one, int) and 0 < one < K for one in told)
    found = [set() for _ in rows]
    for one in itertools.product(*known(told)):
        added = {
            home: sum(c for c, h in zip(one, homes, strict=True) if h == home) for home in sums
        }
        if sum(one) == whole and all(added[home] in sums[home] for home in sums):
            for at, count in enumerate(one):
                found[at].add(count)
    assert all(len(ways) > 1 for ways, count in zip(found, counts, strict=True) if 0 < count < K)


@pytest.mark.parametrize(
    ("counts", "homes", "withheld"),
    [
        ([3, 40, 50, 60], "甲甲乙乙", [True, True, False, False]),  # its community goes with it
        ([3, 0, 50, 60], "甲乙丙丁", [True] * 4),  # alone in its community: the table
        ([30, 40, 50, 60], "甲甲乙乙", [False] * 4),
        ([3, 2, 50, 60], "甲甲乙乙", [True] * 4),  # 5 is small itself
        ([1, 10, 50, 60], "甲甲乙乙", [True, True, False, False]),
    ],
)
def test_what_would_give_a_small_number_back_goes_too(counts, homes, withheld):
    """The rest of a community, and more where that is too little to hide in."""
    rows = np.array(counts, float)[:, None]
    hidden, marked = hidden_rows(rows, [np.array(list(homes))], 10)
    assert list(hidden) == withheld
    # 11 of a small one and one of 10 or more is 1 and 10: which is the small one is not said.
    assert not marked.any() or counts[0] == 3


def test_shares_changes_and_sentences_go_with_a_row():
    """A row's share, its change and what is said of it would give its number back."""
    table = pd.DataFrame(
        {
            "社区": ["甲", "乙", "丙"],
            "数值": ["0.6%", "20.0%", "25.0%"],
            "分子／分母": ["3 / 500人", "100 / 500人", "100 / 400人"],
            "变化": ["较上月增加2人", "持平", "持平"],
            "覆盖率": [0.006, 0.2, 0.25],
            "户数（户）": [5, 6, 7],
        }
    )
    told = withhold(table, 10)
    assert list(told["分子／分母"]) == ["不足10", WITHHELD, WITHHELD]
    assert set(told["数值"]) == set(told["覆盖率"]) == {WITHHELD}
    assert told["变化"][0] == WITHHELD
    assert list(told["户数（户）"]) == [5, 6, 7]
    said = pd.DataFrame({"问题": ["登记居民20人，60岁及以上3人", "第3人民医院有300人"]})
    assert list(withhold(said, 10)["问题"]) == [
        "登记居民不列人数，60岁及以上不足10人",
        "第3人民医院有300人",
    ]


def test_of_buildings_no_number_is_told_whatever_is_listed():
    """Each question lists other buildings: what one list shows would be missing from the next."""
    table = pd.DataFrame(
        {"楼栋": ["一", "二"], "居民（人）": [300, 4], "每日容量（人次）": [5, 50], "户数": [1, 2]}
    )
    for part in (table, table.head(1)):
        told = withhold(part, 10)
        assert not set(map(str, told["居民（人）"])) & {"300", "4"}
        assert list(told["每日容量（人次）"]) == list(part["每日容量（人次）"])
    assert list(withhold(table, 10)["居民（人）"]) == [WITHHELD, "不足10"]


@pytest.mark.parametrize(("written", "least"), [(None, 10), ("0", 0), ("5", 5)])
def test_how_small_is_said_once_for_an_installation(tmp_path, monkeypatch, written, least):
    """By the environment, where there are accounts; on one's own computer nothing is withheld."""
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    monkeypatch.delenv(small_numbers.SETTING, raising=False)
    if written is not None:
        monkeypatch.setenv(small_numbers.SETTING, written)
    assert small_numbers.least_handed_out() == 0
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "accounts.json").write_text("{}")
    assert small_numbers.least_handed_out() == least
    table = pd.DataFrame({"社区": ["甲"], "居民（人）": [3]})
    assert (withhold(table, least) is table) == (least == 0)
    monkeypatch.setenv(small_numbers.SETTING, "十")
    with pytest.raises(ChunshuiError, match="应为0至100的整数"):
        small_numbers.least_handed_out()


PLANTED = 7  # people in one community, beside two with hundreds; no other number of it is 7


@pytest.fixture(scope="module")
def material():
    """A material in which a community has few participants of its activities, and a list of these."""
    made = make(1, 3)
    known = replace(made.definitions[2], metric="activity_attendance", unit="人次", target=None)
    places = made.communities.places
    counts = (PLANTED, 300, 400)
    figures = tuple(
        model.Figure("activity_attendance", place, n, f"{n}人次", n, None, f"计入{n}场", "无目标")
        for place, n in zip(places, counts, strict=True)
    )
    whole = model.Figure(
        "activity_attendance", model.Place(None, "全区"), 707, "707人次", 707, None, "", "无目标"
    )
    columns = (model.Column("社区"), model.Column("参加人次", "number"))
    rows = tuple((one.place.community, one.value) for one in figures)
    one = model.MatrixColumn("activity_attendance", counts, counts, (None,) * 3, ("无目标",) * 3)
    things = tuple(
        model.Member(f"H{n}", "活动", p.street, p.community, True, n, None, "活动.xlsx", "活动", 90)
        for p, n in zip(places, counts, strict=True)
    )
    return replace(
        made,
        sections=(
            model.Ranking("各社区活动", "活动", one.metric, "社区", whole, figures),
            model.Table("三场活动", "活动名单", columns, rows, 3),
        ),
        definitions=(known,),
        communities=model.Matrix("社区", places, (one,)),
        streets=model.Matrix("街道", (), ()),
        members=(model.Members(one.metric, things, 3),),
    )


def test_a_material_gives_no_small_number_back_in_any_format(material):
    """Neither the number nor all that it is the rest of, in what is kept and in each file of it."""
    told = withheld.withhold(material, 10)
    assert withheld.withhold(material, 0) is material
    ranking, table = told.sections
    assert [one.shown for one in ranking.figures] == ["不足10", WITHHELD, WITHHELD]
    assert [row[1] for row in table.rows] == ["不足10", WITHHELD, WITHHELD]
    assert told.communities.columns[0].values == (None,) * 3
    assert {one.numerator for one in told.members[0].rows} == {None}
    assert ranking.overall.value == 707  # of the whole scope
    when, formats = dt.datetime(2026, 11, 2, tzinfo=dt.UTC), ("xlsx", "whole", "pptx")
    before, made = (export.documents(one, when, formats) for one in (material, told))
    assert not made.faults
    assert len(made.files) == len(formats)
    for plain, (name, content) in zip(before.files.values(), made.files.items(), strict=True):
        assert {"7", "300", "400"} <= _numbers(name, plain), name  # where they would be found
        assert not {"7", "300", "400"} & _numbers(name, content), name


def _numbers(name: str, content: bytes) -> set[str]:
    """Every number of people that a file gives: of a workbook whole cells, of a text those before 人次."""
    if name.endswith("xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
        return {str(cell) for row in rows for cell in row if cell is not None}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(one).decode() for one in package.namelist() if one.endswith(".xml")]
    text = re.sub("<[^>]+>", "", "\n".join(parts))
    return set(re.findall(r"\d+(?=人次)", text)) | set(
        re.findall(r"(?<=>)(?:7|300|400)(?=<)", "".join(parts))
    )


def test_a_downloaded_table_has_words_for_small_numbers_in_every_format():
    """What is withheld is so in each, and what is not stays a number."""
    table = pd.DataFrame({"社区": ["甲", "甲", "乙"], "参加人次": [PLANTED, 300, 40]})
    told = withhold(table, 10)
    origin = table_files.Origin("活动", "全区", "", "v1", "演示", "", dt.datetime.now(dt.UTC))
    csv = table_files.to_csv(told, origin).decode("utf-8-sig").splitlines()[2:]
    assert csv == ["甲,不足10", "甲,不列", "乙,40"]
    sheet = openpyxl.load_workbook(io.BytesIO(table_files.to_xlsx(told, origin))).active
    assert [row[1] for row in sheet.iter_rows(4, values_only=True)] == ["不足10", "不列", 40]
    parquet = pd.read_parquet(io.BytesIO(table_files.to_parquet(told, origin)))
    assert list(parquet["参加人次"]) == ["不足10", "不列", "40"]
