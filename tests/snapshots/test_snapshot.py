import dataclasses
import datetime as dt
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui import clock
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, comparison, model, stamp
from chunshui.snapshots.render import axis, table_layout
from chunshui.snapshots.render.pictures import drawings, pictures
from tests.snapshots.district import STREETS, make

WHEN = dt.datetime(2026, 11, 1, 9, 30, tzinfo=clock.zone())
NAMED = make()


def test_the_id_is_a_hash_of_the_content():
    first, again = make(), make()
    assert first is not again and first.id == again.id
    assert re.fullmatch(archive.ID, first.id)
    assert make(title="另一份").id != first.id
    assert make(seed=8).id != first.id
    moved = dataclasses.replace(first, meeting_date="2026-12-01")
    assert moved.id != first.id


def test_shapes_to_draw_on_are_no_part_of_the_id():
    snapshot = make()
    assert dataclasses.replace(snapshot, basemap=model.Basemap()).id == snapshot.id


def test_a_snapshot_survives_json_unchanged():
    snapshot = make()
    back = model.snapshot_from_plain(json.loads(model.canonical_json(model.as_plain(snapshot))))
    assert back == snapshot and back.id == snapshot.id


def test_json_is_canonical_and_plain():
    data = model.canonical_json(model.as_plain(make()))
    assert b"NaN" not in data and b": " not in data
    assert data == model.canonical_json(json.loads(data))


@pytest.mark.parametrize("broken", [{}, {"format": 1}, [], None])
def test_what_is_no_snapshot_is_refused_in_words(broken):
    with pytest.raises(model.SnapshotDamagedError, match="快照文件"):
        model.snapshot_from_plain(broken)


def test_a_number_is_frozen_with_twelve_digits():
    assert model.number(0.1 + 0.2) == 0.3
    assert model.number(11.0) == 11 and isinstance(model.number(11.0), int)
    assert model.number(float("nan")) is None and model.number(None) is None
    assert model.number(3_490_000_000.0) == 3_490_000_000


# -- archive -----------------------------------------------------------------------------------


def test_store_list_reopen(tmp_path):
    snapshot = make()
    about = archive.store(snapshot, by="王", now=WHEN, root=tmp_path)
    assert about.id == snapshot.id and about.frozen_at == "2026-11-01T09:30:00+08:00"
    assert archive.reopen(snapshot.id, tmp_path) == snapshot
    later = archive.store(make(title="乙"), now=WHEN + dt.timedelta(hours=1), root=tmp_path)
    lines, faults = archive.listing(tmp_path)
    assert [line.id for line in lines] == [later.id, about.id] and not faults
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_storing_again_changes_nothing(tmp_path):
    first = archive.store(make(), by="王", now=WHEN, root=tmp_path)
    again = archive.store(make(), by="李", now=WHEN + dt.timedelta(days=1), root=tmp_path)
    assert again == first and len(archive.listing(tmp_path)[0]) == 1


def test_many_storing_the_same_at_once(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda k: archive.store(make(), root=tmp_path), range(16)))
    assert len({about.id for about in found}) == 1
    assert [p.name for p in tmp_path.iterdir()] == [found[0].id]
    assert archive.reopen(found[0].id, tmp_path) == make()


def test_a_tampered_snapshot_is_not_opened(tmp_path):
    about = archive.store(make(), root=tmp_path)
    file = tmp_path / about.id / "content.json"
    file.write_bytes(file.read_bytes().replace("硚口区委组织部".encode(), "别处".encode()))
    with pytest.raises(model.SnapshotDamagedError, match=about.id):
        archive.reopen(about.id, tmp_path)
    with pytest.raises(model.SnapshotDamagedError):
        archive.store(make(), root=tmp_path)


@pytest.mark.parametrize("wanted", ["KZ-0000-0000-0000", "../../etc/passwd", "", "KZ-1"])
def test_an_unknown_id_is_said_in_words(tmp_path, wanted):
    with pytest.raises(archive.SnapshotMissingError, match="档案里没有"):
        archive.reopen(wanted, tmp_path)


def test_an_empty_archive_is_empty(tmp_path):
    assert archive.listing(tmp_path / "nowhere") == ([], [])


