"""Classes of a map."""

import math

from hypothesis import given
from hypothesis import strategies as st

from chunshui.catalogue.bands import (
    class_bounds,
    class_names,
    class_of,
    shade_words,
    stand_out,
    worse_end,
)
from chunshui.drawing.theme import LIGHT

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


@given(
    values=st.lists(st.floats(0, 100) | st.none(), min_size=2, max_size=40),
    kind=st.sampled_from(["ratio", "total", "quantile"]),
    direction=st.sampled_from(["up", "down", "none"]),
)
def test_the_strongest_shade_and_bar_are_the_worst_places(values, kind, direction):
    """Counted again by sorting: nothing worse is paler, on a page, on paper, in a bar."""
    end, bounds = worse_end(kind, direction), class_bounds(values)
    present = [value for value in values if value is not None]
    assert ("差" in shade_words(kind, direction)) == (end is not None)
    shades = LIGHT.shades(len(bounds) + 1, falling=end == "low")
    strength = {shade: number for number, shade in enumerate(LIGHT.bands)}
    ranked = [strength[shades[class_of(value, bounds)]] for value in sorted(present)]
    assert ranked == sorted(ranked, reverse=end == "low")
    strong = stand_out(values, ["无目标"] * len(values), kind, direction)
    if end is None or not bounds:
        assert not any(strong)
        return
    worst = max(present) if end == "high" else min(present)
    assert all(one for one, value in zip(strong, values, strict=True) if value == worst)
    rest = [
        value for one, value in zip(strong, values, strict=True) if not one and value is not None
    ]
    mine = [value for one, value in zip(strong, values, strict=True) if one]
    if rest:
        assert max(rest) < min(mine) if end == "high" else min(rest) > max(mine)
    statuses = ["未达标" if value == worst else "达标" for value in values]
    missed = stand_out(values, statuses, kind, direction)
    assert missed == [status == "未达标" for status in statuses]
