"""Stages are what the dictionary says: names, order, milestones."""

import datetime as dt
from contextlib import contextmanager

import duckdb
import pandas as pd
import pytest

from chunshui.catalogue.metric import get_metric
from chunshui.month import Month
from tests.catalogue import district

AS_OF = dt.date(2025, 10, 31)


@contextmanager
def built(**changed: pd.DataFrame):
    """The small district with some tables changed."""
    with duckdb.connect() as con, pytest.MonkeyPatch.context() as patch:
        made = district.tables() | changed
        patch.setattr(district, "tables", lambda: made)
        district.build(con)
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


def test_the_last_stage_of_the_dictionary_is_the_end():
    steps = district.tables()["renovation_step"]
    longer = pd.concat(
        [steps, district.named("renovation_step", [("长效管理", 20, None)])], ignore_index=True
    )
    for dictionary, is_over in ((steps, True), (longer, False)):
        with built(renovation_step=dictionary) as con:
            assert waiting(con)["RP0"] == ("移交", 8, is_over)


def test_a_stage_set_in_between_moves_those_after_it():
    steps = district.tables()["renovation_step"]
    spread = steps.copy()
    spread["position"] = steps["position"] * 10
    more = pd.concat(
        [spread, district.named("renovation_step", [("摸底", 25, None)])], ignore_index=True
    )
    for dictionary, step in ((steps, 5), (spread, 5), (more, 6)):
        with built(renovation_step=dictionary) as con:
            assert waiting(con)["RP5"] == ("开工", step, False)


def test_milestones_and_not_names_count_as_begun():
    """A district that calls 开工 by another name gets the same figures."""
    rows = district.tables()
    named = {"开工": "进场", "完工": "竣工"}
    steps, stages = rows["renovation_step"], rows["renovation_stage"]
    changed = {"renovation_step": steps.copy(), "renovation_stage": stages.copy()}
    changed["renovation_step"]["stage"] = steps["stage"].replace(named)
    changed["renovation_stage"]["stage"] = stages["stage"].replace(named)
    figures = []
    for change in ({}, changed):
        with built(**change) as con:
            figures.append(
                [count(con, f"works_{what}") for what in ("started", "finished", "accepted")]
            )
    assert figures[0] == figures[1]
    assert all(figures[0])