def test_compare_says_what_differs():
    a, b = make(), make(seed=8, title="乙")
    found = comparison.differences(a, b)
    assert ("标题", a.title, "乙") in [(d.what, d.a, d.b) for d in found]
    district = [d for d in found if d.place == "合计" and d.what.startswith("网格长配备率")]
    before, after = (s.sections[0].figures[0].value for s in (a, b))
    assert district[0].change == model.number(after - before)
    assert comparison.differences(a, make()) == []


def test_compare_sets_unlike_scopes_side_by_side():
    found = comparison.differences(make(), make(streets=2))
    assert ("范围", "全区3个街道", "全区2个街道") in [(d.what, d.a, d.b) for d in found]
    alone = next(d for d in found if d.what == "只在一份里的地点")
    assert "宗关街道" in alone.place and (alone.a, alone.b) == ("有", "无")
    assert any(d.place == "合计" and d.change for d in found)


def test_compare_says_what_only_one_has():
    a = make()
    b = dataclasses.replace(a, sections=a.sections[:2])
    found = [d for d in comparison.differences(a, b) if d.what == "部分"]
    assert len(found) == len({s.heading for s in a.sections}) - 2 or found
    assert all((d.a, d.b) == ("有", "无") for d in found)


# -- words and scales --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/简报:一/二", "etc_简报_一_二"),
        ("", "未命名"),
        ("...", "未命名"),
        ("CON\x00\u202etxt", "CON_txt"),
        ("长" * 300, "长" * stamp.NAME_LENGTH),
    ],
)
def test_a_file_name_is_never_a_path(title, name):
    assert stamp.safe_name(title) == name


@given(
    title=st.sampled_from(
        ("{}基层治理月拉练（{}）", "{}材料（{}）（宗关街道）", "{}月拉练", "{}：{}的材料", "第31期{}", "{}（一）（{}）")
    ),
    scope=st.lists(st.sampled_from(STREETS), min_size=1, max_size=11),
    times=st.integers(1, 6),
    period=st.sampled_from(
        ("2026年10月", "2026年1至10月", "2026年12月28日至2027年1月3日", "2026年12月")
    ),
    part=st.sampled_from(("", "一页", "长图", "图片", "各街道11份", "12-" + "很长的指标名" * 9,
                          "03-交办单 · 2026年11月12日交办的事项以及其他各项要办的事情")),
)  # fmt: skip
def test_the_period_in_a_file_name_is_whole(title, scope, times, period, part):
    words = "、".join(scope) * times + "街道"
    made = dataclasses.replace(
        NAMED, title=title.format(words, period), scope=words, as_of_words=period
    )
    name = stamp.file_name(made, "pptx", part)
    whole = period in name
    assert whole, name
    left = name.replace(period, "").replace("2026年11月12日", "")
    assert not re.search(r"\d+[年月]|（[^）]*$|2026", left), name
    assert name.endswith(f"{made.id}.pptx") and len(name.encode()) <= 255
    assert not part or part[:2] in name


def test_the_stamp_says_everything():
    mark = stamp.stamp(make(), WHEN)
    said = f"{mark.first_line} {mark.second_line}"
    for words in ("全区3个街道", "2026年10月", "v000003", make().id, "网格台账",
                  "2026-11-01 09:30", "演示数据（合成，非真实统计）"):  # fmt: skip
        assert words in said
    assert "演示" not in stamp.stamp(make(nature="实有"), WHEN).second_line


@pytest.mark.parametrize(
    ("values", "unit", "words"),
    [
        ([88.0, 99.0], "%", ["0%", "25%", "50%", "75%", "100%"]),
        ([3.49e9], "元", ["0", "10", "20", "30", "40"]),
        ([1, 5, 11], "个", ["0", "5", "10", "15"]),
        ([None], "个", ["0.00", "0.25", "0.50", "0.75", "1.00"]),
    ],
)
def test_an_axis_is_tidy(values, unit, words):
    scale = axis.axis(values, unit)
    assert [scale.words(tick) for tick in scale.ticks] == words


def test_an_axis_holds_its_values():
    for values in ([-3, 5], [-9, -2], [100, 100], [0], [1e-6], [50.1, 50.2], [1e12]):
        for from_zero in (True, False):
            scale = axis.axis(values, "个", from_zero=from_zero)
            assert scale.low <= min(values) and scale.high >= max(values)
            assert scale.ticks[0] == scale.low and scale.ticks[-1] == scale.high


