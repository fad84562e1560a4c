"""What every section is made from: a version, a selection, its scope, and what is asked of both once."""

from dataclasses import dataclass, field
from itertools import chain

import pandas as pd

from chunshui.catalogue import figure as catalogue
from chunshui.catalogue import wording
from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import Metric, get_metric
from chunshui.catalogue.stored import version_months
from chunshui.catalogue.why import member_flows, usual_month
from chunshui.community import sheet
from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.snapshots import model
from chunshui.snapshots.selection import Choice, Selection
from chunshui.warehouse import Reader

LEVEL_KEY = {words: level for level, words in wording.LEVELS.items()}


@dataclass(frozen=True)
class Job:
    """What every builder of a section needs: the version, the choice, the scope and its figures.

    `missed` are the main figures of a community that miss their targets and that a template does not have: its key
    figures have them too, so that all that is said of it agrees.
    """

    reader: Reader
    selection: Selection
    scope: model.Place
    around: tuple[str, ...]
    names: dict[str, str]
    figures: dict[str, catalogue.Figure]
    missed: tuple[str, ...] = ()
    rows: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict)


def district_name(reader: Reader) -> str:
    """The name of the district that the version is of."""
    return str(reader.query("snapshots/district")["district_name"].iloc[0])


def job_of(reader: Reader, selection: Selection) -> Job:
    """Ask once what the sections of a selection need.

    Raises ChunshuiError for a place that the version lacks and a month it cannot compare with.
    """
    names = place_names(reader)
    codes = [*selection.streets, *filter(None, [selection.community])]
    if strangers := [code for code in codes if code not in names]:
        raise ChunshuiError(f"数据版本{reader.version}里没有代码为{'、'.join(strangers)}的地方。")
    if (against := selection.against) and (
        Month.parse(against) not in version_months(reader) or against >= selection.month
    ):
        raise ChunshuiError(f"对比月份{against}没有数据，或不早于{selection.month}。")
    around = streets_around(reader, selection)
    metric_ids = list(dict.fromkeys(chain.from_iterable(map(metrics_shown, selection.choices))))
    months = max([c.months for c in selection.choices if c.kind == "trend"] + [13])
    if selection.against:
        months = max(months, Month.parse(selection.month) - Month.parse(selection.against) + 1)
    figures: dict[str, catalogue.Figure] = {}
    missed: tuple[str, ...] = ()
    scope = (selection.month, selection.streets, selection.community)
    if metric_ids:
        figures = figures_of(reader, metric_ids, *scope, months=months)
    has_key_figures = any(choice.kind == "figures" for choice in selection.choices)
    if selection.community and selection.template and has_key_figures:
        others = [metric for metric in sheet.BESIDE if metric not in metric_ids]
        found = figures_of(reader, others, *scope, months=months)
        missed = tuple(one for one in others if found[one].status in model.BEHIND)
        figures |= {metric: found[metric] for metric in missed}
    home = scope_of(selection, names, around)
    return Job(reader, selection, home, around, names, figures, missed)


def place_names(reader: Reader) -> dict[str, str]:
    """The name of each street and community by its code."""
    names = reader.query("views/streets").set_index("street_code")["street_name"].to_dict()
    communities = reader.query("views/communities").set_index("community_code")
    return names | communities["community_name"].to_dict()


def streets_around(reader: Reader, selection: Selection) -> tuple[str, ...]:
    """The streets chosen, or that of the community chosen."""
    if selection.community:
        communities = reader.query("views/communities").set_index("community_code")
        return (communities["street_code"][selection.community],)
    return tuple(sorted(selection.streets))


def metrics_shown(choice: Choice) -> tuple[str, ...]:
    """Return the metrics that a section shows, whose definitions and members the material has."""
    return sheet.BESIDE if choice.kind == "beside" else choice.metrics


def scope_of(selection: Selection, names: dict[str, str], around: tuple[str, ...]) -> model.Place:
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


def against_of(job: Job, choice: Choice) -> str:
    """The month a change is told against: the one asked for, else the usual one or that of last year.

    Raises ChunshuiError when the version lacks it.
    """
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


def where(job: Job) -> tuple[tuple[str, ...], str | None]:
    """The scope as the catalogue takes it: street codes, and a community's or None."""
    return job.selection.streets, job.selection.community


def flow_rows(job: Job, choice: Choice) -> pd.DataFrame:
    """Ask once: the sentence on a change and the list of its members show the same rows."""
    key = (choice.metrics[0], f"flows since {against_of(job, choice)}")
    if key not in job.rows:
        months = (job.selection.month, against_of(job, choice))
        job.rows[key] = member_flows(job.reader, choice.metrics[0], *months, *where(job))
    return job.rows[key]


def place_rows(job: Job, metric: Metric, level: str) -> pd.DataFrame:
    """Ask once: a map, a ranking and the sheets of the workbook show the same rows."""
    key = (metric.id, level)
    if key not in job.rows:
        job.rows[key] = place_table(
            job.reader,
            metric.id,
            job.selection.month,
            LEVEL_KEY[level],
            job.around,
            against=job.selection.against,
        )
    return job.rows[key]


def member_rows(job: Job, metric: Metric) -> pd.DataFrame:
    """What a metric looked at in the scope, a row each."""
    return members_of(
        job.reader, metric.id, job.selection.month, job.selection.streets, job.selection.community
    )
