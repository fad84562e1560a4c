"""The maps of a question and of a scenario as a meeting takes them, in metres on paper."""

from dataclasses import replace

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue.parametrised import ParametrisedFigure
from chunshui.circles.scenario import Outcome, Step
from chunshui.snapshots import map_shapes
from chunshui.snapshots.model import Figure, Map, Place, number
from chunshui.ui import data
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.data.views import cut
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles.data import GAIN_CLASSES, MANY, METRIC, Answer
from chunshui.ui.topics.circles.finding import edge_words, of_circles


@remembered(16)
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
            words.NO_TARGET,
        ),
        bands=map_shapes.bands_of(answer.bands, looks, reader, streets),
        ground=map_shapes.read_basemap(reader, streets),
    )


def frozen_sites(
    scope: Scope,
    answer: Answer,
    places: pd.DataFrame,
    layer: str,
    *,
    finding: str,
    number: tuple[str, str],
) -> Map:
    """Return the map of a question with places (place_name, lon, lat) added to it, under what they come to.

    Of those that are stations already (试算停用) there is no second mark. `number` is the one number of the
    finding and what it says.
    """
    whole, reader = frozen_map(scope, answer), data.reader(scope.edition)
    rows = places.rename(columns={"place_name": "station_name"})
    home = data.home_street(scope)
    streets = (home,) if home else scope.streets
    rows = rows.assign(street_code=streets[0] if streets else "")
    added = map_shapes.points_of(reader, rows, layer, streets)
    spots = {(one.x, one.y) for one in added}
    rest = tuple(one for one in whole.points if (one.x, one.y) not in spots)
    shown, counted = number
    overall = whole.overall and replace(whole.overall, value=None, shown=shown, counted=counted)
    return replace(whole, title=finding.rstrip("。"), points=rest + added, overall=overall)


def frozen_scenario(
    scope: Scope, answer: Answer, steps: tuple[Step, ...], outcome: Outcome, finding: str
) -> Map:
    """Return the map of who gains and who loses by a scenario, with the stations after its steps."""
    question, reader = answer.question, data.reader(scope.edition)
    home = data.home_street(scope)
    streets = (home,) if home else scope.streets
    rows, classes = outcome.places, GAIN_CLASSES
    if streets:
        rows = rows[rows["street_code"].isin(streets)]
    figures = [
        _figure(
            Place(row.community_code, row.street_name, row.community_name),
            (row.gain, words.signed(row.gain, question.unit)),
            (row.after, row.denominator),
            f"{row.after:,.0f}/{row.denominator:,.0f}{question.unit}",
            classes.of(row.gain),
        )
        for row in rows.itertuples()
    ]
    here = cut(outcome.places, scope)
    gain, after, people = (float(here[one].sum()) for one in ("gain", "after", "denominator"))
    closed = [step.station for step in steps if step.station is not None]
    kept = np.setdiff1d(np.flatnonzero(answer.answering), closed)
    new = pd.DataFrame([vars(step) for step in steps if step.lon is not None])
    points = map_shapes.points_of(
        reader, answer.circles.stations.iloc[kept], question.what, streets
    )
    if len(new):
        # A new place is of the street it is clicked in: all are drawn that lie on the map.
        new = new.assign(station_name=new["label"], street_code=streets[0] if streets else "")
        points += map_shapes.points_of(reader, new, "新增", streets)
    points += map_shapes.points_of(reader, answer.circles.stations.iloc[closed], "停用", streets)
    return Map(
        finding.rstrip("。"),
        "",
        METRIC,
        "社区",
        tuple(name.replace(f"{MANY}", f"{MANY}{question.unit}") for name in classes.names),
        tuple(figures),
        points,
        classes.strengths,
        overall=_figure(
            Place(None, scope.words),
            (gain, words.signed(gain, question.unit)),
            (after, people),
            f"{after:,.0f}/{people:,.0f}{question.unit}",
        ),
        ground=map_shapes.read_basemap(reader, streets),
        ramp=classes.ramp,
        subject=f"走得到{question.what}的{question.whose}（{question.unit}）",
    )


def _figure(
    place: Place,
    value: tuple[float, str],
    parts: tuple[float, float],
    counted: str,
    band: int | None = None,
) -> Figure:
    """Return a place's figure of a scenario: its value with the words, after/all with theirs."""
    after, whole = map(number, parts)
    shown = number(value[0]), value[1]
    return Figure(METRIC, place, *shown, after, whole, counted, words.NO_TARGET, band)


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
            words.NO_TARGET,
        )
        for row in whole.communities.itertuples()
        if row.community_code
    )
