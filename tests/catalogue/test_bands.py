"""Classes of a map."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui import words
from chunshui.catalogue.bands import (
    class_bounds,
    classes_of,
    fixed_classes,
    plain_strengths,
    shade_words,
    stand_out,
    worse_end,
)
from chunshui.catalogue.by_place import map_classes, place_table
from chunshui.catalogue.figure import has_target, written
from chunshui.catalogue.metric import LEVELS, Metric, all_metrics, get_metric

AIMED = [
    (metric, level)
    for metric in all_metrics().values()
    for level in LEVELS[1:]
    if has_target(metric, level)
]
numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda v: round(v, 4))
missing = st.sampled_from([None, math.nan])


@given(st.lists(st.one_of(numbers, missing), max_size=40))
def test_bounds_rise_and_every_value_has_a_class(values):
    cuts = class_bounds(values)
    assert cuts == sorted(set(cuts))
    assert len(cuts) <= 4
    present = [value for value in values if value is not None and not math.isnan(value)]
    classes = fixed_classes(cuts, "", falling=False)
    held = {classes.of(value) for value in values} - {None}
    assert held <= set(range(len(cuts) + 1))
    assert len(held) == (len(cuts) + 1 if present else 0), "no class is empty"
    assert bool(cuts) == (len(set(present)) > 1), "different values are told apart"


def test_a_bound_opens_its_class():
    classes = fixed_classes([80, 90], "%", falling=True)
    assert classes.names == ("低于80%", "80–90%", "90%及以上")
    assert [classes.of(value) for value in (79.9, 80, 90, None, math.nan)] == [0, 1, 2, None, None]


def test_counts_that_are_mostly_nought():
    assert class_bounds([0] * 100 + [1, 2]) == [1]


def named(metric: Metric, *values: float) -> tuple[str, ...]:
    return classes_of(metric, "community", values).names


def test_names():
    rate = replace(get_metric("grid_roles_filled"), target=None, amber=None)
    assert named(rate, 71.0, 80, 84, 90, 93, 99, math.nan)[0] == "低于80%"
    assert named(rate, 80, 80) == ("均为80.0%",)
    assert named(rate) == ()
    money = get_metric("fund_balance")
    assert named(money, 1e6, 1e6, 1e6, 3e6, 3e6, 8e6) == ("低于300万元", "300万元及以上")


def test_classes_of_whole_numbers_are_named_by_them():
    count = get_metric("station_count")
    assert named(count, *[0] * 100, 1, 2) == ("0", "1及以上")
    assert named(count, 0, 0, 0, 1, 4, 7)[0] == "0"
    assert named(count, *[0] * 100, 1, 2.5) == ("低于1", "1及以上")


@pytest.mark.parametrize(
    ("metric", "values", "names"),
    [
        (
            "grid_roles_filled",  # target 90, amber 85
            (60, 70, 87, 92, 95, 100),
            ("低于65%（未达标）", "65–85%（未达标）", "85–90%（接近）", "90–95%（达标）", "95%及以上（达标）"),
        ),
        ("grid_roles_filled", (91, 91), ("均为91.0%（达标）",)),
        ("grid_roles_filled", (91, 95), ("90–93%（达标）", "93%及以上（达标）")),
        ("grid_leader_rate", (97, 99, 100), ("低于98%（未达标）", "98–100%（接近）", "100%（达标）")),
        ("opinion_return_rate", (10, 12, 13), ("10%及以下（达标）", "10–12%（接近）", "超过12%（未达标）")),
        ("opinions_open_overdue", (0, 0, 1, 2, 9), ("0（达标）", "1（未达标）", "2–4（未达标）", "5及以上（未达标）")),
        ("investment_paid_rate", (85, 92, 103), ("85–90%（接近）", "90–100%（达标）", "超过100%（超付）")),
    ],
)  # fmt: skip
def test_classes_at_a_target_say_on_which_side_they_are(metric, values, names):
    assert named(get_metric(metric), *values) == names


@given(st.data())
def test_no_class_holds_what_reaches_the_target_and_what_misses_it(data):
    """Judged again from the text: by class and by shade, whatever the values."""
    metric, level = data.draw(st.sampled_from(AIMED))
    near = st.floats(-0.2, 0.2).map(lambda d: max(metric.target + d, 0))
    far = st.integers(0, 12) if metric.kind == "total" else st.floats(0, 130)
    values = data.draw(
        st.lists(st.one_of(far, near, st.sampled_from(metric.bounds), missing), max_size=40)
    )
    classes = classes_of(metric, level, values)
    present = [value for value in values if value is not None and not math.isnan(value)]
    assert {classes.of(value) for value in present} == set(range(len(classes.names)))
    assert len(classes.names) == len(classes.strengths) <= 5 + metric.is_payment
    sides: dict[int, set[bool]] = {}
    sign = 1 if metric.direction == "up" else -1
    for value in present:
        text = written(metric, value).text.removesuffix(words.behind(metric.unit)).replace(",", "")
        reached = sign * float(text) >= sign * metric.target
        sides.setdefault(classes.of(value), set()).add(reached)
        said = classes.names[classes.of(value)].partition("（")[2]
        assert (said == "达标）") == reached or said == "超付）"
    assert all(len(side) == 1 for side in sides.values())
    shades = {
        reached: {s for k, s in enumerate(classes.strengths) if sides[k] == {reached}}
        for reached in (True, False)
    }
    if shades[True] and shades[False] and "超付" not in "".join(classes.names):
        assert max(shades[True]) < min(shades[False])


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
    shades = plain_strengths(len(bounds) + 1, falling=end == "low")
    classes = fixed_classes(bounds, "%", falling=end == "low")
    ranked = [classes.strengths[classes.of(value)] for value in sorted(present)]
    assert ranked == sorted(ranked, reverse=end == "low")
    assert classes.strengths == shades and len(set(shades)) == len(shades)
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


@pytest.mark.parametrize(
    "metric_id", [m.id for m in all_metrics().values() if m.level == "community"]
)
def test_the_classes_of_a_map_hold_the_places_of_every_month(small, metric_id):
    """Of each place looked at by itself: the class that is named holds what is written of it."""
    metric, classes = get_metric(metric_id), map_classes(small, metric_id, "community")
    for month in ("2023-12", "2025-10"):
        rows = place_table(small, metric_id, month, "community")
        for row in rows[rows["community_code"].notna() & ~rows["small"]].to_dict("records"):
            number = classes.of(row["value"])
            assert (number is None) == math.isnan(row["value"]), (month, row["value"])
            if number is not None and has_target(metric, "community"):
                assert row["status"] in classes.names[number]
    assert len(classes.names) <= 5 + metric.is_payment
