"""Numbers as officials write them."""

import math

import pytest

from chunshui import words


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (3_490_000_000, "元", "34.9 亿元"),
        (2_326_000, "元", "232.6 万元"),
        (9_999_000, "元", "999.9 万元"),
        (9_999_600, "元", "1,000 万元"),
        (25_138_000, "元", "2,514 万元"),
        (99_996_000, "元", "1.0 亿元"),
        (9_999, "元", "9,999 元"),
        (-12_000, "元", "-1.2 万元"),
        (530_000, "人", "53.0 万人"),
        (1292, "名", "1,292 名"),
        (2026, "家", "2,026 家"),
        (92.43, "%", "92.4%"),
        (99.96, "%", "99.9%"),
        (100, "%", "100.0%"),
        (0.01, "%", "不足 0.1%"),
        (0, "%", "0.0%"),
        (31.25, "平方米/百户", "31.2 平方米/百户"),
        (34_912.4, "元/户", "3.5 万元/户"),
        (712, "项", "712 项"),
        (12, "天", "12 天"),
        (5, None, "5"),
        (1234.5, "", "1,234.5"),
        (None, "元", "—"),
        (math.nan, "%", "—"),
    ],
)
def test_number(value, unit, written):
    assert words.number(value, unit) == written


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0.44, "%", "上升 0.4 个百分点"),
        (-3, "%", "下降 3.0 个百分点"),
        (0.04, "%", "持平"),
        (12, "名", "增加 12 名"),
        (-1, "个", "减少 1 个"),
        (0, "个", "持平"),
        (-2_500_000, "元", "减少 250.0 万元"),
        (1.5, "天", "上升 1.5 天"),
        (-0.3, "平方米/百户", "下降 0.3 平方米/百户"),
        (None, "%", "—"),
    ],
)
def test_change(value, unit, written):
    assert words.change(value, unit) == written


def test_small_words():
    assert words.fraction(1210, 1325, "家", "家") == "1,210/1,325 家"
    assert words.fraction(2.73e9, 3.49e9, "元", "元") == "27.3 亿元/34.9 亿元"
    assert words.fraction(3, 1140, "家", "户") == "3 家/1,140 户"
    assert words.fraction(None, 3, "家", "家") == "—"
    assert words.joined(["甲", "乙"]) == "甲、乙"
    assert words.joined(["甲", "乙", "丙", "丁"]) == "甲、乙、丙等 4 个"
    assert words.label("street_name") == "街道" and words.entity("station") == "阵地"


def test_every_fact_table_has_a_word(small):
    tables = small.frame("select distinct entity_table from lineage")["entity_table"]
    assert set(tables) <= set(words.ENTITIES)


def test_every_label_is_chinese():
    for word in words.COLUMNS.values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in word.label)
