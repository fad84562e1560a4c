"""The grids on the demonstration: metrics and lists counted again with pandas; the planted truths."""

import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue.figures import figure_of
from chunshui.demo.planted import TRUTHS
from chunshui.month import Month
from chunshui.ui.topics.grids import finding
from chunshui.warehouse import Store

LAST = "2026-10"
# Streets and months by a fixed chance, with the whole district and the ends of the ledgers.
CHANCE = np.random.default_rng(14)
MONTHS = [LAST, "2023-11", f"2025-{CHANCE.integers(1, 13):02d}"]

STREETS = CHANCE.choice(11, len(MONTHS), replace=False).tolist()  # by their place


@pytest.fixture(scope="module")
def reader(published):
    with Store(published / "versions").open() as opened:
        yield opened


@pytest.fixture(scope="module")
def tables(reader):
    names = ["grid_unit", "grid_role", "grid_post", "building", "building_post", "community"]
    with reader.cursor() as cursor:
        found = {name: cursor.table(name).df() for name in names}
    streets = found["community"].set_index("community_code")["street_code"]
    for name in ("grid_unit", "building"):
        found[name]["street_code"] = found[name]["community_code"].map(streets)
    return found


def alive(rows, since, until, day):
    return rows[(rows[since] <= day) & ~(rows[until] <= day)]


def _days(rows, start, end, one=True):
    """Return a calendar from start to end, true where any of the rows (else, each) holds."""
    columns = ("filled_on", "vacated_on") if one else ("set_on", "merged_on")
    calendars = []
    for since, until in zip(*(rows[column] for column in columns), strict=True):
        busy = np.zeros((end - start).days + 1, dtype=bool)
        after = len(busy) if pd.isna(until) else max((until - start).days, 0)
        busy[max((since - start).days, 0) : after] = True
        calendars.append(busy)
    return np.any(calendars, axis=0) if one else calendars


def counted(tables, month, street):
    """Return the metrics of grids as (numerator, denominator), by loops and joins of pandas."""
    end, start = pd.Timestamp(Month.parse(month).last), pd.Timestamp(f"{month[:4]}-01-01")
    units, homes = tables["grid_unit"], tables["building"]
    if street:
        units, homes = (rows[rows["street_code"] == street] for rows in (units, homes))
    roles = tables["grid_role"][tables["grid_role"]["is_required"]]["role_id"]
    posts = tables["grid_post"][tables["grid_post"]["role_id"].isin(roles)]
    now = alive(units, "set_on", "merged_on", end).set_index("grid_id")
    held = alive(posts, "filled_on", "vacated_on", end).groupby("grid_id")["role_id"].nunique()
    whole = now.index.map(held).to_numpy() == len(roles)
    found = {"grid_households_staffed": (now["households"][whole].sum(), now["households"].sum())}
    # Post-days one by one: a calendar for each post, in which a day held twice is one.
    held_days = {
        key: _days(rows, start, end) for key, rows in posts.groupby(["grid_id", "role_id"])
    }
    due = filled = 0
    for unit, there in zip(units["grid_id"], _days(units, start, end, one=False), strict=True):
        due += there.sum() * len(roles)
        filled += sum(
            (held_days[unit, role] & there).sum() for role in roles if (unit, role) in held_days
        )
    found["grid_post_days"] = filled, due
    core = alive(tables["building_post"], "since_on", "until_on", end)
    core = core.merge(homes[["building_id", "grid_id"]], on="building_id")
    has = {kind: set(rows["grid_id"]) for kind, rows in core.groupby("kind")}
    led, centred = has.get("楼栋党小组长", set()), has.get("党员中心户", set())
    known = sorted(set(now.index) & set(homes["grid_id"]))
    for metric, inside in (
        ("grid_no_group_leader", led),
        ("grid_no_centre", centred),
        ("grid_no_core", led | centred),
    ):
        found[metric] = sum(grid not in inside for grid in known), len(known)
    for metric, kind in (
        ("households_per_leader", "楼栋党小组长"),
        ("households_per_centre", "党员中心户"),
    ):
        found[metric] = homes["households"].sum(), (core["kind"] == kind).sum()
    chiefs = set(tables["grid_role"][tables["grid_role"]["is_leader"]]["role_id"])
    ruled = tables["grid_post"][tables["grid_post"]["role_id"].isin(chiefs)]
    ruled = ruled[ruled["filled_on"] <= end]
    gap, records = 0, dict(iter(ruled.groupby("grid_id")["vacated_on"]))
    for grid, households, set_on in zip(now.index, now["households"], now["set_on"], strict=True):
        left = records.get(grid, pd.Series([set_on]))
        if (~(left <= end)).any():
            continue
        since = left.max()
        gap += households if (end - since).days > 30 else 0
    found["grid_leader_gap"] = gap, None
    return found


@pytest.mark.parametrize(("month", "place"), [*zip(MONTHS, STREETS, strict=True)])
def test_metrics_are_those_of_pandas(reader, tables, month, place):
    street = sorted(set(tables["community"]["street_code"]))[place]
    for scope in ((), (street,)):
        for metric, sums in counted(tables, month, *scope or (None,)).items():
            figure = figure_of(reader, metric, month, list(scope))
            assert (figure.numerator, figure.denominator) == sums, (metric, scope)


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
