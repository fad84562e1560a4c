"""When a project under way will finish, read from how long the comparable ones took.

A project that stands at a stage for e days is compared with every project that also stood there
for at least e days, as far as was known on the day of asking. How long each of these took from
then on, those still unfinished counted as censored, gives a Kaplan-Meier curve; its 10, 50 and
90 % points are the interval and the likely date. Nothing is assumed about the shape of the
durations or about one stage being independent of the next. Where too few comparable projects
have finished, there is no forecast and the reason is given instead.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chunshui.renewal.shares import share

LOW, LIKELY, HIGH = 0.1, 0.5, 0.9
FEWEST = 10
TOO_FEW = "可比项目中已完工的不足{fewest}个，不作预测"
OPEN_ENDED = "可比项目中未完工的太多，定不出最慢的一端"


def finish_forecasts(
    stages: pd.DataFrame, finish_step: int, as_of: pd.Timestamp, fewest: int = FEWEST
) -> pd.DataFrame:
    """Forecast the finish of every project that has begun and not finished by `as_of`.

    `stages` has project_id, step (1 first) and actual_on (datetime, NaT when not reached); dates
    after `as_of` are not looked at. Returns one row per project under way: project_id, step,
    since_on, waited_days, comparable, finished (of the comparable), low_on, likely_on, high_on
    (NaT where there is none), reason (None where there is an interval) and chances, the curve that
    the dates are read from (`kaplan_meier`, days from `as_of`; None where there is no forecast).
    """
    dates = _known(stages, finish_step, as_of)
    steps = dates.columns.to_numpy()
    known = dates.notna().to_numpy()
    begun = known.any(axis=1)
    last = np.where(begun, known.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1), -1)
    finish = _days(dates[finish_step], as_of)
    under_way = begun & np.isnan(finish) & (steps[last] < finish_step)
    rows = []
    for k in np.unique(last[under_way]):
        since = _days(dates[steps[k]], as_of)
        later = np.column_stack([_days(dates[step], as_of) for step in steps[k + 1 :]])
        left = np.nanmin(np.where(np.isnan(later), np.inf, later), axis=1)
        for i in np.flatnonzero(under_way & (last == k)):
            waited = -since[i]
            rows.append(
                (
                    dates.index[i],
                    int(steps[k]),
                    as_of + pd.Timedelta(days=since[i]),
                    int(waited),
                    *_one(i, waited, since, left, finish, as_of, fewest),
                )
            )
    columns = ["project_id", "step", "since_on", "waited_days", "comparable", "finished"]
    columns += ["low_on", "likely_on", "high_on", "reason", "chances"]
    forecasts = pd.DataFrame(rows, columns=columns).sort_values("project_id", ignore_index=True)
    dates = ["since_on", "low_on", "likely_on", "high_on"]
    forecasts[dates] = forecasts[dates].astype("datetime64[s]")  # also where there is no row
    return forecasts.assign(
        reason=forecasts["reason"].astype(object).where(forecasts["reason"].notna(), None)
    )


def kaplan_meier(durations: np.ndarray, finished: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the days on which any finished, and the share that has finished by each.

    `durations` in days, `finished` whether the project was seen to finish then or only not to
    have finished until then (censored). A censored project counts as at risk on its own day.
    """
    days = np.unique(durations[finished])
    at_risk = (durations[None, :] >= days[:, None]).sum(axis=1)
    events = ((durations == days[:, None]) & finished).sum(axis=1)
    return days, 1 - np.cumprod(1 - events / at_risk)


def reached_after(days: np.ndarray, done: np.ndarray, shares: ArrayLike) -> np.ndarray:
    """Return the first of `days` by which each share was done; infinite where it never was."""
    places = np.searchsorted(done, np.asarray(shares) - 1e-12)
    return np.append(days, np.inf)[places]


