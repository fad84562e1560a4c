"""The circles of a version, loaded once and asked with what the page has chosen."""

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from chunshui.catalogue import live
from chunshui.catalogue import metric as catalogue
from chunshui.catalogue.places import inside
from chunshui.circles import candidates, model, outlines, scenario, siting, stations
from chunshui.circles.candidates import SitingProblem
from chunshui.circles.model import Circles
from chunshui.circles.question import Question
from chunshui.circles.scenario import Outcome, Present, Step
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import notices

METRIC = "circle_coverage"


@st.cache_resource(show_spinner="正在装入步行路网…", max_entries=2)
def circles(version: str) -> Circles | None:
    """Return what a version holds of walks; None without a walking network."""
    return model.load(data.reader(version))


def circles_or_stop(scope: Scope) -> Circles:
    """Return the circles of the scope's version, or say what is missing and stop the page."""
    found = circles(scope.version)
    if found is None or found.buildings.empty:
        what = "步行节点、步行路段" if found is None else "楼栋"
        notices.empty(
            f"本版本的台账里没有{what}，步行圈无从量起。",
            f"请补交{what}台账后重新发布；台账写法见模板。",
        )
        st.stop()
    return found


@st.cache_resource(show_spinner=False, max_entries=4)
def arterials(version: str) -> list:
    """Return the lines of the arterials, WGS-84."""
    found = data.reader(version).query("views/barriers")
    shapes = found.loc[found["kind"] == "主干道", "shape"]
    return shapely.from_wkb([bytes(shape) for shape in shapes]).tolist()


def last_day(scope: Scope) -> dt.date:
    """Return the day on which a station must exist to count: the end of the scope's month."""
    return catalogue.month_end(catalogue.parse_month(scope.month))


def coverage(scope: Scope, question: Question) -> live.Live:
    """Return coverage as the catalogue's metric has it, for the scope and the question."""
    asked, where = question.params, (scope.streets, scope.community)
    months = _every_month(scope.version).get(_timeless(question))
    if months is None:
        reader = data.reader(scope.version)  # which asks each question once
        return live.ask(reader, METRIC, scope.month, asked, *where)
    return live.Live(catalogue.get(METRIC), asked, months[scope.month], *where)


def prepare(version: str, questions: Iterable[Question]) -> None:
    """Ask questions for all months at once, so that a change of the month finds them answered."""
    ready = _every_month(version)
    for question in questions:
        if _timeless(question) not in ready:
            ready[_timeless(question)] = live.every_month(
                data.reader(version), METRIC, question.params
            )


@st.cache_resource(show_spinner=False, max_entries=2)
def _every_month(version: str) -> dict[tuple, dict[str, pd.DataFrame]]:
    """Return what has been asked for all months: by question, then by month. `prepare` adds."""
    return {}


def _timeless(question: Question) -> tuple:
    """Return what decides the answer to a question besides the month."""
    return tuple(
        tuple(value) if isinstance(value, list) else value for value in question.params.values()
    )


@st.cache_resource(show_spinner=False, max_entries=32)
def today(version: str, question: Question) -> Present:
    """Return the present state for a question, ready for changes."""
    return scenario.present_state(circles(version), question)


@st.cache_resource(show_spinner=False, max_entries=128)
def bands(version: str, question: Question, limits_m: tuple[float, ...]) -> list:
    """Return what is drawn as near, each shape within the one before: the land, then each limit."""
    return outlines.nested_outlines(circles(version), question, limits_m)


@st.cache_resource(show_spinner=False, max_entries=64)
def outcome(version: str, question: Question, steps: tuple[Step, ...]) -> Outcome:
    """Return what a scenario does."""
    return scenario.run_scenario(circles(version), today(version, question), question, steps)


@st.cache_resource(show_spinner=False, max_entries=16)
def search(version: str, question: Question, kind: str, streets: tuple[str, ...]) -> SitingProblem:
    """Return the siting question made ready."""
    found = circles(version)
    return candidates.siting_problem(
        found, question, candidates.candidate_places(found, question, kind, streets)
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def sites(version, question: Question, kind: str, streets: tuple[str, ...], k: int, proven: bool):
    """Return the k sites found greedily, or with proof."""
    found = search(version, question, kind, streets)
    solve = siting.exact if proven else siting.greedy
    return solve(found.cover, found.weight, k)


@st.cache_resource(show_spinner=False, max_entries=16)
def mergers(version: str, question: Question, most: float, streets: tuple[str, ...]):
    """Return the stations that could close."""
    return candidates.mergers(circles(version), question, most, streets)


@st.cache_resource(show_spinner=False, max_entries=32)
def load_of(version: str, question: Question) -> pd.DataFrame:
    """Return room against users of every asked station."""
    return stations.station_loads(circles(version), question)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=data.BY_KEY)
def suspects(scope: Scope) -> list[str]:
    """Return what the coordinate guard says of stations in the scope, with the mend."""
    stations = circles(scope.version).stations.set_index("station_id")
    found = data.reader(scope.version).query("views/check_results")
    found = found[(found["check_id"] == "坐标系") & (found["entity_table"] == "station")]
    found = found[found["entity_id"].isin(stations.index)]
    rows = stations.loc[found["entity_id"]]
    said = (found["message"] + found["mend"]).to_numpy()
    return said[in_scope(scope, rows)].tolist()


def in_scope(scope: Scope, rows: pd.DataFrame) -> np.ndarray:
    """Say which rows lie in the scope; they have street_code and community_code."""
    return inside(rows, scope.streets, scope.community)
