"""Thirty-six months in every dated table, nothing after the last day, believable movements."""

import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue.figures import figure_of
from chunshui.demo.days import LAST, MONTHS

DATED = {
    "party_committee": ("established_on", "dissolved_on"),
    "party_branch": ("established_on", "dissolved_on"),
    "member_unit": ("joined_on", "left_on"),
    "industry_committee": ("established_on", "dissolved_on"),
    "two_new_org": ("opened_on", "closed_on", "covered_on"),
    "station": ("opened_on", "closed_on"),
    "grid_unit": ("set_on", "merged_on"),
    "grid_post": ("filled_on", "vacated_on"),
    "building_post": ("since_on", "until_on"),
    "linkage": ("since_on", "until_on"),
    "pledge": ("promised_on", "delivered_on"),
    "brand": ("declared_on", "ended_on"),
    "activity": ("held_on",),
    "training": ("held_on",),
    "bulletin": ("week_start", "issued_on"),
    "opinion": ("received_on", "closed_on"),
    "opinion_event": ("happened_on",),
    "renovation_stage": ("actual_on",),
    "investment": ("month",),
    "beneficiary": ("confirmed_on",),
    "fund_entry": ("booked_on",),
    "demo_site": ("named_on", "revoked_on"),
}
# Tables in which something happens nearly every month; the others move a few times a year.
BUSY = {
    "member_unit", "two_new_org", "station", "grid_post", "building_post", "opinion",
    "opinion_event", "renovation_stage", "investment", "fund_entry",
}  # fmt: skip


@pytest.mark.parametrize("name", DATED)
def test_dates_fill_the_months_and_end_with_them(tables, name):
    frame = tables[name]
    dates = pd.concat([pd.to_datetime(frame[column]) for column in DATED[name]]).dropna()
    assert dates.max() <= pd.Timestamp(LAST)
    inside = dates[dates >= pd.Timestamp(MONTHS[0].first)].dt.to_period("M").nunique()
    assert inside >= (34 if name in BUSY else 2)


def test_things_that_left_are_still_on_the_books(tables):
    for name in ("party_committee", "party_branch", "member_unit", "industry_committee",
                 "two_new_org", "station", "grid_unit", "grid_post", "building_post",
                 "demo_site"):  # fmt: skip
        assert tables[name][DATED[name][1]].notna().any(), name


@pytest.mark.parametrize(
    ("metric", "least_rise"),
    [
        ("party_branches", 20),
        ("member_units", 100),
        ("two_new_coverage", 5),
        ("station_count", 90),
        ("group_leaders", 100),
        ("renovation_paid", 1_500_000_000),
    ],
)
def test_what_is_built_up_rises(reader, metric, least_rise):
    trend = pd.DataFrame(figure_of(reader, metric, "2026-10").trend)["value"]
    assert len(trend) == 36
    assert trend.iloc[-1] - trend.iloc[0] > least_rise
    assert (trend.diff().dropna() >= -0.02 * trend.max()).all()


def test_opinions_are_closed_better_year_by_year(reader):
    for metric in ("opinion_closing_rate", "opinion_on_time_rate"):
        years = [figure_of(reader, metric, f"{y}-10").value for y in (2024, 2025, 2026)]
        assert years[0] < years[2] > years[1]


def test_the_fund_never_runs_dry(tables):
    fund = tables["fund_entry"].sort_values(["booked_on", "direction"], kind="stable")
    signed = np.where(fund["direction"] == "收入", 1, -1) * fund["amount_yuan"]
    assert signed.groupby(fund["booked_on"].to_numpy()).sum().cumsum().min() >= 0


def test_items_pass_the_tiers_one_by_one(tables):
    tiers = {"小区": 0, "社区": 1, "街道": 2, "部门": 3}
    for _, item in tables["opinion_event"].groupby("opinion_id"):
        place = item["tier"].map(tiers).to_numpy()
        action = item["action"].to_numpy()
        assert action[0] == "受理"
        for before, after, what in zip(place[:-1], place[1:], action[:-1], strict=True):
            step = {"上报": 1, "退回": -1, "受理": 0}[what]
            assert after - before == step
