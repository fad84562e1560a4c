"""The stored values of a version, kept in memory and summed for any scope or place in a fraction
of the time a query takes.

A district of three years holds some 300,000 values, about 10 MB: they are read once per reader
and fall with it. A published version never changes, so neither do they.
"""

import threading
from collections.abc import Collection, Sequence
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chunshui import words
from chunshui.catalogue.frontmatter import CatalogueError
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.places import inside
from chunshui.month import Month
from chunshui.warehouse import Reader

SUMS = ["numerator", "denominator", "members"]
Sums = NDArray[np.float64]  # numerator, denominator and members by …, NaN where there is none

_kept: WeakKeyDictionary[Reader, dict[str, "StoredValues"]] = WeakKeyDictionary()
_months: WeakKeyDictionary[Reader, tuple[Month, ...]] = WeakKeyDictionary()
_lock = threading.Lock()


def stored_values(reader: Reader, variant: str) -> "StoredValues":
    """Return the values of one variant, read at the first asking."""
    with _lock:
        variants = _kept.setdefault(reader, {})
        if variant not in variants:
            variants[variant] = StoredValues(reader, variant)
        return variants[variant]


def version_months(reader: Reader) -> list[Month]:
    """Return the months a version can be asked for, oldest first."""
    if reader not in _months:  # asked several times for each page
        _months[reader] = tuple(Month.of(day) for day in reader.query("catalogue/months")["month"])
    return list(_months[reader])


def known_month(reader: Reader, text: str) -> Month:
    """Return the month written "2026-10"; raise `CatalogueError` if the version lacks it."""
    month, known = Month.parse(text), version_months(reader)
    if month not in known:
        span = f"{known[0]}至{known[-1]}" if known else "任何月份"
        raise CatalogueError(f"本版本没有{text}的数据，可选{span}。")
    return month


def with_none(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with None, not NaN, where a text is missing: a page may test it for truth."""
    texts = rows.select_dtypes(include=["object", "str"]).columns
    return rows.assign(
        **{name: rows[name].astype(object).where(rows[name].notna(), None) for name in texts}
    )


def why_unmeasured(metric: Metric, given: Collection[str]) -> str | None:
    """Return which ledger a metric lacks among those given, in words; None if it has them all."""
    lacking = [words.ENTITIES[table] for table in metric.ledgers if table not in given]
    return f"本版本没有{'、'.join(lacking)}台账，无从计算。" if lacking else None


class StoredValues:
    """Numerator, denominator and members of one variant by metric, month and place.

    A place is a pair of street and community code, either of which may be missing: what belongs
    to no community, or to no street. `months` are all of the version, `defined` the metrics it
    was built with.
    """

    def __init__(self, reader: Reader, variant: str):
        axes = reader.query("catalogue/stored_axes", variant=variant).astype(object)
        axes = axes.where(axes.notna(), None)
        self._pairs = list(
            dict.fromkeys(zip(axes["street_code"], axes["community_code"], strict=True))
        )
        streets, communities = zip(*self._pairs, strict=True) if self._pairs else ((), ())
        self.months = version_months(reader)
        self.defined = frozenset(reader.query("catalogue/defined_metrics")["metric_id"])
        self._given = frozenset(reader.query("catalogue/ledgers_given")["ledger_id"])
        self._metrics = {one: number for number, one in enumerate(axes["metric_id"].unique())}
        self._places = {
            "street_code": np.array(streets, dtype=object),
            "community_code": np.array(communities, dtype=object),
        }
        rows = reader.query(
            "catalogue/stored_values",
            variant=variant,
            metrics=list(self._metrics),
            months=[month.first for month in self.months],
            streets=list(streets),
            communities=list(communities),
        )
        shape = (len(SUMS), len(self._metrics), len(self.months), len(self._pairs))
        self._sums = np.full(shape, np.nan)
        at = tuple(rows[axis].to_numpy() for axis in ("metric_no", "month_no", "place_no"))
        self._sums[(slice(None), *at)] = rows[SUMS].to_numpy(dtype=float).T

    def unmeasured(self, metric: Metric) -> str | None:
        """Return why the version cannot know a metric, which then is not 0; None if it can."""
        return why_unmeasured(metric, self._given)

    def summed(
        self,
        metrics: Sequence[Metric],
        months: Sequence[Month],
        streets: Sequence[str] = (),
        community: str | None = None,
    ) -> dict[str, Sums]:
        """Return per metric the sums (3, months) over the streets (none: all) or one community.

        A quantile does not add up: of it, what is stored of the one place, and nothing for several
        streets. A metric the version was not built with is left out.
        """
        scope = inside(self._places, streets, community)
        one = scope if community else self._stored_for(next(iter(streets), None))
        sums: dict[str, Sums] = {}
        for chosen, kinds in ((scope, ("ratio", "total")), (one, ("quantile",))):
            ids = [m.id for m in metrics if m.kind in kinds and m.id in self.defined]
            added = _added(self._cells(ids, months)[..., chosen])
            sums |= dict(zip(ids, added.swapaxes(0, 1), strict=True))
        return sums

    def by_place(
        self, metric: Metric, months: Sequence[Month], level: str
    ) -> dict[tuple[str | None, str | None], Sums]:
        """Return the sums (3, months) of every place of a level ("street", "community").

        A place is its pair of codes; what belongs to none of the level has None there.
        """
        places: dict[tuple[str | None, str | None], list[int]] = {}
        for number, (street, community) in enumerate(self._pairs):
            lowest = community if level == "community" else street
            finer = level == "street" and community is not None
            # A quantile is stored for every level, and must not be summed.
            if metric.kind != "quantile" or (lowest is not None and not finer):
                key = (street, community if level == "community" else None)
                places.setdefault(key, []).append(number)
        cells = self._cells([metric.id], months)[:, 0]
        return {place: _added(cells[..., numbers]) for place, numbers in places.items()}

    def _stored_for(self, street: str | None) -> NDArray[np.bool_]:
        return np.array([pair == (street, None) for pair in self._pairs], dtype=bool)

    def _cells(self, metric_ids: Sequence[str], months: Sequence[Month]) -> Sums:
        """Return the cells (3, metrics, months, places); NaN for what has no values."""
        cells = np.full((len(SUMS), len(metric_ids), len(months), len(self._pairs)), np.nan)
        rows = [at for at, one in enumerate(metric_ids) if one in self._metrics]
        columns = [at for at, month in enumerate(months) if month in self.months]
        stored = np.ix_(
            range(len(SUMS)),
            [self._metrics[metric_ids[at]] for at in rows],
            [self.months.index(months[at]) for at in columns],
        )
        cells[np.ix_(range(len(SUMS)), rows, columns)] = self._sums[stored]
        return cells


def _added(cells: Sums) -> Sums:
    """Return the cells added up along the last axis; NaN where there is none."""
    there = ~np.isnan(cells)
    return np.where(there.any(axis=-1), np.where(there, cells, 0).sum(axis=-1), np.nan)
