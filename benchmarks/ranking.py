"""How honest the intervals of 拉练赛马 are: true rates are made up, cases drawn at the real bases, the true rank looked for.

Run: nice python -m benchmarks.ranking VERSION.duckdb [--repetitions 300] [--seed 1] [--world "heavy tails"]. Needs no
server; some three minutes on two free cores.

Streets of the demonstration, 2026-10. The first table: seed 1, 600 repetitions where quality goes with size, else 250, 500 draws. cover: share of
streets whose true rank lies in the 90 % interval; first, last: streets of a district said to be in the first or last quarter (at
90 %), and which part of them is not.

| board, truth | cover | first | false | last | false |
|---|---|---|---|---|---|
| cases alone, as scattered | .97 | 0.31 | .00 | 0.51 | .02 |
| twice as scattered | .96 | 0.69 | .04 | 0.87 | .05 |
| two groups | .95 | 0.40 | .04 | 0.41 | .07 |
| small ones worse | .97 | 0.44 | .02 | 0.29 | .13 |
| small ones better | .97 | 0.07 | .12 | 0.45 | .05 |
| size cuts both ways | .93 | 0.09 | .15 | 0.13 | .15 |
| whole board, as scattered | .96 | 0.42 | .06 | 0.70 | .05 |
| small ones worse | .96 | 0.58 | .02 | 0.51 | .15 |
| small ones better | .96 | 0.13 | .14 | 0.60 | .08 |
| size cuts both ways | .93 | 0.15 | .12 | 0.37 | .10 |

Seed 777, 300 repetitions, the whole board, with the two worlds made since: cover .935 (size cuts both ways) to .973; of the first 130, 235,
186, 89 (heavy tails), 45 (one far behind), 174, 35, 50 and 6 said to be first .06, .04, .09, .08, .13, .03, .03, .06 and .00 are not, of the last
.06, .04, .08, .02, .05, .08, .10, .11 and .00. Of cases alone: cover .891 (all alike) to .975; where hardly any is said to be first
or last the share is uncertain: 4 of 18 first where one is far behind, 7 of 38 last where size cuts both ways.

Ranks are whole numbers, so intervals hold rather more than nine in ten. At 80 % instead of 90 %, .24 of the few first and .25 of the last are
false where size cuts both ways: rates rise with it, which is good by one metric and bad by another, so that totals differ less than
each metric lets expect. A prior whose mean goes with size did not lower that (.32 of 101 first at 80 %), so the bound is what is raised.
"""

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from scipy.stats import rankdata

from chunshui.ranking.drill import CASES, Entry, drill_of
from chunshui.ranking.league import SURE, league_of, points
from chunshui.ranking.posterior import posterior, rates
from chunshui.warehouse.reader import Reader

DRAWS = 500
TRUTHS = (
    "as scattered", "twice as scattered", "two groups", "heavy tails", "one far behind",
    "small ones worse", "small ones better", "size cuts both ways", "all alike",
)  # fmt: skip
BOARDS = "cases alone", "whole board"

# Which way quality goes with size; where it cuts both ways, rates rise with it, be that good or bad.
SIZE = {"small ones worse": 1, "small ones better": -1, "size cuts both ways": 1}


Board = tuple[
    np.ndarray, np.ndarray
]  # weights of the metrics of cases, points of what is no chance


def true_rates(truth: str, entry: Entry, rng: np.random.Generator) -> np.ndarray:
    """Return made-up true rates of the streets by one metric."""
    found = posterior(entry.hits, entry.cases)
    mean, correlation = found.mean, found.correlation
    units = len(entry.cases)
    if truth == "all alike":
        return mean + rng.uniform(-1e-6, 1e-6, units)
    spread = np.sqrt(mean * (1 - mean) * correlation)
    if truth == "two groups":  # no bell at all, and another one for each metric
        return np.clip(mean + spread * rng.choice([-1.0, 1.0], units), 0.002, 0.998)
    if truth in SIZE:  # what shrinkage fears
        up = 1 if truth == "size cuts both ways" else np.sign(entry.target - entry.floor)
        order = SIZE[truth] * up * (rankdata(entry.cases) / units - 0.5)
        return np.clip(
            mean + 2 * spread * order + spread / 2 * rng.standard_normal(units), 0.002, 0.998
        )
    if truth == "heavy tails":  # a few far off both ways, most alike
        far = spread * rng.standard_t(2, units) / 2
        return np.clip(mean + far, 0.002, 0.998)
    if truth == "one far behind":
        worst = np.arange(units) == rng.integers(units)
        down = -np.sign(entry.target - entry.floor)
        off = spread * rng.standard_normal(units) / 3 + 3 * spread * down * worst
        return np.clip(mean + off, 0.002, 0.998)
    if truth == "twice as scattered":
        correlation = min(2 * correlation, 0.5)
    size = 1 / correlation - 1
    return rng.beta(mean * size, (1 - mean) * size, units)


