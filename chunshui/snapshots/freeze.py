"""Freeze: ask the catalogue everything that a choice of sections shows, once, and keep it.

Nothing is computed here. Values, n/N, status and change are the catalogue's; this module puts
them in the shape of a `Snapshot` and adds the sentence that titles each section.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue import figure as catalogue
from chunshui.catalogue import wording
from chunshui.catalogue.attention import Item, by_kind, counts_of, items_of, items_within
from chunshui.catalogue.bands import change_classes, change_step
from chunshui.catalogue.by_place import map_classes, place_table
from chunshui.catalogue.claims import claims_of
from chunshui.catalogue.figure import least_words, target_text
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.members import members_of, to_mend
from chunshui.catalogue.metric import LEVELS, MARKS, WINDOWS, Metric, get_metric
from chunshui.catalogue.sources import source_files
from chunshui.catalogue.stored import version_months
from chunshui.catalogue.to_target import nearest, to_target_of, to_target_sentence
from chunshui.catalogue.why import (
    change_of,
    member_flows,
    moves_of,
    usual_month,
    why_sentence,
)
from chunshui.catalogue.why_tables import contribution_table, flow_table, nearest_table
from chunshui.community import sheet
from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.ranking import finding, tables
from chunshui.ranking.changes import progress_of
from chunshui.ranking.drill import MONTHLY, YEARLY, drill_of
from chunshui.snapshots import archive, assigned, comparison, map_shapes, model
from chunshui.snapshots.model import number
from chunshui.snapshots.render import typeset
from chunshui.snapshots.render.axis import titled
from chunshui.snapshots.render.screens.unnamed import alike
from chunshui.snapshots.stamp import clean
from chunshui.warehouse import Reader
from chunshui.week import Week
from chunshui.weekly import sheet as weekly
from chunshui.weekly import told
from chunshui.words import NO_DATA, TOO_FEW

SECTIONS = 40
MEMBERS = 300
TABLE_ROWS = 500
TITLE_LENGTH = 300
SLIDE_TITLE = 74  # characters of a title that is not cut on a slide
COMMENT_LENGTH = 1000
DATE_LENGTH = 40
STREET, COMMUNITY = "街道", "社区"
_LEVEL = {words: level for level, words in wording.LEVELS.items()}
# What a section can be made of: the kinds that are drawn, and lists that are drawn as tables.
CHOICES = model.KIND_WORDS | {
    "taken": "页面所见",
    "why": "为什么变",
    "flows": "变动名单",
    "to_target": "差多少达标",
    "sheet": sheet.TITLE,
    "beside": f"{sheet.TITLE}：{sheet.BESIDE_TITLE}",
    "week": "一周动态",
    "apart": "谁真的不一样",
    "intervals": "名次区间",
    "weights": "权重与影响",
    "progress": "进步",
}
_ONE = ("map", "ranking", "trend", "table", "why", "flows", "to_target")


@dataclass(frozen=True)
class Choice:
    """One section of a selection.

    `kind` is one of `CHOICES`; figures take several metrics, map, ranking, trend, table (the members
    not counted), why and flows (the change by place and by member) and to_target one, sheet, beside and
    the parts of a drill (apart, intervals, weights, progress: by the ledger of its board) none. `level`
    (街道, 社区) is for map, ranking and why, `months` for trend, `stations` marks them on a map; `yearly`
    sets why and flows against the same month last year; `taken` is what a page showed. `title` replaces
    the finding. A week (a day of it; none: the last that is over by the month's end) is a section for each
    of its matters.
    """

    kind: str
    metrics: tuple[str, ...] = ()
    level: str = STREET
    months: int = 13
    stations: bool = False
    title: str = ""
    comment: str = ""
    yearly: bool = False
    taken: model.Taken | None = None
    week: str = ""


@dataclass(frozen=True)
class Selection:
    """What a snapshot is made of. `streets` and `community` are codes; none is the district.

    An empty `title` becomes "<district>基层治理<template>" (会议材料 without one). `meeting_date` is free text.
    """

    month: str
    choices: tuple[Choice, ...]
    title: str = ""
    unit: str = ""
    meeting_date: str = ""
    template: str = ""
    streets: tuple[str, ...] = ()
    community: str | None = None
    members: bool = True
    against: str | None = None  # the month that figures, maps and rankings are compared with
    assigned: tuple[model.Assignment, ...] = ()  # what the meeting hands out: the last section
    earlier: model.Earlier | None = None  # what the last one did: how that stands is the first
    day: str = ""  # of the meeting (ISO), for these two


@dataclass(frozen=True)
class _Job:
    """What every builder of a section needs: the version, the choice, the scope and its figures."""

    reader: Reader
    selection: Selection
    scope: model.Place
    around: tuple[str, ...]
    names: dict[str, str]
    figures: dict[str, catalogue.Figure]
    rows: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict)


def snapshot_of(
    reader: Reader,
    selection: Selection,
    progress: Callable[[str, float], None] = lambda step, share: None,
) -> model.Snapshot:
    """Return the snapshot of a selection on a data version.

    The same selection on the same version gives the same id. `progress` is told the step
    (Chinese) and the share done. Raises ChunshuiError for a selection that cannot be: an unknown
    kind, metric, month, street or community, no section or more than `SECTIONS`.
    """
    _check(selection)
    progress("读取数据版本", 0.0)
    job = _job(reader, selection)
    sections = []
    for done, choice in enumerate(selection.choices):
        share = 0.1 + 0.5 * done / len(selection.choices)
        progress(f"冻结：{CHOICES[choice.kind]}", share)
        sections += _sections(job, choice)
    metrics = [figure.metric for figure in job.figures.values()]
    progress("冻结：各街道、各社区", 0.6)
    streets = _matrix(job, metrics, STREET)
    communities = _matrix(job, metrics, COMMUNITY)
    progress("冻结：名单", 0.8)
    members = tuple(_members(job, metric) for metric in metrics) if selection.members else ()
    progress("冻结：底图", 0.95)
    if selection.earlier:
        sections.insert(0, assigned.followed(reader, selection.earlier, selection.day))
    if selection.assigned:
        sections.append(assigned.handed_out(selection.assigned))
    template = clean(selection.template)
    head = next((_week(job, one)[0] for one in selection.choices if one.kind == "week"), None)
    only = head if all(choice.kind == "week" for choice in selection.choices) else None
    snapshot = model.Snapshot(
        title=title_of(reader, selection),
        unit=clean(selection.unit)[:TITLE_LENGTH],
        meeting_date=clean(selection.meeting_date)[:DATE_LENGTH],
        template=template,
        data_version=reader.version,
        nature=reader.manifest.nature,
        as_of=selection.month,
        as_of_words=only.until if only else Month.parse(selection.month).words,
        scope=job.scope.full_name,
        filters=_filters(job, _district(reader), only),
        sources=_sources(reader, _ledgers(metrics, selection)),
        sections=tuple(sections),
        definitions=tuple(_definition(metric) for metric in metrics),
        streets=streets,
        communities=communities,
        members=members,
        basemap=map_shapes.read_basemap(reader, job.around),
        assigned=selection.assigned or None,
        week=head,
    )
    return alike(snapshot)


def title_of(reader: Reader, selection: Selection) -> str:
    """Return the title of a snapshot: the one written, else the usual one of its template."""
    usual = f"{_district(reader)}基层治理{clean(selection.template) or '会议材料'}"
    return clean(selection.title)[:TITLE_LENGTH] or usual


def _district(reader: Reader) -> str:
    return str(reader.query("snapshots/district")["district_name"].iloc[0])


def meeting(
    reader: Reader,
    selection: Selection,
    items: Sequence[model.Assignment] = (),
    root: Path | None = None,
) -> Selection:
    """Return a selection as its meeting has it: with what it hands out, and what the last one of its kind did.

    The day both are told for is the meeting's; today where none is written.
    """
    day = assigned.day_of(selection.meeting_date) or assigned.today()
    issued = tuple(replace(item, issued_on=day) for item in items)
    assigned.refuse_faulty(issued)
    last = last_meeting(reader, selection, issued, archive.listing(root)[0])
    before = None
    if last:
        before = model.Earlier(last.id, archive.reopen(last.id, root).assigned or ())
    if not (issued or before):
        return selection
    return replace(selection, assigned=issued, earlier=before, day=day)


def last_meeting(
    reader: Reader,
    selection: Selection,
    items: Sequence[model.Assignment],
    lines: Iterable[archive.About],
) -> archive.About | None:
    """Return the snapshot, of some in the archive, of the last meeting of the same kind that handed anything out."""
    scope = _scope(selection, _names(reader), _around(reader, selection)).full_name
    kind = comparison.kind_of(clean(selection.template), title_of(reader, selection)), scope
    date, ids = clean(selection.meeting_date)[:DATE_LENGTH], {item.id for item in items}
    alike = [
        one
        for one in lines
        if (comparison.kind_of(one.template, one.title), one.scope) == kind
        and one.assigned
        and one.as_of <= selection.month
        # That of this meeting itself, frozen before it was corrected, is none before it.
        and ids.isdisjoint(one.assigned)
        and (not date or one.meeting_date != date)
    ]
    return max(alike, key=comparison.when, default=None)


def _check(selection: Selection) -> None:
    if not selection.choices:
        raise ChunshuiError("没有选择任何部分，请至少选一个再冻结。")
    if len(selection.choices) > SECTIONS:
        raise ChunshuiError(
            f"选了{len(selection.choices)}个部分，最多{SECTIONS}个，请分成几份快照。"
        )
    for choice in selection.choices:
        if choice.kind not in CHOICES:
            raise ChunshuiError(f"没有“{choice.kind}”这种部分。")
        if choice.level not in (STREET, COMMUNITY):
            raise ChunshuiError(f"层级只能是街道或社区，不能是“{choice.level}”。")
        if choice.kind in _ONE and len(choice.metrics) != 1:
            raise ChunshuiError(f"“{CHOICES[choice.kind]}”要选一个指标。")
        if choice.kind == "figures" and not choice.metrics:
            raise ChunshuiError("“核心指标”至少要选一个指标。")
    for where, typed in _typed(selection):
        if typed:
            typeset.check_glyphs(typed, where)


def _typed(selection: Selection) -> Iterator[tuple[str, str]]:
    """Yield what the user wrote, each with what it was written as."""
    yield "标题", selection.title
    yield "单位", selection.unit
    yield "会议日期", selection.meeting_date
    for place, item in enumerate(selection.assigned, 1):
        yield f"交办单第{place}项", f"{item.matter}{item.unit}{item.basis}"
    for place, choice in enumerate(selection.choices, 1):
        yield f"第{place}部分的标题", choice.title
        yield f"第{place}部分的会议用语", choice.comment


def _job(reader: Reader, selection: Selection) -> _Job:
    names = _names(reader)
    codes = [*selection.streets, *filter(None, [selection.community])]
    if strangers := [code for code in codes if code not in names]:
        raise ChunshuiError(f"数据版本{reader.version}里没有代码为{'、'.join(strangers)}的地方。")
    if (against := selection.against) and (
        Month.parse(against) not in version_months(reader) or against >= selection.month
    ):
        raise ChunshuiError(f"对比月份{against}没有数据，或不早于{selection.month}。")
    around = _around(reader, selection)
    metric_ids = list(dict.fromkeys(chain.from_iterable(map(_shown, selection.choices))))
    months = max([c.months for c in selection.choices if c.kind == "trend"] + [13])
    if selection.against:
        months = max(months, Month.parse(selection.month) - Month.parse(selection.against) + 1)
    figures = {}
    if metric_ids:
        scope = (selection.month, selection.streets, selection.community)
        figures = figures_of(reader, metric_ids, *scope, months=months)
    return _Job(reader, selection, _scope(selection, names, around), around, names, figures)


def _names(reader: Reader) -> dict[str, str]:
    """The name of each street and community by its code."""
    names = reader.query("views/streets").set_index("street_code")["street_name"].to_dict()
    communities = reader.query("views/communities").set_index("community_code")
    return names | communities["community_name"].to_dict()


def _around(reader: Reader, selection: Selection) -> tuple[str, ...]:
    """The streets chosen, or that of the community chosen."""
    if selection.community:
        communities = reader.query("views/communities").set_index("community_code")
        return (communities["street_code"][selection.community],)
    return tuple(sorted(selection.streets))


def _shown(choice: Choice) -> tuple[str, ...]:
    """Return the metrics that a section shows, whose definitions and members the material has."""
    return sheet.BESIDE if choice.kind == "beside" else choice.metrics


def _scope(selection: Selection, names: dict[str, str], around: tuple[str, ...]) -> model.Place:
    """The whole scope in words: every chosen street is named, never "4 selections"."""
    if selection.community:
        return model.Place(None, names[around[0]], names[selection.community])
    if not around:
        return model.Place(None, "全区")
    chosen = [names[code] for code in around]
    if len(chosen) == 1:
        return model.Place(None, chosen[0])
    short = "、".join(name.removesuffix("街道") for name in chosen)
    return model.Place(None, f"{short} {len(chosen)}个街道")


def _filters(job: _Job, district: str, week: model.Week | None) -> tuple[tuple[str, str], ...]:
    chosen = "、".join(job.names[code] for code in job.around)
    scope = chosen or f"{district}全区"
    if job.selection.community:
        scope = f"{job.scope.full_name}（按地点列出的部分为{chosen}各社区）"
    if week:
        return ("范围", scope), ("一周", week.days), ("期号", week.issue)
    return (
        ("范围", scope),
        ("统计截至", Month.parse(job.selection.month).words),
        *([("对比月份", Month.parse(against).words)] if (against := job.selection.against) else []),
        ("口径", "各指标的本系统口径，见“口径”"),
    )


def _ledgers(metrics: Iterable[Metric], selection: Selection) -> set[str]:
    """The tables that the metrics count, and a week its matters from."""
    used = {table for metric in metrics for table in metric.entities}
    if any(choice.kind == "week" for choice in selection.choices):
        used |= {table for matter in weekly.MATTERS.values() for table in matter.ledgers}
    return used


def _sources(reader: Reader, used: set[str]) -> tuple[str, ...]:
    """The ledgers of those tables, by name; all where none is used."""
    files = source_files(reader)
    names = files[files["ledger_id"].isin(used)] if used else files
    return tuple(dict.fromkeys(names["ledger_name"]))


def _definition(metric: Metric) -> model.Definition:
    target = target_text(metric)
    return model.Definition(
        metric=metric.id,
        name=metric.name,
        short=metric.short,
        group=metric.group,
        unit=metric.unit,
        kind=metric.kind,
        one_row=metric.one_row,
        numerator=metric.numerator,
        numerator_unit=metric.numerator_unit,
        denominator=metric.denominator,
        denominator_unit=metric.denominator_unit,
        direction=metric.direction,
        target=number(metric.target),
        target_shown=target.removeprefix("目标") if target else "",
        window=WINDOWS[metric.window],
        cadence=metric.cadence,
        source=metric.source,
        mark=MARKS[metric.mark],
        caveat=metric.caveat,
        query=f"queries/{metric.query_name}.sql",
        most=metric.most(),
    )


# -- sections ----------------------------------------------------------------------------------


def _sections(job: _Job, choice: Choice) -> list[model.Section]:
    """Return what a choice shows; what was written of it stands with the first of several."""
    first, *others = (
        _week(job, choice)[1] if choice.kind == "week" else [_BUILDERS[choice.kind](job, choice)]
    )
    title = clean(choice.title)[:TITLE_LENGTH] or first.title
    comment = clean(choice.comment)[:COMMENT_LENGTH]
    return [replace(first, title=title, comment=comment), *others]


def _week(job: _Job, choice: Choice) -> tuple[model.Week, list[model.Table]]:
    """The head of a week's bulletin, and its matters one by one."""
    last = Month.parse(job.selection.month).last
    week = Week.parse(choice.week) if choice.week else weekly.usual_week(job.reader, last)
    sheet = weekly.found(job.reader, week).sheet(*_where(job))
    days = told.days_words(sheet)
    tables = [
        listed(part.finding, f"{part.name} · {days}", part.table) for part in told.parts_of(sheet)
    ]
    head = model.Week(
        days=days,
        until=told.day_words(sheet.last),
        issue=told.issue_words(sheet),
        workdays=told.workdays_words(sheet),
        headline=told.headline(sheet, job.scope.full_name),
        method=told.METHOD,
    )
    return head, tables


def _figures(job: _Job, choice: Choice) -> model.Figures:
    figures = [job.figures[metric] for metric in dict.fromkeys(choice.metrics)]
    month = Month.parse(job.selection.month).words
    frozen = tuple(_figure(job, figure) for figure in figures)
    # Of the core figures: the whole material may have more metrics with a target.
    title = f"核心指标：{wording.figures_sentence(figures)}"
    if job.selection.against:
        title = (
            f"核心指标{wording.moved_sentence(figures, job.selection.against).removesuffix('。')}"
        )
    return model.Figures(title, f"核心指标 · {month}{_compared(job)}", frozen)


def _map(job: _Job, choice: Choice) -> model.Map:
    figure = job.figures[choice.metrics[0]]
    metric, level = figure.metric, choice.level
    figures = _by_place(job, metric, level)
    rows, against = _place_rows(job, metric, level), job.selection.against
    classes = map_classes(job.reader, metric.id, _LEVEL[level])
    if against:
        classes = change_classes(metric)
        before = dict(zip(rows[f"{_LEVEL[level]}_code"], rows["before"], strict=True))
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
    title = _moved(job, metric, level) or wording.map_sentence(
        metric, rows, target_text(metric, _LEVEL[level])
    )
    heading = _heading(job, metric, level)
    look = classes.names, figures, points, classes.strengths
    ramp = classes.ramp if against else None
    overall = _figure(job, figure)
    return model.Map(title, heading, metric.id, level, *look, overall=overall, ramp=ramp)


def _ranking(job: _Job, choice: Choice) -> model.Ranking:
    figure = job.figures[choice.metrics[0]]
    metric, level = figure.metric, choice.level
    if len(job.around) == 1 and metric.level == "community":
        level = COMMUNITY  # one street cannot be ranked; the pages show its communities too
    overall, figures = _figure(job, figure), _by_place(job, metric, level, ranked=True)
    # A narrower scope is named by the stamp; here its name would only be in the way.
    whole = "全区" if job.scope.name == "全区" else ""
    title = _moved(job, metric, level) or wording.ranking_sentence(
        figure, _place_rows(job, metric, level), whole
    )
    heading = _heading(job, metric, level)
    if unranked := int(_place_rows(job, metric, level)["small"].sum()):
        others = "另有" if any(one.value is not None for one in figures) else ""
        heading += f" · {others}{unranked}个{level}基数不足{least_words(metric)}，不排名"
    return model.Ranking(title, heading, metric.id, level, overall, figures)


def _moved(job: _Job, metric: Metric, level: str) -> str:
    """Return how the places moved since the month of comparison; "" without one."""
    month, against = job.selection.month, job.selection.against
    if not against:
        return ""
    rows = _place_rows(job, metric, level)
    return wording.moved_places_sentence(metric, rows, month, against).removesuffix("。")


def _compared(job: _Job) -> str:
    against = job.selection.against
    return f" · 与{Month.parse(against).words}相比" if against else ""


def _trend(job: _Job, choice: Choice) -> model.Trend:
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


def _table(job: _Job, choice: Choice) -> model.Table:
    """The members of a figure to look at: for a rate, the ones to mend."""
    metric = job.figures[choice.metrics[0]].metric
    listed = to_mend(metric, _member_rows(job, metric))
    labels = ("编号", "名称", "街道", "社区", "原因", "台账", "行号")
    shown = ["entity_id", "entity_name", "street_name", "community_name", "reason", "file_name"]
    cells = listed.head(TABLE_ROWS).astype({"source_row": "Int64"})[[*shown, "source_row"]]
    cells = cells.astype("string").fillna("")
    rows = tuple(cells.itertuples(index=False, name=None))
    title = wording.mend_sentence(metric, list(listed["entity_name"]))
    columns = tuple(map(model.Column, labels))
    return model.Table(
        title, f"{metric.name} · {words.entity(metric.entities[0])}名单", columns, rows, len(listed)
    )


def _why(job: _Job, choice: Choice) -> model.Table:
    """A change by place, with the sentence on it."""
    metric = get_metric(choice.metrics[0])
    level = "community" if choice.level == COMMUNITY or len(job.around) == 1 else "street"
    against = _against(job, choice)
    change = change_of(job.reader, metric.id, job.selection.month, against, level, *_where(job))
    title = why_sentence(change, _flow_rows(job, choice), SLIDE_TITLE).removesuffix("。")
    return listed(title, f"{metric.name}：{change.against}各地的变化", contribution_table(change))


def _flows(job: _Job, choice: Choice) -> model.Table:
    """The members that came, went or changed."""
    metric, rows = get_metric(choice.metrics[0]), _flow_rows(job, choice)
    month, against = job.selection.month, _against(job, choice)
    since = metric.against(Month.parse(month), Month.parse(against))
    title = f"{metric.name}{since}：{'，'.join(moves_of(metric, rows, listing=False)) or '名单没有变动'}"
    return listed(title, f"{metric.name}：{since}变动的名单", flow_table(rows, metric))


def _to_target(job: _Job, choice: Choice) -> model.Table:
    """The members nearest to being counted, with the sentence on how many reach the target."""
    metric = get_metric(choice.metrics[0])
    gap = to_target_of(job.reader, metric.id, job.selection.month, *_where(job))
    title = to_target_sentence(gap).removesuffix("。") or f"{metric.name}没有目标"
    rows = nearest(job.reader, gap, *_where(job))
    return listed(title, f"{metric.name}：离达标最近的", nearest_table(rows, metric))


def _sheet(job: _Job, choice: Choice) -> model.Table:
    """What is known of the community in scope, or its main figures beside its street's and the district's."""
    heading, home = CHOICES[choice.kind], job.selection.community
    if not home:
        return model.Table(
            f"没有选社区，{sheet.TITLE}没有内容", heading, (model.Column("方面"),), (), 0
        )
    items = items_within(items_of(job.reader, job.selection.month), (), home)
    known = sheet.sheet_of(job.reader, job.selection.month, home, items)
    if choice.kind == "sheet":
        return listed(known.finding, heading, sheet.said_table(known))
    said = sheet.missed_words(known.beside) or "有目标、能评的主要数没有未达标的"
    table = sheet.beside_table(known.beside, known.street, job.selection.month)
    return listed(f"{known.name}{said}", heading, table)


def _drill_part(job: _Job, choice: Choice) -> model.Table:
    """A part of the month's drill (of the year's in 年考评): all its streets, for places are among all."""
    month = Month.parse(job.selection.month)
    board = YEARLY if job.selection.template == YEARLY else MONTHLY
    drill = drill_of(job.reader, job.selection.month, board)
    heading = f"{CHOICES[choice.kind]} · {board} · {month.words}"
    if drill is None:
        return model.Table(
            finding.no_board(str(month), board).removesuffix("。"), heading, (), (), 0
        )
    progress = progress_of(job.reader, drill) if choice.kind == "progress" else None
    said, table = {
        "apart": lambda: (finding.of_apart(drill) or finding.NOBODY_APART, tables.apart(drill)),
        "intervals": lambda: (
            finding.of_drill_intervals(drill),
            tables.intervals(drill, drill.league),
        ),
        "weights": lambda: (
            finding.of_weights(drill, drill.weights),
            tables.weights(drill, drill.weights),
        ),
        "progress": lambda: (
            finding.of_progress(drill, progress),
            tables.progress(drill, progress),
        ),
    }[choice.kind]()
    if choice.kind == "weights":
        heading += f" · 种子{drill.seed} · 结果校验值{drill.digest}"
    frozen = listed(said.removesuffix("。"), heading, table, compares=True)
    return replace(frozen, number=finding.number_of(choice.kind, drill, table))


def _against(job: _Job, choice: Choice) -> str:
    month = Month.parse(job.selection.month)
    metric = get_metric(choice.metrics[0])
    against = month.shift(-12) if choice.yearly else usual_month(metric, month)
    if job.selection.against and metric.comparable(
        month, asked := Month.parse(job.selection.against)
    ):
        against = asked
    if against not in version_months(job.reader):
        raise ChunshuiError(
            f"数据版本{job.reader.version}里没有{against.words}，“{metric.name}”无从比较。"
        )
    return str(against)


def _where(job: _Job) -> tuple[tuple[str, ...], str | None]:
    return job.selection.streets, job.selection.community


def _flow_rows(job: _Job, choice: Choice) -> pd.DataFrame:
    """Ask once: the sentence on a change and the list of its members show the same rows."""
    key = (choice.metrics[0], f"flows since {_against(job, choice)}")
    if key not in job.rows:
        months = (job.selection.month, _against(job, choice))
        job.rows[key] = member_flows(job.reader, choice.metrics[0], *months, *_where(job))
    return job.rows[key]


def listed(title: str, heading: str, table: pd.DataFrame, *, compares: bool = False) -> model.Table:
    """Return a frame with Chinese heads as a section, its first rows, no wider than a page.

    With `compares` its streets are held against each other.
    """
    wide = [words.label(one) for one in ("sheet_name", "entity_id")]
    table = table.drop(columns=wide, errors="ignore")
    columns, cells = [], []
    for head, column in table.head(TABLE_ROWS).items():
        kind = pd.api.types
        is_number = kind.is_numeric_dtype(column) and not kind.is_bool_dtype(column)
        if is_number and str(head).endswith(words.COUNT_NOTHING):
            column, is_number = column.astype("Int64").astype("string"), False
        if kind.is_datetime64_any_dtype(column):
            column = column.dt.strftime("%Y-%m-%d")
        elif kind.is_bool_dtype(column):
            column = column.map({True: "是", False: "否"})
        columns.append(model.Column(str(head), "number" if is_number else "text"))
        empty = None if is_number else ""
        cells.append(
            [
                empty if pd.isna(cell) else number(float(cell)) if is_number else str(cell)
                for cell in column
            ]
        )
    units = (
        list(table.columns).index(tables.STREET) if compares and tables.STREET in table else None
    )
    rows = tuple(zip(*cells, strict=True))
    return model.Table(title, heading, tuple(columns), rows, len(table), units=units)


def _taken(job: _Job, choice: Choice) -> model.Table | model.Map:
    """What a page showed, as it was, its scope and month in the heading; another version is named."""
    if choice.taken is None:
        raise ChunshuiError("取自页面的部分没有内容，请回到那一页重新加入。")
    section, version = choice.taken.section, choice.taken.version
    mark = "" if version == job.reader.version else f" · 数据版本{version}"
    return replace(section, heading=section.heading + mark)


def _claims(job: _Job, choice: Choice) -> model.Claims:
    """The published figures, which no report dates, beside the district's of the latest month."""
    latest, month = version_months(job.reader)[-1], Month.parse(job.selection.month)
    if month != latest:
        sentence = f"公开数字只与最新月份（{latest.words}）对照，{month.words}的材料不列"
        return model.Claims(sentence, "公开数字对照", ())
    claims = claims_of(job.reader)
    rows = tuple(
        model.Claim(
            c.claim_id, c.subject, c.quote, c.claimed_text, c.computed_text, c.status, c.note
        )
        for c in claims
    )
    sentence = wording.claims_sentence(row.verdict for row in rows)
    heading = f"公开数字对照 · 全区{month.words}（公开报道未写明月份）"
    # Whatever the scope of the material, what was published is about the whole district.
    return model.Claims(f"全区{sentence}" if rows else sentence, heading, rows)


def _attention(job: _Job, choice: Choice) -> model.Attention:
    everything = items_of(job.reader, job.selection.month)
    items = items_within(everything, job.selection.streets, job.selection.community)
    frozen = tuple(
        model.Item(one.severity, one.title, one.sentence, _link(one), one.kind) for one in items
    )
    total, urgent = counts_of(items)
    told = items[:urgent] if urgent else items  # the urgent ones come first
    kinds = {kind: len(alike) for kind, alike in by_kind(told).items()}
    title = wording.attention_kinds_sentence(total, urgent, kinds)
    return model.Attention(title, "本月需要关注", frozen, total)


def _link(item: Item) -> str:
    return f"/{item.page}?{_query(item.params)}"


def _query(params: dict[str, str]) -> str:
    """Return a link's parameters as the pages read them: a metric by its name."""
    return "&".join(
        f"{key}={get_metric(value).name if key == 'metric' else value}"
        for key, value in params.items()
    )


_BUILDERS: dict[str, Callable[[_Job, Choice], model.Section]] = {
    "figures": _figures,
    "map": _map,
    "ranking": _ranking,
    "trend": _trend,
    "table": _table,
    "why": _why,
    "flows": _flows,
    "to_target": _to_target,
    "sheet": _sheet,
    "beside": _sheet,
    **dict.fromkeys(("apart", "intervals", "weights", "progress"), _drill_part),
    "taken": _taken,
    "claims": _claims,
    "attention": _attention,
}


# -- figures -----------------------------------------------------------------------------------


def _figure(job: _Job, figure: catalogue.Figure) -> model.Figure:
    """The figure of the whole scope."""
    metric = figure.metric
    return model.Figure(
        metric.id,
        job.scope,
        number(figure.value),
        figure.text,
        number(figure.numerator),
        number(figure.denominator),
        figure.fraction_text or figure.reason or _counted(metric, figure.value, figure.members),
        figure.status,
        **_changes(figure, job.selection.against),
    )


def _changes(figure: catalogue.Figure, against: str | None) -> dict[str, Any]:
    """The change since last month and last year, or since the month of comparison alone."""
    if against:
        return {"change_month": figure.moved_text(against), "change": number(figure.moved(against))}
    month = "" if figure.change_month is None else figure.change_text
    return {"change_month": month, "change_year": figure.year_text}


def _by_place(
    job: _Job, metric: Metric, level: str, *, ranked: bool = False
) -> tuple[model.Figure, ...]:
    """The figures of the places in scope, best first; what belongs to no place is left out.

    `ranked` leaves out too those that rest on too little for a rank.
    """
    rows = _place_rows(job, metric, level)
    rows = rows[~rows["small"]] if ranked else rows
    code = f"{_LEVEL[level]}_code"
    return tuple(
        model.Figure(
            metric.id,
            _place(row, level),
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


def _place_rows(job: _Job, metric: Metric, level: str) -> pd.DataFrame:
    """Ask once: a map, a ranking and the sheets of the workbook show the same rows."""
    key = (metric.id, level)
    if key not in job.rows:
        job.rows[key] = place_table(
            job.reader,
            metric.id,
            job.selection.month,
            _LEVEL[level],
            job.around,
            against=job.selection.against,
        )
    return job.rows[key]


def _place(row, level: str) -> model.Place:
    if level == STREET:
        return model.Place(row.street_code, row.street_name)
    return model.Place(row.community_code, row.street_name, row.community_name)


def _counted(metric: Metric, value: float | None, members: int) -> str:
    """What a value without a fraction rests on; nothing of a count, which says it itself."""
    return "" if value == members else f"计入{words.counted(members, metric.entities[0])}"


def _heading(job: _Job, metric: Metric, level: str) -> str:
    counted = wording.counted_to(metric, Month.parse(job.selection.month))
    return f"{titled(metric)} · 各{level} · {counted}{_compared(job)}"


def _matrix(job: _Job, metrics: Sequence[Metric], level: str) -> model.Matrix:
    """Every metric that is known at this level, for every place, in the order of the codes."""
    fine = LEVELS.index(_LEVEL[level])
    known = [m for m in metrics if LEVELS.index(m.level) >= fine]
    rows = {m.id: {_place(r, level): r for r in _place_rows(job, m, level).itertuples()}
            for m in known}  # fmt: skip
    places = sorted(
        set(chain.from_iterable(rows.values())),
        key=lambda place: (place.code is None, place.code or "", place.full_name),
    )
    columns = []
    for metric in known:
        own = [rows[metric.id].get(place) for place in places]
        columns.append(
            model.MatrixColumn(
                metric.id,
                tuple(None if r is None else number(r.value) for r in own),
                tuple(None if r is None else number(r.numerator) for r in own),
                tuple(None if r is None else number(r.denominator) for r in own),
                tuple(NO_DATA if r is None else r.status for r in own),
            )
        )
    return model.Matrix(level, tuple(places), tuple(columns))


def _member_rows(job: _Job, metric: Metric) -> pd.DataFrame:
    return members_of(
        job.reader, metric.id, job.selection.month, job.selection.streets, job.selection.community
    )


def _members(job: _Job, metric: Metric) -> model.Members:
    """The members of a figure: those to look at first come first, bounded."""
    members = _member_rows(job, metric)
    first = members.index.isin(to_mend(metric, members).index)
    members = members.iloc[np.argsort(~first, kind="stable")]
    rows = tuple(
        model.Member(
            row.entity_id,
            row.entity_name,
            row.street_name or "",
            row.community_name or "",
            bool(row.counted),
            number(row.numerator),
            number(row.denominator),
            row.file_name or "",
            row.sheet_name or "",
            None if pd.isna(row.source_row) else int(row.source_row),
        )
        for row in members.head(MEMBERS).itertuples()
    )
    return model.Members(metric.id, rows, len(members))
