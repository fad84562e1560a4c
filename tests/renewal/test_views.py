"""The tables of the three pages against pandas and against the metrics beside them."""

import pandas as pd
import pytest

from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import get_metric
from tests.renewal.conftest import ask, ask_added, ask_within, last_day, within

ALL_YEARS = 100
ANY = dict.fromkeys(("theme", "element", "direction", "month", "project"))


def test_funnel_and_categories_agree_with_the_metrics(reader, scopes):
    for month, streets, community in scopes:
        scope = (month, streets, community)
        funnel = ask_added(reader, "renewal_funnel", scope, ["stage"], years_back=0)
        funnel = funnel.set_index("stage")  # whose names are those of their milestones here
        kinds = ask_added(reader, "renewal_categories", scope, ["category"], years_back=0)
        whole = kinds[kinds["category"].isna()]
        parts = kinds[kinds["category"].notna()]
        for milestone, key in (("开工", "started"), ("完工", "finished"), ("验收", "accepted")):
            for unit, own in (
                ("projects", f"works_{key}"),
                ("households", f"works_{key}_households"),
            ):
                figure = figure_of(reader, own, month, streets, community, months=1)
                numerator = figure.numerator or 0
                if figure.denominator is None:
                    assert funnel.empty
                    continue
                assert funnel.loc[milestone, unit] == numerator
                assert funnel.loc[milestone, f"planned_{unit}"] == figure.denominator
                assert whole[f"{key}_{unit}"].sum() == parts[f"{key}_{unit}"].sum() == numerator
            assert (kinds[f"{key}_neighbourhoods"] <= kinds[f"{key}_projects"]).all()


def test_neighbourhoods_are_counted_once(reader, ledgers):
    projects = ledgers["renovation_project"]
    scope = ("2026-10", (), None)
    whole = ask_added(reader, "renewal_categories", scope, ["category"], years_back=ALL_YEARS)
    whole = whole[whole["category"].isna()].iloc[0]
    assert whole["projects"] == len(projects)
    assert whole["neighbourhoods"] == projects["neighbourhood_id"].nunique() < len(projects)


def test_money_by_source_and_month_adds_up(reader, ledgers, scopes):
    places = ledgers["renovation_project"][["project_id", "street_code", "community_code"]]
    money = ledgers["investment"].merge(places, on="project_id")
    columns = ["planned_yuan", "allocated_yuan", "paid_yuan"]
    for month, streets, community in scopes:
        day = last_day(month)
        own = within(money[money["month"] <= day], streets, community)
        again = own.groupby("source")[columns].sum()
        found = ask(reader, "renewal_sources", month, streets, community).set_index("source")
        assert found[columns].sort_index().astype("int64").equals(again.sort_index())
        rows = ask(
            reader, "renewal_source_rows", month, streets, community, source="区", until=day.date()
        )
        assert rows["paid_yuan"].sum() == own.loc[own["source"] == "区", "paid_yuan"].sum()
        assert rows["source_row"].notna().all()


def test_projects_are_stalled_as_the_metric_says(reader, scopes):
    limits = get_metric("renovation_stalled").variant().params
    for month, streets, community in scopes:
        found = ask_within(reader, "renewal_projects", month, streets, community, **limits)
        figure = figure_of(reader, "renovation_stalled", month, streets, community, months=1)
        assert found["is_stalled"].sum() == figure.value
        stuck = found[found["is_stalled"]]
        assert (stuck["waited_days"] > stuck["usual_days"]).all()
        assert stuck["over_days"].is_monotonic_decreasing
        budget = figure_of(reader, "renovation_budget", month, streets, community, months=1)
        assert found["budget_yuan"].sum() == budget.value


def longest(stays: list, share: float = 0.9) -> float | None:
    """The days within which a share of stays (days, left) ended, by Kaplan-Meier; None if never."""
    waiting = 1.0
    for day in sorted({days for days, _ in stays}):
        there = sum(days >= day for days, _ in stays)
        waiting *= 1 - sum(days == day and left for days, left in stays) / there
        if waiting <= 1 - share + 1e-12:
            return day
    return None


@pytest.mark.parametrize("month", ["2024-05", "2025-08", "2026-10"])
def test_stalls_are_recomputed(reader, ledgers, month):
    """Days at the stage against those in which nine in ten of the others leave it, by plain loops."""
    day = last_day(month)
    order = ledgers["renovation_step"].sort_values("position")["stage"].tolist()
    categories = ledgers["renovation_project"].set_index("project_id")["category"]
    dates = ledgers["renovation_stage"].pivot(
        index="project_id", columns="stage", values="actual_on"
    )[order]
    stays, standing = [], {}
    for project, row in dates.where(dates <= day).iterrows():
        for k, came in enumerate(row[:-1]):
            later = row.iloc[k + 1 :].min()
            left = pd.notna(later)
            days = ((later if left else day) - came).days if pd.notna(came) else -1
            if days >= 0:
                stays.append((project, k, categories[project], days, left))
            if pd.notna(came) and not left:
                standing[project] = (k, days)
    limits = {}
    for project, (k, _) in standing.items():
        anyone = [own for own in stays if own[1] == k and own[0] != project]
        alike = [own for own in anyone if own[2] == categories[project]]
        enough = [own for own in (alike, anyone) if sum(left for *_, left in own) >= 5]
        limits[project] = longest([own[-2:] for own in enough[0]]) if enough else None
    stalled = {
        project
        for project, (_, days) in standing.items()
        if limits[project] is not None and days > limits[project]
    }
    members = members_of(reader, "renovation_stalled", month).set_index("entity_id")
    assert set(members.index) == set(standing)
    assert set(members.index[members["counted"]]) == stalled and stalled
    without = {project for project, limit in limits.items() if limit is None}
    assert set(members.index[members["reason"].str.contains("不判", na=False)]) == without


