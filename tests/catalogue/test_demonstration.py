"""The catalogue on the demonstration district: the claims, the planted truths, counts by pandas."""

import random
import time

import pandas as pd
import pytest

from chunshui import demo
from chunshui.catalogue import attention, checks, claims, finding, metric, runner
from chunshui.warehouse import Store
from tests.catalogue.test_runner import alive, recount

LAST = "2026-10"
TRUTHS = demo.truths()
CHECKED = [
    (name, seen.removeprefix("check:"))
    for name, truth in TRUTHS.items()
    for seen in truth["seen_in"]
    if seen.startswith("check:")
]


@pytest.fixture(scope="module")
def reader(published):
    with Store(published / "versions").open() as opened:
        yield opened


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
    found = claims.claims(reader, LAST)
    assert len(found) == 15 and all(one.holds for one in found)
    for one in found:
        if one.comparator == "=":
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
        as_of = pd.Timestamp(metric.month_end(metric.parse_month(month)))
        one = metric.get(metric_id)

        def keep(frame, streets=streets):
            return frame[frame["street_code"].isin(streets)]

        n, d = recount(tables, metric_id, as_of, keep)
        figure = runner.figure(reader, metric_id, month, streets, months=1)
        if d is None:
            assert figure.value == pytest.approx(n)
        elif d == 0:
            assert figure.value is None
        else:
            assert figure.value == pytest.approx(one.scale * n / d)
        found = runner.members(reader, metric_id, month, streets)
        assert found["numerator"].sum() == pytest.approx(figure.numerator)
        assert found["file_name"].notna().all()


@pytest.mark.parametrize(("name", "check_id"), CHECKED)
def test_a_planted_fault_is_listed(reader, name, check_id):
    found = checks.results(reader)
    ids = set(found.loc[found["check_id"] == check_id, "entity_id"])
    planted = set()
    for value in TRUTHS[name].values():
        planted |= {value} if isinstance(value, str) else set(value)
    assert ids & planted


def ranked(reader, metric_id):
    rows = runner.by_street(reader, metric_id, LAST)
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
        for item in attention.attention(reader, LAST)
    )
    sites = ranked(reader, "demo_sites")
    assert list(sites[sites == 0].index) == [TRUTHS["street_without_demo_site"]["street"]]
    night = ranked(reader, "station_night_rate")
    assert night[TRUTHS["street_closed_at_night"]["street"]] == 0
    rising = TRUTHS["street_closing_rate_rises"]["street"]
    assert runner.figure(reader, "opinion_closing_rate", LAST, [rising]).change_year > 20


def not_counted(reader, metric_id, variant="base"):
    found = runner.members(reader, metric_id, LAST, variant=variant)
    return set(found.loc[~found["counted"], "entity_id"])


def test_communities_and_grids_that_stand_out(reader):
    low = TRUTHS["community_low_area"]["community"]
    assert low in not_counted(reader, "area_norm_rate")
    area = runner.by_community(reader, "area_per_100_households", LAST).dropna(subset="value")
    assert area.iloc[-1]["community_code"] == low
    empty = TRUTHS["community_without_fund"]["community"]
    assert not_counted(reader, "fund_community_rate", "ever") == {empty}
    led = TRUTHS["community_without_leaders"]["community"]
    items = attention.attention(reader, LAST)
    assert [i.community_code for i in items if i.rule == "communities_without_leaders"] == [led]
    assert TRUTHS["grid_without_leader"]["grid"] in not_counted(reader, "grid_leader_rate")
    sizes = {TRUTHS["grid_too_large"]["grid"], TRUTHS["grid_too_small"]["grid"]}
    assert sizes <= not_counted(reader, "grid_compliance")
    uncovered = set(TRUTHS["neighbourhood_without_branch"]["neighbourhoods"])
    assert not_counted(reader, "branch_cover_rate") == uncovered


def test_things_that_happened(reader):
    stations = runner.trend(reader, "station_count", LAST).set_index("month")["value"]
    steps = stations.diff()
    month = TRUTHS["month_station_count_falls"]["month"]
    assert list(steps[steps < 0].index) == [month] and steps[month] == -3
    left = TRUTHS["member_unit_left"]
    unit = left["unit"]
    for at, counted in (("2026-05", True), ("2026-06", False)):
        found = runner.members(reader, "member_units", at).set_index("entity_id")
        assert found.loc[unit, "counted"] == counted
    late = runner.members(reader, "opinions_open_overdue", LAST)
    assert TRUTHS["opinion_overdue_200_days"]["opinion"] in set(late[late["counted"]]["entity_id"])
    stalled = runner.members(reader, "renovation_stalled", LAST)
    assert TRUTHS["project_stalled"]["project"] in set(stalled[stalled["counted"]]["entity_id"])


def test_attention_agrees_with_the_metrics(reader):
    items = attention.within(attention.everything(reader, LAST), most=10_000)

    def weight(rule):
        return sum(item.weight for item in items if item.rule == rule)

    leaders = runner.figure(reader, "grid_leader_rate", LAST, months=1)
    assert weight("grids_without_leader") == leaders.denominator - leaders.numerator
    overdue = runner.figure(reader, "opinions_open_overdue", LAST, months=1)
    assert weight("opinions_overdue") == overdue.value
    stalled = runner.figure(reader, "renovation_stalled", LAST, months=1)
    assert sum(item.rule == "projects_stalled" for item in items) == stalled.value
    coverage = runner.by_street(reader, "two_new_coverage", LAST)
    missed = (coverage["status"] == "未达标").sum() + (coverage["status"] == "接近").sum()
    titles = [item.title for item in items if item.rule == "off_target"]
    assert sum("两新组织党组织覆盖率" in title for title in titles) == missed


def test_the_overview_is_quick(reader):
    """A guard against a slip of ten times, not a benchmark: the machine may be busy."""
    ids = list(metric.load_all())
    runner.figures(reader, ids, LAST)
    started = time.perf_counter()
    figures = runner.figures(reader, ids, LAST)
    runner.by_street(reader, "two_new_coverage", LAST)
    assert finding.overview(figures.values()).startswith("2026年10月全区")
    assert time.perf_counter() - started < 2


def test_stations_alive_is_the_metric(reader, tables):
    stations = alive(tables["station"], "opened_on", "closed_on", pd.Timestamp("2026-10-31"))
    assert runner.figure(reader, "station_count", LAST).value == len(stations)
