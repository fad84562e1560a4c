"""Editions: states of districts, what is refused and in which words, and that one published never changes."""

import os
import re
import shutil

import pandas as pd
import pytest
import shapely

from chunshui import cli
from chunshui.city import comparison
from chunshui.errors import ChunshuiError, PublishBusyError
from chunshui.pipeline import values
from chunshui.warehouse import Store, publish, reader
from tests.catalogue import district
from tests.city import planted
from tests.city.planted import LAST, NAMES

ONE, TWO, THREE, *REST = NAMES
DAMAGES = {
    "a byte": planted.alter,
    "missing": lambda path: path.unlink(),
    "cut short": lambda path: planted.alter(path, keep=-99),
}


def states(edition):
    return {one.district: one.state for one in edition.districts}


def version_file(city, code, version="v000001"):
    return city.store(code).path(version)


def test_late_missing_and_left_out_are_states(city):
    """A late one is in no rank and no sum unless it is carried, which the edition says."""
    shutil.rmtree(city.root / "districts" / ONE)
    planted.publish_district(city.root, ONE, months=district.MONTHS[:-1])
    shutil.rmtree(city.root / "districts" / TWO)
    (city.root / "districts" / TWO).mkdir()
    plain = city.publish(label="迟报", by="测试", without=[planted.OLDER])
    assert states(plain) == dict.fromkeys(NAMES, "到齐") | {
        ONE: "迟报", TWO: "未报", planted.OLDER: "未列入",
    }  # fmt: skip
    rows = comparison.ranking(plain, "grid_leader_rate", "base", LAST).set_index("district")
    assert rows.loc[[ONE, TWO, planted.OLDER], ["rank", "value"]].isna().all(axis=None)
    assert rows.at[ONE, "reason"] == "只报到2025年9月。"
    assert list(rows.index[-3:]) == [ONE, TWO, planted.OLDER]  # under those that are ranked
    assert comparison.total(plain, "grid_leader_rate", "base", LAST).sentence == "3/7个区"
    carried = city.publish(label="沿用", by="测试", without=[planted.OLDER], carry=[ONE])
    rows = comparison.ranking(carried, "grid_leader_rate", "base", LAST).set_index("district")
    assert rows.at[ONE, "state"] == "迟报"
    assert rows.at[ONE, "carried"]
    before = comparison.ranking(carried, "grid_leader_rate", "base", "2025-09")
    assert rows.at[ONE, "value"] == before.set_index("district").at[ONE, "value"]
    assert comparison.total(carried, "grid_leader_rate", "base", LAST).sentence == "4/7个区"
    streets = comparison.street_values(carried, "grid_leader_rate", "base", LAST)
    assert ONE in set(streets["district"])


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_version_is_a_state_of_the_next_edition_and_nothing_of_this_one(city, damage):
    shown = city.publish(label="一", by="测试")
    before = comparison.ranking(shown, "circle_coverage", "base", LAST)
    DAMAGES[damage](version_file(city, TWO))
    shutil.rmtree(city.store(TWO).root / "values")
    again = city.current()
    assert again.id == shown.id
    pd.testing.assert_frame_equal(
        comparison.ranking(again, "circle_coverage", "base", LAST), before
    )
    assert list(again.faults()) == [TWO]
    assert "v000001" in again.faults()[TWO]
    assert TWO not in set(
        comparison.street_values(again, "grid_leader_rate", "base", LAST)["district"]
    )
    after = city.publish(label="二", by="测试")
    assert states(after)[TWO] == "损坏"
    assert after.district(TWO).why


def test_a_version_of_a_newer_engine_is_a_state(city, monkeypatch):
    """DuckDB says so when it opens the file; every hash is right."""
    shutil.rmtree(city.store(TWO).root / "values")
    opened = reader.connect

    def connect(path, *, read_only):
        if f"/{TWO}/" in str(path):
            raise reader.duckdb.IOException("Trying to read a database file with a newer version")
        return opened(path, read_only=read_only)

    monkeypatch.setattr(reader, "connect", connect)
    found = city.publish(label="新", by="测试").district(TWO)
    assert found.state == "损坏"
    assert "由更新的软件建成" in found.why


def real(city):
    planted.publish_district(city.root, TWO, 1, nature="实有")


def ahead(city):
    months = [*district.MONTHS, pd.Timestamp("2025-11-01").date()]
    planted.publish_district(city.root, THREE, 2, months=months)


def double(city):
    shutil.rmtree(city.root / "districts" / TWO)
    shutil.copytree(city.root / "districts" / ONE, city.root / "districts" / TWO)


