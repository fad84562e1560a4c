"""Why a figure changed, and how far it is from its target: parts that add up, planted truths."""

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui.catalogue import why
from chunshui.catalogue.figure import ratio, status, values
from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.metric import all_metrics, get_metric
from chunshui.catalogue.to_target import (
    nearest,
    needed_to_target,
    places_to_target,
    to_target_of,
    to_target_sentence,
)
from chunshui.month import Month
from chunshui.warehouse import Store
from chunshui.words import REACHED
from tests.catalogue import why_sweep
from tests.catalogue.district import COMMUNITIES, LAST

SUMS = st.integers(0, 10**6)
ROWS = st.lists(st.tuples(SUMS, SUMS, SUMS, SUMS), min_size=1, max_size=12)
RATIO, TOTAL = get_metric("two_new_coverage"), get_metric("station_count")
AIMED = [one for one in all_metrics().values() if one.target is not None and one.kind != "quantile"]
PARTS = ["numerator_before", "numerator", "denominator_before", "denominator"]


@given(ROWS)
def test_effects_add_up_to_the_change(rows):
    frame = pd.DataFrame(rows, columns=PARTS)
    whole = frame.sum()
    taken = why.with_effects(RATIO, frame, frame)
    effects = taken["numerator_effect"] + taken["denominator_effect"]
    change = ratio(whole["numerator"], whole["denominator"], 100) - ratio(
        whole["numerator_before"], whole["denominator_before"], 100
    )
    if np.isnan(change):
        assert taken["contribution"].isna().all()
        return
    assert np.allclose(effects, taken["contribution"], rtol=0, atol=1e-9)
    size = 1 + taken[["numerator_effect", "denominator_effect"]].abs().sum().sum()
    assert abs(taken["contribution"].sum() - change) <= 1e-9 * size
    totals = why.with_effects(TOTAL, frame, frame)
    assert totals["contribution"].sum() == whole["numerator"] - whole["numerator_before"]


@given(SUMS.filter(bool), SUMS.filter(bool), st.integers(1, 50))
def test_what_comes_in_at_the_common_ratio_moves_nothing(numerator, denominator, times):
    """Two places alike in a district that stays: one of them grows, and nothing changes."""
    rows = [
        (numerator, numerator, denominator, denominator),
        (numerator, numerator * times, denominator, denominator * times),
    ]
    taken = why.with_effects(
        RATIO, pd.DataFrame(rows, columns=PARTS), pd.DataFrame(rows, columns=PARTS)
    )
    size = 1 + taken["numerator_effect"].abs().sum()
    assert taken["contribution"].abs().max() <= 1e-9 * size


def test_parts_of_the_demonstration_are_those_of_its_members(published):
    """A sample; `python -m tests.catalogue.why_sweep` goes through all."""
    with Store(published / "versions").open() as reader:
        every = list(why_sweep.cases(reader))
        for case in random.Random(12).sample(every, 40):
            why_sweep.check(reader, case)


def test_the_grids_that_lost_a_post(published):
    with Store(published / "versions").open() as reader:
        scope = ("grid_roles_filled", "2026-10", "2026-09")
        change, flows = why.change_of(reader, *scope), why.member_flows(reader, *scope)
    assert flows["flow"].value_counts().to_dict() == {"转为未计入": 72, "转为计入": 37}
    assert flows.loc[flows["flow"] == "转为未计入", "reason"].str.startswith("空缺").all()
    assert flows.loc[flows["flow"] == "转为计入", "reason_before"].str.startswith("空缺").all()
    assert flows["source_row"].notna().all()
    said = why.why_sentence(change, flows)
    assert said.startswith(
        "“一长六员”配齐率由上月的74.0%降到69.0%，下降5.0个百分点：72个网格新缺岗位"
    )
    assert "37个网格补齐岗位" in said and "拉低最多的是长丰街道（1.6个百分点）" in said


