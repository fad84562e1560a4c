"""The walking network: one city to walk in, with walls, crossings and a railway in the way."""

import numpy as np
import pytest
import shapely

from tests.demo.walks import TO_METRES, Walks


@pytest.fixture(scope="module")
def walks(tables):
    return Walks(tables["walk_node"], tables["walk_edge"])


def barrier(tables, kind):
    shapes = tables["barrier"].loc[tables["barrier"]["kind"] == kind, "shape"]
    return shapely.union_all(
        shapely.transform(
            shapes.to_numpy(), lambda p: np.column_stack(TO_METRES.transform(p[:, 0], p[:, 1]))
        )
    )


def test_it_is_of_a_citys_size_and_hangs_together(tables, walks):
    assert 12_000 <= len(tables["walk_node"]) <= 25_000
    assert np.bincount(walks.island).max() / len(walks.island) >= 0.97
    used = np.union1d(tables["walk_edge"]["from_node"], tables["walk_edge"]["to_node"])
    assert len(used) == len(tables["walk_node"])


def test_lengths_are_metres_on_the_ground(walks):
    drawn = shapely.length(walks.lines)
    assert np.abs(drawn - walks.metres).max() < 0.25


def test_every_home_is_near_an_edge_or_a_known_truth(tables, walks, truths):
    homes = tables["building"]
    edge, _, off = walks.snap(homes)
    far = homes.loc[off > 50, "building_id"].tolist()
    assert far == truths["buildings_off_the_network"]["buildings"]
    assert off[off > 50].min() > 300
    main = np.bincount(walks.island).argmax()
    assert (walks.island[walks.a[edge]] == main).all()


def test_the_railway_is_crossed_at_few_places_only(tables, walks):
    over = shapely.intersects(walks.lines, barrier(tables, "铁路"))
    assert set(tables["walk_edge"].loc[over, "kind"]) == {"桥"}
    assert 8 <= over.sum() <= 20


def test_arterials_are_crossed_at_crossings_only(tables, walks):
    over = shapely.intersects(walks.lines, barrier(tables, "主干道"))
    kinds = tables["walk_edge"].loc[over, "kind"].value_counts(normalize=True)
    assert kinds["过街"] > 0.9
    assert set(kinds.index) <= {"过街", "桥", "主干道"}


def test_nothing_walks_on_water(tables, walks):
    river = barrier(tables, "河流").buffer(-2)
    assert not shapely.intersects(walks.lines, river).any()


def test_compounds_are_entered_by_gates_only(tables):
    nodes, edges = tables["walk_node"], tables["walk_edge"]
    kind = nodes.set_index("node_id")["kind"]
    inner = edges[edges["kind"] == "院内路"]
    ends = np.stack([kind.loc[inner["from_node"]], kind.loc[inner["to_node"]]])
    # An inner path joins yard to yard, yard to gate, or a gate to the street before it.
    pairs = {frozenset(pair) for pair in ends.T}
    assert frozenset({"院内", "路口"}) not in pairs
    assert {frozenset({"院内"}), frozenset({"院内", "大门"}), frozenset({"大门", "路口"})} <= pairs
