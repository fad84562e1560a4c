"""Freeze: ask the catalogue everything that a choice of sections shows, once, and keep it.

Nothing is computed here. Values, n/N, status and change are the catalogue's; this module puts
them in the shape of a `Snapshot` and adds the sentence that titles each section.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from chunshui.catalogue import small_numbers
from chunshui.catalogue.metric import LEVELS, Metric
from chunshui.catalogue.sources import source_files
from chunshui.catalogue.stored import version_months
from chunshui.community import sheet
from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.ranking.drill import YEARLY
from chunshui.snapshots import archive, assigned, comparison, map_shapes, model, withheld
from chunshui.snapshots.render.screens.unnamed import alike
from chunshui.snapshots.sections import figures, lists, since
from chunshui.snapshots.sections.job import (
    LEVEL_KEY,
    Job,
    district_name,
    job_of,
    place_names,
    scope_of,
    streets_around,
)
from chunshui.snapshots.sections.members import definition_of, frozen_members, matrix
from chunshui.snapshots.selection import (
    CHOICES,
    COMMENT_LENGTH,
    COMMUNITY,
    DATE_LENGTH,
    STREET,
    TITLE_LENGTH,
    Choice,
    Selection,
    check,
)
from chunshui.snapshots.stamp import clean
from chunshui.warehouse import Reader
from chunshui.week import Week
from chunshui.weekly import sheet as weekly

NAMED = 3  # streets that a title names, rather than counts
DRILL = ("apart", "intervals", "weights", "progress")


class NothingToFreezeError(ChunshuiError):
    """None of the parts chosen has anything to say of the month."""


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
    check(selection)
    progress("读取数据版本", 0.0)
    job = job_of(reader, selection)
    sections = []
    for done, choice in enumerate(selection.choices):
        if choice.kind == "claims" and len(selection.choices) > 1 and not lists.has_claims(job):
            continue
        share = 0.1 + 0.5 * done / len(selection.choices)
        progress(f"冻结：{CHOICES[choice.kind]}", share)
        built = _sections(job, choice)
        if len(selection.choices) == 1 or choice.comment or not _says_nothing(job, choice, built):
            sections += built
    if not sections:
        raise NothingToFreezeError(
            "所选的部分这一期都没有内容（如没有上一期的同类材料，“与上次相比”就没有），请再选一个部分。"
        )
    metrics = [figure.metric for figure in job.figures.values()]
    progress("冻结：各街道、各社区", 0.6)
    streets = matrix(job, metrics, STREET)
    communities = matrix(job, metrics, COMMUNITY)
    progress("冻结：名单", 0.8)
    members = tuple(frozen_members(job, metric) for metric in metrics) if selection.members else ()
    progress("冻结：底图", 0.95)
    if selection.earlier:
        sections.insert(0, assigned.followed(reader, selection.earlier, selection.day))
    if selection.assigned:
        sections.append(assigned.handed_out(selection.assigned))
    template = clean(selection.template)
    head = next(
        (lists.week_tables(job, one)[0] for one in selection.choices if one.kind == "week"), None
    )
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
        filters=_filters(job, district_name(reader), only),
        sources=_sources(reader, _ledgers(metrics, selection)),
        sections=tuple(sections),
        definitions=tuple(definition_of(metric) for metric in metrics),
        streets=streets,
        communities=communities,
        members=members,
        basemap=map_shapes.read_basemap(reader, job.around),
        assigned=selection.assigned or None,
        week=head,
        head=selection.head if selection.head != model.Head() else None,
        beside=figures.beside(job) or None,
        known_from=_known_from(reader, selection.month),
    )
    snapshot = alike(replace(snapshot, picture=_furthest_map(job, snapshot)))
    return withheld.withhold(snapshot, small_numbers.least_handed_out())


def _says_nothing(job: Job, choice: Choice, built: Sequence[model.Section]) -> bool:
    """Whether a part has no subject in this scope and month, so that a paper with others is better without it.

    That is published figures of another month, a drill that was not held, no progress of streets that were chosen,
    and of a community what streets are compared by and that nothing is on the list of attention: its sheet may
    say what is amiss all the same.
    """
    (one,) = built if len(built) == 1 else (None,)
    if isinstance(one, model.Attention):
        return bool(job.selection.community) and not one.items
    if isinstance(one, model.Table) and choice.kind in DRILL:
        return (
            bool(job.selection.community)
            or not one.columns
            or (choice.kind == "progress" and bool(job.around) and not one.rows)
        )
    return isinstance(one, model.Claims) and not one.rows


def _known_from(reader: Reader, month: str) -> str | None:
    """The first month that the version knows, where the year of a month began before it."""
    first = str(version_months(reader)[0])
    return first if f"{month[:4]}-01" < first <= month else None


def _furthest_map(job: Job, snapshot: model.Snapshot) -> model.Map | None:
    """The map of the figure furthest from its target, for the leader's card; None where a section has it.

    Of streets, else of communities: it is to show a difference.
    """
    known = [one for one in snapshot.overall_figures().values() if one.value is not None]
    drawn = {one.metric for one in snapshot.parts(model.Map)}
    levels = (COMMUNITY, STREET) if 1 <= len(job.around) <= 2 else (STREET, COMMUNITY)
    for figure in sorted(known, key=lambda one: model.by_distance(snapshot, one)):
        metric = job.figures[figure.metric].metric
        if metric.id in drawn:
            return None
        for level in levels:
            if LEVELS.index(metric.level) >= LEVELS.index(LEVEL_KEY[level]):
                made = figures.area_map(job, Choice("map", (metric.id,), level))
                if len({one.band for one in made.figures} - {None}) > 1:
                    return made
    return None


def title_of(reader: Reader, selection: Selection) -> str:
    """Return the title of a snapshot: the one written, else the usual one of its template."""
    if written := clean(selection.title)[:TITLE_LENGTH]:
        return written
    names, around = place_names(reader), streets_around(reader, selection)
    template = clean(selection.template) or "会议材料"
    home = names[around[0]] + names[selection.community] if selection.community else ""
    if len(around) > NAMED:
        home = f"{district_name(reader)}{len(around)}个街道"
    elif around and not home:
        home = "、".join(names[code].removesuffix("街道") for code in around) + "街道"
    home = home or district_name(reader)
    if template == sheet.TITLE:  # 申新社区一页, not 申新社区基层治理社区一页
        usual = home.removesuffix("社区") + template
    elif clean(selection.template) and _is_bulletin(selection):  # as its page and its masthead say
        usual = home + CHOICES["week"]
    else:
        usual = f"{home}基层治理{template}"
    return f"{usual}（{_period(reader, selection)}）"


def _period(reader: Reader, selection: Selection) -> str:
    """The period of a material in words: of a bulletin its week, of 年考评 the year so far, else the month."""
    month = Month.parse(selection.month)
    if _is_bulletin(selection):
        first = selection.choices[0].week
        return (Week.parse(first) if first else weekly.usual_week(reader, month.last)).words
    if clean(selection.template) == YEARLY and month.number > 1:
        return f"{month.year}年1至{month.number}月" if month.number < 12 else f"{month.year}年"
    return month.words


def _is_bulletin(selection: Selection) -> bool:
    """Whether it is a week and nothing else."""
    return {choice.kind for choice in selection.choices} == {"week"}


def meeting(
    reader: Reader,
    selection: Selection,
    items: Sequence[model.Assignment] = (),
    root: Path | None = None,
    lines: Sequence[archive.About] | None = None,
) -> Selection:
    """Return a selection as its meeting has it: with what it hands out, and what the last one of its kind did and said.

    What was handed out for the same period already stays in it, beside what is new; a list that has a matter
    of it is that list, corrected. Both are of `lines`, those of the archive that may be looked at; None: all. The day
    all are told for is the meeting's, else its notice's; today where none is written.
    """
    day = _day(selection)
    lines = archive.listing(root)[0] if lines is None else lines
    issued = tuple(replace(item, issued_on=day) for item in items)
    if kept := handed_out_before(reader, selection, items, lines):
        known = archive.reopen(kept.id, root).assigned or ()
        # A meeting that is dated after all was not held after it handed out.
        issued = (*(replace(one, issued_on=min(one.issued_on, day)) for one in known), *issued)
    assigned.refuse_faulty(issued)
    if said := last_material(reader, selection, lines):
        selection = replace(selection, past=_past(archive.reopen(said.id, root)))
    last = last_meeting(reader, selection, lines)
    before = None
    if last:
        before = model.Earlier(last.id, archive.reopen(last.id, root).assigned or ())
    if not (issued or before):
        return selection
    return replace(selection, assigned=issued, earlier=before, day=day)


def _day(selection: Selection) -> str:
    """The day (ISO) of a selection's meeting, else of its notice, else today."""
    written = (selection.meeting_date, selection.head.date if selection.head else "")
    days = (assigned.day_of(clean(one)) for one in written)
    return next(filter(None, days), None) or assigned.today()


