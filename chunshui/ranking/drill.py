"""A drill (月拉练、年考评): the streets of the district by the board's metrics, as of a month.

Everything is settled by version, month and board: the draws' seed is made from them, so the same
version gives the same intervals for ever; a drill of the ledger brings its own seed and weights.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from chunshui.catalogue.figure import values
from chunshui.catalogue.funnel import Funnel, funnel, is_trials
from chunshui.catalogue.metric import BASE, Metric, get_metric
from chunshui.catalogue.places import registered
from chunshui.catalogue.stored import known_month, stored_values
from chunshui.month import Month
from chunshui.ranking.league import League, influence, league, points
from chunshui.ranking.posterior import DRAWS, RELIABLE, Array, posterior, rates, reliability
from chunshui.warehouse import Reader

CASES = "办件"
LEAST_WEIGHT = (
    0.5  # more than this share of the board's weight must take part for places to be told
)
MONTHLY, YEARLY = "月拉练", "年考评"


@dataclass(frozen=True)
class Entry:
    """One metric of the board and what is known of the streets by it.

    `hits` of `cases` make the value: of the year up to the month, of a stock the sum over its months,
    so that one day dressed up counts a little. `now_hits` of `now_cases` are the month's own, which
    funnels ask; `is_trials` whether each case is one thing, and so a chance of its own. `why_not` says
    why the metric does not tell the streets apart and takes no part ("": it does).
    """

    metric: Metric
    weight: float
    floor: float
    target: float
    noise: str
    hits: Array
    cases: Array
    now_hits: Array
    now_cases: Array
    is_trials: bool
    reliability: float | None
    scores: Array = field(repr=False)
    why_not: str

    @property
    def values(self) -> Array:
        """The streets' values in the metric's unit; NaN without cases."""
        return values(self.metric, self.hits, self.cases)

    @cached_property
    def funnel(self) -> Funnel | None:
        """Who differs by more than chance; None where cases are no trials (days, households)."""
        if not self.is_trials:
            return None
        return funnel(self.now_hits, self.now_cases, self.metric.fewest)


@dataclass(frozen=True)
class Drill:
    """The board of a month: its streets (codes and names, as registered) and metrics.

    `weights` are the ledger's by metric id, or those of the drill that was held.
    """

    board: str
    month: str
    seed: int
    codes: tuple[str, ...]
    names: tuple[str, ...]
    entries: tuple[Entry, ...]
    weights: Mapping[str, float]

    @property
    def admitted(self) -> list[Entry]:
        """The metrics that take part."""
        return [entry for entry in self.entries if not entry.why_not]

    @cached_property
    def league(self) -> League | None:
        """The places by the weights of the record; None where too little of them takes part."""
        return self.weighed(self.weights)

    def weighed(self, weights: Mapping[str, float]) -> League | None:
        """Return the places by other weights: the draws are kept, only added up anew."""
        own = self._of(weights)
        if own.sum() <= LEAST_WEIGHT * sum(weights.values()):
            return None
        return league(self._scores, own)

    def influence(self, weights: Mapping[str, float]) -> dict[str, float]:
        """Return which share of the differences between the totals each metric makes, by id."""
        if not self.admitted:
            return {}
        shares = influence(self._scores, self._of(weights))
        return {e.metric.id: float(one) for e, one in zip(self.admitted, shares, strict=True)}

    @cached_property
    def _scores(self) -> Array:
        return np.stack(
            [np.broadcast_to(one.scores, (len(self.codes), DRAWS)) for one in self.admitted]
        )

    def _of(self, weights: Mapping[str, float]) -> Array:
        return np.array([weights.get(entry.metric.id, 0.0) for entry in self.admitted])

    @property
    def digest(self) -> str:
        """What a drill that is computed again is held against: its streets' intervals, hashed."""
        found = self.league
        lines = [] if found is None else list(zip(self.codes, found.low, found.high, strict=True))
        return f"{zlib.crc32(repr([(c, int(a), int(b)) for c, a, b in lines]).encode()):08x}"


def seed_of(version: str, month: str, board: str) -> int:
    """Return the seed of a board's draws: the same version and month, the same intervals for ever."""
    return zlib.crc32(f"{version}|{month}|{board}".encode()) >> 1


def drill_of(
    reader: Reader,
    month: str,
    board: str = MONTHLY,
    *,
    seed: int | None = None,
    weights: Mapping[str, float] | None = None,
) -> Drill | None:
    """Return the drill of a month; None where the ledger has no board for its year.

    `seed` and `weights` are those of a drill that was held. Raises `CatalogueError` for an unknown month.
    """
    asked = known_month(reader, month)
    rows = reader.query("ranking/board", board=board, year=asked.year)
    if rows.empty:
        return None
    codes = tuple(street for street, _ in registered(reader, "street", asked.last))
    names = reader.query("catalogue/place_names").set_index("place_code")["place_name"]
    seed = seed_of(reader.version, month, board) if seed is None else seed
    entries = tuple(_entry(reader, asked, codes, seed, row) for row in rows.to_dict("records"))
    own = dict(zip(rows["metric_id"], rows["weight"], strict=True))
    said = tuple(names[code] for code in codes)
    return Drill(board, month, seed, codes, said, entries, weights or own)


