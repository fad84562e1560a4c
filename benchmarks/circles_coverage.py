"""A whole page of coverage by community: from walking distances, and by a geopandas overlay.

    PYTHONPATH=. python benchmarks/circles_coverage.py [network.osm.pbf]

The overlay can only draw circles. That both count the same people is checked on circles; what the
circles claim too much is the last column.
"""

import sys

import circles_ground as shared
import geopandas as gpd
import numpy as np
import shapely

from chunshui.circles import coverage, reach, snap

LIMITS = (300.0, 500.0, 800.0)


def main(argv: list[str]) -> None:
    place = shared.ground(argv)
    shared.title("Coverage of every community at 300, 500 and 800 m", place)
    streets = place.streets
    buildings = snap.snap(streets, place.building_xy)
    stations = snap.snap(streets, place.station_xy)
    streets.arcs  # noqa: B018
    seconds, pairs = shared.clock(lambda: reach.reach(streets, buildings, stations))
    shared.row("reach, once per data version", seconds, f"{len(pairs):,} pairs")
    some = np.arange(len(stations)) % 4 == 0  # a function that every fourth station offers

    def page():
        nearest = coverage.nearest_of(pairs, len(buildings), some)
        return nearest, coverage.shares(nearest, place.people, LIMITS, place.community)

    base, (nearest, _) = shared.clock(page)
    shared.row("the page, from reach", base, "walks, one function, three distances")
    seconds, circles = shared.clock(lambda: overlay(place, some), repeat=2)
    shared.row("geopandas: buffer, union, sjoin", seconds, f"{seconds / base:6.1f}x   circles only")

    frame = coverage.straight_against_network(
        place.building_xy, place.station_xy[some], nearest, place.people, LIMITS
    )
    for line in frame.itertuples():
        same = abs(circles[line.metres] - line.straight) < 2e-4
        print(
            f"   {line.metres:5,.0f} m: circles {line.straight:.1%} (geopandas "
            f"{circles[line.metres]:.1%}, {'same' if same else 'DIFFERS'}), walked "
            f"{line.network:.1%}, claimed too much {line.overstated:+.1%}"
        )
    room_per_person(place, pairs)


def room_per_person(place, pairs) -> None:
    """E2SFCA beside its reference package."""
    limit = coverage.metres(15)
    room = np.random.default_rng(4).integers(20, 400, len(place.station_xy))
    decay = coverage.step_decay(limit)
    base, (room_each, _) = shared.clock(
        lambda: coverage.e2sfca(pairs, room, place.people, decay), repeat=3
    )
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
    rings = peer.weights.step_fn({share * limit: weight for share, weight in coverage.LUO_QI})
    seconds, theirs = shared.clock(
        lambda: ask.enhanced_two_stage_fca(name="room", max_cost=limit, weight_fn=rings), repeat=1
    )
    theirs = theirs.iloc[:, 0].reindex(range(len(homes))).fillna(0.0).to_numpy()
    off = float(np.abs(theirs - room_each).max())
    same = "same answers" if off < 1e-12 else "DIFFERS"
    shared.row("access", seconds, f"{seconds / base:6.1f}x   {same} (max {off:.1e})")
    return None


def overlay(place, some) -> dict[float, float]:
    """Share of people inside circles, by community, as GIS handbooks do it."""
    homes = gpd.GeoDataFrame(
        {"people": place.people, "community": place.community},
        geometry=gpd.points_from_xy(*place.building_xy.T),
        crs=place.streets.crs,
    )
    points = shapely.points(place.station_xy[some])
    whole = homes.groupby("community")["people"].sum()
    shares = {}
    for limit in LIMITS:
        area = gpd.GeoDataFrame(
            geometry=[shapely.union_all(shapely.buffer(points, limit, quad_segs=64))],
            crs=homes.crs,
        )
        inside = gpd.sjoin(homes, area, predicate="within")
        covered = inside.groupby("community")["people"].sum().reindex(whole.index, fill_value=0)
        shares[limit] = float(covered.sum() / whole.sum())
    return shares


if __name__ == "__main__":
    main(sys.argv[1:])
