"""Each known truth is in the tables, and the dashboard says so."""

import numpy as np
import pandas as pd

from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.checks import all_checks, check_findings
from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import all_metrics
from chunshui.ranking import finding
from chunshui.ranking.changes import progress_of
from chunshui.ranking.communities import communities_of
from chunshui.ranking.drill import drill_of
from chunshui.ranking.league import CERTAIN_LAST
from tests.demo.walks import Walks

MONTH = "2026-10"


def findings(reader, check_id: str) -> list[str]:
    found = check_findings(reader)
    return sorted(found.loc[found["check_id"] == check_id, "entity_id"])


def ranked(frame: pd.DataFrame, code: str) -> pd.Series:
    """Value by place, lowest first."""
    known = frame.dropna(subset=[code, "value"])
    return known.set_index(code)["value"].astype(float).sort_values()


def by_street(reader, metric_id: str, month: str = MONTH) -> pd.Series:
    return ranked(place_table(reader, metric_id, month, "street"), "street_code")


def by_community(reader, metric_id: str, month: str = MONTH) -> pd.Series:
    return ranked(place_table(reader, metric_id, month, "community"), "community_code")


def test_every_truth_says_where_it_is_seen(truths):
    assert len(truths) >= 18
    known_checks = {check.id for check in all_checks().values()}
    for name, truth in truths.items():
        assert truth["kind"] in ("fact", "fault"), name
        assert truth["planted"] and truth["says"].endswith("。"), name
        for place in truth["seen_in"]:
            kind, what = place.split(":")
            if kind == "metric":
                assert what in all_metrics(), name
            elif kind == "check":
                assert what in known_checks, name
            else:
                assert kind == "page"


def test_station_gcj02(reader, truths):
    truth = truths["station_gcj02"]
    assert findings(reader, "station_outside_community") == [truth["station"]]
    assert findings(reader, "坐标系") == [truth["station"]]


def test_community_without_canteen(tables, truths):
    truth = truths["community_without_canteen"]
    walks = Walks(tables["walk_node"], tables["walk_edge"])
    offers = tables["station_function"].query("function == '幸福食堂'")["station_id"]
    canteens = tables["station"][
        tables["station"]["station_id"].isin(offers) & tables["station"]["closed_on"].isna()
    ]
    homes = tables["building"]
    mine = homes[homes["community_code"] == truth["community"]]
    fifteen_minutes = 15 * 60 * 1.2
    assert walks.nearest(mine, canteens).min() > fifteen_minutes
    beyond = canteens[canteens["station_id"] == truth["canteen_beyond_railway"]]
    metres = np.array([95_850, 110_860])  # of a degree of longitude and latitude, here
    apart = (mine[["lon", "lat"]].to_numpy() - beyond[["lon", "lat"]].to_numpy()) * metres
    assert np.hypot(*apart.T).min() < 500
    # It is the place that is odd, not the network: most of the district has one nearby.
    assert (walks.nearest(homes.iloc[::40], canteens) <= fifteen_minutes).mean() > 0.7


def test_premises_behind_railway(tables, truths):
    """Of the premises anywhere near, no other reaches as many of the community's old people."""
    truth = truths["premises_behind_railway"]
    homes = tables["building"].query("community_code == @truth['community']")
    walks = Walks(tables["walk_node"], tables["walk_edge"])
    rows = tables["premises"].set_index("premises_id")
    # Degrees of longitude and latitude that are a little more than the walk and the community.
    near = (rows[["lon", "lat"]] - homes[["lon", "lat"]].mean()).abs().max(axis=1) < 0.02
    reached = {
        one: int(homes["residents_60"][walks.nearest(homes, rows.loc[[one]]) <= 480].sum())
        for one in rows.index[near]
    }
    assert len(reached) > 5
    best, second = sorted(reached, key=reached.get, reverse=True)[:2]
    assert (best, second) == (truth["premises"], truth["other"])
    assert reached[best] > 1.3 * reached[second] > 0


def test_premises_in_use(reader, truths):
    truth = truths["premises_in_use"]
    assert findings(reader, "premises_in_use") == [truth["premises"]]


def test_street_closed_at_night(tables, reader, truths):
    street = truths["street_closed_at_night"]["street"]
    hours = tables["station_hours"].merge(tables["station"], on="station_id")
    last = hours[hours["closed_on"].isna()].groupby("street_code")["closes_minute"].max()
    assert last.index[last <= 18 * 60].tolist() == [street]
    assert by_street(reader, "station_night_rate").index[0] == street
    assert by_street(reader, "station_night_rate")[street] == 0


