"""What is said about a number is as right as the number: written values, changes, statuses, superlatives."""

import math
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chunshui import words
from chunshui.catalogue.metric import all_metrics
from chunshui.catalogue.stored import version_months
from chunshui.warehouse import Store
from tests.catalogue.wording_sweep import faults, read, read_change

UNITS = ("%", "元", "人", "户", "个", "天", "平方米/百户", "元/户", "分钟", "家")
VALUES = st.one_of(
    st.floats(-1e10, 1e10),
    st.floats(0, 100),
    st.integers(-1000, 10**9).map(float),
    st.integers(0, 1000).map(lambda tenths: tenths / 10),
)


@given(VALUES, st.sampled_from(UNITS), st.lists(st.integers(0, 100).map(float), max_size=2))
@example(97.96, "%", [98.0])
@example(97.9999999, "%", [98.0])
@example(0.0004, "%", [])
@example(99.9999, "%", [])
@example(29.96, "平方米/百户", [30.0, 25.0])
def test_what_is_written_lies_on_its_own_side_of_every_bound(value, unit, bounds):
    written = words.written(value, unit, tuple(bounds))
    shown = read(written.text)
    assert shown == written.value
    exact = Decimal(round(value)) if abs(value - round(value)) < 1e-9 else Decimal(repr(value))
    for bound in (0, *bounds, *([100] if unit == "%" else [])):
        assert (exact > Decimal(str(bound))) == (shown > Decimal(str(bound)))
        assert (exact < Decimal(str(bound))) == (shown < Decimal(str(bound)))
    step = Decimal(100_000_000 if "亿" in written.text else 10_000 if "万" in written.text else 1)
    assert abs(shown - exact) <= step * Decimal("0.51")


@given(VALUES, VALUES, st.sampled_from(UNITS))
@example(98.2, 94.9, "%")
@example(5.0e8, 65_490_000, "元")
@example(98.0, 97.96, "%")
def test_the_change_written_is_the_difference_of_what_is_written(now, before, unit):
    then, here = words.written(before, unit), words.written(now, unit)
    change = words.change(words.difference(here, then), unit)
    assert abs(read_change(change) - (read(here.text) - read(then.text))) < Decimal("0.006")
    assert (change == "持平") == (read(here.text) == read(then.text))


def test_nothing_contradicts_itself_in_the_demonstration(published):
    """A sample of what `python -m tests.catalogue.wording_sweep` goes through."""
    with Store(published / "versions").open() as reader:
        months = version_months(reader)
        january = [month for month in months if month.number == 1][-1]
        for number, metric in enumerate(all_metrics().values()):
            month = (months[-1], january, months[number % len(months)])[number % 3]
            assert not list(faults(reader, metric, month)), (metric.id, month)


def test_missing_is_missing():
    assert words.written(math.nan, "%").value is None
    assert words.change(words.difference(words.written(None), words.written(1.0)), "%") == "—"


@pytest.mark.parametrize("metric", all_metrics().values(), ids=lambda one: one.id)
def test_a_target_of_its_level_and_least_base_are_declared(metric):
    assert (metric.kind == "total") == (metric.fewest == 0)
    if metric.kind == "total" and metric.target:
        assert metric.target_level
