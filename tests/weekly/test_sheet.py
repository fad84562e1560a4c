"""The sheet of any week of the demonstration, counted again with pandas from the ledgers' rows."""

import datetime as dt
import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chunshui.demo.planted import TRUTHS
from chunshui.errors import ChunshuiError
from chunshui.week import Week
from chunshui.weekly import told
from chunshui.weekly.sheet import known_days, usual_week, week_rows

NOTHING = re.compile(r"(?<![\d,.])0[项个场期]")  # what did not happen is said, not counted
FIRST, LAST = dt.date(2023, 11, 1), dt.date(2026, 10, 31)
WEEKS = st.dates(FIRST, LAST)
TABLES = (
    "opinion opinion_event grid_post grid_unit challenge renovation_project renovation_stage "
    "renovation_step action_task activity training community"
)


@pytest.fixture(scope="module")
def rows(reader):
    """The ledgers' rows by table, each with a street_code (None: the whole district's)."""
    with reader.cursor() as cursor:
        tables = {name: cursor.table(name).df() for name in TABLES.split()}
    streets = tables["community"].set_index("community_code")["street_code"]
    grids = tables["grid_unit"].set_index("grid_id")
    tables["opinion"]["street_code"] = tables["opinion"]["community_code"].map(streets)
    posts = tables["grid_post"]
    posts["street_code"] = posts["grid_id"].map(grids["community_code"]).map(streets)
    posts["merged_on"] = posts["grid_id"].map(grids["merged_on"])
    projects = tables["renovation_project"].set_index("project_id")["community_code"]
    stages = tables["renovation_stage"]
    stages["street_code"] = stages["project_id"].map(projects).map(streets)
    named = tables["renovation_step"].dropna(subset="milestone")["stage"]
    tables["renovation_stage"] = stages[stages["stage"].isin(named)]
    tables["action_task"]["street_code"] = None
    return tables


def counted_again(tables, week, street):
    """Return the counts of a week by matter, of a street or of the district (None)."""
    first, last = pd.Timestamp(max(week.first, FIRST)), pd.Timestamp(min(week.last, LAST))

    def during(table, column, until=last):
        rows = tables[table]
        rows = rows if street is None else rows[rows["street_code"] == street]
        return rows[(rows[column] >= first) & (rows[column] <= until)]

    def held_by_others(post, day):
        others = tables["grid_post"]
        others = others[
            (others["grid_id"] == post.grid_id)
            & (others["role_id"] == post.role_id)
            & (others["post_id"] != post.post_id)
        ]
        return ((others["filled_on"] <= day) & ~(others["vacated_on"] <= day)).any()

    due = during("opinion", "due_on")
    gone = during("grid_post", "vacated_on")
    gone = gone[~(gone["merged_on"] <= gone["vacated_on"])]
    came = during("grid_post", "filled_on")
    yesterday = came["filled_on"] - pd.Timedelta(days=1)
    sunday = pd.Timestamp(week.last)
    awaited = during("challenge", "due_on", sunday)
    return {
        "received": len(during("opinion", "received_on")),
        "closed": len(during("opinion", "closed_on")),
        "overdue": int((~(due["closed_on"] <= due["due_on"])).sum()),
        "vacated": sum(not held_by_others(post, post.vacated_on) for post in gone.itertuples()),
        "filled": sum(
            not held_by_others(post, day)
            for post, day in zip(came.itertuples(), yesterday, strict=True)
        ),
        "posted": len(during("challenge", "posted_on")),
        "claimed": len(during("challenge", "claimed_on")),
        "challenge_due": int((awaited["claimed_on"] <= last).sum()),
        "milestone_due": len(during("renovation_stage", "planned_on", sunday))
        + len(during("action_task", "planned_on", sunday)),
        "activity": len(during("activity", "held_on")),
        "training": len(during("training", "held_on")),
    }


def in_hand(tables, day, street):
    """Return by tier what is in hand at the end of a day, from the events alone."""
    rows, day = tables["opinion"], pd.Timestamp(day)
    rows = rows if street is None else rows[rows["street_code"] == street]
    events = tables["opinion_event"]
    events = events[events["opinion_id"].isin(rows["opinion_id"]) & (events["happened_on"] <= day)]
    last = events.sort_values("step").groupby("opinion_id").tail(1)
    tiers = ["小区", "社区", "街道", "部门"]
    moves = {"受理": 0, "上报": 1, "退回": -1}
    counts = dict.fromkeys(tiers, 0)
    for event in last[last["action"] != "办结"].itertuples():
        counts[tiers[tiers.index(event.tier) + moves[event.action]]] += 1
    return counts


