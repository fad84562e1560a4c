"""Months are parsed, shifted and counted right."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui.errors import ChunshuiError
from chunshui.month import Month

MONTHS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)).map(Month.of)


@pytest.mark.parametrize("text", ["2025-1", "2025/10", "202510", "2025-13", "", None, "2025-10-01"])
def test_a_month_written_wrong_is_refused(text):
    with pytest.raises(ChunshuiError, match="看不懂"):
        Month.parse(text)


def test_days_and_words():
    assert Month.parse("2024-02").last == dt.date(2024, 2, 29)
    assert Month.of(dt.date(2025, 12, 31)).first == dt.date(2025, 12, 1)
    assert Month(2026, 3).words == "2026年3月" and str(Month(2026, 3)) == "2026-03"
    assert Month(2025, 1).shift(-1) == Month(2024, 12)
    assert Month(2025, 12).shift(13) == Month(2027, 1)
    assert [str(one) for one in Month(2025, 11).until(Month(2026, 1))] == [
        *("2025-11", "2025-12", "2026-01")
    ]


@given(MONTHS, MONTHS)
def test_arithmetic_agrees_with_the_calendar(one, other):
    assert Month.parse(str(one)) == one
    assert (one < other) == (one.first < other.first) == (str(one) < str(other))
    assert other.shift(one - other) == one
    assert one.last + dt.timedelta(1) == one.shift(1).first
    assert len(one.until(other)) == max(0, other - one + 1)