def handed_out_before(
    reader: Reader,
    selection: Selection,
    items: Sequence[model.Assignment],
    lines: Iterable[archive.About],
) -> archive.About | None:
    """Return the last snapshot, of some in the archive, whose matters stay in the material of the same period.

    None where the `items` to hand out are these, corrected.
    """
    own = [one for one in _alike(reader, selection, lines) if one.assigned]
    last = max(
        (one for one in own if _is_of_period(reader, selection, one)),
        key=comparison.when,
        default=None,
    )
    return last if last and {item.id for item in items}.isdisjoint(last.assigned) else None


def last_meeting(
    reader: Reader, selection: Selection, lines: Iterable[archive.About]
) -> archive.About | None:
    """Return the snapshot, of some in the archive, of the last meeting of the same kind that handed anything out.

    It is of an earlier period, of a week in the same month too, and was not held after this one.
    """
    day = _day(selection)
    earlier = [
        one
        for one in _alike(reader, selection, lines)
        if one.assigned
        and one.as_of <= selection.month
        and not _is_of_period(reader, selection, one)
        and (assigned.day_of(one.meeting_date) or one.frozen_at[:10]) <= day
    ]
    return max(earlier, key=comparison.when, default=None)


def _is_of_period(reader: Reader, selection: Selection, one: archive.About) -> bool:
    """Whether a snapshot of the same kind is of the same period: its month, of a bulletin its week.

    Meetings without a template may be held several times in a month: these are told apart by their dates.
    """
    if one.as_of != selection.month:
        return False
    if _is_bulletin(selection):
        return _period(reader, selection) in one.title
    held = clean(selection.meeting_date)[:DATE_LENGTH], one.meeting_date
    return bool(clean(selection.template)) or "" in held or held[0] == held[1]