# Over two new years, an open week, the first, one with its own truth.
@example(dt.date(2024, 12, 31), 3)
@example(dt.date(2026, 1, 1), None)
@example(LAST, None)
@example(FIRST, 0)
@example(dt.date(2026, 9, 16), None)
@given(WEEKS, st.none() | st.integers(0, 10))
@settings(
    max_examples=7, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_week_anywhere_is_that_of_pandas(reader, rows, day, place):
    street = None if place is None else sorted(rows["activity"]["street_code"].unique())[place]
    week = Week.of(day)
    sheet = week_rows(reader, week).sheet(() if street is None else (street,))
    expected = counted_again(rows, week, street)
    assert {matter: len(sheet.rows(matter)) for matter in expected} == expected
    assert sheet.tiers["closing"].to_dict() == in_hand(rows, min(week.last, LAST), street)
    assert sheet.tiers["opening"].to_dict() == in_hand(
        rows, max(week.first, FIRST) - dt.timedelta(1), street
    )
    assert sheet.is_over == (week.last <= LAST)
    assert sheet.is_compared == (sheet.is_over and week.shift(-1).first >= FIRST)
    if sheet.is_compared:
        before = counted_again(rows, week.shift(-1), street)
        counts = sheet.counts.set_index("matter")
        assert counts["before"].to_dict() == {one: before[one] for one in counts.index}
    for part in told.parts_of(sheet):
        assert part.finding and not part.finding.endswith("。")
        assert not NOTHING.search(part.finding), part.finding
    late = sheet.held_late["due_on"].tolist()
    assert late == sorted(late) and len(told.parts_of(sheet)[1].table) <= 3 + expected["overdue"]


def test_what_is_more_than_chance_is_said_and_nothing_else(reader):
    rush = TRUTHS["activity_rush"]
    sheet = week_rows(reader, Week.parse(rush["week_start"])).sheet()
    said = told.headline(sheet, "全区")
    now, before = (len(sheet.rows("activity", back)) for back in (0, -1))
    assert now > before and f"活动{now}场（上周{before}场），明显增多" in said
    for week in (sheet.week, usual_week(reader, LAST), Week.parse("2025-12-31")):
        one = week_rows(reader, week).sheet()
        changed = one.counts[one.counts["is_told"]]
        compared = told.compared(one)
        assert (told.BEYOND in compared) == (len(changed) > 0)
        both = one.counts["now"] + one.counts["before"]
        assert ("件数很少" in compared) == both.between(1, 9).any()
        named = [name for name in one.counts["matter"] if f"{told.MATTERS[name].name}" in compared]
        assert set(changed["matter"]) <= set(named)
        # What a reader sees move beside it is said as it moved, and that it is too little to tell.
        for row in one.counts.itertuples():
            judged, smaller = row.now + row.before >= 10, min(row.now, row.before)
            moved = judged and 4 * abs(row.now - row.before) >= smaller
            assert (row.matter in named) == (row.is_told or moved)
            said, unsure, _ = compared.partition(told.UNSURE)
            assert not moved or row.is_told or (unsure and f"（上周{row.before}" in said)
        short = told.headline(one, "全区")
        judged = told.NONE_BEYOND in short or told.BEYOND in short
        assert judged == one.is_compared
        assert (told.UNSURE in short) == (told.NONE_BEYOND in short)
    usual = week_rows(reader, usual_week(reader, LAST)).sheet()
    assert told.issue_words(usual) == "2026年第41期，10月27日印发"
    skipped = week_rows(reader, Week.parse(TRUTHS["bulletin_skipped"]["week_start"])).sheet()
    assert told.issue_words(skipped) == "期号未登记"


def test_an_open_week_says_so_and_a_week_nothing_is_known_of_is_refused(reader):
    sheet = week_rows(reader, Week.of(LAST)).sheet()
    assert "（本周未完，截至10月31日）" in told.headline(sheet, "全区")
    assert told.compared(sheet) == told.OPEN_WEEK and sheet.counts["before"].isna().all()
    first = week_rows(reader, Week.of(FIRST)).sheet()
    assert told.compared(first) == told.FIRST_WEEK
    assert known_days(reader) == (FIRST, LAST)
    with pytest.raises(ChunshuiError, match="数据到2026年10月31日为止"):
        week_rows(reader, Week.of(LAST).shift(1))
    with pytest.raises(ChunshuiError, match="数据从2023年11月1日开始，没有"):
        week_rows(reader, Week.of(FIRST).shift(-1))
    assert usual_week(reader, dt.date(2023, 11, 30)).last == dt.date(2023, 11, 26)
    assert usual_week(reader, dt.date(2030, 1, 1)).last == dt.date(2026, 10, 25)


def test_rows_behind_a_part_are_those_it_counts(reader):
    sheet = week_rows(reader, Week.parse("2026-10-21")).sheet()
    for part in told.parts_of(sheet):
        rows = told.rows_of(sheet, part.name)
        if len(rows):
            assert {"情况", "日期", "编号", "台账文件", "行号"} <= set(rows.columns)
            listed = {"揭榜领题", "到期节点"} & {part.name}
            assert not listed or len(rows) == len(part.table), "what is due next is listed, too"
    late = next(part for part in told.parts_of(sheet) if part.name == "逾期事项")
    fresh, new = sheet.rows("overdue"), late.table[late.table["情况"].str.startswith("本周新增")]
    closed = new[new["情况"].str.endswith("已办结")]
    assert sorted(new["事项编号"]) == sorted(fresh["entity_id"]) and len(closed)
    said = f"本周新逾期{len(fresh)}项（其中{len(closed)}项已办结）"
    assert late.finding.startswith(said) and said in told.headline(sheet, "全区")
    assert told.count_words(sheet, "逾期事项") == f"新逾期民情{len(fresh)}项"
    listed = told.rows_of(sheet, "活动与训练营")
    assert len(listed) == len(sheet.rows("activity")) + len(sheet.rows("training"))