def test_milestones_are_judged_once_and_when_their_grace_has_run_out(reader, ledgers):
    """Counted by hand from the ledger: nothing undecided is judged, nothing is judged twice."""
    rows = ledgers["renovation_stage"]
    planned, actual = rows["planned_on"], rows["actual_on"]
    for variant, grace in (("base", 15), ("strict", 0), ("month_late", 30)):
        end = planned + pd.Timedelta(days=grace)
        in_time = actual <= end
        decided = end.where(~in_time, pd.concat([planned, actual], axis=1).max(axis=1))
        for month in ("2024-01", "2025-12", "2026-10"):
            day = last_day(month)
            own = (decided <= day) & (decided.dt.year == day.year)
            figure = figure_of(reader, "milestones_on_time", month, variant=variant, months=1)
            assert (figure.numerator, figure.denominator) == ((own & in_time).sum(), own.sum())
            # Whatever is judged as missed was not reached within its grace, which is over.
            assert ((own & ~in_time) <= (end <= day)).all()
    late = (planned <= day) & ~(actual <= day)
    assert figure_of(reader, "milestones_overdue", month, months=1).value == late.sum()


def test_fund_tables_add_up(reader, ledgers, scopes):
    fund = ledgers["fund_entry"]
    for month, streets, community in scopes:
        day = last_day(month)
        spent = within(
            fund[(fund["direction"] == "支出") & (fund["booked_on"] <= day)], streets, community
        )
        total = spent["amount_yuan"].sum()
        scope = (month, streets, community)
        split = ask_added(reader, "fund_split", scope, ["theme", "element"])
        places = ask_within(reader, "fund_communities", month, streets, community)
        spending = ANY | {"direction": "支出"}
        rows = ask(reader, "fund_rows", month, streets, community, **spending)
        months = reader.query("views/fund_months", as_of=day.date())
        assert split["spent_yuan"].sum() == places["spent_yuan"].sum() == total
        assert rows["amount_yuan"].sum() == total
        assert (
            places["spent_yuan"] == places.filter(regex="(old|welfare|neighbours)_yuan").sum(axis=1)
        ).all()
        assert (places["spent_yuan"].eq(0).to_numpy()[:-1] >= places["spent_yuan"].eq(0)[1:]).all()
        balance = figure_of(reader, "fund_balance", month, months=1).value
        assert months["balance_yuan"].iloc[-1] == balance
        one = split.iloc[0] if len(split) else None
        if one is not None:
            some = ask(
                reader, "fund_rows", month, streets, community,
                **spending | {"theme": one["theme"], "element": one["element"]},
            )  # fmt: skip
            assert some["amount_yuan"].sum() == one["spent_yuan"] and len(some) == one["entries"]


def test_checklist_tables_agree(reader, scopes):
    listed = reader.query("views/sites_items")
    assert len(listed) == 35
    for month, streets, community in scopes:
        figure = figure_of(reader, "full_items_rate", month, streets, community, months=1)
        items = ask_added(reader, "sites_standing", (month, streets, community), ["item_id"])
        items = items.merge(listed, on="item_id")
        places = ask_within(reader, "sites_dimensions", month, streets, community)
        met = places.filter(like="_met").sum().sum()
        applicable = places.filter(like="_applicable").sum().sum()
        assert items["met"].sum() == met == (figure.numerator or 0)
        assert items["met"].sum() + items["lacking"].sum() == applicable
        assert applicable == (figure.denominator or 0)
        if items.empty:
            continue
        worst = items.loc[items["lacking"].idxmax()]
        rows = ask(
            reader, "sites_lacking", month, streets, community,
            dimension=worst["dimension"], item=worst["item_name"],
        )  # fmt: skip
        assert len(rows) == worst["lacking"] and rows["is_demo"].sum() == worst["lacking_sites"]


def test_lifts_agree_with_their_metrics(reader, scopes):
    for month, streets, community in scopes:
        lifts = ask_within(reader, "renewal_lifts", month, streets, community)

        def value(metric_id, month=month, streets=streets, community=community):
            return figure_of(reader, metric_id, month, streets, community, months=1)

        open_ = lifts[lifts["standing"] != "投用"]
        assert value("lifts_in_use").value == (lifts["standing"] == "投用").sum()
        assert value("lifts_under_way").value == len(open_)
        assert (value("lift_consent_rate").numerator or 0) == open_["has_consent"].sum()
        asking = open_[open_["standing"] == "征询中"]
        assert value("lifts_one_short").value == (asking["short_households"] == 1).sum()


def test_services_before_and_after_add_up(reader):
    found = ask(reader, "renewal_services", "2026-10", ("420104004",), None, metres=720)
    whole = found[found["project_id"].isna()].set_index("function")
    parts = found[found["project_id"].notna()].groupby("function")
    for column in ("residents", "residents_before", "residents_after"):
        assert (whole[column] == parts[column].sum().reindex(whole.index)).all()
    assert (whole["residents_before"] <= whole["residents"]).all()
    assert whole["residents"].nunique() == 1
