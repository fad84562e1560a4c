"""S-curves against sums made another way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.catalogue.figures import figure_of
from chunshui.renewal import curves, forecast
from tests.renewal.conftest import ask_within, last_day, within

DAYS = st.dates(pd.Timestamp("2023-01-01").date(), pd.Timestamp("2025-12-31").date())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DAYS, st.one_of(st.none(), DAYS), st.integers(1, 900)), min_size=1))
def test_a_physical_curve_is_a_running_sum(rows):
    as_of = pd.Timestamp("2024-08-31")
    known = [
        done and (pd.Timestamp(done) if pd.Timestamp(done) <= as_of else None)
        for _, done, _ in rows
    ]
    stages = pd.DataFrame(
        {
            "weight": [homes for *_, homes in rows],
            "planned_on": pd.to_datetime([planned for planned, _, _ in rows]),
            "actual_on": pd.to_datetime(pd.Series(known)),
        }
    )
    weight = stages["weight"]
    none = pd.DataFrame(columns=["weight", "chances", "likely_on", "high_on"], dtype="object")
    none = none.astype(dict.fromkeys(("likely_on", "high_on"), "datetime64[s]"))
    curve = curves.progress_curve(stages, none, as_of)
    for row in curve.itertuples():
        assert row.planned == weight[stages["planned_on"] <= row.month].sum()
        if row.month <= as_of:
            assert row.actual == weight[(stages["actual_on"] <= row.month).to_numpy()].sum()
        else:
            assert np.isnan(row.actual)
    assert curve["month"].iloc[0] >= stages["planned_on"].min() or len(curve) >= 1
    assert curve["planned"].iloc[-1] == weight.sum()
    assert curve["planned"].is_monotonic_increasing


def test_curves_of_the_district_are_the_ledgers(reader, ledgers, scopes):
    projects = ledgers["renovation_project"].set_index("project_id", drop=False)
    places = projects[["project_id", "street_code", "community_code", "plan_year", "households"]]
    stages = ledgers["renovation_stage"].merge(places.reset_index(drop=True), on="project_id")
    for month, streets, community in scopes:
        day = last_day(month)
        every = reader.query("views/renewal_stages", as_of=day.date())
        forecasts = forecast.finish_forecasts(every, 6, day)
        for stage, own in (("开工", "works_started_households"), ("完工", None)):
            mine = within(stages[stages["stage"] == stage], streets, community)
            mine = mine[mine["plan_year"] <= day.year]
            rows = every[(every["stage"] == stage) & every["project_id"].isin(mine["project_id"])]
            made = forecasts[forecasts["project_id"].isin(mine["project_id"])]
            if stage != "完工":
                made = made.iloc[:0]
            rows, made = (
                some.assign(weight=some["project_id"].map(projects["households"]))
                for some in (rows, made)
            )
            curve = curves.progress_curve(rows, made, day)
            if mine.empty:
                assert curve.empty
                continue
            for point in curve.iloc[:: max(1, len(curve) // 6)].itertuples():
                planned = mine.loc[mine["planned_on"] <= point.month, "households"].sum()
                assert point.planned == planned
                if point.month <= day:
                    done = mine.loc[mine["actual_on"] <= point.month, "households"].sum()
                    assert point.actual == done
            last = curve[curve["month"] == day]
            if own:
                figure = figure_of(
                    reader, own, month, streets, community, variant="all_years", months=1
                )
                assert last["actual"].iloc[0] == figure.numerator
            else:
                done, homes = (
                    last["actual"].iloc[0],
                    made["weight"][made["chances"].notna()].astype(float),
                )
                ahead = curve[curve["month"] >= day]
                lines = ahead[["slowest", "likely", "fastest"]].to_numpy(float)
                assert (np.diff(lines, axis=1) >= 0).all() and (np.diff(lines, axis=0) >= 0).all()
                assert (lines[0] == done).all() and (lines <= done + homes.sum()).all()


def test_money_curves_are_the_ledgers_and_the_metrics(reader, ledgers, scopes):
    places = ledgers["renovation_project"][["project_id", "street_code", "community_code"]]
    money = ledgers["investment"].merge(places, on="project_id")
    for month, streets, community in scopes:
        day = last_day(month)
        own = within(money, streets, community)
        rows = reader.query("views/renewal_money", streets=list(streets), community=community)
        curve = curves.money_curve(rows, day)
        if own.empty:
            assert curve.empty
            continue
        for point in curve.iloc[::5].itertuples():
            assert point.planned == own.loc[own["month"] <= point.month, "planned_yuan"].sum()
            if point.month <= day:
                assert point.paid == own.loc[own["month"] <= point.month, "paid_yuan"].sum()
            else:
                assert np.isnan(point.paid)
        paid = figure_of(reader, "renovation_paid", month, streets, community, months=1).value
        at = curve[curve["month"] <= day]
        assert (at["paid"].iloc[-1] if len(at) else 0) == paid


def test_how_far_behind():
    curve = pd.DataFrame(
        {
            "month": pd.date_range("2024-01-31", periods=6, freq="ME"),
            "planned": [10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
            "actual": [5.0, 10.0, 25.0, 25.0, np.nan, np.nan],
        }
    )
    gap = curves.behind_plan(curve, "actual", pd.Timestamp("2024-04-30"))
    assert gap == {"planned": 40.0, "actual": 25.0, "behind": 15.0, "months_late": 2}
    assert curves.behind_plan(curve, "actual", pd.Timestamp("2023-12-31"))["months_late"] == 0


@pytest.mark.parametrize("month", ["2025-03", "2026-10"])
def test_projects_of_the_page_are_those_of_the_curve(reader, month):
    found = ask_within(reader, "renewal_projects", month, (), None, share=0.9, fewest=5)
    day = last_day(month)
    rows = reader.query("views/renewal_stages", as_of=day.date())
    assert set(found["project_id"]) == set(rows["project_id"])
    assert not (rows["actual_on"] > day).any()
