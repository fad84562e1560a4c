"""Cut the district's rows to a scope and add up what was counted by community."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from chunshui.catalogue.places import inside

PLACES = ["street_code", "community_code"]


def rows_within(rows: pd.DataFrame, streets: Sequence[str], community: str | None) -> pd.DataFrame:
    """Return the rows of some streets (none: of all) or of one community."""
    return rows[inside(rows, streets, community)].reset_index(drop=True)


class Counts:
    """Counts by community of the whole district, sorted once and added up for any scope.

    A group of pandas takes milliseconds each time; pages add up at every change of a filter.
    """

    def __init__(self, rows: pd.DataFrame, by: list[str]):
        """Take rows of street_code, community_code, what to count `by`, and counts."""
        names = [name for name in rows.columns if name not in (*PLACES, *by)]
        self._types = rows.dtypes[names].to_dict()
        self._counts = rows[names].to_numpy()
        self._group = rows.groupby(by, sort=False, dropna=False).ngroup().to_numpy()
        keys = rows[by].drop_duplicates()
        self._keys = {name: keys[name].to_numpy(dtype=object) for name in by}
        self._places = {name: rows[name].to_numpy(dtype=object) for name in PLACES}

    def totals(self, streets: Sequence[str] = (), community: str | None = None) -> pd.DataFrame:
        """Return the sums over some streets (none: all) or one community.

        One row for each of `by` that the scope has a row of, in the order they first came.
        """
        here = inside(self._places, streets, community)
        groups = len(next(iter(self._keys.values())))
        there = np.bincount(self._group[here], minlength=groups) > 0
        sums = np.zeros((groups, self._counts.shape[1]), dtype=self._counts.dtype)
        np.add.at(sums, self._group[here], self._counts[here])
        columns = {name: key[there] for name, key in self._keys.items()}
        for column, (name, kind) in zip(sums[there].T, self._types.items(), strict=True):
            columns[name] = column.astype(kind)
        return pd.DataFrame(columns)
