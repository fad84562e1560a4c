"""Numbers as officials write them."""

import math
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui import words
from tests.catalogue.wording_sweep import read, read_change


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (3_490_000_000, "元", "34.9亿元"),
        (2_326_000, "元", "232.6万元"),
        (9_999_000, "元", "999.9万元"),
        (9_999_600, "元", "1,000万元"),
        (25_138_000, "元", "2,514万元"),
        (99_996_000, "元", "1.0亿元"),
        (278_630_000, "元", "2.79亿元"),
        (999_996_000, "元", "10.0亿元"),
        (3_100_000_000, "元", "31.0亿元"),
        (9_999, "元", "9,999元"),
        (-12_000, "元", "-1.2万元"),
        (530_000, "人", "53.0万人"),
        (1292, "名", "1,292名"),
        (2026, "家", "2,026家"),
        (92.43, "%", "92.4%"),
        (99.96, "%", "99.96%"),
        (99.999, "%", "99.99%"),
        (100, "%", "100%"),
        (0.01, "%", "0.01%"),
        (0.001, "%", "0.01%"),
        (0, "%", "0%"),
        (31.25, "平方米/百户", "31.3平方米"),
        (34_912.4, "元/户", "34,912元"),
        (45_930, "人次", "45,930人次"),
        (133_198, "人", "13.32万人"),
        (628_340, "元", "62.83万元"),
        (712, "项", "712项"),
        (12, "天", "12天"),
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
        (0.4, "%", "上升0.4个百分点"),
        (-3, "%", "下降3.0个百分点"),
        (0.04, "%", "上升0.04个百分点"),
        (12, "名", "增加12名"),
        (-1, "个", "减少1个"),
        (0, "个", "持平"),
        (-2_500_000, "元", "减少250万元"),
        (18_000_000, "元", "增加1,800万元"),
        (435_000_000, "元", "增加4.35亿元"),
        (219_210_000, "元", "增加21,921万元"),
        (1_435_000_000, "元", "增加14.35亿元"),
        (60_800, "人次", "增加6.08万人次"),
        (45_931, "人次", "增加45,931人次"),
        (1.5, "天", "上升1.5天"),
        (-0.3, "平方米/百户", "减少0.3平方米"),
        (None, "%", "—"),
    ],
)
def test_change(value, unit, written):
    assert words.change(value, unit) == written


def test_small_words():
    assert words.fraction(1210, 1325, "家", "家") == "1,210/1,325家"
    assert words.fraction(2.73e9, 3.49e9, "元", "元") == "27.3亿元/34.9亿元"
    assert words.fraction(123.0e4, 131e4, "元", "元") == "123/131万元"
    assert words.fraction(1.2345e8, 1.3102e8, "元", "元") == "12,345/13,102万元"
    assert words.fraction(4.5e5, 1.2e8, "元", "元") == "45/12,000万元"
    assert words.fraction(1, 2e5, "元", "元") == "0.0001/20万元"
    assert words.fraction(3, 1140, "家", "户") == "3家/1,140户"
    assert words.fraction(None, 3, "家", "家") == "—"
    assert words.joined(["甲", "乙"]) == "甲、乙"
    assert words.joined(["甲", "乙", "丙", "丁"]) == "甲、乙、丙等4个"
    assert words.label("street_name") == "街道" and words.entity("station") == "阵地"


@given(st.integers(0, 10**10), st.integers(10_000, 10**10))
def test_a_reader_works_out_the_percentage_beside_a_fraction(part, whole):
    text = words.fraction(part, whole, "元", "元")
    top, _, bottom = text.partition("/")
    unit = "" if "元" in top else bottom.lstrip("0123456789,.")
    shares = (Decimal(part) / whole, read(top + unit) / read(bottom))
    assert len({one.quantize(Decimal("0.001"), ROUND_HALF_UP) for one in shares}) == 1, text


@given(st.integers(10**5, 10**8 - 1), st.integers(10**5, 10**8 - 1))
def test_a_part_is_written_alike_alone_and_beside_its_whole(part, whole):
    """5,274.5万元 is not 5,274 on the tile and 5,275 in the opened number."""
    alone, (top, _, _) = (
        words.number(part, "元"),
        words.fraction(part, whole, "元", "元").partition("/"),
    )
    if alone.endswith("万元") and (whole >= 10**7) == (part >= 10**7):
        # Half a step where the share beside them asks for more digits: 1,648 and 1,648.49.
        assert abs(read(top + "万") - read(alone)) <= 5000


def test_every_fact_table_has_a_word(small):
    tables = small.frame("select distinct entity_table from lineage")["entity_table"]
    assert set(tables) <= set(words.ENTITIES)


def test_every_label_is_chinese():
    for word in words.COLUMNS.values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in word)


@given(
    value=st.floats(-1e10, 1e10),
    unit=st.sampled_from(["%", "元", "户", "人", "家", "平方米/百户", "元/户", "天", ""]),
)
def test_what_is_written_of_a_number_is_read_back(value, unit):
    """A table sorts by what it shows: a value, n/N, a change in words, with their scales."""
    text = words.number(value, unit)
    assert words.counted_number(text) == pytest.approx(float(read(text)))
    fraction = words.fraction(abs(value), 2 * abs(value) + 1, unit, unit)
    assert words.counted_number(fraction) == pytest.approx(
        float(words.counted_number(fraction.partition("/")[0]))
    )
    moved = round(float(words.written(value, unit).value), 2)  # no text has more digits
    text = f"较2025年10月{words.change(moved, unit)}"
    assert words.counted_number(text) == pytest.approx(float(read_change(f"较10月{text[9:]}")))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("超过20.8分钟", 20.8),
        ("≥90%", 90),
        ("55.0%（40–70%，12个）", 55),
        ("-1.2（-3至+1）", -1.2),
        ("与上月持平", 0),
        ("1,234", 1234),
        *dict.fromkeys(
            ["2026-10-31", "2026年10月", "18:00", "v000001", "LX0001", "420104009", "—"]
        ).items(),
    ],
)
def test_days_names_and_codes_are_no_numbers(text, number):
    assert words.counted_number(text) == number
