"""The demonstration's opinion items: metrics and the ladder counted again; the planted truths."""

import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue.checks import check_findings
from chunshui.catalogue.figures import figure_of
from chunshui.month import Month
from chunshui.opinions import flow
from chunshui.paths import REFERENCE
from chunshui.ui.topics.opinions import finding
from chunshui.warehouse import Store

CHANCE = np.random.default_rng(15)
MONTHS = ["2026-10", "2023-11", f"2025-{CHANCE.integers(2, 13):02d}"]
STREETS = CHANCE.choice(11, len(MONTHS), replace=False).tolist()  # by their place


@pytest.fixture(scope="module")
def reader(published):
    with Store(published / "versions").open() as opened:
        yield opened


@pytest.fixture(scope="module")
def items(reader):
    """Every item with its street and its events in order."""
    with reader.cursor() as cursor:
        opinions, events, places = (
            cursor.table(name).df() for name in ("opinion", "opinion_event", "community")
        )
    opinions["street_code"] = opinions["community_code"].map(
        places.set_index("community_code")["street_code"]
    )
    steps = {key: rows.sort_values("step") for key, rows in events.groupby("opinion_id")}
    return [(row, steps[row.opinion_id]) for row in opinions.itertuples()]


def working_days(after, count):
    """The last of so many working days after each day, by numpy and the published days."""
    table = pd.read_csv(REFERENCE / "workdays.csv")
    off = table.loc[table["kind"] == "off", "date"].to_numpy("datetime64[D]")
    made_up = set(table.loc[table["kind"] == "work", "date"].to_numpy("datetime64[D]"))
    day = np.datetime64(after, "D")
    while count:
        day += 1
        count -= day in made_up or bool(np.is_busday(day, holidays=off))
    return pd.Timestamp(day)


def walk(events, end):
    """The days an item comes to a tier, is accepted there and leaves it, up to a day."""
    visits = []
    for event in events.itertuples():
        if event.happened_on > end:
            break
        at = flow.TIERS.index(event.tier)
        if event.action == "受理":
            if not visits:
                visits.append([at, event.happened_on, None, None, None])
            visits[-1][2] = event.happened_on
        else:
            visits[-1][3:] = event.happened_on, event.action
            if event.action != "办结":
                at += 1 if event.action == "上报" else -1
                visits.append([at, event.happened_on, None, None, None])
    return visits


@pytest.mark.parametrize(("month", "place"), [*zip(MONTHS, STREETS, strict=True)])
def test_metrics_are_those_counted_item_by_item(reader, items, month, place):
    end, start = pd.Timestamp(Month.parse(month).last), pd.Timestamp(f"{month[:4]}-01-01")
    street = sorted({row.street_code for row, _ in items})[place]
    for scope in ((), (street,)):
        mine = [one for one in items if not scope or one[0].street_code in scope]
        ripe = [(row, working_days(row.received_on, 10)) for row, _ in mine]
        ripe = [(row, day) for row, day in ripe if start <= day <= end]
        closed = [row for row, _ in mine if start <= row.closed_on <= end]
        pending = days = 0
        for _, events in mine:
            for _, came, taken, left, _ in walk(events, end):
                if (left or end) >= start:
                    since = max(came, start)
                    days += ((left or end) - since).days
                    pending += max(((taken or end) - since).days, 0)
        expected = {
            "opinion_closed_within": (sum(row.closed_on <= day for row, day in ripe), len(ripe)),
            "opinion_quick_close": (sum(r.closed_on == r.received_on for r in closed), len(closed)),
            "opinion_pending_share": (pending, days),
        }
        for metric, sums in expected.items():
            figure = figure_of(reader, metric, month, list(scope))
            assert (figure.numerator or 0, figure.denominator or 0) == sums, (metric, scope)


