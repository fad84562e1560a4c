"""Room per person (E2SFCA) by community, beside its reference package.

PYTHONPATH=. python benchmarks/circles_e2sfca.py [network.osm.pbf]
"""

import sys

import circles_ground as shared
import numpy as np

from chunshui.circles import reach, snap
from chunshui.circles.e2sfca import LUO_QI, e2sfca, step_decay

LIMIT = 1080.0  # fifteen minutes


def main(argv: list[str]) -> None:
    place = shared.ground(argv)
    shared.title("Room per person (E2SFCA) within 1,080 m", place)
    stations = snap.snap(place.streets, place.station_xy)
    pairs = reach.reach(place.streets, snap.snap(place.streets, place.building_xy), stations)
    room = np.random.default_rng(4).integers(20, 400, len(stations))
    decay = step_decay(LIMIT)
    base, (room_each, _) = shared.clock(lambda: e2sfca(pairs, room, place.people, decay), repeat=3)
    shared.row("room per person (E2SFCA)", base)
    if not shared.version("access"):
        return shared.row("access", None, "not installed")
    import access as peer
    import pandas as pd

    homes = pd.DataFrame({"home": range(len(place.people)), "people": place.people})
    stations = pd.DataFrame({"place": range(len(room)), "room": room})
    ask = peer.Access(
        demand_df=homes, demand_index="home", demand_value="people",
        supply_df=stations, supply_index="place", supply_value="room",
        cost_df=pairs, cost_origin="building", cost_dest="station", cost_name="metres",
    )  # fmt: skip
    rings = peer.weights.step_fn({share * LIMIT: weight for share, weight in LUO_QI})
    seconds, theirs = shared.clock(
        lambda: ask.enhanced_two_stage_fca(name="room", max_cost=LIMIT, weight_fn=rings), repeat=1
    )
    theirs = theirs.iloc[:, 0].reindex(range(len(homes))).fillna(0.0).to_numpy()
    off = float(np.abs(theirs - room_each).max())
    same = "same answers" if off < 1e-12 else "DIFFERS"
    shared.row("access", seconds, f"{seconds / base:6.1f}x   {same} (max {off:.1e})")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
