"""The catalogue on the demonstration district: the claims, the planted truths, counts by pandas."""

import random

import pandas as pd
import pytest

from chunshui.catalogue.attention import items_of, items_within
from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.checks import check_findings
from chunshui.catalogue.claims import claims_of
from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import get_metric
from chunshui.demo.planted import TRUTHS
from chunshui.month import Month
from tests.catalogue.test_runner import alive, recount

LAST = "2026-10"

CHECKED = [
    (name, seen.removeprefix("check:"))
    for name, truth in TRUTHS.items()
    for seen in truth["seen_in"]
    if seen.startswith("check:")
]


@pytest.fixture(scope="module")
def tables(reader):
    names = ["building", "community", "station", "opinion", "grid_unit", "grid_post", "grid_role"]
    names += ["two_new_org", "investment", "renovation_project", "renovation_stage", "fund_entry"]
    with reader.cursor() as cursor:
        found = {name: cursor.table(name).df() for name in names}
    streets = found["community"].set_index("community_code")["street_code"]
    for frame in found.values():
        if "community_code" in frame and "street_code" not in frame:
            frame["street_code"] = frame["community_code"].map(streets)
    return found


def test_all_fifteen_claims_are_met(reader):
    found = claims_of(reader)
    assert len(found) == 15 and all(one.holds for one in found)
    for one in found:
        if one.comparator == "等于":
            assert one.computed == pytest.approx(one.claimed, rel=1e-9)
    assert {one.claim_id for one in found if one.status == "口径不明"} == {"C14", "C15"}
    assert {one.status for one in found} == {"一致", "口径不明"}


@pytest.mark.parametrize(
    "metric_id",
    [
        "station_area",
        "two_new_coverage",
        "opinion_closing_rate",
        "grid_leader_rate",
        "area_per_100_households",
        "investment_paid_rate",
        "works_started",
        "fund_spent",
    ],
)
def test_pandas_counts_the_same(reader, tables, metric_id):
    dice = random.Random(metric_id)
    months = [f"{day:%Y-%m}" for day in reader.query("catalogue/months")["month"]]
    codes = sorted(tables["community"]["street_code"].unique())
    for month in dice.sample(months, 3):
        streets = dice.sample(codes, dice.randint(1, 5))
        as_of = pd.Timestamp(Month.parse(month).last)
        one = get_metric(metric_id)

        def keep(frame, streets=streets):
            return frame[frame["street_code"].isin(streets)]

        n, d = recount(tables, metric_id, as_of, keep)
        figure = figure_of(reader, metric_id, month, streets, months=1)
        if d is None:
            assert figure.value == pytest.approx(n)
        elif d == 0:
            assert figure.value is None
        else:
            assert figure.value == pytest.approx(one.scale * n / d)
        found = members_of(reader, metric_id, month, streets)
        assert found["numerator"].sum() == pytest.approx(figure.numerator)
        assert found["file_name"].notna().all()


@pytest.mark.parametrize(("name", "check_id"), CHECKED)
def test_a_planted_fault_is_listed(reader, name, check_id):
    found = check_findings(reader)
    found = found[found["check_id"] == check_id]
    ids = set(found["entity_id"])
    with reader.cursor() as cursor:  # or what the ledger row of a backing names
        linkage = cursor.table("linkage").df().set_index("link_id")
    ids |= set(linkage.reindex(list(ids & {*linkage.index})).to_numpy().ravel())
    planted = set()
    for value in TRUTHS[name].values():
        planted |= {value} if isinstance(value, str | int) else set(value)
    assert ids & planted


def ranked(reader, metric_id):
    rows = place_table(reader, metric_id, LAST, "street")
    return rows[rows["street_code"].notna()].set_index("street_code")["value"]


def test_streets_that_stand_out(reader):
    coverage = ranked(reader, "two_new_coverage")
    assert list(coverage[coverage < 90].index) == [TRUTHS["street_two_new_below_90"]["street"]]
    bounces = TRUTHS["street_bounces"]["street"]
    returned = ranked(reader, "opinion_return_rate")
    assert returned.idxmax() == bounces and returned[bounces] > 45
    assert ranked(reader, "opinion_on_time_rate").idxmin() == bounces
    assert any(
        item.rule == "opinions_returned" and item.street_code == bounces
        for item in items_within(items_of(reader, LAST))
    )
    sites = ranked(reader, "demo_sites")
    assert list(sites[sites == 0].index) == [TRUTHS["street_without_demo_site"]["street"]]
    night = ranked(reader, "station_night_rate")
    assert night[TRUTHS["street_closed_at_night"]["street"]] == 0
    rising = TRUTHS["street_closing_rate_rises"]["street"]
    assert figure_of(reader, "opinion_closing_rate", LAST, [rising]).change_year > 20


