"""The forecast against a slow reading of its own words, without look-ahead, and back-tested."""

import random

import numpy as np
import pandas as pd
import pytest

from benchmarks.renewal_forecast import report
from chunshui import paths
from chunshui.renewal import forecast, wording

FINISH = 4


def made_up(seed: int, projects: int = 60) -> pd.DataFrame:
    """Projects of six steps with random legs, some stuck, one with dates reversed."""
    dice = random.Random(seed)
    rows = []
    for n in range(projects):
        day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=dice.randint(0, 700))
        stuck = dice.randint(2, 9)
        for step in range(1, 7):
            if step >= stuck:
                day = pd.NaT
            elif step > 1:
                day = day + pd.Timedelta(days=int(dice.lognormvariate(3.6, 0.7)) + 1)
            rows.append((f"P{n:02d}", step, day))
    table = pd.DataFrame(rows, columns=["project_id", "step", "actual_on"])
    swap = (table["project_id"] == "P00") & table["step"].isin([3, 4])
    table.loc[swap, "actual_on"] = table.loc[swap, "actual_on"].to_numpy()[::-1]
    return table


def known_on(stages: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, dict[int, pd.Timestamp]]:
    """The dates of each project's steps as far as they were known."""
    return {
        name: {row.step: row.actual_on for row in rows.itertuples() if row.actual_on <= as_of}
        for name, rows in stages.groupby("project_id")
    }


def by_hand(known: dict[str, dict], project: str, as_of: pd.Timestamp) -> tuple:
    """One forecast as the page describes it: step, comparable, finished, low, likely, high."""
    own = known[project]
    step = max(own)
    waited = (as_of - own[step]).days
    took = []
    for other, dates in known.items():
        if other == project or step not in dates:
            continue
        came = dates[step]
        later = [day for k, day in dates.items() if k > step]
        left = min(later) if later else None
        if left is not None and left <= came:
            continue
        if ((left or as_of) - came).days < waited:
            continue
        start = came + pd.Timedelta(days=waited)
        done = dates.get(FINISH)
        days = ((done or as_of) - start).days
        if days >= 0:
            took.append((days, done is not None))
    finished = sum(seen for _, seen in took)
    if finished < forecast.FEWEST:
        return step, len(took), finished, None, None, None
    # Kaplan-Meier: walk through the days; those seen to finish leave, the censored fall out after.
    still, done, points = 1.0, [], iter((0.1, 0.5, 0.9))
    wanted = next(points)
    for day in sorted({days for days, _ in took}):
        at_risk = sum(days >= day for days, _ in took)
        events = sum(days == day and seen for days, seen in took)
        still *= 1 - events / at_risk
        while wanted is not None and events and 1 - still >= wanted - 1e-12:
            done.append(as_of + pd.Timedelta(days=day))
            wanted = next(points, None)
    return step, len(took), finished, *done, *[None] * (3 - len(done))


@pytest.mark.parametrize("seed", range(6))
def test_forecasts_are_what_the_method_says(seed):
    stages = made_up(seed, projects=140)
    as_of = pd.Timestamp("2024-03-31") + pd.Timedelta(days=20 * seed)
    found = forecast.finish_forecasts(stages, FINISH, as_of)
    assert found["likely_on"].notna().any() and found["likely_on"].isna().any()
    known = known_on(stages, as_of)
    for row in found.itertuples():
        again = by_hand(known, row.project_id, as_of)
        days = [None if pd.isna(day) else day for day in (row.low_on, row.likely_on, row.high_on)]
        assert (row.step, row.comparable, row.finished, *days) == again
        assert (row.reason is None) == (days[2] is not None)


def test_only_projects_under_way_are_forecast():
    stages = made_up(1)
    as_of = pd.Timestamp("2024-12-31")
    found = forecast.finish_forecasts(stages, FINISH, as_of)
    dates = stages[stages["actual_on"] <= as_of].pivot(
        index="project_id", columns="step", values="actual_on"
    )
    begun = dates.dropna(how="all")
    under_way = begun[begun[FINISH].isna() & begun[[5, 6]].isna().all(axis=1)].index
    assert list(found["project_id"]) == sorted(under_way)


def test_nothing_of_the_future_is_looked_at():
    stages = made_up(2)
    as_of = pd.Timestamp("2024-06-30")
    later = stages["actual_on"] > as_of
    assert later.any()
    other = stages.assign(
        actual_on=stages["actual_on"].where(~later, stages["actual_on"] + pd.Timedelta(days=97))
    )
    cut = stages.assign(actual_on=stages["actual_on"].where(~later))
    whole = forecast.finish_forecasts(stages, FINISH, as_of)
    for changed in (other, cut):
        pd.testing.assert_frame_equal(whole, forecast.finish_forecasts(changed, FINISH, as_of))


