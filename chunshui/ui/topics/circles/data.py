"""What the pages of circles and coverage ask: of the catalogue in SQL, of the engine, both kept.

Of the engine a page holds an `Answer`: one question to one version, each part worked out once.
"""

import datetime as dt
import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from chunshui.catalogue.bands import Classes, fixed_classes
from chunshui.catalogue.by_place import PLACE
from chunshui.catalogue.metric import Metric, get_metric
from chunshui.catalogue.parametrised import ParametrisedFigure
from chunshui.circles import candidates, mergers, model, outlines, scenario, siting, stations
from chunshui.circles.candidates import SitingProblem
from chunshui.circles.mergers import Mergers, Relaxed
from chunshui.circles.model import Circles
from chunshui.circles.question import (
    ADULT_SPEED,
    FUNCTIONS,
    LEVELS,
    OLDER_SPEED,
    PEOPLE,
    TARGETS,
    Question,
)
from chunshui.circles.scenario import Outcome, Present, Step
from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.data.views import cut
from chunshui.ui.shell import notices
from chunshui.warehouse import Edition
from chunshui.words import NO_TARGET

METRIC = "circle_coverage"  # what a question is put to, and what both pages show unasked
AREA = "area_per_100_households"
SHOWN = (
    METRIC, "circle_older", "circle_community_level", "circle_neighbourhood_level",
    "circle_street_level", "circle_canteen", "circle_care", "circle_nursery", "circle_rider",
    "circle_evening", "circle_backup", "circle_left_out", "circle_straight_gap", "circle_walk",
    "circle_canteen_places", "branch_support_rate", AREA, "area_norm_rate",
)  # fmt: skip
MINUTES, METRES = (5.0, 10.0, 15.0), (300.0, 500.0, 800.0, 1000.0)
WORST = 10  # places in a chart of the worst
# Of shares, where what is asked has no target: the lowest is the worst.
SHARE_CLASSES = fixed_classes((50.0, 80.0, 90.0, 99.0), "%", falling=True)
# Of how many more or fewer are covered after a scenario, whatever it is.
MANY = 100
GAIN_CLASSES = Classes(
    (f"减少{MANY}及以上", f"减少不足{MANY}", "没有变化", f"增加不足{MANY}", f"增加{MANY}及以上"),
    (4, 3, 2, 1, 0),
    ((NO_TARGET, (math.nextafter(-MANY, 0), 0.0, math.nextafter(0, 1), float(MANY))),),
    ramp="moves",
)
HOURS, DAYS = tuple(range(7, 22)), {"周三": 3, "周六": 6}  # of coverage by the hour


def prepare(scope: Scope) -> None:
    """Ask ahead what the map needs of the month of a scope for the question that the page asks first."""
    if circles(scope.edition):
        _ = answer(scope.edition, Question(last_day(scope))).bands


# ------------------------------------------------------------------ of the engine


@dataclass(frozen=True, eq=False)
class Answer:
    """What the engine answers to one question for the whole district."""

    circles: Circles
    question: Question

    @property
    def key(self) -> Question:
        """What finds it again: the version is in the scope that stands beside it."""
        return self.question

    @cached_property
    def answering(self) -> np.ndarray:
        """Which stations answer the question, boolean, shape (stations,)."""
        return stations.answering(self.circles, self.question)

    @cached_property
    def beyond_reach(self) -> pd.DataFrame:
        """The buildings from which one cannot walk there, as `stations.beyond_reach` has them."""
        return stations.beyond_reach(self.circles, self.question)

    @cached_property
    def limits_m(self) -> tuple[float, ...]:
        """The distances whose bands are drawn: the standard's metres, or three of minutes of the pace.

        What is asked for is always one: it takes the place of the nearest of MINUTES.
        """
        asked = self.question.farthest_m
        if asked in METRES:
            return METRES
        minutes = [minute * 60 * self.question.speed for minute in MINUTES]
        nearest = min(range(len(minutes)), key=lambda at: abs(minutes[at] - asked))
        minutes[nearest] = asked
        return tuple(minutes)

    @cached_property
    def bands(self) -> list[shapely.Geometry]:
        """The land, then what is within each of `limits_m`, the farthest first; WGS-84."""
        return outlines.nested_outlines(self.circles, self.question, self.limits_m)

    @cached_property
    def present(self) -> Present:
        """The present state, ready for changes, with the walk of every building."""
        return scenario.present_state(self.circles, self.question)

    @cached_property
    def loads(self) -> pd.DataFrame:
        """The capacity of every asked station against its users."""
        return stations.station_loads(self.circles, self.question)