def weights_written(weights: Mapping[str, float]) -> str:
    """Return weights as the ledger of drills keeps them: "opinion_return_rate=12.5;…"."""
    return ";".join(f"{metric}={weight:g}" for metric, weight in weights.items())


def weights_read(written: str) -> dict[str, float]:
    """Return the weights that a row of the ledger of drills keeps; what is no number is left out."""
    found = {}
    for part in written.split(";"):
        metric, _, weight = part.partition("=")
        try:
            found[metric.strip()] = float(weight)
        except ValueError:
            continue
    return found


def _entry(
    reader: Reader, month: Month, codes: Sequence[str], seed: int, row: dict[str, Any]
) -> Entry:
    metric, noise = get_metric(row["metric_id"]), row["noise"]
    hits, cases, *now, counted = sums_of(reader, metric, month, codes, "street")
    trials = is_trials(now[0], now[1], counted)
    known, why_not = None, _why_not(reader, metric, month, row["refusal"], cases, codes)
    if not why_not and noise == CASES:
        if not trials:
            why_not = "分母不是件数，不能按办件算"
        else:
            known = reliability(hits, cases)
            if known < RELIABLE:
                why_not = f"分不出先后（街道之差只有{known:.0%}不是偶然）"
    scores = np.zeros((len(codes), 1))
    if not why_not:
        scores = _scores(metric, noise, hits, cases, row, seed)
        if np.ptp(scores.mean(1)) == 0:
            why_not = "各街道得分相同，分不出先后"
    return Entry(
        metric, row["weight"], row["floor"], row["target"], noise,
        hits, cases, now[0], now[1], trials, known, scores, why_not,
    )  # fmt: skip


class Sums(NamedTuple):
    """Hits and cases (places,) of the year up to a month, those of the month, how many things its hits are."""

    hits: Array
    cases: Array
    now_hits: Array
    now_cases: Array
    counted: Array


def sums_of(reader: Reader, metric: Metric, month: Month, codes: Sequence[str], level: str) -> Sums:
    """Return the sums of a metric in the places of a level, in the order of their codes.

    A metric that itself counts the year, or all there was, is taken as it is; one of a day or a month
    is added up over the months of the year.
    """
    stored = stored_values(reader, BASE)
    months = [one for one in stored.months if one.year == month.year and one <= month]
    found = stored.by_place(metric, months, level)
    at = 0 if level == "street" else 1
    cells = np.zeros((3, len(codes), len(months)))
    place = {code: number for number, code in enumerate(codes)}
    for key, sums in found.items():
        if key[at] in place:
            cells[:, place[str(key[at])]] += np.nan_to_num(sums)
    now = cells[..., -1]
    adds = metric.window in ("as-of", "month")
    hits, cases = cells[:2].sum(-1) if adds else now[:2]
    return Sums(hits, cases, *now)


def _why_not(
    reader: Reader,
    metric: Metric,
    month: Month,
    refusal: str | None,
    cases: Array,
    codes: Sequence[str],
) -> str:
    """Return why a metric cannot be asked of the streets at all; "" where it can."""
    if refusal and isinstance(refusal, str):
        return refusal
    if metric.level == "district":
        return "只在全区统计，不分街道"
    if stored_values(reader, BASE).unmeasured(metric) or not cases.sum():
        return "本月没有数据"
    return ""


def _scores(
    metric: Metric, noise: str, hits: Array, cases: Array, row: dict[str, Any], seed: int
) -> Array:
    """Return the points: of cases in every draw, of a stock the one known value of each street."""
    if noise == CASES:
        own = zlib.crc32(f"{seed}|{metric.id}".encode())
        return points(metric.scale * rates(hits, cases, own), row["floor"], row["target"])
    known = values(metric, hits, cases)
    whole = metric.scale * hits.sum() / cases.sum()  # who has none is taken for average
    return points(np.where(np.isnan(known), whole, known), row["floor"], row["target"])[:, None]


def shrunk(entry: Entry, hits: Array, cases: Array) -> Array:
    """Return the expected true values in a window, drawn towards those of all; in the metric's unit."""
    return entry.metric.scale * posterior(hits, cases).shrunk(hits, cases)


def held(reader: Reader, month: str) -> pd.DataFrame:
    """Return the drills held by the end of the month after a month: see `queries/ranking/events.sql`."""
    return reader.query("ranking/events", as_of=Month.parse(month).shift(1).last)
