"""What-if: add, close or move one station, with coverage by community before and after.

    PYTHONPATH=. python benchmarks/circles_scenario.py [network.osm.pbf]

Aim: 5 ms in the engine.
"""

import sys
import time

import circles_ground as shared
import numpy as np

from chunshui.circles import reach, scenario, snap

LIMIT, ROUNDS = 720.0, 200


def main(argv: list[str]) -> None:
    place = shared.ground(argv)
    shared.title("What-if", place)
    streets = place.streets
    buildings = snap.snap(streets, place.building_xy)
    stations = snap.snap(streets, place.station_xy)
    pairs = reach.reach(streets, buildings, stations)
    is_open = np.arange(len(stations)) < 100
    seconds, today = shared.clock(
        lambda: scenario.nearest_stations(streets, buildings, pairs, is_open)
    )
    shared.row("prepare, once per choice of function and hour", seconds, "100 open stations")
    places = shared.doors(streets, ROUNDS, seed=7)
    shut = np.flatnonzero(is_open & stations.tied)

    def add(at: int):
        return {"add": snap.snap(streets, places[at : at + 1])}

    def close(at: int):
        return {"close": [shut[at % len(shut)]]}

    for name, ask in (
        ("add", add),
        ("close", close),
        ("move", lambda at: add(at) | close(at)),
    ):
        took, wrong = [], 0.0
        for at in range(ROUNDS):
            begun = time.perf_counter()
            question = ask(at)
            after, _ = scenario.walks_after(today, **question)
            scenario.coverage_change(today, after, place.people, LIMIT, place.community)
            took.append(time.perf_counter() - begun)
            if at % 20 == 0:
                wrong = max(wrong, off(today, stations, after, **question))
        fifty, ninety_five = np.quantile(took, [0.5, 0.95])
        note = f"p95 {ninety_five * 1000:.1f} ms, off a fresh count by {wrong:.1e} m at most"
        shared.row(f"{name} one, with the difference by community", fifty, note)


def off(today, stations, after, *, add=None, close=()) -> float:
    """Greatest distance between an answer and a fresh search over all that is then open."""
    left = np.setdiff1d(np.flatnonzero(today.open), close)
    fresh, _ = reach.nearest(today.network, today.buildings, stations[left], limit_m=today.limit_m)
    if add is not None:
        new, _ = reach.nearest(today.network, today.buildings, add, limit_m=today.limit_m)
        fresh = np.minimum(fresh, new)
    if not np.array_equal(np.isfinite(fresh), np.isfinite(after)):
        return np.inf
    walked = np.isfinite(fresh)
    return float(np.abs(fresh[walked] - after[walked]).max())


if __name__ == "__main__":
    main(sys.argv[1:])
