"""Changes of a drill's streets since another month: true progress, and what moved their places."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chunshui.catalogue.figure import values
from chunshui.catalogue.stored import version_months
from chunshui.month import Month
from chunshui.ranking.drill import CASES, LEAST_WEIGHT, Drill, Entry, shrunk, sums_of
from chunshui.ranking.league import moved
from chunshui.ranking.posterior import DRAWS, Array
from chunshui.ranking.progress import Window, chances, named, window
from chunshui.warehouse import Reader

TOTAL_LEAST = 0.5  # the share of weight by which a street must be judged for its total to be


@dataclass(frozen=True)
class Tested:
    """One metric against the same months of the year before, by street.

    Values in the metric's unit, `true_change` the one expected of the true values: what stands out
    was chosen for it, and its raw change is exaggerated.
    """

    entry: Entry
    before_hits: Array
    before_cases: Array
    p: Array
    is_named: NDArray[np.bool_]

    @property
    def before(self) -> Array:
        """The values of the year before."""
        return values(self.entry.metric, self.before_hits, self.before_cases)

    @cached_property
    def true_change(self) -> Array:
        """The change expected of the true values."""
        now = shrunk(self.entry, self.entry.hits, self.entry.cases)
        return now - shrunk(self.entry, self.before_hits, self.before_cases)


@dataclass(frozen=True)
class Progress:
    """What is tested, metric by metric and over all of them, and who stands out."""

    since: str
    tested: tuple[Tested, ...]
    total_named: NDArray[np.bool_]

    @property
    def is_named(self) -> NDArray[np.bool_]:
        """Which streets progressed, in anything or in all."""
        found: NDArray[np.bool_] = self.total_named.copy()
        for one in self.tested:
            found |= one.is_named
        return found

    @property
    def judged(self) -> int:
        """How many changes could be judged."""
        return sum(int((one.p < 1).sum()) for one in self.tested)


def progress_of(reader: Reader, drill: Drill) -> Progress | None:
    """Return who progressed since the same month of the year before; None where that is unknown.

    Only of cases, for a stock's change is a fact to be read, and in windows that do not overlap.
    All comparisons, the total too, are held to one false in ten together.
    """
    month = Month.parse(drill.month)
    before = month.shift(-12)
    if before not in version_months(reader):
        return None
    asked = [
        e
        for e in drill.entries
        if e.noise == CASES and e.is_trials and e.metric.direction != "none"
    ]
    was = [sums_of(reader, e.metric, before, drill.codes, "street") for e in asked]
    pairs = [
        (window(sums.hits, sums.cases, e.metric.fewest), window(e.hits, e.cases, e.metric.fewest))
        for e, sums in zip(asked, was, strict=True)
    ]
    ps = [chances(*pair, _better(e)) for e, pair in zip(asked, pairs, strict=True)]
    ps.append(_total(drill, asked, pairs))
    p = np.array(ps)
    stands = named(p, p < 1)
    tested = tuple(
        Tested(e, sums.hits, sums.cases, own, stand)
        for e, sums, own, stand in zip(asked, was, p[:-1], stands[:-1], strict=True)
    )
    return Progress(str(before), tested, stands[-1])


def _better(entry: Entry) -> int:
    return 1 if entry.target > entry.floor else -1


def _total(drill: Drill, entries: list[Entry], pairs: list[tuple[Window, Window]]) -> Array:
    """Return how likely the change of the weighted points of cases is by chance.

    Metrics that count the same things go up and down together: their errors are added up, not squared.
    """
    units = len(drill.codes)
    weights = np.array([drill.weights.get(entry.metric.id, 0.0) for entry in entries])
    if not weights.sum():
        return np.ones(units)
    rates = np.zeros((2, units))
    errors: dict[tuple[int, str], Array] = {}
    able = np.zeros(units)
    for entry, weight, pair in zip(entries, weights / weights.sum(), pairs, strict=True):
        points = weight * 100 * entry.metric.scale / (entry.target - entry.floor)
        able += weight * (pair[0].able & pair[1].able)
        for at, one in enumerate(pair):
            rates[at] += points * one.rate
            key = (at, entry.metric.entities[0])
            errors[key] = errors.get(key, np.zeros(units)) + abs(points) * np.sqrt(one.variance)
    variances = [sum(error**2 for (k, _), error in errors.items() if k == at) for at in (0, 1)]
    windows = [
        Window(rate, np.asarray(variance), able >= TOTAL_LEAST)
        for rate, variance in zip(rates, variances, strict=True)
    ]
    return chances(windows[0], windows[1], 1)


@dataclass(frozen=True)
class Moved:
    """How the streets' points and mean ranks moved since another month.

    `points` (metrics, streets) by the metrics that took part in both, weighted; `own` and `others`
    are the places moved by a street's own points and by those of the others (below 0: forward).
    """

    since: str
    entries: tuple[Entry, ...]
    points: Array
    own: Array
    others: Array


def usual_before(month: str) -> str:
    """Return the month that a drill is held against unasked: the last one, of January the year before's."""
    asked = Month.parse(month)
    return str(asked.shift(-12 if asked.number == 1 else -1))


def moved_of(drill: Drill, past: Drill | None) -> Moved | None:
    """Return what moved since the drill of another month, by the weights of now, on what took part in both.

    None where that is not more than half of the weight, or the months do not count alike.
    """
    if past is None or past.codes != drill.codes:
        return None
    months = Month.parse(drill.month), Month.parse(past.month)
    known = {entry.metric.id: entry for entry in past.admitted}
    both = [e for e in drill.admitted if e.metric.id in known and e.metric.comparable(*months)]
    weights = np.array([drill.weights.get(entry.metric.id, 0.0) for entry in both])
    if weights.sum() <= LEAST_WEIGHT * sum(drill.weights.values()):
        return None
    weights = weights / weights.sum()
    now, was = (
        np.array([weight * np.broadcast_to(of[entry.metric.id].scores, (len(drill.codes), DRAWS))
                  for entry, weight in zip(both, weights, strict=True)])
        for of in ({e.metric.id: e for e in both}, known)
    )  # fmt: skip
    own, others = moved(was.sum(0), now.sum(0))
    return Moved(past.month, tuple(both), now.mean(2) - was.mean(2), own, others)
