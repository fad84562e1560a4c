"""How a question's distances, its times and a station's hours are written."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui.circles.question import ADULT_SPEED, OLDER_SPEED, Question
from chunshui.circles.reach import REACH_M
from chunshui.circles.scenario import Step
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.circles import controls, finding
from chunshui.ui.topics.circles.data import Answer

DAY = dt.date(2026, 10, 31)


@pytest.mark.parametrize(
    ("question", "walk", "edge", "time"),
    [
        (Question(DAY, farthest_m=720.0), "10分钟（720米）", "15分钟1,080米", ""),
        (Question(DAY, farthest_m=480.0, speed=0.8), "10分钟（480米）", "22分钟1,080米", ""),
        (
            Question(DAY, farthest_m=500.0, weekday=3, minute=1140),
            "500米",
            "1,080米",
            "周三19:00",
        ),
    ],
)
def test_a_walk_is_written_as_it_was_chosen(question, walk, edge, time):
    assert finding.walk_words(question) == walk
    assert finding.edge_words(question, 1080.0) == edge
    assert finding.time_words(question) == time


@given(st.sampled_from(controls.WITHIN), st.sampled_from([ADULT_SPEED, OLDER_SPEED]))
def test_whatever_can_be_asked_is_a_band_and_is_written_as_it_was_asked(within, speed):
    number = float(within.rstrip("分钟米"))
    asked = number * 60 * speed if within.endswith("分钟") else number
    limits_m = Answer(None, Question(DAY, farthest_m=asked, speed=speed)).limits_m
    assert asked in limits_m and len(set(limits_m)) == len(limits_m) in (3, 4)
    assert list(limits_m) == sorted(limits_m) and asked <= REACH_M
    walk = finding.walk_words(Question(DAY, farthest_m=asked, speed=speed))
    assert walk.replace(",", "").startswith(within)


GAINS = st.lists(
    st.tuples(st.integers(1, 4000), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6
)


@given(GAINS)
def test_a_scenario_says_before_after_and_who_gains(parts):
    rows = [
        {
            "street_name": "甲街道", "community_name": f"{'子丑寅卯辰巳'[k]}社区",
            "denominator": people, "before": int(people * a), "after": int(people * b),
        }
        for k, (people, a, b) in enumerate(parts)
    ]  # fmt: skip
    places = pd.DataFrame(rows)
    places["gain"] = places["after"] - places["before"]
    scope = Scope(None, "2026-10", words="全区")
    step = Step("新增", "某处闲置房", lon=114.0, lat=30.0)
    said = finding.of_scenario(scope, Question(DAY), "方案一", [step], places)
    before, after = (sum(row[one] for row in rows) for one in ("before", "after"))
    assert said.startswith("全区步行10分钟（720米）走得到阵地的居民")
    assert said.endswith("方案一：新增某处闲置房。") and f"{after:,}人" in said
    assert (f"由{before:,}人" in said) == (before != after)
    assert before == after or f"{'多' if after > before else '少'}{abs(after - before):,}人" in said
    for sign, way in ((1, "增加的"), (-1, "减少的")):
        gains = {row["community_name"]: sign * (row["after"] - row["before"]) for row in rows}
        most = max(gains.values())
        assert (way in said) == (most > 0)
        if most > 0:
            clause = next(one for one in said.split("；") if one.startswith(way))
            named = [name for name, gain in gains.items() if name in clause]
            assert named and all(gains[name] == most for name in named)
            assert f"（{most:,}人）" in clause


def test_hours_are_told_by_runs_of_days():
    rows = [(day, 540, 1050) for day in range(1, 6)] + [(6, 540, 720), (7, 540, 720)]
    hours = pd.DataFrame(rows, columns=["weekday", "opens_minute", "closes_minute"])
    assert finding.opening_hours(hours) == "周一至周五9:00–17:30；周六、周日9:00–12:00"
    assert finding.opening_hours(hours.iloc[:0]) == "没有登记"
