"""Sections that show figures: tiles, maps, rankings, trends."""

from dataclasses import replace
from typing import Any

import pandas as pd

from chunshui import words
from chunshui.catalogue import figure as catalogue
from chunshui.catalogue import wording
from chunshui.catalogue.bands import change_classes, change_step
from chunshui.catalogue.by_place import map_classes
from chunshui.catalogue.figure import least_words, target_text
from chunshui.catalogue.funnel import funnel, is_trials
from chunshui.catalogue.metric import LEVELS, WINDOWS, Metric
from chunshui.catalogue.stored import version_months
from chunshui.community import sheet
from chunshui.month import Month
from chunshui.snapshots import map_shapes, model
from chunshui.snapshots.model import number
from chunshui.snapshots.render.axis import titled
from chunshui.snapshots.sections.job import LEVEL_KEY, Job, place_rows
from chunshui.snapshots.selection import COMMUNITY, STREET, Choice
from chunshui.words import TOO_FEW

SINCE_EVER = WINDOWS["cumulative"]


def tiles(job: Job, choice: Choice) -> model.Figures:
    """The chosen metrics for the whole scope, titled by how many miss their target.

    What is not counted at the level of the scope is told in the heading.
    """
    asked = [job.figures[metric] for metric in dict.fromkeys((*choice.metrics, *job.missed))]
    fine = "community" if job.selection.community else "street" if job.around else "district"
    figures = [one for one in asked if LEVELS.index(one.metric.level) >= LEVELS.index(fine)]
    coarse = (
        f" · 另有{len(asked) - len(figures)}项不分到{wording.LEVELS[fine]}"
        if len(figures) < len(asked)
        else ""
    )
    month = Month.parse(job.selection.month).words
    frozen = tuple(figure_of(job, figure) for figure in figures)
    # Of the core figures: the whole material may have more metrics with a target.
    title = f"核心指标：{wording.figures_sentence(figures)}"
    if job.selection.against:
        title = (
            f"核心指标{wording.moved_sentence(figures, job.selection.against).removesuffix('。')}"
        )
    return model.Figures(title, f"核心指标 · {month}{_compared(job)}{coarse}", frozen)


def beside(job: Job) -> tuple[model.Figure, ...]:
    """The main figures of a community, where a section sets them beside its street's."""
    if not (job.selection.community and any(c.kind == "beside" for c in job.selection.choices)):
        return ()
    own = (job.figures[metric] for metric in sheet.BESIDE)
    return tuple(figure_of(job, one) for one in own if one.value is not None)


def area_map(job: Job, choice: Choice) -> model.Map:
    """One metric by place in the classes of the pages, or how far each place moved."""
    figure = job.figures[choice.metrics[0]]
    metric, level = figure.metric, choice.level
    figures = _by_place(job, metric, level)
    rows, against = place_rows(job, metric, level), job.selection.against
    classes = map_classes(job.reader, metric.id, LEVEL_KEY[level])
    if against:
        classes = change_classes(metric)
        before = dict(zip(rows[f"{LEVEL_KEY[level]}_code"], rows["before"], strict=True))
        figures = tuple(
            f
            if f.change is None
            else replace(f, band=classes.of(change_step(metric, f.change, before[f.place.code])))
            for f in figures
        )
    else:
        figures = tuple(
            f if f.status == TOO_FEW else replace(f, band=classes.of(f.value)) for f in figures
        )
    points: tuple[model.Point, ...] = ()
    if choice.stations:
        points = map_shapes.station_points(job.reader, job.selection.month, job.around)
    overall = figure_of(job, figure)
    title = _moved(job, metric, level)
    if not title:
        title = wording.map_sentence(metric, rows, target_text(metric, LEVEL_KEY[level]))
        if (own := overall.place.community) and overall.value is not None:  # before its neighbours
            title = title.replace("：", f"：{own}{overall.shown}；", 1)
    heading = _heading(job, metric, level)
    look = classes.names, figures, points, classes.strengths
    ramp = classes.ramp if against else None
    return model.Map(title, heading, metric.id, level, *look, overall=overall, ramp=ramp)


def ranking(job: Job, choice: Choice) -> model.Ranking:
    """One metric by place, best first; one street or two are ranked by their communities."""
    figure = job.figures[choice.metrics[0]]
    metric, level = figure.metric, choice.level
    if 1 <= len(job.around) <= 2 and metric.level == "community":
        level = COMMUNITY  # one street cannot be ranked; the pages show its communities too
    overall, figures = figure_of(job, figure), _by_place(job, metric, level, small=False)
    small = tuple(one for one in _by_place(job, metric, level, small=True) if one.value is not None)
    # A narrower scope is named by the stamp; here its name would only be in the way.
    whole = "全区" if job.scope.name == "全区" else ""
    title = _moved(job, metric, level) or wording.ranking_sentence(
        figure, place_rows(job, metric, level), whole
    )
    heading = _heading(job, metric, level)
    if count := int(place_rows(job, metric, level)["small"].sum()):
        others = "另有" if any(one.value is not None for one in figures) else ""
        heading += f" · {others}{count}个{level}基数不足{least_words(metric)}，不排名"
    rows = place_rows(job, metric, level)
    by_chance = bool(rows["beyond"].notna().any()) or None
    ranked = model.Ranking(title, heading, metric.id, level, overall, figures)
    return replace(
        ranked, beyond=_beyond(metric, rows), unranked=small or None, by_chance=by_chance
    )


