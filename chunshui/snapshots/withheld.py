"""Small numbers of people taken out of a snapshot before it is kept: all documents are drawn from it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from chunshui.catalogue import small_numbers
from chunshui.catalogue.metric import Metric, get_metric
from chunshui.catalogue.small_numbers import PEOPLE, WITHHELD, few, hidden_rows
from chunshui.snapshots import model


def withhold(snapshot: model.Snapshot, least: int) -> model.Snapshot:
    """Return a snapshot without numbers of people below `least` in its tables, lists and places; 0: as it is.

    Figures of the whole scope stay: its pages show them.
    """
    if not least:
        return snapshot
    return replace(
        snapshot,
        sections=tuple(_section(one, least) for one in snapshot.sections),
        members=tuple(_members(one, least) for one in snapshot.members),
        streets=_matrix(snapshot.streets, least),
        communities=_matrix(snapshot.communities, least),
        picture=snapshot.picture and _map(snapshot.picture, least),
    )


def _section(section: model.Section, least: int) -> model.Section:
    if isinstance(section, model.Table):
        return _table(section, least)
    if isinstance(section, model.Map):
        return _map(section, least)
    if isinstance(section, model.Ranking):
        ranked = section.unranked or ()
        both = _figures((*section.figures, *ranked), least)
        count = len(section.figures)
        return replace(section, figures=both[:count], unranked=both[count:] or section.unranked)
    return section


def _map(section: model.Map, least: int) -> model.Map:
    return replace(section, figures=_figures(section.figures, least))


def _table(section: model.Table, least: int) -> model.Table:
    heads = [one.words for one in section.columns]
    if len(set(heads)) < len(heads) or not section.rows:
        return section
    table = pd.DataFrame(section.rows, columns=heads, dtype=object)
    told = small_numbers.withhold(table, least)
    if told is table:
        return section
    columns = tuple(
        replace(column, kind="text") if one.map(type).eq(str).any() else column
        for column, (_, one) in zip(section.columns, told.items(), strict=True)
    )
    cells = [
        ["" if one is None else str(one) for one in cells] if column.kind == "text" else cells
        for column, (_, cells) in zip(columns, told.items(), strict=True)
    ]
    return replace(section, columns=columns, rows=tuple(zip(*cells, strict=True)))


def _numbers(metric: Metric, parts: Sequence[Sequence[model.Number | None]]) -> np.ndarray:
    """Value, numerator and denominator that count people, and of both their difference, by row."""
    units = (metric.unit, metric.numerator_unit, metric.denominator_unit)
    columns = [
        np.array(one, float) for one, unit in zip(parts, units, strict=True) if unit in PEOPLE
    ]
    if len(columns) == 2 and metric.kind == "ratio":
        columns.append(columns[1] - columns[0])
    return np.column_stack(columns) if columns else np.empty((len(parts[0]), 0))


def _hidden(
    metric: Metric, parts: list, places: Sequence[model.Place], least: int
) -> tuple[np.ndarray, np.ndarray]:
    counts = _numbers(metric, parts)
    streets = np.array([one.street for one in places], dtype=str)
    groups = [streets] if any(one.community for one in places) else []
    return hidden_rows(counts, groups, least)


def _figures(figures: tuple[model.Figure, ...], least: int) -> tuple[model.Figure, ...]:
    if not figures:
        return figures
    metric = get_metric(figures[0].metric)
    parts = [[getattr(f, one) for f in figures] for one in ("value", "numerator", "denominator")]
    hidden, marked = _hidden(metric, parts, [one.place for one in figures], least)
    small = marked & np.full(len(figures), metric.unit in PEOPLE)
    nothing: dict[str, Any] = {
        "value": None,
        "numerator": None,
        "denominator": None,
        "counted": "",
        "change": None,
    }
    return tuple(
        replace(one, **nothing, shown=few(least) if less else WITHHELD) if gone else one
        for one, gone, less in zip(figures, hidden, small, strict=True)
    )


def _matrix(matrix: model.Matrix, least: int) -> model.Matrix:
    columns = []
    for column in matrix.columns:
        parts = [column.values, column.numerators, column.denominators]
        hidden, _ = _hidden(get_metric(column.metric), parts, matrix.places, least)
        kept = [tuple(None if h else v for v, h in zip(p, hidden, strict=True)) for p in parts]
        columns.append(replace(column, values=kept[0], numerators=kept[1], denominators=kept[2]))
    return replace(matrix, columns=tuple(columns))


def _members(members: model.Members, least: int) -> model.Members:
    metric, rows = get_metric(members.metric), members.rows
    if not rows:
        return members
    parts = [[one.numerator for one in rows]] * 2 + [[one.denominator for one in rows]]
    counts = _numbers(metric, parts)
    if not counts.size:
        return members
    streets = np.array([one.street for one in rows], dtype=str)
    homes = np.array([f"{one.street} {one.community}" for one in rows], dtype=str)
    hidden, _ = hidden_rows(counts, [homes, streets], least)
    hidden |= "building" in metric.entities
    return replace(
        members,
        rows=tuple(
            replace(one, numerator=None, denominator=None) if gone else one
            for one, gone in zip(rows, hidden, strict=True)
        ),
    )
