"""What was planted is found and named on the pages."""

import pytest

from chunshui.catalogue.checks import check_findings
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.members import members_of
from chunshui.demo.planted import TRUTHS
from chunshui.renewal import forecast, wording
from tests.renewal.conftest import ask_within, last_day

MONTH = "2026-10"


@pytest.fixture(scope="module")
def projects(reader):
    return ask_within(reader, "renewal_projects", MONTH, (), None, share=0.9, fewest=5)


def faults(reader, check_id):
    found = check_findings(reader)
    return found[found["check_id"] == check_id]


def test_the_three_most_stalled_projects_come_first(projects):
    planted = [truth for name, truth in TRUTHS.items() if name.startswith("project_stalled")]
    assert len(planted) == 3
    first = projects.head(3)
    assert set(first["project_id"]) == {truth["project"] for truth in planted}
    for truth in planted:
        row = first.set_index("project_id").loc[truth["project"]]
        assert row["stage"] == truth["stage"]
        assert f"{row['since_on']:%Y-%m-%d}" == truth["since"]
    # … by a wide margin, and the sentence of the page names them.
    assert first["over_days"].min() > 1.5 * projects["over_days"].iloc[3]
    sentence = wording.stalled_sentence(projects, "全区")
    for name in first["project_name"]:
        assert wording.short_name(name) in sentence


def test_a_project_stuck_beyond_compare_gets_no_forecast(reader):
    day = last_day(MONTH)
    made = forecast.finish_forecasts(reader.query("views/renewal_stages", as_of=day.date()), 6, day)
    stuck = made.set_index("project_id").loc[TRUTHS["project_stalled"]["project"]]
    assert stuck["likely_on"] != stuck["likely_on"]
    assert "不作预测" in stuck["reason"]


def test_the_project_with_reversed_dates_is_listed(reader):
    found = faults(reader, "stage_out_of_order")
    assert list(found["entity_id"]) == [TRUTHS["project_stages_reversed"]["project"]]
    assert "早于开工" in found["message"].iloc[0]
    assert found["file_name"].notna().all()


def test_the_lift_that_lacks_one_household_is_named(reader):
    members = members_of(reader, "lifts_one_short", MONTH)
    short = members[members["counted"]]
    planted = TRUTHS["lift_one_household_short"]["elevator"]
    assert list(short["entity_id"]) == [planted]
    lifts = ask_within(reader, "renewal_lifts", MONTH, (), None)
    assert lifts["elevator_id"].iloc[0] == planted
    name = short["entity_name"].iloc[0].removesuffix("加装电梯")
    assert f"{name}只差一户同意" in wording.lifts_sentence(lifts, "全区")
    one = lifts.iloc[0]
    assert one["short_households"] == 1 and one["short_m2"] > 0


@pytest.mark.parametrize(
    ("name", "check_id"),
    [
        ("lift_dates_reversed", "elevator_out_of_order"),
        ("lift_started_without_consent", "elevator_without_consent"),
    ],
)
def test_faulty_lifts_are_listed(reader, name, check_id):
    assert list(faults(reader, check_id)["entity_id"]) == [TRUTHS[name]["elevator"]]


def test_payment_over_budget_is_listed(reader):
    planted = TRUTHS["project_overpaid"]["project"]
    for check_id in ("investment_overpaid", "paid_over_budget"):
        assert list(faults(reader, check_id)["entity_id"]) == [planted]


def test_what_the_fund_left_out_is_named(reader):
    planted = TRUTHS["community_without_fund"]["community"]
    places = ask_within(reader, "fund_communities", MONTH, (), None)
    nothing = places[places["spent_yuan"] == 0]
    assert list(nothing["community_code"]) == [planted]
    figures = figures_of(reader, ["fund_spent"], MONTH)
    sentence = wording.fund_sentence(figures, places, "全区")
    assert nothing["community_name"].iloc[0] in sentence and "232.6万元" in sentence
    assert list(faults(reader, "fund_entry_without_project")["entity_id"]) == [
        TRUTHS["fund_without_project"]["entry"]
    ]
    late = ask_within(reader, "fund_projects", MONTH, (), None).iloc[0]
    assert late["project_id"] == TRUTHS["fund_project_undelivered"]["project"]
    assert late["delivery"] == "到期未交付" and late["overdue_days"] > 500


def test_the_checklist_s_truths(reader):
    whole = members_of(reader, "full_communities_rate", MONTH)
    whole = whole[whole["counted"]]
    assert list(whole["entity_id"]) == [TRUTHS["community_meets_all_items"]["community"]]
    gap = TRUTHS["demo_community_with_gaps"]
    items = reader.query(
        "views/sites_checklist", as_of=last_day(MONTH).date(), community=gap["community"]
    )
    assert sorted(items.loc[items["result"] == "未达标", "item_name"]) == sorted(gap["items"])
    below = faults(reader, "full_check_below_standard")
    assert list(below["entity_id"]) == [TRUTHS["item_passed_below_standard"]["check"]]
    stale = faults(reader, "full_check_stale")
    assert list(stale["entity_id"]) == [TRUTHS["community_not_checked_again"]["community"]]


def test_the_checklist_says_how_far_each_item_may_be_trusted(reader):
    items = reader.query("views/sites_items")
    complete = items[items["dimension"] == "完整社区"]
    assert len(complete) == 20 and complete["domain"].nunique() == 6
    assert set(items["mark"]) <= {"公开出处", "转载", "凭记忆", "未查到"}
    assert (items.loc[items["dimension"] != "完整社区", "mark"] == "未查到").all()


def test_no_other_faults_in_these_ledgers(reader):
    """Rules about money, stages, lifts and checklists find what was planted and nothing else."""
    quiet = (
        "stage_plan_out_of_order", "stage_in_future", "stage_missing", "money_before_project",
        "project_without_money", "beneficiary_before_works", "beneficiaries_counted_twice",
        "beneficiaries_exceed_residents", "project_place_differs", "project_households_over",
        "elevator_votes_over", "elevator_building_differs", "consent_rules_overlap",
        "fund_project_overspent", "fund_project_mismatch", "demo_site_unchecked",
    )  # fmt: skip
    found = check_findings(reader)
    assert not set(found["check_id"]) & set(quiet)
