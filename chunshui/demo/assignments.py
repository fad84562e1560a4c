"""What the monthly meetings handed out to units, and what became of it."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.days import LAST
from chunshui.demo.opinions import MATTERS, OFFICES, OTHER_OFFICE
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream
from chunshui.month import Month

FIRST_MEETING = "2025-01"
OF_STREET = (
    0.6  # share of matters that a street's committee has to see to, not an office of the district
)


def build(streets: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """The frame assignment: three to five matters from a meeting on the second Wednesday of each month."""
    draw = Stream("assignments")
    names = streets.set_index("street_code")["street_name"]
    late = dict(
        zip(*(TRUTHS["assignments_overdue"][one] for one in ("items", "due_on")), strict=True)
    )
    rows = []
    for month in Month.parse(FIRST_MEETING).until(Month.of(LAST)):
        first = month.first
        held = np.datetime64(first + dt.timedelta((2 - first.weekday()) % 7 + 7))
        for n in range(1, 4 + int(3 * draw.one())):
            item = f"JD-{first:%y%m}-{n}"
            title, category = draw.pick(MATTERS)
            place = communities.iloc[int(len(communities) * draw.one())]
            of_street, whole = draw.one() < OF_STREET, draw.one() < 0.1
            unit = OFFICES.get(category, OTHER_OFFICE)
            if of_street and not whole:
                unit = f"{names[place['street_code']]}大工委（示意）"
            due = np.datetime64(late.get(item, held + 20 + int(30 * draw.one())))
            slip = int(25 * draw.one()) if draw.one() < 0.2 else -int(18 * draw.one())
            done = due + slip
            if due <= np.datetime64(LAST):  # but those planted none is overdue on the last day
                done = min(done, np.datetime64(LAST))
            is_done = item not in late and done <= np.datetime64(LAST)
            rows.append(
                (
                    item, title, None if whole else place["street_code"],
                    None if whole else place["community_code"], unit, held, due, is_done,
                    done if is_done else np.datetime64("NaT"), "已办结" if is_done else None,
                )
            )  # fmt: skip
    columns = "assignment_id title street_code community_code unit issued_on due_on is_done done_on result"
    # No snapshot of this software stands behind them, and no number that one had frozen.
    return pd.DataFrame(rows, columns=columns.split()).assign(basis=None, snapshot_id=None)
