"""How much will be finished by a day, of many projects together, and how sure that is.

The bounds of a total are not the totals of the bounds: that all projects are slow at once is far
less likely than that one is. So the finish of every project is drawn many times from its own
Kaplan-Meier curve (see `forecast`), one independently of the other, and what is read off is the
10, 50 and 90 % points of the totals drawn. Whether a common push that moves all projects is
missing shows in the back-test: the band then holds less than its 80 %.
"""

import numpy as np
import pandas as pd

from chunshui.renewal.forecast import HIGH, LIKELY, LOW, finish_forecasts, reached_after

DRAWS = 1_000
SEED = 20_260


def expected(forecasts: pd.DataFrame, ends: pd.DatetimeIndex, as_of: pd.Timestamp) -> np.ndarray:
    """Return the low, likely and high total of weight finished after `as_of` by each end: 3 rows.

    `forecasts` holds chances (None: no forecast, adds nothing) and weight of each project; `ends`
    are days on or after `as_of`, in order. The same rows give the same totals.
    """
    known = forecasts[forecasts["chances"].notna()]
    after = (ends - as_of).days.to_numpy()
    shares = np.random.default_rng(SEED).random((len(known), DRAWS))
    sums = np.zeros((DRAWS, len(ends) + 1))
    draws = np.arange(DRAWS)
    for (days, done), weight, own in zip(known["chances"], known["weight"], shares, strict=True):
        # What is not finished by the end of a day is finished on the next at the earliest.
        finish = np.maximum(reached_after(days, done, own), 1)
        sums[draws, np.searchsorted(after, finish)] += weight
    finished = sums[:, :-1].cumsum(axis=1)
    # Totals that were drawn, not points between two: a total of a few projects jumps.
    return np.quantile(finished, [LOW, LIKELY, HIGH], axis=0, method="inverted_cdf")


def back_test(
    stages: pd.DataFrame, finish_step: int, ends: list[pd.Timestamp], weights: pd.Series
) -> pd.DataFrame:
    """Forecast the total by every later month from each month's end, and hold it against what came.

    `stages` and `ends` are those of `forecast.back_test`; `weights` gives the weight of a project by
    its id. Returns one row per month of forecast and month foreseen: made_on, month, low, likely,
    high, came (the weight finished after `made_on` by then of the projects that had a forecast) and
    came_in_all (of every project). Months with fewer than two projects forecast are left out.
    """
    finish = stages[stages["step"] == finish_step].set_index("project_id")["actual_on"]
    finished_on, weight = finish.to_numpy(), weights.reindex(finish.index).to_numpy(float)
    judged = []
    for made_on in sorted(ends)[:-1]:
        forecasts = finish_forecasts(stages, finish_step, made_on)
        forecasts = forecasts[forecasts["chances"].notna()]
        if len(forecasts) < 2:
            continue
        forecasts = forecasts.assign(weight=forecasts["project_id"].map(weights))
        months = pd.DatetimeIndex([end for end in sorted(ends) if end > made_on])
        low, likely, high = expected(forecasts, months, made_on)
        came = (finished_on > made_on)[:, None] & (finished_on[:, None] <= months.to_numpy())
        foreseen = finish.index.isin(forecasts["project_id"])
        judged.append(
            pd.DataFrame(
                {
                    "made_on": made_on,
                    "month": months,
                    "low": low,
                    "likely": likely,
                    "high": high,
                    "came": weight[foreseen] @ came[foreseen],
                    "came_in_all": weight @ came,
                }
            )
        )
    columns = ["made_on", "month", "low", "likely", "high", "came", "came_in_all"]
    return pd.concat(judged, ignore_index=True) if judged else pd.DataFrame(columns=columns)


def hit_rate(judged: pd.DataFrame) -> dict[str, float]:
    """Sum the back-test of totals up: totals, hit, below, above (shares), hit_in_all.

    `hit_in_all` holds the same bands against what all projects came to, also those that had no
    forecast when it was made.
    """
    low, high = judged["low"], judged["high"]
    return {
        "totals": len(judged),
        "hit": float(judged["came"].between(low, high).mean()),
        "below": float((judged["came"] < low).mean()),
        "above": float((judged["came"] > high).mean()),
        "hit_in_all": float(judged["came_in_all"].between(low, high).mean()),
    }