def foreign_street(city):
    rows = planted.tables(TWO, 1)
    for table in rows.values():
        for column in ("street_code", "community_code"):
            if column in table:
                table[column] = table[column].str.replace(f"{TWO}002", f"{ONE}002")
    planted.publish_district(city.root, TWO, rows=rows)


def nothing(city):
    for code in NAMES:
        shutil.rmtree(city.root / "districts" / code / "versions")


def badly_named(city):
    (city.root / "districts" / "江岸").mkdir()


REFUSED = [
    (real, {}, r"演示数据与实有数据不能混.*实有：江二区.*--without"),
    (ahead, {}, r"只有江三区（420103）报到2025-11，其他各区最晚到2025-10.*--month"),
    (double, {}, r"文件夹420102里发布的是江一区（420101）的数据.*districts/420101"),
    (
        foreign_street,
        {},
        r"江二区（420102）的v000002里有别区的街道或社区：乙街道（420101002）.*改正名录",
    ),
    (nothing, {}, r"没有一个区有可用的版本.*city build"),
    (badly_named, {}, r"江岸不是区划代码.*六位代码"),
    (None, {"label": " \n"}, "--label 要写这一期的名称"),
    (None, {"without": ["420999"]}, r"--without 写的420999不在本市"),
    (None, {"carry": [ONE]}, r"江一区（420101）是到齐，不是迟报，不能写 --carry"),
    (None, {"month": "2026-01"}, r"没有一个区报到2026-01.*--month"),
    (None, {"month": "1990-01"}, r"最早从2023-11起才有数，不能汇总1990-01.*--month"),
]


@pytest.mark.parametrize(
    ("plant", "asked", "words"), REFUSED, ids=lambda one: getattr(one, "__name__", None)
)
def test_what_cannot_stand_in_one_edition_is_refused_in_words(city, plant, asked, words):
    if plant:
        plant(city)
    with pytest.raises(ChunshuiError, match=words):
        city.publish(**({"label": "不行", "by": "测试"} | asked))
    if plant is foreign_street:  # which keeps no other from being listed
        found = city.reports(listing=True)
        assert isinstance(found[ONE], values.Values)
        assert "改正名录" in found[TWO].why
    assert city.pointer() is None
    assert not list(city.folder.glob("*.json"))


def test_a_month_given_settles_who_is_ahead(city):
    ahead(city)
    shown = city.publish(label="十月", by="测试", month=LAST)
    assert set(states(shown).values()) == {"到齐"}
    assert shown.as_of == LAST
    assert shown.months[-1] == LAST


def test_an_edition_altered_or_cut_short_is_refused(city):
    shown = city.publish(label="一", by="测试")
    description, figures = (
        city.folder / f"{shown.id}.json",
        city.folder / shown.id / "district_value.parquet",
    )
    kept = {path: path.read_bytes() for path in (description, figures)}
    for path, damage in ((p, d) for p in kept for d in ("a byte", "cut short", "missing")):
        DAMAGES[damage](path)
        with pytest.raises(ChunshuiError, match=rf"全市汇总{shown.id}.*city undo"):
            city.current()
        path.unlink(missing_ok=True)
        path.write_bytes(kept[path])
        assert city.current().id == shown.id
    DAMAGES["cut short"](figures)
    assert city.publish(label="一", by="测试").id == shown.id  # made again, the same
    assert figures.read_bytes() == kept[figures]
    city.pointer_file.write_text("0123456789ab\n")
    with pytest.raises(ChunshuiError, match=rf"没有全市汇总0123456789ab.*现有：{shown.id}"):
        city.current()


def test_an_edition_stands_whatever_the_districts_do(city):
    shown = city.publish(label="一", by="测试")
    before = comparison.ranking(shown, "opinions_received", "base", LAST)
    planted.publish_district(city.root, ONE, 3)  # the district publishes again, and takes it back
    later = city.publish(label="二", by="测试")
    assert (later.district(ONE).version, later.district(TWO).version) == ("v000002", "v000001")
    publish.undo(city.store(ONE), by="测试")
    assert comparison.ranking(later, "opinions_received", "base", LAST).equals(
        comparison.ranking(city.edition(later.id), "opinions_received", "base", LAST)
    )
    assert comparison.ranking(city.edition(shown.id), "opinions_received", "base", LAST).equals(
        before
    )
    assert city.undo(by="测试").id == shown.id
    assert city.publish(label="一", by="测试").id == shown.id  # same content: same edition
    assert len(city.editions()) == 2
    with pytest.raises(ChunshuiError, match=f"现在使用的就是全市汇总{shown.id}"):
        city.undo(shown.id, by="测试")
    assert city.undo(later.id, by="测试").id == later.id
    assert [one.action for one in city.history()] == ["发布", "发布", "回退", "回退"]


