"""A drill for a room in which nobody is to be singled out: letters, and nothing else to know a street by.

What stands elsewhere beside a street's name (its values, their bases, the points made of them, the
order of registration, a hash that can be tried out) is a key to its letter. So only what is listed
here is told, whatever else a table holds now or later.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from chunshui.ranking.drill import Drill

# Heads of tables that may be told of a street without its name (`ranking/tables.py`).
TOLD = frozenset(
    {
        *("街道", "名次区间", "判断", "指标", "全区", "剔除偶然波动后", "扣除偶然后"),
        *("得分变化", "平均名次", "因自身得分", "因其他街道得分"),
    }
)


def unnamed(drill: Drill, letters: Mapping[str, str]) -> Drill:
    """Return a drill whose streets go by their `letters` (by name) and stand in the order of these."""
    said = [letters[name] for name in drill.names]
    order = np.array(sorted(range(len(said)), key=said.__getitem__))
    return replace(
        drill,
        codes=tuple(drill.codes[at] for at in order),
        names=tuple(said[at] for at in order),
        entries=tuple(
            replace(
                entry,
                hits=entry.hits[order],
                cases=entry.cases[order],
                now_hits=entry.now_hits[order],
                now_cases=entry.now_cases[order],
                scores=entry.scores[order],
            )
            for entry in drill.entries
        ),
    )


def public_columns(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of streets with the columns that may be told."""
    return table[[head for head in table.columns if head in TOLD]]


def impersonal(said: str, names: Callable[[str], bool]) -> str:
    """Return a finding up to where each of its parts begins to speak of a unit.

    `names` tells whether a clause names one. What follows it within its part is about it, too.
    """
    kept: list[str] = []
    for part in said.rstrip("。").split("；"):
        clauses = part.split("，")
        at = next((k for k, clause in enumerate(clauses) if names(clause)), len(clauses))
        if at:
            kept.append("，".join(clauses[:at]))
    return "；".join(kept)


def among(names: Sequence[str]) -> Callable[[str], bool]:
    """Return whether a clause holds any of some names."""
    return lambda clause: any(name in clause for name in names)
