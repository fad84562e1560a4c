"""Freeze an edition of a city: its figures, its districts ranked, who is not among them, the months.

The same edition, metric and month give the same id; the edition's own stands in what is frozen, as its data
version, so that every document says it.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from chunshui.catalogue import figure as catalogue
from chunshui.catalogue import small_numbers, wording
from chunshui.catalogue.metric import get_metric
from chunshui.city.comparison import Total
from chunshui.city.edition import CityEdition
from chunshui.month import Month
from chunshui.snapshots import model, withheld
from chunshui.snapshots.model import number
from chunshui.snapshots.render.axis import titled
from chunshui.snapshots.sections.figures import figure_at
from chunshui.snapshots.sections.lists import listed
from chunshui.snapshots.sections.members import definition_of
from chunshui.words import NO_DATA

DISTRICT, COMMUNITY, CITY = "区", "社区", model.Place(None, "全市")
TREND_MONTHS = 13
LINES = 3  # districts whose months are drawn unasked: more lines than that are no picture

Ranked = Mapping[str, catalogue.Figure]  # of the districts with a rank, by code, the best first


def edition_words(edition: CityEdition) -> str:
    """Return how an edition is named on everything that is taken from it."""
    return f"全市汇总{edition.label}（{edition.id}）"


def snapshot_of(
    edition: CityEdition,
    *,
    finding: str,
    ranking_title: str,
    absent_title: str,
    total: Total,
    targeted: Sequence[catalogue.Figure],
    ranked: Mapping[str, Ranked],
    table: pd.DataFrame,
) -> model.Snapshot:
    """Return the snapshot of an edition: one metric (`total`) ranked, all that have a target beside it.

    `ranked` are the districts by metric, the targeted and the one; `table` lists every district under
    Chinese heads. The titles are what the page says.
    """
    whole = total.figure
    metric, month = whole.metric, Month.parse(whole.month).words
    names = {one.district: one.name for one in edition.districts}
    places = {code: model.Place(code, name) for code, name in names.items()}
    own = ranked[metric.id]
    figures = tuple(figure_at(places[code], one) for code, one in own.items())
    overall, of = figure_at(CITY, whole), f"{month} · {total.sentence}"
    last = list(own)[: -LINES - 1 : -1]  # the worst first
    shown = {"全市": whole} | {names[code]: own[code] for code in last}
    points = {name: one.trend[-TREND_MONTHS:] for name, one in shown.items() if one.trend}
    months = tuple(sorted({point.month for line in points.values() for point in line}))
    sections: tuple[model.Section, ...] = (
        model.Figures(
            finding.removesuffix("。"),
            f"核心指标 · {month}",
            tuple(figure_at(CITY, one) for one in targeted),
        ),
        model.Ranking(
            ranking_title.removesuffix("。"),
            f"{titled(metric)} · 各区 · {of}",
            metric.id,
            DISTRICT,
            overall,
            figures,
        ),
        listed(absent_title.removesuffix("。"), f"各区报送与口径 · {month}", table),
    )
    if len(months) > 1:
        lines = tuple(_series(name, shown[name], months, line) for name, line in points.items())
        first = next(one for one in shown.values() if one.trend)
        said = wording.trend_sentence(first, TREND_MONTHS)
        heading = f"{titled(metric)} · 近{len(months)}个月"
        if len(last) < len(own):
            heading += f" · 全市和排在最后的{len(last)}个区"
        sections += (model.Trend(said, heading, metric.id, months, lines),)
    used = {one.metric.id: one.metric for one in targeted} | {metric.id: metric}
    snapshot = model.Snapshot(
        title=f"全市基层治理各区比较（{month}）",
        unit="",
        meeting_date="",
        template="",
        data_version=edition_words(edition),
        nature=edition.nature,
        as_of=whole.month,
        as_of_words=month,
        scope="全市",
        filters=(("范围", "全市"), ("统计截至", month), ("计入全市", total.sentence)),
        sources=("各区上报的数据版本",),  # which is in the table of districts
        sections=sections,
        definitions=tuple(definition_of(one) for one in used.values()),
        streets=model.Matrix(
            DISTRICT,
            tuple(places.values()),
            tuple(_column(one, ranked[one], names) for one in used),
        ),
        communities=model.Matrix(COMMUNITY, (), ()),
    )
    return withheld.withhold(snapshot, small_numbers.least_handed_out())


def _series(
    name: str,
    figure: catalogue.Figure,
    months: Sequence[str],
    points: Sequence[catalogue.Point],
) -> model.Series:
    known = {point.month: point for point in points}
    of_month = [known.get(month, catalogue.Point(month, None, None, None)) for month in months]
    return model.Series(
        name,
        tuple(number(point.value) for point in of_month),
        tuple(number(point.numerator) for point in of_month),
        tuple(number(point.denominator) for point in of_month),
        figure.text,
    )


def _column(metric_id: str, ranked: Ranked, districts: Mapping[str, str]) -> model.MatrixColumn:
    """A metric over the districts; what is in no rank is not set beside the others."""
    found = [ranked.get(code) for code in districts]
    return model.MatrixColumn(
        get_metric(metric_id).id,
        tuple(number(one.value) if one else None for one in found),
        tuple(number(one.numerator) if one else None for one in found),
        tuple(number(one.denominator) if one else None for one in found),
        tuple(one.status if one else NO_DATA for one in found),
    )