def test_community_low_area(reader, truths):
    values = by_community(reader, "area_per_100_households")
    assert values.index[0] == truths["community_low_area"]["community"]
    assert values.iloc[0] < 5
    assert values.iloc[1] > 2 * values.iloc[0]
    assert 5 < (values < 30).sum() < 30


def test_month_station_count_falls(tables, reader, truths):
    trend = pd.DataFrame(figure_of(reader, "station_count", MONTH).trend)
    trend = trend.set_index("month")["value"].diff()
    truth = truths["month_station_count_falls"]
    assert trend.index[trend < 0].tolist() == [truth["month"]]
    assert trend[truth["month"]] == -len(truth["stations"])
    closed = pd.to_datetime(tables["station"].set_index("station_id")["closed_on"])
    assert set(closed[truth["stations"]].dt.strftime("%Y-%m")) == {truth["month"]}


def test_two_new_coverage(tables, reader, truths):
    values = by_street(reader, "two_new_coverage")
    assert values.index[values < 90].tolist() == [truths["street_two_new_below_90"]["street"]]
    assert values.iloc[0] < 86
    assert figure_of(reader, "two_new_coverage", MONTH).value > 90
    orgs = tables["two_new_org"].query("closed_on.isna()")
    share = orgs["cover"].isin(["单独组建", "联合组建"]).groupby(orgs["industry_id"]).mean()
    assert share.idxmin() == truths["industry_lowest_coverage"]["industry"]
    assert share.sort_values().diff().iloc[1] > 0.05


def test_two_new_same_name(reader, truths):
    assert findings(reader, "two_new_twice") == sorted(truths["two_new_same_name"]["orgs"])


def test_member_unit_left(reader, truths):
    unit = truths["member_unit_left"]["unit"]
    may, june = (
        members_of(reader, "member_units", month).set_index("entity_id")["counted"]
        for month in ("2026-05", "2026-06")
    )
    assert may[unit]
    assert not june.get(unit, False)


def test_neighbourhood_without_branch(reader, truths):
    hoods = truths["neighbourhood_without_branch"]["neighbourhoods"]
    assert findings(reader, "neighbourhood_without_branch") == hoods


def test_grid_without_leader(tables, reader, truths):
    truth = truths["grid_without_leader"]
    assert truth["grid"] in findings(reader, "grid_without_leader")
    vacant = findings(reader, "grid_without_leader")
    posts = tables["grid_post"].query("role_id == 'GW1'")
    last = pd.to_datetime(posts.groupby("grid_id")["vacated_on"].max())[vacant]
    assert last.idxmin() == truth["grid"]
    assert str(last.min().date()) == truth["vacated_on"]
    others = last.drop(truth["grid"])
    assert (others > pd.Timestamp("2026-09-30")).all()


def test_grid_sizes(tables, reader, truths):
    large, small = truths["grid_too_large"]["grid"], truths["grid_too_small"]["grid"]
    size = tables["grid_unit"].query("merged_on.isna()").set_index("grid_id")["households"]
    assert size.index[size > 800].tolist() == [large]
    assert size.index[size < 200].tolist() == [small]
    assert {large, small} <= set(findings(reader, "grid_size"))


def test_community_without_leaders(reader, truths):
    values = by_community(reader, "group_leaders")
    assert values.index[values == 0].tolist() == [truths["community_without_leaders"]["community"]]


def test_building_empty(reader, truths):
    building = truths["building_empty"]["building"]
    assert findings(reader, "building_without_residents") == [building]


def test_street_bounces(reader, truths):
    street = truths["street_bounces"]["street"]
    back = by_street(reader, "opinion_return_rate")
    assert back.index[-1] == street
    assert back.iloc[-1] > 45
    assert back.iloc[-2] < 25
    prompt = by_street(reader, "opinion_on_time_rate")
    assert prompt.index[0] == street
    assert prompt.iloc[1] - prompt.iloc[0] > 15


def test_street_closing_rate_rises(reader, truths):
    street = truths["street_closing_rate_rises"]["street"]
    rise = by_street(reader, "opinion_closing_rate")
    rise -= by_street(reader, "opinion_closing_rate", "2025-10")
    assert rise.idxmax() == street
    assert rise[street] > 20
    assert (rise.drop(street) < 20).all()