@remembered(2)
def circles(edition: Edition) -> Circles | None:
    """Return what a version holds of walks; None without a walking network."""
    return model.load(data.reader(edition))


def stop_without_circles(scope: Scope) -> None:
    """Where the version has no walks or no buildings, say what is missing and stop the page."""
    walks = circles(scope.edition)
    if walks is None or walks.buildings.empty:
        ledgers = "步行节点、步行路段" if walks is None else "楼栋"
        notices.empty(
            f"本版本的台账里没有{ledgers}，步行圈无从量起。",
            f"请补交{ledgers}台账后重新发布；台账写法见模板。",
        )
        st.stop()


@remembered(128)
def answer(edition: Edition, question: Question) -> Answer:
    """Return the answer to a question, of a version that has walks."""
    walks = circles(edition)
    assert walks is not None, "the page should have stopped"
    return Answer(walks, question)


@remembered(64)
def outcome(edition: Edition, question: Question, steps: tuple[Step, ...]) -> Outcome:
    """Return what a scenario does; raise a ChunshuiError in words where it cannot be."""
    before = answer(edition, question)
    return scenario.run_scenario(before.circles, before.present, question, steps)


@remembered(32)
def candidate_places(
    edition: Edition, question: Question, kind: str, streets: tuple[str, ...]
) -> pd.DataFrame:
    """Return the places of a kind where a station or its function could be added."""
    walks = answer(edition, question).circles
    return candidates.candidate_places(walks, question, kind, streets)


@remembered(16)
def siting_problem(
    edition: Edition, question: Question, kind: str, streets: tuple[str, ...]
) -> SitingProblem:
    """Return the candidates of a kind with whom they would cover, ready to choose from."""
    places = candidate_places(edition, question, kind, streets)
    return candidates.siting_problem(answer(edition, question).circles, question, places)


@remembered(64)
def sites(
    edition: Edition, question: Question, kind: str, streets: tuple[str, ...], k: int, proven: bool
) -> siting.Sites:
    """Return the k sites chosen greedily, or with proof."""
    problem = siting_problem(edition, question, kind, streets)
    solve = siting.exact if proven else siting.greedy
    return solve(problem.cover, problem.weight, k)


@st.cache_resource(show_spinner="正在逐处试算…", max_entries=32)
def trial_of_mergers(
    edition: Edition, question: Question, streets: tuple[str, ...], relaxed: Relaxed
) -> Mergers:
    """Return the stations that others could stand in for, and what that costs."""
    return mergers.mergers(answer(edition, question).circles, question, streets, relaxed)


def station_labels(circles: Circles) -> list[str]:
    """Return what each station is called in a choice."""
    return unique_labels(circles.stations, "station")


def unique_labels(rows: pd.DataFrame, thing: str) -> list[str]:
    """Return the names of things (`<thing>_name`), those met twice with their ids."""
    names, ids = rows[f"{thing}_name"], rows[f"{thing}_id"]
    return names.where(~names.duplicated(keep=False), names + "·" + ids).tolist()


def building_labels(circles: Circles, community: str) -> dict[str, int]:
    """Return what each building of a community is called in a choice, with its position."""
    rows = circles.buildings[circles.buildings["community_code"] == community]
    return dict(zip(unique_labels(rows, "building"), rows.index, strict=True))


# ------------------------------------------------------------------ of the tables


@remembered(2)
def building_ledger(edition: Edition) -> pd.DataFrame:
    """Return the ledger row of every building: building_id, file_name, sheet_name, source_row."""
    rows = data.reader(edition).query("catalogue/lineage", tables=["building"])
    rows = rows.rename(columns={"entity_id": "building_id"})
    rows = rows[["building_id", "file_name", "sheet_name", "source_row"]]
    return rows.drop_duplicates("building_id")


def misplaced_stations(scope: Scope) -> list[str]:
    """Return what the check of coordinates says of stations in the scope, with the mend."""
    rows = cut(_misplaced_stations(scope.edition), scope)
    return (rows["message"] + rows["mend"]).tolist()


@remembered(2)
def _misplaced_stations(edition: Edition) -> pd.DataFrame:
    results = data.reader(edition).query("views/check_results")
    results = results[(results["check_id"] == "坐标系") & (results["entity_table"] == "station")]
    places = data.reader(edition).query("views/circle_stations")
    places = places[["station_id", "street_code", "community_code"]]
    return results.merge(places, left_on="entity_id", right_on="station_id")


# ------------------------------------------------------------------ of the catalogue


def last_day(scope: Scope) -> dt.date:
    """Return the day on which a station must exist to count: the end of the scope's month."""
    return Month.parse(scope.month).last