def test_the_ladder_balances_for_every_tier_street_and_month(reader, items):
    months = [f"{year}-{n:02d}" for year in (2024, 2025, 2026) for n in range(1, 13)][:34]
    last = pd.Timestamp("2026-10-31")
    visits = reader.query("views/opinions_visits", as_of=last.date())
    assert visits["left_on"].isna().sum() == sum(pd.isna(row.closed_on) for row, _ in items)
    streets = sorted(visits["street_code"].unique())
    for month in months:
        end = pd.Timestamp(Month.parse(month).last)
        for street in [None, *streets]:
            rows = visits if street is None else visits[visits["street_code"] == street]
            found = flow.balance(rows, end.replace(day=1), end)
            came, went = found[list(flow.IN)].sum(axis=1), found[list(flow.OUT)].sum(axis=1)
            assert (found["opening"] + came == went + found["closing"]).all(), (month, street)
    # The past is shown as it was then known.
    end = pd.Timestamp("2025-06-30")
    then = reader.query("views/opinions_visits", as_of=end.date())
    lying = [walk(events, end)[-1] for row, events in items if row.received_on <= end]
    by_tier = [sum(left is None and at == tier for at, *_, left, _ in lying) for tier in range(4)]
    closing = flow.balance(then, end.replace(day=1), end)["closing"].tolist()
    assert closing == by_tier and sum(closing) > 0


def test_the_forgotten_make_up_saturday_is_listed_and_nothing_else(reader):
    found = check_findings(reader)
    due = found.loc[found["check_id"] == "opinion_due_differs", "message"]
    assert len(due) == 1 and "按10个工作日应为2026-10-15，晚1天" in due.iloc[0]
    assert not set(found["check_id"]) & {"opinion_flow_broken", "workday_year_missing"}


def test_no_tier_is_called_stuck_by_chance(reader):
    end = pd.Timestamp("2026-10-31")
    visits = reader.query("views/opinions_visits", as_of=end.date())
    found = flow.stuck(visits, end)
    assert len(found) == 42 and found["is_judged"].sum() == 20 and not found["is_stuck"].any()
    top = found.iloc[0]
    assert (top["street_name"], top["tier"]) == ("宗关街道", "街道")
    assert top["excess"] == pytest.approx(7.05, abs=0.01)
    assert top["z"] == pytest.approx(1.91, abs=0.01)
    # Days more at one tier of one street are found there and nowhere else; items pile up there
    # once so many wait to be accepted.
    mine = (visits["street_code"] == "420104011") & (visits["tier"] == "社区")
    for days, is_stuck in ((12, False), (16, True)):
        slow = visits.copy()
        for column in ("taken_on", "left_on"):
            later = slow[column] + pd.Timedelta(days, "D")
            slow[column] = slow[column].mask(mine, later.where(later <= end))
        longer = flow.stuck(slow, end).query("is_longer")
        assert longer[["street_name", "tier"]].to_numpy().tolist() == [["长丰街道", "社区"]]
        assert longer["is_stuck"].tolist() == [is_stuck]
        said = finding.of_stuck(flow.stuck(slow, end))
        assert said.startswith("卡在长丰街道社区一级" if is_stuck else "停留偏长、未见积压的是长丰")
        assert "其余可比的19处在偶然波动之内，另22处" in said


@pytest.mark.parametrize("month", MONTHS)
def test_posted_matters_are_those_counted_with_pandas(reader, month):
    end, start = pd.Timestamp(Month.parse(month).last), pd.Timestamp(f"{month[:4]}-01-01")
    with reader.cursor() as cursor:
        rows = cursor.table("challenge").df()
    for scope in ([], sorted(set(rows["street_code"]))[:1]):
        mine = rows[rows["street_code"].isin(scope)] if scope else rows
        posted = mine[mine["posted_on"].between(start, end)]
        own = (posted["mode"] == "主动认领") & (posted["claimed_on"] <= end)
        due = mine[mine["due_on"].between(start, end) & (mine["claimed_on"] <= end)]
        kept = (due["done_on"] <= due["due_on"]) & (due["result"] == "完成")
        waits = mine[
            (mine["posted_on"] < end - pd.Timedelta(30, "D")) & ~(mine["claimed_on"] <= end)
        ]
        for metric, sums in (
            ("challenge_claim_rate", (own.sum(), len(posted))),
            ("challenge_on_time", (kept.sum(), len(due))),
            ("challenge_waiting", (len(waits), 0)),
        ):
            figure = figure_of(reader, metric, month, scope)
            assert (figure.numerator or 0, figure.denominator or 0) == sums, (metric, scope)
