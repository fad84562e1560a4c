"""What the workbook holds beside the sections: definitions, every place, the members counted."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pandas as pd

from chunshui.catalogue.figure import target_text
from chunshui.catalogue.members import to_mend
from chunshui.catalogue.metric import LEVELS, MARKS, WINDOWS, Metric
from chunshui.snapshots import model
from chunshui.snapshots.model import number
from chunshui.snapshots.sections.figures import place_of
from chunshui.snapshots.sections.job import LEVEL_KEY, Job, member_rows, place_rows
from chunshui.words import NO_DATA

MEMBERS = 300


def definition_of(metric: Metric) -> model.Definition:
    """How a metric is counted, in words."""
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


def matrix(job: Job, metrics: Sequence[Metric], level: str) -> model.Matrix:
    """Every metric that is known at this level, for every place, in the order of the codes."""
    fine = LEVELS.index(LEVEL_KEY[level])
    known = [m for m in metrics if LEVELS.index(m.level) >= fine]
    rows = {m.id: {place_of(r, level): r for r in place_rows(job, m, level).itertuples()}
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


def frozen_members(job: Job, metric: Metric) -> model.Members:
    """The members of a figure: those to look at first come first, bounded."""
    members = member_rows(job, metric)
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