def not_counted(reader, metric_id, variant="base"):
    found = members_of(reader, metric_id, LAST, variant=variant)
    return set(found.loc[~found["counted"], "entity_id"])


def test_communities_and_grids_that_stand_out(reader):
    low = TRUTHS["community_low_area"]["community"]
    assert low in not_counted(reader, "area_norm_rate")
    area = place_table(reader, "area_per_100_households", LAST, "community").dropna(subset="value")
    assert area.iloc[-1]["community_code"] == low
    empty = TRUTHS["community_without_fund"]["community"]
    assert not_counted(reader, "fund_community_rate", "ever") == {empty}
    led = TRUTHS["community_without_leaders"]["community"]
    items = items_within(items_of(reader, LAST))
    assert [i.community_code for i in items if i.rule == "communities_without_leaders"] == [led]
    assert TRUTHS["grid_without_leader"]["grid"] in not_counted(reader, "grid_leader_rate")
    sizes = {TRUTHS["grid_too_large"]["grid"], TRUTHS["grid_too_small"]["grid"]}
    assert sizes <= not_counted(reader, "grid_compliance")
    uncovered = set(TRUTHS["neighbourhood_without_branch"]["neighbourhoods"])
    assert not_counted(reader, "branch_cover_rate") == uncovered


def test_things_that_happened(reader):
    stations = pd.DataFrame(figure_of(reader, "station_count", LAST).trend)
    stations = stations.set_index("month")["value"]
    steps = stations.diff()
    month = TRUTHS["month_station_count_falls"]["month"]
    assert list(steps[steps < 0].index) == [month] and steps[month] == -3
    left = TRUTHS["member_unit_left"]
    unit = left["unit"]
    for at, counted in (("2026-05", True), ("2026-06", False)):
        found = members_of(reader, "member_units", at).set_index("entity_id")
        assert found.loc[unit, "counted"] == counted
    late = members_of(reader, "opinions_open_overdue", LAST)
    assert TRUTHS["opinion_overdue_200_days"]["opinion"] in set(late[late["counted"]]["entity_id"])
    stalled = members_of(reader, "renovation_stalled", LAST)
    assert TRUTHS["project_stalled"]["project"] in set(stalled[stalled["counted"]]["entity_id"])


def test_attention_agrees_with_the_metrics(reader):
    items = items_within(items_of(reader, LAST))

    def weight(rule):
        return sum(item.weight for item in items if item.rule == rule)

    leaders = figure_of(reader, "grid_leader_rate", LAST, months=1)
    assert weight("grids_without_leader") == leaders.denominator - leaders.numerator
    overdue = figure_of(reader, "opinions_open_overdue", LAST, months=1)
    assert weight("opinions_overdue") == overdue.value
    stalled = figure_of(reader, "renovation_stalled", LAST, months=1)
    assert sum(item.rule == "projects_stalled" for item in items) == stalled.value
    coverage = place_table(reader, "two_new_coverage", LAST, "street")
    missed = (coverage["status"] == "未达标").sum() + (coverage["status"] == "接近").sum()
    titles = [item.title for item in items if item.rule == "off_target"]
    assert sum("两新组织党组织覆盖率" in title for title in titles) == missed


def test_what_a_rule_names_is_not_said_again_as_a_missed_target(reader):
    items = items_within(items_of(reader, LAST))
    about = {
        rule: {i.street_code for i in items if i.rule == rule and i.params["metric"] == metric}
        for metric in ("opinion_return_rate",)
        for rule in ("opinions_returned", "off_target")
    }
    missed = place_table(reader, "opinion_return_rate", LAST, "street")
    missed = set(missed.loc[missed["status"] == "未达标", "street_code"].dropna())
    assert about["opinions_returned"] and not about["opinions_returned"] & about["off_target"]
    assert about["opinions_returned"] | about["off_target"] == missed


def test_stations_alive_is_the_metric(reader, tables):
    stations = alive(tables["station"], "opened_on", "closed_on", pd.Timestamp("2026-10-31"))
    assert figure_of(reader, "station_count", LAST).value == len(stations)
