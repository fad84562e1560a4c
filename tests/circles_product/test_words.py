"""How a question's distances, its times and a station's hours are written."""

import datetime as dt

import pandas as pd
import pytest

from chunshui.circles.question import Question
from chunshui.ui.topics.circles import finding

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


def test_hours_are_told_by_runs_of_days():
    rows = [(day, 540, 1050) for day in range(1, 6)] + [(6, 540, 720), (7, 540, 720)]
    hours = pd.DataFrame(rows, columns=["weekday", "opens_minute", "closes_minute"])
    assert finding.opening_hours(hours) == "周一至周五9:00–17:30；周六、周日9:00–12:00"
    assert finding.opening_hours(hours.iloc[:0]) == "没有登记"