def back_test(
    stages: pd.DataFrame, finish_step: int, ends: list[pd.Timestamp], fewest: int = FEWEST
) -> pd.DataFrame:
    """Forecast from each month's end with what was known then, and hold it against what came.

    `ends` are the month ends of the history; the last is the day up to which the outcome is
    known. Only forecasts whose interval lies wholly in the past are judged, since of the others
    those that finish early would be seen first. Returns one row per forecast judged: made_on,
    project_id, step, waited_days, low_on, likely_on, high_on, finished_on (NaT when still
    unfinished: then it is later than the interval), outcome (早于, 区间内, 晚于).
    """
    known_until = max(ends)
    finished_on = _known(stages, finish_step, known_until)[finish_step]
    judged = []
    for made_on in sorted(ends)[:-1]:
        forecasts = finish_forecasts(stages, finish_step, made_on, fewest)
        forecasts = forecasts[forecasts["high_on"] <= known_until]
        judged.append(forecasts.assign(made_on=made_on))
    outcomes = pd.concat(judged, ignore_index=True)
    outcomes["finished_on"] = outcomes["project_id"].map(finished_on)
    early = outcomes["finished_on"] < outcomes["low_on"]
    late = ~(outcomes["finished_on"] <= outcomes["high_on"])
    outcomes["outcome"] = np.select([early, late], ["早于", "晚于"], "区间内")
    columns = ["made_on", "project_id", "step", "waited_days", "low_on", "likely_on", "high_on"]
    return outcomes[[*columns, "finished_on", "outcome"]]


def hit_rate(judged: pd.DataFrame) -> dict[str, float]:
    """Sum a back-test up: forecasts, projects, hit, early, late (shares), width_days, error_days.

    The forecasts of one project are alike, so `hit_low` and `hit_high`, the 95 % interval of
    `hit`, take the projects as draws (`shares.share`; NaN with fewer than two), and `first_hit` is
    the share of projects whose first forecast held. `width_days` is the median width of the
    interval and `error_days` the median distance of the likely date from the day the project was
    finished (those unfinished left out).
    """
    inside = judged["outcome"] == "区间内"
    by_project = inside.groupby(judged["project_id"])
    clustered = share(by_project.sum().to_numpy(), by_project.count().to_numpy())
    first = inside[judged["made_on"] == judged.groupby("project_id")["made_on"].transform("min")]
    width = (judged["high_on"] - judged["low_on"]).dt.days
    error = (judged["finished_on"] - judged["likely_on"]).dt.days.abs()
    return {
        "forecasts": len(judged),
        "projects": judged["project_id"].nunique(),
        "hit": float(inside.mean()),
        "hit_low": clustered.low if clustered else float("nan"),
        "hit_high": clustered.high if clustered else float("nan"),
        "first_hit": float(first.mean()),
        "early": float((judged["outcome"] == "早于").mean()),
        "late": float((judged["outcome"] == "晚于").mean()),
        "width_days": float(width.median()),
        "error_days": float(error.median()),
    }


def _known(stages: pd.DataFrame, finish_step: int, as_of: pd.Timestamp) -> pd.DataFrame:
    """Pivot to one row per project and one column per step; what came after `as_of` is NaT."""
    dates = stages.pivot(index="project_id", columns="step", values="actual_on")
    if finish_step not in dates:  # there are no projects, or no order of stages
        dates[finish_step] = pd.NaT
    return dates.where(dates <= as_of)


def _days(dates: pd.Series, as_of: pd.Timestamp) -> np.ndarray:
    """Days from `as_of` (negative: before), NaN where there is no date."""
    return ((dates - as_of) / pd.Timedelta(days=1)).to_numpy(float)


def _one(i, waited, since, left, finish, as_of, fewest) -> tuple:
    """Forecast one project: comparable, finished, low_on, likely_on, high_on, reason, chances.

    All in days from `as_of`: `since` when each project came to the stage, `left` when it went
    on (inf: not yet), `finish` when it finished (NaN: not yet).
    """
    # NaN compares as false, so those that never came to the stage fall out.
    still_there = (np.minimum(left, 0) - since >= waited) & (left > since)
    still_there[i] = False
    start = since[still_there] + waited
    seen = ~np.isnan(finish[still_there])
    took = np.where(seen, finish[still_there], 0) - start
    sound = took >= 0
    took, seen = took[sound], seen[sound]
    nothing = (pd.NaT, pd.NaT, pd.NaT)
    if seen.sum() < fewest:
        return len(took), int(seen.sum()), *nothing, TOO_FEW.format(fewest=fewest), None
    chances = kaplan_meier(took, seen)
    points = reached_after(*chances, [LOW, LIKELY, HIGH])
    dates = [pd.NaT if np.isinf(p) else as_of + pd.Timedelta(days=p) for p in points]
    reason = OPEN_ENDED if np.isinf(points[2]) else None
    return len(took), int(seen.sum()), *dates, reason, chances
