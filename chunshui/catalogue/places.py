"""Which rows lie in a scope; which places are in the register."""

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chunshui.warehouse import Reader


def registered(reader: Reader, level: str, day: dt.date) -> list[tuple[str, str | None]]:
    """Return the codes of the streets or communities (`level`) in the register on a day, in order.

    Of a street its code and None. Every day is narrowed from one answer.
    """
    rows = reader.query("catalogue/register", level=level)
    begun, ended = (rows[one].to_numpy("datetime64[D]") for one in ("valid_from", "valid_to"))
    asked = np.datetime64(day)
    rows = rows[(begun <= asked) & ~(ended <= asked)]  # nothing compares with no day
    communities = rows["community_code"] if level == "community" else [None] * len(rows)
    return list(zip(rows["street_code"], communities, strict=True))


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
