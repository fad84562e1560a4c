"""Stored values in memory against pandas on the table they were read from."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.catalogue.by_place import place_table, values_of_places
from chunshui.catalogue.metric import BASE, all_metrics, get_metric
from chunshui.catalogue.places import registered
from chunshui.catalogue.stored import SUMS, stored_values
from chunshui.month import Month
from tests.catalogue import district
from tests.catalogue.district import COMMUNITIES

MONTHS = [Month.of(day) for day in district.MONTHS]
ADDING_UP = [one for one in all_metrics().values() if one.kind != "quantile"]


@pytest.fixture(scope="module")
def table(small):
    rows = small.frame("select * from metric_value")
    return rows.assign(month=[Month.of(day) for day in rows["month"]])


def expected(own: pd.DataFrame) -> np.ndarray:
    """The sums (3, months) of rows of `metric_value`, NaN where a month has none."""
    sums = own.groupby("month")[SUMS].sum(min_count=1).reindex(MONTHS)
    return sums.to_numpy(dtype=float).T


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_sums_are_those_of_the_table(small, table, data):
    metric = data.draw(st.sampled_from(ADDING_UP))
    variant = data.draw(st.sampled_from(metric.variants)).id
    codes = sorted(table["street_code"].dropna().unique())
    streets = data.draw(st.lists(st.sampled_from(codes), unique=True))
    community = data.draw(st.one_of(st.none(), st.sampled_from(list(COMMUNITIES))))
    own = table[(table["metric_id"] == metric.id) & (table["variant"] == variant)]
    if streets:
        own = own[own["street_code"].isin(streets)]
    if community:
        own = own[own["community_code"] == community]
    sums = stored_values(small, variant).summed([metric], MONTHS, streets, community)
    np.testing.assert_allclose(sums[metric.id], expected(own), rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ADDING_UP), st.sampled_from(["street", "community"]))
def test_sums_by_place_are_those_of_the_table(small, table, metric, level):
    own = table[(table["metric_id"] == metric.id) & (table["variant"] == BASE)].copy()
    if level == "street":
        own["community_code"] = None
    codes = own[["street_code", "community_code"]].astype(object)
    own[["street_code", "community_code"]] = codes.where(codes.notna(), "")
    groups = dict(list(own.groupby(["street_code", "community_code"])))
    sums = stored_values(small, BASE).by_place(metric, MONTHS, level)
    assert set(groups) <= {(street or "", community or "") for street, community in sums}
    for (street, community), cells in sums.items():
        here = groups.get((street or "", community or ""), own.iloc[:0])
        np.testing.assert_allclose(cells, expected(here), rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(all_metrics())),
    st.sampled_from(["street", "community"]),
    st.sampled_from(MONTHS),
)
def test_values_of_places_are_those_of_their_table(small, metric_id, level, month):
    rows = place_table(small, metric_id, str(month), level)
    rows = rows[rows[f"{level}_code"].notna()]
    codes = rows["community_code"] if level == "community" else [None] * len(rows)
    places = list(zip(rows["street_code"], codes, strict=True))
    found = values_of_places(small, metric_id, str(month), places)
    np.testing.assert_array_equal(found, rows["value"].to_numpy())


@settings(max_examples=40, deadline=None)
@given(st.dates(MONTHS[0].first - dt.timedelta(9000), MONTHS[-1].last))
def test_the_register_of_a_day_is_what_is_valid_on_it(small, day):
    for level, code in (("street", "null"), ("community", "community_code")):
        rows = small.frame(
            f"select street_code, {code} as code from {level} where valid_from <= $day"
            " and (valid_to is null or valid_to > $day) order by 1, 2",
            day=day,
        ).astype(object)
        pairs = rows.where(rows.notna(), None).itertuples(index=False, name=None)
        assert registered(small, level, day) == list(pairs)


def test_a_quantile_is_read_place_by_place(small, table):
    metric = get_metric("opinion_closing_days")
    own = table[(table["metric_id"] == metric.id) & (table["variant"] == BASE)]
    kept = stored_values(small, BASE)
    places = own[["street_code", "community_code"]].drop_duplicates().astype(object)
    places = places.where(places.notna(), None)
    assert len(places) > 3 and (None, None) in set(places.itertuples(index=False, name=None))
    for street, community in places.itertuples(index=False, name=None):
        scope = (() if street is None or community else (street,), community)
        here = own[own["street_code"].isna() if street is None else own["street_code"] == street]
        code = here["community_code"]
        here = here[code.isna() if community is None else code == community]
        np.testing.assert_array_equal(
            kept.summed([metric], MONTHS, *scope)[metric.id], expected(here)
        )
        if street:
            level = "community" if community else "street"
            cells = kept.by_place(metric, MONTHS, level)[street, community]
            np.testing.assert_array_equal(cells, expected(here))


def test_spans_and_strangers(small):
    kept = stored_values(small, BASE)
    stations = get_metric("station_count")
    unheard = replace(stations, id="unheard_of")
    sums = kept.summed([stations, unheard], MONTHS[1:3])
    assert sums["station_count"].shape == (3, 2) and "unheard_of" not in sums
    nowhere = kept.summed([stations], MONTHS[:1], ["no such street"])
    assert np.isnan(nowhere["station_count"]).all()
    before = kept.by_place(stations, [MONTHS[0].shift(-1)], "street")
    assert all(np.isnan(cells).all() for cells in before.values())
    assert stored_values(small, BASE) is kept
