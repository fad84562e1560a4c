"""Siting and room per person against values published with other packages: see published/README.md."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from chunshui.circles import siting
from chunshui.circles.e2sfca import e2sfca, step_decay

DATA = Path(__file__).parent / "published" / "san_francisco.csv"


@pytest.fixture(scope="module")
def tracts():
    return pd.read_csv(DATA, dtype={"tract": str}, index_col="tract")


def covering(tracts, within):
    return sparse.csr_array((tracts.filter(like="Store") <= within).to_numpy(dtype=float).T)


def test_maximal_covering_of_san_francisco(tracts):
    cover, people = covering(tracts, 5000), tracts["population"].to_numpy()
    best = siting.exact(cover, people, 4)
    hit = cover[best.chosen].sum(axis=0) > 0
    assert best.proven and best.bound == best.covered == people[hit].sum()
    assert (~hit).sum() == 21
    assert 100 * hit.mean() == pytest.approx(89.75609756097561)
    # Choosing one after the other misses it.
    assert siting.greedy(cover, people, 4).covered < best.covered


def test_every_number_of_stores_by_trying_all(tracts):
    cover, people = covering(tracts, 5000), tracts["population"].to_numpy()
    reached = cover.toarray() > 0
    for k in (1, 2, 3, 4):
        most = max(
            people[reached[list(some)].any(axis=0)].sum() for some in combinations(range(16), k)
        )
        assert siting.exact(cover, people, k).covered == most


def test_room_per_person_on_the_reference_grid():
    x, y = np.divmod(np.arange(25), 5)
    demand = np.zeros(25)
    demand[[2, 7, 11, 18, 24]] = 1.0
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    building, station = np.nonzero(apart >= 0)
    pairs = pd.DataFrame(
        {"building": building, "station": station, "metres": apart[building, station]}
    )
    for within, expected in ((np.inf, 5.0), (0.9, 1.0)):
        near = pairs[pairs["metres"] <= within]
        room, _ = e2sfca(near, np.ones(25), demand, np.ones_like)
        assert room[demand > 0] == pytest.approx(expected)


def test_room_per_person_as_the_reference_package_counts_it(tracts):
    walks = tracts.filter(like="Store")
    supply = [100 * int(name.removeprefix("Store_")) for name in walks]
    building, station = np.nonzero(walks.to_numpy() <= 6000)
    pairs = pd.DataFrame(
        {"building": building, "station": station, "metres": walks.to_numpy()[building, station]}
    )
    room, _ = e2sfca(pairs, supply, tracts["population"], step_decay(6000))
    found = pd.Series(room, index=tracts.index)
    expected = {
        "60750101.00": 0.031062463083897006,
        "60750158.00": 0.023266426503225673,
        "60750227.03": 0.011997448861138037,
        "60750302.01": 0.007506823579296147,
        "60750601.00": 0.004388476868385904,
    }
    assert found[list(expected)].to_dict() == pytest.approx(expected, rel=1e-12)
    assert room @ tracts["population"] == pytest.approx(sum(supply))