@dataclass
class Told:
    """What was told of so many made-up districts: shares of streets, and counts of what is said."""

    inside: list[float] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    first: int = 0
    first_false: int = 0
    last: int = 0
    last_false: int = 0

    def take(self, truths: np.ndarray, drawn: np.ndarray) -> None:
        """Hold the league of draws (streets, draws) against the true totals (streets,)."""
        rank, found = rankdata(-truths), league_of(drawn)
        units = len(rank)
        quarter = max(1, round(units / 4))
        self.inside.append(float(((found.low <= rank) & (rank <= found.high)).mean()))
        self.width.append(float(((found.high - found.low) / (units - 1)).mean()))
        first, last = found.first >= SURE, found.last >= SURE
        self.first += int(first.sum())
        self.first_false += int((first & (rank > quarter)).sum())
        self.last += int(last.sum())
        self.last_false += int((last & (rank <= units - quarter)).sum())

    def __str__(self) -> str:
        cover = np.mean(self.inside)
        error = np.std(self.inside) / np.sqrt(len(self.inside))
        said = [
            f"{what} {n} ({false} false, {false / max(n, 1):.2f})"
            for what, n, false in (
                ("first", self.first, self.first_false),
                ("last", self.last, self.last_false),
            )
        ]
        return (
            f"cover {cover:.3f} ± {error:.3f}, width {np.mean(self.width):.2f}, {', '.join(said)}"
        )


def simulate(
    entries: list[Entry], boards: list[Board], truth: str, repetitions: int, seed: int
) -> list[Told]:
    """Return of each board what is told over so many made-up districts.

    The boards weigh the same draws, and add the points of what is no chance (weighed already).
    """
    rng = np.random.default_rng([seed, TRUTHS.index(truth)])
    found = [Told() for _ in boards]
    for _ in range(repetitions):
        true, drawn = [], []
        for entry in entries:
            scale = entry.metric.scale, entry.floor, entry.target
            rate = true_rates(truth, entry, rng)
            hits = rng.binomial(entry.cases.astype(int), rate).astype(float)
            own = rates(hits, entry.cases, int(rng.integers(1 << 31)), DRAWS)
            true.append(points(scale[0] * rate, *scale[1:]))
            drawn.append(points(scale[0] * own, *scale[1:]))
        for told, (weights, stock) in zip(found, boards, strict=True):
            told.take(
                weights @ np.array(true) + stock,
                np.tensordot(weights, np.array(drawn), 1) + stock[:, None],
            )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "version", type=Path, help="a version's file: data/versions/versions/v000001.duckdb"
    )
    parser.add_argument("--month", default="2026-10")
    parser.add_argument("--repetitions", type=int, default=300, help="districts a world (300)")
    parser.add_argument("--seed", type=int, default=20261129)
    parser.add_argument("--world", choices=TRUTHS, action="append", help="only this one; several")
    asked = parser.parse_args()
    with Reader(asked.version, SimpleNamespace(version=asked.version.stem)) as reader:
        drill = drill_of(reader, asked.month)
    if drill is None:
        parser.error(f"no board for the year of {asked.month}")
    cases = [entry for entry in drill.admitted if entry.noise == CASES]
    whole = sum(entry.weight for entry in drill.admitted)
    stock = np.zeros(len(drill.codes))
    for entry in drill.admitted:
        if entry.noise != CASES:
            stock = stock + entry.weight * np.broadcast_to(entry.scores.mean(1), stock.shape)
    boards = [
        (np.ones(len(cases)) / len(cases), np.zeros(len(stock))),
        (np.array([entry.weight for entry in cases]) / whole, stock / whole),
    ]
    print(f"{drill.month}: {len(drill.codes)} streets, {', '.join(e.metric.id for e in cases)}")
    start = time.perf_counter()
    worlds = asked.world or list(TRUTHS)
    with ProcessPoolExecutor(2) as pool:
        jobs = [
            pool.submit(simulate, cases, boards, one, asked.repetitions, asked.seed)
            for one in worlds
        ]
        for truth, job in zip(worlds, jobs, strict=True):
            for name, told in zip(BOARDS, job.result(), strict=True):
                print(f"{name}, {truth}: {told}", flush=True)
    print(f"{asked.repetitions} districts a world, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
