"""Where a station or a function could be added, and whom it would serve."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from chunshui.circles import siting
from chunshui.circles.model import Circles
from chunshui.circles.question import Question
from chunshui.circles.reach import REACH_M, reach
from chunshui.circles.stations import answering, capacities, exist_at, nearest_metres
from chunshui.errors import ChunshuiError

PREMISES, GRIDS, NEIGHBOURHOODS = "可用房屋", "网格", "小区"
STATIONS = "现有阵地（增设此功能）"


def candidate_kinds(circles: Circles) -> tuple[str, ...]:
    """Name the kinds of places a station could be added at; premises first, where reported."""
    reported = () if circles.premises is None else (PREMISES,)
    return (*reported, GRIDS, NEIGHBOURHOODS, STATIONS)


def candidate_places(
    circles: Circles, question: Question, kind: str, streets: Sequence[str] = ()
) -> pd.DataFrame:
    """List the places of one kind where a station, or its function, could be added.

    Returns:
        `place_id`, `place_name`, `street_code`, `community_code`, `community_name`, lon, lat,
        `capacity` (a day, as the ledger suggests or as stations of the kind have it, NaN
        unknown) and `facts` (what is known of the place, in words). Premises are those listed
        and not yet settled; stations are those there that do not answer the question yet.
    """
    if kind == PREMISES:
        day = pd.Timestamp(question.month_end)
        listed = circles.premises
        if listed is None:
            raise ValueError("no premises in this version: see candidate_kinds")
        rows = listed[(listed["listed_on"] <= day) & ~(listed["settled_on"] <= day)]
        floor = np.where(rows["is_ground_floor"], "一层", "非一层")
        area = rows["area_m2"].map("{:,.0f}平方米".format)
        rows = rows.assign(facts=rows["owner"] + "，" + rows["state"] + "，" + floor + "，" + area)
    elif kind == STATIONS:
        free = exist_at(circles, question.month_end) & ~answering(circles, question)
        rows = circles.stations[free].rename(
            columns={"station_id": "place_id", "station_name": "place_name"}
        )
        area = rows["area_m2"].map("{:,.0f}平方米".format)
        rows = rows.assign(facts=rows["level"] + "级，" + area)
    else:
        rows = circles.candidates[circles.candidates["kind"] == kind].assign(facts="")
    if len(streets):
        rows = rows[rows["street_code"].isin(streets)]
    rows = rows.assign(capacity=suggested_capacity(circles, question, rows))
    columns = ["place_id", "place_name", "street_code", "community_code", "community_name"]
    return rows[[*columns, "lon", "lat", "capacity", "facts"]].reset_index(drop=True)


def suggested_capacity(circles: Circles, question: Question, places: pd.DataFrame) -> np.ndarray:
    """Suggest how many a day each place could serve, rounded to five, NaN without an example.

    What its own row says; else its area by what half of the stations with the function serve on
    a square metre; without an area, what half of them serve.
    """
    here = exist_at(circles, question.month_end)
    capacity = capacities(circles, question.function)[here]
    area = circles.stations["area_m2"].to_numpy()[here]
    if np.isnan(capacity).all():
        usual = np.full(len(places), np.nan)
    elif "area_m2" in places:
        usual = places["area_m2"].to_numpy() * np.nanmedian(capacity / area)
    else:
        usual = np.full(len(places), np.nanmedian(capacity))
    usual = np.maximum(np.round(usual / 5) * 5, 5)
    if "capacity_per_day" in places:
        usual = places["capacity_per_day"].fillna(pd.Series(usual, index=places.index)).to_numpy()
    return usual


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """A siting question made ready: who each candidate would cover, and who is not covered yet."""

    places: pd.DataFrame
    cover: sparse.csr_array  # (candidates, buildings)
    weight: np.ndarray
    lost: int  # candidates that no street reaches


def siting_problem(circles: Circles, question: Question, places: pd.DataFrame) -> SitingProblem:
    """Make a siting question ready: one cut-off search per candidate."""
    if places.empty:
        raise ChunshuiError("没有候选点。请换一类候选点，或放宽街道。")
    doors = circles.snap_places(places["lon"].to_numpy(), places["lat"].to_numpy())
    kept = np.flatnonzero(doors.tied)
    if len(kept) == 0:
        raise ChunshuiError("候选点都接不上步行路网。请核对它们的坐标。")
    pairs = reach(
        circles.ground.network,
        circles.ground.buildings,
        doors[kept],
        limit_m=min(question.farthest_m, REACH_M),
    )
    people = circles.buildings[question.people].to_numpy(dtype=float)
    weight = np.where(nearest_metres(circles, question) <= question.farthest_m, 0.0, people)
    cover = siting.cover(pairs, len(kept), len(people), question.farthest_m)
    chosen = places.iloc[kept].reset_index(drop=True)
    return SitingProblem(chosen, cover, weight, len(places) - len(kept))


def describe_sites(circles: Circles, problem: SitingProblem, sites: siting.Sites) -> pd.DataFrame:
    """Tell the chosen sites: rows of the candidates with `gain`, `total` and `gaining`.

    `gaining` names the communities whose people gain most by the site, with how many.
    """
    left = problem.weight.copy()
    rows = []
    for site in sites.chosen:
        at = problem.cover.indices[problem.cover.indptr[site] : problem.cover.indptr[site + 1]]
        gains = pd.Series(left[at]).groupby(
            circles.buildings["community_name"].to_numpy()[at]
        ).sum()  # fmt: skip
        gains = gains[gains > 0].sort_values(ascending=False)
        left[at] = 0.0
        rows.append("、".join(f"{name} {people:,.0f}" for name, people in gains.head(4).items()))
    table = problem.places.iloc[sites.chosen].reset_index(drop=True)
    return table.assign(gain=sites.gain, total=np.cumsum(sites.gain), gaining=rows)