def test_opinion_overdue_200_days(tables, truths):
    items = tables["opinion"].query("closed_on.isna()").set_index("opinion_id")
    late = (pd.Timestamp("2026-10-31") - pd.to_datetime(items["due_on"])).dt.days
    assert late.index[late > 90].tolist() == [truths["opinion_overdue_200_days"]["opinion"]]
    assert late.max() > 200
    assert (late > 0).sum() >= 5


def test_project_stalled(tables, reader, truths):
    truth = truths["project_stalled"]
    stage = tables["renovation_stage"].query(f"project_id == '{truth['project']}'")
    done = stage.dropna(subset=["actual_on"])
    assert done["stage"].iloc[-1] == truth["stage"]
    assert str(done["actual_on"].iloc[-1])[:10] == truth["since"]
    assert (pd.Timestamp("2026-10-31") - pd.Timestamp(truth["since"])).days > 14 * 30.5
    members = members_of(reader, "renovation_stalled", MONTH).set_index("entity_id")
    assert members.loc[truth["project"], "numerator"] == 1


def test_project_stages_reversed(reader, truths):
    project = truths["project_stages_reversed"]["project"]
    assert findings(reader, "stage_out_of_order") == [project]


def test_project_overpaid(tables, reader, truths):
    project = truths["project_overpaid"]["project"]
    assert findings(reader, "investment_overpaid") == [project]
    money = tables["investment"].groupby("project_id")[["planned_yuan", "paid_yuan"]].sum()
    assert money.index[money["paid_yuan"] > money["planned_yuan"]].tolist() == [project]


def test_community_without_fund(reader, truths):
    values = by_community(reader, "fund_spent")
    assert values.index[values == 0].tolist() == [truths["community_without_fund"]["community"]]


def test_street_without_demo_site(reader, truths):
    values = by_street(reader, "demo_sites")
    assert values.index[values == 0].tolist() == [truths["street_without_demo_site"]["street"]]


def test_nothing_else_is_wrong(reader, truths):
    """The faults planted are the only ones the checks find; what is merely notable is a hint."""
    found = check_findings(reader)
    graver = set(found.loc[found["severity"] != "提示", "check_id"])
    planted = {place for truth in truths.values() for place in truth["seen_in"]}
    # What the build itself says of coordinates names the station planted, and no other.
    assert findings(reader, "坐标系") == [truths["station_gcj02"]["station"]]
    assert {f"check:{check}" for check in graver - {"坐标系"}} <= planted


def test_canteen_overdrawn(tables, reader, truths):
    truth = truths["canteen_overdrawn"]
    rows = tables["meal_exchange"].assign(left=lambda t: t["deliveries"] - t["discounted"])
    rows = rows.sort_values("month")
    least = rows.groupby("station_id")["left"].cumsum().groupby(rows["station_id"]).min()
    assert least[least < 0].to_dict() == {truth["station"]: -truth["over"]}
    assert findings(reader, "meals_used_over_earned")[0] == f"{truth['station']}·{truth['month']}"


def test_survey_cell(tables, reader, truths):
    truth = truths["survey_cell"]
    rows = tables["survey_need"]
    small = rows[rows["answers"] < 5]
    assert small[["survey_id", "street_code", "need"]].to_numpy().tolist() == [
        [truth["survey"], truth["street"], truth["need"]]
    ]
    assert len(findings(reader, "survey_cell_small")) == 1
    assert not findings(reader, "survey_released_small")


def test_workday_slip(reader, truths):
    assert findings(reader, "opinion_due_differs") == [truths["workday_slip"]["opinion"]]


def test_challenge_unclaimed_and_assigned(tables, reader, truths):
    waiting = members_of(reader, "challenge_waiting", MONTH)
    assert waiting["entity_id"].tolist() == [truths["challenge_unclaimed"]["challenge"]]
    rows = tables["challenge"]
    gap = rows["claimed_on"] - rows["posted_on"]
    assert gap.max() <= pd.Timedelta(30, "D") and gap.isna().sum() == 1
    claimed = members_of(reader, "challenge_claim_rate", MONTH).set_index("entity_id")
    one = claimed.loc[truths["challenge_assigned"]["challenge"]]
    assert one["numerator"] == 0 and one["reason"].startswith("点题交办")


def test_covenants(tables, reader, truths):
    bare, twice = (
        truths[one]["community"] for one in ("community_without_covenant", "covenant_twice")
    )
    lacking = members_of(reader, "covenant_rate", MONTH).query("numerator == 0")
    never = tables["community"][
        ~tables["community"]["community_code"].isin(tables["covenant"]["community_code"])
    ]
    assert lacking["entity_id"].tolist() == never["community_code"].tolist() == [bare]
    rows = tables["covenant"].query("ended_on.isna()")
    again = rows[rows.duplicated("community_code", keep=False)]
    assert set(again["community_code"]) == {twice}
    assert findings(reader, "covenant_twice") == sorted(again["covenant_id"])