def _beyond(metric: Metric, rows: pd.DataFrame) -> tuple[str, ...] | None:
    """The places that differ from all together by more than chance; None where the hits are no trials."""
    rows = rows[rows["numerator"].notna() & rows["denominator"].notna()]
    rows = rows[rows[f"{wording.level_of(rows)}_code"].notna()]
    hits, cases = (rows[one].to_numpy(float) for one in ("numerator", "denominator"))
    if metric.kind != "ratio" or not is_trials(hits, cases, rows["members"].to_numpy(float)):
        return None
    found = funnel(hits, cases, metric.fewest)
    codes = rows[f"{wording.level_of(rows)}_code"]
    return tuple(codes[found.outside != 0]) if found else None


def _moved(job: Job, metric: Metric, level: str) -> str:
    """Return how the places moved since the month of comparison; "" without one."""
    month, against = job.selection.month, job.selection.against
    if not against:
        return ""
    rows = place_rows(job, metric, level)
    return wording.moved_places_sentence(metric, rows, month, against).removesuffix("。")


def _compared(job: Job) -> str:
    against = job.selection.against
    return f" · 与{Month.parse(against).words}相比" if against else ""


def trend(job: Job, choice: Choice) -> model.Trend:
    """One metric of the whole scope by month."""
    figure = job.figures[choice.metrics[0]]
    points = figure.trend[-choice.months :]
    series = model.Series(
        job.scope.name,
        tuple(number(point.value) for point in points),
        tuple(number(point.numerator) for point in points),
        tuple(number(point.denominator) for point in points),
        figure.text,
    )
    months = tuple(point.month for point in points)
    title = wording.trend_sentence(figure, choice.months)
    heading = f"{titled(figure.metric)} · 近{len(months)}个月"
    return model.Trend(title, heading, figure.metric.id, months, (series,))


def figure_of(job: Job, figure: catalogue.Figure) -> model.Figure:
    """The figure of the whole scope."""
    return figure_at(job.scope, figure, job.selection.against)


def figure_at(
    place: model.Place, figure: catalogue.Figure, against: str | None = None
) -> model.Figure:
    """A figure of the catalogue with what is said of it, as it is frozen for a place."""
    metric = figure.metric
    return model.Figure(
        metric.id,
        place,
        number(figure.value),
        figure.text,
        number(figure.numerator),
        number(figure.denominator),
        "，".join(
            filter(
                None,
                (
                    SINCE_EVER if _adds_up(metric) and figure.value is not None else "",
                    figure.fraction_text
                    or figure.reason
                    or _counted(metric, figure.value, figure.members),
                ),
            )
        ),
        figure.status,
        **_changes(figure, against),
        distance=wording.distance_words(figure) or None,
    )


def _changes(figure: catalogue.Figure, against: str | None) -> dict[str, Any]:
    """The change since last month and last year, or since the month of comparison alone.

    Of what is counted since the ledger began it is what this year added: that of twelve months would be taken for it.
    """
    if against:
        return {"change_month": figure.moved_text(against), "change": number(figure.moved(against))}
    if _adds_up(figure.metric):
        added = figure.moved(f"{int(figure.month[:4]) - 1}-12")
        said = words.change(added, figure.metric.unit, "本年") if added else ""
        month = "" if figure.change_month is None else figure.change_text
        return {
            "change_month": month,
            "change_year": said,
            "moved_month": number(figure.change_month),
        }
    return {
        "change_month": "" if figure.change_month is None else figure.change_text,
        "change_year": figure.year_text,
        "moved_month": number(figure.change_month),
        "moved_year": number(figure.change_year),
    }


def _adds_up(metric: Metric) -> bool:
    return metric.kind == "total" and metric.window == "cumulative"


def _by_place(
    job: Job, metric: Metric, level: str, *, small: bool | None = None
) -> tuple[model.Figure, ...]:
    """The figures of the places in scope, best first; what belongs to no place is left out.

    `small` takes only those that rest on too little for a rank, or only the others.
    """
    rows = place_rows(job, metric, level)
    rows = rows if small is None else rows[rows["small"] == small]
    code = f"{LEVEL_KEY[level]}_code"
    return tuple(
        model.Figure(
            metric.id,
            place_of(row, level),
            number(row.value),
            row.text,
            number(row.numerator),
            number(row.denominator),
            row.fraction or _counted(metric, row.value, row.members),
            row.status,
            change=number(row.moved) if job.selection.against else None,
        )
        for row in rows[rows[code].notna()].itertuples()
    )


def place_of(row, level: str) -> model.Place:
    """The place that a row of a place table is about."""
    if level == STREET:
        return model.Place(row.street_code, row.street_name)
    return model.Place(row.community_code, row.street_name, row.community_name)


def _counted(metric: Metric, value: float | None, members: int) -> str:
    """What a value without a fraction rests on; nothing of a count, which says it itself."""
    return "" if value == members else f"计入{words.counted(members, metric.entities[0])}"


def _heading(job: Job, metric: Metric, level: str) -> str:
    first = str(version_months(job.reader)[0])
    counted = wording.counted_to(metric, Month.parse(job.selection.month), known_from=first)
    return f"{titled(metric)} · 各{level} · {counted}{_compared(job)}"
