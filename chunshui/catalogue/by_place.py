"""Tables of places: a metric's value for every street or community, and how far they differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue.bands import Classes, classes_of
from chunshui.catalogue.figure import (
    base,
    change,
    fraction_text,
    is_small,
    status,
    values,
    written,
)
from chunshui.catalogue.funnel import beyond_chance
from chunshui.catalogue.metric import BASE, LEVELS, Metric, get_metric
from chunshui.catalogue.places import registered
from chunshui.catalogue.stored import SUMS, known_month, stored_values
from chunshui.catalogue.wording import saturation_sentence, standings
from chunshui.month import Month
from chunshui.warehouse import Reader

PLACE = ["street_code", "street_name", "community_code", "community_name"]
# Streets whose best and worst lie closer than this share of the scale tell nothing apart.
SATURATED_SPREAD = 0.03
_Register = tuple[frozenset[tuple[str | None, str | None]], dict[str | None, str]]
_registers: WeakKeyDictionary[Reader, dict[tuple[Month, str], _Register]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Saturation:
    """Whether a metric still tells the streets apart. `sentence` is Chinese, for the tile.

    `spread` is best minus worst, `splits` the ids of metrics that may still differ.
    """

    saturated: bool
    spread: float | None
    sentence: str | None
    splits: tuple[str, ...]


def place_table(
    reader: Reader,
    metric_id: str,
    month: str,
    level: str,
    streets: Iterable[str] = (),
    variant: str = BASE,
    against: str | None = None,
) -> pd.DataFrame:
    """Return one row per "street" or "community" (`level`) in scope, best first.

    Columns street_code, street_name, (community_code, community_name), value, numerator,
    denominator, members, previous_month, previous_year, change_month, change_year (of the written
    values; missing where the months do not count alike), status, text, small (whether it rests on
    too little to be ranked: these come after the others), fraction, rest (denominator less
    numerator: of a share, who is not counted), change (in words). With a month to compare `against`
    also before (the value then) and moved, the change since then that `change` says: missing where
    the months do not count alike or a base is too small. `beyond` is -1 or 1 where a place lies below or
    above all by more than chance, 0 where not, NaN where that is not asked (see `beyond_chance`): where it is, those
    within chance are equally good. Equally good places come in the order of their codes. Without a choice of streets, what belongs to no place of the level comes in last rows without code
    (a street's own station belongs to no community), so that the rows add up to the district.
    """
    metric = get_metric(metric_id)
    metric.variant(variant)
    this = known_month(reader, month)
    stored = stored_values(reader, variant)
    months = [this, this.shift(-1), this.shift(-12)]
    months += [Month.parse(against)] if against else []
    sums = stored.by_place(metric, months, level)
    chosen = set(streets)
    places = [one for one in _places(reader, this, level, sums) if not chosen or one[0] in chosen]
    nothing = np.full((len(SUMS), len(months)), np.nan)
    cells = np.array([sums.get((street, community), nothing) for street, _, community, _ in places])
    cells = cells.reshape(-1, *nothing.shape)
    names = dict(zip(PLACE, np.array(places, dtype=object).reshape(-1, 4).T, strict=True))
    loose = np.array([code is None for code in names[f"{level}_code"]], dtype=bool)
    # A metric known only to the street has nothing to say of a community, not 0.
    coarser = LEVELS.index(metric.level) < LEVELS.index(level)
    silent = (~loose & coarser) | (stored.unmeasured(metric) is not None)
    columns: dict[str, Any] = names if level == "community" else dict(list(names.items())[:2])
    columns |= {"numerator": cells[:, 0, 0], "denominator": cells[:, 1, 0]}
    columns["members"] = np.nan_to_num(cells[:, 2, 0]).astype(int)
    written_of = ("value", "previous_month", "previous_year", "before")
    for number, (column, one) in enumerate(zip(written_of, months, strict=False)):
        found = values(metric, cells[:, 0, number], cells[:, 1, number])
        columns[column] = np.where(silent | (one not in stored.months), np.nan, found)
    for column, before in zip(written_of[1:], months[1:], strict=False):
        pairs = zip(columns["value"], columns[column], strict=True)
        alike = metric.comparable(this, before, variant)
        changes = "moved" if column == "before" else column.replace("previous", "change")
        columns[changes] = np.array(
            [change(metric, *pair, variant) if alike else None for pair in pairs], dtype=float
        )
    columns |= _words(metric, columns, level, variant)
    since, before = "change_month", months[1]
    if against:
        since, before = "moved", months[-1]
        small = [
            is_small(metric, base(metric, whole, members), level)
            for whole, members in cells[:, 1:, -1].tolist()
        ]
        columns["moved"][np.array(columns["small"]) | np.array(small, dtype=bool)] = np.nan
    elif np.isnan(columns["change_month"]).all():
        since, before = "change_year", months[2]
    said = metric.against(this, before, variant)
    columns["change"] = [
        None if np.isnan(value) else words.change(value, metric.unit, said)
        for value in columns[since]
    ]
    best = columns["value"] * (1 if metric.direction == "down" else -1)
    if not np.isnan(columns["beyond"]).all():  # within chance nobody is before another
        far = np.nan_to_num(columns["beyond"]) * (1 if metric.direction == "down" else -1)
        best = np.where(np.isnan(best), np.nan, far)
    order = np.lexsort((best, np.array(columns["small"], dtype=bool), loose))  # NaN comes last
    texts = {*PLACE, "status", "text", "fraction", "change"}
    return pd.DataFrame(
        {
            name: pd.Series(np.array(column, dtype=object)[order], dtype=object)
            if name in texts
            else np.asarray(column)[order]
            for name, column in columns.items()
        }
    )


def values_of_places(
    reader: Reader, metric_id: str, month: str, places: Sequence[tuple[str, str | None]]
) -> list[float]:
    """Return the value of each place, a pair of codes (of a street the second None); NaN for none.

    The places are of one level, and the values those of `place_table`.
    """
    metric, this = get_metric(metric_id), known_month(reader, month)
    stored = stored_values(reader, BASE)
    level = "community" if any(community for _, community in places) else "street"
    if LEVELS.index(metric.level) < LEVELS.index(level) or stored.unmeasured(metric):
        return [np.nan] * len(places)
    sums = stored.by_place(metric, [this], level)
    nothing = np.full((len(SUMS), 1), np.nan)
    cells = np.array([sums.get(place, nothing) for place in places]).reshape(-1, len(SUMS))
    found: list[float] = values(metric, cells[:, 0], cells[:, 1]).tolist()
    return found


def map_classes(reader: Reader, metric_id: str, level: str) -> Classes:
    """Return the classes that maps of a metric have at a level ("street", "community").

    They are cut from the places of every month of the version in which there was something to count,
    but those whose base is too small, and are the same for any month and scope: two maps can be held
    side by side.
    """
    metric, stored = get_metric(metric_id), stored_values(reader, BASE)
    sums = stored.by_place(metric, stored.months, level)
    at = 0 if level == "street" else 1
    cells = np.array([added for place, added in sums.items() if place[at]])
    cells = cells.reshape(-1, len(SUMS), len(stored.months)).swapaxes(0, 1)
    cells = cells[..., ~np.isnan(cells[0]).all(axis=0)].reshape(len(SUMS), -1)
    found = values(metric, *cells[:2])
    judged = [
        value
        for value, (_, whole, members) in zip(found.tolist(), cells.T.tolist(), strict=True)
        if not is_small(metric, base(metric, whole, members), level)
    ]
    return classes_of(metric, level, judged)


def with_words(
    metric: Metric, places: pd.DataFrame, level: str, variant: str = BASE
) -> pd.DataFrame:
    """Return rows of value, numerator, denominator and members with what is written beside them.

    Adds status, small, text, fraction, rest and beyond.
    """
    return places.assign(**_words(metric, places, level, variant))


def _words(
    metric: Metric, places: Mapping[str, Any] | pd.DataFrame, level: str, variant: str
) -> dict[str, Any]:
    """Return the columns that `with_words` adds."""
    sums = [np.asarray(places[one], float) for one in ("numerator", "denominator", "members")]
    parts = list(
        zip(*(places[one] for one in ("numerator", "denominator", "members")), strict=True)
    )
    bases = [base(metric, whole, members) for _, whole, members in parts]
    pairs = list(zip(places["value"], bases, strict=True))
    return {
        "status": [status(metric, value, base, level) for value, base in pairs],
        "small": [is_small(metric, base, level) for base in bases],
        "text": [written(metric, value, variant).text for value in places["value"]],
        "fraction": [fraction_text(metric, *part) for part in parts],
        "rest": places["denominator"] - places["numerator"],
        "beyond": beyond_chance(metric, *sums),
    }


def saturation_of(metric_id: str, streets: pd.DataFrame) -> Saturation:
    """Return from a table of streets whether they hardly differ.

    Only ratios of three streets or more are judged: the spread between best and worst street
    must be more than 3 % of the scale.
    """
    metric = get_metric(metric_id)
    listed = [one for one in standings(streets) if not one.small]
    if metric.kind != "ratio" or len(listed) < 3:
        return Saturation(False, None, None, metric.splits)
    known = [one.value for one in listed]
    spread = max(known) - min(known)
    edge = SATURATED_SPREAD * (metric.scale if metric.unit == "%" else float(np.median(known)))
    if spread > edge:
        return Saturation(False, spread, None, metric.splits)
    others = [get_metric(split).name for split in metric.splits]
    return Saturation(True, spread, saturation_sentence(listed, others), metric.splits)


def _places(
    reader: Reader, month: Month, level: str, sums: dict[tuple[str | None, str | None], np.ndarray]
) -> list[tuple[str | None, str, str | None, str]]:
    """Return the PLACE cells of the register at the month's end and of all that has members."""
    keys, names = _register(reader, month, level)
    # Not in the register (any more), but something then counted there.
    keys = keys | {key for key, cells in sums.items() if any(n and n == n for n in cells[:, 0])}
    in_order = sorted(keys, key=lambda key: [(code is None, code or "") for code in key])
    return [
        (street, names.get(street, "（不分街道）"), community, names.get(community, "（不分社区）"))
        for street, community in in_order
    ]


def _register(reader: Reader, month: Month, level: str) -> _Register:
    """Return the places of the register at a month's end, and what every place is called."""
    kept = _registers.setdefault(reader, {})
    if (month, level) not in kept:  # asked for each metric of a page
        table = reader.query("catalogue/place_names")
        kept[month, level] = (
            frozenset(registered(reader, level, month.last)),
            dict(zip(table["place_code"], table["place_name"], strict=True)),
        )
    return kept[month, level]
