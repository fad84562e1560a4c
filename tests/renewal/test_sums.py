"""Every figure of the three pages counted again with pandas from the ledgers, in random scopes."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.metric import get_metric
from chunshui.renewal import sums
from tests.renewal.conftest import last_day, within


@pytest.fixture(scope="module")
def counted(ledgers):
    """A function that counts a metric again: numerator and denominator (None for a total)."""
    projects = ledgers["renovation_project"].set_index("project_id", drop=False)
    stages = ledgers["renovation_stage"].merge(
        projects[["street_code", "community_code", "plan_year", "households"]].reset_index(),
        on="project_id",
    )
    money = ledgers["investment"].merge(
        projects[["street_code", "community_code"]].reset_index(), on="project_id"
    )
    gained = ledgers["beneficiary"].merge(
        projects[["street_code", "community_code", "budget_yuan"]].reset_index(), on="project_id"
    )
    homes = ledgers["building"]
    lifts = ledgers["elevator"].merge(
        homes[["building_id", "street_code", "community_code"]], on="building_id"
    )
    first_use = lifts.groupby("building_id")["in_use_on"].min()
    checks = ledgers["full_community_check"]
    fund, delivery = ledgers["fund_entry"], ledgers["fund_project"]

    def works(stage, households, day, keep):
        planned = keep(projects[projects["plan_year"] == day.year])
        done = stages[(stages["stage"] == stage) & (stages["actual_on"] <= day)]["project_id"]
        weight = planned["households"] if households else pd.Series(1, planned.index)
        return weight[planned["project_id"].isin(done)].sum(), weight.sum()

    def last_checks(day, keep):
        seen = keep(checks[checks["checked_on"] <= day])
        return seen.sort_values("checked_on").groupby(["community_code", "item_id"]).tail(1)

    def climbing(day, keep):
        own = keep(homes)
        used = own["building_id"].map(first_use)
        bare = np.where(used.notna(), used > day, ~own["has_lift"])
        return own, (own["storeys"] >= 6) & bare

    def count(metric_id, day, keep):
        year = pd.Timestamp(day.year, 1, 1)
        due = keep(stages[(stages["planned_on"] <= day)])
        if metric_id.startswith("works_"):
            stage = {"started": "开工", "finished": "完工", "accepted": "验收"}
            return works(stage[metric_id.split("_")[1]], "households" in metric_id, day, keep)
        if metric_id == "renovation_done_rate":
            planned = keep(projects[projects["plan_year"] <= day.year])
            done = stages[(stages["stage"] == "完工") & (stages["actual_on"] <= day)]["project_id"]
            weight = planned["households"]
            return weight[planned["project_id"].isin(done)].sum(), weight.sum()
        if metric_id == "milestones_on_time":
            latest = due["planned_on"] + pd.Timedelta(days=15)
            reached = due[["planned_on", "actual_on"]].max(axis=1)
            decided = reached.where(due["actual_on"] <= latest, latest)
            own = decided.between(year, day)
            return (own & (due["actual_on"] <= latest)).sum(), own.sum()
        if metric_id == "milestones_overdue":
            return (~(due["actual_on"] <= day)).sum(), None
        if metric_id in ("renovation_allocated", "renovation_paid"):
            column = metric_id.split("_")[1] + "_yuan"
            return keep(money[money["month"] <= day])[column].sum(), None
        if metric_id == "renovation_idle":
            sums = (
                keep(money[money["month"] <= day])
                .groupby("project_id")[["allocated_yuan", "paid_yuan"]]
                .sum()
            )
            return (sums["allocated_yuan"] - sums["paid_yuan"]).clip(lower=0).sum(), None
        if metric_id == "renovation_budget":
            return keep(projects[projects["plan_year"] <= day.year])["budget_yuan"].sum(), None
        if metric_id == "budget_paid_rate":
            planned = keep(projects[projects["plan_year"] <= day.year])
            paid = money[money["month"] <= day].groupby("project_id")["paid_yuan"].sum()
            return planned["project_id"].map(paid).sum(), planned["budget_yuan"].sum()
        if metric_id in ("renovation_beneficiaries", "renovation_unique_beneficiaries"):
            column = "unique_residents" if "unique" in metric_id else "cumulative_residents"
            return keep(gained[gained["confirmed_on"] <= day])[column].sum(), None
        if metric_id == "budget_per_beneficiary":
            own = keep(gained[gained["confirmed_on"] <= day])
            return own["budget_yuan"].sum(), own["unique_residents"].sum()
        if metric_id == "lifts_in_use":
            return (keep(lifts)["in_use_on"] <= day).sum(), None
        if metric_id == "lifts_under_way":
            own = keep(lifts[lifts["applied_on"] <= day])
            return (~(own["in_use_on"] <= day)).sum(), None
        if metric_id == "walkup_buildings":
            return climbing(day, keep)[1].sum(), None
        if metric_id == "walkup_older_rate":
            own, bare = climbing(day, keep)
            return own.loc[bare, "residents_60"].sum(), own["residents_60"].sum()
        if metric_id == "fund_spent":
            own = fund[(fund["direction"] == "支出") & (fund["booked_on"] <= day)]
            return keep(own)["amount_yuan"].sum(), None
        if metric_id == "fund_per_resident":
            own = fund[(fund["direction"] == "支出") & (fund["booked_on"] <= day)]
            return keep(own)["amount_yuan"].sum(), keep(homes)["residents"].sum()
        if metric_id == "fund_delivery_rate":
            own = keep(delivery[delivery["due_on"] <= day])
            return (own["delivered_on"] <= day).sum(), len(own)
        if metric_id == "full_items_rate":
            results = last_checks(day, keep)["result"]
            return (results == "达标").sum(), (results != "不适用").sum()
        if metric_id == "full_communities_rate":
            lacking = (
                last_checks(day, keep)
                .groupby("community_code")["result"]
                .apply(lambda results: (results == "未达标").sum())
            )
            return (lacking == 0).sum(), len(lacking)
        if metric_id == "full_checked_rate":
            places = keep(ledgers["community"])
            seen = checks[checks["checked_on"] <= day].groupby("community_code")["checked_on"].max()
            last = seen.reindex(places["community_code"])
            recent = last > day - pd.Timedelta(days=365)
            return recent.sum(), len(places)
        raise AssertionError(metric_id)

    return count


METRICS = [
    *[f"works_{what}{unit}" for what in ("started", "finished", "accepted") for unit in ("", "_households")],
    "renovation_done_rate", "milestones_on_time", "milestones_overdue", "renovation_allocated",
    "renovation_paid", "renovation_idle", "renovation_budget", "budget_paid_rate",
    "renovation_beneficiaries", "renovation_unique_beneficiaries", "budget_per_beneficiary",
    "lifts_in_use", "lifts_under_way", "walkup_buildings", "walkup_older_rate", "fund_spent",
    "fund_per_resident", "fund_delivery_rate", "full_items_rate", "full_communities_rate",
    "full_checked_rate",
]  # fmt: skip


@pytest.mark.parametrize("metric_id", METRICS)
def test_pandas_counts_the_same(reader, counted, scopes, metric_id):
    scale = get_metric(metric_id).scale
    for month, streets, community in scopes:
        keep = partial(within, streets=streets, community=community)
        numerator, denominator = counted(metric_id, last_day(month), keep)
        figure = figure_of(reader, metric_id, month, streets, community, months=1)
        if denominator is None:
            assert figure.value == numerator, (month, streets, community)
        elif denominator == 0:
            assert figure.value is None
        else:
            assert (figure.numerator, figure.denominator) == (numerator, denominator)
            assert figure.value == pytest.approx(scale * numerator / denominator, rel=1e-12)


def test_published_figures_reconcile(reader):
    """34.9亿 and 53 万 are met to the last yuan and person, and 13.3万 is not 53 万."""
    month = "2026-10"
    assert figure_of(reader, "renovation_budget", month).value == 3_490_000_000
    assert figure_of(reader, "renovation_beneficiaries", month).value == 530_000
    assert figure_of(reader, "fund_spent", month).value == 2_326_000
    assert figure_of(reader, "demo_sites", month).value == 22
    unique = figure_of(reader, "renovation_unique_beneficiaries", month).value
    assert 0 < unique < 530_000 / 2


def test_nobody_is_counted_twice_as_a_beneficiary(ledgers):
    """The unique beneficiaries of a neighbourhood's projects are no more than its residents."""
    projects = ledgers["renovation_project"].set_index("project_id")["neighbourhood_id"]
    gained = ledgers["beneficiary"]
    by_home = gained.groupby(gained["project_id"].map(projects))["unique_residents"].sum()
    homes = ledgers["building"].groupby("neighbourhood_id")["residents"].sum()
    assert projects.duplicated().any()
    assert (by_home <= homes.reindex(by_home.index)).all()


ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from(["甲", "乙", None]),
              st.integers(0, 10**10), st.integers(0, 5)),
    max_size=40,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(ROWS, st.sets(st.sampled_from("0123")), st.one_of(st.none(), st.sampled_from(["00", "31"])))
def test_counts_add_up_in_any_scope(rows, streets, community):
    names = ["street_code", "community_code", "kind", "yuan", "entries"]
    frame = pd.DataFrame(rows, columns=names).astype({"yuan": "int64", "entries": "int32"})
    frame["community_code"] = frame["street_code"].astype(str) + frame["community_code"].astype(str)
    frame["street_code"] = frame["street_code"].astype(str)
    found = sums.Counts(frame, ["kind"]).totals(sorted(streets), community)
    expected: dict = {}
    for row in frame.itertuples():
        if (not streets or row.street_code in streets) and community in (None, row.community_code):
            kind = row.kind if isinstance(row.kind, str) else None
            yuan, entries = expected.get(kind, (0, 0))
            expected[kind] = (yuan + row.yuan, entries + row.entries)
    kinds = [kind if isinstance(kind, str) else None for kind in found["kind"]]
    added = zip(found["yuan"], found["entries"], strict=True)
    assert dict(zip(kinds, added, strict=True)) == expected
    assert (found.dtypes["yuan"], found.dtypes["entries"]) == ("int64", "int32")
