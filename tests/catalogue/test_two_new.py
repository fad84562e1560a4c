"""The two-new organisations on the demonstration, counted again with pandas; the planted truths."""

import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.why import change_of, effects_by_move, effects_sentence, member_flows
from chunshui.demo.planted import TRUTHS
from chunshui.month import Month
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.two_new import data, finding

LAST = "2026-10"
# Streets and months by a fixed chance, with the whole district and the ends of the ledgers.
CHANCE = np.random.default_rng(27)
MONTHS = [LAST, "2023-11", f"2025-{CHANCE.integers(1, 13):02d}"]
STREETS = CHANCE.choice(11, len(MONTHS), replace=False).tolist()  # by their place
HAS = ["单独组建", "联合组建"]


@pytest.fixture(scope="module")
def orgs(reader):
    with reader.cursor() as cursor:
        found = cursor.table("two_new_org").df()
        streets = cursor.table("community").df().set_index("community_code")["street_code"]
    return found.assign(street_code=found["community_code"].map(streets))


def at_work(orgs, month):
    end = pd.Timestamp(Month.parse(month).last)
    rows = orgs[(orgs["opened_on"] <= end) & ~(orgs["closed_on"] <= end)]
    return rows.assign(known=rows["cover"].where(rows["covered_on"] <= end, "未覆盖"))


@pytest.mark.parametrize(("month", "place"), [*zip(MONTHS, STREETS, strict=True)])
def test_the_gap_and_each_group_are_those_of_pandas(reader, orgs, month, place):
    street = sorted(set(orgs["street_code"]))[place]
    for streets in ((), (street,)):
        rows = at_work(orgs[orgs["street_code"].isin(streets or orgs["street_code"])], month)
        without = ~rows["known"].isin(HAS)
        assert figure_of(reader, "two_new_gap", month, streets).value == without.sum()
        bare = figure_of(reader, "two_new_gap", month, streets, variant="bare")
        assert bare.value == (rows["known"] == "未覆盖").sum()
        scope = Scope(reader.edition, month, streets)
        assert len(data.uncovered(data.orgs(scope))) == without.sum()
        for by in data.GROUPS:
            table = data.groups(scope, by)
            assert table["whole"].sum() == len(rows) and table["covered"].sum() == (~without).sum()
            for cover in data.COVERS:
                assert table[cover].sum() == (rows["known"] == cover).sum()
        kinds = data.groups(scope, data.BY_KIND).set_index("name")["covered"]
        for kind, inside in rows[~without].groupby("kind"):
            assert kinds[kind] == len(inside)
        ids = reader.query("catalogue/months")  # the version answers what the page asks
        assert len(ids)


def test_what_moved_a_rate_adds_up_and_a_closing_is_told_from_a_founding(reader, orgs):
    for streets in ((), ("420104009",)):
        change = change_of(reader, "two_new_coverage", LAST, "2025-10", "street", streets)
        flows = member_flows(reader, "two_new_coverage", LAST, "2025-10", streets)
        effects = effects_by_move(change, flows)
        assert effects["contribution"].sum() == pytest.approx(change.size)
        mine = orgs[orgs["street_code"].isin(streets or orgs["street_code"])]
        then, now = at_work(mine, "2025-10"), at_work(mine, LAST)
        gone = then[~then["org_id"].isin(now["org_id"])]
        members = effects.set_index("move")["members"]
        assert members["注销（未覆盖）"] == (~gone["known"].isin(HAS)).sum()
        assert members["注销（已覆盖）"] == gone["known"].isin(HAS).sum()
        came = now[~now["org_id"].isin(then["org_id"])]
        assert members["新开办（未覆盖）"] == (~came["known"].isin(HAS)).sum()
    said = effects_sentence(change, effects)
    assert "注销（未覆盖）" in said and "拉高" in said and said.endswith("。")
    assert effects.set_index("move")["contribution"]["注销（未覆盖）"] > 0


def test_the_gap_turns_by_founding_and_by_closing(reader):
    flows = member_flows(reader, "two_new_gap", LAST, "2026-09")
    assert {"转为未计入"} <= set(flows["flow"])
    assert flows["numerator_change"].sum() == figure_of(reader, "two_new_gap", LAST).moved(
        "2026-09"
    )


def test_openings_and_closings_are_those_of_the_ledger(reader, orgs):
    months = data.months(Scope(reader.edition, LAST)).set_index("month")
    assert list(months.index[[0, -1]]) == ["2025-11", LAST] and len(months) == 12
    inside = orgs["opened_on"].between("2025-11-01", "2026-10-31")
    assert months[data.OPENED].sum() == inside.sum()
    inside = orgs["closed_on"].between("2025-11-01", "2026-10-31")
    assert months[[data.CLOSED, data.CLOSED_BARE]].sum(axis=None) == inside.sum()
    held = orgs["cover"].isin(HAS) & (orgs["covered_on"] < orgs["closed_on"])
    assert months[data.CLOSED].sum() == (inside & held).sum()


def test_the_planted_truths_are_said(reader):
    scope = Scope(reader.edition, LAST)
    industries = data.groups(scope, data.BY_INDUSTRY)
    with reader.cursor() as cursor:
        names = cursor.table("industry_committee").df().set_index("industry_id")["industry_name"]
    hardest = names[TRUTHS["industry_lowest_coverage"]["industry"]]
    assert industries["name"].iloc[0] == hardest and len(industries) == 9
    assert f"最低的是{hardest}" in finding.of_groups(industries, "行业党委")
    streets = data.groups(scope, data.BY_PLACE)
    assert streets["name"].iloc[0] == "汉正街道"
    assert (streets["value"] < get_metric(data.COVERAGE).target).sum() == 1
    clusters, kept = data.groups(scope, data.BY_CLUSTER), data.clusters(scope)
    assert set(kept["cluster_name"]) == set(clusters["name"]) - {data.OUTSIDE}
    assert kept["industry_label"].isna().all()  # named nowhere, so not invented
    with reader.cursor() as cursor:
        stations = cursor.table("station").df()
    inside = stations["cluster_id"].notna() & ~(stations["closed_on"] <= "2026-10-31")
    assert stations.loc[inside, "level"].unique().tolist() == ["集聚区"]
    counts = stations.loc[inside, "cluster_id"].value_counts().to_dict()
    assert kept.set_index("cluster_id")["stations"].to_dict() == counts
    assert clusters["name"].tolist()[-1] == data.OUTSIDE and len(clusters) == 4
    said = finding.of_gap(data.orgs(scope))
    assert said.startswith("127家没有党组织，其中44家连工作覆盖也没有")


def test_the_finding_of_few_and_of_none():
    rows = pd.DataFrame({"org_name": ["甲", "乙"], "cover": "未覆盖", "open_days": [800, 900]})
    assert (
        finding.of_gap(rows) == "2家没有党组织，也都没有工作覆盖；其中开办最早的是乙，已开办2.5年。"
    )
    assert finding.of_gap(rows.head(1).assign(open_days=45)).endswith("；都开办不满一年。")
    assert finding.of_gap(rows.assign(cover="单独组建")) == "2家都有党组织。"
    assert finding.of_gap(rows.head(0)) == "本范围没有运营中的两新组织。"
