"""The circles of a version, loaded once and asked with what the page has chosen."""

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.parametrised import ParametrisedFigure, figure_with, sums_by_month
from chunshui.catalogue.places import inside
from chunshui.circles import candidates, model, outlines, scenario, siting, stations
from chunshui.circles.candidates import SitingProblem
from chunshui.circles.model import Circles
from chunshui.circles.question import Question
from chunshui.circles.scenario import Outcome, Present, Step
from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import notices
from chunshui.warehouse import Edition

METRIC = "circle_coverage"


@st.cache_resource(show_spinner="正在装入步行路网…", max_entries=2)
def circles(edition: Edition) -> Circles | None:
    """Return what a version holds of walks; None without a walking network."""
    return model.load(data.reader(edition))


def circles_or_stop(scope: Scope) -> Circles:
    """Return the circles of the scope's version, or say what is missing and stop the page."""
    found = circles(scope.edition)
    if found is None or found.buildings.empty:
        what = "步行节点、步行路段" if found is None else "楼栋"
        notices.empty(
            f"本版本的台账里没有{what}，步行圈无从量起。",
            f"请补交{what}台账后重新发布；台账写法见模板。",
        )
        st.stop()
    return found


@st.cache_resource(show_spinner=False, max_entries=4)
def arterials(edition: Edition) -> list:
    """Return the lines of the arterials, WGS-84."""
    found = data.reader(edition).query("views/barriers")
    shapes = found.loc[found["kind"] == "主干道", "shape"]
    return shapely.from_wkb([bytes(shape) for shape in shapes]).tolist()


def last_day(scope: Scope) -> dt.date:
    """Return the day on which a station must exist to count: the end of the scope's month."""
    return Month.parse(scope.month).last


def coverage(scope: Scope, question: Question) -> ParametrisedFigure:
    """Return coverage as the catalogue's metric has it, for the scope and the question."""
    asked, where = question.params, (scope.streets, scope.community)
    months = _every_month(scope.edition).get(_timeless(question))
    if months is None:
        reader = data.reader(scope.edition)  # which asks each question once
        return figure_with(reader, METRIC, scope.month, asked, *where)
    return ParametrisedFigure(get_metric(METRIC), asked, months[scope.month], *where)


def prepare(edition: Edition, questions: Iterable[Question]) -> None:
    """Ask questions for all months at once, so that a change of the month finds them answered."""
    ready = _every_month(edition)
    for question in questions:
        if _timeless(question) not in ready:
            ready[_timeless(question)] = sums_by_month(
                data.reader(edition), METRIC, question.params
            )


@st.cache_resource(show_spinner=False, max_entries=2)
def _every_month(edition: Edition) -> dict[tuple, dict[str, pd.DataFrame]]:
    """Return what has been asked for all months: by question, then by month. `prepare` adds."""
    return {}


def _timeless(question: Question) -> tuple:
    """Return what decides the answer to a question besides the month."""
    return tuple(
        tuple(value) if isinstance(value, list) else value for value in question.params.values()
    )


@st.cache_resource(show_spinner=False, max_entries=32)
def today(edition: Edition, question: Question) -> Present:
    """Return the present state for a question, ready for changes."""
    return scenario.present_state(circles(edition), question)


@st.cache_resource(show_spinner=False, max_entries=128)
def bands(edition: Edition, question: Question, limits_m: tuple[float, ...]) -> list:
    """Return what is drawn as near, each shape within the one before: the land, then each limit."""
    return outlines.nested_outlines(circles(edition), question, limits_m)


@st.cache_resource(show_spinner=False, max_entries=64)
def outcome(edition: Edition, question: Question, steps: tuple[Step, ...]) -> Outcome:
    """Return what a scenario does."""
    return scenario.run_scenario(circles(edition), today(edition, question), question, steps)


@st.cache_resource(show_spinner=False, max_entries=16)
def search(
    edition: Edition, question: Question, kind: str, streets: tuple[str, ...]
) -> SitingProblem:
    """Return the siting question made ready."""
    found = circles(edition)
    return candidates.siting_problem(
        found, question, candidates.candidate_places(found, question, kind, streets)
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def sites(
    edition: Edition, question: Question, kind: str, streets: tuple[str, ...], k: int, proven: bool
):
    """Return the k sites found greedily, or with proof."""
    found = search(edition, question, kind, streets)
    solve = siting.exact if proven else siting.greedy
    return solve(found.cover, found.weight, k)


@st.cache_resource(show_spinner=False, max_entries=16)
def mergers(edition: Edition, question: Question, most: float, streets: tuple[str, ...]):
    """Return the stations that could close."""
    return candidates.mergers(circles(edition), question, most, streets)


@st.cache_resource(show_spinner=False, max_entries=32)
def load_of(edition: Edition, question: Question) -> pd.DataFrame:
    """Return room against users of every asked station."""
    return stations.station_loads(circles(edition), question)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=data.BY_KEY)
def suspects(scope: Scope) -> list[str]:
    """Return what the coordinate guard says of stations in the scope, with the mend."""
    stations = circles(scope.edition).stations.set_index("station_id")
    found = data.reader(scope.edition).query("views/check_results")
    found = found[(found["check_id"] == "坐标系") & (found["entity_table"] == "station")]
    found = found[found["entity_id"].isin(stations.index)]
    rows = stations.loc[found["entity_id"]]
    said = (found["message"] + found["mend"]).to_numpy()
    return said[in_scope(scope, rows)].tolist()


def in_scope(scope: Scope, rows: pd.DataFrame) -> np.ndarray:
    """Say which rows lie in the scope; they have street_code and community_code."""
    return inside(rows, scope.streets, scope.community)
