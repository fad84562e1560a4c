"""Where next: greedy and proven answers, against spopt building and solving the same problem.

    PYTHONPATH=. python benchmarks/circles_siting.py [network.osm.pbf] [--full]

Aim: proof for k = 10 on 2,000 candidates and 20,000 demand points (100 existing stations) in 5 s,
25 times faster than spopt. spopt needs minutes and a gigabyte for that; without --full it gets a
fifth of the candidates and a quarter of the demand, and both are timed on that.
"""

import sys

import circles_ground as shared
import numpy as np

from chunshui.circles import reach, siting, snap

LIMIT, CANDIDATES, EXISTING, K = 720.0, 2000, 100, 10


def main(argv: list[str]) -> None:
    place = shared.ground(argv)
    shared.title("Maximal covering", place)
    streets = place.streets
    buildings = snap.snap(streets, place.building_xy)
    existing = snap.snap(streets, place.station_xy[:EXISTING])
    candidates = snap.snap(streets, shared.doors(streets, CANDIDATES, seed=3))
    nearest, _ = reach.nearest(streets, buildings, existing)
    wanting = np.where(nearest <= LIMIT, 0.0, place.people)
    served = 1 - wanting.sum() / place.people.sum()
    print(f"   {EXISTING} stations cover {served:.1%} within {LIMIT:,.0f} m")
    seconds, pairs = shared.clock(
        lambda: reach.reach(streets, buildings, candidates, limit_m=LIMIT), repeat=2
    )
    shared.row(f"reach of {CANDIDATES:,} candidates", seconds)
    cover = siting.cover(pairs, CANDIDATES, len(buildings), LIMIT)
    small, _, _ = siting.reduce(cover, wanting)
    print(
        f"   {CANDIDATES:,} x {len(buildings):,} with {cover.nnz:,} ones, "
        f"joined to {small.shape[0]:,} x {small.shape[1]:,} with {small.nnz:,}"
    )
    for name, weight in (("beside the existing", wanting), ("from nothing", place.people)):
        for k in (1, 5, K, 20):
            quick = siting.greedy(cover, weight, k)
            best = siting.exact(cover, weight, k)
            gap = 1 - quick.covered / best.covered if best.covered else 0.0
            note = (
                f"{best.covered:,.0f} people, {'proven' if best.proven else best.note}; greedy "
                f"{quick.seconds * 1000:.0f} ms, {gap:.2%} less"
            )
            shared.row(f"k = {k}, {name}", best.seconds, note)
    against_spopt(cover, np.asarray(place.people, dtype=float), "--full" in argv)


def against_spopt(cover, weight, full: bool) -> None:
    if not shared.version("spopt"):
        return shared.row("spopt", None, "not installed")
    import pulp
    from spopt.locate import MCLP

    rng = np.random.default_rng(0)
    if not full:
        rows = np.sort(rng.choice(cover.shape[0], cover.shape[0] // 5, replace=False))
        columns = np.sort(rng.choice(cover.shape[1], cover.shape[1] // 4, replace=False))
        cover, weight = cover[rows][:, columns], weight[columns]
    print(f"   -- spopt {shared.version('spopt')} on {cover.shape[0]:,} x {cover.shape[1]:,}")
    away = np.where(cover.toarray().T > 0, 0.0, 1e9)
    built, model = shared.clock(
        lambda: MCLP.from_cost_matrix(away, weight, service_radius=1.0, p_facilities=K), repeat=1
    )
    solved, model = shared.clock(lambda: model.solve(pulp.PULP_CBC_CMD(msg=False)), repeat=1)
    theirs = pulp.value(model.problem.objective)
    seconds, ours = shared.clock(lambda: siting.exact(cover, weight, K), repeat=2)
    same = "same optimum" if abs(theirs - ours.covered) < 0.5 else "DIFFERS"
    shared.row("chunshui.circles.siting.exact", seconds, f"{ours.covered:,.0f}")
    shared.row(
        "spopt, build and solve (CBC)",
        built + solved,
        f"{(built + solved) / seconds:6.1f}x   {same}: {theirs:,.0f} "
        f"(build {built:.1f} s, solve {solved:.1f} s)",
    )
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
