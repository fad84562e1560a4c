"""The linkage on the demonstration: counted again by walks over a graph; the planted truths."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue.checks import check_findings
from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.members import members_of
from chunshui.demo.planted import TRUTHS
from chunshui.month import Month
from chunshui.ui.topics.organisation import finding

LAST = "2026-10"
CHANCE = np.random.default_rng(41)
MONTHS = [LAST, "2023-11", f"2025-{CHANCE.integers(1, 13):02d}"]
STREETS = CHANCE.choice(11, len(MONTHS), replace=False).tolist()  # by their place
MOST = {"区-街道": 2, "街道-社区": 5, "社区-小区": 5, "小区-中心户": 10}
NAMES = [
    *("linkage", "party_committee", "party_branch", "branch_neighbourhood"),
    *("building_post", "building", "neighbourhood", "community", "member_unit", "pledge", "brand"),
    "action_task",
]
ROOT = "区"


@pytest.fixture(scope="module")
def tables(reader):
    with reader.cursor() as cursor:
        found = {name: cursor.table(name).df() for name in NAMES}
    homes = found["building"][["building_id", "neighbourhood_id", "community_code"]]
    posts = found["building_post"].merge(homes, on="building_id")
    found["centre"] = posts[posts["kind"] == "党员中心户"]
    units = [
        (found["party_committee"], "committee_id", "established_on", "dissolved_on"),
        (found["party_branch"], "branch_id", "established_on", "dissolved_on"),
        (found["centre"], "post_id", "since_on", "until_on"),
    ]
    found["unit"] = pd.concat(
        rows.rename(columns={number: "unit", came: "came", left: "left"})
        for rows, number, came, left in units
    ).assign(street=lambda rows: rows["street_code"].fillna(rows["community_code"].str[:9]))
    links = found["linkage"].sort_values(["since_on", "link_id"])
    lower, upper = (
        ["committee_id", "branch_id", "post_id"],
        ["backer_committee_id", "backer_branch_id"],
    )
    found["link"] = links.assign(
        unit=links[lower].bfill(axis=1).iloc[:, 0],
        backer=links[upper].bfill(axis=1).iloc[:, 0].fillna(ROOT),
    )
    return found


def alive(rows, since, until, day):
    return rows[(rows[since] <= day) & ~(rows[until] <= day)]


def parents(tables, units):
    """Return of each unit at work the organisations above it at work."""
    streets = units[units["level"] == "街道大工委"].set_index("street")["unit"]
    communities = units[units["level"] == "社区大党委"].set_index("community_code")["unit"]
    covers = tables["branch_neighbourhood"]
    covers = covers[covers["branch_id"].isin(units["unit"])].groupby("neighbourhood_id")[
        "branch_id"
    ]
    inside = covers.agg(set).to_dict()
    above = {}
    for row in units.itertuples():
        if row.level == "街道大工委":
            above[row.unit] = {ROOT}
        elif row.level == "社区大党委":
            above[row.unit] = {streets[row.street]} if row.street in streets else set()
        elif isinstance(row.neighbourhood_id, str):
            above[row.unit] = inside.get(row.neighbourhood_id, set())
        else:
            known = row.community_code in communities
            above[row.unit] = {communities[row.community_code]} if known else set()
    return above, inside


def counted(tables, month):
    """Return the streets of all breaks, the neighbourhoods and the branches with what holds of each."""
    day = pd.Timestamp(Month.parse(month).last)
    units, links = alive(tables["unit"], "came", "left", day), tables["link"]
    above, inside = parents(tables, units)
    now = alive(links, "since_on", "until_on", day)
    now = now.drop_duplicates(["tier", "unit", "backer", "backer_post"])
    now = now.assign(nth=now.groupby(["tier", "backer", "backer_post"]).cumcount() + 1)
    chain = nx.DiGraph()
    chain.add_node(ROOT)
    for link in now.itertuples():
        if link.backer in above.get(link.unit, ()) and link.nth <= MOST[link.tier]:
            chain.add_edge(link.backer, link.unit)
    reached = nx.descendants(chain, ROOT)
    tails = set().union(*(above[one] for one in units["unit"][units["kind"] == "党员中心户"]))
    branches = units[units["unit"].isin(tables["party_branch"]["branch_id"])]
    branches = branches.assign(tail=branches["unit"].isin(tails))
    held = {one for one in branches["unit"] if one in reached and chain.out_degree(one)}
    backed = {unit for _, unit in chain.edges}
    own = units[[bool(above[one]) and one not in backed for one in units["unit"]]]
    gone = tables["unit"].set_index("unit")["street"][now["unit"][~now["unit"].isin(list(above))]]
    broken = pd.concat([own["street"], gone, branches["street"][~branches["tail"]]])
    hoods, homes = tables["neighbourhood"], tables["building"]
    hoods = hoods.assign(
        street=hoods["community_code"].str[:9],
        homes=hoods["neighbourhood_id"].map(homes.groupby("neighbourhood_id")["households"].sum()),
        reached=[bool(inside.get(one, set()) & held) for one in hoods["neighbourhood_id"]],
        tail=hoods["neighbourhood_id"].isin(units["neighbourhood_id"]),
    ).fillna({"homes": 0})
    return broken, hoods, branches


@pytest.mark.parametrize(("month", "place"), [*zip(MONTHS, STREETS, strict=True)])
def test_metrics_are_those_of_a_graph(reader, tables, month, place):
    broken, hoods, branches = counted(tables, month)
    street = sorted(set(hoods["street"]))[place]
    for scope in ((), (street,)):
        mine = [one[one["street"].isin(scope or set(hoods["street"]))] for one in (hoods, branches)]
        inside, at_work = mine
        sums = {
            ("linkage_broken", "base"): (broken.isin(scope).sum() if scope else len(broken), None),
            ("linkage_reach_rate", "base"): (inside["homes"][inside["reached"]].sum(), inside["homes"].sum()),
            ("linkage_reach_rate", "neighbourhoods"): (inside["reached"].sum(), len(inside)),
            ("branch_tail_rate", "base"): (at_work["tail"].sum(), len(at_work)),
            ("neighbourhood_tail_rate", "base"): (inside["tail"].sum(), len(inside)),
            ("neighbourhood_tail_rate", "households"): (
                inside["homes"][inside["tail"]].sum(), inside["homes"].sum()
            ),
        }  # fmt: skip
        for (metric, variant), wanted in sums.items():
            figure = figure_of(reader, metric, month, list(scope), None, variant)
            assert (figure.numerator, figure.denominator) == wanted, (metric, variant, scope)


def test_an_inherited_break_is_counted_once_and_every_kind_has_its_reason(reader):
    rows = members_of(reader, "linkage_broken", LAST).set_index("entity_id")
    reasons = {
        TRUTHS["linkage_never"]["branch"]: "社区-小区：从未有人包保",
        TRUTHS["linkage_expired"]["branch"]: "社区-小区：包保已到期，无人接续",
        TRUTHS["linkage_inherited"]["committee"]: "街道-社区：从未有人包保",
        TRUTHS["linkage_across_streets"]["branch"]: "社区-小区：包保岗位不属上级组织",
        TRUTHS["linkage_to_dissolved"]["branch"]: "社区-小区：包保对象已撤销",
    }
    for unit, reason in reasons.items():
        assert rows.loc[unit, "reason"] == reason and rows.loc[unit, "counted"]
    below = rows[rows["community_code"] == TRUTHS["linkage_inherited"]["community"]]
    assert below["counted"].sum() == 1
    inherited = below[below["reason"] == "社区-小区：上一级断开"]
    assert len(inherited) == TRUTHS["linkage_inherited"]["branches"]
    over = rows["reason"] == "小区-中心户：一个岗位包保过多"
    assert over.sum() == TRUTHS["linkage_overload"]["backs"] - MOST["小区-中心户"]
    bare = rows["reason"] == "小区-中心户：没有党员中心户"
    assert bare.sum() == 332 - 309 and rows["counted"].sum() == len(reasons) + 2 + 23
    before = members_of(reader, "linkage_broken", "2026-04")["entity_id"].tolist()
    assert TRUTHS["linkage_expired"]["branch"] not in before


def test_the_published_five_levels_and_their_tails(reader):
    whole = {
        "street_committees": 11, "community_committees": 126, "party_branches": 332,
        "centre_households": 2026,
    }  # fmt: skip
    assert {one: figure_of(reader, one, LAST).value for one in whole} == whole
    tails = figure_of(reader, "branch_tail_rate", LAST)
    assert (tails.numerator, tails.denominator) == (309, 332)
    hoods = figure_of(reader, "neighbourhood_tail_rate", LAST)
    assert (hoods.numerator, hoods.denominator) == (685, 888)


def test_the_checks_name_what_was_planted(reader, tables):
    found = check_findings(reader).groupby("check_id")["entity_id"].agg(sorted)
    links = tables["link"].set_index("link_id")
    across, gone, over = (
        TRUTHS[f"linkage_{one}"] for one in ("across_streets", "to_dissolved", "overload")
    )
    assert found["linkage_across_streets"] == [across["link"]]
    assert links.loc[across["link"], ["unit", "backer"]].tolist() == [
        across["branch"],
        across["backer"],
    ]
    assert found["linkage_to_dissolved"] == [gone["link"]]
    assert links.loc[gone["link"], "unit"] == gone["branch"]
    assert found["linkage_overload"] == over["links"]
    assert set(links.loc[over["links"], "backer"]) == {over["branch"]}


def promised(tables, month):
    """Return the units at work with their street and the pledges of the year due, kept and late."""
    end = pd.Timestamp(Month.parse(month).last)
    committees = tables["party_committee"].set_index("committee_id")["street_code"]
    units = alive(tables["member_unit"], "joined_on", "left_on", end)
    units = units.assign(street=units["committee_id"].map(committees)).set_index("unit_id")
    pledges = tables["pledge"][tables["pledge"]["unit_id"].isin(units.index)]
    pledges = pledges.assign(
        street=pledges["unit_id"].map(units["street"]),
        this_year=(pledges["due_on"] <= end) & (pledges["due_on"].dt.year == end.year),
        kept=pledges["delivered_on"] <= pledges["due_on"],
        late=(pledges["due_on"] <= end) & ~(pledges["delivered_on"] <= end),
    )
    since = end - pd.DateOffset(months=12)
    recent = pledges[(pledges["promised_on"] > since) & (pledges["promised_on"] <= end)]
    return units.assign(idle=~units.index.isin(recent["unit_id"])), pledges


@pytest.mark.parametrize(("month", "place"), [*zip(MONTHS, STREETS, strict=True)])
def test_pledges_are_those_of_pandas(reader, tables, month, place):
    units, pledges = promised(tables, month)
    street = sorted(set(units["street"]))[place]
    for scope in ((), (street,)):
        of, made = (
            rows[rows["street"].isin(scope or set(units["street"]))] for rows in (units, pledges)
        )
        due = made[made["this_year"]]
        sums = {
            "pledge_kept_rate": (due["kept"].sum(), len(due)),
            "pledges_overdue": (made["late"].sum(), None),
            "unit_idle": (of["idle"].sum(), len(of)),
        }
        for metric, wanted in sums.items():
            figure = figure_of(reader, metric, month, list(scope))
            assert (figure.numerator, figure.denominator) == wanted, (metric, scope)


def test_the_unit_that_only_talks_is_found_and_the_busiest_committee_keeps_least(reader, tables):
    window = pd.Timestamp("2026-01-01").date()
    rows = reader.query(
        "views/organisation_members", as_of=Month.parse(LAST).last, window_start=window, within_months=12
    )  # fmt: skip
    assert len(rows) == 626 and (rows["kind"] != "机关事业").sum() == 476
    truth = TRUTHS["unit_all_talk"]
    none = rows[(rows["due"] >= 3) & (rows["kept"] == 0)]
    assert none["unit_id"].tolist() == [truth["unit"]] and none["due"].item() == 4
    assert none["unit_name"].item() in finding.of_members(rows, known=True)
    idle = (rows["recent"] == 0).to_numpy()
    assert (idle[:-1] >= idle[1:]).all()
    by = rows.groupby("committee_id")[["due", "kept"]].sum()
    judged = by[by["due"] >= 10]
    assert (judged["kept"] / judged["due"]).idxmin() == rows["committee_id"].mode().item()


@pytest.mark.parametrize(("month", "place"), [*zip(MONTHS, STREETS, strict=True)])
def test_brands_are_those_of_pandas(reader, tables, month, place):
    end = pd.Timestamp(Month.parse(month).last)
    places = alive(tables["party_committee"], "established_on", "dissolved_on", end)
    live = alive(tables["brand"], "declared_on", "ended_on", end)
    having = set(live["community_code"].fillna(live["street_code"]))
    code = places["community_code"].fillna(places["street_code"])
    places = places.assign(has=code.isin(having))
    for scope in ([], [sorted(set(places["street_code"]))[place]]):
        mine = places[places["street_code"].isin(scope)] if scope else places
        figure = figure_of(reader, "brand_rate", month, scope)
        assert (figure.numerator, figure.denominator) == (mine["has"].sum(), len(mine)), scope


def test_who_has_no_brand_and_whose_ended_is_named(reader):
    rows = reader.query("views/organisation_brands", as_of=Month.parse(LAST).last)
    without = rows[rows["state"] == "从未有过"]
    street, lapsed = TRUTHS["street_without_brand"]["street"], TRUTHS["brand_lapsed"]["community"]
    assert without[without["level"] == "街道大工委"]["street_code"].tolist() == [street]
    assert rows[rows["state"] == "已终止"]["community_code"].tolist() == [lapsed]
    assert rows["state"].tolist() == sorted(rows["state"], key=["从未有过", "已终止", "在用"].index)
    said = finding.of_brands(rows, known=True)
    assert "137个街道、社区中，126个有品牌；汉中街道、" in said
    assert "紫润北社区的品牌已终止，没有接续" in said
    awards = reader.query("views/organisation_awards", as_of=Month.parse(LAST).last)
    assert awards["kind"].value_counts().tolist() == [10, 10]
    assert awards[awards["kind"] == "十大党建特色品牌"]["brand_name"].notna().all()


@pytest.mark.parametrize("month", MONTHS)
def test_tasks_of_the_six_actions_are_those_of_pandas(reader, tables, month):
    end, tasks = pd.Timestamp(Month.parse(month).last), tables["action_task"]
    due = tasks[(tasks["planned_on"] <= end) & (tasks["planned_on"].dt.year == end.year)]
    figure = figure_of(reader, "action_on_time", month)
    kept = (due["done_on"] <= due["planned_on"]).sum()
    assert (figure.numerator, figure.denominator) == (kept, len(due))
    rows = reader.query("views/organisation_tasks", as_of=end.date())
    late = tasks[(tasks["planned_on"] <= end) & ~(tasks["done_on"] <= end)]
    assert len(rows) == len(tasks) and (rows["standing"] == "逾期").sum() == len(late)
    if month == LAST:
        stuck = TRUTHS["action_overdue"]
        assert late["task_id"].tolist() == [stuck["task"]]
        assert rows["standing"].iloc[0] == "逾期" and "逾期1项：提质增效的" in finding.of_tasks(
            rows
        )
