"""Which rows lie in a scope."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def inside(
    rows: Mapping[str, ArrayLike], streets: Sequence[str], community: str | None
) -> NDArray[np.bool_]:
    """Return of each row whether it lies in some streets (none: in any) and one community (or None).

    `rows` is a frame, or a dict of arrays, with street_code and community_code; a row without
    code lies in the whole district only. Objects are compared much faster than Arrow's strings.
    """
    codes = np.asarray(rows["street_code"], dtype=object)
    there = np.ones(len(codes), dtype=bool)
    if streets:
        there &= np.isin(codes, list(streets))
    if community:
        there &= np.asarray(rows["community_code"], dtype=object) == community
    return there