@remembered(512)
def coverage(scope: Scope, question: Question) -> ParametrisedFigure:
    """Return coverage as the catalogue's metric has it, for the scope and the question."""
    walks = circles(scope.edition)
    assert walks is not None, "the page should have stopped"
    # At many hours, and in many months, the same doors are open.
    asked = stations.answering(walks, question).tobytes()
    sums = _community_sums(scope.edition, asked, question.farthest_m, question.people)
    where = (scope.streets, scope.community)
    return ParametrisedFigure(get_metric(METRIC), question.params, sums, *where)


@remembered(1024)
def _community_sums(edition: Edition, asked: bytes, farthest_m: float, people: str) -> pd.DataFrame:
    """Return what `community_sums` of METRIC does, from the walks: a test holds them equal.

    `asked` are the stations that count, boolean.
    """
    walks = circles(edition)
    assert walks is not None
    counted, whole = _counted(edition, people)
    near = _near_buildings(edition, farthest_m)[np.frombuffer(asked, dtype=bool)]
    covered = np.unpackbits(np.bitwise_or.reduce(near, axis=0), count=len(counted))
    inside = np.bincount(walks.community, weights=counted * covered)
    columns = _places(edition) | {"numerator": inside, "denominator": whole}
    return pd.DataFrame(columns, copy=False)


@remembered(16)
def _counted(edition: Edition, people: str) -> tuple[np.ndarray, np.ndarray]:
    """Return how many people are in each building, and in each community."""
    walks = circles(edition)
    assert walks is not None
    counted = walks.buildings[people].to_numpy(dtype=float)
    return counted, np.bincount(walks.community, weights=counted)


@remembered(2)
def _places(edition: Edition) -> dict[str, pd.Series]:
    walks = circles(edition)
    assert walks is not None
    return {name: walks.communities[name].astype(object) for name in PLACE}


@remembered(16)
def _near_buildings(edition: Edition, farthest_m: float) -> np.ndarray:
    walks = circles(edition)
    assert walks is not None
    return stations.near_buildings(walks, farthest_m)


@remembered(256)
def communities(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return one metric for the communities of the scope, as `ranked_places` does."""
    return _named(cut(data.by_community(scope.district(), metric_id), scope), "community")


def judged(places: pd.DataFrame) -> pd.DataFrame:
    """Return the places with a value that rests on enough to be judged."""
    return places[places["value"].notna() & ~places["small"]]


@remembered(256)
def ranked_places(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return one metric for the places to rank: all streets, or the communities of the one street.

    The best first, with code and name of the place itself as `place_code` and `place_name`.
    """
    return _named(data.places(scope, metric_id), ranked_level(scope))


def _named(rows: pd.DataFrame, level: str) -> pd.DataFrame:
    rows = rows[rows[f"{level}_code"].notna()]
    return rows.assign(place_code=rows[f"{level}_code"], place_name=rows[f"{level}_name"])


def ranked_level(scope: Scope) -> str:
    """Return which places are ranked: "street", or "community" of the one street."""
    return "community" if data.home_street(scope) else "street"


# ------------------------------------------------------------------ the questions of 覆盖率


def ten_minutes(
    scope: Scope, function: str | None = None, people: str | None = None, **others
) -> Question:
    """Return the question of a service: its own target group, ten minutes at their pace."""
    people = people or TARGETS.get(function or "", "residents")
    speed = OLDER_SPEED if people == "residents_60" else ADULT_SPEED
    question = Question(last_day(scope), function, people=people, speed=speed)
    return replace(question.with_minutes(10), **others)


def split_questions(scope: Scope, split: str) -> dict[str, Question]:
    """Return the questions of a split by what a bar is called: 功能, 层级 or 年龄."""
    if split == "功能":
        questions = [ten_minutes(scope, name) for name in FUNCTIONS]
        return {f"{question.function}·{question.whose}": question for question in questions}
    if split == "层级":
        return {f"{level}级": ten_minutes(scope, levels=(level,)) for level in LEVELS}
    ages = ("residents", "residents_4_59", "residents_60", "residents_0_3")
    return {PEOPLE[people]: ten_minutes(scope, people=people) for people in ages}


def hour_questions(scope: Scope, day: str) -> list[Question]:
    """Return the question of each of HOURS on a day: who finds an open door then."""
    return [ten_minutes(scope, weekday=DAYS[day], minute=60 * hour) for hour in HOURS]


def counts_covered(metric: Metric) -> bool:
    """Whether those not counted are who is left out; of some metrics it is those counted."""
    return metric.kind == "ratio" and metric.direction == "up"
