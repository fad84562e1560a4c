"""The map of a question as a meeting takes it: bands, stations, communities, in metres on paper."""

import streamlit as st

from chunshui.catalogue.parametrised import ParametrisedFigure
from chunshui.snapshots import map_shapes
from chunshui.snapshots.model import Figure, Map, Place, number
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles.data import BY_QUESTION, METRIC, Answer
from chunshui.ui.topics.circles.finding import edge_words, of_circles
from chunshui.words import NO_TARGET


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=BY_QUESTION)
def frozen_map(scope: Scope, answer: Answer) -> Map:
    """Return the map of a question; of one community, its street's. Whoever takes it heads it."""
    question, reader = answer.question, data.reader(scope.edition)
    home = data.home_street(scope)
    streets = (home,) if home else scope.streets
    coverage = circles_data.coverage(scope, question)
    names = [f"{edge_words(question, limit_m)}内" for limit_m in answer.limits_m]
    looks = [("更远", None), *zip(names[::-1], _strengths(len(names)), strict=True)]
    rows = answer.circles.stations[answer.answering]
    return Map(
        of_circles(scope, question, coverage).rstrip("。"),
        "",
        METRIC,
        "社区",
        (),
        _figures(coverage, streets),
        map_shapes.points_of(reader, rows, question.what, streets),
        overall=Figure(
            METRIC,
            Place(None, scope.words),
            number(coverage.value),
            coverage.text,
            number(coverage.numerator),
            number(coverage.denominator),
            coverage.fraction_text or "",
            NO_TARGET,
        ),
        bands=map_shapes.bands_of(answer.bands, looks, reader, streets),
        ground=map_shapes.read_basemap(reader, streets),
    )


def _strengths(count: int) -> list[int]:
    """Return the shades of bands, the farthest first: the nearest is the strongest, as on the page."""
    return [*range(1, count), 4]


def _figures(coverage: ParametrisedFigure, streets: tuple[str, ...]) -> tuple[Figure, ...]:
    """Return every community of the streets with how many of it walk there."""
    whole = ParametrisedFigure(coverage.metric, coverage.params, coverage.district, streets)
    return tuple(
        Figure(
            METRIC,
            Place(row.community_code, row.street_name, row.community_name),
            number(row.value),
            row.text,
            number(row.numerator),
            number(row.denominator),
            row.fraction or "",
            NO_TARGET,
        )
        for row in whole.communities.itertuples()
        if row.community_code
    )
