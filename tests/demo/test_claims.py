"""All fifteen published figures, counted by hand from the tables and by the dashboard."""

import pandas as pd
import pytest

from chunshui.catalogue.claims import claims_of
from chunshui.catalogue.figures import figures_of
from chunshui.demo.days import LAST


def count(frame: pd.DataFrame, start: str, end: str) -> int:
    """Things that began by the last day and had not ended by it."""
    day = pd.Timestamp(LAST)
    there = (pd.to_datetime(frame[start]) <= day) & ~(pd.to_datetime(frame[end]) <= day)
    return int(there.sum())


def test_the_fifteen_claims_counted_by_hand(tables):
    t = tables
    committees = t["party_committee"].groupby("level")
    street, community = (committees.get_group(level) for level in ("街道大工委", "社区大党委"))
    posts = t["building_post"].groupby("kind")
    orgs = t["two_new_org"][t["two_new_org"]["closed_on"].isna()]
    covered = orgs["cover"].isin(["单独组建", "联合组建"])
    stations = t["station"][t["station"]["closed_on"].isna()]
    fund = t["fund_entry"]
    computed = {
        "C01": count(street, "established_on", "dissolved_on"),
        "C02": count(community, "established_on", "dissolved_on"),
        "C03": count(t["party_branch"], "established_on", "dissolved_on"),
        "C04": count(t["member_unit"], "joined_on", "left_on"),
        "C05": len(t["opinion"]),
        "C06": count(t["industry_committee"], "established_on", "dissolved_on"),
        "C08": count(t["demo_site"], "named_on", "revoked_on"),
        "C09": count(posts.get_group("楼栋党小组长"), "since_on", "until_on"),
        "C10": count(posts.get_group("党员中心户"), "since_on", "until_on"),
        "C13": fund.loc[fund["direction"] == "支出", "amount_yuan"].sum(),
        "C14": t["renovation_project"]["budget_yuan"].sum(),
        "C15": t["beneficiary"]["cumulative_residents"].sum(),
    }
    assert computed == {
        "C01": 11, "C02": 126, "C03": 332, "C04": 626, "C05": 712, "C06": 9, "C08": 22,
        "C09": 1_292, "C10": 2_026, "C13": 2_326_000, "C14": 3_490_000_000, "C15": 530_000,
    }  # fmt: skip
    assert 0.91 < covered.mean() < 0.92  # C07: > 90 %
    assert 440 < count(t["station"], "opened_on", "closed_on") < 450  # C11: > 440
    assert 300_000 < stations["area_m2"].sum() < 305_000  # C12: > 300,000


def test_unique_beneficiaries_are_people_who_live_there(tables):
    table = tables["beneficiary"]
    assert (table["unique_residents"] <= table["cumulative_residents"]).all()
    assert table["unique_residents"].sum() < table["cumulative_residents"].sum()
    table = table.merge(tables["renovation_project"], on="project_id")
    per_hood = table.groupby("neighbourhood_id")["unique_residents"].sum()
    living = tables["building"].groupby("neighbourhood_id")["residents"].sum()
    assert (per_hood <= living[per_hood.index]).all()


def test_the_dashboard_agrees_with_every_claim_in_the_last_month_only(reader):
    now = claims_of(reader)
    assert len(now) == 15 and {claim.month for claim in now} == {"2026-10"}
    assert [claim for claim in now if not claim.holds] == []
    earlier = figures_of(reader, [claim.metric_id for claim in now], "2024-10", months=1)
    assert sum(earlier[claim.metric_id].text != claim.computed_text for claim in now) > 6


@pytest.mark.parametrize("name", ["station", "two_new_org", "fund_entry", "opinion"])
def test_the_district_has_hot_spots(tables, name):
    """A few communities hold much of everything, as in a real city."""
    by = (
        tables[name]["community_code"]
        .dropna()
        .value_counts()
        .reindex(tables["community"]["community_code"], fill_value=0)
    )
    top = by.sort_values(ascending=False).head(13).sum() / by.sum()
    assert 0.15 < top < 0.6
