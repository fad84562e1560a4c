"""Cut the district's rows to a scope and add up what was counted by community."""

from collections.abc import Sequence

import pandas as pd


def within(rows: pd.DataFrame, streets: Sequence[str], community: str | None) -> pd.DataFrame:
    """Return the rows of some streets (none: of all) or of one community."""
    if streets:
        rows = rows[rows["street_code"].isin(streets)]
    if community:
        rows = rows[rows["community_code"] == community]
    return rows.reset_index(drop=True)


def added(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Add the counts of all communities up, one row per `by`, in the order they came."""
    counts = rows.drop(columns=["street_code", "community_code"])
    return counts.groupby(by, sort=False, dropna=False, as_index=False).sum()
