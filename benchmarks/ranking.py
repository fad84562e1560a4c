"""How honest the intervals of 拉练赛马 are: true rates are made up, cases drawn at the real bases, the true rank looked for.

Run: nice python -m benchmarks.ranking VERSION.duckdb [--repetitions 200] [--seed 1]. Needs no server.

Streets of the demonstration, 2026-10, seed 20261129, 250 repetitions of each truth (one of 2 shared cores, 2 to 10 minutes).
cover: share of streets whose true rank lies in the 90 % interval; claims: streets said to be in the first quarter.

| board, truth | cover | of those shown first and last | width | claims | false |
|---|---|---|---|---|---|
| cases alone, as scattered | .96 | .98 | .65 | 0.65 | .12 |
| twice as scattered | .97 | .97 | .53 | 1.08 | .09 |
| two groups | .94 | .94 | .64 | 0.78 | .12 |
| drifting with size | .94 | .94 | .78 | 0.24 | .22 |
| all alike | .90 | .80 | .89 | 0.00 | - |
| whole board, as scattered | .96 | .96 | .58 | 0.84 | .10 |
| twice as scattered | .96 | .96 | .49 | 1.18 | .09 |
| two groups | .95 | .95 | .58 | 0.94 | .09 |
| drifting with size | .94 | .95 | .70 | 0.40 | .20 |
| all alike (but for the stock) | .99 | 1.00 | .70 | 0.28 | .00 |

Ranks are whole numbers, so intervals hold rather more than nine in ten. Where the small streets are the worse (a third of
all differences go with size, against the model), claims are few and one in five is false.
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
TRUTHS = ("as scattered", "twice as scattered", "two groups", "drifting with size", "all alike")


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
    if truth == "drifting with size":  # what shrinkage fears: the small ones are the worse
        order = rankdata(entry.cases) / units - 0.5
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
