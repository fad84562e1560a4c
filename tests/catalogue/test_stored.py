"""Stored values in memory against pandas on the table they were read from."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.catalogue import metric, stored
from tests.catalogue.district import COMMUNITIES, MONTHS

FIRST = dt.date(2000, 1, 1)
LAST = MONTHS[-1]
KINDS = {one.id: one.kind for one in metric.load_all().values()}


@pytest.fixture(scope="module")
def table(small):
    return small.frame("select * from metric_value")


def known(rows):
    return [row for row in rows if row[3] is not None]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_sums_are_those_of_the_table(small, table, data):
    one = data.draw(st.sampled_from([key for key, kind in KINDS.items() if kind != "quantile"]))
    variant = data.draw(st.sampled_from(metric.get(one).variants)).id
    codes = sorted(table["street_code"].dropna().unique())
    streets = data.draw(st.lists(st.sampled_from(codes), unique=True))
    community = data.draw(st.one_of(st.none(), st.sampled_from(list(COMMUNITIES))))
    own = table[(table["metric_id"] == one) & (table["variant"] == variant)]
    if streets:
        own = own[own["street_code"].isin(streets)]
    if community:
        own = own[own["community_code"] == community]
    expected = own.groupby("month")[stored.SUMS].sum(min_count=1)
    rows = stored.of(small, variant).summed([one], FIRST, LAST, streets, community)[one]
    assert [row[0] for row in rows] == MONTHS
    assert [pd.Timestamp(row[0]) for row in known(rows)] == list(expected.index)
    for row, again in zip(known(rows), expected.itertuples(index=False), strict=True):
        found = pd.Series(row[1:], dtype=float)
        pd.testing.assert_series_equal(found, pd.Series(list(again), dtype=float), rtol=1e-12)


def test_a_single_place_is_its_own_row(small, table):
    metric_id = "opinion_closing_days"
    own = table[(table["metric_id"] == metric_id) & (table["variant"] == metric.BASE)]
    kept = stored.of(small, metric.BASE)
    places = own[["street_code", "community_code"]].drop_duplicates().astype(object)
    places = places.where(places.notna(), None)
    assert len(places) > 3 and (None, None) in set(places.itertuples(index=False, name=None))
    for street, community in places.itertuples(index=False, name=None):
        rows = kept.single([metric_id], FIRST, LAST, street, community)[metric_id]
        here = own[own["street_code"].isna() if street is None else own["street_code"] == street]
        code = here["community_code"]
        here = here[code.isna() if community is None else code == community].sort_values("month")
        assert [row[1] for row in known(rows)] == here["numerator"].tolist()
        assert [row[3] for row in known(rows)] == here["members"].tolist()


def test_spans_and_strangers(small):
    kept = stored.of(small, metric.BASE)
    months = MONTHS
    rows = kept.summed(["station_count", "unheard_of"], months[1], months[2])
    assert [row[0] for row in rows["station_count"]] == months[1:3] and "unheard_of" not in rows
    nowhere = kept.summed(["station_count"], months[0], months[0], ["no such street"])
    assert nowhere["station_count"] == [(months[0], None, None, None)]
    assert stored.of(small, metric.BASE) is kept