def test_what_was_laid_ready_is_taken_once_and_kept_for_the_edition(city):
    planted.publish_district(city.root, ONE, 1, serve=False, inputs="x")
    planted.publish_district(city.root, TWO, 1, serve=False)  # the district's own trial
    shown = city.publish(label="一", by="测试")
    assert shown.district(ONE).version == "v000002"
    assert shown.district(TWO).version == "v000001"
    with pytest.raises(ChunshuiError, match=r"v000002已列入全市汇总，不能撤掉"):
        publish.discard(city.store(ONE), "v000002", by="测试")
    publish.discard(city.store(TWO), "v000002", by="测试")
    planted.publish_district(city.root, ONE, 2)  # what it publishes later is what it says
    assert city.publish(label="二", by="测试").district(ONE).version == "v000003"


def test_two_publish_at_once_one_after_the_other(city):
    with publish.held(city.root, "另一人", 0), pytest.raises(PublishBusyError, match="另一人"):
        city.publish(label="一", by="测试", wait=0)
    assert city.publish(label="一", by="测试").label == "一"


def test_a_district_alone_has_nothing_of_all_this(whole, tmp_path):
    planted.publish_district(tmp_path, ONE)
    found = {path.name for path in Store(tmp_path / "districts" / ONE / "versions").root.iterdir()}
    assert not found & {"values", "pinned"}


def test_an_export_altered_is_made_again_the_same(city):
    store = city.store(ONE)
    made = values.export(store, "v000001")
    path = store.values / "v000001" / values.VALUES
    planted.alter(path)
    killed, at_work = (store.values / f".writing-{one}" for one in "ab")
    for left in (killed, at_work):
        left.mkdir()
    os.utime(killed, (0, 0))
    assert values.export(store, "v000001") == made
    assert (killed.exists(), at_work.exists()) == (False, True)
    planted.publish_district(city.root, ONE, 0)
    again = values.export(store, "v000002")
    assert again.figures == made.figures
    assert again.sha256 != made.sha256


def test_neighbours_on_the_same_ground_are_noted(city):
    for number, code in enumerate((ONE, TWO)):
        rows = planted.tables(code, number)
        rows["district"]["shape"] = [
            shapely.to_wkb(shapely.box(114 + number / 2, 30, 115 + number / 2, 31))
        ]
        planted.publish_district(city.root, code, number, rows=rows)
    shown = city.publish(label="重叠", by="测试", without=[THREE, *REST])
    assert shown.notes == (
        "江一区（420101）与江二区（420102）的范围重叠（占小的一个的50%）。请核对区界。",
    )


def test_districts_renamed_merged_and_split_are_noted(city):
    city.publish(label="九月", by="测试", month="2025-09")
    rows = planted.tables(ONE, 0)
    rows["district"]["district_name"] = "江东区"
    planted.publish_district(city.root, ONE, rows=rows)
    shutil.rmtree(city.root / "districts" / TWO)
    (city.root / "districts" / "420108").mkdir()
    shown = city.publish(label="十月", by="测试", month=LAST)
    assert [one.partition("。")[0] for one in shown.notes] == [
        "上一期（九月）有江二区（420102），这一期没有它的文件夹",
        "代码420108的区（420108）上一期（九月）没有，是新列入的",
        "江东区（420101）上一期（九月）叫江一区",
    ]
    assert city.publish(label="十月", by="测试", month=LAST).id == shown.id


def test_the_commands_say_who_is_in_and_what_differs(city, capsys, monkeypatch):
    def said(*arguments, status=0):
        assert cli.main(["city", *arguments]) == status
        told = capsys.readouterr()
        return told.err if status else told.out

    assert "还缺城市文件夹" in said("status", status=1)
    monkeypatch.setenv("CHUNSHUI_CITY", str(city.root))
    assert "还没有发布过全市汇总" in said("status")
    text = said("publish", "--label=2025年10月")
    assert "计入7/7个区" in text
    assert "江五区的网格岗位字典不同，不参与排名：网格长到岗率" in text
    first = city.current().id
    planted.publish_district(city.root, ONE, 3)
    said("publish", "--label=更正", f"--without={planted.OLDER}")
    second = city.current().id
    text = said("compare", first, second)
    assert re.search(r"420101 .*v000001 .*→ .*v000002", text)
    assert re.search(r"民情.*（6/7个区） → .*（6/7个区）", text)
    assert first in said("undo")
    assert "使用中" in said("status")
    city.pointer_file.unlink()
    city.pointer_file.mkdir()
    assert f"{city.pointer_file} 该是文件却是文件夹" in said("status", status=1)
