"""The stored values of a version, kept in memory and summed for any scope or place in a fraction
of the time a query takes.

A district of three years holds some 300,000 values, about 10 MB: they are read once per reader
and fall with it. A published version never changes, so neither do they.
"""

import threading
from collections.abc import Collection, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chunshui import words
from chunshui.catalogue.frontmatter import CatalogueError
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.places import inside
from chunshui.month import Month
from chunshui.warehouse import Days, Reader

SUMS = ["numerator", "denominator", "members"]
MOST_SCOPES = 64  # whose sums are kept, 120 KB each
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


def month_ends(reader: Reader) -> list[Days]:
    """Return the last days of those months, of which `Reader.among` may ask for all at once."""
    return [Days(month.last) for month in version_months(reader)]


def known_month(reader: Reader, text: str) -> Month:
    """Return the month written "2026-10"; raise `CatalogueError` if the version lacks it."""
    month, known = Month.parse(text), version_months(reader)
    if month not in known:
        span = f"{known[0]}至{known[-1]}" if known else "任何月份"
        raise CatalogueError(f"本版本没有{text}的数据，可选{span}。")
    return month


def with_none(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with None, not NaN, where a text is missing: a page may test it for truth."""
    columns = {}
    for name, cells in rows.items():
        columns[name] = cells
        if isinstance(cells.dtype, pd.StringDtype) or cells.dtype == object:
            texts = cells.to_numpy(dtype=object, copy=True)
            texts[cells.isna().to_numpy()] = None
            columns[name] = pd.Series(texts, cells.index, dtype=object)
    return pd.DataFrame(columns, rows.index, copy=False)


def why_unmeasured(metric: Metric, given: Collection[str]) -> str | None:
    """Return which ledger a metric lacks among those given, in words; None if it has them all."""
    lacking = [words.ENTITIES[table] for table in metric.ledgers if table not in given]
    return f"本版本没有{'、'.join(lacking)}台账，无从计算。" if lacking else None


class _Groups(NamedTuple):
    """Places, the numbers of their pairs one after the other, and where each place begins."""

    keys: list[tuple[str | None, str | None]]
    order: NDArray[np.int_]
    starts: NDArray[np.int_]


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
        self._month_no = {month: number for number, month in enumerate(self.months)}
        self._summed: dict[tuple[tuple[str, ...], str | None, bool], Sums] = {}
        self._grouped: dict[tuple[str, bool], _Groups] = {}

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
        sums: dict[str, Sums] = {}
        for alone, kinds in ((False, ("ratio", "total")), (True, ("quantile",))):
            ids = [m.id for m in metrics if m.kind in kinds and m.id in self.defined]
            if ids:
                added = self._cells(self._over(tuple(streets), community, alone), ids, months)
                sums |= dict(zip(ids, added.swapaxes(0, 1), strict=True))
        return sums

    def by_place(
        self, metric: Metric, months: Sequence[Month], level: str
    ) -> dict[tuple[str | None, str | None], Sums]:
        """Return the sums (3, months) of every place of a level ("street", "community").

        A place is its pair of codes; what belongs to none of the level has None there.
        """
        # A quantile is stored for every level, and must not be summed.
        keys, order, starts = self._groups(level, metric.kind == "quantile")
        if not keys:
            return {}
        cells = self._cells(self._sums, [metric.id], months)[:, 0][..., order]
        there = ~np.isnan(cells)
        added = np.add.reduceat(np.where(there, cells, 0), starts, axis=-1)
        added[~np.logical_or.reduceat(there, starts, axis=-1)] = np.nan
        return dict(zip(keys, np.moveaxis(added, -1, 0), strict=True))

    def _groups(self, level: str, alone: bool) -> "_Groups":
        """Return the places of a level, their pairs one after the other, and where each begins."""
        if (level, alone) not in self._grouped:
            places: dict[tuple[str | None, str | None], list[int]] = {}
            for number, (street, community) in enumerate(self._pairs):
                lowest = community if level == "community" else street
                finer = level == "street" and community is not None
                if not alone or (lowest is not None and not finer):
                    key = (street, community if level == "community" else None)
                    places.setdefault(key, []).append(number)
            order = np.array([number for numbers in places.values() for number in numbers], int)
            sizes = np.array([len(numbers) for numbers in places.values()], int)
            self._grouped[level, alone] = _Groups(list(places), order, np.cumsum(sizes) - sizes)
        return self._grouped[level, alone]

    def _over(self, streets: tuple[str, ...], community: str | None, alone: bool) -> Sums:
        """Return the sums (3, metrics, months) over a scope; `alone` what is stored of it as such."""
        key = (streets, community, alone)
        found = self._summed.get(key)
        if found is None:  # the months of a scope are asked for one after the other
            places = inside(self._places, streets, community)
            if alone and not community:
                itself = (next(iter(streets), None), None)
                places = np.array([pair == itself for pair in self._pairs], dtype=bool)
            found = _added(self._sums[..., places])
            if len(self._summed) >= MOST_SCOPES:
                self._summed.clear()
            self._summed[key] = found
        return found

    def _cells(self, block: Sums, metric_ids: Sequence[str], months: Sequence[Month]) -> Sums:
        """Return of a block (3, metrics, months, …) some metrics and months; NaN for unknown ones."""
        cells = np.full((len(SUMS), len(metric_ids), len(months), *block.shape[3:]), np.nan)
        rows = [at for at, one in enumerate(metric_ids) if one in self._metrics]
        columns = [at for at, month in enumerate(months) if month in self._month_no]
        stored = np.ix_(
            range(len(SUMS)),
            [self._metrics[metric_ids[at]] for at in rows],
            [self._month_no[months[at]] for at in columns],
        )
        cells[np.ix_(range(len(SUMS)), rows, columns)] = block[stored]
        return cells


def _added(cells: Sums) -> Sums:
    """Return the cells added up along the last axis; NaN where there is none."""
    there = ~np.isnan(cells)
    return np.where(there.any(axis=-1), np.where(there, cells, 0).sum(axis=-1), np.nan)
