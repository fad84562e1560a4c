"""The stored values of a version, kept in memory and summed for any scope in a fraction of the
time a query takes.

A district of three years holds some 300,000 values, about 10 MB: they are read once per reader
and fall with it. A published version never changes, so neither do they.
"""

import datetime as dt
import threading
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np

from chunshui.catalogue.places import inside
from chunshui.warehouse import Reader

Row = tuple[dt.date, float | None, float | None, float | None]
SUMS = ["numerator", "denominator", "members"]

_kept: WeakKeyDictionary = WeakKeyDictionary()
_lock = threading.Lock()


def of(reader: Reader, variant: str) -> "Stored":
    """Return the values of one variant, read at the first asking."""
    with _lock:
        variants = _kept.setdefault(reader, {})
        if variant not in variants:
            variants[variant] = Stored(reader, variant)
        return variants[variant]


class Stored:
    """Numerator, denominator and members of one variant by metric, month and place.

    A place is a pair of street and community code, either of which may be missing: what belongs
    to no community, or to no street.
    """

    def __init__(self, reader: Reader, variant: str):
        axes = reader.query("catalogue/stored_axes", variant=variant).astype(object)
        axes = axes.where(axes.notna(), None)
        places = list(dict.fromkeys(zip(axes["street_code"], axes["community_code"], strict=True)))
        streets, communities = zip(*places, strict=True) if places else ((), ())
        self._defined = set(reader.query("catalogue/defined_metrics")["metric_id"])
        self._metrics = {one: number for number, one in enumerate(axes["metric_id"].unique())}
        self._months = [day.date() for day in reader.query("catalogue/months")["month"]]
        self._places = {
            "street_code": np.array(streets, dtype=object),
            "community_code": np.array(communities, dtype=object),
        }
        rows = reader.query(
            "catalogue/stored_values",
            variant=variant,
            metrics=list(self._metrics),
            months=self._months,
            streets=list(streets),
            communities=list(communities),
        )
        shape = (len(SUMS), len(self._metrics), len(self._months), len(places))
        self._sums = np.full(shape, np.nan)
        at = tuple(rows[axis].to_numpy() for axis in ("metric_no", "month_no", "place_no"))
        self._sums[(slice(None), *at)] = rows[SUMS].to_numpy(dtype=float).T

    def summed(
        self,
        metric_ids: Sequence[str],
        first: dt.date,
        last: dt.date,
        streets: Sequence[str] = (),
        community: str | None = None,
    ) -> dict[str, list[Row]]:
        """Return per metric (month, numerator, denominator, members) of every month of the
        version from `first` to `last`, added up over the streets (none: all) or one community;
        None where the scope has none. A metric the version was not built with has no months.
        """
        return self._rows(metric_ids, first, last, inside(self._places, streets, community))

    def single(
        self,
        metric_ids: Sequence[str],
        first: dt.date,
        last: dt.date,
        street: str | None = None,
        community: str | None = None,
    ) -> dict[str, list[Row]]:
        """Return the same of one stored place, the district without codes: for what does not
        add up, as quantiles do not.
        """
        if community:
            there = inside(self._places, (), community)
        else:
            pairs = zip(*self._places.values(), strict=True)
            there = np.array([pair == (street, None) for pair in pairs], dtype=bool)
        return self._rows(metric_ids, first, last, there)

    def _rows(self, metric_ids, first, last, chosen) -> dict[str, list[Row]]:
        spans = [at for at, month in enumerate(self._months) if first <= month <= last]
        months = [self._months[at] for at in spans]
        known = [metric_id for metric_id in metric_ids if metric_id in self._metrics]
        at = [self._metrics[metric_id] for metric_id in known]
        cells = self._sums[:, at][:, :, spans][..., chosen]
        there = ~np.isnan(cells)
        sums = np.where(there, cells, 0).sum(axis=-1).astype(object)
        sums[~there.any(axis=-1)] = None
        nothing = [(month, None, None, None) for month in months]
        rows = {one: list(nothing) for one in metric_ids if one in self._defined}
        for number, metric_id in enumerate(known):
            rows[metric_id] = list(zip(months, *sums[:, number].tolist(), strict=True))
        return rows