def test_a_leader_who_came_and_one_who_left(small):
    scope = ("grid_leader_rate", LAST, "2025-09")
    flows = why.member_flows(small, *scope)
    moves = dict(zip(flows["entity_id"], flows["flow"], strict=True))
    assert moves == {"G3": "转为计入", "G5": "转为未计入"}
    row = flows.set_index("entity_id").loc["G5"]
    assert (row["reason_before"], row["reason"]) == (None, "网格长空缺")
    assert row["contribution"] == pytest.approx(-100 / 6)
    places = why.place_contributions(small, *scope, "community").set_index("community_code")
    moved = places["contribution"][places["contribution"] != 0]
    assert moved.round(6).to_dict() == {COMMUNITIES[3]: 16.666667, COMMUNITIES[5]: -16.666667}
    change = why.change_of(small, *scope)
    assert change.words == f"为{change.after.text}，与上月持平"
    assert "拉" not in why.why_sentence(change, flows)


def test_a_merged_grid_leaves_numerator_and_denominator(small):
    flows = why.member_flows(small, "grid_compliance", "2025-03", "2025-02")
    assert flows[["entity_id", "flow", "part"]].to_numpy().tolist() == [["G6", "退出", None]]
    assert flows["denominator_change"].tolist() == [-1]


def test_a_street_has_only_its_own(small):
    flows = why.member_flows(small, "grid_leader_rate", LAST, "2025-09", [COMMUNITIES[0][:9]])
    assert flows.empty
    flows = why.member_flows(small, "grid_leader_rate", LAST, "2025-09", community=COMMUNITIES[3])
    assert flows["entity_id"].tolist() == ["G3"]


@pytest.mark.parametrize("month", [Month(2026, 1), Month(2026, 2)])
def test_a_count_of_the_year_is_not_set_against_another_span(month):
    known = Month(2024, 1).until(Month(2026, 12))
    for metric in all_metrics().values():
        comparable = why.comparable_months(metric, month, known)
        assert all(one < month for one in comparable)
        assert why.usual_month(metric, month) in comparable
        assert month.shift(-12) in comparable
        if metric.window == "year-to-date":
            assert Month(2025, 12) not in comparable
            last = Month(2025, 1) if month.number == 1 else Month(2026, 1)
            assert why.usual_month(metric, month) == last


TEXTS = st.lists(st.sampled_from(["3.0", "2.0", "1.0"]), min_size=1, max_size=8).map(
    lambda texts: sorted(texts, reverse=True)
)


@given(TEXTS)
def test_no_tie_is_cut_in_two(texts):
    named, alike = why._foremost([str(n) for n in range(len(texts))], texts)
    assert len(named) <= 3
    assert alike == texts.count(texts[0])
    assert {text for _, text in named}.isdisjoint(texts[len(named) :])
    assert named or alike > 3


@given(st.sampled_from(AIMED), SUMS, SUMS)
def test_what_is_needed_is_the_least_that_reaches_the_target(metric, numerator, rest):
    denominator = numerator + rest
    needed = needed_to_target(metric, numerator, denominator)
    now = status(metric, values(metric, [numerator], [denominator])[0], None)

    def after(turned: int) -> str:
        less = metric.direction == "down"
        top, base = numerator + (-turned if less else turned), denominator
        if metric.final:
            top, base = numerator + (0 if less else turned), denominator + turned
        return status(metric, values(metric, [top], [base])[0], None)

    if needed is None:
        assert now not in {"未达标", "接近"}
    else:
        assert now in ("未达标", "接近")
        assert after(needed) == REACHED != after(needed - 1)


def test_the_grids_nearest_to_the_target(published):
    with Store(published / "versions").open() as reader:
        gap = to_target_of(reader, "grid_roles_filled", "2026-10")
        rows = nearest(reader, gap)
        places = places_to_target(reader, "grid_roles_filled", "2026-10", "street")
        whole = figure_of(reader, "grid_roles_filled", "2026-10")
    assert gap.needed == 148
    assert rows["enough"].sum() == 148
    assert len(rows) == whole.denominator - whole.numerator
    assert rows["lacks"].is_monotonic_increasing and rows["lacks"].iloc[0] == 1
    assert places["needed"].max() == 30
    assert gap.pace.per_month < 0 and gap.pace.month is None
    said = to_target_sentence(gap)
    assert "还须有148个网格补齐岗位才能达标" in said and "照此难以达标" in said


def test_every_metric_says_how_far_it_is(small):
    for metric in all_metrics().values():
        gap = to_target_of(small, metric.id, LAST)
        said = to_target_sentence(gap)
        assert bool(said) == (metric.target is not None)
        assert "None" not in said and "nan" not in said
        if gap.needed:
            rows = nearest(small, gap)
            assert not rows["enough"].any() or rows["enough"].iloc[0]
