"""How honest the intervals of 拉练赛马 are: true rates are made up, cases drawn at the real bases, the true rank looked for.

Run: nice python -m benchmarks.ranking VERSION.duckdb [--repetitions 200] [--seed 1]. Needs no server.

Streets of the demonstration, 2026-10, seed 1, 600 repetitions where quality goes with size, else 250, 500 draws (20 minutes and more), each
world run by itself; the two worlds not in the table were not run at 90 %.
cover: share of streets whose true rank lies in the 90 % interval; first, last: streets of a district said to be in the first or
last quarter (at 90 %), and which part of them is not.

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

Ranks are whole numbers, so intervals hold rather more than nine in ten. At 80 % instead of 90 %, .24 of the few first and .25 of the last are
false where size cuts both ways: rates rise with it, which is good by one metric and bad by another, so that totals differ less than
each metric lets expect. A prior whose mean goes with size did not lower that (.32 of 101 first at 80 %), so the bound is what is raised.
"""

import argparse
import time
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
    "as scattered", "twice as scattered", "two groups", "small ones worse", "small ones better",
    "size cuts both ways", "all alike",
)  # fmt: skip

# Which way quality goes with size; where it cuts both ways, rates rise with it, be that good or bad.
SIZE = {"small ones worse": 1, "small ones better": -1, "size cuts both ways": 1}


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
    if truth == "twice as scattered":
        correlation = min(2 * correlation, 0.5)
    size = 1 / correlation - 1
    return rng.beta(mean * size, (1 - mean) * size, units)


def simulate(
    entries: list[Entry],
    stock: np.ndarray,
    weights: np.ndarray,
    truth: str,
    repetitions: int,
    seed: int,
) -> dict:
    """Return coverage, width and claims of rank intervals over so many made-up districts.

    `stock` are the points of what is no chance, weighed already; kept as they are.
    """
    rng = np.random.default_rng(seed)
    inside, ends, width, claims, false, last, last_false = [], [], [], 0, 0, 0, 0
    for _ in range(repetitions):
        truths, drawn = stock.copy(), np.repeat(stock[:, None], DRAWS, 1)
        for entry, weight in zip(entries, weights, strict=True):
            rate = true_rates(truth, entry, rng)
            hits = rng.binomial(entry.cases.astype(int), rate).astype(float)
            scale = entry.metric.scale, entry.floor, entry.target
            truths += weight * points(scale[0] * rate, *scale[1:])
            own = rates(hits, entry.cases, int(rng.integers(1 << 31)), DRAWS)
            drawn += weight * points(scale[0] * own, *scale[1:])
        rank, found = rankdata(-truths), league_of(drawn)
        units = len(rank)
        quarter = max(1, round(units / 4))
        held = (found.low <= rank) & (rank <= found.high)
        inside.append(held.mean())
        shown = rankdata(found.mean_rank)
        ends.append(held[(shown <= 1) | (shown >= units)].mean())
        width.append(((found.high - found.low) / (units - 1)).mean())
        first = found.first >= SURE
        claims, false = claims + first.sum(), false + (first & (rank > quarter)).sum()
        behind = found.last >= SURE
        last, last_false = (
            last + behind.sum(),
            last_false + (behind & (rank <= units - quarter)).sum(),
        )
    return {
        "cover": np.mean(inside),
        "cover of those shown first and last": np.mean(ends),
        "width": np.mean(width),
        "first-quarter claims": claims / repetitions,
        "false of them": false / max(claims, 1),
        "last-quarter claims": last / repetitions,
        "false of these": last_false / max(last, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "version", type=Path, help="a version's file: data/versions/versions/v000001.duckdb"
    )
    parser.add_argument("--month", default="2026-10")
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261129)
    asked = parser.parse_args()
    with Reader(asked.version, SimpleNamespace(version=asked.version.stem)) as reader:
        drill = drill_of(reader, asked.month)
    cases = [entry for entry in drill.admitted if entry.noise == CASES]
    stock = np.zeros(len(drill.codes))
    print(f"{drill.month}: {len(drill.codes)} streets, {', '.join(e.metric.id for e in cases)}")
    boards = {
        "cases alone": (np.ones(len(cases)) / len(cases), stock),
        "whole board": (
            np.array([e.weight for e in cases]) / sum(e.weight for e in drill.admitted),
            sum(
                e.weight * np.broadcast_to(e.scores.mean(1), stock.shape)
                for e in drill.admitted
                if e.noise != CASES
            )
            / sum(e.weight for e in drill.admitted),
        ),
    }
    for name, (weights, facts) in boards.items():
        for truth in TRUTHS:
            start = time.perf_counter()
            found = simulate(cases, facts, weights, truth, asked.repetitions, asked.seed)
            told = ", ".join(f"{what} {one:.2f}" for what, one in found.items())
            print(f"{name}, {truth}: {told} ({time.perf_counter() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
