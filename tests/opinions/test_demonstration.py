"""The demonstration's opinion items: metrics and the ladder counted again; the planted truths."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue.checks import check_findings
from chunshui.catalogue.figures import figure_of
from chunshui.demo.planted import TRUTHS
from chunshui.month import Month
from chunshui.opinions import flow
from chunshui.paths import REFERENCE
from chunshui.ui.topics.opinions import data, finding

CHANCE = np.random.default_rng(15)
MONTHS = ["2026-10", "2023-11", f"2025-{CHANCE.integers(2, 13):02d}"]
STREETS = CHANCE.choice(11, len(MONTHS), replace=False).tolist()  # by their place


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
    assert len(due) == 1 and "按10个工作日应为2026-10-15，晚1个日历日" in due.iloc[0]
    assert not set(found["check_id"]) & {"opinion_flow_broken", "workday_year_missing"}


def test_the_planted_bottleneck_is_found_and_no_other(reader):
    end, truth = pd.Timestamp("2026-10-31"), TRUTHS["tier_bottleneck"]
    visits = reader.query("views/opinions_visits", as_of=end.date())
    found = flow.stuck(visits, end)
    longer = found[found["is_longer"]]
    assert longer[["street_code", "tier"]].to_numpy().tolist() == [[truth["street"], truth["tier"]]]
    assert longer["is_stuck"].all() and found["is_judged"].sum() > 15
    assert finding.of_stuck(found).startswith("卡点是长丰街道社区一级（每项平均多停")
    # Before it was planted nothing is told from chance; nor is it without the days put in.
    for before in ("2025-10-31", "2025-04-30", "2024-10-31"):
        day = pd.Timestamp(before)
        then = flow.stuck(reader.query("views/opinions_visits", as_of=day.date()), day)
        assert len(then) and not then["is_longer"].any(), before
    waits = visits["taken_on"].fillna(end) - visits["came_on"]
    handed = (visits["came_by"] != flow.RECEIVED) & (visits["came_on"] >= truth["since"])
    mine = (visits["street_code"] == truth["street"]) & (visits["tier"] == truth["tier"]) & handed
    given = pd.to_timedelta(
        waits.where(mine).clip(upper=pd.Timedelta(truth["days"], "D")).fillna("0D")
    )
    fair = visits.assign(left_on=visits["left_on"] - given)
    assert not flow.stuck(fair, end)["is_longer"].any()


def test_an_item_that_nobody_accepted(reader):
    truth, end = TRUTHS["opinion_unaccepted"], pd.Timestamp("2026-10-31")
    visits = reader.query("views/opinions_visits", as_of=end.date())
    mine = visits[visits["opinion_id"] == truth["opinion"]].iloc[-1]
    assert mine["tier"] == truth["tier"] and pd.isna(mine["taken_on"]) and pd.isna(mine["left_on"])
    assert (end - mine["came_on"]).days == 40


def test_streets_scatter_no_less_than_chance(items):
    """The mean square of what street and chance put between rates: 1 were chance alone."""
    apart = {TRUTHS["street_bounces"]["street"], TRUTHS["street_closing_rate_rises"]["street"]}
    rows = pd.DataFrame([row for row, _ in items])
    rows = rows[~rows["street_code"].isin(apart) & (rows["due_on"] <= "2026-10-31")]
    sent = {row.opinion_id for row, events in items if (events["action"] == "退回").any()}
    cells, year = [], rows["due_on"].dt.year
    for met in (rows["closed_on"] <= rows["due_on"], rows["opinion_id"].isin(sent)):
        rate = met.groupby(year).transform("mean")
        parts = pd.DataFrame({"off": met - rate, "by_chance": rate * (1 - rate), "n": 1})
        by = parts.groupby([rows["street_code"], year]).sum()
        cells.append((by["off"] ** 2 / by["by_chance"])[by["n"] >= 5])
    assert (
        0.8 < pd.concat(cells).mean() < 2
    )  # where outcomes were spread evenly it was 0.35 to 0.55


@pytest.mark.parametrize("month", MONTHS)
def test_repeats_and_callbacks_are_those_counted_with_pandas(reader, items, month):
    end, start = pd.Timestamp(Month.parse(month).last), pd.Timestamp(f"{month[:4]}-01-01")
    with reader.cursor() as cursor:
        called = cursor.table("opinion_callback").df()
    rows = pd.DataFrame([row for row, _ in items])
    called = called[called["called_on"].between(start, end) & called["is_reached"]]
    called = called.drop(columns=["source_id", "source_row"]).merge(rows, on="opinion_id")
    received = rows[rows["received_on"].between(start, end)]
    for scope in ([], sorted(set(rows["street_code"]))[:1]):
        mine, heard = (
            frame[frame["street_code"].isin(scope)] if scope else frame
            for frame in (received, called)
        )
        for metric, sums in (
            ("opinion_repeat_rate", (mine["repeat_of"].notna().sum(), len(mine))),
            ("opinion_solved_rate", (heard["is_solved"].sum(), len(heard))),
            ("opinion_satisfied_rate", (heard["is_satisfied"].sum(), len(heard))),
        ):
            figure = figure_of(reader, metric, month, scope)
            assert (figure.numerator or 0, figure.denominator or 0) == sums, (metric, scope)


def test_the_neighbourhood_that_asks_again_and_again(reader):
    truth = TRUTHS["opinion_repeated"]
    rows = reader.query(
        "views/opinions_repeats", as_of=dt.date(2026, 10, 31), window_start=dt.date(2026, 1, 1)
    )
    most = data.repeated(rows)
    assert most["repeats"].iloc[0] == 4 and (most["repeats"].iloc[1:] == 1).all()
    mine = rows[rows["neighbourhood_id"] == truth["neighbourhood"]]
    assert set(mine["opinion_id"]) | set(mine["repeat_of"]) == set(truth["opinions"])
    assert "顺道西院的加装电梯，4次" in finding.of_repeats(most, "2026年1至10月")


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
