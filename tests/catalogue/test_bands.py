"""Classes of a map."""

import math

from hypothesis import given
from hypothesis import strategies as st

from chunshui.catalogue.bands import class_bounds, class_names, class_of

numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda v: round(v, 4))
missing = st.sampled_from([None, math.nan])


@given(st.lists(st.one_of(numbers, missing), max_size=40))
def test_bounds_rise_and_every_value_has_a_class(values):
    cuts = class_bounds(values)
    assert cuts == sorted(set(cuts))
    assert len(cuts) <= 4
    present = [value for value in values if value is not None and not math.isnan(value)]
    assert all(0 <= class_of(value, cuts) <= len(cuts) for value in present)
    held = {class_of(value, cuts) for value in present}
    assert len(held) == (len(cuts) + 1 if present else 0), "no class is empty"
    assert bool(cuts) == (len(set(present)) > 1), "different values are told apart"


def test_a_bound_opens_its_class():
    assert class_of(90, [80, 90]) == 2
    assert class_of(None, [80, 90]) is None
    assert class_of(math.nan, [80, 90]) is None


def test_counts_that_are_mostly_nought():
    assert class_bounds([0] * 100 + [1, 2]) == [1]


def test_names():
    cuts = class_bounds([71.0, 80, 84, 90, 93, 99, None])
    names = class_names(cuts, "%")
    assert len(names) == len(cuts) + 1
    assert names[0] == f"低于{cuts[0]:g}%"
    assert class_names([], "%") == ("各处相同",)
    assert class_names([2e6, 5e6], "元") == ("低于200万元", "200–500万元", "500万元及以上")


def test_classes_of_whole_numbers_are_named_by_them():
    counts = [0, 0, 0, 1, 4, 7]
    assert class_names([1], "项", counts) == ("0", "1及以上")
    assert class_names([1, 5], "个", [*counts, None]) == ("0", "1–4", "5及以上")
    assert class_names([1], "项", [*counts, 0.5]) == ("低于1", "1及以上")
