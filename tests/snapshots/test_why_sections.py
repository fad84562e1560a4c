"""为什么变, 变动名单 and 差多少达标 as sections of the meeting material."""

import datetime as dt
import io
import zipfile

import pytest
from pptx import Presentation

from chunshui.errors import ChunshuiError
from chunshui.snapshots.freeze import snapshot_of
from chunshui.snapshots.render import export
from chunshui.snapshots.selection import Choice, Selection
from chunshui.ui.topics.meeting import data

POSTS = ("grid_roles_filled",)


def test_the_three_sections_are_frozen_and_printed(reader):
    choices = tuple(Choice(kind, POSTS) for kind in ("why", "flows", "to_target"))
    frozen = snapshot_of(reader, Selection("2026-10", choices, members=False))
    why, flows, gap = frozen.sections
    assert why.title == (
        "“一长六员”配齐率由上月的74.0%降到69.0%，下降5.0个百分点：72个网格新缺岗位，37个网格补齐岗位"
    )
    assert why.rows[-1][0] == "合计" and why.rows[-1][3] == pytest.approx(-5.01)
    assert sum(row[3] for row in why.rows[:-1]) == pytest.approx(-5.01, abs=0.05)
    assert flows.total == 109 and gap.total == 217
    assert "还须有148个网格补齐岗位才能达标" in gap.title
    assert frozen.id == snapshot_of(reader, Selection("2026-10", choices, members=False)).id
    made = export.documents(frozen, dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC))
    assert not made.faults
    files = {name.rpartition(".")[2]: content for name, content in made.files.items()}
    titles = [
        slide.shapes.title.text_frame.text
        for slide in Presentation(io.BytesIO(files["pptx"])).slides
        if slide.shapes.title is not None
    ]
    assert why.title in titles  # whole, not cut
    with zipfile.ZipFile(io.BytesIO(files["xlsx"])) as book:
        assert why.title in book.read("xl/sharedStrings.xml").decode("utf-8")


def test_a_year_back_and_one_street(reader):
    choices = (Choice("why", POSTS, yearly=True),)
    frozen = snapshot_of(
        reader, Selection("2026-10", choices, streets=("420104001",), members=False)
    )
    assert "由上年同期的" in frozen.sections[0].title
    assert frozen.sections[0].columns[0].label == "社区"


def test_a_month_that_nothing_is_before_is_said_in_words(reader):
    with pytest.raises(ChunshuiError, match="无从比较"):
        snapshot_of(reader, Selection("2023-11", (Choice("why", POSTS),)))


def test_they_are_offered_for_every_metric_they_can_be():
    labels = set(data.sections())
    assert {"为什么变 · “一长六员”配齐率", "差多少达标 · “一长六员”配齐率"} <= labels
    assert "差多少达标 · 党群服务阵地数" not in labels
