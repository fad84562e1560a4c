"""The grids on the demonstration: lists that add up to the figures; the planted truths."""

import numpy as np
import pytest

from chunshui.catalogue.figures import figure_of
from chunshui.demo.planted import TRUTHS
from chunshui.month import Month
from chunshui.ui.topics.grids import finding

LAST = "2026-10"
# Months by a fixed chance, with the ends of the ledgers.
CHANCE = np.random.default_rng(14)
MONTHS = [LAST, "2023-11", f"2025-{CHANCE.integers(1, 13):02d}"]


def grids(reader, month=LAST):
    end = Month.parse(month).last
    return reader.query("views/grids_list", as_of=end, lowest=300, highest=500)


def vacancies(reader, month=LAST):
    return reader.query("views/grids_vacancies", as_of=Month.parse(month).last)


@pytest.mark.parametrize("month", MONTHS)
def test_the_lists_add_up_to_the_figures(reader, month):
    listed, vacant = grids(reader, month), vacancies(reader, month)
    posts = figure_of(reader, "grid_posts_filled", month)
    whole = figure_of(reader, "grid_roles_filled", month)
    assert len(vacant) == posts.denominator - posts.numerator == listed["vacant_posts"].sum()
    assert vacant["grid_id"].nunique() == whole.denominator - whole.numerator
    led = figure_of(reader, "grid_leader_rate", month)
    assert listed["leader_days"].notna().sum() == led.denominator - led.numerator
    sizes = figure_of(reader, "grid_compliance", month)
    assert (listed["outside"] != 0).sum() == sizes.denominator - sizes.numerator
    assert vacant["vacant_days"].is_monotonic_decreasing
    window = Month.parse(month).first.replace(month=1)
    roles = reader.query("views/grids_roles", as_of=Month.parse(month).last, window_start=window)
    assert roles["filled"].sum() == posts.numerator and roles["posts"].sum() == posts.denominator
    days = figure_of(reader, "grid_post_days", month)
    sums = roles[["filled_days", "due_days"]].sum().tolist()
    assert sums == [days.numerator, days.denominator]


def test_the_planted_grids_are_named(reader):
    listed, vacant = grids(reader), vacancies(reader)
    unled = TRUTHS["grid_without_leader"]
    assert vacant.iloc[0]["grid_id"] == unled["grid"]
    assert f"{vacant.iloc[0]['since_on']:%Y-%m-%d}" == unled["vacated_on"]
    head = finding.of_grids(listed, vacant, "全区")
    assert "13个没有网格长（5,119户），空缺最久的是汉水桥街道海工第3网格（680天）" in head
    assert "11个网格既没有楼栋党小组长，也没有党员中心户（3,495户）" in head
    said = finding.of_lacks(listed)
    for part in ("114个没有楼栋党小组长（42,442户）", "77个没有党员中心户（28,521户）"):
        assert part in said
    by_id = listed.set_index("grid_id")["outside"]
    assert by_id.idxmax() == TRUTHS["grid_too_large"]["grid"]
    assert by_id.idxmin() == TRUTHS["grid_too_small"]["grid"]
    assert "最大的是长丰街道正康第1网格" in finding.of_sizes(listed)
    empty = listed[listed["community_code"] == TRUTHS["community_without_leaders"]["community"]]
    assert (empty["leaders"] == 0).all()


def test_equals_are_counted_and_one_alone_is_not_the_longest(reader):
    listed, vacant = grids(reader), vacancies(reader)
    five = listed.head(5).assign(leader_days=[9.0, 9, 9, 9, 2])
    said = finding.of_grids(five, vacant.head(0), "甲街道")
    assert "等4个（9天）" in said and "应设岗位没有空缺" in said
    one = five.assign(leader_days=[7.0, None, None, None, None])
    assert "1个没有网格长" in finding.of_grids(one, vacant, "甲街道")
    assert "最久" not in finding.of_grids(one, vacant, "甲街道")
    alike = five.assign(leader_days=9.0)
    assert "5个没有网格长" in (said := finding.of_grids(alike, vacant, "甲街道"))
    assert "都已空缺9天" in said and "最久" not in said
    none = five.assign(leader_days=np.nan)
    assert "甲街道5个网格都有网格长" in finding.of_grids(none, vacant, "甲街道")
    assert finding.of_grids(listed.head(0), vacant, "甲街道") == "甲街道没有在册的网格。"
