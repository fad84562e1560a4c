"""Items walked through the tiers by a machine of our own: what the queries and the sums make of them."""

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.opinions import flow
from chunshui.paths import QUERIES

FIRST = dt.date(2025, 1, 1)
NEXT = {"上报": 1, "退回": -1}


@pytest.fixture(scope="module")
def macros():
    """A connection with the macros of the schema over tables without their sources."""
    text = (QUERIES / "schema" / "05_governance.sql").read_text("utf-8")
    con = duckdb.connect()
    con.execute("create table opinion (opinion_id varchar, received_on date)")
    con.execute(
        "create table opinion_event (opinion_id varchar, step integer, tier varchar, "
        "action varchar, happened_on date)"
    )
    con.execute(text[text.index("create macro opinion_flow_broken") :])
    yield con
    con.close()


@st.composite
def walked(draw):
    """Items: of each its events (tier, action, day), walked by the rules of the four tiers."""
    items = []
    for _ in range(draw(st.integers(1, 6))):
        at, day = draw(st.integers(0, 3)), draw(st.integers(0, 120))
        events = [(at, "受理", day)]
        for _ in range(draw(st.integers(0, 7))):
            may = ["办结", *(["上报"] if at < 3 else []), *(["退回"] if at else [])]
            action = draw(st.sampled_from(may))
            day += draw(st.integers(0, 30))
            events.append((at, action, day))
            if action == "办结":
                break
            at += NEXT[action]
            if draw(st.booleans()):
                break  # nobody has accepted it yet
            day += draw(st.integers(0, 30))
            events.append((at, "受理", day))
        items.append(events)
    return items


def loaded(con, items):
    con.execute("delete from opinion")
    con.execute("delete from opinion_event")
    for number, events in enumerate(items):
        name = f"O{number}"
        con.execute("insert into opinion values (?, ?)", [name, FIRST + dt.timedelta(events[0][2])])
        for step, (tier, action, day) in enumerate(events):
            con.execute(
                "insert into opinion_event values (?, ?, ?, ?, ?)",
                [name, 3 * step + 1, flow.TIERS[tier], action, FIRST + dt.timedelta(day)],
            )


def held_by(events, day):
    """At which tier an item lies at the end of a day, told from its events one by one."""
    at = None
    for tier, action, on in events:
        if on > day:
            break
        at = {"受理": tier, "办结": None}.get(action, tier + NEXT.get(action, 0))
    return at


@settings(max_examples=40, deadline=None)
@given(walked(), st.integers(0, 250), st.integers(0, 90))
def test_what_comes_in_goes_out_or_is_in_hand(macros, items, until, length):
    loaded(macros, items)
    end, start = FIRST + dt.timedelta(until), FIRST + dt.timedelta(until - length)
    visits = macros.execute("from opinion_visits(?)", [end]).df()
    found = flow.balance(visits, pd.Timestamp(start), pd.Timestamp(end))
    ins, outs = found[list(flow.IN)].sum(axis=1), found[list(flow.OUT)].sum(axis=1)
    assert (found["opening"] + ins == outs + found["closing"]).all()
    lie = [held_by(events, until) for events in items]
    assert found["closing"].tolist() == [lie.count(tier) for tier in range(4)]
    before = [held_by(events, until - length - 1) for events in items]
    assert found["opening"].tolist() == [before.count(tier) for tier in range(4)]
    # What one tier hands up the next one gets, and the other way round.
    assert found["up"].tolist()[:-1] == found["from_below"].tolist()[1:]
    assert found["back"].tolist()[1:] == found["from_above"].tolist()[:-1]
    days = [held_by(events, day) for day in range(until - length, until) for events in items]
    assert found["item_days"].tolist() == [days.count(tier) for tier in range(4)]
    assert (found["pending_days"] <= found["item_days"]).all()
    assert not len(macros.execute("from opinion_flow_broken(?)", [end]).df()) or any(
        events[0][2] > until for events in items
    )


@pytest.mark.parametrize(
    ("events", "fault"),
    [
        ([(0, "上报", 1)], "第一步不是受理"),
        ([(0, "受理", 1), (0, "受理", 2)], "已受理的又受理"),
        ([(0, "受理", 1), (1, "办结", 2)], "不是受理的那一级办结"),
        ([(3, "受理", 1), (3, "上报", 2)], "部门以上没有可上报的一级"),
        ([(0, "受理", 1), (0, "退回", 2)], "小区以下没有可退回的一级"),
        ([(0, "受理", 1), (0, "上报", 2), (1, "办结", 3)], "没有受理就办结"),
        ([(0, "受理", 1), (0, "上报", 2), (2, "受理", 3)], "上报以后不是上一级受理"),
        ([(1, "受理", 1), (1, "退回", 2), (1, "受理", 3)], "退回以后不是下一级受理"),
        ([(1, "受理", 1), (1, "办结", 2), (1, "受理", 3)], "办结以后还有流转"),
    ],
)
def test_what_is_no_path_is_told_and_left_out(macros, events, fault):
    whole = [(0, "受理", 1), (0, "办结", 2)]
    loaded(macros, [whole, events])
    day = FIRST + dt.timedelta(90)
    broken = macros.execute("from opinion_flow_broken(?)", [day]).df()
    assert broken["opinion_id"].tolist() == ["O1"] and broken["fault"].tolist() == [fault]
    visits = macros.execute("from opinion_visits(?)", [day]).df()
    assert set(visits["opinion_id"]) == {"O0"}


END = pd.Timestamp("2025-12-31")


def visits_of(chance, extra=0.0, streets=8, each=24):
    """Visits to one tier of some streets, of one wait for all but the first, who takes `extra` days."""
    rows = []
    for street in range(streets):
        for _ in range(each):
            came = END - pd.Timedelta(int(chance.integers(0, 360)), "D")
            days = chance.exponential(12) + (extra if street == 0 else 0)
            left = came + pd.Timedelta(round(days), "D")
            taken = came + pd.Timedelta(round(extra if street == 0 else 0), "D")
            rows.append((f"S{street}", f"{street}街道", "社区", "下级上报", came, taken, left))
    columns = ["street_code", "street_name", "tier", "came_by", "came_on", "taken_on", "left_on"]
    table = pd.DataFrame(rows, columns=columns)
    for column in ("taken_on", "left_on"):
        table[column] = table[column].where(table[column] <= END)
    return table


def test_a_tier_that_keeps_items_is_found_and_chance_is_not():
    chance = np.random.default_rng(15)
    found = flow.stuck(visits_of(chance, extra=14), END)
    assert found["is_stuck"].tolist() == [True] + [False] * 7
    assert found.iloc[0]["street_code"] == "S0" and found.iloc[0]["excess"] > 8
    assert found.iloc[0]["item_days"] == pytest.approx(24 * found.iloc[0]["excess"])
    alarms = sum(flow.stuck(visits_of(chance), END)["is_stuck"].any() for _ in range(60))
    assert alarms <= 6  # one in twenty by design; seven or more of sixty in one run of forty


def test_few_visits_are_not_judged():
    chance = np.random.default_rng(1)
    found = flow.stuck(visits_of(chance, extra=40, each=9), END)
    assert not found["is_judged"].any() and not found["is_stuck"].any()
    assert flow.bound_z(1) == pytest.approx(1.645, abs=1e-3)
    assert flow.bound_z(42) == pytest.approx(3.04, abs=0.01)