def test_forum_waiting(tables, reader, truths):
    truth = truths["forum_waiting"]
    waiting = members_of(reader, "forum_waiting", MONTH)
    assert sorted(waiting["entity_id"]) == truth["matters"]
    rows = tables["forum_matter"].set_index("matter_id").loc[truth["matters"]]
    assert set(rows["kind"]) == {truth["forum"]} and rows["settled_on"].isna().all()
    assert by_community(reader, "forum_waiting").index[-1] == truth["community"]
    # In earlier months others waited as long.
    assert pd.DataFrame(figure_of(reader, "forum_waiting", MONTH).trend)["value"].max() > 3


def test_activities(tables, reader, truths):
    rows, truth = tables["activity"], truths["community_without_activity"]
    quiet = rows[rows["held_on"] >= truth["since"]]["community_code"]
    assert set(tables["community"]["community_code"]) - set(quiet) == {truth["community"]}
    without = members_of(reader, "activity_community_rate", MONTH, variant="year")
    without = without.query("numerator == 0")
    assert without["entity_id"].tolist() == [truth["community"]]
    early = truths["activity_before_station"]
    assert findings(reader, "activity_station_closed") == [early["activity"]]


def test_trainings_and_bulletins(tables, reader, truths):
    thin, skipped = truths["training_thin"], truths["bulletin_skipped"]
    rows = tables["training"].assign(share=lambda t: t["attended"] / t["invited"])
    assert rows[rows["share"] < 0.75]["training_id"].tolist() == [thin["training"]]
    worst = members_of(reader, "training_attendance_rate", "2026-09")
    assert (worst["numerator"] / worst["denominator"]).idxmin() in worst[
        worst["entity_id"] == thin["training"]
    ].index
    assert findings(reader, "bulletin_week_skipped") == [skipped["after"]]
    mondays = pd.date_range("2023-11-06", "2026-10-19", freq="W-MON")
    issued = pd.DatetimeIndex(tables["bulletin"]["week_start"])
    assert mondays.difference(issued).strftime("%Y-%m-%d").tolist() == [skipped["week_start"]]


def test_rank_certain(reader, truths):
    street = truths["rank_certain"]["street"]
    drill = drill_of(reader, MONTH)
    at = drill.codes.index(street)
    assert drill.league.verdicts[at] == CERTAIN_LAST
    assert drill.league.low[at] == drill.league.high[at] == len(drill.codes)
    assert drill.league.verdicts.count(CERTAIN_LAST) == 1
    off = {e.metric.id for e in drill.entries if e.funnel and e.funnel.outside[at]}
    assert {"opinion_on_time_rate", "opinion_return_rate"} <= off
    said = finding.of_drill(drill, None).split("；")[0]
    assert drill.names[at] in said and said.endswith("居末位")


def test_rank_small_n(reader, truths):
    truth = truths["rank_small_n"]
    entry = next(
        e for e in drill_of(reader, MONTH).entries if e.metric.id == "opinion_on_time_rate"
    )
    found = communities_of(reader, MONTH, entry)
    at = list(found.places["community_code"]).index(truth["community"])
    assert found.hits[at] == truth["on_time"] and 5 <= found.cases[at] < entry.metric.fewest
    worse = found.hits / np.maximum(found.cases, 1) < found.hits[at] / found.cases[at]
    assert worse[found.cases >= 5].sum() <= 5  # by its raw rate it would be among the last
    assert not found.judged[at] and not found.outside[at]


def test_progress_true(reader, truths):
    drill = drill_of(reader, MONTH)
    found = progress_of(reader, drill)
    named = [code for code, one in zip(drill.codes, found.is_named, strict=True) if one]
    assert named == [truths["progress_true"]["street"]]


def test_assignments_overdue(reader, tables, truths):
    truth = truths["assignments_overdue"]
    figure = figure_of(reader, "assignments_overdue", MONTH)
    members = members_of(reader, "assignments_overdue", MONTH)
    assert figure.value == len(truth["items"])
    assert sorted(members["entity_id"][members["counted"]]) == truth["items"]
    rows = tables["assignment"].set_index("assignment_id").loc[truth["items"]]
    assert rows["issued_on"].nunique() == 1 and not rows["is_done"].any()