def test_short_columns_keep_their_words_on_one_line():
    header, rows = ("程度", "说明"), [("▲ 紧急", "长" * 200)]
    first, second = table_layout.widths(header, rows, 60, 1.0)
    assert first >= table_layout.em("▲ 紧急") + 1 and abs(first + second - 60) < 1e-6
    assert table_layout.split_unit("34.9亿元") == ("34.9", "亿元")
    assert table_layout.split_unit("91.5%") == ("91.5%", "") and table_layout.split_unit("—") == (
        "—",
        "",
    )


def test_a_date_is_not_broken_beside_long_names():
    names = ["类别", "状态", "应办结", "受理", "街道", "社区", "事项编号", "台账文件"]
    row = ["电动车充电", "待接", "2026-01-15", "2026-01-03", "韩家墩街道", "太平洋社区", "MQ0677"]
    rows = [(*row, "民情台账.xlsx")]
    shares = table_layout.widths(names, rows, 52, 1.2)
    assert sum(shares) == pytest.approx(52)
    for at in (2, 3, 6):
        assert shares[at] >= table_layout.em(rows[0][at]) + 1.2 - 1e-9


@given(
    st.lists(st.text("汉字街道 2026-1", min_size=1, max_size=40), min_size=1, max_size=9),
    st.floats(20, 80),
)
def test_columns_share_the_width_whatever_stands_in_them(cells, total):
    given_widths = table_layout.widths(cells, [cells], total, 1.2)
    assert sum(given_widths) == pytest.approx(total) and min(given_widths) > 0


@pytest.mark.parametrize("kind", ["total", "ratio", "quantile"])
def test_the_whole_of_a_total_is_written_and_not_drawn_beside_its_parts(kind):
    snapshot = make()
    ranking = next(one for one in snapshot.sections if isinstance(one, model.Ranking))
    whole = dataclasses.replace(ranking.overall, value=712.0, shown="712项")
    parts = [
        dataclasses.replace(figure, value=float(22 + k), shown=f"{22 + k}项", status="无目标")
        for k, figure in enumerate(ranking.figures)
    ]
    ranking = dataclasses.replace(ranking, overall=whole, figures=tuple(parts))
    definition = dataclasses.replace(
        snapshot.definition(ranking.metric), kind=kind, unit="项", target=None, target_shown=""
    )
    drawn = drawings.bars_drawing(ranking, definition).body
    assert ("712项" in drawn) == (kind != "total")
    assert (">800<" in drawn) == (kind != "total")  # the axis reaches the whole, or the parts
    assert "712项" in drawings.whole_words(ranking)


def test_a_value_beyond_what_is_measured_is_said_in_cells_and_labels():
    assert axis.with_beyond("0.0", 20.83) == '[>=20.83]"超过"0.0;0.0'
    assert axis.with_beyond("0.0", None) == "0.0"
    snapshot = make()
    plain = model.as_plain(snapshot)
    assert all("most" not in one for one in plain["definitions"])
    known = tuple(dataclasses.replace(one, most=20.83) for one in snapshot.definitions)
    later = dataclasses.replace(snapshot, definitions=known)
    again = model.snapshot_from_plain(json.loads(model.canonical_json(model.as_plain(later))))
    assert again == later and again.id != snapshot.id


def test_errors_are_for_people():
    assert issubclass(archive.SnapshotMissingError, ChunshuiError)


@pytest.mark.parametrize(
    ("values", "nothing"),
    [((0, 0, 0), True), ((5, None, 5), True), ((None,), True), ((0, 1, None), False)],
)
def test_a_picture_of_one_value_is_none(values, nothing):
    _, drawn, ranked, _, trend, *_ = make().sections
    series = dataclasses.replace(trend.series[0], values=values)
    figures = tuple(
        dataclasses.replace(one, value=value)
        for one, value in zip(ranked.figures, values, strict=False)
    )
    points = dataclasses.replace(drawn, points=(), figures=figures)
    for section in (
        dataclasses.replace(trend, series=(series,)),
        dataclasses.replace(ranked, figures=figures),
        points,
    ):
        assert model.is_empty(section) == nothing == (not pictures.can_draw(section))
