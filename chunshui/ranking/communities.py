"""Communities: no total and no ranks of what is decided by a few cases; facts, and who differs in a cohort."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import fraction_text, values, written
from chunshui.catalogue.funnel import Funnel, funnel
from chunshui.catalogue.stored import known_month
from chunshui.ranking.drill import CASES, Entry, sums_of
from chunshui.ranking.posterior import Array
from chunshui.warehouse import Reader

FEWEST_ALIKE = 5  # communities judged in a cohort, for one of them to differ from the others


@dataclass(frozen=True)
class Communities:
    """The communities by one metric of the board, each beside its cohort of the year.

    `places` has a row for each (community_code, community_name, street_code, street_name, cohort, basis),
    the cohorts one after the other; `hits` of `cases` are the month's. `outside` is -1 or 1 where a
    community differs from its cohort by more than chance, `judged` whether that was asked.
    """

    entry: Entry
    places: pd.DataFrame
    hits: Array
    cases: Array
    funnels: dict[str, Funnel]
    judged: Array
    outside: Array


def communities_of(reader: Reader, month: str, entry: Entry) -> Communities:
    """Return the communities of the district by a metric of the board."""
    asked = known_month(reader, month)
    places = reader.query("ranking/cohorts", year=asked.year, as_of=asked.last)
    *_, hits, cases, _ = sums_of(
        reader, entry.metric, asked, list(places["community_code"]), "community"
    )
    judged, outside = np.zeros(len(places), bool), np.zeros(len(places), int)
    funnels = {}
    for cohort, at in places.groupby("cohort").indices.items():
        found = funnel(hits[at], cases[at], entry.metric.fewest) if entry.is_trials else None
        if found is None or found.judged.sum() < FEWEST_ALIKE:
            continue
        funnels[str(cohort)] = found
        judged[at], outside[at] = found.judged, found.outside
    return Communities(entry, places, hits, cases, funnels, judged, outside)


def table(found: Communities) -> pd.DataFrame:
    """Return the communities with what each lacks, in things and not points, and its place in the cohort.

    Ranks are of stock facts alone, equals share one; of cases it says who differs. The index is the
    position in `places`.
    """
    metric, entry = found.entry.metric, found.entry
    known = values(metric, found.hits, found.cases)
    rest = np.maximum(found.cases - found.hits, 0) if metric.direction == "up" else found.hits
    rows = pd.DataFrame(
        {
            "组别": found.places["cohort"].fillna("未分组"),
            "社区": found.places["community_name"],
            "街道": found.places["street_name"],
            "数值": [written(metric, None if np.isnan(one) else one).text for one in known],
            "构成": [
                fraction_text(metric, hits, cases, 0) or words.MISSING
                for hits, cases in zip(found.hits, found.cases, strict=True)
            ],
        }
    )
    if entry.noise == CASES:
        rows["判断"] = [
            f"明显偏{'高' if off > 0 else '低'}"
            if off
            else "在偶然波动之内"
            if judged
            else "样本太小，不判断"
            for off, judged in zip(found.outside, found.judged, strict=True)
        ]
        return rows
    lacking = "差" if metric.direction == "up" else "有"
    unit = metric.numerator_unit
    rows["缺口"] = [f"{lacking}{one:,.0f}{unit}" if one else "不差" for one in rest]
    # The widest gap first: no place in a row, which would count against the large.
    gap = pd.Series(rest).where(found.cases > 0)
    return rows.loc[gap.sort_values(ascending=False, kind="stable", na_position="last").index]


def sentence(found: Communities) -> str:
    """Say which communities differ from their cohorts, or that none does, or how many lack anything."""
    metric = found.entry.metric
    names = found.places["community_name"]
    if found.entry.noise != CASES:
        rest = found.cases - found.hits if metric.direction == "up" else found.hits
        lacking = int((rest > 0).sum())
        return f"{metric.name}：{lacking:,}个社区还有缺口，{len(names) - lacking:,}个没有。"
    off = np.flatnonzero(found.outside)
    judged = int(found.judged.sum())
    if not judged:
        return f"{metric.name}：各社区件数太少，或同组可比的不足{FEWEST_ALIKE}个，不判断。"
    few = len(names) - judged
    unjudged = f"；另{few:,}个社区件数不足{metric.fewest}或组内可比的太少，不判断" if few else ""
    if not len(off):
        return f"{metric.name}：可比的{judged:,}个社区与同组之差都在偶然波动之内{unjudged}。"
    said = [f"{names.iloc[at]}偏{'高' if found.outside[at] > 0 else '低'}" for at in off]
    return f"{metric.name}：明显偏离同组的是{words.joined(said, 4)}{unjudged}。"
