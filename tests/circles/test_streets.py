import numpy as np
import pytest
import shapely

from chunshui.circles import network, reach, snap, streets
from chunshui.circles.lines import from_lines
from tests.circles import oracle
from tests.circles.test_network import frame, kinds, line


def test_a_network_written_as_ledgers_walks_the_same():
    lines = oracle.town(seed=4, blocks=6)
    before = from_lines(frame(lines))
    nodes, edges = streets.to_ledgers(before)
    after = network.from_ledgers(nodes, edges)
    assert after.km == pytest.approx(before.km, abs=0.001)
    assert after.island.max() == before.island.max()
    homes, stations = oracle.doors(lines, 80, seed=5), oracle.doors(lines, 15, seed=6)
    walks = [
        oracle.table(reach.reach(one, snap.snap(one, homes), snap.snap(one, stations)), 80, 15)
        for one in (before, after)
    ]
    assert np.array_equal(np.isfinite(walks[0]), np.isfinite(walks[1]))
    walked = np.isfinite(walks[0])
    # A street may lie a metre off where it lay, at either end, and the walk along it a bit more.
    assert np.abs(walks[0][walked] - walks[1][walked]).max() < 5


def test_bends_become_nodes_and_slight_ones_do_not():
    bent = from_lines(frame([line((0, 0), (50, 0), (100, 0.5), (100, 80))]))
    nodes, edges = streets.to_ledgers(bent)
    assert len(nodes) == 3
    assert edges["metres"].tolist() == pytest.approx([100.0, 79.5], abs=0.05)
    assert nodes["node_id"].tolist() == [1, 2, 3]


def test_a_loop_is_written_as_stretches_between_different_nodes():
    loop = from_lines(
        frame([line((0, 0), (100, 0), (100, 80), (0, 80), (0, 0)), line((0, 0), (-50, 0))])
    )
    nodes, edges = streets.to_ledgers(loop)
    assert (edges["from_node"] != edges["to_node"]).all()
    assert edges["metres"].sum() == pytest.approx(410, abs=0.1)
    assert network.from_ledgers(nodes, edges).island.max() == 0


def test_parallel_streets_stay_two():
    bow = from_lines(frame([line((0, 0), (100, 0)), line((0, 0), (50, 40), (100, 0))]))
    _, edges = streets.to_ledgers(bow)
    assert sorted(edges["metres"]) == pytest.approx([64.03, 64.03, 100], abs=0.02)


def test_nodes_take_the_kind_of_their_streets_where_it_is_one():
    yard = from_lines(
        frame([line((0, 0), (100, 0)), line((100, 0), (200, 0))], highway=["service", "primary"])
    )
    nodes, edges = streets.to_ledgers(yard)
    assert edges["kind"].tolist() == ["院内路", "主干道"]
    assert nodes["kind"].tolist() == ["院内", "路口", "路口"]


def test_the_summary_says_length_parts_and_what_was_left_out():
    town = from_lines(
        frame(
            [line((0, 0), (1000, 0)), line((0, 500), (500, 500)), line((0, 0), (0, 400))],
            highway=["footway", "primary", "motorway"],
        )
    )
    text = "".join(streets.summary(town))
    assert "可步行1.5公里" in text and "连成2块，最大一块占总长66.7%" in text
    assert "巷道1.0公里、主干道0.5公里" in text
    assert "高速公路、匝道1条0.4公里" in text


def test_columns_of_shapefile_extracts_are_understood():
    town = from_lines(
        frame([line((0, 0), (100, 0)), line((0, 50), (100, 50))], fclass=["steps", "motorway"])
    )
    assert town.kind.tolist() == ["巷道"]
    assert kinds(town)["不可步行"].count == 1
    assert shapely.length(town.lines).sum() == pytest.approx(100)
