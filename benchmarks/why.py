"""Time the parts of a change and the way to the target, of every metric of the demonstration.

    python -m benchmarks.why [versions folder]

Prints, in milliseconds, the median of five and the slowest metric: places from the stored values
(30 ms wanted), members of two months (150 ms wanted), the way to the target.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from chunshui import paths
from chunshui.catalogue.metric import all_metrics
from chunshui.catalogue.stored import version_months
from chunshui.catalogue.to_target import to_target_of
from chunshui.catalogue.why import member_flows, place_contributions
from chunshui.warehouse import Store

TIMES = 5


def milliseconds(ask: Callable[[], object]) -> float:
    """Return the median time of asking a few times."""
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - start))
    return median(times)


def main() -> None:
    """Time every metric and print the medians and the slowest."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else paths.versions_dir()
    with Store(folder).open() as reader:
        last = version_months(reader)[-1]
        months = (str(last), str(last.shift(-1)))
        asks: dict[str, Callable[[str], object]] = {
            "places": lambda one: place_contributions(reader, one, *months, "community"),
            "members": lambda one: member_flows(reader, one, *months),
            "target": lambda one: to_target_of(reader, one, months[0]),
        }
        for name, ask in asks.items():
            ask("station_count")  # the stored values are read once
            taken = {one: milliseconds(partial(ask, one)) for one in all_metrics()}
            slowest = sorted(taken, key=lambda one: taken[one])[-3:]
            worst = "、".join(f"{one} {taken[one]:.0f}" for one in reversed(slowest))
            print(f"{name}: median {median(taken.values()):.1f} ms; slowest {worst}")


if __name__ == "__main__":
    main()
