"""Scenarios in the address: read back as they were written, whatever stands there."""

import json
from types import SimpleNamespace

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from chunshui.circles.question import FUNCTIONS
from chunshui.circles.scenario import Step
from chunshui.ui.topics.circles import plans

CIRCLES = SimpleNamespace(stations=pd.DataFrame({"station_id": [f"ZD-{k}" for k in range(5)]}))
words = st.text(min_size=1, max_size=12).map(str.strip).filter(bool)
degrees = st.floats(100, 120, allow_nan=False)
station = st.integers(0, 4)
steps = st.one_of(
    st.builds(lambda w, s: Step("停用", w, s), words, station),
    st.builds(lambda w, s, x, y: Step("迁移", w, s, x, y), words, station, degrees, degrees),
    st.builds(
        lambda w, x, y, f, c: Step("新增", w, None, x, y, f, c),
        words,
        degrees,
        degrees,
        st.sampled_from([None, *FUNCTIONS]),
        st.none() | st.floats(1, 100_000),
    ),
)


@given(st.dictionaries(words, st.lists(steps, max_size=4).map(tuple), min_size=1, max_size=4))
def test_scenarios_are_read_back_from_the_address(held):
    assert plans.read(plans.written(held, CIRCLES), CIRCLES) == (held, 0)


@given(st.lists(st.text(max_size=30) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9), st.lists, max_leaves=9
).map(json.dumps), max_size=8))  # fmt: skip
def test_whatever_stands_there_is_left_out_and_counted(asked):
    held, strange = plans.read(asked, CIRCLES)
    assert held and 0 <= strange <= len(asked)
    assert all(isinstance(step, Step) for plan in held.values() for step in plan)
    assert plans.read(plans.written(held, CIRCLES), CIRCLES) == (held, 0)