def test_kaplan_meier_by_hand():
    # 6 at risk; an event at 2 (1/6), one censored at 3, events at 4 (1/4) and 6 (1/2), one at 9.
    days = np.array([2, 3, 4, 6, 6, 9])
    seen = np.array([True, False, True, True, False, True])
    done = [1 / 6, 1 - 5 / 6 * 3 / 4, 1 - 5 / 6 * 3 / 4 * 2 / 3, 1.0]
    on, share = forecast.kaplan_meier(days, seen)
    assert list(on) == [2, 4, 6, 9] and share == pytest.approx(done)
    assert list(forecast.reached_after(on, share, done)) == [2, 4, 6, 9]
    assert list(forecast.reached_after(on, share, [0.01, 0.5, 0.9])) == [2, 6, 9]
    assert np.isinf(forecast.reached_after(*forecast.kaplan_meier(days[:2], seen[:2]), 0.9))


def test_a_forecast_is_judged_only_when_its_interval_is_past():
    stages = made_up(3, projects=120)
    ends = list(pd.date_range("2023-06-30", "2025-12-31", freq="ME"))
    judged = forecast.back_test(stages, FINISH, ends)
    assert len(judged) and (judged["high_on"] <= ends[-1]).all()
    assert (judged["made_on"] < judged["high_on"]).all()
    inside = judged["finished_on"].between(judged["low_on"], judged["high_on"])
    assert (inside == (judged["outcome"] == "区间内")).all()
    never = judged["finished_on"].isna()
    assert never.any() and (judged.loc[never, "outcome"] == "晚于").all()
    one = judged.sample(1, random_state=1).iloc[0]
    again = forecast.finish_forecasts(stages, FINISH, one["made_on"])
    row = again[again["project_id"] == one["project_id"]].iloc[0]
    assert (row["low_on"], row["high_on"]) == (one["low_on"], one["high_on"])
    rate = forecast.hit_rate(judged)
    assert rate["hit"] + rate["early"] + rate["late"] == pytest.approx(1)
    assert rate["hit"] == pytest.approx(inside.mean())
    earliest = judged.sort_values("made_on").drop_duplicates("project_id").index
    assert rate["first_hit"] == pytest.approx(inside[earliest].mean())
    # The interval that takes projects as draws, again by drawing projects.
    parts = pd.DataFrame({"hit": inside, "n": 1}).groupby(judged["project_id"]).sum()
    drawn = np.random.default_rng(1).integers(0, len(parts), (4_000, len(parts)))
    hits, n = (parts[name].to_numpy()[drawn].sum(axis=1) for name in ("hit", "n"))
    low, high = np.quantile(hits / n, [0.025, 0.975])
    assert (rate["hit_low"], rate["hit_high"]) == pytest.approx((low, high), abs=0.02)


def test_the_interval_holds_what_it_promises_where_nothing_is_odd():
    """With legs of one distribution and none stuck, about 80 % fall inside."""
    dice = np.random.default_rng(7)
    begun = pd.Timestamp("2020-01-01") + pd.to_timedelta(dice.integers(0, 1500, 400), unit="D")
    rows = []
    for n, day in enumerate(begun):
        for step in range(1, FINISH + 1):
            rows.append((f"P{n:03d}", step, day))
            day = day + pd.Timedelta(days=int(dice.gamma(3, 25)) + 1)
    stages = pd.DataFrame(rows, columns=["project_id", "step", "actual_on"])
    ends = list(pd.date_range("2021-12-31", "2024-12-31", freq="QE"))
    rate = forecast.hit_rate(forecast.back_test(stages, FINISH, ends))
    assert rate["forecasts"] > 300 and 0.75 < rate["hit"] < 0.86


def test_the_back_test_in_the_methods_is_this_one(reader):
    """docs/methods.md prints what `python -m benchmarks.renewal_forecast` says of the demonstration."""
    text = (paths.ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    said = report(reader)
    assert said in text
    assert "落在区间内" in said and "合计" in said


def test_the_district_s_intervals_hold(reader):
    """On the demonstration's 36 months the 80 % interval holds 70 to 90 % of what came."""
    ends = list(reader.query("catalogue/months")["month"] + pd.offsets.MonthEnd(0))
    stages = reader.query("views/renewal_stages", as_of=max(ends).date())
    rate = forecast.hit_rate(forecast.back_test(stages, 6, ends))
    assert rate["forecasts"] > 1_000 and 0.70 <= rate["hit"] <= 0.90
    assert wording.hits_sentence(rate).startswith("过去")