def last_material(
    reader: Reader, selection: Selection, lines: Iterable[archive.About]
) -> archive.About | None:
    """Return the last snapshot, of some in the archive, that a selection is to be compared with; None if with none.

    It is that of the month chosen to compare with, else of the month before, of 年考评 the last of the year before.
    """
    if not any(choice.kind == "since_last" for choice in selection.choices):
        return None
    month = Month.parse(selection.month)
    wanted = {selection.against or str(month.shift(-1))}
    if clean(selection.template) == YEARLY and not selection.against:
        wanted = {f"{month.year - 1}-{number:02d}" for number in range(1, 13)}
    alike = _alike(reader, selection, lines)
    return max((one for one in alike if one.as_of in wanted), key=comparison.when, default=None)


def last_requirements(
    reader: Reader,
    selection: Selection,
    lines: Iterable[archive.About],
    root: Path | None = None,
) -> tuple[str, ...]:
    """Return what the last material of the same template and scope, up to its month, asked of those it went to.

    Materials without a template are of no kind: nothing goes over from one to the next.
    """
    if not clean(selection.template):
        return ()
    alike = [one for one in _alike(reader, selection, lines) if one.as_of <= selection.month]
    last = max(alike, key=comparison.when, default=None)
    head = archive.reopen(last.id, root).head if last else None
    return head.requirements if head else ()


def _past(snapshot: model.Snapshot) -> model.Past:
    figures = tuple(snapshot.overall_figures().values())
    return model.Past(snapshot.id, snapshot.as_of, figures, snapshot.definitions)


def _alike(
    reader: Reader, selection: Selection, lines: Iterable[archive.About]
) -> list[archive.About]:
    """Return those of the same kind and scope."""
    scope = scope_of(selection, place_names(reader), streets_around(reader, selection)).full_name
    kind = comparison.kind_of(clean(selection.template), title_of(reader, selection)), scope
    return [
        one for one in lines if (comparison.kind_of(one.template, one.title), one.scope) == kind
    ]


def _filters(job: Job, district: str, week: model.Week | None) -> tuple[tuple[str, str], ...]:
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


def _sections(job: Job, choice: Choice) -> list[model.Section]:
    """Return what a choice shows, if anything; what was written of it stands with the first of several."""
    built: Sequence[model.Section | None] = (
        lists.week_tables(job, choice)[1]
        if choice.kind == "week"
        else [_BUILDERS[choice.kind](job, choice)]
    )
    first, *others = built
    if first is None:
        return []
    title = clean(choice.title)[:TITLE_LENGTH] or first.title
    comment = clean(choice.comment)[:COMMENT_LENGTH]
    return [replace(first, title=title, comment=comment), *(one for one in others if one)]


_BUILDERS: dict[str, Callable[[Job, Choice], model.Section | None]] = {
    "figures": figures.tiles,
    "map": figures.area_map,
    "ranking": figures.ranking,
    "trend": figures.trend,
    "table": lists.to_mend_list,
    "why": lists.why,
    "flows": lists.flows,
    "to_target": lists.to_target,
    "sheet": lists.community_sheet,
    "beside": lists.community_sheet,
    **dict.fromkeys(DRILL, lists.drill_part),
    "taken": lists.taken,
    "claims": lists.claims,
    "attention": lists.attention,
    "since_last": since.since_last,
}
