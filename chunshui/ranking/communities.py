"""Communities: no total and no ranks of what is decided by a few cases; facts, and who differs in a cohort."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import fraction_text, values, wilson, written
from chunshui.catalogue.funnel import Funnel, funnel
from chunshui.catalogue.stored import known_month
from chunshui.ranking.drill import CASES, Entry, sums_of
from chunshui.ranking.posterior import Array
from chunshui.warehouse import Reader

NAMED = 3
# How a community stands to the board's full points.
SHORT, NEARLY, THERE, FEW = "明显没有到", "没有到，但差距在偶然波动之内", "到了", "基数小"
SURELY = "明显"  # of what is counted one by one; of a sum of days or money short is short
_ORDER = (SHORT, NEARLY, THERE, FEW)
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


def within(found: Communities, codes: Collection[str]) -> Communities:
    """Return some of the communities by their codes, each judged beside all of its cohort as before."""
    at = found.places["community_code"].isin(codes).to_numpy()
    return replace(
        found,
        places=found.places[at].reset_index(drop=True),
        hits=found.hits[at],
        cases=found.cases[at],
        judged=found.judged[at],
        outside=found.outside[at],
    )


def table(found: Communities) -> pd.DataFrame:
    """Return the communities with what each lacks of the board's full points, in things and not points.

    Of stock facts those that lack come first, the furthest by its rate before the others, then those that
    do not, then those with too little to judge by; of cases it says who differs. The index is the position
    in `places`.
    """
    metric, entry = found.entry.metric, found.entry
    known = values(metric, found.hits, found.cases)
    rows = pd.DataFrame(
        {
            "社区": found.places["community_name"],
            "数值": [written(metric, None if np.isnan(one) else one).text for one in known],
        }
    )
    others = {
        "构成": [
            fraction_text(metric, hits, cases, 0) or words.MISSING
            for hits, cases in zip(found.hits, found.cases, strict=True)
        ],
        "街道": found.places["street_name"],
        "组别": found.places["cohort"].fillna("未分组"),
    }
    if entry.noise == CASES:
        rows["判断"] = [
            f"明显偏{'高' if off > 0 else '低'}"
            if off
            else "在偶然波动之内"
            if judged
            else "样本太小，不判断"
            for off, judged in zip(found.outside, found.judged, strict=True)
        ]
        return rows.assign(**others)
    standing, short = _standing(found), _short(found)
    lacking = np.ceil(np.round(short / metric.scale * found.cases, 6))
    way = "还差" if metric.direction == "up" else "还多"
    line = written(metric, entry.target).text
    rows["判断"] = [
        f"基数不足{metric.fewest}，不判断" if one == FEW else _word(found, one) for one in standing
    ]
    rows[f"到满分线{line}"] = [
        words.MISSING
        if one == FEW
        else f"{way}{gap:,.0f}{metric.numerator_unit}"
        if gap
        else "已到"
        for one, gap in zip(standing, lacking, strict=True)
    ]
    keys = pd.DataFrame({"of": [_ORDER.index(one) for one in standing]})
    keys["short"] = np.where(keys["of"] == 0, -short.round(9), 0)  # within chance as registered
    return rows.assign(**others).loc[keys.sort_values(["of", "short"], kind="stable").index]


def _short(found: Communities) -> Array:
    """Return how far each value is short of the board's full points, in the metric's unit; 0 where it is not."""
    metric, target = found.entry.metric, found.entry.target
    known = np.nan_to_num(values(metric, found.hits, found.cases), nan=target)
    return np.maximum(target - known if metric.direction == "up" else known - target, 0)


def _standing(found: Communities) -> list[str]:
    """Return how each stands to the board's full points; of things that are counted one by one with certainty."""
    metric, target = found.entry.metric, found.entry.target
    said = []
    for hits, cases, short in zip(found.hits, found.cases, _short(found), strict=True):
        if cases < max(metric.fewest, 1):
            said.append(FEW)
        elif not short:
            said.append(THERE)
        elif found.entry.is_trials:
            low, high = wilson(hits / cases, cases)
            off = metric.scale * (high if metric.direction == "up" else low)
            sure = off < target if metric.direction == "up" else off > target
            said.append(SHORT if sure else NEARLY)
        else:
            said.append(SHORT)
    return said


def _word(found: Communities, standing: str) -> str:
    return standing if found.entry.is_trials else standing.removeprefix(SURELY)


def _of_stock(found: Communities) -> str:
    """Say how many communities reach the board's full points, and which are surely furthest from them."""
    metric, standing, short = found.entry.metric, _standing(found), _short(found)
    names, line = found.places["community_name"], written(metric, found.entry.target).text
    counts = {one: standing.count(one) for one in _ORDER}
    count = len(standing) - counts[FEW]
    if not count:
        return f"{metric.name}：各社区基数都不足{metric.fewest}，不判断。"
    parts = [f"{_word(found, one)}的{counts[one]:,}个" for one in _ORDER[:3] if counts[one]]
    every = next((one for one in _ORDER[:3] if counts[one] == count), None)
    said = f"{count:,}个社区" + (f"都{_word(found, every)}" if every else f"中，{'、'.join(parts)}")
    if len(names) == 1:
        value = written(metric, values(metric, found.hits, found.cases)[0]).text
        return f"{metric.name}满分线{line}：{names.iloc[0]}{value}，{_word(found, standing[0])}。"
    sure = [at for at, one in enumerate(standing) if one == SHORT]
    furthest = sorted(sure, key=lambda at: -short[at])[: NAMED + 1]
    known = values(metric, found.hits, found.cases)
    if len(furthest) <= NAMED or short[furthest[NAMED - 1]] > short[furthest[NAMED]]:
        told = [f"{names.iloc[at]}（{written(metric, known[at]).text}）" for at in furthest[:NAMED]]
        said += f"；离得最远的是{'、'.join(told)}" if told else ""
    few = f"；另{counts[FEW]:,}个基数不足{metric.fewest}，不判断" if counts[FEW] else ""
    return f"{metric.name}满分线{line}：{said}{few}。"


def sentence(found: Communities) -> str:
    """Say which communities differ from their cohorts, or that none does, or how many lack anything."""
    metric = found.entry.metric
    names = found.places["community_name"]
    if found.entry.noise != CASES:
        return _of_stock(found)
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
