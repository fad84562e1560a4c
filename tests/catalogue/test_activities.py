"""Metrics of activities and courses over weeks, months, quarters and years, counted again with pandas."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.metric import get_metric, window_days
from chunshui.catalogue.wording import counted_to, trend_sentence
from chunshui.month import Month

CHANCE = np.random.default_rng(1514)
MONTHS = ["2026-10", "2023-12", *(f"{y}-{CHANCE.integers(1, 13):02d}" for y in (2024, 2025))]
STREETS = CHANCE.choice(11, len(MONTHS), replace=False).tolist()  # by their place
MONTH = st.builds(Month, st.integers(2015, 2035), st.integers(1, 12))
HELD = get_metric("activities_held")
VARIANTS = ("base", "week", "quarter", "year")


def days(window: str, month: Month) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day of a window by the calendar of pandas."""
    last = pd.Timestamp(month.last)
    if window == "week":
        sunday = last if last.day_of_week == 6 else last - pd.offsets.Week(weekday=6)
        return sunday - pd.Timedelta(days=6), sunday
    period = {"month": "M", "quarter": "Q", "year-to-date": "Y"}[window]
    return last.to_period(period).start_time, last


@given(MONTH, st.sampled_from(["week", "month", "quarter", "year-to-date"]))
def test_windows_are_those_of_the_calendar(month, window):
    assert tuple(map(pd.Timestamp, window_days(window, month))) == days(window, month)


@given(MONTH, MONTH, st.sampled_from(VARIANTS))
def test_what_is_compared_counts_as_many_months(one, other, variant):
    month, before = max(one, other), min(one, other)
    if month == before:
        return
    window = HELD.variant(variant).window
    spans = [window_days(window, each) for each in (month, before)]
    months = {(last.year - first.year) * 12 + last.month - first.month for first, last in spans}
    alike = HELD.comparable(month, before, variant)
    assert alike == (len(months) == 1 or spans[0][0] == spans[1][0] or window == "week")
    assert HELD.against(month, before, variant).startswith("较")


@pytest.mark.parametrize(
    ("month", "before", "said"),
    [
        ((2026, 9), (2026, 8), "较7至8月"),
        ((2026, 8), (2026, 7), "较7月"),
        ((2026, 9), (2026, 6), "较上季度"),
        ((2026, 8), (2026, 5), "较上季度同期"),
        ((2026, 8), (2025, 8), "较上年同期"),
    ],
)
def test_a_quarter_is_set_against_what_counts_alike(month, before, said):
    metric, month, before = get_metric("training_attendance_rate"), Month(*month), Month(*before)
    assert metric.comparable(month, before) and metric.against(month, before) == said
    assert not metric.comparable(Month(2026, 7), Month(2026, 6))
    assert counted_to(metric, Month(2026, 8)) == "2026年7至8月"
    assert counted_to(metric, Month(2026, 7)) == "2026年7月"
    assert HELD.against(Month(2026, 8), Month(2026, 7), "week") == "较上月末周"
    assert counted_to(HELD, Month(2026, 8), "week") == "2026年8月24日至30日"


@pytest.mark.parametrize(("month", "place"), [*zip(MONTHS, STREETS, strict=True)])
def test_figures_are_those_of_pandas(reader, month, place):
    with reader.cursor() as cursor:
        activities, courses, communities, bulletins = (
            cursor.table(name).df() for name in ("activity", "training", "community", "bulletin")
        )
    street = sorted(communities["street_code"].unique())[place]
    at = Month.parse(month)
    for scope in ((), (street,)):
        own = [rows[rows["street_code"].isin(scope)] if scope else rows
               for rows in (activities, courses, communities)]  # fmt: skip
        held, taught, places = own
        for variant in VARIANTS:
            window = HELD.variant(variant).window
            now = held[held["held_on"].between(*days(window, at))]
            figure = figure_of(reader, "activities_held", month, scope, variant=variant)
            assert figure.value == len(now), (scope, variant)
        for variant, window in (
            ("base", "month"),
            ("quarter", "quarter"),
            ("year", "year-to-date"),
        ):
            now = held[held["held_on"].between(*days(window, at))]
            rate = figure_of(reader, "activity_community_rate", month, scope, variant=variant)
            with_any = places["community_code"].isin(now["community_code"])
            assert (rate.numerator, rate.denominator) == (with_any.sum(), len(places))
        people = held[held["held_on"].between(*days("month", at))]["attendees"].sum()
        assert figure_of(reader, "activity_attendance", month, scope).value == people
        now = taught[taught["held_on"].between(*days("quarter", at))]
        came = figure_of(reader, "training_attendance_rate", month, scope)
        assert (came.numerator or 0, came.denominator or 0) == (
            now["attended"].sum(),
            now["invited"].sum(),
        )
        if came.value is not None:
            assert counted_to(came.metric, at, known_from=came.known_from) in trend_sentence(
                came, 13
            )
        year = taught[taught["held_on"].between(*days("year-to-date", at))]
        assert figure_of(reader, "trainings_held", month, scope).value == len(year)
    first, last = days("year-to-date", at)
    issued = ((bulletins["week_start"] >= first) & (bulletins["issued_on"] <= last)).sum()
    assert figure_of(reader, "bulletins_issued", month).value == issued
    by_street = place_table(reader, "activities_held", month, "street")
    now = activities[activities["held_on"].between(*days("month", at))]
    assert by_street.set_index("street_code")["value"].sum() == len(now)
