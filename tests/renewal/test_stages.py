"""Stages are what the dictionary says: names, order, milestones."""

import datetime as dt
from contextlib import contextmanager

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.catalogue.metric import get_metric
from chunshui.month import Month
from chunshui.renewal import forecast
from chunshui.warehouse import sql
from tests.catalogue import district

AS_OF = dt.date(2025, 10, 31)


@contextmanager
def built(**changed: pd.DataFrame):
    """The small district with some tables changed."""
    with duckdb.connect() as con, pytest.MonkeyPatch.context() as patch:
        made = district.tables() | changed
        patch.setattr(district, "tables", lambda: made)
        district.build(con)
        con.execute(sql.text("rules"))
        yield con


@pytest.fixture(scope="module")
def unchanged():
    """The small district as it is."""
    with built() as con:
        yield con


def waiting(con) -> dict[str, tuple]:
    rows = con.execute(
        "select project_id, stage, step, is_over from renovation_waiting(?, 0.9, 5)", [AS_OF]
    )
    return {project: tuple(rest) for project, *rest in rows.fetchall()}


def count(con, metric_id: str) -> int:
    one = get_metric(metric_id)
    statement = f"select sum(numerator) from ({one.sql})"
    own = one.query_parameters(Month.of(AS_OF), "all_years" if "works" in metric_id else "base")
    return con.execute(statement, own).fetchone()[0]


def test_the_last_stage_of_the_dictionary_is_the_end(unchanged):
    steps = district.tables()["renovation_step"]
    longer = pd.concat(
        [steps, district.named("renovation_step", [("长效管理", 20, None)])], ignore_index=True
    )
    assert waiting(unchanged)["RP0"] == ("移交", 8, True)
    with built(renovation_step=longer) as con:
        assert waiting(con)["RP0"] == ("移交", 8, False)


def test_a_stage_set_in_between_moves_those_after_it(unchanged):
    steps = district.tables()["renovation_step"]
    spread = steps.copy()
    spread["position"] = steps["position"] * 10
    more = pd.concat(
        [spread, district.named("renovation_step", [("摸底", 25, None)])], ignore_index=True
    )
    assert waiting(unchanged)["RP5"] == ("开工", 5, False)
    for dictionary, step in ((spread, 5), (more, 6)):
        with built(renovation_step=dictionary) as con:
            assert waiting(con)["RP5"] == ("开工", step, False)


def test_milestones_and_not_names_count_as_begun(unchanged):
    """A district that calls 开工 by another name gets the same figures."""
    rows = district.tables()
    named = {"开工": "进场", "完工": "竣工"}
    steps, stages = rows["renovation_step"], rows["renovation_stage"]
    changed = {"renovation_step": steps.copy(), "renovation_stage": stages.copy()}
    changed["renovation_step"]["stage"] = steps["stage"].replace(named)
    changed["renovation_stage"]["stage"] = stages["stage"].replace(named)
    with built(**changed) as con:
        figures = [
            [count(one, f"works_{what}") for what in ("started", "finished", "accepted")]
            for one in (unchanged, con)
        ]
    assert figures[0] == figures[1]
    assert all(figures[0])


STAYS = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=25)


@pytest.fixture(scope="module")
def no_projects():
    """The small district without a project, for rows of one's own."""
    tables = ("renovation_project", "renovation_stage", "investment", "beneficiary")
    with built(**{name: district.tables()[name].iloc[:0] for name in tables}) as con:
        yield con


@settings(max_examples=25, deadline=None)
@given(STAYS, st.sampled_from([0.5, 0.8, 0.9]))
def test_the_limit_of_a_stage_is_read_as_the_forecast_reads_its_dates(no_projects, stays, share):
    """Planted stays at 开工, ended by 完工 or not, give the day that `forecast` reads of them."""
    con, source = no_projects, ("elevator", 2)
    con.execute("delete from renovation_stage")
    con.execute("delete from renovation_project")
    for n, (days, left) in enumerate(stays):
        own = (f"P{n}", "x", f"N{n % 6}", district.COMMUNITIES[n % 6], "基础类", 2024, 1, 1, 1)
        con.execute(f"insert into renovation_project values {(*own, *source)}")
        came = AS_OF - dt.timedelta(days=days + (7 if left else 0))
        reached = [("开工", came)] + left * [("完工", came + dt.timedelta(days=days))]
        for stage, day in reached:
            row = (f"P{n}", stage, f"{day}", f"{day}", *source)
            con.execute(f"insert into renovation_stage values {row}")
    rows = con.execute(
        "select project_id, waited_days, usual_days, cohort_size, is_stalled"
        " from renovation_waiting(?, ?, 1) where stage = '开工'",
        [AS_OF, share],
    ).fetchall()
    days, left = (np.array(column) for column in zip(*stays, strict=True))
    assert len(rows) == (~left).sum()
    for project, waited, usual, others, is_stalled in rows:
        other = np.arange(len(stays)) != int(project[1:])
        curve = forecast.kaplan_meier(days[other], left[other])
        limit = forecast.reached_after(*curve, share) if left.any() else np.inf
        assert (np.inf if usual is None else usual) == limit
        assert is_stalled == (waited > limit)
        assert others == (other.sum() if left.any() else None)


def test_what_left_the_register_counts_no_more():
    """The checklist and the sites of a community end with it, on that very day."""
    asked = (
        "full_items_rate",
        "full_communities_rate",
        "full_checked_rate",
        "demo_sites",
        "demo_site_share",
    )
    gone = district.tables()["demo_site"]["community_code"].iloc[0]
    found = []
    for until in (None, AS_OF + dt.timedelta(days=1), AS_OF):
        places = district.tables()["community"]
        places["valid_to"] = pd.Series(
            [until if code == gone else None for code in places["community_code"]], dtype=object
        )
        with built(community=places) as con:
            found.append({metric_id: inside(con, metric_id) for metric_id in asked})
            views = [
                sql.frame(con, sql.text(f"views/{name}"), {"as_of": AS_OF})
                for name in ("sites_standing", "sites_dimensions")
            ]
            assert all((gone in set(rows["community_code"])) == (until != AS_OF) for rows in views)
            sites = sql.frame(con, sql.text("views/sites_list"), {"as_of": AS_OF})
            ended = sites.loc[sites["community_code"] == gone, "revoked_on"]
            assert ended.notna().all() == (until == AS_OF)
    assert found[0] == found[1]
    for metric_id in asked:
        assert gone in found[0][metric_id], metric_id
        assert found[2][metric_id] == found[0][metric_id] - {gone}, metric_id


def inside(con, metric_id: str) -> set[str]:
    """The communities with anything that counts in a metric, above or below the line."""
    one = get_metric(metric_id)
    rows = sql.frame(con, one.sql, one.query_parameters(Month.of(AS_OF), "base"))
    return set(
        rows.loc[rows[["numerator", "denominator"]].fillna(0).sum(axis=1) > 0, "community_code"]
    )
